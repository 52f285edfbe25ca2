"""What takes single strings of strangers apart, or puts them where they could do harm: in the program itself."""

from __future__ import annotations

import json
import sqlite3
import tomllib
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTP
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from alerts.blocks import alert_post, fit
from alerts.layout import text_lines
from alerts.mail import alert_draft, mail
from alerts.mail_address import is_address
from alerts.payload import payload
from alerts.plain import LONGEST, host_of, line, web_address
from archive.display import visible
from archive.highlight import merge, paragraphs
from archive.query import read_query
from classifier.copies import sketch_of
from facts.address import refusal_of_url
from facts.text import adds_little, alike, content_digest, normalise
from pursestrings.opml import NotOpml, read_opml, write_opml
from pursestrings.toml_lines import DEEPEST, scan
from pursestrings.toml_text import name_of, stanza
from spiders.dates import EASTERN, parse_date
from spiders.urls import canonical, host, is_letter, is_news, same_site
from storage.columns import storable
from storage.fulltext import match_string
from storage.query import parse
from storage.snippet import snippet
from tests.alerts.material import filled
from tests.classifier.rules import AUGUST, GAZETTEER, JUDGE
from tests.fuzz.material import ADDRESSES, chosen, one_of, parts
from tests.rig.slack import problems, texts

_ZONES = (UTC, EASTERN, ZoneInfo("Pacific/Kiritimati"))
_DATES = (AUGUST, None, datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC))
_PLACES = (None, "Stockton, CA", "Cook County, IL", "Oregon")
_OBEYED = frozenset("<>")
#: Controls, what turns the direction of writing, and halves of characters.
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})


def opml(data: bytes) -> None:
    """Read a list of feeds, and the list that is written of it."""
    try:
        found = read_opml(data)
    except NotOpml:
        return
    again = read_opml(write_opml("Feeds", found).encode())
    assert [one.url.split() for one in again] == [one.url.split() for one in found]


def date(data: bytes) -> None:
    """Read a date; what was read is read again as the same moment."""
    body, (choice,) = chosen(data, 1)
    (claim,) = parts(body, 1)
    zone = one_of(_ZONES, choice)
    moment = parse_date(claim, zone)
    if moment is not None:
        assert moment.tzinfo is UTC
        assert [zone for zone in _ZONES if moment.astimezone(zone) != moment] == []
        assert parse_date(moment.isoformat(), zone) == moment


def address(data: bytes) -> None:
    """Bring an address into its form, which is its own form."""
    body, (choice,) = chosen(data, 1)
    (claim,) = parts(body, 1)
    base = one_of(("", *ADDRESSES), choice)
    found = canonical(claim, base)
    refusal_of_url(claim)
    host(claim)
    is_letter(claim)
    same_site(claim, base)
    if found is not None:
        assert found.isascii()
        assert found.isprintable()
        assert canonical(found) == found
        assert isinstance(is_news(found), bool)
        assert refusal_of_url(found, range(65536)) is None


def shown_address(data: bytes) -> None:
    """Make an address fit to be a link."""
    (claim,) = parts(data, 1)
    found = web_address(claim)
    name = host_of(claim)
    assert name.isascii()
    if found is not None:
        assert found.isascii()
        assert not set(found) & set("<>\"|\\ '") - {"'"}
        assert web_address(found) == found
        assert host_of(found) == name


def words(data: bytes) -> None:
    """Make a text one line, cut it for Slack, and show it on a page."""
    (claim,) = parts(data, 1)
    shown = line(claim)
    assert len(shown) <= LONGEST
    assert _unseen(shown) == set()
    assert line(shown) == shown
    fitted = fit(claim, 150)
    assert len(fitted) <= 150
    assert not set(fitted) & _OBEYED
    visible(claim).encode()
    storable(claim).encode()
    is_address(claim)


def texts_compared(data: bytes) -> None:
    """Bring two texts into their normal form and compare them."""
    one, other = parts(data, 2)
    folded = normalise(one)
    assert normalise(folded) == folded
    assert content_digest(one, other) == content_digest(folded, normalise(other))
    assert alike(one, one)
    assert adds_little(one, one)
    alike(one, other)
    adds_little(one, other)
    sketch_of(one)


def alert(data: bytes) -> None:
    """Tell of a document whose every field is this text: to Slack, by mail, to a program, on a terminal."""
    (claim,) = parts(data, 1)
    message = filled(claim)
    post = alert_post(message)
    body = {"text": post.text, "blocks": post.blocks}
    assert problems(body) == []
    assert [each for _, each in texts(body) if _unseen(each) - {"\n"}] == []
    assert [each for each in text_lines(message) if _unseen(each)] == []
    json.dumps(payload(message)).encode()
    letter = mail(alert_draft(message), sender="desk@example.org", bot_name=claim, to=("a@example.org",), now=AUGUST)
    assert message_from_bytes(letter.as_bytes(policy=SMTP), policy=SMTP).keys() == letter.keys()


def search(data: bytes) -> None:
    """Read a query, run it, and show what it found."""
    typed, found, since = parts(data, 3)
    query = parse(typed)
    if query is not None:
        _index().execute("SELECT count(*) FROM t WHERE t MATCH ?", (match_string(query),)).fetchone()
    text = storable(found)
    shown = snippet(text, query)
    assert all(isinstance(piece, str) for piece, _ in shown)
    read = read_query({"words": typed, "place": found, "since": since, "page": since}, ("a",), GAZETTEER.find)
    assert read.form.address().isascii()


def marks(data: bytes) -> None:
    """Cut a text at its evidence."""
    body, (start, end) = chosen(data, 2)
    (text,) = parts(body, 1)
    pieces = paragraphs(text, merge([(start, end), (end, start), (0, 3)], len(text)))
    shown = "\n".join("".join(piece.text for piece in each) for each in pieces)
    assert shown.split() == text.split()


def toml(data: bytes) -> None:
    """Find the line of each key of a configuration that is one."""
    (text,) = parts(data, 1)
    lines = scan(text)
    last = text.count("\n") + 1
    assert all(1 <= number <= last for number in lines.by_path.values())
    try:
        tree = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return
    if max(map(len, lines.by_path), default=0) <= DEEPEST:
        assert [path for path in _paths(tree, ()) if path not in lines.by_path] == []


def toml_written(data: bytes) -> None:
    """Write a stanza of outside strings, and read it."""
    title, value, comment = parts(data, 3)
    name = name_of(title, {"source"})
    written = tomllib.loads(stanza(name, {"title": value, "all": [value, 1, True]}, comment=comment))
    assert list(written) == ["sources"]
    assert list(written["sources"]) == [name]
    assert list(written["sources"][name]) == ["title", "all"]


def judged(data: bytes) -> None:
    """Judge a document: its quotes stand where they say."""
    body, (first, second) = chosen(data, 2)
    title, text = parts(body, 2)
    published_at, place = one_of(_DATES, first), one_of(_PLACES, second)
    home = GAZETTEER.find(place) if place else None
    reading = JUDGE.read(title=title, text=text, published_at=published_at, places=(home,) if home else ())
    for result in reading.labels.values():
        assert 0 <= result.score <= 1
        assert [one for one in result.evidence if text[one.start : one.end] != one.text] == []


def _unseen(text: str) -> set[str]:
    return {each for each in text if unicodedata.category(each) in _UNSEEN}


@cache
def _index() -> sqlite3.Connection:
    memory = sqlite3.connect(":memory:")
    memory.execute("CREATE VIRTUAL TABLE t USING fts5(title, text)")
    memory.execute("INSERT INTO t VALUES ('Mayor answers', 'Stockton will not sign the terms of the award.')")
    return memory


def _paths(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    found = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in found:
        yield (*path, key)
        yield from _paths(inner, (*path, key))
