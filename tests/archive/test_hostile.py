"""Others' payloads in every place that outside text reaches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import quote_from_bytes

import pytest
from parsel import Selector
from starlette.applications import Starlette

from facts.document import Snapshot
from facts.event import Deadline, Quote
from storage.work import SourceRow, SourceState
from tests.archive import samples, site
from tests.archive.asgi import ask
from tests.archive.newsroom import LINK, Newsroom, archive, judged, keep, visited

ATTRIBUTES = {"href", "src", "action", "formaction"}


@pytest.fixture(scope="module")
def haunted(
    tmp_path_factory: pytest.TempPathFactory, xss_lines: list[str]
) -> Iterator[tuple[Starlette, list[Snapshot]]]:
    """Return the app over an archive whose every title, text, address, error and reading is a payload."""
    folder = tmp_path_factory.mktemp("haunted")
    with archive(folder) as stores:
        kept = []
        for number, line in enumerate(xss_lines):
            at = samples.NOON + timedelta(seconds=number)
            url = line if number % 2 else f"https://evil.example/{number}/{line}"
            snapshot = keep(stores.store, samples.document("doj", url, line, f"{line}\n\n{line}", at=at))
            event = replace(
                samples.letter_event(snapshot),
                evidence=(Quote(text=line, start=0, end=len(line)),),
                agencies=(line,),
                programs=(line,),
                instrument=line,
                deadline=Deadline(date=date(2017, 8, 18), phrase=line, assumed_year=False),
            )
            judged(stores.store, snapshot, event)
            stores.store.postpone_link(replace(LINK, url=line, title=line), error=line, retry_at=None)
            kept.append(snapshot)
        for number, line in enumerate(xss_lines[:40]):
            visited(
                stores.store,
                SourceRow(
                    name=f"source-{number}",
                    next_poll_at=samples.NOON,
                    state=SourceState.FAILING,
                    failures=1,
                    last_visit_at=samples.NOON,
                    last_error=line,
                ),
            )
        yield site.app(stores.catalogue), kept


def dangers(page: Selector) -> list[str]:
    """Return what of a page could run or lead astray."""
    found = [f"element {it.root.tag}" for it in page.xpath("//script|//iframe|//object|//embed|//style|//svg|//base")]
    for element in page.xpath("//*"):
        for name, value in element.attrib.items():
            if name.lower().startswith("on") or name.lower() == "style":
                found.append(f"attribute {name}")
            if name in ATTRIBUTES and not value.startswith(("/", "#", "http://", "https://")):
                found.append(f"{name}={value}")
    return found


async def test_no_document_page_runs_a_payload(haunted: tuple[Starlette, list[Snapshot]]) -> None:
    """454 lines as title, text, address, evidence, agency, program, phrase, instrument (docs/reliability.md, S16)."""
    app, kept = haunted
    for snapshot in kept:
        answer = await ask(app, f"/documents/{snapshot.id}")

        assert answer.status == 200
        assert dangers(answer.page) == [], snapshot.title


async def test_no_list_runs_a_payload(haunted: tuple[Starlette, list[Snapshot]]) -> None:
    """Every page of the list, the sources with their errors, the links given up."""
    app, kept = haunted
    pages = -(-len(kept) // 25)
    answers = [await ask(app, f"/?page={page}") for page in range(1, pages + 1)]
    answers.append(await ask(app, "/sources"))

    assert [200] * (pages + 1) == [answer.status for answer in answers]
    assert sum(len(answer.page.css(".documents > li")) for answer in answers) == len({it.url for it in kept})
    assert [danger for answer in answers for danger in dangers(answer.page)] == []


async def test_no_reflected_payload_runs(haunted: tuple[Starlette, list[Snapshot]], xss_lines: list[str]) -> None:
    """What is typed comes back as text: words, place, address, and a path that is none."""
    app, _ = haunted
    for line in xss_lines[::3]:
        typed = quote_from_bytes(line.encode("utf-8", "replace"))
        for target in (
            f"/?words={typed}&place={typed}&label={typed}&since={typed}",
            f"/history?url={typed}",
            f"/{typed}",
        ):
            answer = await ask(app, target)

            assert answer.status in {200, 400, 404}
            assert dangers(answer.page) == [], line


async def test_the_check_sees_what_it_looks_for() -> None:
    """The list of dangers is not blind."""
    page = Selector('<p onclick="x"><a href="javascript:x">a</a><script>x</script>')

    assert dangers(page) == ["element script", "attribute onclick", "href=javascript:x"]


async def test_no_search_of_naughty_strings_fails(newsroom: Newsroom, naughty_strings: list[str]) -> None:
    """Any words, place and page give an answer, never an error of ours (docs/reliability.md, S19)."""
    app = site.app(newsroom.catalogue)
    for text in naughty_strings:
        typed = quote_from_bytes(text.encode("utf-8", "replace"))
        answer = await ask(app, f"/?label=all&words={typed}")
        filled = await ask(app, f"/?place={typed}&since={typed}&page={typed}")

        assert {answer.status, filled.status} <= {200, 400}, text


async def test_no_path_leaves_its_folder(newsroom: Newsroom, traversal_lines: list[str], tmp_path: Path) -> None:
    """Static files and captures: nothing but what lies there is served (docs/reliability.md, S18)."""
    apps = {"/static": site.app(newsroom.catalogue), "/captures": site.replay(newsroom.catalogue)}
    canary = tmp_path / "canary.txt"
    canary.write_text("canary")
    escapes = [f"{'../' * 12}{canary}", f"{'..%2f' * 12}{str(canary)[1:]}", str(canary), f"/{canary}"]
    for line in [*traversal_lines, *escapes]:
        for base, app in apps.items():
            answer = await ask(app, f"{base}/{line.replace('?', '%3F').replace('#', '%23')}")

            assert answer.status in {400, 404}, line
            assert b"root:" not in answer.body
            assert b"canary" not in answer.body.replace(line.encode("utf-8", "replace"), b"")
