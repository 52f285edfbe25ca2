"""One WARC 1.1 record as one gzip member, built and read in memory (ISO 28500:2017)."""

from __future__ import annotations

import base64
import gzip
import re
import uuid
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from typing import BinaryIO
from urllib.parse import quote

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParserException
from warcio.warcwriter import WARCWriter

from facts.document import Capture, CaptureKind, Headers
from facts.identity import digest_bytes
from storage.columns import storable

#: Level 9 costs 30 % more time and saves 1 % (docs/sources.md).
LEVEL = 6
#: The prefix under which web archives keep a header that no longer fits the stored body.
KEPT = "X-Archive-Orig-"

# True of the answer on the wire, untrue of the body as stored, which is inflated and whole (RFC 9112 section 6).
_FRAMING = frozenset({"content-encoding", "transfer-encoding", "content-length"})
_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_WARCINFO = re.compile(rb"\AWARC/1\.[01]\r\n(?:[^\r\n]+\r\n)*?WARC-Type: warcinfo\r\n", re.IGNORECASE)
_CHUNK = 1 << 16
_HEAD = 1 << 12


class Damaged(Exception):
    """The bytes are no record, or not the record that was written."""


def member_of(capture: Capture, body_digest: str) -> bytes:
    """Return the gzip member that keeps a capture, as a record of its own kind."""
    if capture.kind is CaptureKind.RESPONSE:
        return _response_member(capture, body_digest)
    return _made_member(capture, body_digest)


def _response_member(capture: Capture, body_digest: str) -> bytes:
    """Keep an HTTP answer: the body to the byte, the headers as HTTP can carry them."""
    headers = _record_headers(capture, body_digest, name="")
    head = StatusAndHeaders(status_line(capture.status), http_headers(capture), protocol="HTTP/1.1")
    return _member(
        lambda writer: writer.create_warc_record(
            target(capture.url),
            "response",
            payload=BytesIO(capture.body),
            length=len(capture.body),
            http_headers=head,
            warc_headers_dict=headers,
        )
    )


def _made_member(capture: Capture, body_digest: str) -> bytes:
    """Keep what no server sent: the body alone, and in the record's own headers where it comes from."""
    headers = dict(_carried(capture.headers)) | _record_headers(capture, body_digest, name=f"{capture.kind} ")
    # With its charset, where it was made with one.
    content_type = headers.pop("Content-Type", capture.media_type)
    return _member(
        lambda writer: writer.create_warc_record(
            target(capture.url),
            capture.kind.value,
            payload=BytesIO(capture.body),
            length=len(capture.body),
            warc_content_type=_CONTROL.sub(" ", storable(content_type)),
            warc_headers_dict=headers,
        )
    )


def _record_headers(capture: Capture, body_digest: str, *, name: str) -> dict[str, str]:
    digest = base64.b32encode(bytes.fromhex(body_digest)).decode()
    # One record an address and body: its id says so.
    id_ = uuid.uuid5(uuid.NAMESPACE_URL, f"{name}{body_digest} {target(capture.url)}")
    return {
        "WARC-Record-ID": f"<urn:uuid:{id_}>",
        "WARC-Date": _date(capture.fetched_at),
        "WARC-Payload-Digest": f"sha256:{digest}",
    }


def warcinfo_member(name: str, at: datetime) -> bytes:
    """Return the gzip member that opens a file and says what made it."""
    info = {
        "software": "Pursestrings",
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
    }

    def build(writer: WARCWriter) -> ArcWarcRecord:
        record = writer.create_warcinfo_record(name, info)
        record.rec_headers.replace_header("WARC-Date", _date(at))
        return record

    return _member(build)


def read_body(member: bytes, url: str, body_digest: str) -> bytes:
    """Return the body kept in a member.

    Raises:
        Damaged: the member cannot be read, or holds another address or other bytes.
    """
    try:
        raw = gzip.decompress(member)
        record = next(iter(ArchiveIterator(BytesIO(raw), no_record_parse=True)))
        uri, block = record.rec_headers.get_header("WARC-Target-URI"), record.raw_stream.read()
    except (OSError, EOFError, zlib.error, ArchiveLoadFailed, StatusAndHeadersParserException, StopIteration) as error:
        msg = f"the record cannot be read: {error}"
        raise Damaged(msg) from error
    # What was made is its block; a response has the headers of its answer before the body.
    body: bytes = block.partition(b"\r\n\r\n")[2] if record.rec_type == "response" else block
    if uri != target(url):
        msg = f"the record holds another address: {uri}"
        raise Damaged(msg)
    if digest_bytes(body) != body_digest:
        msg = "the body is not the one that was kept: its sha256 differs"
        raise Damaged(msg)
    return body


def complete_members(file: BinaryIO) -> Iterator[tuple[int, bool]]:
    """Yield where each complete gzip member ends, from the file's position on, and whether it is a warcinfo record.

    Stops at the first byte that belongs to no complete member.
    """
    end = file.tell()
    chunk = file.read(_CHUNK)
    while chunk:
        inflate = zlib.decompressobj(zlib.MAX_WBITS + 16)
        head = b""
        try:
            while chunk and not inflate.eof:
                head = (head + inflate.decompress(chunk))[:_HEAD]
                end += len(chunk) - len(inflate.unused_data)
                chunk = inflate.unused_data or file.read(_CHUNK)
        except zlib.error:
            return
        if not inflate.eof:
            return
        yield end, _WARCINFO.match(head) is not None


def http_headers(capture: Capture) -> Headers:
    """Return the headers to store beside the inflated body.

    Those that describe the bytes on the wire are kept under another name, and the length is the stored body's.
    Names that are no HTTP token are left out and control characters become blanks; the database holds both as served.
    """
    kept = ((KEPT + name if name.lower() in _FRAMING else name, value) for name, value in _carried(capture.headers))
    return (*kept, ("Content-Length", str(len(capture.body))))


def _carried(headers: Headers) -> Headers:
    """Return the headers that can be written: names that are tokens, values of one line."""
    return tuple((name, _CONTROL.sub(" ", storable(value))) for name, value in headers if _TOKEN.fullmatch(name))


def status_line(status: int) -> str:
    """Return the code and its standard words."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status} Unknown"


def target(url: str) -> str:
    """Return the address in the ASCII form that a WARC header can hold."""
    return quote(storable(url), safe="%/:=&?~#+!$,;'@()*[]")


def _date(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _member(build: Callable[[WARCWriter], ArcWarcRecord]) -> bytes:
    buffer = BytesIO()
    writer = WARCWriter(buffer, gzip=False, warc_version="1.1")
    writer.write_record(build(writer))
    return gzip.compress(buffer.getvalue(), LEVEL, mtime=0)
