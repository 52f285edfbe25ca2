from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta, timezone

import pytest

from pursestrings.demo.publication import Kind
from pursestrings.demo.world import World, answer
from tests.pursestrings.demo.orders import ORDERS

INDEXES = (
    "/doj/api/v1/press_releases.json?pagesize=50&page=2",
    "/doj/news/rss",
    "/sandia-courier/feed/",
    "/harbor-ledger/arc/outboundfeeds/rss/?outputType=xml",
    "/channel-times/atom.xml",
    "/arrowhead-inquirer/search/?f=rss",
    "/albuquerque-city/mayor/statements",
    "/baltimore-mayor/news",
)


def test_publications_are_in_the_order_of_their_moments(world: World) -> None:
    """Moving keeps that order."""
    moved = world.moved({"doj/letter": world.start})

    for each in (world, moved):
        assert list(each.publications) == sorted(each.publications, key=lambda piece: (piece.at, piece.key))
    assert len(world.publications) == len(moved.publications)


def test_moving_an_unknown_key_is_refused(world: World) -> None:
    """A slip in a test's key does not pass in silence."""
    with pytest.raises(KeyError, match="doj/nothing"):
        world.moved({"doj/nothing": world.start})


def test_moving_to_a_time_without_a_zone_is_refused(world: World) -> None:
    """Times are aware, those of a test too."""
    with pytest.raises(ValueError, match="no time zone"):
        world.moved({"doj/letter": datetime(2017, 8, 1)})  # noqa: DTZ001 - the point of the test


def test_asking_without_a_zone_is_refused(world: World) -> None:
    """The present has a zone as well."""
    with pytest.raises(ValueError, match="now has no time zone"):
        answer(world, "/robots.txt", datetime(2017, 8, 1))  # noqa: DTZ001 - the point of the test


@pytest.mark.parametrize("name", ORDERS)
def test_each_order_brings_its_piece_first(world: World, name: str) -> None:
    """In every order the four pieces of the story come, and the named one leads."""
    story = {"doj/letter-release", "doj/letter", "harbor-ledger/wire-letters", "arrowhead-inquirer/wire-letters"}
    pieces = [each.key for each in world.moved(ORDERS[name]).publications if each.key in story]
    expected = {
        "release": {"doj/letter", "doj/letter-release"},
        "letter": {"doj/letter"},
        "wire": {"harbor-ledger/wire-letters"},
        "longer wire": {"arrowhead-inquirer/wire-letters"},
    }[name]

    assert story == set(pieces)
    assert expected == set(pieces[: len(expected)])


def test_turns_are_the_moments_at_which_something_appears(world: World) -> None:
    """Between two turns nothing that is served changes."""
    turns = world.turns()

    assert list(turns) == sorted(set(turns))
    assert all(world.start < turn <= world.end for turn in turns)
    for earlier, later in itertools.pairwise(turns):
        assert world.seen(earlier) == world.seen(later - timedelta(microseconds=1))


@pytest.mark.parametrize("target", INDEXES)
def test_an_index_has_validators_that_follow_it(world: World, target: str) -> None:
    """The tag changes exactly when the bytes do, and the date never runs ahead."""
    moments = (world.start, world.start + timedelta(days=4), world.end)
    answers = [answer(world, target, moment) for moment in moments]

    assert len({body for _, _, body in answers}) == len({headers["ETag"] for _, headers, _ in answers})
    assert len({body for _, _, body in answers}) > 1
    for moment, (status, headers, _) in zip(moments, answers, strict=True):
        assert status == 200
        assert datetime.strptime(headers["Last-Modified"], "%a, %d %b %Y %H:%M:%S %Z").replace(tzinfo=UTC) <= moment


def test_the_zone_in_which_the_present_is_given_does_not_matter(world: World) -> None:
    """A moment is a moment."""
    there = world.end.astimezone(timezone(timedelta(hours=9)))

    assert answer(world, INDEXES[1], world.end) == answer(world, INDEXES[1], there)


def test_links_are_built_from_the_base(world: World) -> None:
    """No page names a host of its own."""
    body = answer(world, INDEXES[2], world.end, base="http://127.0.0.1:5")[2]

    assert b"http://127.0.0.1:5/sandia-courier/2017/" in body
    assert b"http://127.0.0.1/" not in body


def test_robots_may_read_everything(world: World) -> None:
    """No delay is asked for, so that a demo takes seconds."""
    status, headers, body = answer(world, "/robots.txt", world.start)

    assert (status, headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert body == b"User-agent: *\nAllow: /\n"


@pytest.mark.parametrize("path", ["/", "/nobody", "/sandia-courier/2017/", "/doj/opa/media/7/dl"])
def test_an_unknown_address_is_missing(world: World, path: str) -> None:
    """A 404 is a page in HTML."""
    status, headers, body = answer(world, path, world.end)

    assert status == 404
    assert headers == {"Content-Type": "text/html; charset=utf-8"}
    assert b"no such page" in body


def test_the_letter_has_no_extension_and_says_what_it_is(world: World) -> None:
    """Only its bytes and its media type tell that it is a PDF; a query does not change it."""
    letter = next(each for each in world.publications if each.kind is Kind.LETTER)
    status, headers, body = answer(world, f"{letter.path}?inline", world.end)

    assert (status, headers["Content-Type"]) == (200, "application/pdf")
    assert body.startswith(b"%PDF-")
    assert answer(world, letter.path, letter.at - timedelta(seconds=1))[0] == 404
