"""A scripted web server on loopback: what each path answers is said beforehand, and every request is written down."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    #: A body made while it is sent, chunked; instead of `body`.
    stream: Callable[[], Iterable[bytes]] | None = None
    #: Validators: a request that brings the ETag, or else the date, back gets 304.
    etag: str | None = None
    last_modified: str | None = None
    #: Seconds between single bytes of the body.
    drip: float | None = None
    #: Take the request and answer nothing.
    hang: bool = False
    #: Cut the connection after this many bytes of the body.
    reset_after: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One request as it came."""

    path: str
    headers: tuple[tuple[str, str], ...]
    method: str = "GET"
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """Return the first value of a header."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


NOT_FOUND = Reply(status=404, headers=(("Content-Type", "text/html"),), body=b"<html><title>Not found</title></html>")


def html(body: str, **values: object) -> Reply:
    """Return an HTML page."""
    return Reply(headers=(("Content-Type", "text/html; charset=utf-8"),), body=body.encode(), **values)  # type: ignore[arg-type]


def redirect(location: str, status: int = 302) -> Reply:
    """Return a redirect."""
    return Reply(status=status, headers=(("Location", location),))


@dataclass(slots=True)
class Site:
    """A running server."""

    host: str
    port: int = 0
    log: list[Seen] = field(default_factory=list)
    #: The most requests that were under way at the same time.
    busiest: int = 0
    #: Bytes of bodies that were handed to the network.
    sent: int = 0
    #: What answers a path of which nothing was said beforehand.
    otherwise: Callable[[str], Reply] = lambda _: NOT_FOUND
    #: Makes each answer when it is asked for, in place of what is served.
    script: Callable[[Seen], Reply] | None = None
    _replies: dict[str, list[Reply]] = field(default_factory=dict)
    _open: int = 0
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def url(self, path: str) -> str:
        """Return the address of a path."""
        return f"http://{self.host}:{self.port}{path}"

    def serve(self, path: str, *replies: Reply) -> str:
        """Answer a path, query included, with these replies in turn, the last one for good; return its address."""
        self._replies[path] = list(replies)
        return self.url(path)

    def asked(self, path: str) -> list[Seen]:
        """Return the requests for a path."""
        return [seen for seen in self.log if seen.path == path]

    async def wait_for(self, path: str) -> None:
        """Wait until a path was asked for."""
        async with self._news:
            await self._news.wait_for(lambda: bool(self.asked(path)))

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                while await self._exchange(reader, writer):
                    pass
        finally:
            self._tasks.discard(task)
            writer.close()

    async def close(self) -> None:
        """End every connection."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in head[1:] if line)
        headers = tuple((name, value.strip()) for name, _, value in pairs)
        method, path, _ = head[0].split(" ")
        length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
        seen = Seen(path=path, headers=headers, method=method, body=await reader.readexactly(length))
        self.log.append(seen)
        async with self._news:
            self._news.notify_all()
        self._open += 1
        self.busiest = max(self.busiest, self._open)
        try:
            return await self._answer(self.script(seen) if self.script else self._next(seen.path), seen, writer)
        finally:
            self._open -= 1

    def _next(self, path: str) -> Reply:
        replies = self._replies.get(path)
        if replies is None:
            return self.otherwise(path)
        return replies.pop(0) if len(replies) > 1 else replies[0]

    async def _answer(self, reply: Reply, seen: Seen, writer: asyncio.StreamWriter) -> bool:
        if reply.hang:
            await asyncio.get_running_loop().create_future()
        validators = [("ETag", reply.etag), ("Last-Modified", reply.last_modified)]
        headers = [*reply.headers, *((name, value) for name, value in validators if value is not None)]
        if _is_fresh(reply, seen):
            writer.write(_head(304, headers))
        elif reply.stream is not None:
            writer.write(_head(reply.status, [*headers, ("Transfer-Encoding", "chunked")]))
            for piece in reply.stream():
                await self._send(writer, b"%x\r\n%b\r\n" % (len(piece), piece))
            writer.write(b"0\r\n\r\n")
        else:
            writer.write(_head(reply.status, [*headers, ("Content-Length", str(len(reply.body)))]))
            if not await self._body(reply, writer):
                return False
        await writer.drain()
        return True

    async def _body(self, reply: Reply, writer: asyncio.StreamWriter) -> bool:
        if reply.drip is not None:
            for index in range(len(reply.body)):
                await self._send(writer, reply.body[index : index + 1])
                await asyncio.sleep(reply.drip)
            return True
        await self._send(writer, reply.body[: reply.reset_after])
        return reply.reset_after is None

    async def _send(self, writer: asyncio.StreamWriter, data: bytes) -> None:
        writer.write(data)
        self.sent += len(data)
        await writer.drain()


def _is_fresh(reply: Reply, seen: Seen) -> bool:
    if reply.etag is not None and (given := seen.header("If-None-Match")) is not None:
        return given == reply.etag
    return reply.last_modified is not None and seen.header("If-Modified-Since") == reply.last_modified


def _head(status: int, headers: Iterable[tuple[str, str]]) -> bytes:
    phrase = HTTPStatus(status).phrase
    return "".join([f"HTTP/1.1 {status} {phrase}\r\n", *(f"{n}: {v}\r\n" for n, v in headers), "\r\n"]).encode()


@asynccontextmanager
async def open_site(host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[Site]:
    """Open a site on an address of loopback; any free port unless one is named."""
    site = Site(host=host)
    server = await asyncio.start_server(site.handle, host, port)
    site.port = server.sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        server.close()
        await site.close()
        await server.wait_closed()
