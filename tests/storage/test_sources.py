"""Sources and links: who is due, who holds what, what a visit leaves behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import StatementError

from facts.errors import NotFound
from facts.visit import Link, Outcome, Remembered, Visit
from storage.work import PendingLink, SourceRow, SourceState, VisitEnd
from tests.storage.conftest import Rig
from tests.storage.samples import HORIZON, LEASE, MINUTE, NOW, health_alert, link


def names(rows: list[SourceRow]) -> list[str]:
    """Return the sources' names."""
    return [row.name for row in rows]


def finish(rig: Rig, *links: Link, remembered: tuple[Remembered, ...] = (), **changes: object) -> SourceRow:
    """End a visit to "doj" with this row."""
    row = replace(rig.store.source("doj"), **{"visited": True, **changes})  # type: ignore[arg-type]
    visit = Visit(source="doj", at=NOW, outcome=Outcome.FRESH, documents=1, requests=2, bytes=3)
    rig.store.finish_visits([VisitEnd(visit=visit, row=row, links=links, remembered=remembered)])
    return row


def pending(rig: Rig, *, after: timedelta = timedelta(), limit: int = 9) -> list[PendingLink]:
    """Claim links."""
    return rig.store.claim_links(NOW + after, lease=LEASE, horizon=HORIZON, limit=limit)


def test_a_new_source_is_due_now(rig: Rig) -> None:
    """Registering makes a row once, and leaves what is known of a source alone."""
    rig.store.register(["doj"], NOW)
    row = finish(rig, failures=3, next_poll_at=NOW + MINUTE)

    rig.store.register(["doj", "abq", "doj"], NOW + MINUTE)

    assert rig.store.source("abq") == SourceRow(name="abq", next_poll_at=NOW + MINUTE)
    assert row == rig.store.source("doj")
    assert names(rig.catalogue.sources()) == ["abq", "doj"]


def test_a_source_that_is_no_longer_named_is_not_due(rig: Rig) -> None:
    """It keeps its row, and is due again when it is named again."""
    rig.store.register(["abq", "doj"], NOW)
    rig.store.register(["abq"], NOW)
    assert names(rig.store.claim_due(NOW, lease=LEASE, horizon=HORIZON, limit=9)) == ["abq"]

    rig.store.register([], NOW)
    rig.store.register(["doj"], NOW + MINUTE)

    assert names(rig.store.claim_due(NOW + MINUTE, lease=LEASE, horizon=HORIZON, limit=9)) == ["doj"]


def test_due_sources_are_claimed_once_and_oldest_first(rig: Rig) -> None:
    """A claim holds until its lease runs out."""
    rig.store.register(["b"], NOW - MINUTE)
    rig.store.register(["a", "b", "c"], NOW)
    rig.store.register(["a", "b", "c", "later"], NOW + 2 * LEASE)

    assert names(rig.store.claim_due(NOW, lease=LEASE, horizon=HORIZON, limit=2)) == ["b", "a"]
    assert names(rig.store.claim_due(NOW, lease=LEASE, horizon=HORIZON, limit=9)) == ["c"]
    assert names(rig.store.claim_due(NOW + LEASE - MINUTE, lease=LEASE, horizon=HORIZON, limit=9)) == []
    assert names(rig.store.claim_due(NOW + LEASE, lease=LEASE, horizon=HORIZON, limit=9)) == ["b", "a", "c"]


def test_a_finished_visit_frees_the_lease(rig: Rig) -> None:
    """The new row is what is read back, and the source is due when it says."""
    rig.store.register(["doj"], NOW)
    rig.store.claim_due(NOW, lease=LEASE, horizon=HORIZON, limit=9)

    row = finish(rig, state=SourceState.FAILING, turned_at=NOW, last_error="503", next_poll_at=NOW + MINUTE)

    assert [row] == rig.catalogue.sources()
    assert rig.store.claim_due(NOW, lease=LEASE, horizon=HORIZON, limit=9) == []
    assert names(rig.store.claim_due(NOW + MINUTE, lease=LEASE, horizon=HORIZON, limit=9)) == ["doj"]


def test_an_unknown_source_is_told(rig: Rig) -> None:
    """A name that was never registered has no row."""
    with pytest.raises(NotFound, match="'dojj' was never registered"):
        rig.store.source("dojj")


def test_a_visit_committed_twice_is_one_visit(rig: Rig) -> None:
    """Visit, links, validators, alerts and deliveries are there once."""
    rig.store.register(["doj"], NOW)
    visit = Visit(source="doj", at=NOW, outcome=Outcome.FAILED, error="503")
    row = replace(rig.store.source("doj"), visited=True)

    end = VisitEnd(
        visit=visit,
        row=row,
        links=(link(1), link(2)),
        remembered=(Remembered(url="u", etag="e"),),
        alerts=(health_alert(),),
    )
    for _ in range(2):
        rig.store.finish_visits([end])

    assert rig.catalogue.visits("doj", 9) == [visit]
    assert [each.link for each in pending(rig)] == [link(1), link(2)]
    assert len(rig.catalogue.deliveries(9)) == 1


def test_visits_that_end_together_are_one_commit(rig: Rig) -> None:
    """Each source has its own row, links and validators; one that cannot be committed takes the others with it."""
    rig.store.register(["abq", "doj"], NOW)
    finish(rig)
    rows = [
        replace(rig.store.source(name), visited=True, failures=number) for number, name in enumerate(("abq", "doj"))
    ]
    ends = [
        VisitEnd(
            visit=Visit(source=row.name, at=NOW + MINUTE, outcome=Outcome.FRESH),
            row=row,
            links=(link(row.failures, source=row.name),),
            remembered=(Remembered(url="u", etag=row.name),),
        )
        for row in rows
    ]
    broken = replace(ends[1], remembered=(replace(ends[1].remembered[0], whole_at=NOW.replace(tzinfo=None)),))

    with pytest.raises(StatementError):
        rig.store.finish_visits([ends[0], broken])
    assert rig.catalogue.visits("abq", 9) == []
    rig.store.finish_visits(ends)

    assert rig.catalogue.sources() == rows
    assert [end.visit for end in ends] == [rig.catalogue.visits(row.name, 1)[0] for row in rows]
    assert rig.store.memories(["abq", "doj"]) == [{"u": end.remembered[0]} for end in ends]
    assert {each.link.source: each.backlog for each in pending(rig, after=MINUTE)} == {"abq": True, "doj": False}


def test_no_ends_are_nothing_to_commit(rig: Rig) -> None:
    """And no error."""
    rig.store.finish_visits([])


def test_visits_newest_first(rig: Rig) -> None:
    """The last visits of the one source are returned."""
    rig.store.register(["doj", "abq"], NOW)
    for source, minutes in (("doj", 0), ("doj", 2), ("doj", 1), ("abq", 3)):
        visit = Visit(source=source, at=NOW + minutes * MINUTE, outcome=Outcome.EMPTY)
        rig.store.finish_visits([VisitEnd(visit=visit, row=rig.store.source(source))])

    assert [visit.at - NOW for visit in rig.catalogue.visits("doj", 2)] == [2 * MINUTE, MINUTE]


def test_validators_are_kept_by_address(rig: Rig) -> None:
    """The last answer of each address stands, byte for byte."""
    rig.store.register(["doj"], NOW)
    old = Remembered(url="https://doj.example/feed", etag='W/"1"', body_digest="d1")
    new = replace(old, etag='"\udc80\\x"', last_modified="yesterday")
    other = Remembered(url="https://doj.example/other")
    finish(rig, remembered=(old, other))
    finish(rig, remembered=(new,))

    assert rig.store.memories(["abq", "doj"]) == [{}, {new.url: new, other.url: other}]
    assert rig.store.memories([]) == []


def test_links_of_a_first_visit_are_backlog(rig: Rig) -> None:
    """Until a visit was completed, what a source links is no news."""
    rig.store.register(["doj"], NOW)

    finish(rig, link(1))
    finish(rig, link(1), link(2))

    assert [(each.link.title, each.backlog) for each in pending(rig)] == [("Letter 2", False), ("Letter 1", True)]


def test_an_edited_entry_is_read_again(rig: Rig) -> None:
    """A read link does not come back; the same address with other words does."""
    rig.store.register(["doj"], NOW)
    finish(rig, link(1))
    rig.store.finish_link(link(1), [], backlog=False)

    finish(rig, link(1), link(1, summary="Edited."))

    assert [each.link for each in pending(rig)] == [link(1, summary="Edited.")]


def test_links_are_claimed_oldest_first_and_once(rig: Rig) -> None:
    """A lease keeps a link from others; one that ran out counts as lost, not as a failed try, until a try ends."""
    rig.store.register(["doj"], NOW)
    finish(rig, *map(link, (3, 1, 2)))

    assert [each.link.title for each in pending(rig, limit=2)] == ["Letter 3", "Letter 1"]
    assert [(each.link.title, each.attempt) for each in pending(rig)] == [("Letter 2", 0)]
    assert pending(rig) == []
    assert [(each.attempt, each.lost) for each in pending(rig, after=LEASE)] == [(0, 1)] * 3
    assert [(each.attempt, each.lost) for each in pending(rig, after=2 * LEASE)] == [(0, 2)] * 3
    rig.store.postpone_link(link(1), error="503", retry_at=NOW)
    assert [(each.attempt, each.lost) for each in pending(rig, after=2 * LEASE)] == [(1, 0)]
    rig.store.postpone_link(link(1), error="its host wants a pause", retry_at=NOW, tried=False)
    assert [(each.attempt, each.lost) for each in pending(rig, after=2 * LEASE)] == [(1, 0)]


def test_a_restart_frees_sources_and_links(rig: Rig) -> None:
    """They are due at once; a link's unfinished try is lost and no failure, one that was put off keeps its time."""
    rig.store.register(["doj"], NOW)
    rig.store.claim_due(NOW, lease=LEASE, horizon=HORIZON, limit=9)
    finish(rig, link(1), link(2), next_poll_at=NOW)
    rig.store.claim_due(NOW, lease=LEASE, horizon=HORIZON, limit=9)
    pending(rig)
    rig.store.postpone_link(link(2), error="503", retry_at=NOW + MINUTE)

    rig.store.free_leases()

    assert names(rig.store.claim_due(NOW, lease=LEASE, horizon=HORIZON, limit=9)) == ["doj"]
    assert [PendingLink(link=link(1), backlog=True, attempt=0, lost=1)] == pending(rig)


def test_links_found_in_a_link_wait_too(rig: Rig) -> None:
    """They carry the backlog of what led to them, and finishing twice adds nothing."""
    rig.store.register(["doj"], NOW)
    finish(rig, link(1))
    pending(rig)

    for _ in range(2):
        rig.store.finish_link(link(1), [link(2)], backlog=True)

    assert [PendingLink(link=link(2), backlog=True, attempt=0)] == pending(rig)


def test_a_link_that_no_visit_found_can_be_finished(rig: Rig) -> None:
    """A backfill reads links that never waited; they are not read again when a visit finds them."""
    rig.store.finish_link(link(1), [link(2)], backlog=True)
    rig.store.register(["doj"], NOW)

    finish(rig, link(1))

    assert [each.link for each in pending(rig)] == [link(2)]


def test_a_postponed_link_waits(rig: Rig) -> None:
    """It is due again at its time, with the try counted."""
    rig.store.register(["doj"], NOW)
    finish(rig, link(1))
    pending(rig)

    rig.store.postpone_link(link(1), error="503", retry_at=NOW + MINUTE)

    assert pending(rig) == []
    assert [each.attempt for each in pending(rig, after=MINUTE)] == [1]


def test_a_given_up_link_is_listed(rig: Rig) -> None:
    """Without a time it is given up with its error, newest first, and a later failure changes nothing."""
    rig.store.register(["doj"], NOW)
    finish(rig, link(1), link(2), link(3))
    for number, error in ((1, "404"), (2, "a wall"), (2, "again")):
        rig.store.postpone_link(link(number), error=error, retry_at=None)

    assert [(link(2), "a wall"), (link(1), "404")] == rig.catalogue.given_up_links(9)
    assert [(link(2), "a wall")] == rig.catalogue.given_up_links(1)
    assert [each.link for each in pending(rig, after=LEASE)] == [link(3)]


def test_a_hostile_link_is_found_again(rig: Rig) -> None:
    """Text that no database holds changes neither the id under which a link is finished, nor its count."""
    hostile = replace(link(1), title="\0\ud800", summary="\udfff", url="https://doj.example/\0", parent="\0")
    rig.store.register(["doj"], NOW)
    finish(rig, hostile, hostile)

    (found,) = pending(rig)
    rig.store.finish_link(hostile, [], backlog=False)

    assert found.link.title == "\ufffd\ufffd"
    assert pending(rig, after=LEASE) == []


def test_an_edited_entry_of_a_first_visit_stays_backlog(rig: Rig) -> None:
    """While its page was not read, whether it waits or was given up; one that was read is compared to its document."""
    rig.store.register(["doj", "abq"], NOW)
    finish(rig, link(1), link(2), link(3))
    rig.store.postpone_link(link(2), error="403", retry_at=None)
    rig.store.finish_link(link(3), [], backlog=True)

    edited = [link(number, summary="Edited.") for number in (1, 2, 3, 4)]
    finish(rig, *edited)

    found = dict(rig.rows("SELECT id, backlog FROM links"))
    assert [found[each.id] for each in edited] == [True, True, False, False]


def test_one_source_never_takes_all_the_places(rig: Rig) -> None:
    """At most four of a source are held, those already leased included; news goes before backlog."""
    rig.store.register(["doj", "abq", "sun"], NOW)
    finish(rig, *map(link, range(9)))
    finish(rig, link(20))
    for source, minutes in (("abq", 1), ("sun", 2)):
        visit = Visit(source=source, at=NOW + minutes * MINUTE, outcome=Outcome.FRESH)
        row = rig.store.source(source)
        rig.store.finish_visits([VisitEnd(visit=visit, row=row, links=(link(30, source=source),))])

    def claimed(limit: int) -> list[str]:
        return [each.link.title for each in pending(rig, after=3 * MINUTE, limit=limit)]

    assert claimed(2) == ["Letter 20", "Letter 0"]
    assert claimed(9) == ["Letter 1", "Letter 2", "Letter 30", "Letter 30"]
    assert claimed(9) == []
    rig.store.finish_link(link(0), [], backlog=True)
    assert claimed(9) == ["Letter 3"]


def test_links_of_a_removed_source_wait(rig: Rig) -> None:
    """They are read again when it is named again."""
    rig.store.register(["doj"], NOW)
    finish(rig, link(1))

    rig.store.register(["abq"], NOW)
    assert pending(rig) == []

    rig.store.register(["doj"], NOW)
    assert [each.link for each in pending(rig)] == [link(1)]


def test_times_that_a_clock_ahead_left_are_due(rig: Rig) -> None:
    """A next poll, a link's next try and their leases beyond what is sensible stop nothing; those within it hold."""
    rig.store.register(["abq", "doj"], NOW)
    finish(rig, link(1), link(2), next_poll_at=NOW + HORIZON + MINUTE)
    visit = Visit(source="abq", at=NOW, outcome=Outcome.EMPTY)
    row = replace(rig.store.source("abq"), next_poll_at=NOW + HORIZON)
    rig.store.finish_visits([VisitEnd(visit=visit, row=row)])
    rig.store.postpone_link(link(1), error="503", retry_at=NOW + HORIZON)
    rig.store.postpone_link(link(2), error="503", retry_at=NOW + HORIZON + MINUTE)

    later = timedelta(days=7000)
    assert names(rig.store.claim_due(NOW, lease=LEASE, horizon=HORIZON, limit=9)) == ["doj"]
    assert len(pending(rig)) == 1
    assert len(pending(rig, after=later)) == 2
    assert [row.name for row in rig.store.claim_due(NOW + later, lease=LEASE, horizon=HORIZON, limit=9)]
    assert len(pending(rig)) == 1
    assert names(rig.store.claim_due(NOW, lease=LEASE, horizon=HORIZON, limit=9)) == ["doj"]


def test_a_given_up_letter_is_told_with_its_end(rig: Rig) -> None:
    """The alert and its delivery are committed with the link, once."""
    rig.store.register(["doj"], NOW)
    finish(rig, link(1))

    for _ in range(2):
        rig.store.postpone_link(link(1), error="410", retry_at=None, alerts=[health_alert()])

    assert len(rig.catalogue.deliveries(9)) == 1
