from __future__ import annotations

import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from classifier.gazetteer import Gazetteer
from pursestrings.config import load
from pursestrings.demo.configuring import demo_config
from pursestrings.demo.world import World, answer

BASE = "http://127.0.0.1:4242"


def test_every_source_is_served(world: World) -> None:
    """Each address of the configuration answers, at the only port that may be dialled."""
    config = tomllib.loads(demo_config(BASE, "data"))

    assert config["fetch"]["allow_ports"] == [4242]
    for source in config["sources"].values():
        for url in (source["url"], source.get("feed", source["url"])):
            parts = urlsplit(url)
            assert parts.netloc == "127.0.0.1:4242"
            assert answer(world, f"{parts.path}?{parts.query}", world.start)[0] == 200


def test_it_is_a_configuration_without_mistakes(tmp_path: Path) -> None:
    """The shipped kinds take every key, and the gazetteer knows every place."""
    path = tmp_path / "config.toml"
    path.write_text(demo_config(BASE, str(tmp_path / "kept")), encoding="utf-8")
    config = load(path, {}, Gazetteer.load().find)

    assert [source.name for source in config.sources] == [
        "doj",
        "sandia-courier",
        "harbor-ledger",
        "channel-times",
        "arrowhead-inquirer",
        "albuquerque-mayor",
        "baltimore-mayor",
    ]
    assert config.bot.data == tmp_path / "kept"


@pytest.mark.parametrize("folder", ["data", 'a "quoted" folder', "back\\slash", "möwe\x7f", "$base ${x}"])
def test_any_folder_name_survives(folder: str) -> None:
    """The folder comes from the command line and may hold anything."""
    assert folder == tomllib.loads(demo_config(BASE, folder))["bot"]["data"]


def test_the_web_app_is_where_alerts_point() -> None:
    """One choice of port, said once."""
    web = tomllib.loads(demo_config(BASE, "data", bind="127.0.0.1:9000", replay_bind="127.0.0.1:9001"))["web"]

    assert web == {"bind": "127.0.0.1:9000", "replay_bind": "127.0.0.1:9001", "public_url": "http://127.0.0.1:9000"}
