"""What the canary says, and to whom."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from alerts.blocks import alert_post
from alerts.canary import canary_alert, compose_canary, late_alerts, recovered_alerts
from alerts.layout import text_lines
from alerts.payload import payload
from alerts.wording import compose
from facts.alert import Reason
from facts.canary import CANARY, Heard, PathReport, PathState
from facts.event import LETTER, RESPONSE, Event
from tests.alerts.material import letter
from tests.rig.slack import problems

PUBLISHED = datetime(2026, 11, 24, 21, 0, tzinfo=UTC)
DENVER = ZoneInfo("America/Denver")
LINE = "Canary: the whole path works; published 14:00, heard 14:00:07"


def event(**changes: object) -> Event:
    """Return the event of a version of the canary."""
    return letter(source=CANARY, published_at=PUBLISHED, **changes)


def test_one_alert_a_version_goes_to_the_ops_channel_alone() -> None:
    """Whatever labels the text earned; no story, no route of the configuration."""
    one, other = event(label=LETTER), event(label=RESPONSE)
    alerts = [canary_alert(each, "ops", PUBLISHED) for each in (one, other)]

    assert len({alert.id for alert in alerts}) == 1
    assert alerts[0].id != canary_alert(event(snapshot_id="later"), "ops", PUBLISHED).id
    assert (alerts[0].channel, alerts[0].reason, alerts[0].story_id) == ("ops", Reason.CANARY, None)


def test_it_is_one_short_line_on_every_kind_of_channel() -> None:
    """By the newsroom's clocks."""
    alert = canary_alert(event(), "ops", PUBLISHED)
    message = compose_canary(alert, event(), heard_at=PUBLISHED + timedelta(seconds=7), zone=DENVER)
    post = alert_post(message)

    assert text_lines(message) == [LINE]
    assert post.text == LINE
    assert json.loads(json.dumps(post.blocks)) == [
        {"type": "section", "text": {"type": "mrkdwn", "text": LINE, "verbatim": True}}
    ]
    assert problems({"text": post.text, "blocks": list(post.blocks)}) == []
    assert (payload(message)["reason"], payload(message)["url"]) == ("canary", "")


def test_a_day_that_is_not_the_same_is_named() -> None:
    """A channel that was down over night is told of the evening's."""
    message = compose_canary(
        canary_alert(event(), "ops", PUBLISHED), event(), heard_at=PUBLISHED + timedelta(hours=12), zone=DENVER
    )

    assert message.headline == "the whole path works; published Nov. 24, 2026, 14:00, heard 02:00:00"


def test_a_possible_repeat_is_said() -> None:
    """As of every message."""
    alert = canary_alert(event(), "ops", PUBLISHED)
    message = compose_canary(alert, event(), heard_at=PUBLISHED, possible_repeat=True)

    assert text_lines(message)[0].endswith(" (possible repeat)")


def report(heard: Heard | None) -> PathReport:
    """Return a path that is late."""
    return PathReport(state=PathState.LATE, published_at=PUBLISHED, heard=heard, late_since=PUBLISHED)


HEARD = Heard(published_at=PUBLISHED - timedelta(hours=1), at=PUBLISHED - timedelta(minutes=59))


def test_each_other_channel_is_told_once_that_the_path_is_late() -> None:
    """However often it is said: the id is that of the last one that was heard."""
    first = late_alerts(report(HEARD), ["desk", "mail"], PUBLISHED)
    again = late_alerts(replace(report(HEARD), late_since=PUBLISHED + timedelta(hours=2)), ["desk"], PUBLISHED)

    assert [alert.channel for alert in first] == ["desk", "mail"]
    assert len({alert.id for alert in first}) == 2
    assert first[0].id == again[0].id
    assert first[0].id != late_alerts(report(None), ["desk"], PUBLISHED)[0].id
    message = compose(first[0], None, public_url="http://archive.example")
    assert message.kind == "Canary late"
    assert message.headline == (
        "canary: the test message of 2026-11-24 21:00 UTC did not come through; the last one came through "
        "2026-11-24 20:01 UTC. Until that is mended, news may reach nobody: see the log of the service, and "
        "`pursestrings doctor`"
    )


def test_those_who_were_told_hear_of_the_recovery_once() -> None:
    """And nobody else."""
    late = late_alerts(report(HEARD), ["desk", "mail"], PUBLISHED)
    recovered = recovered_alerts(late, PUBLISHED)

    assert [(alert.channel, alert.reason) for alert in recovered] == [
        ("desk", Reason.CANARY_RECOVERED),
        ("mail", Reason.CANARY_RECOVERED),
    ]
    assert [alert.channel for alert in recovered_alerts([recovered[0], *late], PUBLISHED)] == ["mail"]
    assert recovered_alerts([*recovered, *late], PUBLISHED) == []
    assert recovered_alerts([], PUBLISHED) == []
