"""Feeds of a list as stanzas of a configuration: which are new, under which names, and how the file gets them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from facts.address import refusal_of_url
from facts.errors import ConfigError
from facts.twins import twin_key
from pursestrings.opml import Outline
from pursestrings.stanzas import Config
from pursestrings.toml_text import name_of, stanza
from spiders.directory import Directory

#: What some programs put before the address of a feed.
_FEED_SCHEMES = (("feed://", "https://"), ("feed:", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """What becomes of a list of feeds."""

    #: Stanzas by name, as text.
    stanzas: dict[str, str]
    #: What was left out, and why.
    skipped: tuple[str, ...]


def feeds_of(config: Config) -> Iterator[Outline]:
    """Return the feeds that a configuration reads: those of kind `feed`, and the one beside an API."""
    for source in config.sources:
        url = source.settings.url if source.kind == "feed" else getattr(source.settings, "feed", None)
        if url:
            yield Outline(title=source.name, url=str(url))


def to_import(outlines: Sequence[Outline], config: Config, directory: Directory, *, every: str, follow: bool) -> Import:
    """Return the stanzas of the feeds that the configuration does not have."""
    names = {source.name for source in config.sources}
    known = {twin_key(one.url): f"it is configured as {one.title}" for one in feeds_of(config)}
    stanzas: dict[str, str] = {}
    skipped = []
    for outline in outlines:
        url = _fetchable(outline.url)
        why = _refusal(url, config.fetch.allow_ports, directory) or known.get(twin_key(url))
        if why:
            skipped.append(f"{url}: {why}")
            continue
        name = name_of(outline.title or url.partition("://")[2], names)
        names.add(name)
        known[twin_key(url)] = f"the list has it twice, first as {name}"
        keys = {"spider": "feed", "url": url, "every": every, **({"follow": True} if follow else {})}
        stanzas[name] = stanza(name, keys, comment=outline.title)
    return Import(stanzas=stanzas, skipped=tuple(skipped))


def append(path: Path, text: str, valid: Callable[[Path], object]) -> None:
    """Add text to the end of a configuration: whole or not at all, and only when the outcome is valid.

    `valid` reads a file and raises ConfigError when it is wrong.

    Raises:
        ConfigError: the file cannot be written, changed meanwhile, or would not be valid.
    """
    target = path.resolve()
    try:
        before = target.read_bytes()
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as error:
        raise _unwritten(path, error) from error
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(before + (b"" if before.endswith(b"\n") else b"\n") + text.encode())
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(target.stat().st_mode & 0o7777)
        valid(beside)
        if target.read_bytes() != before:
            problem = "was changed by somebody else at this moment and was left as it is; try again"
            raise ConfigError(problem, where=str(path))
        beside.replace(target)
    except OSError as error:
        raise _unwritten(path, error) from error
    finally:
        beside.unlink(missing_ok=True)


def _unwritten(path: Path, error: OSError) -> ConfigError:
    problem = f"cannot be written: {error.strerror}; print the stanzas without --write and add them yourself"
    return ConfigError(problem, where=str(path))


def _fetchable(url: str) -> str:
    for scheme, instead in _FEED_SCHEMES:
        if url.lower().startswith(scheme):
            return f"{instead}{url[len(scheme) :]}"
    return url


def _refusal(url: str, ports: Collection[int], directory: Directory) -> str | None:
    refusal = refusal_of_url(url, ports)
    if refusal is not None:
        return f"it cannot be fetched: {refusal}"
    trap = directory.trap(url)
    return None if trap is None else f"it is a trap: {trap}"
