"""Scripts that are kept between visits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from facts.document import Capture
from spiders.fetching import Answer
from spiders.kept_scripts import KeptScripts

NOW = datetime(2026, 8, 6, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def answer(url: str, size: int = 10, fresh_for: timedelta | None = HOUR) -> Answer:
    """Return a script."""
    capture = Capture(url=url, status=200, headers=(), body=b"x" * size, media_type="text/javascript", fetched_at=NOW)
    return Answer(
        url=url, final_url=url, capture=capture, etag=None, last_modified=None, fresh_for=fresh_for, bytes=size + 200
    )


def test_a_script_is_kept_for_as_long_as_it_says() -> None:
    """It takes no bytes then, and what is left of its time is its time."""
    kept = KeptScripts()
    kept.put(answer("a"), NOW)
    soon, end = kept.get("a", NOW + HOUR / 2), kept.get("a", NOW + HOUR)

    assert soon is not None
    assert (soon.bytes, soon.fresh_for, soon.capture) == (0, HOUR / 2, answer("a").capture)
    assert end is None
    assert kept.get("a", NOW) is None


def test_a_clock_that_was_set_back_keeps_nothing_longer() -> None:
    """It would seem good for more than it said."""
    kept = KeptScripts()
    kept.put(answer("a"), NOW)

    assert kept.get("a", NOW - HOUR) is None


def test_what_says_nothing_is_not_kept() -> None:
    """Nor what is larger than all that may be kept."""
    kept = KeptScripts(most=100)
    kept.put(answer("a", fresh_for=None), NOW)
    kept.put(answer("b", size=101), NOW)

    assert (kept.get("a", NOW), kept.get("b", NOW)) == (None, None)


def test_those_used_longest_ago_make_room() -> None:
    """A newer answer takes the place of an older one, and of its bytes."""
    kept = KeptScripts(most=100)
    for url in ("a", "b", "b", "b"):
        kept.put(answer(url, size=50), NOW)
    kept.get("a", NOW)
    kept.put(answer("c", size=50), NOW)

    assert [url for url in "abc" if kept.get(url, NOW) is not None] == ["a", "c"]
