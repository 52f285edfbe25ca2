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
    outcome = _Values(io.BytesIO(answer)).load()
    if not isinstance(outcome, Returned | Raised | Failed):
        msg = f"a reader answered with {type(outcome).__name__}, which is no answer"
        raise pickle.UnpicklingError(msg)
    return outcome


def value_of(outcome: Returned | Raised | Failed) -> Any:  # noqa: ANN401 (what the parser returned)
    """Return what a parser returned, or raise what it raised.

    Raises:
        PursestringsError: the parser raised it.
        RuntimeError: the parser has a bug; its traceback is the message.
    """
    match outcome:
        case Returned(value):
            return value
        case Raised(kind, args, details) if issubclass(kind, PursestringsError):
            error = kind.__new__(kind, *args)
            vars(error).update(details)
            raise error
        case Failed(trace):
            msg = f"a parser failed: {trace}"
            raise RuntimeError(msg)
    msg = f"a parser raised {outcome!r:.200}"
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
