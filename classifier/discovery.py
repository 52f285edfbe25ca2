"""Discovery: labels are found by the name of their file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from classifier.scoring import Label
from facts.errors import ConfigError

_FOLDER = Path(__file__).parent / "labels"


def label_names(files: Iterable[str]) -> tuple[str, ...]:
    """Return the labels that these file names make, sorted: "city_response.py" is the label `city_response`."""
    return tuple(sorted(Path(name).stem for name in files if name.endswith(".py") and not name.startswith("_")))


def available_labels() -> tuple[str, ...]:
    """Return the labels that the package ships."""
    return label_names(entry.name for entry in _FOLDER.iterdir())


def make_labels(settings: Mapping[str, Mapping[str, Any]] | None = None) -> dict[str, Label]:
    """Return every label by name, each with its stanza of the configuration.

    Raises:
        ConfigError: a stanza names no label, or holds a value that the label cannot take.
    """
    stanzas = settings or {}
    names = available_labels()
    for name in stanzas:
        if name not in names:
            msg = f"no such label; the labels are {', '.join(names)}"
            raise ConfigError(msg, where=f"labels.{name}")
    return {name: _make(name, stanzas.get(name, {})) for name in names}


def _make(name: str, stanza: Mapping[str, Any]) -> Label:
    module = import_module(f"classifier.labels.{name}")
    try:
        label: Label = module.Label(module.Settings.model_validate(stanza))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        raise ConfigError(first["msg"], where=f"labels.{name}.{key}") from error
    return label
