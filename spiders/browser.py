"""Pages that scripts make, read as a browser shows them: a `Fetch` that opens what the guarded one brings in Chromium.

One page at a time, each in a browser of its own that is ended after it: no cookie, no state and no process stays.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from facts.document import Capture, CaptureKind, Headers
from facts.errors import Blocked, Unreachable, Unreadable
from facts.visit import Harvest, Link, LinkKind, Remembered
from spiders.answers import is_binary
from spiders.chromium import ChromiumSettings, open_chromium, require
from spiders.fetching import Answer, BodyCap, Fetch, Follower, P, Spider, T
from spiders.follow import COMMENT
from spiders.html import decode, text_of
from spiders.kept_scripts import KeptScripts
from spiders.page_answers import PageAnswers
from spiders.page_requests import Bounds
from spiders.page_visit import PageVisit, Patience, Shown
from spiders.pdf import is_pdf
from spiders.wall import LOOKED_AT, wall

_SAID = "the page as a browser showed it after its scripts had run; no server sent these bytes"
_CLOSED = "the browser was closed"
_HTML = "text/html"
_OK = 200
_PAGES = frozenset({_HTML, "application/xhtml+xml"})
#: Seconds that a visit waits for its turn, so that it ends within its lease (`scheduler.polling.LEASE`).
VISIT_WAITS = 90.0
#: The same for a followed page, whose lease is an hour.
PAGE_WAITS = 1800.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserSettings:
    """What the browser says of us, and what it may do."""

    user_agent: str
    chromium: ChromiumSettings = field(default_factory=ChromiumSettings)
    bounds: Bounds = field(default_factory=Bounds)
    patience: Patience = field(default_factory=Patience)


@dataclass(slots=True, kw_only=True)
class Browser:
    """Shows pages, one at a time; nothing is started before the first."""

    settings: BrowserSettings
    clock: Callable[[], datetime]
    _scripts: KeptScripts = field(default_factory=KeptScripts)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    #: Held by the followed page whose turn is next or now: a visit stands behind one of them, and not behind dozens.
    _followed: asyncio.Lock = field(default_factory=asyncio.Lock)
    _limit: asyncio.Timeout | None = None
    _closed: bool = False

    async def show(self, document: Answer, fetch: Fetch, *, wait_for: str | None, waits: float, visits: bool) -> Shown:
        """Open an answer in the browser, and return what its scripts made of it.

        `wait_for` is a selector that has to appear; `waits` the seconds until its turn has to come; `visits` says that
        it is a source's own page, which goes before the pages that were followed.

        Raises:
            Unreachable: there is no browser, its turn did not come, or the service ended over it.
            Unreadable: the page came to nothing.
        """
        async with AsyncExitStack() as held:
            try:
                async with asyncio.timeout(waits):
                    for lock in (self._turn,) if visits else (self._followed, self._turn):
                        await held.enter_async_context(lock)
            except TimeoutError as error:
                msg = f"other pages held the browser for {waits:g} s"
                raise Unreachable(msg, url=document.url) from error
            if self._closed:
                raise Unreachable(_CLOSED, url=document.url)
            return await self._shown(document, fetch, wait_for)

    async def close(self) -> None:
        """End the page that is shown, and wait until its browser is gone; its caller gets `Unreachable`."""
        self._closed = True
        if self._limit is not None and not self._limit.expired():
            self._limit.reschedule(asyncio.get_running_loop().time())
        async with self._turn:
            pass

    async def _shown(self, document: Answer, fetch: Fetch, wait_for: str | None) -> Shown:
        settings = self.settings
        require(settings.chromium)
        from playwright.async_api import Error  # noqa: PLC0415 (an extra)

        answers = PageAnswers(
            document=document, fetch=fetch, scripts=self._scripts, bounds=settings.bounds, clock=self.clock
        )
        visit = PageVisit(
            document=document,
            answers=answers,
            patience=settings.patience,
            user_agent=settings.user_agent,
            wait_for=wait_for,
        )
        try:
            async with asyncio.timeout(settings.patience.at_most) as self._limit:
                async with open_chromium(settings.chromium) as chromium:
                    return await visit.run(chromium)
        except TimeoutError as error:
            msg = _CLOSED if self._closed else "the browser did not answer"
            raise Unreachable(msg, url=document.url) from error
        except Error as error:
            msg = f"the browser could not show it: {str(error).partition(chr(10))[0][:200]}"
            raise Unreadable(msg, url=document.url) from error
        finally:
            self._limit = None


@asynccontextmanager
async def open_browser(settings: BrowserSettings, clock: Callable[[], datetime]) -> AsyncIterator[Browser]:
    """Yield the browser; nothing is started before a page is shown, and nothing is left after the block."""
    browser = Browser(settings=settings, clock=clock)
    try:
        yield browser
    finally:
        await browser.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A `Fetch` whose pages are read in the browser; whatever is no page passes unchanged."""

    inner: Fetch
    browser: Browser
    wait_for: str | None = None
    #: Whether it is a source's own page, and not one that was followed.
    visits: bool = False
    waits: float = PAGE_WAITS

    async def __call__(
        self, url: str, *, cap: BodyCap, validators: Remembered | None = None, data: bytes | None = None
    ) -> Answer:
        """Fetch one address, a page without its validators: it may be as it was while what it shows is not."""
        if data is not None or cap is not BodyCap.PAGE:
            return await self.inner(url, cap=cap, validators=validators, data=data)
        answer = await self.inner(url, cap=cap)
        if not _is_page(answer.capture):
            return answer
        shown = await self.browser.show(
            answer, self.inner, wait_for=self.wait_for, waits=self.waits, visits=self.visits
        )
        capture = _capture(url, shown, self.browser.clock())
        walled, has_words = await self.inner.parse(judged, capture.body, capture.headers)
        if walled is not None:
            msg = f"bot wall, made by its scripts: {walled}"
            raise Blocked(msg, url=url, status=_OK)
        if self.wait_for is None and shown.lacks is not None:
            # Another look may find the part; half a page would be told as an edit of the whole one.
            raise Unreachable(shown.lacks, url=url)
        if self.visits and self.wait_for is None and not has_words:
            msg = "its scripts ran and it shows no words; wait_for says what has to appear"
            raise Unreadable(msg, url=url)
        return replace(
            answer,
            final_url=shown.url,
            capture=capture,
            etag=None,
            last_modified=None,
            fresh_for=shown.fresh_for,
            bytes=answer.bytes + shown.bytes,
        )

    async def parse(self, parser: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a parser as the fetch inside does."""
        return await self.inner.parse(parser, *args, **kwargs)


def judged(body: bytes, headers: Headers) -> tuple[str | None, bool]:
    """Return which wall a page is that scripts made, if any, and whether it shows a word."""
    return wall(_OK, headers, body[:LOOKED_AT]), bool(text_of(decode(body, headers)).strip())


def _is_page(capture: Capture | None) -> bool:
    """Return whether a browser shows it; of a PDF that is called a page it would make a page of signs."""
    if capture is None or capture.media_type not in _PAGES:
        return False
    return not is_pdf(capture.body) and not is_binary(capture.body)


def _capture(url: str, shown: Shown, now: datetime) -> Capture:
    return Capture(
        url=url,
        status=0,
        headers=((COMMENT, _SAID), ("Content-Type", f"{_HTML}; charset=utf-8")),
        body=shown.markup.encode("utf-8", "replace"),
        media_type=_HTML,
        fetched_at=now,
        kind=CaptureKind.CONVERSION,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SpiderInBrowser:
    """A spider whose pages are read in the browser."""

    spider: Spider
    browser: Browser
    wait_for: str | None

    async def visit(self, fetch: Fetch, memory: Mapping[str, Remembered], now: datetime) -> Harvest:
        """Look at the source once; the errors are those of the spider."""
        return await self.spider.visit(shown_by(self.browser, fetch, self.wait_for), memory, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowerInBrowser:
    """A follower that reads the pages of some sources in the browser, and their letters as ever."""

    follow: Follower
    browser: Browser
    sources: frozenset[str]

    async def __call__(self, fetch: Fetch, link: Link, now: datetime, *, before: Remembered | None = None) -> Harvest:
        """Read the link; the errors are those of the follower."""
        if link.kind is LinkKind.PAGE and link.source in self.sources:
            fetch = Rendered(inner=fetch, browser=self.browser)
        return await self.follow(fetch, link, now, before=before)


def shown_by(browser: Browser, fetch: Fetch, wait_for: str | None) -> Fetch:
    """Return the fetch through which a source's own page is read in the browser."""
    return Rendered(inner=fetch, browser=browser, wait_for=wait_for, visits=True, waits=VISIT_WAITS)
