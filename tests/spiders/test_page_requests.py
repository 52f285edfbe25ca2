"""What the scripts of a page may ask for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from spiders.page_requests import Bounds, Spent, Wish, is_of_site, over, passed_on, refusal_of

PAGE = "https://www.city.example/news"
GET = Wish(method="GET", url="https://api.city.example/news", sort="fetch")
JSON = (("content-type", "application/json; charset=utf-8"),)
POST = replace(GET, method="POST", headers=JSON)
CLOSED = Bounds(own_host_only=True)


@pytest.mark.parametrize(
    ("wish", "refusal"),
    [
        (GET, None),
        (replace(GET, sort="xhr"), None),
        (replace(GET, sort="script", url="https://cdn.example/app.js"), None),
        (replace(GET, sort="document"), None),
        (replace(GET, sort="document", main_frame=False), "pages in frames are not read"),
        *((replace(GET, sort=sort), f"a {sort} has no words") for sort in ("image", "media", "font", "stylesheet",
          "ping", "eventsource", "websocket", "manifest", "other", "texttrack", "prefetch", "beacon")),
        (POST, None),
        (replace(POST, headers=(("Content-Type", "application/vnd.api+json"),)), None),
        (replace(POST, headers=(("content-type", "text/plain"),)), "what is sent by POST has to be JSON"),
        (replace(POST, headers=()), "what is sent by POST has to be JSON"),
        (replace(POST, url="https://api.other.example/x"), "POST is sent to the page's own site alone"),
        (replace(POST, url="https://evilcity.example/x"), "POST is sent to the page's own site alone"),
        (replace(POST, url="https://www.city.example:8443/x"), "POST is sent to the page's own site alone"),
        (replace(POST, sort="document"), "POST is not sent"),
        (replace(POST, sort="script"), "POST is not sent"),
        *((replace(GET, method=method), f"{method} is not sent") for method in ("PUT", "DELETE", "HEAD", "OPTIONS")),
    ],
)  # fmt: skip
def test_what_may_go_out(wish: Wish, refusal: str | None) -> None:
    """Documents, scripts and data by GET, and questions in JSON to the page's own site."""
    assert refusal_of(wish, PAGE, Spent(), Bounds()) == refusal


@pytest.mark.parametrize(
    ("spent", "sort", "refusal"),
    [
        (Spent(requests=59), "fetch", None),
        (Spent(requests=60), "fetch", "a page may make 60 requests"),
        (Spent(documents=4), "document", None),
        (Spent(documents=5), "document", "a page may lead to 5 others"),
        (Spent(documents=5), "fetch", None),
        (Spent(bytes=32 * 1024 * 1024), "fetch", None),
        (Spent(bytes=32 * 1024 * 1024 + 1), "fetch", "a page may be given 32 MB"),
    ],
)
def test_a_page_may_not_ask_for_ever(spent: Spent, sort: str, refusal: str | None) -> None:
    """Requests, pages that it leads to, and bytes are counted."""
    assert refusal_of(replace(GET, sort=sort), PAGE, spent, Bounds()) == refusal


def test_what_goes_out_is_counted() -> None:
    """A page that another leads to counts as both."""
    spent = Spent()
    for sort in ("fetch", "document"):
        spent.add(replace(GET, sort=sort))

    assert (spent.requests, spent.documents) == (2, 1)
    assert over(Spent(bytes=1), Bounds(bytes=0)) == "a page may be given 0 MB"


@pytest.mark.parametrize("url", ["https://api.city.example/x", "https://10.0.0.1/x", "http://www.city.example:81/"])
def test_where_private_networks_are_open_a_page_asks_its_own_host(url: str) -> None:
    """What is read there could be carried outside."""
    assert "allow_networks" in str(refusal_of(replace(GET, url=url), PAGE, Spent(), CLOSED))
    assert refusal_of(replace(GET, url="https://www.city.example/x"), PAGE, Spent(), CLOSED) is None


def test_a_site_is_a_host_and_those_below_it() -> None:
    """Its www stands for the whole; an address that is none is of no site."""
    assert is_of_site("https://city.example/", PAGE)
    assert not is_of_site("https://[", PAGE)
    assert not is_of_site("https://city.example/", "https://[")


def test_a_page_is_given_the_headers_that_are_true_of_what_it_gets() -> None:
    """No cookie, no encoding, no attachment; those of one name become one."""
    served = (
        ("Content-Type", "text/html"), ("Content-Encoding", "br"), ("Content-Length", "3"), ("Set-Cookie", "a=b"),
        ("Transfer-Encoding", "chunked"), ("Content-Disposition", "attachment"), ("Link", "<a>"), ("link", "<b>"),
    )  # fmt: skip

    assert passed_on(served) == {"content-type": "text/html", "link": "<a>, <b>"}
