"""Build the classifier's model from the labelled rows in `classifier/data/training`.

Run `python scripts/build_model.py [FILE]`; the same rows give the same bytes. Needs the extra `train`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from classifier.examples import base_rows
from classifier.refitting import refit

TARGET = Path(__file__).parent.parent / "classifier" / "data" / "model.json"
#: The name of this set of rows and settings; a change of either gets another one.
NAME = "base-2026.12.3"


def model_file() -> bytes:
    """Return the content of the model's file."""
    return refit(list(base_rows()), [], NAME, lambda _: None)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    target.write_bytes(model_file())
    print(f"wrote {target}")
