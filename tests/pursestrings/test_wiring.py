"""From a configuration to the pipeline."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from alerts import console, slack
from facts.errors import Forbidden, Unreachable
from facts.event import LETTER, RESPONSE
from pursestrings.opening import load_config, writing
from pursestrings.stanzas import Config
from pursestrings.wiring import digest_plans, newsroom, open_pipeline
from scheduler.passes import run_pass
from spiders import doj_api, feed
from spiders.fetching import BodyCap
from storage.protocols import Search
from tests.archive import samples
from tests.pursestrings.commands.desk import TWO_FEEDS, feed_site, free_port, write_config
from tests.rig.newsroom import item, rss

NOW = datetime(2017, 8, 3, 12, 0, tzinfo=UTC)
DOJ = '[sources.doj]\nspider = "doj_api"\nurl = "https://www.justice.gov/api/v1/press_releases.json"\nevery = "10m"\n'
SLACK = 'kind = "slack"\ntoken = { env = "TEST_TOKEN" }\nchannel = "#money"'


def load(folder: Path, base: str = "http://127.0.0.1:80", *, channel: str = 'kind = "console"') -> Config:
    """Return a configuration with sources of two kinds."""
    path = write_config(folder, base, sources=TWO_FEEDS + DOJ, channel=channel)
    return load_config(path, {"TEST_TOKEN": "xoxb-canary-41f7"})


async def test_every_stanza_becomes_its_part(tmp_path: Path) -> None:
    """Spiders, intervals, channels, routes, digests, whom they are for."""
    config = load(tmp_path, channel=SLACK)
    with writing(config, NOW) as stores:
        async with open_pipeline(config, stores, clock=lambda: NOW, jitter=lambda: 0.0) as pipeline:
            assert {"paper": feed.Spider, "radio": feed.Spider, "doj": doj_api.Spider} == {
                name: type(spider) for name, spider in pipeline.spiders.items()
            }
            assert pipeline.every["doj"] == timedelta(minutes=10)
            assert {"desk": slack.Channel} == {name: type(channel) for name, channel in pipeline.channels.items()}
            assert [(route.name, route.labels, route.places, route.channel) for route in pipeline.routes] == [
                ("desk", (LETTER, RESPONSE), (), "desk")
            ]
            assert (pipeline.ops, pipeline.digests, pipeline.newsroom) == (
                "desk",
                digest_plans(config),
                newsroom(config),
            )


async def test_the_pipeline_reads_judges_and_archives(tmp_path: Path) -> None:
    """All parts together, over one pass; what cannot be reached is counted, and what the host asked for is kept."""
    with feed_site() as site:
        site.pages["/paper.xml"] = rss(item(samples.LETTER_TITLE, samples.LETTER_TEXT))
        config = load(tmp_path, site.base)
        with writing(config, NOW) as stores:
            async with open_pipeline(config, stores, clock=lambda: NOW, jitter=lambda: 0.0) as pipeline:
                done = await run_pass(pipeline, [stores.store.source(name) for name in ("paper", "radio")], NOW)
                hits, _ = stores.catalogue.search(Search(labels=(LETTER,)))
            assert list(stores.hosts.load()) == [site.base]

    assert (done.sources, done.snapshots, done.errors) == (2, 1, 1)
    assert [hit.snapshot.title for hit in hits] == [samples.LETTER_TITLE]


async def test_the_fetcher_dials_what_the_configuration_allows(tmp_path: Path) -> None:
    """A port that is not listed is refused, one that is listed is tried."""
    listed, other = free_port(), free_port()
    config = load(tmp_path, f"http://127.0.0.1:{listed}")
    with writing(config, NOW) as stores:
        async with open_pipeline(config, stores, clock=lambda: NOW, jitter=lambda: 0.0) as pipeline:
            with pytest.raises(Forbidden):
                await pipeline.fetch(f"http://127.0.0.1:{other}/", cap=BodyCap.FEED)
            with pytest.raises(Unreachable):
                await pipeline.fetch(f"http://127.0.0.1:{listed}/", cap=BodyCap.FEED)


async def test_channels_are_closed_however_the_block_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection left open would be one at every restart."""
    closed: list[str] = []

    async def close(self: console.Channel) -> None:
        closed.append(self._name)

    monkeypatch.setattr(console.Channel, "close", close)
    config = load(tmp_path)
    with writing(config, NOW) as stores, pytest.raises(ZeroDivisionError):
        async with open_pipeline(config, stores, clock=lambda: NOW, jitter=lambda: 0.0):
            raise ZeroDivisionError

    assert closed == ["desk"]


def test_digests_and_the_newsroom_are_those_of_the_configuration(tmp_path: Path) -> None:
    """By name, with the local time; links lead to the web app."""
    config = load(tmp_path)
    plan, desk = digest_plans(config)["morning"], newsroom(config)

    assert (plan.at, plan.channel, plan.to, plan.quiet_days) == (time(7), "desk", (), True)
    assert (desk.bot_name, desk.zone.key, desk.public_url) == (
        "Test desk",
        "America/Denver",
        config.web.public_url,
    )
