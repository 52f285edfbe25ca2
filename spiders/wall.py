"""Bot walls: challenges, denials and log-in pages that stand where a document should be, often with status 200. Pure.

A page about bot walls is no wall (docs/sources.md): a mechanism counts only where it would run, in a script, a
`<meta refresh>`, a form's action or a resource's address; a phrase counts only as the title of a page that says
almost nothing else.
"""

from __future__ import annotations

import re

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import HTMLTree

from facts.document import Headers
from spiders.tree import select

#: Bytes looked at: walls are 2 to 30 kB, and their signs stand at the top.
_LOOKED_AT = 64 * 1024
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

_LOGIN_TITLE = re.compile(r"\b(?:log|sign)[ -]?(?:in|on)\b|^login$", re.IGNORECASE)
_HTML = re.compile(rb"\s*(?:<!doctype html|<html|<head|<meta|<title|<script|<body|<!--)", re.IGNORECASE)
_FEED = re.compile(rb"<(?:rss|feed|rdf:rdf)[\s>]", re.IGNORECASE)


def wall(status: int, headers: Headers, body: bytes) -> str | None:
    """Return which wall this answer is, or None when it is none."""
    for name, value, reason in _HEADER_SIGNS:
        if any(key.lower() == name and value in got.lower() for key, got in headers):
            return reason
    page = body[:_LOOKED_AT].removeprefix(b"\xef\xbb\xbf")
    if not _HTML.match(page) or _FEED.search(page[:1024]):
        return None
    tree = HTMLTree.parse(page.decode("latin-1"))
    visible = extract_plain_text(tree, preserve_formatting=False, alt_texts=False).lower()
    return _mechanism(tree, visible) or _phrase(tree, visible, status) or _login(tree, visible)


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


def _login(tree: HTMLTree, visible: str) -> str | None:
    if len(visible) >= _FEW_WORDS or not _LOGIN_TITLE.search(tree.title or ""):
        return None
    return "log-in page" if select(tree, "input[type=password]") else None
