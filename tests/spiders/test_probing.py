"""Probing addresses of a real site on loopback."""

from __future__ import annotations

import json

import pytest

from spiders import doj_api, feed, listing, page, sitemap
from spiders.directory import Directory, Trap
from spiders.fetcher import Fetcher
from spiders.fetching import Spider
from spiders.platforms import Platform
from spiders.probing import MAX_TRIED, Probe, Prober
from spiders.proposing import Proposal
from tests.rig.site import Reply, Site, html, redirect
from tests.spiders.conftest import NOW
from tests.spiders.test_feed_looks import entry, rss
from tests.spiders.test_layouts import SHAPES
from tests.spiders.test_layouts import page as listing_page

FRESH = "Thu, 06 Aug 2026 10:00:00 GMT"
FEED = rss(entry(1, FRESH), entry(2, FRESH))
XML = (("Content-Type", "application/rss+xml"),)
TERMS = "<html><head><title>Terms</title></head><body><main><p>" + "The recipient keeps the law. " * 20 + "</p></main>"
EMPTY = Directory(sources=(), traps=(), gaps=())


@pytest.fixture
def prober(fetch: Fetcher) -> Prober:
    return Prober(fetch, EMPTY)


def feed_at(url: str) -> Spider:
    """Return a feed's spider."""
    return feed.Spider(source="paper", settings=feed.Settings(url=url), places=())


async def probe_feed(prober: Prober, url: str) -> Probe:
    """Probe a configured feed."""
    return await prober.source(feed_at(url), "feed", url, NOW)


async def test_a_configured_feed_is_asked_once_and_told(site: Site, prober: Prober) -> None:
    """What it is, how much is in it, how new, and by what it can say that nothing changed."""
    url = site.serve("/rss", Reply(headers=XML, body=FEED, etag='"1"', last_modified="Thu, 06 Aug 2026 10:00:00 GMT"))
    probe = await probe_feed(prober, url)

    assert (probe.ok, probe.found, probe.items, probe.error, probe.proposal) == (True, "rss", 2, "", None)
    assert probe.newest is not None
    assert (probe.newest.hour, probe.validators, probe.robots.says) == (10, ("ETag", "Last-Modified"), "none")
    assert (probe.requests, len(site.asked("/rss"))) == (1, 1)


async def test_a_feed_that_is_empty_works_and_says_so(site: Site, prober: Prober) -> None:
    """Once, though feed and spider both say it."""
    probe = await probe_feed(prober, site.serve("/rss", Reply(headers=XML, body=rss())))

    assert (probe.ok, probe.items, probe.notes) == (True, 0, ("the feed is valid and has no entries",))


async def test_a_feed_that_moved_says_where(site: Site, prober: Prober) -> None:
    """It works all the same."""
    site.serve("/new", Reply(headers=XML, body=FEED))
    probe = await probe_feed(prober, site.serve("/old", redirect("/new")))

    assert (probe.ok, probe.final_url) == (True, site.url("/new"))
    assert f"it leads to {site.url('/new')}" in probe.notes


async def test_a_page_in_the_place_of_a_feed_leads_to_its_feed(site: Site, prober: Prober) -> None:
    """The error says what stands there; the proposal mends the stanza."""
    site.serve("/atom", Reply(headers=XML, body=FEED))
    link = '<link rel="alternate" type="application/rss+xml" href="/atom">'
    probe = await probe_feed(prober, site.serve("/rss", html(f"<html><head>{link}</head><body>{TERMS}</body></html>")))

    assert (probe.ok, probe.found) == (False, "page")
    assert "expected a feed" in probe.error
    assert probe.proposal == Proposal(
        kind="feed", keys={"spider": "feed", "url": site.url("/atom"), "follow": True, "every": "30m"}
    )


@pytest.mark.parametrize(
    ("reply", "found", "error"),
    [
        (Reply(status=404), "error", "HTTP 404 Not Found"),
        (html("<title>Just a moment...</title><p>Enable JavaScript, says Cloudflare</p>"), "bot wall", "bot wall"),
        (html("<title>Log in</title><form><input type=password></form>"), "log-in wall", "log-in page"),
        (Reply(headers=XML, body=b""), "nothing", "an empty body"),
    ],
)
async def test_what_would_not_work_is_named(site: Site, prober: Prober, reply: Reply, found: str, error: str) -> None:
    """By what stands there and by what the spider says."""
    probe = await probe_feed(prober, site.serve("/rss", reply))

    assert (probe.ok, probe.found, probe.proposal) == (False, found, None)
    assert error in probe.error


async def test_robots_is_obeyed(site: Site, prober: Prober) -> None:
    """The address itself is not asked for."""
    site.serve("/robots.txt", Reply(headers=(("Content-Type", "text/plain"),), body=b"User-agent: *\nDisallow: /"))
    probe = await probe_feed(prober, site.serve("/rss", Reply(headers=XML, body=FEED)))

    assert (probe.ok, probe.found, probe.robots.says) == (False, "disallowed", "disallowed")
    assert site.asked("/rss") == []


async def test_an_address_that_may_not_be_dialled_is_refused(prober: Prober) -> None:
    """The guard of all fetches holds here too."""
    probe = await prober.address("http://127.0.0.2/news", NOW)

    assert (probe.ok, probe.found, probe.robots.says) == (False, "refused", "not asked")


async def test_a_source_of_many_addresses_is_told_by_its_kind(site: Site, prober: Prober) -> None:
    """What its first answer holds is not all there is."""
    row = {"uuid": "1", "title": "Letter", "body": "<p>Words.</p>", "date": "1785931200",
           "url": "https://www.justice.gov/opa/pr/letter"}  # fmt: skip
    rows = {"metadata": {"resultset": {"count": "1", "pagesize": "50", "page": "0"}}, "results": [row]}
    answer = Reply(headers=(("Content-Type", "application/json"),), body=json.dumps(rows).encode())
    url = site.serve("/api.json", answer)
    site.serve("/api.json?sort=created&direction=DESC&pagesize=50&page=0", answer)
    spider = doj_api.Spider(source="doj", settings=doj_api.Settings(url=url), places=())
    probe = await prober.source(spider, "doj_api", url, NOW)

    assert (probe.ok, probe.found, probe.items) == (True, "doj api", 1), probe.error
    assert probe.newest is not None
    assert probe.newest.year == 2026


async def test_a_listing_and_a_page_are_told(site: Site, prober: Prober) -> None:
    """As their spiders read them."""
    url = site.serve("/news", html(listing_page(SHAPES["drupal"])))
    settings = listing.Settings(url=url, item="div.views-row", link="h2 a", date="time")
    listed = await prober.source(listing.Spider(source="x", settings=settings, places=()), "listing", url, NOW)
    terms = site.serve("/terms", html(TERMS))
    watched = page.Spider(source="x", settings=page.Settings(url=terms), places=())
    found = await prober.source(watched, "page", terms, NOW)

    assert (listed.ok, listed.found, listed.items) == (True, "listing", 6)
    assert (found.ok, found.found, found.items) == (True, "page", 1)


async def test_an_unknown_page_gets_the_feed_of_its_platform(site: Site, prober: Prober) -> None:
    """Though it names none."""
    site.serve("/news/feed/", Reply(headers=XML, body=FEED))
    mark = '<link href="/wp-content/a.css">'
    probe = await prober.address(site.serve("/news", html(mark + listing_page(SHAPES["drupal"]))), NOW)

    assert (probe.ok, probe.found, probe.platform) == (True, "listing", Platform.WORDPRESS)
    assert probe.proposal is not None
    assert (probe.proposal.kind, probe.proposal.keys["url"]) == ("feed", site.url("/news/feed/"))
    assert f"its rss has 2 entries: {site.url('/news/feed/')}" in probe.notes


async def test_an_unknown_page_without_a_feed_gets_its_listing(site: Site, prober: Prober) -> None:
    """After as few tries as its platform deserves."""
    probe = await prober.address(site.serve("/news", html(listing_page(SHAPES["drupal"]))), NOW)

    assert probe.proposal is not None
    assert (probe.proposal.kind, probe.proposal.keys["item"]) == ("listing", "div.views-row")
    assert len({seen.path for seen in site.log} - {"/robots.txt", "/news"}) <= MAX_TRIED


async def test_a_news_sitemap_of_robots_txt_goes_before_selectors(site: Site, prober: Prober) -> None:
    """It does not break when the page is rebuilt."""
    sitemap = (
        '<urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://city.example/1</loc>'
        "<news:news/></url></urlset>"
    )
    url = site.serve("/news-sitemap.xml", Reply(headers=XML, body=sitemap.encode()))
    rules = f"User-agent: *\nAllow: /\nSitemap: {site.url('/pages.xml')}\nSitemap: {url}\n"
    site.serve("/robots.txt", Reply(headers=(("Content-Type", "text/plain"),), body=rules.encode()))
    probe = await prober.address(site.serve("/x", html(listing_page(SHAPES["drupal"]))), NOW)

    assert probe.proposal == Proposal(kind="sitemap", keys={"spider": "sitemap", "url": url, "every": "30m"})


async def test_never_more_than_a_few_addresses_are_tried(site: Site, prober: Prober) -> None:
    """Whatever a page names."""
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="/feed{n}">' for n in range(50))
    maps = "".join(f"Sitemap: {site.url(f'/news{n}.xml')}\n" for n in range(50))
    site.serve("/robots.txt", Reply(headers=(("Content-Type", "text/plain"),), body=maps.encode()))
    probe = await prober.address(site.serve("/x", html(f"<html><head>{links}</head><body>{TERMS}</body>")), NOW)

    assert (probe.ok, probe.requests) == (True, 1 + MAX_TRIED)
    assert len({seen.path for seen in site.log} - {"/robots.txt", "/x"}) == MAX_TRIED


async def test_a_page_that_is_gone_is_no_source(site: Site, prober: Prober) -> None:
    """Though its server answers 200."""
    probe = await prober.address(site.serve("/x", html("<title>Page not found</title><p>Sorry.</p>")), NOW)

    assert (probe.ok, probe.proposal) == (False, None)
    assert probe.error == "the page is gone: its title says 'Page not found'"


async def test_a_pdf_can_be_watched_as_a_page(site: Site, prober: Prober) -> None:
    """And it is said what else reads one; in the place of a feed it is none."""
    pdf = Reply(headers=XML, body=b"%PDF-1.7")
    probe = await prober.address(site.serve("/x", pdf), NOW)
    feed = await probe_feed(prober, site.serve("/rss", pdf))

    assert (probe.ok, probe.found, probe.proposal and probe.proposal.kind) == (True, "pdf", "page")
    assert "classify" in probe.notes[0]
    assert not feed.ok
    assert "expected a feed" in feed.error


async def test_a_trap_is_named(site: Site, fetch: Fetcher) -> None:
    """Though it answers."""
    url = site.serve("/rss", Reply(headers=XML, body=FEED))
    trap = Trap(url=url, reason="it is the wrong feed", instead="https://city.example/rss")
    probe = await probe_feed(Prober(fetch, Directory(sources=(), traps=(trap,), gaps=())), url)

    assert probe.notes[0] == "trap: it is the wrong feed; use https://city.example/rss"


async def test_a_sitemap_is_told_as_its_spider_reads_it(site: Site, prober: Prober) -> None:
    """A kind of which the prober knows nothing."""
    row = "<url><loc>{}</loc><lastmod>2026-08-06T08:00:00Z</lastmod></url>".format(site.url("/news/1"))
    url = site.serve("/sitemap.xml", Reply(headers=XML, body=f"<urlset>{row}</urlset>".encode()))
    spider = sitemap.Spider(source="x", settings=sitemap.Settings(url=url), places=())
    probe = await prober.source(spider, "sitemap", url, NOW)

    assert (probe.ok, probe.found, probe.items) == (True, "sitemap", 1), probe.error
