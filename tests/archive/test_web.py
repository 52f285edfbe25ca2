"""The pages over a real archive: what a reader finds, and what no request gets."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route

from facts.canary import PathReport, PathState
from facts.document import CaptureKind, Removal
from facts.event import RESPONSE
from facts.watch import Watch
from storage.opening import open_catalogue
from tests.archive import samples, site
from tests.archive.asgi import Answer, ask
from tests.archive.newsroom import Newsroom, archive, fill, fill_copy

CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@pytest.fixture(scope="session")
def app(newsroom: Newsroom) -> Starlette:
    """Return the main app over the samples."""
    return site.app(newsroom.catalogue)


def titles(answer: Answer) -> list[str]:
    """Return the titles that a list shows."""
    return [" ".join(it.css("::text").getall()).strip() for it in answer.page.css(".documents h2 a")]


def plain(answer: Answer) -> str:
    """Return a page's text with its white space folded."""
    return " ".join(" ".join(answer.page.css("body ::text").getall()).split())


async def test_the_front_page_lists_what_was_flagged(app: Starlette) -> None:
    """Newest first, with label, places, deadline, source and host; the plain story is not there."""
    answer = await ask(app, "/")

    assert titles(answer) == [samples.ANSWER_TITLE, samples.LETTER_TITLE]
    assert "Funding condition letter to Albuquerque, NM; Baltimore, MD; San Bernardino, CA; Stockton, CA" in plain(
        answer
    )
    assert "City response Albuquerque, NM: disputes" in plain(answer)
    assert "answer due Aug. 18, 2017" in plain(answer)
    assert "doj · www.justice.gov" in plain(answer)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/?words=jails", [samples.LETTER_TITLE]),
        ("/?words=bus+lanes", []),
        ("/?words=bus+lanes&label=all", [samples.PLAIN_TITLE]),
        (f"/?label={RESPONSE}", [samples.ANSWER_TITLE]),
        ("/?place=Stockton", [samples.LETTER_TITLE]),
        ("/?since=2017-08-04", [samples.ANSWER_TITLE]),
        ("/?until=2017-08-03", [samples.LETTER_TITLE]),
        ("/?page=2", []),
    ],
)
async def test_the_form_narrows_the_list(app: Starlette, target: str, expected: list[str]) -> None:
    """By words, kind, place and day."""
    answer = await ask(app, target)

    assert (200, expected) == (answer.status, titles(answer))


async def test_a_form_that_makes_no_sense_keeps_what_was_typed(app: Starlette) -> None:
    """400, the problem in words, and the form as it was."""
    answer = await ask(app, "/?words=jail&place=Atlantis")

    assert answer.status == 400
    assert "No place is called “Atlantis”" in answer.page.css(".problem").get("")
    assert (answer.page.css("#words::attr(value)").get(), answer.page.css("#place::attr(value)").get()) == (
        "jail",
        "Atlantis",
    )


async def test_a_document_shows_what_it_is_and_why(app: Starlette, newsroom: Newsroom) -> None:
    """Places, agency, program, conditions, deadline, and the passages marked in the text."""
    answer = await ask(app, f"/documents/{newsroom.letter.id}")
    marked = answer.page.css(".text mark[id]::text").getall()

    assert answer.page.css("h1 bdi::text").get() == samples.LETTER_TITLE
    assert "Sent to Albuquerque, NM; Baltimore, MD; San Bernardino, CA; Stockton, CA" in plain(answer)
    assert "Conditions jail access, release notice, detainer hold" in plain(answer)
    assert "Aug. 18, 2017 from the words “ by Aug. 18 ”; the year is assumed" in plain(answer)
    assert [it.text for it in samples.letter_event(newsroom.letter).evidence] == marked
    assert answer.page.css(".quotes a::attr(href)").getall() == ["#evidence-1", "#evidence-2", "#evidence-3"]


async def test_a_document_can_be_cited(app: Starlette, newsroom: Newsroom) -> None:
    """Id, both digests, the place in the WARC files, and the capture on the other origin."""
    answer = await ask(app, f"/documents/{newsroom.letter.id}")
    warc = newsroom.letter.warc

    codes = set(answer.page.css(".cite code::text").getall())
    assert {newsroom.letter.id, newsroom.letter.url, newsroom.letter.body_digest, newsroom.letter.digest} < codes
    assert f"{warc.file} , byte {warc.offset:,}, {warc.length:,} bytes long" in plain(answer)
    assert answer.page.xpath("//a[starts-with(., 'Capture')]/@href").get() == (
        f"http://127.0.0.1:8081/captures/{newsroom.letter.id}"
    )


async def test_a_summary_is_not_shown_as_bytes_received(app: Starlette, newsroom: Newsroom, tmp_path: Path) -> None:
    """A page that could not be read is told by its feed's summary, and the page says so."""
    summary = replace(
        samples.PLAIN_DOCUMENT,
        url="https://ledger.example/walled",
        capture=replace(samples.PLAIN_DOCUMENT.capture, status=0, headers=(), kind=CaptureKind.RESOURCE),
    )
    with archive(tmp_path / "other") as stores:
        (kept,) = stores.store.keep([summary], backlog=False, now=samples.NOON)
        assert kept is not None
        said = plain(await ask(site.app(stores.catalogue), f"/documents/{kept.id}"))
    received = plain(await ask(app, f"/documents/{newsroom.plain.id}"))

    assert "the page itself could not be read" in said
    assert "SHA-256 of the summary" in said
    assert "received" not in said
    assert "SHA-256 of the bytes received" in received
    assert "could not be read" not in received


async def test_a_tombstone_says_what_is_known_and_no_more(tmp_path: Path) -> None:
    """Two bounds and what was found instead; it is no summary, and no text that nobody flagged."""
    gone = Removal(last_seen=samples.NOON, missing_since=samples.NOON + timedelta(hours=6), found="HTTP 404 <b>x</b>")
    record = replace(samples.PLAIN_DOCUMENT.capture, status=0, headers=(), body=b"not found", kind=CaptureKind.RESOURCE)
    with archive(tmp_path) as stores:
        (kept,) = stores.store.keep([samples.PLAIN_DOCUMENT], backlog=False, now=samples.NOON)
        assert kept is not None
        watch = Watch(
            source=kept.source,
            url=kept.url,
            link_id=None,
            since=samples.NOON,
            last_seen=samples.NOON,
            look_at=None,
        )
        stores.store.bury(watch, replace(samples.PLAIN_DOCUMENT, text="", capture=record), gone, [], samples.NOON)
        _, tombstone = stores.catalogue.versions(kept.url)
        said = plain(await ask(site.app(stores.catalogue), f"/documents/{tombstone.id}"))
        listed = plain(await ask(site.app(stores.catalogue), f"/history?url={kept.url}"))

    assert "Removed: last found" in said
    assert "In its place: HTTP 404 <b>x</b>" in said
    assert "the page itself could not be read" not in said
    assert "Not flagged" not in said
    assert "removed: last found" in listed


async def test_a_document_tells_who_was_told_and_when(app: Starlette, newsroom: Newsroom) -> None:
    """Each channel with the state of its delivery; times in Denver for people, in UTC for machines."""
    answer = await ask(app, f"/documents/{newsroom.letter.id}")

    assert "desk sent" in plain(answer)
    assert "delta in doubt: the channel's answer was lost" in plain(answer)
    assert "Published, says the source Aug. 3, 2017, 11:05 a.m. MDT" in plain(answer)
    assert "2017-08-03T17:05:00+00:00" in answer.page.css("time::attr(datetime)").getall()


async def test_the_original_is_linked_without_telling_it_who_we_are(app: Starlette, newsroom: Newsroom) -> None:
    """The real host is what is shown."""
    link = (await ask(app, f"/documents/{newsroom.letter.id}")).page.css(".byline a")

    assert (newsroom.letter.url, "noreferrer noopener external", "www.justice.gov") == (
        link.attrib["href"],
        link.attrib["rel"],
        link.css("bdi::text").get(),
    )


async def test_an_old_version_points_to_the_newer_one(app: Starlette, newsroom: Newsroom) -> None:
    """Both stay readable; first seen is the first version's time."""
    answer = await ask(app, f"/documents/{newsroom.plain.id}")

    assert f"/documents/{newsroom.edited.id}" == answer.page.css(".problem a::attr(href)").get()
    assert "Not flagged" in plain(answer)
    assert "Nobody." in plain(answer)
    assert (await ask(app, f"/documents/{newsroom.edited.id}")).page.css(".problem") == []


async def test_a_document_answers_to_the_beginning_of_its_id(app: Starlette, newsroom: Newsroom) -> None:
    """As a person reads it aloud."""
    answer = await ask(app, f"/documents/{newsroom.letter.id[:8]}")

    assert answer.page.css("h1 bdi::text").get() == samples.LETTER_TITLE


@pytest.mark.parametrize(
    "snapshot_id", ["0" * 20, "abcdef", "abc", "ABCDEF", "..", "%2e%2e%2f", "%00", "'--", "a" * 99]
)
async def test_an_unknown_document_is_not_found(app: Starlette, snapshot_id: str) -> None:
    """Whatever the id looks like."""
    assert (await ask(app, f"/documents/{snapshot_id}")).status == 404


async def test_a_history_lists_the_versions(app: Starlette, newsroom: Newsroom) -> None:
    """Newest first; its document page leads there."""
    document = await ask(app, f"/documents/{newsroom.plain.id}")
    address = document.page.xpath("//a[.='History of this address']/@href").get("")

    answer = await ask(app, address)

    assert [f"/documents/{it.id}" for it in (newsroom.edited, newsroom.plain)] == answer.page.css(
        ".documents h2 a::attr(href)"
    ).getall()


@pytest.mark.parametrize(
    ("target", "status"),
    [("/history", 200), ("/history?url=https://nowhere.example/", 404), (f"/history?url={'x' * 5000}", 400)],
)
async def test_a_history_of_nothing_says_so(app: Starlette, target: str, status: int) -> None:
    """No address, an unknown one, one that is none."""
    assert (await ask(app, target)).status == status


async def test_the_sources_that_fail_come_first(app: Starlette) -> None:
    """With the error, the last good visit and the next one; links that were given up below."""
    answer = await ask(app, "/sources")

    assert answer.page.css(".sources h2 bdi::text").getall() == ["delta-ledger", "doj", "rio-grande-courier"]
    assert "3 watched, 1 failing" in plain(answer)
    assert "https://ledger.example/feed answered 503 Service Unavailable" in plain(answer)
    assert "A release that had moved" in plain(answer)
    assert "the address answered 410 Gone" in plain(answer)


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (PathState.SOUND, "Canary sound"),
        (PathState.UNKNOWN, "Canary unknown"),
        (PathState.LATE, "Canary late"),
    ],
)
async def test_the_canary_stands_above_the_sources(newsroom: Newsroom, state: PathState, says: str) -> None:
    """In its own words; it is none of those that are counted."""
    late = samples.NOON if state is PathState.LATE else None
    path = PathReport(state=state, published_at=samples.NOON, late_since=late)
    answer = await ask(site.app(newsroom.catalogue, lambda: replace(site.HEALTHY, path=path)), "/sources")

    assert says in plain(answer)
    assert ("news may reach nobody" in plain(answer)) == (state is PathState.LATE)
    assert "None has come through yet." in plain(answer)
    assert "3 watched, 1 failing" in plain(answer)


async def test_health_fails_when_the_canary_is_late(newsroom: Newsroom) -> None:
    """Though the clock ticks."""
    path = PathReport(state=PathState.LATE, published_at=samples.NOON, late_since=samples.NOON)

    assert (await ask(site.app(newsroom.catalogue, lambda: replace(site.HEALTHY, path=path)), "/health")).status == 503


async def test_health_fails_when_the_clock_has_stopped(newsroom: Newsroom) -> None:
    """The page asks on every visit; it is no constant."""
    moments = iter([samples.NOON, samples.NOON + timedelta(minutes=10)])
    app = site.app(newsroom.catalogue, lambda: replace(site.HEALTHY, now=next(moments)))

    assert [(await ask(app, "/health")).status for _ in range(2)] == [200, 503]


def everywhere(routes: list[BaseRoute], newsroom: Newsroom) -> list[str]:
    """Return a real address for every route there is."""
    paths = [it.path for it in routes if isinstance(it, Route)]
    mounts = [f"{it.path}/archive.css" for it in routes if isinstance(it, Mount)]
    assert len(paths) + len(mounts) == len(routes)
    return [path.replace("{id}", newsroom.letter.id) for path in paths] + mounts


async def test_every_route_carries_the_headers(app: Starlette, newsroom: Newsroom) -> None:
    """Found, not found and refused alike (docs/reliability.md, S16)."""
    targets = everywhere(app.routes, newsroom)
    answers = [await ask(app, target) for target in [*targets, "/nowhere", "/static/nowhere", "/documents/x"]]
    answers += [await ask(app, target, method="POST") for target in targets]
    answers += [await ask(app, target, host="evil.example") for target in targets]

    assert len(answers) > 20
    for answer in answers:
        assert answer.headers["content-security-policy"] == CSP
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-frame-options"] == "DENY"
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "MKCOL", "get"])
async def test_only_reading_is_answered(app: Starlette, newsroom: Newsroom, method: str) -> None:
    """405 on every route, with the methods that would be."""
    answers = [await ask(app, target, method=method) for target in everywhere(app.routes, newsroom)]

    assert {(405, "GET, HEAD")} == {(answer.status, answer.headers["allow"]) for answer in answers}


async def test_every_route_answers_head(app: Starlette, newsroom: Newsroom) -> None:
    """With the headers of GET and the same status."""
    for target in everywhere(app.routes, newsroom):
        assert (await ask(app, target, method="HEAD")).status == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.example", "", None, "localhost@evil.example"]
)
async def test_a_foreign_host_is_refused(app: Starlette, newsroom: Newsroom, host: str | None) -> None:
    """A name that was made to resolve to us reads nothing (DNS rebinding)."""
    for target in everywhere(app.routes, newsroom):
        assert (await ask(app, target, host=host)).status == 400


@pytest.mark.parametrize("host", ["archive.newsroom.example", "10.0.0.7:8080", "[::1]:8080", "LOCALHOST"])
async def test_our_own_hosts_are_served(app: Starlette, host: str) -> None:
    """The public name, the bind address and loopback."""
    assert (await ask(app, "/", host=host)).status == 200


async def test_no_page_changes_the_archive(tmp_path: Path) -> None:
    """The database file is the same, byte for byte, after every route was asked."""
    with archive(tmp_path) as stores:
        newsroom = fill(tmp_path, stores)
    catalogue = open_catalogue(f"sqlite:///{tmp_path}/archive.db", tmp_path)
    before = (tmp_path / "archive.db").read_bytes()

    app = site.app(catalogue)
    statuses = [(await ask(app, target)).status for target in everywhere(app.routes, newsroom)]
    catalogue.close()

    assert set(statuses) == {200}
    assert before == (tmp_path / "archive.db").read_bytes()


async def test_an_archive_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    """503 with the reason, in place of a bare error."""
    with archive(tmp_path) as stores:
        fill(tmp_path, stores)
    catalogue = open_catalogue(f"sqlite:///{tmp_path}/archive.db", tmp_path)
    database = tmp_path / "archive.db"
    database.write_bytes(database.read_bytes()[:100] + b"\xff" * (database.stat().st_size - 100))

    answer = await ask(site.app(catalogue), "/sources")
    catalogue.close()

    assert answer.status == 503
    assert "The archive could not be read" in plain(answer)


async def test_a_bug_is_raised_and_answered_with_the_headers(newsroom: Newsroom) -> None:
    """The server logs it; the reader gets a page without its details."""

    def broken() -> None:
        msg = "a secret detail"
        raise ZeroDivisionError(msg)

    sent: list[Answer] = []
    with pytest.raises(ZeroDivisionError):
        await ask(site.app(newsroom.catalogue, broken), "/health", answered=sent.append)  # type: ignore[arg-type]

    assert (sent[0].status, sent[0].headers["content-security-policy"]) == (500, CSP)
    assert "secret" not in sent[0].text


async def test_every_page_is_well_built(app: Starlette, newsroom: Newsroom) -> None:
    """One main heading, no level skipped, every field labelled, no id twice, nothing from elsewhere (WCAG 1.3, 2.4)."""
    for target in ["/", "/?label=all&words=jail", f"/documents/{newsroom.letter.id}", "/history", "/sources", "/nope"]:
        page = (await ask(app, target)).page
        levels = [int(it) for it in page.xpath("//*[self::h1 or self::h2 or self::h3]").re(r"^<h(\d)")]
        fields = page.xpath("//input/@id | //select/@id").getall()
        ids = page.xpath("//@id").getall()

        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))
        assert fields == page.xpath("//label/@for").getall()
        assert len(ids) == len(set(ids))
        assert page.css(".skip::attr(href)").get() == "#main"
        assert page.css("html::attr(lang)").get() == "en"
        assert page.xpath("//script | //style | //@style | //iframe | //*[@src]").getall() == []


async def test_a_copy_shows_what_it_adds(tmp_path: Path) -> None:
    """Underlined, with a link to the first version; what is evidence stays marked."""
    with archive(tmp_path) as stores:
        letter, copy = fill_copy(stores)
        shown = await ask(site.app(stores.catalogue), f"/documents/{copy.id}")
        own = await ask(site.app(stores.catalogue), f"/documents/{letter.id}")

    assert shown.page.css(".text p:not(.note) ins::text").getall() == [samples.ADDED]
    assert shown.page.css(".text .note a::attr(href)").getall() == [f"/documents/{letter.id}"]
    assert f"Takes over the text of {letter.title} ( doj ); what is new in it is underlined" in plain(shown)
    assert len(shown.page.css(".text p mark")) == 3
    assert not own.page.css(".text ins, .text .note")
    assert shown.headers["content-security-policy"] == CSP


async def test_a_later_state_of_a_page_says_so(tmp_path: Path) -> None:
    """The same address is no copy but a version."""
    with archive(tmp_path) as stores:
        letter, copy = fill_copy(stores, url=samples.LETTER_DOCUMENT.url + "/amp")
        shown = await ask(site.app(stores.catalogue), f"/documents/{copy.id}")

    assert "A later state of version 1" in plain(shown)
    assert letter.id != copy.id
