"""The tests of alerts.webhook."""

from __future__ import annotations

import hashlib
import hmac
import json
import traceback

import pytest
from pydantic import SecretStr, ValidationError

from alerts.payload import payload
from alerts.webhook import IDEMPOTENCY_HEADER, SIGNATURE_HEADER, Channel, Settings
from facts.errors import DeliveryLater, DeliveryRefused
from tests.alerts.golden import assert_golden
from tests.alerts.material import LOOPBACK, PAYLOADS, bulletin, filled, letter_message
from tests.rig.hook import FakeHook, Verdict


def channel(hook: FakeHook, **more: object) -> Channel:
    """Return a channel that may reach the fake."""
    settings = Settings.model_validate({"url": hook.url, "secret": "s3cret-canary", "timeout": 5, **more})
    return Channel(
        name="hook", settings=settings, allow_networks=LOOPBACK, allow_ports=(hook.port,), bot_name="Métro desk"
    )


async def test_an_alert_is_posted_and_signed() -> None:
    """The receiver gets JSON, a signature of the very bytes, and an id that stays."""
    async with FakeHook() as hook:
        hooked = channel(hook)
        receipts = [await hooked.send(letter_message()) for _ in range(2)]
        await hooked.close()
    first, second = hook.received

    assert receipts == ["HTTP 200"] * 2
    assert payload(letter_message()) == json.loads(first.body)
    assert (
        "sha256=" + hmac.new(b"s3cret-canary", first.body, hashlib.sha256).hexdigest()
        == (first.headers[SIGNATURE_HEADER])
    )
    assert letter_message().alert_id == first.headers[IDEMPOTENCY_HEADER] == second.headers[IDEMPOTENCY_HEADER]
    assert first.headers["User-Agent"] == "Pursestrings (M?tro desk)"
    assert_golden("webhook.json", json.dumps(json.loads(first.body), indent=2, ensure_ascii=False) + "\n")


async def test_a_digest_is_posted_unsigned_without_a_secret() -> None:
    """A digest has its own id; without a secret there is no signature."""
    async with FakeHook() as hook:
        hooked = channel(hook, secret=None)
        await hooked.send_bulletin(bulletin())
        await hooked.close()
    received = hook.received[0]

    assert bulletin().message_id == received.headers[IDEMPOTENCY_HEADER] == json.loads(received.body)["digest_id"]
    assert SIGNATURE_HEADER not in received.headers


@pytest.mark.parametrize(
    ("verdict", "kind", "words"),
    [
        (Verdict(status=429, headers={"Retry-After": "7"}), DeliveryLater, "answered 429"),
        (Verdict(status=503), DeliveryLater, "answered 503"),
        (Verdict(drop=True), DeliveryLater, "the answer was lost"),
        (Verdict(status=404), DeliveryRefused, "answered 404"),
        (Verdict(status=302, headers={"Location": "http://127.0.0.1:1/"}), DeliveryRefused, "redirect"),
    ],
)
async def test_what_an_answer_means(verdict: Verdict, kind: type[Exception], words: str) -> None:
    """Later or never, in words, from one request: no redirect is followed, nothing is repeated here."""
    async with FakeHook() as hook:
        hook.script(verdict)
        hooked = channel(hook)
        with pytest.raises(kind, match=words):
            await hooked.send(letter_message())
        await hooked.close()

    assert len(hook.received) == 1


async def test_a_named_time_is_passed_on() -> None:
    """Retry-After reaches the outbox."""
    async with FakeHook() as hook:
        hook.script(Verdict(status=429, headers={"Retry-After": "7"}))
        hooked = channel(hook)
        with pytest.raises(DeliveryLater) as later:
            await hooked.send(letter_message())
        await hooked.close()

    assert later.value.retry_after == 7.0


async def test_a_hanging_server_is_left() -> None:
    """A server that never answers costs the configured time, and the message may have arrived."""
    async with FakeHook() as hook:
        hook.script(Verdict(hang=True))
        hooked = channel(hook, timeout=0.2)
        with pytest.raises(DeliveryLater, match="the answer was lost"):
            await hooked.send(letter_message())
        await hooked.close()


async def test_no_connection_means_later(unused_tcp_port: int) -> None:
    """A refused connection is tried again, and is no possible repeat."""
    settings = Settings(url=f"http://127.0.0.1:{unused_tcp_port}/")
    hooked = Channel(name="hook", settings=settings, allow_networks=LOOPBACK, allow_ports=(unused_tcp_port,))
    with pytest.raises(DeliveryLater, match="no connection"):
        await hooked.send(letter_message())
    await hooked.close()


async def test_the_address_rule_holds() -> None:
    """A private address is refused with what to do; nothing arrives."""
    async with FakeHook() as hook:
        hooked = Channel(name="hook", settings=Settings(url=hook.url), allow_ports=(hook.port,))
        hooked_on_443 = Channel(name="hook", settings=Settings(url=hook.url), allow_networks=LOOPBACK)
        with pytest.raises(DeliveryRefused, match=r"loopback.*fetch\.allow_networks"):
            await hooked.send(letter_message())
        await hooked.close()
        with pytest.raises(DeliveryRefused, match=r"fetch\.allow_ports"):
            await hooked_on_443.send(letter_message())
        await hooked_on_443.close()

    assert hook.received == []


async def test_no_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy in the environment would hide the target from the address rule, and is not used."""
    async with FakeHook() as hook, FakeHook() as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        hooked = channel(hook)
        await hooked.send(letter_message())
        await hooked.close()

    assert (len(hook.received), len(proxy.received)) == (1, 0)


async def test_every_string_arrives_as_json() -> None:
    """No outside string breaks the body."""
    async with FakeHook() as hook:
        hooked = channel(hook)
        for text in PAYLOADS:
            await hooked.send(filled(text))
        await hooked.close()

    assert [payload(filled(text)) for text in PAYLOADS] == [json.loads(each.body) for each in hook.received]


async def test_S23_no_secret_is_shown() -> None:
    """Neither the address with its token nor the secret appears in a repr, an error or its trace."""
    shown = []
    async with FakeHook() as hook:
        for verdict in (Verdict(drop=True), Verdict(status=404), Verdict(status=500), Verdict(status=302)):
            hook.script(verdict)
            hooked = channel(hook)
            with pytest.raises((DeliveryLater, DeliveryRefused)) as failed:
                await hooked.send(letter_message())
            await hooked.close()
            shown.append("".join(traceback.format_exception(failed.value)))
        shown += [repr(hooked), repr(hooked._settings), str(hooked._settings)]
    with pytest.raises(ValidationError) as wrong:
        Settings.model_validate({"url": ["hook-canary"], "secret": "s3cret-canary", "kin": "s3cret-canary"})

    assert not [each for each in [*shown, str(wrong.value)] if "canary" in each]


def test_the_address_may_come_from_the_environment() -> None:
    """A secret address is taken as well as a plain one."""
    assert Settings(url="http://a.example/") == Settings.model_validate({"url": SecretStr("http://a.example/")})
