"""Platforms, told by address and by page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.platforms import Platform, feeds_to_try, platform_of, platform_of_page, quirk_of

ADDRESSES = [
    ("https://paper.example/category/city/feed/", Platform.WORDPRESS),
    ("https://paper.example/wp-content/uploads/2026/letter.pdf", Platform.WORDPRESS),
    ("https://paper.example/arc/outboundfeeds/rss/?outputType=xml", Platform.ARC),
    ("https://paper.example/arcio/rss/", Platform.ARC),
    ("https://paper.example/search/?f=rss&t=article&l=50", Platform.BLOX),
    ("https://rssfeeds.paper.example/local", Platform.GANNETT),
    ("https://paper.example/?widgetName=rssfeed&getXmlFeed=true", Platform.MCCLATCHY),
    ("https://county.example/RSSFeed.aspx?ModID=1&CID=All-newsflash.xml", Platform.CIVICPLUS),
    ("https://county.example/DocumentCenter/View/4711", Platform.CIVICPLUS),
    ("https://city.example/Home/Components/News/RSSFeed/5/9", Platform.GRANICUS),
    ("https://city.example/files/assets/public/v/2/mayor/letter.pdf", Platform.OPENCITIES),
    ("https://city.example/mayor/news/RSS", Platform.PLONE),
    ("https://city.example/mayor/news/rss", Platform.OTHER),
    ("https://city.example/sites/default/files/letter.pdf", Platform.DRUPAL),
    ("https://public.govdelivery.com/topics/XX_1/feed.rss", Platform.GOVDELIVERY),
    ("https://notgovdelivery.example/topics/XX_1/feed.rss", Platform.OTHER),
    ("https://radio.example/feed", Platform.OTHER),
    ("http://[", Platform.OTHER),
]


@pytest.mark.parametrize(("url", "platform"), ADDRESSES)
def test_an_address_tells_its_platform(url: str, platform: Platform) -> None:
    """Where it says nothing, nothing is guessed."""
    assert platform_of(url) is platform


@pytest.mark.parametrize(
    ("mark", "platform"),
    [
        ('<meta name="generator" content="WordPress 6.8">', Platform.WORDPRESS),
        ('<script src="/pf/dist/engine/react.js"></script>', Platform.ARC),
        ('<div class="tncms-block">', Platform.BLOX),
        ('<script src="https://www.gannett-cdn.com/x.js"></script>', Platform.GANNETT),
        ('<script src="https://media.mcclatchyinteractive.com/x.js"></script>', Platform.MCCLATCHY),
        ('<a href="/CivicAlerts.aspx?AID=7">', Platform.CIVICPLUS),
        ('<img src="/files/assets/public/v/1/seal.png">', Platform.OPENCITIES),
        ('<a href="/Home/Components/News/News/12/9">', Platform.GRANICUS),
        ('<script src="https://cms3.revize.com/x.js"></script>', Platform.REVIZE),
        ('<body class="template-document_view portaltype-document">', Platform.PLONE),
        ('<script data-drupal-selector="drupal-settings-json">', Platform.DRUPAL),
        ("<p>Nothing but words.</p>", Platform.OTHER),
    ],
)
def test_a_page_shows_its_platform(mark: str, platform: Platform) -> None:
    """By what its system puts into every page."""
    assert platform_of_page("https://city.example/news", f"<html><head>{mark}</head></html>") is platform


def test_what_a_site_says_of_itself_goes_first() -> None:
    """A page on Drupal may link a file of another system."""
    page = '<meta name="generator" content="Drupal 10"><img src="https://other.example/wp-content/a.png">'

    assert platform_of_page("https://city.example/", page) is Platform.DRUPAL


@pytest.mark.parametrize(
    ("platform", "url", "first"),
    [
        (Platform.WORDPRESS, "https://paper.example/category/city/", "https://paper.example/category/city/feed/"),
        (Platform.ARC, "https://paper.example/news/", "https://paper.example/arc/outboundfeeds/rss/category/news/"),
        (Platform.BLOX, "https://paper.example/news/", "https://paper.example/search/?f=rss&t=article&c=news&l=50"),
        (Platform.CIVICPLUS, "https://county.example/CivicAlerts.aspx", "https://county.example/RSSFeed.aspx?ModID=1"),
        (Platform.PLONE, "https://city.example/mayor/news", "https://city.example/mayor/news/RSS"),
        (Platform.DRUPAL, "https://city.example/", "https://city.example/rss.xml"),
    ],
)
def test_the_feed_of_a_page_is_looked_for_near_it(platform: Platform, url: str, first: str) -> None:
    """That of its section before that of the whole site."""
    assert feeds_to_try(platform, url)[0].startswith(first)


@pytest.mark.parametrize("platform", [Platform.REVIZE, Platform.OPENCITIES])
def test_a_platform_without_feeds_is_asked_for_none(platform: Platform) -> None:
    """Each try is a request to somebody's server."""
    assert feeds_to_try(platform, "https://city.example/news") == ()


@given(st.sampled_from(Platform), st.text(max_size=60))
def test_no_address_and_no_page_trips_it(platform: Platform, text: str) -> None:
    """Whatever comes from outside."""
    tried = feeds_to_try(platform, f"https://city.example/{text}")

    assert len(tried) <= 3
    assert isinstance(platform_of(text), Platform)
    assert isinstance(platform_of_page("https://city.example/", text), Platform)
    assert "\n" not in quirk_of(platform)
