"""The words of an article out of a page: where it stands, and what stands in it that is not it. Pure.

Paragraphs vote for what is around them; the innermost element that holds most of their words holds the article. Inside
it, furniture, hidden text and links to other stories are cut. A page that is filled in by a script, and shows next to
nothing, says its words in JSON-LD.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import ElementNode, HTMLTree

from spiders.furniture import is_apart, is_hidden, is_never, is_part, is_sites_line
from spiders.json_ld import Article, stated_article
from spiders.tree import around, select, words
from spiders.urls import is_letter

#: Shorter paragraphs do not vote: captions, dates, the names of sections.
_VOTE = 40
#: What a paragraph counts that stands alone in what holds it, as teasers do.
_ALONE = 0.2
#: Characters of a block without paragraphs that votes all the same.
_BLOCK = 80
#: With fewer characters of paragraphs than this the page is one without them, and blocks vote too.
_FEW = 800
#: The holder has this share of the words that voted.
_MOST = 0.75
#: Furniture that has this share of them, or of the holder, is none: it is badly named.
_HALF = 0.5
#: Honest pages have some dozens of levels, and some hundreds of paragraphs.
_LEVELS = 100
_MAX_BLOCKS = 5000
#: Words of a headline.
_HEADLINE = 4
#: Boxes around one paragraph or one teaser.
_MAX_BOXES = 3
#: Characters of a teaser beside its headline.
_TEASER = 400
#: Times that the text of the holder is read to measure what is in it.
_MAX_READ = 20
#: A page that shows fewer characters than this shows nothing of its article.
_THIN = 250
#: A paragraph of which this share is links leads away; one that says so needs less.
_ALL_LINK, _MOSTLY_LINK = 0.9, 0.4
_BLOCKS = frozenset(
    {
        "article",
        "aside",
        "blockquote",
        "div",
        "dl",
        "footer",
        "form",
        "header",
        "main",
        "nav",
        "ol",
        "p",
        "section",
        "table",
        "ul",
    }
)
_OUTSIDE = frozenset({"body", "html", "#document"})
_LEADS_AWAY = re.compile(
    r"\W*(?:read|see|watch|listen|more|also|related|previously|recommended|from the archives?)\b", re.IGNORECASE
)
_INSIDE = "[class], [id], [style], [hidden], [role], aside, button, figure, footer, form, header, iframe, nav, select"
#: The titles of what unfolds.
_TITLE_BUTTONS = "h2 button, h3 button, h4 button, h5 button, dt button"
_BLANKS = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """A paragraph or the like that votes."""

    holder: ElementNode | None
    length: int
    #: It is many lines, so nothing need stand beside it.
    broken: bool = False


class _Poll:
    """How much of the words of a page each element holds."""

    def __init__(self, blocks: Sequence[_Block]) -> None:
        beside = [_beside(block) for block in blocks]
        company = Counter(beside)
        self._paths: dict[ElementNode, tuple[ElementNode, ...]] = {}
        self.votes = [
            (block.length if block.broken or company[where] > 1 else block.length * _ALONE, self._path(block.holder))
            for block, where in zip(blocks, beside, strict=True)
        ]
        self.total = sum(weight for weight, _ in self.votes)

    def depth(self, element: ElementNode) -> int:
        return len(self._paths[element])

    def weights(self, apart: AbstractSet[ElementNode] = frozenset()) -> dict[ElementNode, float]:
        """Return what each element holds of the words that do not stand in any of those apart."""
        weights: dict[ElementNode, float] = defaultdict(float)
        for weight, path in self.votes:
            if apart.isdisjoint(path):
                for element in path:
                    weights[element] += weight
        return weights

    def _path(self, element: ElementNode | None) -> tuple[ElementNode, ...]:
        """Return what is around an element within the body, outermost first, itself the last."""
        new: list[ElementNode] = []
        while element is not None and element.tag not in _OUTSIDE and element not in self._paths and len(new) < _LEVELS:
            new.append(element)
            element = around(element)
        path = self._paths.get(element, ()) if element is not None else ()
        for inner in reversed(new):
            path = (*path, inner)[-_LEVELS:]
            self._paths[inner] = path
        return path


def _beside(block: _Block) -> tuple[ElementNode | None, str]:
    """Return where a paragraph stands, beside others or alone.

    Where each has a box of its own, boxes that are named alike stand beside each other. That of a teaser is no box: it
    holds a headline too.
    """
    holder, box = block.holder, ""
    for _ in range(_MAX_BOXES):
        if holder is None or holder.tag in _OUTSIDE or holder.child_element_count != 1:
            break
        box = f"{holder.tag} {holder.getattr('class', '')}"
        holder = around(holder)
    return holder, box


def article_text(tree: HTMLTree) -> str:
    """Return the words of the page's article, paragraphs kept apart; its headline and by-line are left out.

    The tree is used up: what is not the article is cut out of it.
    """
    if tree.body is None:
        return ""
    stated = stated_article(tree)
    holder = _holder(tree)
    if holder is not None and len(words(holder)) < _THIN:
        holder = None
    shown = _shown(tree, tree.body if holder is None else holder)
    if stated is None or not _stands_for(stated, "" if holder is None else shown):
        return shown
    return _plain(HTMLTree.parse(stated.text)) if "<" in stated.text else stated.text


def _shown(tree: HTMLTree, holder: ElementNode) -> str:
    body = tree.body
    _cut(holder, tree)
    if body is not None and holder != body:
        body.replace_children(holder)
    kept = (line for line in _plain(tree).split("\n") if not is_sites_line(line))
    return _BLANKS.sub("\n\n", "\n".join(kept)).strip()


def _plain(tree: HTMLTree) -> str:
    return str(extract_plain_text(tree, preserve_formatting=True, list_bullets=False, alt_texts=False))


def _stands_for(stated: Article, shown: str) -> bool:
    """Return whether the page leaves it to a script to show this text; `shown` is what it shows of an article.

    What it keeps for its subscribers is not taken; nor is what has nothing to do with the words that it shows.
    """
    if not stated.free or len(shown) * 2 > len(stated.text):
        return False
    return len(shown) < _THIN or " ".join(shown.split())[:_VOTE] in " ".join(stated.text.split())


def _holder(tree: HTMLTree) -> ElementNode | None:
    poll = _Poll(_blocks(tree))
    weights = poll.weights()
    never = {element for element in weights if is_hidden(element) or is_never(element)}
    badly_named = _HALF * poll.total
    apart = never | {element for element, weight in weights.items() if weight < badly_named and is_apart(element)}
    # A page on which all is furniture by its names is one with other names.
    inside = poll.weights(apart) or poll.weights(never)
    most = _MOST * max(inside.values(), default=0)
    return max((element for element, weight in inside.items() if weight >= most), key=poll.depth, default=None)


def _blocks(tree: HTMLTree) -> list[_Block]:
    paragraphs = [
        _Block(holder=around(paragraph), length=length)
        for paragraph in select(tree, "p")[:_MAX_BLOCKS]
        if (length := len(words(paragraph))) >= _VOTE and not is_hidden(paragraph)
    ]
    broken = [
        _Block(holder=holder, length=length, broken=True)
        for holder in _holders_of_breaks(tree)
        if (length := _own_length(holder)) >= _BLOCK
    ]
    blocks = paragraphs + broken
    if sum(block.length for block in blocks) >= _FEW:
        return blocks
    return blocks + [
        _Block(holder=around(block), length=length)
        for block in select(tree, "div, td, li, dd")[:_MAX_BLOCKS]
        # In this order: the text of all that is nested takes the square of the depth.
        if block.query_selector("div, td, li, dd, p") is None and (length := len(words(block))) >= _VOTE
    ]


def _holders_of_breaks(tree: HTMLTree) -> Iterable[ElementNode]:
    parents = (around(line_break) for line_break in select(tree, "br")[:_MAX_BLOCKS])
    return dict.fromkeys(parent for parent in parents if parent is not None and parent.tag not in {"p", "body"})


def _own_length(holder: ElementNode) -> int:
    """Return how much text an element has beside that of the blocks in it."""
    return sum(len(words(node)) for node in holder.child_nodes.values() if node.tag not in _BLOCKS)


def _cut(holder: ElementNode, tree: HTMLTree) -> None:
    for button in holder.query_selector_all(_TITLE_BUTTONS).values():
        title = tree.create_text_node(words(button))
        if title is not None:
            button.replace_with(title)
    headings = holder.query_selector_all("h1").values()
    if len(headings) == 1:
        # It is the title; several are the parts of a text.
        headings[0].decompose()
    _cut_furniture(holder)
    if holder != tree.body:
        _cut_ways_away(holder)


def _cut_ways_away(holder: ElementNode) -> None:
    """Cut what leads to other stories; on a page without an article such links are what it says."""
    for heading in holder.query_selector_all("h2, h3, h4").values():
        anchor = heading.query_selector("a[href]")
        if anchor is not None:
            _box_of_teaser(anchor, holder).decompose()
    for element in holder.query_selector_all("p, ul, ol, h2, h3, h4").values():
        if _leads_away(element):
            element.decompose()


def _cut_furniture(holder: ElementNode) -> None:
    size = len(words(holder))
    # Furniture nested in furniture would take the square of its depth.
    left = _MAX_READ * size
    for element in holder.query_selector_all(_INSIDE).values():
        if is_hidden(element):
            element.decompose()
        elif left > 0 and is_part(element):
            length = len(words(element))
            left -= length
            if length < _HALF * size:
                element.decompose()


def _box_of_teaser(anchor: ElementNode, holder: ElementNode) -> ElementNode:
    """Return the outermost element that holds a linked headline and next to nothing else."""
    box, most = anchor, len(words(anchor)) + _TEASER
    for _ in range(_MAX_BOXES + 1):
        wider = around(box)
        if wider is None or wider == holder or len(words(wider)) > most:
            break
        box = wider
    return box


def _leads_away(element: ElementNode) -> bool:
    """Return whether it is there for a link to another story; a link to a letter is what we are here for."""
    anchors = element.query_selector_all("a[href]").values()
    text = words(element).strip()
    if not anchors or not text or any(is_letter(anchor.getattr("href", "") or "") for anchor in anchors):
        return False
    linked = [words(anchor) for anchor in anchors]
    if element.tag in {"ul", "ol"} and len(" ".join(linked).split()) < _HEADLINE * len(linked):
        # Names, such as those of cities, and not headlines.
        return False
    share = sum(map(len, linked)) / len(text)
    return share >= _ALL_LINK or (share >= _MOSTLY_LINK and _LEADS_AWAY.match(text) is not None)
