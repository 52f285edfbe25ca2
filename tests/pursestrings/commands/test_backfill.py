"""`pursestrings backfill`, over an API of five pages of the past."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pursestrings.opening import load_config, reading
from storage.protocols import Search
from tests.pursestrings.commands.desk import FeedSite, run, write_config
from tests.rig.newsroom import item, rss

SIZE = 4
PAGES = 5
DOJ = """\
[sources.doj]
spider = "doj_api"
url = "{base}/api"
pagesize = 4

[sources.terms]
spider = "page"
url = "{base}/terms"
"""


def release(number: int, now: datetime) -> dict[str, str]:
    # At noon in Washington, whose days are meant.
    moment = now.replace(hour=17) - timedelta(days=number)
    return {
        "title": f"Release number {number}",
        "url": f"https://www.justice.gov/opa/pr/{number}",
        "body": f"<p>A letter to Stockton about its jail, as of day {number}.</p>",
        "created": moment.isoformat(),
    }


def address(page: int) -> str:
    return f"/api?sort=created&direction=DESC&pagesize={SIZE}&page={page}"


def fill(site: FeedSite, now: datetime) -> None:
    """Serve one release a day, today's among them."""
    for page in range(PAGES):
        rows = [release(number, now) for number in range(page * SIZE, (page + 1) * SIZE)]
        body = {"metadata": {"resultset": {"count": str(SIZE * PAGES)}}, "results": rows}
        site.pages[address(page)] = json.dumps(body).encode()


@pytest.fixture
def desk(site: FeedSite, tmp_path: Path) -> Path:
    fill(site, datetime.now(UTC))
    return write_config(tmp_path, site.base, sources=DOJ)


def days_ago(count: int) -> str:
    return (datetime.now(UTC) - timedelta(days=count)).date().isoformat()


def archived(config: Path) -> list[str]:
    with reading(load_config(config, os.environ)) as catalogue:
        hits, _ = catalogue.search(Search(limit=100))
        assert all(hit.snapshot.backlog and hit.snapshot.version == 1 for hit in hits)
        assert catalogue.deliveries(10) == []
    return sorted((hit.snapshot.title for hit in hits), key=lambda title: int(title.split()[-1]))


def test_the_past_comes_into_the_archive_without_the_last_two_days(desk: Path) -> None:
    """One JSON document at the end; a second run has nothing to do and says so."""
    done = run("backfill", "doj", "--since", days_ago(6), "--json", "--config", desk)
    again = run("backfill", "doj", "--since", days_ago(6), "--until", days_ago(2), "--json", "--config", desk)

    assert (done.exit_code, again.exit_code) == (0, 0), done.output
    told = json.loads(done.stdout)
    assert {key: told[key] for key in ("source", "since", "documents", "new", "done", "error")} == {
        "source": "doj",
        "since": days_ago(6),
        "documents": 5,
        "new": 5,
        "done": True,
        "error": None,
    }
    assert archived(desk) == [f"Release number {number}" for number in range(2, 7)]
    assert (json.loads(again.stdout)["documents"], json.loads(again.stdout)["new"]) == (5, 0)


def test_a_person_reads_one_line(desk: Path) -> None:
    """And no bar where it is piped."""
    done = run("backfill", "doj", "--since", days_ago(3), "--config", desk)

    assert done.exit_code == 0, done.output
    assert f"doj, {days_ago(3)} to {days_ago(2)}:" in done.stdout
    assert "2 documents, 2 new or changed" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("doj", "--since", "soon"), "is no date"),
        (("doj", "--since", "2017-01-01", "--until", days_ago(0)), "left to the polls"),
        (("doj", "--since", days_ago(0)), "is after"),
        (("nobody", "--since", "2017-01-01"), "no source 'nobody'"),
    ],
)
def test_mistakes_are_named(desk: Path, arguments: tuple[str, ...], said: str) -> None:
    """Each with what to do, and the exit code of a wrong call."""
    done = run("backfill", *arguments, "--config", desk)

    assert done.exit_code == 2
    assert said in " ".join(done.output.replace("│", "").split())


def test_a_kind_without_a_past_says_so(desk: Path) -> None:
    """A watched page shows what is there now."""
    done = run("backfill", "terms", "--since", "2017-01-01", "--config", desk)

    assert done.exit_code == 1
    assert "of the kind page has no past to read" in done.output


def test_it_goes_on_after_a_SIGKILL(desk: Path, site: FeedSite) -> None:
    """Killed while it asks for its third page: the next run ends with every document, each once."""
    reached = threading.Event()
    whole = dict(site.pages)

    class Watched(dict[str, bytes]):
        def get(self, path: str, default: bytes | None = None) -> bytes | None:  # type: ignore[override]
            if path == address(2):
                reached.set()
            return super().get(path, default)

    site.pages = Watched(whole)
    command = [sys.executable, "-m", "pursestrings.cli", "backfill", "doj", "--since", days_ago(30), "--config", desk]
    with subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as one:
        assert reached.wait(60)
        one.send_signal(signal.SIGKILL)
    assert len(archived(desk)) < SIZE * PAGES - 2

    done = run("backfill", "doj", "--since", days_ago(30), "--json", "--config", desk)
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["done"] is True
    assert archived(desk) == [f"Release number {number}" for number in range(2, SIZE * PAGES)]


def test_a_page_out_of_reach_ends_it_with_the_reason(
    desk: Path, site: FeedSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 1, and the same command goes on."""
    monkeypatch.setattr("scheduler.backfilling.RETRIES", ())
    site.pages[address(1)] = rss(item("No JSON", "at all"))
    done = run("backfill", "doj", "--since", days_ago(6), "--config", desk)

    assert done.exit_code == 1
    assert "the same command goes on from there" in " ".join(done.output.split())
