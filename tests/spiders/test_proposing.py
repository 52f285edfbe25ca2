"""Which stanza would read what was seen."""

from __future__ import annotations

import json

import pytest

from spiders.proposing import Proposal, propose
from tests.spiders.test_feed_looks import entry, rss
from tests.spiders.test_layouts import SHAPES, page
from tests.spiders.test_recognising import DOJ, JSON_FEED, NEWS, URL, seen


@pytest.mark.parametrize(
    ("body", "proposal"),
    [
        (
            rss(entry(1)),
            Proposal(kind="feed", keys={"spider": "feed", "url": URL, "follow": True, "every": "30m"}),
        ),
        (NEWS, Proposal(kind="sitemap", keys={"spider": "sitemap", "url": URL, "every": "30m"})),
        (
            page(SHAPES["drupal"]).encode(),
            Proposal(
                kind="listing",
                keys={
                    "spider": "listing",
                    "url": URL,
                    "item": "div.views-row",
                    "link": "h2 a",
                    "date": "time",
                    "follow": True,
                    "every": "1h",
                },
            ),
        ),
        (
            b"<html><body><p>Terms.</p></body></html>",
            Proposal(kind="page", keys={"spider": "page", "url": URL, "every": "6h"}),
        ),
        (
            b"<html><body><div id=root></div><script src=/app.js></script></body></html>",
            Proposal(kind="page", keys={"spider": "page", "url": URL, "browser": True, "every": "6h"}),
        ),
        (json.dumps(DOJ).encode(), Proposal(kind="doj_api", keys={"spider": "doj_api", "url": URL, "every": "30m"})),
        (b"%PDF-1.7", Proposal(kind="page", keys={"spider": "page", "url": URL, "every": "6h"})),
        (json.dumps(JSON_FEED).encode(), None),
        (b"", None),
    ],
)  # fmt: skip
def test_a_stanza_is_proposed_for_what_a_kind_reads(body: bytes, proposal: Proposal | None) -> None:
    """And none for what nobody reads."""
    assert propose(seen(body), URL) == proposal
