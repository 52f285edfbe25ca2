"""Where a page lists its news, guessed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.layouts import Guess, guess_listing
from spiders.selecting import Selectors, read_listing

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://www.city.example/news"
TITLE = "Mayor answers the letter of week {n}"


def page(entry: str, *, count: int = 6, around: str = "<main>{list}</main>") -> str:
    """Return a page with this entry so many times, under a menu of links that look like headlines."""
    menu = "".join(f'<li class="menu"><a href="/menu/{n}">Office of the Mayor number {n}</a></li>' for n in range(9))
    rows = "".join(entry.format(n=n, title=TITLE.format(n=n)) for n in range(1, count + 1))
    return f"<html><body><nav><ul>{menu}</ul></nav>{around.replace('{list}', rows)}</body></html>"


SHAPES = {
    "drupal": '<div class="views-row"><article class="node-press"><h2 class="t"><a href="/pr/{n}">{title}</a></h2>'
    '<time datetime="2026-11-{n:02d}">Nov {n}</time></article></div>',
    "wordpress": '<article class="post-{n} post"><h3 class="entry-title"><a href="/2026/{n}">{title}</a></h3>'
    '<time class="entry-date" datetime="2026-11-{n:02d}T10:00:00Z">x</time><p>Words.</p></article>',
    "uswds": '<li class="usa-collection__item"><a href="/n/{n}"><time datetime="2026-11-{n:02d}">Nov {n}</time></a>'
    '<div class="body"><h3><a href="/n/{n}">{title}</a></h3></div></li>',
    "blox": '<div class="card"><a class="tnt-asset-link" href="/news/{n}.html"><h3>{title}</h3></a>'
    '<time datetime="2026-11-{n:02d}">x</time></div>',
    "revize": '<div class="news"><span class="date">November {n}, 2026</span> <a href="/n/index.php?id={n}">{title}</a>'
    ' <a href="/n/index.php?id={n}">Read more</a></div>',
    "table": '<tr><td class="when">11/{n:02d}/2026</td><td><a href="/doc/{n}.pdf">{title}</a></td></tr>',
    "bare": '<article><h2><a href="/n/{n}">{title}</a></h2><time datetime="2026-11-{n:02d}">x</time></article>',
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_entries_and_their_dates_are_found(shape: str) -> None:
    """In the shapes that real systems write; the listing reads with the guess what stands there."""
    around = "<table>{list}</table>" if shape == "table" else "<main>{list}</main>"
    markup = page(SHAPES[shape], around=around)
    guess = guess_listing(markup, URL, NOW)
    assert guess is not None
    selectors = Selectors(item=guess.item, link=guess.link, title=None, date=guess.date)
    entries = read_listing(markup.encode(), (("Content-Type", "text/html; charset=utf-8"),), URL, selectors)

    assert [entry.title for entry in entries] == [TITLE.format(n=n) for n in range(1, 7)]
    assert [entry.published_at.day for entry in entries if entry.published_at] == [1, 2, 3, 4, 5, 6]
    assert guess.newest is not None
    assert (guess.items, guess.newest.day) == (6, 6)


def test_without_dates_there_is_no_date_selector() -> None:
    """Nothing is made up."""
    guess = guess_listing(page('<li class="e"><a href="/n/{n}">{title}</a></li>'), URL, NOW)

    assert guess == Guess(item="li.e", link="a[href]", date=None, items=6, newest=None)


@pytest.mark.parametrize(
    "markup",
    [
        "",
        "<html></html>",
        page(""),
        page('<p>Words and <a href="/n/{n}">{title}</a></p>', count=2),
        page('<li class="e"><a href="https://elsewhere.example/{n}">{title}</a></li>'),
        page('<li class="e"><a href="/n/{n}">More</a></li>'),
        page('<li class="e"><a href="/news">{title}</a></li>'),
        page('<li class="e"><a href="javascript:go({n})">{title}</a></li>'),
    ],
)
def test_what_lists_no_news_is_not_guessed_at(markup: str) -> None:
    """A menu, two links, other sites, links without words, links to itself."""
    assert guess_listing(markup, URL, NOW) is None


def test_a_date_ahead_is_not_the_newest() -> None:
    """Calendars stand beside news."""
    guess = guess_listing(page(SHAPES["bare"]), URL, datetime(2026, 11, 3, 12, tzinfo=UTC))

    assert guess is not None
    assert guess.newest == datetime(2026, 11, 3, 12, tzinfo=UTC)


@settings(max_examples=40)
@given(st.lists(st.sampled_from(["<div class='a b'>", "</div>", "<a href='/x/1'>one two three four</a>", "<li>", "<td>",
                                 "<time datetime='9999-99-99'>", "<p class='1:2'>", "\x00", "<a href='http://['>"]),
                max_size=60))  # fmt: skip
def test_no_markup_trips_it(pieces: list[str]) -> None:
    """Whatever is nested in whatever."""
    guess = guess_listing("".join(pieces), URL, NOW)

    assert guess is None or guess.items >= 1


def test_a_deep_page_is_read() -> None:
    """Some thousand levels, in time."""
    assert guess_listing("<div class='x'>" * 3000 + "<a href='/1'>one two three four</a>", URL, NOW) is None


ODD_MARKUP = {
    "a word processor's element": ("o:p", ""),
    "no name of CSS": ("x$y", ""),
    "a control character": ("div", "\x02='x'"),
}


@pytest.mark.parametrize("case", ODD_MARKUP)
def test_odd_names_are_no_selectors(case: str) -> None:
    """A tag that CSS reads as something else is not proposed, and an attribute of no name hides no other."""
    tag, attribute = ODD_MARKUP[case]
    entry = (
        "<{0} class='item'><a href='/news/{1}/a' {2}>Mayor signs the long order {1}</a><time>2026-08-0{1}</time></{0}>"
    )
    markup = "".join(entry.format(tag, number, attribute) for number in range(1, 6))
    guess = guess_listing(f"<div>{markup}</div>", URL, NOW)

    assert (guess is not None and guess.item) == (tag == "div" and "div.item")
