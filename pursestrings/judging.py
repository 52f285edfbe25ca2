"""The classifier, put together from its words, its places and its labels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from classifier.gazetteer import Gazetteer
from classifier.judge import Judge
from classifier.lexicon import Lexicon
from classifier.model import Model
from pursestrings.plugins import SHIPPED, kinds, plugin_class, settings_class


def make_judge(settings: Mapping[str, Any]) -> Judge:
    """Return the classifier with these labels, each with the `Settings` of its module."""
    labels = {name: plugin_class(SHIPPED.labels, name)(own) for name, own in settings.items()}
    return Judge(Gazetteer.load(), Lexicon.load(), labels, Model.load())


def default_judge() -> Judge:
    """Return the classifier with every label as it is shipped."""
    return make_judge({name: settings_class(SHIPPED.labels, name)() for name in kinds(SHIPPED.labels)})
