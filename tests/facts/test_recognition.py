"""Recognition: when a document is one that the archive holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from facts.document import Document, Known
from facts.recognition import ENOUGH_WORDS, names_of, recognise, stand_apart
from tests.facts.samples import document

NOON = datetime(2017, 8, 3, 12, 0, 7, tzinfo=UTC)
LONG = " ".join(f"word{number}" for number in range(ENOUGH_WORDS))
OTHER = " ".join(f"other{number}" for number in range(ENOUGH_WORDS))


def seen(**changes: Any) -> Document:
    """Return a document with every name."""
    values: dict[str, Any] = {
        "url": "https://city.example/news/1",
        "title": "Mayor answers the federal letter",
        "text": LONG,
        "published_at": NOON,
        "guid": "4711",
    }
    return document(**(values | changes))


def again(first: Document, second: Document) -> bool:
    """Return whether the second is recognised as the first, in an archive that holds no other."""
    held = Known(
        url=first.url,
        title=first.title,
        text=first.text,
        digest=first.digest,
        published_at=first.published_at,
        version=1,
        backlog=False,
    )
    known = dict.fromkeys([first.url, *names_of(first, first.digest).every], held)
    found = recognise(second, second.digest, names_of(second, second.digest), known)
    assert found in (None, held)
    return found is held


def test_a_guid_that_changes_is_no_other_document() -> None:
    """Nor one that is missing or empty, at the same link or a twin of it."""
    for guid in ("4712", None, "", " "):
        assert again(seen(), seen(guid=guid))
        assert again(seen(guid=guid), seen(url="http://www.city.example/news/1/", guid="x", text=OTHER))


def test_a_link_that_changes_is_no_other_document() -> None:
    """With guid and text, nearly, it is an edited slug: with the headline too, when the moment is the same."""
    moved = seen(url="https://city.example/news/new", text=f"Updated. {LONG}")

    assert again(seen(), moved)
    assert again(seen(), replace(moved, published_at=None))
    assert again(seen(), replace(moved, title="City answers"))
    assert not again(seen(), replace(moved, title="City answers", published_at=NOON + timedelta(seconds=1)))


def test_a_guid_used_again_is_another_document() -> None:
    """At another link, with quite another text: whatever else is the same."""
    other = seen(url="https://city.example/news/2", text=OTHER)

    assert not again(seen(), other)
    assert not again(seen(), replace(other, title="Council meets", text="At seven."))


def test_a_guid_used_again_at_its_link_is_an_edit() -> None:
    """The same guid and link with a new text are a new version."""
    assert again(seen(), seen(title="Quite new", text=OTHER))


def test_an_item_republished_is_no_other_document() -> None:
    """Known by its contents: the text of some length, whatever the date; or title and day with nearly the text."""
    new = seen(url="https://city.example/2017/news", guid="new", published_at=NOON + timedelta(days=40))

    assert again(seen(), new)
    assert not again(seen(text="Read more."), replace(new, text="Read more."))
    assert again(seen(text="Read more."), replace(new, text="Read more.", published_at=NOON + timedelta(hours=2)))
    assert not again(seen(), replace(new, text=OTHER, published_at=NOON))


def test_a_common_title_tells_nothing() -> None:
    """Two press releases of one day are two, however short their texts are."""
    one = seen(title="Press release", text="Read more.")

    assert not again(one, replace(one, url="https://city.example/news/2", guid="x"))


def test_an_entry_of_a_shared_address_is_told_by_its_title() -> None:
    """The front page as everybody's link: an entry keeps its place when another joins it, and when that one leaves."""
    front = "https://city.example/"
    alone, beside = seen(url=front), seen(url=f"{front}#mayor", guid="new", text=LONG + " more")

    assert again(alone, beside)
    assert again(beside, alone)
    assert again(replace(alone, published_at=None, text="Short."), replace(beside, published_at=None, text="Short."))
    assert not again(alone, seen(url=f"{front}#council", guid="x", title="Council meets", text=OTHER))


def test_what_was_taken_for_another_comes_apart() -> None:
    """An address that was given for a document once is its own as soon as it says something else."""
    held = Known(
        url="https://city.example/a",
        title="A",
        text=LONG,
        digest="d",
        published_at=None,
        version=1,
        backlog=False,
    )
    other = seen(url="https://city.example/b", title="B", guid=None)
    names = names_of(other, other.digest)

    assert recognise(other, other.digest, names, {names.link: held}) is held
    for guid in (None, other.url):  # a guid that is the link itself says nothing more
        apart = replace(other, text=OTHER, guid=guid)
        assert recognise(apart, apart.digest, names_of(apart, apart.digest), {names.link: held}) is None
    told = replace(other, text=OTHER, guid="4711")
    known = {names.link: held, names_of(told, told.digest).guid or "": held}
    assert recognise(told, told.digest, names_of(told, told.digest), known) is held


def test_what_is_shown_side_by_side_is_two() -> None:
    """At two addresses at once: unless it is the same text, at a twin or of some length."""
    held = Known(url=seen().url, title="", text="", digest=seen().digest, published_at=None, version=1, backlog=False)
    short = seen(text="Short.")

    assert not stand_apart(held, seen(text=OTHER), "other")
    assert stand_apart(held, seen(url="http://city.example/news/1", text=OTHER), "other")
    assert stand_apart(replace(held, digest=short.digest), replace(short, url="https://city.example/2"), short.digest)
    for same in (seen(url="https://city.example/2"), replace(short, url="https://www.city.example/news/1")):
        assert not stand_apart(replace(held, digest=same.digest), same, same.digest)


@given(st.text(st.characters(codec=None)), st.text(st.characters(codec=None)), st.text(st.characters(codec=None)))
def test_names_are_short(title: str, guid: str, url: str) -> None:
    """Whatever a feed says; and a guid that is the link adds no name."""
    hostile = seen(title=title * 500, guid=guid * 500, url=url)
    names = names_of(hostile, hostile.digest)

    assert all(len(name) < 40 for name in names.every)
    assert names == names_of(hostile, hostile.digest)
    linked = seen(guid="http://www.city.example/news/1")
    assert names_of(linked, linked.digest).guid == names_of(linked, linked.digest).link
