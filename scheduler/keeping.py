"""Keeping: the documents of visits that end at about one moment are archived in common transactions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from facts.document import Document
from storage.protocols import Store

#: Documents of one transaction: a third of the work of one by one, and no writer waits longer than a tenth of a second.
MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """Documents that are kept together, all or none: at most MOST of one visit."""

    documents: tuple[Document, ...]
    backlog: bool
    now: datetime


def lots_of(documents: Sequence[Document], *, backlog: bool, now: datetime) -> Iterator[Lot]:
    """Yield the documents of a visit in lots."""
    for start in range(0, len(documents), MOST):
        yield Lot(documents=tuple(documents[start : start + MOST]), backlog=backlog, now=now)


def keep_lots(store: Store, lots: Sequence[Lot]) -> list[int]:
    """Archive lots, in their order; return how many documents of each were new or changed."""
    kept: list[int] = []
    for shared in _shared(lots):
        documents = [document for lot in shared for document in lot.documents]
        made = iter(store.keep(documents, backlog=shared[0].backlog, now=shared[-1].now))
        kept += [sum(next(made) is not None for _ in lot.documents) for lot in shared]
    return kept


def _shared(lots: Sequence[Lot]) -> Iterator[list[Lot]]:
    """Yield the lots that one transaction takes: neighbours of one kind, and no more than MOST documents."""
    shared: list[Lot] = []
    for lot in lots:
        count = sum(len(each.documents) for each in shared) + len(lot.documents)
        if shared and (lot.backlog != shared[0].backlog or count > MOST):
            yield shared
            shared = []
        shared.append(lot)
    if shared:
        yield shared
