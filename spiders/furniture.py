"""What stands on a page beside its article, and what of it no reader sees. Pure; every name on a page is hostile.

An element is told by its tag, by its role and by the words that its classes and its id are made of. Those words are the
habits of publishing systems: WordPress, Arc, BLOX, Gannett, Drupal, Plone, CivicPlus, OpenCities and whatever copies
them (docs/sources.md). `benchmarks.extraction` measures what they are worth.
"""

from __future__ import annotations

import re

from resiliparse.parse.html import ElementNode

#: Of these, the article may be inside whatever they are called.
_NEVER = frozenset({"html", "body", "main", "article"})
#: No article is in one of these, however much it holds.
_NEVER_IN = frozenset({"a", "aside", "dialog", "footer", "nav", "noscript"})
#: In these it may be: some systems wrap a whole page in a form.
_APART_TAGS = frozenset({"figcaption", "form", "header", "menu"})
_CUT_TAGS = (_NEVER_IN - {"a"}) | _APART_TAGS | {
    "audio", "button", "canvas", "figure", "iframe", "input", "label", "object", "picture", "script", "select",
    "style", "svg", "template", "textarea", "video",
}  # fmt: skip
_ROLES = frozenset(
    {"alert", "alertdialog", "banner", "complementary", "contentinfo", "dialog", "menu", "navigation", "search"}
)

#: Modules of a page that hold text of their own. They count where a class begins with them, as in `related-posts`:
#: further in they only say what surrounds the article, as in `has-sidebar` or `l-article-sidebar`.
_MODULES = (
    "ad", "ads", "advert", "advertisement", "alert", "alerts", "banner", "breadcrumb", "breadcrumbs", "caption",
    "consent", "cookie", "cookies", "masthead", "menu", "modal", "most-popular", "most-read", "nav", "navigation",
    "newsletter", "newsletters", "notice", "outbrain", "pagination", "popular", "popup", "privacy", "promo", "promos",
    "promotion", "recirc", "recommended", "related", "relatedposts", "share", "sharedaddy", "side-box", "sidebar",
    "signup", "sponsored", "subscribe", "taboola", "teaser", "teasers", "trending", "widget",
)  # fmt: skip
#: What readers wrote, and what ends a page: never the article, though it can be more than that.
_ENDS = ("comment", "comments", "commentlist", "discussion", "disqus", "footer", "respond")
#: Inside what holds the article these say enough wherever they stand in a class.
_PARTS = (
    *_MODULES, "addthis", "addtoany", "affiliate", "also-read", "attribution", "author", "authors", "bio", "byline",
    "captions", "copyright", "credit", "credits", "cta", "donate", "donation", "gate", "gnt_em", "headline", "infobox",
    "interstitial", "jp-relatedposts", "login", "meta", "metadata", "more-stories", "paywall", "photo-credit",
    "publish-date", "published", "read-more", "read-next", "readmore", "recirculation", "recommendations", "sharebar",
    "sharing", "sign-up", "skip", "social", "sponsor", "subscription", "tagcloud", "taglist", "tags", "timestamp",
    "toolbar", "tooltip", "topics", "up-next", "upnext", "widgets",
)  # fmt: skip
_HIDDEN_CLASSES = (
    "hidden", "hiddenstructure", "hide", "screen-reader-text", "sr-only", "visually-hidden", "visuallyhidden",
)  # fmt: skip


def _words(words: tuple[str, ...], before: str) -> re.Pattern[str]:
    # What follows in capitals is the next word: `commentsContainer`.
    return re.compile(rf"{before}(?i:{'|'.join(map(re.escape, words))})(?![a-z0-9])")


# A class may carry the mark of its system or its place before its first word, as in `c-related` or `top-banner`; `l-`
# for a layout and `has-` are none.
_FIRST = r"(?:^|\s)(?:(?!(?:is|no|in|on|has|not|non)[_-])[a-km-z][a-z]{0,2}[_-])?"
_MODULE = _words(_MODULES, _FIRST)
_END = _words(_ENDS, _FIRST)
_PART = _words((*_PARTS, *_ENDS), r"(?<![a-z0-9])")
_HIDDEN_CLASS = re.compile(rf"(?:^|\s)(?:{'|'.join(_HIDDEN_CLASSES)})(?:\s|$)", re.IGNORECASE)

# A style as it is written: any case, any blanks.
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*(?:0+(?:\.0+)?[a-z%]*|0?\.\d+p[xt]|1px)\s*(?:[;!]|$)"
    r"|text-indent\s*:\s*-\d{3,}|(?:left|top)\s*:\s*-\d{4,}",
    re.IGNORECASE,
)
_WHITE = r"(?:white|#fff(?:fff)?|rgba?\(\s*255\s*,\s*255\s*,\s*255\s*(?:,\s*1(?:\.0+)?\s*)?\))\s*(?:[;!]|$)"
_WHITE_TEXT = re.compile(rf"(?:^|[;\s])color\s*:\s*{_WHITE}", re.IGNORECASE)
_BACKGROUND = re.compile(r"background(?:-color|-image)?\s*:", re.IGNORECASE)
_WHITE_BACKGROUND = re.compile(rf"background(?:-color)?\s*:\s*{_WHITE}", re.IGNORECASE)

_LONGEST_LINE = 240
#: A line that is the site's and not the article's, wherever it stands.
_SITES_LINE = re.compile(
    r"(?:advertisement|share this(?: (?:article|page|story))?|scroll to continue|all rights reserved)[.:]?$"
    r"|(?:article|story) continues (?:below|after)|click to (?:share|e-?mail|print)\b"
    r"|(?:read more|related(?: stories)?)\s*:"
    r"|this (?:article|story) (?:was )?(?:originally|first) (?:appeared|published)"
    r"|(?:sign up|subscribe)\b.{0,80}\b(?:newsletter|inbox|e-?mail)|(?:copyright|\u00a9)\s.{0,80}\d{4}"
    r"|(?:contact|reach|e-?mail|follow)\s.{2,60}\s(?:at|on)\s\S*@\S+$",
    re.IGNORECASE,
)


def is_hidden(element: ElementNode) -> bool:
    """Return whether a browser would not show it, as far as it says so itself.

    `aria-hidden` is no sign: it hides from screen readers what others see, such as the text of an accordion.
    """
    if element.hasattr("hidden"):
        return True
    style = element.getattr("style", "") or ""
    if style and (_HIDING.search(style) or _is_white_on_white(style)):
        return True
    return _HIDDEN_CLASS.search(element.getattr("class", "") or "") is not None


def is_never(element: ElementNode) -> bool:
    """Return whether what is inside is not the article, however much it is: menus, comments, the end of the page."""
    if element.tag in _NEVER:
        return False
    return element.tag in _NEVER_IN or _END.search(_names(element)) is not None


def is_apart(element: ElementNode) -> bool:
    """Return whether what is inside is most likely not the article."""
    if element.tag in _NEVER:
        return False
    return element.tag in _APART_TAGS or _has_role(element) or _MODULE.search(_names(element)) is not None


def is_part(element: ElementNode) -> bool:
    """Return whether it is furniture where it stands within the article."""
    if element.tag in _NEVER:
        return False
    return element.tag in _CUT_TAGS or _has_role(element) or _PART.search(_names(element)) is not None


def is_sites_line(line: str) -> bool:
    """Return whether a line of text speaks of the site and not of what is reported."""
    return len(line) <= _LONGEST_LINE and _SITES_LINE.match(line.strip()) is not None


def _names(element: ElementNode) -> str:
    return f"{element.getattr('class', '') or ''} {element.getattr('id', '') or ''}"


def _has_role(element: ElementNode) -> bool:
    return (element.getattr("role", "") or "").lower() in _ROLES


def _is_white_on_white(style: str) -> bool:
    if not _WHITE_TEXT.search(style):
        return False
    return _WHITE_BACKGROUND.search(style) is not None or _BACKGROUND.search(style) is None
