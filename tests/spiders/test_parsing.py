"""Parsing in threads of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from facts.errors import Unreachable, Unreadable
from spiders.parsing import Parsers


@pytest.fixture
def held() -> Iterator[threading.Event]:
    """Lend an event on which parsers hang; they end with the test."""
    event = threading.Event()
    yield event
    event.set()


async def test_what_a_parser_returns_and_raises_comes_back() -> None:
    """From a thread that does not hold up the end of the process."""
    parsers = Parsers()

    assert await parsers.run(divmod, 7, 2) == (3, 1)
    assert (await parsers.run(threading.current_thread)).daemon
    with pytest.raises(ZeroDivisionError):
        await parsers.run(divmod, 7, 0)
    assert await parsers.run(int, "11", base=2) == 3


async def test_no_more_than_so_many_run_at_a_time() -> None:
    """The others wait, and all are served."""
    parsers, running, most = Parsers(), 0, 0
    lock, both = threading.Lock(), threading.Barrier(2)

    def parse(number: int) -> int:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        # Ends only when two run at the same time.
        both.wait(5)
        with lock:
            running -= 1
        return number

    assert list(range(10)) == await asyncio.gather(*(parsers.run(parse, number) for number in range(10)))
    assert most == 2


async def test_one_that_takes_too_long_is_given_up(held: threading.Event) -> None:
    """Its thread is left alone, and the other one goes on."""
    parsers = Parsers(limit=0.05)

    with pytest.raises(Unreadable, match=r"longer than 0\.05 s"):
        await parsers.run(held.wait)
    assert await parsers.run(abs, -1) == 1


async def test_behind_stuck_threads_nobody_waits(held: threading.Event) -> None:
    """Those that wait already and those that come fail at once, until a thread ends by itself."""
    parsers = Parsers(limit=0.05)
    threads: list[threading.Thread] = []

    def parse() -> None:
        threads.append(threading.current_thread())
        held.wait()

    stuck = [asyncio.create_task(parsers.run(parse)) for _ in range(2)]
    await asyncio.sleep(0)
    waiting = asyncio.create_task(parsers.run(abs, -1))

    assert all(isinstance(error, Unreadable) for error in await asyncio.gather(*stuck, return_exceptions=True))
    with pytest.raises(Unreachable, match="earlier documents"):
        await waiting
    with pytest.raises(Unreachable, match="earlier documents"):
        await parsers.run(abs, -1)
    held.set()
    for thread in threads:
        thread.join(5)
    # The threads have told the loop that they ended; it hears of it within its next turns.
    for _ in range(3):
        await asyncio.sleep(0)
    assert await parsers.run(abs, -1) == 1


def test_a_loop_may_end_before_its_parser(held: threading.Event) -> None:
    """Nobody hears of the result, and nothing is raised in the thread."""
    parsers = Parsers(limit=0.01)
    threads: list[threading.Thread] = []

    def parse() -> None:
        threads.append(threading.current_thread())
        held.wait()

    async def given_up() -> None:
        with pytest.raises(Unreadable):
            await parsers.run(parse)

    asyncio.run(given_up())
    held.set()
    threads[0].join(5)
    assert not threads[0].is_alive()
