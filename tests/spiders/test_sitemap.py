"""Sitemaps through the real fetcher: those for news, plain ones, gzipped ones, indexes, and the months of the past."""

from __future__ import annotations

import gzip
from contextlib import suppress
from datetime import UTC, date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from facts.errors import Unreachable, Unreadable
from facts.visit import Harvest, LinkKind, Remembered
from spiders import sitemap
from spiders.fetcher import Fetcher
from spiders.fetching import Historian
from spiders.sitemap_reading import SitemapRead, read_sitemap, span_in
from tests.rig.site import Reply, Site
from tests.spiders.conftest import NOW
from tests.spiders.golden import as_json, sample, saved
from tests.spiders.pasts import read_back

AUGUST = (date(2026, 8, 1), date(2026, 8, 31))


def spider(url: str, **values: object) -> sitemap.Spider:
    settings = sitemap.Settings.model_validate({"url": url, **values})
    return sitemap.Spider(source="sentinel", settings=settings, places=())


def xml(body: str | bytes, **values: object) -> Reply:
    raw = body.encode() if isinstance(body, str) else body
    return Reply(headers=(("Content-Type", "application/xml"),), body=raw, **values)  # type: ignore[arg-type]


def urlset(*entries: tuple[str, str]) -> str:
    """Return a plain sitemap of paths and last changes."""
    inner = "".join(f"<url><loc>{loc}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>" for loc, day in entries)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</urlset>'


def index(*entries: tuple[str, str]) -> str:
    """Return an index of sitemaps."""
    return (
        urlset(*entries).replace("urlset", "sitemapindex").replace("<url>", "<sitemap>").replace("</url>", "</sitemap>")
    )


def paths(harvest: Harvest, site: Site) -> list[str]:
    return [link.url.removeprefix(site.url("")) for link in harvest.links]


def remembered(harvest: Harvest) -> dict[str, Remembered]:
    return {each.url: each for each in harvest.remembered}


async def test_sitemap_golden(site: Site, fetch: Fetcher) -> None:
    """A news sitemap gives titles and dates; entities stay unresolved; other sites and old stories are left out."""
    url = site.serve("/news-sitemap.xml", xml(sample("sitemap_news.xml")))

    harvest = await spider(url, exclude=["/sports/*"]).visit(fetch, {}, NOW)

    actual = as_json(harvest, site.url(""))
    assert saved("sitemap_news", actual) == actual
    assert harvest.shape is not None
    assert (harvest.shape.items, harvest.shape.dated, harvest.shape.titled) == (4, 4, 3)
    assert tuple(link.url for link in harvest.links) == harvest.listed


async def test_a_plain_sitemap_leaves_titles_and_dates_to_the_pages(site: Site, fetch: Fetcher) -> None:
    """The time of a change is no time of publication."""
    url = site.serve("/s.xml", xml(urlset(("/a", "2026-08-06"), ("/b", "2026-08-01"), ("/c.pdf", "2026-08-05T10:00Z"))))

    harvest = await spider(url).visit(fetch, {}, NOW)

    assert paths(harvest, site) == ["/a", "/c.pdf"]
    assert {("", None)} == {(link.title, link.published_at) for link in harvest.links}
    assert [link.kind for link in harvest.links] == [LinkKind.PAGE, LinkKind.LETTER]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"include": ["/news/*"]}, ["/news/a", "/news/x/b"]),
        ({"include": ["/news/*"], "exclude": ["*/x/*"]}, ["/news/a"]),
        ({"exclude": ["/news/?"]}, ["/news/x/b", "/sport"]),
        ({"include": ["/nothing"]}, []),
    ],
)
async def test_patterns_choose_by_the_path(
    site: Site, fetch: Fetcher, keys: dict[str, object], expected: list[str]
) -> None:
    """Plain patterns, and a warning where they leave nothing."""
    url = site.serve("/s.xml", xml(urlset(*((path, "2026-08-06") for path in ("/news/a", "/news/x/b", "/sport")))))

    harvest = await spider(url, **keys).visit(fetch, {}, NOW)

    assert expected == paths(harvest, site)
    assert bool(expected) != ("include and exclude leave none of its pages" in harvest.warnings)


async def test_a_gzipped_sitemap_is_inflated_whatever_it_is_called(site: Site, fetch: Fetcher) -> None:
    """Its first bytes tell, not its ending or its type."""
    packed = gzip.compress(urlset(("/a", "2026-08-06")).encode())
    url = site.serve("/s", Reply(headers=(("Content-Type", "text/plain"),), body=packed))

    assert paths(await spider(url).visit(fetch, {}, NOW), site) == ["/a"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (gzip.compress(b" " * 17 * 1024 * 1024, mtime=0), "longer than 16 MiB when inflated"),
        (b"\x1f\x8b\x08\x00nothing", "damaged"),
        (b"<rss><channel/></rss>", 'found a feed: write spider = "feed"'),
        (b"<!doctype html><title>Gone</title>", "which begins '<!doctype html> Gone'"),
        (b"", "expected a sitemap"),
    ],
)
async def test_what_is_no_sitemap_says_so(site: Site, fetch: Fetcher, body: bytes, words: str) -> None:
    """A bomb is cut while it is inflated; a feed is named as one."""
    url = site.serve("/s.xml.gz", Reply(body=body))

    with pytest.raises(Unreadable, match=words):
        await spider(url).visit(fetch, {}, NOW)


async def test_an_index_leads_to_its_newest_sitemaps_and_few_of_them(site: Site, fetch: Fetcher) -> None:
    """By their last change; those of authors and tags name no news, those untouched since hold nothing new."""
    children = [(f"/post-{n}.xml", f"2026-08-0{n}") for n in range(1, 7)]
    url = site.serve("/index.xml", xml(index(("/author-sitemap.xml", "2026-08-06"), *children)))
    for path, day in children:
        site.serve(path, xml(urlset((f"/news{path}", day))))

    harvest = await spider(url).visit(fetch, {}, NOW)

    assert [seen.path for seen in site.log if seen.path != "/robots.txt"] == [
        "/index.xml",
        "/post-6.xml",
        "/post-5.xml",
        "/post-4.xml",
    ]
    assert paths(harvest, site) == ["/news/post-6.xml", "/news/post-5.xml", "/news/post-4.xml"]
    assert harvest.listed == ()


async def test_an_index_that_did_not_change_is_asked_on_to_its_children(site: Site, fetch: Fetcher) -> None:
    """Without dates in it nothing else tells that a child changed; what did not change is not read again."""
    url = site.serve("/index.xml", xml(index(("/1.xml", ""), ("/2.xml", "")), etag='"i"'))
    site.serve("/1.xml", xml(urlset(("/a", "2026-08-06")), etag='"1"'))
    site.serve("/2.xml", xml(urlset(("/b", "2026-08-06")), etag='"2"'))
    first = await spider(url).visit(fetch, {}, NOW)
    site.serve("/2.xml", xml(urlset(("/b", "2026-08-06"), ("/c", "2026-08-06")), etag='"3"'))

    second = await spider(url).visit(fetch, remembered(first), NOW)
    third = await spider(url).visit(fetch, remembered(second), NOW)

    assert paths(first, site) == ["/b", "/a"]
    assert (paths(second, site), second.not_modified) == (["/b", "/c"], 2)
    assert (third.links, third.not_modified, third.shape) == ((), 3, None)


async def test_a_robots_txt_names_sitemaps(site: Site, fetch: Fetcher) -> None:
    """Those of its own site."""
    robots = f"User-agent: *\nAllow: /\nSitemap: {site.url('/a.xml')}\nSitemap: https://elsewhere.example.net/b.xml\n"
    url = site.serve("/robots.txt", Reply(headers=(("Content-Type", "text/plain"),), body=robots.encode()))
    site.serve("/a.xml", xml(urlset(("/a", "2026-08-06"))))

    assert paths(await spider(url).visit(fetch, {}, NOW), site) == ["/a"]

    site.serve("/robots.txt", Reply(headers=(("Content-Type", "text/plain"),), body=b"User-agent: *\nAllow: /\n"))
    with pytest.raises(Unreadable, match="names no sitemap"):
        await spider(url).visit(fetch, {}, NOW)


async def test_a_child_that_fails_is_a_warning_and_all_of_them_a_failure(site: Site, fetch: Fetcher) -> None:
    """One broken month must not hide the others."""
    url = site.serve("/index.xml", xml(index(("/1.xml", ""), ("/2.xml", ""))))
    site.serve("/1.xml", xml(urlset(("/a", "2026-08-06"))))

    harvest = await spider(url).visit(fetch, {}, NOW)

    assert paths(harvest, site) == ["/a"]
    assert (f"{site.url('/2.xml')}: HTTP 404 Not Found",) == harvest.warnings

    site.serve("/1.xml", Reply(status=500))
    with pytest.raises(Unreachable):
        await spider(url).visit(fetch, {}, NOW)


async def test_indexes_that_name_each_other_end(site: Site, fetch: Fetcher) -> None:
    """So many sitemaps are read at one visit, and each of them once."""
    for number in range(20):
        names = [f"/{number - 1}.xml", f"/{number}.xml", f"/{number + 1}.xml"]
        site.serve(f"/{number}.xml", xml(index(*((name, "") for name in names))))

    harvest = await spider(site.url("/0.xml")).visit(fetch, {}, NOW)

    asked = [seen.path for seen in site.log if seen.path != "/robots.txt"]
    assert (len(asked), len(set(asked))) == (6, 6)
    assert "the sitemap is valid and names no page" in harvest.warnings


async def test_pages_without_a_day_are_read_from_both_ends(site: Site, fetch: Fetcher) -> None:
    """New ones are added at one of them; one day that all share is that of the build and says nothing."""
    for day in ("", "2026-08-06"):
        url = site.serve("/s.xml", xml(urlset(*((f"/page/{number}", day) for number in range(300)))))

        harvest = await spider(url).visit(fetch, {}, NOW)

        assert (len(harvest.links), *[paths(harvest, site)[at] for at in (0, -1)]) == (200, "/page/0", "/page/299")
        assert "300 pages have no date" in harvest.warnings[0]


async def test_a_flood_is_cut_to_the_newest_and_told(site: Site, fetch: Fetcher) -> None:
    """A site that moved shows every page as changed."""
    days = ["2026-08-05", "2026-08-06"]
    url = site.serve("/s.xml", xml(urlset(*((f"/page/{number}", days[number % 2]) for number in range(1400)))))

    harvest = await spider(url).visit(fetch, {}, NOW)

    assert (len(harvest.links), paths(harvest, site)[0]) == (1000, "/page/1")
    assert "1400 pages are new or changed; only the newest 1000 are read" in harvest.warnings


@pytest.mark.parametrize(
    ("url", "of_sitemap", "expected"),
    [
        ("https://a.example/news/2026/08/05/x", False, ("2026-08-05", "2026-08-05")),
        ("https://a.example/news/2026-08/x", False, ("2026-08-01", "2026-08-31")),
        ("https://a.example/sitemap.xml?yyyy=2024&mm=02&dd=29", True, ("2024-02-29", "2024-02-29")),
        ("https://a.example/sitemap-pt-post-2017-08.xml", True, ("2017-08-01", "2017-08-31")),
        ("https://a.example/posts-201708.xml", True, ("2017-08-01", "2017-08-31")),
        ("https://a.example/sitemap-2017.xml", True, ("2017-01-01", "2017-12-31")),
        ("https://a.example/2017/x", False, ("2017-01-01", "2017-12-31")),
        ("https://a.example/the-2020-plan", False, None),
        ("https://a.example/2026/02/31/x", False, ("2026-02-01", "2026-02-28")),
        ("https://a.example/item/120260805123", False, None),
        ("https://a.example/post-sitemap12.xml", True, None),
    ],
)
def test_days_in_addresses(url: str, of_sitemap: bool, expected: tuple[str, str] | None) -> None:  # noqa: FBT001 (a parameter of pytest)
    """A day, a month, a year; a number that is none of these is left alone."""
    span = span_in(url, of_sitemap=of_sitemap)

    assert expected == (None if span is None else (span.first.isoformat(), span.last.isoformat()))


CANARY = "a line of a file that no sitemap may show"
LAUGHS = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
QUADRATIC = '<!ENTITY e0 "' + "ha" * 50_000 + '">'


@pytest.mark.parametrize(
    ("declared", "title"),
    [
        (f'<!DOCTYPE urlset [<!ENTITY e0 "ha">{LAUGHS}]>', "&e9;"),
        (f"<!DOCTYPE urlset [{QUADRATIC}]>", "&e0;" * 1000),
        ('<!DOCTYPE urlset [<!ENTITY e SYSTEM "{file}">]>', "&e;"),
        ('<!DOCTYPE urlset [<!ENTITY e SYSTEM "{url}">]>', "&e;"),
        ('<!DOCTYPE urlset [<!ENTITY % p SYSTEM "{url}"> %p;]>', "&e;"),
        ('<!DOCTYPE urlset SYSTEM "{url}">', "&e;"),
        ('<!DOCTYPE urlset PUBLIC "-//x//" "{file}">', "&e;"),
        ('<?xml-stylesheet type="text/xsl" href="{url}"?>', "&e;"),
        ("", '<i:include xmlns:i="http://www.w3.org/2001/XInclude" parse="text" href="{file}"/>'),
        ('<?xml version="1.0" encoding="utf-7"?>', "+ADwAIQ-"),
        ("", "<a>" * 100_000),
        ("<x/>" * 200_000, ""),
    ],
)
async def test_S3_an_xml_bomb_shows_nothing_and_asks_nobody(
    site: Site, fetch: Fetcher, tmp_path: Path, declared: str, title: str
) -> None:
    """Nothing is expanded, no file is read, no address is asked for; what else stands there is read, or unreadable."""
    file = tmp_path / "canary.txt"
    file.write_text(CANARY, encoding="utf-8")
    where = {"{file}": file.as_uri(), "{url}": site.url("/canary.dtd")}
    body = f"{declared}<urlset><url><loc>/a</loc><news><title>{title}</title></news></url></urlset>"
    for mark, there in where.items():
        body = body.replace(mark, there)
    url = site.serve("/bomb.xml", xml(body))

    found = []
    with suppress(Unreadable):
        found = list((await spider(url).visit(fetch, {}, NOW)).links)

    assert all(len(link.title) < 10 for link in found)
    assert [seen.path for seen in site.log if "canary" in seen.path] == []


@settings(max_examples=60)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: f"<urlset><url><loc>{text}".encode())))
def test_any_bytes_end_as_a_sitemap_or_as_unreadable(body: bytes) -> None:
    """Nothing else is raised."""
    try:
        read = read_sitemap(body, (), "https://a.example/s.xml", UTC)
    except Unreadable:
        return
    assert isinstance(read, SitemapRead)


def monthly(site: Site) -> str:
    """Serve an index of months, whose stories were changed long after, and return its address."""
    months = ("2026-06", "2026-07", "2026-08")
    url = site.serve(
        "/index.xml",
        xml(index(*((f"/posts-{m}.xml", "2026-08-06") for m in months), ("/tag-sitemap.xml", "2026-08-06"))),
    )
    for month in months:
        stories = ((f"/{month.replace('-', '/')}/{day}/story", "2026-08-06") for day in ("05", "25"))
        site.serve(f"/posts-{month}.xml", xml(urlset(*stories)))
    return url


async def test_the_past_is_read_month_by_month(site: Site, fetch: Fetcher) -> None:
    """Latest first, only the months asked for, each in a call of its own that another process may make."""
    historian: Historian = spider(monthly(site))

    leaves = await read_back(historian, fetch, date(2026, 6, 10), date(2026, 7, 31), NOW)

    found = [paths(leaf.harvest, site) for leaf in leaves]
    assert found == [[], ["/2026/07/05/story", "/2026/07/25/story"], ["/2026/06/25/story"]]
    assert [leaf.pages_left for leaf in leaves] == [2, 1, 0]
    assert [None, date(2026, 7, 1), date(2026, 6, 10)] == [leaf.reached for leaf in leaves]
    assert {()} == {leaf.harvest.remembered for leaf in leaves}
    assert site.asked("/posts-2026-08.xml") == site.asked("/tag-sitemap.xml") == []


async def test_a_month_that_is_gone_does_not_hold_up_the_past(site: Site, fetch: Fetcher) -> None:
    """It is a warning; a server that fails for now is tried again."""
    url = monthly(site)
    site.serve("/posts-2026-07.xml", Reply(status=503))
    first = await spider(url).history(fetch, None, date(2026, 6, 1), date(2026, 7, 31), NOW)

    with pytest.raises(Unreachable):
        await spider(url).history(fetch, first.cursor, date(2026, 6, 1), date(2026, 7, 31), NOW)

    site.serve("/posts-2026-07.xml", Reply(status=410))
    second = await spider(url).history(fetch, first.cursor, date(2026, 6, 1), date(2026, 7, 31), NOW)
    third = await spider(url).history(fetch, second.cursor, date(2026, 6, 1), date(2026, 7, 31), NOW)
    assert "HTTP 410 Gone" in second.harvest.warnings[0]
    assert paths(third.harvest, site) == ["/2026/06/05/story", "/2026/06/25/story"]


async def test_the_past_of_a_plain_sitemap_is_one_page(site: Site, fetch: Fetcher) -> None:
    """There is no index to follow."""
    url = site.serve("/s.xml", xml(urlset(("/a", "2026-08-06"), ("/b", "2026-07-01"), ("/c", ""))))

    (leaf,) = await read_back(spider(url), fetch, *AUGUST, NOW)

    assert (["/a", "/c"], None, AUGUST[0]) == (paths(leaf.harvest, site), leaf.cursor, leaf.reached)


@pytest.mark.parametrize("values", [{"since": 0}, {"since": 366}, {"include": "/news/*"}, {"url": "ftp://a.example/"}])
def test_a_wrong_stanza_is_refused(values: dict[str, object]) -> None:
    """A mistake is found when the configuration is read."""
    with pytest.raises(ValidationError):
        sitemap.Settings.model_validate({"url": "https://a.example/s.xml", **values})
