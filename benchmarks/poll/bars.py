"""The bars of polling, and which of them a run misses. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

OURS, URLWATCH, READER = "pursestrings", "urlwatch", "reader"
COLD, WARM, TICK = "cold", "warm", "tick"

#: At most this share of a peer's CPU, by the pass.
CPU_BARS = {
    (WARM, URLWATCH): 0.35,
    (WARM, READER): 0.15,
    (COLD, READER): 0.50,
    (TICK, READER): 0.30,
}
#: At most this share of reader's bytes in a warm pass.
BYTES_BAR = 1.05
#: Resident memory of the main process, the classifier loaded, in MB.
RSS_BAR = 220.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one pass of one contender took."""

    #: CPU seconds, user and system, children included.
    cpu: float
    requests: int
    #: Sent by the farm, heads included.
    bytes: int
    not_modified: int
    #: Requests for a feed that offers a validator, without one.
    unconditional: int
    #: New entries (urlwatch: changed feeds).
    found: int
    #: MB resident; 0 where it was not measured.
    rss: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar, and where the run came out."""

    what: str
    measured: float
    most: float

    @property
    def met(self) -> bool:
        """Return whether it was reached."""
        return self.measured <= self.most


#: All passes of a run, by contender and pass.
Runs = Mapping[tuple[str, str], Sequence[Figures]]


def cpu_of(runs: Runs, who: str, which: str) -> float:
    """Return the median CPU of a contender's passes of one kind, NaN when it did not run."""
    passes = runs.get((who, which), ())
    return median(one.cpu for one in passes) if passes else float("nan")


def bars(runs: Runs, *, published: int, offering: int) -> list[Bar]:
    """Return every bar that this run can be held to: those of a peer only when it ran.

    `published` items were new at each tick; `offering` feeds send a validator.
    """
    return [*_against_peers(runs), *_alone(runs, published, offering)]


def _against_peers(runs: Runs) -> Iterable[Bar]:
    for (which, peer), share in CPU_BARS.items():
        if (peer, which) in runs:
            ratio = cpu_of(runs, OURS, which) / cpu_of(runs, peer, which)
            yield Bar(what=f"{which}: CPU, share of {peer}'s", measured=ratio, most=share)
    if (READER, WARM) in runs:
        ours, theirs = (median(one.bytes for one in runs[who, WARM]) for who in (OURS, READER))
        yield Bar(what="warm: bytes, share of reader's", measured=ours / theirs, most=BYTES_BAR)


def _alone(runs: Runs, published: int, offering: int) -> Iterable[Bar]:
    warm, tick = runs[OURS, WARM], runs[OURS, TICK]
    missed = max(offering - one.not_modified for one in warm)
    yield Bar(what="warm: feeds with a validator not answered by 304", measured=missed, most=0)
    asked = max(one.unconditional for one in (*warm, *tick))
    yield Bar(what="warm, tick: requests without the validator known", measured=asked, most=0)
    wrong = max(abs(one.found - published) for one in tick)
    yield Bar(what="tick: items missed or told twice", measured=wrong, most=0)
    peak = max(one.rss for passes in runs.values() for one in passes)
    yield Bar(what="main process: peak resident MB", measured=peak, most=RSS_BAR)
