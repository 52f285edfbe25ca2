"""Any text is a query; none is an error, in the parser or in FTS5."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from storage.fulltext import match_string
from storage.query import MAX_TERMS, Query, parse
from tests.storage import strategies

TEXTS = (
    "The 48-hour notice to Albuquerque's mayor",
    "Stockton answers the letter; no jail access",
    "Se\u0301bastien of Espa\u00f1ola disputes a NEAR miss",
)
#: What breaks an FTS5 query, or another reader of one.
LINES = (
    "48-hour",
    "Albuquerque's",
    '"',
    '""',
    '"unclosed phrase',
    "NEAR(",
    "NEAR(a b, 5)",
    "*",
    "a*",
    "^a",
    "title:jail",
    "{title text}: jail",
    "- title : jail",
    "AND",
    "a AND",
    "NOT",
    "a NOT b",
    "OR",
    "OR OR OR",
    "a OR",
    "-",
    "--",
    "-a",
    "-a -b",
    "a -",
    "(",
    ")",
    "a + b",
    "'; DROP TABLE snapshots; --",
    "' OR '1'='1",
    '" OR 1=1 --',
    "1; ATTACH DATABASE 'x' AS y",
    "\0",
    "a\0b",
    "\ud800",
    "\u202ejail\u202c",
    "\U0001f4b5",
    "\u0301",
    "\ufffd",
    "%s%n",
    "x'00'",
    "a" * 1_000_000,
    "a " * 500_000,
    '"' * 1_000_000,
    "-" * 1_000_000,
    "a OR " * 200_000,
)


@pytest.fixture(scope="module")
def index() -> Iterator[sqlite3.Connection]:
    """Open an index of a few texts, as the archive makes it."""
    with closing(sqlite3.connect(":memory:", check_same_thread=False)) as connection:
        connection.execute("CREATE VIRTUAL TABLE f USING fts5(title, text, tokenize='unicode61 remove_diacritics 2')")
        connection.executemany("INSERT INTO f VALUES ('', ?)", [(text,) for text in TEXTS])
        yield connection


def found(index: sqlite3.Connection, words: str) -> list[int] | None:
    """Return the numbers of the texts that match, None when there is nothing to look for."""
    query = parse(words)
    if query is None:
        return None
    rows = index.execute("SELECT rowid FROM f WHERE f MATCH ? ORDER BY rowid", (match_string(query),))
    return [row[0] for row in rows]


@settings(max_examples=300)
@given(words=strategies.hostile | st.text('ab "-\u201cOR*()\0', max_size=40))
@example(words='a OR "')
def test_no_text_is_an_error(index: sqlite3.Connection, words: str) -> None:
    """Whatever a person types, FTS5 takes what becomes of it."""
    numbers = found(index, words)

    assert numbers is None or set(numbers) <= {1, 2, 3}


@pytest.mark.parametrize("words", LINES, ids=lambda words: ascii(words[:20]))
def test_no_known_trick_is_an_error(index: sqlite3.Connection, words: str) -> None:
    """Operators, quotes and SQL are words or nothing."""
    numbers = found(index, words)

    assert numbers is None or set(numbers) <= {1, 2, 3}


def corpus() -> list[str]:
    """Return the lines of the shared corpora, if they lie here."""
    folder = Path(os.environ.get("PURSESTRINGS_CORPORA") or Path(__file__).parents[3] / "shared" / "corpora")
    lines: list[str] = []
    strings = folder / "naughty-strings.json"
    if strings.exists():
        lines += json.loads(strings.read_text())
    for name in ("crlf-lines.txt", "traversal-lines.txt", "xss-lines.txt"):
        if (folder / name).exists():
            lines += (folder / name).read_text(errors="surrogateescape").splitlines()
    return lines


def test_no_naughty_string_is_an_error(index: sqlite3.Connection) -> None:
    """Lines that nobody here wrote are all queries."""
    lines = corpus()
    if not lines:
        pytest.skip("0 lines tried: the shared corpora are not here (PURSESTRINGS_CORPORA)")

    results = [found(index, line) for line in lines]

    assert all(numbers is None or set(numbers) <= {1, 2, 3} for numbers in results)
    assert len(results) > 500


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("48-hour", [1]),
        ("hour 48", [1]),
        ('"hour 48"', []),
        ("Albuquerque's", [1]),
        ("albuquerque", [1]),
        ("the", [1, 2]),
        ("the -jail", [1]),
        ('the -"jail access"', [1]),
        ("mayor OR jail", [1, 2]),
        ("the mayor OR jail", [1, 2]),
        ("mayor OR jail letter", [2]),
        ("mayor OR -jail", [1]),
        ("OR mayor", [1]),
        ("mayor OR", [1]),
        ("mayor or jail", []),
        ("-jail", None),
        ("near", [3]),
        ("NEAR(disputes)", []),
        ("espanola", [3]),
        ("ESPAÑOLA", [3]),
        ("Sébastien", [3]),
        ("\u201cjail access\u201d", [2]),
        ('letter"jail access"', [2]),
        ("jail*", [2]),
        ("text:jail", []),
        ("... ---", None),
        ("", None),
    ],
)
def test_what_is_found(index: sqlite3.Connection, words: str, expected: list[int] | None) -> None:
    """Words are joined by "and", OR binds its neighbours, a minus rules out, accents and case do not count."""
    assert expected == found(index, words)


def test_a_query_as_a_value() -> None:
    """The parts of a query stand apart from any database's language."""
    query = parse('jail OR prison "48 hours" -"no access" -fee')

    assert query == Query(wanted=(("jail", "prison"), ("48 hours",)), unwanted=("no access", "fee"))


def test_a_long_query_is_cut() -> None:
    """Past a number of terms nothing is read, so that FTS5's own limits are never met."""
    query = parse(" ".join(f"w{number}" for number in range(500)))

    assert query is not None
    assert len(query.wanted) == MAX_TERMS
