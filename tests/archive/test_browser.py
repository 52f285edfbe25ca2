"""A real browser reads the pages: what a person relies on, light and dark, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Browser, ViewportSize, async_playwright

from archive.serve import Serving, serve
from tests.archive import samples, site
from tests.archive.newsroom import Newsroom, archive, judged, keep

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FREE = "127.0.0.1:0"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SIZES = {"desk": ViewportSize(width=1200, height=850), "phone": ViewportSize(width=360, height=740)}

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="no chromium: the browser tests of the archive")

# WCAG 2.2, relative luminance and contrast ratio, of an element's text on the first background behind it.
CONTRAST = """elements => elements.map(element => {
  const parse = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const clear = it => parse(getComputedStyle(it).backgroundColor)[3] === 0;
  let behind = element;
  while (clear(behind) && behind.parentElement) behind = behind.parentElement;
  const ink = light(parse(getComputedStyle(element).color));
  const paper = light(parse(getComputedStyle(behind).backgroundColor));
  return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
})"""
TEXTS = "p, a, h1, h2, h3, dt, dd, small, b, mark, label, button, code"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@asynccontextmanager
async def served(newsroom: Newsroom) -> AsyncIterator[tuple[Serving, Browser]]:
    """Serve the samples on loopback, with a browser beside them."""
    app, replay = site.app(newsroom.catalogue), site.replay(newsroom.catalogue)
    async with serve(app, replay, FREE, FREE) as serving, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield serving, browser
        finally:
            await browser.close()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", SCHEMES)
async def test_every_page_reads_well(newsroom: Newsroom, scheme: Literal["light", "dark"], size: str) -> None:
    """All text has a contrast of 4.5 (WCAG AA), nothing runs off sideways, and the console is silent."""
    said: list[str] = []
    async with served(newsroom) as (serving, browser):
        page = await browser.new_page(color_scheme=scheme, viewport=SIZES[size])
        page.on("console", lambda message: said.append(message.text))
        for path in ("/", "/?label=all&words=jail", f"/documents/{newsroom.letter.id}", "/sources", "/history"):
            await page.goto(serving.app + path)
            texts = await page.locator(TEXTS).evaluate_all(CONTRAST)

            assert len(texts) > 8
            assert min(texts) >= 4.5, path
            assert await page.evaluate(OVERFLOW) == 0, path

    assert said == []


async def test_a_reader_goes_from_the_list_to_the_evidence(newsroom: Newsroom) -> None:
    """Search, follow the title, and from a quote to its passage, marked and in sight."""
    async with served(newsroom) as (serving, browser):
        page = await browser.new_page(viewport=SIZES["desk"])
        await page.goto(serving.app)
        await page.get_by_label("Words").fill("jails")
        await page.get_by_label("Place").fill("Stockton, CA")
        await page.get_by_role("button", name="Search").click()
        await page.get_by_role("link", name=samples.LETTER_TITLE).click()

        await page.get_by_role("link", name="Each city is to send proof").click()
        mark = page.locator("#evidence-3")
        box = await mark.bounding_box()
        colours = await mark.evaluate("it => [it, it.parentElement].map(e => getComputedStyle(e).backgroundColor)")

    assert page.url.startswith(f"{serving.app}/documents/{newsroom.letter.id}")
    assert box is not None
    assert 0 <= box["y"] < 850
    assert colours[0] != colours[1]


async def test_the_keyboard_reaches_the_content(newsroom: Newsroom) -> None:
    """The first stop is the skip link, it can be seen there, and what has the focus is outlined."""
    async with served(newsroom) as (serving, browser):
        page = await browser.new_page(viewport=SIZES["desk"])
        await page.goto(serving.app)
        await page.keyboard.press("Tab")
        skip = page.locator(".skip")
        box = await skip.bounding_box()
        outline = await skip.evaluate("it => getComputedStyle(it).outlineStyle")
        await page.keyboard.press("Enter")
        await page.keyboard.press("Tab")
        focused = await page.evaluate("document.activeElement.id")

    assert box is not None
    assert box["x"] >= 0
    assert outline == "solid"
    assert focused == "words"


async def test_a_hostile_document_runs_nothing(tmp_path: Path) -> None:
    """Markup in every field: no dialog, no script, nothing asked of another host; and its capture shows as text."""
    evil = "<script>alert(1)</script><img src=http://evil.example/x onerror=alert(1)><a href=javascript:alert(1)>x</a>"
    asked: list[str] = []
    dialogs: list[str] = []
    with archive(tmp_path) as stores:
        document = samples.document("doj", f"https://evil.example/{evil}", evil, evil)
        snapshot = keep(stores.store, document)
        event = replace(samples.letter_event(snapshot), evidence=(samples.quote(evil, evil),), agencies=(evil,))
        judged(stores.store, snapshot, event)
        app, replay = site.app(stores.catalogue), site.replay(stores.catalogue)
        async with serve(app, replay, FREE, FREE) as serving, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = await browser.new_page()
            page.on("request", lambda request: asked.append(request.url))
            page.on("dialog", lambda dialog: dialogs.append(dialog.message))
            for address in (f"{serving.app}/", f"{serving.app}/documents/{snapshot.id}"):
                await page.goto(address)
            await page.goto(f"{serving.replay}/captures/{snapshot.id}")
            shown = await page.locator("body").inner_text()
            await browser.close()

    assert dialogs == []
    assert [url for url in asked if not url.startswith((serving.app, serving.replay))] == []
    assert "<script>alert(1)</script>" in shown
