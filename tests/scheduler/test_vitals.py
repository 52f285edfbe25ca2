from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from facts.visit import Shape
from scheduler.habits import Habits
from scheduler.rhythm import Rhythm, learn
from scheduler.vitals import LEAST_SILENCE, Ailment, Usual, ailment_after, oddity, silence, usual_after
from tests.facts.samples import NOON

HOUR = timedelta(hours=1)
FULL = Shape(items=25, dated=25, titled=25, worded=24, newest=NOON, layout="aaaa")
MOMENTS = st.datetimes(min_value=NOON.replace(tzinfo=None), max_value=NOON.replace(tzinfo=None, year=2030))


def known(*shapes: Shape) -> Usual:
    usual: Usual | None = None
    for shape in shapes or (FULL, FULL, FULL):
        usual = usual_after(usual, shape)
    assert usual is not None
    return usual


def test_a_source_looks_as_it_does() -> None:
    """Nothing is odd about a newer list, a shorter one, or a rebuilt one that lost nothing."""
    usual = known()

    assert oddity(usual, replace(FULL, newest=NOON + HOUR)) is None
    assert oddity(usual, replace(FULL, items=9, dated=9, titled=9, worded=9)) is None
    assert oddity(usual, replace(FULL, layout="bbbb")) is None


def test_nothing_is_odd_before_a_source_is_known() -> None:
    """Two answers are no habit."""
    assert oddity(None, Shape(items=0, dated=0, titled=0, worded=0)) is None
    assert oddity(known(FULL, FULL), Shape(items=0, dated=0, titled=0, worded=0)) is None


def test_what_is_empty_that_never_was_is_odd() -> None:
    """One that was empty before, or that has few entries, may be."""
    empty = Shape(items=0, dated=0, titled=0, worded=0)
    few = Shape(items=2, dated=2, titled=2, worded=2)

    assert oddity(known(), empty) == "it can be read and is empty, and had about 25 entries"
    assert oddity(known(FULL, empty, FULL, FULL), empty) is None
    assert oddity(known(few, few, few), empty) is None


def test_fields_that_are_gone_are_odd() -> None:
    """A template that lost its dates or its titles still lists."""
    usual = known()

    assert oddity(usual, replace(FULL, dated=0)) == "its entries have lost a date: was its template changed?"
    assert oddity(usual, replace(FULL, titled=2, worded=0)) == (
        "its entries have lost a title and a text: was its template changed?"
    )
    bare = replace(FULL, dated=0)
    assert oddity(known(bare, bare, bare), bare) is None


def test_a_rebuilt_list_that_lost_most_of_its_entries_is_odd() -> None:
    """A selector that now finds two links of twenty-five."""
    left = replace(FULL, items=2, dated=2, titled=2, worded=2)

    assert oddity(known(), replace(left, layout="bbbb")) == "it was rebuilt, and 2 of about 25 entries can be read"
    assert oddity(known(), left) is None


def test_a_list_that_went_back_in_time_is_odd() -> None:
    """An API that sorts otherwise, or an old copy of a cache."""
    assert oddity(known(), replace(FULL, newest=NOON - timedelta(days=8))) == (
        "its newest entry is of 2017-07-26, and it had one of 2017-08-03"
    )
    assert oddity(known(), replace(FULL, newest=NOON - timedelta(days=6))) is None


def test_silence_is_reckoned_by_what_usually_comes() -> None:
    """Eight missed items, never within six hours, and of no source that was watched for less than two weeks."""
    rhythm = Rhythm.new(NOON)
    young = rhythm
    for hour in range(21 * 24):
        rhythm = learn(rhythm, NOON + hour * HOUR, 1, last_look=NOON + (hour - 1) * HOUR)
        young = rhythm if hour == 24 else young
    last = NOON + 21 * 24 * HOUR

    assert silence(rhythm, last, last + LEAST_SILENCE) is None
    said = silence(rhythm, last, last + 12 * HOUR)
    assert said is not None
    assert "nothing new since 2017-08-24 16:00 UTC, where about" in said
    assert silence(young, NOON + 24 * HOUR, NOON + 48 * HOUR) is None
    assert silence(None, last, last + 99 * HOUR) is None
    assert silence(rhythm, None, last + 99 * HOUR) is None


def test_one_odd_answer_is_no_failure_and_three_are() -> None:
    """Looks that read nothing anew leave what was odd as odd as it was."""
    first = ailment_after(None, "empty", read=True, came=False, silent=None)
    second = ailment_after(first, None, read=False, came=False, silent=None)
    third = ailment_after(second, "empty", read=True, came=False, silent=None)
    mended = ailment_after(third, None, read=True, came=False, silent=None)

    assert [one and one.fails for one in (first, second, third, mended)] == [False, False, True, None]


def test_silence_ends_with_something_new_and_with_nothing_else() -> None:
    """An answer that reads well and has nothing new is what a frozen feed gives."""
    silent = ailment_after(None, None, read=False, came=False, silent="nothing new")
    assert silent == Ailment(words="nothing new", looks=3, silent=True)

    assert ailment_after(silent, None, read=True, came=False, silent=None) == silent
    assert ailment_after(silent, None, read=False, came=False, silent=None) == silent
    assert ailment_after(silent, None, read=True, came=True, silent=None) is None


def test_what_is_silent_does_not_recover_by_falling_ill() -> None:
    """A frozen feed that turns empty was told of, and is not well again between the two."""
    silent = ailment_after(None, None, read=False, came=False, silent="nothing new")

    assert ailment_after(silent, "empty", read=True, came=False, silent=None) == silent


@given(
    usual=st.builds(
        Usual,
        readings=st.integers(1, 3),
        items=st.integers(0, 2000).map(lambda n: n / 4),
        least=st.integers(0, 500),
        dated=st.integers(0, 100).map(lambda n: n / 100),
        titled=st.integers(0, 100).map(lambda n: n / 100),
        worded=st.integers(0, 100).map(lambda n: n / 100),
        newest=st.none() | MOMENTS.map(lambda one: one.replace(microsecond=0, tzinfo=NOON.tzinfo)),
        layout=st.none() | st.text(max_size=16),
    ),
    ailment=st.none() | st.builds(Ailment, words=st.text(), looks=st.integers(0, 3), silent=st.booleans()),
)
def test_habits_are_read_back_as_they_were_written(usual: Usual, ailment: Ailment | None) -> None:
    """In the words that the source's row keeps."""
    habits = Habits(usual=usual, ailment=ailment, last_new=NOON)

    assert Habits.read(str(habits)) == habits


def test_damaged_habits_taught_nothing() -> None:
    """A source whose habits cannot be read is learned anew."""
    damaged = Habits.read('{"usual": {"readings": "x"}, "ailment": {"words": 3}, "last_new": "soon"}')

    assert damaged == Habits()
