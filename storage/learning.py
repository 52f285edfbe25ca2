"""Learning: what readers said of alerts, and the models that were made with it; each call is one small transaction.

Nothing here touches a source, a document or an alert: a verdict changes what the next model learns, and nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, or_, select

from facts.canary import CANARY
from facts.document import Snapshot
from facts.errors import NotFound
from facts.event import Event
from facts.feedback import Archived, Feedback, Reviewed
from facts.refitting import Candidate, Step, Use, in_use
from storage.documents import WHOLE, beginning, versions
from storage.engine import Database
from storage.event_rows import event_of
from storage.inserts import insert_new, upsert
from storage.learning_rows import candidate_fields, candidate_of, feedback_fields, feedback_of, use_of
from storage.learning_tables import feedback, model_uses, models
from storage.rows import snapshot_of
from storage.stories import events_of, story_ids_of
from storage.tables import events, judgements, snapshots


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlLearning:
    """Verdicts and models, beside a running service or within it; safe to use from several threads."""

    database: Database

    def record(self, verdict: Feedback) -> None:
        """Commit a verdict; the same one twice is one."""
        with self.database.write() as connection:
            insert_new(connection, feedback, [feedback_fields(verdict)])

    def events(self, prefix: str) -> list[tuple[Event, str]]:
        """Return the events whose id, or whose document's id, begins so, each with the digest of the text it judged.

        Raises:
            NotFound: there is none, or it is no beginning of an id.
        """
        wanted = beginning(prefix)
        begins = or_(events.c.id.startswith(wanted), events.c.snapshot_id.startswith(wanted))
        of_text = select(events, snapshots.c.digest).join_from(
            events, snapshots, events.c.snapshot_id == snapshots.c.id
        )
        with self.database.read() as connection:
            found = [
                (event_of(row), row.digest) for row in connection.execute(of_text.where(begins).order_by(events.c.seq))
            ]
        if not found:
            msg = f"nothing that was flagged has an id that begins with {prefix!r}; `pursestrings search` shows ids"
            raise NotFound(msg)
        return found

    def document(self, url: str) -> Archived | None:
        """Return what the archive holds of an address: the latest text that is none of a tombstone."""
        with self.database.read() as connection:
            snapshot = _latest(connection, url)
            if snapshot is None:
                return None
            last = select(judgements.c.model).where(judgements.c.snapshot_id == snapshot.id)
            return Archived(
                snapshot=snapshot,
                events=events_of(connection, [snapshot.id]).get(snapshot.id, ()),
                model=connection.execute(last.order_by(judgements.c.judged_at.desc()).limit(1)).scalar(),
            )

    def reviewed(self) -> list[Reviewed]:
        """Return each document that somebody gave a verdict on, by the order of the first ones; the canary is none.

        One that the archive did not hold when it was missed is there once it does.
        """
        with self.database.read() as connection:
            said: defaultdict[str, list[Feedback]] = defaultdict(list)
            for verdict in map(feedback_of, connection.execute(select(feedback).order_by(feedback.c.seq))):
                if snapshot := verdict.snapshot_id or _arrived(connection, verdict.url):
                    said[snapshot].append(verdict)
            return [one for each, given in said.items() if (one := _reviewed(connection, each, given))]

    def add_model(self, candidate: Candidate) -> None:
        """Commit a model that was made; one of its name gets the new figures."""
        with self.database.write() as connection:
            upsert(connection, models, [candidate_fields(candidate)])

    def models(self) -> list[Candidate]:
        """Return the models that were made, oldest first."""
        with self.database.read() as connection:
            rows = connection.execute(select(models).order_by(models.c.made_at, models.c.name))
            return [candidate_of(row) for row in rows]

    def in_use(self) -> Candidate | None:
        """Return the model in use; None for the one that ships with the program."""
        with self.database.read() as connection:
            name = in_use(_uses(connection))
            return None if name is None else _model(connection, name)

    def promote(self, name: str, at: datetime) -> None:
        """Commit that a model is the one in use.

        Raises:
            NotFound: no model has this name.
        """
        with self.database.write() as connection:
            _change(connection, Step.PROMOTED, _model(connection, name).name, at)

    def roll_back(self, at: datetime) -> str | None:
        """Commit that the model before the one in use is in use again, and return which; None for the shipped one.

        Raises:
            NotFound: the shipped one is in use.
        """
        with self.database.write() as connection:
            present = in_use(_uses(connection))
            if present is None:
                msg = "the shipped model is in use; there is none before it"
                raise NotFound(msg)
            _change(connection, Step.ROLLED_BACK, present, at)
            return in_use(_uses(connection))

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()


def _latest(connection: Connection, url: str) -> Snapshot | None:
    held = [version for version in versions(connection, url) if not version.removed]
    return held[-1] if held else None


def _arrived(connection: Connection, url: str) -> str | None:
    snapshot = _latest(connection, url)
    return snapshot.id if snapshot else None


def _reviewed(connection: Connection, snapshot_id: str, given: Sequence[Feedback]) -> Reviewed | None:
    snapshot = snapshot_of(connection.execute(WHOLE.where(snapshots.c.id == snapshot_id)).one())
    if snapshot.source == CANARY:
        return None
    return Reviewed(
        snapshot=snapshot,
        events=events_of(connection, [snapshot_id]).get(snapshot_id, ()),
        story_id=next(iter(story_ids_of(connection, snapshot_id)), None),
        feedback=tuple(given),
    )


def _uses(connection: Connection) -> list[Use]:
    return [use_of(row) for row in connection.execute(select(model_uses).order_by(model_uses.c.seq))]


def _model(connection: Connection, name: str) -> Candidate:
    row = connection.execute(select(models).where(models.c.name == name)).one_or_none()
    if row is None:
        msg = f"no model is named {name!r}; `pursestrings model list` shows them"
        raise NotFound(msg)
    return candidate_of(row)


def _change(connection: Connection, step: Step, model: str, at: datetime) -> None:
    number = connection.execute(select(func.coalesce(func.max(model_uses.c.seq), 0))).scalar_one() + 1
    connection.execute(insert(model_uses), {"seq": number, "step": step, "model": model, "at": at})
