"""Seeded feeds of invented news: the same seed writes the same bytes on every machine."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from itertools import accumulate

#: Items on a feed.
ITEMS = 25
#: Of all feeds: Atom, the others RSS 2.0.
ATOM = 0.3
#: Of all feeds, by the validators they send.
VALIDATORS = {"both": 0.60, "none": 0.15, "etag": 0.15, "date": 0.10}

_SYLLABLES = ("ba", "cor", "den", "el", "fir", "gan", "hol", "in", "ker", "lo", "mar", "nes", "or", "pel", "ri", "sta")
#: Many, so that reports do not all join one story.
_CITIES = (
    *(
        "Albuquerque",
        "Baltimore",
        "Boise",
        "Boston",
        "Buffalo",
        "Chicago",
        "Cincinnati",
        "Cleveland",
        "Denver",
        "Detroit",
    ),
    *(
        "El Paso",
        "Fresno",
        "Honolulu",
        "Houston",
        "Louisville",
        "Memphis",
        "Miami",
        "Milwaukee",
        "Minneapolis",
        "Omaha",
    ),
    *("Philadelphia", "Pittsburgh", "Sacramento", "San Antonio", "San Bernardino", "Seattle", "Stockton", "Tucson"),
)
_WORDS = 4000
_PARAGRAPHS = 3
_WORDS_A_PARAGRAPH = 48


def letter_text(place: str) -> str:
    """Return an invented report of a letter with strings on money, which the classifier flags."""
    return (
        f"The Justice Department sent a letter to the mayor of {place} on Thursday. It says that the city will lose "
        "its federal Public Safety Partnership grant, a program against violent crime, unless its jails work with "
        f"immigration agents. {place} must answer within 15 days. The letter asks whether the city gives immigration "
        "officers access to its jails, and whether it gives at least 48 hours' notice before it frees somebody they "
        "want."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry of one feed."""

    number: int
    at: datetime
    relevant: bool = False


@dataclass(slots=True, kw_only=True)
class Feed:
    """One feed as it stands."""

    number: int
    origin: str
    atom: bool
    #: A key of VALIDATORS.
    validators: str
    items: list[Item]
    changed_at: datetime

    @property
    def url(self) -> str:
        """Return its address."""
        return f"{self.origin}/feeds/{self.number}.xml"

    def publish(self, at: datetime, *, relevant: bool) -> Item:
        """Put a new item on top; the oldest leaves."""
        item = Item(number=self.items[-1].number + 1, at=at, relevant=relevant)
        self.items = [*self.items[1:], item]
        # A date has whole seconds: two changes within one would share it.
        self.changed_at = max(at.replace(microsecond=0), self.changed_at + timedelta(seconds=1))
        return item


@dataclass(slots=True, kw_only=True)
class Press:
    """Writes every feed of one farm."""

    seed: int
    _words: list[str] = field(init=False)
    _weights: list[float] = field(init=False)

    def __post_init__(self) -> None:
        rng = random.Random(self.seed)
        self._words = ["".join(rng.choices(_SYLLABLES, k=rng.randint(1, 4))) for _ in range(_WORDS)]
        self._weights = list(accumulate(1 / rank for rank in range(1, _WORDS + 1)))

    def feeds(self, count: int, origins: list[str], now: datetime) -> list[Feed]:
        """Return the feeds of a new farm, spread over the origins in turn."""
        rng = random.Random(self.seed + 1)
        hour = now.replace(minute=0, second=0, microsecond=0)
        items = [Item(number=number, at=hour - timedelta(hours=ITEMS - number)) for number in range(ITEMS)]
        kinds = rng.choices(list(VALIDATORS), list(VALIDATORS.values()), k=count)
        return [
            Feed(
                number=number,
                origin=origins[number % len(origins)],
                atom=rng.random() < ATOM,
                validators=kind,
                items=list(items),
                changed_at=items[-1].at,
            )
            for number, kind in enumerate(kinds)
        ]

    def write(self, feed: Feed) -> bytes:
        """Return the feed's XML."""
        entry = self._atom_entry if feed.atom else self._rss_item
        entries = "".join(entry(feed, item) for item in reversed(feed.items))
        title = f"Gazette {feed.number}"
        if feed.atom:
            return (
                '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
                f'<id>{feed.url}</id><title>{title}</title><link rel="self" href="{feed.url}"/>'
                f"<updated>{feed.changed_at.isoformat()}</updated>\n{entries}</feed>\n"
            ).encode()
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"'
            ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
            ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<channel><title>{title}</title><link>{feed.origin}/</link><description>{title}</description>"
            f"<lastBuildDate>{_mail_date(feed.changed_at)}</lastBuildDate>\n{entries}</channel></rss>\n"
        ).encode()

    def _rss_item(self, feed: Feed, item: Item) -> str:
        title, paragraphs, link = self._item(feed, item)
        return (
            f'<item><title>{escape(title)}</title><link>{link}</link><guid isPermaLink="false">'
            f"gazette-{feed.number}-{item.number}</guid><pubDate>{_mail_date(item.at)}</pubDate>"
            f"<dc:creator>Desk {feed.number % 17}</dc:creator><category>city</category>"
            f"<description><![CDATA[<p>{escape(paragraphs[0])}</p>]]></description>"
            f"<content:encoded><![CDATA[{_markup(paragraphs, link)}]]></content:encoded></item>\n"
        )

    def _atom_entry(self, feed: Feed, item: Item) -> str:
        title, paragraphs, link = self._item(feed, item)
        at = item.at.isoformat()
        return (
            f"<entry><id>tag:gazette.example,2026:{feed.number}:{item.number}</id><title>{escape(title)}</title>"
            f'<link rel="alternate" href="{link}"/><published>{at}</published><updated>{at}</updated>'
            f'<author><name>Desk {feed.number % 17}</name></author><category term="city"/>'
            f'<summary type="html">{escape(escape(paragraphs[0]))}</summary>'
            f'<content type="html">{escape(_markup(paragraphs, link))}</content></entry>\n'
        )

    def _item(self, feed: Feed, item: Item) -> tuple[str, list[str], str]:
        rng = random.Random(f"{self.seed} {feed.number} {item.number}")
        link = f"{feed.origin}/feeds/{feed.number}/{item.number}.html"
        title = self._sentence(rng, 8)
        paragraphs = [self._sentence(rng, _WORDS_A_PARAGRAPH) for _ in range(_PARAGRAPHS)]
        if item.relevant:
            city = rng.choice(_CITIES)
            title = f"Justice Department letter ties a {city} crime grant to jail access: {title}"
            paragraphs = [letter_text(city), *paragraphs[1:]]
        return title, paragraphs, link

    def _sentence(self, rng: random.Random, words: int) -> str:
        return " ".join(rng.choices(self._words, cum_weights=self._weights, k=words)).capitalize() + "."


def etag_of(raw: bytes) -> str:
    """Return a strong validator."""
    return f'"{hashlib.blake2s(raw, digest_size=12).hexdigest()}"'


def _markup(paragraphs: list[str], link: str) -> str:
    figure = f'<figure><img src="{link}.jpg" alt="" width="800"/><figcaption>Photo</figcaption></figure>'
    return figure + "".join(f'<p class="text">{escape(one)} <a href="{link}">More</a></p>\n' for one in paragraphs)


def _mail_date(at: datetime) -> str:
    return format_datetime(at.astimezone(UTC), usegmt=True)


http_date = _mail_date
