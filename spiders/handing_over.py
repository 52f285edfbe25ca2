"""What goes between the program and the processes that read for it, and what may come back from them. Pure.

A reader has parsed hostile bytes, so what it sends is hostile too: only plain values and this project's own value
types are unpickled. A pickle can then build no object that does anything, and call nothing but these types.
"""

from __future__ import annotations

import io
import pickle
import signal
import struct
import traceback
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum, IntEnum
from functools import cache
from typing import Any

from facts.errors import PursestringsError, SourceError, Unreachable, Unreadable

_MIB = 1024 * 1024
#: The length of a task and of an answer goes before it; the end of a reader is noted after all else.
LENGTH = struct.Struct("!Q")
ENDED = struct.Struct("!i")
#: The longest answer that is taken from a reader: several times what 16 MiB of HTML come to.
MOST = 64 * _MIB

#: The opcodes that pickles of values are made of (`pickletools`): those with an argument of so many bytes, those whose
#: argument stands behind its length of so many. Left out are all that give an object a state, which an enum's
#: member or a class of ours would keep, and all that name a place in the memo, which grows up to it.
_FIXED = {
    **dict.fromkeys(b"(N)]}\x8f", 0), **dict.fromkeys(b"\x85\x86\x87t\x88\x89aesu\x90\x91\x93\x94R", 0),
    **dict.fromkeys(b"\x80Kh", 1), **dict.fromkeys(b"M", 2), **dict.fromkeys(b"Jj", 4), **dict.fromkeys(b"G", 8),
}  # fmt: skip
_COUNTED = {**dict.fromkeys(b"\x8cC\x8a", 1), **dict.fromkeys(b"XB\x8b", 4), **dict.fromkeys(b"\x8d\x8e\x96\x95", 8)}
_STOP, _FRAME = b".\x95"
#: A sitemap of 50,000 entries comes to two million; each may take the program some 60 bytes.
_MOST_OPCODES = 4_000_000

_OWN = frozenset({"facts", "spiders"})
_TIMES = frozenset({"date", "datetime", "timedelta", "timezone"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What reading one document may take (docs/reliability.md, S8 and S10)."""

    #: Seconds of CPU time.
    cpu: int = 10
    #: Bytes of address space above what the process maps when it starts.
    memory: int = 512 * _MIB
    #: Seconds by the clock.
    wall: float = 30.0


class Ending(IntEnum):
    """Exit codes of a reader; a negative one is the signal that ended it."""

    DONE = 0
    CRASHED = 1
    OUT_OF_MEMORY = 71
    NOT_STARTED = 72


@dataclass(frozen=True, slots=True)
class Returned:
    """The parser returned this."""

    value: Any


@dataclass(frozen=True, slots=True)
class Raised:
    """The parser raised an error of ours: its class, its arguments and its attributes."""

    kind: type[BaseException]
    args: tuple[Any, ...]
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Failed:
    """The parser has a bug."""

    trace: str


def read(task: bytes | bytearray) -> bytes:
    """Run the parser of a task and return what came of it, packed; in the reader.

    Raises:
        MemoryError: there is none left.
    """
    outcome: Returned | Raised | Failed
    try:
        parser, args, kwargs = pickle.loads(task)  # noqa: S301 (from our own parent)
        outcome = Returned(parser(*args, **kwargs))
    except PursestringsError as error:
        outcome = Raised(type(error), error.args, vars(error))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 (it is raised again in the program)
        outcome = Failed(traceback.format_exc())
    try:
        return _packed(outcome)
    except (pickle.PicklingError, TypeError, AttributeError):
        return _packed(Failed(f"what the parser returned cannot be handed over\n{traceback.format_exc()}"))


def _packed(outcome: object) -> bytes:
    packed = io.BytesIO()
    _Pickler(packed, pickle.HIGHEST_PROTOCOL).dump(outcome)
    return packed.getvalue()


def opened(answer: bytes | bytearray) -> Returned | Raised | Failed:
    """Unpack what a reader sent.

    Raises:
        pickle.UnpicklingError: it holds what no parser may return.
    """
    _require_values(answer)
    try:
        outcome = _Values(io.BytesIO(answer)).load()
    except pickle.UnpicklingError:
        raise
    except Exception as error:
        msg = f"what a reader answered cannot be unpacked: {type(error).__name__}"
        raise pickle.UnpicklingError(msg) from error
    if not isinstance(outcome, Returned | Raised | Failed):
        msg = f"a reader answered with {type(outcome).__name__}, which is no answer"
        raise pickle.UnpicklingError(msg)
    return outcome


def _require_values(answer: bytes | bytearray) -> None:
    """Refuse a pickle that does anything but build values.

    Raises:
        pickle.UnpicklingError: it does, or has no end, or one that is too far.
    """
    at, end = 0, len(answer)
    frame_end = end
    for _ in range(_MOST_OPCODES):
        if at == frame_end:
            frame_end = end
        # The unpickler drops the rest of a frame that an opcode reaches beyond, and so would read something else.
        if at >= frame_end:
            break
        code = answer[at]
        if code == _STOP:
            return
        width = _FIXED.get(code)
        if width is None:
            width = _counted(answer, at)
            if code == _FRAME:
                frame_end, width = _end_of_frame(at + width, frame_end, end), LENGTH.size
        at += 1 + width
    msg = "a reader answered with a pickle that has no end"
    raise pickle.UnpicklingError(msg)


def _counted(answer: bytes | bytearray, at: int) -> int:
    """Return the bytes of an argument that stands behind its length, the length included."""
    size = _COUNTED.get(answer[at])
    if size is None:
        msg = f"a reader answered with the opcode {answer[at]}, which builds no value"
        raise pickle.UnpicklingError(msg)
    return size + int.from_bytes(answer[at + 1 : at + 1 + size], "little")


def _end_of_frame(last: int, outer: int, end: int) -> int:
    """Return where a frame ends whose last byte is this one; frames do not lie in one another."""
    if outer != end or last >= end:
        msg = "a reader answered with frames that no pickle has"
        raise pickle.UnpicklingError(msg)
    return last + 1


def value_of(outcome: Returned | Raised | Failed) -> Any:  # noqa: ANN401 (what the parser returned)
    """Return what a parser returned, or raise what it raised.

    Raises:
        PursestringsError: the parser raised it.
        RuntimeError: the parser has a bug; its traceback is the message.
    """
    match outcome:
        case Returned(value):
            return value
        case Raised(type() as kind, tuple() as args, dict() as details) if issubclass(kind, PursestringsError):
            error = kind.__new__(kind, *args)
            vars(error).update(details)
            raise error
        case Failed(str() as trace):
            msg = f"a parser failed: {trace}"
            raise RuntimeError(msg)
    msg = f"a parser raised {type(outcome).__name__}, which is no error of ours"
    raise RuntimeError(msg)


def ended(code: int | None, limits: Limits) -> SourceError:
    """Return what is to be said of a task whose reader ended over it; None when nobody knows how it ended."""
    if code is None:
        return Unreachable("it was not read: the process that reads was ended from outside")
    if code == Ending.NOT_STARTED:
        return Unreachable("it was not read: this machine can start no further process")
    words = {
        Ending.OUT_OF_MEMORY: f"reading it needed more than {limits.memory // _MIB} MB of memory",
        -signal.SIGXCPU: f"reading it took longer than {limits.cpu} s of CPU time",
        -signal.SIGALRM: f"reading it took longer than {limits.wall:g} s",
        -signal.SIGKILL: "its reader was killed from outside, perhaps because this machine ran out of memory",
    }
    return Unreadable(words.get(code, f"its reader crashed ({_named(code)})"))


def _named(code: int) -> str:
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"exit code {code}"


class _Pickler(pickle.Pickler):
    """Pickles dataclasses as their class and values: half the CPU of the state that frozen ones hand over else."""

    def reducer_override(self, value: Any) -> Any:  # noqa: ANN401 (pickle's signature)
        """Return how to build a dataclass again."""
        names = _names(value.__class__)
        return NotImplemented if names is None else (_built, (type(value), *(getattr(value, name) for name in names)))


@cache
def _names(kind: type[Any]) -> tuple[str, ...] | None:
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else None


def _built(kind: type, *values: object) -> object:
    """Build a frozen dataclass without making its values again."""
    built: Any = object.__new__(kind)
    for name, value in zip(_names(built.__class__) or (), values, strict=True):
        object.__setattr__(built, name, value)
    return built


class _Values(pickle.Unpickler):
    """Unpickles plain values, times, and the dataclasses, enums and errors of this project."""

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 (pickle's signature)
        """Return a class that may be built.

        Raises:
            pickle.UnpicklingError: it is none of them.
        """
        if module == "datetime" and name in _TIMES:
            return super().find_class(module, name)
        if (module, name) == (__name__, _built.__name__):
            return _built
        found = super().find_class(module, name) if module.partition(".")[0] in _OWN else None
        if isinstance(found, type) and (is_dataclass(found) or issubclass(found, Enum | PursestringsError)):
            return found
        msg = f"{module}.{name} is nothing that a parser may return"
        raise pickle.UnpicklingError(msg)
