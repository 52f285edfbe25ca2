"""What the loader says of a file that is wrong: every mistake, its line, its key, and what was expected."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest

from pursestrings.config import ConfigMistakes
from tests.pursestrings.configs import ENVIRON, LEAST, TOKEN, WHOLE, load_text


def mistakes(folder: Path, text: str, environ: dict[str, str] = ENVIRON) -> list[str]:
    """Return what is wrong, as "line: key: problem"."""
    with pytest.raises(ConfigMistakes) as caught:
        load_text(folder, text, environ)
    return [f"{one.line}: {one.key}: {one.problem}" for one in caught.value.mistakes]


def test_all_mistakes_are_told_together_in_the_order_of_the_file(tmp_path: Path) -> None:
    """One run of `check` is enough to mend everything."""
    text = (
        WHOLE.replace('"America/Denver"', '"America/Denvr"')
        .replace('"15m"', '"15"')
        .replace('"Albuquerque, NM"', '"Albuquerque, NM", "albuquerque nm", "Nowhere, ZZ"')
        .replace("follow = true", "folow = true")
        .replace("0.6", "6")
        .replace('from = "desk"', "from = 1")
        .replace('at = "07:00"', 'at = "7"')
        .replace('8081"', '8080"')
    )

    assert mistakes(tmp_path, text) == [
        (
            '4: bot.timezone: "America/Denvr" is not a time zone (did you mean "America/Denver"?); '
            'expected an IANA name, such as "America/Denver"'
        ),
        (
            '19: sources.paper.every: "15" is not a duration; '
            'expected a number and a unit, such as "90s", "10m", "1h" or "1d"'
        ),
        (
            '20: sources.paper.places[1]: "albuquerque nm" is no place we know (did you mean "Albuquerque, NM"?); '
            'expected a city, county or state, such as "Albuquerque, NM", "Cook County, IL" or "NM"'
        ),
        (
            '20: sources.paper.places[2]: "Nowhere, ZZ" is no place we know; '
            'expected a city, county or state, such as "Albuquerque, NM", "Cook County, IL" or "NM"'
        ),
        (
            '21: sources.paper.folow: is not known here (did you mean "follow"?); '
            "expected one of every, follow, headers, limit, paging, places, sections, spider, url"
        ),
        "24: labels.city_response.threshold: 6 does not fit; expected a number less than or equal to 1",
        "29: channels.desk.from: 1 does not fit; expected text in quotes",
        '37: digests.morning.at: "7" is not a time of day; expected "HH:MM" from "00:00" to "23:59"',
        '43: web.replay_bind: "127.0.0.1:8080" is that of bind; expected another port',
    ]


def test_captured_pages_need_an_origin_of_their_own(tmp_path: Path) -> None:
    """What strangers wrote may not share an origin with the archive, whatever its path."""
    text = f'{WHOLE}replay_url = "https://archive.news.example:443/captured"\n'

    assert mistakes(tmp_path, text) == [
        "45: web.replay_url: has the host and port of public_url; expected another host name or port"
    ]


def test_the_error_reads_as_file_line_key_problem(tmp_path: Path) -> None:
    """Its text is what an editor can jump to, one mistake a line."""
    with pytest.raises(ConfigMistakes) as caught:
        load_text(tmp_path, WHOLE.replace('"desk@news.example"', '"nobody"').replace('"30s"', "30"))

    file = tmp_path / "config.toml"
    assert (
        f'{file}:3: bot.contact: "nobody" is neither an e-mail address nor a web address; '
        'expected one such as "newsroom@example.org"\n'
        f"{file}:14: fetch.timeout: 30 is not text; expected text in quotes"
    ) == str(caught.value)
    assert f"{file}:3: bot.contact" == caught.value.where


def test_an_empty_file_lacks_two_things(tmp_path: Path) -> None:
    """What is nowhere written is placed on the first line."""
    assert mistakes(tmp_path, "") == [
        '1: channels: is missing or empty; expected at least one, such as [channels.desk] with kind = "console"',
        "1: bot.contact: is missing; expected text in quotes",
    ]


def test_names_that_are_used_twice_are_told_with_both_lines(tmp_path: Path) -> None:
    """A second table or key of one name is a mistake, whatever it holds."""
    text = WHOLE + '[sources.paper]\nspider = "paper"\n[bot]\n'

    assert mistakes(tmp_path, text) == [
        "45: sources.paper: is written twice, first on line 16; expected one of the two, or another name",
        "46: sources.paper.spider: is written twice, first on line 17; expected one of the two, or another name",
        "47: bot: is written twice, first on line 1; expected one of the two, or another name",
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("name = Metro desk", "2: bot.name: is not TOML: Invalid value; expected text in quotes, a number, true"),
        ('name "Metro desk"', "2: bot: is not TOML: Expected '=' after a key in a key/value pair; expected valid TOML"),
        ('name = "Metro', "2: bot.name: is not TOML: Illegal character '\\n'; expected valid TOML"),
        ("places = [1", "3: bot.places: is not TOML: Unclosed array; expected valid TOML"),
    ],
)
def test_a_text_that_is_no_toml_is_told_alone(tmp_path: Path, line: str, said: str) -> None:
    """Its line and the nearest key are named."""
    (told,) = mistakes(tmp_path, f"[bot]\n{line}\n")

    assert told.startswith(said)


def test_a_missing_variable_is_named_with_both_ways_out(tmp_path: Path) -> None:
    """The variable, and the kind that could stand in."""
    assert mistakes(tmp_path, WHOLE, {}) == [
        (
            "28: channels.desk.token: TEST_TOKEN is not set; expected the secret in this environment variable, "
            'or otherwise = "console" in this stanza to go on without it'
        )
    ]


def test_a_stand_in_must_need_nothing(tmp_path: Path) -> None:
    """A kind with settings of its own cannot stand in, whether or not it is needed now."""
    assert mistakes(tmp_path, WHOLE.replace('from = "desk"', 'otherwise = "pager"')) == [
        (
            '29: channels.desk.otherwise: "pager" needs settings of its own; '
            'expected a kind that needs none, such as "console"'
        )
    ]


def test_an_unknown_kind_hides_no_mistake_in_the_common_keys(tmp_path: Path) -> None:
    """What belongs to every source is checked all the same."""
    told = mistakes(tmp_path, WHOLE.replace('spider = "paper"', 'spider = "papr"').replace('"15m"', '"15 m"'))

    assert [line.rpartition(': "')[0] for line in told] == ["17: sources.paper.spider", "19: sources.paper.every"]
    assert '"papr" is no kind of source (did you mean "paper"?); expected one of paper' in told[0]


@pytest.mark.parametrize(
    "written",
    [
        f'"{TOKEN}"',
        f'{{ env = "{TOKEN}" }}',
        f'{{ env = "TEST_TOKEN", or = "{TOKEN}" }}',
        f'["{TOKEN}"]',
        f'{{ value = "{TOKEN}" }}',
    ],
)
def test_a_secret_in_the_file_is_refused_and_not_repeated(tmp_path: Path, written: str) -> None:
    """The right way to write it is told, and the secret is not."""
    told = mistakes(tmp_path, WHOLE.replace('{ env = "TEST_TOKEN" }', written))

    assert told[0].startswith("28: channels.desk.token")
    assert '{ env = "NAME" }, with the value in that environment variable' in told[0]
    assert TOKEN not in "".join(told)


def test_no_traceback_of_the_error_shows_a_secret(tmp_path: Path) -> None:
    """Neither the error nor what it was raised from."""
    text = WHOLE.replace('{ env = "TEST_TOKEN" }', f'"{TOKEN}"').replace('"30s"', "30")
    with pytest.raises(ConfigMistakes) as caught:
        load_text(tmp_path, text, {})

    assert TOKEN not in "".join(traceback.format_exception(caught.value))


def test_a_number_in_place_of_a_secret_is_not_repeated(tmp_path: Path) -> None:
    """A token made of digits is a secret too."""
    (told,) = mistakes(tmp_path, WHOLE.replace('{ env = "TEST_TOKEN" }', "99887766"))

    assert told == "28: channels.desk.token: this does not fit; expected text in quotes"


def test_a_secret_that_a_kind_repeats_is_masked(tmp_path: Path) -> None:
    """A kind may quote what it refuses; nobody gets to read it."""
    (told,) = mistakes(tmp_path, WHOLE, {"TEST_TOKEN": "refused-token"})

    assert told == "28: channels.desk.token: bad token **********"


def test_a_secret_too_short_to_be_masked_is_refused(tmp_path: Path) -> None:
    """Three characters would be found in every second word of a log."""
    assert mistakes(tmp_path, WHOLE, {"TEST_TOKEN": "abc"}) == [
        "28: channels.desk.token: TEST_TOKEN is too short to be masked in logs; expected 4 characters or more"
    ]


@pytest.mark.parametrize("written", ['"postgresql://u:canary-pw@db.example/p"', '{ env = "DATABASE" }'])
def test_a_wrong_database_is_not_repeated(tmp_path: Path, written: str) -> None:
    """It may hold a password, wherever it comes from."""
    text = WHOLE.replace('"sqlite:///data/p.db"', written)
    (told,) = mistakes(tmp_path, text, {**ENVIRON, "DATABASE": "mysql://u:canary-pw@db.example/p"})

    assert told.startswith("9: storage.url: is not a database that is spoken here; expected a file, such as ")
    assert "canary" not in told


def test_a_label_is_wanted_where_nothing_else_is_known(tmp_path: Path) -> None:
    """A route to a label that does not exist names those that do."""
    text = LEAST + '[routes.all]\nlabels = ["city_respons"]\nchannel = "desk"\n'

    assert mistakes(tmp_path, text, {}) == [
        (
            '6: routes.all.labels[0]: "city_respons" is no label (did you mean "city_response"?); '
            "expected one of city_response, funding_condition_letter"
        )
    ]


def test_control_characters_in_keys_and_values_are_escaped(tmp_path: Path) -> None:
    """A key cannot write to the terminal."""
    text = WHOLE.replace("follow = true", '"\\u001b[2J" = 1').replace('"15m"', '"\\u001b[2J"')

    assert "\x1b" not in "".join(mistakes(tmp_path, text))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("follow = true", "paging = {}", "21: sources.paper.paging.pages: is missing; expected a value"),
        ("follow = true", "paging = { pages = 1, size = 2 }", "21: sources.paper.paging.size: is not known here"),
        ("follow = true", "paging = { pages = 1.5 }", "21: sources.paper.paging.pages: 1.5 does not fit; expected "),
        ("follow = true", "headers = 1", "21: sources.paper.headers: this does not fit; expected a table in { }"),
        (
            "follow = true",
            "limit = 0",
            "21: sources.paper.limit: 0 does not fit; expected a number greater than ",
        ),
        ("follow = true", "sections = true", "21: sources.paper.sections: true does not fit; expected an array in [ ]"),
        ('"Test desk"', "1979-05-27", "2: bot.name: 1979-05-27 does not fit; expected text in quotes"),
        ('"Test desk"', '""', '2: bot.name: "" does not fit; expected it to have at least 1 character'),
        (
            '"Test desk"',
            f'"{"x" * 99}"',
            f'2: bot.name: "{"x" * 59}... does not fit; expected it to have at most 80',
        ),
        ("[web]", "[sources]\nweb = 1\n[web]", "42: sources.web: is not a table; expected [sources.web]"),
        ("[fetch]", "[fetching]", "11: fetching: is not known here (did you mean "),
        ('timeout = "30s"', '["bo\\u0007t"]', '14: "bo\\u0007t": is not known here'),
    ],
)
def test_what_does_not_fit_is_told_in_the_words_of_toml(tmp_path: Path, old: str, new: str, said: str) -> None:
    """The key, its value when that may be shown, and what was expected."""
    (told,) = mistakes(tmp_path, WHOLE.replace(old, new, 1))

    assert told.startswith(said)


@pytest.mark.parametrize("stanza", ["bot", "sources", "web"])
def test_a_value_in_place_of_a_stanza_is_told(tmp_path: Path, stanza: str) -> None:
    """And hides nothing else."""
    told = mistakes(tmp_path, f"{stanza} = 1\n")

    assert f"1: {stanza}: is not a table; expected [{stanza}]" in told


def test_array_of_tables_in_place_of_a_table_is_told(tmp_path: Path) -> None:
    """Sources have names."""
    told = mistakes(tmp_path, LEAST + '[[sources]]\nspider = "paper"\n', {})

    assert told == ["5: sources: is not a table; expected [sources]"]


@pytest.mark.parametrize(
    ("host", "every", "least"),
    [
        ("paper.example", "59s", "1m"),
        ("93.184.216.34", "59s", "1m"),
        ("127.1.0.7", "500ms", None),
        ("127.1.0.7", "0s", "1s"),
        ("[::1]", "0s", "1s"),
    ],
)
def test_a_source_that_would_be_asked_too_often(tmp_path: Path, host: str, every: str, least: str | None) -> None:
    """At most once a minute; a machine of one's own, named by its address, once a second."""
    text = f'{LEAST}\n[sources.radio]\nspider = "paper"\nurl = "http://{host}/feed"\nevery = "{every}"\n'

    (mistake,) = mistakes(tmp_path, text)

    problem = f'expected at least "{least}"' if least else "is not a duration"
    assert "sources.radio.every" in mistake
    assert problem in mistake


@pytest.mark.parametrize("url", ["http://127.1.0.7/feed", "http://[::1]/feed", "http://10.0.0.1/feed"])
def test_a_machine_of_ones_own_may_be_asked_each_second(tmp_path: Path, url: str) -> None:
    """A relay on the desk's network, or a benchmark on loopback."""
    text = f'{LEAST}\n[sources.radio]\nspider = "paper"\nurl = "{url}"\nevery = "1s"\n'

    config = load_text(tmp_path, text)

    assert {source.name: source.every.total_seconds() for source in config.sources}["radio"] == 1


def test_the_name_of_the_canary_is_taken(tmp_path: Path) -> None:
    """Its documents would stand in no search and no digest."""
    text = WHOLE.replace("[sources.paper]", "[sources.canary]")

    assert mistakes(tmp_path, text) == ["16: sources.canary: is the name of the built-in canary; expected another name"]


@pytest.mark.parametrize(
    ("stanza", "problem"),
    [
        ('every = "59s"', 'every: "59s" is too often; expected at least "1m", or "0s" for none'),
        ('every = "hourly"', 'every: "hourly" is not a duration; expected a number and a unit, such as "90s", "10m"'),
        ("enabled = 0", "enabled: 0 does not fit; expected true or false"),
        ('channel = "desk"', "channel: is not known here; expected one of enabled, every"),
    ],
)
def test_the_canary_is_told_how_often_and_nothing_else(tmp_path: Path, stanza: str, problem: str) -> None:
    """Its channel is that of the operators."""
    (found,) = mistakes(tmp_path, f"{WHOLE}\n[canary]\n{stanza}\n")

    assert found.partition(": ")[2].startswith(f"canary.{problem}")
