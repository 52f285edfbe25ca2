"""Kinds of sources, labels and channels, found by the name of their file.

A module is a kind when it defines a class `Settings` and one of `Spider`, `Label` or `Channel`. One new file adds a
kind: there is no list to keep.
"""

from __future__ import annotations

import ast
import importlib
import importlib.abc
import importlib.util
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from typing import Any

from pydantic import BaseModel, SecretStr

_CLASSES = frozenset({"Spider", "Label", "Channel"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugins:
    """The packages that hold the kinds."""

    spiders: str = "spiders"
    labels: str = "classifier.labels"
    channels: str = "alerts"


#: Where the kinds of this program lie.
SHIPPED = Plugins()


def kinds(package: str) -> list[str]:
    """Return the kinds of this package, in order of name; their modules are read, not imported."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.submodule_search_locations is None:
        return []
    found = pkgutil.iter_modules(spec.submodule_search_locations, f"{package}.")
    return sorted(module.name.rpartition(".")[2] for module in found if _kind_class(module.name))


def settings_class(package: str, kind: str) -> type[BaseModel]:
    """Return the `Settings` of a kind, one of `kinds(package)`."""
    return _member(package, kind, "Settings")


def plugin_class(package: str, kind: str) -> type[Any]:
    """Return the `Spider`, `Label` or `Channel` of a kind, one of `kinds(package)`."""
    return _member(package, kind, _kind_class(f"{package}.{kind}"))


def setting_types(settings: type[BaseModel]) -> Mapping[str, Any]:
    """Return the type of every setting, by the key that is written in the file.

    A setting that keeps out of the repr, such as an address with a token in it, may be written as a secret too.
    """
    return {
        info.alias or name: info.annotation if info.repr else SecretStr | info.annotation
        for name, info in settings.model_fields.items()
    }


def _member(package: str, kind: str, name: str) -> type[Any]:
    member: type[Any] = getattr(importlib.import_module(f"{package}.{kind}"), name)
    return member


def _kind_class(module: str) -> str:
    spec = importlib.util.find_spec(module)
    classes = _classes(spec) if spec else set()
    return next(iter(classes & _CLASSES), "") if "Settings" in classes else ""


def _classes(spec: ModuleSpec) -> set[str]:
    source = spec.loader.get_source(spec.name) if isinstance(spec.loader, importlib.abc.InspectLoader) else None
    # Most modules are no kinds, and parsing all of them takes a quarter of a second.
    tree = ast.parse(source) if source and "class Settings" in source else ast.Module(body=[], type_ignores=[])
    return {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
