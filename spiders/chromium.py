"""Chromium, started for one page and ended after it: where it is found, what it may do, and what it is told of us.

It reaches no network by itself: every name and number resolves to nothing, and the proxy that it is to use does not
exist. What it shows was put into it by `spiders.page_visit`.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from facts.errors import Unreachable

if TYPE_CHECKING:
    # Playwright is an extra, so it is imported where it is used.
    from playwright.async_api import Browser, Playwright

#: Names of the program on a path, and where macOS has it.
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_MACOS = ("/Applications/Chromium.app/Contents/MacOS/Chromium",
          "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")  # fmt: skip
#: Where Playwright keeps a browser of its own, when it was told to fetch one.
_OWN = (".cache/ms-playwright", "Library/Caches/ms-playwright")
_NO_PROGRAM = "no Chromium was found"
#: How Playwright's package is installed here.
INSTALL = "sh scripts/install --no-dev --extra browser"
#: Seconds that the program may take to start, and to end.
_START, _END = 30.0, 5.0
_ROOT = 0
_ERROR_SHOWN = 200

#: Ways out that are closed one by one, each for itself enough. `.invalid` is no one's (RFC 2606, section 2).
_NO_PROXY = "http://none.invalid:9"
_ARGUMENTS = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    # Else loopback would be asked directly.
    "--proxy-bypass-list=<-loopback>",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--dns-prefetch-disable",
    "--no-pings",
    "--disable-domain-reliability",
    "--disable-client-side-phishing-detection",
    "--block-new-web-contents",
    "--disable-gpu",
    # A script that fills its heap ends alone; what it takes beside it is watched.
    "--js-flags=--max-old-space-size=512",
)
#: Of Playwright's own arguments: a page opens no window unasked.
_NOT_THESE = ("--disable-popup-blocking",)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChromiumSettings:
    """The `[fetch]` section as far as the browser goes."""

    #: The program; looked for when empty.
    program: str = ""
    #: Its own sandbox; without it a page that breaks out of the renderer is this user.
    sandbox: bool = True


def find_program(named: str, which: Callable[[str], str | None] = shutil.which) -> str | None:
    """Return the path of the program, that of the configuration alone when it names one; None when there is none."""
    for name in (named,) if named else (*_NAMES, *_MACOS):
        found = which(name)
        if found is not None:
            return found
    return None


def lacking(settings: ChromiumSettings, *, user: int | None = None, package: bool | None = None) -> str | None:
    """Return in words what is missing to show a page, and what to do; None when nothing is known to be.

    `user` is the user id, and `package` whether Playwright is installed; both are looked up when not given.
    """
    has_package = find_spec("playwright") is not None if package is None else package
    if not has_package:
        return f"the package playwright is not installed: {INSTALL}"
    if settings.program and find_program(settings.program) is None:
        return (
            f"chromium of [fetch] is no program that this user can start: set its path, or install {settings.program}"
        )
    if not settings.program and find_program("") is None and not _has_own():
        return f"{_NO_PROGRAM}: install chromium, or set chromium in [fetch] to its path"
    if settings.sandbox and (os.geteuid() if user is None else user) == _ROOT:
        return (
            "Chromium does not run as root with its sandbox: run the service as a user of its own, or set "
            "browser_sandbox = false in [fetch]"
        )
    return None


def _has_own() -> bool:
    named = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    folders = [Path(named)] if named else [Path.home() / folder for folder in _OWN]
    return any(any(folder.glob("chromium*")) for folder in folders)


def require(settings: ChromiumSettings) -> None:
    """Let pass what can show a page, as far as that is known before it is tried.

    Raises:
        Unreachable: something is missing.
    """
    why = lacking(settings)
    if why is not None:
        raise Unreachable(_unread(why))


def environment(home: str) -> Mapping[str, str]:
    """Return all that the program's environment holds: never ours, which has tokens and passwords."""
    return {
        "PATH": os.defpath,
        "HOME": home,
        "TMPDIR": home,
        "XDG_CONFIG_HOME": f"{home}/config",
        "XDG_CACHE_HOME": f"{home}/cache",
        "LANG": "C.UTF-8",
        # It would start a message bus of its own.
        "DBUS_SESSION_BUS_ADDRESS": "disabled:",
    }


@asynccontextmanager
async def open_chromium(settings: ChromiumSettings) -> AsyncIterator[Browser]:
    """Start the program for the block, and end it with all its processes.

    Raises:
        Unreachable: it is not there, or does not start.
    """
    require(settings)
    with TemporaryDirectory(prefix="pursestrings-", ignore_cleanup_errors=True) as home:
        async with _open_driver() as driver:
            browser = await _launch(driver, settings, home)
            try:
                yield browser
            finally:
                # The driver, which ends next, kills what does not end by itself.
                with suppress(Exception):
                    await asyncio.wait_for(browser.close(), _END)


@asynccontextmanager
async def _open_driver() -> AsyncIterator[Playwright]:
    """Start Playwright's driver, a process of its own, for the block.

    It has our environment, since Playwright gives it no other; no page runs in it.
    """
    from playwright.async_api import async_playwright  # noqa: PLC0415

    starting = asyncio.ensure_future(async_playwright().start())
    try:
        driver = await asyncio.shield(starting)
    except asyncio.CancelledError:
        # Nobody else would end what is still starting.
        await (await starting).stop()
        raise
    try:
        yield driver
    finally:
        await driver.stop()


async def _launch(driver: Playwright, settings: ChromiumSettings, home: str) -> Browser:
    from playwright.async_api import Error  # noqa: PLC0415

    program = find_program(settings.program)
    values: dict[str, Any] = {
        "executable_path": program,
        "args": list(_ARGUMENTS),
        "ignore_default_args": list(_NOT_THESE),
        "proxy": {"server": _NO_PROXY},
        "env": dict(environment(home)),
        "downloads_path": home,
        "chromium_sandbox": settings.sandbox,
        "timeout": _START * 1000,
        # A signal is the service's, which ends this in its turn.
        "handle_sigint": False,
        "handle_sigterm": False,
        "handle_sighup": False,
    }
    try:
        return await driver.chromium.launch(**values)
    except Error as error:
        raise Unreachable(_unread(_trouble(str(error)))) from error


def _trouble(said: str) -> str:
    if "No usable sandbox" in said or "sandbox_host" in said:
        return (
            "Chromium found no usable sandbox: let the service make user namespaces (docs/operate.md), or set "
            "browser_sandbox = false in [fetch]"
        )
    first = next((line.strip() for line in said.splitlines() if line.strip()), "")
    return f"Chromium did not start: {first[:_ERROR_SHOWN]}"


def _unread(why: str) -> str:
    return f"it was not read in a browser: {why}"
