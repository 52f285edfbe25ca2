"""Hosts: read back as they were kept."""

from __future__ import annotations

from datetime import timedelta

from facts.host import HostState
from storage.hosts import MOST_LOADED
from tests.storage.conftest import Rig
from tests.storage.samples import NOW

FULL = HostState(
    host="https://a.example",
    robots="User-agent: *\nDisallow: /\0\ud800",
    robots_until=NOW,
    blocked_until=NOW + timedelta(days=7),
    failures=3,
    last_error="HTTP 429 Too Many Requests",
)


def test_hosts_are_kept_and_take_the_place_of_older_ones(rig: Rig) -> None:
    """With every field; text that no database holds is made storable."""
    bare = HostState(host="http://b.example:8080")
    rig.stores.hosts.keep([HostState(host=FULL.host, failures=1), bare])
    rig.stores.hosts.keep([FULL])
    read = rig.stores.hosts.load()

    assert read.keys() == {FULL.host, bare.host}
    assert read[bare.host] == bare
    assert read[FULL.host].robots == "User-agent: *\nDisallow: /\ufffd\ufffd"
    assert (read[FULL.host].blocked_until, read[FULL.host].failures) == (FULL.blocked_until, 3)


def test_no_more_are_read_than_are_remembered(rig: Rig) -> None:
    """Those with a pause, and whose robots.txt was read last, of the many that links led to over the years."""
    rig.stores.hosts.keep([FULL])
    rig.stores.hosts.keep(
        [
            HostState(host=f"https://{n}.example", robots_until=NOW + timedelta(minutes=n))
            for n in range(MOST_LOADED + 5)
        ]
    )
    read = rig.stores.hosts.load()

    assert len(read) == MOST_LOADED
    assert "https://5.example" not in read
    assert FULL.host in read
