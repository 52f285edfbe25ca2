"""The two invented city halls: a page that is rewritten in place, and a listing of news with a page each."""

from __future__ import annotations

import html
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from pursestrings.demo import markup
from pursestrings.demo.publication import Kind, Page, Publication
from pursestrings.demo.shells import fill


def statements_page(seen: Sequence[Publication], _query: str, base: str) -> Page:
    """Answer Albuquerque's page of the mayor's statements, the newest on top."""
    newest = [each for each in seen if each.kind is Kind.STATEMENT][::-1]
    zone = ZoneInfo("America/Denver")
    blocks = "".join(
        f"<section><h2>{html.escape(each.title)}</h2>\n"
        f'<p class="dated"><time datetime="{_iso(each, zone)}">{_day(each, zone)}</time></p>\n'
        f"{markup.to_blocks(each.paragraphs, base)}</section>\n"
        for each in newest
    )
    return _html("albuquerque-city.html", newest, base=base, statements=blocks)


def news_listing(seen: Sequence[Publication], _query: str, base: str) -> Page:
    """Answer Baltimore's listing of news, the newest on top."""
    newest = [each for each in seen if each.kind is Kind.NEWS][::-1]
    zone = ZoneInfo("America/New_York")
    items = "".join(
        f'<li class="news-item"><time datetime="{_iso(each, zone)}">{_day(each, zone)}</time>\n'
        f'<h3><a href="{each.path}">{html.escape(each.title)}</a></h3>\n'
        f'<p class="summary">{html.escape(each.summary)}</p></li>\n'
        for each in newest
    )
    return _html("baltimore-news.html", newest, base=base, items=items)


def news_page(item: Publication, base: str) -> Page:
    """Answer one of Baltimore's news items."""
    zone = ZoneInfo("America/New_York")
    return _html(
        "baltimore-item.html",
        [item],
        base=base,
        url=base + item.path,
        title=html.escape(item.title),
        published=_iso(item, zone),
        shown=_day(item, zone),
        body=markup.to_blocks(item.paragraphs, base),
    )


def _html(shell: str, publications: Sequence[Publication], /, **parts: str) -> Page:
    latest = max((each.at for each in publications), default=None)
    return Page(status=200, media_type="text/html; charset=utf-8", body=fill(shell, **parts).encode(), modified=latest)


def _day(each: Publication, zone: ZoneInfo) -> str:
    moment = each.at.astimezone(zone)
    return f"{moment:%B} {moment.day}, {moment.year}"


def _iso(each: Publication, zone: ZoneInfo) -> str:
    return each.at.astimezone(zone).isoformat(timespec="seconds")
