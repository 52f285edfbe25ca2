"""What a reader may take and do: limits that the kernel holds, and calls that its Python refuses.

Not every system has every measure: macOS has no /proc, and no limit of address space that holds. What a system lacks
is left out and the rest holds; this module is the one place where systems differ.
"""

from __future__ import annotations

import resource
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

from facts.errors import Unreadable
from spiders.handing_over import Limits

#: Apple's frameworks do not work in a fork of a process that has loaded them, as pdfium may: there a reader imports by
#: itself (https://docs.python.org/3/library/multiprocessing.html#contexts-and-start-methods).
IMPORTS_SURVIVE_FORK = sys.platform != "darwin"
#: Bytes of a connection's buffers: macOS gives a local one 8 KiB, Linux some 200.
BUFFER = 256 * 1024

#: What a process knows of itself on Linux (proc(5)).
_PROCESS = Path("/proc/self")
#: What a reader may do to nobody: connect, or start a program (https://docs.python.org/3/library/audit_events.html).
_REFUSED = frozenset(
    {"socket.__new__", "subprocess.Popen", "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn"}
)
_LIMITS = {
    "memory": resource.RLIMIT_AS,
    "CPU time": resource.RLIMIT_CPU,
    "writing": resource.RLIMIT_FSIZE,
}


def confine(limits: Limits) -> None:
    """Limit this process for good: memory, no network, no programs, no writing, no core dump, the first to be killed.

    The audit hook holds Python code back, which is what a parser led astray would run; it is no wall against code of
    an attacker's own.
    """
    for kind in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):
        _limit(kind, 0, for_good=True)
    with suppress(OSError):
        (_PROCESS / "oom_score_adj").write_text("1000", encoding="ascii")
    mapped = _mapped()
    if mapped is not None:
        _limit(resource.RLIMIT_AS, mapped + limits.memory)
    sys.addaudithook(_refuse)


def allow(limits: Limits) -> None:
    """Allow one task its time: SIGALRM and SIGXCPU, which nothing handles, end the process."""
    signal.setitimer(signal.ITIMER_REAL, limits.wall)
    # Of whole seconds, counted from the start of the process.
    _limit(resource.RLIMIT_CPU, int(time.process_time() + limits.cpu))


def rest() -> None:
    """End the time of a task that is done."""
    signal.setitimer(signal.ITIMER_REAL, 0)


def lacking() -> tuple[str, ...]:
    """Return what this process is not limited in; empty where the system has every limit."""
    return tuple(name for name, kind in _LIMITS.items() if resource.getrlimit(kind)[0] == resource.RLIM_INFINITY)


def _limit(kind: int, allowed: int, *, for_good: bool = False) -> None:
    """Allow so much of it, or what the machine's own limit allows when that is less; nothing where it has none."""
    with suppress(OSError, ValueError):
        _, most = resource.getrlimit(kind)
        least = allowed if most == resource.RLIM_INFINITY else min(allowed, most)
        resource.setrlimit(kind, (least, least if for_good else most))


def _mapped() -> int | None:
    """Return the bytes of address space that this process has already (proc(5), statm); None where nobody says."""
    try:
        return int((_PROCESS / "statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    except OSError:
        return None


def _refuse(event: str, _: tuple[object, ...]) -> None:
    if event in _REFUSED:
        msg = f"reading it tried to leave the sandbox ({event})"
        raise Unreadable(msg)
