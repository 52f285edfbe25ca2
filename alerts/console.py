"""Console: alerts on a terminal as panels, in a pipe as plain lines, or as JSON lines for a script."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Collection
from typing import Any, Literal, TextIO

from pydantic import BaseModel, ConfigDict
from rich.console import Console, RenderableType

from alerts.layout import bulletin_lines, text_lines
from alerts.message import Bulletin, Message
from alerts.panels import digest, panel
from alerts.payload import bulletin_payload, payload
from facts.address import Network
from facts.errors import DeliveryLater

_WIDEST = 100


class Settings(BaseModel):
    """`kind = "console"` takes two keys: where the lines go, and in which form."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stream: Literal["stdout", "stderr"] = "stdout"
    #: "json" writes one document a line, with the keys of the webhook's and the name of the channel.
    format: Literal["text", "json"] = "text"


class Channel:
    """Writes to a stream; the receipt is the stream's name."""

    def __init__(  # noqa: PLR0913  every channel is built with these
        self,
        *,
        name: str,
        settings: Settings,
        allow_networks: tuple[Network, ...] = (),  # noqa: ARG002  a console dials nothing
        allow_ports: Collection[int] = (),  # noqa: ARG002  the same
        bot_name: str = "",  # noqa: ARG002  the reader knows which bot runs here
        file: TextIO | None = None,
    ) -> None:
        self._name = name
        self._settings = settings
        self._file = file

    async def send(self, message: Message) -> str:
        """Write one alert."""
        if self._settings.format == "json":
            return self._write_json(payload(message))
        return self._write(panel(message), [*text_lines(message), f"  {'Alert:':<12}{message.alert_id}", ""])

    async def send_bulletin(self, bulletin: Bulletin) -> str:
        """Write one digest."""
        if self._settings.format == "json":
            return self._write_json(bulletin_payload(bulletin))
        return self._write(digest(bulletin), [*bulletin_lines(bulletin), ""])

    async def close(self) -> None:
        """Leave the stream open: it is the process's own."""

    def _write(self, rich: RenderableType, plain: list[str]) -> str:
        return self._put(lambda file: _on_terminal(rich, file) if file.isatty() else "\n".join(plain) + "\n")

    def _write_json(self, document: dict[str, Any]) -> str:
        line = json.dumps({**document, "channel": self._name}, ensure_ascii=False)
        return self._put(lambda _file: f"{line}\n")

    def _put(self, text: Callable[[TextIO], str]) -> str:
        # Looked up at each write: whoever redirects the process's stream means what comes next.
        stream = self._settings.stream
        file = self._file or (sys.stdout if stream == "stdout" else sys.stderr)
        try:
            file.write(_encodable(text(file), file))
            file.flush()
        except OSError as error:
            msg = f"{stream} takes no more ({error.strerror}); restart with an open terminal or file"
            raise DeliveryLater(msg, channel=self._name) from error
        return stream


def _on_terminal(rich: RenderableType, file: TextIO) -> str:
    console = Console(file=file, highlight=False, markup=False, emoji=False)
    with console.capture() as capture:
        console.print(rich, width=min(console.width, _WIDEST))
    return capture.get()


def _encodable(text: str, file: TextIO) -> str:
    """Return the text with what an old terminal cannot show replaced."""
    encoding = file.encoding or "utf-8"
    return text.encode(encoding, "replace").decode(encoding)
