"""The workshop: what a refit is given, what is kept of it, and the comparison that decides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path

import pytest

from classifier.golden import golden_rows
from classifier.labelled import Row
from classifier.lessons import is_held_out, lessons
from classifier.model import Model
from facts.errors import NotFound, PursestringsError
from facts.event import LETTER
from facts.feedback import Speaker, Verdict, feedback_on
from pursestrings.judging import shipped_settings
from pursestrings.models import MODELS
from pursestrings.workshop import Workshop
from storage.opening import Stores, open_store
from tests.pursestrings.doctored import FakeRefit
from tests.storage.samples import NOW, document, event, judgement

BASE: list[Row] = []
#: The first document that falls into the fifth that is held out.
HELD_OUT = 22


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    data = tmp_path / "data"
    opened = open_store(f"sqlite:///{data}/pursestrings.db", data)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def golden() -> list[Row]:
    """A few of the golden documents."""
    return list(islice(golden_rows(), 0, None, 16))


@pytest.fixture
def workshop(tmp_path: Path, stores: Stores, golden: list[Row]) -> Workshop:
    return Workshop(learning=stores.learning, data=tmp_path / "data", labels=shipped_settings(), golden=golden)


def label(stores: Stores, *numbers: int) -> None:
    """Archive and flag some documents, and say that it was right."""
    for number in numbers:
        text = f"The Justice Department told Stockton to open its jail, in its letter number {number}."
        (snapshot,) = stores.store.keep([document(text, url=f"https://doj.example/{number}")], backlog=False, now=NOW)
        assert snapshot is not None
        letter = event(snapshot, LETTER)
        stores.store.record_judgements([judgement(snapshot, letter)])
        said = feedback_on(letter, Verdict.RIGHT, Speaker(by="Ada", at=NOW), text_digest=snapshot.digest)
        stores.learning.record(said)


def test_a_refit_learns_of_all_but_the_fifth_that_is_held_out(stores: Stores, workshop: Workshop) -> None:
    """Its file lies in the data folder, under a name that says what it is made of; it is not in use."""
    label(stores, *range(15, 35))
    rows = lessons(stores.learning.reviewed())
    held_out = [row for row in rows if is_held_out(row)]
    refit, shares = FakeRefit(), list[float]()
    made = workshop.refit(BASE, refit, NOW, shares.append)

    assert refit.asked == [(BASE, [row for row in rows if not is_held_out(row)])]
    assert (made.labels, made.held_out.documents, made.golden.documents) == (20 - len(held_out), len(held_out), 16)
    assert made.name.startswith(f"{Model.load().name}+{made.labels}.")
    assert (made.against, made.golden, made.held_out) == (Model.load().name, made.against_golden, made.against_held_out)
    assert [path.name for path in (workshop.data / MODELS).iterdir()] == [f"{made.name}.json"]
    assert (stores.learning.models(), stores.learning.in_use(), shares) == ([made], None, [0.5])


def test_the_same_labels_make_the_same_model(stores: Stores, workshop: Workshop) -> None:
    """One file and one row; another verdict makes another."""
    label(stores, *range(12))
    first, again = (workshop.refit(BASE, FakeRefit(), NOW + timedelta(hours=hour), lambda _: None) for hour in (0, 1))
    (reviewed, *_) = (each for each in stores.learning.reviewed())
    speaker = Speaker(by="Ada", at=NOW + timedelta(days=1))
    for each in stores.learning.reviewed():
        stores.learning.record(
            feedback_on(each.events[0], Verdict.FALSE_ALARM, speaker, text_digest=reviewed.snapshot.digest)
        )
    other = workshop.refit(BASE, FakeRefit(), NOW, lambda _: None)

    assert (first.name, first.digest) == (again.name, again.digest)
    assert other.name != first.name
    assert {made.name for made in stores.learning.models()} == {first.name, other.name}


def test_without_labels_there_is_nothing_to_learn(stores: Stores, workshop: Workshop) -> None:
    """It says how to give some; so it does where all of them are held out."""
    with pytest.raises(PursestringsError, match="nobody labelled a document yet; say of some alerts"):
        workshop.refit(BASE, FakeRefit(), NOW, lambda _: None)
    label(stores, HELD_OUT)
    with pytest.raises(PursestringsError, match="all 1 labelled documents are held out"):
        workshop.refit(BASE, FakeRefit(), NOW, lambda _: None)


@pytest.mark.parametrize(("bias", "reason"), [(-9.0, "it finds"), (9.0, "false alarms")])
def test_a_worse_model_is_refused_with_both_figures(
    stores: Stores, workshop: Workshop, bias: float, reason: str
) -> None:
    """One that alerts of nothing loses recall; one that alerts of everything raises false alarms."""
    label(stores, *range(8))
    made = workshop.refit(BASE, FakeRefit(bias), NOW, lambda _: None)
    compared = workshop.compare(None)

    assert (compared.name, compared.present) == (made.name, Model.load().name)
    assert reason in str(compared.refusal)


def test_a_model_that_is_no_worse_may_be_used_and_is_then_what_others_are_compared_with(
    stores: Stores, workshop: Workshop
) -> None:
    """By its name or as the last one made."""
    label(stores, *range(8))
    first = workshop.refit(BASE, FakeRefit(), NOW, lambda _: None)
    assert workshop.compare(first.name).refusal is None
    stores.learning.promote(first.name, NOW)
    with pytest.raises(PursestringsError, match="is in use already"):
        workshop.compare(None)
    label(stores, *range(8, 12))
    second = workshop.refit(BASE, FakeRefit(), NOW + timedelta(hours=1), lambda _: None)

    assert (second.against, workshop.compare(None).present) == (first.name, first.name)


def test_a_model_that_is_not_there_is_named(stores: Stores, workshop: Workshop) -> None:
    """Or that there is none at all."""
    with pytest.raises(NotFound, match=r"no model was made yet; .* `pursestrings model refit` makes one"):
        workshop.compare(None)
    label(stores, *range(8))
    workshop.refit(BASE, FakeRefit(), NOW, lambda _: None)
    with pytest.raises(NotFound, match="no model is named 'nonsense'"):
        workshop.compare("nonsense")
