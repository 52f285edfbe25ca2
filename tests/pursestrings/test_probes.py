"""Probing many addresses at once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from pursestrings.opening import load_config
from pursestrings.probes import Target, probe_all, target_of
from tests.pursestrings.commands.desk import write_config
from tests.rig.newsroom import as_feed, item, rss
from tests.rig.site import Site, open_site

NOW = datetime(2017, 8, 4, tzinfo=UTC)


def feeds(site: Site, count: int) -> list[Target]:
    """Serve feeds on a site; return them as targets."""
    served = (
        site.serve(f"/{n}.xml", as_feed(rss(*(item(str(i), "x") for i in range(n))))) for n in range(1, count + 1)
    )
    return [Target(name=str(number), url=url) for number, url in enumerate(served)]


async def test_each_host_is_asked_for_one_thing_at_a_time_and_all_hosts_at_once(tmp_path: Path) -> None:
    """What is found comes back in the order that it was asked for."""
    config = load_config(write_config(tmp_path), {})
    async with open_site("127.0.0.1") as one, open_site("127.0.0.3") as other:
        ports = (*config.fetch.allow_ports, one.port, other.port)
        config = config.model_copy(update={"fetch": config.fetch.model_copy(update={"allow_ports": ports})})
        first, second = feeds(one, 3), feeds(other, 3)
        targets = [target for pair in zip(first, second, strict=True) for target in pair]
        done: list[None] = []
        probed = await probe_all(config, targets, now=lambda: NOW, done=lambda: done.append(None))

    assert [one.target for one in probed] == targets
    assert [one.probe.items for one in probed] == [1, 1, 2, 2, 3, 3]
    assert (one.busiest, other.busiest, len(done)) == (1, 1, 6)


def test_a_source_is_a_target_by_its_address(tmp_path: Path) -> None:
    """Under its own name."""
    paper, _ = load_config(write_config(tmp_path), {}).sources

    assert target_of(paper) == Target(name="paper", url="http://127.0.0.1:80/paper.xml", source=paper)
