from __future__ import annotations

from datetime import timedelta

import pytest

from spiders.ttl import feed_ttl

RSS = (
    b'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>%b<item><title>y</title></item></channel></rss>'
)


@pytest.mark.parametrize(
    ("inside", "minutes"),
    [
        (b"<ttl>60</ttl>", 60),
        (b"<TTL>\n 5 </TTL>", 5),
        (b"<ttl>999999999</ttl>", 999_999_999),
        (b"<ttl>0</ttl>", None),
        (b"<ttl>-5</ttl>", None),
        (b"<ttl>1h</ttl>", None),
        (b"<ttl>" + b"9" * 5000 + b"</ttl>", None),
        (b"<ttl>" + b" " * 100_000, None),
        (b"<ttl/>", None),
        (b"<item><ttl>60</ttl></item>", None),
        (b"", None),
    ],
)
def test_the_ttl_of_a_channel(inside: bytes, minutes: int | None) -> None:
    """In minutes; one of an item is not the channel's."""
    assert feed_ttl(RSS % inside) == (timedelta(minutes=minutes) if minutes else None)


def test_what_is_no_feed_asks_nothing() -> None:
    """Nor does one whose ttl comes after its items."""
    assert feed_ttl(b"") is None
    assert feed_ttl(b"<feed><entry/><ttl>5</ttl></feed>") is None
