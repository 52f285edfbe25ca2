from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from facts.document import next_version
from tests.facts.samples import capture, document, snapshot


def test_first_sight_is_version_one() -> None:
    """A document never seen makes version 1."""
    assert next_version("d" * 64, None) == 1


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_new_version_only_when_the_normalised_text_changed(before: str, after: str) -> None:
    """The digest of title and text decides, not the bytes around them."""
    seen = document(text=before)
    latest = snapshot(digest=seen.digest, version=4)
    now = document(text=after, capture=capture(body=after.encode("utf-8", "surrogatepass")))

    assert next_version(now.digest, latest) == (None if now.digest == seen.digest else 5)


def test_a_capture_knows_its_digest() -> None:
    """The digest is that of the body as received."""
    assert capture(body=b"abc").body_digest.startswith("ba7816bf")
