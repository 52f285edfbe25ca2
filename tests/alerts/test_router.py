"""The tests of alerts.router."""

from __future__ import annotations

from datetime import timedelta

import pytest

from alerts.router import HEALTH_ROUTE, Route, responding_places, route, source_alert
from facts.alert import Alert, Reason, alert_id
from facts.event import LETTER, RESPONSE, Event, Stance, StanceKind
from facts.places import Place, Role
from tests.alerts.material import (
    ALBUQUERQUE,
    BALTIMORE,
    COOK,
    NEW_MEXICO,
    NOW,
    OREGON,
    STOCKTON,
    joined,
    letter,
    response,
)

DESK = Route(name="desk", labels=(LETTER, RESPONSE), places=(), channel="slack-desk")


def routed(event: Event, *places: Place, opened: bool = True) -> list[Alert]:
    """Return the alerts on one route with these places."""
    here = Route(name="here", labels=(LETTER, RESPONSE), places=places, channel="desk")
    return route(event, joined(event, opened=opened), [here], NOW)


def test_a_letter_raises_one_alert_per_route() -> None:
    """A letter to two cities is one alert on each route, whole in its facts."""
    event = letter()
    mail = Route(name="mail", labels=(LETTER,), places=(), channel="mail")

    expected = Alert(
        id=alert_id(joined(event).story.id, LETTER, None, "desk"),
        event_id=event.id,
        story_id=joined(event).story.id,
        place=None,
        source=None,
        detail=None,
        reason=Reason.NEW_STORY,
        route="desk",
        channel="slack-desk",
        due_at=NOW,
    )

    first, second = route(event, joined(event), [DESK, mail], NOW)

    assert expected == first
    assert (second.channel, second.reason) == ("mail", Reason.NEW_STORY)


def test_a_route_hears_its_labels_only() -> None:
    """A label that a route does not name raises nothing there."""
    assert route(letter(label="grant_award"), joined(letter()), [DESK], NOW) == []


def test_backlog_alerts_nobody() -> None:
    """What a first visit or a backfill brought raises none."""
    assert routed(letter(backlog=True)) == []


def test_a_response_raises_one_alert_per_place() -> None:
    """Two cities that answer in one article are two alerts: the first opens, the second follows."""
    alerts = routed(response())

    assert [(alert.place.name if alert.place else "", alert.reason) for alert in alerts] == [
        ("Albuquerque", Reason.NEW_STORY),
        ("Stockton", Reason.FOLLOW_UP),
    ]
    assert len({alert.id for alert in alerts}) == 2


def test_an_event_that_joins_follows_up() -> None:
    """An event that joined an open story is no new story."""
    assert [alert.reason for alert in routed(letter(), opened=False)] == [Reason.FOLLOW_UP]


def test_the_place_filter_picks_the_responding_place() -> None:
    """A desk for New Mexico hears of Albuquerque's answer, as its new story, and not of Stockton's."""
    alerts = routed(response(), NEW_MEXICO)

    assert [(ALBUQUERQUE.with_role(Role.RESPONDENT), Reason.NEW_STORY)] == [
        (alert.place, alert.reason) for alert in alerts
    ]


def test_repeats_have_the_same_id() -> None:
    """A second article with the same answers raises the same ids: the store knows what was told."""
    again = response(id="another", url="https://other.example/", title="Other words")

    assert [alert.id for alert in routed(response())] == [alert.id for alert in routed(again, opened=False)]


@pytest.mark.parametrize(
    ("places", "heard"),
    [
        ((), True),
        ((NEW_MEXICO,), True),
        ((ALBUQUERQUE,), True),
        ((BALTIMORE, STOCKTON), True),
        ((BALTIMORE,), False),
        ((COOK,), False),
        # Oregon is mentioned by the letter, not addressed.
        ((OREGON,), False),
    ],
)
def test_a_letter_is_filtered_by_its_recipients(places: tuple[Place, ...], *, heard: bool) -> None:
    """A state stands for each place in it, a city or county for itself alone."""
    assert heard == bool(routed(letter(), *places))


def test_a_state_is_matched_by_itself() -> None:
    """A letter to a state reaches the route of that state, and no route of a city in it."""
    event = letter(places=(NEW_MEXICO.with_role(Role.RECIPIENT),))

    assert len(routed(event, NEW_MEXICO)) == 1
    assert routed(event, ALBUQUERQUE) == []


def test_an_answer_by_nobody_concerns_the_places_it_names() -> None:
    """With nobody read as answering, one alert is raised, filtered by the places that are named at all."""
    event = letter(label=RESPONSE, places=(OREGON,))

    assert [alert.place for alert in routed(event)] == [None]
    assert len(routed(event, OREGON)) == 1
    assert routed(event, NEW_MEXICO) == []


def test_a_letter_to_nobody_in_particular_concerns_everybody() -> None:
    """A condition on every grant that was told of in Oregon is heard in New Mexico."""
    assert len(routed(letter(places=(OREGON,)), NEW_MEXICO)) == 1


def test_other_labels_are_filtered_by_every_place() -> None:
    """A label of the newsroom's own raises one alert for the places it names."""
    grants = Route(name="grants", labels=("grant_award",), places=(OREGON,), channel="desk")
    event = letter(label="grant_award")

    assert [alert.place for alert in route(event, joined(event), [grants], NOW)] == [None]


def test_responding_places_are_those_with_a_stance() -> None:
    """A place counts once however many stances it takes; respondents stand in where no stance was read."""
    asks = Stance(place=ALBUQUERQUE, stance=StanceKind.ASKS)
    disputes = Stance(place=ALBUQUERQUE, stance=StanceKind.DISPUTES)

    assert responding_places(response(stances=(asks, disputes))) == (ALBUQUERQUE,)
    assert tuple(place.name for place in responding_places(response(stances=()))) == ("Albuquerque", "Stockton")


def test_a_turn_of_health_is_one_alert() -> None:
    """The same turn gives the same id, the next turn another."""
    first = source_alert("doj", Reason.SOURCE_FAILING, NOW, "no answer", "desk", NOW)
    same = source_alert("doj", Reason.SOURCE_FAILING, NOW, "still none", "desk", NOW + timedelta(hours=1))
    later = source_alert("doj", Reason.SOURCE_FAILING, NOW + timedelta(days=1), "no answer", "desk", NOW)

    assert (
        first.event_id,
        first.place,
        first.source,
        first.detail,
        first.route,
        first.channel,
        first.due_at,
    ) == (None, None, "doj", "no answer", HEALTH_ROUTE, "desk", NOW)
    assert first.id == same.id != later.id


def test_a_demand_on_everybody_is_heard_by_every_route() -> None:
    """A condition on every grant names no place; a route for New Mexico hears of it."""
    everybody = letter(places=())
    listening = Route(name="nm", labels=(LETTER,), places=(NEW_MEXICO,), channel="desk")

    assert len(route(everybody, joined(everybody), [listening], NOW)) == 1


def test_a_suit_is_news_although_an_answer_was_told() -> None:
    """Albuquerque reviewed the demand last month and sues today; a second report of the suit is no news."""
    reviews, sues, again = (
        response(id=each, stances=(Stance(place=ALBUQUERQUE, stance=kind),))
        for each, kind in (("r", StanceKind.REVIEWS), ("s", StanceKind.SUES), ("t", StanceKind.SUES))
    )
    everywhere = Route(name="desk", labels=(RESPONSE,), places=(), channel="desk")
    story = joined(reviews, opened=False)

    ids = [route(each, story, [everywhere], NOW)[0].id for each in (reviews, sues, again)]

    assert ids[0] != ids[1] == ids[2]
    # Whoever tells the suit first need not be told that it was reviewed.
    assert route(sues, story, [everywhere], NOW)[0].covers == ids[0]
    assert route(reviews, story, [everywhere], NOW)[0].covers is None
