"""R1: killed at any moment, nothing committed is lost. The fake Slack's own ledger is the judge."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from storage.opening import open_catalogue
from storage.protocols import Search
from tests.kill.rounds import KILLS, LEDGER

COUNT = 100
SEED = int(os.environ.get("KILL_SEED", "2017"))
CITIES = {"Albuquerque, NM", "Baltimore, MD", "San Bernardino, CA", "Stockton, CA"}
LETTER, ANSWER = "Funding condition letter", "City response"
EXPECTED = {(LETTER, ""), *((ANSWER, city) for city in CITIES)}


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The archives that 100 killed processes left behind, each brought to the end by a last one."""
    folder = tmp_path_factory.mktemp("kills")
    command = [sys.executable, "-m", "tests.kill.rounds", "--folder", str(folder), "--kills", str(COUNT)]
    done = subprocess.run([*command, "--seed", str(SEED)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"seed {SEED}: {done.stderr}"
    return sorted(path for path in folder.iterdir() if path.is_dir())


def kills(archive: Path) -> int:
    """Return how many processes were killed at work on this archive."""
    count: int = json.loads((archive / KILLS).read_text())["kills"]
    return count


def told(archive: Path) -> list[tuple[str, str, str]]:
    """Return alert id, kind and answering place of every post that Slack took, as a reader sees them."""
    entries = [json.loads(line) for line in (archive / LEDGER).read_text(encoding="utf-8").splitlines()]
    return [_said(entry) for entry in entries if entry["accepted"]]


def _said(entry: dict[str, Any]) -> tuple[str, str, str]:
    kind = entry["blocks"][1]["text"]["text"].partition(" \u00b7 ")[2].partition(" (")[0]
    places = entry["blocks"][2]["fields"][0]["text"].removeprefix("*Places*\n")
    return entry["metadata"]["event_payload"]["id"], kind, places.partition(":")[0] if kind == ANSWER else ""


def test_R1_every_alert_is_told_and_none_that_is_not_one(archives: list[Path]) -> None:
    """After 100 kills, each archive's channel holds the letter and four answers, whatever died in between."""
    assert sum(map(kills, archives)) == COUNT
    for archive in archives:
        assert {(kind, place) for _, kind, place in told(archive)} == EXPECTED, f"seed {SEED}, {archive.name}"


def test_R1_a_repeat_is_the_same_alert_and_no_more_often_than_kills(archives: list[Path]) -> None:
    """What arrived twice carries one id, so it can be recognised."""
    for archive in archives:
        posts = told(archive)
        assert len({alert for alert, _, _ in posts}) == len(EXPECTED)
        assert len(posts) - len(EXPECTED) <= kills(archive)


def test_R1_the_database_and_every_capture_are_whole(archives: list[Path]) -> None:
    """SQLite finds nothing wrong, warcio reads each file to its end, and each snapshot's bytes are those it names."""
    for archive in archives:
        database = archive / "pursestrings.db"
        with closing(sqlite3.connect(database)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        records = sum(_records(path) for path in sorted((archive / "warc").glob("*.warc.gz")))
        catalogue = open_catalogue(f"sqlite:///{database}", archive)
        hits, total = catalogue.search(Search(limit=1000))
        assert total == len(hits) > 60
        assert {hit.snapshot.body_digest for hit in hits} == {
            catalogue.capture(hit.snapshot).body_digest for hit in hits
        }
        catalogue.close()
        assert records >= len({hit.snapshot.warc for hit in hits})


def _records(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for _ in ArchiveIterator(file))
