"""What of a robots.txt concerns us: the same as Protego finds in the whole, at a bounded price."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from protego import Protego

from spiders import robots_rules
from spiders.robots_rules import MOST_BYTES, MOST_CHARACTERS, MOST_RULES, MOST_SPECIAL, PRODUCT, read_rules, rules_of

SITE = "https://city.example"
AGENTS = st.sampled_from(["*", PRODUCT, PRODUCT.upper(), "Otherbot", "Googlebot"])
PATHS = st.sampled_from(["/", "/a", "/a/b", "/*/b", "/a$", "/*.pdf$", "/%7Ea", "/a?x=*", ""])
SPELLINGS = st.sampled_from(["Disallow", "disallow", "Dissallow", "Allow", "ALLOW"])
LINES = st.one_of(
    st.builds("User-agent: {}".format, AGENTS),
    st.builds("{}: {}".format, SPELLINGS, PATHS),
    st.builds("{} {}  # a comment".format, SPELLINGS, PATHS),
    st.builds("Crawl-delay: {}".format, st.sampled_from(["5", "0.5", "soon"])),
    st.sampled_from(["", "# a comment", "Sitemap: https://city.example/news.xml", "  "]),
)
ADDRESSES = [f"{SITE}{path}" for path in ("/", "/a", "/a/b", "/x/b", "/x.pdf", "/~a", "/a?x=1", "/c")]


@settings(max_examples=300)
@given(st.lists(LINES, max_size=20), st.sampled_from(["\n", "\r\n", "\r"]))
def test_it_says_what_the_whole_file_says(lines: list[str], end: str) -> None:
    """Of every address, of the delay and of the sitemaps."""
    text = end.join(lines)
    whole, ours = Protego.parse(text), rules_of(text)

    assert [whole.can_fetch(url, PRODUCT) for url in ADDRESSES] == [ours.can_fetch(url, PRODUCT) for url in ADDRESSES]
    assert whole.crawl_delay(PRODUCT) == ours.crawl_delay(PRODUCT)
    assert list(whole.sitemaps) == list(ours.sitemaps)


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("User-agent: Pursestrings/2.0\nDisallow: /", False),
        ("User-agent: pursestrings*\nDisallow: /", False),
        ("User-agent: purse\nDisallow: /", True),
        ("User-agent: a\nUser-agent: *\nDisallow: /\nUser-agent: Pursestrings\nDisallow: /b", True),
        ("User-agent: *\nNoindex: /x\nUser-agent: b\nDisallow: /", False),
        ("Disallow: /", True),
        ("User-agent: *\nDisallow: /b\x0bDisallow: /", True),
        ("useragent *\nDisallow /", False),
    ],
)
def test_names_are_those_of_the_standard(text: str, allowed: bool) -> None:  # noqa: FBT001 (a parameter of the table)
    """A version is no part of a name, the beginning of ours is another's, and no line is two."""
    assert rules_of(text).can_fetch(f"{SITE}/a", PRODUCT) == allowed


def filled(line: Callable[[int], str], head: str = "User-agent: *\n") -> bytes:
    """Return a file as long as one may be, of such lines."""
    lines, length, number = [head], len(head), 0
    while length < MOST_BYTES:
        lines.append(line(number))
        length += len(lines[-1])
        number += 1
    return "".join(lines).encode()


HOSTILE: dict[str, bytes] = {
    "14,000 robots in a group of 14,000 rules": b"".join(b"user-agent:%05d\n" % n for n in range(14_000))
    + b"user-agent: *\n"
    + b"".join(b"disallow:/%05d\n" % n for n in range(14_000)),
    "rules without end": filled("disallow:/{}\n".format),
    "rules of many wildcards": filled(lambda n: "disallow:/" + "*a" * 20 + f"*{n}$\n"),
    "one rule of wildcards": b"User-agent: *\nDisallow: /" + b"*a" * (MOST_BYTES // 2) + b"$",
    "anchors": filled(lambda n: f"disallow:/{n}" + "$" * 500 + "\n"),
    "one line": b"a" * MOST_BYTES,
    "groups without end": filled("user-agent:{}\nallow:\n".format),
    "blank lines": b"\n" * MOST_BYTES,
    "junk": b"a\n" * (MOST_BYTES // 2),
    "sitemaps without end": filled("sitemap:https://x.example/{}\n".format),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_taken_up_is_bounded(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Protego is given few rules, of one robot, with few wildcards; whatever a host serves."""
    taken: list[str] = []

    def parse(content: str) -> Protego:
        taken.append(content)
        return Protego.parse(content)

    monkeypatch.setattr(robots_rules, "Protego", SimpleNamespace(parse=parse))
    read_rules(HOSTILE[name]).can_fetch(f"{SITE}/{'a' * 3000}", PRODUCT)
    (text,) = taken
    lines = text.splitlines()

    assert sum(line.startswith("User-agent") for line in lines) == 1
    assert len(lines) <= 1 + MOST_RULES + 100
    assert sum(len(line) for line in lines if not line.startswith("Sitemap")) <= MOST_CHARACTERS + 20
    assert text.count("*") + text.count("$") <= MOST_SPECIAL + 1


def test_the_rules_before_the_bound_hold() -> None:
    """What is beyond is as if the file had ended there."""
    rules = read_rules(b"User-agent: *\n" + b"".join(b"Disallow: /%d/\n" % n for n in range(3000)))

    assert not rules.can_fetch(f"{SITE}/{MOST_RULES - 1}/", PRODUCT)
    assert rules.can_fetch(f"{SITE}/{MOST_RULES}/", PRODUCT)
