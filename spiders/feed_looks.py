"""What a feed looks like at first sight: its form, its entries, and what is odd in them. Pure.

It is feedparser's reading that is looked at, before any rule of `spiders/entries.py` mends or drops an entry.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import feedparser

from facts.document import Headers
from spiders.answers import media_type
from spiders.dates import parse_date, zone_of
from spiders.entries import NO_ENTRIES
from spiders.flaws import mend
from spiders.html import clean_line, text_of
from spiders.platforms import Platform, platform_of
from spiders.seen import Seen, Sort

#: A source that wrote nothing for so long is probably left alone, or was moved.
_STALE = timedelta(days=30)
#: Entries that share one old date carry the date of a template.
_TEMPLATE_ENTRIES = 3
#: Characters that most entries of a feed with whole texts have.
_WHOLE_TEXT = 1200
#: Characters shown of what could not be read.
_SHOWN = 60
_FEED_TYPES = ("xml", "rss", "atom", "rdf")


def feed_seen(body: bytes, headers: Headers, url: str, now: datetime) -> Seen:
    """Return what a feed is, how much is in it, and what is odd."""
    whole, flaws = mend(body, headers)
    kind = {"content-type": "application/xml"}
    try:
        feed = feedparser.parse(
            io.BytesIO(whole), response_headers=kind, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:  # noqa: BLE001 (whatever trips the library is the feed's trouble)
        trouble = f"feedparser falls over it: {type(error).__name__}"
        return Seen(sort=Sort.OTHER, platform=platform_of(url), notes=(trouble,))
    entries = [dict(entry.items()) for entry in feed.get("entries", ())]
    claims = [_claim(entry) for entry in entries]
    dates = [parse_date(claim, zone_of(url)) for claim in claims]
    notes = (
        *_about_type(headers),
        *flaws,
        *([] if entries else [NO_ENTRIES]),
        *_about_guids(entries),
        *about_dates(claims, dates, now),
    )
    return Seen(
        sort=Sort.ATOM if str(feed.get("version", "")).startswith("atom") else Sort.RSS,
        platform=_feed_platform(url, str(feed.get("feed", {}).get("generator") or "")),
        items=len(entries),
        newest=newest_of(dates, now),
        notes=tuple(notes),
        brief=sum(len(text_of(_text(entry))) >= _WHOLE_TEXT for entry in entries) * 2 < len(entries),
    )


def _feed_platform(url: str, generator: str) -> Platform:
    named = next((one for one in Platform if one is not Platform.OTHER and one.value in generator.lower()), None)
    return named or platform_of(url)


def _claim(entry: Mapping[str, Any]) -> str:
    return next((str(entry[key]) for key in ("published", "updated", "created") if entry.get(key)), "")


def _text(entry: Mapping[str, Any]) -> str:
    contents = [str(one.get("value") or "") for one in entry.get("content") or ()]
    return next((text for text in contents if text.strip()), str(entry.get("summary") or ""))


def _about_type(headers: Headers) -> Iterator[str]:
    kind = media_type(headers)
    if not any(word in kind for word in _FEED_TYPES):
        yield f"served as {kind}, which no feed is"


def _about_guids(entries: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    guids = [str(entry["id"]) for entry in entries if entry.get("id")]
    if len(guids) < len(entries):
        yield f"{len(entries) - len(guids)} of {len(entries)} entries have no guid: known by their link"
    shared = len(guids) - len(set(guids))
    if shared:
        yield f"{shared} of {len(entries)} entries share a guid with another"


def about_dates(claims: Sequence[str], dates: Sequence[datetime | None], now: datetime) -> Iterator[str]:
    """Return what is odd in the dates: `claims` as they are written, `dates` as they were read."""
    stated = [date for date in dates if date is not None]
    unread = next((claim for claim, date in zip(claims, dates, strict=True) if claim and date is None), None)
    if unread is not None:
        number = sum(bool(claim) and date is None for claim, date in zip(claims, dates, strict=True))
        yield f"{number} of {len(claims)} dates cannot be read, such as {shown(unread)!r}"
    if claims and not any(claims):
        yield "no entry has a date"
    ahead = [date for date in stated if date > now + timedelta(days=1)]
    if ahead:
        yield f"{len(ahead)} of {len(claims)} dates lie ahead, the furthest on {max(ahead):%Y-%m-%d}"
    if len(stated) >= _TEMPLATE_ENTRIES and len(set(stated)) == 1 and now - stated[0] > _STALE:
        yield f"all dates are {stated[0]:%Y-%m-%d}: that of a template, not of the entries"
        return
    newest = newest_of(dates, now)
    if newest is not None and now - newest > _STALE:
        yield f"the newest entry is {(now - newest).days} days old"


def newest_of(dates: Sequence[datetime | None], now: datetime) -> datetime | None:
    """Return the latest date that does not lie ahead."""
    return max((date for date in dates if date is not None and date <= now), default=None)


def shown(text: str) -> str:
    """Return the beginning of an outside text, on one line."""
    return clean_line(text)[:_SHOWN]
