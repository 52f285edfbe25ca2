"""The search form of the list page: from what was typed to a look-up, and to the page of documents it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from facts.places import Place
from storage.protocols import Catalogue, Hit, Search

#: From a place as a person writes it ("Stockton, CA") to the place, or None when there is no such place.
FindPlace = Callable[[str], Place | None]

#: The value of the form's kind that asks for unflagged documents too.
EVERYTHING = "all"

PAGE_SIZE = 25
#: The catalogue counts to 1,000; a reader who needs more narrows the search.
LAST_PAGE = 40
#: Longer than any search a person types, far shorter than one that could tie up the database.
LONGEST_VALUE = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The search form as it was filled in."""

    words: str = ""
    #: "" for every flagged document, a label's id, or EVERYTHING.
    label: str = ""
    place: str = ""
    since: str = ""
    until: str = ""

    def address(self, page: int = 1) -> str:
        """Return the address of this search's page, relative to the site; what was left empty is left out."""
        filled = {name: getattr(self, name) for name in self.__slots__ if getattr(self, name)}
        query = urlencode({**filled, **({"page": page} if page > 1 else {})}, errors="replace")
        return f"/?{query}" if query else "/"

    def everything(self) -> str:
        """Return the address of the same search over unflagged documents too."""
        return replace(self, label=EVERYTHING).address()


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A look-up read from a form; with problems it must not be run."""

    form: Form
    search: Search
    page: int
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of documents, newest first."""

    hits: tuple[Hit, ...] = ()
    #: How many there are in all, counted to 1,000.
    total: int = 0
    #: There is a next page.
    more: bool = False


def read_query(values: Mapping[str, str], labels: Iterable[str], find_place: FindPlace) -> Query:
    """Return the look-up that the values of an address ask for, with a problem for each value that makes no sense."""
    form = Form(**{name: values.get(name, "").strip() for name in Form.__slots__})
    problems = [f"The {name} are too long." for name in ("words", "place") if len(getattr(form, name)) > LONGEST_VALUE]
    page = _page(values.get("page", "1"), problems)
    wanted = _labels(form.label, tuple(labels), problems)
    since, until = (_date(getattr(form, name), name, problems) for name in ("since", "until"))
    place = None if problems else _place(form.place, find_place, problems)
    search = Search(
        words=form.words,
        labels=wanted,
        place_id=place.id if place else None,
        since=since,
        until=until,
        limit=PAGE_SIZE,
        offset=PAGE_SIZE * (page - 1),
    )
    return Query(form=form, search=search, page=page, problems=tuple(problems))


def find(catalogue: Catalogue, query: Query) -> Listing:
    """Return the page of documents that the query asks for."""
    hits, total = catalogue.search(query.search)
    return Listing(hits=tuple(hits), total=total, more=_more(query, total))


def _more(query: Query, total: int) -> bool:
    return query.page < LAST_PAGE and query.page * PAGE_SIZE < total


def _page(value: str, problems: list[str]) -> int:
    if value.isascii() and value.isdigit() and len(value) <= len(str(LAST_PAGE)) and 1 <= int(value) <= LAST_PAGE:
        return int(value)
    problems.append(f"There are pages 1 to {LAST_PAGE}; for more, narrow the search by place or date.")
    return 1


def _labels(value: str, labels: tuple[str, ...], problems: list[str]) -> tuple[str, ...]:
    """Return the labels of which a document must have one: any of them when none is named."""
    if value == EVERYTHING:
        return ()
    if value and value not in labels:
        problems.append("There is no such kind of document.")
    return (value,) if value else labels


def _date(value: str, name: str, problems: list[str]) -> date | None:
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        problems.append(f"“{name.capitalize()}” takes a date such as 2017-08-03.")
        return None


def _place(value: str, find_place: FindPlace, problems: list[str]) -> Place | None:
    if not value:
        return None
    place = find_place(value)
    if place is None:
        problems.append(f"No place is called “{value}”; write it as Stockton, CA, or Cook County, IL, or Oregon.")
    return place
