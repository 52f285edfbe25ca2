"""Parsing apart from everything else: in few child processes, each with limits of CPU, memory and time.

What is parsed is hostile, and a parser can crash over it, fill the memory or take hours. A reader that does is ended by
the kernel: that costs one error, the next document gets a new reader, and the others are not held up.
"""

from __future__ import annotations

import asyncio
import logging
import pickle
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import ParamSpec, TypeVar, cast

from facts.errors import SourceError, Unreachable, Unreadable
from spiders.confining import lacking
from spiders.forking import ForkServer
from spiders.handing_over import ENDED, LENGTH, MOST, Failed, Limits, Raised, Returned, ended, opened, value_of

log = logging.getLogger(__name__)

READERS = 2
#: Documents that one reader reads: what its libraries leak is bounded by it.
TASKS = 300
#: Seconds that the start of a reader may take on a busy machine, beside the limit of its first task.
_START = 30.0
#: Bytes of a task up to which a copy costs less than further calls of the system, and of an answer up to which a thread
#: costs more than it spares the loop.
_MOST_AT_ONCE = 1024 * 1024

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(slots=True)
class _Reader:
    connection: socket.socket
    tasks: int = 0

    def rests(self) -> bool:
        """Return whether it waits for a task; one that has anything to say now has ended."""
        try:
            self.connection.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False


@dataclass(frozen=True, slots=True)
class _Task:
    """A parser and what it takes, pickled in pieces: a long body is one of them, and not copied (S5)."""

    pieces: list[bytes]

    @classmethod
    def of(cls, parser: Callable[..., object], *args: object, **kwargs: object) -> _Task:
        task = cls([])
        pickle.Pickler(task, pickle.HIGHEST_PROTOCOL).dump((parser, args, kwargs))
        return task

    def write(self, piece: bytes) -> None:
        self.pieces.append(piece)

    def sent(self) -> list[bytes]:
        """Return what goes to the reader; what is short goes at once."""
        length = sum(map(len, self.pieces))
        whole = [LENGTH.pack(length), *self.pieces]
        return whole if length > _MOST_AT_ONCE else [b"".join(whole)]


class _Ended(Exception):
    """The reader ended over its task; `code` is its exit code."""

    def __init__(self, code: int | None) -> None:
        super().__init__(code)
        self.code = code


class Parsers:
    """Runs parsers in child processes, at most `readers` at a time; belongs to one event loop.

    A `server` that is given is its giver's to close; without one it has its own.
    """

    def __init__(
        self,
        *,
        readers: int = READERS,
        tasks: int = TASKS,
        limits: Limits | None = None,
        server: ForkServer | None = None,
    ) -> None:
        self._turns = asyncio.Semaphore(readers)
        self._tasks = tasks
        self._limits = limits or Limits()
        self._server = server or ForkServer()
        self._owns_server = server is None
        self._resting: list[_Reader] = []
        self._looked = False
        self._closed = False

    async def run(self, parser: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what the parser returns, or raise what it raises; all of that goes through pickle.

        The parser is a function of a module; what it returns is made of plain values, times, and the dataclasses and
        enums of facts and spiders.

        Raises:
            Unreadable: it took too much time or memory, or crashed.
            Unreachable: no process for it could be started, or it was ended from outside.
            RuntimeError: a bug in the parser; the message is its traceback.
        """
        task = _Task.of(parser, *args, **kwargs)
        async with self._turns:
            outcome = await self._outcome(parser.__module__, task)
        return cast("T", value_of(outcome))

    def close(self) -> None:
        """End every reader at once, also one that is stuck; who waits for it gets `Unreachable`.

        A reader of a server that was given ends with its task.
        """
        self._closed = True
        if self._owns_server:
            self._server.close()
        while self._resting:
            self._resting.pop().connection.close()

    async def _outcome(self, module: str, task: _Task) -> Returned | Raised | Failed:
        reader = self._reader(module)
        whole = False
        try:
            async with asyncio.timeout(self._limits.wall + _START):
                await self._look(reader)
                outcome = await _opened(await _ask(reader.connection, task))
            whole = True
        except _Ended as error:
            raise self._error(error.code) from None
        except TimeoutError as error:
            msg = "it was not read: the process that reads does not answer"
            raise Unreachable(msg) from error
        finally:
            self._leave(reader, whole=whole)
        return outcome

    async def _look(self, reader: _Reader) -> None:
        """Say once which limits this machine does not have."""
        if self._looked:
            return
        self._looked = True
        answer = await _ask(reader.connection, _Task.of(lacking))
        for what in value_of(opened(answer)):
            log.debug("readers are not limited in %s: this system has no such limit", what)

    def _error(self, code: int | None) -> SourceError:
        return Unreachable("it was not read: the fetcher was closed") if self._closed else ended(code, self._limits)

    def _reader(self, module: str) -> _Reader:
        while self._resting:
            reader = self._resting.pop()
            if reader.rests():
                return reader
            reader.connection.close()
        if self._closed:
            msg = "it was not read: the fetcher is closed"
            raise Unreachable(msg)
        return _Reader(self._server.reader(module, self._limits))

    def _leave(self, reader: _Reader, *, whole: bool) -> None:
        reader.tasks += 1
        if whole and reader.tasks < self._tasks and not self._closed:
            self._resting.append(reader)
        else:
            # A reader ends when its connection does, or with its task.
            reader.connection.close()


async def _opened(answer: bytearray) -> Returned | Raised | Failed:
    """Unpack an answer; a long one takes a second, in which the loop goes on."""
    return opened(answer) if len(answer) <= _MOST_AT_ONCE else await asyncio.to_thread(opened, answer)


async def _ask(connection: socket.socket, task: _Task) -> bytearray:
    """Send a task and return the answer.

    Raises:
        _Ended: the reader ended first.
        Unreadable: the answer is too long.
    """
    # What a reader that ended has to say of it is received all the same.
    with suppress(ConnectionError):
        for piece in task.sent():
            await asyncio.get_running_loop().sock_sendall(connection, piece)
    (length,) = LENGTH.unpack(await _receive(connection, LENGTH.size))
    if length > MOST:
        msg = f"what was read of it is longer than {MOST // 1024 // 1024} MB"
        raise Unreadable(msg)
    return await _receive(connection, length)


async def _receive(connection: socket.socket, length: int) -> bytearray:
    loop = asyncio.get_running_loop()
    received = bytearray(length)
    rest = memoryview(received)
    while rest:
        try:
            count = await loop.sock_recv_into(connection, rest)
        except ConnectionError:
            count = 0
        if count == 0:
            raise _Ended(_code(received[: length - len(rest)]))
        rest = rest[count:]
    return received


def _code(last: bytearray) -> int | None:
    """Return the exit code that the fork server wrote behind everything else; None when it ended itself."""
    if len(last) < ENDED.size:
        return None
    (code,) = ENDED.unpack(last[-ENDED.size :])
    return int(code)
