"""A feed farm on loopback: seeded feeds on many hosts, which answer 304, can be told to publish, and can be made ill.

    python -m benchmarks.poll.farm --feeds 1000 --hosts 200

It prints "ready PORT". Every host, 127.1.X.Y, serves `/feeds/N.xml` and an empty robots.txt (404). What it is told goes
to 127.0.0.1, which may also be asked for `/feeds/N.xml`; all answers below are JSON:

    /farm/urls                                  the address of every feed
    /farm/tick?feeds=50&items=1&seed=1&relevant=0.5   publish; answers what was published
    /farm/fault?feed=3&kind=slow&seconds=2      slow, hang, 429, 500 or none
    /farm/stats, /farm/reset                    what was asked for and served since the last reset
    /farm/log                                   the last requests, one list each
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import random
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

from benchmarks.poll.content import Feed, Press, etag_of, http_date

#: How many requests the log keeps.
_LOGGED = 100_000
_RETRY_AFTER = 5
_GZIP_LEVEL = 4


@dataclass(frozen=True, slots=True)
class Page:
    """A feed as it is served."""

    raw: bytes
    packed: bytes
    etag: str
    date: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What ails a feed."""

    kind: str
    seconds: float


@dataclass(slots=True)
class Stats:
    """What was asked for and served since the last reset; control and robots.txt left out."""

    requests: int = 0
    #: Of whole answers, heads included.
    bytes: int = 0
    by_status: Counter[int] = field(default_factory=Counter)
    #: Requests for a feed with validators that brought none of them.
    unconditional: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, and how long it is held back; None: for ever."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    delay: float | None = 0.0


class Farm:
    """The feeds and what is known of those who ask for them."""

    def __init__(self, *, feeds: int, hosts: Sequence[str], port: int, seed: int) -> None:
        self._press = Press(seed=seed)
        self._port = port
        self.feeds: list[Feed] = self._press.feeds(
            feeds, [f"http://{host}:{port}" for host in hosts], datetime.now(UTC)
        )
        self._pages: dict[int, Page] = {}
        self._faults: dict[int, Fault] = {}
        self.stats = Stats()
        self.log: deque[tuple[float, str, str, int, int]] = deque(maxlen=_LOGGED)

    def page(self, number: int) -> Page:
        """Return a feed as it stands."""
        if number not in self._pages:
            feed = self.feeds[number]
            raw = self._press.write(feed)
            packed = gzip.compress(raw, _GZIP_LEVEL, mtime=0)
            self._pages[number] = Page(raw, packed, etag_of(raw), http_date(feed.changed_at))
        return self._pages[number]

    def answer(self, path: str, headers: dict[str, str]) -> Answer:
        """Answer a request that is no control."""
        number = _number(path)
        if number is None or number >= len(self.feeds):
            return Answer(404, b"not found\n", (("Content-Type", "text/plain"),))
        fault = self._faults.get(number)
        if fault is not None and fault.kind == "hang":
            return Answer(0, delay=None)
        if fault is not None and fault.kind in {"429", "500"}:
            wait = (("Retry-After", str(_RETRY_AFTER)),) if fault.kind == "429" else ()
            return Answer(int(fault.kind), b"try later\n", (("Content-Type", "text/plain"), *wait))
        delay = fault.seconds if fault is not None else 0.0
        return self._feed(self.feeds[number], headers, delay)

    def _feed(self, feed: Feed, headers: dict[str, str], delay: float) -> Answer:
        page = self.page(feed.number)
        etag = (("ETag", page.etag),) if feed.validators in {"both", "etag"} else ()
        date = (("Last-Modified", page.date),) if feed.validators in {"both", "date"} else ()
        known, since = headers.get("if-none-match"), headers.get("if-modified-since")
        if feed.validators != "none" and known is None and since is None:
            self.stats.unconditional += 1
        # RFC 9110, section 13.2.2: the date counts only without an ETag.
        fresh = known == page.etag if etag and known is not None else bool(date) and since == page.date
        if fresh:
            return Answer(304, headers=(*etag, *date), delay=delay)
        kind = "application/atom+xml" if feed.atom else "application/rss+xml"
        packed = "gzip" in headers.get("accept-encoding", "")
        encoding = (("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")) if packed else ()
        served = (("Content-Type", f"{kind}; charset=utf-8"), *encoding, *etag, *date)
        return Answer(200, page.packed if packed else page.raw, served, delay)

    def note(self, host: str, path: str, status: int, size: int) -> None:
        """Write an answer down."""
        self.log.append((time.time(), host, path, status, size))
        if path != "/robots.txt":
            self.stats.requests += 1
            self.stats.bytes += size
            self.stats.by_status[status] += 1

    def control(self, verb: str, query: dict[str, str]) -> object:
        """Obey; return what is answered as JSON."""
        if verb == "tick":
            return self._tick(query)
        answers: dict[str, Callable[[], object | None]] = {
            "urls": lambda: [feed.url for feed in self.feeds],
            "stats": lambda: {**asdict(self.stats), "by_status": dict(self.stats.by_status)},
            "reset": self._reset,
            "fault": lambda: self._fault(int(query["feed"]), query["kind"], float(query.get("seconds", 0))),
            "log": lambda: list(self.log),
            "offers": lambda: Counter(feed.validators for feed in self.feeds),
        }
        return answers[verb]()

    def _reset(self) -> None:
        self.stats = Stats()
        self.log.clear()

    def _fault(self, number: int, kind: str, seconds: float) -> None:
        if kind == "none":
            self._faults.pop(number, None)
        else:
            self._faults[number] = Fault(kind, seconds)

    def _tick(self, query: dict[str, str]) -> list[dict[str, object]]:
        """Publish on some feeds that are well; what is new can be seen when this returns."""
        rng = random.Random(query.get("seed", "1"))
        well = [feed for feed in self.feeds if feed.number not in self._faults]
        chosen = rng.sample(well, min(int(query.get("feeds", 50)), len(well)))
        published = []
        for feed in chosen:
            for _ in range(int(query.get("items", 1))):
                relevant = rng.random() < float(query.get("relevant", 0))
                item = feed.publish(datetime.now(UTC), relevant=relevant)
                published.append((feed, item.number, relevant))
            self._pages.pop(feed.number, None)
            self.page(feed.number)
        at = time.time()
        return [
            {"feed": feed.number, "item": item, "at": at, "relevant": relevant, "url": _page_url(feed, item)}
            for feed, item, relevant in published
        ]


def _page_url(feed: Feed, item: int) -> str:
    return f"{feed.origin}/feeds/{feed.number}/{item}.html"


def _number(path: str) -> int | None:
    name = path.removeprefix("/feeds/").removesuffix(".xml")
    return int(name) if path == f"/feeds/{name}.xml" and name.isdecimal() else None


class _Connection(asyncio.Protocol):
    """Speaks just enough HTTP/1.1: requests without a body, answers in order, kept alive."""

    def __init__(self, farm: Farm) -> None:
        self._farm = farm
        self._read = b""
        self._waits = False
        self._transport: asyncio.Transport | None = None
        self._host = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._host = transport.get_extra_info("sockname")[0]

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._transport = None

    def data_received(self, data: bytes) -> None:
        self._read += data
        self._serve()

    def _serve(self) -> None:
        while not self._waits and self._transport is not None:
            head, end, rest = self._read.partition(b"\r\n\r\n")
            if not end:
                return
            self._read = rest
            self._one(head.decode("latin-1"))

    def _one(self, head: str) -> None:
        line, *fields = head.split("\r\n")
        parts = urlsplit(line.split(" ")[1])
        if parts.path.startswith("/farm/"):
            said = self._farm.control(parts.path.removeprefix("/farm/"), dict(parse_qsl(parts.query)))
            self._send(200, json.dumps(said).encode(), (("Content-Type", "application/json"),))
            return
        pairs = (each.partition(":") for each in fields)
        answer = self._farm.answer(parts.path, {name.lower(): value.strip() for name, _, value in pairs})
        if answer.delay is None:
            self._waits = True
        elif answer.delay:
            self._waits = True
            asyncio.get_running_loop().call_later(answer.delay, self._late, parts.path, answer)
        else:
            self._told(parts.path, answer)

    def _late(self, path: str, answer: Answer) -> None:
        self._waits = False
        self._told(path, answer)
        self._serve()

    def _told(self, path: str, answer: Answer) -> None:
        size = self._send(answer.status, answer.body, answer.headers)
        self._farm.note(self._host, path, answer.status, size)

    def _send(self, status: int, body: bytes, headers: tuple[tuple[str, str], ...]) -> int:
        length = () if status == 304 else (("Content-Length", str(len(body))),)  # noqa: PLR2004 (Not Modified)
        lines = "".join(f"{name}: {value}\r\n" for name, value in (*headers, *length))
        whole = f"HTTP/1.1 {status} {_WORDS.get(status, 'Error')}\r\n{lines}\r\n".encode("latin-1") + body
        if self._transport is not None:
            self._transport.write(whole)
        return len(whole)


_WORDS = {200: "OK", 304: "Not Modified", 404: "Not Found", 429: "Too Many Requests"}


def addresses(count: int) -> list[str]:
    """Return the addresses of that many hosts: 127.1.0.1 and on."""
    return [f"127.1.{number // 250}.{number % 250 + 1}" for number in range(count)]


async def serve(*, feeds: int, hosts: int, seed: int, port: int = 0) -> None:
    """Serve until cancelled."""
    loop = asyncio.get_running_loop()
    names = addresses(hosts)
    farms: list[Farm] = []
    first = await loop.create_server(lambda: _Connection(farms[0]), "127.0.0.1", port, backlog=1024)
    port = first.sockets[0].getsockname()[1]
    farms.append(Farm(feeds=feeds, hosts=names, port=port, seed=seed))
    for number in range(feeds):
        farms[0].page(number)
    servers = [
        first,
        *[await loop.create_server(lambda: _Connection(farms[0]), name, port, backlog=1024) for name in names],
    ]
    print(f"ready {port}", flush=True)
    try:
        await loop.create_future()
    finally:
        for server in servers:
            server.close()


def main() -> None:
    """Serve until interrupted."""
    options = argparse.ArgumentParser(description="Serve a farm of feeds on loopback.")
    options.add_argument("--feeds", type=int, default=1000)
    options.add_argument("--hosts", type=int, default=200)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--port", type=int, default=0)
    chosen = options.parse_args()
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(feeds=chosen.feeds, hosts=chosen.hosts, seed=chosen.seed, port=chosen.port))


if __name__ == "__main__":
    main()
