"""`pursestrings search`."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.archive import samples
from tests.pursestrings.commands.desk import Archived, run


def titles(archived: Archived, *arguments: str) -> list[str]:
    """Return the titles that a search finds, in order."""
    result = run("search", "--config", archived.config, "--json", *arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    return [hit["title"] for hit in json.loads(result.stdout)["hits"]]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["jails"], [samples.LETTER_TITLE]),
        (['"bus lanes"'], [samples.PLAIN_TITLE]),
        (["jail -Quintero"], [samples.LETTER_TITLE]),
        (["--label", "city_response"], [samples.ANSWER_TITLE]),
        (
            ["--label", "city_response", "--label", "funding_condition_letter"],
            [samples.ANSWER_TITLE, samples.LETTER_TITLE],
        ),
        (["--place", "Stockton, CA"], [samples.LETTER_TITLE]),
        (["--place", "NM"], [samples.ANSWER_TITLE, samples.LETTER_TITLE]),
        (["--since", "2017-08-04", "Quintero"], [samples.ANSWER_TITLE]),
        (["--until", "2017-08-03", "jail"], [samples.LETTER_TITLE]),
        (["--limit", "1", "jail OR jails"], [samples.ANSWER_TITLE]),
    ],
)
def test_words_and_filters_narrow_the_search(archived: Archived, arguments: list[str], expected: list[str]) -> None:
    """Words, phrases, exclusion, labels, a city, a state, days and a limit."""
    assert expected == titles(archived, *arguments)


def test_without_words_everything_is_listed(archived: Archived) -> None:
    """The letter, the answer, the plain story in its latest version, the odd one, and two twins."""
    assert len(titles(archived)) == 6


def test_json_is_one_document_with_the_total(archived: Archived) -> None:
    """One line, also when the limit hides some."""
    result = run("search", "--config", archived.config, "--json", "--limit", "1")
    document = json.loads(result.stdout)

    assert (result.stdout.count("\n"), document["total"], len(document["hits"])) == (1, 6, 1)


def test_csv_cells_are_no_formulas(archived: Archived) -> None:
    """A spreadsheet shows the title and computes nothing."""
    result = run("search", "nothing", "--config", archived.config, "--csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))

    assert result.exit_code == 0
    assert [row["id"] for row in rows] == [archived.hostile.id]
    assert rows[0]["title"].startswith("'=HYPERLINK")


def test_for_people_a_hit_is_a_heading_a_title_and_a_passage(archived: Archived) -> None:
    """In a pipe no line is broken, however long."""
    result = run("search", "jails", "--config", archived.config)
    heading, title, passage, *_ = result.stdout.splitlines()

    letter = archived.room.letter
    assert heading == f"{letter.id[:10]}  2017-08-03 18:05  doj  Funding condition letter"
    assert title.strip() == samples.LETTER_TITLE
    assert "federal officers may enter its jails to question" in passage
    assert "1 of 1 document, newest first, times in UTC" in result.stdout


def test_outside_text_is_only_text(archived: Archived) -> None:
    """No escape sequence, no direction mark, and brackets are brackets."""
    result = run("search", "nothing", "--config", archived.config)

    assert "=HYPERLINK(1) [bold]loud[/bold]" in result.stdout
    assert not {"\x1b", "\u202e"} & set(result.stdout)


def test_nothing_found_is_said(archived: Archived) -> None:
    """It is an answer, so it ends with 0; for scripts it is an empty list."""
    result = run("search", "zeppelin", "--config", archived.config)

    assert (result.exit_code, result.stdout) == (0, "Nothing found.\n")
    assert titles(archived, "zeppelin") == []


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--since", "3 August"], "write it as 2017-08-03"),
        (["--until", "2017-02-30"], "write it as 2017-08-03"),
        (["--since", "2017-08-04", "--until", "2017-08-03"], "comes before --since"),
        (["--place", "Gotham"], "no place we know"),
        (["--label", "letters"], "there is no label 'letters'; choose from city_response, funding_condition_letter"),
        (["--limit", "0"], "--limit"),
        (["--json", "--csv"], "choose one of --json and --csv"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_is_expected(
    archived: Archived, arguments: list[str], expected: str
) -> None:
    """Nothing on stdout."""
    result = run("search", "--config", archived.config, *arguments, env={"COLUMNS": "200"})

    assert (result.exit_code, result.stdout) == (2, "")
    assert expected in result.stderr


def test_where_there_is_no_archive_yet_the_next_step_is_named(archived: Archived) -> None:
    """Exit 1 in one line, and nothing is made."""
    bare = archived.config.with_name("bare.toml")
    bare.write_text(archived.config.read_text().replace('data = "data"', 'data = "none"'))
    result = run("search", "--config", bare)

    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert "there is no archive yet; run `pursestrings poll`" in result.stderr
    assert not archived.config.with_name("none").exists()
