"""Print what the classifier makes of families and agencies it never learned from.

Run `python scripts/cross_validate.py`; some ten minutes on one core. Needs the extra `train`.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from classifier.cross_validation import Unseen, by_group, calibration, unseen_scores
from classifier.examples import base_rows, example_of
from classifier.gazetteer import Gazetteer
from classifier.lexicon import Lexicon
from classifier.measures import Counts

#: The shipped threshold of both labels.
THRESHOLD = 0.6
#: Groups that are printed by name, the hardest first.
SHOWN = 8


def main() -> None:
    """Cross-validate by family and by agency and print both."""
    lexicon, gazetteer = Lexicon.load(), Gazetteer.load()
    rows = list(base_rows())
    examples = [example_of(row, lexicon, gazetteer) for row in rows]
    for name, groups in (
        ("families", [row.family for row in rows]),
        ("agencies", [row.agency or row.family for row in rows]),
    ):
        _print(name, unseen_scores(examples, groups))


def _print(name: str, unseen: Sequence[Unseen]) -> None:
    groups = by_group(unseen, THRESHOLD)
    whole = [each for each in unseen if not each.example.brief]
    error, score, table = calibration(unseen)
    print(
        f"## {name} never seen: {len(groups)} with enough to find, mean F1 {fmean(c.f1 for c in groups.values()):.3f}"
    )
    _line("all", sum(groups.values(), Counts()))
    _line("whole documents", sum(by_group(whole, THRESHOLD).values(), Counts()))
    for group, counts in sorted(groups.items(), key=lambda item: item[1].f1)[:SHOWN]:
        _line(group, counts)
    print(f"calibration error {error:.3f}, Brier score {score:.3f}")
    for said, came, count in table:
        print(f"| {said:.2f} | {came:.2f} | {count} |")


def _line(name: str, counts: Counts) -> None:
    print(f"{name}: P {counts.precision:.2f} R {counts.recall:.2f} F1 {counts.f1:.2f} of {counts.support}")


if __name__ == "__main__":
    main()
