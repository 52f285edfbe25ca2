"""The markup of the demo's texts: plain paragraphs, with `[words](/path)` for a link below the server's root."""

from __future__ import annotations

import html
import re

_LINK = re.compile(r"\[([^\]]+)\]\((/[^)\s]*)\)")


def paragraphs(text: str) -> tuple[str, ...]:
    """Split a text at its blank lines; the lines of a paragraph are joined."""
    return tuple(" ".join(block.split()) for block in text.strip().split("\n\n") if block.strip())


def plain(paragraph: str) -> str:
    """Return the paragraph with each link as its words alone."""
    return _LINK.sub(r"\1", paragraph)


def links(paragraph: str) -> tuple[str, ...]:
    """Return the paths that the paragraph links to."""
    return tuple(match[2] for match in _LINK.finditer(paragraph))


def to_html(paragraph: str, base: str) -> str:
    """Return the paragraph as the inside of a `<p>`, its links absolute."""
    return _LINK.sub(lambda match: f'<a href="{base}{match[2]}">{match[1]}</a>', html.escape(paragraph, quote=False))


def to_blocks(texts: tuple[str, ...], base: str) -> str:
    """Return the paragraphs as HTML, a `<p>` each."""
    return "\n".join(f"<p>{to_html(paragraph, base)}</p>" for paragraph in texts)
