"""Pages and letters, read through the real fetcher."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from facts.document import CaptureKind
from facts.errors import Unreachable, Unreadable
from facts.visit import Link, LinkKind
from spiders.fetcher import Fetcher
from spiders.follow import follow, from_summary
from spiders.pdf import PdfText, is_pdf
from spiders.scans import Recognised
from tests.rig.site import Reply, Site, html, redirect
from tests.spiders.conftest import NOW
from tests.spiders.golden import sample
from tests.spiders.test_pdf import letter

PUBLISHED = datetime(2026, 8, 5, 16, tzinfo=UTC)


def link(url: str, kind: LinkKind = LinkKind.PAGE, **values: object) -> Link:
    found = Link(
        source="ledger",
        url=url,
        kind=kind,
        parent="https://ledger.example.org/feed",
        title="Mayor answers",
        summary="The mayor answered.",
        published_at=PUBLISHED,
        places=(),
    )
    return replace(found, **values)  # type: ignore[arg-type]


async def test_a_page_becomes_a_document_with_its_letters(site: Site, fetch: Fetcher) -> None:
    """Text of the page, title and date of the feed, letters of the content."""
    url = site.serve("/terms?utm_source=rss", html(sample("page.html").decode()))

    harvest = await follow(fetch, link(url), NOW)

    (document,) = harvest.documents
    assert (site.url("/terms"), "Mayor answers", PUBLISHED, None) == (
        document.url,
        document.title,
        document.published_at,
        document.parent,
    )
    assert "A recipient must certify" in document.text
    assert url == document.capture.url
    assert [site.url("/sites/default/files/terms%202026.pdf"), site.url("/media/77/dl")] == [
        found.url for found in harvest.links
    ]
    assert {(LinkKind.LETTER, document.url, PUBLISHED)} == {(f.kind, f.parent, f.published_at) for f in harvest.links}
    assert harvest.requests == 1
    assert len(document.capture.body) < harvest.bytes


async def test_a_page_keeps_the_name_that_its_feed_gave_it(site: Site, fetch: Fetcher) -> None:
    """So does its summary; a letter that the page links has none."""
    named = link(site.serve("/terms", html(sample("page.html").decode())), guid="tag:7")

    harvest = await follow(fetch, named, NOW)
    summary = from_summary(named, NOW)

    assert [document.guid for document in (*harvest.documents, summary) if document] == ["tag:7", "tag:7"]
    assert {found.guid for found in harvest.links} == {None}


async def test_a_page_fills_in_what_the_link_did_not_say(site: Site, fetch: Fetcher) -> None:
    """Title and date; and its canonical address on its own site is the document's."""
    page = sample("page.html").decode().replace("https://elsewhere.example.com/terms", "/standard-terms")
    url = site.serve("/terms", html(page))

    (document,) = (await follow(fetch, link(url, title="", published_at=None, summary=""), NOW)).documents

    assert document.title == "Standard Terms and Conditions"
    assert document.published_at == datetime(2026, 6, 2, 14, 13, 3, tzinfo=UTC)
    assert site.url("/standard-terms") == document.url


async def test_a_page_without_words_is_told_by_its_summary(site: Site, fetch: Fetcher) -> None:
    """A page made by scripts has none; the feed had some, and its server is not said to have sent them."""
    url = site.serve("/app", html("<html><title>App</title><div id='root'></div></html>"))

    (document,) = (await follow(fetch, link(url), NOW)).documents

    assert (document.text, document.title) == ("The mayor answered.", "Mayor answers")
    assert (document.capture.kind, document.capture.body) == (CaptureKind.RESOURCE, b"The mayor answered.")


async def test_a_page_keeps_its_own_words_however_few(site: Site, fetch: Fetcher) -> None:
    """A longer summary is not laid over what the server sent."""
    url = site.serve("/short", html("<p>See you."))

    (document,) = (await follow(fetch, link(url), NOW)).documents

    assert (document.text, document.capture.body) == ("See you.", b"<p>See you.")
    assert document.capture.kind is CaptureKind.RESPONSE


async def test_a_redirected_page_is_cited_where_it_is(site: Site, fetch: Fetcher) -> None:
    """The address that answered, without what counts clicks."""
    site.serve("/story?utm_medium=x", html("<p>Story"))
    url = site.serve("/r/1", redirect("/story?utm_medium=x"))

    (document,) = (await follow(fetch, link(url), NOW)).documents

    assert (site.url("/story"), url) == (document.url, document.capture.url)


@pytest.mark.parametrize("kind", list(LinkKind))
@pytest.mark.parametrize("media_type", ["application/pdf", "text/html", "application/octet-stream"])
async def test_a_letter_is_known_by_its_bytes(site: Site, fetch: Fetcher, kind: LinkKind, media_type: str) -> None:
    """Whatever the server calls it, and wherever it was linked."""
    body = letter("Dear Mayor Okafor: the award is conditional on the terms below.")
    url = site.serve("/media/9/dl?inline", Reply(headers=(("Content-Type", media_type),), body=body))

    harvest = await follow(fetch, link(url, kind, title=""), NOW)

    (document,) = harvest.documents
    assert "the award is conditional" in document.text
    assert (site.url("/media/9/dl"), "Letter to Mayor Okafor", False) == (
        document.url,
        document.title,
        document.scanned,
    )
    assert (document.parent is not None) == (kind is LinkKind.LETTER)
    assert harvest.links == ()


async def test_a_scanned_letter_says_so(site: Site, fetch: Fetcher) -> None:
    """No text, and a mark that tells why."""
    url = site.serve("/scan.pdf", Reply(body=letter("", "")))

    (document,) = (await follow(fetch, link(url, LinkKind.LETTER), NOW)).documents

    assert (document.text, document.scanned) == ("", True)


async def test_a_page_at_a_letters_address_ends_the_chain(site: Site, fetch: Fetcher) -> None:
    """It is read as a page, and its own letters are not followed."""
    url = site.serve("/media/9/dl", html(sample("page.html").decode()))

    harvest = await follow(fetch, link(url, LinkKind.LETTER), NOW)

    assert "A recipient must certify" in harvest.documents[0].text
    assert harvest.links == ()


async def test_plain_text_is_taken_as_it_is(site: Site, fetch: Fetcher) -> None:
    """With no markup read into it."""
    url = site.serve("/note.txt", Reply(headers=(("Content-Type", "text/plain"),), body=b"a <b> c\x00".rstrip(b"\x00")))

    (document,) = (await follow(fetch, link(url), NOW)).documents

    assert document.text == "a <b> c"


async def test_what_is_neither_page_nor_letter_is_unreadable(site: Site, fetch: Fetcher) -> None:
    """A picture, a damaged PDF, a page that says it is gone."""
    picture = site.serve("/x.png", Reply(headers=(("Content-Type", "image/png"),), body=b"\x89PNG\r\n\x1a\n\x00\x00"))
    damaged = site.serve("/x.pdf", Reply(body=b"%PDF-1.7 and nothing more"))
    gone = site.serve("/gone", html("<title>Page not found</title>"))

    with pytest.raises(Unreadable, match="image/png"):
        await follow(fetch, link(picture), NOW)
    with pytest.raises(Unreadable, match="PDF"):
        await follow(fetch, link(damaged, LinkKind.LETTER), NOW)
    with pytest.raises(Unreachable, match="gone") as raised:
        await follow(fetch, link(gone), NOW)
    assert raised.value.status == 404


def test_the_summary_stands_in_for_a_page_that_refuses_us() -> None:
    """As plain text, with the link's own facts and no answer of a server; where there is none, nothing stands in."""
    document = from_summary(link("https://x.example/a?utm_source=b", summary="It said \ud800 so."), NOW)

    assert document is not None
    assert (document.url, document.title, document.published_at) == ("https://x.example/a", "Mayor answers", PUBLISHED)
    assert (
        document.capture.body,
        document.capture.media_type,
        document.capture.fetched_at,
    ) == (b"It said ? so.", "text/plain", NOW)
    said = "the summary of this address that https://ledger.example.org/feed gave; its own text could not be read"
    assert (CaptureKind.RESOURCE, 0, (("Comment", said),)) == (
        document.capture.kind,
        document.capture.status,
        document.capture.headers,
    )
    assert from_summary(link("https://x.example/a", summary=" \u200b\n"), NOW) is None


async def test_a_scanned_letter_is_read_where_something_recognises_its_words(site: Site, fetch: Fetcher) -> None:
    """It names what did; a letter with words of its own is left alone."""

    async def recognise(body: bytes, read: PdfText) -> Recognised:
        assert is_pdf(body)
        return Recognised(text=f"The words of {len(read.pictures)} pages.", by="a reader", unread=0)

    scanned = site.serve("/scan.pdf", Reply(body=letter("", "")))
    written = site.serve("/written.pdf", Reply(body=letter("Dear Mayor: the award is conditional.")))

    found = [await follow(fetch, link(url, LinkKind.LETTER), NOW, recognise=recognise) for url in (scanned, written)]

    assert [(one.documents[0].text, one.documents[0].recognised_by, one.warnings) for one in found] == [
        ("The words of 2 pages.", "a reader", ()),
        ("Dear Mayor: the award is conditional.", None, ()),
    ]
