"""Gathering: few calls for many items, and each item's own answer."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from facts.errors import StorageError
from scheduler.gathering import Gathering


@dataclass
class Archive:
    """Doubles numbers, and notes what it was asked together; what it is told to raise, it raises at that number."""

    trips: dict[int, Exception] = field(default_factory=dict)
    calls: list[list[int]] = field(default_factory=list)
    gate: threading.Event | None = None

    def double(self, numbers: Sequence[int]) -> list[int]:
        self.calls.append(list(numbers))
        if self.gate is not None:
            assert self.gate.wait(20)
        for number in numbers:
            if number in self.trips:
                raise self.trips[number]
        return [2 * number for number in numbers]


async def test_items_of_one_moment_are_one_call() -> None:
    """Each asker gets its own answer."""
    archive, gathering = Archive(), Gathering[int, int]()

    doubled = await asyncio.gather(*(gathering.ask(archive.double, number) for number in range(50)))

    assert doubled == [2 * number for number in range(50)]
    assert archive.calls == [list(range(50))]


async def test_what_comes_during_a_call_is_the_next_call() -> None:
    """Nothing waits for more than the call before it."""
    archive, gathering = Archive(gate=threading.Event()), Gathering[int, int]()
    first = asyncio.create_task(gathering.ask(archive.double, 0))
    while not archive.calls:  # noqa: ASYNC110 what is waited for happens in a thread
        await asyncio.sleep(0.001)
    others = [asyncio.create_task(gathering.ask(archive.double, number)) for number in (1, 2)]
    await asyncio.sleep(0)

    assert archive.gate is not None
    archive.gate.set()

    assert await asyncio.gather(first, *others) == [0, 2, 4]
    assert archive.calls == [[0], [1, 2]]


async def test_a_pause_gathers_what_comes_within_it() -> None:
    """The first is taken at once, the others together when the pause is over."""
    archive, gathering = Archive(), Gathering[int, int](pause=0.2)
    await gathering.ask(archive.double, 0)

    async def later(number: int) -> int:
        await asyncio.sleep(number / 1000)
        return await gathering.ask(archive.double, number)

    assert await asyncio.gather(*map(later, (1, 2, 3))) == [2, 4, 6]
    assert archive.calls == [[0], [1, 2, 3]]


async def test_a_bug_in_one_item_is_that_items_alone() -> None:
    """The others are answered."""
    archive, gathering = Archive(trips={1: ValueError("a bug")}), Gathering[int, int]()

    asked = (gathering.ask(archive.double, number) for number in range(3))
    first, second, third = await asyncio.gather(*asked, return_exceptions=True)

    assert [first, third] == [0, 4]
    assert isinstance(second, ValueError)


async def test_answers_that_are_too_few_leave_nobody_waiting() -> None:
    """Each is asked alone then, and told."""
    gathering = Gathering[int, int]()

    asked = (gathering.ask(lambda numbers: list(numbers)[1:], number) for number in range(2))
    answers = await asyncio.gather(*asked, return_exceptions=True)

    assert [type(answer) for answer in answers] == [ValueError] * 2


async def test_an_archive_that_takes_nothing_is_told_to_all() -> None:
    """It is asked once, not once for each, and the next moment anew."""
    archive, gathering = Archive(trips={1: StorageError("the disk is full")}), Gathering[int, int]()

    asked = (gathering.ask(archive.double, number) for number in range(3))
    answers = await asyncio.gather(*asked, return_exceptions=True)

    assert [type(answer) for answer in answers] == [StorageError] * 3
    assert len(archive.calls) == 1
    assert await gathering.ask(archive.double, 5) == 10


@pytest.mark.parametrize("error", [None, StorageError("the disk is full")])
async def test_one_who_went_away_holds_up_nobody(error: Exception | None) -> None:
    """A stop cancels who waits; what is under way ends, and the others hear of it."""
    archive = Archive(trips={1: error} if error else {}, gate=threading.Event())
    gathering = Gathering[int, int]()
    tasks = [asyncio.create_task(gathering.ask(archive.double, number)) for number in range(2)]
    while not archive.calls:  # noqa: ASYNC110 as above
        await asyncio.sleep(0.001)

    tasks[0].cancel()
    assert archive.gate is not None
    archive.gate.set()
    gone, other = await asyncio.gather(*tasks, return_exceptions=True)

    assert isinstance(gone, asyncio.CancelledError)
    assert other is error if error else other == 2
