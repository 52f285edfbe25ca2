"""One record as one gzip member."""

from __future__ import annotations

import gzip
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given, settings
from warcio.archiveiterator import ArchiveIterator

from facts.document import Capture, CaptureKind
from storage.warc import (
    Damaged,
    complete_members,
    http_headers,
    member_of,
    read_body,
    status_line,
    target,
    warcinfo_member,
)
from tests.storage import strategies
from tests.storage.samples import NOW, capture


def member(of: Capture) -> bytes:
    """Return the capture's member."""
    return member_of(of, of.body_digest)


@settings(max_examples=80)
@given(strategies.captures)
def test_the_body_comes_back_to_the_byte(kept: Capture) -> None:
    """Whatever headers and address, the body is lossless, for us and for warcio, which checks both digests."""
    raw = member(kept)

    assert kept.body == read_body(raw, kept.url, kept.body_digest)
    (record,) = list(_records(raw))
    assert (kept.body, kept.kind) == record


def _records(raw: bytes) -> list[tuple[bytes, str]]:
    records = []
    for record in ArchiveIterator(BytesIO(raw), check_digests="raise"):
        body = record.content_stream().read()
        records.append((body, record.rec_type))
    return records


def test_the_record_says_what_it_is() -> None:
    """A response record of WARC 1.1 with the status line, the stored length and the wire's own headers set aside."""
    record = next(iter(ArchiveIterator(BytesIO(member(capture())))))

    assert record.rec_headers.protocol == "WARC/1.1"
    assert record.rec_headers.get_header("WARC-Target-URI") == "https://doj.example/feed"
    assert record.rec_headers.get_header("WARC-Date") == "2017-08-03T12:00:00.000000Z"
    assert record.http_headers.statusline == "200 OK"
    assert record.http_headers.get_header("Content-Encoding") is None
    assert record.http_headers.get_header("X-Archive-Orig-Content-Encoding") == "gzip"
    assert record.http_headers.get_header("Content-Length") == str(len(capture().body))
    assert record.http_headers.get_header("ETag") == 'W/"7"'


def summary(body: bytes = b"In short. \r\n\r\nAnd more.") -> Capture:
    """Return what a feed said of a page that could not be read."""
    return Capture(
        url="https://doj.example/feed",
        status=0,
        headers=(("Comment", "the summary of this address\r\nWARC-Type: response"), ("Bad Name", "x")),
        body=body,
        media_type="text/plain",
        fetched_at=NOW,
        kind=CaptureKind.RESOURCE,
    )


def test_a_summary_is_no_response() -> None:
    """It is a resource record: no status, no header of HTTP, the bytes alone, and a word on where they come from."""
    raw = member(summary())

    assert read_body(raw, summary().url, summary().body_digest) == summary().body
    assert b"HTTP/1" not in gzip.decompress(raw)
    record = next(iter(ArchiveIterator(BytesIO(raw), check_digests="raise")))
    assert (record.rec_type, record.http_headers) == ("resource", None)
    assert record.rec_headers.get_header("Content-Type") == "text/plain"
    assert record.rec_headers.get_header("Comment") == "the summary of this address  WARC-Type: response"
    assert record.rec_headers.get_header("Bad Name") is None
    assert record.content_stream().read() == summary().body


def test_a_page_as_a_browser_showed_it_is_a_conversion() -> None:
    """Its record says what it is, and how its bytes are to be read, once."""
    headers = (("Comment", "as a browser showed it"), ("Content-Type", "text/html; charset=utf-8"))
    shown = replace(summary(b"<p>\r\n\r\nWords."), headers=headers, media_type="text/html", kind=CaptureKind.CONVERSION)
    raw = member(shown)
    record = next(iter(ArchiveIterator(BytesIO(raw), check_digests="raise")))

    assert read_body(raw, shown.url, shown.body_digest) == shown.body
    assert (record.rec_type, record.http_headers) == ("conversion", None)
    assert [value for name, value in record.rec_headers.headers if name == "Content-Type"] == [
        "text/html; charset=utf-8"
    ]
    assert record.rec_headers.get_header("WARC-Record-ID") != next(
        iter(ArchiveIterator(BytesIO(member(replace(shown, kind=CaptureKind.RESOURCE)))))
    ).rec_headers.get_header("WARC-Record-ID")


def test_a_summary_and_an_answer_of_the_same_bytes_are_two_records() -> None:
    """Each has an id of its own."""
    ids = {
        next(iter(ArchiveIterator(BytesIO(raw)))).rec_headers.get_header("WARC-Record-ID")
        for raw in (member(summary(b"x")), member(capture(b"x")))
    }

    assert len(ids) == 2


def test_the_same_capture_is_the_same_bytes() -> None:
    """Nothing of the clock or of chance goes into a record."""
    assert member(capture()) == member(capture())


def test_headers_cannot_make_headers() -> None:
    """Line ends in a name or value add no line; the database keeps both as served."""
    kept = Capture(
        url="https://a.example/\r\nWARC-Type: x y",
        status=200,
        headers=(("X", "a\r\nSet-Cookie: b\r\n\r\nbody"), ("Bad\r\nName", "c"), ("", "d"), ("L", "\udc80é")),
        body=b"real",
        media_type="",
        fetched_at=NOW,
    )

    headers = http_headers(kept)

    assert headers == (("X", "a  Set-Cookie: b    body"), ("L", "\ufffdé"), ("Content-Length", "4"))
    assert read_body(member(kept), kept.url, kept.body_digest) == b"real"
    assert target(kept.url) == "https://a.example/%0D%0AWARC-Type:%20x%20y"


@pytest.mark.parametrize(("status", "line"), [(200, "200 OK"), (404, "404 Not Found"), (799, "799 Unknown")])
def test_status_line(status: int, line: str) -> None:
    """A status outside the standard is kept too."""
    assert line == status_line(status)


def test_damage_is_told() -> None:
    """A flipped byte, a cut end, another record and no record are all noticed."""
    kept, other = capture(), capture(b"another")
    raw = member(kept)
    flipped = [bytes([*raw[:at], raw[at] ^ 0x40, *raw[at + 1 :]]) for at in range(12, len(raw), 7)]
    damaged = [*flipped, raw[:-1], b"", b"no gzip", gzip.compress(b"no record"), gzip.compress(b""), member(other)]

    for each in damaged:
        with pytest.raises(Damaged):
            read_body(each, kept.url, kept.body_digest)


def test_another_address_is_told() -> None:
    """The right bytes under a wrong address are not served."""
    with pytest.raises(Damaged, match="another address"):
        read_body(member(capture()), "https://other.example/", capture().body_digest)


def test_complete_members_stop_at_a_torn_one() -> None:
    """Each whole member is found with its end, up to the first byte of none."""
    info, first, second = warcinfo_member("x.warc.gz", NOW), member(capture()), member(capture(b"b" * 200_000))
    whole = [(len(info), True), (len(info + first), False), (len(info + first + second), False)]

    assert whole == list(complete_members(BytesIO(info + first + second)))
    assert whole[:2] == list(complete_members(BytesIO(info + first + second[:-1])))
    assert whole[:2] == list(complete_members(BytesIO(info + first + b"no gzip")))
    assert list(complete_members(BytesIO(b""))) == []
