"""`pursestrings show`."""

from __future__ import annotations

import json
from pathlib import Path

from storage.opening import open_store
from tests.archive import samples
from tests.archive.newsroom import fill_copy
from tests.pursestrings.commands.desk import SAMPLE_SOURCES, Archived, run, write_config


def test_a_document_is_shown_with_all_that_became_of_it(archived: Archived) -> None:
    """Where it is kept, why it was flagged, who was told, and the text."""
    letter = archived.room.letter
    result = run("show", letter.id[:6], "--config", archived.config)

    assert result.exit_code == 0
    for expected in (
        samples.LETTER_TITLE,
        letter.url,
        letter.body_digest,
        f"{letter.warc.file} at {letter.warc.offset}",
        "Funding condition letter  0.97, high certainty",
        "Aug. 18, 2017 (by Aug. 18; year assumed)",
        "“48 hours' notice before it lets a wanted person go”",
        "1501783509.000200",
        "the connection closed before the answer",
        samples.LETTER_TEXT.splitlines()[-1],
    ):
        assert expected in result.stdout


def test_three_dates_are_kept_apart(archived: Archived) -> None:
    """What the source claims, when it was first seen, when this version was archived (R21)."""
    edited = archived.room.edited
    lines = run("show", edited.id, "--config", archived.config).stdout.splitlines()
    document = json.loads(run("show", edited.id, "--config", archived.config, "--json").stdout)

    times = [line.strip() for line in lines if line.strip().startswith(("claimed ", "first seen ", "archived "))]
    assert [" ".join(line.split()) for line in times] == [
        f"claimed {edited.published_at:%Y-%m-%d %H:%M} UTC",
        "first seen 2017-08-03 23:05 UTC",
        "archived 2017-08-04 23:05 UTC",
    ]
    assert (document["first_seen"], document["taken_at"], document["dated_ahead"]) == (
        "2017-08-03T23:05:00+00:00",
        "2017-08-04T23:05:00+00:00",
        False,
    )


def test_json_is_one_document(archived: Archived) -> None:
    """The keys of the trace."""
    document = json.loads(run("show", archived.room.answer.id, "--config", archived.config, "--json").stdout)

    assert (
        document["text"],
        [event["label"] for event in document["events"]],
        document["deliveries"],
    ) == (samples.ANSWER_TEXT, ["city_response"], [])


def test_what_was_not_flagged_says_so(archived: Archived) -> None:
    """And outside text is only text, line by line."""
    result = run("show", archived.hostile.id, "--config", archived.config)

    assert "Not flagged." in result.stdout
    assert "[bold]loud[/bold]" in result.stdout
    assert "\n\nIts second paragraph goes on " in result.stdout
    assert not {"\x1b", "\u202e"} & set(result.stdout)


def test_a_long_paragraph_is_shown_whole(archived: Archived) -> None:
    """Of evidence no word is cut."""
    assert " to its last word.\n" in run("show", archived.hostile.id, "--config", archived.config).stdout


def test_a_beginning_that_two_ids_share_ends_with_1(archived: Archived) -> None:
    """Two documents cannot be told apart by it; one more character is enough."""
    first, second = (twin.id for twin in archived.twins)
    assert first[:6] == second[:6]
    result = run("show", first[:6], "--config", archived.config)

    assert (1, "", f"'{first[:6]}' begins more than one id; give more of it\n") == (
        result.exit_code,
        result.stdout,
        result.stderr,
    )
    assert run("show", first[:10], "--config", archived.config).exit_code == 0


def test_an_unknown_id_ends_with_1(archived: Archived) -> None:
    """In one line."""
    result = run("show", "0123456789", "--config", archived.config)

    assert (result.exit_code, result.stdout, result.stderr) == (1, "", "no snapshot has the id '0123456789'\n")


def test_an_id_that_is_too_short_ends_with_1(archived: Archived) -> None:
    """What is expected is said."""
    result = run("show", "ab", "--config", archived.config)

    assert (result.exit_code, result.stderr) == (1, "'ab' is no id: give at least 6 of its characters, 0-9 and a-f\n")


def test_a_copy_shows_what_it_adds(tmp_path: Path) -> None:
    """The line of the local officials begins with a plus sign; the first version has none."""
    config, data = write_config(tmp_path, sources=SAMPLE_SOURCES), tmp_path / "data"
    data.mkdir()
    stores = open_store(f"sqlite:///{data}/pursestrings.db", data)
    letter, copy = fill_copy(stores)
    stores.close()

    own, shown = (run("show", it.id, "--config", config).stdout for it in (letter, copy))
    document = json.loads(run("show", copy.id, "--config", config, "--json").stdout)

    assert f"+ {samples.ADDED}" in " ".join(shown.split())
    assert shown.count("\n+ ") == 1
    assert f"The text is that of {letter.id}, {letter.title} (doj); what it adds is marked +." in " ".join(
        shown.split()
    )
    assert "\n+ " not in own
    assert [passage["text"] for passage in document["added"]] == [samples.ADDED]
