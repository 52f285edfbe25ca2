"""S4 and S5: bombs and bodies without end, through the whole pipeline, in a process whose memory is measured."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

#: What is said of a source, by the first word of its name.
SAID = {
    "cut": ("the body is longer than the cap of 4 MiB",),
    "refused": (
        "the body is not in the content encoding",
        "the body ends in the middle of its content encoding",
        "is not among those asked for (gzip, deflate, br, zstd)",
        "the body is compressed in more than 1000 pieces",
    ),
    "headers": ("its headers are more than 1000, or longer than 256 KiB",),
    "lying": ("answered what cannot be read as HTTP",),
}


def check(found: dict[str, Any]) -> None:
    """Check that the good source went on, and that each look at a bad one left one error, in its words."""
    assert len(found["news"]) == 1
    assert set(found["good"]) == {"fresh"}
    for name, errors in found["errors"].items():
        kind = name.partition("-")[0]
        assert (name, errors) == (name, int(kind != "read"))
        words = str(found["words"][name])
        assert kind == "read" or any(said in words for said in SAID[kind]), f"{name}: {words}"


def test_S4_S5_bombs_and_what_is_too_long_are_cut_and_the_process_stays_small() -> None:
    """With the classifier loaded: below 200 MB after 23 bodies, ten of them 900 MiB, then below 280 MB.

    Then come feeds, pages, letters and headers that are too long, and lengths that lie: one stored error each.
    """
    command = [sys.executable, "-m", "tests.heavy.room"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    bombs, bodies = json.loads(done.stdout)
    for found in (bombs, bodies):
        check(found)

    assert len([name for name in bombs["errors"] if name.startswith("cut")]) == 10
    assert bombs["peak"] < 200
    said = (("/page", "cap of 16 MiB"), ("/bomb", "cap of 16 MiB"), ("/letter.pdf", "cap of 50 MiB"))
    # A letter just as long as it may be is read, and then found to be damaged.
    for path, words in (*said, ("/whole.pdf", "the PDF cannot be read")):
        assert [line for line in bodies["links"] if path in line and words in line], path
    assert bodies["peak"] < 280
