"""A newsroom's desk for the commands: a configuration, an archive with something in it, and a feed on loopback."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from facts.document import Snapshot
from pursestrings.cli import app
from storage.opening import open_store
from tests.archive import newsroom, samples

HOSTILE_TITLE = "=HYPERLINK(1) [bold]loud[/bold] \x1b[31mred\u202e"
HOSTILE = samples.document(
    "delta-ledger",
    "https://ledger.example/odd",
    HOSTILE_TITLE,
    f"A text about nothing.\x1b[2J\n\nIts second paragraph goes on {'and on ' * 1000}to its last word.",
)
#: Two addresses whose ids begin alike: found by trying.
TWINS = [
    samples.document("delta-ledger", f"https://ledger.example/twin/{number}", "A twin", "A twin.")
    for number in (56, 1589)
]
TWO_FEEDS = """\
[sources.paper]
spider = "feed"
url = "{base}/paper.xml"
every = "15m"
places = ["Stockton, CA"]

[sources.radio]
spider = "feed"
url = "{base}/radio.xml"
every = "15m"
"""
SAMPLE_SOURCES = "".join(
    f'[sources.{row.name}]\nspider = "feed"\nurl = "https://{row.name}.example/feed"\n' for row in samples.SOURCES
)
_CONFIG = """\
[bot]
name = "Test desk"
contact = "desk@news.example"
timezone = "America/Denver"
data = "data"

[fetch]
allow_networks = ["127.0.0.0/8"]
allow_ports = [80, 443{ports}]

{sources}
[channels.desk]
{channel}
[routes.desk]
channel = "desk"

[digests.morning]
at = "07:00"
channel = "desk"

[web]
bind = "127.0.0.1:{web}"
replay_bind = "127.0.0.1:{replay}"
"""


def run(*arguments: object, **options: Any) -> Result:
    """Type a command."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments], **options)


def free_port() -> int:
    """Return a port of loopback on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def write_config(
    folder: Path, base: str = "http://127.0.0.1:80", *, sources: str = TWO_FEEDS, channel: str = 'kind = "console"'
) -> Path:
    """Write a configuration whose sources lie at `base`, with ports of its own for the archive."""
    path = folder / "config.toml"
    port = base.rpartition(":")[2]
    text = _CONFIG.format(
        ports="" if port == "80" else f", {port}",
        sources=sources.format(base=base),
        channel=channel,
        web=free_port(),
        replay=free_port(),
    )
    path.write_text(text, encoding="utf-8")
    return path


@dataclass(frozen=True, kw_only=True)
class Archived:
    """The samples' archive with its configuration, and a document that tries to be more than text."""

    config: Path
    room: newsroom.Newsroom
    hostile: Snapshot
    twins: tuple[Snapshot, ...]


def fill(folder: Path) -> Archived:
    """Write configuration and archive."""
    config = write_config(folder, sources=SAMPLE_SOURCES)
    data = folder / "data"
    data.mkdir()
    stores = open_store(f"sqlite:///{data}/pursestrings.db", data)
    try:
        room = newsroom.fill(data, stores)
        hostile, *twins = (newsroom.keep(stores.store, document) for document in (HOSTILE, *TWINS))
    finally:
        stores.close()
    return Archived(config=config, room=room, hostile=hostile, twins=tuple(twins))


@dataclass
class FeedSite:
    """What is served at each path; anything else is 404."""

    base: str = ""
    pages: dict[str, bytes] = field(default_factory=dict)


@contextmanager
def feed_site() -> Iterator[FeedSite]:
    """Serve on a thread of its own, since a command has its own event loop."""
    site = FeedSite()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = site.pages.get(self.path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", "application/rss+xml; charset=utf-8")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the library's name
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
