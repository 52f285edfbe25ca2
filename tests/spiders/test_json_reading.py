"""JSON of strangers, in every form that a field may come in."""

from __future__ import annotations

import pytest

from facts.document import Capture
from facts.errors import Unreadable
from spiders.json_reading import list_in, read_object, texts, whole_number, words
from tests.spiders.conftest import NOW


def capture(body: bytes) -> Capture:
    return Capture(url="https://a.example/", status=200, headers=(), body=body, media_type="", fetched_at=NOW)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("x", "x"), (1, "1"), (1.5, "1.5"), (True, ""), (None, ""), ([], ""), ({}, "")],
)
def test_words_are_of_text_and_numbers(value: object, expected: str) -> None:
    """All else is none."""
    assert words({"a": value}, "a") == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("12", 12), (12, 12), (0, 0), (-1, None), ("1_0", None), ("٣", None), ("9" * 10, None), (1.5, None), (None, None)],
)
def test_counts_are_whole_numbers(value: object, expected: int | None) -> None:
    """Whether they come as text or not."""
    assert whole_number({"a": value}, "a") == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(["a", "", " ", None, 1, "b"], ["a", "b"]), ([{"name": "a"}, {"name": None}, {}], ["a"]), ("a", []), (None, [])],
)
def test_texts_of_a_list(value: object, expected: list[str]) -> None:
    """Objects are told by their names."""
    assert texts({"a": value}, "a") == expected


def test_an_answer_is_an_object_with_its_list() -> None:
    """A list, a number or null has none."""
    assert list_in(read_object(capture(b'\xef\xbb\xbf{"rows": [1]}'), "rows"), "rows", capture(b""), "rows") == [1]
    for body in (b"[]", b"1", b"null", b'{"rows": {}}'):
        with pytest.raises(Unreadable, match="without a list of rows"):
            list_in(read_object(capture(body), "rows"), "rows", capture(body), "rows")
    for body in (b"", b"{", b"<html>"):
        with pytest.raises(Unreadable, match="expected the JSON of rows"):
            read_object(capture(body), "rows")
