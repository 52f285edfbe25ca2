"""Addresses in one form."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facts.twins import twin_key
from spiders import urls
from spiders.urls import canonical, host, is_justice, is_letter, is_news, same_site

BASE = "https://base.example.org/dir/page"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://WWW.Justice.GOV:80/opa/media/1234/dl?inline", "http://www.justice.gov/opa/media/1234/dl"),
        ("https://www.justice.gov/opa/media/1234/dl", "https://www.justice.gov/opa/media/1234/dl"),
        ("https://x.example:443", "https://x.example/"),
        ("https://x.example:8443/", "https://x.example:8443/"),
        ("https://x.example/a?utm_source=x&utm_campaign=y&id=3", "https://x.example/a?id=3"),
        ("https://x.example/a?fbclid=1&ncid=2&cid=3&wprss=4&oref=5&ns_campaign=6&ga_x=7", "https://x.example/a"),
        ("https://x.example/RSSFeed.aspx?ModID=1&CID=All-newsflash.xml", "https://x.example/RSSFeed.aspx?ModID=1&CID=All-newsflash.xml"),
        ("https://x.example/a?source=govdelivery&b=1", "https://x.example/a?b=1"),
        ("https://x.example/a?source=archive", "https://x.example/a?source=archive"),
        ("https://x.example/job/338?p=#top", "https://x.example/job/338?p="),
        (" \n https://x.example/a\tb c ", "https://x.example/ab%20c"),
        ("//y.example/p", "https://y.example/p"),
        ("../up", "https://base.example.org/up"),
        ("?page=2", "https://base.example.org/dir/page?page=2"),
        ("http://münchen.example/ü?q=ä", "http://xn--mnchen-3ya.example/%C3%BC?q=%C3%A4"),
        ("https://x.example/%E2%80%9Cquoted%E2%80%9D", "https://x.example/%E2%80%9Cquoted%E2%80%9D"),
        ("h\tttps://links-1.govdelivery.com/CL0/https:%2F%2Fx.example%2Fa/1/z", "https://x.example/a"),
        ("//links-1.govdelivery.com/CL0/https:%2F%2Flinks-2.govdelivery.com%2FCL0%2Fhttps:%252F%252Fx.example%2F1/1/z", "https://x.example/"),
        ("https://x.example/" + "ü" * 1000, None),
        ("https://x.example/a\ud800b?c=\udfff", "https://x.example/a%EF%BF%BDb?c=%EF%BF%BD"),
        ("http://[2001:DB8::1]:80/x", "http://[2001:db8::1]/x"),
        ("javascript:alert(1)", None),
        ("mailto:a@b.example", None),
        ("data:text/html,x", None),
        ("http://[::1", None),
        ("http://x.example:99999/", None),
        ("http://user:pw@x.example/", None),
        ("http://x.example\\@y.example/", None),
        ("http:///nohost", None),
        ("https://x.example/" + "a" * 5000, None),
        ("http://" + "ü" * 80 + ".example/", None),
    ],
)  # fmt: skip
def test_an_address_has_one_form(url: str, expected: str | None) -> None:
    """Without tracking, fragments and default ports; ids stay; what is no web address is None."""
    assert expected == canonical(url, BASE)


@given(st.one_of(st.text(max_size=80), st.text(max_size=60).map(lambda text: f"http://{text}")))
@settings(max_examples=300)
def test_no_text_breaks_it_and_the_form_is_final(text: str) -> None:
    """Any text gives an address or None, and an address stays as it is."""
    once = canonical(text, BASE)

    assert once is None or once == canonical(once)
    is_letter(text), is_justice(text), host(text), same_site(text, BASE)


PLAIN = st.builds(
    "{}{}{}{}{}{}".format,
    st.sampled_from(("http://", "https://", "HTTP://", "//", "")),
    st.sampled_from(("x.example", "X.example", "m.x.example", "127.0.0.1", "x.example.", "a_b.example", "")),
    st.sampled_from(("", ":80", ":443", ":8080", ":0080", ":99999", ":")),
    st.text(st.sampled_from("/ab.%2;~@[ \u00e9\t"), max_size=8),
    st.sampled_from(("", "?", "?id=1", "?utm_source=a&id=1", "?a=b?c", "?a=[b]", "?id=1&&b=\u00e9", "?inline")),
    st.sampled_from(("", "#", "#top", "#a\nb", "#[")),
)


@given(PLAIN, st.sampled_from(("", BASE, "http://other.example/b;c")))
@settings(max_examples=500)
def test_the_short_way_gives_the_same_form(url: str, base: str) -> None:
    """An address that needs no mending is not taken apart, and comes out as if it had been."""
    short = canonical(url, base)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(urls, "_PLAIN", re.compile("(?!)"))
        assert canonical(url, base) == short


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("cid=812", "?cid=812"),
        ("cid=rss_top", ""),
        ("cid=812&utm_source=a", ""),
        ("a=1&cid=812&b=2", "?a=1&cid=812&b=2"),
    ],
)
def test_a_number_may_be_an_id(query: str, expected: str) -> None:
    """A campaign has a name, or other tracking beside its number."""
    assert f"https://x.example/a{expected}" == canonical(f"https://x.example/a?{query}")


_IDS = st.builds(
    "{}{}{}".format,
    st.sampled_from(("city.example", "news.city.example", "city.example:8080", "other.example")),
    st.sampled_from(("", "/news/1", "/news/2", "/News/1", "/job/338", "/ampere", "/a.html", "/camp")),
    st.sampled_from(("", "?id=1", "?id=2", "?p=1", "?page=2", "?id=1&p=1")),
)


def _twins(address: str) -> list[str]:
    """Return the address as it is served in other ways."""
    site, mark, query = address.partition("?")
    host_name, slash, path = site.partition("/")
    own = f"https://{address}"
    served = [own, f"http://{address}", f"https://www.{address}", f"https://m.{address}", f"https://mobile.{address}"]
    served += [f"{own}{'&' if mark else '?'}{extra}" for extra in ("amp=1", "amp", "utm_source=a", "fbclid=b")]
    if path and not path.endswith(".html"):
        served += [f"https://{site}{end}{mark}{query}" for end in ("/", "/amp", "/amp/")]
        served.append(
            f"https://{host_name.replace('.', '-')}.cdn.ampproject.org/c/s/{host_name}{slash}{path}{mark}{query}"
        )
    return served + ([f"https://{site.removesuffix('.html')}.amp.html{mark}{query}"] if path.endswith(".html") else [])


def _key(url: str) -> str:
    return twin_key(canonical(url) or url)


@given(_IDS, _IDS)
@settings(max_examples=200)
def test_twins_have_one_key_and_ids_have_their_own(one: str, other: str) -> None:
    """Scheme, www, mobile, AMP and tracking fold; what may pick another page does not."""
    assert len({_key(twin) for twin in _twins(one)}) == 1
    assert twin_key(_key(one)) == _key(one)
    assert (one.rstrip("/") == other.rstrip("/")) == (_key(f"https://{one}") == _key(f"https://{other}"))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://x.example/a/Letter.PDF", True),
        ("https://x.example/a/letter.pdf?v=2", True),
        ("https://www.justice.gov/opa/media/1426091/dl", True),
        ("https://www.justice.gov/opa/media/1426091/dl?inline", True),
        ("https://www.justice.gov/opa/press-release/file/12345/download", True),
        ("https://city.example/DocumentCenter/View/812/Terms", True),
        ("https://x.example/pdf-guide", False),
        ("https://x.example/media/gallery", False),
        ("http://[::1", False),
    ],
)
def test_a_letter_is_known_by_its_address(url: str, expected: bool) -> None:  # noqa: FBT001 (a parameter of pytest)
    """By ending, or by the forms that government sites give to attachments."""
    assert expected == is_letter(url)


def test_what_belongs_to_one_site() -> None:
    """The same host, its parts and its mobile twin; not a neighbour under one suffix."""
    assert same_site("https://www.city.example/a", "http://m.city.example/b")
    assert same_site("https://news.city.example/", "https://city.example/")
    assert not same_site("https://stockton.ca.us/", "https://oakland.ca.us/")
    assert not same_site("https://city.example/", "https://notcity.example/")
    assert not same_site("javascript:x", "https://city.example/")
    assert not same_site("http://[::1", "https://city.example/")


def test_the_department_posts_more_than_news() -> None:
    """Its calendar, jobs and staff pages are left out; another site's are not ours to judge."""
    assert not is_news("https://www.justice.gov/oip/event/fy26-data-due")
    assert not is_news("https://www.justice.gov/legal-careers/job/ausa-338")
    assert not is_news("https://www.justice.gov/usao-xx/staff-profile/someone")
    assert is_news("https://www.justice.gov/opa/pr/event-of-the-year")
    assert is_news("https://city.example/event/hearing")
