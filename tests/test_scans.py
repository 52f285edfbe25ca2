"""A letter that a city scanned, the whole way: recognised, judged, told with a word of caution, archived and found."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from archive.lookup import snapshot_json
from spiders.ocr import is_installed
from storage.protocols import Search
from tests.archive.asgi import ask
from tests.rig.newsroom import LETTER_TEXT, Sites, as_feed, item, open_sites, rss
from tests.rig.site import Reply
from tests.spiders.scans import picture, scan
from tests.test_bad_input import archive_app, ordinary, stanza

pytestmark = pytest.mark.skipif(not is_installed(), reason="the extra ocr is not installed")

TITLE = "A letter that the city received on Thursday"


@pytest.fixture
async def sites(tmp_path: Path) -> AsyncIterator[Sites]:
    async with open_sites(tmp_path) as opened:
        yield opened


async def test_a_scanned_letter_is_read_told_and_found(sites: Sites) -> None:
    """Its words are evidence, and everybody who sees them is told that a program recognised them."""
    url = sites.bad.serve("/feed", as_feed(rss(ordinary(sites.bad))))
    pdf = sites.bad.serve(
        "/letter.pdf", Reply(headers=(("Content-Type", "application/pdf"),), body=scan(picture(LETTER_TEXT)))
    )
    async with sites.newsroom(stanza(url, follow=True)) as room:
        await room.look()
        sites.bad.serve("/feed", as_feed(rss(item(TITLE, "", pdf), ordinary(sites.bad))))
        await room.look()
        await room.look()

        (post,) = room.news
        assert post["text"].strip() == f"New story: {TITLE} (Stockton, CA)"
        said = json.dumps(post["blocks"])
        assert "words recognised by tesseract" in said
        assert "Aug. 18, 2017" in said
        assert "Public Safety Partnership" in said
        (letter,) = [one for one in room.documents() if one.url == pdf]
        assert (letter.version, letter.scanned) == (1, True)
        assert str(snapshot_json(letter)["recognised_by"]).startswith("tesseract 5.")
        hits, _ = room.stores.catalogue.search(Search(words="immigration agents jails", limit=5))
        assert [hit.snapshot.url for hit in hits] == [pdf]
        page = (await ask(archive_app(room), f"/documents/{letter.id}")).text
        assert "recognised these words in pictures of pages" in page
        assert not [line for line in room.lines if "scanned" in line]
