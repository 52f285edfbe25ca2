"""Scanned letters: the words of their pages are recognised, one page after another, apart from all other reading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from facts.errors import Unreadable
from spiders.handing_over import Limits
from spiders.ocr import PageWords, is_installed, recognise_page
from spiders.parsing import Parsers
from spiders.pdf import PdfText

#: Pages recognised of one letter, at about a second of CPU time each; what binds a city stands on the first few.
MAX_SCANNED_PAGES = 40
#: Of one page. A clean one takes a second, a dark or speckled one many.
PAGE_LIMITS = Limits(cpu=60, wall=120.0)
#: What a person does who wants them read.
REMEDY = "to have scans read: sh scripts/install --no-dev --extra ocr"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """A letter with the words of its pictures."""

    text: str
    #: The program; None where it recognised nothing.
    by: str | None
    #: Pictures whose words are not in the text.
    unread: int


class Recogniser(Protocol):
    """Reads the pictures of a letter."""

    async def __call__(self, body: bytes, letter: PdfText, /) -> Recognised:
        """Return the letter with the words of its pictures.

        Raises:
            Unreachable: no process could read it now.
        """
        ...


class Scans:
    """A `Recogniser` by Tesseract, one page at a time; belongs to one event loop."""

    def __init__(self) -> None:
        # Its own reader: pages that take a minute hold up no feed.
        self._parsers = Parsers(readers=1, limits=PAGE_LIMITS)

    async def __call__(self, body: bytes, letter: PdfText, /) -> Recognised:
        """Return the letter with the words of its pictures; the errors are those of the protocol."""
        pages = dict(enumerate(letter.pages))
        by, unread = None, max(len(letter.pictures) - MAX_SCANNED_PAGES, 0)
        for index in letter.pictures[:MAX_SCANNED_PAGES]:
            words = await self._page(body, index)
            if words is None or not words.text:
                unread += 1
                continue
            pages[index], by = f"{pages[index]}\n{words.text}".strip(), words.by
        return Recognised(text="\n\n".join(pages.values()).strip(), by=by, unread=unread)

    def close(self) -> None:
        """End the reader, also over a page; who waits for it gets `Unreachable`."""
        self._parsers.close()

    async def _page(self, body: bytes, index: int) -> PageWords | None:
        try:
            return await self._parsers.run(recognise_page, body, index)
        except Unreadable:
            # One page that takes too much costs no other.
            return None


def unread_words(letter: PdfText, read: Recognised, *, installed: bool) -> tuple[str, ...]:
    """Return what a person has to know of a scan that was not read, or not to its end; nothing for other letters."""
    if not letter.scanned:
        return ()
    if not read.text:
        remedy = "" if installed else f"; {REMEDY}"
        return (f"scanned: no text could be read, so its title alone is judged; read it yourself{remedy}",)
    if read.unread:
        remedy = "" if installed else f"; {REMEDY}"
        return (f"scanned: the words of {read.unread} of its {len(letter.pages)} pages could not be read{remedy}",)
    return ()


def open_scans() -> Scans | None:
    """Return what recognises words; None where the extra `ocr` is not installed."""
    return Scans() if is_installed() else None
