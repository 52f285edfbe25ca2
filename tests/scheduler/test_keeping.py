"""Keeping: which documents share a transaction."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from facts.document import Document, Snapshot
from facts.visit import Harvest
from scheduler.keeping import MOST, Lot, keep_lots, lots_of
from scheduler.polling import poll
from storage.protocols import Store
from tests.facts.samples import NOON, document, snapshot
from tests.scheduler.rig import ScriptedSpider, page, rig


@dataclass
class Recorder:
    """Notes what it is given to keep; a document titled "old" is not new."""

    calls: list[tuple[int, bool, datetime]] = field(default_factory=list)

    def keep(self, documents: list[Document], *, backlog: bool, now: datetime) -> list[Snapshot | None]:
        """Keep nothing."""
        self.calls.append((len(documents), backlog, now))
        return [None if one.title == "old" else snapshot(title=one.title) for one in documents]


def keep(lots: list[Lot]) -> tuple[list[int], list[tuple[int, bool, datetime]]]:
    """Return what keeping these lots answers, and the transactions that it took."""
    store: Any = Recorder()
    made: Store = store
    return keep_lots(made, lots), store.calls


def lot(count: int, *, backlog: bool = False, title: str = "new", minutes: int = 0) -> Lot:
    """Return a lot."""
    now = NOON + timedelta(minutes=minutes)
    return Lot(documents=(document(title=title),) * count, backlog=backlog, now=now)


def test_small_lots_share_a_transaction() -> None:
    """Of one kind, up to so many documents; each is answered for itself."""
    later = NOON + timedelta(minutes=1)

    assert keep([lot(60), lot(40, title="old", minutes=1), lot(1), lot(2, backlog=True)]) == (
        [60, 0, 1, 2],
        [(100, False, later), (1, False, NOON), (2, True, NOON)],
    )
    assert keep([]) == ([], [])


@given(st.lists(st.tuples(st.integers(1, MOST), st.booleans()), max_size=20))
def test_no_transaction_is_large_and_no_document_is_left_out(sizes: list[tuple[int, bool]]) -> None:
    """Whatever comes together."""
    kept, calls = keep([lot(count, backlog=backlog) for count, backlog in sizes])

    assert kept == [count for count, _ in sizes]
    assert sum(count for count, _, _ in calls) == sum(kept)
    assert all(count <= MOST for count, _, _ in calls)


def test_a_large_visit_is_kept_in_lots() -> None:
    """In its order, the last one smaller."""
    documents = [document(title=str(number)) for number in range(2 * MOST + 1)]
    lots = list(lots_of(documents, backlog=True, now=NOON))

    assert [len(each.documents) for each in lots] == [MOST, MOST, 1]
    assert documents == [one for each in lots for one in each.documents]


def test_visits_of_one_moment_share_transactions(tmp_path: Path) -> None:
    """Sources that are polled together cost a few transactions, and each gets its own count."""
    names = [f"paper{number}" for number in range(20)]
    spiders = {
        name: ScriptedSpider(
            [Harvest(documents=tuple(replace(page(f"{name}/{number}", f"{number}."), source=name) for number in "123"))]
        )
        for name in names
    }

    async def all_at_once(made: Any) -> list[int]:
        rows = [made.stores.store.source(name) for name in names]
        return [kept for _, kept in await asyncio.gather(*(poll(made.pipeline, row, NOON) for row in rows))]

    with rig(tmp_path, spiders) as made:
        store, calls = made.pipeline.store, []

        def counted(*arguments: Any, **named: Any) -> Any:
            calls.append(len(arguments[0]))
            return type(store).keep(store, *arguments, **named)

        pipeline = replace(made.pipeline, store=_Spied(store, counted))
        kept = asyncio.run(all_at_once(replace(made, pipeline=pipeline)))

    assert kept == [3] * 20
    assert sum(calls) == 60
    assert len(calls) < 10


class _Spied:
    """A store whose `keep` is another; all else is passed on."""

    def __init__(self, store: Store, keep: Any) -> None:
        self._store = store
        self.keep = keep

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)
