"""The tests of alerts.slack."""

from __future__ import annotations

import asyncio
import json
import sys
import traceback
from pathlib import Path

import aiohttp
import pytest

from alerts.slack import Channel, Settings
from facts.errors import DeliveryError, DeliveryLater, DeliveryRefused
from tests.alerts.golden import assert_golden
from tests.alerts.material import LOOPBACK, PAYLOADS, bulletin, filled, letter_message, quiet_bulletin, response_message
from tests.rig.hook import FakeHook, Verdict
from tests.rig.slack import TOKEN, FakeSlack


def channel(slack: FakeSlack, **more: object) -> Channel:
    """Return a channel that may reach the fake."""
    values = {"token": TOKEN, "channel": "#federal-money", "base_url": slack.base_url, "timeout": 5, **more}
    return Channel(
        name="desk",
        settings=Settings.model_validate(values),
        allow_networks=LOOPBACK,
        allow_ports=(slack.port,),
        bot_name="Metro desk",
    )


async def refused(verdict: Verdict, **more: object) -> DeliveryError:
    """Return what one alert came to under this verdict; exactly one request was made."""
    async with FakeSlack() as slack:
        slack.script(verdict)
        desk = channel(slack, **more)
        with pytest.raises(DeliveryError) as failed:
            await desk.send(letter_message())
        await desk.close()

    assert len(slack.received) == 1
    return failed.value


async def test_alerts_and_digests_look_as_saved() -> None:
    """Slack takes the messages, and they are the ones a person has looked at."""
    async with FakeSlack() as slack:
        desk = channel(slack)
        receipts = [await desk.send(letter_message()), await desk.send(response_message())]
        receipts += [await desk.send_bulletin(bulletin()), await desk.send_bulletin(quiet_bulletin())]
        await desk.close()

    assert receipts == [f"C0RIG:150000000{number}.000100" for number in range(4)]
    assert_golden("slack.json", json.dumps(slack.ledger, indent=2, ensure_ascii=False) + "\n")


async def test_nothing_is_unfurled_or_linked() -> None:
    """Slack is told to make no previews, links or mentions of its own, and gets the id for later."""
    async with FakeSlack() as slack:
        desk = channel(slack)
        await desk.send(letter_message())
        await desk.close()
    post = slack.posted[0]

    assert [post[each] for each in ("unfurl_links", "unfurl_media", "link_names")] == [False] * 3
    assert post["parse"] == "none"
    assert post["metadata"] == {
        "event_type": "pursestrings_alert",
        "event_payload": {"id": letter_message().alert_id},
    }


@pytest.mark.parametrize(
    "code",
    [
        *("channel_not_found", "not_in_channel", "is_archived", "invalid_auth", "not_authed", "account_inactive"),
        *("token_revoked", "token_expired", "missing_scope", "restricted_action", "msg_too_long", "invalid_blocks"),
        *("no_text", "never_heard_of"),
    ],
)
async def test_R7_permanent_codes_are_refused(code: str) -> None:
    """An `ok: false` that stays is not repeated, and names its code."""
    assert code in str(await refused(Verdict(code=code)))
    assert isinstance(await refused(Verdict(code=code)), DeliveryRefused)


@pytest.mark.parametrize(
    ("verdict", "seconds"),
    [
        (Verdict(status=429, headers={"Retry-After": "30"}), 30.0),
        (Verdict(status=429, headers={"Retry-After": "1000000000"}), 3600.0),
        (Verdict(status=429, headers={"Retry-After": "soon"}), None),
        (Verdict(status=429, headers={"Retry-After": "0"}), None),
        (Verdict(status=429), None),
        (Verdict(status=503, headers={"Retry-After": "9"}), 9.0),
        (Verdict(status=500), None),
        (Verdict(status=502, body=b"<html>bad gateway", content_type="text/html"), None),
        (Verdict(status=503, body=b"no healthy upstream", content_type="text/plain"), None),
        *((Verdict(code=code), None) for code in ("ratelimited", "internal_error", "service_unavailable")),
    ],
)
async def test_R6_passing_troubles_mean_later(verdict: Verdict, seconds: float | None) -> None:
    """A busy or broken Slack is asked again, at the time it names."""
    later = await refused(verdict)

    assert isinstance(later, DeliveryLater)
    assert seconds == later.retry_after
    assert not later.only_this


@pytest.mark.parametrize(
    "verdict",
    [
        Verdict(drop=True),
        Verdict(body=b"<html>Please sign in to the wireless network", content_type="text/html"),
        Verdict(body=b"ok", content_type="text/plain"),
        Verdict(body=b"{"),
        Verdict(body=b"[1]"),
        Verdict(body=b"{}"),
        Verdict(body=b"\xff\xfe{"),
        Verdict(code="fatal_error"),
    ],
)
async def test_R8_a_lost_answer_says_so(verdict: Verdict) -> None:
    """Where the message may have been posted, it is sent again and the words say that the answer was lost."""
    later = await refused(verdict)

    assert isinstance(later, DeliveryLater)
    assert later.in_doubt
    assert "the answer was lost" in str(later)


async def test_R8_a_hanging_slack_is_left() -> None:
    """A post that is never answered costs the configured time, and may have arrived."""
    later = await refused(Verdict(hang=True), timeout=0.2)

    assert isinstance(later, DeliveryLater)
    assert later.in_doubt


async def test_a_dropped_post_stands_in_the_channel() -> None:
    """The ledger knows what the bot does not: the post arrived."""
    async with FakeSlack() as slack:
        slack.script(Verdict(drop=True))
        desk = channel(slack)
        with pytest.raises(DeliveryLater):
            await desk.send(letter_message())
        await desk.send(letter_message(possible_repeat=True))
        await desk.close()

    assert len(slack.posted) == 2
    assert "Possible repeat" in json.dumps(slack.posted[1]["blocks"])


async def test_redirects_are_not_followed() -> None:
    """A base_url that has moved is the operator's to correct; the token goes nowhere else."""
    async with FakeHook() as elsewhere:
        moved = Verdict(status=307, headers={"Location": elsewhere.url})

        assert "redirect" in str(await refused(moved))
    assert elsewhere.received == []


async def test_a_wrong_token_is_refused_in_words() -> None:
    """Slack's own check of the token, and what to do."""
    async with FakeSlack() as slack:
        desk = channel(slack, token="xoxb-canary")
        with pytest.raises(DeliveryRefused, match="invalid_auth: Slack does not know the token"):
            await desk.send(letter_message())
        await desk.close()


async def test_a_channel_can_be_closed_and_used_again() -> None:
    """Closing twice is fine; the next post opens a new session."""
    async with FakeSlack() as slack:
        desk = channel(slack)
        await desk.close()
        await desk.send(letter_message())
        await desk.close()
        await desk.close()
        await desk.send(letter_message())
        await desk.close()

    assert len(slack.posted) == 2


async def test_no_connection_means_later(unused_tcp_port: int) -> None:
    """A Slack that is not there is tried again, and nothing was sent."""
    settings = Settings.model_validate(
        {"token": TOKEN, "channel": "#x", "base_url": f"http://127.0.0.1:{unused_tcp_port}/"}
    )
    desk = Channel(name="desk", settings=settings, allow_networks=LOOPBACK, allow_ports=(unused_tcp_port,))
    with pytest.raises(DeliveryLater, match="no connection"):
        await desk.send(letter_message())
    await desk.close()


async def test_the_address_rule_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """A base_url on a private network is refused with what to do, also with a proxy in the environment."""
    async with FakeSlack() as slack, FakeHook() as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        settings = Settings.model_validate({"token": TOKEN, "channel": "#x", "base_url": slack.base_url})
        desk = Channel(name="desk", settings=settings, allow_ports=(slack.port,))
        with pytest.raises(DeliveryRefused, match=r"loopback.*fetch\.allow_networks"):
            await desk.send(letter_message())
        await desk.close()

    assert slack.received == proxy.received == []


async def test_S14_slack_takes_every_payload() -> None:
    """No payload in all fields makes a message that Slack refuses."""
    async with FakeSlack() as slack:
        desk = channel(slack)
        for text in PAYLOADS:
            await desk.send(filled(text))
        await desk.close()

    assert len(PAYLOADS) == len(slack.posted)


async def test_S23_the_token_is_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    """The token is in no repr, log, error or trace."""
    caplog.set_level("DEBUG")
    shown = []
    async with FakeSlack(token="xoxb-canary") as slack:
        for verdict in (Verdict(drop=True), Verdict(code="is_archived"), Verdict(status=500), Verdict(body=b"[]")):
            slack.script(verdict)
            desk = channel(slack, token="xoxb-canary")
            with pytest.raises(DeliveryError) as failed:
                await desk.send(letter_message())
            shown += ["".join(traceback.format_exception(failed.value)), repr(desk), repr(desk._settings)]
            await desk.close()

    assert not [each for each in [*shown, caplog.text] if "canary" in each]


async def test_the_fake_runs_by_itself(tmp_path: Path) -> None:
    """Another process can run the fake, script it, and read its ledger line by line."""
    ledger = tmp_path / "ledger.jsonl"
    command = ("-m", "tests.rig.slack", "--port", "0", "--ledger", str(ledger))
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, cwd=Path(__file__).parents[2], stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    fake = FakeSlack()
    fake.port = int(await process.stdout.readline())
    try:
        async with aiohttp.ClientSession() as session:
            script = session.post(f"http://127.0.0.1:{fake.port}/_script", json=[{"code": "is_archived"}])
            assert (await script).status == 200
        desk = channel(fake)
        with pytest.raises(DeliveryRefused, match="is_archived"):
            await desk.send(letter_message())
        await desk.send(letter_message())
        await desk.close()
    finally:
        process.kill()
        await process.wait()
    lines = [json.loads(each) for each in ledger.read_text(encoding="utf-8").splitlines()]

    assert [(each["accepted"], each["error"]) for each in lines] == [(False, "is_archived"), (True, "")]
