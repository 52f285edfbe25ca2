from __future__ import annotations

from datetime import timedelta

from parsel import Selector

from pursestrings.demo.publication import Kind, Publication
from pursestrings.demo.world import World, answer

BASE = "http://127.0.0.1:4242"
STATEMENTS = "/albuquerque-city/mayor/statements"
LISTING = "/baltimore-mayor/news"


def _only(world: World, key: str) -> Publication:
    return next(each for each in world.publications if each.key == key)


def test_the_page_changes_when_the_mayor_answers_and_only_then(world: World) -> None:
    """The watched page has two versions in August."""
    answered = _only(world, "albuquerque-city/not-a-sanctuary").at
    before = answer(world, STATEMENTS, answered - timedelta(seconds=1), base=BASE)
    after = answer(world, STATEMENTS, answered, base=BASE)

    assert answer(world, STATEMENTS, world.start, base=BASE) == before
    assert answer(world, STATEMENTS, world.end, base=BASE) == after
    assert Selector(after[2].decode()).css("section h2::text").getall() == [
        "On the letter from the Department of Justice",
        "On the end of the summer jobs season",
    ]
    assert b"is a sanctuary city. It is not." in after[2]
    assert b"is a sanctuary city" not in before[2]


def test_the_listing_names_each_item_with_its_time(world: World) -> None:
    """Each item has a machine-readable time, a link without a host and a summary."""
    items = Selector(answer(world, LISTING, world.end, base=BASE)[2].decode()).css("li.news-item")
    newest = [each for each in world.publications if each.kind is Kind.NEWS][::-1]

    assert [each.path for each in newest] == items.css("h3 a::attr(href)").getall()
    assert [each.title for each in newest] == items.css("h3 a::text").getall()
    assert items[0].css("time::attr(datetime)").get() == "2017-08-15T10:00:00-04:00"
    assert [each.summary for each in newest] == items.css("p.summary::text").getall()


def test_an_item_has_a_page_that_stays(world: World) -> None:
    """The page behind a listing holds the whole text."""
    item = _only(world, "baltimore-mayor/commissioner-reply")
    page = answer(world, item.path, item.at, base=BASE)

    assert page == answer(world, item.path, world.end, base=BASE)
    assert list(item.paragraphs) == Selector(page[2].decode()).css(".field-body p::text").getall()
