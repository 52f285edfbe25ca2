"""`pursestrings classify`: judge one text, HTML or PDF."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from alerts.wording import deadline_words, label_words
from classifier.reading import Reading, reading_json
from facts.errors import PursestringsError
from pursestrings.commands.options import AsJson, OfConfig, read_date, read_place
from pursestrings.commands.printing import facts, print_json, screen
from pursestrings.models import judge_of
from spiders.html import clean, decode, read_page
from spiders.ocr import is_installed
from spiders.pdf import PdfText, is_pdf, read_pdf
from spiders.scans import REMEDY, open_scans

#: What the first bytes of a page hold, and those of a text do not.
_MARKUP = re.compile(rb"<(!doctype|html|head|body|article|p|div)\b", re.IGNORECASE)
_HEAD = 4096

File = Annotated[str, typer.Argument(metavar="FILE", help="A text, HTML or PDF file; - reads standard input.")]
Title = Annotated[str, typer.Option(help="The document's title, when the file does not say it.")]
Published = Annotated[
    str | None, typer.Option(metavar="DATE", help="The day it was published, for dates without a year.")
]
Places = Annotated[
    list[str] | None, typer.Option("--place", help='What the source is about, as "Stockton, CA"; may be repeated.')
]


def classify(  # noqa: PLR0913 - the words of a command line
    file: File = "-",
    title: Title = "",
    published: Published = None,
    place: Places = None,
    *,
    as_json: AsJson = False,
    config: OfConfig = None,
) -> None:
    """Judge one text, HTML or PDF, and say why. Without a file the text is read from standard input."""
    day = read_date(published, "--published")
    places = tuple(found for name in place or [] if (found := read_place(name, "--place")))
    own_title, text, own_date = _text(_read(file))
    if not text.strip():
        msg = f"{file} holds no text{'' if is_installed() else f'; {REMEDY}'}"
        raise PursestringsError(msg)
    reading = judge_of(config, os.environ).read(
        title=title or own_title,
        text=text,
        published_at=datetime.combine(day, time(12), UTC) if day else own_date,
        places=places,
    )
    if as_json:
        print_json(reading_json(reading))
    else:
        _print(reading)


def _read(file: str) -> bytes:
    if file == "-":
        if sys.stdin.isatty():
            typer.echo("Paste the text, then press Ctrl-D.", err=True)
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        msg = f"{file} cannot be read: {error.strerror}"
        raise PursestringsError(msg) from error


def _text(body: bytes) -> tuple[str, str, datetime | None]:
    """Return title, text and date of a PDF, a page or plain text."""
    if is_pdf(body):
        pdf = read_pdf(body)
        return pdf.title, asyncio.run(_words(body, pdf)), None
    if _MARKUP.search(body[:_HEAD]):
        page = read_page(body, (), "")
        return page.title, page.text, page.published_at
    return "", clean(decode(body)), None


async def _words(body: bytes, pdf: PdfText) -> str:
    """Return the text of a PDF, of its pictures too where something recognises them."""
    scans = open_scans() if pdf.pictures else None
    if scans is None:
        return pdf.text
    try:
        return (await scans(body, pdf)).text
    finally:
        scans.close()


def _print(reading: Reading) -> None:
    console = screen()
    for name, label in reading.labels.items():
        style, verdict = ("bold yellow", "flagged") if label.flagged else ("dim", "not flagged")
        console.print(Text(f"{label_words(name)}  ", style).append(f"{verdict}, {label.score:.2f}", "not bold"))
        console.print(facts(("evidence", f"“{quote.text}”") for quote in label.evidence))
    rows = {
        "agency": "; ".join(reading.agencies),
        "program": "; ".join(reading.programs),
        "places": "; ".join(f"{place} ({place.role})" for place in reading.places),
        "answers": "; ".join(f"{stance.place} {stance.stance}" for stance in reading.stances),
        "deadline": deadline_words(reading.deadline) if reading.deadline else "",
        "conditions": "; ".join(condition.replace("_", " ") for condition in reading.conditions),
    }
    console.print(Text("Read out of it", "bold"))
    console.print(facts((term, value or "-") for term, value in rows.items()))
