"""What runs in the child processes: a fork server that imports the parsers once, and readers with limits.

Nothing here runs in the process that holds the database, the network and the secrets: that one starts the server
(`spiders.forking`) and talks to the readers (`spiders.parsing`). A reader reads one document after another from its
connection; the kernel ends it when it is over a limit, whatever its parser is doing then, and the server notes how.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import socket
from collections.abc import Iterable
from contextlib import suppress
from importlib import import_module
from typing import NoReturn

from spiders.confining import IMPORTS_SURVIVE_FORK, allow, confine, rest
from spiders.handing_over import ENDED, LENGTH, Ending, Limits, read

#: Signals of a terminal and of a service manager. The parent's end is the children's end, and nothing else is.
_NOT_OURS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
#: Signals noted in one look.
_MOST_WOKEN = 4096


def serve(descriptor: int) -> NoReturn:
    """Fork a reader for each order that comes on the control connection; end with all readers when it closes."""
    for number in _NOT_OURS:
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    try:
        with _connection(descriptor) as control:
            woken, waker = socket.socketpair()
            with woken, waker:
                waker.setblocking(False)
                signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
                _serve(control, woken, waker)
    finally:
        # It leads a group of its own: itself, and every reader however stuck.
        os.killpg(0, signal.SIGKILL)
        os._exit(Ending.CRASHED)


def _serve(control: socket.socket, woken: socket.socket, waker: socket.socket) -> None:
    """Take orders, and note the ends of readers, until the control connection closes."""
    readers: dict[int, socket.socket] = {}
    # Not select.select, which knows no descriptor above 1,023; a busy program has more.
    waiting = select.poll()
    waiting.register(control, select.POLLIN)
    waiting.register(woken, select.POLLIN)
    while True:
        ready = {number for number, _ in waiting.poll()}
        if woken.fileno() in ready:
            woken.recv(_MOST_WOKEN)
            _note_ends(readers)
        if control.fileno() in ready:
            order = _next_order(control)
            if order is None:
                return
            module, limits, connection = order
            _import(module)
            _fork(connection, limits, readers, (control, woken, waker))


def _next_order(control: socket.socket) -> tuple[str, Limits, socket.socket] | None:
    """Return which module a reader needs, its limits and its connection; None when no order will come."""
    # Exactly the head: what is read beyond an order is lost with the descriptor that comes with the next.
    head, descriptors, _, _ = socket.recv_fds(control, LENGTH.size, 1)
    rest_of_head = _receive(control, LENGTH.size - len(head)) if head else None
    if rest_of_head is None:
        return None
    (length,) = LENGTH.unpack(head + rest_of_head)
    order = _receive(control, length)
    if order is None:
        return None
    module, limits = pickle.loads(order)  # noqa: S301 (from our own parent)
    return module, limits, _connection(descriptors[0])


def _connection(descriptor: int) -> socket.socket:
    return socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, fileno=descriptor)


def _import(module: str) -> None:
    """Import what the reader needs once, for this reader and those after it; what cannot be is told by the reader."""
    if not IMPORTS_SURVIVE_FORK:
        return
    with suppress(Exception):
        # What a parser names is left out where it is only called, and belongs here once, before the fork.
        for needed in getattr(import_module(module), "IMPORTED_BEFORE_READING", ()):
            import_module(needed)


def _fork(
    connection: socket.socket, limits: Limits, readers: dict[int, socket.socket], own: Iterable[socket.socket]
) -> None:
    try:
        number = os.fork()
    except OSError:
        _note(connection, Ending.NOT_STARTED)
        return
    if number:
        readers[number] = connection
        return
    code = Ending.CRASHED
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for held in (*own, *readers.values()):
            held.close()
        confine(limits)
        work(connection, limits)
        code = Ending.DONE
    except MemoryError:
        code = Ending.OUT_OF_MEMORY
    finally:
        os._exit(code)


def _note_ends(readers: dict[int, socket.socket]) -> None:
    while readers:
        number, status = os.waitpid(-1, os.WNOHANG)
        if number == 0:
            return
        _note(readers.pop(number), os.waitstatus_to_exitcode(status))


def _note(connection: socket.socket, code: int) -> None:
    """Write how a reader ended where the parent waits for its answer, and close that."""
    with connection, suppress(OSError):
        # Its parent may have turned away from it, and the buffer may be full of half an answer.
        connection.settimeout(1)
        connection.sendall(ENDED.pack(code))


def work(connection: socket.socket, limits: Limits) -> None:
    """Read what comes on the connection, one task after another, until it closes."""
    while (task := _next_task(connection)) is not None:
        allow(limits)
        answer = read(task)
        rest()
        connection.sendall(LENGTH.pack(len(answer)) + answer)


def _next_task(connection: socket.socket) -> bytearray | None:
    head = _receive(connection, LENGTH.size)
    return _receive(connection, *LENGTH.unpack(head)) if head is not None else None


def _receive(connection: socket.socket, length: int) -> bytearray | None:
    """Return so many bytes, None when the connection ends before."""
    received = bytearray(length)
    rest_of_it = memoryview(received)
    while rest_of_it:
        count = connection.recv_into(rest_of_it)
        if count == 0:
            return None
        rest_of_it = rest_of_it[count:]
    return received
