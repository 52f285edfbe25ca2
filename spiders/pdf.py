"""Text out of PDFs, by PDFium: no more pages than a letter could have.

PDFium is not safe to use from two threads at once: this runs in the one thread of a reader (`spiders.sandbox`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pypdfium2

from facts.errors import Unreadable
from spiders.html import MAX_TEXT, clean, clean_line

#: Pages read; letters have a few, grant terms some dozens.
MAX_PAGES = 300
#: Characters a page needs to count as text and not as a picture with a stamp on it.
_FEW = 20
#: How far into a file its mark may stand (PDF 1.7, appendix H, note 13).
_HEAD = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfText:
    """What was read out of one PDF."""

    title: str
    #: The text of each page that was read, in order; empty for a page that is damaged.
    pages: tuple[str, ...]
    #: The pages, counted from 0, that have something drawn on them and almost no text.
    pictures: tuple[int, ...]

    @property
    def text(self) -> str:
        """The text of all pages."""
        return "\n\n".join(self.pages).strip()

    @property
    def scanned(self) -> bool:
        """Whether half the pages or more are pictures, or no page holds text."""
        return 2 * len(self.pictures) >= len(self.pages) or not self.text


def is_pdf(body: bytes) -> bool:
    """Return whether the bytes are a PDF; the media type that a server names is not trusted."""
    return b"%PDF-" in body[:_HEAD]


def read_pdf(body: bytes) -> PdfText:
    """Read the text of a PDF.

    Raises:
        Unreadable: it is damaged, locked with a password, or has no pages.
    """
    with opened(body) as document:
        pages: list[str] = []
        pictures: list[int] = []
        length = 0
        for index in range(min(len(document), MAX_PAGES)):
            text, drawn = _read(document, index)
            pages.append(text)
            pictures.extend([index] if drawn and len(text.strip()) < _FEW else [])
            length += len(text)
            if length > MAX_TEXT:
                break
        title = document.get_metadata_value("Title")
    return PdfText(title=clean_line(title), pages=tuple(pages), pictures=tuple(pictures))


@contextmanager
def opened(body: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """Open a PDF, and close it after the block.

    Raises:
        Unreadable: it is damaged, locked with a password, or has no pages, or what is done in the block fails.
    """
    try:
        document = pypdfium2.PdfDocument(body)
        try:
            if len(document) == 0:
                msg = "it has no pages"
                raise pypdfium2.PdfiumError(msg)
            yield document
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        msg = f"the PDF cannot be read: {error}"
        raise Unreadable(msg) from error


def _read(document: pypdfium2.PdfDocument, index: int) -> tuple[str, bool]:
    """Return the text of a page, and whether anything is drawn on it."""
    try:
        page = document[index]
    except pypdfium2.PdfiumError:
        # One damaged page does not hide the others.
        return "", False
    try:
        text = page.get_textpage()
        try:
            drawn = next(iter(page.get_objects(max_depth=1)), None) is not None
            return clean(str(text.get_text_range()).replace("\r\n", "\n")), drawn
        finally:
            text.close()
    finally:
        page.close()
