"""The loader: what a right file becomes."""

from __future__ import annotations

from datetime import time, timedelta
from ipaddress import ip_network
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import BaseModel, ValidationError

from facts.errors import ConfigError
from facts.event import LETTER, RESPONSE
from pursestrings.config import ConfigMistakes, load
from pursestrings.stanzas import BotConfig, DigestConfig, FetchConfig, RouteConfig, WebConfig
from pursestrings.values import Bind
from tests.pursestrings.configs import ALBUQUERQUE, ENVIRON, LEAST, NEW_MEXICO, PLACES, TOKEN, WHOLE, load_text


def test_stanzas_become_ready_values(tmp_path: Path) -> None:
    """Durations, zones, networks, times, places and paths are values, not text."""
    config = load_text(tmp_path, WHOLE)

    assert tmp_path / "config.toml" == config.path
    assert (
        BotConfig(
            name="Test desk",
            contact="desk@news.example",
            timezone=ZoneInfo("America/Denver"),
            data=tmp_path / "data",
            ops="desk",
        )
        == config.bot
    )
    assert f"sqlite:///{tmp_path}/data/p.db" == config.storage.url.get_secret_value()
    assert (
        FetchConfig(allow_networks=(ip_network("127.0.0.0/8"),), allow_ports=(80, 443), timeout=timedelta(seconds=30))
        == config.fetch
    )
    assert (RouteConfig(name="desk", labels=(RESPONSE,), places=(NEW_MEXICO,), channel="desk"),) == config.routes
    assert (DigestConfig(name="morning", at=time(7), channel="desk", to=("editor@news.example",)),) == config.digests
    assert (
        WebConfig(
            enabled=True,
            bind=Bind("127.0.0.1", 8080),
            replay_bind=Bind("127.0.0.1", 8081),
            public_url="https://archive.news.example",
            replay_url="http://127.0.0.1:8081",
        )
        == config.web
    )


def test_kinds_get_their_own_settings(tmp_path: Path) -> None:
    """Common keys are the stanza's, the rest is the kind's, under its written names."""
    config = load_text(tmp_path, WHOLE)
    (source,) = config.sources
    (channel,) = config.channels

    assert ("paper", "paper", timedelta(minutes=15), (ALBUQUERQUE,)) == (
        source.name,
        source.kind,
        source.every,
        source.places,
    )
    assert (source.settings.url, source.settings.follow) == ("https://paper.example/feed", True)
    assert (channel.name, channel.kind, channel.wanted, channel.missing) == ("desk", "pager", "pager", ())
    assert (channel.settings.token.get_secret_value(), channel.settings.sender) == (TOKEN, "desk")
    assert {label.name: label.settings.threshold for label in config.labels} == {RESPONSE: 0.6, LETTER: 0.7}


def test_every_key_has_a_default_but_contact_and_a_channel(tmp_path: Path) -> None:
    """The least configuration is a contact and one channel, which then is the one for operations."""
    config = load_text(tmp_path, LEAST, {})

    assert ("Pursestrings", ZoneInfo("UTC"), tmp_path / "data", "desk") == (
        config.bot.name,
        config.bot.timezone,
        config.bot.data,
        config.bot.ops,
    )
    assert f"sqlite:///{tmp_path}/data/pursestrings.db" == config.storage.url.get_secret_value()
    assert ((), (80, 443), timedelta(seconds=30)) == (
        config.fetch.allow_networks,
        config.fetch.allow_ports,
        config.fetch.timeout,
    )
    assert (config.sources, config.routes, config.digests) == ((), (), ())
    assert (config.web.enabled, config.web.public_url) == (True, "http://127.0.0.1:8080")


def test_the_database_follows_the_data_folder(tmp_path: Path) -> None:
    """Without [storage] the database lies in bot.data."""
    config = load_text(tmp_path, LEAST.replace("[channels", 'data = "kept"\n[channels'), {})

    assert f"sqlite:///{tmp_path}/kept/pursestrings.db" == config.storage.url.get_secret_value()


def test_routes_and_sources_have_defaults(tmp_path: Path) -> None:
    """A source is polled hourly; a route takes both labels of all places."""
    more = '[sources.a]\nspider = "paper"\nurl = "https://a.example/"\n[routes.all]\nchannel = "desk"\n'
    config = load_text(tmp_path, LEAST + more, {})

    assert (timedelta(hours=1), ()) == (config.sources[0].every, config.sources[0].places)
    assert RouteConfig(name="all", labels=(LETTER, RESPONSE), places=(), channel="desk") == config.routes[0]


def test_the_other_kind_stands_in_while_a_variable_is_not_set(tmp_path: Path) -> None:
    """`otherwise` is used while a secret is missing, and not a moment longer."""
    text = WHOLE.replace('from = "desk"', 'otherwise = "terminal"')

    (without,) = load_text(tmp_path, text, {}).channels
    (empty,) = load_text(tmp_path, text, {"TEST_TOKEN": " \n"}).channels
    (with_it,) = load_text(tmp_path, text).channels

    assert (
        without.kind,
        without.wanted,
        without.missing,
        without.settings.width,
    ) == ("terminal", "pager", ("TEST_TOKEN",), 80)
    assert without == empty
    assert (with_it.kind, with_it.missing) == ("pager", ())


def test_mistakes_are_found_also_in_a_channel_that_is_stood_in_for(tmp_path: Path) -> None:
    """A missing variable hides no other mistake."""
    text = WHOLE.replace('from = "desk"', 'otherwise = "terminal"\nfrom = 3')

    with pytest.raises(ConfigMistakes, match=r"channels\.desk\.from: 3 does not fit"):
        load_text(tmp_path, text, {})


def test_secrets_may_stand_in_tables_and_hidden_settings(tmp_path: Path) -> None:
    """A table of secrets is filled in; a setting kept out of the repr takes a variable or text."""
    environ = {**ENVIRON, "KEY": "canary-key-9", "HOOK": "https://hook.example/canary-path"}
    text = WHOLE.replace("follow = true", 'headers = { X-Key = { env = "KEY" } }').replace(
        'from = "desk"', 'url = { env = "HOOK" }'
    )
    config = load_text(tmp_path, text, environ)

    assert config.sources[0].settings.headers["X-Key"].get_secret_value() == "canary-key-9"
    assert config.channels[0].settings.url == "https://hook.example/canary-path"
    assert set(environ.values()) == {secret.get_secret_value() for secret in config.secrets}
    for secret in environ.values():
        assert secret not in repr(config)


def test_a_hidden_address_in_the_file_is_a_secret_too(tmp_path: Path) -> None:
    """It is allowed, and masked."""
    config = load_text(tmp_path, WHOLE.replace('from = "desk"', 'url = "https://hook.example/canary-path"'))

    assert "https://hook.example/canary-path" in {secret.get_secret_value() for secret in config.secrets}
    assert "canary-path" not in repr(config)


def test_the_database_may_come_from_the_environment(tmp_path: Path) -> None:
    """A URL from a variable is never shown."""
    url = "sqlite:////srv/sensitive/p.db"
    text = WHOLE.replace('"sqlite:///data/p.db"', '{ env = "DATABASE" }')
    config = load_text(tmp_path, text, {**ENVIRON, "DATABASE": url})

    assert url == config.storage.url.get_secret_value()
    assert "sensitive" not in repr(config)


def test_the_configuration_is_frozen(tmp_path: Path) -> None:
    """Nothing changes it after it was read."""
    config: BaseModel = load_text(tmp_path, WHOLE)

    with pytest.raises(ValidationError, match="frozen"):
        config.path = Path("elsewhere")  # type: ignore[attr-defined]


def test_byte_order_mark_and_windows_lines_are_read(tmp_path: Path) -> None:
    """What a Windows editor saves is the same configuration."""
    config = load_text(tmp_path, "\ufeff" + WHOLE.replace("\n", "\r\n"))

    assert config.bot.name == "Test desk"


def test_a_missing_file_names_the_next_step(tmp_path: Path) -> None:
    """There is a command that writes one."""
    with pytest.raises(ConfigError, match=r"none\.toml: does not exist; .*pursestrings init") as caught:
        load(tmp_path / "none.toml", {}, PLACES.get)

    assert isinstance(caught.value.__cause__, FileNotFoundError)


def test_a_folder_is_no_configuration(tmp_path: Path) -> None:
    """What cannot be read is said, with the system's reason."""
    with pytest.raises(ConfigMistakes, match="cannot be read: Is a directory"):
        load(tmp_path, {}, PLACES.get)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    """The byte that is wrong is named."""
    (tmp_path / "config.toml").write_bytes(b'[bot]\nname = "Caf\xe9"\n')

    with pytest.raises(ConfigMistakes, match=r"is not UTF-8 \(byte 17\)"):
        load(tmp_path / "config.toml", {}, PLACES.get)


def test_endless_nesting_is_refused(tmp_path: Path) -> None:
    """Ten thousand brackets are a mistake, not a crash."""
    with pytest.raises(ConfigMistakes, match="nested too deeply"):
        load_text(tmp_path, "a = " + "[" * 10_000 + "]" * 10_000)


@pytest.mark.parametrize(
    ("stanza", "interval"),
    [
        ("", timedelta(hours=1)),
        ('[canary]\nevery = "24h"', timedelta(hours=24)),
        ('[canary]\nevery = "0s"', None),
        ("[canary]\nenabled = false", None),
    ],
)
def test_the_canary_is_told_hourly_unless_said_otherwise(
    tmp_path: Path, stanza: str, interval: timedelta | None
) -> None:
    """Two ways to switch it off."""
    assert interval == load_text(tmp_path, f"{WHOLE}\n{stanza}\n").canary.interval
