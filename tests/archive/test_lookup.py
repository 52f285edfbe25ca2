"""Look-ups as scripts get them."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import lookup
from storage.protocols import Hit, Search
from tests.archive import samples
from tests.archive.newsroom import Newsroom, archive, fill_copy


def letter_hit(newsroom: Newsroom) -> Hit:
    """Return the letter as a search finds it."""
    hits, _ = newsroom.catalogue.search(Search(words="jails"))
    return hits[0]


def test_a_hit_has_its_stable_keys(newsroom: Newsroom) -> None:
    """People script against them: a change here is a change for them."""
    hit = lookup.hit_json(letter_hit(newsroom))

    assert list(hit) == [
        "id",
        "source",
        "url",
        "title",
        "version",
        "published_at",
        "dated_ahead",
        "taken_at",
        "places",
        "digest",
        "body_sha256",
        "media_type",
        "capture_kind",
        "warc",
        "parent",
        "scanned",
        "recognised_by",
        "backlog",
        "removed",
        "first_seen",
        "events",
        "snippet",
    ]
    assert newsroom.letter.id == hit["id"]
    assert hit["published_at"] == "2017-08-03T17:05:00+00:00"
    assert isinstance(hit["snippet"], str)


def test_an_event_speaks_as_classify_does(newsroom: Newsroom) -> None:
    """One fact, one key, whatever command prints it."""
    event = lookup.event_json(letter_hit(newsroom).events[0])

    assert list(event) == [
        "id",
        "label",
        "score",
        "evidence",
        "agencies",
        "programs",
        "instrument",
        "jurisdictions",
        "deadline",
        "conditions",
        "stances",
        "model",
        "judged_at",
    ]
    assert event["deadline"] == {"date": "2017-08-18", "phrase": "by Aug. 18", "assumed_year": True}
    assert event["conditions"] == ["jail_access", "release_notice", "detainer_hold"]
    assert {
        "name": "Albuquerque",
        "state": "NM",
        "kind": "city",
        "id": "geonames:5454711",
        "role": "recipient",
    } in json.loads(json.dumps(event["jurisdictions"]))


def test_a_response_names_its_stance(newsroom: Newsroom) -> None:
    """A response has no deadline, which is null."""
    event = lookup.event_json(newsroom.catalogue.trace(newsroom.answer.id).events[0])

    assert event["stances"] == [{"name": "Albuquerque", "state": "NM", "stance": "disputes"}]
    assert event["deadline"] is None


def test_a_trace_tells_who_was_told(newsroom: Newsroom) -> None:
    """Text, events, stories and deliveries, all of it JSON."""
    trace = json.loads(json.dumps(lookup.trace_json(newsroom.catalogue.trace(newsroom.letter.id))))

    assert newsroom.letter.text == trace["text"]
    assert {it["channel"]: it["state"] for it in trace["deliveries"]} == {"desk": "sent", "delta": "in_doubt"}
    assert len(trace["stories"]) == 1


def test_a_copy_tells_what_it_adds(tmp_path: Path) -> None:
    """With the offsets of each passage, and whose text it is."""
    with archive(tmp_path) as stores:
        letter, copy = fill_copy(stores)
        own, other = (lookup.trace_json(stores.catalogue.trace(it.id)) for it in (letter, copy))
    start = copy.text.index(samples.ADDED)

    assert (own["copy_of"], own["added"]) == (None, [])
    assert other["copy_of"] == {"id": letter.id, "source": "doj", "url": letter.url, "title": letter.title}
    assert other["added"] == [{"text": samples.ADDED, "start": start, "end": len(copy.text)}]


def test_a_history_goes_from_the_first_sight_on(newsroom: Newsroom) -> None:
    """Oldest first, as the catalogue gives it."""
    url = newsroom.plain.url
    history = json.loads(json.dumps(lookup.history_json(url, newsroom.catalogue.versions(url))))

    assert history["first_seen"] == "2017-08-03T23:05:00+00:00"
    assert [version["version"] for version in history["versions"]] == [1, 2]


def test_an_unknown_address_has_an_empty_history() -> None:
    """Null and no versions, not an error."""
    assert lookup.history_json("https://nowhere.example/", []) == {
        "url": "https://nowhere.example/",
        "first_seen": None,
        "versions": [],
    }


def test_a_row_stands_under_its_header(newsroom: Newsroom) -> None:
    """Several values share a cell, each once."""
    row = dict(zip(lookup.CSV_HEADER, lookup.csv_row(letter_hit(newsroom)), strict=True))

    assert row["recipients"] == "Albuquerque, NM; Baltimore, MD; San Bernardino, CA; Stockton, CA"
    assert (row["deadline"], row["scores"], row["labels"]) == ("2017-08-18", "0.97", "funding_condition_letter")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"])
def test_a_formula_is_made_text(newsroom: Newsroom, start: str) -> None:
    """A title that a spreadsheet would run is quoted, and nothing else of it changes."""
    hit = letter_hit(newsroom)
    hostile = replace(hit, snapshot=replace(hit.snapshot, title=f'{start}HYPERLINK("http://evil.example")'))

    row = dict(zip(lookup.CSV_HEADER, lookup.csv_row(hostile), strict=True))

    assert f'\'{start}HYPERLINK("http://evil.example")' == row["title"]


@given(st.text(st.characters(), max_size=30))
def test_no_cell_is_a_formula(text: str) -> None:
    """Whatever the text, the written cell can be encoded, comes back whole, and starts as text."""
    out = io.StringIO(newline="")
    csv.writer(out).writerow([lookup.csv_cell(text)])
    [[cell]] = csv.reader(io.StringIO(out.getvalue().encode().decode(), newline=""))

    assert cell[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n"}


def test_no_naughty_string_is_a_formula(naughty_strings: list[str]) -> None:
    """The corpus of others, and the formulas it holds (docs/reliability.md, S17)."""
    cells = [lookup.csv_cell(text) for text in naughty_strings]

    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert len([cell for cell in cells if cell.startswith("'")]) > 10


def test_a_source_tells_how_it_fares(newsroom: Newsroom) -> None:
    """What the page of sources shows, for scripts."""
    failing = lookup.source_json(newsroom.catalogue.sources()[0])

    assert (failing["name"], failing["state"], failing["failures"]) == ("delta-ledger", "failing", 4)
    assert failing["last_ok_at"] == "2017-08-05T13:05:00+00:00"
