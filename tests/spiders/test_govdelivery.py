"""GovDelivery: where its feeds are, and bulletins read without the frame that a mailing service puts around them."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from spiders import govdelivery
from spiders.bulletins import is_bulletin, own_words
from spiders.fetcher import Fetcher
from spiders.follow import follow
from tests.rig.site import Reply, Site, html
from tests.spiders.conftest import NOW
from tests.spiders.golden import as_json, sample, saved


def spider(url: str, **values: object) -> govdelivery.Spider:
    settings = govdelivery.Settings.model_validate({"url": url, **values})
    return govdelivery.Spider(source="housing", settings=settings, places=())


@pytest.mark.parametrize("follows", [True, False])
async def test_govdelivery_golden(site: Site, fetch: Fetcher, follows: bool) -> None:  # noqa: FBT001 (a parameter of pytest)
    """Bulletins are links unless the stanza says otherwise; the frame is no part of what the feed says of them."""
    body = sample("govdelivery.xml").replace(b"<link>/", b"<link>" + site.url("/").encode())
    url = site.serve("/feed.rss", Reply(headers=(("Content-Type", "application/rss+xml"),), body=body))

    harvest = await spider(url, **({} if follows else {"follow": False})).visit(fetch, {}, NOW)

    actual = as_json(harvest, site.url(""))
    for document in actual["documents"]:
        document["capture"].pop("body")
    assert saved(f"govdelivery_follow_{follows}".lower(), actual) == actual
    assert "reader@news.example" not in str(actual)


async def test_a_bulletin_is_followed_and_read_without_its_frame(site: Site, fetch: Fetcher) -> None:
    """The letter it links is found behind the address that counts clicks; another reader's copy is the same text."""
    body = sample("govdelivery.xml").replace(b"<link>/", b"<link>" + site.url("/").encode())
    url = site.serve("/feed.rss", Reply(body=body))
    link = (await spider(url).visit(fetch, {}, NOW)).links[0]
    page = sample("govdelivery_bulletin.html").decode()
    path = link.url.removeprefix(site.url(""))
    site.serve(path, html(page), html(page.replace("reader-0042", "reader-0077").replace("Help", "Hilfe")))

    first, second = [(await follow(fetch, link, NOW)).documents[0] for _ in range(2)]

    assert first.text.startswith("The Department of Invented Housing on Thursday")
    assert "may unsubscribe from none of them" in first.text
    assert first.text.endswith("two million dollars.")
    assert first.digest == second.digest
    assert first.capture.body != second.capture.body
    letters = (await follow(fetch, link, NOW)).links
    assert [letter.url for letter in letters] == ["https://www.housing.example/letters/juniper-flats.pdf"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"topic": "MDBALT_25"}, "https://public.govdelivery.com/topics/MDBALT_25/feed.rss"),
        ({"account": "USDOT"}, "https://content.govdelivery.com/accounts/USDOT/bulletins.rss"),
        ({"url": "https://mail.agency.example/feed.rss"}, "https://mail.agency.example/feed.rss"),
    ],
)
def test_a_feed_is_named_in_one_of_three_ways(values: dict[str, object], expected: str) -> None:
    """A topic, an account, or an address."""
    settings = govdelivery.Settings.model_validate(values)

    assert (settings.url, settings.follow) == (expected, True)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"topic": "A", "account": "B"},
        {"topic": "../../x"},
        {"topic": 1},
        {"account": "A B"},
        {"topic": "A", "url": "https://mail.agency.example/feed.rss"},
    ],
)
def test_a_wrong_stanza_is_refused(values: dict[str, object]) -> None:
    """None of the three, or two of them."""
    with pytest.raises(ValidationError):
        govdelivery.Settings.model_validate(values)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://content.govdelivery.com/accounts/USDHSCBP/bulletins/3f01456", True),
        ("https://mail.agency.example/accounts/USINV/bulletins/3f01456/", True),
        ("https://content.govdelivery.com/accounts/USDHSCBP/bulletins.rss", False),
        ("https://www.agency.example/news/bulletins/3f01456", False),
        ("http://[", False),
    ],
)
def test_bulletins_are_told_by_their_path(url: str, expected: bool) -> None:  # noqa: FBT001 (a parameter of pytest)
    """Agencies have hosts of their own."""
    assert is_bulletin(url) is expected


def test_what_reads_like_a_frame_in_the_middle_stays() -> None:
    """A bulletin may speak of unsubscribing, in a sentence or a heading, with much behind it."""
    text = "Residents can unsubscribe from robocalls.\n" + "Another paragraph of the bulletin. " * 80

    assert own_words(text) == text.strip()


@given(st.text(alphabet="unsbcrie .\nShaBltpwdyP", max_size=300))
@example("SuBScriBe")
def test_nothing_is_added_and_cutting_twice_cuts_no_more(text: str) -> None:
    """Lines go, or stay as they are."""
    once = own_words(text)
    # Of a text that is all footer no line is left, not an empty one.
    left = set(once.split("\n")) if once else set()

    assert left <= {*text.split("\n"), *(line.strip() for line in text.split("\n"))}
    assert own_words(once) == once
