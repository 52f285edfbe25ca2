from __future__ import annotations

import logging
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from facts.alert import Reason
from facts.errors import Blocked, Forbidden, SourceError, Unreachable
from facts.visit import Harvest, Link, Outcome, Remembered
from scheduler.passes import run_pass, settle
from scheduler.polling import claim, poll
from spiders.fetching import Fetch
from storage.protocols import Search, SourceState
from tests.facts.samples import NOON
from tests.scheduler.rig import HOUR, URL, Rig, ScriptedSpider, link, page, rig


async def look(made: Rig, now: datetime = NOON) -> int:
    """Visit what is due; return how many."""
    rows = await claim(made.pipeline, now, limit=10)
    await run_pass(made.pipeline, rows, now)
    return len(rows)


async def test_a_first_visit_is_archived_and_alerts_nobody(tmp_path: Path) -> None:
    """What was there before we came is backlog; what comes next is news."""
    old, new = page("old", "A letter to Stockton."), page("new", "Another letter to Stockton.")
    spider = ScriptedSpider([Harvest(documents=(old,)), Harvest(documents=(old, new))])
    with rig(tmp_path, {"ledger": spider}) as made:
        await look(made)
        assert made.desk.messages == []
        assert [hit.snapshot.backlog for hit in made.stores.catalogue.search(Search())[0]] == [True]

        await look(made, NOON + HOUR)
        assert [message.url for message in made.desk.messages] == [URL + "new"]


async def test_a_source_is_due_when_its_interval_is_over(tmp_path: Path) -> None:
    """Not before; and the lease keeps it from being claimed twice."""
    with rig(tmp_path, {"ledger": ScriptedSpider([Harvest()])}) as made:
        assert len(await claim(made.pipeline, NOON, limit=10)) == 1
        assert await claim(made.pipeline, NOON, limit=10) == []
        await poll(made.pipeline, made.stores.store.source("ledger"), NOON)
        assert await claim(made.pipeline, NOON + HOUR - timedelta(seconds=1), limit=10) == []
        assert len(await claim(made.pipeline, NOON + HOUR, limit=10)) == 1


async def test_a_visit_is_remembered_for_the_next(tmp_path: Path) -> None:
    """Validators come back byte for byte."""
    kept = Remembered(url=URL, etag='W/"a b"', last_modified="Thu, 03 Aug 2017 16:00:00 GMT", body_digest="0" * 64)
    spider = ScriptedSpider([Harvest(remembered=(kept,))])
    with rig(tmp_path, {"ledger": spider}) as made:
        await look(made)
        await look(made, NOON + HOUR)

    assert spider.memories == [{}, {URL: kept}]


@pytest.mark.parametrize(
    ("harvest", "outcome"),
    [
        (Harvest(documents=(page("a", "Text."),)), Outcome.FRESH),
        (Harvest(links=(link("a"),)), Outcome.FRESH),
        (Harvest(not_modified=1), Outcome.UNCHANGED),
        (Harvest(unchanged=1), Outcome.UNCHANGED),
        (Harvest(requests=1, bytes=10), Outcome.EMPTY),
    ],
)
async def test_a_visit_says_how_it_ended(tmp_path: Path, harvest: Harvest, outcome: Outcome) -> None:
    """Its record holds outcome and counts."""
    with rig(tmp_path, {"ledger": ScriptedSpider([harvest])}) as made:
        await look(made)
        visit = made.stores.catalogue.visits("ledger", 1)[0]

    assert visit.outcome is outcome
    assert (visit.requests, visit.bytes, visit.documents) == (harvest.requests, harvest.bytes, len(harvest.documents))


async def test_a_failing_source_is_told_once_and_the_others_go_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """One alert when it turns, one when it recovers; the log says when it is tried again."""
    bad = ScriptedSpider([*[Unreachable("connection refused")] * 5, Harvest()])
    good = ScriptedSpider([Harvest()])
    with caplog.at_level(logging.WARNING), rig(tmp_path, {"bad": bad, "good": good}) as made:
        for day in range(7):
            await look(made, NOON + timedelta(days=day))
        told = [(message.reason, message.source, message.headline) for message in made.desk.messages]
        state = made.stores.store.source("good").state

    assert told == [
        (Reason.SOURCE_FAILING, "bad", "bad: connection refused; next try at 2017-08-05 17:00 UTC"),
        (Reason.SOURCE_RECOVERED, "bad", "bad: answers again"),
    ]
    assert (state, len(good.memories)) == (SourceState.OK, 7)
    assert "source bad: connection refused; next try at 2017-08-03 17:00 UTC" in caplog.text


async def test_a_bot_wall_is_an_event_of_its_source_and_never_a_document(tmp_path: Path) -> None:
    """The visit is recorded as blocked, the ops channel hears of it at once, the archive stays empty."""
    with rig(tmp_path, {"doj": ScriptedSpider([Blocked("a bot wall answered", source="doj")])}) as made:
        await look(made)
        assert [message.reason for message in made.desk.messages] == [Reason.SOURCE_FAILING]
        assert made.stores.catalogue.visits("doj", 1)[0].outcome is Outcome.BLOCKED
        assert made.stores.catalogue.search(Search()) == ([], 0)


async def test_a_host_that_names_a_time_is_not_asked_before(tmp_path: Path) -> None:
    """Retry-After beats the interval."""
    retry_at = NOON + timedelta(hours=5)
    with rig(tmp_path, {"ledger": ScriptedSpider([Unreachable("429", retry_at=retry_at)])}) as made:
        await look(made)
        assert made.stores.store.source("ledger").next_poll_at == retry_at


async def test_a_bug_in_one_source_is_recorded_and_stops_no_other(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The trace is logged whole; the visit failed."""
    spiders = {
        "bad": ScriptedSpider([KeyError("x")]),
        "good": ScriptedSpider([Harvest(documents=(page("a", "Text."),))]),
    }
    with rig(tmp_path, spiders) as made:
        await look(made)
        assert made.stores.catalogue.visits("bad", 1)[0].error == "internal error: KeyError('x')"
        assert made.stores.catalogue.search(Search())[1] == 1

    assert "Traceback" in caplog.text


async def test_warnings_of_a_visit_reach_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What was odd but not fatal is said with its source."""
    with rig(tmp_path, {"ledger": ScriptedSpider([Harvest(warnings=("the feed has no entries",))])}) as made:
        await look(made)

    assert "source ledger: the feed has no entries" in caplog.text


class Pages:
    """A follower that finds or fails by address."""

    def __init__(self, outcomes: dict[str, Harvest | Exception]) -> None:
        self.outcomes = outcomes
        self.asked: list[str] = []

    async def __call__(self, fetch: Fetch, link: Link, now: datetime) -> Harvest:
        """Read one link."""
        del fetch, now
        self.asked.append(link.url.removeprefix(URL))
        outcome = self.outcomes[self.asked[-1]]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


async def test_links_are_followed_to_their_letters(tmp_path: Path) -> None:
    """A page found by a visit is read, and the letter that it links; news stays news along the way."""
    pages = Pages(
        {
            "page": Harvest(documents=(page("page", "News."),), links=(link("pdf"),)),
            "pdf": Harvest(documents=(page("pdf", "A letter to Stockton."),)),
        }
    )
    spider = ScriptedSpider([Harvest(), Harvest(links=(link("page"),))])
    with rig(tmp_path, {"ledger": spider}, follow=pages) as made:
        await look(made)
        await look(made, NOON + HOUR)
        await look(made, NOON + 2 * HOUR)

        assert [message.url for message in made.desk.messages] == [URL + "pdf"]
    assert pages.asked == ["page", "pdf"]


@pytest.mark.parametrize(
    ("error", "tries"),
    [
        (Unreachable("404", status=404), 1),
        (Blocked("a bot wall"), 1),
        (Unreachable("reset"), 4),
        (Unreachable("503", status=503), 4),
        (Forbidden("robots.txt"), 1),
        (RuntimeError("a bug"), 4),
    ],
)
async def test_a_page_that_refuses_us_leaves_its_summary(tmp_path: Path, error: Exception, tries: int) -> None:
    """At once when it will not change, after three more tries when it may; the feed's own words become the document."""
    pages = Pages({"page": error})
    with rig(tmp_path, {"ledger": ScriptedSpider([Harvest(links=(link("page"),))])}, follow=pages) as made:
        await look(made)
        for hours in range(1, 9):
            await settle(made.pipeline, NOON + hours * HOUR)
        hits, _ = made.stores.catalogue.search(Search())
        given_up = made.stores.catalogue.given_up_links(10)

    assert len(pages.asked) == tries
    assert [hit.snapshot.text for hit in hits] == ["A letter to Stockton."]
    assert [found.url for found, _ in given_up] == [URL + "page"]
    assert isinstance(error, SourceError) or "internal error" in given_up[0][1]


async def test_a_link_without_a_summary_leaves_nothing(tmp_path: Path) -> None:
    """There is no document to make up."""
    gone = Pages({"page": Unreachable("410", status=410)})
    spider = ScriptedSpider([Harvest(links=(link("page", summary=""),))])
    with rig(tmp_path, {"ledger": spider}, follow=gone) as made:
        await look(made)
        assert made.stores.catalogue.search(Search())[1] == 0
