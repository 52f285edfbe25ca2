from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from facts.times import require_aware


def test_a_time_is_given_back_in_utc() -> None:
    """Another zone is the same moment."""
    eastern = datetime(2017, 8, 3, 12, 0, tzinfo=timezone(timedelta(hours=-4)))

    assert require_aware(eastern, "taken_at") == datetime(2017, 8, 3, 16, 0, tzinfo=UTC)
    assert require_aware(eastern, "taken_at").tzinfo is UTC


def test_a_time_without_a_zone_is_a_bug() -> None:
    """The error names the field."""
    with pytest.raises(ValueError, match="taken_at has no time zone"):
        require_aware(datetime(2017, 8, 3, 12, 0), "taken_at")  # noqa: DTZ001 the very thing refused
