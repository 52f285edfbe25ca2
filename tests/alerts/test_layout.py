"""The tests of alerts.layout."""

from __future__ import annotations

from alerts.layout import MOST_NAMES, REPEAT, addresses, bulletin_lines, kind, lead, names, rows, text_lines
from alerts.router import source_alert
from alerts.wording import compose
from facts.alert import Reason
from tests.alerts.material import NOW, PUBLIC_URL, bulletin, letter_message, quiet_bulletin, response_message


def test_many_names_are_counted() -> None:
    """From the ninth on, names are counted."""
    cities = [f"City {number}, NM" for number in range(32)]

    assert names(cities).endswith("City 7, NM; and 24 more")
    assert "more" not in names(cities[:MOST_NAMES])


def test_rows_leave_out_what_is_not_known() -> None:
    """A response without deadline has no such row."""
    assert "Deadline" in dict(rows(letter_message()))
    assert "Deadline" not in dict(rows(response_message()))


def test_every_reason_has_a_lead() -> None:
    """No reason is without words."""
    assert all(lead(letter_message(reason=reason)) for reason in Reason)


def test_health_says_its_kind_once() -> None:
    """A failing source is not called failing twice."""
    told = source_alert("doj", Reason.SOURCE_FAILING, NOW, "no answer", "desk", NOW)
    message = compose(told, None, public_url=PUBLIC_URL)

    assert kind(message) == ""
    assert text_lines(message) == ["Source failing", "doj: no answer", "  Source:     doj"]


def test_an_address_that_cannot_be_checked_is_not_linked() -> None:
    """Only our copy is linked then."""
    message = letter_message(url="https://evil.example\\@justice.gov/")

    assert [term for term, _ in addresses(message)] == ["Archived"]


def test_words_of_a_scan_are_to_be_checked() -> None:
    """A program can misread a name or a date; words that stand in the document need no such row."""
    said = dict(rows(letter_message(recognised_by="tesseract 5.5.4")))

    assert said["Scan"] == "words recognised by tesseract 5.5.4; check them in the copy"
    assert "Scan" not in dict(rows(letter_message()))


def test_what_a_copy_adds_is_no_change() -> None:
    """The news itself is a copy; in a notice of an edit something changed."""
    assert dict(rows(letter_message(note="its text is that of wire")))["Copy"] == "its text is that of wire"
    assert "What changed" in dict(rows(letter_message(note="version 2", reason=Reason.EDITED)))


def test_a_possible_repeat_says_so() -> None:
    """A second try after a lost answer tells the reader."""
    assert REPEAT in text_lines(response_message())


def test_a_digest_in_lines() -> None:
    """A digest names its sections and the failing sources; a quiet one says so."""
    told, quiet = bulletin_lines(bulletin()), bulletin_lines(quiet_bulletin())

    assert [each for each in told if each.isupper()] == ["LETTERS", "RESPONSES", "GRANT AWARD", "FAILING SOURCES"]
    assert quiet[2] == "Nothing new today."
