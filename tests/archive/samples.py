"""Invented matter of August 2017 in our own words: one letter, its answers, and quieter news."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from facts.document import Capture, Document, Snapshot
from facts.event import LETTER, RESPONSE, Condition, Deadline, Event, Quote, Stance, StanceKind, event_id
from facts.places import Place, PlaceKind, Role
from storage.work import SourceRow, SourceState

NOON = datetime(2017, 8, 3, 18, 5, tzinfo=UTC)

ALBUQUERQUE = Place(name="Albuquerque", state="NM", kind=PlaceKind.CITY, id="geonames:5454711")
BALTIMORE = Place(name="Baltimore", state="MD", kind=PlaceKind.CITY, id="geonames:4347778")
SAN_BERNARDINO = Place(name="San Bernardino", state="CA", kind=PlaceKind.CITY, id="geonames:5391710")
STOCKTON = Place(name="Stockton", state="CA", kind=PlaceKind.CITY, id="geonames:5399020")
FOUR = (ALBUQUERQUE, BALTIMORE, SAN_BERNARDINO, STOCKTON)

LETTER_TITLE = "Department asks four cities about their jails before it admits them to policing program"
LETTER_TEXT = """WASHINGTON. Four cities that asked for a place in the Public Safety Partnership heard from the \
Department of Justice today that the place has a price.

In letters to the police chiefs of Albuquerque, Baltimore, San Bernardino and Stockton, the department writes that it \
will weigh three things before it takes a city in: whether federal officers may enter its jails to question inmates, \
whether the jail gives them 48 hours' notice before it lets a wanted person go, and whether it holds people at their \
request.

Each city is to send proof by Aug. 18. “We would like to count you in, and you decide whether we can,” said Orrin \
Vance, who speaks for the office that runs the program.

The program offers training and advisers, and no grant of its own. Twelve places joined it in June. None of those was \
asked about its jail at the time, according to a list that the department published then."""

ANSWER_TITLE = "Mayor: the jail is the county's, and our answer will say so"
ANSWER_TEXT = """Albuquerque does not run a jail, and will tell the Department of Justice exactly that, Mayor Lena \
Quintero's office said on Friday.

“They have written to the wrong address,” said Tomas Ebright, the mayor's counsel. The detention center belongs to \
Bernalillo County, which decides for itself what it tells federal officers.

The city disputes that the department may set such terms for a program that hands out advice. It has not said whether \
it will go to court."""

PLAIN_TITLE = "Council puts off vote on bus lanes for a third time"
PLAIN_TEXT = "The council will look at the bus lanes again in September, when the traffic count is in."


def document(source: str, url: str, title: str, text: str, *, at: datetime = NOON) -> Document:
    """Return a document that its source published an hour before it was fetched."""
    body = f"<!doctype html><title>{title}</title><p>{text}</p>".encode("utf-8", "replace")
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    capture = Capture(url=url, status=200, headers=headers, body=body, media_type="text/html", fetched_at=at)
    published = at - timedelta(hours=1)
    return Document(source=source, url=url, title=title, text=text, capture=capture, published_at=published)


LETTER_DOCUMENT = document(
    "doj", "https://www.justice.gov/opa/pr/four-cities-jail-questions", LETTER_TITLE, LETTER_TEXT
)
ANSWER_DOCUMENT = document(
    "rio-grande-courier",
    "https://courier.example/news/mayor-jail-answer",
    ANSWER_TITLE,
    ANSWER_TEXT,
    at=NOON + timedelta(days=1, hours=3),
)
PLAIN_DOCUMENT = document(
    "delta-ledger", "https://ledger.example/bus-lanes", PLAIN_TITLE, PLAIN_TEXT, at=NOON + timedelta(hours=5)
)
#: What a paper wrote itself, in a copy of the letter's story.
ADDED = "Harbor Mayor Wilma Sandoval said that the town got no letter, and that she would not have opened one."
EDITED_DOCUMENT = document(
    "delta-ledger",
    "https://ledger.example/bus-lanes",
    PLAIN_TITLE,
    f"{PLAIN_TEXT}\n\nAn earlier version of this story named the wrong month.",
    at=NOON + timedelta(hours=29),
)


def quote(text: str, words: str) -> Quote:
    """Return the passage of a text that these words are."""
    start = text.index(words)
    return Quote(text=words, start=start, end=start + len(words))


def copy_document(url: str) -> Document:
    """Return the letter's story as another paper has it."""
    return document("harbor-ledger", url, "Four cities hear from Washington", f"{LETTER_TEXT}\n\n{ADDED}", at=NOON)


def letter_event(of: Snapshot) -> Event:
    """Return what the classifier would read out of the letter."""
    return Event(
        id=event_id(of.id, LETTER),
        snapshot_id=of.id,
        label=LETTER,
        score=0.97,
        evidence=(
            quote(LETTER_TEXT, "whether federal officers may enter its jails to question inmates"),
            quote(LETTER_TEXT, "48 hours' notice before it lets a wanted person go"),
            quote(LETTER_TEXT, "Each city is to send proof by Aug. 18."),
        ),
        agencies=("Department of Justice",),
        programs=("Public Safety Partnership",),
        instrument="letter",
        places=tuple(place.with_role(Role.RECIPIENT) for place in FOUR),
        deadline=Deadline(date=date(2017, 8, 18), phrase="by Aug. 18", assumed_year=True),
        conditions=(Condition.JAIL_ACCESS, Condition.RELEASE_NOTICE, Condition.DETAINER_HOLD),
        stances=(),
        source=of.source,
        url=of.url,
        title=of.title,
        published_at=of.published_at,
        version=of.version,
        backlog=False,
        judged_by="base-2026.11",
        judged_at=of.taken_at + timedelta(seconds=4),
    )


def answer_event(of: Snapshot) -> Event:
    """Return what the classifier would read out of the answer."""
    place = ALBUQUERQUE.with_role(Role.RESPONDENT)
    return replace(
        letter_event(of),
        id=event_id(of.id, RESPONSE),
        label=RESPONSE,
        score=0.88,
        evidence=(quote(ANSWER_TEXT, "The city disputes that the department may set such terms"),),
        programs=(),
        places=(place,),
        deadline=None,
        conditions=(),
        stances=(Stance(place=place, stance=StanceKind.DISPUTES),),
    )


SOURCES = (
    SourceRow(
        name="doj",
        next_poll_at=NOON + timedelta(days=2, minutes=10),
        state=SourceState.OK,
        last_ok_at=NOON + timedelta(days=2),
        last_visit_at=NOON + timedelta(days=2),
        visited=True,
    ),
    SourceRow(
        name="delta-ledger",
        next_poll_at=NOON + timedelta(days=2, hours=1),
        state=SourceState.FAILING,
        turned_at=NOON + timedelta(days=1, hours=20),
        failures=4,
        last_ok_at=NOON + timedelta(days=1, hours=19),
        last_visit_at=NOON + timedelta(days=2),
        last_error="https://ledger.example/feed answered 503 Service Unavailable",
        visited=True,
    ),
    SourceRow(name="rio-grande-courier", next_poll_at=NOON + timedelta(days=2, minutes=3)),
)
