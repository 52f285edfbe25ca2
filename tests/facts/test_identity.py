from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from facts.alert import Reason, alert_id, delivery_id, source_alert_id
from facts.document import snapshot_id
from facts.event import event_id
from facts.identity import ID_LENGTH, digest_bytes, digest_text, make_id
from facts.story import story_id
from tests.facts.samples import NOON, place

PARTS = st.lists(st.text(st.characters(codec=None), max_size=12), min_size=1, max_size=4).map(tuple)


@given(PARTS)
def test_an_id_is_stable_and_short(parts: tuple[str, ...]) -> None:
    """The same parts give the same hex id of a fixed length, lone surrogates included."""
    assert make_id(*parts) == make_id(*parts)
    assert len(make_id(*parts)) == ID_LENGTH


@given(PARTS, PARTS)
def test_other_parts_give_another_id(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    """Different parts, or the same letters cut elsewhere, never share an id."""
    assert (one == other) == (make_id(*one) == make_id(*other))


def test_ids_do_not_change_between_versions() -> None:
    """Ids are in people's links and archives: these are the ones the first version made."""
    assert make_id("a", "b") == "facdde7abf1eac5b3012"
    assert snapshot_id("doj", "https://example.org/a", 1, "0" * 64) != snapshot_id(
        "doj", "https://example.org/a", 2, "0" * 64
    )
    assert event_id("s", "funding_condition_letter") != event_id("s", "city_response")
    assert story_id("e") == story_id("e")


def test_an_alert_is_one_for_each_story_label_place_and_route() -> None:
    """Any of the four makes another alert; nothing else does."""
    base = alert_id("story", "label", None, "route")

    assert alert_id("story", "label", None, "route") == base
    others = [
        alert_id("other", "label", None, "route"),
        alert_id("story", "other", None, "route"),
        alert_id("story", "label", place("Stockton", "CA"), "route"),
        alert_id("story", "label", None, "other"),
    ]
    assert len({base, *others}) == 5


def test_health_alerts_and_deliveries_have_ids_of_their_own() -> None:
    """One alert for each turn of a source; one delivery for each channel and content."""
    turned = source_alert_id("doj", Reason.SOURCE_FAILING, NOON, "ops")

    assert turned == source_alert_id("doj", Reason.SOURCE_FAILING, NOON, "ops")
    assert turned != source_alert_id("doj", Reason.SOURCE_RECOVERED, NOON, "ops")
    assert delivery_id("desk", "a") != delivery_id("mail", "a")


def test_digests_are_sha256() -> None:
    """Anyone can check a digest with the tools they have."""
    assert digest_text("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert digest_text("abc") == digest_bytes(b"abc")
