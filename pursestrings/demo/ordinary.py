"""Ordinary releases: hand-written variants, each cast several times with other people, towns and sums."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

from pursestrings.demo import markup
from pursestrings.demo.publication import Kind, Publication

#: How often each variant is cast.
_CASTS: Final = 5
_FIRST_OLD: Final = datetime(2009, 1, 6, 15, tzinfo=UTC)
_OLD_STEP: Final = timedelta(days=47, minutes=1)
#: Releases come daily from this long before the start, so that the site looks alive at the first visit.
_LEAD: Final = timedelta(days=7)
_SATURDAY: Final = 5
#: When a work day's releases come out, in UTC.
_HOURS: Final = (13, 15, 16, 18, 20)
#: The real site cuts the last part of an address at about this length.
_LONGEST_SLUG: Final = 90
_STOP_WORDS: Final = frozenset(
    {"a", "an", "and", "at", "for", "from", "in", "is", "of", "on", "that", "the", "to", "with"}
)


def ordinary_releases(table: Mapping[str, Any], start: datetime, end: datetime) -> tuple[Publication, ...]:
    """Cast every variant of the table and spread the releases over the years before and the work days between."""
    casts = [
        (variant, _slots(table, number, woman=variant.get("woman", False)))
        for number, variant in enumerate(table["variants"] * _CASTS)
    ]
    new = list(_work_moments(start - _LEAD, end))
    moments = list(_old_moments(len(casts) - len(new))) + new
    slugs: set[str] = set()
    return tuple(
        _release(variant, slots, moment, slugs) for (variant, slots), moment in zip(casts, moments, strict=True)
    )


def _slots(table: Mapping[str, Any], number: int, *, woman: bool) -> dict[str, Any]:
    # Steps that share no factor with the lists' lengths; the round shifts them, or a variant would meet one town only.
    turn = number // len(table["variants"])
    district = _pick(table["districts"], number * 5 + turn)
    surname = _pick(table["surnames"], number * 5)
    return {
        "name": f"{_pick(table['women' if woman else 'men'], number * 7)} {surname}",
        "surname": surname,
        "age": 28 + number * 11 % 37,
        "other": f"{_pick(table['women'], number * 4 + 3)} {_pick(table['surnames'], number * 5 + 9)}",
        "code": district["code"],
        "district": district["name"],
        "attorney": district["attorney"],
        "state": district["state"],
        "town": _pick(district["towns"], number),
        "amount": _pick(table["amounts"], number * 3),
        "sum": _pick(table["sums"], number * 3),
        "months": _pick(table["months"], number * 4),
        "count": _pick(table["counts"], number * 2 + turn),
    }


def _pick(choices: list[Any], number: int) -> Any:  # noqa: ANN401 - a table's cell
    return choices[number % len(choices)]


def _release(variant: Mapping[str, Any], slots: Mapping[str, Any], moment: datetime, slugs: set[str]) -> Publication:
    title = variant["title"].format_map(slots).replace(" million", " Million")
    office = variant.get("office", f"usao-{slots['code']}")
    slug = _free_slug(title, slugs)
    return Publication(
        key=f"doj/{slug}",
        site="doj",
        path=f"/doj/{office}/pr/{slug}",
        kind=Kind.RELEASE,
        at=moment,
        title=title,
        paragraphs=markup.paragraphs(variant["text"].format_map(slots)),
        # Offices other than the headquarters often leave the summary and the number out.
        summary=variant["summary"].format_map(slots) if office == "opa" or moment.minute % 2 else "",
        number=f"{moment:%y}-{moment:%j}{len(slugs) % 10}" if office == "opa" else "",
        components=(variant.get("component", f"USAO - {slots['district']}"),),
    )


def _free_slug(title: str, taken: set[str]) -> str:
    words = [word for word in re.findall(r"[a-z0-9]+", title.lower()) if word not in _STOP_WORDS]
    slug = "-".join(words)[:_LONGEST_SLUG].strip("-")
    free = next(each for each in (slug, *(f"{slug}-{number}" for number in range(_CASTS))) if each not in taken)
    taken.add(free)
    return free


def _old_moments(wanted: int) -> Iterator[datetime]:
    for number in range(wanted):
        moment = _FIRST_OLD + number * _OLD_STEP
        yield moment + timedelta(days=2 if moment.weekday() >= _SATURDAY else 0)


def _work_moments(start: datetime, end: datetime) -> Iterator[datetime]:
    for number in range((end.date() - start.date()).days):
        day = start.date() + timedelta(days=number)
        if day.weekday() < _SATURDAY:
            yield from (datetime.combine(day, time(hour, (day.day * 7 + hour * 11) % 60), UTC) for hour in _HOURS)
