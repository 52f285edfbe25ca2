"""The judge: the whole of the main job, on invented documents in many voices."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.copies import sketch_of
from classifier.judge import Judge
from classifier.labels import funding_condition_letter
from classifier.lexicon import Lexicon
from classifier.reading import Reading, reading_json
from facts.document import Snapshot, WarcPlace
from facts.event import LETTER, RELATED, RESPONSE, Condition, event_id
from facts.places import Role
from tests.classifier.attacks import ATTACKS, least_seconds
from tests.classifier.rules import GAZETTEER, JUDGE, LABELS, LEXICON, MODEL, read
from tests.classifier.scenario import (
    ANSWER_STORIES,
    ANSWERED,
    ANSWERS,
    FOUR,
    LETTER_STORIES,
    LETTER_TEXT,
    LETTER_TITLE,
    ORDINARY,
    RELEASE,
    RELEASE_TITLE,
    WIRE,
    WIRE_TITLE,
)

NOW = datetime(2017, 8, 4, tzinfo=UTC)
JAIL = {Condition.JAIL_ACCESS, Condition.RELEASE_NOTICE, Condition.DETAINER_HOLD}


def named(reading: Reading, role: Role) -> set[tuple[str, str]]:
    return {(place.name, place.state) for place in reading.places if place.role is role}


def stances(reading: Reading) -> dict[str, str]:
    return {str(stance.place): stance.stance.value for stance in reading.stances}


def snapshot(title: str, text: str) -> Snapshot:
    return Snapshot(
        id="s1",
        source="wire",
        url="https://news.example.org/1",
        title=title,
        text=text,
        published_at=datetime(2017, 8, 3, 21, 0, tzinfo=UTC),
        places=(),
        taken_at=NOW,
        version=1,
        digest="d",
        body_digest="b",
        media_type="text/html",
        warc=WarcPlace(file="f", offset=0, length=1),
        backlog=True,
    )


def test_the_wire_story_earns_both_labels() -> None:
    """Four letters and four answers in one long story: places, stances, deadline and demands."""
    reading = read(WIRE_TITLE, WIRE)

    assert {LETTER, RESPONSE} == set(reading.flagged)
    assert named(reading, Role.RECIPIENT) == FOUR
    assert named(reading, Role.RESPONDENT) == FOUR
    assert stances(reading) == {
        "Albuquerque, NM": "disputes",
        "Baltimore, MD": "complies",
        "San Bernardino, CA": "reviews",
        "Stockton, CA": "refuses",
    }
    assert reading.deadline is not None
    assert (date(2017, 8, 18), "due by Aug. 18", True) == (
        reading.deadline.date,
        reading.deadline.phrase,
        reading.deadline.assumed_year,
    )
    assert reading.agencies[0] == "Department of Justice"
    assert reading.programs == ("Public Safety Partnership",)
    assert reading.instrument == "letter"
    assert {Condition.JAIL_ACCESS, Condition.RELEASE_NOTICE} <= set(reading.conditions)
    assert {("Chicago", "IL"), ("Los Angeles", "CA"), ("New Mexico", "NM")} <= named(reading, Role.MENTION)


def test_the_release_is_a_letter_to_four() -> None:
    """A release that answers nothing is a letter alone."""
    reading = read(RELEASE_TITLE, RELEASE)

    assert reading.flagged == (LETTER,)
    assert named(reading, Role.RECIPIENT) == FOUR
    assert reading.stances == ()
    assert reading.deadline is not None
    assert (date(2017, 8, 18), False) == (reading.deadline.date, reading.deadline.assumed_year)
    assert set(reading.conditions) >= JAIL


def test_the_letter_as_a_pdf_gives_it() -> None:
    """Address block, salutation, broken lines and signature do not hide whom it is for."""
    reading = read(LETTER_TITLE, LETTER_TEXT)

    assert reading.flagged == (LETTER,)
    assert named(reading, Role.RECIPIENT) == {("Albuquerque", "NM")}
    assert reading.agencies[0] == "Department of Justice"
    assert reading.programs == ("Public Safety Partnership",)
    assert set(reading.conditions) >= JAIL
    assert reading.deadline is not None
    assert reading.deadline.date == date(2017, 8, 18)


@pytest.mark.parametrize(
    ("title", "text", "place", "addressed"), LETTER_STORIES, ids=[row[0] for row in LETTER_STORIES]
)
def test_a_story_about_a_letter(
    title: str, text: str, place: str | None, addressed: frozenset[tuple[str, str]]
) -> None:
    """Local, wire, paper and broadcast voices: a letter, its recipients, no answer."""
    reading = read(title, text, place=place)

    assert reading.flagged == (LETTER,)
    assert named(reading, Role.RECIPIENT) == addressed
    assert reading.deadline is not None


@pytest.mark.parametrize(
    ("title", "text", "place", "stance"), ANSWERS + ANSWER_STORIES, ids=[row[0] for row in ANSWERS + ANSWER_STORIES]
)
def test_a_story_about_an_answer(title: str, text: str, place: str, stance: str) -> None:
    """A local answer that restates the letter is an answer alone, with or without knowing where its source sits."""
    for home in (place, None):
        reading = read(title, text, place=home, at=ANSWERED)

        assert reading.flagged == (RESPONSE,)
        assert stances(reading) == {place: stance}
        assert [str(each) for each in reading.places if each.role is Role.RESPONDENT] == [place]


@pytest.mark.parametrize(("title", "text"), ORDINARY, ids=[row[0] for row in ORDINARY])
def test_ordinary_neighbours_are_not_flagged(title: str, text: str) -> None:
    """Awards, crime, rulings, state law, universities, lobbying and explainers alert nobody."""
    assert set(read(title, text).flagged) <= {RELATED}


def test_a_snapshot_makes_an_event_a_label() -> None:
    """Events carry what wording and routing need; each place stands once, in the role of its label."""
    judgement = JUDGE.judge(snapshot(WIRE_TITLE, WIRE), judged_at=NOW)

    assert (judgement.snapshot_id, judgement.model, judgement.judged_at) == ("s1", MODEL.name, NOW)
    assert judgement.sketch == sketch_of(WIRE)
    events = {event.label: event for event in judgement.events}
    assert set(events) == {LETTER, RESPONSE}
    for label, role in ((LETTER, Role.RECIPIENT), (RESPONSE, Role.RESPONDENT)):
        event = events[label]
        assert event.id == event_id("s1", label)
        assert {(place.name, place.state) for place in event.in_role(role)} == FOUR
        assert {place.role for place in event.places} == {role, Role.MENTION}
        assert len({place.id for place in event.places}) == len(event.places)
        assert event.places[: len(FOUR)] == event.in_role(role)
        assert all(quote.text == WIRE[quote.start : quote.end] for quote in event.evidence)
        assert (event.source, event.title, event.backlog) == ("wire", WIRE_TITLE, True)
    assert events[LETTER].stances == ()
    assert len(events[RESPONSE].stances) == len(FOUR)


def test_an_ordinary_snapshot_makes_no_event() -> None:
    """What earns no label leaves a judgement without events."""
    judgement = JUDGE.judge(snapshot(*ORDINARY[7]), judged_at=NOW)

    assert judgement.events == ()


def test_one_story_tells_two_answers_apart() -> None:
    """Each place answers for itself within one sentence."""
    text = (
        "Albuquerque and Baltimore have answered the Justice Department, which told them last week that they will "
        "lose federal grants unless they open their jails to immigration agents.\n\nAlbuquerque disputes the label, "
        "while Baltimore agreed to comply. Both mayors spoke to reporters on Thursday."
    )

    answers = stances(read("Mayors answer federal letter", text))

    assert answers == {"Albuquerque, NM": "disputes", "Baltimore, MD": "complies"}


@pytest.mark.parametrize("disguise", ["\u200b", "\u00ad", "\u2060"])
def test_invisible_characters_do_not_lower_the_score(disguise: str) -> None:
    """A word split by what nobody sees is still the word, and evidence keeps the original characters."""
    hidden = RELEASE.replace("ti", f"t{disguise}i").replace("ja", f"j{disguise}a").replace("let", f"l{disguise}et")
    reading, plain = read(RELEASE_TITLE, hidden), read(RELEASE_TITLE, RELEASE)

    assert reading.labels[LETTER].score >= plain.labels[LETTER].score
    assert all(quote.text == hidden[quote.start : quote.end] for quote in reading.labels[LETTER].evidence)


def test_look_alike_letters_do_not_lower_the_score() -> None:
    """Cyrillic letters for Latin ones change nothing."""
    disguised = WIRE.translate(str.maketrans("aeocp", "\u0430\u0435\u043e\u0441\u0440"))
    reading, plain = read(WIRE_TITLE, disguised), read(WIRE_TITLE, WIRE)

    assert reading.labels[LETTER].score == plain.labels[LETTER].score
    assert named(reading, Role.RECIPIENT) == FOUR


@pytest.mark.parametrize(
    "stuffing",
    [
        "48-hour notice jail access " * 2_000,
        "justice department grant letter sanctuary withhold funding city mayor refuses " * 800,
        "DOJ, grants, sanctuary, letter, condition, withhold, cities, mayor, sue, " * 20,
        "The Justice Department must withhold grants from cities. " * 500,
    ],
)
def test_stuffing_flags_nothing(stuffing: str) -> None:
    """A heap of the right words is no report, however high."""
    title, fair = ORDINARY[7]

    assert read(title, fair + "\n\n" + stuffing).flagged == ()


def test_repetition_does_not_raise_the_score() -> None:
    """The same sentences again add nothing."""
    once, often = read(RELEASE_TITLE, RELEASE), read(RELEASE_TITLE, (RELEASE + "\n\n") * 30)

    assert often.labels[LETTER].score <= once.labels[LETTER].score + 1e-9


def test_a_reading_prints_as_the_contract_says() -> None:
    """The JSON has the keys and kinds that people script against."""
    printed = reading_json(read(LETTER_STORIES[2][0], LETTER_STORIES[2][1]))

    assert list(printed) == [
        "labels",
        "agencies",
        "programs",
        "jurisdictions",
        "deadline",
        "conditions",
        "stances",
        "model",
    ]
    assert set(printed["labels"]) == {LETTER, RELATED, RESPONSE}
    assert printed["labels"][LETTER]["flagged"] is True
    assert set(printed["labels"][LETTER]["evidence"][0]) == {"text", "start", "end"}
    assert printed["jurisdictions"] == [
        {"name": "Stockton", "state": "CA", "kind": "city", "id": "geonames:5399020", "role": "recipient"}
    ]
    assert printed["deadline"] == {"date": "2017-08-30", "phrase": "has 30 days", "assumed_year": True}
    assert reading_json(read("", ""))["deadline"] is None


def test_settings_and_words_can_be_changed() -> None:
    """A threshold of the configuration decides what is flagged; additions to the lexicon are known."""
    strict_letter = funding_condition_letter.Label(funding_condition_letter.Settings(threshold=0.999))
    strict = Judge(GAZETTEER, Lexicon.load({"programs": {}}), {**LABELS, LETTER: strict_letter}, MODEL)
    place = GAZETTEER.find("Stockton, CA")
    reading = strict.read(title=RELEASE_TITLE, text=RELEASE, published_at=None, places=(place,) if place else ())

    assert reading.flagged == ()
    assert reading.labels[LETTER].evidence != ()


def test_the_same_document_reads_the_same() -> None:
    """Two judges agree to the last digit."""
    august = datetime(2017, 8, 3, 21, tzinfo=UTC)
    other = Judge(GAZETTEER, LEXICON, LABELS, MODEL).read(title=WIRE_TITLE, text=WIRE, published_at=august, places=())

    assert reading_json(read(WIRE_TITLE, WIRE)) == reading_json(other)


@given(st.text(max_size=400), st.text(max_size=60))
@settings(max_examples=60)
def test_no_text_breaks_the_judge(text: str, title: str) -> None:
    """Whatever comes in, the scores are probabilities and the evidence is the text's own."""
    reading = JUDGE.read(title=title, text=f"{WIRE[:300]} {text}", published_at=None, places=())

    for label in reading.labels.values():
        assert 0.0 <= label.score <= 1.0
        assert all(quote.text == f"{WIRE[:300]} {text}"[quote.start : quote.end] for quote in label.evidence)


@pytest.mark.nightly
@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_time_grows_with_the_text(attack: str) -> None:
    """Twice the text takes at most about twice the time (S11); the floor keeps a busy machine out of it."""
    short, long = (
        least_seconds(partial(read, RELEASE_TITLE, f"{RELEASE}\n\n{attack * (size // len(attack))}"))
        for size in (40_000, 80_000)
    )

    assert long < max(2.5 * short, 0.3)


def test_lone_surrogates_are_read() -> None:
    """Text that is no valid Unicode is judged like any other."""
    reading = read("\ud800", WIRE.replace("Justice", "Justice \udfff"))

    assert reading.labels[RESPONSE].flagged
