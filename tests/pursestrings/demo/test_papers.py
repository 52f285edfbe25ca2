from __future__ import annotations

import re
from datetime import timedelta

import feedparser
import pytest

from pursestrings.demo import markup
from pursestrings.demo.papers import PAPERS, Paper
from pursestrings.demo.publication import Kind, Publication
from pursestrings.demo.world import World, answer
from spiders.html import read_page

BASE = "http://127.0.0.1:4242"

papers = pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.site)


def _articles(world: World, paper: Paper) -> list[Publication]:
    return [each for each in world.publications if each.site == paper.site and each.kind is Kind.ARTICLE]


@papers
def test_the_feed_parses_and_shows_the_newest_first(world: World, paper: Paper) -> None:
    """Each dialect is read without complaint."""
    _, _, body = answer(world, paper.feed_path, world.end, base=BASE)
    feed = feedparser.parse(body)
    newest = _articles(world, paper)[::-1][: paper.depth]

    assert feed.bozo == 0
    assert [BASE + each.path for each in newest] == [entry.link for entry in feed.entries]
    assert [each.title for each in newest] == [entry.title for entry in feed.entries]
    assert [each.at.timetuple()[:6] for each in newest] == [entry.published_parsed[:6] for entry in feed.entries]
    assert len({entry.id for entry in feed.entries}) == len(newest)


@papers
def test_the_feed_of_an_empty_paper_is_a_feed(world: World, paper: Paper) -> None:
    """Before its first article a paper has a feed without entries."""
    _, headers, body = answer(world, paper.feed_path, world.start - timedelta(days=90), base=BASE)
    feed = feedparser.parse(body)

    assert feed.version
    assert feed.entries == []
    assert "Last-Modified" not in headers


def test_the_four_dialects_differ(world: World) -> None:
    """Two carry whole texts, one is Atom, one has summaries alone; ids are of four kinds."""
    feeds = {
        paper.site: feedparser.parse(answer(world, paper.feed_path, world.end, base=BASE)[2]).entries[0]
        for paper in PAPERS
    }

    assert ["content" in feeds[paper.site] for paper in PAPERS] == [True, True, False, False]
    assert re.search(r"/\?p=\d+$", feeds["sandia-courier"].id)
    assert feeds["harbor-ledger"].id == feeds["harbor-ledger"].link
    assert feeds["channel-times"].id.startswith("tag:")
    assert "#tncms-asset-" in feeds["arrowhead-inquirer"].id


@papers
def test_an_article_page_holds_the_text_among_other_things(world: World, paper: Paper) -> None:
    """Navigation, a notice, related links and a footer surround it; what is related came before."""
    article = _articles(world, paper)[-1]
    status, headers, body = answer(world, article.path, world.end, base=BASE)
    page = body.decode()

    assert status == 200
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert f'<link rel="canonical" href="{BASE}{article.path}"' in page
    assert all(f"<p>{paragraph}</p>" in page for paragraph in article.paragraphs)
    assert "ookies" in page
    assert len(re.findall(r"<li><a href=\"" + BASE + r"/[^\"]*(?:/20|article_|/story/)", page)) == 3


@papers
def test_the_extractor_finds_the_article(world: World, paper: Paper) -> None:
    """The title is the article's, every paragraph is there, the notice is not."""
    for article in _articles(world, paper):
        _, headers, body = answer(world, article.path, article.at, base=BASE)
        page = read_page(body, tuple(headers.items()), BASE + article.path)

        assert (article.title, article.at) == (page.title, page.published_at)
        assert all(markup.plain(paragraph) in page.text for paragraph in article.paragraphs)
        assert "ookies" not in page.text


@papers
def test_an_article_page_never_changes(world: World, paper: Paper) -> None:
    """A page without an edit is the same bytes for ever, so that it makes one version."""
    for article in _articles(world, paper):
        first = answer(world, article.path, article.at, base=BASE)

        assert first == answer(world, article.path, world.end, base=BASE)


def test_an_article_is_missing_until_it_is_published(world: World) -> None:
    """A minute before, its address is a 404."""
    article = _articles(world, PAPERS[0])[-1]

    assert answer(world, article.path, article.at - timedelta(minutes=1))[0] == 404
    assert answer(world, article.path, article.at)[0] == 200


def test_the_feed_ignores_its_query(world: World) -> None:
    """The queries that two systems need name the same feed."""
    for query in ("outputType=xml", ""):
        assert answer(world, f"{PAPERS[1].feed_path}?{query}", world.end) == answer(
            world, PAPERS[1].feed_path, world.end
        )
