"""The Federal Register through the real fetcher: what is asked, what is made of it, and its past by months."""

from __future__ import annotations

import json
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from pydantic import ValidationError

from facts.errors import Unreachable, Unreadable
from facts.visit import Harvest, LinkKind, Remembered
from spiders import federal_register
from spiders.fetcher import Fetcher
from spiders.fetching import Historian
from tests.rig.site import NOT_FOUND, Reply, Site, html
from tests.spiders.conftest import NOW
from tests.spiders.golden import as_json, sample, saved
from tests.spiders.pasts import read_back

TODAY = NOW.date()


def spider(site: Site, **values: object) -> federal_register.Spider:
    settings = federal_register.Settings.model_validate({"url": site.url("/api/v1/documents.json"), **values})
    return federal_register.Spider(source="register", settings=settings, places=())


def as_api(body: bytes) -> Reply:
    return Reply(headers=(("Content-Type", "application/json"),), body=body)


class Register:
    """A register of one document a day, which answers by what it is asked, as the API does."""

    def __init__(self, *, days: int, a_day: int = 1, in_order: bool = True) -> None:
        self.days = [TODAY - timedelta(days=number) for number in range(days) for _ in range(a_day)]
        self.in_order = in_order

    def reply(self, path: str) -> Reply:
        asked = dict(parse_qsl(urlsplit(path).query))
        since = asked.get("conditions[publication_date][gte]", "0000")
        until = asked.get("conditions[publication_date][lte]", "9999")
        found = [(day, n) for n, day in enumerate(self.days) if since <= day.isoformat() <= until]
        found = found if self.in_order else found[::-1]
        start = (int(asked.get("page", "1")) - 1) * 100
        rows = [
            {
                "title": f"Notice {number}",
                "html_url": f"https://www.federalregister.gov/documents/{day:%Y/%m/%d}/n{number}/x",
                "document_number": f"n{number}",
                "publication_date": day.isoformat(),
            }
            for day, number in found[start : start + 100]
        ]
        # No more than 2,000 of one question are shown.
        pages = min(-(-len(found) // 100), 20)
        return as_api(json.dumps({"count": len(found), "total_pages": pages, "results": rows}).encode())


@pytest.fixture
def register(site: Site) -> Register:
    """A site that is a register; its size is set by the test."""
    made = Register(days=10)
    site.otherwise = lambda path: made.reply(path) if "documents.json" in path else NOT_FOUND
    return made


def questions(site: Site) -> list[list[tuple[str, str]]]:
    """Return what was asked for, fields left out."""
    asked = [seen.path for seen in site.log if seen.path != "/robots.txt"]
    return [[pair for pair in parse_qsl(urlsplit(path).query) if pair[0] != "fields[]"] for path in asked]


def numbers(harvest: Harvest) -> list[int]:
    return sorted(int(str(document.guid)[1:]) for document in harvest.documents)


def remembered(harvest: Harvest) -> dict[str, Remembered]:
    return {each.url: each for each in harvest.remembered}


async def test_federal_register_golden(site: Site, fetch: Fetcher) -> None:
    """Documents and filings become documents, their whole texts attachments; nothing that changes by itself is kept."""
    samples = {"documents": "federal_register.json", "public-inspection-documents": "federal_register_inspection.json"}

    def answer(path: str) -> Reply:
        name = samples.get(path.partition(".json")[0].rpartition("/")[2])
        return as_api(sample(name)) if name else NOT_FOUND

    site.otherwise = answer
    asking = spider(site, agencies=["justice-department"], types=["NOTICE"], public_inspection=True, follow=True)

    harvest = await asking.visit(fetch, {}, NOW)

    actual = json.loads(json.dumps(as_json(harvest, site.url(""))))
    for document in actual["documents"]:
        document["capture"]["url"] = document["capture"]["url"].partition("?")[0]
    assert saved("federal_register", actual) == actual
    assert {link.kind for link in harvest.links} == {LinkKind.LETTER}
    assert all(pair not in document.text for pair in ("1786", "page_views") for document in harvest.documents)
    assert questions(site)[1] == [
        ("conditions[agencies][]", "justice-department"),
        ("conditions[type][]", "NOTICE"),
        ("order", "newest"),
        ("per_page", "100"),
    ]
    assert not any("page_views" in seen.path for seen in site.log)


async def test_each_term_is_a_question_of_its_own(site: Site, fetch: Fetcher, register: Register) -> None:
    """What several of them find comes home once."""
    register.days = register.days[:3]

    harvest = await spider(site, terms=["sanctuary", '"immigration enforcement"']).visit(fetch, {}, NOW)

    assert [dict(asked)["conditions[term]"] for asked in questions(site)] == ["sanctuary", '"immigration enforcement"']
    assert (len(harvest.documents), harvest.requests) == (3, 2)


async def test_a_first_visit_reads_one_page_and_the_next_on_to_it(
    site: Site, fetch: Fetcher, register: Register
) -> None:
    """After a pause the days in between are read, on as many pages as they take."""
    register.days = [TODAY - timedelta(days=day) for day in range(20, 60) for _ in range(30)]
    first = await spider(site).visit(fetch, {}, NOW - timedelta(days=20))
    register.days = [TODAY - timedelta(days=day) for day in range(60) for _ in range(20)]

    second = await spider(site).visit(fetch, remembered(first), NOW)

    assert (len(first.documents), first.requests) == (100, 1)
    assert (numbers(second)[:400], second.requests) == (list(range(400)), 5)
    assert second.warnings == ()


async def test_more_than_a_visit_reads_is_told(site: Site, fetch: Fetcher, register: Register) -> None:
    """Else some would be missed without a word."""
    first = await spider(site).visit(fetch, {}, NOW)
    register.days = [TODAY] * 700

    second = await spider(site).visit(fetch, remembered(first), NOW)

    assert (len(second.documents), second.requests) == (500, 5)
    assert "more than 500 new documents" in second.warnings[0]


async def test_an_order_that_is_not_kept_is_seen_and_told(site: Site, fetch: Fetcher, register: Register) -> None:
    """The last days are then asked for by date; nothing is remembered of a first page that says nothing."""
    register.days = [TODAY - timedelta(days=day) for day in range(400)]
    register.in_order = False

    first = await spider(site).visit(fetch, {}, NOW)
    second = await spider(site).visit(fetch, remembered(first), NOW)

    assert list(range(15)) == numbers(first) == numbers(second)
    assert "did not come first" in first.warnings[0]


async def test_an_answer_seen_before_is_not_read_again(site: Site, fetch: Fetcher, register: Register) -> None:
    """By its body, where there is no validator."""
    first = await spider(site).visit(fetch, {}, NOW)
    second = await spider(site).visit(fetch, remembered(first), NOW)

    assert len(register.days) == len(first.documents)
    assert (second.unchanged, second.documents, second.shape) == (1, (), None)


@pytest.mark.parametrize(
    ("reply", "error", "words"),
    [
        (Reply(status=404), Unreachable, "404"),
        (html("<title>Request Access</title>"), Unreadable, "the JSON of the Federal Register, found an HTML page"),
        (as_api(b'{"errors": {"order": "is not valid"}}'), Unreadable, "without a list of results"),
    ],
)
async def test_what_is_no_answer_says_so(
    site: Site, fetch: Fetcher, reply: Reply, error: type[Exception], words: str
) -> None:
    """Pages for people stand in the place of answers."""
    site.otherwise = lambda path: reply if "documents" in path else NOT_FOUND

    with pytest.raises(error, match=words):
        await spider(site).visit(fetch, {}, NOW)


async def test_a_search_that_finds_nothing_is_empty(site: Site, fetch: Fetcher, register: Register) -> None:
    """The API leaves the list out then."""
    register.days = []

    harvest = await spider(site).visit(fetch, {}, NOW)

    assert (harvest.documents, harvest.warnings) == ((), ())


async def test_the_past_is_read_by_months(site: Site, fetch: Fetcher, register: Register) -> None:
    """Latest first, no slice longer than a month, each day once, none beyond those asked for."""
    register.days = [TODAY - timedelta(days=day) for day in range(400) for _ in range(5)]
    historian: Historian = spider(site)

    leaves = await read_back(historian, fetch, date(2026, 5, 10), date(2026, 7, 20), NOW)

    found = [day for leaf in leaves for document in leaf.harvest.documents if (day := document.published_at)]
    days = [(date(2026, 7, 20) - timedelta(days=number)) for number in range(72)]
    assert sorted(days * 5) == sorted(moment.date() for moment in found)
    slices = [{name: value for name, value in asked if "date" in name} for asked in questions(site)]
    assert all(set(one) == {"conditions[publication_date][gte]", "conditions[publication_date][lte]"} for one in slices)
    spans = [tuple(map(date.fromisoformat, one.values())) for one in slices]
    assert max(last - first for first, last in spans) <= timedelta(days=30)
    assert [date(2026, 7, 1), date(2026, 6, 1), date(2026, 5, 10)] == [leaves[n].reached for n in (0, 2, -1)]
    assert leaves[-1].pages_left == 0
    assert all(leaf.pages_left for leaf in leaves[:-1])
    assert {()} == {leaf.harvest.remembered for leaf in leaves}


async def test_a_month_of_too_many_is_read_in_halves(site: Site, fetch: Fetcher, register: Register) -> None:
    """The API shows no more than 2,000 of one question; a single day is read as far as it goes."""
    register.days = [TODAY - timedelta(days=day) for day in range(70) for _ in range(100)]

    leaves = await read_back(spider(site), fetch, date(2026, 7, 1), date(2026, 7, 31), NOW)

    found = {document.guid for leaf in leaves for document in leaf.harvest.documents}
    assert len(found) == 31 * 100
    assert all(leaf.harvest.documents or leaf.cursor for leaf in leaves)


async def test_the_past_goes_through_every_term(site: Site, fetch: Fetcher, register: Register) -> None:
    """Of a month all terms, then the month before."""
    register.days = [TODAY - timedelta(days=day) for day in range(90)]

    await read_back(spider(site, terms=["a", "b"]), fetch, date(2026, 6, 20), date(2026, 7, 10), NOW)

    asked = [dict(one) for one in questions(site)]
    assert [(one["conditions[term]"], one["conditions[publication_date][gte]"]) for one in asked] == [
        ("a", "2026-07-01"),
        ("b", "2026-07-01"),
        ("a", "2026-06-20"),
        ("b", "2026-06-20"),
    ]


async def test_a_past_of_no_days_ends_at_once(site: Site, fetch: Fetcher) -> None:
    """Without asking."""
    (leaf,) = await read_back(spider(site), fetch, date(2026, 7, 2), date(2026, 7, 1), NOW)

    assert (leaf.harvest.requests, leaf.cursor) == (0, None)


@pytest.mark.parametrize("values", [{"types": ["EO"]}, {"terms": ["x"] * 11}, {"term": "x"}])
def test_a_wrong_stanza_is_refused(values: dict[str, object]) -> None:
    """A mistake is found when the configuration is read."""
    with pytest.raises(ValidationError):
        federal_register.Settings.model_validate(values)
