"""`pursestrings model`: the classifier in use, made anew of what readers said."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from classifier.examples import base_rows
from classifier.golden import golden_rows
from classifier.model import Model
from facts.errors import PursestringsError
from facts.refitting import Candidate, Score, refusal
from pursestrings.commands.options import DEFAULT_CONFIG, AsJson, ConfigFile
from pursestrings.commands.printing import columns, counted, moment, print_json, screen, shown
from pursestrings.judging import label_settings
from pursestrings.models import model_in_use
from pursestrings.opening import learning, load_config
from pursestrings.service import utc_now
from pursestrings.stanzas import Config
from pursestrings.workshop import Comparison, Refit, Workshop
from storage.learning import SqlLearning

model = typer.Typer(no_args_is_help=True, add_completion=False)

Name = Annotated[
    str | None, typer.Argument(metavar="[NAME]", help="A model from `model list`; the last one made when not said.")
]
_RESTART = "the service judges by it from its next start on"
_EXTRA = "making a model needs scikit-learn: `sh scripts/install --no-dev --extra train`"


@model.callback()
def group() -> None:
    """Make the classifier anew of what readers said of its alerts, put it to use, take it back."""


@model.command("list")
def list_models(as_json: AsJson = False, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """List the models, oldest first: what they learned from, how they fare and which is in use."""
    settings = load_config(config, os.environ)
    with learning(settings) as book:
        made, present = book.models(), model_in_use(book, settings.bot.data).name
    if as_json:
        shipped = {"name": Model.load().name, "made_at": None, "labels": 0, "in_use": present == Model.load().name}
        print_json([shipped, *(_json(each, present) for each in made)])
    else:
        _print(made, present)


@model.command("refit")
def refit(as_json: AsJson = False, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Train a model on the shipped rows and on what readers said; it takes some minutes, and is not in use yet."""
    settings, train = load_config(config, os.environ), _training()
    with learning(settings) as book, _shown(quiet=as_json) as tell:
        made = _workshop(book, settings).refit(list(base_rows()), train, utc_now(), tell)
    if as_json:
        print_json(_json(made, made.against))
        return
    screen().print(shown(f"Made {made.name} of the shipped rows and {counted(made.labels, 'labelled document')}."))
    _figures(
        [
            (made.against, made.against_golden, made.against_held_out),
            (made.name, made.golden, made.held_out),
        ]
    )
    reason = refusal(made.golden, made.against_golden)
    next_ = f"It may not be put to use: {reason}." if reason else "Put it to use with `pursestrings model promote`."
    screen().print(shown(next_))


@model.command("promote")
def promote(name: Name = None, as_json: AsJson = False, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Put a model to use, if the golden set loses no recall and false alarms do not rise; else end with 1."""
    settings = load_config(config, os.environ)
    with learning(settings) as book:
        compared = _workshop(book, settings).compare(name)
        if compared.refusal is None:
            book.promote(compared.name, utc_now())
    if as_json:
        print_json(_comparison(compared))
    else:
        _figures([(compared.present, compared.present_golden, None), (compared.name, compared.golden, None)])
    if compared.refusal is not None:
        msg = f"{compared.name} is not put to use: {compared.refusal}"
        raise PursestringsError(msg)
    if not as_json:
        screen().print(shown(f"{compared.name} is in use; {_RESTART}. `pursestrings model rollback` takes it back."))


@model.command("rollback")
def rollback(as_json: AsJson = False, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Take the model in use back: the one before it is in use again."""
    settings = load_config(config, os.environ)
    with learning(settings) as book:
        name = book.roll_back(utc_now()) or Model.load().name
    if as_json:
        print_json({"in_use": name})
    else:
        screen().print(shown(f"{name} is in use again; {_RESTART}."))


def _training() -> Refit:
    """Return what trains, or say which extra brings it."""
    try:
        from classifier.refitting import refit as train  # noqa: PLC0415 - an extra that judging does without
    except ModuleNotFoundError as error:
        raise PursestringsError(_EXTRA) from error
    return train


def _workshop(book: SqlLearning, config: Config) -> Workshop:
    return Workshop(learning=book, data=config.bot.data, labels=label_settings(config), golden=tuple(golden_rows()))


@contextmanager
def _shown(*, quiet: bool) -> Iterator[Callable[[float], None]]:
    """Show how far the work is on a terminal; nothing where it is piped."""
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda _: None
        return
    with Progress(TextColumn("training"), BarColumn(), TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task("training", total=1.0)
        yield lambda share: bar.update(task, completed=share)


def _print(made: Sequence[Candidate], present: str) -> None:
    table = columns("model", "made (UTC)", "labels", "golden", "false alarms", "held out", "")
    shipped = Model.load().name
    rows = [
        (shipped, "ships with the program", "", None, None),
        *((c.name, moment(c.made_at), str(c.labels), c.golden, c) for c in made),
    ]
    for name, made_at, labels, golden, candidate in rows:
        table.add_row(
            shown(name, "cyan"),
            made_at,
            labels,
            _found(golden) if golden else "",
            str(golden.false_alarms) if golden else "",
            _held_out(candidate) if candidate else "",
            "in use" if name == present else "",
        )
    screen().print(table)


def _figures(rows: Sequence[tuple[str, Score, Score | None]]) -> None:
    """Print how models fare, one below the other."""
    table = columns("model", "golden: found", "golden: false alarms", "held out: wrong")
    for name, golden, held_out in rows:
        wrong = f"{held_out.wrong} of {held_out.documents}" if held_out else ""
        table.add_row(shown(name, "cyan"), _found(golden), f"{golden.false_alarms} of {golden.documents}", wrong)
    screen().print(table)


def _found(score: Score) -> str:
    return f"{score.found} of {score.to_find} ({score.recall:.3f})"


def _held_out(made: Candidate) -> str:
    held = made.held_out
    if not held.documents:
        return ""
    return f"{held.wrong} of {held.documents} wrong, {made.against}: {made.against_held_out.wrong}"


def _json(made: Candidate, present: str) -> dict[str, object]:
    return {
        "name": made.name,
        "made_at": made.made_at.isoformat(),
        "labels": made.labels,
        "in_use": made.name == present,
        "golden": _score(made.golden),
        "held_out": _score(made.held_out),
        "against": made.against,
        "against_golden": _score(made.against_golden),
        "against_held_out": _score(made.against_held_out),
        "refusal": refusal(made.golden, made.against_golden),
    }


def _comparison(compared: Comparison) -> dict[str, object]:
    return {
        "name": compared.name,
        "golden": _score(compared.golden),
        "against": compared.present,
        "against_golden": _score(compared.present_golden),
        "refusal": compared.refusal,
    }


def _score(score: Score) -> dict[str, object]:
    return {
        "documents": score.documents,
        "to_find": score.to_find,
        "found": score.found,
        "recall": round(score.recall, 4),
        "false_alarms": score.false_alarms,
    }
