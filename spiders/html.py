"""Text, title, dates and links out of HTML. Pure; the bytes and every string in them are hostile."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from itertools import accumulate
from urllib.parse import urlsplit

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import bytes_to_str, detect_encoding, map_encoding_to_html5
from resiliparse.parse.html import HTMLTree

from facts.document import Headers
from spiders.answers import header
from spiders.dates import parse_date
from spiders.tree import select
from spiders.urls import canonical, is_letter, same_site

MAX_TITLE = 500
MAX_TEXT = 2_000_000
_MAX_LINKS = 2000
#: Fewer characters than this of "main content" mean that the extractor missed it: then the whole page is taken.
_THIN = 200

#: The extractor takes the square of the depth; honest pages have some dozens of levels.
_MAX_DEPTH = 1000
# Tags that nest: those without an end, and those that the next of their kind ends, are left out.
_NESTED = re.compile(
    r"<(/?)(?!(?:area|base|br|col|dd|dt|embed|hr|img|input|li|link|meta|option|p|source|t[dhr]|wbr)\b)[a-z]",
    re.IGNORECASE,
)
_BROKEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\ud800-\udfff]")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_PUBLISHED_JSON = re.compile(r'"datePublished"\s*:\s*"([^"]{4,60})"')
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
    #: Those of the content; menus, side columns and footers are left out.
    links: tuple[Anchor, ...]

    @property
    def letters(self) -> tuple[Anchor, ...]:
        """The links that look like letters, each address once, in their order."""
        found: dict[str, Anchor] = {}
        for link in filter(lambda link: is_letter(link.url), self.links):
            found.setdefault(link.url, link)
        return tuple(found.values())


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
    title, text = _title(tree), _main_text(tree, deep=_is_deep(markup))
    stated, published_at = _canonical(tree, url, base), _published_at(tree, zone)
    for frame in select(tree, _FRAME):
        frame.decompose()
    return Page(
        title=title,
        window_title=clean_line(tree.title or ""),
        text=text,
        canonical=stated,
        published_at=published_at,
        links=read_links(tree, base),
    )


def read_links(tree: HTMLTree, base: str) -> tuple[Anchor, ...]:
    """Return the links of a page or fragment that lead to http or https addresses."""
    found = []
    for anchor in select(tree, "a[href]")[:_MAX_LINKS]:
        url = canonical(anchor.getattr("href", "") or "", base)
        if url is not None:
            found.append(Anchor(url=url, text=clean_line(anchor.text or "")))
    return tuple(found)


def fragment_links(fragment: str, base: str) -> tuple[Anchor, ...]:
    """Return the links of a piece of HTML, such as a feed's or an API's text."""
    return read_links(HTMLTree.parse(clean(fragment)), base)


def text_of(fragment: str) -> str:
    """Return the text of a piece of HTML, paragraphs kept apart."""
    if "<" not in fragment and "&" not in fragment:
        return clean(fragment).strip()
    return _plain(clean(fragment))


def clean(text: str) -> str:
    """Return the text without control characters, hard blanks and broken surrogates, cut at two million characters."""
    return _BROKEN.sub(_mended, text[:MAX_TEXT])


def clean_line(text: str) -> str:
    """Return a title or a link's words: entities resolved, twice when they were escaped twice, no tags, one line."""
    plain = html.unescape(html.unescape(text[: MAX_TITLE * 8]))
    return " ".join(clean(_TAG.sub(" ", plain)).split())[:MAX_TITLE]


def _plain(source: str | HTMLTree, *, main_content: bool = False) -> str:
    text = extract_plain_text(
        source,
        preserve_formatting=True,
        main_content=main_content,
        list_bullets=False,
        alt_texts=False,
        skip_elements=_HIDDEN,
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
    # "Office of Public Affairs | Headline | United States Department of Justice": the longest part is the headline.
    parts = _SITE_PARTS.split(clean_line(tree.title or ""))
    return stated or heading or max(parts, key=len)


def _is_deep(markup: str) -> bool:
    """Return whether elements may be nested so deeply that finding the main content takes minutes."""
    if markup.count("<") < _MAX_DEPTH:
        return False
    depths = accumulate(-1 if tag[1] else 1 for tag in _NESTED.finditer(markup))
    return any(depth > _MAX_DEPTH for depth in depths)


def _main_text(tree: HTMLTree, *, deep: bool) -> str:
    if deep:
        return _plain(tree)
    main = _plain(tree, main_content=True)
    if len(main) >= _THIN:
        return main
    whole = _plain(tree)
    return whole if len(whole) > len(main) * 2 else main


def _canonical(tree: HTMLTree, url: str, base: str) -> str | None:
    address = _attribute(tree, "link[rel=canonical][href]", "href")
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
