"""Health: when a source is said to fail, and when to have recovered. Told once each, never once a poll."""

from __future__ import annotations

from dataclasses import replace

from facts.alert import Reason
from facts.visit import Outcome, Visit
from storage.protocols import SourceRow, SourceState

#: Failed visits in a row until a source is said to fail: one lost packet is no news.
FAILURES_UNTIL_FAILING = 3


def after_visit(row: SourceRow, visit: Visit) -> tuple[SourceRow, Reason | None]:
    """Return the source's row after a visit, and the turn to tell of, if it turned. `next_poll_at` is left alone.

    A source counts as visited once a visit brought documents or links. After an empty first visit it stays unvisited,
    however long that lasts: a feed that was only broken for a day must not make its whole back catalogue news. The
    price is that the first entry of a page which really was empty is backlog too.
    """
    if visit.outcome in (Outcome.FAILED, Outcome.BLOCKED):
        return _failed(row, visit)
    turned = row.state is SourceState.FAILING
    better = replace(
        row,
        state=SourceState.OK,
        turned_at=visit.at if row.state is not SourceState.OK else row.turned_at,
        failures=0,
        last_ok_at=visit.at,
        last_visit_at=visit.at,
        # Of a visit that brought home all but a part: nothing fails, and what was odd can be looked up.
        last_error=visit.error,
        visited=row.visited or visit.outcome is Outcome.FRESH,
    )
    return better, Reason.SOURCE_RECOVERED if turned else None


def _failed(row: SourceRow, visit: Visit) -> tuple[SourceRow, Reason | None]:
    failures = row.failures + 1
    # A bot wall does not go away by itself, and looks like success to everything else: told at once.
    fails = visit.outcome is Outcome.BLOCKED or failures >= FAILURES_UNTIL_FAILING
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
