"""Both apps as a newsroom would set them up, over any catalogue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

from starlette.applications import Starlette

from archive.health import Health
from archive.pages import Site
from archive.replay import make_replay_app
from archive.security import allowed_hosts
from archive.web import make_app
from facts.event import LETTER, RESPONSE
from facts.places import Place
from storage.protocols import Catalogue
from tests.archive import samples

HOSTS = allowed_hosts("https://archive.newsroom.example", "10.0.0.7:8080")
HEALTHY = Health(now=samples.NOON, last_tick=samples.NOON - timedelta(seconds=3), failing=("delta-ledger",))


def find_place(text: str) -> Place | None:
    """Return one of the four cities by its name."""
    return next((place for place in samples.FOUR if text in {place.name, str(place)}), None)


def site(replay_url: str) -> Site:
    """Return a newsroom in Denver's time."""
    return Site(
        bot_name="Metro desk",
        replay_url=replay_url,
        timezone=ZoneInfo("America/Denver"),
        allowed_hosts=HOSTS,
        labels={LETTER: "Funding condition letter", RESPONSE: "City response"},
    )


def app(
    catalogue: Catalogue, health: Callable[[], Health] = lambda: HEALTHY, replay_url: str = "http://127.0.0.1:8081"
) -> Starlette:
    """Return the main app."""
    return make_app(catalogue, site(replay_url), health=health, find_place=find_place)


def replay(catalogue: Catalogue) -> Starlette:
    """Return the app of the second origin."""
    return make_replay_app(catalogue, allowed_hosts=HOSTS)
