"""Generated histories of one feed: what a publisher may do to its items, beside the articles that they truly are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from facts.document import Document
from facts.visit import Harvest
from spiders.urls import canonical
from tests.facts.samples import NOON, capture, document

#: How a publisher names its items.
GUIDS = ("stable", "permalink", "flipping", "absent", "empty", "reused")
_TEMPLATE = (
    "The department sent a letter to the city about its jail and the officers who may ask to see a person held in it "
    "and it wants a reply within two weeks or the city may lose the money of a programme that pays for police work"
)


@dataclass
class Article:
    """What a reader would call one article."""

    number: int
    title: str
    text: str
    link: str
    guid: str | None
    day: int
    dated: bool

    @property
    def long(self) -> bool:
        """Whether its text is enough to know it by."""
        return len(self.text.split()) > 50


@dataclass
class Publisher:
    """A feed over some polls; every choice is drawn from one seed."""

    seed: int
    first_seen: dict[int, int] = field(default_factory=dict)
    articles: dict[int, Article] = field(default_factory=dict)
    #: The text that each article was last shown with, and those whose text became another.
    told: dict[int, str] = field(default_factory=dict)
    rewritten: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._random = Random(self.seed)
        self.guids = self._random.choice(GUIDS)
        self.source = f"feed{self.seed}"
        self._host = f"city{self.seed}.example"

    def polls(self, count: int) -> Iterator[Harvest]:
        """Yield what each visit brings."""
        shown: list[int] = []
        for poll in range(count):
            for _ in range(self._random.randint(1, 3) if poll else 4):
                number = len(self.articles)
                self.articles[number] = self._article(number)
                self.first_seen[number] = poll
                shown.insert(0, number)
            shown = shown[: self._random.randint(5, 9)]
            if poll:
                for number in shown:
                    self._touch(self.articles[number])
            if self._random.random() < 0.3:
                self._random.shuffle(shown)
            yield Harvest(documents=tuple(self._item(self.articles[number], poll) for number in shown))

    def _article(self, number: int) -> Article:
        names = [self._random.choice("ABCDEFGHIJKLMNOP") + f"{self._random.randrange(999)}ton" for _ in range(3)]
        own = " ".join(f"{name} {self._random.choice(('jail', 'mayor', 'council'))}" for name in names)
        long = self._random.random() < 0.6
        return Article(
            number=number,
            title=f"Letter {number} to the city of {names[0]}",
            text=f"letter {own} {_TEMPLATE}" if long else f"letter {own}",
            link=f"/news/{number}-letter?id={number}",
            guid=f"tag:{self.seed}:{number}",
            day=number % 20,
            dated=self._random.random() < 0.7,
        )

    def _touch(self, article: Article) -> None:
        """Do at most one thing to it, of those a reader would still call the same article."""
        steady = self.guids in {"stable", "permalink"}
        can_move = steady or article.long or article.dated
        match self._random.choice(("", "", "", "edit", "rewrite", "move", "redate")):
            case "edit":
                article.text = article.text.replace(" jail", " county jail", 1)
                if not article.long:  # a tenth of a short text is news
                    self.rewritten.add(article.number)
            case "rewrite":
                article.text = f"letter {article.number} rewritten {self._random.random()} " + "anew " * article.number
                self.rewritten.add(article.number)
            case "move" if can_move:
                article.link = f"/2017/{article.number}-{self._random.randrange(10**6)}"
                if article.long and self._random.random() < 0.5:
                    article.guid = f"tag:{self._random.random()}"
            case "redate" if not article.long or steady:
                article.dated = False
            case _:
                pass

    def _item(self, article: Article, poll: int) -> Document:
        host = self._random.choice(("", "", "", "www.", "m."))
        scheme = self._random.choice(("https", "https", "http"))
        utm = self._random.choice(("", "", "&utm_source=rss", "&fbclid=1"))
        link = f"{scheme}://{host}{self._host}{article.link}"
        url = canonical(link + (utm if "?" in link else utm.replace("&", "?", 1)))
        assert url is not None
        self.told[article.number] = article.text
        body = f"{self.seed} {poll}".encode()
        return document(
            source=self.source,
            url=url,
            title=article.title,
            text=article.text,
            published_at=NOON - timedelta(days=article.day, seconds=article.number) if article.dated else None,
            guid=self._guid(article),
            capture=capture(url=f"https://{self._host}/feed", body=body),
        )

    def _guid(self, article: Article) -> str | None:
        return {
            "stable": article.guid,
            "permalink": f"https://{self._host}/?p={article.number}",
            "flipping": f"{self._random.random()}",
            "absent": None,
            "empty": "",
            "reused": self._random.choice(("0", "news")),
        }[self.guids]
