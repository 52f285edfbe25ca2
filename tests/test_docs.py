"""The manual is right: its examples run, its configurations load, its tables agree with the code."""

from __future__ import annotations

import importlib
import json
import os
import re
import shlex
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer.main
from pydantic import BaseModel

from alerts import webhook
from alerts.payload import bulletin_payload, payload
from classifier.gazetteer import Gazetteer
from facts.errors import StorageError
from facts.event import LETTER
from pursestrings import stanzas
from pursestrings.cli import app
from pursestrings.config import Config, load
from pursestrings.opening import load_config, writing
from pursestrings.plugins import SHIPPED, kinds, setting_types, settings_class
from pursestrings.wiring import open_pipeline
from scheduler.passes import run_pass
from storage.opening import open_catalogue, open_store
from storage.protocols import Search
from tests.alerts.material import LOOPBACK, bulletin, letter_message
from tests.rig.hook import FakeHook
from tests.rig.site import Reply, open_site
from tests.storage.samples import NOW, document

ROOT = Path(__file__).parents[1]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
EXTEND, CONFIGURE, OPERATE = (ROOT / "docs" / f"{name}.md" for name in ("extend", "configure", "operate"))
_BLOCK = re.compile(r"^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One fenced block of a page."""

    page: Path
    number: int
    kind: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.stem}-{self.kind}-{self.number}"


def blocks(kind: str, *pages: Path) -> list[Block]:
    """Return the blocks of one kind, in order."""
    return [
        Block(page, number, kind, match["text"])
        for page in pages or PAGES
        for number, match in enumerate(_BLOCK.finditer(page.read_text(encoding="utf-8")), 1)
        if match["kind"] == kind
    ]


# The examples of docs/extend.md, beside the kinds that ship.


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Save each example under the name that its first line gives, where its package finds it."""
    folder = tmp_path_factory.mktemp("examples")
    saved = []
    for block in blocks("python", EXTEND):
        file = folder / block.text.partition("\n")[0].removeprefix("# ")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(block.text, encoding="utf-8")
        saved.append(".".join(file.relative_to(folder).with_suffix("").parts))
    packages = [importlib.import_module(name.rpartition(".")[0]) for name in saved]
    for package in packages:
        package.__path__.append(str(folder.joinpath(*package.__name__.split("."))))
    importlib.invalidate_caches()
    yield
    for name, package in zip(saved, packages, strict=True):
        package.__path__.pop()
        sys.modules.pop(name, None)
        vars(package).pop(name.rpartition(".")[2], None)


@pytest.mark.usefixtures("examples")
def test_one_file_adds_a_kind() -> None:
    """There is no list to add it to."""
    assert "text_file" in kinds(SHIPPED.spiders)
    assert "court_ruling" in kinds(SHIPPED.labels)
    assert "log_file" in kinds(SHIPPED.channels)


def test_the_examples_are_small() -> None:
    """Under forty lines of code each."""
    sizes = [sum(bool(line.strip()) for line in block.text.splitlines()) for block in blocks("python", EXTEND)]

    assert (len(sizes), max(sizes) < 40) == (3, True)


RULING = """A federal judge on Friday blocked the Justice Department from withholding police grants from Stockton
over the city's jail policy. The ruling says the department may not make the grants depend on whether immigration
agents are let into the jail."""


@pytest.mark.usefixtures("examples")
async def test_the_examples_work_together(tmp_path: Path) -> None:
    """The source is read, the label flags what changed in it, the channel tells it, once."""
    told = tmp_path / "alerts.jsonl"
    async with open_site() as site:
        plain = (("Content-Type", "text/plain; charset=utf-8"),)
        ordinary, ruling = (Reply(headers=plain, body=text.encode()) for text in ("The library opens at ten.", RULING))
        url = site.serve("/places.txt", ordinary, ruling)
        text = "".join(block.text for block in blocks("toml", EXTEND))
        text = text.replace("https://www.agency.example/places.txt", url)
        text = text.replace("/var/lib/pursestrings/alerts.jsonl", str(told))
        text = text.replace('["court_ruling"]\nchannel = "desk"', '["court_ruling"]\nchannel = "keeper"')
        text += f'[fetch]\nallow_networks = ["{site.host}/32"]\nallow_ports = [{site.port}]\n'
        path = tmp_path / "config.toml"
        path.write_text(completed(text), encoding="utf-8")
        config = load_config(path, {"SMTP_PASSWORD": "canary-value"})
        now = datetime(2017, 9, 1, tzinfo=UTC)
        with writing(config, now) as stores:
            async with open_pipeline(config, stores, clock=lambda: now, jitter=lambda: 0.0) as pipeline:
                passes = [
                    await run_pass(pipeline, [stores.store.source("grant-list")], now + timedelta(hours=hour))
                    for hour in range(3)
                ]
            states = {delivery.state for delivery in stores.catalogue.deliveries(10)}
    alerts = [json.loads(line) for line in told.read_text(encoding="utf-8").splitlines()]

    assert tuple(one.snapshots for one in passes) == (1, 1, 0)
    (alert,) = (one for one in alerts if one["label"] == "court_ruling")
    assert (alert["source"], alert["places"]) == ("grant-list", ["Stockton, CA"])
    assert "blocked the Justice Department" in alert["evidence"]
    assert states == {"sent"}


# Configurations.

#: Stanzas that a fragment may lean on without showing them.
BASE = {
    "bot": '[bot]\ncontact = "newsroom@news.example"\n',
    "channels.desk": '[channels.desk]\nkind = "console"\n',
    "channels.mail": '[channels.mail]\nkind = "email"\nhost = "smtp.news.example"\nfrom = "bot@news.example"\n',
}


def completed(text: str) -> str:
    """Return a fragment with the stanzas that make it a whole file."""
    return text + "".join(f"\n{base}" for name, base in BASE.items() if f"[{name}]" not in text)


def load_text(folder: Path, text: str) -> Config:
    """Load a text with the real kinds and places, and a value for each variable it names."""
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    names = re.findall(r'env = "(\w+)"', text)
    environ = {name: "https://hook.news.example/in" if "URL" in name else "canary-value" for name in names}
    return load(path, environ, gazetteer().find)


def gazetteer() -> Gazetteer:
    """Return the places."""
    return Gazetteer.load()


@pytest.mark.usefixtures("examples")
@pytest.mark.parametrize("block", blocks("toml"), ids=str)
def test_every_configuration_loads(block: Block, tmp_path: Path) -> None:
    """Each fragment is right, with what it leans on; each of its stanzas comes out of it."""
    config = load_text(tmp_path, completed(block.text))
    tree = tomllib.loads(block.text)

    for stanza in {"sources", "channels", "routes", "digests"} & set(tree):
        assert set(tree[stanza]) <= {one.name for one in getattr(config, stanza)}


#: What a kind needs beside the key that is looked at.
NEEDED = {
    "doj_api": 'url = "https://api.agency.example/releases.json"',
    "feed": 'url = "https://news.example/feed"',
    "listing": 'url = "https://news.example/list"\nitem = "article"',
    "page": 'url = "https://news.example/terms"',
    "sitemap": 'url = "https://news.example/sitemap.xml"',
    "federal_register": "",
    "govdelivery": 'topic = "MDBALT_25"',
    "grants_gov": "",
    "console": "",
    "slack": 'token = { env = "SLACK_BOT_TOKEN" }\nchannel = "#desk"',
    "email": 'host = "smtp.news.example"\nfrom = "bot@news.example"',
    "webhook": 'url = "https://hook.news.example/in"',
}
#: The stanza that a heading of docs/configure.md is about.
STANZAS: dict[str, tuple[str, type[BaseModel] | None]] = {
    "[bot]": ('[bot]\ncontact = "newsroom@news.example"', stanzas.BotConfig),
    "[storage]": ("[storage]", stanzas.StorageConfig),
    "[fetch]": ("[fetch]", stanzas.FetchConfig),
    "[labels.NAME]": (f"[labels.{LETTER}]", settings_class(SHIPPED.labels, LETTER)),
    "[routes.NAME]": ('[routes.x]\nchannel = "desk"', stanzas.RouteConfig),
    "[digests.NAME]": ('[digests.x]\nat = "07:00"\nchannel = "desk"', stanzas.DigestConfig),
    "[canary]": ("[canary]", stanzas.CanaryConfig),
    "[web]": ("[web]", stanzas.WebConfig),
    "[sources.NAME]": (f'[sources.x]\nspider = "feed"\n{NEEDED["feed"]}', None),
    "[channels.NAME]": ('[channels.x]\nkind = "console"', None),
    **{
        f"`{kind}`": (f'[sources.x]\nspider = "{kind}"\n{NEEDED[kind]}', settings_class(SHIPPED.spiders, kind))
        for kind in kinds(SHIPPED.spiders)
    },
    **{
        f"`{kind}`": (f'[channels.x]\nkind = "{kind}"\n{NEEDED[kind]}', settings_class(SHIPPED.channels, kind))
        for kind in kinds(SHIPPED.channels)
    },
}
#: Keys that every source, or every channel, has; `name` is that of the table.
COMMON = {"name", "spider", "url", "every", "places", "follow", "kind", "otherwise"}


def section(heading: str, page: Path = CONFIGURE) -> str:
    """Return what stands under a heading, up to the next one."""
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#|\Z)", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert found, f"{page.name} has no heading {heading}"
    return found[1]


def rows(text: str) -> list[tuple[list[str], str]]:
    """Return the keys of each row of the tables in a text, and the row's second cell."""
    cells = [line.strip("|").split(" | ") for line in text.splitlines() if line.startswith("| `")]
    return [(re.findall(r"`(\w+)`", row[0]), row[1].strip()) for row in cells]


@pytest.mark.parametrize("heading", STANZAS)
def test_every_key_is_in_the_table_of_its_stanza(heading: str) -> None:
    """Neither more nor fewer than the model has."""
    model = STANZAS[heading][1]
    documented = {key for keys, _ in rows(section(heading).partition("The keys of an alert")[0]) for key in keys}
    if model is None:
        assert documented == COMMON & documented
        assert documented
    else:
        own = set(setting_types(model))
        assert documented - COMMON == own - COMMON
        assert documented <= own


DEFAULTS = [
    (heading, key, default.strip("`"))
    for heading in STANZAS
    for keys, default in rows(section(heading).partition("The keys of an alert")[0])
    for key in keys
    if re.fullmatch(r"`[^`]+`", default)
]


@pytest.mark.parametrize(("heading", "key", "default"), DEFAULTS)
def test_a_default_that_is_written_out_changes_nothing(heading: str, key: str, default: str, tmp_path: Path) -> None:
    """What the tables call a default is what the program takes without it."""
    stanza = STANZAS[heading][0]

    assert load_text(tmp_path, completed(stanza)) == load_text(tmp_path, completed(f"{stanza}\n{key} = {default}\n"))


def test_defaults_are_documented() -> None:
    """The test above has something to hold."""
    assert len(DEFAULTS) > 20


# The webhook.


async def test_the_receiver_of_the_manual_takes_a_real_alert_and_nothing_else() -> None:
    """It reads what the channel sends, and refuses a body that was changed on the way."""
    (code,) = (block.text for block in blocks("python", CONFIGURE))
    names: dict[str, Any] = {}
    exec(code, names)
    async with FakeHook() as hook:
        settings = webhook.Settings.model_validate({"url": hook.url, "secret": "a-long-secret"})
        channel = webhook.Channel(
            name="hook", settings=settings, allow_networks=LOOPBACK, allow_ports=(hook.port,), bot_name="Metro desk"
        )
        await channel.send(letter_message())
        await channel.close()
    (received,) = hook.received
    signature = received.headers["X-Pursestrings-Signature"]

    assert payload(letter_message()) == names["read_alert"](received.body, signature, "a-long-secret")
    for body, signed, secret in (
        (received.body + b" ", signature, "a-long-secret"),
        (received.body, "sha256=00", "a-long-secret"),
        (received.body, signature, "another-secret"),
    ):
        with pytest.raises(PermissionError):
            names["read_alert"](body, signed, secret)


def test_the_keys_of_an_alert_and_a_digest_are_documented() -> None:
    """Neither more nor fewer of an alert; each of a digest by name."""
    text = section("`webhook`").partition("The keys of an alert")[2]
    alert, digest = text.split("The keys of a digest")

    assert {key for keys, _ in rows(alert) for key in keys} == set(payload(letter_message()))
    assert set(bulletin_payload(bulletin())) <= set(re.findall(r"`(\w+)`", digest))


# Command lines.

_OURS = re.compile(r"(?:.*/bin/)?pursestrings|scripts/run")


def typed(line: str) -> Iterator[list[str]]:
    """Yield the arguments of each command of ours in a line of shell; our own scripts pass theirs on."""
    for part in re.split(r" (?:\||&&|;|>) ", line.partition(" # ")[0]):
        if not re.search(r"(?:^|[ /])(?:pursestrings|scripts/run)(?: |$)", part):
            continue
        words = [word for word in shlex.split(part, comments=True) if word not in {"sh", "exec"}]
        while words and "=" in words[0] and not words[0].startswith("-"):
            words.pop(0)
        if words[:3] == ["runuser", "-u", "pursestrings"]:
            words = words[4:]
        if words and _OURS.fullmatch(words[0]) and '"$@"' not in part:
            yield words[1:] or ["run"]


COMMANDS = [
    pytest.param(arguments, id=f"{block}-{' '.join(arguments)}")
    for block in [*blocks("sh"), *blocks("ini")]
    for line in block.text.splitlines()
    for arguments in typed(line.removeprefix("ExecStart=") if block.kind == "ini" else line)
]


@pytest.mark.parametrize("arguments", COMMANDS)
def test_every_command_line_is_understood(arguments: list[str]) -> None:
    """The command exists and takes what is shown; nothing is run."""
    context = typer.main.get_command(app).make_context("pursestrings", list(arguments))
    words = [*context._protected_args, *context.args]
    while hasattr(context.command, "resolve_command"):
        name, command, rest = context.command.resolve_command(context, words)
        context = command.make_context(name, list(rest), parent=context)
        words = [*context._protected_args, *context.args]

    assert words == []


def test_command_lines_are_found() -> None:
    """The test above has something to hold, the unit's own line included."""
    shown = [param.values[0] for param in COMMANDS]

    assert len(shown) > 20
    assert ["run"] in shown


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_named_in_a_sentence_exists(page: Path) -> None:
    """With the options that are shown beside it."""
    prose = _BLOCK.sub("", page.read_text(encoding="utf-8"))
    for code in re.findall(r"`((?:pursestrings|sh scripts/run) [^`]+)`", prose):
        words = code.removeprefix("sh scripts/run").removeprefix("pursestrings").split()
        group: Any = typer.main.get_command(app)
        context = group.make_context("pursestrings", list(words), resilient_parsing=True)
        _, command, rest = group.resolve_command(context, words)
        if rest and hasattr(command, "commands"):
            command = command.commands[rest[0]]
        options = {option for parameter in command.params for option in parameter.opts}

        assert {word for word in rest if word.startswith("--")} <= options, code


# Backup and restore.


def shell(marker: str, replaced: dict[str, str]) -> str:
    """Return the one script of docs/operate.md that holds a marker, with the server's places replaced."""
    (text,) = (block.text for block in blocks("sh", OPERATE) if marker in block.text)
    for there, here in replaced.items():
        text = text.replace(there, here)
    return text


def keep(data: Path, *numbers: int) -> None:
    """Archive some documents."""
    stores = open_store(f"sqlite:///{data}/pursestrings.db", data)
    for number in numbers:
        stores.store.keep([document(f"letter {number}", url=f"https://doj.example/{number}")], backlog=False, now=NOW)
    stores.close()


def readable(data: Path) -> int:
    """Return how many documents the archive holds, each of whose captures can be read back."""
    with closing(open_catalogue(f"sqlite:///{data}/pursestrings.db", data)) as catalogue:
        hits, _ = catalogue.search(Search(words="", limit=100))
        for hit in hits:
            catalogue.capture(hit.snapshot)
    return len(hits)


def test_a_backup_of_the_manual_is_an_archive(tmp_path: Path) -> None:
    """Taken while a writer has the database open; a damaged capture in it is told."""
    data, secrets = tmp_path / "data", tmp_path / "etc"
    secrets.mkdir()
    keep(data, 1, 2)
    places = {
        "/var/lib/pursestrings": str(data),
        "/var/backups/pursestrings": str(tmp_path / "backups"),
        "/etc/pursestrings": str(secrets),
        "/opt/pursestrings/.venv/bin/python": sys.executable,
    }
    stores = open_store(f"sqlite:///{data}/pursestrings.db", data)
    stores.store.keep([document("letter 3", url="https://doj.example/3")], backlog=False, now=NOW)
    subprocess.run(["sh", "-c", shell(".backup(", places)], check=True)
    stores.close()
    (copy,) = (tmp_path / "backups").iterdir()
    (code,) = (block.text for block in blocks("python", OPERATE))
    verify = [sys.executable, "-c", code]
    subprocess.run([*verify, str(copy)], check=True)

    assert (readable(copy), (copy / "etc").is_dir(), copy.stat().st_mode & 0o77) == (3, True, 0)
    (warc,) = (copy / "warc").iterdir()
    os.truncate(warc, warc.stat().st_size - 1)
    verified = subprocess.run([*verify, str(copy)], capture_output=True, text=True, check=False)
    assert (verified.returncode, verified.stderr) == (1, "1 of 3 captures are damaged\n")
    assert "restore the file from a backup" in verified.stdout


def test_an_older_database_and_none_at_all_lose_no_capture(tmp_path: Path) -> None:
    """What the older one does not know is put aside whole; what a missing one did not know is moved back."""
    data, kept = tmp_path / "data", tmp_path / "kept.db"
    keep(data, 1, 2)
    with closing(sqlite3.connect(data / "pursestrings.db")) as source, closing(sqlite3.connect(kept)) as target:
        source.backup(target)
    keep(data, 3)
    (data / "pursestrings.db").write_bytes(kept.read_bytes())
    keep(data)

    assert readable(data) == 2
    assert len(list((data / "warc" / "aside").iterdir())) == 1
    (data / "pursestrings.db").unlink()
    keep(data)
    (data / "pursestrings.db").write_bytes(kept.read_bytes())
    with pytest.raises(StorageError):
        readable(data)
    subprocess.run(["sh", "-c", shell("for f in aside", {"/var/lib/pursestrings": str(data)})], check=True)
    assert readable(data) == 2
