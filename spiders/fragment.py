"""A piece of HTML, such as a feed's or an API's text: its words and the letters it links, in one parsing. Pure."""

from __future__ import annotations

import re

from resiliparse.parse.html import HTMLTree

from spiders.html import MAX_LINKS, Anchor, clean, clean_line, plain_text
from spiders.tree import select
from spiders.urls import canonical, is_letter

#: Every letter's address has one of these or ends in "dl" (`spiders.urls`), in itself or in the address that it is
#: relative to. A character reference may stand for anything.
_HINTS = ("pdf", "download", "documentcenter", "&#")
_DL = re.compile(r"dl(?![a-z])")


class Fragment:
    """One piece of HTML, or of text that may be none."""

    def __init__(self, markup: str) -> None:
        self._markup = clean(markup)
        self._tree = HTMLTree.parse(self._markup) if "<" in self._markup or "&" in self._markup else None

    @property
    def text(self) -> str:
        """The text, paragraphs kept apart."""
        return plain_text(self._tree) if self._tree is not None else self._markup.strip()

    def letters(self, base: str) -> tuple[Anchor, ...]:
        """The links that look like letters, each address once, in their order; `base` is what they are relative to."""
        if self._tree is None or not self._may_link_letters(base):
            return ()
        found: dict[str, Anchor] = {}
        for anchor in select(self._tree, "a[href]")[:MAX_LINKS]:
            url = canonical(anchor.getattr("href", "") or "", base)
            if url is not None and is_letter(url):
                found.setdefault(url, Anchor(url=url, text=clean_line(anchor.text or "")))
        return tuple(found.values())

    def _may_link_letters(self, base: str) -> bool:
        """Return whether looking for them is worth it: most entries say nothing that an address of a letter holds."""
        low = self._markup.lower()
        if "<a" not in low:
            return False
        # White space inside an address does not count; behind one it does.
        joined = base.lower() + " " + low.replace("\n", "").replace("\t", "").replace("\r", "")
        return any(hint in joined for hint in _HINTS) or any(_DL.search(text) for text in (joined, low))
