"""`pursestrings demo`: the whole pipeline over an invented August 2017, with no network and no accounts."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from archive.serve import parse_bind
from facts.errors import ConfigError, PursestringsError
from pursestrings.commands.options import AsJson
from pursestrings.commands.printing import counted, screen
from pursestrings.demo.configuring import demo_config
from pursestrings.demo.drive import DemoClock, drive
from pursestrings.demo.server import serve_world
from pursestrings.demo.texts import load_world
from pursestrings.logs import set_up
from pursestrings.opening import load_config, writing
from pursestrings.service import serve_web, stop_on_signal
from pursestrings.stanzas import Config
from pursestrings.wiring import open_pipeline
from storage.protocols import Catalogue, Search

Once = Annotated[bool, typer.Option("--once", help="End when everything is delivered.")]
Port = Annotated[int, typer.Option(min=1, max=65534, help="Where the archive is served; copies of pages one above.")]
Data = Annotated[
    Path | None, typer.Option("--data", metavar="DIR", help="Keep the archive here; otherwise it is thrown away.")
]

Tell = Callable[[datetime, float], None]
_CONFIG, _WEB_PORT = "config.toml", "web-port"
_MOST = 1000


def demo(once: Once = False, as_json: AsJson = False, port: Port = 8080, data: Data = None) -> None:
    """Play an invented August 2017 through the whole pipeline: print the alerts, then open the archive.

    Everything happens on this machine: no network, no accounts. With --json each alert is one line of JSON.
    """
    with _folder(data) as folder:
        asyncio.run(_demo(folder, port, once=once, as_json=as_json))
        if data and not as_json:
            kept = f"The archive is kept: pursestrings search jail --config {folder / _CONFIG}"
            screen(stderr=True).print(kept, markup=False)


async def _demo(folder: Path, port: int, *, once: bool, as_json: bool) -> None:
    world = load_world()
    clock = DemoClock(world.start)
    web_port = _kept_port(folder)
    config = _configure(folder, web_port, port, as_json=as_json)
    set_up(config, level=logging.ERROR if as_json else logging.WARNING)
    with writing(config, clock()) as stores:
        async with (
            serve_world(world, clock, web_port),
            nullcontext() if once else _open_archive(config, stores.catalogue, clock),
            open_pipeline(config, stores, clock=clock, jitter=lambda: 0.0, end_pause=0.0) as pipeline,
        ):
            with _progress(quiet=as_json) as tell:
                await drive(pipeline, world, clock, tell)
            if not as_json:
                _sum_up(stores.catalogue)
            if not once:
                await _stay(config)


def _configure(folder: Path, web_port: int, port: int, *, as_json: bool) -> Config:
    path = folder / _CONFIG
    alerts = f'kind = "console"\nformat = "{"json" if as_json else "text"}"'
    bind, replay_bind = f"127.0.0.1:{port}", f"127.0.0.1:{port + 1}"
    base = f"http://127.0.0.1:{web_port}"
    path.write_text(demo_config(base, str(folder), bind=bind, replay_bind=replay_bind, alerts=alerts), encoding="utf-8")
    return load_config(path, os.environ)


@asynccontextmanager
async def _open_archive(config: Config, catalogue: Catalogue, clock: DemoClock) -> AsyncIterator[None]:
    """Serve the archive from the first alert on, since alerts link to it."""
    try:
        async with serve_web(config, catalogue, last_tick=clock, clock=clock):
            yield
    except ConfigError as error:
        raise typer.BadParameter(str(error), param_hint="--port") from error


def _sum_up(catalogue: Catalogue) -> None:
    _, documents = catalogue.search(Search(limit=1))
    told = catalogue.deliveries(_MOST)
    digests = sum(one.digest is not None for one in told)
    screen(stderr=True).print(
        f"Archived {counted(documents, 'document')}; told {counted(len(told) - digests, 'alert')}"
        f" and {counted(digests, 'digest')}."
    )


async def _stay(config: Config) -> None:
    stop = stop_on_signal()
    say = screen(stderr=True)
    say.print(f"In another terminal: pursestrings search jail --config {config.path}", markup=False)
    say.print(f"The archive is open at {config.web.public_url} until Ctrl-C.")
    await stop.wait()


@contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    if data is None:
        with tempfile.TemporaryDirectory(prefix="pursestrings-demo-") as folder:
            yield Path(folder)
        return
    if (data / _CONFIG).exists() and not (data / _WEB_PORT).exists():
        msg = f"{data / _CONFIG} is not the demo's, and would be lost; name another folder as --data"
        raise PursestringsError(msg)
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"{data} cannot be made: {error.strerror}; name another folder as --data"
        raise PursestringsError(msg) from error
    yield data.resolve()


def _kept_port(folder: Path) -> int:
    """Return the port of the invented web; its addresses are in the archive, so a folder keeps its port."""
    kept = folder / _WEB_PORT
    text = kept.read_text(errors="replace").strip() if kept.exists() else "0"
    address = parse_bind(f"127.0.0.1:{text}", str(kept))
    try:
        with socket.create_server(address) as free:
            port: int = free.getsockname()[1]
    except OSError as error:
        msg = f"the invented web cannot listen where {kept} says: {error}; end the other demo, or name another folder"
        raise PursestringsError(msg) from error
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
    # Rich takes stdout over while the bar moves: a file that stdout goes to must get what is its own.
    with Progress(*columns, console=console, transient=True, redirect_stdout=sys.stdout.isatty()) as progress:
        task = progress.add_task("August 2017", total=1.0)
        yield lambda moment, share: progress.update(task, completed=share, description=f"{moment:%a %b %d %Y, %H:%M}")
