"""Orders to the fork server, and what it does with them; its loop runs in this process here."""

from __future__ import annotations

import os
import pickle
import signal
import socket
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import NoReturn

import pytest

from facts.errors import Unreachable
from spiders import forking, sandbox
from spiders.forking import ForkServer, _connected, _send
from spiders.handing_over import ENDED, LENGTH, Ending, Limits, Returned, opened
from tests.spiders import odd_parsers as odd


class Left(BaseException):
    """The process would have ended here."""


@pytest.fixture
def control() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = _connected()
    with ours, theirs:
        yield ours, theirs


def order(module: str) -> bytes:
    """Return an order as it is sent."""
    packed = pickle.dumps((module, Limits()))
    return LENGTH.pack(len(packed)) + packed


def said(connection: socket.socket) -> int:
    """Return the exit code that was noted on a connection; nothing follows it."""
    (code,) = ENDED.unpack(connection.recv(100))
    assert connection.recv(100) == b""
    return int(code)


def test_orders_are_told_apart(control: tuple[socket.socket, socket.socket]) -> None:
    """Each with its own connection, however many wait and however they are cut."""
    ours, theirs = control
    pairs = [_connected() for _ in range(3)]
    for number, (_, end) in enumerate(pairs[:2]):
        with end:
            _send(ours, order(f"module{number}"), end)
    cut = order("cut")
    with pairs[2][1] as end:
        socket.send_fds(ours, [cut[:3]], [end.fileno()])
        ours.sendall(cut[3:20])
        ours.sendall(cut[20:])

    for name, (near, _) in zip(("module0", "module1", "cut"), pairs, strict=True):
        taken = sandbox._next_order(theirs)
        assert taken is not None
        module, limits, connection = taken
        with connection, near:
            connection.sendall(b"x")
            assert (module, limits, near.recv(9)) == (name, Limits(), b"x")


@pytest.mark.parametrize("sent", [0, 3, 20])
def test_half_an_order_is_none(control: tuple[socket.socket, socket.socket], sent: int) -> None:
    """The program has ended."""
    ours, theirs = control
    ours.sendall(order("module")[:sent])
    ours.close()

    assert sandbox._next_order(theirs) is None


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[..., object]]:
    """Keep the loop from changing this process; hold its wakeup descriptor."""
    held: dict[str, Callable[..., object]] = {}

    def leave(*_: object) -> NoReturn:
        raise Left

    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(signal, "set_wakeup_fd", lambda fd, **_: held.update(wake=lambda: os.write(fd, b"\x11")))
    monkeypatch.setattr(os, "killpg", leave)
    monkeypatch.setattr(sandbox, "confine", lambda _: None)
    return held


def test_the_server_ends_everything_when_its_program_does(
    control: tuple[socket.socket, socket.socket],
    quiet: dict[str, Callable[..., object]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Before that it starts a reader for each order, notes its end, and says where it can start none."""
    ours, theirs = control
    started, end = _connected()
    refused, other = _connected()
    forks = iter((4242, OSError()))

    def fork() -> int:
        number = next(forks)
        if isinstance(number, OSError):
            raise number
        quiet["wake"]()
        ours.close()
        return number

    monkeypatch.setattr(os, "fork", fork)
    monkeypatch.setattr(os, "waitpid", lambda *_: (4242, 9))
    with started, refused, end, other:
        _send(ours, order("tests.spiders.odd_parsers"), end)
        end.close()
        with pytest.raises(Left):
            sandbox.serve(theirs.detach())
        assert said(started) == -signal.SIGKILL

        sandbox._fork(other, Limits(), {}, ())
        assert said(refused) == Ending.NOT_STARTED


def test_a_reader_still_at_work_is_not_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A signal may tell of one that was noted before."""
    near, far = _connected()
    with near, far:
        monkeypatch.setattr(os, "waitpid", lambda *_: (0, 0))
        readers = {1: far}
        sandbox._note_ends(readers)
        assert readers == {1: far}


@pytest.mark.parametrize(
    ("parser", "code"),
    [(odd.number, Ending.DONE), (odd.no_memory, Ending.OUT_OF_MEMORY), (odd.end_all, Ending.CRASHED)],
)
@pytest.mark.usefixtures("quiet")
def test_a_reader_ends_with_a_code(monkeypatch: pytest.MonkeyPatch, parser: Callable[[], object], code: Ending) -> None:
    """It reads until its connection closes, and holds nothing of the server's."""
    codes: list[int] = []

    def leave(number: int) -> None:
        codes.append(number)

    monkeypatch.setattr(os, "fork", lambda: 0)
    monkeypatch.setattr(os, "_exit", leave)
    monkeypatch.setattr(sandbox, "allow", lambda _: None)
    near, far = _connected()
    others = _connected()
    task = pickle.dumps((parser, (), {}))
    with near, far, others[0], others[1]:
        near.sendall(LENGTH.pack(len(task)) + task)
        near.shutdown(socket.SHUT_WR)
        try:
            sandbox._fork(far, Limits(), {1: others[0]}, (others[1],))
        except odd.EndAll:
            assert code is Ending.CRASHED
        assert [end.fileno() for end in others] == [-1, -1]
        if code is Ending.DONE:
            (length,) = LENGTH.unpack(near.recv(LENGTH.size))
            assert opened(near.recv(length)) == Returned(os.getpid())

    assert codes == [code]


def test_what_is_read_with_is_imported_before_the_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be is left to the reader; and where a fork would break libraries, all is."""
    imported: list[str] = []

    def take(name: str) -> object:
        imported.append(name)
        if name == "no.such.module":
            raise ModuleNotFoundError
        return SimpleNamespace(IMPORTED_BEFORE_READING=("beside",)) if name == "reader" else object()

    monkeypatch.setattr(sandbox, "import_module", take)
    for name in ("reader", "no.such.module"):
        sandbox._import(name)
    monkeypatch.setattr(sandbox, "IMPORTS_SURVIVE_FORK", False)
    sandbox._import("reader")

    assert imported == ["reader", "beside", "no.such.module"]


def test_a_server_that_takes_no_order_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may hold half of one; the next order is taken by another server."""
    server = ForkServer()
    server.reader("json", Limits()).close()
    process = server._process
    assert process is not None

    def half(control: socket.socket, sent: bytes, _: socket.socket) -> None:
        control.sendall(sent[:5])
        raise TimeoutError

    with monkeypatch.context() as changed:
        changed.setattr(forking, "_send", half)
        with pytest.raises(Unreachable, match="no process for it could be started"):
            server.reader("json", Limits())
    assert process.poll() is not None
    server.reader("json", Limits()).close()
    assert server._process is not process
    server.close()


def test_a_group_of_zombies_cannot_be_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    """macOS says that this is not permitted; the server ends with its connection."""
    server = ForkServer()
    server.reader("json", Limits()).close()
    process = server._process
    assert process is not None

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "killpg", refuse)
    server.close()

    assert process.poll() is not None
