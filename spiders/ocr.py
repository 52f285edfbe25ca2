"""Words out of pictures of pages, by Tesseract: the optional extra `ocr`. Runs in a reader (`spiders.sandbox`).

What Tesseract gets are bare pixels that PDFium drew: none of its own readers of picture formats sees hostile bytes.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib.util import find_spec
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2

from facts.errors import Unreadable
from spiders.html import clean
from spiders.pdf import opened

if TYPE_CHECKING:
    from tesserocr import PyTessBaseAPI

IMPORTED_BEFORE_READING = ("tesserocr",)

#: What Tesseract was trained on (https://tesseract-ocr.github.io/tessdoc/ImproveQuality.html#rescaling).
DPI = 300
#: Pixels of the largest page that is drawn in full: a tabloid sheet; one as large as a wall is drawn coarser.
MOST_PIXELS = 17_000_000
#: Pixels of the longest side that Tesseract 5.5.4 takes (measured).
MOST_SIDE = 32_767
#: Percent. Measured on one invented letter that was made worse in 18 ways: where 9 words of 10 are right, from a clean
#: scan to a speckled fax of 100 dots an inch, it is 84 and more; on a page that lies on its side, or with every second
#: word wrong, 52 and less.
LEAST_CONFIDENCE = 60
#: Degrees that a page is turned by until it can be read.
TURNS = (0, 180, 90, 270)
LANGUAGE = "eng"
_POINTS = 72


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWords:
    """What was recognised on one page."""

    #: Empty where nothing on it can be told from a photograph.
    text: str
    #: The program, such as "tesseract 5.5.4".
    by: str


def is_installed() -> bool:
    """Return whether the program and its trained data are there."""
    return find_spec("tesserocr") is not None and (_trained() / f"{LANGUAGE}.traineddata").is_file()


def recognise_page(body: bytes, index: int) -> PageWords:
    """Recognise the words on one page of a PDF.

    Raises:
        Unreadable: the page cannot be drawn, or Tesseract does not take it.
    """
    import tesserocr  # noqa: PLC0415 (see IMPORTED_BEFORE_READING)

    by = tesserocr.tesseract_version().partition("\n")[0].strip()
    with opened(body) as document, tesserocr.PyTessBaseAPI(path=str(_trained()), lang=LANGUAGE) as tesseract:
        page = document[index]
        for turn in TURNS:
            text, confidence = _read(tesseract, page, turn)
            if not text or confidence >= LEAST_CONFIDENCE:
                return PageWords(text=text, by=by)
    return PageWords(text="", by=by)


def _read(tesseract: PyTessBaseAPI, page: pypdfium2.PdfPage, turn: int) -> tuple[str, int]:
    """Return the words on a page that is turned by so many degrees, and in percent how sure they are."""
    width, height = page.get_size()
    whole = width * height * (DPI / _POINTS) ** 2
    fits = MOST_SIDE / max(width * DPI / _POINTS, height * DPI / _POINTS, 1.0)
    # A side is rounded up.
    scale = DPI / _POINTS * min(1.0, sqrt(MOST_PIXELS / max(whole, 1.0)), fits * (1 - 1 / MOST_SIDE))
    drawn = page.render(scale=scale, rotation=turn, grayscale=True)
    # One byte a pixel.
    try:
        tesseract.SetImageBytes(bytes(drawn.buffer), drawn.width, drawn.height, 1, drawn.stride)
        tesseract.SetSourceResolution(max(round(scale * _POINTS), 1))
        return clean(tesseract.GetUTF8Text()).strip(), tesseract.MeanTextConf()
    except RuntimeError as error:
        # Of this page alone: as a bug it would cost the whole letter.
        msg = f"Tesseract does not take the page: {error}"
        raise Unreadable(msg) from error


def _trained() -> Path:
    return Path(sys.prefix) / "share" / "tessdata"
