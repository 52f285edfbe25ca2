"""The tests of alerts.console."""

from __future__ import annotations

import io
import json

import pytest

from alerts.console import Channel, Settings
from alerts.layout import NOTHING
from alerts.message import Message
from alerts.router import source_alert
from alerts.wording import compose
from facts.alert import Reason
from facts.errors import DeliveryLater
from tests.alerts.golden import assert_golden
from tests.alerts.material import (
    NOW,
    PAYLOADS,
    PUBLIC_URL,
    bulletin,
    filled,
    letter_message,
    quiet_bulletin,
    raw,
    response_message,
)


class Screen(io.StringIO):
    """A terminal of 100 columns, as far as a program can tell."""

    def isatty(self) -> bool:
        return True


def channel(file: io.TextIOBase) -> Channel:
    """Return a console that writes here."""
    return Channel(name="console", settings=Settings(), file=file)  # type: ignore[arg-type]


def health(reason: Reason) -> Message:
    """Return the alert of a source's turn."""
    told = source_alert("valley-herald", reason, NOW, "no answer for 6 hours (connection refused)", "desk", NOW)
    return compose(told, None, public_url=PUBLIC_URL)


async def test_a_pipe_gets_plain_lines() -> None:
    """Piped alerts and digests hold no escape sequence and look as the saved ones."""
    file = io.StringIO()
    console = channel(file)

    for message in (letter_message(), response_message(), health(Reason.SOURCE_FAILING)):
        assert await console.send(message) == "stdout"
    await console.send_bulletin(bulletin())
    await console.send_bulletin(quiet_bulletin())
    await console.close()

    assert "\x1b" not in file.getvalue()
    assert_golden("console.txt", file.getvalue())


async def test_a_terminal_gets_panels(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal of 100 columns alerts are panels that look as the saved ones."""
    for name, value in {"COLUMNS": "100", "TERM": "xterm-256color", "COLORTERM": ""}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("NO_COLOR", raising=False)
    file = Screen()
    console = channel(file)

    for message in (letter_message(), response_message(), health(Reason.SOURCE_RECOVERED)):
        await console.send(message)
    await console.send_bulletin(bulletin())
    await console.send_bulletin(quiet_bulletin())

    assert NOTHING in file.getvalue()
    assert_golden("console.ansi", _without_link_ids(file.getvalue()))


async def test_outside_markup_is_inert(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rich's own markup, its emoji codes and escape sequences of the outside are shown, not obeyed."""
    monkeypatch.setenv("TERM", "dumb")
    file = Screen()

    await channel(file).send(letter_message(headline="[red]x[/red] [link=https://evil.example]y[/link] :boom: [/]"))

    assert "[red]x[/red] [link=https://evil.example]y[/link] :boom: [/]" in file.getvalue()


async def test_no_string_breaks_the_console(monkeypatch: pytest.MonkeyPatch) -> None:
    """No outside string brings an escape sequence or a bell to the terminal."""
    monkeypatch.setenv("TERM", "dumb")
    screen, pipe = Screen(), io.StringIO()

    for text in PAYLOADS:
        for message in (filled(text), raw(text)):
            await channel(screen).send(message)
            await channel(pipe).send(message)

    assert not set(screen.getvalue() + pipe.getvalue()) & set("\x1b\x07\x00\u202e\r")


async def test_an_old_terminal_gets_what_it_can_show() -> None:
    """Quotation marks that an ASCII stream cannot take become question marks."""
    raw_bytes = io.BytesIO()
    file = io.TextIOWrapper(raw_bytes, encoding="ascii")

    await channel(file).send(letter_message())

    assert b"?Before the partnership can begin" in raw_bytes.getvalue()


async def test_the_stream_is_looked_up_late(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a file the process's own stream is meant, as it is when the alert comes."""
    await Channel(name="console", settings=Settings(stream="stderr")).send(letter_message())
    await Channel(name="console", settings=Settings()).send(response_message())
    out, err = capsys.readouterr()

    assert "Mayor calls" in out
    assert "Department asks" in err


async def test_a_full_disk_means_later() -> None:
    """A stream that takes no more loses nothing: the alert waits."""

    class Full(io.StringIO):
        def write(self, _: str) -> int:
            raise OSError(28, "No space left on device")

    with pytest.raises(DeliveryLater, match="No space left"):
        await channel(Full()).send(letter_message())


def _without_link_ids(text: str) -> str:
    """Return the text with the random ids of terminal links taken out."""
    import re

    return re.sub(r"\x1b]8;id=\d+;", "\x1b]8;id=0;", text)


async def test_json_is_one_document_a_line_and_nothing_else() -> None:
    """A script reads label, places, deadline, url, channel and reason; a digest is a line too."""
    file = io.StringIO()
    desk = Channel(name="desk", settings=Settings(format="json"), file=file)

    await desk.send(letter_message())
    await desk.send_bulletin(bulletin())
    told, digest = map(json.loads, file.getvalue().splitlines())

    assert {key: told[key] for key in ("label", "channel", "reason")} == {
        "label": "funding_condition_letter",
        "channel": "desk",
        "reason": "new-story",
    }
    assert {"places", "deadline", "url", "evidence", "archived_url"} <= told.keys()
    assert digest["channel"] == "desk"
