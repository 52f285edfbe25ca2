"""The gate: ordinary documents go no further, the others are scored window by window."""

from __future__ import annotations

import pytest

from classifier.gate import ALWAYS_READ, STRETCH, gate, gate_words, may_matter
from classifier.model import HEADS
from classifier.parsing import parse
from tests.classifier.rules import LEXICON, MODEL, gated
from tests.classifier.scenario import ANSWERS, RELEASE, RELEASE_TITLE, WIRE, WIRE_TITLE

STORY = [(WIRE_TITLE, WIRE), (RELEASE_TITLE, RELEASE), *[row[:2] for row in ANSWERS]]
COURT = """\
A former bookkeeper of a plumbing company was sentenced today to 41 months in prison for wire fraud and for filing \
false tax returns.

According to court documents, she wrote 212 checks to herself over five years and entered them as payments to \
suppliers. She spent the proceeds, about $1.3 million, on a boat, on jewelry and on a house at the lake. When the \
owner asked about the missing cash she told him that a customer had gone bankrupt.

She pleaded guilty in March. In addition to the term of imprisonment she was ordered to serve three years of \
supervised release and to pay restitution to the company and to the Internal Revenue Service. Agents of Criminal \
Investigation worked on the case, and two trial attorneys of the Tax Division prosecuted it.
"""
GARDEN = "Tulips bloom in April. Prune the roses before the last frost and water the beds at dusk. " * 20


@pytest.mark.parametrize(("title", "text"), STORY)
def test_what_matters_passes(title: str, text: str) -> None:
    """The story's documents are read to the end."""
    assert may_matter(title, text, MODEL)


def test_an_ordinary_document_stops_early() -> None:
    """A text without the words goes no further; one too short to tell is read."""
    assert not may_matter("Bookkeeper sentenced", COURT, MODEL)
    assert may_matter("Bookkeeper sentenced", COURT[: ALWAYS_READ - 1], MODEL)


def test_one_clause_does_not_drown_in_a_long_document() -> None:
    """A long document is weighed in stretches that overlap."""
    for before in (0, STRETCH, 3 * STRETCH):
        assert may_matter("", GARDEN * 20 + GARDEN[:before] + WIRE + GARDEN * 20, MODEL)


def test_hidden_characters_do_not_help_past_the_gate() -> None:
    """It weighs the folded text."""
    hidden = WIRE.replace("federal", "f\u200bederal").replace("grant", "gr\u00adant").replace("jail", "j\u200bail")

    assert list(gate_words("", hidden)) == list(gate_words("", WIRE))


def test_every_window_and_sentence_is_scored() -> None:
    """By every head; windows count the text's sentences alone."""
    document = gated(WIRE, WIRE_TITLE)

    assert document.reason(0, "letter") > document.reason(len(document.parsed.passages) - 1, "letter")
    assert "federal acts" in document.sentence(0)
    assert {tuple(window.log_odds) for window in document.windows} == {HEADS}
    assert document.windows[0].first == 0
    assert document.windows[-1].last <= len(document.parsed.passages)
    assert set(document.scores) == set(HEADS)


def test_nothing_makes_no_windows() -> None:
    """An empty document has no windows and no lead."""
    empty = gate(parse("", "", LEXICON), MODEL)

    assert (empty.windows, empty.outline.leads, empty.outline.writer) == ((), "", "")
