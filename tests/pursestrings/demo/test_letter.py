from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pypdfium2

from pursestrings.demo.texts import read_bytes
from tests.pursestrings.demo.test_texts import CITIES

SCRIPT = Path(__file__).parents[3] / "scripts" / "build_demo_letter.py"


def _words() -> list[str]:
    with pypdfium2.PdfDocument(read_bytes("letter.pdf")) as document:
        pages = []
        for page in document:
            text = page.get_textpage()
            pages.append(text.get_text_bounded())
            text.close()
            page.close()
    return " ".join(pages).split()


def test_the_letter_is_built_to_the_same_bytes(tmp_path: Path) -> None:
    """The file that is kept is what the script makes of letter.txt."""
    target = tmp_path / "letter.pdf"
    subprocess.run([sys.executable, SCRIPT, target], check=True, capture_output=True)

    assert read_bytes("letter.pdf") == target.read_bytes()


def test_the_letter_can_be_read() -> None:
    """Every word of the text is in the PDF, in order, but for what heads the second page."""
    heading = re.split(" ", "To four police departments, August 3, 2017 - page 2")
    words = _words()
    start = next(place for place in range(len(words)) if words[place : place + len(heading)] == heading)

    assert read_bytes("letter.txt").decode().split() == words[:start] + words[start + len(heading) :]


def test_the_letter_names_whom_and_by_when() -> None:
    """Four addressees, the programme, three questions and the day."""
    text = " ".join(_words())

    for phrase in (*CITIES, "Public Safety Partnership", "Jail access", "48 hours", "by Aug. 18, 2017"):
        assert phrase in text
