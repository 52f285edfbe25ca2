"""Watching: when an archived document is looked at again, and when it is said to be removed. Pure functions.

An address that does not answer proves nothing. One that answers "not here" is asked again: a site that is rebuilt over
a weekend must not make its archive read as if everything had been taken down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from facts.document import Removal
from facts.errors import Blocked, SourceError
from facts.visit import Remembered
from facts.watch import Watch

#: Ages at which a document is looked at: quiet edits come in the first hours, and a page that is a month old stays.
AGES = tuple(timedelta(hours=hours) for hours in (1, 3, 8, 24, 3 * 24, 7 * 24, 30 * 24))
#: Two looks are at least this far apart, also after a pause.
LEAST_GAP = timedelta(hours=1)
#: Up to this age looks are conditional. Later ones are rare and ask for the whole: a wrong 304 would hide an edit.
CONDITIONAL_FOR = timedelta(days=2)
#: A document is said to be removed after so many looks in a row that did not find it, the first a day before the last.
MISSES_UNTIL_REMOVED = 3
MISSING_UNTIL_REMOVED = timedelta(days=1)
#: Waits between looks at what is missing; the last one repeats until it is said to be removed.
MISSING_WAITS = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=18))
#: What was removed is looked at once a week for a month: some of it comes back.
RETURN_WAIT = timedelta(days=7)
RETURN_FOR = timedelta(days=30)
#: How long a look that proved nothing waits for the next.
UNKNOWN_WAIT = timedelta(hours=6)
UNKNOWN_FOR = timedelta(days=60)

#: "Not found" and "gone" (RFC 9110, sections 15.5.5 and 15.5.11); a soft 404 is recorded as 404.
_ABSENT = frozenset({404, 410})
#: More of a listing than this share does not vanish at once: then the listing was rebuilt.
_MOST_VANISHED = 0.25
_FEW = 2


def is_absent(error: SourceError) -> bool:
    """Return whether an answer says that the document is not there; a bot wall says nothing, whatever its status."""
    return error.status in _ABSENT and not isinstance(error, Blocked)


def next_look(since: datetime, now: datetime) -> datetime | None:
    """Return when a document is looked at next, None when it is old enough to be left alone."""
    return next((since + age for age in AGES if since + age >= now + LEAST_GAP), None)


def is_conditional(watch: Watch, now: datetime) -> bool:
    """Return whether a look may send the validators of the last one."""
    return now - watch.since <= CONDITIONAL_FOR


def found(watch: Watch, now: datetime, remembered: Remembered | None) -> Watch:
    """Return the watch after a look that found the document; one that its listing alone told of is done with."""
    return replace(
        watch,
        last_seen=now,
        look_at=next_look(watch.since, now) if watch.link_id is not None else None,
        misses=0,
        missing_since=None,
        found=None,
        remembered=remembered,
    )


def absent(watch: Watch, now: datetime, what: str, *, removed: bool) -> tuple[Watch, Removal | None]:
    """Return the watch after a look that did not find the document, and its removal when that is now certain enough.

    `what` was found in its place; `removed` says that the archive has it as removed already. One that has no next look,
    since its source's polls are its looks, gets none.
    """
    since = watch.missing_since or now
    misses = watch.misses + 1
    gone = misses >= MISSES_UNTIL_REMOVED and now - since >= MISSING_UNTIL_REMOVED
    soon = now + MISSING_WAITS[min(misses, len(MISSING_WAITS)) - 1]
    again = _return_look(since, now) if removed or gone else soon
    look_at = again if watch.look_at is not None else None
    after = replace(watch, misses=misses, missing_since=since, found=what, look_at=look_at)
    if removed or not gone:
        return after, None
    return after, Removal(last_seen=watch.last_seen, missing_since=since, found=what)


def unknown(watch: Watch, now: datetime, retry_at: datetime | None) -> Watch:
    """Return the watch after a look that proved nothing: no answer, an error of the server, a wall.

    It is looked for until two months after it was last found, whatever date its source gives it.
    """
    again = max(now + UNKNOWN_WAIT, retry_at or now)
    return replace(watch, look_at=again if again - watch.last_seen <= UNKNOWN_FOR else None)


def vanished(before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    """Return the addresses of a listing that are missing from the next one, though entries that stood below remain.

    What drops off the end is only old. Of a listing that lost a quarter or more of its entries nothing is said.
    """
    left = set(after)
    last = max((number for number, url in enumerate(before) if url in left), default=0)
    lost = tuple(url for url in before[:last] if url not in left)
    return lost if len(lost) <= max(_FEW, _MOST_VANISHED * len(before)) else ()


def _return_look(missing_since: datetime, now: datetime) -> datetime | None:
    again = now + RETURN_WAIT
    return again if again - missing_since <= RETURN_FOR else None
