from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from facts.alert import Reason
from facts.errors import Blocked, Forbidden, Held, SourceError, StorageError, Unreachable
from facts.visit import Harvest, Link, LinkKind, Outcome, Remembered
from scheduler.cadence import MOST_LOST
from scheduler.habits import Habits
from scheduler.passes import run_pass, settle
from scheduler.polling import claim, claim_links, follow_link, in_words, poll
from spiders.fetching import Fetch
from storage.protocols import Search
from storage.work import PendingLink, SourceState
from tests.facts.samples import NOON
from tests.scheduler.rig import FIRST, HOUR, URL, Rig, ScriptedSpider, link, page, rig


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
    kept = Remembered(
        url=URL, etag='W/"a b"', last_modified="Thu, 03 Aug 2017 16:00:00 GMT", body_digest="0" * 64, whole_at=NOON
    )
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


@pytest.mark.parametrize(
    ("words", "url", "expected"),
    [
        ("HTTP 404 Not Found", "https://a.example/feed?key=1", "HTTP 404 Not Found (https://a.example/feed)"),
        ("a.example could not be reached", "https://a.example/feed", "a.example could not be reached"),
        ("a bot wall", "", "a bot wall"),
        ("not fetched", "http://[", "not fetched"),
    ],
)
def test_an_error_says_where_it_happened(words: str, url: str, expected: str) -> None:
    """Once, and without the query, which can hold a key."""
    assert expected == in_words(Unreachable(words, url=url))


class Pages:
    """A follower that finds or fails by address."""

    def __init__(self, outcomes: dict[str, Harvest | Exception]) -> None:
        self.outcomes = outcomes
        self.asked: list[str] = []

    async def __call__(self, fetch: Fetch, link: Link, now: datetime, *, before: Remembered | None = None) -> Harvest:
        """Read one link."""
        del fetch, now, before
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
    spider = ScriptedSpider([FIRST, Harvest(links=(link("page"),))])
    with rig(tmp_path, {"ledger": spider}, follow=pages) as made:
        await look(made)
        await look(made, NOON + HOUR)
        assert pages.asked == ["page", "pdf"]
        await look(made, NOON + HOUR + timedelta(minutes=1))

        assert [message.url for message in made.desk.messages] == [URL + "pdf"]
    assert pages.asked == ["page", "pdf"]


@pytest.mark.parametrize(
    ("error", "tries"),
    [
        (Unreachable("410", status=410), 1),
        (Unreachable("404", status=404), 5),
        (Blocked("a bot wall"), 5),
        (Unreachable("reset"), 8),
        (Unreachable("503", status=503), 8),
        (Forbidden("robots.txt"), 1),
        (RuntimeError("a bug"), 8),
    ],
)
async def test_a_page_that_refuses_us_leaves_its_summary(tmp_path: Path, error: Exception, tries: int) -> None:
    """After one try when it will not change, some when it may, many on a bad day; its feed's words stay."""
    pages = Pages({"page": error})
    with rig(tmp_path, {"ledger": ScriptedSpider([Harvest(links=(link("page"),))])}, follow=pages) as made:
        await look(made)
        for hours in range(1, 60):
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


def letter_link(name: str, **changes: Any) -> Link:
    """Return a link to a letter."""
    return link(name, kind=LinkKind.LETTER, **changes)


async def test_R19_an_empty_first_visit_makes_no_back_catalogue_news(tmp_path: Path) -> None:
    """A feed that was broken for a day; what comes after the first visit that brought something is news."""
    old, new = page("old", "A letter to Stockton."), page("new", "Another letter to Stockton.")
    spider = ScriptedSpider([Harvest(), Harvest(documents=(old,)), Harvest(documents=(old, new))])
    with rig(tmp_path, {"ledger": spider}) as made:
        for hours in range(3):
            await look(made, NOON + hours * HOUR)

        assert [message.url for message in made.desk.messages] == [URL + "new"]


async def test_a_letter_outlasts_a_host_that_is_down_for_a_day(tmp_path: Path) -> None:
    """It is read when its host is back, and alerts then."""
    pages = Pages({"pdf": Unreachable("connection refused")})
    with rig(tmp_path, {"ledger": ScriptedSpider([FIRST, Harvest(links=(letter_link("pdf", summary=""),))])}) as made:
        pipeline = replace(made.pipeline, follow=pages)
        await run_pass(pipeline, await claim(pipeline, NOON, limit=9), NOON)
        await run_pass(pipeline, await claim(pipeline, NOON + HOUR, limit=9), NOON + HOUR)
        for hours in range(2, 26):
            await settle(pipeline, NOON + hours * HOUR)
        assert made.desk.messages == []
        pages.outcomes["pdf"] = Harvest(documents=(page("pdf", "A letter to Stockton."),))
        for hours in range(26, 60):
            await settle(pipeline, NOON + hours * HOUR)

        assert [message.url for message in made.desk.messages] == [URL + "pdf"]


async def test_a_refusal_leaves_the_summary_at_once_and_the_page_replaces_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody waits for a page that may come; when it does, it is version 2."""
    pages = Pages({"page": Unreachable("403", status=403)})
    spider = ScriptedSpider([FIRST, Harvest(links=(link("page"),))])
    with rig(tmp_path, {"ledger": spider}, follow=pages) as made:
        await look(made)
        await look(made, NOON + HOUR)
        assert [message.url for message in made.desk.messages] == [URL + "page"]
        assert "its summary is kept meanwhile; next try at 2017-08-03 17:01 UTC" in caplog.text
        pages.outcomes["page"] = Harvest(documents=(page("page", "A letter to Stockton. All of it."),))
        await settle(made.pipeline, NOON + 2 * HOUR)
        kept = made.stores.catalogue.versions(URL + "page")

        assert [one.text for one in kept] == ["A letter to Stockton.", "A letter to Stockton. All of it."]
        assert len(made.desk.messages) == 1


async def test_a_summary_never_replaces_the_page_itself(tmp_path: Path) -> None:
    """An entry that was edited while its page refuses us makes no version of its few words."""
    pages = Pages({"page": Harvest(documents=(page("page", "A letter to Stockton. All of it."),))})
    edited = link("page", summary="A letter, edited.")
    spider = ScriptedSpider([FIRST, Harvest(links=(link("page"),)), Harvest(links=(edited,))])
    with rig(tmp_path, {"ledger": spider}, follow=pages) as made:
        await look(made)
        await look(made, NOON + HOUR)
        pages.outcomes["page"] = Unreachable("410", status=410)
        await look(made, NOON + 2 * HOUR)

        # The edited entry, and a look at the page that was read.
        assert pages.asked == ["page", "page", "page"]
        assert len(made.stores.catalogue.versions(URL + "page")) == 1


@pytest.mark.parametrize(("kind", "told"), [(LinkKind.LETTER, 2), (LinkKind.PAGE, 0)])
async def test_the_operator_hears_of_each_letter_that_is_given_up(tmp_path: Path, kind: LinkKind, told: int) -> None:
    """Once each, with its address and the error; not of pages, nor of what a first visit found."""
    pages = Pages(dict.fromkeys(("old", "one", "two"), Unreachable("HTTP 410 Gone", status=410)))
    links = [link(name, kind=kind, summary="") for name in ("old", "one", "two")]
    spider = ScriptedSpider([Harvest(links=tuple(links[:1])), Harvest(links=tuple(links))])
    with rig(tmp_path, {"ledger": spider}, follow=pages) as made:
        await look(made)
        await look(made, NOON + HOUR)
        await settle(made.pipeline, NOON + 90 * HOUR)
        messages = made.desk.messages

    assert [(one.reason, one.source) for one in messages] == [(Reason.SOURCE_FAILING, "ledger")] * told
    assert [URL + name in one.headline for name, one in zip(("one", "two"), messages, strict=False)] == [True] * told
    assert all("HTTP 410 Gone" in one.headline for one in messages)


class Poisoned:
    """A store that one document or finished visit trips."""

    def __init__(self, store: Any, method: str, error: Exception) -> None:
        self._store = store
        self._method = method
        self._error = error

    def __getattr__(self, name: str) -> Any:
        if name == self._method:
            return self._trip
        return getattr(self._store, name)

    def _trip(self, first: Any, *rest: Any, **named: Any) -> Any:
        if "poison" in repr(first) + repr(rest):
            raise self._error
        return getattr(self._store, self._method)(first, *rest, **named)


@pytest.mark.parametrize("method", ["keep", "finish_visits"])
async def test_a_bug_while_a_visit_is_kept_is_recorded(tmp_path: Path, method: str) -> None:
    """The visit failed, its source waits for its next turn, and the operator can look it up."""
    spider = ScriptedSpider([Harvest(documents=(page("poison", "Text."),), links=(link("poison"),))])
    with rig(tmp_path, {"ledger": spider}) as made:
        pipeline = replace(
            made.pipeline, store=Poisoned(made.pipeline.store, method, ValueError("a bug in the archive"))
        )
        visit, snapshots = await poll(pipeline, (await claim(pipeline, NOON, limit=9))[0], NOON)

        assert (visit.outcome, snapshots) == (Outcome.FAILED, 0)
        assert made.stores.catalogue.visits("ledger", 9) == [visit]
        assert visit.error == "internal error: ValueError('a bug in the archive')"
        assert await claim(pipeline, NOON + timedelta(minutes=10), limit=9) == []


@pytest.mark.parametrize("method", ["keep", "finish_link"])
async def test_a_bug_while_a_page_is_kept_is_recorded(tmp_path: Path, method: str) -> None:
    """The link is put off with its error, even when its summary trips the archive too, and given up in the end."""
    pages = Pages({"poison": Harvest(documents=(page("poison", "Text."),))})
    with rig(tmp_path, {"ledger": ScriptedSpider([Harvest(links=(link("poison"),))])}, follow=pages) as made:
        pipeline = replace(
            made.pipeline, store=Poisoned(made.pipeline.store, method, ValueError("a bug in the archive"))
        )
        await run_pass(pipeline, await claim(pipeline, NOON, limit=9), NOON)
        for hours in range(1, 60):
            await settle(pipeline, NOON + hours * HOUR)
        ((given_up, error),) = made.stores.catalogue.given_up_links(9)

    assert len(pages.asked) == 8
    assert (given_up.url, error) == (URL + "poison", "internal error: ValueError('a bug in the archive')")


async def test_what_the_archive_cannot_take_now_is_left_to_the_lease(tmp_path: Path) -> None:
    """A full disk is no fault of the source or the page: nothing is recorded against them."""
    found = Harvest(documents=(page("poison", "Text."),))
    with rig(tmp_path, {"ledger": ScriptedSpider([found])}, follow=Pages({"page": found})) as made:
        full = Poisoned(made.pipeline.store, "keep", StorageError("the disk is full; make room"))
        pipeline = replace(made.pipeline, store=full)
        with pytest.raises(StorageError):
            await poll(pipeline, made.stores.store.source("ledger"), NOON)
        with pytest.raises(StorageError):
            await follow_link(pipeline, PendingLink(link=link("page"), backlog=False, attempt=0), NOON)

        assert made.stores.store.source("ledger").failures == 0
        assert made.stores.catalogue.given_up_links(9) == []


async def test_a_page_that_brings_its_reader_down_is_not_read_for_ever(tmp_path: Path) -> None:
    """After so many lost leases its summary stands in, unread."""
    pages = Pages({})
    spider = ScriptedSpider([FIRST, Harvest(links=(link("page"),))])
    with rig(tmp_path, {"ledger": spider}, follow=pages) as made:
        for hours in range(2):
            for row in await claim(made.pipeline, NOON + hours * HOUR, limit=9):
                await poll(made.pipeline, row, NOON + hours * HOUR)
        for _ in range(MOST_LOST):
            assert len(await claim_links(made.pipeline, NOON + HOUR, limit=9)) == 1
            made.stores.store.free_leases()
        await settle(made.pipeline, NOON + HOUR)

        assert pages.asked == []
        assert [message.url for message in made.desk.messages] == [URL + "page"]
        assert f"ended {MOST_LOST} times in a row" in made.stores.catalogue.given_up_links(9)[0][1]


async def test_a_clock_that_was_ahead_stops_no_source(tmp_path: Path) -> None:
    """A visit in 2036 does not keep its source from its turn today; a host's own day of rest does."""
    rest = [Unreachable("429", status=429, retry_at=NOON + timedelta(hours=24))]
    with rig(tmp_path, {"ledger": ScriptedSpider([FIRST]), "rests": ScriptedSpider(rest)}) as made:
        await poll(made.pipeline, made.stores.store.source("ledger"), NOON + timedelta(days=7000))
        await poll(made.pipeline, made.stores.store.source("rests"), NOON)

        assert [row.name for row in await claim(made.pipeline, NOON, limit=9)] == ["ledger"]


async def test_what_followed_pages_took_is_counted(tmp_path: Path) -> None:
    """Requests, bytes and documents of visits and pages are one sum."""
    read = Harvest(documents=(page("page", "Text."),), requests=1, bytes=100)
    found = Harvest(links=(link("page"), link("other")), requests=2, bytes=30)
    pages = Pages({"page": read, "other": Unreachable("403", status=403)})
    with rig(tmp_path, {"ledger": ScriptedSpider([found])}, follow=pages) as made:
        done = await run_pass(made.pipeline, await claim(made.pipeline, NOON, limit=9), NOON)

    assert (done.requests, done.bytes, done.documents, done.snapshots) == (3, 130, 2, 2)


async def test_a_page_whose_host_wants_a_pause_waits_and_loses_no_try(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is due when the pause is over, at its first try; nothing is warned of and no summary is kept."""
    pages = Pages({"page": Held("wants no request", retry_at=NOON + 2 * HOUR)})
    spider = ScriptedSpider([FIRST, Harvest(links=(link("page"),))])
    with rig(tmp_path, {"ledger": spider}, follow=pages) as made:
        await look(made)
        await look(made, NOON + HOUR)
        early = await claim_links(made.pipeline, NOON + 2 * HOUR - timedelta(seconds=1), limit=10)
        due = await claim_links(made.pipeline, NOON + 2 * HOUR, limit=10)

        assert early == []
        assert [(pending.link.title, pending.attempt) for pending in due] == [("About page", 0)]
        assert made.stores.catalogue.versions(URL + "page") == []
    # Another test may have left the level of the log at INFO.
    warned = [record for record in caplog.records if record.levelno > logging.INFO]
    assert [record for record in warned if "wants no request" in record.getMessage()] == []


async def test_a_source_whose_host_wants_a_pause_is_as_it_was(tmp_path: Path) -> None:
    """The visit is recorded; no failure is counted, and it is due when the pause is over. Since when is noted."""
    spider = ScriptedSpider([FIRST, Held("wants no request", retry_at=NOON + 3 * HOUR)])
    with rig(tmp_path, {"ledger": spider}) as made:
        await look(made)
        before = made.stores.store.source("ledger")
        await look(made, NOON + HOUR)
        after, visit = made.stores.store.source("ledger"), made.stores.catalogue.visits("ledger", 1)[0]

        assert Habits.read(after.habits).held_since == NOON + HOUR
        assert replace(after, habits=before.habits) == replace(before, next_poll_at=NOON + 3 * HOUR)
        assert (visit.outcome, visit.error, visit.requests) == (Outcome.HELD, "wants no request", 0)
        assert made.desk.messages == []


async def test_what_is_gone_is_told_at_once(tmp_path: Path) -> None:
    """Not after three polls, which would be three days."""
    with rig(tmp_path, {"ledger": ScriptedSpider([Unreachable("HTTP 410 Gone", status=410)])}) as made:
        await look(made)

        assert [message.reason for message in made.desk.messages] == [Reason.SOURCE_FAILING]
        assert made.stores.catalogue.visits("ledger", 1)[0].outcome is Outcome.GONE
        assert made.stores.store.source("ledger").next_poll_at == NOON + 24 * HOUR
