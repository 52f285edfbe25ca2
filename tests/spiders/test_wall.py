"""Bot walls are told from pages, and from pages about bot walls."""

from __future__ import annotations

import time

import pytest

from spiders.wall import login_redirect, wall

INTERSTITIAL = b"""<!DOCTYPE html><html><head> <meta charset="utf-8"> <meta http-equiv="refresh" content="5;
URL='/news?bm-verify=AAQAAAAN_____zzz'" /><title>&nbsp;</title><script> var i = 1; </script></head><body>
<iframe src="https://agency.example/apology_objects/interstitial/x.html"></iframe><script>function go(){
var xhr = new XMLHttpRequest(); xhr.open(
"POST", "/_sec/verify?provider=interstitial", false); xhr.send("{}");}</script></body></html>"""
LONG = b"<p>" + b"The council heard an hour of comment on the terms of the award before it voted. " * 40 + b"</p>"

WALLS = {
    "Akamai interstitial": (200, (), INTERSTITIAL),
    "Akamai denial": (
        403,
        (),
        b"<HTML><HEAD><TITLE>Access Denied</TITLE></HEAD><BODY>You don't have permission<P>Reference #18.2c60</BODY>",
    ),
    "Cloudflare challenge": (
        403,
        (),
        b"<!DOCTYPE html><html><head><title>Just a moment...</title><script>window._cf_chl_opt={};</script></head>",
    ),
    "Cloudflare challenge titled": (
        200,
        (),
        b"<html><title>Just a moment...</title><body>Checking your browser before you go on.</body></html>",
    ),
    "Cloudflare challenge by its header": (403, (("CF-Mitigated", "challenge"),), b""),
    "AWS WAF challenge": (202, (("x-amzn-waf-action", "challenge"),), b""),
    "AWS WAF challenge in a script": (202, (), b"<html><head><script>window.gokuProps = {};</script></head></html>"),
    "Imperva": (200, (), b"<html><head></head><body><iframe src='/_Incapsula_Resource?x=1'></iframe></body></html>"),
    "DataDome": (403, (), b"<html><body><script src='https://ct.captcha-delivery.com/c.js'></script></body></html>"),
    "captcha": (200, (), b"<html><title>Are you a human?</title><body>Prove it.</body></html>"),
    "log-in page under the menus of its site": (
        200,
        (),
        b"<html><title>Log in to your account | City of Ostrander</title><nav>"
        + b"<a href='/x'>Pay a bill</a> " * 200
        + b"</nav><form><input type=password></form><footer>City Hall</footer></html>",
    ),
    "a password asked for before the article": (
        200,
        (),
        b"<html><title>Vote</title><main><p>Log in to continue reading.</p><input type='password'></main></html>",
    ),
    "nothing but an offer": (
        200,
        (),
        b"<html><title>Budget vote</title><h1>Budget vote</h1><h2>Subscribe today to continue reading</h2></html>",
    ),
    "log-in page": (
        200,
        (),
        b"<html><title>Sign in - The Ledger</title><form action='/in'><input type='password'></form></html>",
    ),
}
PAGES = {
    "a page about the mechanism": b"<html><title>How walls work</title><p>The script posts to /_sec/verify and adds "
    b'bm-verify to the address.</p><pre>xhr.open("POST", "/_sec/verify")</pre></html>',
    "a footer with reCAPTCHA": b"<html><title>Contact</title>" + LONG + b"<div class='g-recaptcha'></div><script "
    b"src='https://www.google.com/recaptcha/api.js'></script></html>",
    "a page that has moved": b"<html><head><meta http-equiv='refresh' content='0; url=/new'><title>Moved</title></head>"
    b"<body>This page moved.</body></html>",
    "an article about a denial": b"<html><title>Access denied: the city bars agents from its jail</title>"
    + LONG
    + b"<p>Access denied, said the mayor. Reference #18.</p></html>",
    "a short item about a denial": b"<html><title>Access denied to records, suit says</title><p>Filed.</p></html>",
    "a page behind Cloudflare's ordinary script": b"<html><title>News</title><script>window.__CF$cv$params={};var "
    b"s='/cdn-cgi/challenge-platform/scripts/jsd/main.js'</script><p>News.</p></html>",
    "a page with Imperva's ordinary script": b"<html><title>News</title><script src='/_Incapsula_Resource?SWJIYLWA=1'>"
    b"</script>" + LONG + b"</html>",
    "an article with a log-in form": b"<html><title>Budget vote</title><input type='password'>" + LONG + b"</html>",
    "an article about logging in": b"<html><title>Sign in to your benefits account moves to a new site | Ledger</title>"
    + LONG
    + b"<input type='password'></html>",
    "a short item whose title speaks of signing on": b"<html><title>Sign on to the letter, mayor asks - Ledger</title>"
    b"<input type=password><p>Filed on Monday.</p></html>",
    "a metered article with its lead": b"<html><title>Patrols</title><p>The harbor police will no longer patrol the "
    b"outer piers at night after a grant that paid for their two boats was frozen on Friday, officials said.</p>"
    b"<div class='gate'><h2>Subscribe now to continue reading.</h2><input type='password'></div></html>",
    "a feed that quotes one": b"<!-- x --><rss version='2.0'><channel><title>Just a moment</title><item><title>"
    b"bm-verify</title></item></channel></rss>",
    "JSON": b'{"title": "Just a moment... cloudflare"}',
    "nothing": b"",
    "an empty page": b"<html></html>",
}


@pytest.mark.parametrize("name", WALLS)
def test_a_wall_is_seen(name: str) -> None:
    """Whatever its status."""
    assert wall(*WALLS[name]) is not None


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_no_wall(name: str) -> None:
    """Words about a wall are not a wall."""
    assert wall(200, (("Content-Type", "text/html"),), PAGES[name]) is None


def test_the_reason_names_the_wall() -> None:
    """The operator reads whose wall it is."""
    assert wall(200, (), INTERSTITIAL) == "Akamai interstitial"
    assert "access denied" in (wall(*WALLS["Akamai denial"]) or "")


def test_a_page_of_links_is_judged_at_once() -> None:
    """64 kB of links are looked at in milliseconds."""
    page = b"<html><title>Just links</title>" + b"<a href=x>y</a><script src=z></script>" * 5000
    began = time.process_time()

    assert wall(200, (), page) is None
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("final", "expected"),
    [
        ("https://a.example/login?next=/news/1", True),
        ("https://a.example/user/sign-in", True),
        ("https://accounts.a.example/oauth2/authorize", True),
        ("https://a.example/subscribe/", True),
        ("https://a.example/news/1", False),
        ("https://a.example/news/login-rules-change", False),
        ("https://a.example/news/subscribers-sue", False),
        ("https://a.example/", False),
    ],
)
def test_a_redirect_to_a_log_in_page_is_seen(final: str, expected: bool) -> None:  # noqa: FBT001 (a parameter of pytest)
    """By the whole name of a step of its path; what was asked for as such is what was wanted."""
    assert expected == (login_redirect("https://a.example/news/1", final) is not None)
    assert login_redirect(final, "https://a.example/login") is None or not expected
