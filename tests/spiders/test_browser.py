"""Pages that scripts make, on a real Chromium: each visit costs two seconds, so a test asks one page many things."""

from __future__ import annotations

import asyncio
import os
import signal
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from facts.document import CaptureKind
from facts.errors import Blocked, SourceError, Unreachable, Unreadable
from facts.visit import LinkKind, Remembered
from spiders.browser import Browser, FollowerInBrowser, Rendered, judged, shown_by
from spiders.fetcher import Fetcher
from spiders.fetching import Answer, BodyCap, Fetch
from spiders.follow import COMMENT, follow
from spiders.page_requests import Bounds
from spiders.page_visit import Shown
from tests.rig.browser import NOW, SETTINGS, USER_AGENT, browser, data, needs_chromium, script, started_by
from tests.rig.site import Reply, Site, html
from tests.ssrf.doors import link_to

SHELL = (
    '<!doctype html><html><head><title>News</title></head><body><ul></ul><script src="/app.js"></script></body></html>'
)
#: Seconds that all of it stays good.
FRESH = 600
#: A list that comes in two answers, by GET and by POST.
APP = """(async () => {
  const list = document.querySelector("ul");
  const add = (rows) => rows.forEach(row => list.insertAdjacentHTML("beforeend",
    `<li><a href="/news/${row}">${row} \\u00e9</a></li>`));
  add(await (await fetch("/api?page=1")).json());
  add(await (await fetch("/more", {method: "POST", headers: {"Content-Type": "application/json"},
    body: JSON.stringify({page: 2})})).json());
  list.dataset.agent = navigator.userAgent;
  fetch(`http://localhost:${location.port}/other`).catch(() => 0);
  new Image().src = "/pixel"; navigator.sendBeacon("/beacon", "x"); new EventSource("/events");
})();"""


def app(site: Site, *, shell: str = SHELL) -> str:
    """Serve the page, its script and its data."""
    parts = {
        "/app.js": script(APP),
        "/api?page=1": data(["council", "choir"]),
        "/more": data(["market"]),
        "/news": html(shell, etag='"1"'),
    }
    for path, reply in parts.items():
        site.serve(path, replace(reply, headers=(*reply.headers, ("Cache-Control", f"max-age={FRESH}"))))
    return site.url("/news")


def asked(site: Site) -> list[str]:
    """Return what was asked for, robots.txt left out."""
    return [f"{seen.method} {seen.path}" for seen in site.log if seen.path != "/robots.txt"]


@needs_chromium
async def test_a_list_that_scripts_make_is_read(site: Site, fetch: Fetcher) -> None:
    """By the guarded fetch alone; a script that said how long it stays good is not asked for at the next visit.

    Another host is not asked, since private networks are open, and the page stays good as long as its parts.
    """
    url = app(site)
    rendered = Rendered(inner=fetch, browser=browser(replace(SETTINGS, bounds=Bounds(own_host_only=True))))
    first = await rendered(url, cap=BodyCap.PAGE, validators=Remembered(url=url, etag='"1"'))
    once = asked(site)
    again = await rendered(url, cap=BodyCap.PAGE)

    assert once == ["GET /news", "GET /app.js", "GET /api?page=1", "POST /more"]
    assert asked(site)[4:] == ["GET /news", "GET /api?page=1", "POST /more"]
    assert [(seen.body, seen.header("User-Agent")) for seen in site.asked("/more")] == [(b'{"page":2}', USER_AGENT)] * 2
    capture = first.capture
    assert capture is not None
    assert capture.body.decode().startswith("<!DOCTYPE html>\n<html><head><title>News</title>")
    assert f'data-agent="{USER_AGENT}"' in capture.body.decode()
    assert [
        f'<a href="/news/{row}">{row} é</a>' in capture.body.decode() for row in ("council", "choir", "market")
    ] == [True] * 3
    assert (capture.url, capture.status, capture.kind) == (url, 0, CaptureKind.CONVERSION)
    assert capture.headers[0][0] == COMMENT
    assert (capture.media_type, capture.fetched_at) == ("text/html", NOW)
    assert (first.final_url, first.etag, first.last_modified) == (url, None, None)
    assert first.fresh_for == timedelta(seconds=FRESH)
    assert first.bytes > again.bytes > len(SHELL)
    assert again.capture is not None
    assert again.capture.body_digest == capture.body_digest


@needs_chromium
async def test_what_robots_txt_disallows_is_not_asked_for_a_page_either(site: Site, fetch: Fetcher) -> None:
    """The page never shows what it waits for, and the error says why."""
    url = app(site)
    site.serve("/robots.txt", Reply(body=b"User-agent: *\nDisallow: /api\n"))
    with pytest.raises(Unreadable) as caught:
        await shown_by(browser(seconds=5.0), fetch, "ul li a")(url, cap=BodyCap.PAGE)

    assert str(caught.value).startswith("the page never showed 'ul li a' within 5 s; it could not have ")
    assert "the robots.txt of its site disallows it" in str(caught.value)
    assert asked(site) == ["GET /news", "GET /app.js"]


@needs_chromium
async def test_a_page_is_read_where_its_script_leads_and_when_it_shows_what_is_waited_for(
    site: Site, fetch: Fetcher
) -> None:
    """Its address is the last one; what comes late is waited for, and what comes after that is not."""
    late = 'setTimeout(() => { document.body.innerHTML = "<p class=late>Late words" }, 1500)'
    site.serve("/there?x=1", html(f"<title>There</title><script>{late}</script>"))
    url = site.serve("/here", html('<script>location.replace("/there?x=1#top")</script>'))
    answer = await Rendered(inner=fetch, browser=browser(), wait_for="p.late")(url, cap=BodyCap.PAGE)

    assert answer.capture is not None
    assert '<p class="late">Late words' in answer.capture.body.decode()
    assert (answer.url, answer.final_url) == (url, site.url("/there?x=1"))


@needs_chromium
async def test_a_part_that_its_own_site_could_not_give_now_is_waited_for(site: Site, fetch: Fetcher) -> None:
    """Else half a page would be told as an edit of the whole one: a source's own page, and one that was followed."""
    url = app(site)
    site.serve("/more", Reply(status=503), Reply(status=429))
    ways = FollowerInBrowser(follow=follow, browser=browser(), sources=frozenset({"ledger"}))
    with pytest.raises(Unreachable, match=r"its scripts could not have .*/more: HTTP 503"):
        await shown_by(browser(), fetch, None)(url, cap=BodyCap.PAGE)
    with pytest.raises(Unreachable, match=r"its scripts could not have .*/more: HTTP 429"):
        await ways(fetch, link_to(url), NOW)


@needs_chromium
async def test_a_part_that_does_not_come_in_time_is_lacking_too(site: Site, fetch: Fetcher) -> None:
    """Where a host wants a long pause before each request, its page never comes to rest."""
    url = app(site)
    site.serve("/more", Reply(hang=True))
    with pytest.raises(Unreachable, match=r"could not have .*/more: it had not come within 4 s"):
        await shown_by(browser(seconds=4.0), fetch, None)(url, cap=BodyCap.PAGE)


@needs_chromium
async def test_a_question_without_words_is_still_asked_by_post(site: Site, fetch: Fetcher) -> None:
    """By GET it would be another question."""
    site.serve("/count", data(1))
    asking = 'fetch("/count", {method: "POST", headers: {"Content-Type": "application/json"}})'
    url = site.serve("/page", html(f"<p>Words.</p><script>{asking}</script>"))
    await Rendered(inner=fetch, browser=browser())(url, cap=BodyCap.PAGE)

    assert asked(site) == ["GET /page", "POST /count"]


async def test_what_is_no_page_passes_unchanged(site: Site, fetch: Fetcher) -> None:
    """A PDF, a feed, a letter, a question: no browser is started for them, and what fails before fails as ever."""
    rendered = Rendered(inner=fetch, browser=browser(replace(SETTINGS, chromium=None)))  # type: ignore[arg-type]
    pdf = site.serve("/letter.pdf", Reply(headers=(("Content-Type", "application/pdf"),), body=b"%PDF-1.7"))
    called_page = site.serve("/letter", Reply(headers=(("Content-Type", "text/html"),), body=b"%PDF-1.7"))
    page = site.serve("/page", html("<p>Words.</p>", etag='"1"'))
    walled = site.serve("/wall", html("<title>Just a moment...</title><script>window._cf_chl_opt = {}</script>"))
    letter = await rendered(page, cap=BodyCap.LETTER, validators=Remembered(url=page, etag='"1"'))
    question = await rendered(page, cap=BodyCap.PAGE, data=b"{}")
    document = await rendered(pdf, cap=BodyCap.PAGE)
    miscalled = await rendered(called_page, cap=BodyCap.PAGE)

    assert letter.capture is None
    assert question.capture is not None
    assert document.capture is not None
    assert miscalled.capture is not None
    assert miscalled.capture.kind is CaptureKind.RESPONSE
    assert (question.capture.kind, document.capture.body) == (CaptureKind.RESPONSE, b"%PDF-1.7")
    with pytest.raises(Blocked):
        await rendered(walled, cap=BodyCap.PAGE)
    with pytest.raises(Unreachable, match="404"):
        await rendered(site.url("/nothing"), cap=BodyCap.PAGE)


def test_what_scripts_made_is_judged_as_a_wall_and_for_its_words() -> None:
    """A challenge that comes by script is one too."""
    headers = (("Content-Type", "text/html; charset=utf-8"),)

    assert judged(b"<html><p>Words.</p></html>", headers) == (None, True)
    assert judged(b"<html><div id=root></div><script>words</script></html>", headers) == (None, False)
    assert judged(b"<html><script>window._cf_chl_opt = {}</script></html>", headers)[0] == "Cloudflare challenge"


@needs_chromium
async def test_only_pages_of_the_sources_that_want_it_are_followed_in_the_browser(site: Site, fetch: Fetcher) -> None:
    """Their letters are not, and an empty page of theirs is none."""
    words = "<p>The council meets on Thursday and the choir sings on Sunday.</p>"
    url = site.serve("/a", html(f"<title>Choir</title><main></main><script>document.querySelector('main').innerHTML ="
                                f" '{words}'</script>"))  # fmt: skip
    empty = site.serve("/b", html("<main></main><script>1</script>"))
    ways = FollowerInBrowser(follow=follow, browser=browser(), sources=frozenset({"ledger"}))
    shown = await ways(fetch, link_to(url), NOW)
    as_letter = await ways(fetch, link_to(url, LinkKind.LETTER), NOW)
    of_other = await ways(fetch, replace(link_to(url), source="other"), NOW)
    with pytest.raises(Unreadable, match="it shows no words; wait_for says what has to appear"):
        await shown_by(browser(), fetch, None)(empty, cap=BodyCap.PAGE)

    assert ["choir sings" in one.documents[0].text for one in (shown, as_letter, of_other)] == [True, False, False]


# Pages that would hold the browser for ever: each ends in words, within its time.

LOOP = "<p>Words.</p><script>while (true);</script>"
NAVIGATES = "<p>Words.</p><script>location = '/x?' + Math.random()</script>"
WRITES = "<script>setInterval(() => document.write('<p>words'), 1)</script>"
POPUPS = "<p>Words.</p><script>for (let i = 0; i < 1000; i++) window.open('/x?' + i); window.stop()</script>"
ASKS = "<p>Words.</p><script>(async () => { for (let i = 0;; i++) await fetch('/x?' + i).catch(() => 0) })()</script>"
LONG = "<p>Words.</p><script>document.body.dataset.long = 'x'.repeat(17 * 1024 * 1024)</script>"


@needs_chromium
@pytest.mark.parametrize(
    ("page", "ends", "most_asked"),
    [
        pytest.param(LOOP, "its scripts never came to rest within 2 s", 1, id="loops"),
        pytest.param(NAVIGATES, "", 6, id="navigates"),
        pytest.param(POPUPS, "", 1, id="opens windows", marks=pytest.mark.nightly),
        pytest.param(WRITES, "", 1, id="writes", marks=pytest.mark.nightly),
        pytest.param(ASKS, "", 61, id="asks", marks=pytest.mark.nightly),
        pytest.param(
            LONG, "what its scripts show is longer than the cap of 16 MiB", 1, id="is long", marks=pytest.mark.nightly
        ),
    ],
)
async def test_a_page_ends_whatever_it_does(site: Site, fetch: Fetcher, page: str, ends: str, most_asked: int) -> None:
    """It was read as it was by then, or not at all; the site was not asked without end."""
    site.otherwise = lambda path: html(page if path.startswith("/x?") else "no")
    url = site.serve("/page", html(page))
    said, body = "", b""
    # What never ends is given little time, and what ends all that it needs on a busy machine.
    seconds = 2.0 if page == LOOP else 15.0
    try:
        answer = await Rendered(inner=fetch, browser=browser(seconds=seconds, grace=1.0))(url, cap=BodyCap.PAGE)
        body = answer.capture.body.lower() if answer.capture is not None else b""
    except SourceError as error:
        said = str(error)

    assert said == ends
    assert b"<p>words" in body or ends
    assert len(asked(site)) <= most_asked


@needs_chromium
async def test_a_page_that_takes_too_much_memory_or_breaks_is_ended(site: Site, fetch: Fetcher) -> None:
    """What nothing else would bound, and a renderer that dies."""
    greedy = browser(memory=1024 * 1024)
    with pytest.raises(Unreadable, match="its scripts took more than 1 MB of memory"):
        await Rendered(inner=fetch, browser=greedy)(site.serve("/page", html(LOOP)), cap=BodyCap.PAGE)

    def end_renderers(_: str) -> Reply:
        for number, line in started_by(os.getpid()).items():
            if "--type=renderer" in line:
                os.kill(number, signal.SIGKILL)
        return Reply(body=b"")

    site.otherwise = end_renderers
    breaking = site.serve("/breaks", html("<p>Words.</p><script>fetch('/now')</script>"))
    with pytest.raises(Unreadable, match="its scripts crashed it, or filled its memory"):
        await Rendered(inner=fetch, browser=browser())(breaking, cap=BodyCap.PAGE)


@needs_chromium
async def test_nothing_is_left_when_the_service_stops_over_a_page(site: Site, fetch: Fetcher) -> None:
    """Neither when its task is cancelled, early or late, nor when the browser is closed; what waits ends too."""
    site.serve("/hangs", Reply(hang=True))
    url = site.serve("/page", html("<p>Words.</p><script>fetch('/hangs')</script>"))
    one = browser()
    ways = Rendered(inner=fetch, browser=one)
    early = asyncio.ensure_future(ways(url, cap=BodyCap.PAGE))
    # Until the driver is there, and not until it answers.
    turns = 0
    while turns < 20:
        turns += bool(started_by(os.getpid()))
        await asyncio.sleep(0)
    early.cancel()
    await asyncio.gather(early, return_exceptions=True)
    after_early = started_by(os.getpid())
    cancelled = asyncio.ensure_future(ways(url, cap=BodyCap.PAGE))
    await site.wait_for("/hangs")
    cancelled.cancel()
    await asyncio.gather(cancelled, return_exceptions=True)
    after_cancel = started_by(os.getpid())
    site.log.clear()
    first, second = (asyncio.ensure_future(ways(url, cap=BodyCap.PAGE)) for _ in range(2))
    await site.wait_for("/hangs")
    await one.close()
    ended = await asyncio.gather(first, second, return_exceptions=True)

    assert (early.cancelled(), cancelled.cancelled()) == (True, True)
    assert (after_early, after_cancel, started_by(os.getpid())) == ({}, {}, {})
    assert [str(error) for error in ended] == ["the browser was closed"] * 2


async def test_a_visit_goes_before_the_pages_that_were_followed(site: Site, fetch: Fetcher) -> None:
    """A listing may lead to dozens, and behind all of them another source's visit would fail."""
    order: list[str] = []

    @dataclass(slots=True, kw_only=True)
    class Noting(Browser):
        async def _shown(self, document: Answer, fetch: Fetch, wait_for: str | None) -> Shown:
            del fetch, wait_for
            order.append(document.url)
            begun.set()
            await ends.wait()
            return Shown(url=document.url, markup="<p>Words.</p>", bytes=0, fresh_for=None)

    begun, ends = asyncio.Event(), asyncio.Event()
    one = Noting(settings=SETTINGS, clock=lambda: NOW)
    urls = [site.serve(f"/{number}", html("<p>Words.</p>")) for number in range(6)]
    answers = [await fetch(url, cap=BodyCap.PAGE) for url in urls]
    waiting = [
        asyncio.create_task(one.show(answer, fetch, wait_for=None, waits=60, visits=answer is answers[-1]))
        for answer in answers
    ]
    await begun.wait()
    ends.set()
    await asyncio.gather(*waiting)

    assert order == [urls[0], urls[5], *urls[1:5]]


async def test_a_visit_waits_for_its_turn_no_longer_than_it_may(site: Site, fetch: Fetcher) -> None:
    """Its lease would run out."""
    one: Browser = browser()
    url = site.serve("/page", html("<p>Words.</p>"))
    async with one._turn:
        with pytest.raises(Unreachable, match="other pages held the browser for 0 s"):
            await Rendered(inner=fetch, browser=one, waits=0)(url, cap=BodyCap.PAGE)
