"""Opening the configuration and its archive."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from facts.alert import DigestKey
from facts.errors import ConfigError, NotFound, PursestringsError, StorageError
from pursestrings.opening import load_config, reading, writing
from pursestrings.stanzas import Config
from tests.pursestrings.commands.desk import write_config

NOW = datetime(2017, 8, 3, 12, 0, tzinfo=UTC)
SECRET = "canary-41f7"
WITH_SECRET = 'kind = "webhook"\nurl = { env = "TEST_HOOK" }'


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Two sources and one secret."""
    return load_config(write_config(tmp_path, channel=WITH_SECRET), {"TEST_HOOK": f"https://hook.example/{SECRET}"})


def test_what_is_written_can_be_read_beside_it(config: Config) -> None:
    """The sources of the configuration are registered, due now."""
    with writing(config, NOW), reading(config) as catalogue:
        assert [(row.name, row.next_poll_at) for row in catalogue.sources()] == [("paper", NOW), ("radio", NOW)]


def test_what_a_killed_process_held_is_free_again(config: Config) -> None:
    """A delivery that it was sending is sent again, marked as a possible repeat."""
    key = DigestKey(name="morning", local_date=NOW.date())
    with writing(config, NOW) as stores:
        stores.store.open_digest(key, "desk", NOW)
        (sending,) = stores.store.claim_deliveries("desk", NOW, lease=timedelta(hours=1), limit=9)
        assert stores.store.claim_deliveries("desk", NOW, lease=timedelta(hours=1), limit=9) == []
    with writing(config, NOW) as stores:
        (again,) = stores.store.claim_deliveries("desk", NOW, lease=timedelta(hours=1), limit=9)

    assert (sending.delivery.id, True) == (again.delivery.id, again.delivery.possible_repeat)


def test_without_an_archive_there_is_nothing_to_read_and_nothing_is_made(config: Config) -> None:
    """Reading never writes."""
    with pytest.raises(NotFound, match="there is no archive yet"), reading(config):
        pytest.fail("opened")

    assert not config.bot.data.exists()


def test_a_folder_is_written_by_one_at_a_time(config: Config) -> None:
    """The second is refused and the first goes on."""
    with writing(config, NOW) as stores:
        with pytest.raises(PursestringsError, match="in use by another pursestrings"), writing(config, NOW):
            pytest.fail("two at once")
        assert stores.store.source("paper").name == "paper"


@pytest.mark.parametrize("open_", [lambda config: writing(config, NOW), reading], ids=["writing", "reading"])
def test_an_error_leaves_with_its_secrets_masked(config: Config, open_: object) -> None:
    """Whoever prints it shows none; it is the same error, of the same class."""
    with writing(config, NOW):
        pass
    error = StorageError(f"cannot post to https://hook.example/{SECRET}")
    assert callable(open_)
    with pytest.raises(StorageError) as caught, open_(config):
        raise error

    assert caught.value is error
    assert str(error) == "cannot post to **********"


def test_a_bug_passes_as_it_is(config: Config) -> None:
    """Its traceback is for us; the log masks it."""
    with pytest.raises(ZeroDivisionError), writing(config, NOW):
        raise ZeroDivisionError


def test_a_wrong_configuration_is_refused_with_its_place(tmp_path: Path) -> None:
    """Places are looked up in the gazetteer."""
    path = write_config(tmp_path)
    path.write_text(path.read_text().replace("Stockton, CA", "Gotham"))

    with pytest.raises(ConfigError, match=r"config.toml:15: sources.paper.places\[0\]"):
        load_config(path, {})
