"""The pages: templates, and the values they are filled with. Knows nothing of HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from alerts import apstyle
from alerts.plain import host_of, line, shorten, web_address
from alerts.wording import QUOTE_LENGTH, certainty, label_words, place_words
from archive import display, highlight
from archive.highlight import Paragraph, Span
from classifier.additions import additions
from facts.document import Snapshot, dated_ahead
from facts.event import RESPONSE, Event
from facts.places import Role
from facts.twins import twin_key
from storage.protocols import Trace

#: Characters of a text that a page shows; a longer one is cut, and its capture holds the rest.
TEXT_SHOWN = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What the web app is told of the newsroom it serves."""

    bot_name: str
    #: The base address of the second origin, which alone serves captures.
    replay_url: str
    #: Times are shown in this zone.
    timezone: ZoneInfo
    #: Host names that requests may carry; see `archive.security.allowed_hosts`.
    allowed_hosts: frozenset[str]
    #: The labels in use: id and name, in the order they are offered.
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """One archived version with all that its page shows."""

    trace: Trace
    #: The versions that its source gave of it, oldest first.
    versions: tuple[Snapshot, ...]
    paragraphs: tuple[Paragraph, ...]
    marks: tuple[Span, ...]
    #: Passages that its original does not have.
    added: tuple[Span, ...]
    #: The text goes on in the capture.
    cut: bool
    #: The source dates it later than it was seen.
    dated_ahead: bool

    @property
    def is_version(self) -> bool:
        """Its original is an earlier state of the same page."""
        original = self.trace.original
        return original is not None and twin_key(original.url) == twin_key(self.snapshot.url)

    @property
    def snapshot(self) -> Snapshot:
        """The version shown."""
        return self.trace.snapshot


def view_document(trace: Trace, versions: list[Snapshot]) -> DocumentView:
    """Return what the page of this version shows; `versions` are those of its address, of every source."""
    snapshot = trace.snapshot
    text = snapshot.text[:TEXT_SHOWN]
    marks = highlight.merge(((quote.start, quote.end) for it in trace.events for quote in it.evidence), len(text))
    added = additions(trace.original.text, text) if trace.original else ()
    return DocumentView(
        trace=trace,
        versions=tuple(version for version in versions if version.source == snapshot.source),
        paragraphs=highlight.paragraphs(text, marks, added),
        marks=marks,
        added=added,
        cut=len(text) < len(snapshot.text),
        dated_ahead=dated_ahead(snapshot.published_at, trace.first_seen),
    )


def places_by_role(event: Event) -> list[tuple[str, str]]:
    """Return the event's places under what they do in it: "Sent to", "Answer from", "Mentions"."""
    stances = {it.place.id: display.words(it.stance) for it in event.stances}
    rows = []
    for role, heading in _ROLES.items():
        names = [f"{it}: {stances[it.id]}" if it.id in stances else str(it) for it in event.in_role(role)]
        if names:
            rows.append((heading, "; ".join(names)))
    return rows


def history_address(url: str) -> str:
    """Return the address of the history of a document's address, relative to the site."""
    return f"/history?{urlencode({'url': url}, errors='replace')}"


def brief(event: Event) -> str:
    """Return who is concerned, in one line: "to Stockton, CA; Gary, IN" or "Gary, IN: disputes"."""
    places = "; ".join(place_words(event, None))
    return f"to {places}" if event.label != RESPONSE and event.in_role(Role.RECIPIENT) else places


_ROLES = {Role.RECIPIENT: "Sent to", Role.RESPONDENT: "Answer from", Role.MENTION: "Mentions"}


class Pages:
    """The site's pages, each a template filled with plain values."""

    def __init__(self, site: Site) -> None:
        self._environment = _environment(site)

    def render(self, name: str, **values: object) -> str:
        """Return the page `name` as HTML."""
        return self._environment.get_template(f"{name}.html").render(**values)


def _environment(site: Site) -> Environment:
    zone = site.timezone
    environment = Environment(
        loader=PackageLoader("archive"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        site=site,
        capture_address=lambda snapshot: f"{site.replay_url.rstrip('/')}/captures/{snapshot.id}",
    )
    environment.filters.update(
        when=lambda moment: apstyle.when(moment, zone),
        local_day=lambda moment: apstyle.ap_date(apstyle.local(moment, zone)),
        published=lambda moment: apstyle.published(moment, zone),
        published_day=lambda moment: apstyle.published_day(moment, zone),
        clock=lambda moment: apstyle.clock(moment, zone),
        day=apstyle.ap_date,
        utc=_utc,
        host=host_of,
        link=web_address,
        words=display.words,
        certainty=certainty,
        brief=brief,
        brief_text=lambda text: shorten(line(text), QUOTE_LENGTH),
        history_address=history_address,
        label=lambda label: site.labels.get(label) or label_words(label),
        delivery=display.delivery_words,
        places=places_by_role,
        mark=highlight.mark_number,
    )
    return environment


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _shown(value: object) -> object:
    # Every outside string passes here before it is escaped; what has __html__ is a macro's output, already shown.
    return display.visible(value) if isinstance(value, str) and not hasattr(value, "__html__") else value
