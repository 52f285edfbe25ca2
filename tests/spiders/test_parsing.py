"""Parsing in child processes: each way to go wrong costs one error, and nobody else waits for it."""

from __future__ import annotations

import asyncio
import os
import pickle
import select
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from facts.errors import ConfigError, DeliveryLater, PursestringsError, Unreachable, Unreadable
from facts.visit import LinkKind
from spiders.handing_over import Limits
from spiders.html import Anchor
from spiders.items import Item
from spiders.parsing import Parsers
from tests.spiders import odd_parsers as odd

MIB = 1024 * 1024
ITEM = Item(
    url="https://x.example/a",
    title="a\ud800",
    text="\x00",
    published_at=datetime(2026, 8, 6, tzinfo=timezone(timedelta(hours=-4))),
    letters=(Anchor(url="https://x.example/l.pdf", text="l"),),
)


@pytest.fixture
def parsers() -> Iterator[Parsers]:
    parsers = Parsers(limits=Limits(cpu=1, memory=64 * MIB, wall=20))
    yield parsers
    parsers.close()


def has_ended(number: int) -> bool:
    """Wait until a process has ended; it need not be a child of this one."""
    if not hasattr(os, "pidfd_open"):
        pytest.skip("only Linux tells of the end of processes that are no children")
    try:
        descriptor = os.pidfd_open(number)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], 10)[0])
    finally:
        os.close(descriptor)


def children() -> list[str]:
    """Return the processes that this one started and that it did not wait for."""
    if not Path("/proc/self").exists():
        pytest.skip("only Linux lists the children of a process")
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()


async def test_what_a_parser_returns_comes_back(parsers: Parsers) -> None:
    """Values as they were, from another process; a second one finds it ready."""
    values = (ITEM, LinkKind.LETTER, None, b"\xff", {"a": [1.5, frozenset({2})]}, datetime.now(UTC), ZoneInfo)

    assert values[:-1] == await parsers.run(odd.echo, *values[:-2], named=values[-2])
    assert await parsers.run(divmod, 7, 2) == (3, 1)
    first, second = await parsers.run(odd.number), await parsers.run(odd.number)
    assert first == second != os.getpid()


async def test_an_error_of_ours_comes_back_whole(parsers: Parsers) -> None:
    """Class, message and attributes."""
    with pytest.raises(Unreadable, match=r"^no feed$") as unreadable:
        await parsers.run(odd.unreadable)
    with pytest.raises(ConfigError, match=r"^config\.toml:3: no such key$") as config:
        await parsers.run(odd.with_place)
    with pytest.raises(DeliveryLater) as later:
        await parsers.run(odd.later)

    error = unreadable.value
    assert (error.source, error.url, error.status) == ("ledger", "https://x.example/feed", 410)
    assert config.value.where == "config.toml:3"
    assert (later.value.retry_after, later.value.in_doubt, later.value.only_this) == (3.5, True, False)


async def test_a_bug_comes_back_with_its_trace(parsers: Parsers) -> None:
    """It is no error of a source."""
    with pytest.raises(RuntimeError, match=r"(?s)1 // int.*ZeroDivisionError"):
        await parsers.run(odd.bug)


async def test_what_cannot_be_handed_over_is_a_bug(parsers: Parsers) -> None:
    """Said where it is; a reader that sends what none may send is not asked again."""
    before = await parsers.run(odd.number)

    with pytest.raises(RuntimeError, match="cannot be handed over"):
        await parsers.run(odd.unpicklable)
    assert before == await parsers.run(odd.number)
    with pytest.raises(pickle.UnpicklingError, match=r"pathlib\.\w+ is nothing that a parser may return"):
        await parsers.run(odd.forbidden)
    with pytest.raises((pickle.PicklingError, AttributeError), match="lambda"):
        await parsers.run(lambda: 1)
    assert before != await parsers.run(odd.number)


@pytest.mark.parametrize(
    ("task", "words"),
    [
        (lambda parsers: parsers.run(odd.crash, b"x"), r"its reader crashed \(SIGABRT\)"),
        (lambda parsers: parsers.run(odd.leave), r"its reader crashed \(exit code 9\)"),
        (lambda parsers: parsers.run(odd.hog), "needed more than 64 MB of memory"),
        (lambda parsers: parsers.run(odd.spin), "longer than 1 s of CPU time"),
    ],
    ids=["crash", "leave", "memory", "cpu"],
)
async def test_S8_a_reader_that_ends_costs_one_error(
    parsers: Parsers, task: Callable[[Parsers], Awaitable[object]], words: str
) -> None:
    """The task beside it is not held up, and the next one gets a new reader."""
    beside = await parsers.run(odd.number)
    spoilt, well = await asyncio.gather(task(parsers), parsers.run(odd.echo, 1), return_exceptions=True)

    assert isinstance(spoilt, Unreadable)
    with pytest.raises(Unreadable, match=words):
        raise spoilt
    assert well == (1,)
    assert beside != await parsers.run(odd.number)


async def test_S8_one_that_hangs_is_given_up() -> None:
    """By the clock, whatever it does; many of them one after another."""
    parsers = Parsers(limits=Limits(wall=0.05))

    ends = await asyncio.gather(*(parsers.run(odd.hang) for _ in range(4)), return_exceptions=True)
    assert [str(end) for end in ends] == ["reading it took longer than 0.05 s"] * 4
    assert all(isinstance(end, Unreadable) for end in ends)
    parsers.close()


async def test_an_answer_too_long_is_refused() -> None:
    """A reader cannot fill the memory of the program."""
    parsers = Parsers()

    with pytest.raises(Unreadable, match="longer than 64 MB"):
        await parsers.run(odd.long)
    assert await parsers.run(odd.echo, 1) == (1,)
    parsers.close()


async def test_a_task_larger_than_any_buffer_passes(parsers: Parsers) -> None:
    """There and back."""
    body = os.urandom(3 * MIB)

    assert await parsers.run(odd.echo, body) == (body,)


async def test_two_run_at_a_time_and_no_more(parsers: Parsers, tmp_path: Path) -> None:
    """Both ends of a pipe are opened only by two that run together; all others wait and are served."""
    path = tmp_path / "pipe"
    os.mkfifo(path)

    assert await asyncio.gather(*(parsers.run(odd.wait_for, str(path), m) for m in ("rb", "wb"))) == ["rb", "wb"]
    assert len(set(await asyncio.gather(*(parsers.run(odd.number) for _ in range(20))))) <= 2


async def test_a_reader_is_replaced_after_so_many_tasks() -> None:
    """What its libraries leak ends with it."""
    parsers = Parsers(readers=1, tasks=2)
    numbers = [await parsers.run(odd.number) for _ in range(5)]

    assert numbers[0] == numbers[1] != numbers[2] == numbers[3] != numbers[4]
    assert has_ended(numbers[0])
    parsers.close()


async def test_a_reader_that_was_killed_at_rest_costs_nothing(parsers: Parsers) -> None:
    """The kernel may want its memory; the next task did nothing wrong."""
    number = await parsers.run(odd.number)
    os.kill(number, signal.SIGKILL)
    assert select.select([parsers._resting[0].connection], [], [], 10)[0]

    assert number != await parsers.run(odd.number)


async def test_a_fork_server_that_was_killed_is_replaced(parsers: Parsers) -> None:
    """With the readers that it leaves behind."""
    number = await parsers.run(odd.number)
    server = os.getpgid(number)
    stuck = asyncio.create_task(parsers.run(odd.hang))
    await asyncio.sleep(0)
    os.kill(server, signal.SIGKILL)
    assert has_ended(server)

    assert server != os.getpgid(await parsers.run(odd.number))
    assert has_ended(number)
    with pytest.raises(Unreachable, match="ended from outside"):
        await stuck


async def test_signals_of_a_terminal_are_not_heeded(parsers: Parsers) -> None:
    """Ctrl-C and a stop of the service let what is being read come home."""
    number = await parsers.run(odd.number)
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        os.kill(number, one)
        os.kill(os.getpgid(number), one)

    assert os.getpgid(number) != os.getpgid(0)
    assert number == await parsers.run(odd.number)


async def test_nothing_starts_before_it_is_needed() -> None:
    """A fetcher that is opened and closed starts no process."""
    before = children()
    parsers = Parsers()

    assert before == children()
    parsers.close()
    with pytest.raises(Unreachable, match="closed"):
        await parsers.run(odd.number)


async def test_closing_ends_what_is_stuck() -> None:
    """At once, with nothing left behind; who waits is told."""
    parsers = Parsers()
    numbers = await asyncio.gather(parsers.run(odd.number), parsers.run(odd.number))
    stuck = [asyncio.create_task(parsers.run(task)) for task in (odd.hang, odd.spin, odd.hang)]
    await asyncio.sleep(0)
    server = os.getpgid(numbers[0])
    parsers.close()

    ends = await asyncio.gather(*stuck, return_exceptions=True)
    assert all(isinstance(end, Unreachable) and "closed" in str(end) for end in ends)
    assert all(has_ended(number) for number in (*numbers, server))


async def test_a_caller_may_turn_away(parsers: Parsers) -> None:
    """Its reader is not asked again, and its place is free."""
    turned_away = [asyncio.create_task(parsers.run(odd.hang)) for _ in range(2)]
    await asyncio.sleep(0)
    for task in turned_away:
        task.cancel()

    assert await parsers.run(odd.echo, 1) == (1,)
    assert all(task.cancelled() for task in turned_away)


def test_readers_die_with_the_program() -> None:
    """Also when it is killed, and also those that are stuck."""
    program = (
        f"import asyncio, sys\nsys.path[:] = {sys.path!r}\n"
        "from spiders.parsing import Parsers\nfrom tests.spiders import odd_parsers as odd\n"
        "async def main():\n"
        "    parsers = Parsers(readers=1)\n"
        "    print(await parsers.run(odd.number), flush=True)\n"
        "    await parsers.run(odd.hang)\n"
        "asyncio.run(main())\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        number = int(running.stdout.readline())
        server = os.getpgid(number)
        running.kill()

    assert has_ended(number)
    assert has_ended(server)


def test_a_machine_that_can_start_nothing_is_not_the_documents_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is read at the next try."""
    monkeypatch.setattr(sys, "executable", "/nowhere/python")

    async def read() -> None:
        await Parsers().run(odd.number)

    with pytest.raises(PursestringsError, match="no process for it could be started") as error:
        asyncio.run(read())
    assert isinstance(error.value, Unreachable)
