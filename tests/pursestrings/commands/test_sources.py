"""`pursestrings sources`."""

from __future__ import annotations

import json

from tests.pursestrings.commands.desk import Archived, run


def test_each_source_has_its_state_and_its_last_error(archived: Archived) -> None:
    """In the order of the configuration; who was never visited says so."""
    result = run("sources", "list", "--config", archived.config)
    doj, ledger, courier = result.stdout.splitlines()[1:4]

    assert result.exit_code == 0
    assert doj.split() == ["doj", "ok", "2017-08-05", "18:05", "2017-08-05", "18:15", "-"]
    assert ledger.split()[:2] == ["delta-ledger", "failing"]
    assert ledger.rstrip().endswith("https://ledger.example/feed answered 503 Service Unavailable")
    assert courier.split()[:3] == ["rio-grande-courier", "new", "never"]
    assert "3 sources, 1 failing" in result.stdout


def test_a_source_that_no_process_knows_yet_is_new_and_due(archived: Archived) -> None:
    """A stanza that was just added is not left out."""
    added = archived.config.with_name("added.toml")
    added.write_text(archived.config.read_text() + '[sources.late]\nspider = "feed"\nurl = "https://late.example/"\n')
    rows = json.loads(run("sources", "list", "--config", added, "--json").stdout)

    assert [row["name"] for row in rows] == ["doj", "delta-ledger", "rio-grande-courier", "late"]
    assert (rows[-1]["state"], rows[-1]["last_visit_at"]) == ("new", None)
    assert rows[-1]["next_poll_at"]


def test_without_a_verb_the_verbs_are_named() -> None:
    """Wrong usage, and helpful."""
    result = run("sources")

    assert result.exit_code == 2
    assert "list" in result.output
