"""Look-ups: words, filters, order, counting."""

from __future__ import annotations

import json
import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from facts.errors import StorageError
from facts.event import LETTER, RESPONSE
from storage import searching
from storage.protocols import Search
from tests.storage.conftest import Rig
from tests.storage.samples import ALBUQUERQUE, NEW_MEXICO, NOW, STOCKTON, event, judgement

DAY = timedelta(days=1)


def found(rig: Rig, **search: Any) -> list[str]:
    """Return the end of each hit's address."""
    hits, _ = rig.catalogue.search(Search(**search))
    return [hit.snapshot.url.rsplit("/", 1)[-1] for hit in hits]


def keep(rig: Rig, name: str, text: str = "The jail.", **fields: Any) -> None:
    """Archive a document at an address."""
    rig.keep(text, url=f"https://doj.example/{name}", **fields)


def test_newest_first_with_events_and_snippet(rig: Rig) -> None:
    """Each hit carries what it was judged to be and where the words stand."""
    (letter,) = rig.judged(LETTER, text="Open the jail.", url="https://doj.example/1")
    keep(rig, "2", "Nothing.", title="The Jail")

    hits, total = rig.catalogue.search(Search(words="jail"))

    assert total == 2
    assert [hit.snapshot.url[-1] for hit in hits] == ["2", "1"]
    assert [hit.events for hit in hits] == [(), (letter,)]
    assert [hit.snippet for hit in hits] == [
        (("Nothing.", False),),
        (("Open the ", False), ("jail", True), (".", False)),
    ]


def test_without_words_everything_is_found(rig: Rig) -> None:
    """Newest first; blanks are no words, but signs are: they find nothing."""
    keep(rig, "1")
    keep(rig, "2")

    assert found(rig) == ["2", "1"]
    assert found(rig, words="  ") == ["2", "1"]
    assert rig.catalogue.search(Search(words="?!")) == ([], 0)
    assert rig.catalogue.search(Search(words="-jail")) == ([], 0)


def test_only_the_latest_version_that_matches(rig: Rig) -> None:
    """An edited document is one hit, by the newest of its versions that has the words; sources stand apart."""
    keep(rig, "1", "The jail opens.")
    keep(rig, "1", "The jail opens, edited.")
    keep(rig, "1", "Withdrawn.")
    keep(rig, "1", "The jail.", source="abq")

    hits, total = rig.catalogue.search(Search(words="jail"))

    assert [(hit.snapshot.source, hit.snapshot.version) for hit in hits] == [("abq", 1), ("doj", 2)]
    assert total == 2
    assert [hit.snapshot.version for hit in rig.catalogue.search(Search())[0]] == [1, 3]


def test_pages(rig: Rig) -> None:
    """Limit and offset walk through the hits; the count is of all."""
    for number in range(5):
        keep(rig, str(number))

    pages = [rig.catalogue.search(Search(words="jail", limit=2, offset=offset)) for offset in (0, 2, 4, 6)]

    assert [[hit.snapshot.url[-1] for hit in hits] for hits, _ in pages] == [["4", "3"], ["2", "1"], ["0"], []]
    assert {total for _, total in pages} == {5}


def test_a_page_may_be_long(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is read in batches, in order."""
    monkeypatch.setattr(searching, "_BATCH", 2)
    for number in range(5):
        keep(rig, str(number))

    assert found(rig, words="jail", limit=10**9) == ["4", "3", "2", "1", "0"]


def test_counting_ends(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Past a number nobody counts, but pages past it are still served."""
    monkeypatch.setattr(searching, "COUNTED", 3)
    for number in range(6):
        keep(rig, str(number))

    hits, total = rig.catalogue.search(Search(words="jail", limit=2, offset=3))

    assert ([hit.snapshot.url[-1] for hit in hits], total) == (["2", "1"], 3)


def test_filters_by_label_and_place(rig: Rig) -> None:
    """A place is found by its id, a state by every place in it; label and place are of one event."""
    for name, label, place in (
        ("stockton", LETTER, STOCKTON),
        ("abq", RESPONSE, ALBUQUERQUE),
        ("state", LETTER, NEW_MEXICO),
    ):
        snapshot = rig.keep("The jail.", url=f"https://doj.example/{name}")
        rig.store.record_judgements([judgement(snapshot, event(snapshot, label, places=(place,)))])
    keep(rig, "plain")

    assert found(rig, labels=(LETTER,)) == ["state", "stockton"]
    assert found(rig, words="jail", labels=(RESPONSE,)) == ["abq"]
    assert found(rig, place_id=ALBUQUERQUE.id) == ["abq"]
    assert found(rig, place_id="state:NM") == ["state", "abq"]
    assert found(rig, place_id="state:NM", labels=(LETTER,)) == ["state"]
    assert found(rig, place_id=STOCKTON.id, labels=(RESPONSE,)) == []
    assert found(rig, labels=("' OR 1=1 --",)) == []


def test_of_one_source_alone_and_of_the_canary_only_so(rig: Rig) -> None:
    """The bot's own tests are in no other look-up."""
    keep(rig, "1", source="ledger")
    keep(rig, "2", source="courier")
    keep(rig, "3", source="canary")

    assert found(rig) == ["2", "1"]
    assert found(rig, words="jail") == ["2", "1"]
    assert found(rig, source="ledger") == ["1"]
    assert found(rig, source="canary", words="jail") == ["3"]
    assert found(rig, source="nobody") == []


def test_filters_by_day(rig: Rig) -> None:
    """Of publication, or of capture when the source names none; both ends are in it."""
    keep(rig, "old", published_at=NOW - DAY)
    keep(rig, "today", at=NOW)
    keep(rig, "late", published_at=NOW.replace(hour=23, minute=59, second=59, microsecond=999_999))
    keep(rig, "next", published_at=NOW + DAY)
    day = NOW.date()

    assert found(rig, since=day, until=day) == ["late", "today"]
    assert found(rig, words="jail", since=day) == ["next", "late", "today"]
    assert found(rig, until=day - DAY) == ["old"]
    assert found(rig, since=date.min, until=date.max) == ["next", "late", "today", "old"]


def test_a_look_up_that_takes_too_long_is_stopped(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says so, and the next one runs."""
    for number in range(100):
        keep(rig, str(number), f"{number} " + "the jail " * 20)
    monkeypatch.setattr(searching, "SECONDS", -1.0)
    monkeypatch.setattr(searching, "_INSTRUCTIONS", 100)
    with pytest.raises(StorageError, match="took too long"):
        rig.catalogue.search(Search(words="jail"))
    monkeypatch.undo()

    assert rig.catalogue.search(Search(words="jail"))[1] == 100


def test_no_naughty_string_breaks_a_look_up(rig: Rig) -> None:
    """Every one is stored, found by its own words or not, and never an error."""
    folder = Path(os.environ.get("PURSESTRINGS_CORPORA") or Path(__file__).parents[3] / "shared" / "corpora")
    if not (folder / "naughty-strings.json").exists():
        pytest.skip("0 strings tried: the shared corpora are not here (PURSESTRINGS_CORPORA)")
    strings = json.loads((folder / "naughty-strings.json").read_text())
    for number, string in enumerate(strings[::10]):
        keep(rig, f"{number}{string}", f"{number} {string}", title=string)

    hits = [rig.catalogue.search(Search(words=string, labels=())) for string in strings]

    assert len(hits) > 500
    assert sum(total for _, total in hits) > 50
    for string in strings:
        rig.catalogue.search(Search(labels=(string,), place_id=string))
