from __future__ import annotations

import html
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser
import pytest

from pursestrings.demo.publication import Kind
from pursestrings.demo.world import World, answer
from spiders.wall import wall

API = "/doj/api/v1/press_releases.json"
FEED = "/doj/news/rss"
BASE = "http://127.0.0.1:4242"


def _api(world: World, query: str, now: datetime | None = None) -> dict[str, Any]:
    status, headers, body = answer(world, f"{API}?{query}", now or world.end, base=BASE)
    assert status == 200
    assert headers["Content-Type"] == "application/json"
    parsed: dict[str, Any] = json.loads(body)
    return parsed


def _count(world: World, now: datetime) -> int:
    return int(_api(world, "", now)["metadata"]["resultset"]["count"])


def test_the_count_is_a_string_and_grows_with_time(world: World) -> None:
    """Rows come as they are published."""
    assert isinstance(_api(world, "")["metadata"]["resultset"]["count"], str)
    assert 50 < _count(world, world.start) < _count(world, world.end)
    assert _count(world, world.end) == sum(each.kind is Kind.RELEASE for each in world.publications)


@pytest.mark.parametrize(("asked", "given"), [("", 20), ("pagesize=7", 7), ("pagesize=100", 50), ("pagesize=x", 20)])
def test_the_page_size_is_cut_without_a_word(world: World, asked: str, given: int) -> None:
    """Asking for 100 gives 50 and status 200."""
    assert given == len(_api(world, asked)["results"])


def test_sorting_is_ignored_and_the_oldest_comes_first(world: World) -> None:
    """The first page is years old whatever was asked; the last page is today's."""
    asked = "sort=created&direction=DESC&pagesize=50&page="
    first = _api(world, f"{asked}0")["results"]
    last = _api(world, f"{asked}{(_count(world, world.end) - 1) // 50}")["results"]

    assert first == _api(world, "pagesize=50")["results"]
    newest_on_first = datetime.fromtimestamp(max(int(row["date"]) for row in first), UTC)
    assert newest_on_first < world.start - timedelta(days=7)
    assert datetime.fromtimestamp(int(last[-1]["date"]), UTC).date() == datetime(2017, 8, 21, tzinfo=UTC).date()


def test_pages_together_hold_every_row_once(world: World) -> None:
    """The page after the last is empty, not an error."""
    pages = [_api(world, f"pagesize=50&page={number}")["results"] for number in range(5)]

    assert pages[-1] == []
    assert _count(world, world.end) == len({row["uuid"] for page in pages for row in page})


def test_created_has_two_forms(world: World) -> None:
    """Old rows hold an epoch, new ones an element in Washington's time."""
    old, new = (_api(world, f"pagesize=50&page={page}")["results"][0]["created"] for page in (0, 3))

    assert re.fullmatch(r"\d+", old)
    found = re.fullmatch(r'<time datetime="(2017-08-\d\dT.*-04:00)">(\d+)</time>\n', new)
    assert found
    assert datetime.fromisoformat(found[1]).timestamp() == int(found[2])


def test_date_is_a_day_at_noon(world: World) -> None:
    """No row says when within its day it came out."""
    for row in _api(world, "pagesize=50&page=1")["results"]:
        assert datetime.fromtimestamp(int(row["date"]), UTC).hour == 12


def test_titles_are_escaped(world: World) -> None:
    """Quotes and apostrophes come as entities."""
    rows = [row for page in range(4) for row in _api(world, f"pagesize=50&page={page}")["results"]]
    escaped = [row["title"] for row in rows if row["title"] != html.unescape(row["title"])]

    assert any("&#039;" in title for title in escaped)
    assert any("&quot;" in title for title in escaped)
    assert not any("'" in row["title"] for row in rows)


def test_the_release_that_matters_leads_to_the_letter(world: World) -> None:
    """Its body links the PDF and its attachments name it again, in another spelling."""
    rows = [row for page in range(4) for row in _api(world, f"pagesize=50&page={page}")["results"]]
    row = next(row for row in rows if row["number"] == "17-A868")

    assert f'href="{BASE}/doj/opa/media/1234567/dl"' in row["body"]
    assert [f"{BASE}/doj/opa/media/1234567/dl?inline"] == [each["url"] for each in row["attachment"]]
    assert {"\r\n", "&nbsp;"} <= set(re.findall(r"\r\n|&nbsp;", row["body"]))
    assert "Office of Public Affairs" in [each["name"] for each in row["component"]]
    assert row["url"].startswith(f"{BASE}/doj/opa/pr/")


def test_an_office_repeats_two_releases_under_another_path(world: World) -> None:
    """Same title, other address, the same text below a line of its own."""
    for original, copy in (
        ("doj/letter-release", "doj/letter-release-usao"),
        ("doj/harbor-tunnel-crew", "doj/harbor-tunnel-crew-usao"),
    ):
        one, two = (next(each for each in world.publications if each.key == key) for key in (original, copy))
        assert one.title == two.title
        assert one.paragraphs == two.paragraphs[1:]
        assert "/opa/" in one.path
        assert "/usao-" in two.path


def test_the_feed_holds_the_25_newest_by_printed_date(world: World) -> None:
    """An event of October stands above the news of August."""
    status, headers, body = answer(world, FEED, world.end, base=BASE)
    feed = feedparser.parse(body)

    assert (status, feed.bozo, feed.version, len(feed.entries)) == (200, 0, "rss20", 25)
    assert headers["Content-Type"].startswith("application/rss+xml")
    assert "/oip/event/" in feed.entries[0].link
    assert feed.entries[0].published_parsed[:2] == (2017, 10)
    dates = [entry.published_parsed for entry in feed.entries]
    assert dates == sorted(dates, reverse=True)
    assert all(entry.id == entry.link for entry in feed.entries)
    assert any(not entry.summary for entry in feed.entries[1:])


def test_the_feed_is_shorter_than_a_week(world: World) -> None:
    """Whoever looks once a week misses items, and must fill the gap from the API."""
    _, _, body = answer(world, FEED, world.end, base=BASE)

    oldest = feedparser.parse(body).entries[-1].published_parsed
    assert oldest[:3] > (2017, 8, 14)


def test_release_pages_answer_a_small_bot_wall(world: World) -> None:
    """Status 200, no text, no validators: for every release, and for what never was."""
    for path in [*[each.path for each in world.publications if each.kind is Kind.RELEASE][-3:], "/doj/opa/pr/nothing"]:
        status, headers, body = answer(world, path, world.end, base=BASE)

        assert status == 200
        assert headers == {"Content-Type": "text/html; charset=utf-8"}
        assert len(body) < 4096
        assert wall(status, tuple(headers.items()), body) == "Akamai interstitial"
        for mark in (b"bm-verify=", b"/_sec/verify?provider=interstitial", b"<title>&nbsp;</title>", b"akam-logo"):
            assert mark in body


def test_errors_on_the_api_are_html(world: World) -> None:
    """A wrong path below /api/ gives a page, not JSON."""
    status, headers, _ = answer(world, "/doj/api/v1/speeches.json", world.end)

    assert status == 404
    assert headers["Content-Type"].startswith("text/html")
