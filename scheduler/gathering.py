"""Gathering: what many tasks ask of the archive at about one moment is asked in one call, in one thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from facts.errors import StorageError

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class _Asked(Generic[T, R]):
    item: T
    answer: asyncio.Future[R]


class Gathering(Generic[T, R]):
    """Gathers items while a call is under way, or while the pause since the last one lasts; belongs to one loop.

    A lone item is taken at once: only those that come close behind it wait, and never longer than the pause.
    """

    def __init__(self, *, pause: float = 0.0) -> None:
        #: Seconds between the beginnings of two calls, at least.
        self._pause = pause
        self._waiting: list[_Asked[T, R]] = []
        self._begun = float("-inf")
        self._rounds: asyncio.Task[None] | None = None

    async def ask(self, work: Callable[[Sequence[T]], Sequence[R]], item: T) -> R:
        """Return what `work` answers to this item, called with those that wait beside it.

        Raises:
            StorageError: the archive takes none of them now.
        """
        asked: _Asked[T, R] = _Asked(item, asyncio.get_running_loop().create_future())
        self._waiting.append(asked)
        if self._rounds is None or self._rounds.done():
            self._rounds = asyncio.create_task(self._run(work))
        return await asked.answer

    async def _run(self, work: Callable[[Sequence[T]], Sequence[R]]) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            await asyncio.sleep(self._begun + self._pause - loop.time())
            self._begun = loop.time()
            batch, self._waiting = self._waiting, []
            await _call(work, batch)


async def _call(work: Callable[[Sequence[T]], Sequence[R]], batch: Sequence[_Asked[T, R]]) -> None:
    try:
        answers = await asyncio.to_thread(work, [asked.item for asked in batch])
        answered = list(zip(batch, answers, strict=True))
    except Exception as error:  # noqa: BLE001 (it is raised again in those who asked)
        if len(batch) > 1 and not isinstance(error, StorageError):
            # A bug in one item is that item's alone.
            for asked in batch:
                await _call(work, [asked])
            return
        for asked in batch:
            if not asked.answer.done():
                asked.answer.set_exception(error)
        return
    for asked, answer in answered:
        if not asked.answer.done():
            asked.answer.set_result(answer)
