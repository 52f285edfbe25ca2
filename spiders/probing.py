"""Probing: one polite look at an address, to say what stands there and which stanza would read it.

Everything goes through the guarded fetcher, so robots.txt, the address rule and each host's pace hold here too. Nothing
is archived and nothing remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlsplit

from facts.document import Capture, CaptureKind
from facts.errors import Blocked, Forbidden, SourceError
from facts.twins import twin_key
from facts.visit import Harvest, Remembered
from spiders.answers import missing
from spiders.directory import Directory
from spiders.fetching import Answer, BodyCap, Fetch, P, Spider, T
from spiders.html import read_page
from spiders.platforms import Platform, feeds_to_try, platform_of, quirk_of
from spiders.proposing import Proposal, propose
from spiders.recognising import BY_SCRIPTS, recognise
from spiders.robots_files import Robots, RobotsFiles, by_robots
from spiders.seen import Seen, Sort

#: Addresses tried for the feed of a page that is none itself.
MAX_TRIED = 4
#: Kinds that read one address, so that what stands there says what they find.
_OF_ONE_ADDRESS = frozenset({"feed", "listing", "page"})
#: Feeds that a page itself names, of which the first is nearly always the one.
_MOST_NAMED = 2
_LOGIN = "log-in page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What one look at one address found."""

    url: str
    #: Whether a source there would work as it stands.
    ok: bool
    #: What stands there, in words: "rss", "listing", "bot wall", "disallowed", "error".
    found: str
    final_url: str = ""
    items: int | None = None
    newest: datetime | None = None
    #: What lets the next look be answered by 304: "ETag", "Last-Modified"; empty when nothing does.
    validators: tuple[str, ...] = ()
    robots: Robots
    platform: Platform = Platform.OTHER
    notes: tuple[str, ...] = ()
    error: str = ""
    requests: int = 0
    #: The stanza that would read what was found.
    proposal: Proposal | None = None


@dataclass(slots=True, kw_only=True)
class _Recorder:
    """A `Fetch` that remembers what its addresses answered."""

    inner: Fetch
    answers: list[Answer] = field(default_factory=list)
    asked: int = 0

    async def __call__(
        self, url: str, *, cap: BodyCap, validators: Remembered | None = None, data: bytes | None = None
    ) -> Answer:
        self.asked += 1
        answer = await self.inner(url, cap=cap, validators=validators, data=data)
        self.answers.append(answer)
        return answer

    async def parse(self, parser: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self.inner.parse(parser, *args, **kwargs)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """A probe with what was read for it; both None where nothing answered."""

    probe: Probe
    seen: Seen | None = None
    answer: Answer | None = None


class Prober:
    """Looks at addresses; asks each host for its robots.txt once."""

    def __init__(self, fetch: Fetch, directory: Directory) -> None:
        self._fetch = fetch
        self._directory = directory
        self._robots = RobotsFiles(fetch)

    async def source(self, spider: Spider, kind: str, url: str, now: datetime) -> Probe:
        """Look at a configured source as its spider does at a first visit."""
        recorder = _Recorder(inner=self._fetch)
        try:
            harvest = await spider.visit(recorder, {}, now)
        except SourceError as error:
            return await self._with_feed(await self._look(url, recorder, error, now), now)
        if not recorder.answers:
            return Probe(
                url=url, ok=True, found="nothing", robots=Robots(says="not asked"), notes=("it asked nothing",)
            )
        probe = (await self._look(url, recorder, None, now)).probe
        notes = probe.notes if kind in _OF_ONE_ADDRESS else (*self._trap(url), *_expected(probe.platform))
        return replace(
            probe,
            ok=True,
            found=probe.found if kind in _OF_ONE_ADDRESS else kind.replace("_", " "),
            items=harvest.shape.items if harvest.shape else len(harvest.documents) + len(harvest.links),
            newest=_newest(harvest, now) or probe.newest,
            notes=tuple(dict.fromkeys((*notes, *harvest.warnings))),
            proposal=None,
        )

    async def address(self, url: str, now: datetime) -> Probe:
        """Look at an address that nobody described, and propose the stanza that would read it."""
        recorder = _Recorder(inner=self._fetch)
        error = None
        try:
            await recorder(url, cap=BodyCap.PAGE)
        except SourceError as failure:
            error = failure
        return await self._with_feed(await self._look(url, recorder, error, now), now)

    async def _look(self, url: str, recorder: _Recorder, error: SourceError | None, now: datetime) -> _Look:
        """Return what the address answered, as far as it did."""
        answer = _main(recorder.answers, url)
        robots = await self._robots.of(url, error if answer is None else None)
        base = Probe(url=url, ok=False, found="error", robots=robots, requests=recorder.asked, notes=self._trap(url))
        if answer is None or answer.capture is None:
            assert error is not None
            return _Look(probe=replace(base, found=_trouble(error), error=str(error)))
        seen, gone = await self._read(answer, answer.capture, now)
        proposal = propose(seen, answer.final_url) if gone is None else None
        probe = replace(
            base,
            ok=error is None and proposal is not None,
            found=seen.sort.value,
            final_url=answer.final_url,
            items=seen.items,
            newest=seen.newest,
            validators=_validators(answer),
            platform=seen.platform,
            notes=(*base.notes, *_moved(answer), *seen.notes, *_expected(seen.platform)),
            error=str(error or "") or (f"the page is gone: {gone}" if gone else ""),
            proposal=proposal,
        )
        return _Look(probe=probe, seen=seen, answer=answer)

    async def _read(self, answer: Answer, capture: Capture, now: datetime) -> tuple[Seen, str | None]:
        """Return what stands there, and why it is none of what was asked for."""
        url = answer.final_url
        try:
            seen = await self._fetch.parse(recognise, capture.body, capture.headers, url, now)
            if capture.kind is CaptureKind.CONVERSION:
                # Its scripts have run.
                seen = replace(seen, scripted=False, notes=tuple(note for note in seen.notes if note != BY_SCRIPTS))
            if seen.sort not in {Sort.PAGE, Sort.LISTING}:
                return seen, None
            page = await self._fetch.parse(read_page, capture.body, capture.headers, url)
        except SourceError as error:
            return Seen(sort=Sort.OTHER, platform=platform_of(url), notes=(f"it cannot be read: {error}",)), None
        return seen, missing(answer.url, url, page.window_title, page.text)

    async def _with_feed(self, look: _Look, now: datetime) -> Probe:
        """Where a page stands, look for its feed: those it names, those of its platform, a sitemap of news."""
        probe, seen, answer = look.probe, look.seen, look.answer
        if seen is None or answer is None or probe.proposal is None or seen.sort not in {Sort.PAGE, Sort.LISTING}:
            return probe
        beside = (*feeds_to_try(seen.platform, answer.final_url), *_news_sitemaps(probe.robots))
        candidates = tuple(dict.fromkeys((*seen.feeds[:_MOST_NAMED], *beside)))[:MAX_TRIED]
        for number, candidate in enumerate(candidates, 1):
            found = await self._candidate(candidate, now)
            if found is not None:
                notes = (*probe.notes, f"its {found.found} has {found.items} entries: {found.url}", *found.notes)
                requests = probe.requests + number
                return replace(probe, notes=notes, requests=requests, proposal=found.proposal)
        return replace(probe, requests=probe.requests + len(candidates))

    async def _candidate(self, url: str, now: datetime) -> Probe | None:
        """Return the probe of a feed or sitemap with something in it, or None."""
        recorder = _Recorder(inner=self._fetch)
        try:
            await recorder(url, cap=BodyCap.FEED)
            probe = (await self._look(url, recorder, None, now)).probe
        except SourceError:
            return None
        return probe if probe.found in {Sort.RSS, Sort.ATOM, Sort.NEWS_SITEMAP} and probe.items else None

    def _trap(self, url: str) -> tuple[str, ...]:
        trap = self._directory.trap(url)
        return () if trap is None else (f"trap: {trap}",)


def _main(answers: Sequence[Answer], url: str) -> Answer | None:
    """Return what the source's own address answered, or else the first answer."""
    whole = [answer for answer in answers if answer.capture is not None]
    own = (answer for answer in whole if urlsplit(answer.url).path == urlsplit(url).path)
    return next(own, whole[0] if whole else None)


def _newest(harvest: Harvest, now: datetime) -> datetime | None:
    dates = [*(one.published_at for one in harvest.documents), *(one.published_at for one in harvest.links)]
    return max((date for date in dates if date is not None and date <= now), default=None)


def _expected(platform: Platform) -> tuple[str, ...]:
    return tuple(filter(None, (quirk_of(platform),)))


def _news_sitemaps(robots: Robots) -> tuple[str, ...]:
    return tuple(address for address in robots.sitemaps if "news" in address.lower())


def _trouble(error: SourceError) -> str:
    if isinstance(error, Blocked):
        return "log-in wall" if _LOGIN in str(error) else "bot wall"
    if isinstance(error, Forbidden):
        return "disallowed" if by_robots(error) else "refused"
    return "error"


def _moved(answer: Answer) -> tuple[str, ...]:
    if twin_key(answer.url) == twin_key(answer.final_url):
        return ()
    return (f"it leads to {answer.final_url}",)


def _validators(answer: Answer) -> tuple[str, ...]:
    named: Mapping[str, str | None] = {"ETag": answer.etag, "Last-Modified": answer.last_modified}
    return tuple(name for name, value in named.items() if value is not None)
