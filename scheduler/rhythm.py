"""Rhythm: when a source usually publishes, by weekday and hour of Eastern time, learned from its own arrivals. Pure.

Old arrivals fade: one of six weeks ago counts a third of one of today. A federal holiday is learned and foretold as a
Sunday. Times are compared by `total_seconds`, never by `seconds`, which starts anew every day.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.holidays import is_holiday

#: Most agencies and two thirds of the places live by it; three hours either way are within what is smoothed or learned.
EASTERN = ZoneInfo("America/New_York")
SLOTS = 7 * 24
#: A source that was watched for less than this has taught nothing yet: two of each weekday.
LEARNING = timedelta(days=14)
#: The longest adaptive interval: this many times the stanza's `every`, and no more than so long.
MOST_TIMES = 4
MOST = timedelta(hours=6)

#: The weight of what was seen fades to 1/e in this time.
_MEMORY = timedelta(weeks=6)
#: A look is due when this many arrivals are expected since the last: one in twenty looks then finds something.
_ENOUGH = 0.05
#: Arrivals are laid over at most this time before the look that found them; the rest of a longer pause was not watched.
_WATCHED = timedelta(hours=24)
#: An expected gap is not looked for further than this.
_LONGEST_GAP = timedelta(weeks=8)
_HOUR = timedelta(hours=1)
_WEEK = timedelta(weeks=1)
_SUNDAY = 6
#: Of an hour's rate, the share that its own weekday says; the rest is that of all working days, or of the weekend.
_OWN = 0.5
#: A count below this is none: it faded, or was never one.
_LEAST = 0.005
#: More arrivals than any source has, over all the weeks that are remembered.
_MANY = 1e6
#: Arrivals of one look that count: what is published again as a whole is no rhythm.
_MOST_AT_ONCE = 50
_WEEKDAYS, _WEEKEND = range(5), range(5, 7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """What a source's arrivals taught."""

    #: Faded arrivals in each hour of the week, Monday 0:00 Eastern first: 168 numbers.
    counts: tuple[float, ...]
    #: From when on the source is watched; a pause moves it on.
    since: datetime
    #: When the counts were faded last.
    at: datetime

    @classmethod
    def new(cls, now: datetime) -> Rhythm:
        """Return that of a source which is watched from now on."""
        return cls(counts=(0.0,) * SLOTS, since=now, at=now)

    @classmethod
    def read(cls, words: str) -> Rhythm | None:
        """Read what `str` wrote, None when it is not that."""
        try:
            since, at, counts = words.split(" ")
            numbers = tuple([float(number) if number else 0.0 for number in counts.split(",")])
            moments = [datetime.fromtimestamp(int(seconds), UTC) for seconds in (since, at)]
        except (ValueError, OverflowError, OSError):
            return None
        # The sum finds "nan" too, which is neither more nor less than anything.
        if len(numbers) != SLOTS or min(numbers) < 0 or not sum(numbers) <= _MANY:
            return None
        return cls(counts=numbers, since=moments[0], at=moments[1])

    def __str__(self) -> str:
        """Write it in one line: two times in seconds since 1970, and the counts, nothing for none."""
        counts = ",".join(f"{count:.3g}" if count >= _LEAST else "" for count in self.counts)
        return f"{self.since.timestamp():.0f} {self.at.timestamp():.0f} {counts}"

    def learned(self, now: datetime) -> bool:
        """Return whether it was watched for long enough, and something came."""
        return now - self.since >= LEARNING and any(count >= _LEAST for count in self.counts)


def learn(rhythm: Rhythm, at: datetime, new_items: int, *, last_look: datetime | None = None) -> Rhythm:
    """Return the rhythm after a look that found so many new items, which came at some time since the look before."""
    began = max(at - _WATCHED, min(last_look or at, at))
    unwatched = began - min(last_look or began, began)
    faded = [count * _faded(at - rhythm.at) for count in rhythm.counts]
    stretches = list(_stretches(began, at)) or [(at, _HOUR)]
    whole = sum(length.total_seconds() for _, length in stretches)
    for moment, length in stretches:
        faded[slot_of(moment)] += min(new_items, _MOST_AT_ONCE) * length.total_seconds() / whole
    return Rhythm(counts=tuple(faded), since=min(rhythm.since + unwatched, at), at=max(at, rhythm.at))


def expected_items(rhythm: Rhythm, since: datetime, until: datetime) -> float:
    """Return how many items such a stretch of time usually brings, as it was known at its beginning."""
    return sum(more for _, _, more in _expected(rhythm, since, until))


def expected_gap(rhythm: Rhythm, now: datetime) -> timedelta | None:
    """Return how long the next item is usually waited for from now; None when that is not known, or over 8 weeks.

    The mean of the wait when arrivals are independent: each moment counts by the chance that none came before it.
    """
    if not rhythm.learned(now):
        return None
    waited, expected = 0.0, 0.0
    for _, length, more in _expected(rhythm, now, now + _WEEK):
        waited += math.exp(-expected) * length.total_seconds()
        expected += more
    # What the first week leaves over is waited for in the weeks after it, each like the first.
    came = -math.expm1(-expected)
    return timedelta(seconds=waited / came) if waited <= came * _LONGEST_GAP.total_seconds() else None


def interval(rhythm: Rhythm | None, now: datetime, every: timedelta, most: timedelta) -> timedelta:
    """Return the time until the next look: `every` in hours when something usually comes, up to `most` in quiet ones.

    `every` too for a source that is not learned yet.
    """
    if rhythm is None or most <= every or not rhythm.learned(now):
        return every
    expected = 0.0
    for moment, length, more in _expected(rhythm, now, now + most):
        if expected + more >= _ENOUGH:
            return max(every, moment - now + length * ((_ENOUGH - expected) / more))
        expected += more
    return most


def most_of(every: timedelta) -> timedelta:
    """Return the longest adaptive interval of a source with this `every`: four times it, at most 6 h, never below."""
    return max(every, min(MOST_TIMES * every, MOST))


def slot_of(moment: datetime) -> int:
    """Return the hour of the week in Eastern time, 0 for the first of Monday; a holiday's hours are a Sunday's."""
    local = moment.astimezone(EASTERN)
    return _day(local) * 24 + local.hour


def _day(local: datetime) -> int:
    return _SUNDAY if is_holiday(local.date()) else local.weekday()


def _stretches(since: datetime, until: datetime) -> Iterator[tuple[datetime, timedelta]]:
    """Yield the clock hours between two times, the first and the last in part."""
    moment = since.astimezone(UTC)
    while moment < until:
        end = min(moment.replace(minute=0, second=0, microsecond=0) + _HOUR, until.astimezone(UTC))
        yield moment, end - moment
        moment = end


def _faded(passed: timedelta) -> float:
    return math.exp(-max(passed.total_seconds(), 0.0) / _MEMORY.total_seconds())


def _expected(rhythm: Rhythm, since: datetime, until: datetime) -> Iterator[tuple[datetime, timedelta, float]]:
    """Yield the clock hours between two times with the items that each usually brings."""
    memory = _MEMORY.total_seconds()
    weeks = memory / _WEEK.total_seconds() * -math.expm1(-(since - rhythm.since).total_seconds() / memory)
    # Counts and weeks fade alike; since the last arrival nothing came, which both say.
    each = _faded(since - rhythm.at) / max(weeks, 1.0)
    for moment, length in _stretches(since, until):
        yield moment, length, _count(rhythm, slot_of(moment)) * each * (length / _HOUR)


def _count(rhythm: Rhythm, slot: int) -> float:
    """Return the faded arrivals in an hour of the week: its own and its neighbours', leaning on the days like it."""
    day, hour = divmod(slot, 24)
    alike = _WEEKDAYS if day in _WEEKDAYS else _WEEKEND
    others = sum(_smooth(rhythm, each * 24 + hour) for each in alike) / len(alike)
    return _OWN * _smooth(rhythm, slot) + (1 - _OWN) * others


def _smooth(rhythm: Rhythm, slot: int) -> float:
    counts = rhythm.counts
    return (counts[slot - 1] + 2 * counts[slot] + counts[(slot + 1) % SLOTS]) / 4
