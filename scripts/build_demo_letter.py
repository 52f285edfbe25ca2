"""Build the demo's letter, the same bytes every time: `python scripts/build_demo_letter.py [FILE]`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from fpdf import FPDF

_TEXTS: Final = Path(__file__).parent.parent / "pursestrings" / "demo" / "texts"
_SIGNED: Final = datetime(2017, 8, 3, 13, 30, tzinfo=UTC)


class _Letter(FPDF):
    """A letter that says on every page after the first what it is."""

    def header(self) -> None:
        """Write what heads a page."""
        if self.page_no() == 1:
            return
        self.set_font("Times", "I", 10)
        self.cell(0, 6, f"To four police departments, August 3, 2017 - page {self.page_no()}", align="R")
        self.ln(12)


def build() -> bytes:
    """Return the letter as PDF."""
    letter = _Letter(format="Letter")
    # Compressed streams depend on the zlib at hand; everything else on the clock and on the maker's version.
    letter.set_compression(False)
    letter.set_creation_date(_SIGNED)
    letter.set_producer("Pursestrings demo")
    letter.set_title("Letter to four police departments, August 3, 2017")
    letter.set_margins(28, 25)
    letter.set_auto_page_break(True, margin=25)
    letter.add_page()
    head, *blocks = (_TEXTS / "letter.txt").read_text("utf-8").strip().split("\n\n")
    _write(letter, head, style="B", align="C")
    for block in blocks:
        _write(letter, block, style="", align="L")
    return bytes(letter.output())


def _write(letter: FPDF, block: str, *, style: str, align: str) -> None:
    letter.set_font("Times", style, 12)
    letter.multi_cell(0, 6, block, align=align, new_x="LMARGIN", new_y="NEXT")
    letter.ln(5)


def main() -> None:
    """Write the letter to the named file, or where the demo reads it."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else _TEXTS / "letter.pdf"
    target.write_bytes(build())
    print(f"{target}: {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
