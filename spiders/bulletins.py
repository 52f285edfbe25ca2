"""GovDelivery bulletins: what the mailing service puts around an agency's words, cut off. Pure.

The frame names its reader's subscription and changes without the bulletin, so it is no part of what was published.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_PATH = re.compile(r"/accounts/\w+/bulletins/[0-9a-f]+/?", re.IGNORECASE)
#: How a frame begins, at the end of a bulletin: at the head of a line or in a short one, with little behind it, since
#: a bulletin may speak of such things as well.
_FOOTER = re.compile(
    r"\b(?:update your subscriptions|manage (?:your )?(?:subscriptions|preferences)|subscriber (?:preferences|services)"
    r"|stop subscriptions|unsubscribe|this e-?mail was sent to|this service is provided to you at no charge"
    r"|you (?:are|have) (?:receiv|subscrib)(?:ing|ed)\b.{0,40}\be-?mail|stay connected with)",
    re.IGNORECASE,
)
_LONGEST_FOOTER = 2000
_SHORT = 120
#: Lines of a frame, wherever they stand.
_FURNITURE = re.compile(
    r"(?:having trouble viewing this e-?mail\b.*|view (?:it |this )?(?:e-?mail )?(?:as|in) a (?:web ?page|browser)\b.*"
    r"|share (?:this )?bulletin|subscribe|sign up|subscribe to updates from .*"
    r"|e-?mail address.{0,20}e\.g\. name@example\.com.*|powered by.{0,30}|privacy policy.{0,60})",
    re.IGNORECASE,
)
#: Shorter and longer lines are the bulletin's own.
_SHORTEST_LINE = len("sign up")
_LONGEST_LINE = 300


def is_bulletin(url: str) -> bool:
    """Return whether an address is that of a bulletin, by its path: agencies have hosts of their own for them."""
    try:
        return _PATH.fullmatch(urlsplit(url).path) is not None
    except ValueError:
        return False


def own_words(text: str) -> str:
    """Return the text of a bulletin without its frame."""
    lines = [line for line in text.split("\n") if not _is_furniture(line)]
    left = sum(len(line) + 1 for line in lines)
    for number, line in enumerate(lines):
        if left <= _LONGEST_FOOTER and _begins_frame(line.strip()):
            return "\n".join(lines[:number]).strip()
        left -= len(line) + 1
    return "\n".join(lines).strip()


def _is_furniture(line: str) -> bool:
    return _SHORTEST_LINE <= len(line) <= _LONGEST_LINE and _FURNITURE.fullmatch(line.strip()) is not None


def _begins_frame(line: str) -> bool:
    return (_FOOTER.search(line) if len(line) <= _SHORT else _FOOTER.match(line)) is not None
