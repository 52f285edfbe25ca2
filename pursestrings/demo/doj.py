"""The invented Department of Justice site: JSON API, RSS and a bot wall, with the traps of the real ones.

The traps: `sort` is ignored and the oldest row comes first; `pagesize` is cut to 50 without a word; numbers come as
strings; `created` has two forms; `date` is a day at noon UTC; titles are escaped; the feed holds 25 items, one dated
in the future and some without a description; release pages answer a bot wall with status 200.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from email.utils import format_datetime
from typing import Final
from urllib.parse import parse_qs
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from pursestrings.demo import markup
from pursestrings.demo.publication import Kind, Page, Publication
from pursestrings.demo.shells import fill

_WASHINGTON: Final = ZoneInfo("America/New_York")
_DEFAULT_ROWS: Final = 20
_MOST_ROWS: Final = 50
_FEED_ITEMS: Final = 25
#: Rows entered before this year keep the plain form of `created`.
_NEW_FORM_SINCE: Final = 2015


def press_releases(seen: Sequence[Publication], query: str, base: str) -> Page:
    """Answer `/api/v1/press_releases.json`: oldest first, whatever was asked."""
    rows = [each for each in seen if each.kind is Kind.RELEASE]
    options = parse_qs(query)
    size = min(max(_number(options, "pagesize", _DEFAULT_ROWS), 1), _MOST_ROWS)
    page = max(_number(options, "page", 0), 0)
    envelope = {
        "metadata": {
            "responseInfo": {"status": 200, "developerMessage": "OK"},
            "resultset": {"count": str(len(rows)), "pagesize": str(size), "page": str(page)},
            "executionTime": 0.04,
        },
        "results": [_row(each, base) for each in rows[page * size : (page + 1) * size]],
    }
    return Page(
        status=200,
        media_type="application/json",
        body=json.dumps(envelope, ensure_ascii=False).encode(),
        modified=rows[-1].at if rows else None,
    )


def _number(options: Mapping[str, list[str]], name: str, otherwise: int) -> int:
    value = options.get(name, [""])[0]
    return int(value) if value.isascii() and value.isdigit() else otherwise


def _row(release: Publication, base: str) -> dict[str, object]:
    # The editor of the real site puts unbreakable blanks around a dateline and between paragraphs.
    paragraphs = (
        markup.to_html(each, base).replace(" \N{EN DASH} ", "&nbsp;\N{EN DASH} ") for each in release.paragraphs
    )
    body = "\r\n\r\n<p>&nbsp;</p>\r\n\r\n".join(f"<p>{each}</p>" for each in paragraphs)
    return {
        "uuid": str(release.uuid),
        "vuuid": str(uuid5(NAMESPACE_URL, release.path + body)),
        "title": _escaped(release.title),
        "body": f"{body}\r\n",
        "teaser": f"<p>{_escaped(release.summary)}</p>\r\n" if release.summary else "",
        "date": str(_noon(release.at)),
        "created": _moment(release.at),
        "changed": _moment(release.at),
        "number": release.number,
        "component": [{"uuid": str(uuid5(NAMESPACE_URL, name)), "name": name} for name in release.components],
        "topic": [],
        "attachment": [_attachment(path, base) for path in release.attachments],
        "image": [],
        "location": [],
        "url": base + release.path,
    }


def _attachment(path: str, base: str) -> dict[str, str]:
    return {"uuid": str(uuid5(NAMESPACE_URL, path)), "name": "Letter (PDF)", "url": f"{base}{path}?inline"}


def _noon(moment: datetime) -> int:
    day = moment.astimezone(_WASHINGTON).date()
    return int(datetime.combine(day, time(12), UTC).timestamp())


def _moment(moment: datetime) -> str:
    epoch = int(moment.timestamp())
    if moment.year < _NEW_FORM_SINCE:
        return str(epoch)
    return f'<time datetime="{moment.astimezone(_WASHINGTON).isoformat(timespec="seconds")}">{epoch}</time>\n'


def _escaped(text: str) -> str:
    # Drupal's spelling of the apostrophe, where Python's would be &#x27;
    return html.escape(text).replace("&#x27;", "&#039;")


def news_feed(seen: Sequence[Publication], _query: str, base: str) -> Page:
    """Answer `/news/rss`: the 25 items whose printed date is newest, of every content type."""
    newest = sorted(seen, key=lambda each: (each.shown_at, each.key), reverse=True)
    items = [each for each in newest if each.kind in {Kind.RELEASE, Kind.EVENT}][:_FEED_ITEMS]
    body = fill("doj-news.xml", base=base, items="".join(_item(each, base) for each in items))
    return Page(
        status=200,
        media_type="application/rss+xml; charset=utf-8",
        body=body.encode(),
        modified=max((each.at for each in items), default=None),
    )


def _item(each: Publication, base: str) -> str:
    link = base + each.path
    return (
        f"<item><title>{html.escape(each.title)}</title><link>{link}</link>"
        f"<pubDate>{format_datetime(each.shown_at.astimezone(_WASHINGTON))}</pubDate>"
        f"<description><![CDATA[{each.summary}]]></description>"
        f'<guid isPermaLink="true">{link}</guid></item>\n'
    )


def bot_wall(path: str, base: str) -> Page:
    """Answer a release page: status 200 and a challenge in the place of the text."""
    body = fill("doj-wall.html", base=base, path=path)
    return Page(status=200, media_type="text/html; charset=utf-8", body=body.encode())
