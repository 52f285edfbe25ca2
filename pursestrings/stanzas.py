"""The configuration as values: frozen, complete, every default filled in, every path absolute."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from facts.event import LETTER, RESPONSE
from facts.places import Place
from pursestrings.values import (
    Bind,
    BindField,
    Clock,
    Contact,
    Duration,
    Mail,
    NetworkField,
    Port,
    WebUrl,
    Zone,
)

#: A site that names no interval is asked once an hour.
DEFAULT_EVERY = timedelta(hours=1)


class Stanza(BaseModel):
    """What one table of the file may hold."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class BotConfig(Stanza):
    """[bot]: who this is."""

    name: str = Field(default="Pursestrings", min_length=1, max_length=80)
    #: Goes into the User-Agent, so that a site's owner can reach the newsroom.
    contact: Contact
    timezone: Zone = ZoneInfo("UTC")
    #: Database, WARC files and keys; absolute.
    data: Path = Path("data")
    #: The channel that hears of failing sources; the first channel when not said.
    ops: str = ""


class StorageConfig(Stanza):
    """[storage]: the database; the URL may hold a password."""

    url: SecretStr


class FetchConfig(Stanza):
    """[fetch]: what may be dialled, and for how long."""

    #: Networks that are not global and may be dialled all the same.
    allow_networks: tuple[NetworkField, ...] = ()
    allow_ports: tuple[Port, ...] = (80, 443)
    timeout: Duration = timedelta(seconds=30)
    #: The program that shows pages which scripts make; looked for when not said.
    chromium: Path | None = None
    #: Its own sandbox; without it a page that breaks out of it is this program's user.
    browser_sandbox: bool = True


class WebConfig(Stanza):
    """[web]: the archive's web app."""

    enabled: bool = True
    bind: BindField = Bind("127.0.0.1", 8080)
    #: Captured pages are served from here only.
    replay_bind: BindField = Bind("127.0.0.1", 8081)
    #: What alerts link to, without a closing slash.
    public_url: WebUrl = ""
    #: What documents link to for their captured page; another origin than `public_url`.
    replay_url: WebUrl = ""


class SourceConfig(Stanza):
    """[sources.NAME]: one place to look at."""

    name: str
    kind: str
    every: timedelta
    places: tuple[Place, ...]
    #: The `Settings` of `spiders/<kind>.py`.
    settings: Any


class LabelConfig(Stanza):
    """[labels.NAME]: how one label is judged."""

    name: str
    #: The `Settings` of `classifier/labels/<name>.py`.
    settings: Any


class ChannelConfig(Stanza):
    """[channels.NAME]: one way to tell people."""

    name: str
    kind: str
    #: The `Settings` of `alerts/<kind>.py`.
    settings: Any
    #: The kind that was meant; it differs from `kind` while a variable is not set and `otherwise` stands in.
    wanted: str
    #: Environment variables that the wanted kind lacks.
    missing: tuple[str, ...] = ()


class RouteConfig(Stanza):
    """[routes.NAME]: which events go to which channel; no places means all."""

    name: str
    labels: tuple[str, ...] = (LETTER, RESPONSE)
    places: tuple[Place, ...] = ()
    channel: str


class DigestConfig(Stanza):
    """[digests.NAME]: one mail or post a day, at a local time."""

    name: str
    at: Clock
    channel: str
    #: Empty: the channel's own recipients.
    to: tuple[Mail, ...] = ()
    #: A day without news is told too, so that silence means that something broke.
    quiet_days: bool = True


class CanaryConfig(Stanza):
    """[canary]: a test document that goes the whole way to the ops channel."""

    enabled: bool = True
    #: How often it is published and told; "0s" is the same as enabled = false.
    every: Duration = DEFAULT_EVERY

    @property
    def interval(self) -> timedelta | None:
        """How often it is told, None when it is not."""
        return self.every if self.enabled and self.every else None


class Config(Stanza):
    """Everything that config.toml says, checked."""

    #: The file itself, absolute.
    path: Path
    bot: BotConfig
    storage: StorageConfig
    fetch: FetchConfig
    sources: tuple[SourceConfig, ...]
    #: Every label there is, with or without a stanza.
    labels: tuple[LabelConfig, ...]
    channels: tuple[ChannelConfig, ...]
    routes: tuple[RouteConfig, ...]
    digests: tuple[DigestConfig, ...]
    web: WebConfig
    canary: CanaryConfig = CanaryConfig()
    #: Every value that came from the environment, for `pursestrings.redact`.
    secrets: tuple[SecretStr, ...]
