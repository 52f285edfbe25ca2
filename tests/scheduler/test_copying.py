"""What the desk hears of a copy."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from facts.alert import Reason
from facts.visit import Harvest
from scheduler.passes import run_pass
from scheduler.polling import claim
from tests.classifier.test_copies import WIRE
from tests.facts.samples import NOON
from tests.scheduler.rig import FIRST, HOUR, Rig, ScriptedSpider, page, rig

# The rig takes a text that says "answer" for one.
STORY = f"{WIRE.replace('answers', 'replies')} The letter was sent to Stockton."
REPLY = "The city's answer was that it runs no jail, and that it would be glad to be asked about something else."


async def publish(made: Rig, hours: int) -> None:
    """Visit everything, so many hours after noon."""
    now = NOON + hours * HOUR
    await run_pass(made.pipeline, await claim(made.pipeline, now, limit=10), now)


async def test_the_reply_in_a_local_copy_is_told_as_its_own_words(tmp_path: Path) -> None:
    """The copy's letter is told nobody; the answer that it adds is, and the alert says what is new."""
    wire = page("wire", STORY)
    again, local = (
        replace(page(name, text), url=f"https://{name}.example/story")
        for name, text in (("again", f"OAKVILLE \u2014 {STORY}"), ("local", f"STOCKTON \u2014 {STORY}\n{REPLY}"))
    )
    spider = ScriptedSpider([FIRST, *(Harvest(documents=(one,)) for one in (wire, again, local))])
    with rig(tmp_path, {"ledger": spider}) as made:
        for hours in range(4):
            await publish(made, hours)
        told = [(message.url, message.reason, message.note) for message in made.desk.messages]

    assert told == [
        (wire.url, Reason.NEW_STORY, ""),
        (local.url, Reason.FOLLOW_UP, f"its text is that of ledger. New: \u201c{REPLY}\u201d"),
    ]
