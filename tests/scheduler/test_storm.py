"""R18 and R19: old items anew, and more at once than anybody reads."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from alerts.slack import Channel, Settings
from alerts.storm import MOST
from facts.alert import Reason
from facts.document import Document, Snapshot
from facts.event import Judgement
from facts.places import Role
from facts.visit import Harvest
from scheduler.delivering import deliver_due
from scheduler.judging import judge_waiting, route_waiting
from scheduler.passes import settle
from scheduler.polling import poll
from storage.protocols import Search
from tests.alerts.material import LOOPBACK
from tests.facts.samples import NOON, capture, document, place, stance
from tests.rig.slack import TOKEN, FakeSlack
from tests.scheduler.rig import FIRST, Rig, ScriptedSpider, judge, rig

OLD = 500
WORDS = " ".join(f"word{number}" for number in range(45))


def item(number: int, word: str = "letter", *, visit: int = 0) -> Document:
    """Return an item of a feed, about a city of its own."""
    return document(
        url=f"https://news.example/{number}",
        title=f"City {number} and the federal money",
        text=f"City {number}: {word}. {WORDS}",
        published_at=NOON - timedelta(days=300, hours=number),
        guid=f"guid-{number}",
        capture=capture(url="https://news.example/feed", body=f"<rss/>{visit}".encode()),
    )


def feed(*items: Document) -> Harvest:
    """Return a visit."""
    return Harvest(documents=items)


def judge_each(snapshot: Snapshot, now: datetime) -> Judgement:
    """Flag the text as told by its words, as news of the city that its title names."""
    told, city = judge(snapshot, now), snapshot.title.partition(" and")[0]
    to, by = place(city, "CA", Role.RECIPIENT), stance(city, "CA")
    events = (
        replace(event, stances=(by,)) if event.stances else replace(event, places=(to,), stances=())
        for event in told.events
    )
    return replace(told, sketch=(), events=tuple(events))


async def look(made: Rig, hours: int) -> None:
    """Visit once and run all that follows."""
    now = NOON + timedelta(hours=hours)
    await poll(made.pipeline, made.stores.store.source("ledger"), now)
    await settle(made.pipeline, now)


def test_R18_R19_old_items_anew_alert_nobody_and_a_new_letter_does(tmp_path: Path) -> None:
    """New guid; new link and guid; new date, link and guid: 500 items each time, and one letter among them."""
    old = [item(number, "report" if number % 5 else "letter") for number in range(OLD)]
    renamed = [replace(one, guid=f"new-{one.guid}") for one in old]
    moved = [replace(one, guid=f"x-{one.guid}", url=one.url.replace("example/", "example/2017/")) for one in old]
    dated = [
        replace(one, guid=f"y-{one.guid}", url=f"{one.url}-story", published_at=NOON - timedelta(minutes=number))
        for number, one in enumerate(old)
    ]
    visits = [feed(*old)]
    for visit, anew in enumerate((renamed, moved, dated), 1):
        half = len(anew) // 2
        visits.append(feed(*anew[:half], item(OLD + visit, visit=visit), *anew[half:]))

    with rig(tmp_path, {"ledger": ScriptedSpider(visits)}, judge=judge_each) as made:
        asyncio.run(look(made, 0))
        assert made.stores.catalogue.search(Search(words="word0"))[1] == OLD
        assert made.desk.messages == []
        for visit in range(1, 4):
            asyncio.run(look(made, visit))
            assert [message.headline for message in made.desk.messages] == [
                f"City {OLD + before} and the federal money" for before in range(1, visit + 1)
            ]
        assert made.stores.catalogue.search(Search(words="word0"))[1] == OLD + 3


def test_R18_what_is_not_recognised_is_one_notice(tmp_path: Path) -> None:
    """Answers that nobody knows, all at once, are one message on Slack, and the letter among them another."""
    crowd = [item(number, "answer", visit=1) for number in range(2 * MOST)]
    crowd.insert(MOST, item(999, visit=1))

    with rig(tmp_path, {"ledger": ScriptedSpider([FIRST, feed(*crowd)])}, judge=judge_each) as made:
        posted = asyncio.run(_through_slack(made))

    notice, letter = (one["blocks"] for one in posted)
    assert f"{2 * MOST} reports at once" in str(notice)
    assert "http://archive.example/" in str(notice)
    assert "City 999 and the federal money" in str(letter)


async def _through_slack(made: Rig) -> list[dict[str, Any]]:
    async with FakeSlack() as slack:
        settings = Settings(token=TOKEN, channel="#desk", base_url=slack.base_url, timeout=5)
        desk = Channel(
            name="desk", settings=settings, allow_networks=LOOPBACK, allow_ports=(slack.port,), bot_name="Test desk"
        )
        told = replace(made, pipeline=replace(made.pipeline, channels={"desk": desk}))
        for hours in range(2):
            await look(told, hours)
        for seconds in range(3):
            await deliver_due(told.pipeline, NOON + timedelta(hours=2, seconds=seconds), limit=9)
        await desk.close()
        return slack.posted


def test_a_text_that_is_filled_in_later_is_told_once(tmp_path: Path) -> None:
    """A placeholder is no letter yet; what it becomes is told, and not again when it goes and comes back."""
    empty, whole = (item(1, word, visit=visit) for visit, word in ((1, "more to come"), (2, "letter")))
    back, again = (replace(one, capture=capture(body=b"%d" % at)) for at, one in ((3, empty), (4, whole)))

    with rig(
        tmp_path, {"ledger": ScriptedSpider([FIRST, *map(feed, (empty, whole, back, again))])}, judge=judge_each
    ) as made:
        for hours in range(5):
            asyncio.run(look(made, hours))
        versions = made.stores.catalogue.versions(empty.url)

    assert [one.version for one in versions] == [1, 2, 3, 4]
    assert [one.reason for one in made.desk.messages if one.reason is not Reason.EDITED] == [Reason.NEW_STORY]


def test_a_crowd_is_told_only_when_all_of_it_is_judged(tmp_path: Path) -> None:
    """However the stages take turns: nothing of it before, and another source's news meanwhile."""
    crowd = feed(*(item(number, "answer", visit=1) for number in range(2 * MOST)))
    other = feed(replace(item(5007), source="other", url="https://other.example/7"))
    spiders = {"ledger": ScriptedSpider([FIRST, crowd]), "other": ScriptedSpider([FIRST, other])}

    async def run(made: Rig) -> list[int]:
        for hours in range(2):
            for name in spiders:
                await poll(made.pipeline, made.stores.store.source(name), NOON + timedelta(hours=hours))
        routed = [await _turn(made) for _ in range(9)]
        await deliver_due(made.pipeline, NOON + timedelta(hours=1), limit=99)
        return routed

    with rig(tmp_path, spiders, judge=judge_each) as made:
        routed = asyncio.run(run(made))
        reasons = sorted(message.reason for message in made.desk.messages)

    assert sum(routed) == 2 * MOST + 1
    assert 2 * MOST in routed
    assert reasons == [Reason.MANY, Reason.NEW_STORY]


async def _turn(made: Rig) -> int:
    await judge_waiting(made.pipeline, NOON + timedelta(hours=1), limit=10)
    return await route_waiting(made.pipeline, NOON + timedelta(hours=1), limit=10)
