"""The classifier, put together from its words, its places and its labels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from classifier.gazetteer import Gazetteer
from classifier.judge import Judge
from classifier.lexicon import Lexicon
from classifier.model import Model
from pursestrings.plugins import SHIPPED, kinds, plugin_class, settings_class
from pursestrings.stanzas import Config


def make_judge(settings: Mapping[str, Any], model: Model | None = None) -> Judge:
    """Return the classifier with these labels and a model, the shipped one unless said."""
    labels = {name: plugin_class(SHIPPED.labels, name)(own) for name, own in settings.items()}
    return Judge(Gazetteer.load(), Lexicon.load(), labels, model or Model.load())


def label_settings(config: Config) -> dict[str, Any]:
    """Return the settings of each label of a configuration, by its name."""
    return {label.name: label.settings for label in config.labels}


def default_judge() -> Judge:
    """Return the classifier with every label as it is shipped."""
    return make_judge(shipped_settings())


def shipped_settings() -> dict[str, Any]:
    """Return the settings of every label as it is shipped, by its name."""
    return {name: settings_class(SHIPPED.labels, name)() for name in kinds(SHIPPED.labels)}
