"""Models on disk: those that were made anew lie in the data folder, each in a file of its name."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from classifier.judge import Judge
from classifier.model import Model
from facts.errors import NotFound, PursestringsError, StorageError
from facts.identity import digest_bytes
from facts.refitting import Candidate
from pursestrings.judging import default_judge, label_settings, make_judge

if TYPE_CHECKING:
    from storage.learning import SqlLearning

#: The folder in the data folder.
MODELS = "models"
_log = logging.getLogger(__name__)


def shipped_digest() -> str:
    """Return the digest of the model that ships with the program."""
    return digest_bytes(files("classifier").joinpath("data/model.json").read_bytes())


def model_in_use(learning: SqlLearning, data: Path) -> Model:
    """Return the model that was promoted, or the shipped one.

    A promoted one that cannot be used must not stop the watch: the shipped one judges then, and the log says why.
    """
    promoted = learning.in_use()
    if promoted is None:
        return Model.load()
    try:
        return read_model(promoted, data)
    except PursestringsError as error:
        _log.error("%s; the shipped model judges until then", error)
        return Model.load()


def judge_of(config: Path | None, environ: Mapping[str, str]) -> Judge:
    """Return the classifier of a configuration, by the model in use in its archive; as it is shipped without one."""
    if config is None:
        return default_judge()
    # Only here: the database is half the time that a judgement of one text takes.
    from pursestrings.opening import learning, load_config  # noqa: PLC0415

    settings = load_config(config, environ)
    try:
        with learning(settings) as book:
            model = model_in_use(book, settings.bot.data)
    except NotFound:
        model = Model.load()
    return make_judge(label_settings(settings), model)


def read_model(candidate: Candidate, data: Path) -> Model:
    """Return a model that was made anew.

    Raises:
        PursestringsError: its file is not there or not as it was written, or another program made it.
    """
    if candidate.base != shipped_digest():
        msg = f"the model {candidate.name} was made by another version of this program; {_REMEDY}"
        raise PursestringsError(msg)
    path = _path(data, candidate.name)
    try:
        content = path.read_bytes()
    except OSError as error:
        msg = f"{path}: the model cannot be read ({error.strerror}); restore the file, or {_REMEDY}"
        raise StorageError(msg) from error
    if digest_bytes(content) != candidate.digest:
        msg = f"{path}: the model is not as it was written; restore the file, or {_REMEDY}"
        raise StorageError(msg)
    return Model.parse(content)


def write_model(name: str, content: bytes, data: Path) -> None:
    """Write a model's file, whole or not at all.

    Raises:
        StorageError: the data folder cannot be written.
    """
    path = _path(data, name)
    unfinished = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        msg = f"{path}: the model cannot be written ({error.strerror}); check the folder and its disk"
        raise StorageError(msg) from error


def _path(data: Path, name: str) -> Path:
    return data / MODELS / f"{name}.json"


_REMEDY = "make one with `pursestrings model refit`, or go back with `pursestrings model rollback`"
