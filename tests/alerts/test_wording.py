"""The tests of alerts.wording."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from alerts.message import Bulletin
from alerts.router import source_alert
from alerts.wording import (
    QUOTE_LENGTH,
    certainty,
    compose,
    compose_bulletin,
    deadline_words,
    label_words,
    place_words,
)
from facts.alert import DigestKey, Reason
from facts.event import LETTER, RESPONSE, Deadline, Quote, Stance, StanceKind
from facts.places import Role
from facts.story import Report
from tests.alerts.material import (
    ALBUQUERQUE,
    NOW,
    OREGON,
    PUBLIC_URL,
    STOCKTON,
    alert,
    bulletin,
    filled,
    letter,
    quiet_bulletin,
    report,
    response,
)

KEY = DigestKey(name="morning", local_date=date(2017, 8, 4))


def test_a_letter_in_words() -> None:
    """A letter says what it is, to whom, until when, and where the copy is."""
    event = letter()
    message = compose(alert(event), event, public_url=PUBLIC_URL + "/")

    assert message.kind == "Funding condition letter (high certainty)"
    assert message.places == ("Albuquerque, NM", "Stockton, CA")
    assert message.deadline == "Aug. 18, 2017 (by Aug. 18; year assumed)"
    assert date(2017, 8, 18) == message.deadline_date
    assert message.conditions == ("jail_access", "release_notice")
    assert message.host == "www.justice.gov"
    assert f"{PUBLIC_URL}/documents/{event.snapshot_id}" == message.archived_url
    assert not message.possible_repeat


def test_a_response_names_its_place() -> None:
    """An alert of one place's answer tells that answer alone; a digest tells all."""
    assert place_words(response(), ALBUQUERQUE) == ("Albuquerque, NM: disputes",)
    assert place_words(response(), None) == ("Albuquerque, NM: disputes", "Stockton, CA: complies")


def test_a_response_with_several_stances_lists_them() -> None:
    """Two stances of one place stand together; a respondent without one responds."""
    stances = tuple(Stance(place=ALBUQUERQUE, stance=kind) for kind in (StanceKind.ASKS, StanceKind.SUES))

    assert place_words(response(stances=stances), ALBUQUERQUE) == ("Albuquerque, NM: asks, sues",)
    assert place_words(response(stances=()), None) == ("Albuquerque, NM: responds", "Stockton, CA: responds")


def test_unread_roles_fall_back_on_every_place() -> None:
    """Where no recipient or respondent was read, the named places are told."""
    assert place_words(response(stances=(), places=(OREGON,)), None) == ("Oregon",)
    assert place_words(letter(places=(OREGON, OREGON.with_role(Role.MENTION))), None) == ("Oregon",)


@pytest.mark.parametrize(
    ("score", "expected"),
    [(1.0, "high"), (0.9, "high"), (0.899, "medium"), (0.75, "medium"), (0.7, "low"), (0.0, "low"), (-1.0, "low")],
)
def test_certainty_bands(score: float, expected: str) -> None:
    """A score is high from 0.9, medium from 0.75, else low."""
    assert expected == certainty(score)


def test_labels_of_the_newsrooms_own() -> None:
    """A label's id reads as words."""
    assert label_words("grant_award") == "Grant award"


@pytest.mark.parametrize(
    ("deadline", "expected"),
    [
        (Deadline(date=date(2017, 9, 1), phrase="", assumed_year=False), "Sept. 1, 2017"),
        (Deadline(date=date(2017, 5, 1), phrase="by May 1, 2017", assumed_year=False), "May 1, 2017"),
        (Deadline(date=date(2017, 5, 1), phrase="", assumed_year=True), "May 1, 2017 (year assumed)"),
    ],
)
def test_deadlines_in_words(deadline: Deadline, expected: str) -> None:
    """A deadline is shown with the words that say so."""
    assert expected == deadline_words(deadline)


def test_a_long_quote_is_cut_at_a_word() -> None:
    """The first passage is quoted, to about 300 characters."""
    text = "The city shall comply with every word of this. " * 20
    quoted = letter(evidence=(Quote(text=text, start=0, end=len(text)),))
    message = compose(alert(quoted), quoted, public_url=PUBLIC_URL)

    assert QUOTE_LENGTH - 20 < len(message.quote) <= QUOTE_LENGTH
    assert text.startswith(message.quote.removesuffix("…") + " ")


def test_an_alert_with_little_to_say() -> None:
    """No evidence, deadline, title or readable address: what is known is told."""
    event = letter(evidence=(), deadline=None, title="\u200b", url="urn:x")
    message = compose(alert(event), event, public_url=PUBLIC_URL)

    assert (
        message.quote,
        message.deadline,
        message.deadline_date,
        message.host,
        message.headline,
    ) == ("", "", None, "", "Untitled document at doj")


def test_outside_strings_are_one_line() -> None:
    """Bidirectional and control characters of the outside never reach the words."""
    message = filled("a\u202e\r\nBcc: x\x1b[0m")

    assert "a Bcc: x [0m" == message.headline == message.source == message.quote == message.agencies[0]


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        (Reason.SOURCE_FAILING, "Source failing"),
        (Reason.SOURCE_RECOVERED, "Source recovered"),
        (Reason.REMINDER, "Reminder"),
    ],
)
def test_health_in_words(reason: Reason, kind: str) -> None:
    """The health of a source says which one and what is wrong."""
    told = source_alert("doj", reason, NOW, "no answer\nfor 6 hours", "desk", NOW)
    message = compose(told, None, public_url=PUBLIC_URL, possible_repeat=True)

    assert (kind, "doj: no answer for 6 hours", "", "", True) == (
        message.kind,
        message.headline,
        message.url,
        message.label,
        message.possible_repeat,
    )


def test_health_without_detail() -> None:
    """A source alone is named alone."""
    told = source_alert("doj", Reason.SOURCE_RECOVERED, NOW, "", "desk", NOW)

    assert compose(told, None, public_url=PUBLIC_URL).headline == "doj"


def test_a_digest_is_in_order() -> None:
    """Letters come first, then responses newest first, then the newsroom's own labels."""
    sections = bulletin().sections

    assert [heading for heading, _ in sections] == ["Letters", "Responses", "Grant award"]
    assert [message.host for message in sections[1][1]] == ["courier.example.org", "valley.example.org"]


def test_a_digests_subject_counts() -> None:
    """The subject says what is in it, and what fails."""
    expected = "Pursestrings: 1 letter, 2 responses, 1 grant award; 1 source failing (Aug. 4, 2017)"

    assert expected == bulletin().subject


def test_a_day_without_news_says_so() -> None:
    """A quiet day is told as one."""
    assert (quiet_bulletin().subject, quiet_bulletin().sections) == ("Pursestrings: nothing new (Aug. 5, 2017)", ())


def digest(*reports: Report) -> Bulletin:
    """Return the digest of these reports."""
    return compose_bulletin(KEY, reports, [], bot_name="Metro desk", public_url=PUBLIC_URL)


def test_reports_of_one_letter_are_one_entry_under_the_first() -> None:
    """The others are named by their source; a second version or label of the first source is not."""
    later = {"published_at": datetime(2017, 8, 4, tzinfo=UTC)}
    told = digest(
        report(letter(id="again", version=2, **later)),
        report(letter(id="wire", url="https://other.example/wire", source="valley-herald", **later)),
        report(letter(id="first"), opens=True),
    )

    assert told.subject == "Pursestrings: 1 letter (Aug. 4, 2017)"
    assert [(entry.alert_id, entry.also) for entry in told.sections[0][1]] == [("first", ("valley-herald",))]


def test_answers_of_the_same_places_are_one_entry() -> None:
    """Another city's answer in the same story is told for itself."""
    here, again = response(id="here", published_at=None), response(id="again", published_at=None, source="other")
    there = response(id="there", published_at=None, stances=(Stance(place=STOCKTON, stance=StanceKind.ASKS),))

    told = digest(report(here), report(again), report(there))

    assert told.subject == "Pursestrings: 2 responses (Aug. 4, 2017)"


def test_a_letter_of_an_earlier_day_stands_last() -> None:
    """It is said again and is no new letter."""
    told = digest(report(letter(), opens=False), report(response()), report(letter(id="new"), "other", opens=True))

    assert [heading for heading, _ in told.sections] == ["Letters", "Responses", "Reports of earlier letters"]
    assert told.subject == "Pursestrings: 1 letter, 1 response, 1 report of earlier letters (Aug. 4, 2017)"


def test_an_answer_that_restates_its_letter_is_told_as_the_answer() -> None:
    """One document of both labels about a letter of an earlier day stands once."""
    told = digest(report(letter(snapshot_id="s")), report(response(snapshot_id="s")))

    assert [heading for heading, _ in told.sections] == ["Responses"]


def test_what_waits_for_its_story_is_told_by_its_address() -> None:
    """Two events at one address are one entry until their story is known."""
    told = digest(*(report(letter(id=each, url="https://a.example/x"), None) for each in ("x", "y")))

    assert len(told.sections[0][1]) == 1


def test_a_digests_id_is_its_days() -> None:
    """The id is the same at every try, and another for another day, digest or bot."""
    again = compose_bulletin(KEY, [], ["x: y"], bot_name="Metro desk", public_url="https://elsewhere.example")
    others = {
        compose_bulletin(key, [], [], bot_name=bot, public_url=PUBLIC_URL).message_id
        for key, bot in (
            (DigestKey(name="evening", local_date=KEY.local_date), "Metro desk"),
            (DigestKey(name="morning", local_date=date(2017, 8, 5)), "Metro desk"),
            (KEY, "Other desk"),
        )
    }

    assert bulletin().message_id == again.message_id
    assert len(others - {again.message_id}) == 3


def test_labels_are_not_mixed() -> None:
    """One address that earned two labels stands in both sections."""
    told = digest(report(letter(label=LETTER), opens=True), report(letter(label=RESPONSE)))

    assert [heading for heading, _ in told.sections] == ["Letters", "Responses"]
