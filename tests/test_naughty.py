"""S12: strings and encodings that break programs, from a feed through archive and judge to what an alert shows."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import AsyncIterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import quote

import pytest

from alerts.blocks import alert_post
from alerts.layout import text_lines
from alerts.message import Message
from alerts.wording import compose
from facts.document import Snapshot
from facts.event import Quote
from storage.protocols import Search
from tests.alerts.material import PUBLIC_URL, alert, letter
from tests.rig.corpora import CORPORA
from tests.rig.newsroom import LETTER_TEXT, Newsroom, Sites, as_feed, open_sites, rss
from tests.rig.site import Reply
from tests.rig.slack import problems, texts

ENTRIES = 60
#: What XML 1.0 does not know as a character: it has to be alone in its feed, since a parser may end there.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SHOWN_AS_LINES = "\n"
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_HEAD = '<?xml version="1.0"?><rss version="2.0"><channel><title>A paper</title>{}</channel></rss>'


def strings() -> list[str]:
    """Return the list of naughty strings."""
    path = CORPORA / "naughty-strings.json"
    if not path.exists():
        pytest.skip("515 naughty strings: naughty-strings.json is not there (PURSESTRINGS_CORPORA)")
    found: list[str] = json.loads(path.read_text(encoding="utf-8"))
    assert len(found) == 515
    return found


def entry(text: str, number: int, base: str) -> bytes:
    """Return an entry that has the string in its title, its text, its address and its guid."""
    link = f"{base}/{number}/{quote(text, safe='', errors='replace')[:300]}?q={text[:300]}"
    words = f"{text}\n\n{LETTER_TEXT}\n\nNumber {number}. {text}"
    parts = (
        f"<title>{escape(text)} Letter {number} to Stockton</title><link>{escape(link)}</link>"
        f'<guid isPermaLink="false">{number} {escape(text)}</guid><description>{escape(words)}</description>'
    )
    return f"<item>{parts}</item>".encode("utf-8", "surrogatepass")


def feeds(base: str) -> list[bytes]:
    """Return feeds of all the strings; one that XML does not take has a feed of its own."""
    made = [(text, entry(text, number, base)) for number, text in enumerate(strings())]
    plain = [body for text, body in made if not _NO_XML.search(text)]
    alone = [body for text, body in made if _NO_XML.search(text)]
    lots = [plain[start : start + ENTRIES] for start in range(0, len(plain), ENTRIES)]
    return [rss(*lot) for lot in lots] + [rss(body) for body in alone]


def odd(title: str, number: int) -> str:
    """Return a feed of one entry, as text."""
    link = f"http://127.0.0.1/odd/{number}"
    parts = (
        f"<title>{title} Letter to Stockton</title><link>{link}</link><description>{title} {LETTER_TEXT}</description>"
    )
    return _HEAD.format(f"<item>{parts}</item>")


@dataclass(frozen=True)
class Oddity:
    """A feed in an odd encoding: its bytes, and what its server says of it."""

    body: bytes
    media_type: str = "application/rss+xml"


def oddities() -> dict[str, Oddity]:
    """Return feeds in encodings that lie, break, or hide."""
    accent = odd("Caf\u00e9 \u201cno\u201d", 1)
    raw = odd("MARK", 2).encode()
    named = odd("\u5e02\u9577", 3).replace('"1.0"', '"1.0" encoding="{}"')
    return {
        "utf-16-le": Oddity(accent.encode("utf-16-le")),
        "utf-16-be": Oddity(accent.encode("utf-16-be")),
        "utf-16-bom": Oddity(accent.encode("utf-16")),
        "utf-16-said": Oddity(accent.encode(), "application/rss+xml; charset=utf-16"),
        "utf-32": Oddity(accent.encode("utf-32")),
        "utf-7": Oddity(accent.encode("utf-7"), "application/rss+xml; charset=utf-7"),
        "latin-1-as-utf-8": Oddity(odd("Caf\u00e9", 4).encode("latin-1"), "application/rss+xml; charset=utf-8"),
        "utf-8-as-latin-1": Oddity(accent.encode(), "application/rss+xml; charset=iso-8859-1"),
        "windows-1252": Oddity(accent.encode("windows-1252"), "application/rss+xml; charset=windows-1252"),
        "shift-jis": Oddity(named.format("shift_jis").encode("shift_jis")),
        "gb18030": Oddity(named.format("gb18030").encode("gb18030")),
        "iso-2022-jp": Oddity(named.format("iso-2022-jp").encode("iso-2022-jp")),
        "ebcdic": Oddity(odd("Hello", 5).encode("cp037")),
        "no-such-charset": Oddity(named.format("x-none").encode(), "application/rss+xml; charset=x-none"),
        "overlong": Oddity(raw.replace(b"MARK", b"a\xc0\xafb\xe0\x80\xafc\xf0\x80\x80\xafd")),
        "nul": Oddity(raw.replace(b"MARK", b"a\x00b\x00\x00c")),
        "nul-reference": Oddity(raw.replace(b"MARK", b"a&#0;b&#x0;c")),
        "lone-surrogates": Oddity(raw.replace(b"MARK", b"a\xed\xa0\x80b\xed\xbf\xbfc")),
        "surrogate-references": Oddity(raw.replace(b"MARK", b"a&#xD800;b&#57343;c")),
        "no-characters": Oddity(raw.replace(b"MARK", "a\ufffeb\uffffc\ufdd0d\U0010ffff".encode())),
        "every-control": Oddity(raw.replace(b"MARK", bytes(range(32)) + b"\x7f")),
        "c1-controls": Oddity(raw.replace(b"MARK", "".join(map(chr, range(0x80, 0xA0))).encode())),
        "terminal": Oddity(raw.replace(b"MARK", b"\x1b[2J\x1b]0;owned\x07\x9b31m")),
        "bidi": Oddity(raw.replace(b"MARK", "a\u202egnp.exe\u202c\u2066x\u2069\u200e\u200f\u061c".encode())),
        "bidi-references": Oddity(raw.replace(b"MARK", b"a&#x202E;gnp.exe&#8238;&#x2067;")),
        "zero-width": Oddity(raw.replace(b"MARK", "S\u200bt\u200co\u200dc\ufeffk\u2060\u00ad\U000e0041".encode())),
        "homoglyphs": Oddity(raw.replace(b"MARK", "St\u043eckt\u03bfn, \u0421\u0410".encode())),
        "marks": Oddity(raw.replace(b"MARK", b"Z" + "\u0300\u0489\u20e3".encode() * 5_000)),
        "one-line-title": Oddity(raw.replace(b"MARK", b"a" * 1_000_000, 1)),
        "one-line-text": Oddity(odd("Long", 6).replace("WASHINGTON", "b" * 1_000_000).encode()),
        "line-ends": Oddity(raw.replace(b"MARK", "a\u2028b\u2029c\x85d\x0be".encode())),
    }


@pytest.fixture
async def sites(tmp_path: Path) -> AsyncIterator[Sites]:
    async with open_sites(tmp_path) as opened:
        yield opened


async def archived(room: Newsroom, served: dict[str, Reply]) -> list[Snapshot]:
    """Look at all of them once while they are empty, and once with what they bring; return what was kept."""
    for name in served:
        room.bad.serve(f"/{name}", as_feed(rss()))
    await room.look()
    for name, reply in served.items():
        room.bad.serve(f"/{name}", reply)
    room.lines.clear()
    await room.look()
    hits, _ = room.stores.catalogue.search(Search(limit=2000))
    return [hit.snapshot for hit in hits if hit.snapshot.source != "good"]


def stanzas(base: str, names: list[str]) -> str:
    return "".join(f'[sources.{name}]\nspider = "feed"\nurl = "{base}/{name}"\nevery = "30m"\n' for name in names)


def messages(room: Newsroom, snapshots: list[Snapshot]) -> list[Message]:
    """Return an alert of each of them in words: that of its own event, or of a made-up one that quotes its text."""
    told = []
    # The judge has read them all in the pipeline; of every fifth its own event is looked at too.
    for number, one in enumerate(snapshots):
        quoted = Quote(text=one.text[:1000], start=0, end=len(one.text[:1000]))
        made = letter(title=one.title, url=one.url, source=one.source, evidence=(quoted,))
        events = room.pipeline.judge(one, room.clock.now).events if number % 5 == 0 else ()
        told += [compose(alert(event), event, public_url=PUBLIC_URL) for event in (*events, made)]
    return told


def unsafe(text: str) -> set[str]:
    """Return what may not be shown: controls, surrogates, and what turns the direction of writing."""
    bad = {each for each in text if unicodedata.category(each) in {"Cc", "Cs"} or each in _BIDI}
    return bad - {_SHOWN_AS_LINES}


def shown(message: Message) -> list[str]:
    """Return every text of the alert, on a terminal and in Slack."""
    post = alert_post(message)
    body = {"text": post.text, "blocks": post.blocks}
    assert problems(body) == []
    return [*text_lines(message), *(text for _, text in texts(body))]


def check(room: Newsroom, served: dict[str, Reply], kept: list[Snapshot]) -> int:
    """Check what was kept, composed and really posted; return how many alerts were composed."""
    for one in kept:
        assert (one.source, room.stores.catalogue.capture(one).body) == (one.source, served[one.source].body)
    told = messages(room, kept)
    for text in (text for message in told for text in shown(message)):
        assert unsafe(text) == set(), ascii(text[:300])
    for post in room.slack.posted:
        assert problems(post) == []
        assert [unsafe(text) for _, text in texts(post) if unsafe(text)] == []
    assert [line for line in room.lines if not line.isprintable() or "internal error" in line] == []
    return len(told)


async def test_S12_naughty_strings_are_kept_as_they_are_and_shown_safely(sites: Sites) -> None:
    """515 strings in title, text, address and guid: 0 crashes, every byte kept, no control or override in an alert."""
    bodies = feeds(sites.bad.url(""))
    served = {f"feed-{number}": as_feed(body) for number, body in enumerate(bodies)}
    async with sites.newsroom(stanzas(sites.bad.url(""), list(served))) as room:
        kept = await archived(room, served)
        alerts = check(room, served, kept)

        assert (len(kept), alerts >= 515 + 100) == (515, True)
        assert {room.visit(name).outcome for name in served} == {"fresh"}


async def test_S12_odd_encodings_are_kept_as_they_are_and_shown_safely(sites: Sites) -> None:
    """31 feeds that lie about their encoding, break it, or hide in it: each is read and kept byte for byte."""
    found = oddities()
    served = {name: Reply(headers=(("Content-Type", one.media_type),), body=one.body) for name, one in found.items()}
    async with sites.newsroom(stanzas(sites.bad.url(""), list(served))) as room:
        kept = await archived(room, served)
        alerts = check(room, served, kept)

        assert (len(served), len(kept), alerts >= 31 + 5) == (31, 31, True)
