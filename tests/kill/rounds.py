"""Plays the demo's world over and over, killing the process that does so at random moments.

Run as `python -m tests.kill.rounds --folder DIR --kills N --seed S`. Each archive lies in a folder of its own, with the
ledger of the fake Slack it told and a line of JSON that says how often its process was killed. Modules are imported
once; each round is a fork, so that a kill costs no start of Python.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from classifier.gazetteer import Gazetteer
from facts.errors import PursestringsError
from pursestrings.config import load
from pursestrings.demo.configuring import demo_config
from pursestrings.demo.drive import DemoClock, drive
from pursestrings.demo.server import serve_world
from pursestrings.demo.texts import load_world
from pursestrings.demo.world import World
from pursestrings.opening import writing
from pursestrings.stanzas import Config
from pursestrings.wiring import open_pipeline
from tests.pursestrings.demo.orders import thinned
from tests.rig.slack import TOKEN

#: Seconds after it is ready within which a process is killed.
WINDOW = 0.4
#: Seconds a process that is not killed may take for the rest of the world.
WHOLE = 120.0
KILLS = "kills.json"
LEDGER = "ledger.jsonl"


def main() -> None:
    """Play until the kills are used up and the last archive is whole."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--kills", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    arguments = parser.parse_args()
    moments = random.Random(arguments.seed)
    world, left, number = thinned(load_world(), {}), arguments.kills, 0
    while left > 0:
        folder = arguments.folder / f"archive-{number}"
        folder.mkdir(parents=True)
        left -= _archive(folder, world, left, moments)
        number += 1


def _archive(folder: Path, world: World, most: int, moments: random.Random) -> int:
    """Bring one archive to the end of the world; return how many processes were killed on the way."""
    killed = 0
    with _slack(folder / LEDGER) as slack:
        port = _free_port()
        config = _config(folder, f"http://127.0.0.1:{port}", slack)
        while not _round(config, world, port, moments.uniform(0, WINDOW) if killed < most else WHOLE):
            killed += 1
    (folder / KILLS).write_text(json.dumps({"kills": killed}), encoding="utf-8")
    return killed


def _round(config: Config, world: World, port: int, seconds: float) -> bool:
    """Work on the archive in a child and kill it after so many seconds; return whether it came to the end first."""
    ready, tell = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ready)
        _child(config, world, port, tell)
    os.close(tell)
    try:
        return _watch(child, ready, seconds)
    finally:
        os.close(ready)


def _watch(child: int, ready: int, seconds: float) -> bool:
    # A byte says ready, the end of the pipe that the child is gone.
    if os.read(ready, 1):
        readable, _, _ = select.select([ready], [], [], seconds)
        if not readable:
            os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return False
    if status:
        sys.exit(f"a round failed with exit status {os.waitstatus_to_exitcode(status)}")
    return True


def _child(config: Config, world: World, port: int, tell: int) -> None:
    status = 1
    try:
        asyncio.run(_play(config, world, port, tell))
        status = 0
    except PursestringsError as error:
        sys.stderr.write(f"{error}\n")
    finally:
        os._exit(status)


async def _play(config: Config, world: World, port: int, tell: int) -> None:
    clock = DemoClock(world.start)
    with writing(config, clock()) as stores:
        async with (
            serve_world(world, clock, port),
            open_pipeline(config, stores, clock=clock, jitter=lambda: 0.0, end_pause=0.0) as pipeline,
        ):
            os.write(tell, b".")
            await drive(pipeline, world, clock, lambda _moment, _share: None)


def _config(folder: Path, base: str, slack: int) -> Config:
    """Return the demo's configuration with Slack for its desk."""
    url = f"http://127.0.0.1:{slack}/api/"
    alerts = f'kind = "slack"\ntoken = {{ env = "TOKEN" }}\nchannel = "#desk"\nbase_url = "{url}"'
    text = demo_config(base, str(folder), alerts=alerts)
    port = base.rpartition(":")[2]
    text = text.replace(f"allow_ports = [{port}]", f"allow_ports = [{port}, {slack}]")
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return load(path, {"TOKEN": TOKEN}, Gazetteer.load().find)


@contextmanager
def _slack(ledger: Path) -> Iterator[int]:
    """Run the fake Slack in a process of its own, which outlives every kill; yields its port."""
    command = [sys.executable, "-m", "tests.rig.slack", "--ledger", str(ledger)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


if __name__ == "__main__":
    begun = time.monotonic()
    main()
    sys.stderr.write(f"{time.monotonic() - begun:.1f} s\n")
