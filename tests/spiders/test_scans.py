"""Scanned letters: page by page, in a reader of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from facts.errors import Unreachable
from spiders import scans
from spiders.handing_over import Limits
from spiders.pdf import PdfText, read_pdf
from spiders.scans import REMEDY, Recognised, Scans, open_scans, unread_words
from tests.spiders.scans import picture, scan, shaded
from tests.spiders.test_pdf import letter

TERMS = "The award is conditional on access to the jail, and on notice before a release."


@pytest.fixture
def recognise() -> Iterator[Scans]:
    opened = open_scans()
    if opened is None:
        pytest.skip("the extra ocr is not installed")
    yield opened
    opened.close()


async def test_pictures_are_read_in_their_place(recognise: Scans) -> None:
    """Behind a cover that has words of its own; a picture without words costs no other page."""
    cover = "The letter that the city received is attached to this note of its clerk."
    body = scan(
        picture(TERMS), picture(TERMS, shaded), picture("Sincerely, the Acting Director of Grants"), cover=cover
    )
    read = read_pdf(body)

    found = await recognise(body, read)

    assert (read.pictures, read.scanned) == ((1, 2, 3), True)
    assert " ".join(found.text.split()) == f"{cover} {TERMS} Sincerely, the Acting Director of Grants"
    assert found.by is not None
    assert found.unread == 1


@pytest.mark.usefixtures("recognise")
async def test_a_page_that_takes_too_much_costs_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """And a letter of which nothing was read has no program that read it."""
    monkeypatch.setattr(scans, "PAGE_LIMITS", Limits(cpu=60, wall=0.01))
    hasty, body = Scans(), scan(picture(TERMS))
    try:
        found = await hasty(body, read_pdf(body))
    finally:
        hasty.close()

    assert found == Recognised(text="", by=None, unread=1)


async def test_no_more_pages_are_read_than_bind_a_city(recognise: Scans, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are counted."""
    monkeypatch.setattr(scans, "MAX_SCANNED_PAGES", 1)
    body = scan(*[picture(TERMS)] * 3)

    found = await recognise(body, read_pdf(body))

    assert " ".join(found.text.split()) == TERMS
    assert found.unread == 2


async def test_closing_ends_a_page_that_is_being_read(recognise: Scans) -> None:
    """At once; the letter is tried again later."""
    body = scan(picture(TERMS))
    reading = asyncio.create_task(recognise(body, read_pdf(body)))
    await asyncio.sleep(0)
    recognise.close()

    with pytest.raises(Unreachable, match="closed"):
        await reading


@pytest.mark.parametrize(
    ("pages", "pictures", "read", "installed", "said"),
    [
        (("A page with words on it.", ""), (), Recognised(text="A page", by=None, unread=0), False, None),
        (("",), (0,), Recognised(text="", by=None, unread=1), True, "no text could be read"),
        (("",), (0,), Recognised(text="", by=None, unread=1), False, REMEDY),
        (("", "A page."), (0,), Recognised(text="A page.", by=None, unread=1), False, "1 of its 2 pages"),
        (("", ""), (0, 1), Recognised(text="Terms.", by="t", unread=1), True, "1 of its 2 pages"),
        (("", ""), (0, 1), Recognised(text="Terms.", by="t", unread=0), True, None),
        (("A page.",) * 3, (), Recognised(text="A page.", by=None, unread=0), True, None),
    ],
)
def test_what_was_not_read_is_said(
    pages: tuple[str, ...], pictures: tuple[int, ...], read: Recognised, *, installed: bool, said: str | None
) -> None:
    """With the remedy where there is one; of a letter with words of its own, nothing."""
    words = unread_words(PdfText(title="", pages=pages, pictures=pictures), read, installed=installed)

    assert (len(words) == 0) if said is None else (said in words[0])
    assert all((REMEDY in each) != installed for each in words)


def test_a_letter_with_words_is_no_scan() -> None:
    """Its pictures are seals and signatures."""
    read = read_pdf(letter("Dear Mayor: the award is conditional.", "Sincerely, the Director of the office"))

    assert (read.pictures, read.scanned) == ((), False)
