"""Value to row and back, for sources and documents: every value read equals the one that was written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Row

from facts.document import Capture, CaptureKind, Document, Removal, Snapshot, WarcPlace
from facts.places import Place, PlaceKind, Role
from facts.visit import Link, LinkKind, Outcome, Remembered, Visit
from storage.columns import storable
from storage.work import SourceRow, SourceState

#: The values of a row by column, or a nested value as JSON.
Fields = dict[str, Any]


def clean_document(document: Document) -> Document:
    """Return the document with storable text, from which its ids and digests are then made."""
    return replace(
        document,
        source=storable(document.source),
        url=storable(document.url),
        title=storable(document.title),
        text=storable(document.text),
        parent=_storable(document.parent),
        guid=_storable(document.guid),
        capture=_clean_capture(document.capture),
    )


def _clean_capture(capture: Capture) -> Capture:
    url, media_type = storable(capture.url), storable(capture.media_type)
    if (url, media_type) == (capture.url, capture.media_type):
        return capture  # a copy would take the digest of the body again
    return replace(capture, url=url, media_type=media_type)


def clean_link(link: Link) -> Link:
    """Return the link with storable text, so that the link read back has the id it was stored under."""
    return replace(
        link,
        source=storable(link.source),
        url=storable(link.url),
        title=storable(link.title),
        summary=storable(link.summary),
        parent=_storable(link.parent),
        guid=_storable(link.guid),
    )


def _storable(text: str | None) -> str | None:
    return None if text is None else storable(text)


# places


def place_fields(place: Place) -> Fields:
    """Return a place as JSON."""
    return {"name": place.name, "state": place.state, "kind": place.kind, "id": place.id, "role": place.role}


def place_of(fields: Fields) -> Place:
    """Return a place from its JSON."""
    return Place(
        name=fields["name"],
        state=fields["state"],
        kind=PlaceKind(fields["kind"]),
        id=fields["id"],
        role=Role(fields["role"]),
    )


def places_of(fields: Iterable[Fields]) -> tuple[Place, ...]:
    """Return places from their JSON."""
    return tuple(place_of(each) for each in fields)


# sources


def source_fields(row: SourceRow) -> Fields:
    """Return the columns of a source's work state, its name left out."""
    return {
        "next_poll_at": row.next_poll_at,
        "state": row.state,
        "turned_at": row.turned_at,
        "failures": row.failures,
        "last_ok_at": row.last_ok_at,
        "last_visit_at": row.last_visit_at,
        "last_error": row.last_error,
        "visited": row.visited,
        "habits": row.habits,
    }


def source_of(row: Row[Any]) -> SourceRow:
    """Return the source's row as a value."""
    return SourceRow(
        name=row.name,
        next_poll_at=row.next_poll_at,
        state=SourceState(row.state),
        turned_at=row.turned_at,
        failures=row.failures,
        last_ok_at=row.last_ok_at,
        last_visit_at=row.last_visit_at,
        last_error=row.last_error,
        visited=row.visited,
        habits=row.habits,
    )


def memory_fields(source: str, remembered: Remembered) -> Fields:
    """Return the columns of what an address answered last."""
    return {
        "source": source,
        "url": remembered.url,
        "etag": remembered.etag,
        "last_modified": remembered.last_modified,
        "body_digest": remembered.body_digest,
        "mark": remembered.mark,
        "whole_at": remembered.whole_at,
    }


def memory_of(row: Row[Any]) -> Remembered:
    """Return what an address answered last."""
    return Remembered(
        url=row.url,
        etag=row.etag,
        last_modified=row.last_modified,
        body_digest=row.body_digest,
        mark=row.mark,
        whole_at=row.whole_at,
    )


def visit_fields(visit: Visit) -> Fields:
    """Return the columns of a visit."""
    return {
        "source": visit.source,
        "at": visit.at,
        "outcome": visit.outcome,
        "documents": visit.documents,
        "requests": visit.requests,
        "bytes": visit.bytes,
        "not_modified": visit.not_modified,
        "unchanged": visit.unchanged,
        "error": visit.error,
    }


def visit_of(row: Row[Any]) -> Visit:
    """Return a visit."""
    return Visit(
        source=row.source,
        at=row.at,
        outcome=Outcome(row.outcome),
        documents=row.documents,
        requests=row.requests,
        bytes=row.bytes,
        not_modified=row.not_modified,
        unchanged=row.unchanged,
        error=row.error,
    )


def link_fields(link: Link) -> Fields:
    """Return the columns of a clean link, its work state left out."""
    return {
        "id": link.id,
        "source": link.source,
        "url": link.url,
        "kind": link.kind,
        "parent": link.parent,
        "title": link.title,
        "summary": link.summary,
        "published_at": link.published_at,
        "places": [place_fields(place) for place in link.places],
        "guid": link.guid,
    }


def link_of(row: Row[Any]) -> Link:
    """Return a link."""
    return Link(
        source=row.source,
        url=row.url,
        kind=LinkKind(row.kind),
        parent=row.parent,
        title=row.title,
        summary=row.summary,
        published_at=row.published_at,
        places=places_of(row.places),
        guid=row.guid,
    )


# documents


def capture_fields(capture_id: str, capture: Capture, body_digest: str, place: WarcPlace) -> Fields:
    """Return the columns of a capture and of where its bytes lie."""
    return {
        "id": capture_id,
        "kind": capture.kind,
        "url": capture.url,
        "status": capture.status,
        "headers": capture.headers,
        "media_type": capture.media_type,
        "fetched_at": capture.fetched_at,
        "body_digest": body_digest,
        "file": place.file,
        "offset": place.offset,
        "length": place.length,
    }


def capture_of(row: Row[Any], body: bytes) -> Capture:
    """Return a capture, its body read from the WARC file."""
    return Capture(
        url=row.url,
        status=row.status,
        headers=tuple((name, value) for name, value in row.headers),
        body=body,
        media_type=row.media_type,
        fetched_at=row.fetched_at,
        kind=CaptureKind(row.kind),
    )


def warc_place_of(row: Row[Any]) -> WarcPlace:
    """Return where the bytes of a capture lie."""
    return WarcPlace(file=row.file, offset=row.offset, length=row.length)


def snapshot_fields(snapshot: Snapshot, capture_id: str) -> Fields:
    """Return the columns of a snapshot."""
    return {
        "id": snapshot.id,
        "source": snapshot.source,
        "url": snapshot.url,
        "title": snapshot.title,
        "text": snapshot.text,
        "published_at": snapshot.published_at,
        "places": [place_fields(place) for place in snapshot.places],
        "taken_at": snapshot.taken_at,
        "version": snapshot.version,
        "digest": snapshot.digest,
        "capture_id": capture_id,
        "parent": snapshot.parent,
        "scanned": snapshot.scanned,
        "backlog": snapshot.backlog,
    }


def snapshot_of(row: Row[Any]) -> Snapshot:
    """Return a snapshot from its row joined with its capture's."""
    return Snapshot(
        id=row.id,
        source=row.source,
        url=row.url,
        title=row.title,
        text=row.text,
        published_at=row.published_at,
        places=places_of(row.places),
        taken_at=row.taken_at,
        version=row.version,
        digest=row.digest,
        body_digest=row.body_digest,
        media_type=row.media_type,
        warc=warc_place_of(row),
        capture_kind=CaptureKind(row.kind),
        parent=row.parent,
        scanned=row.scanned,
        recognised_by=row.recognised_by,
        backlog=row.backlog,
        removed=_removal_of(row),
    )


def _removal_of(row: Row[Any]) -> Removal | None:
    if row.missing_since is None:
        return None
    return Removal(last_seen=row.last_seen, missing_since=row.missing_since, found=row.found)
