"""Clauses of deadlines: what the words around a day make of it, as facts that the trained table weighs.

Each fact was found by reading: what is owed, to whom, and whose day it is otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from classifier.deadline_dates import DayFound

#: Characters before and behind the words of the day in which its clause is read.
_BEFORE = 110
_AFTER = 90
_CLOSES = re.compile(
    r"\b(?:system|portal|window|round|competition|solicitation|applications?) (?:closes?|is due|are due)\b"
)
_AROUND = {
    "answer": re.compile(
        r"\b(?:answers?|repl(?:y|ies)|respon(?:d|ses?)|compl(?:y|iance)|certif(?:y|ies|ication|ications)|attest\w*|"
        r"sign(?:ed)?|submit\w*|sen[dt]|turn(?:ed)? over|hand(?:ed)? over|produce|upload\w*|furnish|provide|rescind|"
        r"repeal|withdr\w+|redone|explain|show|prove|agree|accept|revoke|void|swear|vouch|put their names?|fix|"
        r"removed?|repay|return|portal|yes)\b"
    ),
    "must": re.compile(
        r"\b(?:must|ha(?:s|ve|d) to|required?|ordered|told|tells|asks?|asked|demand(?:s|ed)?|deadline|due|gives?|given|"
        r"gave|needs? to|shall|please|is to|are to|was to|were to|wants?|unless|otherwise|has|have|got|until|till)\b"
    ),
    "addressed": re.compile(
        r"\b(?:states?|cit(?:y|ies)|count(?:y|ies)|towns?|governors?|districts?|mayors?|sheriffs?|jurisdictions?|"
        r"recipients?|grantees?|you|your|applicants?|superintendents?|commissioners?|chiefs?|schools?|agency|them)\b"
    ),
    "or else": re.compile(
        r"\bor (?:lose|risk|face|see|be|repay|else|the|they|it|we|i|\$)\b|\b(?:will not|won't|cannot|can't|"
        r"not expect|suspen\w+|withh\w+|forfeit\w*|terminat\w+|disallow\w*|discontinu\w+|redirect\w*|removed from|"
        r"cut off)\b"
    ),
    "closes": _CLOSES,
    "application": re.compile(r"\bappl(?:y|ies|ications?|icants?)\b"),
    "wanted": re.compile(r"\bdue\b|\bwants?\b|\bmust\b|\bor (?:lose|face|risk|else)\b|\banswer\b|\bdeadline\b"),
}
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
_OFFICE = (
    r"(?:secretar(?:y|ies)|attorneys? general|administrators?|directors?|agenc(?:y|ies)|heads?|assistants?|"
    r"chair(?:man)?|task force|commission|council|departments?|office of|working group|designated officials?|"
    r"postmaster)"
)
_NOT_LOCAL = r"(?!(?:states?|local|housing|transit|police|schools?|public|city|county|recipient|grantee)\b)"
_INSIDE_SENTENCE = r"(?:[^.;]|\.(?!\s))"
_AN_OFFICE = rf"\b(?:the|each|every|all|to)\s(?:{_NOT_LOCAL}[\w'&-]+,?\s){{0,6}}?{_OFFICE}\b"
_OWES = r"\b(?:shall|must|will|(?:is|are)\s(?:hereby\s)?(?:directed\s)?to)\b"
#: "Each agency head shall, within 30 days", and the same the other way round.
_OFFICE_BEFORE = re.compile(
    rf"(?<!state )(?<!local )\b{_OFFICE}\b{_INSIDE_SENTENCE}{{0,160}}{_OWES}{_INSIDE_SENTENCE}{{0,140}}\Z"
)
_OFFICE_AFTER = re.compile(rf"(?:,|\A){_INSIDE_SENTENCE}{{0,160}}?{_AN_OFFICE}{_INSIDE_SENTENCE}{{0,260}}?{_OWES}")
#: Sentences of orders are long, and may be cut before "shall".
_OFFICE_OF_ORDER = re.compile(rf",{_INSIDE_SENTENCE}{{0,160}}?{_AN_OFFICE}")
#: An order counts its days from its own.
_OF_AN_ORDER = re.compile(
    r"\b(?:date|issuance|publication)\sof\s(?:this|the)\s(?:order|memorandum|proclamation|directive)\b"
)
#: "The Aug. 18 deadline", "Tuesday was the day by which".
_NAMED_AFTER = re.compile(
    r"\W{0,3}(?:'s )?(?:deadline|cut-?off|due date|date\b|"
    r"(?:is|was|,) (?:the|its|their) (?:last|final|day|date|deadline))"
)
_NAMED_BEFORE = re.compile(r"\b(?:due|deadline|last day|final day|cut-?off|due date|the date|set)\b[^.;]{0,25}\Z")
_STARTS = re.compile(r"(?:starting|beginning|from|as of|effective|after|come)\b")
_NO_MONEY = re.compile(
    r"\b(?:no (?:more )?(?:payments?|money|checks?|funds?|federal|reimburse\w*)|(?:not|stop\w*|cease|end|halt|withh\w+|"
    r"suspend\w*|freez\w+|lose|held)\b|cut\w* off|n't )"
)
_LONG_BEFORE, _LONG_AFTER = 260, 420
#: Characters from the end of "within 30 days" to that of "of the date of this order".
_ORDER_WITHIN = 45
#: "Gave the city a month to answer", and not "three times a week to".
_GIVEN = re.compile(r"\b(?:giv|gave|grant|has|have|had|allow)")
_NEAR_BEFORE, _NEAR_AFTER = 50, 40
#: What stands right before the words of the day.
_JUST_BEFORE = {
    # Its own plan: "the city would reply by Friday".
    "own plan": re.compile(
        r"(?:\bwill|'ll|\bwould|\bcould|\bplans? to|\bhopes? to|\bexpects? to) (?:\w+ )?(?:sign|file|report|decide|"
        r"take up|hold|bring|have an answer|answer|reply|respond|finish|be filed|be posted|rule|transmit|send|"
        r"hear)\b[^,;]{0,60}\Z"
    ),
    "took": re.compile(r"\b(?:took|takes?|spent)\b[^,;]{0,40}\Z"),
    # What a jurisdiction asks for itself.
    "extension": re.compile(r"\b(?:request|want|ask|seek)\w{0,3} (?:for )?(?:another )?\Z|\bextension of \Z"),
    "appeared": re.compile(r"\bhad (?!to\b|until\b|till\b)[^,;]{0,60}\Z"),
    # "It won't be here till Thanksgiving."
    "not until": re.compile(r"(?:n't|\bnot) (?:[\w']+ ){0,5}\Z"),
}
_NOTICE = re.compile(r"'? (?:advance |written )?(?:notice|warning)\b")
_TERMS = re.compile(r"\bdetainers?\b|\brelease(?:s|d)?\b|\bnotif\w+")
_HOURS = re.compile(r"\bhours?\b|\b(?:two|three|2|3) days\b")
_DATE_OF = re.compile(r"\b(?:deadline|date|due|days|certif\w+)\b")
_OPENS = re.compile(r"(?:\A|- )\Z")
_IN_THE_PAST = re.compile(r"\b(?:had|was|were|came|went|withdrew)\b")
_UNITS = frozenset({"day", "days", "week", "weeks", "month", "hours", "half"})


def owed_inside(lower: str, found: DayFound) -> bool:
    """Return whether one federal office owes it to another: "within 30 days of the date of this order, each agency".

    So is the day of almost every clause of an executive order; no place owes anything by it.
    """
    dated = _OF_AN_ORDER.search(lower, found.start, found.end + _ORDER_WITHIN)
    if not dated:
        return False
    ahead, behind = _sentence_around(lower, found.start, dated.end())
    return bool(_OFFICE_OF_ORDER.match(behind) or _OFFICE_BEFORE.search(ahead))


def _sentence_around(lower: str, start: int, end: int) -> tuple[str, str]:
    return lower[max(0, start - _LONG_BEFORE) : start], lower[end : end + _LONG_AFTER]


def clause_facts(lower: str, found: DayFound) -> Iterator[str]:
    """Yield the facts of the clause around a day of a sentence in small letters."""
    before, after = lower[max(0, found.start - _BEFORE) : found.start], lower[found.end : found.end + _AFTER]
    phrase = lower[found.start : found.end]
    near = before[-_NEAR_BEFORE:] + phrase + after[:_NEAR_AFTER]
    words = before + phrase + after
    yield from (name for name, pattern in _AROUND.items() if pattern.search(words))
    yield from (name for name, pattern in _JUST_BEFORE.items() if pattern.search(before))
    inside = lower[max(0, found.start - 2 * _BEFORE) : found.end]
    ahead, behind = _sentence_around(lower, found.start, found.end)
    facts = {
        "inside": _INSIDE.search(inside),
        "office": _OFFICE_AFTER.match(behind) or _OFFICE_BEFORE.search(ahead),
        "of an order": _OF_AN_ORDER.search(phrase + after),
        "named": _NAMED_AFTER.match(after) or _NAMED_BEFORE.search(before),
        "stops": _STARTS.match(phrase) and _NO_MONEY.search(words),
        "elsewhere": _ELSEWHERE.search(near),
        "court": _IN_COURT.search(near),
        "notice": _NOTICE.match(after) or (_HOURS.search(phrase) and _TERMS.search(near)),
        "rate": phrase.startswith(("a ", "an ")) and not _GIVEN.search(before),
        "gone by": _OPENS.search(before) and _IN_THE_PAST.search(after.partition(".")[0]),
        "when": after.startswith(", when"),
        "date of": _DATE_OF.search(lower),
        "term": phrase.endswith(" to") or (phrase.rpartition(" ")[2] in _UNITS and after.startswith(" to ")),
        "quoted": lower.count('"', 0, found.start) % 2,
    }
    yield from (name for name, holds in facts.items() if holds)
