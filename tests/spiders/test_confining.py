"""The limits of a reader, and a system that has none of them."""

from __future__ import annotations

import logging
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from facts.errors import SourceError, Unreadable
from spiders import confining, forking
from spiders.confining import allow, confine, lacking, rest
from spiders.entries import read_feed
from spiders.handing_over import Limits
from spiders.parsing import Parsers
from spiders.pdf import read_pdf
from tests.spiders import odd_parsers as odd
from tests.spiders.conftest import NOW

MIB = 1024 * 1024
FEED = b"<rss version='2.0'><channel><title>x</title><item><title>t</title></item></channel></rss>"


@pytest.fixture
def limited(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[int, tuple[int, int]]:
    """Note what would be limited: this process must not be."""
    found: dict[int, tuple[int, int]] = {}
    monkeypatch.setattr(resource, "getrlimit", lambda _: (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    monkeypatch.setattr(resource, "setrlimit", found.__setitem__)
    monkeypatch.setattr(sys, "addaudithook", lambda _: None)
    monkeypatch.setattr(signal, "setitimer", lambda *_: None)
    monkeypatch.setattr(confining, "_PROCESS", tmp_path)
    return found


def test_a_reader_may_have_so_much_more_than_it_has(limited: dict[int, tuple[int, int]], tmp_path: Path) -> None:
    """Memory counts from what it maps already; files and core dumps are forbidden for good; it is killed first."""
    (tmp_path / "statm").write_text("100 9 9 9 0 9 0\n", encoding="ascii")
    (tmp_path / "oom_score_adj").write_text("0", encoding="ascii")
    confine(Limits(memory=MIB))

    free = resource.RLIM_INFINITY
    assert limited == {
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_FSIZE: (0, 0),
        resource.RLIMIT_AS: (100 * resource.getpagesize() + MIB, free),
    }
    assert (tmp_path / "oom_score_adj").read_text(encoding="ascii") == "1000"


def test_memory_that_cannot_be_measured_is_not_limited(limited: dict[int, tuple[int, int]]) -> None:
    """As where there is no /proc; the rest holds."""
    confine(Limits())

    assert set(limited) == {resource.RLIMIT_CORE, resource.RLIMIT_FSIZE}


def test_a_task_has_its_time(limited: dict[int, tuple[int, int]], monkeypatch: pytest.MonkeyPatch) -> None:
    """By the clock until it is done, and of CPU on top of what the reader has used, in whole seconds."""
    timers: list[float] = []
    monkeypatch.setattr(signal, "setitimer", lambda _, seconds: timers.append(seconds))
    monkeypatch.setattr(time, "process_time", lambda: 7.9)
    allow(Limits(cpu=10, wall=30.0))
    rest()

    assert limited == {resource.RLIMIT_CPU: (17, resource.RLIM_INFINITY)}
    assert timers == [30.0, 0]


def test_the_machines_own_limit_holds(limited: dict[int, tuple[int, int]], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is less than ours."""
    monkeypatch.setattr(resource, "getrlimit", lambda _: (3, 3))
    allow(Limits(cpu=10))

    assert limited == {resource.RLIMIT_CPU: (3, 3)}


@pytest.mark.parametrize("error", [ValueError("current limit exceeds maximum limit"), OSError(22, "Invalid argument")])
@pytest.mark.usefixtures("limited")
def test_a_system_that_takes_no_limit_is_no_error(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told what is lacking."""

    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr(resource, "setrlimit", refuse)
    confine(Limits())
    allow(Limits())

    assert lacking() == ("memory", "CPU time", "writing")


def test_what_would_leave_the_sandbox_is_refused() -> None:
    """What only reads is not."""
    confining._refuse("open", ())
    with pytest.raises(Unreadable, match=r"tried to leave the sandbox \(socket.__new__\)"):
        confining._refuse("socket.__new__", ())


#: Put before the fork server's own beginning: a system without /proc, without limits, and with libraries that do not
#: survive a fork.
BARE = """
import pathlib, resource, sys
def refuse(*_):
    raise ValueError("current limit exceeds maximum limit")
resource.setrlimit = refuse
sys.path[:] = {path!r}
import spiders.confining, spiders.sandbox
spiders.confining._PROCESS = pathlib.Path("/nowhere")
spiders.sandbox.IMPORTS_SURVIVE_FORK = False
"""


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> Iterator[Parsers]:
    """Run readers as on a system that has none of the measures."""
    monkeypatch.setattr(forking, "_START", BARE + forking._START)
    parsers = Parsers(limits=Limits(wall=20))
    yield parsers
    parsers.close()


async def test_a_bare_system_reads_all_the_same(bare: Parsers, caplog: pytest.LogCaptureFixture) -> None:
    """Feeds, by both readers, and PDFs; each reader imports what it needs; what is lacking is said once."""
    with caplog.at_level(logging.DEBUG, "spiders.parsing"):
        read = await bare.run(read_feed, FEED, (), "https://x.example/feed", NOW)
        old = await bare.run(read_feed, FEED + b"&", (), "https://x.example/feed", NOW)
        with pytest.raises(Unreadable, match="PDF"):
            await bare.run(read_pdf, b"%PDF-1.4 nothing")

    assert [len(one.entries) for one in (read, old)] == [1, 1]
    assert [record.getMessage().split(":")[0] for record in caplog.records if record.name == "spiders.parsing"] == [
        f"readers are not limited in {what}" for what in ("memory", "CPU time", "writing")
    ]


@pytest.mark.parametrize(
    ("task", "words"),
    [
        (odd.dial, "tried to leave the sandbox"),
        (odd.run_program, "tried to leave the sandbox"),
        (odd.leave, "its reader crashed"),
        (odd.hang, "took longer than 0.3 s"),
        (odd.spin, "took longer than 0.3 s"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
async def test_a_bare_system_keeps_what_python_can_hold(
    monkeypatch: pytest.MonkeyPatch, task: Callable[[], None], words: str
) -> None:
    """No connection and no program; what hangs or spins ends by the clock; the next task is read."""
    monkeypatch.setattr(forking, "_START", BARE + forking._START)
    parsers = Parsers(limits=Limits(wall=0.3))
    with pytest.raises(SourceError, match=words):
        await parsers.run(task)

    assert await parsers.run(odd.echo, 1) == (1,)
    parsers.close()


async def test_a_whole_system_lacks_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """And says nothing."""
    parsers = Parsers()
    with caplog.at_level(logging.DEBUG, "spiders.parsing"):
        found = await parsers.run(lacking)
    parsers.close()

    assert found == () or confining._mapped() is None
    assert len([record for record in caplog.records if record.name == "spiders.parsing"]) == len(found)
