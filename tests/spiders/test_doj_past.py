"""The Department as one source: a gap of its feed is filled from its API, which is read back into its past as well."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.errors import Unreachable
from facts.visit import Harvest
from spiders import doj_api
from spiders.doj_past import Place
from spiders.fetcher import Fetcher
from spiders.fetching import Historian
from tests.rig.site import NOT_FOUND, Reply, Site
from tests.spiders.conftest import NOW
from tests.spiders.pasts import read_back

SIZE = 5


class Api:
    """The Department's API, of so many releases a day, in either order."""

    def __init__(self, moments: Sequence[datetime], *, newest_first: bool) -> None:
        self.moments = dict(enumerate(sorted(moments, reverse=True)))
        self.newest_first = newest_first

    def answer(self, path: str) -> Reply:
        asked = parse_qs(urlsplit(path).query)
        if urlsplit(path).path != "/api":
            return NOT_FOUND
        page = int(asked["page"][0])
        rows = sorted(self.moments.items(), key=lambda row: row[1], reverse=self.newest_first)
        shown = [
            {
                "title": f"Release {number}",
                "url": f"https://www.justice.gov/opa/pr/{number}",
                "body": f"<p>Text {number}",
                "created": moment.isoformat(),
            }
            for number, moment in rows[page * SIZE : (page + 1) * SIZE]
        ]
        body = {"metadata": {"resultset": {"count": str(len(rows))}}, "results": shown}
        return Reply(headers=(("Content-Type", "application/json"),), body=json.dumps(body).encode())


def hours(numbers: range) -> list[datetime]:
    return [NOW - timedelta(hours=number) for number in numbers]


def spider(site: Site, **values: object) -> doj_api.Spider:
    settings = doj_api.Settings.model_validate({"url": site.url("/api"), "pagesize": SIZE, **values})
    return doj_api.Spider(source="doj", settings=settings, places=())


def numbers_of(harvest: Harvest) -> list[int]:
    return sorted(int(document.url.rpartition("/")[2]) for document in harvest.documents)


def rss(numbers: range) -> Reply:
    items = "".join(
        f"<item><title>Release {number}</title><link>https://www.justice.gov/opa/pr/{number}</link>"
        f"<pubDate>{format_datetime(NOW - timedelta(hours=number))}</pubDate>"
        "<description>In short.</description></item>"
        for number in numbers
    )
    return Reply(body=f"<rss version='2.0'><channel><title>x</title>{items}</channel></rss>".encode())


@pytest.mark.parametrize("newest_first", [True, False])
async def test_a_gap_of_the_feed_is_filled_from_the_api(site: Site, fetch: Fetcher, newest_first: bool) -> None:  # noqa: FBT001 (a parameter of pytest)
    """A poll that shares no item with the last one: what went by has its whole text, and nothing is told."""
    api = Api(hours(range(60, 200)), newest_first=newest_first)
    site.otherwise = api.answer
    feed = site.serve("/rss", rss(range(60, 85)))
    first = await spider(site, feed=feed).visit(fetch, {}, NOW - timedelta(hours=60))
    api.moments = dict(enumerate(hours(range(200))))
    site.serve("/rss", rss(range(25)))

    second = await spider(site, feed=feed).visit(fetch, {each.url: each for each in first.remembered}, NOW)

    texts = {document.url.rpartition("/")[2]: document.text for document in second.documents}
    assert [f"Text {number}" for number in range(60)] == [texts[str(number)] for number in range(60)]
    assert second.warnings == ()


async def test_what_neither_has_yet_comes_with_the_api(site: Site, fetch: Fetcher) -> None:
    """An API that is behind the feed leaves no hole: it is read from where it was."""
    api = Api(hours(range(60, 200)), newest_first=True)
    site.otherwise = api.answer
    feed = site.serve("/rss", rss(range(60, 85)))
    harvest = await spider(site, feed=feed).visit(fetch, {}, NOW - timedelta(hours=60))
    memory = {each.url: each for each in harvest.remembered}
    site.serve("/rss", rss(range(25)))
    behind = await spider(site, feed=feed).visit(fetch, memory, NOW)
    memory |= {each.url: each for each in behind.remembered}
    api.moments = dict(enumerate(hours(range(200))))

    caught_up = await spider(site, feed=feed).visit(fetch, memory, NOW)

    assert set(range(25)) <= set(numbers_of(behind))
    assert set(range(60)) <= set(numbers_of(caught_up))


@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize(
    ("since", "until"),
    [
        (date(2026, 7, 1), date(2026, 7, 9)),
        (date(2026, 8, 1), date(2026, 8, 31)),
        (date(2020, 1, 1), date(2026, 4, 20)),
        (date(2026, 7, 1), date(2026, 7, 1)),
        (date(2019, 1, 1), date(2019, 12, 31)),
        (date(2027, 1, 1), date(2027, 12, 31)),
    ],
)
async def test_the_past_is_found_and_read_in_either_order(
    site: Site,
    fetch: Fetcher,
    newest_first: bool,  # noqa: FBT001 (a parameter of pytest)
    since: date,
    until: date,
) -> None:
    """All of the days asked for and none beyond, each call one page, the search for the first one short."""
    moments = hours(range(0, 24 * 120, 6))
    site.otherwise = Api(moments, newest_first=newest_first).answer
    historian: Historian = spider(site)

    leaves = await read_back(historian, fetch, since, until, NOW)

    wanted = [number for number, moment in enumerate(moments) if since <= (moment - timedelta(hours=4)).date() <= until]
    assert sorted({number for leaf in leaves for number in numbers_of(leaf.harvest)}) == wanted
    assert [1] * len(leaves) == [leaf.harvest.requests for leaf in leaves]
    # 96 pages: seven halvings, and a page before and behind.
    assert len(leaves) <= len(wanted) / SIZE + 12
    assert (leaves[-1].reached, leaves[-1].pages_left) == (since, 0)
    reached = [leaf.reached for leaf in leaves if leaf.reached is not None]
    assert reached == sorted(reached, reverse=True)


@pytest.mark.parametrize("newest_first", [True, False])
async def test_a_list_that_stands_still_is_read_by_its_order(site: Site, fetch: Fetcher, newest_first: bool) -> None:  # noqa: FBT001 (a parameter of pytest)
    """An archive has no row of this week at either end."""
    site.otherwise = Api(hours(range(24 * 400, 24 * 500, 6)), newest_first=newest_first).answer

    leaves = await read_back(spider(site), fetch, date(2025, 5, 1), date(2025, 5, 31), NOW)

    assert len({number for leaf in leaves for number in numbers_of(leaf.harvest)}) == 31 * 4


@pytest.mark.parametrize("newest_first", [True, False])
async def test_rows_that_come_and_go_meanwhile_cost_no_other(
    site: Site,
    fetch: Fetcher,
    newest_first: bool,  # noqa: FBT001 (a parameter of pytest)
) -> None:
    """New ones push the others down, removed ones draw them up."""
    api = Api(hours(range(0, 24 * 20, 6)), newest_first=newest_first)
    site.otherwise = api.answer
    since, until = date(2026, 7, 20), date(2026, 8, 6)
    found: set[int] = set()
    cursor, calls = None, 0
    while calls == 0 or cursor is not None:
        leaf = await spider(site).history(fetch, cursor, since, until, NOW)
        found.update(numbers_of(leaf.harvest))
        cursor, calls = leaf.cursor, calls + 1
        if calls == 2:
            api.moments |= {1000 + number: NOW + timedelta(minutes=number) for number in range(3)}
        if calls == 5:
            # Rows of a page that was read: those behind it move up, past the place where the reading stands.
            for number in (1, 2, 1001, 1002):
                api.moments.pop(number)

    there = {number for number, moment in api.moments.items() if (moment - timedelta(hours=4)).date() >= since}
    assert there - {1000} <= found
    assert calls < 40


async def test_a_row_dated_oddly_does_not_mislead_the_search(site: Site, fetch: Fetcher) -> None:
    """One release of 2009 among those of today says nothing of its page."""
    api = Api(hours(range(0, 24 * 100, 6)), newest_first=True)
    rows = dict(api.moments)
    site.otherwise = lambda path: Reply(
        headers=(("Content-Type", "application/json"),),
        body=api.answer(path).body.replace(rows[7].isoformat().encode(), b"2009-01-05T12:00:00+00:00"),
    )

    leaves = await read_back(spider(site), fetch, date(2026, 5, 10), date(2026, 5, 20), NOW)

    assert len({number for leaf in leaves for number in numbers_of(leaf.harvest)}) == 11 * 4
    assert len(leaves) <= 22


async def test_a_call_that_failed_may_be_made_again(site: Site, fetch: Fetcher) -> None:
    """With the cursor it had."""
    api = Api(hours(range(0, 24 * 40, 6)), newest_first=True)
    site.otherwise = api.answer
    days = (date(2026, 7, 1), date(2026, 8, 6))
    first = await spider(site).history(fetch, None, *days, NOW)
    site.otherwise = lambda _: Reply(status=503)
    with pytest.raises(Unreachable):
        await spider(site).history(fetch, first.cursor, *days, NOW)
    site.otherwise = api.answer

    again = await spider(site).history(fetch, first.cursor, *days, NOW)

    assert (list(range(5)), list(range(5, 10))) == (numbers_of(first.harvest), numbers_of(again.harvest))


async def test_an_api_without_a_count_has_one_page(site: Site, fetch: Fetcher) -> None:
    """Nothing says that there are more."""
    row = {"title": "x", "url": "https://www.justice.gov/opa/pr/1", "body": "y", "created": NOW.isoformat()}
    site.otherwise = lambda path: Reply(body=json.dumps({"results": [row]}).encode()) if "api" in path else NOT_FOUND

    (leaf,) = await read_back(spider(site), fetch, date(2026, 1, 1), date(2026, 8, 31), NOW)

    assert numbers_of(leaf.harvest) == [1]


whole = st.integers(min_value=0, max_value=10**7)


@given(st.booleans(), st.tuples(whole, whole, whole, whole, whole), st.none() | st.dates())
def test_a_place_comes_back_from_its_cursor(
    in_order: bool,  # noqa: FBT001 (a parameter of hypothesis)
    numbers: tuple[int, int, int, int, int],
    day: date | None,
) -> None:
    """Whatever it holds."""
    last, count, low, high, read = numbers
    place = Place(newest_first=in_order, last=last, count=count, low=low, high=high, read=read, newest=day)

    assert Place.parse(str(place)) == place
