"""A politeness score of our own: hosts that write down how they are polled, in the faked time of who polls them.

The rules are those of the feed reader score: conditional requests after the first, validators echoed as served and
never invented, nothing before the time that was asked for, one request at a time, nothing that identifies a reader.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from itertools import pairwise

from tests.rig.site import Reply, Seen, Site

DAY = timedelta(days=1)
#: What a request may carry.
PLAIN = frozenset({"host", "user-agent", "accept", "accept-encoding", "if-none-match", "if-modified-since"})
ROBOTS = "/robots.txt"

Validators = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One look at a feed, as the feed sees it."""

    now: datetime
    #: Whole days since the host was opened.
    day: int
    #: How many looks came before.
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of feed: what it answers, and what it asks for."""

    name: str
    answer: Callable[[Turn], Reply]
    #: The least time between two looks that its answers ask for, beside what a Retry-After says.
    asks: timedelta = timedelta()
    #: It says 304 to every conditional request, whatever it has.
    always_304: bool = False
    #: Its address leads to another one of its host, with this status.
    moved: int | None = None

    @property
    def path(self) -> str:
        """Where it is asked for."""
        return f"/{self.name}"

    @property
    def target(self) -> str:
        """Where it answers."""
        return f"/moved/{self.name}" if self.moved else self.path


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One request and what it was answered."""

    at: datetime
    seen: Seen
    status: int
    #: The validators that the answer offered.
    offered: Validators
    #: Nothing may come to the host before this time.
    hold: datetime | None

    @property
    def validators(self) -> Validators:
        """Those that the request brought."""
        return self.seen.header("If-None-Match"), self.seen.header("If-Modified-Since")


@dataclass(slots=True)
class Origin:
    """One host with its feeds; answers its site's requests and writes them down."""

    site: Site
    kinds: Sequence[Kind]
    clock: Callable[[], datetime]
    records: list[Record] = field(default_factory=list)
    _opened: datetime = field(init=False)

    def __post_init__(self) -> None:
        self._opened = self.clock()
        self.site.script = self.answer

    def answer(self, seen: Seen) -> Reply:
        """Answer one request and write it down."""
        now = self.clock()
        reply = self._reply(seen, now)
        fresh = reply.status == 200 and _is_fresh(reply, seen)
        retry = next((value for name, value in reply.headers if name == "Retry-After"), None)
        hold = _until(retry, now) if retry is not None and reply.status in (429, 503) else None
        self.records.append(
            Record(
                at=now,
                seen=seen,
                status=304 if fresh else reply.status,
                offered=(_offered(reply, "ETag", reply.etag), _offered(reply, "Last-Modified", reply.last_modified)),
                hold=hold,
            )
        )
        return reply

    def of(self, *paths: str) -> list[Record]:
        """Return the requests for some paths."""
        return [record for record in self.records if record.seen.path in paths]

    def _reply(self, seen: Seen, now: datetime) -> Reply:
        if seen.path == ROBOTS:
            return Reply(body=b"User-agent: *\nDisallow: /private\n")
        kind = next(kind for kind in self.kinds if seen.path in (kind.path, kind.target))
        if kind.moved and seen.path == kind.path:
            return Reply(status=kind.moved, headers=(("Location", kind.target), ("Set-Cookie", "reader=1; Path=/")))
        if kind.always_304 and (seen.header("If-None-Match") or seen.header("If-Modified-Since")):
            return Reply(status=304)
        turn = Turn(now=now, day=(now - self._opened).days, number=len(self.of(kind.target)))
        return kind.answer(turn)


def _offered(reply: Reply, name: str, checked: str | None) -> str | None:
    """Return a validator of an answer, whether a request that brings it back gets 304 or not."""
    return checked or next((value for key, value in reply.headers if key == name), None)


def _is_fresh(reply: Reply, seen: Seen) -> bool:
    if reply.etag is not None and (given := seen.header("If-None-Match")) is not None:
        return given == reply.etag
    return reply.last_modified is not None and seen.header("If-Modified-Since") == reply.last_modified


def _until(retry: str, now: datetime) -> datetime:
    if retry.isdigit():
        return now + timedelta(seconds=int(retry))
    return parsedate_to_datetime(retry).astimezone(UTC)


def http_date(moment: datetime) -> str:
    """Return a time as HTTP writes it."""
    return format_datetime(moment, usegmt=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How one feed was polled."""

    #: What was wrong, one line each.
    faults: tuple[str, ...]
    requests: int
    unconditional: int
    not_modified: int


def score(origin: Origin, every: timedelta, contact: str) -> Mapping[str, Score]:
    """Score every request to a host, by feed, and those for its robots.txt under that name."""
    shared = (*_held(origin), *_nosy(origin, contact))
    scores = {}
    for kind in origin.kinds:
        looks, answers = origin.of(kind.path), origin.of(kind.target)
        unconditional = [record for record in answers if record.validators == (None, None)]
        faults = (*shared, *_early(kind, looks, answers, every), *_invented(answers), *_unexcused(answers))
        scores[kind.name] = Score(
            faults=faults,
            requests=len(looks),
            unconditional=len(unconditional),
            not_modified=sum(record.status == 304 for record in answers),
        )
    robots = origin.of(ROBOTS)
    often = tuple(f"robots.txt read at {b.at} after {a.at}" for a, b in pairwise(robots) if b.at - a.at < DAY)
    return scores | {ROBOTS: Score(faults=often, requests=len(robots), unconditional=len(robots), not_modified=0)}


def _unexcused(answers: Sequence[Record]) -> Iterator[str]:
    """Tell of unconditional requests but the first, those after an answer without validators, and one each 7 days."""
    offered: Validators = (None, None)
    whole: datetime | None = None
    for record in answers:
        week = whole is not None and record.at - whole >= 7 * DAY
        if record.validators == (None, None) and offered != (None, None) and not week:
            yield f"unconditional at {record.at} although {offered} was offered"
        if record.status == 200:
            offered, whole = record.offered, record.at


def _early(kind: Kind, looks: Sequence[Record], answers: Sequence[Record], every: timedelta) -> Iterator[str]:
    refused = {record.at for record in answers if record.status not in (200, 304)}
    for before, after in pairwise(looks):
        # A refusal asks for nothing but its own pause.
        least = every if before.at in refused else max(every, min(kind.asks, DAY))
        if after.at - before.at < least:
            yield f"asked at {after.at}, {after.at - before.at} after the last time; the least is {least}"


def _invented(answers: Sequence[Record]) -> Iterator[str]:
    last: Validators = (None, None)
    for record in answers:
        for sent, offered in zip(record.validators, last, strict=True):
            if sent is not None and sent != offered:
                yield f"sent {sent!r} at {record.at}, offered was {offered!r}"
        if record.status in (200, 304) and record.offered != (None, None):
            last = record.offered


def _held(origin: Origin) -> Iterator[str]:
    held, until = None, None
    for record in origin.records:
        if until is not None and record.at < until:
            yield f"{record.seen.path} asked at {record.at}; of {held} until {until}"
        if record.hold is not None:
            held, until = record.at, record.hold
    if origin.site.busiest > 1:
        yield f"{origin.site.busiest} requests at one time"


def _nosy(origin: Origin, contact: str) -> Iterator[str]:
    paths = {ROBOTS, *(path for kind in origin.kinds for path in (kind.path, kind.target))}
    for record in origin.records:
        names = Counter(name.lower() for name, _ in record.seen.headers)
        if names.keys() - PLAIN or max(names.values()) > 1 or record.seen.method != "GET":
            yield f"{record.seen.method} with the headers {sorted(names.elements())}"
        if contact not in (record.seen.header("User-Agent") or ""):
            yield f"User-Agent {record.seen.header('User-Agent')!r}"
        if record.seen.path not in paths:
            yield f"asked for {record.seen.path}"
