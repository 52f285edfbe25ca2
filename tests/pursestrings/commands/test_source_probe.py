"""`pursestrings sources probe`."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from tests.pursestrings.commands.desk import FeedSite, run, write_config
from tests.rig.newsroom import item, rss

KEYS = [
    "name",
    "url",
    "ok",
    "found",
    "final_url",
    "items",
    "newest",
    "validators",
    "robots",
    "crawl_delay",
    "platform",
    "notes",
    "error",
    "requests",
    "proposal",
]
PAPER = rss(item("Picnic moves indoors", "Rain is expected.", "https://paper.example/picnic"))
HOSTILE = rss(item("x", "y", "https://x.example/1")).replace(
    b"Thu, 03 Aug 2017 12:00:00 +0000", b"[bold]\xe2\x80\xae then"
)


@pytest.fixture
def desk(site: FeedSite, tmp_path: Path) -> Path:
    """Two sources, of which the second is gone."""
    site.pages["/paper.xml"] = PAPER
    return write_config(tmp_path, site.base)


def test_every_source_is_told_and_one_that_is_gone_ends_with_1(desk: Path) -> None:
    """In the order of the configuration; nothing is archived."""
    result = run("sources", "probe", "--config", desk)
    lines = result.stdout.splitlines()

    assert result.exit_code == 1
    assert lines[1].split()[:3] == ["paper", "rss", "1"]
    assert lines[2].split()[:2] == ["radio", "error"]
    assert "- HTTP 404 Not Found" in lines
    assert lines[-1] == "2 looks, 1 would not work"
    assert not (desk.parent / "data").exists()


def test_json_has_every_key(desk: Path, site: FeedSite) -> None:
    """And nothing else is on stdout."""
    result = run("sources", "probe", "--json", "--config", desk)
    told = json.loads(result.stdout)

    assert (result.exit_code, told["ok"]) == (1, False)
    assert [list(one) for one in told["probes"]] == [KEYS, KEYS]
    paper, radio = told["probes"]
    assert (paper["ok"], paper["found"], paper["items"], paper["robots"]) == (True, "rss", 1, "none")
    assert (paper["final_url"], paper["proposal"]) == (f"{site.base}/paper.xml", None)
    assert (radio["ok"], radio["error"]) == (False, "HTTP 404 Not Found")


def test_an_unknown_address_gets_a_stanza_to_paste(desk: Path, site: FeedSite) -> None:
    """The configuration with it is valid."""
    url = f"{site.base}/other.xml"
    site.pages["/other.xml"] = PAPER
    result = run("sources", "probe", url, "--config", desk)
    (told,) = json.loads(run("sources", "probe", "--json", url, "--config", desk).stdout)["probes"]
    desk.write_text(desk.read_text() + told["proposal"])

    assert result.exit_code == 0
    assert told["proposal"].strip() in result.stdout
    assert next(iter(tomllib.loads(told["proposal"])["sources"].values()))["url"] == url
    assert run("check", "--config", desk).exit_code == 0


def test_a_name_is_probed_alone(desk: Path) -> None:
    """And works."""
    result = run("sources", "probe", "paper", "--config", desk)

    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == "1 look, 0 would not work"


def test_what_a_feed_says_is_only_text(desk: Path, site: FeedSite) -> None:
    """No markup of the terminal, nothing that turns the line around."""
    site.pages["/paper.xml"] = HOSTILE
    result = run("sources", "probe", "paper", "--config", desk)

    assert "dates cannot be read, such as '[bold]" in result.stdout
    assert "\u202e" not in result.stdout


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        ("papr", "there is no source 'papr' (did you mean \"paper\"?)"),
        ("news.example/rss", "an address begins with https://, as in https://news.example/rss"),
        ("ftp://news.example/", "cannot be fetched"),
        ("http://[", "cannot be fetched"),
        ("https://news.example:8443/", "cannot be fetched"),
    ],
)
def test_what_cannot_be_probed_is_wrong_usage(desk: Path, argument: str, said: str) -> None:
    """With what was meant, or how it is written."""
    result = run("sources", "probe", argument, "--config", desk, env={"COLUMNS": "400"})

    assert result.exit_code == 2
    assert said in result.stderr.replace("\n", " ")


def test_without_sources_there_is_nothing_to_probe(tmp_path: Path) -> None:
    """And it is said what to do."""
    result = run("sources", "probe", "--config", write_config(tmp_path, sources=""))

    assert result.exit_code == 2
    assert "there is no source to probe; name an address" in result.stderr
