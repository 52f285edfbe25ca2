"""Scanned letters: pages drawn, spoilt as a copier spoils them, and put into a PDF as pictures."""

from __future__ import annotations

import io
from collections.abc import Callable

import pypdfium2
from fpdf import FPDF
from PIL import Image

from tests.spiders.test_pdf import letter

#: A letter sheet in millimetres.
_SHEET = (215.9, 279.4)


def spoilt(page: Image.Image) -> Image.Image:
    """Return the page grey, speckled, and slightly askew."""
    noise = Image.effect_noise(page.size, 60)
    return Image.blend(page, noise, 0.18).rotate(0.7, fillcolor=235, resample=Image.Resampling.BICUBIC)


def shaded(page: Image.Image) -> Image.Image:
    """Return a picture without words, of the same size."""
    return Image.linear_gradient("L").resize(page.size)


def picture(words: str, spoil: Callable[[Image.Image], Image.Image] = spoilt) -> bytes:
    """Return a page with these words as a copier gives it."""
    (page,) = photocopied(letter(words), spoil)
    return page


def photocopied(body: bytes, spoil: Callable[[Image.Image], Image.Image] = spoilt) -> list[bytes]:
    """Return each page of a PDF as a JPEG of 200 dots an inch."""
    pages = []
    for page in pypdfium2.PdfDocument(body):
        jpeg = io.BytesIO()
        spoil(page.render(scale=200 / 72, grayscale=True).to_pil()).convert("L").save(jpeg, "JPEG", quality=55)
        pages.append(jpeg.getvalue())
    return pages


def scan(*pictures: bytes, cover: str = "") -> bytes:
    """Return a PDF with these pictures as pages, behind a cover that has words of its own where one is given."""
    pdf = FPDF(format="letter")
    pdf.set_font("helvetica", size=12)
    if cover:
        pdf.add_page()
        pdf.multi_cell(0, 8, cover)
    for each in pictures:
        pdf.add_page()
        pdf.image(io.BytesIO(each), 0, 0, *_SHEET)
    return bytes(pdf.output())
