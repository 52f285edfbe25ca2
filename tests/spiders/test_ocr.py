"""Words out of pictures of pages: spoilt as copiers spoil them, turned, without words, and as large as a wall."""

from __future__ import annotations

import subprocess
import sys
from difflib import SequenceMatcher

import pytest
from fpdf import FPDF
from PIL import Image, ImageFilter

from facts.errors import Unreadable
from spiders.ocr import is_installed, recognise_page
from tests.spiders.scans import picture, scan, shaded

pytestmark = pytest.mark.skipif(not is_installed(), reason="the extra ocr is not installed")

WORDS = """Dear Chief Ferron:

Before a place in the Public Safety Partnership is given, the Department has to know how your jails work with
immigration officers. Please answer no later than December 18, 2026, with documents that support each answer.

1. Does your jurisdiction give officers access to every jail to meet with people who are held there?
2. Does it give 48 hours' notice, where that can be done, before it releases a person?

Places that do not answer will not be considered for a grant this year."""


def right(text: str) -> float:
    """Return the share of the letter's words that were recognised, in their order."""
    expected, found = WORDS.split(), text.split()
    blocks = SequenceMatcher(None, expected, found, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / len(expected)


def faxed(page: Image.Image) -> Image.Image:
    """Return the page in black and white, at 100 dots an inch."""
    small = page.resize((page.width // 2, page.height // 2))
    return Image.blend(small, Image.effect_noise(small.size, 60), 0.3).point(lambda grey: 255 if grey > 150 else 0)


def test_a_scanned_page_is_read() -> None:
    """Grey, speckled and askew as it is; and the program is named."""
    words = recognise_page(scan(picture(WORDS)), 0)

    assert right(words.text) > 0.97
    assert words.by.startswith("tesseract 5.")


def test_a_fax_is_read() -> None:
    """Nine words of ten."""
    assert right(recognise_page(scan(picture(WORDS, faxed)), 0).text) > 0.85


@pytest.mark.parametrize("turn", [90, 180])
def test_a_page_that_lies_on_its_side_is_read(turn: int) -> None:
    """Turned until it can be."""
    body = scan(picture(WORDS, lambda page: page.rotate(turn, expand=True)))

    assert right(recognise_page(body, 0).text) > 0.97


def test_what_cannot_be_told_from_a_photograph_is_no_text() -> None:
    """A shade, and words that are blurred beyond reading: nothing is made up."""
    blurred = picture(WORDS, lambda page: page.filter(ImageFilter.GaussianBlur(5)))

    assert [recognise_page(scan(each), 0).text for each in (picture(WORDS, shaded), blurred)] == ["", ""]


def test_a_page_as_large_as_a_wall_is_drawn_coarser() -> None:
    """200 inches by 200 at 300 dots an inch would be 3.6 GB."""
    pdf = FPDF(unit="in", format=(200, 200))
    pdf.add_page()
    pdf.set_font("helvetica", size=900)
    pdf.text(10, 90, "GRANT TERMS")

    assert recognise_page(bytes(pdf.output()), 0).text == "GRANT TERMS"


@pytest.mark.parametrize(("width", "height"), [(1, 16_000_000), (17_000_000, 1), (2.4, 1_000_000), (0, 0)])
def test_a_page_like_a_thread_is_no_bug(width: float, height: float) -> None:
    """Tesseract takes no side beyond 32,767 pixels: that page is without words, and the letter's others are read."""
    pdf = FPDF(format="letter")
    pdf.add_page()
    pdf.rect(0, 0, 1, 1, style="F")
    thread = bytes(pdf.output()).replace(b"[0 0 612.00 792.00]", b"[0 0 %.2f %.2f]" % (width, height))

    assert recognise_page(thread, 0).text == ""


def test_what_tesseract_does_not_take_is_unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug would cost the letter, and this costs a page."""
    monkeypatch.setattr("spiders.ocr.MOST_SIDE", 10**9)
    monkeypatch.setattr("spiders.ocr.MOST_PIXELS", 10**8)
    pdf = FPDF(unit="in", format=(0.05, 150))
    pdf.add_page()
    pdf.rect(0, 0, 1, 1, style="F")

    with pytest.raises(Unreadable, match="Tesseract does not take the page"):
        recognise_page(bytes(pdf.output()), 0)


@pytest.mark.parametrize("body", [b"%PDF-1.7", scan(picture("A page."))[:3000]])
def test_a_damaged_pdf_is_unreadable(body: bytes) -> None:
    """As for whoever reads its text."""
    with pytest.raises(Unreadable, match="PDF cannot be read"):
        recognise_page(body, 0)


def test_the_program_is_not_loaded_where_the_secrets_are() -> None:
    """Whoever asks for it loads no library that reads pictures."""
    script = "import sys, spiders.scans; sys.exit('tesserocr' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
