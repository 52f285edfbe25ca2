"""Where each key of a TOML text stands."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pursestrings.toml_lines import DEEPEST, KeyPath, Repeat, scan

TEXT = """\
# [not.a.table] in a comment
name = "a # no comment"   # one
a.b."c.d" = 1
'quoted "key"' = '''
x = 1 is inside a string
'''
[servers]
list = [ "one",   # two
  "three, four",
  { x = 1, 'y' = [5,
    6] },
]
date = 1979-05-27 07:32:00
float = 1.5e3

[servers."alpha.beta"]
long = \"\"\"
[not] = "a table"
\\\"\"\" still inside \"\"\"\"
after = true

[[fruit]]
name = "apple"
[fruit.physical]
color = "red"
[[fruit.variety]]
name = "plum"
[[fruit.variety]]
[[fruit]]
name = "banana"
"""


def test_every_way_of_writing_a_key_has_its_line() -> None:
    """Comments, strings over lines, dotted and quoted keys, inline tables, arrays, arrays of tables."""
    tomllib.loads(TEXT)

    assert dict(scan(TEXT).by_path) == {
        ("name",): 2,
        ("a",): 3,
        ("a", "b"): 3,
        ("a", "b", "c.d"): 3,
        ('quoted "key"',): 4,
        ("servers",): 7,
        ("servers", "list"): 8,
        ("servers", "list", 0): 8,
        ("servers", "list", 1): 9,
        ("servers", "list", 2): 10,
        ("servers", "list", 2, "x"): 10,
        ("servers", "list", 2, "y"): 10,
        ("servers", "list", 2, "y", 0): 10,
        ("servers", "list", 2, "y", 1): 11,
        ("servers", "date"): 13,
        ("servers", "float"): 14,
        ("servers", "alpha.beta"): 16,
        ("servers", "alpha.beta", "long"): 17,
        ("servers", "alpha.beta", "after"): 20,
        ("fruit",): 22,
        ("fruit", 0): 22,
        ("fruit", 0, "name"): 23,
        ("fruit", 0, "physical"): 24,
        ("fruit", 0, "physical", "color"): 25,
        ("fruit", 0, "variety"): 26,
        ("fruit", 0, "variety", 0): 26,
        ("fruit", 0, "variety", 0, "name"): 27,
        ("fruit", 0, "variety", 1): 28,
        ("fruit", 1): 29,
        ("fruit", 1, "name"): 30,
    }
    assert scan(TEXT).repeats == ()


def test_a_key_that_is_not_written_has_the_line_of_the_table_around_it() -> None:
    """A missing key is shown where it belongs."""
    lines = scan("\n[bot]\nname = 1\n")

    assert (lines.of(("bot", "name")), lines.of(("bot", "contact")), lines.of(("web", "bind"))) == (3, 2, 1)


@pytest.mark.parametrize(
    ("text", "path", "first", "again"),
    [
        ("[a]\n[b]\n[a]\n", ("a",), 1, 3),
        ("[a]\nx = 1\nx = 2\n", ("a", "x"), 2, 3),
        ("[a]\nb = 1\n[a.b]\n", ("a", "b"), 2, 3),
        ('a = 1\n"a" = 2\n', ("a",), 1, 2),
        ("a = { x = 1, x = 2 }\n", ("a", "x"), 1, 1),
    ],
)
def test_repeats_are_found(text: str, path: KeyPath, first: int, again: int) -> None:
    """What tomllib refuses as written twice is found with both lines."""
    with pytest.raises(tomllib.TOMLDecodeError):
        tomllib.loads(text)

    assert (Repeat(path=path, first=first, again=again),) == scan(text).repeats


def test_nesting_is_followed_to_a_depth() -> None:
    """A text of brackets does not exhaust the stack."""
    assert max(map(len, scan("a = " + "[" * 50_000).by_path)) == DEEPEST + 1


@dataclass
class Written:
    """A TOML text as it grows, with the line that each key was written on."""

    text: str = ""
    lines: dict[KeyPath, int] = field(default_factory=dict)

    def put(self, text: str, path: KeyPath | None = None) -> None:
        """Write, and note the path as standing on the present line."""
        if path is not None:
            self.lines.setdefault(path, self.text.count("\n") + 1)
        self.text += text


WORDS = st.text(st.sampled_from("ab-_1 .#'\"\\[]{}=,\té☃"), max_size=5)
SCALARS = st.one_of(
    st.booleans(),
    st.integers(-99, 99),
    st.floats(allow_nan=False, allow_infinity=False).filter(lambda number: "e" not in repr(number)),
    WORDS,
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=3)),
    max_leaves=8,
)
TABLES = st.dictionaries(WORDS, st.dictionaries(WORDS, VALUES, max_size=4), max_size=4)


def write_key(key: str, draw: st.DrawFn) -> str:
    """Return a key in one of its written forms."""
    forms = [json.dumps(key, ensure_ascii=False)]
    if key and set(key) <= set("ab-_1"):
        forms.append(key)
    if "'" not in key:
        forms.append(f"'{key}'")
    return draw(st.sampled_from(forms))


def write_text(value: str, draw: st.DrawFn) -> str:
    """Return a text in one of its written forms."""
    forms = [json.dumps(value, ensure_ascii=False), '"""\n' + json.dumps(value, ensure_ascii=False)[1:-1] + '"""']
    if "'" not in value:
        forms += [f"'{value}'", f"'''\n{value}'''"]
    return draw(st.sampled_from(forms))


def write_value(out: Written, path: KeyPath, value: object, draw: st.DrawFn) -> None:
    """Write a value; arrays may go over lines and hold comments."""
    if isinstance(value, dict):
        out.put("{")
        for number, (key, inner) in enumerate(value.items()):
            out.put(", " if number else " ")
            write_pair(out, path, key, inner, draw)
        out.put(" }")
    elif isinstance(value, list):
        out.put("[")
        for number, inner in enumerate(value):
            out.put(draw(st.sampled_from(["", "\n", " # ] note\n  "])))
            out.put("", (*path, number))
            write_value(out, (*path, number), inner, draw)
            out.put(draw(st.sampled_from([",", " ,", "\n,"])))
        out.put("]")
    else:
        out.put(write_text(value, draw) if isinstance(value, str) else json.dumps(value))


def write_pair(out: Written, path: KeyPath, key: str, value: object, draw: st.DrawFn) -> None:
    """Write `key = value`."""
    out.put(write_key(key, draw), (*path, key))
    out.put(draw(st.sampled_from(["=", " = "])))
    write_value(out, (*path, key), value, draw)


@st.composite
def documents(draw: st.DrawFn) -> Written:
    """Return a TOML text and where its keys stand."""
    out = Written()
    for name, table in draw(TABLES).items():
        out.put(draw(st.sampled_from(["", "\n", "# [note]\n"])))
        out.put(f"[{write_key(name, draw)}]\n", (name,))
        for key, value in table.items():
            write_pair(out, (name,), key, value, draw)
            out.put(draw(st.sampled_from(["\n", "  # note = 1\n\n"])))
    return out


def paths(value: object, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Return every path in a parsed text."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from paths(inner, (*path, key))


@settings(max_examples=100)
@given(documents())
def test_the_scanner_sees_what_tomllib_sees(document: Written) -> None:
    """The same paths as in the parsed text, each on the line it was written on."""
    parsed = tomllib.loads(document.text)
    found = scan(document.text)

    assert set(paths(parsed)) == set(found.by_path)
    assert document.lines == dict(found.by_path)
    assert found.repeats == ()


@example("a = [}\nb = 1")
@example('"\\q" = 1')
@given(st.text(st.sampled_from("ab1 .#'\"\\[]{}=,\n"), max_size=60))
def test_the_scanner_ends_on_any_text(text: str) -> None:
    """A text that is no TOML gives lines within it, and no error."""
    last = text.count("\n") + 1

    assert all(1 <= line <= last for line in scan(text).by_path.values())
