"""Kinds are found by the name of their file."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from pursestrings.mistakes import leaves
from pursestrings.plugins import kinds, plugin_class, setting_types, settings_class
from tests.pursestrings.configs import KINDS


def test_a_module_with_both_classes_is_a_kind() -> None:
    """One with a class of the right name alone is none, and a broken one is not even imported."""
    assert kinds(KINDS.spiders) == ["paper"]
    assert kinds(KINDS.labels) == ["city_response", "funding_condition_letter"]
    assert kinds(KINDS.channels) == ["pager", "terminal"]


def test_a_new_file_is_a_new_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no list to keep."""
    package = tmp_path / "invented_kinds"
    package.mkdir()
    (package / "__init__.py").write_text("")
    text = "from pydantic import BaseModel\nclass Settings(BaseModel):\n    url: str\nclass Spider: ...\n"
    (package / "gopher.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)

    assert kinds("invented_kinds") == ["gopher"]
    assert (
        settings_class("invented_kinds", "gopher").__name__,
        plugin_class("invented_kinds", "gopher").__name__,
    ) == ("Settings", "Spider")


def test_a_package_that_is_none_has_no_kinds() -> None:
    """A missing package, or a plain module."""
    assert (kinds("no_such_package"), kinds("json.decoder")) == ([], [])


def test_setting_types_go_by_written_names() -> None:
    """An alias is the key; what keeps out of the repr may be a secret."""
    types = setting_types(settings_class(KINDS.channels, "pager"))

    assert list(types) == ["token", "second", "from", "url"]
    assert ({str}, {str, SecretStr}, {SecretStr, type(None)}) == (
        set(leaves(types["from"])),
        set(leaves(types["url"])),
        set(leaves(types["second"])),
    )
