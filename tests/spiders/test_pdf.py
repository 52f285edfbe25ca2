"""Text out of PDFs: letters, pictures of letters, and 250 that were made to break readers."""

from __future__ import annotations

import pytest
from fpdf import FPDF

from facts.errors import Unreadable
from spiders.pdf import MAX_PAGES, is_pdf, read_pdf


def letter(*pages: str, title: str = "Letter to Mayor Okafor", password: str | None = None) -> bytes:
    """Return a PDF with these pages."""
    pdf = FPDF()
    pdf.set_title(title)
    pdf.set_font("helvetica", size=12)
    for page in pages:
        pdf.add_page()
        if page:
            pdf.multi_cell(0, 8, page)
        else:
            pdf.rect(20, 20, 120, 200, style="F")
    if password is not None:
        pdf.set_encryption(owner_password="owner", user_password=password)
    return bytes(pdf.output())


def test_a_letter_is_read() -> None:
    """Title and text of every page."""
    read = read_pdf(letter("Dear Mayor Okafor:\nThe award is conditional.", "Sincerely, the Director"))

    assert read.title == "Letter to Mayor Okafor"
    assert "The award is conditional." in read.text
    assert "Sincerely" in read.text
    assert not read.scanned


def test_a_scan_is_marked() -> None:
    """Pages of pictures hold no text, and that is said."""
    read = read_pdf(letter("", ""))

    assert (read.text, read.scanned) == ("", True)


@pytest.mark.parametrize("body", [b"", b"%PDF-1.7", b"%PDF-1.4\n" + b"\x00" * 5000, b"<html></html>"])
def test_a_damaged_pdf_is_unreadable(body: bytes) -> None:
    """And so is one that is none."""
    with pytest.raises(Unreadable, match="PDF cannot be read"):
        read_pdf(body)


def test_a_cut_pdf_is_read_or_unreadable() -> None:
    """At every length."""
    whole = letter("The award is conditional on the terms.")
    for length in range(0, len(whole), max(len(whole) // 25, 1)):
        try:
            read_pdf(whole[:length])
        except Unreadable:
            continue


def test_no_more_pages_are_read_than_a_letter_has() -> None:
    """The rest of a thousand pages costs nothing."""
    read = read_pdf(letter(*["A page with enough words on it to count."] * (MAX_PAGES + 20)))

    assert read.text.count("A page") == MAX_PAGES


def test_a_pdf_is_known_by_its_mark() -> None:
    """Near its beginning; the media type is not asked."""
    assert is_pdf(b"%PDF-1.7 ...")
    assert is_pdf(b"\r\n\xef\xbb\xbf%PDF-1.4")
    assert not is_pdf(b"x" * 2000 + b"%PDF-1.4")
    assert not is_pdf(b"<html>%PDF")
