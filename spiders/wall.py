"""Bot walls: challenges, denials and log-in pages that stand where a document should be, often with status 200. Pure.

A page about bot walls is no wall (docs/sources.md): a mechanism counts only where it would run, in a script, a
`<meta refresh>`, a form's action or a resource's address; a phrase counts only as the title of a page that says
almost nothing else.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import HTMLTree

from facts.document import Headers
from spiders.tree import select, words

#: Bytes looked at: walls are 2 to 30 kB, and their signs stand at the top.
LOOKED_AT = 64 * 1024
#: Characters that a page may show and still be nothing but a wall.
_FEW_WORDS = 1500

_HEADER_SIGNS = (
    ("cf-mitigated", "challenge", "Cloudflare challenge"),
    ("x-amzn-waf-action", "challenge", "AWS WAF challenge"),
    ("x-amzn-waf-action", "captcha", "AWS WAF captcha"),
)

#: What only a challenge runs. Left out on purpose: Cloudflare's `challenge-platform/scripts`, reCAPTCHA and Turnstile,
#: which stand on ordinary pages too.
_MECHANISMS = (
    ("bm-verify", "Akamai interstitial"),
    ("/_sec/verify", "Akamai interstitial"),
    ("/_sec/cp_challenge", "Akamai challenge"),
    ("_cf_chl_opt", "Cloudflare challenge"),
    ("awswafcookiedomainlist", "AWS WAF challenge"),
    ("gokuprops", "AWS WAF challenge"),
    ("captcha-delivery.com", "DataDome captcha"),
    ("/.well-known/sgcaptcha", "SiteGround captcha"),
)
#: These are put into ordinary pages as well: they count only on a page with few words.
_SHARED_MECHANISMS = (
    ("_incapsula_resource", "Imperva challenge"),
    ("px-captcha", "HUMAN captcha"),
)

#: A title, and words that must stand on the page beside it.
_PHRASES = (
    (r"just a moment", r"cloudflare|javascript|security of your connection|checking", "Cloudflare challenge"),
    (r"attention required", r"cloudflare", "Cloudflare denial"),
    (r"access denied", r"reference #|permission to access|ray id", "Akamai denial"),
    (r"pardon our interruption", r"browser|bot", "Imperva challenge"),
    (r"request (?:rejected|unsuccessful)|^$", r"support id|incapsula incident|requested url was rejected", "firewall"),
    (r"human verification|are you (?:a )?(?:human|robot)|robot check|security check|captcha", r"\w", "captcha"),
)

#: A part of a title that is nothing but the name of a log-in page.
_LOGIN_TITLE = re.compile(
    r"(?:please )?(?:log|sign)[ -]?(?:in|on)(?: to (?:your|continue|read|view|access)\b.{0,60})?"
    r"|(?:\w+ ){0,2}log[ -]?in(?: page| form| required)?|authentication required",
    re.IGNORECASE,
)
_TITLE_PARTS = re.compile(r"\s+[|\u2013\u2014\u00bb\u2022-]\s+")
#: What a page says instead of its article.
_GATE = re.compile(
    r"\b(?:subscribe|(?:log|sign)[ -]?in|register|create an? (?:free )?account)\b.{0,40}"
    r"\bto (?:continue|keep reading|read (?:this|the|more|on)|view this|access this|unlock)"
    r"|\bthis (?:content|article|story|page) is (?:only )?(?:available )?(?:for|to) (?:subscribers|members)"
    r"|\b(?:subscribers|members) only\b|\bsubscription required\b|\byou must be logged in to view this\b",
    re.IGNORECASE,
)
#: Characters of a paragraph that is the lead of an article.
_LEAD = 120
#: Around the content; what they say is on every page of the site.
_FRAME = ("nav", "header", "footer", "aside", "ul", "[role=navigation]", "[role=dialog]")
_LOGIN_PATH = re.compile(
    r"/(?:log-?in|sign-?in|logon|signon|sso|auth|oauth2?|subscribe|subscription|subscriptions|paywall|registration)"
    r"(?:[/.;?]|$)",
    re.IGNORECASE,
)
_HTML = re.compile(rb"\s*(?:<!doctype html|<html|<head|<meta|<title|<script|<body|<!--)", re.IGNORECASE)
_BOM = b"\xef\xbb\xbf"
_FEED = re.compile(rb"<(?:rss|feed|rdf:rdf)[\s>]", re.IGNORECASE)


def wall(status: int, headers: Headers, body: bytes) -> str | None:
    """Return which wall this answer is, or None when it is none."""
    for name, value, reason in _HEADER_SIGNS:
        if any(key.lower() == name and value in got.lower() for key, got in headers):
            return reason
    if not is_html(body):
        return None
    tree = HTMLTree.parse(body[:LOOKED_AT].removeprefix(_BOM).decode("latin-1"))
    visible = extract_plain_text(tree, preserve_formatting=False, alt_texts=False).lower()
    return _mechanism(tree, visible) or _phrase(tree, visible, status) or _login(tree, visible)


def is_html(body: bytes) -> bool:
    """Return whether a body looks like a page, which alone can be a wall; costs next to nothing."""
    page = body[:LOOKED_AT].removeprefix(_BOM)
    return _HTML.match(page) is not None and _FEED.search(page[:1024]) is None


def _mechanism(tree: HTMLTree, visible: str) -> str | None:
    runs = _what_runs(tree)
    signs = _MECHANISMS + (_SHARED_MECHANISMS if len(visible) < _FEW_WORDS else ())
    return next((reason for sign, reason in signs if sign in runs), None)


def _what_runs(tree: HTMLTree) -> str:
    """Return, in lower case, what a browser would run or load by itself."""
    pieces: list[str] = []
    for element in select(tree, "script, iframe, form, meta[http-equiv], link, img"):
        pieces.extend(value for name in ("src", "action", "content") if (value := element.getattr(name, "")))
        if element.tag == "script":
            pieces.append(element.text or "")
    return "\n".join(pieces).lower()


def _phrase(tree: HTMLTree, visible: str, status: int) -> str | None:
    if len(visible) >= _FEW_WORDS:
        return None
    title = (tree.title or "").replace("\xa0", " ").strip().lower()
    for wanted, beside, reason in _PHRASES:
        if re.search(wanted, title) and re.search(beside, visible):
            return f"{reason} titled {title[:60]!r}" if title else f"{reason}, HTTP {status}"
    return None


def login_redirect(url: str, final_url: str) -> str | None:
    """Return where an address leads instead of its document, when that is a page to log in or to subscribe at."""
    asked, got = urlsplit(url), urlsplit(final_url)
    if asked.path == got.path or _LOGIN_PATH.search(asked.path) or not _LOGIN_PATH.search(got.path):
        return None
    return f"log-in page: it leads to {got.path[:60]}"


def _login(tree: HTMLTree, visible: str) -> str | None:
    password = bool(select(tree, "input[type=password]"))
    if not password and not _GATE.search(visible):
        return None
    content = extract_plain_text(tree, preserve_formatting=False, alt_texts=False, skip_elements=_FRAME)
    if len(content) >= _FEW_WORDS:
        return None
    titled = any(_LOGIN_TITLE.fullmatch(part.strip()) for part in _TITLE_PARTS.split(tree.title or ""))
    if password and titled:
        return "log-in page"
    return "log-in page: its text is for subscribers" if _GATE.search(content) and not _has_lead(tree) else None


def _has_lead(tree: HTMLTree) -> bool:
    """Return whether the page shows a paragraph of an article: a short text is no wall."""
    return any(len(text) >= _LEAD and not _GATE.search(text) for text in map(words, select(tree, "p")))
