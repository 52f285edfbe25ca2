"""The tests of alerts.blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.blocks import Post, alert_post, bulletin_post, escape, fit
from alerts.message import Message
from alerts.router import source_alert
from alerts.wording import compose
from facts.alert import Reason
from tests.alerts.material import (
    NOW,
    PAYLOADS,
    PUBLIC_URL,
    bulletin,
    bulletin_of,
    filled,
    letter_message,
    naughty_strings,
    raw,
)
from tests.rig.slack import problems, texts

_OUR_LINK = re.compile(r"<(https?://[^\s<>|]+)\|([^<>]*)>")
_ENTITY = re.compile(r"&(?:amp|lt|gt);")

#: The fields that hold one string of the outside; the others are of our own making.
OWN = {"alert_id", "archived_url"}
OUTSIDE = [each.name for each in fields(Message) if each.type == "str" and each.name not in OWN]


def bad(post: Post) -> Iterator[str]:
    """Return what Slack would refuse, obey or show as something else in this message."""
    body = {"text": post.text, "blocks": list(post.blocks)}
    yield from problems(body)
    for kind, text in texts(body):
        rest = _OUR_LINK.sub("", text) if kind == "mrkdwn" else text
        if set(rest) & set("<>") or "&" in _ENTITY.sub("", text):
            yield f"unescaped: {rest[:200]}"
        if re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text):
            yield "invisible characters"
        for address, label in _OUR_LINK.findall(text):
            host = re.match(r"https?://([^/?#:]+|\[[^]]+\])", address)
            if label.startswith("Read at ") and (host is None or label != f"Read at {host[1]}"):
                yield f"{address} is shown as {label}"


@pytest.mark.parametrize("field", ["all", "raw", *OUTSIDE])
def test_S14_no_payload_is_obeyed(field: str) -> None:
    """Each payload in every field: nothing unescaped but our own links, each with its host, and within limits."""
    assert len(PAYLOADS) >= 60
    for text in PAYLOADS:
        message = {"all": filled, "raw": raw}.get(field, lambda each: letter_message(**{field: each}))(text)

        assert not list(bad(alert_post(message)))


def test_S14_no_payload_is_obeyed_in_a_digest() -> None:
    """Each payload in every field of a digest of one entry and of sixty."""
    for text in PAYLOADS:
        for count in (1, 60):
            assert not list(bad(bulletin_post(bulletin_of(text, count))))


def test_S14_ten_thousand_messages() -> None:
    """The big list of naughty strings in every field, each string alone and behind a payload."""
    strings = naughty_strings()
    paired = [f"{PAYLOADS[number % len(PAYLOADS)][:50]}{text}" for number, text in enumerate(strings)]
    messages = [letter_message(**{field: text}) for text in [*strings, *paired] for field in OUTSIDE]
    messages += [each(text) for text in [*strings, *paired] for each in (filled, raw)]

    assert not [message for message in messages if list(bad(alert_post(message)))]
    assert len(messages) >= 10_000


@given(st.text(st.characters(), max_size=400))
def test_S14_any_string(text: str) -> None:
    """Whatever the outside says, in every field."""
    assert not list(bad(alert_post(filled(text))))
    assert not list(bad(bulletin_post(bulletin_of(text, 3))))


@given(st.text(st.sampled_from("<>&a ")), st.integers(min_value=8, max_value=60))
def test_fit_never_cuts_an_escape(text: str, limit: int) -> None:
    """An escaped text keeps its limit and whole escapes."""
    fitted = fit(text, limit)

    assert len(fitted) <= limit
    assert "&" not in _ENTITY.sub("", fitted)


def test_escape() -> None:
    """The three characters that Slack obeys, the ampersand first."""
    assert escape("<a&b>&amp;") == "&lt;a&amp;b&gt;&amp;amp;"


def test_an_alert_can_be_found_again() -> None:
    """The alert's id is in the metadata and shown in the last block."""
    post = alert_post(letter_message())

    assert (post.event_type, post.key) == ("pursestrings_alert", letter_message().alert_id)
    assert letter_message().alert_id in str(post.blocks[-1])


def test_the_health_of_a_source_has_no_links() -> None:
    """A failing source is told without facts of a document, and without links."""
    told = source_alert("doj", Reason.SOURCE_FAILING, NOW, "no answer", "desk", NOW)
    post = alert_post(compose(replace(told, source=""), None, public_url=PUBLIC_URL))

    assert post.text == "Source failing: : no answer"
    assert [block["type"] for block in post.blocks] == ["header", "section", "context"]
    assert not list(bad(post))


def test_a_long_digest_counts_what_it_leaves_out() -> None:
    """Of two hundred letters as many are told as fit, the rest is counted and linked."""
    many = tuple(letter_message(alert_id=str(number)) for number in range(200))
    post = bulletin_post(bulletin(sections=(("Letters", many),)))
    told = sum("Read at" in str(block) for block in post.blocks)

    assert not list(bad(post))
    assert told > 10
    assert f"and {200 - told} more. <http://127.0.0.1:8080|Open the archive>" in str(post.blocks[-1])


def test_an_address_of_ours_that_is_no_link_is_shown() -> None:
    """An archive address beyond any link's length leaves the label."""
    post = bulletin_post(bulletin(archive_url="https://a.example/" + "x" * 3_000))

    assert post.blocks[-1]["elements"][0]["text"] == "Open the archive"
