"""Feeds of a list as stanzas."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from facts.errors import ConfigError
from pursestrings.importing import append, feeds_of, to_import
from pursestrings.opening import load_config
from pursestrings.opml import Outline
from pursestrings.stanzas import Config
from spiders.directory import Directory, Trap

DIRECTORY = Directory(
    sources=(), traps=(Trap(url="https://city.example/rss.html", reason="it is a web page"),), gaps=()
)
CONFIG = """\
# Ours.
[bot]
contact = "desk@news.example"   # told to every site
[channels.desk]
kind = "console"
[sources.doj]
spider = "doj_api"
url = "https://api.example/releases.json"
feed = "https://api.example/rss"
[sources.courier]
spider = "feed"
url = "https://courier.example/feed"
[sources.terms]
spider = "page"
url = "https://city.example/terms"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "config.toml"
    file.write_text(CONFIG, encoding="utf-8")
    return file


def config(path: Path) -> Config:
    """Load the configuration."""
    return load_config(path, {})


def imported(path: Path, *outlines: tuple[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Import feeds, given as title and address; return the stanzas and what was left out."""
    found = to_import([Outline(title=t, url=u) for t, u in outlines], config(path), DIRECTORY, every="15m", follow=True)
    return found.stanzas, found.skipped


def test_the_feeds_of_a_configuration_are_its_feeds_and_those_beside_an_api(path: Path) -> None:
    """A page is none."""
    assert list(feeds_of(config(path))) == [
        Outline(title="doj", url="https://api.example/rss"),
        Outline(title="courier", url="https://courier.example/feed"),
    ]


def test_a_new_feed_becomes_a_stanza(path: Path) -> None:
    """Under a name made of its title, which stands above it."""
    stanzas, skipped = imported(path, ("The Radio: News", "https://radio.example/rss"))

    assert skipped == ()
    assert stanzas["the-radio-news"].startswith("# The Radio: News\n[sources.the-radio-news]\n")
    assert tomllib.loads(stanzas["the-radio-news"])["sources"]["the-radio-news"] == {
        "spider": "feed",
        "url": "https://radio.example/rss",
        "every": "15m",
        "follow": True,
    }


def test_names_are_free_ones(path: Path) -> None:
    """Not that of a source, and not each other's; without a title the address makes one."""
    stanzas, _ = imported(
        path,
        ("Courier", "https://other.example/1"),
        ("courier!", "https://other.example/2"),
        ("", "https://www.third.example/feed"),
    )

    assert list(stanzas) == ["courier-2", "courier-3", "www-third-example-feed"]


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://www.courier.example/feed/", "it is configured as courier"),
        ("feed://courier.example/feed", "it is configured as courier"),
        ("https://api.example/rss", "it is configured as doj"),
        ("https://city.example/rss.html", "it is a trap: it is a web page"),
        ("ftp://courier.example/x", "it cannot be fetched"),
        ("https://courier.example:8443/x", "it cannot be fetched"),
        ("javascript:alert(1)", "it cannot be fetched"),
        ("nonsense", "it cannot be fetched"),
    ],
)
def test_what_is_there_already_or_cannot_be_fetched_is_left_out(path: Path, url: str, why: str) -> None:
    """And said, with the reason."""
    stanzas, (skipped,) = imported(path, ("x", url))

    assert stanzas == {}
    assert why in skipped


def test_a_feed_that_the_list_has_twice_comes_once(path: Path) -> None:
    """Its twin is said."""
    stanzas, skipped = imported(path, ("One", "https://new.example/feed/"), ("Two", "http://www.new.example/feed"))

    assert list(stanzas) == ["one"]
    assert skipped == ("http://www.new.example/feed: the list has it twice, first as one",)


def test_added_stanzas_stand_at_the_end_and_all_else_stays(path: Path) -> None:
    """Comments and rights of the file too, a missing line end included; nothing lies beside it."""
    path.write_text(CONFIG.rstrip("\n"), encoding="utf-8")
    path.chmod(0o640)
    stanzas, _ = imported(path, ("Radio", "https://radio.example/rss"))
    append(path, "".join(stanzas.values()), config)

    assert path.read_text(encoding="utf-8").startswith(CONFIG)
    assert [source.name for source in config(path).sources] == ["doj", "courier", "terms", "radio"]
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(path.parent.iterdir()) == [path]


def test_a_linked_configuration_stays_a_link(path: Path) -> None:
    """What it leads to is changed."""
    link = path.parent / "link.toml"
    link.symlink_to(path)
    append(link, "[sources.radio]\nspider = 'feed'\nurl = 'https://radio.example/rss'\n", config)

    assert link.is_symlink()
    assert "radio.example" in path.read_text(encoding="utf-8")


def test_what_would_not_be_valid_is_not_written(path: Path) -> None:
    """The file is as it was, and nothing lies beside it."""
    with pytest.raises(ConfigError):
        append(path, "[sources.radio]\nspider = 'fed'\n", config)

    assert path.read_text(encoding="utf-8") == CONFIG
    assert list(path.parent.iterdir()) == [path]


def test_what_somebody_writes_meanwhile_is_not_lost(path: Path) -> None:
    """The stanzas wait for the next try."""
    with pytest.raises(ConfigError, match="changed by somebody else"):
        append(path, "# x\n", lambda _: path.write_text("# theirs\n"))

    assert path.read_text(encoding="utf-8") == "# theirs\n"


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """With what to do."""
    with pytest.raises(ConfigError, match=r"cannot be written: No such file .*without --write"):
        append(tmp_path / "missing" / "config.toml", "# x\n", config)
