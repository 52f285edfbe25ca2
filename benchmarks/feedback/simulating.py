"""A simulated newsroom: it reads what a model made of documents with known labels, and clicks as a person would."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from classifier.golden import score
from classifier.judge import Judge
from classifier.labelled import Row
from classifier.lessons import is_held_out, lessons
from classifier.model import Model
from facts.document import Snapshot, WarcPlace, snapshot_id
from facts.event import LETTER, RESPONSE
from facts.feedback import OTHER_ROLE, Archived, Feedback, Reviewed, Speaker, Verdict, feedback_on, missed
from facts.refitting import Score, refusal
from facts.text import content_digest
from pursestrings.judging import make_judge, shipped_settings
from pursestrings.workshop import Refit

_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
_SOURCE = "simulated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What is trained on, what is clicked on, what is measured on."""

    base: Sequence[Row]
    pool: Sequence[Row]
    held_out: Sequence[Row]
    golden: Sequence[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """How a model fares after some clicks."""

    clicks: int
    false_alarm_clicks: int
    missed_clicks: int
    held_out: Score
    golden: Score
    #: Why the gate refuses it beside the model in use; None where it does not.
    refusal: str | None


def material(rows: Sequence[Row], unseen: Iterable[str], golden: Sequence[Row], every: int) -> Material:
    """Return the rows parted: every so many-th of the other families, and two halves of the unseen ones."""
    names = set(unseen)
    apart = sorted((row for row in rows if row.family in names), key=_order)
    return Material(
        base=[row for row in rows if row.family not in names][::every],
        pool=apart[::2],
        held_out=apart[1::2],
        golden=golden,
    )


def simulate(
    given: Material, refit: Refit, *, batch: int, batches: int, tell: Callable[[str], None]
) -> Iterator[Round]:
    """Yield how the model fares before the first click and after each batch of them.

    A model that the gate refuses is not put to use: the next clicks are on what the one in use says.
    """

    def trained(taught: Sequence[Row]) -> Judge:
        tell(f"training on {len(given.base)} rows and {len(taught)} lessons")
        content = refit(given.base, taught, f"simulated+{len(taught)}", lambda _: None)
        return make_judge(shipped_settings(), Model.parse(content))

    present = trained([])
    present_golden = score(present, given.golden)
    clicked: list[Reviewed] = []
    yield _round(clicked, score(present, given.held_out), present_golden, None)
    waiting = iter(given.pool)
    for _ in range(batches):
        before = len(clicked)
        for row in waiting:
            clicked += _click(row, present, len(clicked))
            if len(clicked) - before == batch:
                break
        candidate = trained([row for row in lessons(clicked) if not is_held_out(row)])
        golden = score(candidate, given.golden)
        refused = refusal(golden, present_golden)
        yield _round(clicked, score(candidate, given.held_out), golden, refused)
        if refused is None:
            present, present_golden = candidate, golden


def _round(clicked: Sequence[Reviewed], held_out: Score, golden: Score, refused: str | None) -> Round:
    said = [each.feedback[0].verdict for each in clicked]
    return Round(
        clicks=len(clicked),
        false_alarm_clicks=said.count(Verdict.FALSE_ALARM),
        missed_clicks=said.count(Verdict.MISSED),
        held_out=held_out,
        golden=golden,
        refusal=refused,
    )


def _click(row: Row, judge: Judge, number: int) -> Iterator[Reviewed]:
    """Yield the document with a verdict where somebody would give one: on each alert, and on what was missed."""
    snapshot = _snapshot(row)
    judged = judge.judge(snapshot, judged_at=_BEGIN)
    speaker = Speaker(by="simulated", at=_BEGIN + timedelta(minutes=number))
    told = [event for event in judged.events if event.label in OTHER_ROLE]
    feedback: Feedback | None = None
    if told:
        verdict = _verdict(told[0].label, row)
        feedback = feedback_on(told[0], verdict, speaker, text_digest=snapshot.digest)
    elif row.alerts:
        label = LETTER if row.labels.get(LETTER) else RESPONSE
        archived = Archived(snapshot=snapshot, events=judged.events, model=judged.model)
        feedback = missed(snapshot.url, label, archived, speaker)
    if feedback is not None:
        yield Reviewed(snapshot=snapshot, events=judged.events, story_id=None, feedback=(feedback,))


def _verdict(label: str, row: Row) -> Verdict:
    if not row.alerts:
        return Verdict.FALSE_ALARM
    return Verdict.RIGHT if row.labels.get(label) else Verdict.WRONG_ROLE


def _snapshot(row: Row) -> Snapshot:
    url, digest = f"https://simulated.example/{row.id}", content_digest(row.title, row.text)
    return Snapshot(
        id=snapshot_id(_SOURCE, url, 1, digest),
        source=_SOURCE,
        url=url,
        title=row.title,
        text=row.text,
        published_at=None,
        places=(),
        taken_at=_BEGIN,
        version=1,
        digest=digest,
        body_digest=digest,
        media_type="text/plain",
        warc=WarcPlace(file="simulated.warc.gz", offset=0, length=1),
    )


def _order(row: Row) -> bytes:
    """Return what orders rows by chance, the same way each time."""
    return blake2b(f"{row.title}\n{row.text}".encode(), digest_size=8).digest()
