from __future__ import annotations

import re
import tomllib
from collections import Counter
from datetime import timedelta

from pursestrings.demo.ordinary import ordinary_releases
from pursestrings.demo.publication import Publication
from pursestrings.demo.texts import read_bytes
from pursestrings.demo.world import World

TABLE = tomllib.loads(read_bytes("doj-ordinary.toml").decode())


def _releases(world: World) -> tuple[Publication, ...]:
    return ordinary_releases(TABLE, world.start, world.end)


def test_the_bodies_are_written_by_hand_and_many() -> None:
    """Not one template with other names."""
    assert len({variant["text"] for variant in TABLE["variants"]}) >= 25


def test_every_slot_is_filled(world: World) -> None:
    """No braces are left, and no two releases are equal."""
    releases = _releases(world)

    for each in releases:
        assert not re.search(r"[{}]", each.title + each.text + each.summary)
    assert len({each.text for each in releases}) == len(releases)
    assert len({each.path for each in releases}) == len(releases)


def test_work_days_have_five_and_weekends_none(world: World) -> None:
    """Between start and end each work day has the same number, and so has the week before."""
    releases = _releases(world)
    days = Counter(each.at.date() for each in releases if each.at > world.start)

    assert {5} == set(days.values())
    assert all(each.at.weekday() < 5 for each in releases)
    assert len(days) == 15
    assert sum(each.at <= world.start - timedelta(days=8) for each in releases) > 50
    assert max(each.at for each in releases if each.at <= world.start) > world.start - timedelta(days=2)
    assert min(each.at for each in releases) < world.start - timedelta(days=3000)


def test_addresses_have_the_real_shape(world: World) -> None:
    """Headquarters or an attorney's office, then a slug without stop words, cut."""
    for each in _releases(world):
        found = re.fullmatch(r"/doj/(?:opa|usao-[a-z]+)/pr/([a-z0-9-]+)", each.path)
        assert found
        assert len(found[1]) <= 92
        assert not {"the", "of", "and"} & set(found[1].split("-"))


def test_equal_titles_have_different_addresses(world: World) -> None:
    """A title alone does not name a release."""
    titles = Counter(each.title for each in _releases(world))

    assert any(times > 1 for times in titles.values())
