"""Look-ups as plain values for scripts: dictionaries for JSON, rows for CSV. Pure.

The keys are stable: people script against them. Times are ISO 8601 in UTC, dates ISO, what is not known is null.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from classifier.additions import additions
from facts.alert import Delivery
from facts.document import Removal, Snapshot, dated_ahead
from facts.event import Deadline, Event, Quote
from facts.places import Place, Role
from storage.protocols import Hit, Trace
from storage.work import SourceRow

Json = dict[str, object]

CSV_HEADER = (
    "id",
    "first_seen",
    "published",
    "source",
    "title",
    "url",
    "labels",
    "scores",
    "recipients",
    "respondents",
    "deadline",
    "agencies",
    "programs",
    "version",
)

# What a spreadsheet takes for a formula (OWASP, CSV injection), with the full-width forms some of them accept.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")


def snapshot_json(snapshot: Snapshot) -> Json:
    """Return a version of a document, without its text.

    Keys: `id`, `source`, `url`, `title`, `version`, `published_at` (as the source claims it), `dated_ahead` (claimed
    later than it was archived), `taken_at` (when this version was archived), `places`, `digest` (of the normalised
    text), `body_sha256`, `media_type`, `warc` (`file`, `offset`, `length`), `parent`, `scanned`, `backlog`,
    `recognised_by` (the program that recognised words in pictures of pages, or null),
    `capture_kind` (`response`: an answer as received; `conversion`: a page as a browser showed it; `resource`: a
    feed's summary of a page that could not be read).
    `removed` is null, or of a tombstone `last_seen`, `missing_since` and `found` (what was there instead).
    """
    warc = snapshot.warc
    return {
        "id": snapshot.id,
        "source": snapshot.source,
        "url": snapshot.url,
        "title": snapshot.title,
        "version": snapshot.version,
        "published_at": _time(snapshot.published_at),
        "dated_ahead": dated_ahead(snapshot.published_at, snapshot.taken_at),
        "taken_at": _time(snapshot.taken_at),
        "places": [_place(place) for place in snapshot.places],
        "digest": snapshot.digest,
        "body_sha256": snapshot.body_digest,
        "media_type": snapshot.media_type,
        "capture_kind": snapshot.capture_kind.value,
        "warc": {"file": warc.file, "offset": warc.offset, "length": warc.length},
        "parent": snapshot.parent,
        "scanned": snapshot.scanned,
        "recognised_by": snapshot.recognised_by,
        "backlog": snapshot.backlog,
        "removed": _removal(snapshot.removed),
    }


def event_json(event: Event) -> Json:
    """Return what was read out of a document, in the words of `classify --json`.

    Keys: `id`, `label`, `score`, `evidence` (`text`, `start`, `end`), `agencies`, `programs`, `instrument`,
    `jurisdictions` (`name`, `state`, `kind`, `id`, `role`), `deadline` (`date`, `phrase`, `assumed_year`) or null,
    `conditions`, `stances` (`name`, `state`, `stance`), `model`, `judged_at`.
    """
    return {
        "id": event.id,
        "label": event.label,
        "score": event.score,
        "evidence": [_quote(quote) for quote in event.evidence],
        "agencies": list(event.agencies),
        "programs": list(event.programs),
        "instrument": event.instrument,
        "jurisdictions": [_place(place) for place in event.places],
        "deadline": _deadline(event.deadline),
        "conditions": [str(condition) for condition in event.conditions],
        "stances": [{"name": it.place.name, "state": it.place.state, "stance": str(it.stance)} for it in event.stances],
        "model": event.judged_by,
        "judged_at": _time(event.judged_at),
    }


def delivery_json(delivery: Delivery) -> Json:
    """Return what became of telling one channel.

    Keys: `id`, `alerts` (ids), `digest` (`name`, `date`) or null, `channel`, `state`, `attempt`, `at`, `receipt`,
    `error`, `retry_at`, `possible_repeat`.
    """
    digest = delivery.digest
    return {
        "id": delivery.id,
        "alerts": list(delivery.alert_ids),
        "digest": {"name": digest.name, "date": digest.local_date.isoformat()} if digest else None,
        "channel": delivery.channel,
        "state": str(delivery.state),
        "attempt": delivery.attempt,
        "at": _time(delivery.at),
        "receipt": delivery.receipt,
        "error": delivery.error,
        "retry_at": _time(delivery.retry_at),
        "possible_repeat": delivery.possible_repeat,
    }


def hit_json(hit: Hit) -> Json:
    """Return one document of a search: `snapshot_json` with `first_seen`, `events` and `snippet` (plain text)."""
    return {
        **snapshot_json(hit.snapshot),
        "first_seen": _time(hit.first_seen),
        "events": [event_json(event) for event in hit.events],
        "snippet": "".join(text for text, _ in hit.snippet),
    }


def history_json(url: str, versions: Sequence[Snapshot]) -> Json:
    """Return the history of an address: `url`, `first_seen` and `versions`, oldest first; null and [] when unknown."""
    return {
        "url": url,
        "first_seen": _time(versions[0].taken_at) if versions else None,
        "versions": [snapshot_json(version) for version in versions],
    }


def trace_json(trace: Trace) -> Json:
    """Return all of one document: `snapshot_json` with `first_seen`, `text`, `events`, `stories` and `deliveries`.

    `stories` holds ids. `copy_of` is null, or the document whose text this one takes over (`id`, `source`, `url`,
    `title`), and `added` the passages that it has of its own (`text`, `start`, `end`).
    """
    original, text = trace.original, trace.snapshot.text
    added = additions(original.text, text) if original else ()
    return {
        **snapshot_json(trace.snapshot),
        "first_seen": _time(trace.first_seen),
        "text": text,
        "events": [event_json(event) for event in trace.events],
        "copy_of": _original(original) if original else None,
        "added": [{"text": text[start:end], "start": start, "end": end} for start, end in added],
        "stories": list(trace.story_ids),
        "deliveries": [delivery_json(delivery) for delivery in trace.deliveries],
    }


def _original(snapshot: Snapshot) -> Json:
    return {"id": snapshot.id, "source": snapshot.source, "url": snapshot.url, "title": snapshot.title}


def csv_row(hit: Hit) -> tuple[str, ...]:
    """Return one document of a search as cells under `CSV_HEADER`; several values of one cell are joined by "; "."""
    snapshot, events = hit.snapshot, hit.events
    cells = (
        snapshot.id,
        _time(hit.first_seen) or "",
        _time(snapshot.published_at) or "",
        snapshot.source,
        snapshot.title,
        snapshot.url,
        _joined(event.label for event in events),
        _joined(f"{event.score:.2f}" for event in events),
        _joined(str(place) for event in events for place in event.in_role(Role.RECIPIENT)),
        _joined(str(place) for event in events for place in event.in_role(Role.RESPONDENT)),
        _joined(event.deadline.date.isoformat() for event in events if event.deadline),
        _joined(agency for event in events for agency in event.agencies),
        _joined(program for event in events for program in event.programs),
        str(snapshot.version),
    )
    return tuple(csv_cell(cell) for cell in cells)


def csv_cell(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula, and that can be written as UTF-8."""
    clean = text.translate(_SURROGATES)
    return f"'{clean}" if clean.startswith(_FORMULA) else clean


def _removal(removed: Removal | None) -> Json | None:
    if removed is None:
        return None
    return {
        "last_seen": _time(removed.last_seen),
        "missing_since": _time(removed.missing_since),
        "found": removed.found,
    }


def _joined(values: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(values))


def _time(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None


def _place(place: Place) -> Json:
    return {
        "name": place.name,
        "state": place.state,
        "kind": str(place.kind),
        "id": place.id,
        "role": str(place.role),
    }


def _quote(quote: Quote) -> Json:
    return {"text": quote.text, "start": quote.start, "end": quote.end}


def _deadline(deadline: Deadline | None) -> Json | None:
    if deadline is None:
        return None
    return {"date": deadline.date.isoformat(), "phrase": deadline.phrase, "assumed_year": deadline.assumed_year}


def source_json(row: SourceRow) -> Json:
    """Return how a source fares.

    Keys: `name`, `state`, `turned_at`, `failures`, `last_ok_at`, `last_visit_at`, `last_error`, `next_poll_at`.
    """
    return {
        "name": row.name,
        "state": str(row.state),
        "turned_at": _time(row.turned_at),
        "failures": row.failures,
        "last_ok_at": _time(row.last_ok_at),
        "last_visit_at": _time(row.last_visit_at),
        "last_error": row.last_error,
        "next_poll_at": _time(row.next_poll_at),
    }
