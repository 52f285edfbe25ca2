"""Doors: every place of the program from which an address that strangers wrote is asked for, each as it really runs."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from html import escape
from itertools import count
from typing import Any
from urllib.parse import quote, urlsplit

from alerts.dialling import DialRule
from alerts.webhook import Channel
from alerts.webhook import Settings as Webhook
from facts.address import Network
from facts.errors import PursestringsError, SourceError
from facts.visit import Harvest, Link, LinkKind
from facts.watch import Watch
from scheduler.looking import look_again
from scheduler.pipeline import Pipeline
from spiders import federal_register, feed, govdelivery, grants_gov, sitemap
from spiders.directory import Directory
from spiders.fetcher import Fetcher
from spiders.fetching import Historian
from spiders.follow import follow
from spiders.probing import Prober
from storage.work import PendingLook
from tests.alerts.material import letter_message
from tests.facts.samples import NOON, snapshot
from tests.rig.newsroom import as_feed, item, rss
from tests.rig.site import NOT_FOUND, Reply, Site, html, redirect

STATUSES = (301, 302, 303, 307, 308)
_DAY = timedelta(days=1)
_WORDS = "<p>The council meets on Thursday and the choir sings on Sunday in the hall beside the library.</p>" * 3


@dataclass(kw_only=True)
class Ground:
    """What an attack needs: the one site that may be asked, and the program's parts."""

    site: Site
    fetch: Fetcher
    pipeline: Pipeline
    #: What channels may dial, and on which ports.
    allow_networks: tuple[Network, ...]
    allow_ports: frozenset[int]
    now: datetime = NOON
    _numbers: count[int] = field(default_factory=count)

    def serve(self, reply: Reply, ending: str = "") -> str:
        """Serve an answer at an address of its own."""
        return self.site.serve(f"/{next(self._numbers)}{ending}", reply)

    async def follow(self, harvest: Harvest, deep: int = 2) -> None:
        """Follow what a harvest names, and the letters of the pages that are there."""
        for link in harvest.links if deep else ():
            with suppress(SourceError):
                await self.follow(await follow(self.fetch, link, self.now), deep - 1)


Entry = Callable[[Ground, str], Coroutine[Any, Any, None]]


def link_to(url: str, kind: LinkKind = LinkKind.PAGE) -> Link:
    """Return a link that a source named."""
    return Link(source="ledger", url=url, kind=kind, parent=None, title="", summary="", published_at=None, places=())


def feed_naming(url: str) -> Reply:
    """Return a feed that names an address wherever a feed can."""
    at = escape(url)
    body = f"""<?xml version="1.0"?>
<?xml-stylesheet href="{at}" type="text/xsl"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xml:base="{at}"><channel><title>A paper</title><link>{
        at
    }</link>
<atom:link rel="self" href="{at}"/><atom:link rel="hub" href="{at}"/><image><url>{at}</url></image>
<cloud domain="127.0.0.1" port="80" path="/" registerProcedure="x" protocol="http-post"/>
<item><title>One</title><link>{at}</link><guid isPermaLink="true">{at}</guid><enclosure url="{
        at
    }" type="application/pdf"
 length="9"/><comments>{at}</comments><source url="{at}">x</source><description>{
        escape(f'<p>See <a href="{at}.pdf">the letter</a> and <a href="{at}">this</a>.<img src="{at}">')
    }</description></item>
<item><title>Two</title><guid isPermaLink="true">{at}?two</guid><description>x</description></item>
<item><title>Three</title><link>letter.pdf</link></item></channel></rss>"""
    return as_feed(body.encode("utf-8", "replace"))


def page_naming(url: str) -> Reply:
    """Return a page that names an address wherever a page can, and sends its readers there."""
    at = escape(url)
    return html(
        f'<html><head><meta http-equiv="refresh" content="0; url={at}"><base href="{at}"><title>Choir</title>'
        f'<link rel="canonical" href="{at}"><meta property="og:url" content="{at}"><link rel="amphtml" href="{at}">'
        f'<link rel="alternate" type="application/rss+xml" href="{at}"><script src="{at}"></script></head>'
        f'<body><main>{_WORDS}<a href="{at}.pdf">Letter</a> <a href="letter.pdf">Letter</a><img src="{at}">'
        f'<iframe src="{at}"></iframe></main></body></html>'
    )


def sitemap_of(*urls: str, tag: str = "urlset") -> Reply:
    """Return a sitemap, or with another tag an index, of these addresses."""
    inner = "sitemap" if tag == "sitemapindex" else "url"
    entries = "".join(f"<{inner}><loc>{escape(url)}</loc></{inner}>" for url in urls)
    body = f'<{tag} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</{tag}>'
    return Reply(headers=(("Content-Type", "application/xml"),), body=body.encode("utf-8", "replace"))


def _feed(url: str) -> feed.Spider:
    return feed.Spider(source="x", settings=feed.Settings.model_construct(url=url, follow=True), places=())


async def feed_poll(ground: Ground, url: str) -> None:
    """A configured feed, unchecked, and the links of its entries."""
    await ground.follow(await _feed(url).visit(ground.fetch, {}, ground.now))


async def followed_page(ground: Ground, url: str) -> None:
    """A link that is followed, and the letters of its page."""
    await ground.follow(await follow(ground.fetch, link_to(url), ground.now))


async def followed_letter(ground: Ground, url: str) -> None:
    """A letter."""
    await ground.follow(await follow(ground.fetch, link_to(url, LinkKind.LETTER), ground.now))


async def sitemap_child(ground: Ground, url: str) -> None:
    """A sitemap that an index names, and the pages that it names."""
    index = ground.serve(sitemap_of(url, tag="sitemapindex"))
    spider = sitemap.Spider(source="x", settings=sitemap.Settings.model_construct(url=index, follow=True), places=())
    await ground.follow(await spider.visit(ground.fetch, {}, ground.now))


async def robots_txt(ground: Ground, url: str) -> None:
    """A robots.txt that leads elsewhere; each is good for a day."""
    ground.now += 2 * _DAY
    ground.site.serve("/robots.txt", redirect(url))
    try:
        await follow(ground.fetch, link_to(ground.serve(html(_WORDS))), ground.now)
    finally:
        ground.now += 2 * _DAY
        ground.site.serve("/robots.txt", NOT_FOUND)


async def register_text(ground: Ground, url: str) -> None:
    """The whole text that a row of the Federal Register names."""
    row = {"title": "Notice", "html_url": ground.site.url("/n"), "raw_text_url": url, "pdf_url": url}
    body = json.dumps({"count": 1, "total_pages": 1, "next_page_url": url, "results": [row]}).encode()
    api = ground.site.url(f"/register/{quote(url, safe='')[:500]}")
    ground.site.otherwise = lambda path: Reply(body=body) if path.startswith("/register/") else NOT_FOUND
    values = federal_register.Settings.model_validate({"url": api, "follow": True})
    spider = federal_register.Spider(source="x", settings=values, places=())
    await ground.follow(await spider.visit(ground.fetch, {}, ground.now))


async def bulletin_link(ground: Ground, url: str) -> None:
    """What a GovDelivery link that counts clicks leads to."""
    wrapped = f"https://links-1.govdelivery.com/CL0/{quote(url, safe=':')}/1/x/y"
    at = ground.serve(as_feed(rss(item("Bulletin", "Words.", wrapped))))
    spider = govdelivery.Spider(source="x", settings=govdelivery.Settings.model_validate({"url": at}), places=())
    await ground.follow(await spider.visit(ground.fetch, {}, ground.now))


async def grants_question(ground: Ground, url: str) -> None:
    """A question that is sent by POST."""
    spider = grants_gov.Spider(source="x", settings=grants_gov.Settings.model_construct(url=url), places=())
    await spider.visit(ground.fetch, {}, ground.now)


async def past_of_a_feed(ground: Ground, url: str) -> None:
    """A page of a feed's past."""
    await _read_back(ground, _feed(url), url)


async def past_of_a_sitemap(ground: Ground, url: str) -> None:
    """A sitemap of the past, which an index names and a cursor carries."""
    index = ground.serve(sitemap_of(url, tag="sitemapindex"))
    spider = sitemap.Spider(source="x", settings=sitemap.Settings.model_construct(url=index, follow=True), places=())
    await _read_back(ground, spider, url)


async def _read_back(ground: Ground, historian: Historian, url: str) -> None:
    days = (date(2017, 1, 1), date(2017, 12, 31), ground.now)
    first = await historian.history(ground.fetch, None, *days)
    for cursor in filter(None, (first.cursor, f"0 {url}")):
        leaf = await historian.history(ground.fetch, cursor, *days)
        await ground.follow(leaf.harvest)


async def second_look(ground: Ground, url: str) -> None:
    """A document that is looked at again."""
    watch = Watch(source="ledger", url=url, link_id="x", since=ground.now, last_seen=ground.now, look_at=ground.now)
    pending = PendingLook(watch=watch, link=link_to(url), latest=snapshot(url="https://news.example/a"))
    await look_again(ground.pipeline, pending, ground.now)


async def probed_candidate(ground: Ground, url: str) -> None:
    """A feed that the page at an unknown address names, and a sitemap that its robots.txt names."""
    ground.site.serve(
        "/robots.txt", Reply(body=f"Sitemap: {url}?news\nSitemap: {url}#news\n".encode("utf-8", "replace"))
    )
    named = f'<link rel="alternate" type="application/rss+xml" href="{escape(url)}">'
    at = ground.serve(html(f"<html><head>{named}</head><body><main>{_WORDS}</main></body></html>"))
    await Prober(ground.fetch, Directory(sources=(), traps=(), gaps=())).address(at, ground.now)
    ground.site.serve("/robots.txt", NOT_FOUND)


async def webhook(ground: Ground, url: str) -> None:
    """A channel that posts alerts."""
    channel = Channel(
        name="hook",
        settings=Webhook(url=url, timeout=5),
        allow_networks=ground.allow_networks,
        allow_ports=ground.allow_ports,
    )
    try:
        await channel.send(letter_message())
    finally:
        await channel.close()


async def mail_host(ground: Ground, url: str) -> None:
    """A channel that sends mail, to the host and port of the address."""
    rule = DialRule(channel="mail", allow_networks=ground.allow_networks, allow_ports=ground.allow_ports)
    # What is no host or has no address is an error of the configuration, or of the moment.
    with suppress(OSError, ValueError):
        parts = urlsplit(url)
        (await rule.dial(parts.hostname or "", parts.port or 80)).close()


#: Those that every address is tried on in every way, each with what it reads that can name another address.
FULL: dict[Entry, Callable[[str], Reply]] = {
    feed_poll: feed_naming,
    followed_page: page_naming,
    sitemap_child: lambda url: sitemap_of(url, f"{url}.pdf"),
}
OTHERS: tuple[Entry, ...] = (
    followed_letter,
    robots_txt,
    register_text,
    bulletin_link,
    grants_question,
    past_of_a_feed,
    past_of_a_sitemap,
    second_look,
    probed_candidate,
    webhook,
    mail_host,
)


async def knock(ground: Ground, door: Entry, url: str) -> None:
    """Try one address at one door; a refusal is as good as a look at something harmless, anything else is a bug."""
    with suppress(PursestringsError):
        await door(ground, url)
