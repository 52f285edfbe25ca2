"""What a configuration would do, and what in it deserves a second look."""

from __future__ import annotations

from pathlib import Path

import pytest

from pursestrings.summary import advice, lines, summarise
from tests.pursestrings.configs import LEAST, TOKEN, WHOLE, load_text

FALL_BACK = WHOLE.replace('from = "desk"', 'otherwise = "terminal"')


def test_the_summary_says_what_would_run(tmp_path: Path) -> None:
    """Plain values for JSON, in the order of the file."""
    assert {
        "file": str(tmp_path / "config.toml"),
        "bot": "Test desk",
        "sources": [{"name": "paper", "kind": "paper", "every": "15m", "places": ["Albuquerque, NM"]}],
        "labels": ["city_response", "funding_condition_letter"],
        "channels": [{"name": "desk", "kind": "terminal", "wanted": "pager", "missing": ["TEST_TOKEN"]}],
        "routes": [{"name": "desk", "labels": ["city_response"], "places": ["New Mexico"], "channel": "desk"}],
        "digests": [{"name": "morning", "at": "07:00", "channel": "desk", "to": ["editor@news.example"]}],
        "canary": {"every": "1h", "channel": "desk"},
        "web": {
            "enabled": True,
            "bind": "127.0.0.1:8080",
            "replay_bind": "127.0.0.1:8081",
            "public_url": "https://archive.news.example",
        },
    } == summarise(load_text(tmp_path, FALL_BACK, {}))


def test_the_summary_for_people(tmp_path: Path) -> None:
    """A line for each source, channel, route and digest."""
    assert list(lines(summarise(load_text(tmp_path, FALL_BACK, {})))) == [
        "source   paper: paper, every 15m about Albuquerque, NM",
        "channel  desk: terminal instead of pager, TEST_TOKEN not set",
        "route    desk: city_response of New Mexico to desk",
        "digest   morning: at 07:00 by desk, to editor@news.example",
        "canary   every 1h to desk",
        "archive  https://archive.news.example (listens on 127.0.0.1:8080)",
    ]


def test_without_a_canary_none_is_shown(tmp_path: Path) -> None:
    """And JSON has null."""
    summary = summarise(load_text(tmp_path, f'{WHOLE}\n[canary]\nevery = "0s"\n'))

    assert summary["canary"] is None
    assert not [line for line in lines(summary) if line.startswith("canary")]


def test_no_secret_is_in_the_summary(tmp_path: Path) -> None:
    """It holds no settings of kinds."""
    config = load_text(tmp_path, WHOLE)

    assert TOKEN not in f"{summarise(config)}{list(lines(summarise(config)))}{advice(config)}"


def test_a_sound_configuration_needs_no_advice(tmp_path: Path) -> None:
    """Silence is the answer."""
    assert advice(load_text(tmp_path, WHOLE)) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (WHOLE.replace("desk@news.example", "newsroom@example.org"), "bot.contact is the placeholder newsroom@example"),
        (WHOLE.replace("desk@news.example", "https://www.example.com/bot"), "bot.contact is the placeholder https://"),
        (LEAST, "there is no source: nothing is watched"),
        (
            WHOLE.replace("https://paper.example/feed", "https://justice.gov/rss.xml"),
            "the url of source paper is a known trap: it is the site's front feed",
        ),
        (LEAST, "there is no route: nobody is alerted"),
        (WHOLE + '[channels.deaf]\nkind = "terminal"\n', "channel deaf hears nothing: no route and no digest names it"),
        (WHOLE.replace("127.0.0.1:8080", "0.0.0.0:8080"), "the archive listens beyond this machine"),
        (WHOLE.replace("127.0.0.1:8081", "news.example:8081"), "the archive listens beyond this machine"),
        (
            WHOLE.replace("https://archive.news.example/", "http://localhost:8080"),
            "web.public_url is http://localhost:8080",
        ),
    ],
)
def test_what_is_probably_not_meant_is_told(tmp_path: Path, text: str, expected: str) -> None:
    """Allowed, and worth a second look."""
    assert sum(sentence.startswith(expected) for sentence in advice(load_text(tmp_path, text))) == 1


def test_without_the_web_app_nothing_is_said_of_it(tmp_path: Path) -> None:
    """Its addresses do not matter."""
    text = WHOLE.replace('bind = "127.0.0.1:8080"', 'enabled = false\nbind = "0.0.0.0:8080"')
    config = load_text(tmp_path, text)

    assert advice(config) == ()
    assert list(lines(summarise(config)))[-1] == "archive  no web app"
