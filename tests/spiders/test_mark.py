"""How far a source was read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from spiders.mark import Gap, Mark
from tests.storage.strategies import times

gaps = st.builds(Gap, since=times, depth=st.integers(0, 1000))


@given(st.builds(Mark, newest=times, gap=st.none() | gaps))
def test_a_mark_is_read_as_it_was_written(mark: Mark) -> None:
    """Between two visits it is a line of text."""
    assert mark == Mark.read(str(mark))
