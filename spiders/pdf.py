"""Text out of PDFs, by PDFium: no more pages than a letter could have.

PDFium is not safe to use from two threads at once: this runs in the one thread of a reader (`spiders.sandbox`).
"""

from __future__ import annotations

from dataclasses import dataclass

import pypdfium2

from facts.errors import Unreadable
from spiders.html import MAX_TEXT, clean, clean_line

#: Pages read; letters have a few, grant terms some dozens.
MAX_PAGES = 300
#: Characters a page needs, on average, to count as text and not as a picture with a stamp on it.
_FEW = 20
#: How far into a file its mark may stand (PDF 1.7, appendix H, note 13).
_HEAD = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfText:
    """What was read out of one PDF."""

    title: str
    text: str
    #: The pages hold pictures and almost no text.
    scanned: bool


def is_pdf(body: bytes) -> bool:
    """Return whether the bytes are a PDF; the media type that a server names is not trusted."""
    return b"%PDF-" in body[:_HEAD]


def read_pdf(body: bytes) -> PdfText:
    """Read the text of a PDF.

    Raises:
        Unreadable: it is damaged, locked with a password, or has no pages.
    """
    try:
        title, pages = _read(body)
    except pypdfium2.PdfiumError as error:
        msg = f"the PDF cannot be read: {error}"
        raise Unreadable(msg) from error
    text = clean("\n\n".join(pages)).strip()
    scanned = sum(len(page.strip()) for page in pages) < _FEW * len(pages)
    return PdfText(title=clean_line(title), text=text, scanned=scanned)


def _read(body: bytes) -> tuple[str, list[str]]:
    document = pypdfium2.PdfDocument(body)
    try:
        count = len(document)
        if count == 0:
            msg = "it has no pages"
            raise pypdfium2.PdfiumError(msg)
        pages: list[str] = []
        length = 0
        for index in range(min(count, MAX_PAGES)):
            pages.append(_page_text(document, index))
            length += len(pages[-1])
            if length > MAX_TEXT:
                break
        return document.get_metadata_value("Title"), pages
    finally:
        document.close()


def _page_text(document: pypdfium2.PdfDocument, index: int) -> str:
    try:
        page = document[index]
    except pypdfium2.PdfiumError:
        # One damaged page does not hide the others.
        return ""
    try:
        text = page.get_textpage()
        try:
            return str(text.get_text_range()).replace("\r\n", "\n")
        finally:
            text.close()
    finally:
        page.close()
