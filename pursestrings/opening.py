"""Open what a command works on: the configuration, and its archive to read or to write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from classifier.gazetteer import Gazetteer
from facts.errors import PursestringsError
from pursestrings.config import load
from pursestrings.redact import Redactor
from pursestrings.stanzas import Config
from scheduler.lock import only_one
from storage.learning import SqlLearning
from storage.opening import Outbox, Stores, open_catalogue, open_learning, open_outbox, open_store
from storage.protocols import Catalogue


def load_config(path: Path, environ: Mapping[str, str]) -> Config:
    """Read and check a configuration.

    Raises:
        ConfigError: every mistake in it, together.
    """
    return load(path, environ, Gazetteer.load().find)


@contextmanager
def writing(config: Config, now: datetime, *, also: Sequence[str] = ()) -> Iterator[Stores]:
    """Hold the data folder and its archive, making it when there is none; what a killed process held is free again.

    `also` are sources that are watched beside those of the configuration.

    Raises:
        PursestringsError: another process holds the folder.
        StorageError: the archive cannot be opened or written.
    """
    with _masked(config), only_one(config.bot.data):
        stores = open_store(config.storage.url.get_secret_value(), config.bot.data)
        try:
            stores.store.register([*(source.name for source in config.sources), *also], now)
            stores.store.free_leases()
            yield stores
        finally:
            stores.close()


@contextmanager
def reading(config: Config) -> Iterator[Catalogue]:
    """Open the archive to read, beside a running service or without one.

    Raises:
        NotFound: there is no archive yet.
    """
    with _masked(config):
        catalogue = open_catalogue(config.storage.url.get_secret_value(), config.bot.data)
        try:
            yield catalogue
        finally:
            catalogue.close()


@contextmanager
def mending(config: Config) -> Iterator[Outbox]:
    """Open the outbox to put deliveries back, beside a running service or without one.

    Raises:
        NotFound: there is no archive yet.
    """
    with _masked(config):
        outbox = open_outbox(config.storage.url.get_secret_value())
        try:
            yield outbox
        finally:
            outbox.close()


@contextmanager
def learning(config: Config) -> Iterator[SqlLearning]:
    """Open what readers said and the models, beside a running service or without one.

    Raises:
        NotFound: there is no archive yet.
    """
    with _masked(config):
        opened = open_learning(config.storage.url.get_secret_value())
        try:
            yield opened
        finally:
            opened.close()


@contextmanager
def _masked(config: Config) -> Iterator[None]:
    """Mask this configuration's secrets in the errors that leave the block: they are printed."""
    try:
        yield
    except PursestringsError as error:
        error.args = (Redactor.of(config.secrets)(str(error)),)
        raise
