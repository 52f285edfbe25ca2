"""Stanzas as text: what a person would have written into config.toml, whatever the strings in it hold."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping

from alerts.plain import line

#: Letters and digits of a name that is made of an outside string; stanza names may have 64.
_LONGEST_NAME = 40
_NOT_IN_NAME = re.compile(r"[^a-z0-9]+")
# As they stand TOML refuses them in a string; JSON, whose escapes are TOML's too, leaves them alone.
_DELETE = "\x7f"


def toml_value(value: object) -> str:
    """Return text, a truth value, a number or an array of them as TOML; text as one line, without what is invisible.

    Raises:
        TypeError: it is something else.
    """
    if isinstance(value, str):
        # An address is kept byte for byte when it is plain; nothing else is worth an exception.
        plain = value if value.isascii() and value.isprintable() else line(value)
        return json.dumps(plain.replace(_DELETE, ""), ensure_ascii=False)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml_value, value))}]"
    msg = f"{type(value).__name__} has no place in a stanza"
    raise TypeError(msg)


def stanza(name: str, keys: Mapping[str, object], *, comment: str = "") -> str:
    """Return `[sources.NAME]` with its keys, one a line, and a closing line end; a comment stands above it."""
    above = f"# {line(comment)}\n" if comment else ""
    return above + "".join(
        f"{row}\n" for row in (f"[sources.{name}]", *(f"{key} = {toml_value(value)}" for key, value in keys.items()))
    )


def commented(text: str) -> str:
    """Return lines of TOML as comments."""
    return "".join(f"# {row}\n" for row in text.splitlines())


def name_of(text: str, taken: Collection[str]) -> str:
    """Return a stanza's name made of a title or a host, another than those taken."""
    slug = _NOT_IN_NAME.sub("-", text.lower())[:_LONGEST_NAME].strip("-") or "source"
    number, name = 1, slug
    while name in taken:
        number += 1
        name = f"{slug}-{number}"
    return name
