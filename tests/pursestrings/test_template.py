"""The configuration that ships: it works with no accounts, and its commented parts are right too."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

from classifier.gazetteer import Gazetteer
from pursestrings.config import load
from pursestrings.stanzas import Config
from pursestrings.summary import advice

TEMPLATE = files("pursestrings").joinpath("template.toml").read_text(encoding="utf-8")
SHIPPED = Path(__file__).parents[2] / "config.toml"
#: A commented line that is configuration, not prose.
COMMENTED = re.compile(r"^# (?=\[\w+\.[\w-]+\]|\w+ = )", re.MULTILINE)
SECRETS = dict.fromkeys(("SLACK_BOT_TOKEN", "SMTP_PASSWORD", "WEBHOOK_SECRET"), "canary-value")


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    """The real gazetteer, read once."""
    return Gazetteer.load()


def load_template(folder: Path, text: str, environ: dict[str, str], gazetteer: Gazetteer) -> Config:
    """Load a text with the real kinds and places."""
    (folder / "config.toml").write_text(text, encoding="utf-8")
    return load(folder / "config.toml", environ, gazetteer.find)


def test_the_repository_ships_what_init_writes() -> None:
    """One text in two places."""
    assert SHIPPED.read_text(encoding="utf-8") == TEMPLATE


def test_it_works_without_accounts(tmp_path: Path, gazetteer: Gazetteer) -> None:
    """Alerts are printed until a token is there."""
    config = load_template(tmp_path, TEMPLATE, {}, gazetteer)

    assert [(channel.kind, channel.wanted, channel.missing) for channel in config.channels] == [
        ("console", "slack", ("SLACK_BOT_TOKEN",))
    ]
    assert any(sentence.startswith("bot.contact is the placeholder") for sentence in advice(config))


def test_it_watches_the_four_cities_and_the_department(tmp_path: Path, gazetteer: Gazetteer) -> None:
    """Every newsroom follows its pages and is about a place."""
    sources = {source.name: source for source in load_template(tmp_path, TEMPLATE, {}, gazetteer).sources}

    assert (sources.pop("doj").kind, ()) == ("doj_api", ())
    assert {"Albuquerque, NM", "Baltimore, MD", "San Bernardino, CA", "California", "New Mexico"} == {
        str(place) for source in sources.values() for place in source.places
    }
    assert all(source.kind == "feed" and source.settings.follow and source.places for source in sources.values())


def test_its_commented_parts_are_right_too(tmp_path: Path, gazetteer: Gazetteer) -> None:
    """With the comment marks taken away it is a larger configuration without a mistake."""
    environ = {**SECRETS, "WEBHOOK_URL": "https://hook.news.example/in"}
    config = load_template(tmp_path, COMMENTED.sub("", TEMPLATE), environ, gazetteer)

    assert {"doj_api", "feed", "listing", "page"} == {source.kind for source in config.sources}
    assert {"slack", "email", "webhook"} == {channel.kind for channel in config.channels}
    assert [digest.name for digest in config.digests] == ["morning"]
