"""`pursestrings history`."""

from __future__ import annotations

import json

from tests.pursestrings.commands.desk import Archived, run


def test_versions_are_listed_oldest_first(archived: Archived) -> None:
    """With the id that `show` takes."""
    plain, edited = archived.room.plain, archived.room.edited
    result = run("history", plain.url, "--config", archived.config)
    rows = [line.split() for line in result.stdout.splitlines()]

    assert result.exit_code == 0
    assert rows[0][:7] == ["version", "claimed", "(UTC)", "archived", "(UTC)", "id", "source"]
    for row, one in zip(rows[1:], (plain, edited), strict=False):
        times = [part for at in (one.published_at, one.taken_at) for part in f"{at:%Y-%m-%d %H:%M}".split()]
        assert row[:7] == [str(one.version), *times, one.id, "delta-ledger"]


def test_json_is_one_document(archived: Archived) -> None:
    """With when it was first seen."""
    result = run("history", archived.room.plain.url, "--config", archived.config, "--json")
    document = json.loads(result.stdout)

    assert (
        document["first_seen"],
        [version["version"] for version in document["versions"]],
    ) == ("2017-08-03T23:05:00+00:00", [1, 2])


def test_an_unknown_address_ends_with_1(archived: Archived) -> None:
    """In one line; an address that drives a terminal is shown and not obeyed."""
    result = run("history", "https://nowhere.example/\x1b[2J", "--config", archived.config)

    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert "the archive has no version of https://nowhere.example/\\x1b[2J;" in result.stderr


def test_an_unknown_address_is_an_empty_history_for_scripts(archived: Archived) -> None:
    """The document all the same, and exit 1."""
    result = run("history", "https://nowhere.example/", "--config", archived.config, "--json")

    assert (result.exit_code, json.loads(result.stdout)["versions"]) == (1, [])
