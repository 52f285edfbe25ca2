"""Examples: what training takes from a row."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

import pytest

from classifier.examples import ONE_WINDOW, UNKNOWN, Example, base_rows, example_of
from classifier.labelled import Row, row_of
from facts.event import LETTER, RESPONSE
from tests.classifier.rules import GAZETTEER, LEXICON

SAID = "Homeland Security told Stockton, Calif., to sign by Friday or lose its fire grants."
ANSWERED = "Stockton refused, and its mayor said so at noon."
FILLER = "It rained. A dog ran off. The band came late. Nobody minded it. The fair went on until dark."


def example(**changed: object) -> Example:
    row = {
        "text": f"{SAID} {FILLER} {ANSWERED}",
        "letter": True,
        "response": True,
        "family": "fire-grants",
        "evidence": {"letter": [SAID], "response": [ANSWERED]},
        "recipients": ["Stockton, CA"],
        "respondents": ["Stockton, CA"],
        "stances": {"Stockton, CA": "refuses"},
    }
    return example_of(row_of(row | changed, "1"), LEXICON, GAZETTEER)


@cache
def shipped() -> tuple[Row, ...]:
    return tuple(base_rows())


def test_windows_with_the_passage_are_positive_and_the_rest_is_open() -> None:
    """What a window of a positive document says beyond the passage nobody marked."""
    targets = example().targets

    assert (targets[0][0], targets[0][1]) == (1, UNKNOWN)
    assert (targets[-1][0], targets[-1][1]) == (UNKNOWN, 1)
    assert targets[len(targets) // 2][:2] == (UNKNOWN, UNKNOWN)


def test_windows_of_a_negative_document_are_negative() -> None:
    """All of them."""
    none = example(letter=False, response=False, evidence=None, stances={})

    assert set(none.targets) == {(0, 0, 0, 0)}
    assert (none.sentences, none.parties, none.stances) == ((), (), ())


def test_a_snippet_is_one_window() -> None:
    """It is as long as one."""
    snippet = example(text=f"{SAID} {ANSWERED}")

    assert snippet.brief
    assert snippet.targets == ((1, 1, 0, 1),)
    assert len(example().outline.facts) > ONE_WINDOW


def test_sentences_places_and_answers_are_asked_about() -> None:
    """Of alerts alone."""
    found = example()

    assert found.sentences[0][1] == (1, 0)
    assert found.sentences[-1][1] == (0, 1)
    assert [answers for _, answers in found.parties] == [(1, 1)]
    assert [sum(answers) for _, answers in found.stances] == [1]


def test_a_role_that_the_document_has_not_is_not_asked_about() -> None:
    """Who answers is no question of a letter."""
    letter = example(response=False, evidence={"letter": [SAID]}, stances={})

    assert [answers for _, answers in letter.parties] == [(1, UNKNOWN)]


def test_the_shipped_rows_are_many_and_varied() -> None:
    """Counts that the documentation names."""
    documents = [row for row in shipped() if len(re.findall(r"[.!?](?=\s|$)", row.text)) >= 6]
    families = Counter(row.family for row in shipped() if row.alerts)

    assert len(documents) >= 600
    assert sum(row.labels[LETTER] for row in shipped()) >= 1500
    assert sum(row.labels[RESPONSE] for row in shipped()) >= 1500
    assert sum(count >= 10 for count in families.values()) >= 40
    assert len({row.agency for row in shipped()}) >= 15


def test_the_shipped_rows_are_no_copies_of_each_other() -> None:
    """Rows are written, not filled in: none has half of its runs of four words in another."""
    runs: dict[str, list[int]] = {}
    alike = []
    for at, row in enumerate(shipped()):
        words = re.findall(r"\w+", row.text.lower())
        own = {" ".join(words[i : i + 4]) for i in range(len(words) - 3)}
        others = Counter(other for run in own for other in runs.get(run, ()))
        if others and (most := others.most_common(1)[0])[1] > max(6, len(own) / 2):
            alike.append((row.id, shipped()[most[0]].id))
        for run in own:
            runs.setdefault(run, []).append(at)

    assert not alike


@pytest.mark.parametrize("label", [LETTER, RESPONSE])
def test_evidence_of_the_shipped_rows_stands_in_their_text(label: str) -> None:
    """A passage that is not there teaches nothing."""
    marked = [(row, passage) for row in shipped() for passage in row.evidence.get(label, ())]
    lost = [row.id for row, passage in marked if passage not in row.text and passage not in f"{row.title}\n{row.text}"]

    assert len(lost) < 0.03 * len(marked), lost[:20]


def test_the_days_of_an_alert_are_asked_about_where_the_deadline_is_known() -> None:
    """Whether an answer is due by each; a row that does not say, or that has no date, asks nothing."""
    told = example(published="2025-08-13", deadline="2025-08-15").days

    assert [answer for _, answer in told] == [(1,)]
    assert [answer for _, answer in example(published="2025-08-13", deadline="").days] == [(0,)]
    assert example(published="2025-08-13").days == example(deadline="2025-08-15").days == ()
