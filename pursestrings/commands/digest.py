"""`pursestrings digest`: build one digest, and send it."""

from __future__ import annotations

import asyncio
import os
import random
from typing import Annotated

import typer

from alerts import console
from facts.alert import Delivery, DeliveryState, DigestKey
from facts.errors import PursestringsError
from pursestrings.commands.options import DEFAULT_CONFIG, ConfigFile, one_of, read_date
from pursestrings.commands.printing import screen, shown
from pursestrings.logs import set_up
from pursestrings.opening import load_config, reading, writing
from pursestrings.service import utc_now
from pursestrings.stanzas import Config
from pursestrings.wiring import digest_plans, newsroom, open_pipeline
from scheduler.delivering import bulletin_of, deliver_due

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name of the digest in the configuration.")]
Day = Annotated[
    str | None, typer.Option("--date", metavar="DATE", help="The local day, as 2017-08-04; today when not said.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Print the digest and send nothing.")]


def digest(name: Name, day: Day = None, dry_run: DryRun = False, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Build the digest of a day and send it, once; with --dry-run only print it."""
    settings = load_config(config, os.environ)
    set_up(settings)
    one_of([name], (one.name for one in settings.digests), "digest", "NAME")
    today = utc_now().astimezone(settings.bot.timezone).date()
    key = DigestKey(name=name, local_date=read_date(day, "--date") or today)
    if key.local_date > today:
        msg = f"{key.local_date} lies ahead; the digest of today is the last there is"
        raise typer.BadParameter(msg, param_hint="--date")
    if dry_run:
        _print(settings, key)
    else:
        asyncio.run(_send(settings, key))


def _print(config: Config, key: DigestKey) -> None:
    with reading(config) as catalogue:
        bulletin = bulletin_of(catalogue, digest_plans(config)[key.name], key.local_date, newsroom(config))
    asyncio.run(console.Channel(name="preview", settings=console.Settings()).send_bulletin(bulletin))


async def _send(config: Config, key: DigestKey) -> None:
    plan = digest_plans(config)[key.name]
    with writing(config, utc_now()) as stores:
        delivery = stores.store.open_digest(key, plan.channel, utc_now())
        if delivery is None:
            msg = f"the digest {key.name} of {key.local_date} was opened before; see `pursestrings deliveries list`"
            raise PursestringsError(msg)
        async with open_pipeline(config, stores, clock=utc_now, jitter=random.random) as pipeline:
            await deliver_due(pipeline, utc_now(), limit=1000)
        _tell(key, next(one for one in stores.catalogue.deliveries(1000) if one.id == delivery.id))


def _tell(key: DigestKey, delivery: Delivery) -> None:
    """Say how it went, on stderr: a console channel writes the digest itself to stdout."""
    digest = f"The digest {key.name} of {key.local_date}"
    if delivery.state is not DeliveryState.SENT:
        later = f"; tried again from {delivery.retry_at:%Y-%m-%d %H:%M} UTC on" if delivery.retry_at else ""
        msg = f"{digest} was not sent: {delivery.error or delivery.state}{later}"
        raise PursestringsError(msg)
    screen(stderr=True).print(shown(f"{digest} went out by {delivery.channel} ({delivery.receipt})."))
