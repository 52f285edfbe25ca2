"""Trains without some families, clicks on half of their documents in batches, and measures on the other half.

    sh scripts/bench feedback [--every 3] [--batch 20] [--batches 5]

`--every 3` trains on every third row of the other families, which takes a third of the time; 1 takes all. A click is
what `pursestrings label` keeps; each batch is followed by what `pursestrings model refit` does, and by its gate.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from benchmarks.feedback.simulating import Round, material, simulate
from classifier.examples import base_rows
from classifier.golden import golden_rows
from classifier.refitting import refit

#: Letters to schools and their look-alikes, none of which the first model has seen.
UNSEEN = (
    "title-ix-athletics",
    "dei-school-certification",
    "title-vi-district-threats",
    "school-meals-title-ix",
    "school-reopening-masks",
    "title-i-deadlines",
    "private-addressees",
    "state-aid-penalties",
    "local-school-council",
    "cooperation-stories",
    "state-preemption",
    "routine-grants",
)
_HEAD = (
    f"{'clicks':>6}{'false alarms':>14}{'missed':>8}  {'held out: wrong':>17}{'found':>12}{'false alarms':>14}"
    f"  {'golden: found':>14}{'false alarms':>14}  gate"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Simulate and print a line for each batch."""
    parser = argparse.ArgumentParser(prog="benchmarks.feedback", description=__doc__)
    parser.add_argument("--every", type=int, default=3)
    parser.add_argument("--batch", type=int, default=20)
    parser.add_argument("--batches", type=int, default=5)
    options = parser.parse_args(arguments)
    given = material(list(base_rows()), UNSEEN, tuple(golden_rows()), options.every)
    print(f"{len(given.base)} rows; {len(given.pool)} documents to click on, {len(given.held_out)} held out\n\n{_HEAD}")
    for each in simulate(given, refit, batch=options.batch, batches=options.batches, tell=_tell):
        print(_line(each), flush=True)
    return 0


def _tell(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def _line(each: Round) -> str:
    held, golden = each.held_out, each.golden
    wrong = f"{held.wrong} of {held.documents} ({100 * held.wrong / held.documents:.1f} %)"
    return (
        f"{each.clicks:6}{each.false_alarm_clicks:14}{each.missed_clicks:8}  {wrong:>17}"
        f"{f'{held.found} of {held.to_find}':>12}{held.false_alarms:14}"
        f"  {f'{golden.found} of {golden.to_find}':>14}{golden.false_alarms:14}  {each.refusal or 'passes'}"
    )


if __name__ == "__main__":
    sys.exit(main())
