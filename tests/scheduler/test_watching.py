from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from facts.document import Removal
from facts.visit import Remembered
from facts.watch import Watch
from scheduler import watching
from tests.facts.samples import NOON
from tests.scheduler.rig import HOUR, URL

DAY = 24 * HOUR
WATCH = Watch(source="ledger", url=URL + "a", link_id="l", since=NOON, last_seen=NOON, look_at=NOON + HOUR)
SPANS = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400))


def test_young_documents_are_looked_at_more_often() -> None:
    """The looks at one document move apart, and end at a month."""
    ages, now = [], NOON
    while (due := watching.next_look(NOON, now)) is not None:
        ages.append((due - NOON) / HOUR)
        now = due

    assert ages == [1, 3, 8, 24, 72, 168, 720]


@given(age=SPANS)
def test_a_look_is_never_at_once_and_never_past_a_month(age: timedelta) -> None:
    """Whatever the age, days included: the next look is an hour away or more, and none comes after a month."""
    due = watching.next_look(NOON, NOON + age)

    assert (due is None) == (age > timedelta(days=30) - HOUR)
    assert due is None or age + HOUR <= due - NOON <= timedelta(days=30)


def test_what_is_found_again_was_never_missing() -> None:
    """A site that was rebuilt over a night leaves no trace."""
    missing, _ = watching.absent(WATCH, NOON + HOUR, "HTTP 404 Not Found", removed=False)
    again = watching.found(missing, NOON + 2 * HOUR, Remembered(url=URL))

    assert (again.misses, again.missing_since, again.found) == (0, None, None)
    assert (again.last_seen, again.look_at) == (NOON + 2 * HOUR, NOON + 3 * HOUR)


def test_removed_only_after_repeated_looks_over_a_day() -> None:
    """Three looks in an hour are not enough, nor are two over a week; the bounds are those of the looks."""
    hasty = WATCH
    for minute in range(5):
        hasty, removal = watching.absent(hasty, NOON + HOUR + timedelta(minutes=minute), "HTTP 404", removed=False)
        assert removal is None
    first, none = watching.absent(WATCH, NOON + HOUR, "HTTP 404", removed=False)
    second, still_none = watching.absent(first, NOON + 7 * DAY, "HTTP 404", removed=False)
    third, removal = watching.absent(second, NOON + 8 * DAY, "HTTP 410", removed=False)

    assert (none, still_none) == (None, None)
    assert Removal(last_seen=NOON, missing_since=NOON + HOUR, found="HTTP 410") == removal
    assert third.look_at == NOON + 15 * DAY


def test_looks_at_what_is_missing_reach_a_verdict_within_two_days() -> None:
    """Left to its own times, a document that is gone is said to be removed after a day, not after a week."""
    watch, now, removal = WATCH, NOON + HOUR, None
    while removal is None:
        watch, removal = watching.absent(watch, now, "HTTP 404", removed=False)
        now = watch.look_at or now

    assert DAY <= now - 7 * DAY - removal.missing_since < 2 * DAY


def test_what_is_removed_is_told_once_and_looked_at_for_a_month() -> None:
    """A tombstone is not put up twice; some of what was taken down comes back."""
    watch, looks, now = WATCH, 0, NOON
    while watch.look_at is not None:
        now = watch.look_at
        watch, removal = watching.absent(watch, now, "HTTP 404", removed=True)
        assert removal is None
        looks += 1

    assert looks == 5
    assert now - NOON <= timedelta(days=31)


def test_no_answer_proves_nothing() -> None:
    """An error of the server neither counts nor clears; the host's own time is kept."""
    missing, _ = watching.absent(WATCH, NOON + HOUR, "HTTP 404", removed=False)
    after = watching.unknown(missing, NOON + 2 * HOUR, NOON + 20 * HOUR)

    assert (after.misses, after.missing_since, after.look_at) == (1, NOON + HOUR, NOON + 20 * HOUR)
    assert watching.unknown(missing, NOON + 2 * HOUR, None).look_at == NOON + 8 * HOUR
    assert watching.unknown(missing, NOON + timedelta(days=61), None).look_at is None
    old = replace(WATCH, since=NOON - timedelta(days=400))
    assert watching.unknown(old, NOON + HOUR, None).look_at == NOON + 7 * HOUR
    ahead = replace(WATCH, since=NOON + timedelta(days=4000))
    assert watching.unknown(ahead, NOON + timedelta(days=61), None).look_at is None


def test_what_vanished_from_between_others_is_missed() -> None:
    """What drops off the end of a listing is only old."""
    before = [f"{URL}{number}" for number in range(10)]

    assert watching.vanished(before, [URL + "new", *(u for u in before if u != URL + "3")]) == (URL + "3",)
    assert watching.vanished(before, [URL + "new", *before[:8]]) == ()
    assert watching.vanished(before, before) == ()
    assert watching.vanished([], before) == ()


def test_of_a_rebuilt_listing_nothing_vanished() -> None:
    """A feed that shows other things, or nothing of what it did, says nothing about a single document."""
    before = [f"{URL}{number}" for number in range(10)]

    assert watching.vanished(before, [URL + "new"]) == ()
    assert watching.vanished(before, [before[9]]) == ()
    assert watching.vanished(before, [before[0], before[4], before[9]]) == ()


@given(st.lists(st.integers(0, 30), unique=True), st.lists(st.integers(0, 30), unique=True))
def test_only_what_is_not_listed_vanished(before: list[int], after: list[int]) -> None:
    """Whatever the two listings, what vanished was in the first and is not in the second."""
    lost = watching.vanished([str(one) for one in before], [str(one) for one in after])

    assert set(lost) <= {str(one) for one in before} - {str(one) for one in after}


def test_early_looks_are_conditional_and_late_ones_are_not() -> None:
    """A server that answers 304 for ever would hide an edit."""
    assert watching.is_conditional(WATCH, NOON + DAY)
    assert not watching.is_conditional(WATCH, NOON + 3 * DAY)
