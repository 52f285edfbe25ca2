"""Grants.gov: searches by POST, read defensively, and whole, since what is missing from them counts."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from facts.document import Capture
from facts.errors import Unreachable, Unreadable
from spiders import grants_gov
from spiders.fetcher import Fetcher
from spiders.opportunities import OpportunityPage, read_opportunities
from tests.rig.site import Reply, Site, html
from tests.spiders.conftest import NOW
from tests.spiders.golden import as_json, sample, saved


def spider(site: Site, **values: object) -> grants_gov.Spider:
    settings = grants_gov.Settings.model_validate({"url": site.url("/search2"), **values})
    return grants_gov.Spider(source="grants", settings=settings, places=())


def answer(numbers: range, count: object, **values: object) -> Reply:
    """Return an answer with one hit a number."""
    hits = [{"id": str(number), "title": f"Program {number}", "oppStatus": "posted"} for number in numbers]
    body = {"errorcode": 0, "data": {"hitCount": count, "oppHits": hits}}
    return replace(as_api(json.dumps(body).encode()), **values)  # type: ignore[arg-type]


def as_api(body: bytes) -> Reply:
    return Reply(headers=(("Content-Type", "application/json"),), body=body)


def asked(site: Site) -> list[dict[str, Any]]:
    """Return what was asked for, in order."""
    return [json.loads(seen.body) for seen in site.asked("/search2")]


async def test_grants_gov_golden(site: Site, fetch: Fetcher) -> None:
    """Hits in all their forms become documents at the addresses that readers know."""
    site.serve("/search2", as_api(sample("grants_gov.json").replace(b'"hitCount":5', b'"hitCount":6')))

    harvest = await spider(site, keyword="policing", agencies=["USDOJ", "DHS"], aln="16.999").visit(fetch, {}, NOW)

    actual = as_json(harvest, site.url(""))
    assert saved("grants_gov", actual) == actual
    assert harvest.listed == tuple(document.url for document in harvest.documents)
    assert asked(site) == [
        {
            "keyword": "policing",
            "oppStatuses": "posted|forecasted",
            "agencies": "USDOJ|DHS",
            "aln": "16.999",
            "rows": 100,
            "startRecordNum": 0,
        }
    ]


async def test_every_page_is_read(site: Site, fetch: Fetcher) -> None:
    """Each page starts where the last one really ended; captures of one address do not collide."""
    site.serve("/search2", answer(range(60), "130"), answer(range(60, 120), "130"), answer(range(120, 130), "130"))

    harvest = await spider(site).visit(fetch, {}, NOW)

    assert [question["startRecordNum"] for question in asked(site)] == [0, 60, 120]
    assert (len(harvest.documents), len(harvest.listed), harvest.requests, harvest.warnings) == (130, 130, 3, ())
    assert len({document.capture.url for document in harvest.documents}) == 3
    assert all(document.capture.url.startswith(site.url("/search2#")) for document in harvest.documents)


@pytest.mark.parametrize(
    ("replies", "words"),
    [
        ([answer(range(100), 5000)], "finds more than the 100 that were read"),
        ([answer(range(100), 110), answer(range(95, 105), 110)], "5 of 110 hits came twice or not at all"),
        ([answer(range(50), 60), answer(range(0), 60)], "finds more than the 50"),
    ],
)
async def test_a_list_with_holes_is_not_taken_for_whole(
    site: Site, fetch: Fetcher, replies: list[Reply], words: str
) -> None:
    """Nothing may pass for removed because it was not read."""
    site.serve("/search2", *replies)

    harvest = await spider(site).visit(fetch, {}, NOW)

    assert harvest.listed == ()
    with pytest.raises(AssertionError, match=words):
        raise AssertionError(harvest.warnings)
    assert len(asked(site)) <= 20


async def test_without_a_count_a_page_that_is_not_full_is_the_last(site: Site, fetch: Fetcher) -> None:
    """The count may be missing."""
    site.serve("/search2", answer(range(100), None), answer(range(100, 104), None))

    harvest = await spider(site).visit(fetch, {}, NOW)

    assert (len(harvest.documents), len(harvest.listed)) == (104, 104)


async def test_the_very_answer_of_last_time_is_not_read_again(site: Site, fetch: Fetcher) -> None:
    """By its body alone: a POST is never conditional."""
    site.serve("/search2", answer(range(3), 3, etag='"1"'))
    first = await spider(site).visit(fetch, {}, NOW)

    second = await spider(site).visit(fetch, {each.url: each for each in first.remembered}, NOW)

    assert (second.unchanged, second.documents, second.listed) == (1, (), ())
    assert site.asked("/search2")[1].header("If-None-Match") is None


async def test_of_several_pages_none_stands_for_the_others(site: Site, fetch: Fetcher) -> None:
    """A change on the second page is found though the first one is the same."""
    site.serve("/search2", answer(range(100), 101), answer(range(100, 101), 101), answer(range(100), 101))
    first = await spider(site).visit(fetch, {}, NOW)
    site.serve("/search2", answer(range(100), 101), answer(range(200, 201), 101))

    second = await spider(site).visit(fetch, {each.url: each for each in first.remembered}, NOW)

    assert second.documents[-1].url == "https://www.grants.gov/search-results-detail/200"


@pytest.mark.parametrize(
    ("reply", "error", "words"),
    [
        (Reply(status=500), Unreachable, "500"),
        (html("<p>Down for maintenance</p>"), Unreadable, "HTML page"),
        (as_api(b"[]"), Unreadable, "without hits"),
        (as_api(b'{"data": {"oppHits": {}}}'), Unreadable, "without hits"),
        (as_api(b'{"errorcode": 5, "msg": "Bad \\u0000 request", "data": {"oppHits": []}}'), Unreadable, "Bad request"),
    ],
)
async def test_what_is_no_answer_says_so(
    site: Site, fetch: Fetcher, reply: Reply, error: type[Exception], words: str
) -> None:
    """A failed search is no empty one, or every opportunity would look removed."""
    site.serve("/search2", reply)

    with pytest.raises(error, match=words):
        await spider(site).visit(fetch, {}, NOW)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
hits = st.dictionaries(st.sampled_from(["id", "title", "openDate", "cfdaList", "agency", "description"]), json_values)


@settings(max_examples=80)
@given(st.lists(hits | json_values, max_size=4), json_values)
def test_any_json_is_read(found: list[object], count: object) -> None:
    """Whatever stands in the fields."""
    body = json.dumps({"data": {"oppHits": found, "hitCount": count}}).encode()
    capture = Capture(url="https://a.example/", status=200, headers=(), body=body, media_type="", fetched_at=NOW)

    page = read_opportunities(capture)

    assert isinstance(page, OpportunityPage)
    assert page.rows == len(found)
    assert all(one.url.startswith("https://www.grants.gov/search-results-detail/") for one in page.found)


@pytest.mark.parametrize("values", [{"statuses": ["open"]}, {"aln": "16"}, {"keywords": "x"}])
def test_a_wrong_stanza_is_refused(values: dict[str, object]) -> None:
    """A mistake is found when the configuration is read."""
    with pytest.raises(ValidationError):
        grants_gov.Settings.model_validate(values)
