"""Wording: what an alert and a digest say, before any channel gives it a form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo

from alerts.apstyle import ap_date, published
from alerts.message import Bulletin, Message
from alerts.plain import host_of, line, shorten
from alerts.router import responding_places
from facts.alert import Alert, DigestKey, Reason
from facts.event import LETTER, RESPONSE, Deadline, Event
from facts.identity import make_id
from facts.places import Place, Role
from facts.story import Report

#: Characters of the evidence that an alert quotes.
QUOTE_LENGTH = 600
_HEADLINE_LENGTH = 300
_PHRASE_LENGTH = 80

#: From this score up a label is called as certain as this; measured against the label's threshold of 0.6 or so.
CERTAINTIES = ((0.9, "high"), (0.75, "medium"), (0.0, "low"))

#: The section of reports that repeat a letter of an earlier day.
EARLIER = "reports_of_earlier_letters"

_HEALTH = {
    Reason.SOURCE_FAILING: "Source failing",
    Reason.SOURCE_RECOVERED: "Source recovered",
    Reason.DELIVERY_REFUSED: "Delivery refused",
    Reason.CANARY_LATE: "Canary late",
    Reason.CANARY_RECOVERED: "Canary recovered",
}


def compose(
    alert: Alert, event: Event | None, *, public_url: str, zone: tzinfo = UTC, possible_repeat: bool = False
) -> Message:
    """Return what the alert says; `event` is None for the health of a source.

    `public_url` is where the archive's pages are served, `zone` that of the newsroom's clocks.
    """
    if event is None:
        return _health(alert, archive=public_url.rstrip("/"), possible_repeat=possible_repeat)
    message = _news(event, alert.place, public_url=public_url, zone=zone)
    return replace(
        message, alert_id=alert.id, reason=alert.reason, possible_repeat=possible_repeat, note=alert.detail or ""
    )


def compose_bulletin(  # noqa: PLR0913  a digest is exactly these parts, and all are named at the call
    key: DigestKey,
    reports: Iterable[Report],
    failing: Iterable[str],
    *,
    bot_name: str,
    public_url: str,
    zone: tzinfo = UTC,
    to: tuple[str, ...] = (),
) -> Bulletin:
    """Return the digest of a day: letters, responses, then other labels; newest first.

    Reports of one letter, or of the same places' answer, are one entry under the first of them. What is said again of a
    letter of an earlier day stands last. `failing` holds one line for each source that fails.
    """
    entries = _entries(reports)
    sections = sorted({entry.section for entry in entries}, key=_section_order)
    groups = [(section, [entry for entry in entries if entry.section == section]) for section in sections]
    lines = tuple(shorten(line(failure), QUOTE_LENGTH) for failure in failing)
    summary = _summary(groups, len(lines))
    return Bulletin(
        name=key.name,
        local_date=key.local_date,
        message_id=f"digest-{key.local_date.isoformat()}-{make_id('digest', bot_name, key.name, str(key.local_date))}",
        subject=f"Pursestrings: {summary} ({ap_date(key.local_date)})",
        summary=summary,
        sections=tuple(
            (_heading(section), tuple(_told(entry, public_url, zone) for entry in found)) for section, found in groups
        ),
        failing=lines,
        to=to,
        archive_url=public_url,
    )


def label_words(label: str) -> str:
    """Return the label as a reader says it: "Funding condition letter"."""
    return line(label.replace("_", " ")).capitalize()


def certainty(score: float) -> str:
    """Return the score in a word: high, medium or low."""
    return next(word for least, word in CERTAINTIES if score >= least or least == 0)


def place_words(event: Event, place: Place | None) -> tuple[str, ...]:
    """Return the places that the reader has to know of: with their answers for a response, else the recipients."""
    if event.label == RESPONSE:
        answering = (place,) if place else responding_places(event)
        return tuple(_answer(event, each) for each in answering) or _names(event.places)
    return _names(event.in_role(Role.RECIPIENT) or event.places)


def deadline_words(deadline: Deadline) -> str:
    """Return "Aug. 18, 2017 (by Aug. 18; year assumed)"."""
    day = ap_date(deadline.date)
    said = "" if day in line(deadline.phrase) else shorten(line(deadline.phrase), _PHRASE_LENGTH)
    notes = [note for note in (said, "year assumed" if deadline.assumed_year else "") if note]
    return day + (f" ({'; '.join(notes)})" if notes else "")


def _health(alert: Alert, *, archive: str, possible_repeat: bool) -> Message:
    kind = _HEALTH.get(alert.reason, label_words(alert.reason.replace("-", " ")))
    source = line(alert.source or "")
    detail = line(alert.detail or "")
    return Message(
        alert_id=alert.id,
        reason=alert.reason,
        headline=shorten(f"{source}: {detail}" if detail else source, _HEADLINE_LENGTH),
        label="",
        kind=kind,
        places=(),
        agencies=(),
        programs=(),
        deadline="",
        deadline_date=None,
        conditions=(),
        quote="",
        url="",
        host="",
        source=source,
        published_at=None,
        published="",
        archived_url=f"{archive}/" if alert.reason is Reason.MANY else "",
        possible_repeat=possible_repeat,
        place=None,
    )


def _news(event: Event, place: Place | None, *, public_url: str, zone: tzinfo) -> Message:
    """Return what there is to say of an event, under the event's own id: a digest tells of events, not of alerts."""
    host = host_of(event.url)
    return Message(
        alert_id=event.id,
        reason=Reason.NEW_STORY,
        headline=shorten(line(event.title) or f"Untitled document at {host or event.source}", _HEADLINE_LENGTH),
        label=event.label,
        kind=f"{label_words(event.label)} ({certainty(event.score)} certainty)",
        places=place_words(event, place),
        agencies=tuple(map(line, event.agencies)),
        programs=tuple(map(line, event.programs)),
        deadline=deadline_words(event.deadline) if event.deadline else "",
        deadline_date=event.deadline.date if event.deadline else None,
        conditions=tuple(condition.value for condition in event.conditions),
        quote=shorten(line(event.evidence[0].text), QUOTE_LENGTH) if event.evidence else "",
        url=event.url,
        host=host,
        source=line(event.source),
        published_at=event.published_at,
        published=published(event.published_at, zone).replace("\u00a0", " ") if event.published_at else "",
        archived_url=f"{public_url.rstrip('/')}/documents/{event.snapshot_id}",
        possible_repeat=False,
        place=place,
        recognised_by=event.recognised_by or "",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One entry of a digest: the first report, and the sources of the others."""

    section: str
    event: Event
    also: tuple[str, ...]


def _entries(reports: Iterable[Report]) -> list[_Entry]:
    """Return what a digest tells of these reports, newest first."""
    oldest = sorted(reports, key=lambda report: (report.event.published_at or report.event.judged_at, report.event.id))
    opened = {report.story_id for report in oldest if report.opens}
    groups: dict[tuple[str, ...], list[Report]] = {}
    for report in oldest:
        groups.setdefault(_sameness(report), []).append(report)
    entries = [_as_entry(group, known=group[0].story_id not in {None, *opened}) for group in groups.values()]
    # A paper that tells of an answer says what it answers: told once, as the answer.
    answering = {report.event.snapshot_id for report in oldest if report.event.label == RESPONSE}
    return [one for one in entries[::-1] if one.section != EARLIER or one.event.snapshot_id not in answering]


def _as_entry(group: Sequence[Report], *, known: bool) -> _Entry:
    first = next((report.event for report in group if report.opens), group[0].event)
    others = dict.fromkeys(report.event.source for report in group if report.event.source != first.source)
    section = EARLIER if known and first.label == LETTER else first.label
    return _Entry(section=section, event=first, also=tuple(others))


def _sameness(report: Report) -> tuple[str, ...]:
    """Return what makes two reports one entry: label, story and, for a response, who answers; else the address."""
    event = report.event
    if report.story_id is None:
        return (event.label, event.url)
    answering = sorted(place.id for place in responding_places(event)) if event.label == RESPONSE else ()
    return (event.label, report.story_id, *answering)


def _told(entry: _Entry, public_url: str, zone: tzinfo) -> Message:
    return replace(_news(entry.event, None, public_url=public_url, zone=zone), also=entry.also)


def _answer(event: Event, place: Place) -> str:
    said = dict.fromkeys(stance.stance.value for stance in event.stances if stance.place.id == place.id)
    return f"{line(str(place))}: {', '.join(said) or 'responds'}"


def _names(places: Iterable[Place]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line(str(place)) for place in places))


def _section_order(section: str) -> tuple[int, str]:
    return ({LETTER: 0, RESPONSE: 1, EARLIER: 3}.get(section, 2), section)


def _heading(section: str) -> str:
    return {LETTER: "Letters", RESPONSE: "Responses"}.get(section, label_words(section))


def _summary(groups: Sequence[tuple[str, Sequence[_Entry]]], failing: int) -> str:
    counts = [_count(section, len(found)) for section, found in groups]
    news = ", ".join(counts) or "nothing new"
    health = f"; {_plural(failing, 'source')} failing" if failing else ""
    return f"{news}{health}"


def _count(section: str, number: int) -> str:
    noun = {LETTER: "letter", RESPONSE: "response", EARLIER: "report"}.get(section)
    words = _plural(number, noun) if noun else f"{number} {label_words(section).lower()}"
    return f"{words} of earlier letters" if section == EARLIER else words


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
