"""Material of the alert tests: an invented letter, an invented answer, and hostile strings."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import UTC, date, datetime
from ipaddress import ip_network
from pathlib import Path

import pytest

from alerts.message import Bulletin, Message
from alerts.wording import compose, compose_bulletin
from facts.alert import Alert, DigestKey, Reason
from facts.event import LETTER, RESPONSE, Condition, Deadline, Event, Quote, Stance, StanceKind
from facts.places import Place, PlaceKind, Role
from facts.story import Joined, Report, Story

NOW = datetime(2017, 8, 4, 13, 30, tzinfo=UTC)
LOOPBACK = (ip_network("127.0.0.0/8"),)
PUBLIC_URL = "http://127.0.0.1:8080"

ALBUQUERQUE = Place(name="Albuquerque", state="NM", kind=PlaceKind.CITY, id="geonames:5454711")
STOCKTON = Place(name="Stockton", state="CA", kind=PlaceKind.CITY, id="geonames:5399020")
BALTIMORE = Place(name="Baltimore", state="MD", kind=PlaceKind.CITY, id="geonames:4347778")
COOK = Place(name="Cook County", state="IL", kind=PlaceKind.COUNTY, id="fips:17031")
NEW_MEXICO = Place(name="New Mexico", state="NM", kind=PlaceKind.STATE, id="state:NM")
OREGON = Place(name="Oregon", state="OR", kind=PlaceKind.STATE, id="state:OR")

QUOTE = "Before the partnership can begin, each city is to show that it lets federal officers into its jail."


def letter(**changes: object) -> Event:
    """Return the event of an invented letter to two cities."""
    event = Event(
        id="1e77e41e77e41e77e41e",
        snapshot_id="54a9540754a954075a9a",
        label=LETTER,
        score=0.97,
        evidence=(Quote(text=QUOTE, start=0, end=len(QUOTE)),),
        agencies=("Department of Justice",),
        programs=("Public Safety Partnership",),
        instrument="letter",
        places=(ALBUQUERQUE.with_role(Role.RECIPIENT), STOCKTON.with_role(Role.RECIPIENT), OREGON),
        deadline=Deadline(date=date(2017, 8, 18), phrase="by Aug. 18", assumed_year=True),
        conditions=(Condition.JAIL_ACCESS, Condition.RELEASE_NOTICE),
        stances=(),
        source="doj",
        url="https://www.justice.gov/opa/pr/two-cities-asked-about-jails",
        title="Department asks two cities about their jails before a partnership begins",
        published_at=datetime(2017, 8, 3, tzinfo=UTC),
        version=1,
        backlog=False,
        judged_by="base-test",
        judged_at=NOW,
    )
    return replace(event, **changes)  # type: ignore[arg-type]


def response(**changes: object) -> Event:
    """Return the event of an invented article in which two cities answer."""
    said = "The mayor said the city had never refused such a visit and called the letter mistaken."
    event = letter(
        id="4e5904e54e5904e54e59",
        snapshot_id="54a9000254a900025a92",
        label=RESPONSE,
        score=0.81,
        evidence=(Quote(text=said, start=10, end=10 + len(said)),),
        places=(ALBUQUERQUE.with_role(Role.RESPONDENT), STOCKTON.with_role(Role.RESPONDENT)),
        deadline=None,
        conditions=(),
        stances=(
            Stance(place=ALBUQUERQUE.with_role(Role.RESPONDENT), stance=StanceKind.DISPUTES),
            Stance(place=STOCKTON.with_role(Role.RESPONDENT), stance=StanceKind.COMPLIES),
        ),
        source="mesa-courier",
        url="https://courier.example.org/news/mayor-letter",
        title="Mayor calls federal letter on jails mistaken",
        published_at=datetime(2017, 8, 4, 12, 5, tzinfo=UTC),
    )
    return replace(event, **changes)  # type: ignore[arg-type]


def joined(event: Event, *, opened: bool = True) -> Joined:
    """Return the story that the event opened or joined."""
    story = Story(
        id="570475704757047570a5",
        opened_by=event.id,
        opened_at=NOW,
        last_event_at=NOW,
        agencies=event.agencies,
        programs=event.programs,
        instrument=event.instrument,
        place_ids=tuple(place.id for place in event.places),
        members=(),
    )
    return Joined(story=story, opened=opened, copy_of=None)


def alert(event: Event, *, place: Place | None = None, reason: Reason = Reason.NEW_STORY) -> Alert:
    """Return an alert of the event."""
    return Alert(
        id="a1e47a1e47a1e47a1e47",
        event_id=event.id,
        story_id="570475704757047570a5",
        place=place,
        source=None,
        detail=None,
        reason=reason,
        route="desk",
        channel="desk",
        due_at=NOW,
    )


def letter_message(**changes: object) -> Message:
    """Return the alert of the letter in words."""
    event = letter()
    return replace(compose(alert(event), event, public_url=PUBLIC_URL), **changes)  # type: ignore[arg-type]


def response_message() -> Message:
    """Return the alert of Albuquerque's answer in words."""
    event = response()
    told = alert(event, place=ALBUQUERQUE, reason=Reason.FOLLOW_UP)
    return compose(told, event, public_url=PUBLIC_URL, possible_repeat=True)


def bulletin(**changes: object) -> Bulletin:
    """Return the digest of a day with a letter, two answers, another label and a failing source."""
    second = response(
        id="4e5904e54e5904e54e60",
        url="https://valley.example.org/2017/08/council-vote",
        title="Council votes to answer the Justice Department “in full”",
        stances=(Stance(place=STOCKTON, stance=StanceKind.COMPLIES),),
        published_at=datetime(2017, 8, 4, 2, 40, tzinfo=UTC),
    )
    copied = letter(id="c0b1", url="https://valley.example.org/wire", source="valley-herald")
    other = letter(id="07e4", label="grant_award", title="Twelve cities get policing grants", url="https://a.example/1")
    return replace(
        compose_bulletin(
            DigestKey(name="morning", local_date=date(2017, 8, 4)),
            [report(letter(), opens=True), report(copied), report(response()), report(second), report(other, "grants")],
            ["valley-herald: no answer since Aug. 2 (connection refused)"],
            bot_name="Metro desk",
            public_url=PUBLIC_URL,
            to=("editors@example.org", "night@example.org"),
        ),
        **changes,  # type: ignore[arg-type]
    )


def report(event: Event, story: str | None = "story", *, opens: bool = False) -> Report:
    """Return an event as a report of a story."""
    return Report(event=event, story_id=story, opens=opens)


def quiet_bulletin() -> Bulletin:
    """Return the digest of a day without news."""
    key = DigestKey(name="morning", local_date=date(2017, 8, 5))
    return compose_bulletin(key, [], [], bot_name="Metro desk", public_url=PUBLIC_URL)


def filled(text: str) -> Message:
    """Return an alert with this string in every field that comes from outside."""
    hostile = Place(name=text, state="NM", kind=PlaceKind.CITY, id="x")
    event = letter(
        title=text,
        source=text,
        url=text,
        agencies=(text,),
        programs=(text, text),
        evidence=(Quote(text=text, start=0, end=len(text)),),
        places=(hostile.with_role(Role.RECIPIENT),),
        deadline=Deadline(date=date(2017, 8, 18), phrase=text, assumed_year=False),
    )
    return compose(alert(event), event, public_url=PUBLIC_URL, possible_repeat=True)


def raw(text: str) -> Message:
    """Return an alert with this string in every field, past the wording that would have cleaned it."""
    return replace(
        letter_message(),
        headline=text,
        kind=text,
        places=(text,) * 40,
        agencies=(text,),
        programs=(text,),
        deadline=text,
        conditions=(text,),
        quote=text,
        url=text,
        host=text,
        source=text,
    )


def bulletin_of(text: str, count: int = 1) -> Bulletin:
    """Return a digest with this string in every field that comes from outside."""
    return bulletin(sections=((text, (raw(text),) * count),), failing=(text,) * count, subject=text)


#: What Slack would obey or show as something else (docs/reliability.md, S14), and mail headers that would grow.
PAYLOADS = (
    *("<!channel>", "<!here>", "<!everyone>", "<!channel|channel>", "<@U1>", "<@U024BE7LH|chief>", "<#C024BE7LR>"),
    *("<#C1|general>", "<!subteam^S1>", "<!subteam^S1|desk>", "<https://evil.example|justice.gov>"),
    *("<https://evil.example>", "<mailto:a@evil.example|Mail us>", "<tel:+1555|call>", "<javascript:alert(1)|x>"),
    *("<!date^1392734382^{date_num}|today>", "<!date^1^{date}^https://evil.example|today>", "@channel", "@here"),
    *("@everyone", "#general", "https://evil.example/login", "www.evil.example", "a@evil.example"),
    *("&lt;!channel&gt;", "&amp;lt;!channel&amp;gt;", "<<!channel>>", "<!cha<!channel>nnel>", "<", ">", "&", "<>"),
    *("*bold*", "_italic_", "~gone~", "`code`", "```block```", "> quoted", ">>> quoted", ":rotating_light:"),
    *('{"type":"section","text":{"type":"mrkdwn","text":"<!channel>"}}', '"}]},{"type":"image"', "\\u003c!channel>"),
    *("\n<!channel>", "line\r\n*New story*", "a\x00b\x1b[31mred\x07", "\u202egnp.exe", "\u2066<!here>\u2069"),
    *("\ud800<!channel>", "\ufeff<!here>", "\uff1c!channel\uff1e", "〈@U1〉", "a" * 40_000, "<" * 40_000, "&" * 40_000),
    *("word " * 8_000, "<!channel>" * 4_000, "\u0301" * 3_000, "👩‍👩‍👧‍👦" * 500, "", " ", "\u3164", "\u200b"),
    *("https://user:pw@evil.example/", "https://justice.gov@evil.example/", "https://evil.example\\@justice.gov/"),
    *(
        "https://\u0440\u0430\u0443\u0440\u0430l.example/",
        "javascript:alert(1)",
        "https://evil.example/|justice.gov>",
        "http://[::1",
        "//x",
    ),
    *("https://evil.example/a b<!channel>", "data:text/html,<script>alert(1)</script>", "=?utf-8?q?=0d=0aBcc:_x?="),
)


def corpus(name: str, count: int) -> Path:
    """Return a file of outside material, or skip saying how many items the test would have read."""
    root = Path(os.environ.get("PURSESTRINGS_CORPORA", Path(__file__).parents[3] / "shared" / "corpora"))
    path = root / name
    if not path.is_file():
        pytest.skip(f"{count} items of {name} not read: set PURSESTRINGS_CORPORA")
    return path


def naughty_strings() -> list[str]:
    """Return the big list of naughty strings."""
    return [str(each) for each in json.loads(corpus("naughty-strings.json", 515).read_text(encoding="utf-8"))]
