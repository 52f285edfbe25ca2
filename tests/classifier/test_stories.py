from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.copies import sketch_of
from classifier.stories import happened_at, join
from facts.event import LETTER, RESPONSE, Event
from facts.places import Place, Role
from facts.story import Joined, Story, story_id
from tests.classifier.test_copies import LOCAL, WIRE
from tests.facts.samples import NOON, event, place, stance

STOCKTON = place("Stockton", "CA", Role.RECIPIENT)
BALTIMORE = place("Baltimore", "MD", Role.RECIPIENT)


def opened(**changes: Any) -> Story:
    """Return the story that one event opens."""
    return join(event(**changes), (), []).story


def answer(**changes: Any) -> Event:
    """Return Stockton's answer, in a document of its own."""
    values: dict[str, Any] = {
        "snapshot_id": "s2",
        "label": RESPONSE,
        "places": (),
        "stances": (stance("Stockton", "CA"),),
        "programs": (),
        "instrument": "",
    }
    return event(**{**values, **changes})


def test_an_event_that_fits_nothing_opens_a_story() -> None:
    """The story takes what the event says, and its id from it."""
    joined = join(event(), (1, 2), [])

    assert joined.opened
    assert joined.story.id == story_id(event().id)
    assert joined.story.place_ids == (STOCKTON.id,)
    assert [member.sketch for member in joined.story.members] == [(1, 2)]


def test_another_report_of_the_letter_joins_and_widens_the_story() -> None:
    """Places, agency and programme overlap: one story, which now knows the second city."""
    report = event(
        snapshot_id="s2",
        places=(STOCKTON, BALTIMORE),
        published_at=NOON + timedelta(hours=2),
        judged_at=NOON + timedelta(hours=3),
    )

    joined = join(report, (), [opened()])

    assert not joined.opened
    assert joined.story.place_ids == (STOCKTON.id, BALTIMORE.id)
    assert joined.story.last_event_at == NOON + timedelta(hours=2)
    assert len(joined.story.members) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"places": (BALTIMORE,)},
        {"agencies": ("Department of Transportation",)},
        {"programs": ("Byrne JAG",)},
        {"published_at": None, "judged_at": NOON + timedelta(days=31)},
        {"published_at": NOON - timedelta(days=31)},
    ],
    ids=["place", "agency", "programme", "later", "earlier"],
)
def test_another_letter_is_another_story(changes: dict[str, Any]) -> None:
    """One of place, agency, programme or time apart: not the same letter."""
    assert join(event(snapshot_id="s2", **changes), (), [opened()]).opened


def test_without_a_programme_the_instrument_decides() -> None:
    """A notice is not the letter, unless a report leaves the instrument out."""
    story = opened(programs=())

    assert join(event(snapshot_id="s2", programs=(), instrument="notice"), (), [story]).opened
    assert not join(event(snapshot_id="s2", programs=(), instrument="letter"), (), [story]).opened
    assert not join(event(snapshot_id="s2", programs=(), instrument=""), (), [story]).opened
    assert not join(event(snapshot_id="s2", programs=()), (), [replace(story, instrument="")]).opened


def test_a_report_that_leaves_agency_or_programme_out_contradicts_nothing() -> None:
    """A local paper that writes "a federal programme" means the one it was told of."""
    assert not join(event(snapshot_id="s2", agencies=(), programs=()), (), [opened()]).opened


def test_an_answer_joins_by_place_and_agency_alone() -> None:
    """It need not name the programme; another city's answer, or one to another agency, stands apart."""
    story = opened()

    assert not join(answer(), (), [story]).opened
    assert not join(answer(programs=("Byrne JAG",)), (), [story]).opened
    assert join(answer(stances=(stance("Chicago", "IL"),)), (), [story]).opened
    assert join(answer(agencies=("Department of Transportation",)), (), [story]).opened


def test_a_place_merely_mentioned_joins_nothing() -> None:
    """Only who was asked and who answered counts."""
    assert join(answer(stances=(), places=(place("Stockton", "CA"),)), (), [opened()]).opened


def test_a_demand_on_everybody_is_met_by_its_programme() -> None:
    """An order names no city; answers and further reports find it by programme, or by naming no city either."""
    order = opened(places=())

    assert not join(answer(programs=("Public Safety Partnership",)), (), [order]).opened
    assert join(answer(), (), [order]).opened
    assert not join(event(snapshot_id="s2", places=(), programs=()), (), [order]).opened


def test_both_labels_of_one_document_are_one_story() -> None:
    """A wire story that reports letter and answers is not two stories, whatever each label read."""
    joined = join(answer(snapshot_id="s1", stances=(stance("Chicago", "IL"),)), (), [opened()])

    assert not joined.opened
    assert joined.copy_of is None


def test_a_copy_joins_its_original_whatever_was_read_in_it() -> None:
    """The text decides before places do."""
    original = join(event(), sketch_of(WIRE), []).story
    elsewhere = event(snapshot_id="s2", url="https://paper.example/b", places=(place("Fresno", "CA", Role.RECIPIENT),))

    joined = join(elsewhere, sketch_of(f"FRESNO, Calif. \u2014 {WIRE}"), [original])

    assert joined.copy_of == event().id
    assert join(elsewhere, sketch_of(LOCAL), [original]).opened


def test_the_same_sites_next_text_on_a_template_joins_by_its_facts_alone() -> None:
    """An agency that writes to the next city in nearly the same words has written another letter."""
    original = join(event(), sketch_of(WIRE), []).story
    fresno = (place("Fresno", "CA", Role.RECIPIENT),)
    sketch = sketch_of(f"{WIRE} Fresno has until Friday to say what it will do about the jail of the county.")

    assert join(event(snapshot_id="s2", url="https://news.example/b", places=fresno), sketch, [original]).opened
    assert not join(event(snapshot_id="s2", url="https://news.example/b"), sketch, [original]).opened


def test_a_copy_is_that_of_the_first_version() -> None:
    """What it adds is told against the text that stood first, not against the copy before it."""
    story = join(event(), sketch_of(WIRE), []).story
    for number in range(3):
        copy = event(snapshot_id=f"c{number}", url=f"https://paper-{number}.example/b")
        joined = join(copy, sketch_of(f"OAKVILLE \u2014 {WIRE}"), [story])
        story = joined.story

        assert joined.copy_of == event().id


def test_the_latest_fitting_story_is_taken() -> None:
    """Two letters to one city: an answer is to the newer."""
    older = opened()
    newer = opened(snapshot_id="s9", published_at=NOON + timedelta(days=3), judged_at=NOON + timedelta(days=3))
    late = answer(published_at=NOON + timedelta(days=4), judged_at=NOON + timedelta(days=4))

    assert join(late, (), [newer, older]).story.id == newer.id


def test_a_letter_a_month_after_the_first_is_another_letter() -> None:
    """Answers keep a story open for answers, not for the next demand on the same city."""
    story = opened()
    for week in range(1, 8):
        late = NOON + timedelta(days=7 * week)
        story = join(answer(snapshot_id=f"a{week}", published_at=late, judged_at=late), (), [story]).story
    later = NOON + timedelta(days=50)

    assert join(event(snapshot_id="s99", published_at=later, judged_at=later), (), [story]).opened
    assert not join(answer(snapshot_id="a99", published_at=later, judged_at=later), (), [story]).opened


def test_a_copy_joins_as_long_as_its_story_is_alive() -> None:
    """A page that holds one letter and is edited every week for a year is one story."""
    story = join(event(), sketch_of(WIRE), []).story
    for week in range(1, 53):
        later = NOON + timedelta(days=7 * week)
        edited = event(snapshot_id=f"v{week}", published_at=None, judged_at=later)
        joined = join(edited, sketch_of(f"{WIRE} Updated in week {week}."), [story])
        assert not joined.opened
        story = joined.story


def test_a_date_ahead_of_its_judgement_is_not_believed() -> None:
    """A feed that dates an item to next year neither opens nor closes a window."""
    assert happened_at(event(published_at=NOON + timedelta(days=365))) == NOON
    assert happened_at(event(published_at=None)) == NOON


@given(st.permutations(["release", "letter", "wire"]))
def test_whichever_report_comes_first_there_is_one_story(order: list[str]) -> None:
    """The release, its PDF and a wire copy open one story between them."""
    four: tuple[Place, ...] = (STOCKTON, BALTIMORE, place("Albuquerque", "NM", Role.RECIPIENT))
    reports = {
        "release": event(snapshot_id="release", places=four),
        "letter": event(snapshot_id="letter", places=four, published_at=None),
        "wire": event(snapshot_id="wire", places=four[:2], programs=(), label=LETTER),
    }
    stories: list[Story] = []
    outcomes: list[Joined] = []
    for name in order:
        outcomes.append(join(reports[name], (), stories))
        stories = [outcomes[-1].story]

    assert [joined.opened for joined in outcomes] == [True, False, False]
