"""Captures on the second origin: as received, and inert."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from archive.replay import as_received, charset
from facts.document import Capture
from tests.archive import samples, site
from tests.archive.asgi import Answer, ask
from tests.archive.newsroom import Newsroom, archive, fill

CAPTURE = samples.LETTER_DOCUMENT.capture


def served(media_type: str, body: bytes = b"x", content_type: str | None = None) -> tuple[str, str | None]:
    """Return content type and disposition of a capture of this type."""
    headers = (("content-type", content_type or media_type),)
    answer = as_received(replace(CAPTURE, media_type=media_type, body=body, headers=headers), "abc")
    return answer.headers["content-type"], answer.headers.get("content-disposition")


async def test_a_page_is_served_byte_for_byte_as_text(newsroom: Newsroom) -> None:
    """Its markup is to be read, not run."""
    answer = await ask(site.replay(newsroom.catalogue), f"/captures/{newsroom.letter.id}")

    assert (200, CAPTURE.body) == (answer.status, answer.body)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("target", ["/captures/{id}", "/captures/nothing", "/captures/ffffff", "/", "/documents/{id}"])
async def test_every_answer_is_sandboxed(newsroom: Newsroom, target: str) -> None:
    """Nothing loads, nothing is sent, nothing is kept (docs/reliability.md, S16)."""
    answer = await ask(site.replay(newsroom.catalogue), target.replace("{id}", newsroom.letter.id))

    assert answer.headers["content-security-policy"] == "default-src 'none'; form-action 'none'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [
        ("text/html", ("text/plain; charset=utf-8", None)),
        ("TEXT/HTML; charset=x", ("text/plain; charset=utf-8", None)),
        ("application/xhtml+xml", ("text/plain; charset=utf-8", None)),
        ("application/rss+xml", ("text/plain; charset=utf-8", None)),
        ("image/svg+xml", ("application/octet-stream", 'attachment; filename="capture-abc.bin"')),
        ("application/json", ("text/plain; charset=utf-8", None)),
        ("application/pdf", ("application/pdf", 'attachment; filename="capture-abc.pdf"')),
        ("multipart/x-mixed-replace", ("application/octet-stream", 'attachment; filename="capture-abc.bin"')),
        ("text/html\r\nX-Evil: 1", ("application/octet-stream", 'attachment; filename="capture-abc.bin"')),
        ("", ("application/octet-stream", 'attachment; filename="capture-abc.bin"')),
    ],
)
def test_only_text_is_shown(media_type: str, expected: tuple[str, str | None]) -> None:
    """The rest is a download under a name of ours."""
    assert served(media_type) == expected


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        ("text/html; charset=windows-1252", "windows-1252"),
        ('text/html; charset="ISO-8859-1"', "iso-8859-1"),
        ("text/html; charset=klingon", "utf-8"),
        ("text/html; charset=a\r\nX-Evil: 1", "utf-8"),
        ("text/html", "utf-8"),
    ],
)
def test_the_named_character_set_is_kept_when_there_is_such_a_one(content_type: str, expected: str) -> None:
    """An old page stays readable; an invented set does no harm."""
    capture: Capture = replace(CAPTURE, headers=(("Content-Type", content_type),))

    assert charset(capture) == expected


async def test_a_damaged_capture_is_never_served_as_good(tmp_path: Path) -> None:
    """One flipped byte in its WARC member: 502 and what is damaged (docs/reliability.md, R24)."""
    with archive(tmp_path) as stores:
        newsroom = fill(tmp_path, stores)
        warc = newsroom.letter.warc
        path = tmp_path / "warc" / warc.file
        damaged = bytearray(path.read_bytes())
        damaged[warc.offset + warc.length // 2] ^= 0x55
        path.write_bytes(damaged)

        answer = await ask(site.replay(stores.catalogue), f"/captures/{newsroom.letter.id}")
        whole = await ask(site.replay(stores.catalogue), f"/captures/{newsroom.answer.id}")

    assert answer.status == 502
    assert "This capture is damaged and is not shown" in answer.text
    assert warc.file in answer.text
    assert "Four cities" not in answer.text
    assert whole.status == 200


@pytest.mark.parametrize(
    ("method", "host", "status"), [("POST", "localhost", 405), ("GET", "evil.example", 400), ("HEAD", "localhost", 200)]
)
async def test_the_same_guard_stands_here(newsroom: Newsroom, method: str, host: str, status: int) -> None:
    """Reading only, and only under our names."""
    answer = await ask(site.replay(newsroom.catalogue), f"/captures/{newsroom.letter.id}", method=method, host=host)

    assert answer.status == status


async def test_a_bug_is_raised_and_answered_with_the_headers(newsroom: Newsroom) -> None:
    """An answer that says nothing of itself, sandboxed as all of them."""
    sent: list[Answer] = []
    broken = site.replay(None)  # type: ignore[arg-type]  # no catalogue at all: every look-up is a bug
    with pytest.raises(AttributeError):
        await ask(broken, f"/captures/{newsroom.letter.id}", answered=sent.append)

    assert sent[0].status == 500
    assert sent[0].headers["content-security-policy"] == "default-src 'none'; form-action 'none'; sandbox"
