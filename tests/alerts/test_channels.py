"""Walks every channel: what a new one has to bring."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from pathlib import Path
from types import ModuleType

import pytest
from pydantic import BaseModel

import alerts

HERE = Path(__file__).parent
MODULES = [importlib.import_module(f"alerts.{each.name}") for each in pkgutil.iter_modules(alerts.__path__)]
CHANNELS = [module for module in MODULES if hasattr(module, "Settings") and hasattr(module, "Channel")]
KINDS = [module.__name__.removeprefix("alerts.") for module in CHANNELS]


def test_the_channels_are_found() -> None:
    """The four channels of the design are there."""
    assert {"console", "email", "slack", "webhook"} <= set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_channel_brings_its_test_and_its_sample(kind: str) -> None:
    """A channel without a test file and a saved rendering is not finished."""
    assert (HERE / f"test_{kind}.py").is_file()
    assert [each for each in (HERE / "samples").iterdir() if each.name.startswith((f"{kind}.", f"{kind}-"))]


@pytest.mark.parametrize("module", CHANNELS, ids=KINDS)
def test_a_channel_has_the_shape_of_all(module: ModuleType) -> None:
    """Settings are frozen and refuse unknown keys; every channel is built alike, and short."""
    assert issubclass(module.Settings, BaseModel)
    assert module.Settings.model_config.get("frozen")
    assert module.Settings.model_config.get("extra") == "forbid"
    parameters = inspect.signature(module.Channel).parameters

    assert {"name", "settings", "allow_networks", "allow_ports", "bot_name"} <= set(parameters)
    assert all(each.kind is inspect.Parameter.KEYWORD_ONLY for each in parameters.values())
    assert all(
        inspect.iscoroutinefunction(getattr(module.Channel, each)) for each in ("send", "send_bulletin", "close")
    )
    assert len(inspect.getsource(module).splitlines()) <= 150
