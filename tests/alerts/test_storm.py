"""Storm: many alerts of one source at once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from alerts.router import Route, route
from alerts.storm import MOST, Raised, calm
from alerts.wording import compose
from facts.alert import Alert, Reason
from facts.event import LETTER, RESPONSE
from facts.places import Role
from facts.story import Joined, Story, story_id
from tests.facts.samples import NOON, event, place

ROUTES = [
    Route(name=channel, labels=(LETTER, RESPONSE), places=(), channel=channel) for channel in ("desk", "elsewhere")
]


def raised(number: int, *, opened: bool = False, routes: int = 1, **changes: Any) -> Raised:
    """Return a report of a story of its own, which it may open."""
    told = event(id=f"{number}", title=f"Report {number}", **changes)
    story = Story(
        id=story_id(told.id),
        opened_by=told.id,
        opened_at=NOON,
        last_event_at=NOON,
        agencies=(),
        programs=(),
        instrument="",
        place_ids=(),
        members=(),
    )
    joined = Joined(story=story, opened=opened, copy_of=None)
    return Raised(event=told, alerts=tuple(route(told, joined, ROUTES[:routes], NOON)))


def flat(calmed: list[tuple[Alert, ...]]) -> list[Alert]:
    """Return all that is told."""
    return [alert for alerts in calmed for alert in alerts]


def test_few_are_told_one_by_one() -> None:
    """As many as are allowed, each as it was raised."""
    few = [raised(number) for number in range(MOST)]

    assert [one.alerts for one in few] == calm("ledger", few, (), NOON)


def test_many_are_told_in_one() -> None:
    """The notice counts them, names the first, and comes with the first of them; the same again is the same notice."""
    many = [raised(number) for number in range(500)]

    calmed = calm("ledger", many, (), NOON)
    (notice,) = flat(calmed)

    assert calmed[0] == (notice,)
    assert (notice.reason, notice.source, notice.channel) == (Reason.MANY, "ledger", "desk")
    assert "500 reports" in (notice.detail or "")
    assert "“Report 0”; “Report 1”; …" in (notice.detail or "")
    assert notice.id == flat(calm("ledger", many, (), NOON + timedelta(hours=1)))[0].id
    message = compose(notice, None, public_url="http://archive.example/")
    assert (message.archived_url, message.source) == ("http://archive.example/", "ledger")


def test_a_new_letter_is_told_alone() -> None:
    """One that opens a story and names whom it is to; not a follow-up, not an answer, not one to nobody."""
    many = [raised(number) for number in range(MOST)]
    letter, answer = raised(100, opened=True), raised(101, opened=True, label=RESPONSE)
    nobody = raised(102, opened=True, places=(place("Stockton", "CA", Role.MENTION),))

    calmed = calm("ledger", [*many, letter, answer, nobody], (), NOON)

    assert calmed[MOST] == letter.alerts
    assert calmed[MOST + 1 :] == [(), ()]
    assert [alert.reason for alert in flat(calmed)] == [Reason.MANY, Reason.NEW_STORY]
    assert f"{MOST + 2} reports" in (flat(calmed)[0].detail or "")


def test_too_many_new_letters_are_one_notice() -> None:
    """A site whose old letters are unknown here opens as many stories as it has letters."""
    assert len(flat(calm("ledger", [raised(number, opened=True) for number in range(MOST)], (), NOON))) == MOST
    many = [raised(number, opened=True) for number in range(MOST + 1)]

    assert [alert.reason for alert in flat(calm("ledger", many, (), NOON))] == [Reason.MANY]


def test_what_was_told_before_does_not_count() -> None:
    """Old items of known stories are no storm, and leave the rest as it is."""
    known, new = [raised(number) for number in range(500)], [raised(number) for number in range(500, 503)]
    told = {alert.id for one in known for alert in one.alerts}

    calmed = calm("ledger", [*known, *new], told, NOON)

    assert [one.alerts for one in [*known, *new]] == calmed


def test_each_channel_counts_for_itself() -> None:
    """One that hears little of the storm is told of it one by one."""
    many = [raised(number, routes=2 if number < 3 else 1) for number in range(MOST + 1)]

    told = Counter((alert.channel, alert.reason) for alert in flat(calm("ledger", many, (), NOON)))

    assert told == {("desk", Reason.MANY): 1, ("elsewhere", Reason.FOLLOW_UP): 3}


def test_one_story_told_many_times_is_one() -> None:
    """Its alert has one id, however many reports raise it."""
    one = raised(1)

    assert len({alert.id for alert in flat(calm("ledger", [one] * 100, (), NOON))}) == 1
    assert Reason.MANY not in {alert.reason for alert in flat(calm("ledger", [one] * 100, (), NOON))}
