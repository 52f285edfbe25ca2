"""One page in the browser, from its answer to what its scripts show."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from mmap import PAGESIZE
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag

from facts.errors import Unreachable, Unreadable
from spiders.dates import zone_of
from spiders.fetching import Answer, BodyCap
from spiders.page_answers import PageAnswers

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Page, Route

_MIB = 1024 * 1024
#: Seconds that a browser may take to open an empty page.
_OPENS = 15.0
#: Seconds without a request after which a page has come to rest.
QUIET = 0.5
#: Seconds between two looks at the memory of its processes.
_WATCHED_EVERY = 0.25
#: Tries of a reading that a page interrupts by going elsewhere.
_TRIES = 3

# Asked in a world of its own, so that no script of the page can answer in its place.
_MARKUP = """(most => {
  const root = document.documentElement, markup = root ? root.outerHTML : "";
  return markup.length > most ? null : (document.doctype ? "<!DOCTYPE html>\\n" : "") + markup;
})(%d)"""
#: Answered when the scripts that wait for their turn have had it.
_TURN = "() => new Promise(done => setTimeout(() => done(document.readyState), 0))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long one page may take, and how much memory."""

    #: Seconds by the clock for all of its scripts.
    seconds: float = 90.0
    #: Seconds more to hand over what is there.
    grace: float = 5.0
    #: Bytes of memory of the processes that run its scripts; watched where there is /proc.
    memory: int = 1024 * _MIB

    @property
    def at_most(self) -> float:
        """Seconds with the start of the browser, after which nothing is waited for."""
        return self.seconds + self.grace + 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a page came to."""

    #: Its address after its scripts ran.
    url: str
    markup: str
    #: Bytes received for it, those of its own answer left out.
    bytes: int
    #: The shortest time that what it is made of stays good; None when a part does not say.
    fresh_for: timedelta | None
    #: What its own site could not give it this time, in words.
    lacks: str | None = None


@dataclass(slots=True, kw_only=True)
class PageVisit:
    """One page: `run` shows and reads it."""

    document: Answer
    answers: PageAnswers
    patience: Patience
    user_agent: str
    wait_for: str | None = None
    #: In words, what ended the page.
    _broken: asyncio.Future[str] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    async def run(self, browser: Browser) -> Shown:
        """Show the page and read it.

        Raises:
            Unreachable: the browser does not answer.
            Unreadable: it never showed what was waited for, never came to rest, took too much or crashed.
        """
        browser.on("disconnected", lambda _: self._end("the browser ended over it"))
        try:
            async with asyncio.timeout(_OPENS):
                page = await self._opened(browser)
        except TimeoutError as error:
            msg = f"it was not read in a browser: Chromium did not answer within {_OPENS:g} s"
            raise Unreachable(msg, url=self.document.url) from error
        shown = asyncio.ensure_future(self._shown(page))
        watch = asyncio.ensure_future(self._watch(browser))
        ends: list[asyncio.Future[Any]] = [shown, self._broken]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            # What fails because the page broke is told as that.
            if not shown.done() or (self._broken.done() and shown.exception() is not None):
                raise self._unreadable(self._broken.result())
            return shown.result()
        finally:
            for task in (shown, watch):
                task.cancel()
            await asyncio.gather(shown, watch, return_exceptions=True)
            await self.answers.close()

    async def _opened(self, browser: Browser) -> Page:
        """Open an empty page in a profile of its own that may do nothing but run scripts."""
        context = await browser.new_context(
            user_agent=self.user_agent,
            service_workers="block",
            accept_downloads=False,
            permissions=[],
            reduced_motion="reduce",
            # Times that scripts write without a zone are read by the same.
            timezone_id=str(zone_of(self.document.final_url)),
        )
        page = await context.new_page()
        await self._close_doors(context, page)
        return page

    async def _close_doors(self, context: BrowserContext, page: Page) -> None:
        async def on_route(route: Route) -> None:
            with _page_gone():
                await self.answers.serve(page, route)

        async def shut(other: Page) -> None:
            with _page_gone():
                await other.close()

        await context.route("**/*", on_route)
        # Never joined to a server: what is sent into it is lost.
        await context.route_web_socket("**/*", lambda _: None)
        context.on("page", shut)
        page.on("crash", lambda _: self._end("its scripts crashed it, or filled its memory"))

    async def _shown(self, page: Page) -> Shown:
        patience = self.patience
        try:
            async with asyncio.timeout(patience.seconds):
                await self._go(page)
                await self._settle(page)
        except TimeoutError:
            if self.wait_for is not None:
                raise self._unreadable(self._never_showed()) from None
            self.answers.wait_no_longer(patience.seconds)
        try:
            async with asyncio.timeout(patience.grace):
                markup, url = await _retried(lambda: self._read(page))
        except TimeoutError:
            msg = f"its scripts never came to rest within {patience.seconds:g} s"
            raise self._unreadable(msg) from None
        answers = self.answers
        return Shown(url=url, markup=markup, bytes=answers.received, fresh_for=answers.fresh_for(), lacks=answers.lacks)

    async def _go(self, page: Page) -> None:
        with _page_gone():
            # It may go elsewhere before it is there. No limit of Playwright's, since ours holds.
            await page.goto(urldefrag(self.document.final_url).url, wait_until="commit", timeout=0)

    async def _settle(self, page: Page) -> None:
        if self.wait_for is not None:
            await _retried(lambda: page.wait_for_selector(f"css={self.wait_for}", state="attached", timeout=0))
            return
        while not await self._is_settled(page):  # noqa: ASYNC110 (what it waits for is in another process)
            await asyncio.sleep(QUIET)

    async def _is_settled(self, page: Page) -> bool:
        """Return whether the page asked for nothing for a while, and its scripts had no other plan."""
        await self.answers.rest(QUIET)
        last, state = self.answers.last, "loading"
        with _page_gone():
            state = await page.evaluate(_TURN)
        return state != "loading" and last == self.answers.last

    async def _read(self, page: Page) -> tuple[str, str]:
        """Return the markup of the page as it stands, and its address.

        Raises:
            Unreadable: it is longer than a page may be.
        """
        cap = BodyCap.PAGE.value
        session = await page.context.new_cdp_session(page)
        frame = (await session.send("Page.getFrameTree"))["frameTree"]["frame"]
        world = await session.send("Page.createIsolatedWorld", {"frameId": frame["id"]})
        asked = {"expression": _MARKUP % cap, "contextId": world["executionContextId"], "returnByValue": True}
        found = (await session.send("Runtime.evaluate", asked))["result"].get("value")
        if not isinstance(found, str) or len(found.encode("utf-8", "replace")) > cap:
            msg = f"what its scripts show is longer than the cap of {cap // _MIB} MiB"
            raise self._unreadable(msg)
        address = str(frame["url"])
        return found, address if address.startswith(("http:", "https:")) else self.document.final_url

    async def _watch(self, browser: Browser) -> None:
        """End the page when its processes take too much memory, which nothing else would bound."""
        with _page_gone():
            session = await browser.new_browser_cdp_session()
            while True:
                processes = (await session.send("SystemInfo.getProcessInfo"))["processInfo"]
                taken = sum(_resident(one["id"]) for one in processes if one["type"] == "renderer")
                if taken > self.patience.memory:
                    self._end(f"its scripts took more than {self.patience.memory // _MIB} MB of memory")
                await asyncio.sleep(_WATCHED_EVERY)

    def _end(self, why: str) -> None:
        if not self._broken.done():
            self._broken.set_result(why)

    def _never_showed(self) -> str:
        showed = f"the page never showed {str(self.wait_for)!r} within {self.patience.seconds:g} s"
        return "; ".join((showed, *self.answers.denied))

    def _unreadable(self, why: str) -> Unreadable:
        return Unreadable(why, url=self.document.url)


async def _retried(read: Callable[[], Awaitable[Any]]) -> Any:  # noqa: ANN401 (what it reads)
    """Read again what a page interrupted by going elsewhere."""
    for _ in range(_TRIES - 1):
        with _page_gone():
            return await read()
        await asyncio.sleep(QUIET)
    return await read()


def _page_gone() -> suppress:
    """Let pass what fails because the page closed or went elsewhere."""
    from playwright.async_api import Error  # noqa: PLC0415 (an extra)

    return suppress(Error)


def _resident(process: int) -> int:
    """Return the bytes of memory that a process holds, 0 where that cannot be seen."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]) * PAGESIZE
    except (OSError, ValueError, IndexError):
        return 0
