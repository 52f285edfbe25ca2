"""The tests of alerts.email."""

from __future__ import annotations

import ssl
import traceback
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import aiosmtplib
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from alerts.email import Channel, Settings
from alerts.mail import alert_draft, bulletin_draft, mail
from alerts.smtp_answers import trouble
from facts.errors import DeliveryError, DeliveryLater, DeliveryRefused
from tests.alerts.golden import assert_golden
from tests.alerts.material import (
    LOOPBACK,
    NOW,
    PAYLOADS,
    bulletin,
    bulletin_of,
    corpus,
    filled,
    letter_message,
    quiet_bulletin,
    raw,
    response_message,
)
from tests.rig.mail import FakeMail

HEADERS = {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"}
TO = ("editors@example.org", "night@example.org")


def channel(server: FakeMail, **more: object) -> Channel:
    """Return a channel that may reach the fake."""
    values = {"host": "127.0.0.1", "port": server.port, "from": "bot@example.org", "to": TO, "timeout": 5, **more}
    return Channel(
        name="mail",
        settings=Settings.model_validate(values),
        allow_networks=LOOPBACK,
        allow_ports=(server.port,),
        bot_name="Metro desk",
    )


def parts(letter: EmailMessage) -> tuple[str, str]:
    """Return the text and the HTML of a mail."""
    text, html = letter.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    return text.get_content().replace("\r\n", "\n"), html.get_content().replace("\r\n", "\n")


async def failed(server: FakeMail, **more: object) -> DeliveryError:
    """Return what one alert came to."""
    with pytest.raises(DeliveryError) as error:
        await channel(server, **more).send(letter_message())
    return error.value


async def test_alerts_and_digests_look_as_saved() -> None:
    """A mail has a text and an HTML part, and they are the ones a person has looked at."""
    async with FakeMail() as server:
        mailing = channel(server)
        receipt = await mailing.send(letter_message())
        await mailing.send(response_message())
        await mailing.send_bulletin(bulletin())
        await mailing.send_bulletin(quiet_bulletin())
        await mailing.close()
    letters = [each.mail for each in server.taken]

    assert receipt == f"<alert-{letter_message().alert_id}@example.org>" == letters[0]["Message-ID"]
    assert [each.recipients for each in server.taken] == [TO] * 4
    for name, letter in zip(("alert", "follow-up", "digest", "quiet"), letters, strict=True):
        assert set(letter.keys()) == HEADERS
        assert_golden(f"email-{name}.txt", f"Subject: {letter['Subject']}\n\n{parts(letter)[0]}")
        assert_golden(f"email-{name}.html", parts(letter)[1])


async def test_headers_of_a_digest() -> None:
    """The bot names itself, every recipient is named, and no machine answers."""
    async with FakeMail() as server:
        await channel(server).send_bulletin(bulletin(to=("only@example.org",)))
    letter = server.taken[0].mail

    assert letter["From"] == "Metro desk <bot@example.org>"
    assert letter["To"] == "only@example.org"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Date"].datetime.tzinfo is not None
    assert letter["Subject"].startswith("Pursestrings: 1 letter, 2 responses")


async def test_R9_a_digest_keeps_its_message_id() -> None:
    """A greylisted digest is tried again under the same Message-ID."""
    async with FakeMail() as server:
        server.after_data.append("451 greylisted, come back")
        mailing = channel(server)
        with pytest.raises(DeliveryLater, match="451 greylisted"):
            await mailing.send_bulletin(bulletin())
        receipt = await mailing.send_bulletin(bulletin())

    assert [receipt] == [each.mail["Message-ID"] for each in server.taken]


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        ("451 try later", DeliveryLater, "answered 451 try later"),
        ("452 full", DeliveryLater, "answered 452"),
        ("421 closing", DeliveryLater, "answered 421"),
        ("550 spam", DeliveryRefused, "answered 550 spam"),
        ("552 too big", DeliveryRefused, "answered 552"),
        ("drop", DeliveryLater, "the answer was lost"),
    ],
)
async def test_R9_what_an_answer_to_the_mail_means(answer: str, kind: type[DeliveryError], words: str) -> None:
    """A 4xx is tried again, a 5xx is not, and a connection that ends after the mail was sent is in doubt."""
    async with FakeMail() as server:
        server.after_data.append(answer)
        error = await failed(server)

    assert type(error) is kind
    assert words in str(error)
    assert (answer == "drop") == (isinstance(error, DeliveryLater) and error.in_doubt)


async def test_R9_one_refused_recipient_does_not_stop_the_others() -> None:
    """The others get it, and the receipt says who did not."""
    async with FakeMail() as server:
        server.refuse[TO[0]] = "550 no such user"
        receipt = await channel(server).send(letter_message())

    assert [each.recipients for each in server.taken] == [(TO[1],)]
    assert receipt.endswith("; not to editors@example.org (550 no such user)")


async def test_R9_all_recipients_refused() -> None:
    """With nobody told, the mail is refused and says whom to correct."""
    async with FakeMail() as server:
        server.refuse |= dict.fromkeys(TO, "550 no such user")
        error = await failed(server)

    assert isinstance(error, DeliveryRefused)
    assert "editors@example.org (550 no such user), night@example.org" in str(error)


async def test_R9_a_greylisted_recipient_alone_is_tried_again() -> None:
    """Who has the mail does not get it twice; the other gets it at the next try."""
    async with FakeMail() as server:
        server.refuse[TO[0]] = "450 greylisted"
        mailing = channel(server)
        with pytest.raises(DeliveryLater, match=r"wait for editors@example\.org") as later:
            await mailing.send(letter_message())
        assert later.value.only_this
        server.refuse.clear()
        await mailing.send(letter_message())

    assert [each.recipients for each in server.taken] == [(TO[1],), (TO[0],)]
    assert mailing._told == {}


async def test_all_greylisted_means_later() -> None:
    """A server that asks everybody to wait is asked again."""
    async with FakeMail() as server:
        server.refuse |= {TO[0]: "450 greylisted", TO[1]: "550 no such user"}
        later = await failed(server)

    assert isinstance(later, DeliveryLater)
    assert not later.only_this


async def test_a_closed_door() -> None:
    """A server that says 421 or 554 at once, or is not there."""
    async with FakeMail(greeting="421 too busy") as server:
        assert isinstance(await failed(server), DeliveryLater)
    async with FakeMail(greeting="554 no service") as server:
        assert isinstance(await failed(server), DeliveryRefused)

    assert "no connection" in str(await failed(server))


async def test_a_login() -> None:
    """A right password is let in; a wrong one is refused with what to correct, and is not shown."""
    given_login = {"username": "bot", "starttls": "never"}
    async with FakeMail(login=("bot", "pass-canary")) as server:
        receipt = await channel(server, password="pass-canary", **given_login).send(letter_message())
        error = await failed(server, password="wrong-canary", **given_login)

    assert receipt.startswith("<alert-")
    assert isinstance(error, DeliveryRefused)
    assert "535 to the login; correct `username` and `password`" in str(error)
    assert "canary" not in "".join(traceback.format_exception(error))


async def test_no_password_without_tls() -> None:
    """Unless told never to, the channel upgrades before a password; a server that cannot is refused."""
    async with FakeMail(login=("bot", "pass-canary")) as server:
        error = await failed(server, username="bot", password="pass-canary")

    assert isinstance(error, DeliveryRefused)
    assert "starttls" in str(error)
    assert server.taken == []


async def test_the_address_rule_holds() -> None:
    """A mail server on a private network is refused with what to do."""
    async with FakeMail() as server:
        values = {"host": "127.0.0.1", "port": server.port, "from": "bot@example.org", "to": TO}
        mailing = Channel(name="mail", settings=Settings.model_validate(values), allow_ports=(server.port,))
        with pytest.raises(DeliveryRefused, match=r"loopback.*fetch\.allow_networks"):
            await mailing.send(letter_message())

    assert server.sessions == 0


def test_tls_troubles_pass() -> None:
    """A certificate that is not trusted may be renewed: the mail waits."""
    assert isinstance(trouble("mail", ssl.SSLCertVerificationError(1, "expired"), sent=False), DeliveryLater)
    assert isinstance(trouble("mail", aiosmtplib.SMTPResponseException(-1, "?"), sent=False), DeliveryLater)


@pytest.mark.parametrize("to", [(), ("a b@example.org",), ("a@example.org\r\nBcc: x@example.org",), ("Ed <a@b.c>",)])
async def test_a_wrong_recipient_of_a_digest(to: tuple[str, ...]) -> None:
    """A recipient that is no bare address is refused before anything is dialled."""
    async with FakeMail() as server:
        with pytest.raises(DeliveryRefused, match="no recipient, or one that is no bare address"):
            await channel(server, to=()).send_bulletin(bulletin(to=to))


@pytest.mark.parametrize("sender", ["", "bot", "Bot <a@b.c>", "a@b.c\r\nBcc: d@e.f", "a..b@c.d", "ü@example.org"])
def test_a_wrong_sender(sender: str) -> None:
    """A sender that is no bare address is a mistake of the configuration."""
    with pytest.raises(ValidationError, match="bare address"):
        Settings.model_validate({"host": "h", "from": sender})


@pytest.mark.parametrize("host", ["", "a b", "mail.example.org\r\nx", "a..b", "x" * 64, "mail/x"])
def test_a_wrong_host(host: str) -> None:
    """A host that is no name or address is a mistake of the configuration."""
    with pytest.raises(ValidationError, match="host"):
        Settings.model_validate({"host": host, "from": "a@b.c"})


def test_half_a_login() -> None:
    """A username without its password is a mistake of the configuration."""
    with pytest.raises(ValidationError, match="belong together"):
        Settings.model_validate({"host": "mail.example.org", "from": "a@b.c", "username": "bot"})


async def test_a_silent_server_is_left() -> None:
    """A server that never greets costs the configured time, and nothing was sent."""
    async with FakeMail(silent=True) as server:
        assert "no connection" in str(await failed(server, timeout=0.2))


def test_S23_settings_show_no_password() -> None:
    """The password is in no repr and in no error of the configuration."""
    values = {"host": "h", "from": "a@b.c", "username": "bot", "password": "pass-canary"}
    with pytest.raises(ValidationError) as wrong:
        Settings.model_validate(values | {"password": ["pass-canary"], "pasword": "pass-canary"})

    assert "canary" not in repr(Settings.model_validate(values)) + str(wrong.value)


async def test_S15_no_line_adds_a_header_or_a_recipient() -> None:
    """Each line of the outside list in every field: the server sees our headers and recipients only."""
    lines = corpus("crlf-lines.txt", 17).read_text(encoding="utf-8").splitlines()
    decoded = [each.replace("%0d", "\r").replace("%0a", "\n") for each in lines]
    async with FakeMail() as server:
        mailing = channel(server)
        for text in [*lines, *decoded, *PAYLOADS]:
            await mailing.send(filled(text))
            await mailing.send(raw(text))
            await mailing.send_bulletin(bulletin_of(text))

    assert len(lines) >= 17
    assert len(server.taken) == 3 * (2 * len(lines) + len(PAYLOADS))
    assert {each.recipients for each in server.taken} <= {TO}
    assert all(set(each.mail.keys()) == HEADERS for each in server.taken)


HOSTILE = st.text(st.characters(), max_size=120) | st.lists(
    st.sampled_from(["\r\n", "\n", "\r", "Bcc: a@evil.example", "=?utf-8?q?=0a?=", "é", "<script>", "\x00", " ", "."])
).map("".join)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(HOSTILE)
def test_S15_any_string(text: str) -> None:
    """Whatever the outside says, the mail as sent has our headers, a text part, and HTML with nothing in it."""
    for draft in (alert_draft(raw(text)), bulletin_draft(bulletin_of(text)), alert_draft(filled(text))):
        letter = mail(draft, sender="bot@example.org", bot_name=text, to=TO, now=NOW)
        sent = letter.as_bytes(policy=policy.SMTP)
        seen = message_from_bytes(sent, policy=policy.default)

        assert set(seen.keys()) == HEADERS
        assert len(seen["To"].addresses) == 2
        assert "<script" not in parts(seen)[1]


def test_S16_html_is_escaped() -> None:
    """Each line of the outside list of scripts in every field: only our own tags and links are in the page."""
    own = _tags(alert_draft(letter_message()).html) | _tags(bulletin_draft(bulletin()).html)
    lines = corpus("xss-lines.txt", 454).read_text(encoding="utf-8").splitlines()

    for text in [*lines, *PAYLOADS]:
        for html in (alert_draft(raw(text)).html, bulletin_draft(bulletin_of(text)).html):
            assert _tags(html) <= own | {"p class=notice"}
    assert len(lines) >= 454


def test_links_of_a_mail_are_http_only() -> None:
    """An address that cannot be checked is no link in the mail."""
    html = alert_draft(letter_message(url="javascript:alert(1)")).html

    assert "javascript" not in html
    assert "Archived copy" in html


def test_a_mail_loads_nothing() -> None:
    """No image, style sheet, font or script of elsewhere."""
    html = bulletin_draft(bulletin()).html

    assert not [each for each in ("src=", "@import", "url(", "<link", "<img", "<script") if each in html]


def test_a_long_subject_is_cut() -> None:
    """The subject ends at 150 characters, at a word."""
    draft = replace(alert_draft(letter_message()), subject="word " * 100)
    letter = mail(draft, sender="bot@example.org", bot_name="Metro desk", to=TO, now=NOW)

    assert len(letter["Subject"]) <= 150


def _tags(html: str) -> set[str]:
    """Return each kind of start tag in the page, with its attributes' names and classes."""
    from html.parser import HTMLParser

    found: set[str] = set()

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            shown = [f"{name}={value}" if name == "class" else name for name, value in attrs]
            if tag == "a":
                assert all((value or "").startswith(("http://", "https://")) for _, value in attrs)
            found.add(" ".join([tag, *shown]))

    Reader().feed(html)
    return found
