"""`pursestrings label`: what a reader says of an alert, or of a document that should have been one."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Annotated

import typer

from alerts.wording import label_words
from facts.errors import NotFound, PursestringsError
from facts.event import LETTER, RESPONSE, Event
from facts.feedback import Archived, Feedback, Speaker, Verdict, feedback_on, missed
from facts.places import Place
from pursestrings.commands.options import DEFAULT_CONFIG, AsJson, ConfigFile, one_of, read_place
from pursestrings.commands.printing import print_json, screen, shown
from pursestrings.judging import label_settings, make_judge
from pursestrings.models import model_in_use
from pursestrings.opening import learning, load_config
from pursestrings.service import utc_now
from pursestrings.stanzas import Config
from storage.learning import SqlLearning

#: Who said it, where it was typed here.
_TYPED = "command line"
_BUTTONS = tuple(each for each in Verdict if each is not Verdict.MISSED)
#: A score below this says nothing of what a document is.
_A_HINT = 0.2
_MEANS = {
    Verdict.RIGHT: "right",
    Verdict.FALSE_ALARM: "a false alarm",
    Verdict.WRONG_ROLE: "an alert of the other kind",
    Verdict.WRONG_PLACE: "right, but not of these places",
}

Id = Annotated[
    str | None, typer.Argument(metavar="[ID]", help="A flagged document's id, or that of one of its events.")
]
Said = Annotated[
    str | None, typer.Argument(metavar="[VERDICT]", help=f"What it was: {', '.join(_BUTTONS[:-1])} or {_BUTTONS[-1]}.")
]
Missed = Annotated[str | None, typer.Option("--missed", metavar="URL", help="A document that had no alert and should.")]
Label = Annotated[str | None, typer.Option("--label", help="Which label is meant, where that is not plain.")]
Places = Annotated[
    list[str] | None, typer.Option("--place", help='Of wrong-place: a right one, as "Stockton, CA"; may be repeated.')
]
Quote = Annotated[str, typer.Option("--quote", help="Of what was missed: the passage that says it, word for word.")]


def label(  # noqa: PLR0913 - the words of a command line
    id: Id = None,  # noqa: A002 the users' word
    verdict: Said = None,
    *,
    missed_url: Missed = None,
    label: Label = None,
    place: Places = None,
    quote: Quote = "",
    as_json: AsJson = False,
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Say of an alert what it was, or of a document that it was missed. The next `model refit` learns from it."""
    if (missed_url is None) == (id is None or verdict is None) or (missed_url is not None and (id or place)):
        msg = "say either ID and VERDICT, as `label 9e5ad9 false-alarm`, or `label --missed URL`"
        raise typer.BadParameter(msg)
    places = [found for name in place or [] if (found := read_place(name, "--place"))]
    settings = load_config(config, os.environ)
    if label is not None:
        one_of([label], [each.name for each in settings.labels], "label", "--label")
    with learning(settings) as book:
        if missed_url is not None:
            said = _missed(book, settings, missed_url, label, quote)
        else:
            assert id is not None
            assert verdict is not None
            one_of([verdict], _BUTTONS, "verdict", "VERDICT")
            said = _on_alert(book, id, label, Verdict(verdict), places)
        book.record(said)
    if as_json:
        print_json(_json(said))
    else:
        screen().print(shown(_told(said)))


def _on_alert(book: SqlLearning, id_: str, label: str | None, verdict: Verdict, places: Sequence[Place]) -> Feedback:
    found = [(event, digest) for event, digest in book.events(id_) if label in {None, event.label}]
    if len(found) != 1:
        raise NotFound(_which(id_, [event for event, _ in found] or [event for event, _ in book.events(id_)]))
    event, digest = found[0]
    return feedback_on(event, verdict, _speaker(), text_digest=digest, places=places)


def _which(id_: str, events: Sequence[Event]) -> str:
    if len({event.snapshot_id for event in events}) > 1:
        return f"{id_!r} begins more than one id; give more of it"
    return f"the document was flagged as {' and '.join(event.label for event in events)}; say which with --label"


def _missed(book: SqlLearning, config: Config, url: str, label: str | None, quote: str) -> Feedback:
    archived = book.document(url)
    meant = label or _likelier(book, config, archived)
    return missed(url, meant, archived, _speaker(), quote=quote)


def _likelier(book: SqlLearning, config: Config, archived: Archived | None) -> str:
    """Return which of letter and answer the model in use finds likelier of a document."""
    if archived is not None:
        one = archived.snapshot
        judge = make_judge(label_settings(config), model_in_use(book, config.bot.data))
        reading = judge.read(title=one.title, text=one.text, published_at=one.published_at, places=one.places)
        scores = {name: reading.labels[name].score for name in (LETTER, RESPONSE)}
        likelier = max(scores, key=lambda name: scores[name])
        if scores[likelier] >= _A_HINT:
            return likelier
    msg = f"say what it is: --label {LETTER} or --label {RESPONSE}"
    raise PursestringsError(msg)


def _speaker() -> Speaker:
    return Speaker(by=_TYPED, at=utc_now())


def _told(said: Feedback) -> str:
    if said.verdict is not Verdict.MISSED:
        return f"Kept: {label_words(said.label)}: {_MEANS[said.verdict]}. {said.url}"
    kept = f"Kept: a missed {label_words(said.label).lower()}. {said.url}"
    if said.snapshot_id is None:
        return (
            f"{kept} The archive does not hold it, so nothing is learned of it until a source or a backfill brings it."
        )
    return kept


def _json(said: Feedback) -> dict[str, object]:
    quote = said.evidence
    return {
        "id": said.id,
        "verdict": said.verdict.value,
        "label": said.label,
        "url": said.url,
        "event": said.event_id,
        "document": said.snapshot_id,
        "text_digest": said.text_digest,
        "model": said.model,
        "evidence": {"text": quote.text, "start": quote.start, "end": quote.end} if quote else None,
        "places": [str(place) for place in said.places],
        "at": said.at.isoformat(),
    }
