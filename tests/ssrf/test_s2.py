"""S2: the address that is judged is the one that is dialled, whatever a name answers the next time."""

from __future__ import annotations

import socket
from collections import Counter
from contextlib import suppress
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from facts.errors import PursestringsError
from tests.rig.site import Reply, Seen, redirect
from tests.ssrf import doors
from tests.ssrf.ground import loopbacks, open_canary, open_ground, record_dials

SITE, INSIDE = "127.0.0.9", ("127.0.0.1", "10.0.0.1", "169.254.169.254", "100.64.0.1", "::1", "fd00::1", "192.168.1.1")
NAMES = 50
DOORS = (doors.feed_poll, doors.followed_page, doors.webhook)
#: What a name answers, look-up by look-up, the last for ever; "in" is an inner address, "out" the site's.
TRICKS = {
    "flip": (("out",), ("in",)),
    "mixed": (("out", "in"), ("in", "out")),
    "inner": (("in",),),
    "late": (("out",), ("out", "in"), ("in",)),
}


class Resolver:
    """Answers look-ups by the name's trick; what is no such name is a number."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self._look_up = socket.getaddrinfo

    def __call__(self, host: Any, port: Any, *args: Any, **kwargs: Any) -> list[Any]:
        """Return addresses as the system's resolver does."""
        if not str(host).endswith(".example"):
            return self._look_up(host, port, *args, **kwargs)
        trick, _, number = host.removesuffix(".example").partition("-")
        inner = INSIDE[int(number) % len(INSIDE)]
        answers = TRICKS[trick]
        answer = answers[min(self.asked[host], len(answers) - 1)]
        self.asked[host] += 1
        hosts = (SITE if one == "out" else inner for one in answer)
        return [info for one in hosts for info in self._look_up(one, port, type=socket.SOCK_STREAM)]


def onward(seen: Seen) -> Reply:
    """Send whoever asks on to the same name, on another port, for which it is looked up anew."""
    name = (seen.header("Host") or "").partition(":")[0]
    return Reply(status=404) if seen.path == "/robots.txt" else redirect(f"http://{name}:80/next", 307)


async def test_S2_a_name_that_changes_its_mind_gains_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """600 tries at three doors, 200 of them by names that lead inside from the second look-up on: 0 hits."""
    resolver = Resolver()
    async with (
        open_canary(loopbacks()) as canary,
        open_ground(tmp_path, host=SITE, allow=(ip_network(f"{SITE}/32"),), ports=[canary.port]) as ground,
    ):
        ground.site.script = onward
        # Undone before what it was put over: else every later test would look names up as this one does.
        with record_dials(monkeypatch, {SITE}) as dialled, monkeypatch.context() as answering:
            answering.setattr(socket, "getaddrinfo", resolver)
            tried = 0
            for door in DOORS:
                for trick in TRICKS:
                    for number in range(NAMES):
                        with suppress(PursestringsError):
                            await door(ground, f"http://{trick}-{number}.example:{ground.site.port}/")
                        tried += 1
        visitors = Counter((seen.header("Host") or "").partition("-")[0] for seen in ground.site.log)

    assert ({one for one in dialled if one[0] != SITE}, canary.hits) == (set(), [])
    assert tried >= 500
    # Those that lead outside at first were asked there, and then looked up again.
    assert visitors["flip"] >= NAMES
    assert visitors["mixed"] >= NAMES
    assert "inner" not in visitors
    assert min(count for name, count in resolver.asked.items() if name.startswith("flip")) >= 2
