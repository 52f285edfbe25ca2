"""Parsers that do what a parser must not, for the sandbox to deal with. They run in its child processes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from facts.errors import ConfigError, DeliveryLater, Unreadable


def number() -> int:
    """Return which process this is."""
    return os.getpid()


def echo(*values: object, **named: object) -> tuple[object, ...]:
    """Return what was given, as it arrived."""
    return (*values, *named.values())


def crash(body: bytes) -> None:
    """Die of a broken assertion in C."""
    if body:
        os.abort()


def leave() -> None:
    """End the process without a word."""
    os._exit(9)


def hog() -> int:
    """Ask for far more memory than a machine has to spare."""
    return len(bytearray(8 * 1024**3))


def no_memory() -> None:
    """Do as a parser that was refused memory."""
    raise MemoryError


class EndAll(BaseException):
    """What no parser catches."""


def end_all() -> None:
    """Raise it."""
    raise EndAll


def spin() -> None:
    """Never end, and never rest."""
    while True:
        pass


def hang() -> None:
    """Never end, and do nothing."""
    threading.Event().wait()


def wait_for(path: str, mode: str) -> str:
    """Open a pipe by name, which waits until another process opens its other end."""
    with Path(path).open(mode):
        return mode


def read_pipe(path: bytes, *_: object) -> bytes:
    """Read the pipe of this name to its end, which comes when nobody has it open any more."""
    return Path(path.decode()).read_bytes()


def unreadable() -> None:
    """Raise an error with everything on it."""
    msg = "no feed"
    raise Unreadable(msg, source="ledger", url="https://x.example/feed", status=410)


def with_place() -> None:
    """Raise an error that cannot be made of its message alone."""
    msg = "no such key"
    raise ConfigError(msg, where="config.toml:3")


def later() -> None:
    """Raise another one."""
    msg = "busy"
    raise DeliveryLater(msg, channel="desk", retry_after=3.5, in_doubt=True)


def bug() -> int:
    """Divide by zero."""
    return 1 // int("0")


def unpicklable() -> Callable[[], int]:
    """Return what no pickle holds."""
    return lambda: 1


def forbidden() -> object:
    """Return what a pickle holds and no parser may return."""
    return Path("/")


def long() -> bytes:
    """Return more than is taken."""
    return bytes(65 * 1024 * 1024)


def dial() -> None:
    """Open a connection to somewhere."""
    socket.create_connection(("127.0.0.1", 9))


def run_program() -> None:
    """Start a program."""
    subprocess.run(["true"], check=True)


def write(path: str) -> None:
    """Write a file."""
    Path(path).write_text("x", encoding="ascii")


def speak() -> None:
    """Say something where the service's log is."""
    sys.stdout.write("heard\n")
    sys.stderr.write("heard\n")
    sys.stdout.flush()
    os.write(1, b"heard\n")
    os.write(2, b"heard\n")


def surroundings() -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return what it holds open, the names in its environment, and the signals that it does not heed."""
    deaf = tuple(one.name for one in signal.Signals if signal.getsignal(one) is signal.SIG_IGN)
    return tuple(sorted(filter(None, map(_target, range(256))))), tuple(sorted(os.environ)), deaf


def _target(number: int) -> str:
    """Return what the file of this number is: "null", "socket"; nothing when there is none."""
    try:
        return Path(f"/proc/self/fd/{number}").readlink().name.partition(":")[0]
    except FileNotFoundError:
        return ""
