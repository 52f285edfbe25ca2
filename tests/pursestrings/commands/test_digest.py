"""`pursestrings digest`."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pursestrings.opening import load_config, writing
from storage.opening import open_store
from tests.archive import samples
from tests.pursestrings.commands.desk import Archived, free_port, run, write_config


@pytest.fixture
def desk(archived: Archived, tmp_path: Path) -> Path:
    """A copy of the archive that a test may change; its configuration."""
    shutil.copytree(archived.config.parent, tmp_path / "desk")
    return tmp_path / "desk" / "config.toml"


def test_a_dry_run_prints_and_sends_nothing_while_the_service_holds_the_folder(archived: Archived) -> None:
    """The letter of the day before is in it, failing sources too."""
    before = run("deliveries", "list", "--config", archived.config, "--json").stdout
    with writing(load_config(archived.config, {}), datetime.now(UTC)):
        result = run("digest", "morning", "--date", "2017-08-04", "--dry-run", "--config", archived.config)

    assert (result.exit_code, result.stderr) == (0, "")
    assert samples.LETTER_TITLE in result.stdout
    assert "delta-ledger: https://ledger.example/feed answered 503" in result.stdout
    assert before == run("deliveries", "list", "--config", archived.config, "--json").stdout


def test_a_day_without_news_says_so(tmp_path: Path) -> None:
    """Today, when no day is said."""
    config, data = write_config(tmp_path), tmp_path / "data"
    data.mkdir()
    open_store(f"sqlite:///{data}/pursestrings.db", data).close()
    result = run("digest", "morning", "--dry-run", "--config", config)

    assert result.exit_code == 0
    assert "Nothing new" in result.stdout


def test_a_digest_is_sent_once(desk: Path) -> None:
    """The second time ends with 1 and says where to look."""
    first, second = (run("digest", "morning", "--date", "2017-08-04", "--config", desk) for _ in range(2))
    rows = json.loads(run("deliveries", "list", "--config", desk, "--json").stdout)

    assert first.exit_code == 0
    assert samples.LETTER_TITLE in first.stdout
    assert "The digest morning of 2017-08-04 went out by desk (stdout).\n" in first.stderr
    assert (second.exit_code, second.stdout) == (1, "")
    assert "was opened before; see `pursestrings deliveries list`" in second.stderr
    assert [(row["digest"]["name"], row["state"]) for row in rows if row["digest"]] == [("morning", "sent")]


def test_a_digest_that_cannot_be_sent_now_ends_with_1(desk: Path) -> None:
    """Why, and when it is tried again; the secret in the address is masked."""
    secret = f"http://127.0.0.1:{free_port()}/hook/canary-41f7"
    text = desk.read_text().replace('kind = "console"', 'kind = "webhook"\nurl = { env = "TEST_HOOK" }')
    port = secret.rpartition(":")[2].partition("/")[0]
    desk.write_text(text.replace("allow_ports = [80, 443", f"allow_ports = [80, 443, {port}"))
    result = run("digest", "morning", "--date", "2017-08-04", "--config", desk, env={"TEST_HOOK": secret})

    assert (result.exit_code, result.stdout) == (1, "")
    assert "The digest morning of 2017-08-04 was not sent: desk: " in result.stderr
    assert "; tried again from 20" in result.stderr
    assert "canary-41f7" not in result.output


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["evening"], "there is no digest 'evening'; choose from morning"),
        (["morning", "--date", "yesterday"], "write it as 2017-08-03"),
        (["morning", "--date", "2999-01-01"], "lies ahead"),
        ([], "NAME"),
    ],
)
def test_wrong_usage_ends_with_2(archived: Archived, arguments: list[str], expected: str) -> None:
    """With what is expected."""
    result = run("digest", *arguments, "--config", archived.config, env={"COLUMNS": "200"})

    assert (result.exit_code, result.stdout) == (2, "")
    assert expected in result.stderr
