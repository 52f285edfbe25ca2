"""The demo's own configuration file, as text."""

from __future__ import annotations

import json
from string import Template
from typing import Final

from pursestrings.demo.texts import read_bytes

_DELETE: Final = "\x7f"


def demo_config(
    base_url: str,
    data: str,
    *,
    bind: str = "127.0.0.1:8080",
    replay_bind: str = "127.0.0.1:8081",
    alerts: str = 'kind = "console"',
) -> str:
    """Return a config.toml that watches the invented web at `base_url` and keeps everything in the folder `data`.

    `bind` is where the archive's web app listens, and what alerts link to; `alerts` are the keys of the channel that
    alerts go to.
    """
    return Template(read_bytes("config.toml.template").decode()).substitute(
        base=base_url,
        port=base_url.rpartition(":")[2],
        data=_quoted(data),
        alerts=alerts,
        bind=_quoted(bind),
        replay_bind=_quoted(replay_bind),
        public_url=_quoted(f"http://{bind}"),
    )


def _quoted(text: str) -> str:
    # A JSON string is a TOML string, but for DEL, which TOML wants escaped.
    return json.dumps(text, ensure_ascii=False).replace(_DELETE, "\\u007f")
