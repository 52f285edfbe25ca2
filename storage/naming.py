"""Names: under which address a batch of documents is archived. Every function runs in the transaction it is given.

The rule is `facts.recognition`; here are the names that the archive remembers, and the order in a batch.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, select

from facts.document import Capture, CaptureKind, Document, Known, is_backlog, next_version
from facts.identity import make_id
from facts.recognition import Names, link_name, names_of, recognise, stand_apart
from storage.inserts import listed, upserting_pairs
from storage.rows import clean_document
from storage.tables import aliases, removals, snapshots

# Built once: building a statement costs more than running it.
_HELD = select(aliases.c.name, aliases.c.url).where(
    aliases.c.source == bindparam("of"), aliases.c.name.in_(listed(bindparam("names")))
)
_HEADS = (
    select(snapshots.c.url, func.max(snapshots.c.version).label("version"))
    .where(snapshots.c.source == bindparam("of"), snapshots.c.url.in_(listed(bindparam("urls"))))
    .group_by(snapshots.c.url)
    .subquery()
)
_LATEST: Select[Any] = (
    select(
        snapshots.c.url,
        snapshots.c.title,
        snapshots.c.text,
        snapshots.c.digest,
        snapshots.c.published_at,
        snapshots.c.version,
        snapshots.c.backlog,
        removals.c.snapshot_id,
    )
    .join(
        _HEADS,
        (snapshots.c.source == bindparam("of"))
        & (snapshots.c.url == _HEADS.c.url)
        & (snapshots.c.version == _HEADS.c.version),
    )
    .outerjoin(removals, removals.c.snapshot_id == snapshots.c.id)
)
_NAME = upserting_pairs(aliases, {"source": bindparam("of")}, ("name", "url"), bindparam("names"))
_MOVED = select(aliases.c.url).where(aliases.c.name == bindparam("given")).distinct()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A document ready to be kept: what costs time was done before the transaction."""

    document: Document
    digest: str
    names: Names
    #: The id of its capture, which other documents may share.
    capture_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """Where a document has its place in the archive."""

    prepared: Prepared
    #: The address it is archived under, which is that of its first version.
    url: str
    latest: Known | None
    #: The number of the version that it makes; None: nothing of it changed.
    version: int | None
    backlog: bool


def prepare(documents: Iterable[Document]) -> list[Prepared]:
    """Make documents storable, with their digests, their names and the ids of their captures."""
    ids: dict[int, str] = {}
    batch: list[Prepared] = []
    for document in map(clean_document, documents):
        capture, digest = document.capture, document.digest
        capture_id = ids.get(id(capture)) or ids.setdefault(id(capture), _capture_id(capture))
        names = names_of(document, digest)
        batch.append(Prepared(document=document, digest=digest, names=names, capture_id=capture_id))
    return batch


def _capture_id(capture: Capture) -> str:
    # A summary is never taken for an answer of the same address and bytes.
    own = () if capture.kind is CaptureKind.RESPONSE else (capture.kind,)
    return make_id("capture", capture.url, capture.body_digest, *own)


def file(connection: Connection, batch: Sequence[Prepared], *, backlog: bool) -> list[Filed]:
    """Return the place of each document, in their order, and remember the names that are new."""
    filed: dict[int, Filed] = {}
    sources: dict[str, list[int]] = defaultdict(list)
    for number, prepared in enumerate(batch):
        sources[prepared.document.source].append(number)
    for source, numbers in sources.items():
        shelf = _shelf(connection, source, [batch[number] for number in numbers])
        # Those that are archived under their very address first: no other can then be taken for them.
        for number in sorted(numbers, key=lambda number: batch[number].document.url not in shelf.latest):
            filed[number] = shelf.put(batch[number], backlog=backlog)
        if shelf.new:
            connection.execute(_NAME, {"of": source, "names": json.dumps(shelf.new)})
    return [filed[number] for number in range(len(batch))]


def moved_to(connection: Connection, url: str) -> list[str]:
    """Return the addresses under which documents that were seen at this one are archived."""
    return list(connection.execute(_MOVED, {"given": link_name(url)}).scalars())


@dataclass(slots=True, kw_only=True)
class _Shelf:
    """What the archive holds of one source, as far as a batch touches it, with what the batch itself adds."""

    #: The latest version of each document, by its address.
    latest: dict[str, Known]
    #: The address that each name stands for.
    urls: dict[str, str]
    #: Guids that stand for several addresses in this very batch, and so for none.
    reused: set[str]
    #: Addresses that a document of this batch was put under.
    seen: set[str] = field(default_factory=set)
    new: dict[str, str] = field(default_factory=dict)

    def put(self, prepared: Prepared, *, backlog: bool) -> Filed:
        document, names = prepared.document, self._trusted(prepared.names)
        one = recognise(document, prepared.digest, names, self._known(document, names))
        if one is not None and one.url in self.seen and stand_apart(one, document, prepared.digest):
            one = self.latest.get(document.url)
        url = document.url if one is None else one.url
        version = next_version(prepared.digest, one)
        filed = Filed(
            prepared=prepared,
            url=url,
            latest=one,
            version=version,
            backlog=backlog if version is None else is_backlog(document, one, backlog=backlog),
        )
        self.seen.add(url)
        self._learn(filed, names)
        if version is not None:
            self.latest[url] = _known_after(filed, version)
        return filed

    def _trusted(self, names: Names) -> Names:
        return replace(names, guid=None) if names.guid in self.reused else names

    def _known(self, document: Document, names: Names) -> dict[str, Known]:
        held = {name: self.urls[name] for name in names.every if name in self.urls} | {document.url: document.url}
        return {name: self.latest[url] for name, url in held.items() if url in self.latest}

    def _learn(self, filed: Filed, names: Names) -> None:
        """Remember the names of a document that is new, changed or moved; one that changes at every look is not."""
        placed = names.link in self.urls
        if placed and filed.version is None:
            return
        self._name(names.link, filed.url)
        self._name(names.title, filed.url)
        self._name(names.text, filed.url)
        if names.guid is not None and (filed.latest is None or not placed) and names.guid not in self.urls:
            self._name(names.guid, filed.url)

    def _name(self, name: str, url: str) -> None:
        if self.urls.get(name) != url:
            self.urls[name] = self.new[name] = url


def _known_after(filed: Filed, version: int) -> Known:
    document = filed.prepared.document
    return Known(
        url=filed.url,
        title=document.title,
        text=document.text,
        digest=filed.prepared.digest,
        published_at=document.published_at,
        version=version,
        backlog=filed.backlog,
    )


def _shelf(connection: Connection, source: str, batch: Sequence[Prepared]) -> _Shelf:
    names = sorted({name for prepared in batch for name in prepared.names.every})
    held = {row.name: row.url for row in connection.execute(_HELD, {"of": source, "names": json.dumps(names)})}
    urls = sorted({prepared.document.url for prepared in batch}.union(held.values()))
    rows = connection.execute(_LATEST, {"of": source, "urls": json.dumps(urls)})
    return _Shelf(latest={row.url: _known(row) for row in rows}, urls=held, reused=_reused(batch))


def _reused(batch: Iterable[Prepared]) -> set[str]:
    links: dict[str, set[str]] = defaultdict(set)
    for prepared in batch:
        if prepared.names.guid is not None:
            links[prepared.names.guid].add(prepared.names.link)
    return {guid for guid, found in links.items() if len(found) > 1}


def _known(row: Row[Any]) -> Known:
    return Known(
        url=row.url,
        title=row.title,
        text=row.text,
        digest=row.digest,
        published_at=row.published_at,
        version=row.version,
        backlog=row.backlog,
        removed=row.snapshot_id is not None,
    )
