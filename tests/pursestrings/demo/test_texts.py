from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from urllib.parse import urlsplit

from pursestrings.demo.publication import Kind
from pursestrings.demo.texts import load_world
from pursestrings.demo.world import World

CITIES = ("Albuquerque", "Baltimore", "San Bernardino", "Stockton")
ANSWERS = {
    "sandia-courier/mayor-disputes": "Albuquerque",
    "harbor-ledger/commissioner-answers": "Baltimore",
    "arrowhead-inquirer/chief-answers": "San Bernardino",
    "channel-times/chief-answers": "Stockton",
}
DUE = datetime(2017, 8, 18, tzinfo=UTC)


def _texts(world: World) -> dict[str, str]:
    return {each.key: each.text for each in world.publications}


def test_loading_twice_gives_the_same_world(world: World) -> None:
    """Nothing in it depends on the run."""
    assert world == load_world()


def test_there_is_enough_of_everything(world: World) -> None:
    """A letter, an event, and ordinary things around them."""
    kinds = Counter(each.kind for each in world.publications)

    assert (kinds[Kind.LETTER], kinds[Kind.EVENT], kinds[Kind.STATEMENT], kinds[Kind.NEWS]) == (1, 1, 2, 4)
    assert kinds[Kind.RELEASE] >= 120
    assert kinds[Kind.ARTICLE] >= 40


def test_keys_and_addresses_are_distinct(world: World) -> None:
    """Only the blocks of the page that is rewritten share an address."""
    assert len({each.key for each in world.publications}) == len(world.publications)
    shared = [path for path, times in Counter(each.path for each in world.publications).items() if times > 1]
    assert shared == ["/albuquerque-city/mayor/statements"]


def test_no_two_texts_are_equal(world: World) -> None:
    """Copies differ by a line at least; only things without a text of their own are alike."""
    texts = Counter(each.text for each in world.publications if each.kind not in {Kind.LETTER, Kind.EVENT})

    assert [text for text, times in texts.items() if times > 1] == []


def test_every_link_leads_somewhere(world: World) -> None:
    """What a text links to or attaches is published."""
    paths = {each.path for each in world.publications}

    for each in world.publications:
        assert set(each.links) <= paths
        assert set(each.attachments) <= paths


def test_addresses_are_plain(world: World) -> None:
    """Paths need no escaping, so that they are canonical as they stand."""
    for each in world.publications:
        assert re.fullmatch(r"(/[A-Za-z0-9._-]+)+/?", each.path), each.path
        assert urlsplit(each.path).path == each.path


def test_four_cities_answer_on_four_days_before_the_last(world: World) -> None:
    """One paper a city reports the answer of its own city, and in time."""
    answers = [each for each in world.publications if each.key in ANSWERS]

    assert len({each.at.date() for each in answers}) == 4
    assert all(each.at < DUE for each in answers)
    for each in answers:
        assert ANSWERS[each.key] in each.text
        assert "Public Safety Partnership" in each.text
        assert "Justice Department" in each.text


def test_the_wire_reports_the_letters_before_anybody_answered(world: World) -> None:
    """Two papers carry the same story, one cut, one with a local end."""
    short, long = (_texts(world)[f"{paper}/wire-letters"] for paper in ("harbor-ledger", "arrowhead-inquirer"))

    for text in (short, long):
        assert text.startswith("WASHINGTON (CP) —")
        assert all(city in text for city in CITIES)
        assert "None of the four had answered" in text
    assert short != long
    assert len(short) < len(long)


def test_the_roundup_tells_all_four_answers_again(world: World) -> None:
    """It comes after every answer and names each city."""
    rounds = [each for each in world.publications if each.key.endswith("/wire-roundup")]

    assert len(rounds) == 2
    for each in rounds:
        assert each.at > DUE
        assert all(city in each.text for city in CITIES)


def test_the_story_is_told_nowhere_else(world: World) -> None:
    """Ordinary pieces name the programme only where a look-alike is meant."""
    named = {each.key for each in world.publications if "Public Safety Partnership" in each.text}

    assert named == {
        *ANSWERS,
        *(f"{paper}/wire-letters" for paper in ("harbor-ledger", "arrowhead-inquirer")),
        *(f"{paper}/wire-roundup" for paper in ("sandia-courier", "channel-times")),
        "doj/letter-release",
        "doj/letter-release-usao",
        "doj/twelve-cities",
        "doj/partnership-award",
        "albuquerque-city/not-a-sanctuary",
        "baltimore-mayor/commissioner-reply",
    }
