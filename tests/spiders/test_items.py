"""Items, and what a source looked like by them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from facts.visit import Shape
from spiders.items import Item, shape_of, usable_guid
from tests.spiders.conftest import NOW


def item(title: str = "a", text: str = "b", published_at: datetime | None = NOW) -> Item:
    return Item(url="https://x.example/", title=title, text=text, published_at=published_at, letters=())


def test_the_shape_counts_what_is_filled_in() -> None:
    """And its newest date is none that lies ahead."""
    day = timedelta(days=1)
    items = [item(title=""), item(text="", published_at=NOW - day), item(published_at=NOW + day), item("", "", None)]

    assert Shape(items=4, dated=3, titled=2, worded=2, newest=NOW, layout="l") == shape_of(items, NOW, "l")
    assert Shape(items=0, dated=0, titled=0, worded=0) == shape_of([], NOW)


@pytest.mark.parametrize(
    ("stated", "expected"), [(" tag:a,2026:1\n", "tag:a,2026:1"), ("", None), (" \x00", None), ("x" * 5000, None)]
)
def test_a_guid_is_a_name(stated: str, expected: str | None) -> None:
    """Empty ones and texts name nothing."""
    assert expected == usable_guid(stated)
