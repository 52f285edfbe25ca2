"""GovDelivery: bulletins of agencies and cities whose own pages refuse bots. A feed leads to them, each is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any
from urllib.parse import quote

from pydantic import Field, model_validator

from facts.places import Place
from facts.visit import Harvest, Remembered
from spiders import feed
from spiders.bulletins import own_words
from spiders.fetching import Fetch, Leaf
from spiders.settings import SourceSettings

#: The addresses of the feeds of a topic, and of all that an account publishes.
_FEEDS = {
    "topic": "https://public.govdelivery.com/topics/{}/feed.rss",
    "account": "https://content.govdelivery.com/accounts/{}/bulletins.rss",
}

#: What the service calls an account or a topic.
Code = Annotated[str, Field(pattern=r"^\w{1,64}$")]


class Settings(SourceSettings):
    """The stanza: a topic, or an account with all its topics, or the address of either's feed as `url`."""

    topic: Code | None = None
    account: Code | None = None
    follow: bool = True

    @model_validator(mode="before")
    @classmethod
    def _address(cls, values: Any) -> Any:  # noqa: ANN401 (whatever the stanza holds)
        if not isinstance(values, dict):
            return values
        ways = [key for key in ("url", *_FEEDS) if key in values]
        if len(ways) != 1:
            msg = f"expected one of topic, account and url, found {' and '.join(ways) or 'none'}"
            raise ValueError(msg)
        code = values[ways[0]]
        if ways[0] == "url" or not isinstance(code, str):
            return values
        # Quoted, so that a wrong code is told as that and not as a wrong address.
        return {**values, "url": _FEEDS[ways[0]].format(quote(code, safe=""))}


class Spider:
    """Reads one feed of bulletins; they are links to follow, or documents made of what the feed says of them."""

    def __init__(self, *, source: str, settings: Settings, places: tuple[Place, ...]) -> None:
        of_feed = feed.Settings(url=settings.url, follow=settings.follow)
        self._feed = feed.Spider(source=source, settings=of_feed, places=places)

    async def visit(self, fetch: Fetch, memory: Mapping[str, Remembered], now: datetime) -> Harvest:
        """Look at the feed once.

        Raises:
            SourceError: it could not be fetched, or is no feed.
        """
        return _unframed(await self._feed.visit(fetch, memory, now))

    async def history(self, fetch: Fetch, cursor: str | None, since: date, until: date, now: datetime) -> Leaf:
        """Read what the feed still shows of these days; see `spiders.fetching.Historian`."""
        leaf = await self._feed.history(fetch, cursor, since, until, now)
        return replace(leaf, harvest=_unframed(leaf.harvest))


def _unframed(found: Harvest) -> Harvest:
    documents = tuple(replace(document, text=own_words(document.text)) for document in found.documents)
    links = tuple(replace(link, summary=own_words(link.summary)) for link in found.links)
    return replace(found, documents=documents, links=links)
