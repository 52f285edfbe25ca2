from __future__ import annotations

from datetime import timedelta

from facts.alert import Reason
from facts.visit import Outcome, Visit
from scheduler.health import FAILURES_UNTIL_FAILING, after_visit
from storage.work import SourceRow, SourceState
from tests.facts.samples import NOON

NEW = SourceRow(name="doj", next_poll_at=NOON)


def look(row: SourceRow, outcome: Outcome, minutes: int = 0) -> tuple[SourceRow, Reason | None]:
    """Return the row after one visit with this outcome."""
    error = None if outcome in (Outcome.FRESH, Outcome.UNCHANGED, Outcome.EMPTY) else f"{outcome} at {minutes}"
    return after_visit(row, Visit(source="doj", at=NOON + timedelta(minutes=minutes), outcome=outcome, error=error))


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
