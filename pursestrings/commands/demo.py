"""`pursestrings demo`: the whole pipeline over an invented August 2017, with no network and no accounts."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from pursestrings.commands.options import AsJson
from pursestrings.demo.configuring import demo_config
from pursestrings.demo.drive import DemoClock, drive
from pursestrings.demo.server import serve_world
from pursestrings.demo.texts import load_world
from pursestrings.logs import set_up
from pursestrings.service import serve_web
from pursestrings.stanzas import Config
from pursestrings.wiring import load_config, open_pipeline, writing

Once = Annotated[bool, typer.Option("--once", help="End when everything is delivered.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="Where the archive is served.")]
Data = Annotated[Path | None, typer.Option("--data", help="Keep the archive here; otherwise it is thrown away.")]

Tell = Callable[[datetime, float], None]


def demo(once: Once = False, as_json: AsJson = False, port: Port = 8080, data: Data = None) -> None:
    """Play an invented August 2017 through the real pipeline, print its alerts and open the archive."""
    with _folder(data) as folder:
        asyncio.run(_demo(folder, port, once=once, as_json=as_json))


async def _demo(folder: Path, port: int, *, once: bool, as_json: bool) -> None:
    world = load_world()
    clock = DemoClock(world.start)
    async with serve_world(world, clock, _kept_port(folder)) as base:
        path = folder / "config.toml"
        alerts = f'kind = "console"\nformat = "{"json" if as_json else "text"}"'
        bind, replay_bind = f"127.0.0.1:{port}", f"127.0.0.1:{port + 1}"
        text = demo_config(base, str(folder), bind=bind, replay_bind=replay_bind, alerts=alerts)
        path.write_text(text, encoding="utf-8")
        config = load_config(path, os.environ)
        set_up(config, level=logging.ERROR if as_json else logging.WARNING)
        with writing(config, clock()) as stores:
            async with open_pipeline(config, stores, clock=clock, jitter=lambda: 0.0) as pipeline:
                with _progress(quiet=as_json) as tell:
                    await drive(pipeline, world, clock, tell)
                if not once:
                    async with serve_web(config, stores.catalogue, last_tick=clock, clock=clock):
                        await _stay(config)


async def _stay(config: Config) -> None:
    Console(stderr=True).print(f"The archive is open at {config.web.public_url} until Ctrl-C.", highlight=False)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()


@contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    if data is not None:
        data.mkdir(parents=True, exist_ok=True)
        yield data.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="pursestrings-demo-") as folder:
        yield Path(folder)


def _kept_port(folder: Path) -> int:
    """Return the port of the invented web; its addresses are in the archive, so a folder keeps its port."""
    kept = folder / "web-port"
    if kept.exists():
        return int(kept.read_text())
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    kept.write_text(f"{port}\n")
    return port


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Tell]:
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda _moment, _share: None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("August 2017", total=1.0)
        yield lambda moment, share: progress.update(task, completed=share, description=f"{moment:%a %b %d %Y, %H:%M}")
