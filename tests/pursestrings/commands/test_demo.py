"""`pursestrings demo`, over the first days of its August; tests/test_demo.py plays the whole of it."""

from __future__ import annotations

import importlib
import json
import os
import signal
import socket
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from facts.event import LETTER
from pursestrings.demo.texts import load_world
from pursestrings.demo.world import World
from tests.pursestrings.commands.desk import free_port, run

#: By name: the package has a function of the same name in it.
COMMAND = importlib.import_module("pursestrings.commands.demo")


@pytest.fixture(scope="module")
def short() -> World:
    """The day of the letter, with what was published about it."""
    world = load_world()
    day = datetime(2017, 8, 3, tzinfo=UTC)
    return replace(world, start=day, end=day + timedelta(hours=16))


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch, short: World) -> None:
    monkeypatch.setattr(COMMAND, "load_world", lambda: short)


def test_json_is_one_alert_a_line_and_a_second_run_has_nothing_to_tell(tmp_path: Path) -> None:
    """The folder keeps the invented web's port, since the archive's addresses hold it."""
    first = run("demo", "--once", "--json", "--data", tmp_path / "x")
    port = (tmp_path / "x" / "web-port").read_text()
    second = run("demo", "--once", "--json", "--data", tmp_path / "x")

    assert (first.exit_code, second.exit_code, second.stdout) == (0, 0, ""), first.output + second.output
    (alert,) = [json.loads(line) for line in first.stdout.splitlines()]
    assert (alert["label"], alert["channel"], alert["reason"]) == (LETTER, "desk", "new-story")
    assert (tmp_path / "x" / "web-port").read_text() == port


def test_for_people_the_alert_is_on_stdout_and_the_rest_on_stderr(tmp_path: Path) -> None:
    """With what was done, and how to look at it."""
    result = run("demo", "--once", "--data", tmp_path)
    search = run("search", "jail", "--config", tmp_path / "config.toml")

    assert result.exit_code == 0
    assert "New story" in result.stdout
    assert "; told 1 alert and 1 digest.\n" in result.stderr
    assert f"pursestrings search jail --config {tmp_path}/config.toml\n" in result.stderr
    assert "Funding condition letter" in search.stdout


def test_on_a_terminal_a_bar_moves_and_stdout_gets_its_own(tmp_path: Path) -> None:
    """Without a folder the archive is thrown away; alerts do not end up where the bar is."""
    result = run("demo", "--once", env={"FORCE_COLOR": "1", "COLUMNS": "100", "TMPDIR": str(tmp_path)})

    assert result.exit_code == 0
    assert "Aug 03 2017" in result.stderr
    assert "New story" in result.stdout
    assert "New story" not in result.stderr
    assert "The archive is kept" not in result.stderr


def test_the_archive_is_open_until_a_signal(tmp_path: Path) -> None:
    """From the first alert on; a signal ends it with 0."""
    port, healthy = free_port(), threading.Event()

    def end() -> None:
        # The line says that the signal is listened to.
        while not healthy.wait(0.05):
            try:
                healthy_now = httpx.get(f"http://127.0.0.1:{port}/health").json()["alive"]
            except httpx.TransportError:
                continue
            if healthy_now and signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
                healthy.set()
                os.kill(os.getpid(), signal.SIGTERM)

    ender = threading.Thread(target=end)
    ender.start()
    try:
        result = run("demo", "--port", port, "--data", tmp_path)
    finally:
        ended_by_signal = healthy.is_set()
        healthy.set()
        ender.join()

    assert (result.exit_code, ended_by_signal) == (0, True), result.output
    assert f"The archive is open at http://127.0.0.1:{port} until Ctrl-C.\n" in result.stderr


def test_a_port_in_use_ends_with_2_before_anything_is_played(tmp_path: Path) -> None:
    """The option that takes another is named."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run("demo", "--port", port, "--data", tmp_path, env={"COLUMNS": "200"})

    assert (result.exit_code, result.stdout) == (2, "")
    assert f"Invalid value for --port: [web] bind: cannot listen on 127.0.0.1:{port}: Address already" in result.stderr


def test_another_demo_on_the_folder_ends_with_1(tmp_path: Path) -> None:
    """The invented web has only the one port; what is in the folder stays as it was."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        (tmp_path / "web-port").write_text(f"{other.getsockname()[1]}\n")
        result = run("demo", "--once", "--data", tmp_path)

    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert "end the other demo, or name another folder" in result.stderr
    assert not (tmp_path / "config.toml").exists()


@pytest.mark.parametrize("damaged", ["", "eighty", "99999999"])
def test_a_damaged_folder_ends_with_2(tmp_path: Path, damaged: str) -> None:
    """In one line that names the file."""
    (tmp_path / "web-port").write_text(damaged)
    result = run("demo", "--once", "--data", tmp_path)

    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert f"{tmp_path}/web-port: expected an address" in result.stderr


def test_a_configuration_that_is_not_the_demo_s_is_left_alone(tmp_path: Path) -> None:
    """Somebody's own work is in it."""
    (tmp_path / "config.toml").write_text("mine")
    result = run("demo", "--once", "--data", tmp_path)

    assert (result.exit_code, (tmp_path / "config.toml").read_text()) == (1, "mine")
    assert "config.toml is not the demo's, and would be lost; name another folder as --data" in result.stderr


def test_a_folder_that_cannot_be_made_ends_with_1(tmp_path: Path) -> None:
    """In one line."""
    (tmp_path / "file").write_text("")
    result = run("demo", "--once", "--data", tmp_path / "file" / "under")

    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "under cannot be made: Not a directory" in result.stderr
