"""The pages: invented, in the markup of eight publishing systems, each with the text that its article has.

They stand in tests/spiders/pages, because the tests hold the extractor to them too. The rules were tuned on one half;
the other was written at the same time and left alone until they stood.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "tests" / "spiders" / "pages"
TUNED = frozenset(
    {
        "arc_1", "arc_2", "blox_1", "civicplus_1", "civicplus_2", "drupal_1",
        "drupal_2", "gannett_1", "opencities_1", "plone_1", "wordpress_1", "wordpress_2",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPage:
    """A page as served, and the words of its article: no headline, no by-line, no caption."""

    name: str
    markup: str
    expected: str

    @property
    def half(self) -> str:
        """Which half it belongs to."""
        return "tuned" if self.name in TUNED else "held out"


def saved_pages() -> Iterator[SavedPage]:
    """Yield every page, by name."""
    for path in sorted(FOLDER.glob("*.html")):
        expected = path.with_name(f"{path.stem}.expected.txt").read_text(encoding="utf-8")
        yield SavedPage(name=path.stem, markup=path.read_text(encoding="utf-8"), expected=expected)
