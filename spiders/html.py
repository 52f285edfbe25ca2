"""Text, title, dates and links out of HTML. Pure; the bytes and every string in them are hostile."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from urllib.parse import urlsplit

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import bytes_to_str, detect_encoding, map_encoding_to_html5
from resiliparse.parse.html import HTMLTree

from facts.document import Headers
from spiders.answers import header
from spiders.article import article_text
from spiders.dates import parse_date
from spiders.tree import select
from spiders.urls import canonical, is_letter, same_site

MAX_TITLE = 500
MAX_TEXT = 2_000_000
MAX_LINKS = 2000
_BROKEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\ud800-\udfff]")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_PUBLISHED_JSON = re.compile(r'"datePublished"\s*:\s*"([^"]{4,60})"')
# Every address of a letter has one of these, in itself or in the address that it is relative to (`spiders.urls`).
_LETTER_HINT = re.compile(r"p[\t\r\n]*d[\t\r\n]*f|d[\t\r\n]*l|d[\t\r\n]*o[\t\r\n]*(?:w[\t\r\n]*n|c)", re.IGNORECASE)
_SITE_PARTS = re.compile(r"\s+[|\u2013\u2014-]\s+")

_DATE_METAS = (
    "meta[property='article:published_time']",
    "meta[name='article:published_time']",
    "meta[itemprop='datePublished']",
    "meta[name='parsely-pub-date']",
    "meta[name='sailthru.date']",
    "meta[name='dcterms.date']",
    "meta[name='DC.date.issued']",
    "meta[name='pubdate']",
    "meta[name='date']",
)
#: What a reader does not see.
_HIDDEN = ("[hidden]", "[style*='display:none']", "[style*='display: none']", "[style*='visibility:hidden']")
#: The frame around the content: its links are on every page of the site.
_FRAME = "nav, footer, aside"
_DATE_TIMES = ".node-date time[datetime], article time[datetime], main time[datetime], time[datetime]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A link as it stands on a page: its canonical address and its words."""

    url: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What was read out of one HTML page."""

    title: str
    #: The whole of its `<title>`, with the names of site and office.
    window_title: str
    text: str
    #: What the page itself calls its address, when that is on its own site.
    canonical: str | None
    #: As the page's machine-readable marks claim it.
    published_at: datetime | None
    #: The links that look like letters, each address once; menus, side columns and footers are left out.
    letters: tuple[Anchor, ...]


def decode(body: bytes, headers: Headers = ()) -> str:
    """Return the text of a body, by its byte order mark, its header, its own `<meta>`, or its looks; never fails."""
    named = _CHARSET.search(header(headers, "content-type") or "")
    marked = body.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"))
    guess = None if marked or named is None else map_encoding_to_html5(named[1], fallback_utf8=False)
    encoding = guess or detect_encoding(body, html5_compatible=True, from_html_meta=True) or "utf-8"
    return str(bytes_to_str(body, encoding, "replace", ("utf-8", "windows-1252")))


def read_page(body: bytes, headers: Headers, url: str, zone: tzinfo = UTC) -> Page:
    """Read a page that was served at `url`; `zone` is that of a time which names none."""
    markup = decode(body, headers)
    tree = HTMLTree.parse(markup)
    base = canonical(_attribute(tree, "base[href]", "href"), url) or url
    title, window_title, stated = _title(tree), clean_line(tree.title or ""), _canonical(tree, url, base)
    published_at = _published_at(tree, zone)
    for frame in select(tree, _FRAME):
        frame.decompose()
    letters = read_letters(tree, base)
    return Page(
        title=title,
        window_title=window_title,
        # The last, for it uses the tree up.
        text=clean(article_text(tree)).strip(),
        canonical=stated,
        published_at=published_at,
        letters=letters,
    )


def read_letters(tree: HTMLTree, base: str) -> tuple[Anchor, ...]:
    """Return the links that look like letters, each address once, in their order."""
    found: dict[str, Anchor] = {}
    near = _LETTER_HINT.search(base) is not None
    for anchor in select(tree, "a[href]")[:MAX_LINKS]:
        address = anchor.getattr("href", "") or ""
        url = canonical(address, base) if near or _LETTER_HINT.search(address) else None
        if url is not None and is_letter(url):
            found.setdefault(url, Anchor(url=url, text=clean_line(anchor.text or "")))
    return tuple(found.values())


def text_of(fragment: str) -> str:
    """Return the text of a piece of HTML, paragraphs kept apart."""
    if "<" not in fragment and "&" not in fragment:
        return clean(fragment).strip()
    return plain_text(clean(fragment))


def clean(text: str) -> str:
    """Return the text without control characters, hard blanks and broken surrogates, cut at two million characters."""
    cut = text[:MAX_TEXT]
    # Nothing printable is broken, and asking that costs half of the search.
    return cut if cut.replace("\n", "").isprintable() else _BROKEN.sub(_mended, cut)


def clean_line(text: str) -> str:
    """Return a title or a link's words: entities resolved, twice when they were escaped twice, no tags, one line."""
    plain = html.unescape(html.unescape(text[: MAX_TITLE * 8]))
    return " ".join(clean(_TAG.sub(" ", plain)).split())[:MAX_TITLE]


def plain_text(source: str | HTMLTree) -> str:
    """Return the words of a page or a piece of HTML, paragraphs kept apart."""
    text = extract_plain_text(
        source, preserve_formatting=True, list_bullets=False, alt_texts=False, skip_elements=_HIDDEN
    )
    return clean(text).strip()


def _mended(broken: re.Match[str]) -> str:
    return "\ufffd" if broken[0] >= "\ud800" else " "


def _attribute(tree: HTMLTree, selector: str, name: str) -> str:
    return next((value for element in select(tree, selector) if (value := element.getattr(name, ""))), "") or ""


def _title(tree: HTMLTree) -> str:
    stated = clean_line(_attribute(tree, "meta[property='og:title']", "content"))
    headings = select(tree, "h1")
    heading = clean_line(headings[0].text or "") if len(headings) == 1 else ""
    site = clean_line(_attribute(tree, "meta[property='og:site_name']", "content"))
    # "Office of Public Affairs | Headline | United States Department of Justice": the longest part is the headline.
    return _without_site(stated, site, heading) or heading or max(_parts(clean_line(tree.title or "")), key=len)


def _without_site(title: str, site: str, heading: str) -> str:
    """Return a title without the site's name at its end, where the page itself tells the two apart."""
    parts = _parts(title)
    if heading and heading in parts:
        return heading
    return title[: title.rindex(parts[-2]) + len(parts[-2])] if len(parts) > 1 and parts[-1] == site else title


def _parts(title: str) -> list[str]:
    return _SITE_PARTS.split(title)


def _canonical(tree: HTMLTree, url: str, base: str) -> str | None:
    linked = _attribute(tree, "link[rel=canonical][href]", "href")
    stated = _attribute(tree, "meta[property='og:url'][content]", "content")
    return next((found for address in (linked, stated) if (found := _own(address, url, base))), None)


def _own(address: str, url: str, base: str) -> str | None:
    """Return an address that a page calls its own, None when it is of another site."""
    stated = canonical(address, base) if address else None
    if stated is None or not same_site(stated, url):
        return None
    # Badly made sites name their front page on every page.
    return stated if urlsplit(stated).path != "/" or urlsplit(url).path in {"", "/"} else None


def _published_at(tree: HTMLTree, zone: tzinfo) -> datetime | None:
    stated = [_attribute(tree, selector, "content") for selector in _DATE_METAS]
    linked = [found[1] for script in select(tree, "script[type='application/ld+json']")
              if (found := _PUBLISHED_JSON.search(script.text or ""))]  # fmt: skip
    shown = _attribute(tree, _DATE_TIMES, "datetime")
    return next((date for text in (*stated, *linked, shown) if (date := parse_date(text, zone))), None)
