"""Panels: an alert and a digest as Rich draws them on a terminal."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from alerts.layout import NOTHING, REPEAT, addresses, bulletin_title, kind, lead, rows
from alerts.message import Bulletin, Message
from alerts.plain import line
from facts.alert import Reason

_BAD = (Reason.SOURCE_FAILING, Reason.DELIVERY_REFUSED, Reason.CANARY_LATE)
_BORDERS = {Reason.NEW_STORY: "yellow", Reason.SOURCE_RECOVERED: "green", **dict.fromkeys(_BAD, "red")}


def panel(message: Message) -> RenderableType:
    """Return one alert, with its reason in the frame."""
    title = Text(" · ".join(filter(None, (lead(message), kind(message)))), style="bold")
    foot = Text(f"alert {message.alert_id}", style="dim")
    border = _BORDERS.get(message.reason, "cyan")
    return Panel(
        _body(message), title=title, title_align="left", subtitle=foot, subtitle_align="right", border_style=border
    )


def _body(message: Message) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for term, value in rows(message):
        table.add_row(term, Text(value, style="bold" if term == "Deadline" else ""))
    for term, url in addresses(message):
        table.add_row(term, Text().append(url, style=f"link {url} underline"))
    parts: list[RenderableType] = [Text(line(message.headline), style="bold"), Text()]
    if message.possible_repeat:
        parts[1:1] = [Text(REPEAT, style="red")]
    if message.quote:
        parts += [Text(f"“{line(message.quote)}”", style="italic"), Text()]
    return Group(*parts, table)


def digest(bulletin: Bulletin) -> RenderableType:
    """Return one digest, section by section."""
    parts: list[RenderableType] = [
        Text(),
        Text(bulletin_title(bulletin), style="bold"),
        Text(line(bulletin.subject)),
        Text(),
    ]
    for heading, messages in bulletin.sections:
        parts.append(Rule(Text(line(heading)), align="left", style="dim"))
        parts += [part for message in messages for part in (_body(message), Text())]
    if not bulletin.sections:
        parts += [Text(NOTHING), Text()]
    if bulletin.failing:
        parts.append(Rule(Text("Failing sources"), align="left", style="red"))
        parts += [*(Text(line(failure)) for failure in bulletin.failing), Text()]
    return Group(*parts, Text(f"Archive: {bulletin.archive_url}", style="dim"))
