"""`pursestrings check`, with the real kinds: rows S23 and S24 of docs/reliability.md."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from classifier.gazetteer import Gazetteer
from pursestrings.commands.check import check

APP = typer.Typer()
APP.command()(check)
TOKEN = "canary-token-41f7"
WHOLE = """\
[bot]
name = "Test desk"
contact = "desk@news.example"
timezone = "America/Denver"
data = "data"
ops = "desk"

[storage]
url = "sqlite:///data/p.db"

[fetch]
allow_networks = ["127.0.0.0/8"]
allow_ports = [80, 443]
timeout = "30s"

[sources.doj]
spider = "doj_api"
url = "https://www.justice.gov/api/v1/press_releases.json"
feed = "https://www.justice.gov/news/rss"
every = "10m"

[sources.paper]
spider = "feed"
url = "https://paper.example/feed"
every = "15m"
places = ["Albuquerque, NM"]
follow = true

[labels.city_response]
threshold = 0.6

[channels.desk]
kind = "slack"
token = { env = "TEST_TOKEN" }
channel = "#money"

[routes.desk]
labels = ["city_response"]
places = ["NM"]
channel = "desk"

[digests.morning]
at = "07:00"
channel = "desk"
to = ["editor@news.example"]

[web]
bind = "127.0.0.1:8080"
replay_bind = "127.0.0.1:8081"
public_url = "https://archive.news.example"
"""
#: What is written instead of what, the first line of it that is wrong, and the key that must be named.
BROKEN: list[tuple[str, str, str]] = [
    # in bot
    ('contact = "desk@news.example"\n', "", "bot.contact"),
    ('contact = "desk@news.example"', 'contact = "the desk"', "bot.contact"),
    ('contact = "desk@news.example"', 'contact = "http:/news.example"', "bot.contact"),
    ('name = "Test desk"', 'name = ""', "bot.name"),
    ('name = "Test desk"', "name = 7", "bot.name"),
    ('name = "Test desk"', 'nmae = "Test desk"', "bot.nmae"),
    ('name = "Test desk"', "name = Test desk", "bot.name"),
    ('timezone = "America/Denver"', 'timezone = "Mountain"', "bot.timezone"),
    ('timezone = "America/Denver"', 'timezone = "America/Denvre"', "bot.timezone"),
    ('timezone = "America/Denver"', "timezone = -7", "bot.timezone"),
    ('data = "data"', "data = true", "bot.data"),
    ('ops = "desk"', 'ops = "dsk"', "bot.ops"),
    ('ops = "desk"', 'ops = ["desk"]', "bot.ops"),
    ("[bot]", "[both]", "both"),
    # in storage
    ('url = "sqlite:///data/p.db"', 'url = "data/p.db"', "storage.url"),
    ('url = "sqlite:///data/p.db"', f'url = "postgresql+psycopg://u:{TOKEN}@db.example/p"', "storage.url"),
    ('url = "sqlite:///data/p.db"', 'url = { env = "NO_DATABASE" }', "storage.url"),
    ('url = "sqlite:///data/p.db"', 'uri = "sqlite:///data/p.db"', "storage.uri"),
    # in fetch
    ('allow_networks = ["127.0.0.0/8"]', 'allow_networks = ["127.0.0.1/8"]', "fetch.allow_networks[0]"),
    ('allow_networks = ["127.0.0.0/8"]', 'allow_networks = ["local"]', "fetch.allow_networks[0]"),
    ('allow_networks = ["127.0.0.0/8"]', 'allow_networks = "127.0.0.0/8"', "fetch.allow_networks"),
    ("allow_ports = [80, 443]", "allow_ports = [80, 443, 70000]", "fetch.allow_ports[2]"),
    ("allow_ports = [80, 443]", 'allow_ports = [80, "443"]', "fetch.allow_ports[1]"),
    ('timeout = "30s"', "timeout = 30", "fetch.timeout"),
    # in sources
    ('spider = "feed"', 'spider = "fede"', "sources.paper.spider"),
    ('spider = "feed"\n', "", "sources.paper.spider"),
    ('every = "15m"', 'every = "15 minutes"', "sources.paper.every"),
    ('every = "15m"', 'every = "30s"', "sources.paper.every"),
    ('every = "15m"', "every = 15", "sources.paper.every"),
    ('places = ["Albuquerque, NM"]', 'places = ["Albuquerqe, NM"]', "sources.paper.places[0]"),
    ('places = ["Albuquerque, NM"]', 'places = [\n  "NM",\n  "Gotham",\n]', "sources.paper.places[1]"),
    ('places = ["Albuquerque, NM"]', 'places = "Albuquerque, NM"', "sources.paper.places"),
    ('url = "https://paper.example/feed"', 'url = "paper.example/feed"', "sources.paper.url"),
    ('url = "https://paper.example/feed"', 'url = "ftp://paper.example/feed"', "sources.paper.url"),
    ('url = "https://paper.example/feed"', 'url = "https://paper.example:8080/feed"', "sources.paper.url"),
    ('url = "https://paper.example/feed"\n', "", "sources.paper.url"),
    ("follow = true", 'follow = "yes"', "sources.paper.follow"),
    ("follow = true", "folow = true", "sources.paper.folow"),
    ("[sources.paper]", "[sources.doj]", "sources.doj"),
    ("[sources.paper]", '[sources."the paper"]', 'sources."the paper"'),
    ("[sources.paper]", "[[sources.paper]]", "sources.paper"),
    ('feed = "https://www.justice.gov/news/rss"', 'feed = "justice.gov"', "sources.doj.feed"),
    # in labels
    ("threshold = 0.6", "threshold = 60", "labels.city_response.threshold"),
    ("threshold = 0.6", 'threshold = "high"', "labels.city_response.threshold"),
    ("[labels.city_response]", "[labels.city_reply]", "labels.city_reply"),
    # in channels
    ('kind = "slack"', 'kind = "slak"', "channels.desk.kind"),
    ('kind = "slack"\n', "", "channels.desk.kind"),
    ('token = { env = "TEST_TOKEN" }', f'token = "{TOKEN}"', "channels.desk.token"),
    ('token = { env = "TEST_TOKEN" }', f'token = {{ env = "{TOKEN}" }}', "channels.desk.token"),
    ('token = { env = "TEST_TOKEN" }', 'token = { env = "NO_TOKEN" }', "channels.desk.token"),
    ('token = { env = "TEST_TOKEN" }\n', "", "channels.desk.token"),
    ('channel = "#money"', 'channel = "#money"\notherwise = "consol"', "channels.desk.otherwise"),
    ('channel = "#money"', 'channel = "#money"\notherwise = "email"', "channels.desk.otherwise"),
    ('channel = "#money"', 'channel = { env = "TEST_TOKEN" }', "channels.desk.channel"),
    ('channel = "#money"', 'channel = "#money"\nbase_url = "slack"', "channels.desk.base_url"),
    ("[channels.desk]", "[channels]\nother = 3\n[channels.desk]", "channels.other"),
    # in routes
    ('labels = ["city_response"]', 'labels = ["city_respons"]', "routes.desk.labels[0]"),
    ('labels = ["city_response"]', "labels = []", "routes.desk.labels"),
    ('places = ["NM"]', 'places = ["ZZ"]', "routes.desk.places[0]"),
    ('places = ["NM"]', 'place = ["NM"]', "routes.desk.place"),
    ('channel = "desk"\n\n[digests', 'channel = "mail"\n\n[digests', "routes.desk.channel"),
    # in digests
    ('at = "07:00"', 'at = "25:00"', "digests.morning.at"),
    ('at = "07:00"', 'at = "0 7 * * *"', "digests.morning.at"),
    ('at = "07:00"\n', "", "digests.morning.at"),
    ('to = ["editor@news.example"]', 'to = ["editor"]', "digests.morning.to[0]"),
    ('to = ["editor@news.example"]', 'to = "editor@news.example"', "digests.morning.to"),
    # in web
    ('bind = "127.0.0.1:8080"\nreplay', 'bind = "8080"\nreplay', "web.bind"),
    ('replay_bind = "127.0.0.1:8081"', 'replay_bind = "127.0.0.1:8080"', "web.replay_bind"),
    ('public_url = "https://archive.news.example"', 'public_url = "archive.news.example"', "web.public_url"),
    ('public_url = "https://archive.news.example"', "enabled = 1", "web.enabled"),
    ('public_url = "https://archive.news.example"', 'public_url = "https://archive.news.example', "web.public_url"),
]


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    """The real gazetteer, read once."""
    return Gazetteer.load()


@pytest.fixture(autouse=True)
def _environment(gazetteer: Gazetteer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Gazetteer, "load", lambda: gazetteer)
    monkeypatch.setenv("TEST_TOKEN", TOKEN)
    monkeypatch.delenv("NO_TOKEN", raising=False)
    monkeypatch.delenv("NO_DATABASE", raising=False)


def run(folder: Path, text: str, *arguments: str) -> Result:
    """Write a configuration and check it."""
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return CliRunner().invoke(APP, ["--config", str(path), *arguments])


def lines_of(old: str, new: str, key: str) -> range:
    """Return the lines that were newly written, or that of the table which something was taken out of."""
    left_out = f"[{key.rpartition('.')[0]}]"
    first = WHOLE[: WHOLE.index(old if new else left_out)].count("\n") + 1
    return range(first, first + 1 + new.count("\n"))


@pytest.mark.parametrize(("old", "new", "key"), BROKEN)
def test_a_broken_configuration_is_told_with_file_line_and_key(tmp_path: Path, old: str, new: str, key: str) -> None:
    """Exit 2, no traceback, what was expected, and no secret."""
    assert WHOLE.count(old) == 1
    result = run(tmp_path, WHOLE.replace(old, new))

    assert result.exit_code == 2
    assert isinstance(result.exception, SystemExit)
    assert any(f"{tmp_path}/config.toml:{line}: {key}: " in result.stderr for line in lines_of(old, new, key)), (
        result.stderr
    )
    assert "; expected " in result.stderr
    assert "Traceback" not in result.output
    assert TOKEN not in result.output


def test_there_are_sixty_broken_configurations() -> None:
    """Row S24 asks for as many."""
    assert len(set(BROKEN)) >= 60


def test_a_sound_configuration_is_summed_up(tmp_path: Path) -> None:
    """What would run, and no secret."""
    result = run(tmp_path, WHOLE)

    assert (result.exit_code, result.stderr) == (0, "")
    assert f"{tmp_path}/config.toml is fine.\n" in result.stdout
    assert "source   paper: feed, every 15m about Albuquerque, NM\n" in result.stdout
    assert TOKEN not in result.output


def test_json_is_one_document(tmp_path: Path) -> None:
    """The same, for scripts."""
    result = run(tmp_path, WHOLE, "--json")
    document = json.loads(result.stdout)

    assert (result.exit_code, document["ok"], document["warnings"]) == (0, True, [])
    assert [source["name"] for source in document["sources"]] == ["doj", "paper"]
    assert TOKEN not in result.output


def test_mistakes_in_json_have_line_key_and_problem(tmp_path: Path) -> None:
    """Still exit 2, and nothing beside the document."""
    result = run(tmp_path, WHOLE.replace('every = "15m"', 'every = "15"'), "--json")
    document = json.loads(result.stdout)

    assert (2, "", False, f"{tmp_path}/config.toml") == (
        result.exit_code,
        result.stderr,
        document["ok"],
        document["file"],
    )
    assert [(one["line"], one["key"]) for one in document["mistakes"]] == [(25, "sources.paper.every")]


def test_a_missing_file_has_no_line(tmp_path: Path) -> None:
    """The next step is named."""
    result = CliRunner().invoke(APP, ["--config", str(tmp_path / "none.toml"), "--json"])

    assert result.exit_code == 2
    assert [one["line"] for one in json.loads(result.stdout)["mistakes"]] == [None]
    assert "pursestrings init" in result.stdout
