"""Column types refuse or repair what the database cannot hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from sqlalchemy import Column, MetaData, Table, create_engine, insert, select
from sqlalchemy.exc import StatementError

from storage.columns import PackedSketch, UtcTime, storable
from tests.storage import strategies

TABLE = Table("t", MetaData(), Column("at", UtcTime), Column("sketch", PackedSketch))


def stored(**values: object) -> tuple[object, ...]:
    """Write a row to a database in memory and read it back."""
    engine = create_engine("sqlite://")
    TABLE.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(TABLE), values)
        row = connection.execute(select(TABLE)).one()
    engine.dispose()
    return tuple(row)


@given(strategies.hostile)
def test_storable_text_is_utf8_without_nul(text: str) -> None:
    """Whatever comes in, a database can hold what comes out, and offsets stay true."""
    clean = storable(text)

    assert len(text) == len(clean)
    assert "\0" not in clean
    assert clean == clean.encode().decode()
    assert clean == storable(clean)


def test_storable_leaves_good_text_alone() -> None:
    """Bidirectional controls, emoji and accents are text; showing them safely is not the archive's business."""
    text = "Se\u0301bastien \u202eabc\u202c \U0001f4b5"

    assert text is storable(text)


def test_a_naive_time_is_refused() -> None:
    """A time without a zone is a bug."""
    with pytest.raises(StatementError, match="has no time zone"):
        stored(at=datetime(2017, 8, 3, 12), sketch=None)  # noqa: DTZ001 (that is what is refused)


def test_a_time_of_another_zone_is_kept_in_utc() -> None:
    """The same moment comes back, in UTC."""
    denver = timezone(timedelta(hours=-6))

    at, sketch = stored(at=datetime(2017, 8, 3, 12, tzinfo=denver), sketch=(0, 2**64 - 1))

    assert (datetime(2017, 8, 3, 18, tzinfo=UTC), UTC) == (at, getattr(at, "tzinfo", None))
    assert sketch == (0, 2**64 - 1)


def test_nothing_is_nothing() -> None:
    """An empty column gives None."""
    assert stored(at=None, sketch=None) == (None, None)
