"""Elements told by their names, and lines by their words."""

from __future__ import annotations

import pytest
from resiliparse.parse.html import ElementNode, HTMLTree

from spiders.furniture import is_apart, is_never, is_part, is_sites_line
from spiders.tree import select


def element(markup: str) -> ElementNode:
    return select(HTMLTree.parse(f"<html><body>{markup}</body></html>"), "body > *")[0]


@pytest.mark.parametrize(
    ("markup", "never", "apart", "part"),
    [
        ("<div class='entry-content'>x</div>", False, False, False),
        ("<article class='related'>x</article>", False, False, False),
        ("<nav>x</nav>", True, False, True),
        ("<div id='commentsContainer'>x</div>", True, False, True),
        ("<div class='c-comments__list'>x</div>", True, False, True),
        ("<div class='commentary'>x</div>", False, False, False),
        ("<div class='related-posts'>x</div>", False, True, True),
        ("<div class='m-privacy-consent'>x</div>", False, True, True),
        ("<div class='post has-sidebar'>x</div>", False, False, True),
        ("<div role='complementary'>x</div>", False, True, True),
        ("<form>x</form>", False, True, True),
        ("<figure>x</figure>", False, False, True),
        ("<div class='entry-meta'>x</div>", False, False, True),
        ("<span class='dateline'>x</span>", False, False, False),
        ("<div class='heading'>x</div>", False, False, False),
        ("<div class='shared-services'>x</div>", False, False, False),
    ],
)  # fmt: skip
def test_furniture_is_told_by_its_names(markup: str, never: bool, apart: bool, part: bool) -> None:  # noqa: FBT001 (parameters of pytest)
    """Strictly around an article, loosely inside it; whole words only."""
    one = element(markup)

    assert (never, apart, part) == (is_never(one), is_apart(one), is_part(one))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Advertisement", True),
        ("Story continues below", True),
        ("Read more: another city signs", True),
        ("This article originally appeared on The Observer", True),
        ("Sign up for the newsletter", True),
        ("Copyright 2026 Observer Company", True),
        ("Contact Rosalba Finch at rfinch@paper.example", True),
        ("Advertisements for the post were pulled, the mayor said.", False),
        ("Related agencies were told on Monday.", False),
        ("Sign up for a shift at the shelter, the mayor asked.", False),
        ("Contact the clerk before Friday.", False),
        ("Media contact: Janelle Whitehorse, press@city.example", False),
        (f"Read more: {'word ' * 60}", False),
    ],
)
def test_lines_of_the_site(line: str, expected: bool) -> None:  # noqa: FBT001 (a parameter of pytest)
    """What every page of it says; a sentence that begins alike is news."""
    assert expected == is_sites_line(line)
