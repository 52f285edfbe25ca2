"""Deadlines: the day by which a jurisdiction owes an answer, out of all the days that a text names.

A hearing, a vote, a report between federal agencies and the date of the letter are no deadlines. A day without a year
takes it from the document's date; "within 30 days" counts from the date that the letter states, from the weekday on
which it came, else from publication.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date

from classifier.deadline_dates import DAY, WEEKDAY, DayFound, counts_days, days_in, month_day, weekday_before
from classifier.parsing import Parsed, Passage
from facts.event import Deadline

_STATED = re.compile(
    r"\b(?:letters?|notices?|memos?)[\w\s,]{0,40}?\b(?:dated|of|sent\son|sent)\s{1,3}"
    rf"(?:{WEEKDAY},\s)?{DAY}"
)
_STATED_FIRST = re.compile(rf"\b{DAY}\s(?:letter|notice|email|memo|message)\b")
_HEADING = re.compile(r"^[ \t]{0,20}" + DAY + r"[ \t]{0,20}$", re.MULTILINE)
_LETTER_TOP = 900
#: A weekday on which something came, and no limit: "on Friday gave the state 30 days".
_CAME = re.compile(
    rf"(?<!by )(?<!until )(?<!before )(?<!next )(?<!till )(?<!from )(?<!due )(?<!this )\b(?P<weekday>{WEEKDAY})\b"
    r"(?!\s(?:morning's\s)?(?:to|is|at\snoon|deadline))"
)

_SPEAKS_OF_DUTY = ("condition", "instrument_word", "threat", "strings", "agency", "federal", "stance")
#: Characters before and behind the words of the day in which its clause is read.
_BEFORE = 110
_AFTER = 90
_ANSWER = re.compile(
    r"\b(?:answers?|repl(?:y|ies)|respon(?:d|ses?)|compl(?:y|iance)|certif(?:y|ies|ication|ications)|attest\w*|"
    r"sign(?:ed)?|submit\w*|sen[dt]|turn(?:ed)? over|hand(?:ed)? over|produce|upload\w*|furnish|provide|rescind|"
    r"repeal|withdr\w+|redone|explain|show|prove|agree|accept|revoke|void|swear|vouch|put their names?|fix|"
    r"removed?|repay|return|portal|yes)\b"
)
_MUST = re.compile(
    r"\b(?:must|ha(?:s|ve|d) to|required?|ordered|told|tells|asks?|asked|demand(?:s|ed)?|deadline|due|gives?|given|"
    r"gave|needs? to|shall|please|is to|are to|was to|were to|wants?|unless|otherwise|has|have|got|until|till)\b"
)
_WANTED = re.compile(r"\bdue\b|\bwants?\b|\bmust\b|\bor (?:lose|face|risk|else)\b|\banswer\b|\bdeadline\b")
_UNITS = frozenset({"day", "days", "week", "weeks", "month", "hours", "half"})
_OR_ELSE = re.compile(
    r"\bor (?:lose|risk|face|see|be|repay|else|the|they|it|we|i|\$)\b|\b(?:will not|won't|cannot|can't|"
    r"not expect|suspen\w+|withh\w+|forfeit\w*|terminat\w+|disallow\w*|discontinu\w+|redirect\w*|removed from|"
    r"cut off)\b"
)
_CLOSES = re.compile(
    r"\b(?:system|portal|window|round|competition|solicitation|applications?) (?:closes?|is due|are due)\b"
)
_ADDRESSED = re.compile(
    r"\b(?:states?|cit(?:y|ies)|count(?:y|ies)|towns?|governors?|districts?|mayors?|sheriffs?|jurisdictions?|recipients?|"
    r"grantees?|you|your|applicants?|superintendents?|commissioners?|chiefs?|schools?|agency|them)\b"
)
#: One federal office owes it to another.
_INSIDE = re.compile(
    r"\b(?:direct|order|ask|giv|gave|tell|told|instruct|require)\w{0,3}\s(?:(?!by\b)\w{1,8}\s){0,6}?(?:agencies|"
    r"(?:every|each) agency|regional offices|attorney general|secretar(?:y|ies)|departments?\b|budget|heads|"
    r"office of)|(?<!housing )(?<!transit )(?<!state )(?<!local )(?<!police )\bagencies (?:must|are to|"
    r"were told|have|had|should|will)\b|\btask force\b|\bheads of\b|\bbudget (?:office|director) (?:is|has|must|"
    r"to)\b|\b(?:secretary|secretaries|attorney general|commerce) (?:must|shall|(?:is|are|has) to|has until|"
    r"has \w+ days) "
)
#: Somebody else's day: a court's, a council's, a parade's.
_ELSEWHERE = re.compile(
    r"\b(?:vot(?:e|es|ed|ing|ers)|meet|meets|meeting|elections?|ballots?|parade|session|comments?|register|"
    r"nominations?|solicitor|bills? come|budget, which|games?|championships?|fireworks|closed|recess|conference|"
    r"registration for|webinar|workshop|convention|public has|hotel|training|congress|senators?|(?:directed|"
    r"told|asked|instructed) (?:\w+ )?staff)\b"
)
_IN_COURT = re.compile(r"\b(?:judges?|courts?|hearing|trial|arguments?|(?:to|will|would|may) rule|ruling|injunction)\b")
_OFFICE_AFTER = re.compile(
    r", the (?:\w{1,10} )?(?:director|secretary|attorney general|administrator|task force|heads?|department)\b"
    r"[\w ,-]{0,60}\b(?:shall|must|will|is to|are to)\b"
)
#: "Gave the city a month to answer", and not "three times a week to".
_GIVEN = re.compile(r"\b(?:giv|gave|grant|has|have|had|allow)")
_ELSEWHERE_BEFORE = 50
_ELSEWHERE_AFTER = 40
#: Its own plan: "the city would reply by Friday".
_OWN_PLAN = re.compile(
    r"(?:\bwill|'ll|\bwould|\bcould|\bplans? to|\bhopes? to|\bexpects? to) (?:\w+ )?(?:sign|file|report|decide|"
    r"take up|hold|bring|have an answer|answer|reply|respond|finish|be filed|be posted|rule|transmit|send|"
    r"hear)\b[^,;]{0,60}\Z"
)
_TOOK = re.compile(r"\b(?:took|takes?|spent)\b[^,;]{0,40}\Z")
#: What a jurisdiction asks for itself, and what the condition says of detainers.
_EXTENSION = re.compile(r"\b(?:request|want|ask|seek)\w{0,3} (?:for )?(?:another )?\Z|\bextension of \Z")
_NOTICE = re.compile(r"'? (?:advance |written )?(?:notice|warning)\b")
_TERMS = re.compile(r"\bdetainers?\b|\brelease(?:s|d)?\b|\bnotif\w+")
_HOURS = re.compile(r"\bhours?\b|\b(?:two|three|2|3) days\b")

_DATE_OF = re.compile(r"\b(?:deadline|date|due|days|certif\w+)\b")
_APPLICATION = re.compile(r"\bappl(?:y|ies|ications?|icants?)\b")
_APPEARED = re.compile(r"\bhad (?!to\b|until\b|till\b)[^,;]{0,60}\Z")
_OPENS = re.compile(r"(?:\A|- )\Z")
#: "It won't be here till Thanksgiving."
_NOT_UNTIL = re.compile(r"(?:n't|\bnot) (?:[\w']+ ){0,5}\Z")
_IN_THE_PAST = re.compile(r"\b(?:had|was|were|came|went|withdrew)\b")
#: What a day must weigh: counted ones and those without a limiting word stand among more words of duty.
_ENOUGH = 1.0
_ENOUGH_COUNTED = 1.5
_ENOUGH_WEAK = 1.5
_COUNTED_COST = 2.0
#: What a day weighs less that stands far from the condition.
_FAR = 1.5


def find_deadline(parsed: Parsed, published: date | None, near: Collection[int] | None = None) -> Deadline | None:
    """Return the day an answer is due; None when the text names none, or its date cannot be counted.

    `near` are the sentences, by index, around what tells of the condition: a day elsewhere in a long document is
    mostly another matter's. None: all of them.
    """
    ranked = sorted(_ranked(parsed, published, near), key=lambda entry: entry[:2])
    if not ranked:
        return None
    _, at, found = ranked[0]
    start, end = parsed.folded.span(at, at + found.end - found.start)
    phrase = " ".join(parsed.original[start:end].split())
    return Deadline(date=found.day, phrase=phrase, assumed_year=not found.has_year)


def stated_date(parsed: Parsed, published: date | None) -> date | None:
    """Return the date that the letter bears: its own heading, or "the letter dated Aug. 3"."""
    lower = parsed.folded.lower
    heading = _HEADING.search(lower, 0, min(_LETTER_TOP, len(lower))) if "dear " in lower[:4000] else None
    matches = (heading, _STATED.search(lower), _STATED_FIRST.search(lower))
    return next((day for match in matches if match and (day := month_day(match, published))), None)


def _ranked(
    parsed: Parsed, published: date | None, near: Collection[int] | None
) -> Iterator[tuple[float, int, DayFound]]:
    """Yield (cost, offset, day) of each day that may be the deadline; the lowest cost is the likeliest."""
    stated = stated_date(parsed, published)
    for index, passage in enumerate(parsed.passages):
        sentence = passage.sentence
        lower = parsed.folded.lower[sentence.start : sentence.end]
        counting = stated or (_came(parsed, index, published) if counts_days(lower) else None)
        for found in days_in(lower, stated or published, counting):
            weight = _duty(parsed, index) + _clause(lower, found)
            weight -= _FAR * (near is not None and index not in near)
            if weight >= _enough(found):
                cost = _COUNTED_COST * found.counted - 2.0 * (found.moved and bool(_DATE_OF.search(lower))) - weight
                yield cost, sentence.start + found.start, found


def _enough(found: DayFound) -> float:
    return _ENOUGH_WEAK if found.weak else _ENOUGH_COUNTED if found.counted else _ENOUGH


def _came(parsed: Parsed, index: int, published: date | None) -> date | None:
    """Return the last weekday that a sentence, or the one before it, says something came on; else publication."""
    if published is None:
        return None
    for near in (index, index - 1, index + 1):
        if 0 <= near < len(parsed.passages) and (match := _CAME.search(parsed.words_of(near).lower())):
            return weekday_before(match["weekday"], published)
    return published


def _duty(parsed: Parsed, index: int) -> float:
    """Return how much a sentence and those beside it speak of what a federal office asks."""
    passage = parsed.passages[index]
    around: tuple[Passage, ...] = parsed.passages[max(0, index - 1) : index + 2]
    weight = 0.5 * sum(kind in passage.kinds for kind in _SPEAKS_OF_DUTY)
    weight += 0.5 * ("place" in passage.kinds)
    weight += 0.5 * any("instrument_word" in near.kinds or "agency" in near.kinds for near in around)
    return min(weight, 2.0)


def _clause(lower: str, found: DayFound) -> float:
    """Return how much the words around a day make it one on which an answer is owed."""
    before, after = lower[max(0, found.start - _BEFORE) : found.start], lower[found.end : found.end + _AFTER]
    words = lower[max(0, found.start - _BEFORE) : found.end + _AFTER]
    closes = bool(_CLOSES.search(words))
    weight = 1.0 * bool(_ANSWER.search(words)) + 0.75 * bool(_MUST.search(words)) + 0.5 * bool(_ADDRESSED.search(words))
    weight += 0.75 * bool(_OR_ELSE.search(words)) + 1.0 * closes + 0.75 * _is_term(lower, found)
    weight -= 0.75 * (not closes and bool(_APPLICATION.search(words)))
    return weight - _strangeness(lower, found, before, after)


def _is_term(lower: str, found: DayFound) -> bool:
    """Return whether the days are given for something: "has ten days to"."""
    phrase = lower[found.start : found.end]
    unit = phrase.rpartition(" ")[2]
    return phrase.endswith(" to") or (unit in _UNITS and lower.startswith(" to ", found.end))


def _strangeness(lower: str, found: DayFound, before: str, after: str) -> float:
    """Return how much the words around a day make it somebody else's, or one gone by."""
    phrase = lower[found.start : found.end]
    near = before[-_ELSEWHERE_BEFORE:] + phrase + after[:_ELSEWHERE_AFTER]
    inside = lower[max(0, found.start - 2 * _BEFORE) : found.end]
    notice = _NOTICE.match(after) or (_HOURS.search(phrase) and _TERMS.search(near))
    past = (
        (_OPENS.search(before) and _IN_THE_PAST.search(after.partition(".")[0]))
        or after.startswith(", when")
        or _APPEARED.search(before)
        or _TOOK.search(before)
    )
    not_until = phrase.startswith(("until", "till")) and _NOT_UNTIL.search(before)
    office = _OFFICE_AFTER.search(after)
    rate = phrase.startswith(("a ", "an ")) and not _GIVEN.search(before)
    unasked = phrase.startswith("in ") and not _WANTED.search(before + after)
    return (
        4.0 * bool(_INSIDE.search(inside) or office)
        + 4.0 * bool(rate)
        + 4.0 * bool(notice)
        + 4.0 * bool(_EXTENSION.search(before))
        + 3.0 * bool(_IN_COURT.search(near))
        + 2.5 * bool(_OWN_PLAN.search(before))
        + 2.0 * bool(past)
        + 4.0 * bool(not_until)
        + 1.5 * bool(_ELSEWHERE.search(near))
        + 1.0 * bool(unasked)
    )
