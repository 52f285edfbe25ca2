"""Vitals: what a living source looks like, learned from its own answers, and what is wrong with one that dies. Pure.

An answer that can be read is no proof of life: a feed may be empty, frozen, or filled from a template that broke. What
a source usually looks like is compared with what it looks like now, never with other sources.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from facts.visit import Shape
from scheduler.rhythm import Rhythm, expected_items

#: Readings until a source's looks are known; before that nothing is odd.
ENOUGH_READINGS = 3
#: Looks in a row with the same symptom until the source is said to fail.
LOOKS_UNTIL_FAILING = 3
#: Items that should have come since the last one, when nothing came: by then the chance of it is one in three thousand.
MISSED_ITEMS = 8.0
#: Nobody is called silent sooner: a newsroom may hold everything back for a few hours.
LEAST_SILENCE = timedelta(hours=6)

#: Shares of entries with a field: where nearly all had it, and hardly any has it now.
_FULL, _BARE = 0.8, 0.2
#: Entries below this share of the usual number, in a rebuilt layout, are what is left of them.
_SHRUNK = 0.5
#: A list whose newest entry is this much older than one it had before is sorted otherwise, or an old copy.
_BACKWARDS = timedelta(days=7)
#: A source of fewer entries may well have none.
_FEW = 3
#: The weight of the newest reading in what is usual.
_WEIGHT = 0.2
_FIELDS = ("dated", "titled", "worded")
_WORDS = {"dated": "a date", "titled": "a title", "worded": "a text"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """What a source's answers usually look like."""

    #: Answers that were read.
    readings: int
    #: Entries on each, on average, and the fewest of any.
    items: float
    least: int
    #: Shares of the entries that have a date, a title and a text, on average.
    dated: float
    titled: float
    worded: float
    #: The latest date of any entry yet.
    newest: datetime | None = None
    layout: str | None = None

    @classmethod
    def of(cls, shape: Shape) -> Usual:
        """Return what is usual after a first reading."""
        return cls(
            readings=1,
            items=shape.items,
            least=shape.items,
            dated=_share(shape, "dated"),
            titled=_share(shape, "titled"),
            worded=_share(shape, "worded"),
            newest=shape.newest,
            layout=shape.layout,
        )

    @classmethod
    def read(cls, known: object) -> Usual | None:
        """Read what `as_json` gave, None when it is not that."""
        if not isinstance(known, Mapping):
            return None
        try:
            newest = known.get("newest")
            layout = known.get("layout")
            return cls(
                readings=int(known["readings"]),
                items=float(known["items"]),
                least=int(known["least"]),
                dated=float(known["dated"]),
                titled=float(known["titled"]),
                worded=float(known["worded"]),
                newest=datetime.fromtimestamp(int(newest), UTC) if newest is not None else None,
                layout=str(layout) if layout is not None else None,
            )
        except (KeyError, TypeError, ValueError, OverflowError, OSError):
            return None

    def as_json(self) -> dict[str, object]:
        """Return it as JSON holds it."""
        return {
            "readings": self.readings,
            "items": round(self.items, 2),
            "least": self.least,
            **{field: round(getattr(self, field), 2) for field in _FIELDS},
            "newest": int(self.newest.timestamp()) if self.newest is not None else None,
            "layout": self.layout,
        }

    def after(self, shape: Shape) -> Usual:
        """Return what is usual after one more reading in which nothing was odd."""
        dates = [date for date in (self.newest, shape.newest) if date is not None]
        shares = {field: _mix(getattr(self, field), _share(shape, field)) for field in _FIELDS} if shape.items else {}
        return replace(
            self,
            readings=min(self.readings + 1, ENOUGH_READINGS),
            items=_mix(self.items, shape.items),
            least=min(self.least, shape.items),
            newest=max(dates, default=None),
            layout=shape.layout if shape.layout is not None else self.layout,
            **shares,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ailment:
    """What is odd about a source that can be read."""

    #: In one line, as an operator reads it.
    words: str
    #: Looks in a row that found it so.
    looks: int
    #: Nothing new comes: only something new ends it.
    silent: bool = False

    @property
    def fails(self) -> bool:
        """Whether the source is said to fail: not after one odd answer."""
        return self.silent or self.looks >= LOOKS_UNTIL_FAILING

    @classmethod
    def read(cls, known: object) -> Ailment | None:
        """Read what `as_json` gave, None when it is not that."""
        if not isinstance(known, Mapping):
            return None
        words, looks, silent = (known.get(name) for name in ("words", "looks", "silent"))
        if not isinstance(words, str) or not isinstance(looks, int):
            return None
        return cls(words=words, looks=looks, silent=silent is True)

    def as_json(self) -> dict[str, object]:
        """Return it as JSON holds it."""
        return {"words": self.words, "looks": self.looks, "silent": self.silent}


def usual_after(usual: Usual | None, shape: Shape) -> Usual:
    """Return what is usual after a reading in which nothing was odd."""
    return Usual.of(shape) if usual is None else usual.after(shape)


def ailment_after(
    before: Ailment | None, odd: str | None, *, read: bool, came: bool, silent: str | None
) -> Ailment | None:
    """Return what ails a source after a visit.

    `odd` is what is wrong with what was `read` now; where nothing was read anew, what was wrong before still is.
    `came` says that something new came, `silent` that this was to be expected by now.
    """
    if before is not None and before.silent and not came:
        return before
    if odd is not None:
        looks = before.looks if before is not None and not before.silent else 0
        return Ailment(words=odd, looks=min(looks + 1, LOOKS_UNTIL_FAILING))
    if came:
        return None
    if before is not None and not read:
        return replace(before, looks=min(before.looks + 1, LOOKS_UNTIL_FAILING))
    return Ailment(words=silent, looks=LOOKS_UNTIL_FAILING, silent=True) if silent is not None else None


def oddity(usual: Usual | None, shape: Shape) -> str | None:
    """Return what is wrong with what a source looks like now, in one line, None when it looks as it does."""
    if usual is None or usual.readings < ENOUGH_READINGS:
        return None
    if not shape.items:
        return _empty(usual)
    lost = [field for field in _FIELDS if getattr(usual, field) >= _FULL and _share(shape, field) <= _BARE]
    if lost:
        return f"its entries have lost {' and '.join(_WORDS[field] for field in lost)}: was its template changed?"
    rebuilt = usual.layout is not None and shape.layout is not None and usual.layout != shape.layout
    if rebuilt and shape.items < _SHRUNK * usual.items:
        return f"it was rebuilt, and {shape.items} of about {usual.items:.0f} entries can be read"
    if usual.newest is not None and shape.newest is not None and shape.newest < usual.newest - _BACKWARDS:
        return f"its newest entry is of {shape.newest:%Y-%m-%d}, and it had one of {usual.newest:%Y-%m-%d}"
    return None


def silence(rhythm: Rhythm | None, last_new: datetime | None, now: datetime) -> str | None:
    """Return that nothing new came for longer than this source is ever silent, None while that is no wonder.

    A source whose rhythm is not learned is not called silent: two weeks are watched first.
    """
    if rhythm is None or last_new is None or now - last_new < LEAST_SILENCE or not rhythm.learned(now):
        return None
    missed = expected_items(rhythm, last_new, now)
    if missed < MISSED_ITEMS:
        return None
    return (
        f"nothing new since {last_new:%Y-%m-%d %H:%M} UTC, where about {missed:.0f} items usually come: is it frozen?"
    )


def _empty(usual: Usual) -> str | None:
    # Some are empty on the first of each month.
    if usual.least == 0 or usual.items < _FEW:
        return None
    return f"it can be read and is empty, and had about {usual.items:.0f} entries"


def _share(shape: Shape, field: str) -> float:
    return float(getattr(shape, field)) / shape.items if shape.items else 0.0


def _mix(old: float, new: float) -> float:
    return old + _WEIGHT * (new - old)
