"""`pursestrings run`, as a process that a person or a supervisor starts and stops."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from pursestrings.opening import load_config, writing
from tests.pursestrings.commands.desk import FeedSite, free_port, run, write_config

SLACK = 'kind = "slack"\ntoken = { env = "NO_SUCH_TOKEN" }\nchannel = "#money"\notherwise = "console"'


@pytest.fixture
def unreachable(tmp_path: Path) -> Path:
    """A configuration whose sources nobody serves."""
    return write_config(tmp_path, f"http://127.0.0.1:{free_port()}", channel=SLACK)


@contextmanager
def service(config: Path, *, within: tuple[str, ...] = ("-m", "pursestrings.cli")) -> Iterator[subprocess.Popen[str]]:
    """Start the service; whatever happens, it is gone at the end."""
    command = [sys.executable, *within, "run", "--config", str(config)]
    environ = {name: value for name, value in os.environ.items() if name != "NO_SUCH_TOKEN"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ) as process:
        try:
            yield process
        finally:
            process.kill()


def read_until(process: subprocess.Popen[str], *wanted: str) -> str:
    """Return what stderr says until each of these was said."""
    assert process.stderr
    said = ""
    for line in process.stderr:
        said += line
        if all(one in said for one in wanted):
            return said
    pytest.fail(f"it ended without {wanted}:\n{said}")


def test_it_stays_up_without_its_sources_and_ends_on_sigterm(unreachable: Path) -> None:
    """It says what it watches, what stands in for what, what failed and when it is tried again; and ends with 0."""
    text = unreachable.read_text()
    web = re.search(r'^bind = "(.*)"', text, re.MULTILINE)
    source = re.search(r'url = "http://(.*)/paper.xml"', text)
    assert web
    assert source
    with service(unreachable) as process:
        said = read_until(process, "source paper: ", "source radio: ")
        health = httpx.get(f"http://{web[1]}/health").json()
        second = subprocess.run(
            [sys.executable, "-m", "pursestrings.cli", "run", "--config", str(unreachable)],
            capture_output=True,
            text=True,
            check=False,
        )
        asked = time.monotonic()
        process.send_signal(signal.SIGTERM)
        rest = process.communicate(timeout=10)[1]

    assert (process.returncode, time.monotonic() - asked < 10) == (0, True), said + rest
    assert (health["alive"], health["sources_failing"]) == (True, [])
    assert "source   paper: feed, every 15m about Stockton, CA\n" in said
    assert "channel  desk: console instead of slack, NO_SUCH_TOKEN not set\n" in said
    assert f"archive  http://{web[1]} (listens on {web[1]})\n" in said
    for name in ("paper", "radio"):
        assert re.search(rf"WARNING \S+ source {name}: {source[1]} .*refused; next try at 20\d\d-.*\n", said)
    assert rest.endswith("stopped\n")
    assert "Traceback" not in said + rest
    assert (second.returncode, second.stdout) == (1, "")
    assert f"data is in use by another pursestrings (process {process.pid})" in second.stderr
    assert "Traceback" not in second.stderr


@pytest.mark.parametrize("key", ["bind", "replay_bind"])
def test_a_taken_port_ends_with_2(unreachable: Path, key: str) -> None:
    """The key and the address are named."""
    port = re.search(rf'^{key} = "127.0.0.1:(\d+)"', unreachable.read_text(), re.MULTILINE)
    assert port
    with socket.create_server(("127.0.0.1", int(port[1]))):
        result = run("run", "--config", unreachable)

    assert (result.exit_code, result.stdout) == (2, "")
    last = result.stderr.splitlines()[-1]
    assert last.startswith(f"[web] {key}: cannot listen on 127.0.0.1:{port[1]}: Address already in use")


def test_a_folder_in_use_ends_with_1(unreachable: Path) -> None:
    """Nothing is served beside the other process."""
    with writing(load_config(unreachable, {}), datetime.now(UTC)):
        result = run("run", "--config", unreachable)

    assert (result.exit_code, result.stdout) == (1, "")
    assert "is in use by another pursestrings" in result.stderr.splitlines()[-1]


def test_a_wrong_configuration_ends_with_2(unreachable: Path) -> None:
    """One line a mistake."""
    unreachable.write_text(unreachable.read_text().replace('every = "15m"', 'every = "often"'))
    result = run("run", "--config", unreachable)

    assert (result.exit_code, result.stdout, result.stderr.count("every: ")) == (2, "", 2)


# A name server that does not answer, and a parser that does not end: neither can be interrupted.
HANGING = f"""
import socket, sys, threading
sys.path.insert(0, {str(Path(__file__).parents[3])!r})
import spiders.feed
from pursestrings.cli import app
from tests.spiders.odd_parsers import read_pipe

look_up = socket.getaddrinfo

def slow_look_up(host, *rest, **more):
    if "silent" in str(host):
        print("hangs: look-up", file=sys.stderr, flush=True)
        threading.Event().wait(40)
    return look_up(host, *rest, **more)

socket.getaddrinfo, spiders.feed.read_feed = slow_look_up, read_pipe
app()
"""


def test_R2_it_ends_on_sigterm_while_a_look_up_and_a_parser_hang(tmp_path: Path, site: FeedSite) -> None:
    """Within six seconds and with 0, the archive closed; no source is held to have failed by that."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    site.pages["/paper.xml"] = str(pipe).encode()
    config = write_config(tmp_path, site.base)
    silent = '[sources.radio]\nspider = "feed"\nurl = "http://silent.example'
    text = re.sub(r'\[sources.radio\]\nspider = "feed"\nurl = "http://127.0.0.1', silent, config.read_text())
    config.write_text(text + '\n[canary]\nevery = "0s"\n')
    with service(config, within=("-c", HANGING)) as process:
        said = read_until(process, "hangs: look-up")
        # Waits until the parser has opened its end.
        with pipe.open("wb"):
            asked = time.monotonic()
            process.send_signal(signal.SIGTERM)
            rest = process.communicate(timeout=30)[1]
            took = time.monotonic() - asked

    assert (process.returncode, took < 6) == (0, True), said + rest
    assert rest.endswith("stopped\n")
    assert "Traceback" not in said + rest
    with writing(load_config(config, {}), datetime.now(UTC)) as stores:
        rows = stores.catalogue.sources()
        assert [(row.name, row.failures) for row in rows] == [("paper", 0), ("radio", 0)]
