"""The tests of alerts.payload."""

from __future__ import annotations

import json

from alerts.payload import bulletin_payload, payload
from tests.alerts.material import PAYLOADS, bulletin, bulletin_of, filled, letter_message, raw, response_message

KEYS = {
    *("alert_id", "reason", "label", "kind", "title", "place", "places", "agencies", "programs", "deadline"),
    *("deadline_words", "conditions", "evidence", "url", "host", "source", "published_at", "archived_url"),
    "possible_repeat",
    "note",
    "recognised_by",
}


def test_an_alert_as_json() -> None:
    """The keys are those people script against; dates are ISO 8601."""
    values = payload(letter_message())

    assert set(values) == KEYS
    assert values["deadline"] == "2017-08-18"
    assert values["published_at"] == "2017-08-03T00:00:00+00:00"
    assert values["conditions"] == ["jail_access", "release_notice"]
    assert values["place"] is None


def test_a_response_names_its_place() -> None:
    """A follow-up carries its place by id, and nulls where nothing is known."""
    values = payload(response_message())

    assert values["place"] == {"name": "Albuquerque", "state": "NM", "kind": "city", "id": "geonames:5454711"}
    assert values["deadline"] is None
    assert values["possible_repeat"]


def test_a_digest_as_json() -> None:
    """A digest holds its entries under their headings."""
    values = bulletin_payload(bulletin())

    assert [(each["heading"], len(each["entries"])) for each in values["sections"]] == [
        ("Letters", 1),
        ("Responses", 2),
        ("Grant award", 1),
    ]
    assert values["date"] == "2017-08-04"


def test_every_string_can_be_sent() -> None:
    """Whatever came in, the JSON is valid UTF-8, without controls."""
    for text in PAYLOADS:
        for values in (payload(filled(text)), payload(raw(text)), bulletin_payload(bulletin_of(text))):
            sent = json.dumps(values, ensure_ascii=False).encode()

            assert values == json.loads(sent)
            assert not set(sent.decode()) & set("\x00\x1b\u202e\u200b")
