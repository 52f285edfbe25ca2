"""What comes back from a reader is hostile: nothing but values is built of it."""

from __future__ import annotations

import os
import pickle
import pickletools
import signal
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.document import Capture
from facts.errors import PursestringsError, Unreachable, Unreadable
from facts.visit import Harvest, Remembered
from spiders.handing_over import (
    _COUNTED,
    _FIXED,
    Ending,
    Failed,
    Limits,
    Raised,
    Returned,
    _packed,
    ended,
    opened,
    read,
    value_of,
)
from spiders.seen import Sort
from tests.spiders import odd_parsers as odd


def packed(*values: object) -> bytes:
    """Return a task that gives its values back."""
    return pickle.dumps((odd.echo, values, {}))


@dataclass
class Call:
    """Pickles as a call."""

    what: Any
    values: tuple[Any, ...]

    def __reduce__(self) -> tuple[Any, ...]:
        return self.what, self.values


@pytest.mark.parametrize(
    "call",
    [
        Call(os.system, ("exit 1",)),
        Call(eval, ("1",)),
        Call(getattr, (Path, "cwd")),
        Call(pickle.loads, (b"N.",)),
        Call(Path, ("/",)),
        Call(bytearray, (8,)),
        Call(value_of, (b"",)),
        Call(Remembered.__init__, ()),
    ],
    ids=lambda call: call.what.__qualname__,
)
def test_no_function_is_called(call: Call) -> None:
    """Not those of Python, and not our own."""
    with pytest.raises(pickle.UnpicklingError, match="nothing that a parser may return"):
        opened(_packed(Returned(call)))


def short(text: str) -> bytes:
    """Return the opcodes that bring a short text."""
    return b"\x8c" + bytes([len(text)]) + text.encode()


SORT = short("spiders.seen") + short("Sort") + b"\x93"
MEMBER = SORT + short("page") + b"\x85R"
ODD_PICKLES = {
    "a member's state": MEMBER + b"}" + short("_value_") + short("evil") + b"sb.",
    "a class's state": SORT + b"N}" + short("is_feed") + b"K\x01s\x86b.",
    "a memo of 4 GB": b"Nr\xff\xff\xff\x1f.",
    "a new object": short("facts.document") + short("Capture") + b"\x93)\x81.",
    "an old class": b"cspiders.seen\nSort\n.",
    "a long text": b"\x8d\xff\xff\xff\xff\xff\xff\xff\x7fa.",
    "a text beyond its frame": b"\x95\x02" + bytes(7) + b"\x8c\x07}r\xff\xff\xff\x07.",
    "a frame in a frame": b"\x95\x0b" + bytes(7) + b"\x95\x01" + bytes(7) + b"N.",
    "a frame beyond the end": b"\x95\x03" + bytes(7) + b"N.",
    "no end": b"N",
    "millions of lists": b"]" * 4_000_001 + b".",
    "nothing": b"",
    "no values": b"\x80\x04R.",
    "no such module": short("facts.nothing") + short("X") + b"\x93.",
    "no such name": short("facts.document") + short("Nothing") + b"\x93.",
    "broken text": b"\x8c\x01\xff.",
    "an unhashable key": b"}]Ns.",
    "a call that fails": MEMBER[:-2] + b"\x86R.",
}


@pytest.mark.parametrize("name", ODD_PICKLES)
def test_nothing_of_ours_is_changed(name: str) -> None:
    """Members and classes live as long as the program: none gets a state, and whatever fails is one kind of error."""
    with pytest.raises(pickle.UnpicklingError):
        opened(b"\x80\x04" + ODD_PICKLES[name])
    assert (Sort.PAGE.value, Sort.PAGE.is_feed) == ("page", False)


def test_the_opcodes_are_pickles_own() -> None:
    """Their widths are those that the interpreter documents, so that what is looked at is what is run."""
    counts = {pickletools.TAKEN_FROM_ARGUMENT1: 1, pickletools.TAKEN_FROM_ARGUMENT4: 4}
    counts |= {pickletools.TAKEN_FROM_ARGUMENT4U: 4, pickletools.TAKEN_FROM_ARGUMENT8U: 8}
    widths = {ord(code.code): 0 if code.arg is None else code.arg.n for code in pickletools.opcodes}

    assert {code: widths[code] for code in _FIXED} == _FIXED
    # What a frame is said to be long stands behind it as more opcodes.
    assert {code: counts.get(widths[code], widths[code]) for code in _COUNTED} == _COUNTED


@pytest.mark.parametrize("answer", [(1, 2), Remembered(url="u"), None])
def test_what_is_no_answer_is_said(answer: object) -> None:
    """The class of what came is named."""
    with pytest.raises(pickle.UnpicklingError, match="which is no answer"):
        opened(_packed(answer))


@pytest.mark.parametrize(
    "outcome",
    [
        Raised(Remembered, ("u",), {}),  # type: ignore[arg-type]  # what a reader might send
        Raised("Unreadable", ("u",), {}),  # type: ignore[arg-type]
        Raised(Unreadable, 1, {}),  # type: ignore[arg-type]
        Raised(Unreadable, ("u",), 1),  # type: ignore[arg-type]
        Failed(10**5000),  # type: ignore[arg-type]
    ],
    ids=range(5),
)
def test_only_an_error_is_raised(outcome: Raised | Failed) -> None:
    """Of a class that is none, or of what no error holds, nothing is made."""
    with pytest.raises(RuntimeError, match="which is no error of ours"):
        value_of(outcome)


@pytest.mark.parametrize("error", [Unreadable("x", url="u"), PursestringsError("y")])
def test_errors_keep_their_attributes(error: PursestringsError) -> None:
    """Those that are no arguments too."""
    with pytest.raises(type(error)) as raised:
        value_of(opened(_packed(Raised(type(error), error.args, vars(error)))))
    assert vars(error) == vars(raised.value)
    assert str(error) == str(raised.value)


def test_a_bug_is_its_trace() -> None:
    """Nothing of it is evaluated."""
    with pytest.raises(RuntimeError, match="a parser failed: line 1"):
        value_of(Failed("line 1"))


def test_values_are_not_made_anew() -> None:
    """What a value worked out of its fields travels with it."""
    capture = Capture(
        url="u", status=200, headers=(("a", "b"),), body=b"x", media_type="", fetched_at=datetime.now(UTC)
    )
    object.__setattr__(capture, "body_digest", "as sent")

    (back,) = value_of(opened(read(packed(capture))))
    assert back.body_digest == "as sent"
    assert back == capture
    assert value_of(opened(read(packed(Harvest())))) == (Harvest(),)


def test_what_a_parser_raises_is_handed_over() -> None:
    """An error of ours as it is, a bug as its trace; that there is no memory is for the reader's end to say."""
    with pytest.raises(Unreadable, match="no feed"):
        value_of(opened(read(pickle.dumps((odd.unreadable, (), {})))))
    for parser, words in ((odd.bug, "ZeroDivisionError"), (odd.unpicklable, "cannot be handed over")):
        with pytest.raises(RuntimeError, match=words):
            value_of(opened(read(pickle.dumps((parser, (), {})))))
    with pytest.raises(MemoryError):
        read(pickle.dumps((odd.no_memory, (), {})))


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        (None, Unreachable, "ended from outside"),
        (Ending.NOT_STARTED, Unreachable, "can start no further process"),
        (Ending.OUT_OF_MEMORY, Unreadable, "needed more than 512 MB of memory"),
        (-signal.SIGXCPU, Unreadable, "longer than 10 s of CPU time"),
        (-signal.SIGALRM, Unreadable, "longer than 30 s$"),
        (-signal.SIGKILL, Unreadable, "killed from outside"),
        (-signal.SIGSEGV, Unreadable, r"crashed \(SIGSEGV\)"),
        (9, Unreadable, r"crashed \(exit code 9\)"),
    ],
)
def test_the_end_of_a_reader_is_said(code: int | None, kind: type[Exception], words: str) -> None:
    """Whether it was the document's fault, and which limit."""
    with pytest.raises(kind, match=words):
        raise ended(code, Limits())


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.binary() | st.datetimes(timezones=st.just(UTC)),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.frozensets(st.text()) | st.tuples(inner),
    max_leaves=10,
)


@given(VALUES)
def test_plain_values_come_back(value: object) -> None:
    """As they were."""
    assert value_of(opened(read(packed(value)))) == (value,)
