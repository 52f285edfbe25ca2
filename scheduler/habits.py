"""Habits: what a source's visits taught, in the words that its row keeps (`SourceRow.habits`, a small JSON object)."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

from facts.canary import CANARY
from facts.visit import Harvest, Outcome, Visit
from scheduler.rhythm import Rhythm, interval, learn, most_of
from scheduler.vitals import Ailment, Usual, ailment_after, oddity, silence, usual_after
from spiders.answers import MAX_FRESH
from storage.work import SourceRow, SourceState

#: What looks odd for so long, and brings new things all the same, was rebuilt: else it would fail for ever.
ODD_UNTIL_USUAL = timedelta(days=7)

_MOST_SECONDS = int(MAX_FRESH.total_seconds())


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What is known of a source beside its state."""

    #: None until a second visit brought something.
    rhythm: Rhythm | None = None
    #: The time between two looks that its last body asked for: a 304 need not say it again.
    wait: timedelta | None = None
    #: The latest date of a link that was found, as far as it does not lie ahead: what is dated later is new.
    newest: datetime | None = None
    #: When something new came last.
    last_new: datetime | None = None
    #: What its answers look like, and what is odd about the last ones.
    usual: Usual | None = None
    ailment: Ailment | None = None
    #: Since when its host wants no request, while that lasts.
    held_since: datetime | None = None

    @classmethod
    def read(cls, words: str | None) -> Habits:
        """Read what `str` wrote; words that are damaged or unknown taught nothing."""
        return _read(words) if words else cls()

    def __str__(self) -> str:
        """Write it: one JSON object, what is not known left out."""
        known: dict[str, object] = {}
        if self.rhythm is not None:
            known["rhythm"] = str(self.rhythm)
        if self.wait is not None:
            known["wait"] = int(self.wait.total_seconds())
        if self.newest is not None:
            known["newest"] = self.newest.isoformat()
        if self.last_new is not None:
            known["last_new"] = self.last_new.isoformat()
        if self.usual is not None:
            known["usual"] = self.usual.as_json()
        if self.ailment is not None:
            known["ailment"] = self.ailment.as_json()
        if self.held_since is not None:
            known["held_since"] = self.held_since.isoformat()
        return json.dumps(known, separators=(",", ":"))


# Every visit reads them twice, some dozens of visits at one time.
@lru_cache(maxsize=64)
def _read(words: str) -> Habits:
    try:
        known = json.loads(words)
    except (ValueError, RecursionError):
        return Habits()
    if not isinstance(known, dict):
        return Habits()
    rhythm = known.get("rhythm")
    return Habits(
        rhythm=Rhythm.read(rhythm) if isinstance(rhythm, str) else None,
        wait=_wait(known.get("wait")),
        newest=_moment(known.get("newest")),
        last_new=_moment(known.get("last_new")),
        usual=Usual.read(known.get("usual")),
        ailment=Ailment.read(known.get("ailment")),
        held_since=_moment(known.get("held_since")),
    )


def taught(row: SourceRow, visit: Visit, harvest: Harvest, *, snapshots: int, appeared: int) -> SourceRow:
    """Return a source's row with what a visit taught; the very same one when it taught nothing, so none is written.

    `snapshots` counts the documents that were new or changed, `appeared` the addresses that were not listed before. The
    row is that of before the visit.
    """
    habits = Habits.read(row.habits)
    if row.name == CANARY:
        # Its rhythm is what the configuration says, and that none comes is told by itself.
        return replace(row, habits=str(Habits(wait=_asked(habits, visit, harvest))))
    came = _came(habits, visit, harvest, snapshots, appeared)
    rhythm = _learned(habits, row, visit, came)
    usual = None if came and _rebuilt(habits, row, visit) else habits.usual
    ailment = ailment_after(
        habits.ailment,
        oddity(usual, harvest.shape) if harvest.shape is not None else None,
        read=harvest.shape is not None,
        came=came > 0,
        silent=None if came else _silence(habits, row, visit),
    )
    after = Habits(
        rhythm=rhythm,
        wait=_asked(habits, visit, harvest),
        newest=max(dates_of(harvest, habits.newest, visit.at), default=habits.newest),
        last_new=visit.at if came or rhythm is not habits.rhythm else habits.last_new,
        usual=habits.usual if harvest.shape is None or ailment else usual_after(usual, harvest.shape),
        ailment=ailment,
    )
    return row if after == habits else replace(row, habits=str(after))


def held(row: SourceRow, since: datetime | None) -> SourceRow:
    """Return a source's row with since when its host wants no request; None: it was asked."""
    habits = Habits.read(row.habits)
    return row if habits.held_since == since else replace(row, habits=str(replace(habits, held_since=since)))


def _asked(habits: Habits, visit: Visit, harvest: Harvest) -> timedelta | None:
    # A 304 leaves out what stands in the body, and may leave out what stood in the headers.
    kept = habits.wait if visit.outcome is Outcome.UNCHANGED else None
    asked = max((wait for wait in (harvest.wait, kept) if wait), default=None)
    return min(asked, MAX_FRESH) if asked else None


def _came(habits: Habits, visit: Visit, harvest: Harvest, snapshots: int, appeared: int) -> int:
    """Return how many items are new; those of the first visit came at any time before it.

    An address that was not listed before is new where no entry has a date; else the dates say more, since some sites
    list their old items anew.
    """
    if habits.rhythm is None:
        return 0
    dates = (*(link.published_at for link in harvest.links), *(one.published_at for one in harvest.documents))
    if not any(dates):
        return max(snapshots, appeared)
    dated = len(dates_of(harvest, habits.newest, visit.at)) if habits.newest is not None else 0
    return max(snapshots, dated)


def _learned(habits: Habits, row: SourceRow, visit: Visit, came: int) -> Rhythm | None:
    if habits.rhythm is None:
        return Rhythm.new(visit.at) if visit.outcome is Outcome.FRESH else None
    return learn(habits.rhythm, visit.at, came, last_look=row.last_ok_at) if came else habits.rhythm


def _silence(habits: Habits, row: SourceRow, visit: Visit) -> str | None:
    # It is reckoned over every hour since the last item, so no more than once an hour.
    if row.last_visit_at is not None and _hour(row.last_visit_at) == _hour(visit.at):
        return None
    return silence(habits.rhythm, habits.last_new, visit.at)


def _rebuilt(habits: Habits, row: SourceRow, visit: Visit) -> bool:
    """Return whether a source has looked odd for so long that this is how it looks, if new things come all the same."""
    odd = habits.ailment is not None and habits.ailment.fails and not habits.ailment.silent
    turned = row.turned_at if row.state is SourceState.FAILING and not row.failures else None
    return odd and turned is not None and visit.at - turned >= ODD_UNTIL_USUAL


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def interval_of(row: SourceRow, now: datetime, every: timedelta) -> timedelta:
    """Return how long a source is left alone: by its rhythm, and as long as its answers ask, never below `every`.

    One that fails is left alone by its rhythm only: what it asked while it lived says nothing of when it is mended.
    """
    habits = Habits.read(row.habits)
    by_rhythm = interval(habits.rhythm, now, every, most_of(every))
    return by_rhythm if row.failures or habits.wait is None else max(by_rhythm, habits.wait)


def dates_of(harvest: Harvest, since: datetime | None, now: datetime) -> list[datetime]:
    """Return the dates of the links that are dated after the newest one known before, and not ahead.

    Every entry of a followed feed is a link at every visit, so one without a date says nothing. The time of the last
    look is no measure: an entry may be dated before it, and listed only after it.
    """
    dates = [link.published_at for link in harvest.links if link.published_at is not None]
    return [date for date in dates if date <= now and (since is None or date > since)]


def _wait(seconds: object) -> timedelta | None:
    if not isinstance(seconds, int) or not 0 < seconds <= _MOST_SECONDS:
        return None
    return timedelta(seconds=seconds)


def _moment(words: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(words) if isinstance(words, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
