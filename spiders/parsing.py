"""Parsing apart from everything else: threads of its own, few, each with a limit of time.

What is parsed is hostile, and a parser can take hours over it. The database must not wait behind it in a thread pool,
and no thread can be ended from outside: one that is over its time is left alone until it ends by itself, and does not
hold up the end of the process. A library that holds Python's lock still slows the loop meanwhile. Child processes with
limits of CPU and memory, which can be ended, come in a later issue.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import ParamSpec, TypeVar

from facts.errors import Unreachable, Unreadable

#: Seconds for one parse; the slowest honest ones, PDFs of hundreds of pages, take a few.
LIMIT = 20.0
THREADS = 2

P = ParamSpec("P")
T = TypeVar("T")


class Parsers:
    """Runs parsers in threads, at most `threads` at a time; belongs to one event loop."""

    def __init__(self, *, threads: int = THREADS, limit: float = LIMIT) -> None:
        self._threads = threads
        self._limit = limit
        #: Threads that run, and those among them that nobody waits for any more.
        self._busy = 0
        self._stuck = 0
        self._change = asyncio.Event()

    async def run(self, parser: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what the parser returns, or raise what it raises.

        Raises:
            Unreadable: it took longer than the limit.
            Unreachable: every thread is held by one that did.
        """
        await self._turn()
        result: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        # Whatever becomes of the caller, an error that nobody fetches is nobody's.
        result.add_done_callback(lambda done: done.cancelled() or done.exception())
        thread = threading.Thread(target=self._work, args=(result, lambda: parser(*args, **kwargs)), daemon=True)
        try:
            thread.start()
        except RuntimeError as error:
            self._ended()
            msg = f"it was not read: {error}"
            raise Unreachable(msg) from error
        try:
            async with asyncio.timeout(self._limit):
                return await asyncio.shield(result)
        except TimeoutError as error:
            msg = f"reading it took longer than {self._limit:g} s"
            raise Unreadable(msg) from error
        finally:
            self._leave(result)

    async def _turn(self) -> None:
        """Wait until a thread is free; never behind threads that are all stuck."""
        while self._busy == self._threads:
            if self._stuck == self._threads:
                msg = f"it was not read: {self._threads} earlier documents are still being read after {self._limit:g} s"
                # Not this document's fault: it is read at the next try.
                raise Unreachable(msg)
            await self._change.wait()
        self._busy += 1

    def _leave(self, result: asyncio.Future[T]) -> None:
        if result.done():
            self._ended()
            return
        self._stuck += 1
        self._changed()
        result.add_done_callback(self._unstuck)

    def _unstuck(self, _: object) -> None:
        self._stuck -= 1
        self._ended()

    def _ended(self) -> None:
        self._busy -= 1
        self._changed()

    def _changed(self) -> None:
        self._change.set()
        self._change = asyncio.Event()

    def _work(self, result: asyncio.Future[T], parser: Callable[[], T]) -> None:
        """Run the parser and hand what came of it to the loop; in the thread."""
        try:
            tell = partial(result.set_result, parser())
        except BaseException as error:  # noqa: BLE001 (it is raised again in the caller)
            tell = partial(result.set_exception, error)
        # A loop that closed while the parser ran waits for nothing.
        with suppress(RuntimeError):
            result.get_loop().call_soon_threadsafe(tell)
