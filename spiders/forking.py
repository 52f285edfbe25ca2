"""The fork server as the program sees it: started when the first reader is needed, ended with all its readers."""

from __future__ import annotations

import os
import pickle
import signal
import socket
import subprocess
import sys
from contextlib import suppress

from facts.errors import Unreachable
from spiders.confining import BUFFER
from spiders.handing_over import LENGTH, Limits

#: What a Python needs of the environment to start and to read time zones. The rest may be secrets.
_KEPT = frozenset({"PATH", "LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONTZPATH", "TZ", "LANG", "LC_ALL"})
#: Seconds that an order may take; the event loop waits for it.
_PATIENCE = 1.0
_START = "import sys; sys.path[:] = {path!r}; from spiders.sandbox import serve; serve({descriptor})"


class ForkServer:
    """One process of Python that has no thread, no connection and no file of this one, and forks readers."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def reader(self, module: str, limits: Limits) -> socket.socket:
        """Return a connection to a new reader that has this module imported.

        Raises:
            Unreachable: no process could be started.
        """
        try:
            return self._ordered(pickle.dumps((module, limits)))
        except OSError as error:
            msg = f"it was not read: no process for it could be started ({error.strerror or error})"
            raise Unreachable(msg) from error

    def close(self) -> None:
        """End the server and every reader at once, whatever they are doing."""
        control, process = self._control, self._process
        self._control = self._process = None
        if control is not None:
            control.close()
        if process is not None:
            # Not waited for before: as long as it is a zombie its number stays that of its group.
            with suppress(ProcessLookupError, PermissionError):
                # macOS calls it a matter of permission when nobody but zombies is left.
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _ordered(self, order: bytes) -> socket.socket:
        ours, theirs = _connected()
        ours.setblocking(False)
        try:
            with theirs:
                self._order(LENGTH.pack(len(order)) + order, theirs)
        except OSError:
            ours.close()
            raise
        return ours

    def _order(self, order: bytes, connection: socket.socket) -> None:
        try:
            _send(self._started(), order, connection)
        except ConnectionError:
            # Something ended it since the last order.
            self.close()
            _send(self._started(), order, connection)
        except OSError:
            # It may hold half an order now, and would take the next one for the rest of it.
            self.close()
            raise

    def _started(self) -> socket.socket:
        if self._control is not None:
            return self._control
        ours, theirs = _connected()
        # It takes an order at once, unless something holds it.
        ours.settimeout(_PATIENCE)
        try:
            with theirs:
                start = _START.format(path=sys.path, descriptor=theirs.fileno())
                self._process = subprocess.Popen(  # noqa: S603 (our own interpreter and a text of our own)
                    [sys.executable, "-P", "-c", start],
                    pass_fds=(theirs.fileno(),),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env={name: value for name, value in os.environ.items() if name in _KEPT},
                    # No signal of the terminal reaches it, and one signal ends it with its readers.
                    start_new_session=True,
                )
        except BaseException:
            ours.close()
            raise
        self._control = ours
        return ours


def _connected() -> tuple[socket.socket, socket.socket]:
    """Return both ends of a connection on this machine; of bytes, since macOS has no other that keeps their order."""
    pair = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    for end in pair:
        for buffer in (socket.SO_SNDBUF, socket.SO_RCVBUF):
            # A wish, for fewer turns between the two ends.
            with suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, buffer, BUFFER)
    return pair


def _send(control: socket.socket, order: bytes, connection: socket.socket) -> None:
    sent = socket.send_fds(control, [order], [connection.fileno()])
    control.sendall(order[sent:])
