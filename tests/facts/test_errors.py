from __future__ import annotations

from facts.errors import (
    Blocked,
    ConfigError,
    DeliveryError,
    DeliveryLater,
    DeliveryRefused,
    PursestringsError,
    SourceError,
)


def test_every_error_says_whose_it_is() -> None:
    """Identity travels with the error: file and key, source and address, channel."""
    assert str(ConfigError("unknown key", where="config.toml:3: bot.nam")) == "config.toml:3: bot.nam: unknown key"
    blocked = Blocked("a bot wall", source="doj", url="https://justice.example/", status=200)
    assert (blocked.source, blocked.url, blocked.status) == ("doj", "https://justice.example/", 200)
    assert str(DeliveryRefused("no such channel", channel="desk")) == "desk: no such channel"
    assert DeliveryLater("busy", channel="desk", retry_after=30).retry_after == 30


def test_the_tree_has_one_root() -> None:
    """One except clause holds everything a person can act on."""
    assert issubclass(Blocked, SourceError)
    assert all(issubclass(kind, PursestringsError) for kind in (ConfigError, SourceError, DeliveryError))
