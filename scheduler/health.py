"""Health: when a source is said to fail, and when to have recovered. Told once each, never once a poll.

A source fails that cannot be read, and one that can be read and ails: what that is, `vitals` says.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from facts.alert import Reason
from facts.visit import Outcome, Visit
from scheduler.habits import Habits, held
from storage.work import SourceRow, SourceState

#: Failed visits in a row until a source is said to fail: one lost packet is no news.
FAILURES_UNTIL_FAILING = 3
#: How long a source may go unread because its host wants no request, and nobody is told (docs/reliability.md, R22).
LONGEST_HOLD = timedelta(hours=24)


def after_visit(row: SourceRow, visit: Visit, *, not_before: datetime | None = None) -> tuple[SourceRow, Reason | None]:
    """Return the source's row after a visit, and the turn to tell of, if it turned. `next_poll_at` is left alone.

    `not_before` is the time that its host named, before which it wants no request.

    A source counts as visited once a visit brought documents or links. After an empty first visit it stays unvisited,
    however long that lasts: a feed that was only broken for a day must not make its whole back catalogue news. The
    price is that the first entry of a page which really was empty is backlog too. Where nothing was asked, nothing is
    known anew; but a source that its host keeps out for more than a day is as silent as one that is broken.
    """
    kept_out = not_before is not None and not_before - visit.at > LONGEST_HOLD
    if visit.outcome is Outcome.HELD:
        return _held(row, visit, kept_out=kept_out)
    if visit.outcome.failed:
        return _failed(held(row, None), visit, kept_out=kept_out)
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


def _held(row: SourceRow, visit: Visit, *, kept_out: bool) -> tuple[SourceRow, Reason | None]:
    # Counted from the first time that it could not be asked: before that it may have had no reason to, or the service
    # was not there.
    since = min(Habits.read(row.habits).held_since or visit.at, visit.at)
    waits = held(row, since)
    if row.last_visit_at is None:
        # Else nothing would say why it is new for so long.
        waits = replace(waits, last_error=visit.error)
    kept_out = kept_out or visit.at - since > LONGEST_HOLD
    if row.state is SourceState.FAILING or not kept_out:
        return waits, None
    worse = replace(waits, state=SourceState.FAILING, turned_at=visit.at, last_error=visit.error)
    return worse, Reason.SOURCE_FAILING


def _failed(row: SourceRow, visit: Visit, *, kept_out: bool) -> tuple[SourceRow, Reason | None]:
    failures = row.failures + 1
    # A bot wall does not go away by itself, and looks like success to everything else. Gone is gone. Told at once.
    at_once = visit.outcome in (Outcome.BLOCKED, Outcome.GONE) or kept_out
    fails = at_once or failures >= FAILURES_UNTIL_FAILING
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
