"""S1 and S2 in a network of their own: the program as it is configured by default, on ports 80 and 443.

Run as `unshare --net --mount python -m tests.ssrf.enclosed` by root; it prints what it found as JSON, and exits
with 77 where such a network cannot be set up. Every address below lies on its loopback device, so "public" ones too
lead nowhere else; every name is answered by the name server of the test.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any

from facts.errors import SourceError
from spiders.fetcher import FetchSettings, open_fetcher
from spiders.fetching import BodyCap
from tests.facts.samples import NOON
from tests.rig.site import Reply, Seen, Site, html, redirect
from tests.spiders.test_guard import spellings
from tests.ssrf import doors
from tests.ssrf.ground import Canary, open_canary, open_ground
from tests.ssrf.names import open_names
from tests.ssrf.targets import own_forms

#: Addresses that anybody may ask.
PUBLIC = (
    "1.2.3.4", "8.8.4.4", "9.9.9.10", "23.10.20.30", "45.60.70.80", "52.1.2.3", "64.90.1.2", "93.184.216.34",
    "104.16.1.1", "128.101.1.1", "149.101.1.1", "151.101.1.1", "162.140.1.1", "172.64.1.1", "185.1.2.3", "192.1.2.3",
    "198.51.99.1", "203.0.112.9", "2001:4860::8", "2606:4700::1",
)  # fmt: skip
#: Where canaries listen, on both ports.
CANARIES = ("127.0.0.1", "127.127.127.127", "::1", "169.254.169.254", "10.0.0.1", "100.64.0.1", "fd00::1")
#: Tries of each trick with names.
NAMES = 50
DOORS = (*doors.FULL, doors.webhook)
#: The exit code where there can be no such network.
NOT_POSSIBLE = 77


def set_up() -> None:
    """Make the network and its names; nothing outside of this process's own namespaces is touched."""
    _require_own_namespaces()
    added = [f"{host}/{128 if ':' in host else 32}" for host in (*PUBLIC, *CANARIES) if not host.startswith("127.")]
    _run("ip", "link", "set", "lo", "up")
    for address in dict.fromkeys(added):
        # That of loopback is there already.
        _run("ip", "addr", "replace", address, "dev", "lo")
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as names:
        names.write("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
        names.flush()
        _run("mount", "--bind", names.name, "/etc/resolv.conf")


def _require_own_namespaces() -> None:
    """Exit unless network and mounts are this process's own: those of the machine must never be changed."""
    shared = [space for space in ("net", "mnt") if _space("self", space) == _space(str(os.getppid()), space)]
    devices = [name for _, name in socket.if_nameindex() if name != "lo"]
    if shared or devices:
        sys.stderr.write(f"no network of its own: {shared or devices}; run it by tests/ssrf/test_enclosed.py")
        sys.exit(NOT_POSSIBLE)


def _space(process: str, space: str) -> Path:
    return Path(f"/proc/{process}/ns/{space}").readlink()


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.stderr.write(f"no network of its own: {' '.join(command)}: {done.stderr}")
        sys.exit(NOT_POSSIBLE)


class Tricks:
    """The attacker's zone; the first label of a name says what it does, a number after it makes it another one."""

    def __init__(self) -> None:
        self._asked: Counter[str] = Counter()

    def __call__(self, name: str) -> tuple[str, ...]:
        """Return what the name answers this time."""
        self._asked[name] += 1
        label, _, number = name.partition(".")[0].partition("-")
        inner = CANARIES[int(number) % len(CANARIES)] if number.isdecimal() else CANARIES[len(name) % len(CANARIES)]
        match label:
            case "flip":
                # A look-up is two questions, one for each version of IP.
                return (PUBLIC[0],) if self._asked[name] <= 2 else (inner,)
            case "public":
                return (PUBLIC[0],)
            case "mixed":
                return (PUBLIC[0], inner) if int(number) % 2 else (inner, PUBLIC[0])
            case "alias":
                return (f"=inner-{number}.example",)
        # All else leads inside.
        return (inner,)


async def canaries(stack: AsyncExitStack) -> tuple[Canary, Canary]:
    """Open the canaries, and make sure that each can be reached."""
    both = (await stack.enter_async_context(open_canary(CANARIES, 80)),
            await stack.enter_async_context(open_canary(CANARIES, 443)))  # fmt: skip
    for one in both:
        for host in CANARIES:
            _, writer = await asyncio.open_connection(host, one.port)
            writer.close()
        await one.settle()
        assert len(one.hits) == len(CANARIES), one.hits
        one.hits.clear()
    return both


async def addresses() -> dict[str, Any]:
    """Try spellings and forms at doors; ask twenty public hosts."""
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(open_names(Tricks()))
        heard = await canaries(stack)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ground = await stack.enter_async_context(open_ground(folder, host=PUBLIC[0], port=80, allow=(), ports=()))
        tried = [*spellings(80), *spellings(443), *own_forms(80)]
        for door in DOORS:
            for number, url in enumerate(tried):
                await doors.knock(ground, door, url if number % 2 else ground.serve(redirect(url)))
        reached = await public_hosts(stack, ground.site, ground.fetch)
    return {"tries": len(tried) * len(DOORS), "hits": [hit for one in heard for hit in one.hits], "public": reached}


async def public_hosts(stack: AsyncExitStack, site: Site, fetch: Any) -> int:
    """Return how many public hosts answer."""
    server = await asyncio.start_server(site.handle, PUBLIC[1:], 80)
    stack.callback(server.close)
    site.serve("/hello", html("<p>Hello."))
    hosts = (f"[{host}]" if ":" in host else host for host in PUBLIC)
    answers = [await fetch(f"http://{host}/hello", cap=BodyCap.PAGE) for host in hosts]
    return sum(answer.capture is not None for answer in answers)


async def names() -> dict[str, Any]:
    """Try names that change their minds, have two sorts of addresses, or are aliases of inner ones."""
    settings = FetchSettings(user_agent="x")
    outcomes: Counter[str] = Counter()
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(open_names(Tricks()))
        heard = await canaries(stack)
        site = Site(host=PUBLIC[0], port=80, script=_onward)
        server = await asyncio.start_server(site.handle, PUBLIC[0], 80)
        stack.callback(server.close)
        for _ in range(2):
            # A fetcher of its own asks for each name anew.
            async with open_fetcher(settings, lambda: NOON) as fetch:
                for trick in ("flip", "mixed", "alias", "inner", "public"):
                    for number in range(NAMES):
                        with suppress(SourceError):
                            await fetch(f"http://{trick}-{number}.example/", cap=BodyCap.PAGE)
                        outcomes[trick] += 1
        await site.close()
    seen = Counter((seen.header("Host") or "").partition("-")[0] for seen in site.log)
    return {"tries": sum(outcomes.values()), "hits": [hit for one in heard for hit in one.hits], "seen": dict(seen)}


def _onward(seen: Seen) -> Reply:
    """Send whoever asks on to the same name, on the port for which it is looked up anew."""
    return Reply(status=404) if seen.path == "/robots.txt" else redirect(f"https://{seen.header('Host')}/next")


async def attack() -> list[dict[str, Any]]:
    """Try both."""
    return [await addresses(), await names()]


def main() -> None:
    """Set up, attack, report."""
    set_up()
    sys.stdout.write(json.dumps(asyncio.run(attack())))


if __name__ == "__main__":
    main()
