"""`pursestrings deliveries`."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from facts.alert import DeliveryState, DigestKey
from facts.errors import DeliveryRefused
from pursestrings.opening import load_config, writing
from storage.opening import open_store
from tests.archive import samples
from tests.pursestrings.commands.desk import Archived, run, write_config

DUE = "{} due again; the service sends what is due in a moment, or when `pursestrings run` starts it\n"


@pytest.fixture
def refused(tmp_path: Path) -> tuple[Path, str]:
    """An archive with two refused digests; its configuration and one delivery's id."""
    config, data = write_config(tmp_path), tmp_path / "data"
    data.mkdir()
    stores = open_store(f"sqlite:///{data}/pursestrings.db", data)
    try:
        for name, channel in (("evening", "mail"), ("morning", "desk")):
            key = DigestKey(name=name, local_date=samples.NOON.date())
            stores.store.open_digest(key, channel, samples.NOON)
            (item,) = stores.store.claim_deliveries(channel, samples.NOON, lease=timedelta(minutes=5), limit=1)
            error = DeliveryRefused("channel_not_found; invite the bot", channel=channel)
            stores.store.settle(replace(item.delivery, state=DeliveryState.REFUSED, error=str(error)))
    finally:
        stores.close()
    return config, item.delivery.id


def states(config: Path) -> dict[str, str]:
    """Return the state of each channel's delivery."""
    rows = json.loads(run("deliveries", "list", "--config", config, "--json").stdout)
    return {row["channel"]: row["state"] for row in rows}


def test_deliveries_are_listed_with_what_became_of_them(archived: Archived) -> None:
    """Receipt or error, and no underscores."""
    result = run("deliveries", "list", "--config", archived.config)

    assert result.exit_code == 0
    assert "1 alert" in result.stdout
    assert "in doubt" in result.stdout
    assert "1501783509.000200" in result.stdout


def test_json_is_one_document(archived: Archived) -> None:
    """A list; the limit holds."""
    whole = json.loads(run("deliveries", "list", "--config", archived.config, "--json").stdout)
    short = json.loads(run("deliveries", "list", "--config", archived.config, "--json", "--limit", "1").stdout)

    assert ({"desk", "delta"}, whole[:1]) == ({row["channel"] for row in whole}, short)


def test_when_nothing_was_told_it_says_so(tmp_path: Path) -> None:
    """Not an empty screen."""
    config, data = write_config(tmp_path), tmp_path / "data"
    data.mkdir()
    open_store(f"sqlite:///{data}/pursestrings.db", data).close()
    result = run("deliveries", "list", "--config", config)

    assert (result.exit_code, result.stdout) == (0, "Nobody was told anything yet.\n")


def test_a_refused_delivery_is_due_again(refused: tuple[Path, str]) -> None:
    """And only once: then it is not refused any more; what else was refused stays."""
    config, id_ = refused
    assert (
        f"{id_}  2017-08-03 18:05  desk     morning of 2017-08-03  refused"
        in run("deliveries", "list", "--config", config).stdout
    )
    first, second = (run("deliveries", "retry", id_, "--config", config) for _ in range(2))

    assert (first.exit_code, first.stdout) == (0, DUE.format("1 refused delivery is"))
    assert states(config) == {"desk": "pending", "mail": "refused"}
    assert second.exit_code == 1
    assert f"no refused delivery has the id '{id_}'" in second.stderr


def test_all_that_one_channel_refused_is_due_again(refused: tuple[Path, str]) -> None:
    """Once its cause is mended."""
    config, _ = refused
    first, second = (run("deliveries", "retry", "--channel", "mail", "--config", config) for _ in range(2))

    assert (first.exit_code, first.stdout) == (0, DUE.format("1 refused delivery is"))
    assert (second.exit_code, second.stdout) == (0, "Nothing was refused.\n")
    assert states(config) == {"desk": "refused", "mail": "pending"}


def test_all_that_was_refused_is_due_again_while_a_service_holds_the_folder(refused: tuple[Path, str]) -> None:
    """No lock is asked for, and no WARC file is repaired under the service's hands."""
    config, _ = refused
    settings = load_config(config, {})
    with writing(settings, datetime.now(UTC)):
        torn = settings.bot.data / "warc" / "20170804-0001.warc.gz"
        torn.parent.mkdir(exist_ok=True)
        torn.write_bytes(b"half a record")
        result = run("deliveries", "retry", "--all", "--config", config)
        assert torn.read_bytes() == b"half a record"

    assert (result.exit_code, result.stdout) == (0, DUE.format("2 refused deliveries are"))
    assert states(config) == {"desk": "pending", "mail": "pending"}


@pytest.mark.parametrize("which", [(), ("--all", "--channel", "desk"), ("0" * 20, "--all")])
def test_which_deliveries_has_to_be_said(refused: tuple[Path, str], which: tuple[str, ...]) -> None:
    """Once and clearly; nothing is done otherwise."""
    config, _ = refused
    result = run("deliveries", "retry", *which, "--config", config)

    assert result.exit_code == 2
    assert "an ID, --channel NAME or --all" in result.stderr
    assert set(states(config).values()) == {"refused"}


def test_where_there_is_no_archive_nothing_is_made(tmp_path: Path) -> None:
    """The error says what makes one."""
    config = write_config(tmp_path)
    result = run("deliveries", "retry", "--all", "--config", config)

    assert result.exit_code == 1
    assert "there is no archive yet" in result.stderr
    assert not (tmp_path / "data").exists()
