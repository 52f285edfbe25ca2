"""`pursestrings classify`."""

from __future__ import annotations

import io
import json
from importlib.resources import files
from pathlib import Path

import pytest
from typer.testing import Result

from pursestrings.commands.classify import classify
from spiders.ocr import is_installed
from tests.archive import samples
from tests.pursestrings.commands.desk import run
from tests.spiders.scans import photocopied, scan

LETTER_PDF = Path(str(files("pursestrings.demo.texts").joinpath("letter.pdf")))
FOUR = [
    ("Albuquerque", "NM", "recipient"),
    ("Baltimore", "MD", "recipient"),
    ("San Bernardino", "CA", "recipient"),
    ("Stockton", "CA", "recipient"),
]


def judged(result: Result) -> dict[str, object]:
    """Return the one JSON document that was printed."""
    assert (result.exit_code, result.stderr, result.stdout.count("\n")) == (0, "", 1)
    document: dict[str, object] = json.loads(result.stdout)
    return document


def test_a_pdf_is_judged_and_printed_in_the_form_that_scripts_know() -> None:
    """The documented shape: every key, and the keys of what it holds."""
    document = judged(run("classify", LETTER_PDF, "--json"))

    assert list(document) == [
        "labels",
        "agencies",
        "programs",
        "jurisdictions",
        "deadline",
        "conditions",
        "stances",
        "model",
    ]
    labels = document["labels"]
    assert isinstance(labels, dict)
    letter = labels["funding_condition_letter"]
    assert (list(letter), letter["flagged"]) == (["score", "flagged", "evidence"], True)
    assert list(letter["evidence"][0]) == ["text", "start", "end"]
    assert document["deadline"] == {"date": "2017-08-18", "phrase": "by Aug. 18, 2017", "assumed_year": False}
    places = document["jurisdictions"]
    assert isinstance(places, list)
    assert sorted((place["name"], place["state"], place["role"]) for place in places) == FOUR
    assert list(places[0]) == ["name", "state", "kind", "id", "role"]


@pytest.mark.skipif(not is_installed(), reason="the extra ocr is not installed")
def test_a_scan_is_judged_by_the_words_that_are_recognised(tmp_path: Path) -> None:
    """The same letter on paper: the same places and the same day."""
    path = tmp_path / "scan.pdf"
    path.write_bytes(scan(*photocopied(LETTER_PDF.read_bytes())))

    document = judged(run("classify", path, "--json"))

    deadline, places = document["deadline"], document["jurisdictions"]
    assert isinstance(deadline, dict)
    assert isinstance(places, list)
    assert deadline["date"] == "2017-08-18"
    assert sorted((place["name"], place["state"], place["role"]) for place in places) == FOUR


def test_a_text_file_is_judged_with_the_day_it_was_published(tmp_path: Path) -> None:
    """The year of "by Aug. 18" comes from the option."""
    path = tmp_path / "release.txt"
    path.write_text(samples.LETTER_TEXT, encoding="utf-8")
    document = judged(run("classify", path, "--json", "--title", samples.LETTER_TITLE, "--published", "2017-08-03"))

    assert document["deadline"] == {"date": "2017-08-18", "phrase": "by Aug. 18", "assumed_year": True}


def test_a_page_is_judged_by_its_own_title_and_text(tmp_path: Path) -> None:
    """Markup is not read as words."""
    path = tmp_path / "page.html"
    paragraphs = "".join(f"<p>{part}</p>" for part in samples.LETTER_TEXT.split("\n\n"))
    path.write_text(f"<!doctype html><title>{samples.LETTER_TITLE}</title><article>{paragraphs}</article>")
    document = judged(run("classify", path, "--json", "--published", "2017-08-03"))

    labels = document["labels"]
    assert isinstance(labels, dict)
    assert labels["funding_condition_letter"]["flagged"]
    assert "<p>" not in json.dumps(labels)


@pytest.mark.parametrize("arguments", [(), ("-",)])
def test_standard_input_is_read(arguments: tuple[str, ...]) -> None:
    """With a dash, and without a file. The place that a local paper leaves out comes from an option."""
    text = "The mayor told the Justice Department that the city will not change its jail policy for a grant."
    document = judged(run("classify", *arguments, "--json", "--place", "Stockton, CA", input=text))

    stances = document["stances"]
    assert isinstance(stances, list)
    assert {stance["name"] for stance in stances} <= {"Stockton"}
    assert "Department of Justice" in str(document["agencies"])


def test_whoever_types_the_text_is_told_how_to_end_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A terminal gives no other sign that something is waited for."""
    typed = io.TextIOWrapper(io.BytesIO(b"The mayor said no."))
    monkeypatch.setattr(typed, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", typed)
    classify()

    assert capsys.readouterr().err == "Paste the text, then press Ctrl-D.\n"


def test_for_people_the_verdict_comes_first_then_the_evidence() -> None:
    """And what was read out of it."""
    result = run("classify", LETTER_PDF)

    assert result.exit_code == 0
    assert "Funding condition letter  flagged, 0." in result.stdout
    assert "City response  not flagged, 0." in result.stdout
    for term in ("agency", "program", "places", "answers", "deadline", "conditions"):
        assert f"\n  {term} " in result.stdout
    assert "Stockton, CA (recipient)" in result.stdout
    assert "Aug. 18, 2017" in result.stdout


@pytest.mark.parametrize(
    ("name", "body", "expected"),
    [
        ("missing.txt", None, "cannot be read: No such file or directory"),
        ("damaged.pdf", LETTER_PDF.read_bytes()[:400], "the PDF cannot be read"),
        ("empty.txt", b" \n", "holds no text"),
    ],
)
def test_what_cannot_be_read_ends_with_1(tmp_path: Path, name: str, body: bytes | None, expected: str) -> None:
    """In one line that says why, and nothing on stdout."""
    path = tmp_path / name
    if body is not None:
        path.write_bytes(body)
    result = run("classify", path, "--json")

    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert expected in result.stderr


@pytest.mark.parametrize(("option", "value"), [("--published", "Aug. 3"), ("--place", "Gotham")])
def test_wrong_options_end_with_2(option: str, value: str) -> None:
    """Before the file is read."""
    result = run("classify", "missing.txt", option, value)

    assert (result.exit_code, result.stdout) == (2, "")
    assert option in result.stderr
