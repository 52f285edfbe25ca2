"""Words that the fuzzer puts into its inputs: what the formats that are read are made of."""

from __future__ import annotations

FEED = (
    "<item>", "</item>", "<entry>", "</entry>", "<title>", "</title>", "<title type='html'>", "<link>",
    "<link href='/a'/>", "<link rel='enclosure' href='/a.pdf'/>", "<guid>", "<guid isPermaLink='false'>", "<id>",
    "<description>", "<summary>", "<content type='xhtml'>", "<content:encoded>", "<pubDate>", "<updated>",
    "<dc:date>", "<source>", "<media:group>", "<enclosure url='/a.pdf'/>", "<ttl>", "<![CDATA[", "]]>", "<!--", "-->",
    "<?x ?>", "&#38;", "&lt;", "&nbsp;", "&#x202E;", "&#xD800;", "xmlns='http://www.w3.org/2005/Atom'",
    "xmlns:p='http://purl.org/dc/elements/1.1/'", "xml:base='/b/'", "<!DOCTYPE rss [", "<!ENTITY a 'b'>",
    "<?xml version='1.0' encoding='utf-16'?>", "rdf:about='urn:a'",
)  # fmt: skip
PAGE = (
    "<article>", "</article>", "<main>", "<p>", "</p>", "<h1>", "<h2>", "<div class='item'>", "<ul><li>", "</li>",
    "<table>", "<nav>", "<footer>", "<aside class='related'>", "<template>", "<svg>", "<math>", "<noscript>",
    "<iframe src='/a'>", "<script type='application/ld+json'>",
    '{"@type":"NewsArticle","articleBody":"a","datePublished":"2026-08-05"}', '"isAccessibleForFree":false',
    "</script>", "style='display:none'", " hidden ", "<base href='//b.example/'>", "<meta charset='utf-16'>",
    "<meta property='article:published_time' content='2026-08-05'>", "<meta property='og:title' content='T'>",
    "<meta property='og:site_name' content='S'>", "<title>", "<title>A | S</title>",
    "<link rel='canonical' href='/a'>", "<link rel=alternate type='application/rss+xml' href='/feed'>",
    "<time datetime='x'>", "<input type=password>", "<a href='/a.pdf'>", "<a href='/news/2'>",
    "subscribe to continue reading", "bm-verify", "Just a moment...", "<form action='/_sec/verify'>", "&#xD800;",
    "&nbsp;", "<!--", "-->", "\x00",
)  # fmt: skip
SITEMAP = (
    "<urlset>", "<url>", "</url>", "<loc>", "</loc>", "<lastmod>2026-08-05</lastmod>", "<sitemapindex>", "<sitemap>",
    "<news:news>", "<news:title>", "<news:publication_date>", "&a;", "<!DOCTYPE x [<!ENTITY a 'b'>]>", "/2026/08/05/",
    "?yyyy=2026&mm=02&dd=30", "https://ledger.example.org/a", "Sitemap: /a.xml\n", "<![CDATA[", "]]>",
)  # fmt: skip
JSON = (
    '"results":[', '"metadata":{"resultset":{"count":"1"}}', '"title":', "\"body\":\"<p>a<a href='/a.pdf'>b\"",
    '"url":"/a"', '"created":"1785945600"', '"attachment":[{"a":"/b.pdf"}]', '"uuid":', '"data":{"oppHits":[',
    '"errorcode":0', '"id":"1"', '"html_url":"/a"', '"publication_date":"2026-08-05"', '"filed_at":',
    '"agencies":[{"name":"x"}]', '"count":0', "NaN", "1e999", "-Infinity", "\\ud800", "\\u0000", "null", "true", "{",
    "}", "[", "]", ",", "<",
)  # fmt: skip
ROBOTS = (
    "User-agent: *\n", "User-agent: Pursestrings\n", "Disallow: /", "Allow: /", "Crawl-delay: 1e999\n",
    "Crawl-delay: nan\n", "Request-rate: 1/1s 0600-0845\n", "Visit-time: 0000-2400\n", "Sitemap: ", "*", "$", "%2F",
    "%", "#", "\u2028", "\r", "Host: ",
)  # fmt: skip
PDF = (
    "1 0 obj", "endobj", "stream\n", "endstream", "/Length 9", "/FlateDecode", "/Type /Page", "/Kids [1 0 R]", "xref",
    "trailer", "startxref", "/ObjStm", "/Encrypt", "BT", "ET", "Tj", "/Title (\\376\\377)", "/ToUnicode", "/Annots",
    "/Rotate -90",
)  # fmt: skip
TEXT = (
    "https://", "http://", "//", "www.", "@", ":443", "[::1]", "%2F", "%00", "?utm_source=a", "&cid=1", "#", "..",
    ";", "\\", "\t", "\u0430", "\xdf", "\u3002", "xn--", "\u202e", "\u0301", "\u1100", "\ufb01", "\x1e", "\u2028",
    "=?utf-8?q?", "?=", "<!here>", "&amp;", "OR", "-", '"', "NEAR(", "2026-08-05", "Aug. 5, 2026", "T16:05:00",
    "+99:99", " EDT", "p.m.", "9999-12-31", "0001-01-01", "max-age=", "Page not found", "404", "\u0130", "\u017f",
    "\u1e9e",
)  # fmt: skip
LETTER = (
    "by Aug. 18", "within 30 days", "within five business days", "no later than ", "the Department of Justice ",
    "Stockton, Calif.", "Cook County", "the city ", "Mayor ", " will not comply", " agreed to ",
    "as a condition of the grant, ", "must certify ", "detainers", "sanctuary", "Public Safety Partnership ",
    "WASHINGTON (AP) \u2014 ", "Dear Mayor Okafor:", "\n\n", ". ", "Feb. 29", "Washington", "funding", "withhold",
    "lawsuit", "\u2019", "\ufb01", "\xad", "\x1e",
)  # fmt: skip
TOML = (
    "[a]", "[[a]]", "[a.b]", "a.b = 1\n", '"""', "'''", '"', "'", "{", "}", "[", "]", ",", "=", "#", "\n", "\r\n",
    "\\", "\\u0041", " = ", "1979-05-27T07:32:00Z", "true", "-nan", "[[a.b]]", '"a.b"', "''", '""',
)  # fmt: skip
OPML = (
    "<opml>", "<body>", "<outline xmlUrl='https://a.example/'/>", "<outline text='a'>", "</outline>", "<!DOCTYPE a [",
    "<!ENTITY a 'b'>", "&a;", "<?xml version='1.0' encoding='x-none'?>", "encoding='utf-16'", "XMLURL='a'", "&#10;",
    "&#x85;",
)  # fmt: skip
