"""The four invented newspapers: a feed each in another dialect, and article pages."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final
from zoneinfo import ZoneInfo

from pursestrings.demo import markup
from pursestrings.demo.publication import Kind, Page, Publication
from pursestrings.demo.shells import fill

_RELATED: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One newspaper and the dialect its content system speaks."""

    site: str
    zone: ZoneInfo
    #: Where the feed lies.
    feed_path: str
    media_type: str
    #: The most entries the feed holds.
    depth: int
    #: Writes one entry.
    entry: Callable[[Publication, str, ZoneInfo], str]

    def feed(self, seen: Sequence[Publication], _query: str, base: str) -> Page:
        """Answer the feed, newest first."""
        articles = [each for each in seen if each.kind is Kind.ARTICLE and each.site == self.site]
        newest = articles[: -self.depth - 1 : -1]
        entries = "".join(self.entry(each, base, self.zone) for each in newest)
        latest = newest[0].at if newest else None
        body = fill(
            f"{self.site}.xml",
            base=base,
            entries=entries,
            built=_rfc822(latest, self.zone) if latest else "",
            updated=_rfc3339(latest) if latest else "",
        )
        return Page(status=200, media_type=self.media_type, body=body.encode(), modified=latest)

    def article(self, article: Publication, seen: Sequence[Publication], base: str) -> Page:
        """Answer an article's page; what it calls related came before it, so the page never changes."""
        earlier = [
            each for each in seen if each.site == self.site and each.kind is Kind.ARTICLE and each.at < article.at
        ]
        related = "".join(
            f'<li><a href="{base}{each.path}">{html.escape(each.title)}</a></li>\n'
            for each in earlier[: -_RELATED - 1 : -1]
        )
        body = fill(
            f"{self.site}.html",
            base=base,
            url=base + article.path,
            title=html.escape(article.title),
            summary=html.escape(article.summary),
            author=html.escape(article.author),
            section=html.escape(article.section),
            published=article.at.astimezone(self.zone).isoformat(timespec="seconds"),
            shown=_spoken(article.at.astimezone(self.zone)),
            body=markup.to_blocks(article.paragraphs, base),
            related=related,
        )
        return Page(status=200, media_type="text/html; charset=utf-8", body=body.encode(), modified=article.at)


def _rfc822(moment: datetime, zone: ZoneInfo) -> str:
    return format_datetime(moment.astimezone(zone))


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _spoken(moment: datetime) -> str:
    return f"{moment:%B} {moment.day}, {moment.year} at {moment:%I:%M %p}"


def _wordpress_entry(article: Publication, base: str, _zone: ZoneInfo) -> str:
    number = 20000 + article.uuid.int % 60000
    # WordPress sets typographic quotes as numeric entities inside CDATA.
    content = markup.to_blocks(article.paragraphs, base).replace("\N{RIGHT SINGLE QUOTATION MARK}", "&#8217;")
    return f"""<item>
<title>{html.escape(article.title, quote=False)}</title>
<link>{base}{article.path}</link>
<dc:creator><![CDATA[{article.author}]]></dc:creator>
<pubDate>{_rfc822(article.at, ZoneInfo("UTC"))}</pubDate>
<category><![CDATA[{article.section}]]></category>
<guid isPermaLink="false">{base}/sandia-courier/?p={number}</guid>
<description><![CDATA[{article.summary} [&#8230;]]]></description>
<content:encoded><![CDATA[{content}
<p>The post <a rel="nofollow" href="{base}{article.path}">{html.escape(article.title)}</a> appeared first on
<a rel="nofollow" href="{base}/sandia-courier">Sandia Courier</a>.</p>]]></content:encoded>
</item>
"""


def _arc_entry(article: Publication, base: str, _zone: ZoneInfo) -> str:
    return f"""<item><title><![CDATA[{article.title}]]></title><link>{base}{article.path}</link>
<guid isPermaLink="true">{base}{article.path}</guid><dc:creator><![CDATA[{article.author}]]></dc:creator>
<description><![CDATA[{article.summary}]]></description>
<pubDate>{_rfc822(article.at, ZoneInfo("UTC"))}</pubDate>
<content:encoded><![CDATA[{markup.to_blocks(article.paragraphs, base)}]]></content:encoded>
<media:content url="{base}/harbor-ledger/resizer/{article.uuid.hex[:12]}.jpg" type="image/jpeg"/>
</item>
"""


def _atom_entry(article: Publication, base: str, _zone: ZoneInfo) -> str:
    moment = _rfc3339(article.at)
    return f"""<entry>
<id>tag:channeltimes.example,{article.at.year}:story:{article.uuid.hex[:10]}</id>
<title type="html">{html.escape(html.escape(article.title, quote=False))}</title>
<link rel="alternate" type="text/html" href="{base}{article.path}"/>
<published>{moment}</published><updated>{moment}</updated>
<author><name>{html.escape(article.author)}</name></author>
<category term="{html.escape(article.section)}"/>
<summary type="html">{html.escape(f"<p>{html.escape(article.summary)}</p>")}</summary>
</entry>
"""


def _blox_entry(article: Publication, base: str, zone: ZoneInfo) -> str:
    return f"""    <item>
      <title>{html.escape(article.title)}</title>
      <description>{html.escape(article.summary)}</description>
      <pubDate>{_rfc822(article.at, zone)}</pubDate>
      <guid isPermaLink="false">{base}/arrowhead-inquirer/#tncms-asset-{article.uuid}</guid>
      <link>{base}{article.path}</link>
    </item>
"""


PAPERS: Final = (
    Paper(
        site="sandia-courier",
        zone=ZoneInfo("America/Denver"),
        feed_path="/sandia-courier/feed/",
        media_type="application/rss+xml; charset=UTF-8",
        depth=10,
        entry=_wordpress_entry,
    ),
    Paper(
        site="harbor-ledger",
        zone=ZoneInfo("America/New_York"),
        feed_path="/harbor-ledger/arc/outboundfeeds/rss/",
        media_type="application/xml",
        depth=25,
        entry=_arc_entry,
    ),
    Paper(
        site="channel-times",
        zone=ZoneInfo("America/Los_Angeles"),
        feed_path="/channel-times/atom.xml",
        media_type="application/atom+xml; charset=utf-8",
        depth=15,
        entry=_atom_entry,
    ),
    Paper(
        site="arrowhead-inquirer",
        zone=ZoneInfo("America/Los_Angeles"),
        feed_path="/arrowhead-inquirer/search/",
        media_type="text/xml; charset=UTF-8",
        depth=50,
        entry=_blox_entry,
    ),
)
