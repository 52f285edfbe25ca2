"""From the search form to a page of documents."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.query import EVERYTHING, PAGE_SIZE, Form, find, read_query
from facts.event import LETTER, RESPONSE
from storage.protocols import Hit, Search
from tests.archive.newsroom import Newsroom
from tests.archive.samples import ALBUQUERQUE
from tests.archive.site import find_place

LABELS = (LETTER, RESPONSE)


def hit(newsroom: Newsroom, number: int, version: int = 1) -> Hit:
    """Return one document of many; a greater number was seen later."""
    at = newsroom.letter.taken_at + timedelta(minutes=number, seconds=version)
    url = f"https://ledger.example/{number}"
    it = replace(newsroom.letter, id=f"{number:016x}{version:04x}", url=url, version=version, taken_at=at)
    return Hit(snapshot=it, events=(), snippet=(), first_seen=at)


@dataclass
class Shelf:
    """A catalogue of as many hits as one likes."""

    hits: list[Hit]

    def search(self, search: Search) -> tuple[list[Hit], int]:
        """Return a page of the hits."""
        return self.hits[search.offset : search.offset + search.limit], len(self.hits)


def test_a_filled_form_becomes_a_look_up() -> None:
    """Words, kind, place, days and page."""
    values = {
        "words": " jail ",
        "label": LETTER,
        "place": "Albuquerque, NM",
        "since": "2017-08-01",
        "until": "2017-08-31",
        "page": "3",
    }

    query = read_query(values, LABELS, find_place)

    assert query.problems == ()
    assert query.search == Search(
        words="jail",
        labels=(LETTER,),
        place_id=ALBUQUERQUE.id,
        since=date(2017, 8, 1),
        until=date(2017, 8, 31),
        limit=PAGE_SIZE,
        offset=2 * PAGE_SIZE,
    )


@pytest.mark.parametrize(
    "values",
    [
        {"page": "0"},
        {"page": "41"},
        {"page": "-1"},
        {"page": "²"},
        {"page": "9" * 5000},
        {"since": "yesterday"},
        {"until": "2017-02-30"},
        {"label": "gossip"},
        {"place": "Atlantis"},
        {"place": "x" * 301},
        {"words": "x" * 301},
    ],
)
def test_what_makes_no_sense_is_said_once(values: dict[str, str]) -> None:
    """One problem for one mistake."""
    assert len(read_query(values, LABELS, find_place).problems) == 1


@given(st.dictionaries(st.sampled_from(["words", "label", "place", "since", "until", "page"]), st.text(max_size=320)))
def test_any_values_are_read(values: dict[str, str]) -> None:
    """Nothing that can stand in an address is an error of ours."""
    query = read_query(values, LABELS, find_place)

    assert 0 <= query.search.offset < 1000


def test_the_address_of_a_search_leads_back_to_it() -> None:
    """Paging keeps what was asked; what was left empty is left out."""
    form = Form(words="a&b=c “d”", place="Stockton, CA")

    assert parse_qs(urlsplit(form.address(2)).query) == {
        "words": ["a&b=c “d”"],
        "place": ["Stockton, CA"],
        "page": ["2"],
    }
    assert Form().address() == "/"
    assert Form().everything() == "/?label=all"


def test_flagged_lists_every_label_and_nothing_plain(newsroom: Newsroom) -> None:
    """The real archive: a letter and an answer, newest first."""
    listing = find(newsroom.catalogue, read_query({}, LABELS, find_place))

    assert [newsroom.answer.id, newsroom.letter.id] == [it.snapshot.id for it in listing.hits]
    assert (listing.total, listing.more) == (2, False)


def test_everything_lists_the_plain_ones_too(newsroom: Newsroom) -> None:
    """In their latest version."""
    listing = find(newsroom.catalogue, read_query({"label": EVERYTHING}, LABELS, find_place))

    assert {newsroom.edited.id, newsroom.answer.id, newsroom.letter.id} == {it.snapshot.id for it in listing.hits}


def test_the_last_page_leads_nowhere(newsroom: Newsroom) -> None:
    """The archive holds more than is counted; a link to page 41 would be refused."""
    shelf = Shelf(hits=[hit(newsroom, number) for number in range(1000, 0, -1)])
    query = read_query({"page": "40"}, LABELS, find_place)

    listing = find(shelf, query)  # type: ignore[arg-type]  # only search is called

    assert (len(listing.hits), listing.more) == (PAGE_SIZE, False)
