"""Documents: captures, versions, and what is read back."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Connection

from facts.document import CaptureKind, Document
from facts.errors import NotFound, StorageError
from facts.identity import digest_bytes
from facts.text import content_digest
from storage.engine import Database
from storage.protocols import Search
from tests.storage import strategies
from tests.storage.conftest import Rig
from tests.storage.samples import MINUTE, NOW, STOCKTON, capture, document, judgement

URL = "https://doj.example/letters/1"


def test_a_snapshot_holds_what_the_document_held(rig: Rig) -> None:
    """The first version carries every field, and is what is read back."""
    kept = document(
        "Text.",
        published_at=NOW - MINUTE,
        places=(STOCKTON,),
        parent="https://p.example/",
        scanned=True,
        recognised_by="t 5",
    )

    (snapshot,) = rig.store.keep([kept], backlog=True, now=NOW + MINUTE)

    assert snapshot is not None
    assert (snapshot.version, snapshot.taken_at, snapshot.backlog, snapshot.scanned) == (1, NOW, True, True)
    assert (snapshot.parent, snapshot.places) == ("https://p.example/", (STOCKTON,))
    assert snapshot.digest == kept.digest
    assert snapshot == rig.catalogue.snapshot(snapshot.id)
    assert kept.capture == rig.catalogue.capture(snapshot)


def test_the_same_text_is_no_version(rig: Rig) -> None:
    """White space and another body around the same text make nothing new, on the disk neither."""
    rig.keep("The letter.")
    before = rig.rows("SELECT count(*), max(offset + length) FROM captures")

    again = replace(document(" The \u200bletter. "), capture=capture(b"<p>The letter.</p>", url=URL))

    assert rig.store.keep([again], backlog=False, now=NOW) == [None]
    assert rig.store.keep([again], backlog=False, now=NOW) == [None]
    assert before == rig.rows("SELECT count(*), max(offset + length) FROM captures")


def test_a_text_that_returns_is_a_third_version(rig: Rig) -> None:
    """A, B, A are three versions; the first and third share one capture."""
    texts = ("The letter.", "The letter, edited.", "The letter.")
    snapshots = [rig.keep(text) for text in texts]

    assert [snapshot.version for snapshot in snapshots] == [1, 2, 3]
    assert snapshots == rig.catalogue.versions(URL)
    assert snapshots[0].warc == snapshots[2].warc
    assert len({snapshot.id for snapshot in snapshots}) == 3


def test_an_address_belongs_to_a_source(rig: Rig) -> None:
    """Two sources that carry one address keep versions of their own; its history shows both."""
    first, second = rig.keep(source="doj"), rig.keep(source="abq")

    assert (first.version, second.version) == (1, 1)
    assert [first, second] == rig.catalogue.versions(URL)
    assert rig.catalogue.versions("https://doj.example/other") == []


def test_entries_of_one_feed_share_its_capture(rig: Rig, kept_bytes: Callable[[Path], list[bytes]]) -> None:
    """One answer is written once, however many documents came out of it."""
    feed = capture(b"<rss/>")
    snapshots = [rig.keep(url=f"{URL}{number}", capture=feed) for number in range(3)]

    assert [feed] * 3 == [rig.catalogue.capture(snapshot) for snapshot in snapshots]
    assert kept_bytes(rig.warc / snapshots[0].warc.file) == [b"<rss/>"]


def test_the_media_type_is_the_capture_s(rig: Rig) -> None:
    """A returned snapshot equals the one read back, even when its capture was first seen under another type."""
    rig.keep(capture=capture())
    snapshot = rig.keep(url=URL + "2", capture=replace(capture(), media_type="text/plain"))

    assert snapshot.media_type == "text/html"
    assert snapshot == rig.catalogue.snapshot(snapshot.id)


def test_a_summary_is_kept_apart_from_an_answer_of_the_same_bytes(rig: Rig) -> None:
    """What no server sent is marked so on the snapshot, on the capture and in the WARC file."""
    said = replace(capture(), status=0, headers=(("Comment", "x"),), kind=CaptureKind.RESOURCE)
    answered = rig.keep(capture=capture())
    summary = rig.keep(url=URL + "2", capture=said)

    assert (answered.capture_kind, summary.capture_kind) == (CaptureKind.RESPONSE, CaptureKind.RESOURCE)
    assert summary == rig.catalogue.snapshot(summary.id)
    assert (capture(), said) == (rig.catalogue.capture(answered), rig.catalogue.capture(summary))
    assert answered.warc != summary.warc


def test_unjudged_news_comes_before_backlog(rig: Rig) -> None:
    """Oldest first within each; what was judged is not returned again."""
    backlog = rig.keep(url=URL + "1", backlog=True)
    news = [rig.keep(url=URL + number) for number in "23"]

    assert [*news, backlog] == rig.store.unjudged(9)
    assert news[:1] == rig.store.unjudged(1)
    rig.store.record_judgements([judgement(news[0])])
    assert [news[1], backlog] == rig.store.unjudged(9)


def test_an_id_is_found_by_its_beginning(rig: Rig) -> None:
    """At least 6 characters, in any case, that begin one id."""
    snapshot = rig.keep()
    rig.keep(url=URL + "2")

    for prefix in (snapshot.id, snapshot.id[:6], snapshot.id[:9].upper()):
        assert snapshot == rig.catalogue.snapshot(prefix)


@pytest.mark.parametrize("prefix", ["", "abcde", "zzzzzz", "%%%%%%", "______", "0" * 21, "a' OR 1=1", "000000"])
def test_no_id_is_told(rig: Rig, prefix: str) -> None:
    """Short, impossible and unknown ids are not found; none of them is a pattern."""
    rig.keep()

    with pytest.raises(NotFound):
        rig.catalogue.snapshot(prefix)


def test_an_ambiguous_beginning_is_told(rig: Rig) -> None:
    """Two ids that begin alike are not guessed between."""
    for number in range(2):
        rig.keep(url=f"{URL}{number}")
    rig.rows("PRAGMA foreign_keys = OFF")
    rig.rows("UPDATE snapshots SET id = 'abcdef' || printf('%014d', seq)")

    with pytest.raises(NotFound, match="more than one"):
        rig.catalogue.snapshot("abcdef")


def test_a_damaged_capture_is_never_served(rig: Rig) -> None:
    """A flipped byte, a missing file and a wrong row are told with file and offset."""
    first, second = rig.keep("First."), rig.keep("Second.")
    path = rig.warc / second.warc.file
    raw = bytearray(path.read_bytes())
    raw[second.warc.offset + second.warc.length - 20] ^= 0xFF
    path.write_bytes(raw)

    with pytest.raises(StorageError, match=rf"{path.name}, offset {second.warc.offset}"):
        rig.catalogue.capture(second)
    assert rig.catalogue.capture(first).body == b"First."
    rig.rows(f"UPDATE captures SET url = 'https://forged.example/' WHERE offset = {first.warc.offset}")
    with pytest.raises(StorageError, match="another address"):
        rig.catalogue.capture(first)
    path.unlink()
    with pytest.raises(StorageError, match=f"{path.name}, offset"):
        rig.catalogue.capture(first)
    with pytest.raises(NotFound):
        rig.catalogue.capture(replace(first, id="0" * 20))


def test_text_that_no_database_holds(rig: Rig) -> None:
    """NUL and lone surrogates become U+FFFD before the digest is made; bidi controls stay; the bytes are lossless."""
    text = "jail\0cell \ud800 \u202egnp\u202c \U0001f4b5"
    kept = document(text, title="\udfff", url="https://doj.example/\0")

    (snapshot,) = rig.store.keep([kept], backlog=False, now=NOW)

    assert snapshot is not None
    assert snapshot.text == "jail\ufffdcell \ufffd \u202egnp\u202c \U0001f4b5"
    assert snapshot.digest == content_digest(snapshot.title, snapshot.text)
    assert text.encode("utf-8", "surrogatepass") == rig.catalogue.capture(snapshot).body
    assert rig.catalogue.search(Search(words="cell"))[1] == 1
    assert rig.store.keep([kept], backlog=False, now=NOW) == [None]
    assert [snapshot] == rig.catalogue.versions("https://doj.example/\0")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kept=strategies.documents, title=strategies.hostile, text=strategies.hostile)
def test_any_document_is_kept_and_read_back(rig: Rig, kept: Document, title: str, text: str) -> None:
    """Whatever a spider brings, the snapshot and the capture read back are those that were written."""
    kept = replace(kept, title=title, text=text)

    (snapshot,) = rig.store.keep([kept], backlog=False, now=NOW)

    if snapshot is None:  # an earlier example had the same text, perhaps in other bytes
        assert rig.catalogue.versions(kept.url)
        return
    assert snapshot == rig.catalogue.snapshot(snapshot.id)
    assert kept.capture.body == rig.catalogue.capture(snapshot).body


def test_the_index_agrees_with_the_texts(rig: Rig) -> None:
    """FTS5's own check finds every text indexed, and no other."""
    for text in ("One.", "Two.", "Three."):
        rig.keep(text)

    rig.rows("INSERT INTO documents_fts(documents_fts, rank) VALUES ('integrity-check', 1)")
    rig.rows("INSERT INTO documents_fts(rowid, title, text) VALUES (99, 'no', 'such')")
    with pytest.raises(sqlite3.DatabaseError, match="malformed"):
        rig.rows("INSERT INTO documents_fts(documents_fts, rank) VALUES ('integrity-check', 1)")


def test_an_interrupt_after_the_commit_loses_no_bytes(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that was committed keeps its record, though the caller only saw an interrupt."""
    write = Database.write

    @contextmanager
    def interrupted(database: Database) -> Iterator[Connection]:
        with write(database) as connection:
            yield connection
        monkeypatch.undo()
        raise KeyboardInterrupt

    monkeypatch.setattr(Database, "write", interrupted)
    with pytest.raises(KeyboardInterrupt):
        rig.keep("The letter.")

    (snapshot,) = rig.store.unjudged(9)
    assert rig.catalogue.capture(snapshot).body == b"The letter."


def test_nothing_stays_of_a_failed_keep(rig: Rig) -> None:
    """When a row cannot be written, neither row, index nor bytes remain, and the next document is kept."""
    rig.rows("CREATE TRIGGER no BEFORE INSERT ON unjudged BEGIN SELECT raise(ABORT, 'database or disk is full'); END")
    with pytest.raises(Exception, match="disk is full"):
        rig.keep("First.")
    assert list(rig.warc.iterdir()) == []
    rig.rows("DROP TRIGGER no")

    snapshot = rig.keep("Second.")

    assert rig.catalogue.search(Search(words="first"))[1] == 0
    assert [snapshot] == rig.store.unjudged(9)
    assert rig.catalogue.capture(snapshot).body == b"Second."


LONG = "The department sent its letter on Thursday, and the city has until Aug. 18 to answer it. " * 4


def test_a_small_edit_of_backlog_is_backlog(rig: Rig) -> None:
    """A typo mended alerts nobody; a statement that the page gains is news, and so is an edit of news."""
    old = rig.keep(LONG.replace("Thursday", "Thusday", 1), backlog=True)
    mended = rig.keep(LONG)
    gained = rig.keep(
        LONG + "The mayor of Stockton says that the city will not change how its jail works, whatever the "
        "letter asks of it, and that its lawyers will answer."
    )
    edited = rig.keep(gained.text.replace("mayor", "major"))

    assert [one.backlog for one in (old, mended, gained, edited)] == [True, True, False, False]
    assert [gained, edited, old, mended] == rig.store.unjudged(9)


def test_a_body_is_hashed_once(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many documents came out of one answer, and each document's text once."""
    bodies: list[bytes] = []
    texts: list[str] = []

    def of_body(body: bytes) -> str:
        bodies.append(body)
        return digest_bytes(body)

    def of_text(title: str, text: str) -> str:
        texts.append(text)
        return content_digest(title, text)

    monkeypatch.setattr("facts.document.digest_bytes", of_body)
    monkeypatch.setattr("facts.document.content_digest", of_text)
    feed = capture(b"<rss/>")

    for number in range(3):
        rig.keep(url=f"{URL}{number}", capture=feed)
    rig.keep("Edited.", url=f"{URL}0", capture=feed)

    assert bodies.count(b"<rss/>") == 1
    assert len(texts) == 4
