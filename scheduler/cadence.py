"""Cadence: when to look again. Pure functions of what happened and the time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from facts.errors import Blocked, Forbidden, Held, SourceError, Unreadable
from scheduler.rhythm import most_of
from spiders.answers import MAX_FRESH, MAX_RETRY_AFTER

#: A source that fails is asked ever more seldom, but never less than this often (or its own interval, if longer).
LONGEST_WAIT = timedelta(hours=1)
#: The same for one that refuses us or is not there (401, 403, 404, 451): that changes more slowly.
LONGEST_REFUSED = timedelta(hours=6)
#: An address that is gone for good (410) is looked at once a day, since even that may be a mistake.
GONE_WAIT = timedelta(days=1)
#: Polls are spread by up to this share of their interval, so that sources with one interval do not run in step.
SPREAD = 0.1
#: When a link is tried again after its first failure, its second and so on; then it is given up. About two days in
#: all: a letter that is news must outlast a host's bad weekend.
LINK_RETRIES = (
    timedelta(minutes=1),
    timedelta(minutes=10),
    *(timedelta(hours=hours) for hours in (1, 3, 6, 12, 24)),
)
#: How many of these waits a refusal is given: a CDN may be early and a challenge may pass, within some hours.
REFUSAL_RETRIES = 4
#: Failed tries after which what the listing said of a page stands in for it, though its host may only be down.
PATIENCE = 3
#: Leases in a row that may end before the try did: a page that brings its reader down must not do so for ever.
MOST_LOST = 50
#: A link due later than this was put off by a clock that went ahead: twice the longest wait, and Retry-After.
LINK_HORIZON = 2 * max(LINK_RETRIES) + MAX_RETRY_AFTER

#: Gone (RFC 9110, 15.5.11) and withheld for legal reasons (RFC 7725): said to be for good.
_FOR_GOOD = frozenset({410, 451})
_REFUSALS = frozenset({401, 403, 404})
#: The status of what is gone for good (RFC 9110, section 15.5.11).
GONE = 410
#: Beyond so many doublings every back-off has reached its longest.
_MOST_DOUBLED = 16


def next_poll(
    now: datetime, interval: timedelta, *, failures: int, jitter: float, error: SourceError | None = None
) -> datetime:
    """Return when a source is polled next: never before its interval is over, nor before the time a host named.

    `failures` counts failed visits in a row, and `error` is what the last one met; `jitter` is 0 to 1.
    """
    if isinstance(error, Held) and error.retry_at is not None:
        # Nothing was asked: its interval was over before, and only its host's pause is not.
        return error.retry_at
    status = error.status if error is not None else None
    planned = now + max(interval * (1 + SPREAD * jitter), _back_off(interval, failures, status))
    return max(planned, error.retry_at) if error is not None and error.retry_at else planned


def _back_off(interval: timedelta, failures: int, status: int | None) -> timedelta:
    """Return the time for which a source that fails is left alone: its interval, doubled at each failure in a row."""
    if failures and status == GONE:
        return max(interval, GONE_WAIT)
    refused = status in _REFUSALS or status in _FOR_GOOD
    longest = max(interval, LONGEST_REFUSED if refused else LONGEST_WAIT)
    doubled: timedelta = interval * 2 ** min(max(failures - 1, 0), _MOST_DOUBLED)
    return min(doubled, longest)


def poll_horizon(every: Iterable[timedelta]) -> timedelta:
    """Return how far away a next poll can sensibly be; what is further was set by a clock that went ahead.

    Twice the longest interval, its own or one that an answer asked for, and the longest pause a host may ask for.
    """
    return 2 * max([MAX_FRESH, *(most_of(one) for one in every)]) + MAX_RETRY_AFTER


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """What becomes of a link that could not be read."""

    #: None: it is given up.
    retry_at: datetime | None
    #: What its listing said of it is kept as the document, until the page comes or for good.
    summary: bool
    #: It counts as a try.
    tried: bool = True


def after_miss(now: datetime, attempt: int, lost: int, error: SourceError) -> Missed:
    """Return when a link that failed is read again, and whether its summary stands in for it.

    `attempt` counts earlier failures and `lost` the leases that ended before the try did.

    ========================================  =========================  ===================
    the error                                 is tried again             the summary is kept
    ========================================  =========================  ===================
    Forbidden: scheme, address, robots.txt    never                      at once
    410, 451                                  never                      at once
    401, 403, 404, a bot wall, unreadable     4 times, over 4 hours      at once
    anything else: no answer, 429, 5xx, bug   7 times, over two days     at the fourth miss
    ========================================  =========================  ===================

    One that was not asked, since its host wants a pause, waits for the end of that and has lost no try.
    """
    if isinstance(error, Held) and lost < MOST_LOST:
        return Missed(retry_at=error.retry_at, summary=False, tried=False)
    if lost >= MOST_LOST or isinstance(error, Forbidden) or error.status in _FOR_GOOD:
        return Missed(retry_at=None, summary=True)
    refused = isinstance(error, Blocked | Unreadable) or error.status in _REFUSALS
    waits = LINK_RETRIES[:REFUSAL_RETRIES] if refused else LINK_RETRIES
    if attempt >= len(waits):
        return Missed(retry_at=None, summary=True)
    planned = now + waits[attempt]
    retry_at = max(planned, error.retry_at) if error.retry_at else planned
    return Missed(retry_at=retry_at, summary=refused or attempt >= PATIENCE)
