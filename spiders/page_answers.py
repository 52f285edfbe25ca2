"""The answers that a page in the browser is given: each request that it may make goes through the guarded fetch."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag

from facts.errors import SourceError, Unreachable, Unreadable
from spiders.fetching import Answer, BodyCap, Fetch
from spiders.kept_scripts import KeptScripts
from spiders.page_requests import Bounds, Spent, Wish, is_of_site, over, passed_on, refusal_of

if TYPE_CHECKING:
    from playwright.async_api import Page, Request, Route

#: Characters of an address and of a reason that an error shows, and how many of them.
_SHOWN, _MOST_SHOWN = 200, 3
#: Statuses of what a later visit may be given: RFC 9110, sections 15.5.9 and 15.6, and RFC 6585, section 4.
_SERVER_ERROR, _TIMED_OUT, _TOO_MANY = 500, 408, 429


@dataclass(slots=True, kw_only=True)
class PageAnswers:
    """What one page asks for, and what it got."""

    #: The answer of the page itself.
    document: Answer
    fetch: Fetch
    scripts: KeptScripts
    bounds: Bounds
    clock: Callable[[], datetime]
    #: Bytes received by now, those of the page itself left out.
    received: int = 0
    #: The first requests that it could not make, in words.
    denied: list[str] = field(default_factory=list)
    #: What its own site could not give it this time, in words: a page without it may show less than there is.
    lacks: str | None = None
    #: Loop time of the last request's end.
    last: float = field(default_factory=lambda: asyncio.get_running_loop().time())
    _spent: Spent = field(default_factory=Spent)
    _fresh: list[timedelta | None] = field(default_factory=list)
    _begun: bool = False
    _under_way: dict[asyncio.Task[Answer], Wish] = field(default_factory=dict)
    #: Set while nothing is under way.
    _idle: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, page: Page, route: Route) -> None:
        """Answer one request, or refuse it.

        Raises:
            playwright.async_api.Error: the page has gone.
        """
        wish = _wish(page, route.request)
        if wish.is_document and wish.main_frame and not self._begun:
            self._begun = True
            await _fulfil(route, self.document)
            return
        reason = refusal_of(wish, self.document.final_url, self._spent, self.bounds)
        if reason is not None:
            await self._deny(route, wish, reason)
            return
        self._spent.add(wish)
        task = asyncio.ensure_future(self._answer(wish, route.request.post_data_buffer))
        with self._counted(task, wish):
            await asyncio.wait({task})
        if task.cancelled():
            return
        error = task.exception()
        if isinstance(error, SourceError):
            self._note(wish, error)
            await self._deny(route, wish, str(error))
        else:
            await _fulfil(route, task.result())

    async def rest(self, seconds: float) -> None:
        """Return when nothing was under way for so long."""
        loop = asyncio.get_running_loop()
        while self._under_way or (left := self.last + seconds - loop.time()) > 0:
            await (self._idle.wait() if self._under_way else asyncio.sleep(left))

    def wait_no_longer(self, seconds: float) -> None:
        """Note what has not come by now, after so many seconds: its host is slow, or wants pauses that long."""
        for wish in self._under_way.values():
            self._lack(wish, f"it had not come within {seconds:g} s")

    async def close(self) -> None:
        """End what is under way."""
        tasks = list(self._under_way)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def fresh_for(self) -> timedelta | None:
        """Return how long the page stays as it is: as long as all that it is made of; None when one does not say."""
        said = [self.document.fresh_for, *self._fresh]
        known = [one for one in said if one is not None]
        return min(known) if len(known) == len(said) else None

    def _note(self, wish: Wish, error: SourceError) -> None:
        """Note a failure that a later visit may not meet; refusals, and what is not there, are as they are."""
        status = error.status
        later = status is None or status >= _SERVER_ERROR or status in {_TIMED_OUT, _TOO_MANY}
        passing = isinstance(error, Unreachable) and later
        if passing:
            self._lack(wish, str(error))

    def _lack(self, wish: Wish, why: str) -> None:
        if self.lacks is None and is_of_site(wish.url, self.document.final_url):
            self.lacks = f"its scripts could not have {wish.url[:_SHOWN]}: {why[:_SHOWN]}"

    async def _deny(self, route: Route, wish: Wish, reason: str) -> None:
        """Refuse a request; a page that would go elsewhere stays where it is."""
        if wish.has_words and len(self.denied) < _MOST_SHOWN:
            self.denied.append(f"it could not have {wish.url[:_SHOWN]}: {reason[:_SHOWN]}")
        await route.abort("aborted")

    async def _answer(self, wish: Wish, data: bytes | None) -> Answer:
        """Return the answer to a request.

        Raises:
            SourceError: the guarded fetch refuses it, it failed, or the page was given too much.
        """
        url = urldefrag(wish.url).url
        kept = self.scripts.get(url, self.clock()) if wish.is_script else None
        # A question may be empty; without data it would be sent as GET.
        asked = (data or b"") if wish.method == "POST" else None
        answer = kept or await self.fetch(url, cap=BodyCap.PAGE, data=asked)
        if wish.is_script and kept is None:
            self.scripts.put(answer, self.clock())
        self.received += answer.bytes
        self._spent.bytes += max(answer.bytes, len(answer.capture.body) if answer.capture is not None else 0)
        self._fresh.append(answer.fresh_for)
        reason = over(self._spent, self.bounds)
        if reason is not None:
            raise Unreadable(reason, url=url)
        return answer

    @contextmanager
    def _counted(self, task: asyncio.Task[Answer], wish: Wish) -> Iterator[None]:
        self._under_way[task] = wish
        self._idle.clear()
        try:
            yield
        finally:
            self._under_way.pop(task, None)
            self.last = asyncio.get_running_loop().time()
            if not self._under_way:
                self._idle.set()


def _wish(page: Page, request: Request) -> Wish:
    return Wish(
        method=request.method,
        url=request.url,
        sort=request.resource_type,
        main_frame=_frame(request) == page.main_frame,
        headers=tuple(request.headers.items()),
    )


def _frame(request: Request) -> Any:  # noqa: ANN401 (None, or Playwright's frame)
    from playwright.async_api import Error  # noqa: PLC0415 (an extra)

    try:
        return request.frame
    except Error:
        # A window that is only being opened.
        return None


async def _fulfil(route: Route, answer: Answer) -> None:
    capture = answer.capture
    assert capture is not None
    await route.fulfill(status=capture.status, headers=passed_on(capture.headers), body=capture.body)
