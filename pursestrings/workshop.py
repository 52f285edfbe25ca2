"""The workshop: models are made anew of what readers said, compared on the golden set, and put to use or taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from classifier.golden import score
from classifier.judge import Judge
from classifier.labelled import Row
from classifier.lessons import digest_of, is_held_out, lessons
from classifier.model import Model
from facts.errors import NotFound, PursestringsError
from facts.identity import digest_bytes, digest_text
from facts.refitting import Candidate, Score, refusal
from pursestrings.judging import make_judge
from pursestrings.models import model_in_use, read_model, shipped_digest, write_model
from storage.learning import SqlLearning

#: Makes a model's file of shipped rows, lessons and a name; hears which share of the work is done through the last.
Refit = Callable[[Sequence[Row], Sequence[Row], str, Callable[[float], None]], bytes]
_NAME_DIGITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two models on the golden set."""

    name: str
    golden: Score
    present: str
    present_golden: Score

    @property
    def refusal(self) -> str | None:
        """Why the model may not take the place of the present one; None when it may."""
        return refusal(self.golden, self.present_golden)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """Where models are made: verdicts and models of one archive, its data folder, the labels' settings."""

    learning: SqlLearning
    data: Path
    labels: Mapping[str, Any]
    golden: Sequence[Row]

    def refit(self, base: Sequence[Row], refit: Refit, now: datetime, tell: Callable[[float], None]) -> Candidate:
        """Make a model of shipped rows and of what readers said, all but a fifth of it, and measure it.

        Raises:
            PursestringsError: there is nothing to learn from.
        """
        taught, held_out = self._lessons()
        name = _name(taught)
        content = refit(base, taught, name, tell)
        write_model(name, content, self.data)
        new, present = self._judge(Model.parse(content)), model_in_use(self.learning, self.data)
        old = self._judge(present)
        candidate = Candidate(
            name=name,
            made_at=now,
            base=shipped_digest(),
            digest=digest_bytes(content),
            labels=len(taught),
            golden=score(new, self.golden),
            held_out=score(new, held_out),
            against=present.name,
            against_golden=score(old, self.golden),
            against_held_out=score(old, held_out),
        )
        self.learning.add_model(candidate)
        return candidate

    def compare(self, name: str | None) -> Comparison:
        """Return how a model, by default the last one made, stands against the one in use.

        Raises:
            NotFound: there is no such model.
            PursestringsError: it is in use already, or cannot be used.
        """
        candidate, present = self._named(name), model_in_use(self.learning, self.data)
        if candidate.name == present.name:
            msg = f"the model {candidate.name} is in use already"
            raise PursestringsError(msg)
        return Comparison(
            name=candidate.name,
            golden=score(self._judge(read_model(candidate, self.data)), self.golden),
            present=present.name,
            present_golden=score(self._judge(present), self.golden),
        )

    def _named(self, name: str | None) -> Candidate:
        made = self.learning.models()
        found = [each for each in made if name in {None, each.name}]
        if not found:
            known = f"no model is named {name!r}" if made else "no model was made yet"
            msg = f"{known}; `pursestrings model list` shows them, `pursestrings model refit` makes one"
            raise NotFound(msg)
        return found[-1]

    def _lessons(self) -> tuple[list[Row], list[Row]]:
        rows = lessons(self.learning.reviewed())
        taught = [row for row in rows if not is_held_out(row)]
        if not taught:
            few = f"all {len(rows)} labelled documents are held out" if rows else "nobody labelled a document yet"
            msg = f"{few}; say of some alerts what they were: `pursestrings label ID right` (or false-alarm, ...)"
            raise PursestringsError(msg)
        return taught, [row for row in rows if is_held_out(row)]

    def _judge(self, model: Model) -> Judge:
        return make_judge(self.labels, model)


def _name(taught: Sequence[Row]) -> str:
    """Return the name of a model: what it builds on, how many lessons it has, and a digest of all that."""
    told = digest_text(f"{shipped_digest()} {digest_of(taught)}")[:_NAME_DIGITS]
    return f"{Model.load().name}+{len(taught)}.{told}"
