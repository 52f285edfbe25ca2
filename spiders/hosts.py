"""Hosts: what each one asked of us, robots.txt and pauses, known to all sources and links and kept over restarts."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Protocol
from urllib.parse import urlsplit

from facts.document import Headers
from facts.errors import Held, StorageError
from facts.host import HostState
from spiders.answers import MAX_RETRY_AFTER, retry_at, status_words

log = logging.getLogger(__name__)

#: How long a host that says 429 and names no time is left alone; twice as long each time, up to the longest.
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
#: Hosts remembered; above it those with the oldest copies of robots.txt are forgotten.
MOST_HOSTS = 2000

_TOO_MANY, _UNAVAILABLE = 429, 503
_MOST_DOUBLED = 10


class HostBook(Protocol):
    """Where the states of hosts are kept; synchronous, so it is called in a thread."""

    def load(self) -> Mapping[str, HostState]:
        """Return what was kept, by host."""
        ...

    def keep(self, states: Sequence[HostState]) -> None:
        """Commit these states.

        Raises:
            StorageError: they cannot be written now.
        """
        ...


class NoBook:
    """A book without pages: for a fetcher whose memory ends with it."""

    def load(self) -> Mapping[str, HostState]:
        """Return nothing."""
        return {}

    def keep(self, states: Sequence[HostState]) -> None:
        """Keep nothing."""


class Hosts:
    """The states of the hosts that were asked; changes are written in the background, those of one moment together."""

    def __init__(self, book: HostBook, known: Mapping[str, HostState], clock: Callable[[], datetime]) -> None:
        self._book = book
        self._clock = clock
        self._states = dict(known)
        self._changed: dict[str, HostState] = {}
        self._writing: asyncio.Task[None] | None = None

    def state(self, host: str) -> HostState:
        """Return what is known of a host."""
        return self._states.get(host) or HostState(host=host)

    def require_free(self, url: str) -> None:
        """Return when the host of this address may be asked now.

        Raises:
            Held: it named a later time.
        """
        state = self._states.get(host_of(url))
        if state is None or state.blocked_until is None or not is_blocked(state, self._clock()):
            return
        until = state.blocked_until
        msg = f"{host_of(url)} wants no request before {until:%Y-%m-%d %H:%M} UTC ({state.last_error})"
        raise Held(msg, url=url, retry_at=until)

    def answered(self, url: str, status: int, headers: Headers) -> None:
        """Note what an answer means for its host."""
        before = self.state(host_of(url))
        after = after_answer(before, status, headers, self._clock())
        if after is not before:
            self.put(after)

    def put(self, state: HostState, *, lasting: bool = True) -> None:
        """Take a new state; one that is not `lasting` ends with the process."""
        if len(self._states) >= MOST_HOSTS and state.host not in self._states:
            self._states = _most_needed(self._states, self._clock())
        self._states[state.host] = state
        if lasting:
            self._changed[state.host] = state
            if self._writing is None or self._writing.done():
                self._writing = asyncio.create_task(self._write())

    async def close(self) -> None:
        """Write what is not written yet."""
        if self._writing is not None:
            await self._writing
        if self._changed:
            await self._write()

    async def _write(self) -> None:
        while self._changed:
            batch, self._changed = self._changed, {}
            try:
                await asyncio.to_thread(self._book.keep, list(batch.values()))
            except StorageError as error:
                # Written with the next change: until then they are only as lasting as the process.
                log.warning("what hosts asked for could not be written: %s", error)
                self._changed = batch | self._changed
                return


@lru_cache(maxsize=4096)  # asked some times a fetch
def host_of(url: str) -> str:
    """Return scheme, name and port of an address, which robots.txt and pauses are for."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"


def is_blocked(state: HostState, now: datetime) -> bool:
    """Return whether the host is to be left alone now; a time beyond any that is kept to was set by a wrong clock."""
    return state.blocked_until is not None and now < state.blocked_until <= now + MAX_RETRY_AFTER


def after_answer(state: HostState, status: int, headers: Headers, now: datetime) -> HostState:
    """Return the host's state after an answer; the very same one when it says nothing new.

    429 holds the host until the time it names, or for a minute, doubled each time up to an hour; 503 only when it
    names a time, since without one it may be this page's own trouble. Any other answer ends that.
    """
    asked = retry_at(headers, now) if status in (_TOO_MANY, _UNAVAILABLE) else None
    if status == _TOO_MANY or asked is not None:
        pause = min(FIRST_PAUSE * 2 ** min(state.failures, _MOST_DOUBLED), LONGEST_PAUSE)
        return replace(
            state,
            blocked_until=asked or now + pause,
            failures=state.failures + 1,
            last_error=status_words(status),
        )
    return replace(state, failures=0, blocked_until=None, last_error=None) if state.failures else state


def _most_needed(states: Mapping[str, HostState], now: datetime) -> dict[str, HostState]:
    """Return half of the states: those that hold a host back, then those read last."""

    def need(state: HostState) -> tuple[bool, float]:
        return is_blocked(state, now), state.robots_until.timestamp() if state.robots_until else 0.0

    kept = sorted(states.values(), key=need, reverse=True)[: MOST_HOSTS // 2]
    return {state.host: state for state in kept}
