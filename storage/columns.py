"""Columns: what goes into the database is what comes out again, or is refused."""

from __future__ import annotations

import re
import struct
from datetime import UTC, datetime

from sqlalchemy import JSON, Boolean, Column, DateTime, Dialect, ForeignKey, Integer, LargeBinary, MetaData, Text
from sqlalchemy.types import TypeDecorator

from facts.event import Sketch
from facts.times import require_aware

_SURROGATE = re.compile("[\ud800-\udfff]")
_REPLACEMENT = "\ufffd"


def storable(text: str) -> str:
    """Return the text with what no database holds, NUL and lone surrogates, replaced one for one by U+FFFD.

    Offsets into the text stay true, and doing it twice changes nothing. The bytes as received lie in the WARC file.
    """
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            text = _SURROGATE.sub(_REPLACEMENT, text)
    return text.replace("\0", _REPLACEMENT) if "\0" in text else text


class CleanText(TypeDecorator[str]):
    """Text from outside; see `storable`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 (SQLAlchemy's signature)
        """Make the text storable."""
        return None if value is None else storable(value)


class UtcTime(TypeDecorator[datetime]):
    """An aware time, kept in UTC to the microsecond; a naive one is a bug and refused with ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (as above)
        """Refuse a naive time."""
        return None if value is None else require_aware(value, "a time to be stored")

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (as above)
        """Give the zone back, which SQLite does not keep."""
        return None if value is None else value.replace(tzinfo=UTC)


class PackedSketch(TypeDecorator[Sketch]):
    """The numbers of a sketch, each below 2**64, as 8 little-endian bytes."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Sketch | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002 (as above)
        """Pack."""
        return None if value is None else struct.pack(f"<{len(value)}Q", *value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Sketch | None:  # noqa: ARG002 (as above)
        """Unpack."""
        return None if value is None else struct.unpack(f"<{len(value) // 8}Q", value)


#: Every table of every module.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def text(name: str, *, null: bool = False, key: bool = False) -> Column[str]:
    """Return a column of text."""
    return Column(name, CleanText, primary_key=key, nullable=null)


def number(name: str, *, key: bool = False) -> Column[int]:
    """Return a column of whole numbers."""
    return Column(name, Integer, primary_key=key, nullable=False)


def moment(name: str, *, null: bool = False, key: bool = False) -> Column[object]:
    """Return a column of aware times."""
    return Column(name, UtcTime, primary_key=key, nullable=null)


def flag(name: str) -> Column[bool]:
    """Return a column of truth values."""
    return Column(name, Boolean, nullable=False)


def json(name: str, *, null: bool = False) -> Column[object]:
    """Return a column of JSON."""
    return Column(name, JSON(none_as_null=True), nullable=null)


def refers(name: str, target: str, *, null: bool = False, key: bool = False) -> Column[str]:
    """Return a column that refers to another table's."""
    return Column(name, CleanText, ForeignKey(target), primary_key=key, nullable=null)
