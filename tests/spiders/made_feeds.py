"""Feeds made up at random out of what real ones are made of, and of what trips their readers."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from hypothesis import strategies as st

_NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "media": "http://search.yahoo.com/mrss/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "georss": "http://www.georss.org/georss",
    "x": "http://ledger.example.org/own#",
}
_DECLARED = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in _NAMESPACES.items())
_LEAVES = (
    "title", "link", "guid", "id", "description", "summary", "content", "pubDate", "published", "updated", "issued",
    "modified", "created", "author", "category", "comments", "source", "image", "enclosure", "rights", "name", "date",
    "links", "creator", "content:encoded", "dc:date", "dc:title", "dc:description", "dc:creator", "dcterms:issued",
    "dcterms:created", "media:title", "media:description", "media:content", "media:thumbnail", "media:credit",
    "media:keywords", "itunes:summary", "itunes:subtitle", "itunes:author", "itunes:explicit", "georss:point",
    "x:title", "x:own", "atom:link", "atom:title", "atom:updated", "Title", "PUBDATE", "language", "url", "body",
)  # fmt: skip
#: Those that the fast reader leaves to feedparser wherever they stand in an entry.
_HARD = frozenset({"body", "date", "links"})
_EASY = tuple(name for name in _LEAVES if name not in _HARD)
_HOLDERS = ("media:group", "media:content", "author", "source", "image", "x:own", "atom:author")
_ATTRIBUTES = (
    'type="html"', 'type="text"', 'type="xhtml"', 'type="text/plain"', 'type="image/png"', 'mode="escaped"',
    'isPermaLink="false"', 'isPermaLink="true"', 'rel="alternate"', 'rel="enclosure"', 'rel="self"', 'xml:lang="en"',
    'href="https://ledger.example.org/a?b=1&amp;c=2"', 'href="/relative"', 'url="http:///media.example.org/a.pdf"',
    'x:href="/own"', 'length="1"', 'xml:base="https://base.example.org/"', 'src="/s"', 'domain="d"', 'lastmod="x"',
)  # fmt: skip
_TEXTS = st.one_of(
    st.sampled_from((
        "", " ", "\n  words  \n", "https://ledger.example.org/news/1?id=2&b;=3", "/news/2", "tag:ledger.example,2026:7",
        "Wed, 05 Aug 2026 08:00:00 GMT", "2026-08-05T08:00:00Z", "<p>A <a href='/letter.pdf'>letter</a> &amp; more",
        "caf\u00e9", "caf\u00c3\u00a9", "\u0093quoted\u0094", "AT&amp;T", "45.1 -71.2", "\ufffd", "&amp;#8217;", "yes",
    )),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00\x0b\x0c"), max_size=12),
)  # fmt: skip


def _texted(text: str) -> st.SearchStrategy[str]:
    kept = [escape(text), escape(text, {"\u00e9": "&#233;"}), f"{escape(text)}<!-- aside -->more"]
    return st.sampled_from([*kept, f"<![CDATA[{text}]]>"] if "]]>" not in text else kept)


@st.composite
def _element(draw: st.DrawFn, names: tuple[str, ...], inside: st.SearchStrategy[str]) -> str:
    name = draw(st.sampled_from(names))
    attributes = "".join(f" {one}" for one in draw(st.lists(st.sampled_from(_ATTRIBUTES), max_size=2, unique=True)))
    attributes = attributes if draw(st.integers(0, 6)) == 0 else ""
    return f"<{name}{attributes}>{draw(inside)}</{name}>"


_LEAF = _element(_LEAVES, _TEXTS.flatmap(_texted))
_EASY_LEAF = _element(_EASY, _TEXTS.flatmap(_texted))
_HOLDER = _element(_HOLDERS, st.lists(_LEAF, max_size=3).map("".join))
_MEDIA = _element(
    ("media:group", "media:content"),
    st.lists(_element(("media:title", "media:description", "media:credit"), _TEXTS.flatmap(_texted))).map("".join),
)
_SOURCE = _element(("source",), st.lists(_element(("title", "id", "updated"), _TEXTS.flatmap(_texted))).map("".join))
_CHILD = st.sampled_from((_EASY_LEAF,) * 12 + (_LEAF, _HOLDER, _MEDIA, _SOURCE)).flatmap(lambda kind: kind)


@st.composite
def made_feeds(draw: st.DrawFn) -> bytes:
    """Return a feed that is nearly always well-formed."""
    root, entry = draw(st.sampled_from((("rss", "item"), ("rss", "item"), ("feed", "entry"), ("feed", "item"))))
    entries = [
        f"<{entry}>{''.join(draw(st.lists(_CHILD, max_size=6)))}</{entry}>" for _ in range(draw(st.integers(0, 3)))
    ]
    head = "".join(draw(st.lists(_CHILD, max_size=2)))
    inner = "".join((head, *entries, draw(st.sampled_from(("", "<ttl>60</ttl>", "<title>end</title>")))))
    declaration = draw(st.sampled_from(("", '<?xml version="1.0"?>', '<?xml version="1.0" encoding="UTF-8"?>\n')))
    own = f" xmlns={quoteattr(_NAMESPACES['atom'])}" if root == "feed" else ' version="2.0"'
    whole = inner if root == "feed" else f"<channel>{inner}</channel>"
    return f"{declaration}<{root}{own}{_DECLARED}>{whole}</{root}>".encode()
