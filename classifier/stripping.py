"""Stripping: what a text tells itself, without what every paper and agency puts around it.

Datelines, bylines, contacts, credits, appeals to subscribe and the sentences that an agency repeats under each of its
releases do not say whether two texts are one. A line is known as such by its own words and its place in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Span = tuple[int, int]

#: Lines from the top among which a byline, a date or the name of the agency can stand alone.
_TOP = 12
#: Characters of a line that is furniture by its beginning; a longer one is a paragraph of the story.
_SHORT = 200
#: Characters of a paragraph that an agency repeats.
_REPEATED = 400

# "WASHINGTON (AP) — ", "NAPA, Calif., Aug. 3 — ", "(CP) -- ": each paper sets its own.
_AGENCY = r"\([A-Z][\w ]{1,30}\)"
_TOWN = r"[A-Z][A-Z.' -]{2,40}(?:, [A-Z][A-Za-z.]{1,12}){0,2}(?:,? [A-Z][a-z]{2,8}\.? \d{1,2})?"
_DATELINE = re.compile(rf"(?:{_TOWN}(?: {_AGENCY})?|{_AGENCY}) ?[\u2014\u2013-]{{1,2}} ")
_HEAD = re.compile(r"(?:for )?immediate release:?\s+", re.IGNORECASE)


def _any(*forms: str) -> str:
    return f"(?:{'|'.join(forms)})"


_NAME = r"[A-Z][\w.'\u2019-]*"
_DAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?[a-z]{3,9}\.? \d{1,2},? \d{4}"
# Whole lines at the top. No byline ends as a sentence does.
_TOPPED = re.compile(
    _any(
        rf"(?:By|BY|by):? {_NAME} .{{2,80}}(?<![.!?\"\u201d])",
        rf"{_NAME}(?: {_NAME}){{1,3}},? .{{0,30}}\b(?:[Ss]taff|[Ww]riter|[Rr]eporter|Press|News|Bureau)",
        r"(?:[\w' ]{2,30} )?[Ss]taff(?: (?:writer|report|reporter)s?)?",
        r"(?:The )?(?:Associated Press|Reuters|Bloomberg|[A-Z][\w]+ (?:Press|News|Bureau))",
        rf"(?i:{_DAY}(?:,? (?:at )?[\d:]{{1,5}} ?[ap]\.?m\.?.{{0,5}})?)",
        r"(?:U\.?S\.? )?Department of [A-Z][\w ]{3,30}|Office of [A-Z][\w ,]{3,60}",
    )
)
# Lines known by how they begin: labels, and appeals to the reader.
_LINE = re.compile(
    _any(
        r"(?:for )?immediate release\b.{0,60}$|for release\b|embargoed (?:until|for)\b",
        r"(?:press|news|media) (?:release|advisory|statement)(?: ?[:#].*)?$",
        r"(?:media |press |news |public affairs )?contacts?(?: information)?\s*(?:[:\u2013\u2014-]|$)",
        r"(?:telephone|phone|tel|fax|e-?mail|mobile|cell|tdd|tty|twitter|facebook|web|website)s?\s*(?:[:.(]|\d|$)",
        r"(?:press release|release|docket|component|topic|file)s?(?:\(s\))?(?: (?:no|number))?\s*[:.]",
        r"(?:last |first |originally )?(?:updated|published|posted|modified)(?: (?:at|on|by)\b|\s*:|.{0,40}\d{2,4}$)",
        r"(?:ap |file |staff |submitted )?(?:photo|image|video|graphic)s?(?: (?:by|courtesy|credit)\b|/|\s*:)",
        r"courtesy of\b|getty images\b|\((?:ap|file) photo",
        r"(?:read (?:more|next|also)|related|see also|also read|recommended|trending)\b[\w ]{0,20}(?::|$)",
        r"more (?:from|stories|coverage)\b.{0,60}$|story continues\b|advertisement$|click here\b|share (?:this|on)\b",
        r"(?:sign up|subscribe|already a subscriber|support (?:local|our) |become a member|log in to)\b",
        r"(?:follow|like|find) (?:us|@|.{2,40} on (?:twitter|facebook|x|instagram|bluesky)\b)",
        r"(?:reach|contact|e-?mail|call) .{0,60}(?:@|\d{3}[-. ]\d{4})",
        r"(?:download|get) (?:our|the) (?:free )?(?:app|newsletter)\b",
        r"copyright\b|\u00a9|all rights reserved|this material may not\b",
        r"this (?:story|article) (?:was (?:originally|first|updated)|has been (?:updated|corrected)|is part of)",
        r"this is a (?:developing|breaking)\b|(?:editor'?s?|editors)['\u2019]? notes?\b|correction:",
        r"\S+@\S+$|(?:https?://|www\.)\S+$|[+(]?\d[\d().\s-]{6,20}$|\d\d-\d{2,5}$|page \d{1,3}(?: of \d{1,3})?$|\W+$",
    ),
    re.IGNORECASE,
)
# Lines known by how they end: "(Photo by Ana Ruiz/Ledger)", "The Associated Press contributed to this report."
_ENDED = re.compile(
    _any(
        r"contributed (?:to (?:this|the) (?:report|story|article)|reporting)\b.{0,40}",
        r"\((?:[^()]{0,60}\b)?(?:[Pp]hotos?|[Ii]mages|[Ff]ile)\b[^()]{0,60}\)",
        r"covers? [\w ,'-]{3,60} for (?:the )?[A-Z][\w .'-]{2,60}",
    )
    + r"\.?$"
)
# What agencies write under release after release.
_AGAIN = (
    "presumed innocent",
    "allegations only",
    "merely an allegation",
    "merely an accusation",
    "part of project safe",
)
_AGAIN_FIRST = (
    "for more information",
    "for further information",
    "more information",
    "additional information",
    "to learn more",
    "anyone with information",
)
# What comes after it in the last part of a text is about the agency or the paper.
_END = re.compile(r"#(?:\s?#)+$|-\s?(?:30|0|END|end)\s?-$|About (?:the )?[A-Z][\w ,.'&-]{3,60}(?<![.,]):?$")


def told(text: str) -> Iterator[Span]:
    """Yield the lines that the text tells itself, as spans without white space at their ends, in order."""
    at, first, halfway = 0, True, len(text) // 2
    for number, whole in enumerate(text.split("\n")):
        line = whole.strip()
        start = at + whole.index(line[0]) if line else at
        at += len(whole) + 1
        if line and start > halfway and _END.match(line):
            return
        if not line or _is_furniture(line, number):
            continue
        begin = _lead(line) if first else 0
        first = False
        yield start + begin, start + len(line)


def _is_furniture(line: str, number: int) -> bool:
    if len(line) > _REPEATED:
        return False
    lower = line.lower()
    if lower.startswith(_AGAIN_FIRST) or any(phrase in lower for phrase in _AGAIN):
        return True
    if len(line) > _SHORT:
        return False
    return bool((number < _TOP and _TOPPED.fullmatch(line)) or _LINE.match(line) or _ENDED.search(line))


def _lead(line: str) -> int:
    """Return where the first line of a text begins after its dateline."""
    head = _HEAD.match(line)
    begin = head.end() if head else 0
    dateline = _DATELINE.match(line, begin)
    return dateline.end() if dateline else begin
