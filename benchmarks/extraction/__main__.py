"""Extracts the articles of the saved pages with ours and with what else there is, and holds ours to the bar.

    sh scripts/bench extraction [--rounds 5] [--no-peers]

Words count, not pages: precision and recall over all words of a half, then the lowest of any one page. The time is CPU
for a page, parsing included, the least of all rounds. Ends with 1 when ours is under the bar on either half.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.extraction.measuring import measured
from benchmarks.extraction.ours import CONTENDERS
from benchmarks.extraction.pages import SavedPage, saved_pages
from benchmarks.extraction.scoring import Score, score, total
from benchmarks.poll.running import ROOT

#: Precision and recall over all words of a half.
BAR = 0.95
_PACKAGES = ("trafilatura==2.3.1", "readability-lxml==0.9", "selectolax==1.0.2", "lxml_html_clean==0.4.6")
_HEAD = (
    f"{'extractor':18}{'half':10}{'precision':>10}{'recall':>8}{'F1':>7}{'lowest P':>10}{'lowest R':>10}{'us/page':>9}"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, and return 1 when ours misses the bar."""
    parser = argparse.ArgumentParser(prog="benchmarks.extraction", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-peers", action="store_true")
    options = parser.parse_args(arguments)
    pages = list(saved_pages())
    results = {name: measured(extract, _markups(pages), options.rounds) for name, extract in CONTENDERS.items()}
    if not options.no_peers:
        results |= _peers(pages, options.rounds)
    print(f"{len(pages)} pages, {sum(len(page.markup) for page in pages) / len(pages) / 1000:.0f} kB each\n\n{_HEAD}")
    low = False
    for name, result in results.items():
        for half, scores in _halves(pages, result).items():
            print(_line(name, half, scores, result["seconds"] / len(pages)))
            whole = total(scores)
            low |= name == "ours" and min(whole.precision, whole.recall) < BAR
    return int(low)


def _markups(pages: Sequence[SavedPage]) -> list[str]:
    return [page.markup for page in pages]


def _peers(pages: Sequence[SavedPage], rounds: int) -> dict[str, Any]:
    # By uv, which scripts/install brings: the resolver of many a pip fails over the extra that two of them ask of lxml.
    peers = [part for package in _PACKAGES for part in ("--with", package)]
    uv = str(Path(sys.executable).with_name("uv"))
    worker = [uv, "run", "--quiet", "--isolated", "--no-project", *peers, "python", "-m", f"{__package__}.peer_worker"]
    asked = json.dumps({"pages": _markups(pages), "rounds": rounds})
    said = subprocess.run(worker, input=asked, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(said.stdout))


def _halves(pages: Sequence[SavedPage], result: Mapping[str, Any]) -> dict[str, list[Score]]:
    halves: dict[str, list[Score]] = {}
    for page, text in zip(pages, result["texts"], strict=True):
        halves.setdefault(page.half, []).append(score(page.expected, text))
    return dict(sorted(halves.items(), reverse=True))


def _line(name: str, half: str, scores: Sequence[Score], seconds: float) -> str:
    whole = total(scores)
    lowest = (min(one.precision for one in scores), min(one.recall for one in scores))
    return (
        f"{name:18}{half:10}{whole.precision:10.3f}{whole.recall:8.3f}{whole.f1:7.3f}"
        f"{lowest[0]:10.3f}{lowest[1]:10.3f}{seconds * 1e6:9.0f}"
    )


if __name__ == "__main__":
    sys.exit(main())
