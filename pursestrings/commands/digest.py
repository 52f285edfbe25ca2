"""`pursestrings digest`: build one digest, and send it."""

from __future__ import annotations

import asyncio
import os
import random
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from alerts.layout import bulletin_lines
from facts.alert import Delivery, DeliveryState, DigestKey
from facts.errors import ConfigError, PursestringsError
from pursestrings.commands.options import DEFAULT_CONFIG, ConfigFile, read_date
from pursestrings.logs import set_up
from pursestrings.service import utc_now
from pursestrings.stanzas import Config
from pursestrings.wiring import digest_plans, load_config, newsroom, open_pipeline, reading, writing
from scheduler.delivering import bulletin_of, deliver_due

Name = Annotated[str, typer.Argument(help="The digest's name, as in [digests.NAME].")]
Day = Annotated[str | None, typer.Option("--date", help="The local day, as 2017-08-04; today when not said.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Print the digest and send nothing.")]


def digest(name: Name, day: Day = None, dry_run: DryRun = False, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Build the digest of a day and send it, once; with --dry-run only print it."""
    settings = load_config(config, os.environ)
    set_up(settings)
    if name not in {one.name for one in settings.digests}:
        msg = f"no digest is called {name!r}; add [digests.{name}]"
        raise ConfigError(msg, where=str(settings.path))
    today = utc_now().astimezone(settings.bot.timezone).date()
    key = DigestKey(name=name, local_date=read_date(day, "--date") or today)
    if dry_run:
        _print(settings, key)
    else:
        asyncio.run(_send(settings, key))


def _print(config: Config, key: DigestKey) -> None:
    with reading(config) as catalogue:
        bulletin = bulletin_of(catalogue, digest_plans(config)[key.name], key.local_date, newsroom(config))
    sys.stdout.write("\n".join(bulletin_lines(bulletin)) + "\n")


async def _send(config: Config, key: DigestKey) -> None:
    plan = digest_plans(config)[key.name]
    with writing(config, utc_now()) as stores:
        delivery = stores.store.open_digest(key, plan.channel, utc_now())
        if delivery is None:
            msg = f"the digest {key.name} of {key.local_date} was opened before; see `pursestrings deliveries list`"
            raise PursestringsError(msg)
        async with open_pipeline(config, stores, clock=utc_now, jitter=random.random) as pipeline:
            await deliver_due(pipeline, utc_now(), limit=1000)
        _tell(next(one for one in stores.catalogue.deliveries(1000) if one.id == delivery.id))


def _tell(delivery: Delivery) -> None:
    Console(stderr=True).print(Text(f"{delivery.channel}: {delivery.state} {delivery.receipt or delivery.error or ''}"))
    if delivery.state is not DeliveryState.SENT:
        raise typer.Exit(1)
