"""The feeds and PDFs of others, 2,357 files that break readers, served over HTTP and taken the whole way: twice."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from facts.errors import Unreadable
from facts.visit import Outcome
from pursestrings import wiring
from pursestrings.opening import load_config, writing
from scheduler.passes import Pass, run_pass
from scheduler.pipeline import Pipeline
from spiders.entries import read_feed
from storage.opening import Stores
from storage.protocols import Search
from storage.source_tables import memories
from storage.store import SqlStore
from tests.rig.corpora import CORPORA, members
from tests.rig.newsroom import item, rss
from tests.rig.site import Reply, Site, open_site

NOW = datetime(2026, 8, 6, 12, tzinfo=UTC)
HOSTS = 32
XML = (("Content-Type", "application/xml"),)
PDF = (("Content-Type", "application/pdf"),)
#: Words of a failure that nobody named: a bug, or a reader that broke over it.
UNNAMED = ("internal error", "reading it took", "reading it needed", "its reader")
_HEAD = """\
[bot]
name = "Corpus desk"
contact = "desk@example.org"
data = "data"

[fetch]
allow_networks = ["127.0.0.0/8"]
allow_ports = [{ports}]

[web]
enabled = false

[channels.desk]
kind = "console"

[routes.desk]
channel = "desk"
"""
_SOURCE = '[sources.{name}]\nspider = "feed"\nurl = "{url}"\nevery = "1h"\nfollow = {follow}\n'


def corpus(name: str) -> list[bytes]:
    """Return the files of a corpus."""
    path = CORPORA / name
    if not path.exists():
        pytest.skip(f"{name} is not there (PURSESTRINGS_CORPORA)")
    return list(members(path))


@asynccontextmanager
async def open_sites() -> AsyncIterator[list[Site]]:
    """Open sites on hosts of their own: one host is asked for one thing at a time."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(open_site(f"127.0.0.{number}")) for number in range(2, 2 + HOSTS)]


@asynccontextmanager
async def watching(
    folder: Path, sites: Sequence[Site], urls: Iterable[str], *, follow: bool
) -> AsyncIterator[tuple[Pipeline, Stores]]:
    """Open the pipeline over these feeds, named f0, f1 and so on."""
    flag = str(follow).lower()
    stanzas = [_SOURCE.format(name=f"f{number}", url=url, follow=flag) for number, url in enumerate(urls)]
    path = folder / "config.toml"
    ports = ", ".join(str(port) for port in {site.port for site in sites})
    path.write_text("\n".join([_HEAD.format(ports=ports), *stanzas]), encoding="utf-8")
    config = load_config(path, {})
    with writing(config, NOW) as stores:
        async with wiring.open_pipeline(config, stores, clock=lambda: NOW, jitter=lambda: 0.0) as pipeline:
            yield pipeline, stores


async def looked(pipeline: Pipeline, stores: Stores, now: datetime) -> Pass:
    """Visit every source as if for the first time."""
    assert isinstance(stores.store, SqlStore)
    with stores.store.database.write() as connection:
        connection.execute(delete(memories))
    return await run_pass(pipeline, stores.catalogue.sources(), now)


def counted(body: bytes) -> int:
    """Return how many entries a feed has, none for one that cannot be read."""
    try:
        return len(read_feed(body, XML, "http://127.0.0.1/feed", NOW).entries)
    except Unreadable:
        return 0


async def test_S9_every_feed_goes_the_whole_way(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Each ends in entries, in none, or in one clear line; what is read a second time adds nothing."""
    caplog.set_level(logging.ERROR)
    bodies = corpus("feedparser-feeds.tar.gz")
    async with open_sites() as sites:
        urls = [
            sites[number % HOSTS].serve(f"/{number}", Reply(headers=XML, body=body))
            for number, body in enumerate(bodies)
        ]
        async with watching(tmp_path, sites, urls, follow=False) as (pipeline, stores):
            first = await looked(pipeline, stores, NOW)
            visits = [stores.catalogue.visits(f"f{number}", 1)[0] for number in range(len(bodies))]
            again = await looked(pipeline, stores, NOW + timedelta(hours=2))

    assert len(bodies) == len(visits) > 2000
    outcomes = Counter(visit.outcome for visit in visits)
    assert set(outcomes) <= {Outcome.FRESH, Outcome.EMPTY, Outcome.FAILED}
    assert outcomes[Outcome.FRESH] > 500
    assert [visit.error for visit in visits if visit.error and any(word in visit.error for word in UNNAMED)] == []
    assert [visit.documents for visit in visits] == [counted(body) for body in bodies]
    assert first.snapshots > 500
    assert caplog.records == []
    assert (again.requests, again.errors, again.snapshots) == (first.requests, first.errors, 0)


@pytest.mark.parametrize(
    "recognised", [False, pytest.param(True, marks=pytest.mark.nightly)], ids=["by text", "with ocr"]
)
async def test_S10_every_pdf_goes_the_whole_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, recognised: bool
) -> None:
    """Each is a text, a scan, or given up in one clear line; at night the scans' pages are read too."""
    if not recognised:
        monkeypatch.setattr(wiring, "open_scans", lambda: None)
    bodies = corpus("pdfs.tar")
    async with open_site() as site:
        letters = [site.serve(f"/{number}.pdf", Reply(headers=PDF, body=body)) for number, body in enumerate(bodies)]
        listed = rss(*(item(f"Letter {number}", "", url) for number, url in enumerate(letters)))
        url = site.serve("/feed", Reply(headers=XML, body=listed))
        async with watching(tmp_path, [site], [url], follow=True) as (pipeline, stores):
            first = await looked(pipeline, stores, NOW)
            again = await looked(pipeline, stores, NOW + timedelta(hours=2))
            hits, _ = stores.catalogue.search(Search(limit=1000))

    texts = {hit.snapshot.url: hit.snapshot for hit in hits}
    assert len(bodies) == 250
    assert len(texts) == first.snapshots > 200
    assert sum(one.scanned for one in texts.values()) > 20
    assert recognised == any(one.recognised_by for one in texts.values())
    assert again.snapshots == 0
