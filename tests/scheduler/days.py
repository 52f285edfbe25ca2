"""Days of faked time over fifty sources that change, fail and hang up, with what the process holds after each look.

Run as `python -m tests.scheduler.days LOOKS`; it prints the samples as JSON.
"""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import resource
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tests.rig.newsroom import LETTER_TEXT, as_feed, item, open_sites, rss
from tests.rig.site import Reply, Seen, html, redirect

SOURCES = 50
#: Looks at which nothing changes and nothing fails, so that each source holds as many connections as the last time.
CALM = 4
STEP = timedelta(hours=3)
_STANZA = '[sources.s{0}]\nspider = "feed"\nurl = "http://127.0.3.{1}:{2}/{0}"\nevery = "30m"\nfollow = {3}\n'
_TROUBLES = {
    0: Reply(status=500),
    1: as_feed(rss(), reset_after=99),
    2: Reply(headers=(("Content-Encoding", "gzip"),), body=b"plain"),
    3: html("<html><title>Our feeds</title><p>Hello"),
    4: redirect("/loop"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What was polled until now, and what the process holds."""

    polls: int
    #: Bytes of memory in use.
    rss: int
    #: Open files and sockets, those of the rig's servers too.
    files: int


@dataclass
class Web:
    """Fifty feeds on fifty hosts; `look` is the number of the present look."""

    look: int = 0

    def reply(self, seen: Seen) -> Reply:
        """Return what is answered at this look."""
        name = seen.path.strip("/").partition("/")[0]
        if not name.isdecimal():
            return redirect("/loop") if name == "loop" else Reply(status=404)
        number = int(name)
        if "/page/" in seen.path:
            return html(f"<title>{seen.path}</title><article><p>{LETTER_TEXT}</p><p>{seen.path}</p></article>")
        body = self._feed(number)
        if self.look % CALM:
            # Each kind of trouble comes to each source in its turn.
            trouble = _TROUBLES.get((number + self.look) % 11)
            if trouble is not None:
                return trouble
        return as_feed(body, etag=f'"{hash(body)}"')

    def _feed(self, number: int) -> bytes:
        # A new entry at every seventh look, and the four before it.
        newest = (self.look + number) // 7
        return rss(
            *(
                item(f"Note {n} of {number}", f"{n} choirs sing in hall {number}.", f"/{number}/page/{n}")
                for n in range(newest, max(newest - 5, -1), -1)
            )
        )


async def live(folder: Path, looks: int) -> list[Sample]:
    """Look so many times at all of them; return a sample of each calm look."""
    found, polls, web = [], 0, Web()
    async with open_sites(folder) as sites:
        server = await asyncio.start_server(sites.bad.handle, "0.0.0.0", 0)
        port = server.sockets[0].getsockname()[1]
        sites.bad.script = web.reply
        stanzas = (_STANZA.format(n, n + 1, port, str(n % 5 == 0).lower()) for n in range(SOURCES))
        networks = ("127.0.0.1/32", "127.0.3.0/24")
        async with server, sites.newsroom("".join(stanzas), ports=[port], networks=networks) as room:
            for web.look in range(looks):
                polls += (await room.look(STEP)).sources
                for kept in (room.lines, room.slack.ledger, room.slack.received, sites.bad.log, sites.good.log):
                    kept.clear()
                if web.look % CALM == 0:
                    gc.collect()
                    found.append(Sample(polls=polls, rss=_resident(), files=_open_files()))
    return found


def _open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()


def main() -> None:
    """Live, and print the samples."""
    logging.raiseExceptions = False
    with tempfile.TemporaryDirectory() as folder, suppress(BrokenPipeError):
        samples = asyncio.run(live(Path(folder), int(sys.argv[1])))
        sys.stdout.write(json.dumps([(one.polls, one.rss, one.files) for one in samples]))


if __name__ == "__main__":
    main()
