from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from facts.document import Document
from facts.errors import Held, SourceError, Unreachable
from facts.visit import Harvest, Remembered
from scheduler.backfilling import LONGEST_PAUSE, REST, RETRIES, Progress, backfill, latest_day
from scheduler.passes import run_pass
from scheduler.polling import claim
from spiders.fetching import Fetch, Leaf
from storage.protocols import Search
from storage.work import BackfillRow
from tests.facts.samples import NOON
from tests.scheduler.rig import HOUR, Rig, follow_nothing, link, page, rig

SINCE, UNTIL = date(2017, 7, 1), date(2017, 8, 1)
OLD = NOON - timedelta(days=10)


def old(name: str, text: str = "A letter to Stockton.", published_at: datetime | None = OLD) -> Document:
    return page(name, f"{text} {name}", published_at=published_at)


@dataclass
class Chronicle:
    """A source with a past of these pages; an error among them is raised once."""

    pages: Sequence[Harvest | Exception]
    news: Harvest = field(default_factory=Harvest)
    asked: list[str | None] = field(default_factory=list)
    #: An error that every call for the second page meets.
    broken: SourceError | None = None
    _failed: set[int] = field(default_factory=set)

    async def visit(self, fetch: Fetch, memory: Mapping[str, Remembered], now: datetime) -> Harvest:
        """Bring what is new."""
        del fetch, memory, now
        return self.news

    async def history(self, fetch: Fetch, cursor: str | None, since: date, until: date, now: datetime) -> Leaf:
        """Turn one page."""
        del fetch, now
        assert (since, until) == (SINCE, UNTIL)
        self.asked.append(cursor)
        number = int(cursor or 0)
        one = self.pages[number]
        if self.broken is not None and number == 1:
            raise self.broken
        if isinstance(one, Exception) and number not in self._failed:
            self._failed.add(number)
            raise one
        left = len(self.pages) - number - 1
        harvest = Harvest() if isinstance(one, Exception) else one
        return Leaf(harvest=harvest, cursor=str(number + 1) if left else None, reached=SINCE, pages_left=left)


async def read_back(made: Rig, row: BackfillRow | None = None) -> tuple[Progress, list[float]]:
    """Read to the end; return what was told last, and the seconds that were slept."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    begun = row or BackfillRow(source="ledger", since=SINCE, until=UNTIL, at=NOON)
    done = await backfill(made.pipeline, begun, lambda: NOON, tell=lambda _: None, sleep=sleep)
    return done, slept


def archived(made: Rig) -> list[tuple[str, bool]]:
    hits, _ = made.stores.catalogue.search(Search())
    return sorted((hit.snapshot.title, hit.snapshot.backlog) for hit in hits)


async def test_the_past_is_archived_judged_and_told_nobody(tmp_path: Path) -> None:
    """Every page, at a pace of one a second; letters in it are found by their label, and alert nobody."""
    spider = Chronicle([Harvest(documents=(old("a"), old("b"))), Harvest(documents=(old("c"),))])
    with rig(tmp_path, {"ledger": spider}) as made:
        done, slept = await read_back(made)

        assert (done.row.done, done.row.pages, done.row.documents, done.new) == (True, 2, 3, 3)
        assert archived(made) == [("About a", True), ("About b", True), ("About c", True)]
        assert len(made.stores.catalogue.search(Search(labels=("funding_condition_letter",)))[0]) == 3
        assert made.desk.messages == []
    assert slept == [REST]


async def test_links_of_the_past_are_read_as_backlog(tmp_path: Path) -> None:
    """Pages that a page of the past links are read before it turns the next one."""
    read: list[str] = []

    async def follow(fetch: Fetch, one: object, now: datetime, *, before: Remembered | None = None) -> Harvest:
        read.append(getattr(one, "url", ""))
        await follow_nothing(fetch, link("x"), now, before=before)
        return Harvest(documents=(old("linked"),))

    spider = Chronicle([Harvest(links=(link("linked", published_at=OLD),))])
    with rig(tmp_path, {"ledger": spider}, follow=follow) as made:
        done, _ = await read_back(made)

        assert (done.row.documents, done.new, len(read)) == (1, 1, 1)
        assert archived(made) == [("About linked", True)]
        assert made.desk.messages == []


async def test_what_is_of_the_last_days_is_left_to_the_polls(tmp_path: Path) -> None:
    """A letter of yesterday that came by a backfill would never be news."""
    late = old("late", published_at=NOON - HOUR)
    spider = Chronicle([Harvest(documents=(old("a"), late))], news=Harvest(documents=(late,)))
    with rig(tmp_path, {"ledger": spider}) as made:
        await run_pass(made.pipeline, await claim(made.pipeline, NOON - HOUR, limit=1), NOON - HOUR)
        await read_back(made)
        assert archived(made) == [("About a", True)]

        spider.news = Harvest(documents=(old("first"),))
        await _look(made, NOON)
        spider.news = Harvest(documents=(late,))
        await _look(made, NOON + HOUR)
        assert [message.headline for message in made.desk.messages] == ["About late"]


async def _look(made: Rig, now: datetime) -> None:
    await run_pass(made.pipeline, [made.stores.store.source("ledger")], now)


async def test_it_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """A page that stays out of reach ends the run, with the reason; the next run asks for that page first."""
    gone = Unreachable("HTTP 500", url="https://news.example/api?page=2", status=500)
    pages = [Harvest(documents=(old("a"),)), Harvest(documents=(old("b"),)), Harvest(documents=(old("c"),))]
    spider = Chronicle(pages, broken=gone)
    with rig(tmp_path, {"ledger": spider}) as made:
        stopped, slept = await read_back(made)
        assert (stopped.row.done, stopped.row.pages) == (False, 1)
        assert stopped.stopped is not None
        assert "HTTP 500" in stopped.stopped
        assert slept == [REST, *RETRIES]

        spider.broken, spider.asked = None, []
        row = made.stores.store.backfill("ledger", SINCE, None)
        assert row == stopped.row
        done, _ = await read_back(made, row)
        assert (done.row.done, done.row.pages, done.row.documents) == (True, 3, 3)
        assert spider.asked == ["1", "2"]
        assert made.stores.store.backfill("ledger", SINCE, None) is None
        assert made.stores.store.backfill("ledger", SINCE, UNTIL) == done.row


async def test_a_page_that_fails_once_is_tried_again(tmp_path: Path) -> None:
    """And a host that names a time gets it."""
    busy = Unreachable("HTTP 429", status=429, retry_at=NOON + timedelta(seconds=90))
    spider = Chronicle([busy, Harvest(documents=(old("a"),))])
    with rig(tmp_path, {"ledger": spider}) as made:
        done, slept = await read_back(made)

    assert (done.row.done, done.row.pages) == (True, 2)
    assert slept == [90.0, REST]


async def test_a_host_that_wants_a_long_pause_is_not_waited_for(tmp_path: Path) -> None:
    """The command ends and says so."""
    busy = Unreachable("HTTP 503", status=503, retry_at=NOON + LONGEST_PAUSE + HOUR)
    with rig(tmp_path, {"ledger": Chronicle([busy])}) as made:
        done, slept = await read_back(made)

    assert done.stopped == "HTTP 503"
    assert slept == []


async def test_a_pause_that_its_host_asks_for_is_no_failed_try(tmp_path: Path) -> None:
    """Nothing was asked, and nothing is slept for in vain: after each pause the page is asked for again."""
    minute = timedelta(seconds=60)
    asked: list[int] = []

    class Busy(Chronicle):
        async def history(self, fetch: Fetch, cursor: str | None, since: date, until: date, now: datetime) -> Leaf:
            asked.append(1)
            if len(asked) <= 6:
                msg = "wants no request"
                raise Held(msg, retry_at=now + minute)
            return await super().history(fetch, cursor, since, until, now)

    with rig(tmp_path, {"ledger": Busy([Harvest(documents=(old("a"),))])}) as made:
        done, slept = await read_back(made)

    assert done.row.done
    assert slept == [60.0] * 6


async def test_running_it_twice_adds_nothing(tmp_path: Path) -> None:
    """A process that died between a page and its place reads that page again."""
    spider = Chronicle([Harvest(documents=(old("a"),))])
    with rig(tmp_path, {"ledger": spider}) as made:
        await read_back(made)
        again, _ = await read_back(made)

        assert (again.new, len(archived(made))) == (0, 1)


def test_the_last_day_is_two_days_ago() -> None:
    """By the calendar of UTC, in which the archive keeps its times."""
    assert latest_day(datetime.fromisoformat("2017-08-03T23:30:00-05:00")) == date(2017, 8, 2)
