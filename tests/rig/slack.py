"""A Slack on loopback: `chat.postMessage` with its checks, scripted verdicts, and an append-only ledger.

Run as `python -m tests.rig.slack --port 0 --ledger FILE` it prints its port and serves until it is ended. A POST of
`[{"status": 429, "headers": {"Retry-After": "7"}}, {"code": "not_in_channel"}, {"drop": true}]` to `/_script`
decides about the next posts. Each line of the ledger is on disk before the post is answered.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.rig.hook import Loopback, Received, Verdict

TOKEN = "xoxb-rig"
CHANNELS = ("#federal-money", "#desk", "C0RIG")

_LIMITS = {"header": 150, "section": 3_000, "context": 3_000}
_MOST_BLOCKS = 50
_MOST_FIELDS = 10
_FIELD = 2_000
_TEXT = 40_000
_ALL_BLOCKS = 13_200


class FakeSlack(Loopback):
    """One workspace with a few channels and one token."""

    def __init__(self, *, port: int = 0, ledger: Path | None = None, token: str = TOKEN) -> None:
        super().__init__(port=port)
        self._file = ledger
        self._token = token
        #: Every call of chat.postMessage, as written to the ledger.
        self.ledger: list[dict[str, Any]] = []

    @property
    def base_url(self) -> str:
        """What goes into the channel's `base_url`."""
        return f"http://127.0.0.1:{self.port}/api/"

    @property
    def posted(self) -> list[dict[str, Any]]:
        """The messages that stand in a channel, dropped answers included."""
        return [entry for entry in self.ledger if entry["accepted"]]

    def answer(self, received: Received, verdict: Verdict) -> web.Response:
        """Answer one API call, and record it."""
        if received.path == "/_script":
            self.script(*(Verdict(**each) for each in json.loads(received.body)))
            return web.json_response({"ok": True})
        if received.path != "/api/chat.postMessage":
            return web.json_response({"ok": False, "error": "unknown_method"})
        body = json.loads(received.body)
        code = verdict.code or _refusal(body, received.headers.get("Authorization", ""), self._token)
        accepted = verdict.status == 200 and not code
        ts = f"{1_500_000_000 + len(self.ledger)}.000100"
        self._record({"accepted": accepted, "status": verdict.status, "error": code, "ts": ts, **body})
        if verdict.body is not None or verdict.status != 200:
            return super().answer(received, verdict)
        if code:
            return web.json_response({"ok": False, "error": code}, headers=verdict.headers)
        return web.json_response({"ok": True, "channel": "C0RIG", "ts": ts, "message": {"text": body["text"]}})

    def _record(self, entry: dict[str, Any]) -> None:
        self.ledger.append(entry)
        if self._file is None:
            return
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")
            file.flush()
            os.fsync(file.fileno())


def problems(body: dict[str, Any]) -> list[str]:
    """Return what Slack would not take in this message."""
    blocks = body.get("blocks") or []
    found = [] if len(blocks) <= _MOST_BLOCKS else [f"{len(blocks)} blocks"]
    if len(body.get("text", "")) > _TEXT:
        found.append("text too long")
    if sum(len(json.dumps(block, ensure_ascii=False)) for block in blocks) > _ALL_BLOCKS:
        found.append("blocks too long in all")
    return found + [problem for block in blocks for problem in _block_problems(block)]


def texts(body: dict[str, Any]) -> list[tuple[str, str]]:
    """Return every text of the message with its type; the fallback's is mrkdwn."""
    return [("mrkdwn", body.get("text", "")), *((each["type"], each["text"]) for each in _objects(body["blocks"]))]


def _objects(value: object) -> Iterator[dict[str, str]]:
    if isinstance(value, list):
        for each in value:
            yield from _objects(each)
    elif isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value
        else:
            yield from _objects(list(value.values()))


def _block_problems(block: dict[str, Any]) -> Iterator[str]:
    kind = block.get("type")
    if kind not in _LIMITS:
        yield f"unknown block {kind!r}"
        return
    fields = block.get("fields", [])
    own = list(_objects([block.get("text"), block.get("elements")]))
    if not own and not fields:
        yield f"{kind} without text"
    if kind == "header" and any(each["type"] != "plain_text" for each in own):
        yield "header that is not plain_text"
    if len(fields) > _MOST_FIELDS:
        yield f"{len(fields)} fields"
    for each, limit in [*((text, _LIMITS[kind]) for text in own), *((text, _FIELD) for text in fields)]:
        if not 1 <= len(each["text"]) <= limit:
            yield f"{kind} text of {len(each['text'])} characters"
        if each["type"] not in {"plain_text", "mrkdwn"}:
            yield f"text of type {each['type']!r}"


def _refusal(body: dict[str, Any], authorization: str, token: str) -> str:
    if not authorization:
        return "not_authed"
    if authorization != f"Bearer {token}":
        return "invalid_auth"
    if body.get("channel") not in CHANNELS:
        return "channel_not_found"
    if not body.get("text") and not body.get("blocks"):
        return "no_text"
    return "invalid_blocks" if problems(body) else ""


async def _serve(port: int, ledger: Path | None) -> None:
    async with FakeSlack(port=port, ledger=ledger) as slack:
        print(slack.port, flush=True)  # noqa: T201  the caller reads the port from here
        await asyncio.Event().wait()


def main() -> None:
    """Serve until ended."""
    parser = argparse.ArgumentParser(description="A Slack on loopback, for tests.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--ledger", type=Path)
    arguments = parser.parse_args()
    asyncio.run(_serve(arguments.port, arguments.ledger))


if __name__ == "__main__":
    main()
