"""Which bars a run is held to, and which it misses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.poll.bars import COLD, OURS, READER, TICK, URLWATCH, WARM, Figures, bars, cpu_of

ONE = Figures(cpu=1.0, requests=10, bytes=100, not_modified=8, unconditional=0, found=0, rss=100.0)
#: A run that meets every bar, only just.
RUNS = {
    (OURS, COLD): [replace(ONE, cpu=10.0)],
    (OURS, WARM): [replace(ONE, cpu=cpu) for cpu in (0.6, 0.1, 0.9)],
    (OURS, TICK): [replace(ONE, cpu=0.9, found=5)],
    (URLWATCH, WARM): [replace(ONE, cpu=2.0)],
    (READER, COLD): [replace(ONE, cpu=20.0)],
    (READER, WARM): [replace(ONE, cpu=4.0)],
    (READER, TICK): [replace(ONE, cpu=3.0)],
}


def missed(**changes: object) -> list[str]:
    """Return the bars that a run misses in which the passes named `who_which` are changed so."""
    runs = dict(RUNS)
    for name, change in changes.items():
        who, _, which = name.partition("_")
        assert isinstance(change, dict)
        runs[who, which] = [replace(one, **change) for one in runs[who, which]]
    return [bar.what for bar in bars(runs, published=5, offering=8) if not bar.met]


def test_a_run_that_meets_every_bar_misses_none() -> None:
    """Medians count, not single passes."""
    assert cpu_of(RUNS, OURS, WARM) == 0.6
    assert missed() == []


@pytest.mark.parametrize(
    ("which", "change", "bar"),
    [
        ("urlwatch_warm", {"cpu": 1.7}, "warm: CPU, share of urlwatch's"),
        ("reader_warm", {"cpu": 3.9}, "warm: CPU, share of reader's"),
        ("reader_cold", {"cpu": 19.9}, "cold: CPU, share of reader's"),
        ("reader_tick", {"cpu": 2.9}, "tick: CPU, share of reader's"),
        ("pursestrings_warm", {"bytes": 106}, "warm: bytes, share of reader's"),
        ("pursestrings_warm", {"not_modified": 7}, "warm: feeds with a validator not answered by 304"),
        ("pursestrings_tick", {"unconditional": 1}, "warm, tick: requests without the validator known"),
        ("pursestrings_tick", {"found": 4}, "tick: items missed or told twice"),
        ("pursestrings_tick", {"found": 6}, "tick: items missed or told twice"),
        ("pursestrings_cold", {"rss": 221.0}, "main process: peak resident MB"),
    ],
)
def test_each_bar_can_be_missed(which: str, change: dict[str, float], bar: str) -> None:
    """That one, and no other."""
    assert missed(**{which: change}) == [bar]


def test_without_peers_their_bars_are_not_held() -> None:
    """What needs no peer still is."""
    alone = {key: passes for key, passes in RUNS.items() if key[0] == OURS}

    assert len(bars(alone, published=5, offering=8)) == 4
