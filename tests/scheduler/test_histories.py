"""R20: whatever a publisher does to guids and links, an article is one document and at most one alert."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from alerts.router import Route, route
from classifier.stories import join
from facts.document import Snapshot
from facts.event import LETTER
from facts.places import Role
from facts.story import Story
from storage.opening import open_store
from tests.facts.samples import NOON, place
from tests.scheduler.histories import GUIDS, Publisher
from tests.scheduler.rig import judge

HISTORIES = 200
POLLS = 6
DESK = Route(name="desk", labels=(LETTER,), places=(), channel="desk")


def number_of(snapshot: Snapshot) -> int:
    """Return the article that a snapshot is of, as its title says."""
    return int(snapshot.title.split()[1])


def archived(folder: Path, publishers: dict[str, Publisher]) -> dict[str, list[Snapshot]]:
    """Archive what every visit to every publisher brings; return what each of them made, in order."""
    visits = zip(*(publisher.polls(POLLS) for publisher in publishers.values()), strict=True)
    made: dict[str, list[Snapshot]] = defaultdict(list)
    with closing(open_store(f"sqlite:///{folder}/archive.db", folder)) as stores:
        for number, harvests in enumerate(visits):
            documents = [document for harvest in harvests for document in harvest.documents]
            now = NOON + timedelta(hours=number)
            for snapshot in stores.store.keep(documents, backlog=number == 0, now=now):
                if snapshot is not None:
                    made[snapshot.source].append(snapshot)
    return made


def alerts_of(snapshots: list[Snapshot]) -> Counter[int]:
    """Return how many alerts each article raises, when each is a letter to a city of its own."""
    stories: dict[str, Story] = {}
    told: dict[str, int] = {}
    for snapshot in snapshots:
        own = place(f"{snapshot.source} {number_of(snapshot)}", "CA", Role.RECIPIENT)
        for event in judge(snapshot, NOON).events:
            joined = join(replace(event, places=(own,)), (), stories.values())
            stories[joined.story.id] = joined.story
            told |= {alert.id: number_of(snapshot) for alert in route(event, joined, [DESK], NOON)}
    return Counter(told.values())


def faults(publisher: Publisher, snapshots: list[Snapshot]) -> Iterator[str]:
    """Yield what is lost and what is double, in documents and in alerts."""
    texts: dict[int, dict[str, str]] = defaultdict(dict)
    articles: dict[str, set[int]] = defaultdict(set)
    for snapshot in snapshots:
        texts[number_of(snapshot)][snapshot.url] = snapshot.text
        articles[snapshot.url].add(number_of(snapshot))
    yield from (f"lost in one document: {numbers}" for numbers in articles.values() if len(numbers) > 1)
    alerts = alerts_of(snapshots)
    for number, text in publisher.told.items():
        backlog = publisher.first_seen[number] == 0
        if text not in texts[number].values():
            yield f"lost: the text of {number}"
        if not backlog and not alerts[number]:
            yield f"lost: the alert of {number}"
        if len(texts[number]) > 1:
            yield f"double: {number} is at {list(texts[number])}"
        if alerts[number] > (number in publisher.rewritten or not backlog):
            yield f"double: {number} has {alerts[number]} alerts"


def test_R20_two_hundred_histories_lose_and_double_nothing(tmp_path: Path) -> None:
    """Guids stable, permalinks, flipping, absent, empty, reused; links moved, twinned, marked; texts edited."""
    publishers = {f"feed{seed}": Publisher(seed=seed) for seed in range(HISTORIES)}

    made = archived(tmp_path, publishers)

    assert {publisher.guids for publisher in publishers.values()} == set(GUIDS)
    assert sum(map(len, made.values())) > HISTORIES * POLLS
    found = {name: list(faults(publisher, made[name])) for name, publisher in publishers.items()}
    assert {name: what for name, what in found.items() if what} == {}
