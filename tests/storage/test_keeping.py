"""Keeping: batches, and documents that come under another name."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from facts.document import Document
from storage.protocols import Search
from tests.storage.conftest import Rig
from tests.storage.samples import MINUTE, NOW, capture, document

FEED = capture(b"<rss/>")
LONG = " ".join(f"word{number}" for number in range(60))


def entry(number: int, text: str = "", **fields: Any) -> Document:
    """Return an entry of one feed."""
    values: dict[str, Any] = {
        "url": f"https://doj.example/letters/{number}",
        "title": f"Letter number {number} to Stockton",
        "guid": f"tag:{number}",
        "capture": FEED,
    }
    return document(text or f"{number}: {LONG}", **(values | fields))


def kept(rig: Rig, *documents: Document, backlog: bool = False) -> list[tuple[str, int] | None]:
    """Archive a batch; return the address and version of what each document made."""
    made = rig.store.keep(documents, backlog=backlog, now=NOW)
    return [
        None if one is None else (one.url.removeprefix("https://doj.example/letters/"), one.version) for one in made
    ]


def test_a_batch_is_archived_in_its_order(rig: Rig, kept_bytes: Callable[[Path], list[bytes]]) -> None:
    """New, unchanged and edited documents, of several captures, each with its own answer."""
    kept(rig, entry(1), entry(2))
    page = capture(b"<p>3</p>", url="https://doj.example/letters/3")

    made = rig.store.keep(
        [entry(2, f"2, edited: {LONG}"), entry(1), entry(3, capture=page), entry(4)], backlog=False, now=NOW
    )

    assert [one and one.version for one in made] == [2, None, 1, 1]
    assert [one for one in made if one] == [rig.catalogue.snapshot(one.id) for one in made if one]
    assert [page, FEED] == [rig.catalogue.capture(one) for one in made[2:] if one]
    assert kept_bytes(next(rig.warc.iterdir())) == [b"<rss/>", b"<p>3</p>"]
    assert rig.catalogue.search(Search(words="edited"))[1] == 1
    assert len(rig.store.unjudged(9)) == 5
    rig.rows("INSERT INTO documents_fts(documents_fts, rank) VALUES ('integrity-check', 1)")
    assert kept(rig) == []


def test_a_batch_costs_one_sync(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of its file, however many captures it brings, and none when nothing is new."""
    rig.keep()
    synced: list[int] = []
    sync = os.fsync

    def counting(handle: int) -> None:
        synced.append(handle)
        sync(handle)

    monkeypatch.setattr(os, "fsync", counting)
    batch = [entry(number, capture=capture(b"%d" % number)) for number in range(20)]

    kept(rig, *batch)
    kept(rig, *batch)

    assert len(synced) == 1


def test_a_batch_is_kept_whole_or_not_at_all(rig: Rig) -> None:
    """What cannot be written takes the rows, the names and the bytes of the others with it."""
    rig.rows("CREATE TRIGGER no BEFORE INSERT ON unjudged BEGIN SELECT raise(ABORT, 'database or disk is full'); END")
    with pytest.raises(Exception, match="disk is full"):
        kept(rig, entry(1), entry(2))
    rig.rows("DROP TRIGGER no")

    assert rig.rows("SELECT count(*) FROM snapshots") == rig.rows("SELECT count(*) FROM aliases") == [(0,)]
    assert list(rig.warc.iterdir()) == []
    assert kept(rig, entry(1), entry(2)) == [("1", 1), ("2", 1)]


def test_a_moved_document_keeps_its_address(rig: Rig) -> None:
    """It is found under the new one as well, and only a new text is a version."""
    moved = entry(1, url="https://doj.example/letters/new-slug")
    kept(rig, entry(1))

    assert kept(rig, moved) == [None]
    assert kept(rig, replace(moved, text=f"1: {LONG} Updated.", guid="flipped")) == [("1", 2)]
    assert [one.version for one in rig.catalogue.versions("http://www.doj.example/letters/new-slug/")] == [1, 2]
    assert rig.catalogue.versions("https://doj.example/letters/other") == []


def test_a_text_that_returns_at_another_address_is_a_third_version(rig: Rig) -> None:
    """A, B, A count as changes, whatever the link does meanwhile."""
    versions = [
        kept(rig, entry(1)),
        kept(rig, entry(1, f"B {LONG} edited")),
        kept(rig, entry(1, url=f"{entry(1).url}/")),
    ]

    assert versions == [[("1", 1)], [("1", 2)], [("1", 3)]]


def test_a_guid_that_flips_leaves_no_names(rig: Rig) -> None:
    """A feed that names its items anew at each look does not fill the archive."""
    kept(rig, entry(1))
    before = rig.rows("SELECT count(*) FROM aliases")

    for poll in range(5):
        assert kept(rig, entry(1, guid=f"flip {poll}")) == [None]

    assert before == rig.rows("SELECT count(*) FROM aliases") == [(4,)]


def test_one_guid_in_one_feed_twice_is_no_guid(rig: Rig) -> None:
    """Entries that share it are told by their links, now and later."""
    batch = [entry(number, guid="tag:all") for number in range(3)]

    assert kept(rig, *batch) == [("0", 1), ("1", 1), ("2", 1)]
    assert kept(rig, *batch, entry(3, guid="tag:all")) == [None, None, None, ("3", 1)]


def test_an_item_listed_twice_is_one_document(rig: Rig) -> None:
    """Under two links with one text, new or known."""
    twice = [entry(1), entry(1, url="https://doj.example/local/1")]

    assert kept(rig, *twice) == [("1", 1), None]
    assert kept(rig, *reversed(twice)) == [None, None]


def test_twins_that_a_feed_shows_side_by_side_stay_two(rig: Rig) -> None:
    """With different texts each would be the other's next version, at every look."""
    twins = [entry(1, guid=None), entry(1, f"Other: {LONG}", url="http://doj.example/letters/1", guid=None)]

    assert kept(rig, *twins) == [("1", 1), ("http://doj.example/letters/1", 1)]
    assert kept(rig, *twins) == kept(rig, *reversed(twins)) == [None, None]


def test_items_with_one_title_and_no_text_stay_two(rig: Rig) -> None:
    """A listing of titles may have the same one twice in a day."""
    twice = [entry(number, " ", title="Notice of a public meeting", guid=None, published_at=NOW) for number in range(2)]

    assert kept(rig, *twice) == [("0", 1), ("1", 1)]
    assert kept(rig, *twice) == kept(rig, *reversed(twice)) == [None, None]


def test_each_source_archives_its_own(rig: Rig) -> None:
    """The same item in three feeds: guids and links are names within a source, in one batch too."""
    three = [entry(1, source=source) for source in ("doj", "ice", "cops")]

    assert kept(rig, *three) == [("1", 1)] * 3
    assert kept(rig, *three) == [None] * 3


def test_a_small_edit_of_moved_backlog_is_backlog(rig: Rig) -> None:
    """Old news at a new address is no news."""
    kept(rig, entry(1), backlog=True)

    (moved,) = rig.store.keep([entry(1, f"1: {LONG} so", url="https://doj.example/2/1")], backlog=False, now=NOW)

    assert moved is not None
    assert (moved.version, moved.backlog) == (2, True)


def test_an_archive_from_before_learns_its_names(rig: Rig) -> None:
    """Documents that were archived when names were not remembered get theirs when they are seen again."""
    kept(rig, entry(1))
    rig.rows("DELETE FROM aliases")

    assert kept(rig, entry(1)) == [None]
    assert kept(rig, entry(1, url="https://doj.example/moved", published_at=NOW - MINUTE)) == [None]


def test_names_that_no_database_holds(rig: Rig) -> None:
    """Hostile guids and titles are names like any other."""
    hostile = entry(1, guid="\0\ud800" * 5000, title="\ud800\0 and so on \udfff", url="https://doj.example/\0")

    assert kept(rig, hostile) == [("https://doj.example/\ufffd", 1)]
    assert kept(rig, replace(hostile, url="https://doj.example/2")) == [None]
    assert rig.rows("SELECT max(length(name)) FROM aliases") < [(40,)]
