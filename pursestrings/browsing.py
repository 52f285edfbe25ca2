"""Which sources are read in a browser, and whether this machine can show their pages."""

from __future__ import annotations

from collections.abc import Callable

from pursestrings.stanzas import Config, SourceConfig
from spiders.chromium import ChromiumSettings, lacking
from spiders.settings import PageSettings


def page_settings(source: SourceConfig) -> PageSettings | None:
    """Return the settings of a source that is read in a browser, None of any other."""
    settings = source.settings
    return settings if isinstance(settings, PageSettings) and settings.browser else None


def browser_sources(config: Config) -> tuple[str, ...]:
    """Return the names of the sources that are read in a browser."""
    return tuple(source.name for source in config.sources if page_settings(source) is not None)


def chromium_settings(config: Config) -> ChromiumSettings:
    """Return how the configuration has the browser started."""
    return ChromiumSettings(program=str(config.fetch.chromium or ""), sandbox=config.fetch.browser_sandbox)


def browser_lack(config: Config, lack: Callable[[ChromiumSettings], str | None] = lacking) -> str | None:
    """Return in words what this machine lacks to show pages, and what to do; None where nothing is needed or lacks."""
    return lack(chromium_settings(config)) if browser_sources(config) else None


def browser_advice(config: Config, lack: Callable[[ChromiumSettings], str | None] = lacking) -> tuple[str, ...]:
    """Return as a warning what is lacking; the sources that need a browser are named."""
    says = browser_lack(config, lack)
    return (f"{_named(browser_sources(config))} cannot be read in a browser: {says}",) if says else ()


def _named(names: tuple[str, ...]) -> str:
    return f"source {names[0]}" if len(names) == 1 else f"sources {', '.join(names)}"
