"""Health: when a source is said to fail, and when to have recovered. Told once each, never once a poll.

A source fails that cannot be read, and one that can be read and ails: what that is, `vitals` says.
"""

from __future__ import annotations

from dataclasses import replace

from facts.alert import Reason
from facts.visit import Outcome, Visit
from scheduler.habits import Habits
from storage.work import SourceRow, SourceState

#: Failed visits in a row until a source is said to fail: one lost packet is no news.
FAILURES_UNTIL_FAILING = 3


def after_visit(row: SourceRow, visit: Visit) -> tuple[SourceRow, Reason | None]:
    """Return the source's row after a visit, and the turn to tell of, if it turned. `next_poll_at` is left alone.

    A source counts as visited once a visit brought documents or links. After an empty first visit it stays unvisited,
    however long that lasts: a feed that was only broken for a day must not make its whole back catalogue news. The
    price is that the first entry of a page which really was empty is backlog too. Where nothing was asked, nothing is
    known anew.
    """
    if visit.outcome is Outcome.HELD:
        return row, None
    if visit.outcome.failed:
        return _failed(row, visit)
    ailment = Habits.read(row.habits).ailment
    ails = ailment is not None and ailment.fails
    turned = ails is not (row.state is SourceState.FAILING)
    state = SourceState.FAILING if ails else SourceState.OK
    better = replace(
        row,
        state=state,
        turned_at=visit.at if row.state is not state else row.turned_at,
        failures=0,
        last_ok_at=visit.at,
        last_visit_at=visit.at,
        # Of a visit that brought home all but a part: nothing fails, and what was odd can be looked up.
        last_error="; ".join(filter(None, (ailment.words if ailment else None, visit.error))) or None,
        visited=row.visited or visit.outcome is Outcome.FRESH,
    )
    if not turned:
        return better, None
    return better, Reason.SOURCE_FAILING if ails else Reason.SOURCE_RECOVERED


def _failed(row: SourceRow, visit: Visit) -> tuple[SourceRow, Reason | None]:
    failures = row.failures + 1
    # A bot wall does not go away by itself, and looks like success to everything else. Gone is gone. Told at once.
    fails = visit.outcome in (Outcome.BLOCKED, Outcome.GONE) or failures >= FAILURES_UNTIL_FAILING
    turned = fails and row.state is not SourceState.FAILING
    worse = replace(
        row,
        state=SourceState.FAILING if fails else row.state,
        turned_at=visit.at if turned else row.turned_at,
        failures=failures,
        last_visit_at=visit.at,
        last_error=visit.error,
    )
    return worse, Reason.SOURCE_FAILING if turned else None
