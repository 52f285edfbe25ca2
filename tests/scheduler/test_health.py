from __future__ import annotations

from datetime import timedelta

import pytest

from facts.alert import Reason
from facts.visit import Outcome, Visit
from scheduler.health import FAILURES_UNTIL_FAILING, after_visit
from storage.work import SourceRow, SourceState
from tests.facts.samples import NOON

HOUR = timedelta(hours=1)
NEW = SourceRow(name="doj", next_poll_at=NOON)


def look(
    row: SourceRow, outcome: Outcome, minutes: int = 0, *, wait: timedelta | None = None
) -> tuple[SourceRow, Reason | None]:
    """Return the row after one visit with this outcome; `wait` is how long the host wants no request."""
    error = None if outcome in (Outcome.FRESH, Outcome.UNCHANGED, Outcome.EMPTY) else f"{outcome} at {minutes}"
    visit = Visit(source="doj", at=NOON + timedelta(minutes=minutes), outcome=outcome, error=error)
    return after_visit(row, visit, not_before=visit.at + wait if wait is not None else None)


def test_one_lost_packet_is_no_news() -> None:
    """A failure is recorded with its error; the source still counts as it did."""
    row, turn = look(NEW, Outcome.FAILED)

    assert turn is None
    assert (row.state, row.failures, row.last_error) == (SourceState.NEW, 1, "failed at 0")
    assert not row.visited


def test_a_source_that_keeps_failing_is_told_once() -> None:
    """The turn is told at the third failure in a row and not again."""
    row, turns = NEW, []
    for minute in range(6):
        row, turn = look(row, Outcome.FAILED, minute)
        turns.append(turn)

    assert turns == [None] * (FAILURES_UNTIL_FAILING - 1) + [Reason.SOURCE_FAILING, None, None, None]
    assert row.turned_at == NOON + timedelta(minutes=2)


def test_a_bot_wall_is_told_at_once() -> None:
    """It looks like success to everything else and does not go away by itself."""
    row, turn = look(NEW, Outcome.BLOCKED)

    assert (row.state, turn) == (SourceState.FAILING, Reason.SOURCE_FAILING)


def test_recovery_is_told_once() -> None:
    """A good visit clears the failures; the next good one is no news."""
    failing, _ = look(NEW, Outcome.BLOCKED)

    well, turn = look(failing, Outcome.FRESH, 5)
    _, again = look(well, Outcome.FRESH, 10)

    assert (turn, again) == (Reason.SOURCE_RECOVERED, None)
    assert (well.state, well.failures, well.last_error, well.visited) == (SourceState.OK, 0, None, True)
    assert (well.turned_at, well.last_ok_at) == (NOON + timedelta(minutes=5), NOON + timedelta(minutes=5))


def test_an_empty_feed_is_no_failure() -> None:
    """A valid feed without entries is normal for some; its state becomes ok."""
    row, turn = look(NEW, Outcome.EMPTY)

    assert (row.state, turn) == (SourceState.OK, None)


def test_a_source_is_visited_once_it_brought_something() -> None:
    """Empty and failed visits leave the back catalogue backlog; what was visited once stays so."""
    row, visited = NEW, []
    for outcome in (Outcome.EMPTY, Outcome.UNCHANGED, Outcome.FAILED, Outcome.FRESH, Outcome.EMPTY, Outcome.FAILED):
        row, _ = look(row, outcome)
        visited.append(row.visited)

    assert visited == [False, False, False, True, True, True]


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.HELD])
def test_a_host_that_wants_no_request_for_a_week_is_told_at_once(outcome: Outcome) -> None:
    """Else the source would be silent for that week, after one failure or none. For an hour it may."""
    well, _ = look(NEW, Outcome.FRESH)

    shortly, short = look(well, outcome, 30, wait=HOUR)
    failing, turn = look(well, outcome, 30, wait=7 * 24 * HOUR)
    _, again = look(failing, outcome, 60, wait=7 * 24 * HOUR)
    mended, back = look(failing, Outcome.UNCHANGED, 90)

    assert (shortly.state, short) == (SourceState.OK, None)
    assert (failing.state, turn, again) == (SourceState.FAILING, Reason.SOURCE_FAILING, None)
    assert failing.last_error == f"{outcome} at 30"
    assert (mended.state, back) == (SourceState.OK, Reason.SOURCE_RECOVERED)


@pytest.mark.parametrize("known", [True, False])
def test_a_source_that_is_never_asked_is_told_after_a_day(*, known: bool) -> None:
    """Its host says "in an hour" each hour, to another of its sources; told once."""
    row = look(NEW, Outcome.FRESH)[0] if known else NEW
    turns = []
    for hour in range(1, 40):
        row, turn = look(row, Outcome.HELD, 60 * hour, wait=HOUR)
        turns.append(turn)

    assert [hour for hour, turn in enumerate(turns, 1) if turn] == [26]
    assert row.failures == 0


def test_a_pause_counts_from_its_own_beginning() -> None:
    """A source that is asked once a day, or was not for a week of no service, is not told for a minute's pause.

    Nor do two pauses with an answer or a failure between them count as one.
    """
    row, _ = look(NEW, Outcome.FRESH)
    turns: list[Reason | None] = []
    for outcome in (Outcome.HELD, Outcome.FAILED, Outcome.HELD):
        row, turn = look(row, outcome, 7 * 24 * 60 + 20 * 60 * len(turns), wait=timedelta(minutes=1))
        turns.append(turn)

    assert turns == [None, None, None]
    assert look(row, Outcome.HELD, 8 * 24 * 60 + 20 * 60, wait=HOUR)[1] is None
    assert look(row, Outcome.HELD, 10 * 24 * 60, wait=HOUR)[1] is Reason.SOURCE_FAILING
    # A clock that went ahead for a while.
    back, _ = look(row, Outcome.HELD, 60, wait=HOUR)
    assert look(back, Outcome.HELD, 26 * 60, wait=HOUR)[1] is Reason.SOURCE_FAILING
