"""What feedparser makes of the names in a feed, as far as the fast reader needs it. Pure.

feedparser folds namespaces and the case of names into one flat name: `<dc:date>` of whatever prefix is `dc_date`,
`<atom:link>` is `link`. A name it has no rule for is kept and touches nothing else.
"""

from __future__ import annotations

import re
from enum import IntEnum, auto

_NO_PREFIX = (
    "", "http://backend.userland.com/rss", "http://blogs.law.harvard.edu/tech/rss", "http://purl.org/rss/1.0/",
    "http://my.netscape.com/rdf/simple/0.9/", "http://example.com/newformat#", "http://example.com/necho",
    "http://purl.org/echo/", "uri/of/echo/namespace#", "http://purl.org/pie/", "http://purl.org/atom/ns#",
    "http://www.w3.org/2005/atom", "http://purl.org/rss/1.0/modules/rss091#",
)  # fmt: skip
#: By lowercased namespace, since feedparser compares them so: all that have a rule there, and common ones.
_PREFIXES = {
    **dict.fromkeys(_NO_PREFIX, ""),
    "http://webns.net/mvcb/": "admin",
    "http://web.resource.org/cc/": "cc",
    "http://creativecommons.org/ns#license": "cc",
    "http://cyber.law.harvard.edu/rss/creativecommonsrssmodule.html": "creativecommons",
    "http://backend.userland.com/creativecommonsrssmodule": "creativecommons",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.w3.org/2003/01/geo/wgs84_pos#": "geo",
    "http://www.georss.org/georss": "georss",
    "http://www.opengis.net/gml": "gml",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://example.com/dtds/podcast-1.0.dtd": "itunes",
    "http://search.yahoo.com/mrss": "media",
    "http://search.yahoo.com/mrss/": "media",
    "http://podlove.org/simple-chapters": "psc",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://purl.org/rss/1.0/modules/slash/": "slash",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    "http://purl.org/rss/1.0/modules/taxonomy/": "taxo",
    "http://purl.org/rss/1.0/modules/threading/": "thr",
    "http://madskills.com/public/xml/rss/module/trackback/": "trackback",
    "http://wellformedweb.org/commentapi/": "wfw",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://www.w3.org/1999/xlink": "xlink",
}  # fmt: skip
#: The prefixes of all namespaces that feedparser knows. One of them bound to another namespace is beyond this module.
RESERVED = frozenset(
    ("admin", "ag", "annotate", "audio", "blogchannel", "cc", "creativecommons", "co", "content", "cp", "dc", "dcterms",
     "email", "ev", "feedburner", "fm", "foaf", "geo", "georss", "gml", "icbm", "image", "itunes", "l", "media",
     "pingback", "prism", "rdf", "rdfs", "ref", "reqv", "search", "slash", "soap", "ss", "str", "sub", "sy", "szf",
     "taxo", "thr", "ti", "trackback", "wfw", "wiki", "xhtml", "xlink", "xml", "psc")
)  # fmt: skip
_LONGEST_PREFIX = 99
_DECLARED = re.compile(rb"""xmlns:([^\s=]{1,99})\s*=\s*(?:"([^"]*)"|'([^']*)')""")


class Role(IntEnum):
    """What an element of a feed is for."""

    #: feedparser has no rule for it, and keeps it apart.
    UNKNOWN = auto()
    #: Its rule touches nothing that is read here.
    INERT = auto()
    #: feedparser has a rule that the fast reader does not follow.
    HARD = auto()
    TITLE = auto()
    MEDIA_TITLE = auto()
    LINK = auto()
    GUID = auto()
    PUBLISHED = auto()
    UPDATED = auto()
    CREATED = auto()
    SUMMARY = auto()
    DESCRIPTION = auto()
    CONTENT = auto()
    ENCLOSURE = auto()
    #: Holds others, and is nothing itself.
    GROUP = auto()
    #: Of a person: name, address, e-mail.
    PERSON = auto()
    SOURCE = auto()
    IMAGE = auto()
    ENTRY = auto()
    CHANNEL = auto()


#: Every name that feedparser has a rule for is one of these or HARD; tests/spiders/test_feed_names.py holds that.
_ROLES = {
    **dict.fromkeys(("title", "dc_title"), Role.TITLE),
    "media_title": Role.MEDIA_TITLE,
    "link": Role.LINK,
    **dict.fromkeys(("guid", "id"), Role.GUID),
    **dict.fromkeys(("published", "issued", "pubdate", "dcterms_issued"), Role.PUBLISHED),
    **dict.fromkeys(("updated", "modified", "lastbuilddate", "dc_date", "dcterms_modified"), Role.UPDATED),
    **dict.fromkeys(("created", "dcterms_created"), Role.CREATED),
    **dict.fromkeys(("summary", "itunes_summary"), Role.SUMMARY),
    **dict.fromkeys(("description", "dc_description", "media_description"), Role.DESCRIPTION),
    **dict.fromkeys(("content", "content_encoded", "fullitem"), Role.CONTENT),
    "enclosure": Role.ENCLOSURE,
    **dict.fromkeys(("media_group", "media_content"), Role.GROUP),
    **dict.fromkeys(("author", "contributor", "dc_author", "dc_creator", "itunes_author", "itunes_owner"), Role.PERSON),
    "source": Role.SOURCE,
    "image": Role.IMAGE,
    **dict.fromkeys(("item", "entry"), Role.ENTRY),
    "channel": Role.CHANNEL,
    **dict.fromkeys(
        ("category", "cloud", "copyright", "dc_contributor", "dc_language", "dc_publisher", "dc_rights", "dc_subject",
         "dcterms_valid", "email", "expirationdate", "generator", "height", "homepage",
         "info", "itunes_block", "itunes_category", "itunes_email", "itunes_explicit", "itunes_image",
         "itunes_keywords", "itunes_name", "itunes_subtitle",
         "keywords", "language", "managingeditor", "media_category", "media_credit", "media_keywords",
         "media_rating", "media_thumbnail", "name", "rights", "subtitle", "tagline", "uri", "url",
         "webmaster", "width", "admin_generatoragent", "admin_errorreportsto", "georss_point",
         "feedburner_browserfriendly"),
        Role.INERT,
    ),
}  # fmt: skip
_HARD = frozenset(
    ("abstract", "body", "cc_license", "creativecommons_license", "feed", "geom", "georss_box", "georss_line",
     "georss_polygon", "georss_where", "georssgeom", "gml_exterior", "gml_linearring", "gml_linestring", "gml_point",
     "gml_polygon", "gml_pos", "gml_poslist", "itunes_link", "media_license", "media_player", "media_restriction",
     "newlocation", "psc_chapter", "psc_chapters", "rss", "tags", "textinput", "where", "xhtml_body",
     # No rules, but names under which feedparser keeps what rules make.
     "authors", "date", "contributors", "enclosures", "links", "svg", "math", "rdf_rdf")
)  # fmt: skip


def role_of(name: str) -> Role:
    """Return what an element of this flat name is for."""
    return Role.HARD if name in _HARD else _ROLES.get(name, Role.UNKNOWN)


def flat_name(tag: str, prefix: str | None) -> str | None:
    """Return feedparser's name for an element, from its name in Clark's notation; None for one it may read otherwise.

    An unknown namespace counts by the prefix it is declared with; without one its names would count as RSS's own.
    """
    namespace, _, local = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
    known = _PREFIXES.get(namespace.lower())
    if known is None:
        if not prefix or len(prefix) > _LONGEST_PREFIX or prefix.lower() in RESERVED:
            return None
        known = prefix.lower()
    return f"{known}_{local.lower()}" if known else local.lower()


def plain_namespaces(body: bytes) -> bool:
    """Return whether each prefix stands for one namespace in the whole feed, and a reserved one for its own."""
    bound: dict[str, str] = {}
    for prefix, double, single in _DECLARED.findall(body):
        name, uri = prefix.decode("utf-8", "replace").lower(), (double or single).decode("utf-8", "replace").lower()
        if bound.setdefault(name, uri) != uri or not _is_plain(name, uri):
            return False
    return True


def _is_plain(prefix: str, uri: str) -> bool:
    # feedparser compares by a part of this one; expat parts names by a blank.
    if "backend.userland.com" in uri or any(mark in uri for mark in "& \t\r\n"):
        return False
    return prefix not in RESERVED or prefix == _PREFIXES.get(uri)
