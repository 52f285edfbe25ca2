"""Models on disk, and which of them judges."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import pytest

from classifier.model import Model
from facts.errors import PursestringsError, StorageError
from facts.identity import digest_bytes
from facts.refitting import Candidate, Score
from pursestrings.models import MODELS, judge_of, model_in_use, read_model, shipped_digest, write_model
from pursestrings.opening import load_config, writing
from pursestrings.wiring import open_pipeline
from storage.opening import Stores, open_store
from tests.pursestrings.commands.desk import write_config
from tests.pursestrings.doctored import model_file
from tests.storage.samples import NOW

SCORE = Score(documents=1, to_find=1, found=1, false_alarms=0)


def made(data: Path, stores: Stores, name: str = "base+9.abcdef") -> Candidate:
    """Write a model and put it to use."""
    content = model_file(name)
    write_model(name, content, data)
    candidate = Candidate(
        name=name,
        made_at=NOW,
        base=shipped_digest(),
        digest=digest_bytes(content),
        labels=9,
        golden=SCORE,
        held_out=SCORE,
        against=Model.load().name,
        against_golden=SCORE,
        against_held_out=SCORE,
    )
    stores.learning.add_model(candidate)
    stores.learning.promote(name, NOW)
    return candidate


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    data = tmp_path / "data"
    return open_store(f"sqlite:///{data}/pursestrings.db", data)


def test_the_shipped_model_judges_until_another_is_put_to_use(tmp_path: Path, stores: Stores) -> None:
    """And again when that is taken back."""
    data, learning = tmp_path / "data", stores.learning
    shipped = model_in_use(learning, data)
    candidate = made(data, stores)
    promoted = model_in_use(learning, data)
    learning.roll_back(NOW)

    assert (shipped, promoted.name) == (Model.load(), candidate.name)
    assert model_in_use(learning, data) == Model.load()
    stores.close()


def test_a_model_that_cannot_be_used_does_not_stop_the_watch(
    tmp_path: Path, stores: Stores, caplog: pytest.LogCaptureFixture
) -> None:
    """The shipped one judges, and the log says what is wrong and what to do."""
    data = tmp_path / "data"
    candidate = made(data, stores)
    file = data / MODELS / f"{candidate.name}.json"
    file.write_bytes(file.read_bytes()[:-100])
    with caplog.at_level(logging.ERROR):
        model = model_in_use(stores.learning, data)
    stores.close()

    assert model == Model.load()
    assert "the model is not as it was written; restore the file, or make one with" in caplog.text
    assert "the shipped model judges until then" in caplog.text


def test_a_model_of_another_version_of_the_program_is_not_used(tmp_path: Path, stores: Stores) -> None:
    """That one read texts otherwise, so its weights mean something else."""
    candidate = replace(made(tmp_path / "data", stores), base="0" * 64)
    stores.close()

    with pytest.raises(PursestringsError, match="made by another version of this program; make one with"):
        read_model(candidate, tmp_path / "data")


def test_a_file_that_is_gone_or_cannot_be_written_is_named(tmp_path: Path, stores: Stores) -> None:
    """With what to do."""
    data = tmp_path / "data"
    candidate = made(data, stores)
    stores.close()
    (data / MODELS / f"{candidate.name}.json").unlink()
    (data / "file").write_text("in the way")

    with pytest.raises(StorageError, match=r"cannot be read \(No such file or directory\); restore the file"):
        read_model(candidate, data)
    with pytest.raises(StorageError, match=r"cannot be written \(Not a directory\)"):
        write_model("a", b"{}", data / "file")


def test_commands_judge_as_the_service_does(tmp_path: Path) -> None:
    """By the model in use where a configuration is named; there may be no archive yet."""
    config = write_config(tmp_path)

    def judged_by(path: Path | None) -> str:
        return judge_of(path, {}).read(title="", text="Nothing.", published_at=None, places=()).model

    before = judged_by(config)
    stores = open_store(f"sqlite:///{tmp_path}/data/pursestrings.db", tmp_path / "data")
    candidate = made(tmp_path / "data", stores)
    stores.close()

    assert (before, judged_by(config), judged_by(None)) == (Model.load().name, candidate.name, Model.load().name)


async def test_the_service_judges_by_the_model_in_use(tmp_path: Path) -> None:
    """From its start on."""
    config = load_config(write_config(tmp_path), {})
    with writing(config, NOW) as stores:
        candidate = made(config.bot.data, stores)
        async with open_pipeline(config, stores, clock=lambda: NOW, jitter=lambda: 0.0) as pipeline:
            from tests.facts.test_feedback import SNAPSHOT

            assert pipeline.judge(SNAPSHOT, NOW).model == candidate.name
