from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from facts.document import Removal
from facts.visit import Remembered
from facts.watch import Watch
from storage.work import Listing
from tests.facts.samples import NOON, capture, document
from tests.storage.conftest import Rig
from tests.storage.samples import judgement, link

HOUR = timedelta(hours=1)
URL = "https://news.example/a"


def watch(**changes: Any) -> Watch:
    base = Watch(source="ledger", url=URL, link_id=None, since=NOON, last_seen=NOON, look_at=NOON + HOUR)
    return replace(base, **changes)


def start(rig: Rig, watch: Watch) -> None:
    """Read the document from a link."""
    rig.store.finish_link(link(source=watch.source), [], backlog=False, watch=watch)


def known(rig: Rig, *names: str) -> None:
    """Archive a page of each name, of a registered source."""
    rig.store.register(["ledger"], NOON)
    pages = [
        document(url=f"https://news.example/{n}", title=f"Page {n}", text=f"Text of {n}.", capture=capture(url=n))
        for n in names
    ]
    rig.store.keep(pages, backlog=False, now=NOON)


def test_a_watch_is_read_back_as_it_was_settled(rig: Rig) -> None:
    """Misses, bounds, and validators byte for byte."""
    known(rig, "a")
    kept = watch(
        misses=2,
        missing_since=NOON,
        found="HTTP 404",
        remembered=Remembered(url=URL, etag='W/"\x80 b"', last_modified="never", body_digest="0" * 64),
    )
    rig.store.settle_look(kept)

    assert rig.store.watch("ledger", URL) == kept
    assert rig.store.watch("ledger", "https://news.example/b") is None


def test_looks_are_claimed_when_due_one_of_each_source_at_a_time(rig: Rig) -> None:
    """A lease holds what is looked at, and its source; what a dead process held is free again."""
    known(rig, "a", "b")
    rig.store.settle_look(watch())
    rig.store.settle_look(watch(url="https://news.example/b", look_at=NOON + 2 * HOUR))

    assert rig.store.claim_looks(NOON, lease=HOUR, limit=5) == []
    (first,) = rig.store.claim_looks(NOON + 3 * HOUR, lease=HOUR, limit=5)
    assert rig.store.claim_looks(NOON + 3 * HOUR, lease=HOUR, limit=5) == []
    rig.store.settle_look(replace(first.watch, look_at=None))
    (second,) = rig.store.claim_looks(NOON + 3 * HOUR, lease=HOUR, limit=5)
    assert [first.watch.url, second.watch.url] == [URL, "https://news.example/b"]
    assert (first.link.url, first.link.title, first.latest.version) == (URL, "Page a", 1)
    assert rig.store.claim_looks(NOON + 3 * HOUR, lease=HOUR, limit=5) == []

    rig.store.free_leases()
    assert len(rig.store.claim_looks(NOON + 3 * HOUR, lease=HOUR, limit=5)) == 1


def test_a_source_that_is_no_longer_named_is_looked_at_no_more(rig: Rig) -> None:
    """Its documents stay in the archive, and are nobody's to ask for."""
    known(rig, "a")
    rig.store.settle_look(watch())
    rig.store.register(["other"], NOON)

    assert rig.store.claim_looks(NOON + HOUR, lease=HOUR, limit=5) == []


def test_a_document_read_again_keeps_its_looks(rig: Rig) -> None:
    """An edited entry is a new link to the same document, whose age does not begin anew; and it was found now."""
    known(rig, "a")
    start(rig, watch(link_id="first"))
    rig.store.settle_look(watch(link_id="first", misses=2, missing_since=NOON, found="HTTP 404"))
    start(rig, watch(link_id="second", since=NOON + HOUR, last_seen=NOON + HOUR, look_at=NOON + 5 * HOUR))
    start(rig, watch(url="https://news.example/unknown"))

    assert rig.store.watch("ledger", URL) == watch(link_id="second", last_seen=NOON + HOUR)
    assert rig.store.watch("ledger", "https://news.example/unknown") is None


def test_what_vanished_from_a_listing_is_looked_at_now(rig: Rig) -> None:
    """A followed page by its own link, another by its presence; what was never archived is nobody's loss."""
    known(rig, "a", "b")
    followed = replace(link(source="ledger"), url="https://news.example/b?from=feed")
    rig.store.finish_link(link(source="ledger"), [followed], backlog=False)
    start(rig, watch(url="https://news.example/b", link_id=followed.id, look_at=None))
    urls = [URL, followed.url, "https://news.example/never"]

    other, now = ("https://news.example/c",), NOON
    rig.store.keep_listings(
        [
            Listing(source="ledger", urls=other, vanished=tuple(urls), last_seen=NOON - HOUR, at=now),
            Listing(source="courier", urls=(URL,), last_seen=NOON, at=now),
        ]
    )

    assert rig.store.listings(["courier", "ledger", "nobody"]) == [(URL,), other, ()]
    assert rig.store.watch("ledger", URL) == watch(last_seen=NOON - HOUR, look_at=NOON)
    asked = rig.store.watch("ledger", "https://news.example/b")
    assert asked is not None
    assert asked.look_at == NOON
    assert rig.store.watch("ledger", "https://news.example/never") is None


def test_what_is_listed_again_is_not_missing(rig: Rig) -> None:
    """The looks at an entry that its listing alone told of end when it comes back."""
    known(rig, "a")
    rig.store.settle_look(watch(misses=2, missing_since=NOON, found="HTTP 403"))

    rig.store.keep_listings([Listing(source="ledger", urls=(URL,), last_seen=NOON, at=NOON + HOUR)])

    assert rig.store.watch("ledger", URL) == watch(look_at=None)


def test_a_tombstone_is_a_version_and_its_return_another(rig: Rig) -> None:
    """It has no text, is judged by nobody, and holds both bounds; the same text is a version again after it."""
    known(rig, "a")
    (waiting,) = rig.store.unjudged(1)
    rig.store.record_judgements([judgement(waiting)])
    gone = Removal(last_seen=NOON, missing_since=NOON + HOUR, found="HTTP 404 Not Found")
    tombstone = document(url=URL, title="Page a", text="", capture=capture(url=URL, body=b"not found"))

    rig.store.bury(watch(misses=3), tombstone, gone, [], NOON + HOUR)
    known(rig, "a")

    first, dead, back = rig.catalogue.versions(URL)
    assert (dead.version, dead.title, dead.text, dead.removed) == (2, "Page a", "", gone)
    assert (back.version, back.text, back.removed) == (3, first.text, None)
    assert [one.version for one in rig.store.unjudged(10)] == [3]
    assert rig.catalogue.capture(first).body == capture().body


def test_a_look_under_way_does_not_undo_what_was_read_meanwhile(rig: Rig) -> None:
    """An edited entry is a new link: a look that began by the old one would go on with its title for good."""
    known(rig, "a")
    start(rig, watch(link_id="first"))
    (look,) = rig.store.claim_looks(NOON + HOUR, lease=HOUR, limit=5)
    start(rig, watch(link_id="second"))

    rig.store.settle_look(replace(look.watch, look_at=NOON + 3 * HOUR))

    assert rig.store.watch("ledger", URL) == watch(link_id="second", look_at=NOON + 3 * HOUR)


def test_what_another_source_watches_is_still_looked_for(rig: Rig) -> None:
    """Two sources may have one address, and each its own document there."""
    known(rig, "a")
    others = replace(link(source="courier"), url=URL)
    rig.store.finish_link(others, [], backlog=False)
    rig.store.keep([document(source="courier", url=URL)], backlog=False, now=NOON)
    start(rig, watch(source="courier", link_id=others.id, look_at=NOON + 5 * HOUR))

    rig.store.keep_listings([Listing(source="ledger", urls=(), vanished=(URL,), last_seen=NOON, at=NOON + HOUR)])

    assert rig.store.watch("ledger", URL) == watch()
    assert rig.store.watch("courier", URL) == watch(source="courier", link_id=others.id, look_at=NOON + 5 * HOUR)


def test_a_source_with_many_looks_leaves_room_for_the_others(rig: Rig) -> None:
    """One host that answers slowly must not take every place."""
    known(rig, "a", "b", "c")
    rig.store.register(["ledger", "courier"], NOON)
    for name in "abc":
        rig.store.settle_look(watch(url=f"https://news.example/{name}"))
    rig.store.keep([document(source="courier", url=URL)], backlog=False, now=NOON)
    rig.store.settle_look(watch(source="courier", look_at=NOON + 2 * HOUR))

    found = rig.store.claim_looks(NOON + 3 * HOUR, lease=HOUR, limit=2)

    assert [one.watch.source for one in found] == ["ledger", "courier"]
    assert rig.store.claim_looks(NOON + 3 * HOUR, lease=HOUR, limit=2) == []
