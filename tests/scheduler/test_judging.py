from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from alerts.router import Route
from facts.alert import Reason
from facts.event import LETTER, RESPONSE, Judgement
from facts.visit import Harvest
from scheduler.judging import FAILED, TOGETHER, TOGETHER_CHARACTERS, judge_waiting, route_waiting
from scheduler.passes import run_pass
from scheduler.polling import claim, poll
from tests.facts.samples import NOON
from tests.scheduler.rig import FIRST, HOUR, URL, Rig, ScriptedSpider, page, rig


@dataclass
class Counting:
    """A store that counts the judgements of each commit."""

    store: Any
    committed: list[int]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def record_judgements(self, judged: Sequence[Judgement], alerts: Sequence[Any] = ()) -> None:
        self.store.record_judgements(judged, alerts)
        self.committed.append(len(judged))


async def publish(made: Rig, hours: int) -> None:
    """Visit everything, so many hours after noon."""
    now = NOON + hours * HOUR
    await run_pass(made.pipeline, await claim(made.pipeline, now, limit=10), now)


async def test_a_letter_is_a_new_story_and_its_answer_a_follow_up(tmp_path: Path) -> None:
    """The desk hears of each once, whoever else reports them."""
    letter, again = page("letter", "A letter to Stockton."), page("again", "That letter once more.")
    answer, repeated = page("answer", "Stockton's answer."), page("repeated", "The answer was repeated.")
    spider = ScriptedSpider([FIRST, *(Harvest(documents=(one,)) for one in (letter, again, answer, repeated))])
    with rig(tmp_path, {"ledger": spider}) as made:
        for hours in range(5):
            await publish(made, hours)
        told = [(message.url, message.reason) for message in made.desk.messages]

    assert told == [(URL + "letter", Reason.NEW_STORY), (URL + "answer", Reason.FOLLOW_UP)]


async def test_each_route_hears_for_itself(tmp_path: Path) -> None:
    """Two routes to one channel are two alerts."""
    routes = [Route(name=name, labels=(LETTER, RESPONSE), places=(), channel="desk") for name in ("desk", "night")]
    spider = ScriptedSpider([FIRST, Harvest(documents=(page("letter", "A letter to Stockton."),))])
    with rig(tmp_path, {"ledger": spider}, routes=routes) as made:
        await publish(made, 0)
        await publish(made, 1)
        assert len({message.alert_id for message in made.desk.messages}) == 2


async def test_running_a_stage_twice_does_nothing_twice(tmp_path: Path) -> None:
    """Nothing waits any more."""
    spider = ScriptedSpider([FIRST, Harvest(documents=(page("letter", "A letter to Stockton."),))])
    with rig(tmp_path, {"ledger": spider}) as made:
        await publish(made, 0)
        await publish(made, 1)
        assert await judge_waiting(made.pipeline, NOON, limit=10) == 0
        assert await route_waiting(made.pipeline, NOON, limit=10) == 0


async def test_long_texts_are_not_judged_together(tmp_path: Path) -> None:
    """A stop waits for those that are judged together, and fifty reports of 200 pages would take a minute."""
    words = "It rains on Sunday. " * (TOGETHER_CHARACTERS // 40)
    texts = [*["It rains."] * (TOGETHER + 1), words, words, words * 3, "It rains."]
    many = Harvest(documents=tuple(page(f"{number}", f"{number} {text}") for number, text in enumerate(texts)))
    committed: list[int] = []
    with rig(tmp_path, {"ledger": ScriptedSpider([many])}) as made:
        rows = await claim(made.pipeline, NOON, limit=10)
        await poll(made.pipeline, rows[0], NOON)
        store = Counting(made.stores.store, committed)
        await judge_waiting(replace(made.pipeline, store=store), NOON, limit=100)

    assert committed == [TOGETHER, 2, 1, 1, 1]


async def test_a_text_that_trips_the_classifier_holds_nothing_up(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is recorded as judged by nobody, with its trace in the log; the next text is judged."""
    bad, good = page("bad", "A bug."), page("good", "A letter to Stockton.")
    spider = ScriptedSpider([FIRST, Harvest(documents=(bad, good))])
    with rig(tmp_path, {"ledger": spider}) as made:
        await publish(made, 0)
        await publish(made, 1)
        assert [message.url for message in made.desk.messages] == [URL + "good"]

    assert "ZeroDivisionError" in caplog.text
    assert FAILED == "failed"
