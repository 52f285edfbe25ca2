"""The selectors of a stanza, on pages that were not made for them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from facts.errors import Unreadable
from spiders.selecting import Selectors, read_listing, selected_text

URL = "https://ledger.example.org/news"


def test_an_attribute_of_no_name_hides_no_other() -> None:
    """What is broken in a tag, such as a control character, is a name to the parser."""
    page = b"<li><a \x02='1' href='/a'>Mayor answers</a><time \xb4\x02='1' datetime='2026-08-05T00:00Z'>now</time></li>"
    selectors = Selectors(item="li", link="a[href]", title=None, date="time")
    (entry,) = read_listing(page, (), URL, selectors)

    assert (entry.url, entry.title) == ("https://ledger.example.org/a", "Mayor answers")
    assert entry.published_at == datetime(2026, 8, 5, tzinfo=UTC)


def test_a_selector_that_matches_nothing_is_said() -> None:
    """With the selector, since it may be wrong."""
    with pytest.raises(Unreadable, match=r"selector 'main' matched nothing"):
        selected_text(b"<p>A</p>", (), URL, "main")
