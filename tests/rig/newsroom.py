"""A newsroom on loopback: a good site, a bad one, a Slack and a mail server, with the real pipeline between them."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any

from facts.document import Snapshot
from facts.visit import Visit
from pursestrings.logs import LineFormatter
from pursestrings.opening import load_config, writing
from pursestrings.stanzas import Config
from pursestrings.wiring import open_pipeline
from scheduler.passes import Pass, run_pass
from scheduler.pipeline import Pipeline
from scheduler.polling import claim
from storage.opening import Stores
from storage.protocols import Search
from storage.work import SourceRow
from tests.rig.mail import FakeMail
from tests.rig.site import Reply, Site, open_site
from tests.rig.slack import TOKEN, FakeSlack

NEWS, OPS = "#federal-money", "#desk"
START = datetime(2017, 8, 3, 12, 0, tzinfo=UTC)
INTERVAL = timedelta(hours=1)

LETTER_TITLE = "Justice Department ties crime grants for Stockton to jail access"
LETTER_TEXT = """\
WASHINGTON (Rig Wire) - The Justice Department sent a letter to the police chief of Stockton, California, on \
Thursday. It says that the city will be shut out of the Public Safety Partnership, a federal program against \
violent crime, unless its jails work with immigration agents.

Stockton must answer by Aug. 18, 2017. The letter asks whether the city gives immigration officers access to its \
jails, whether it gives at least 48 hours' notice before it frees somebody they want, and whether it will hold such \
a person for up to 48 hours when asked.
"""
WEATHER = "Rain is expected on Saturday, and the picnic of the rowing club moves indoors."

_CONFIG = """\
[bot]
name = "Rig desk"
contact = "desk@example.org"
timezone = "UTC"
data = "data"
ops = "ops"

[fetch]
allow_networks = [{networks}]
allow_ports = [{ports}]
timeout = "{timeout}"

[sources.good]
spider = "feed"
url = "{good}"
every = "30m"
places = ["Stockton, CA"]

{sources}

[channels.desk]
kind = "slack"
token = {{ env = "RIG_TOKEN" }}
channel = "{news}"
base_url = "{slack}"

[channels.ops]
kind = "slack"
token = {{ env = "RIG_TOKEN" }}
channel = "{ops}"
base_url = "{slack}"

{channels}

[routes.desk]
channel = "desk"

{routes}
"""


def item(title: str, text: str, link: str = "", guid: str = "", published: datetime = START) -> bytes:
    """Return an item of an RSS feed."""
    parts = [f"<title>{escape(title)}</title><description>{escape(text)}</description>"]
    parts += [f"<link>{escape(link)}</link>"] if link else []
    parts += [f'<guid isPermaLink="false">{escape(guid)}</guid>'] if guid else []
    parts.append(f"<pubDate>{published:%a, %d %b %Y %H:%M:%S} +0000</pubDate>")
    return f"<item>{''.join(parts)}</item>\n".encode()


def rss(*items: bytes) -> bytes:
    """Return an RSS feed."""
    head = b'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>A paper</title>\n'
    return head + b"".join(items) + b"</channel></rss>\n"


def as_feed(body: bytes, **values: Any) -> Reply:
    """Return a feed as a server sends it."""
    return Reply(headers=(("Content-Type", "application/rss+xml; charset=utf-8"),), body=body, **values)


class Clock:
    """The time, set by hand."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


class OperatorLines(logging.Handler):
    """The log as the operator reads it, from the level that the service shows; the time is left out."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(LineFormatter())
        # The mail server of the rig logs beside us.
        self.addFilter(lambda record: record.name != "mail.log")
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the line."""
        self.lines.append(self.format(record).partition(" ")[2])


@contextmanager
def operator_lines() -> Iterator[list[str]]:
    """Collect the lines that the operator gets during the block."""
    root, handler = logging.getLogger(), OperatorLines()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield handler.lines
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


@dataclass(frozen=True, kw_only=True)
class Newsroom:
    """The running parts, and what came of them."""

    config: Config
    pipeline: Pipeline
    stores: Stores
    good: Site
    bad: Site
    slack: FakeSlack
    mail: FakeMail
    clock: Clock
    #: What the operator was told in the log.
    lines: list[str]

    async def look(self, after: timedelta = INTERVAL) -> Pass:
        """Let time pass, poll what is due, and run every stage behind it."""
        self.clock.now += after
        rows = await claim(self.pipeline, self.clock.now, limit=100)
        return await run_pass(self.pipeline, rows, self.clock.now)

    def publish_letter(self) -> str:
        """Let the good source bring its letter; return the address of it."""
        url = good_url(self.good, "/letter")
        old, new = item("Rain", WEATHER, good_url(self.good, "/rain")), item(LETTER_TITLE, LETTER_TEXT, url)
        self.good.serve("/feed", as_feed(rss(new, old)))
        return url

    @property
    def news(self) -> list[dict[str, Any]]:
        """What stands in the newsroom's channel."""
        return [post for post in self.slack.posted if post["channel"] == NEWS]

    @property
    def ops(self) -> list[str]:
        """What the operator was told in Slack."""
        return [post["text"] for post in self.slack.posted if post["channel"] == OPS]

    def row(self, source: str = "bad") -> SourceRow:
        """Return a source's row."""
        return self.stores.store.source(source)

    def visit(self, source: str = "bad") -> Visit:
        """Return the last visit of a source."""
        return self.stores.catalogue.visits(source, 1)[0]

    def documents(self, source: str = "bad") -> list[Snapshot]:
        """Return what a source brought into the archive, by address."""
        hits, _ = self.stores.catalogue.search(Search(limit=100))
        return sorted((hit.snapshot for hit in hits if hit.snapshot.source == source), key=lambda one: one.url)


@dataclass(kw_only=True)
class Sites:
    """What listens before the configuration is written."""

    good: Site
    bad: Site
    slack: FakeSlack
    mail: FakeMail
    folder: Path

    @asynccontextmanager
    async def newsroom(  # noqa: PLR0913 (each is a line of the configuration)
        self,
        sources: str,
        *,
        channels: str = "",
        routes: str = "",
        deadline: str = "20s",
        ports: Sequence[int] = (),
        networks: Sequence[str] = ("127.0.0.1/32",),
    ) -> AsyncIterator[Newsroom]:
        """Open the pipeline of a configuration that has these sources beside the good one."""
        self.good.serve("/feed", as_feed(rss(item("Rain", WEATHER, good_url(self.good, "/rain")))))
        listening = (self.good.port, self.bad.port, self.slack.port, self.mail.port, *ports)
        text = _CONFIG.format(
            ports=", ".join(map(str, listening)),
            networks=", ".join(f'"{network}"' for network in networks),
            timeout=deadline,
            good=good_url(self.good, "/feed"),
            sources=sources,
            channels=channels,
            routes=routes,
            slack=self.slack.base_url,
            news=NEWS,
            ops=OPS,
        )
        path = self.folder / "config.toml"
        path.write_text(text, encoding="utf-8")
        config = load_config(path, {"RIG_TOKEN": TOKEN})
        clock = Clock()
        with writing(config, clock()) as stores, operator_lines() as lines:
            async with open_pipeline(config, stores, clock=clock, jitter=lambda: 0.0, end_pause=0.0) as pipeline:
                yield Newsroom(
                    config=config,
                    pipeline=pipeline,
                    stores=stores,
                    good=self.good,
                    bad=self.bad,
                    slack=self.slack,
                    mail=self.mail,
                    clock=clock,
                    lines=lines,
                )


@asynccontextmanager
async def open_sites(folder: Path) -> AsyncIterator[Sites]:
    """Open the sites, the Slack and the mail server; the archive will lie in the folder."""
    async with open_site() as good, open_site() as bad, FakeSlack() as slack, FakeMail() as mail:
        yield Sites(good=good, bad=bad, slack=slack, mail=mail, folder=folder)


def good_url(good: Site, path: str) -> str:
    """Return an address of the good site; its host has another name, so that it never waits for the bad one."""
    return f"http://localhost:{good.port}{path}"
