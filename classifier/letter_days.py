"""Letter days: the day from which "within 30 days" counts.

A letter counts from its own date. A report says on which day the letter came: in the same sentence, just before it, or
in its lead; else it is the day of publication.
"""

from __future__ import annotations

import re
from datetime import date

from classifier.calendar_days import later, weekday_before
from classifier.deadline_dates import DAY, WEEKDAY, month_day
from classifier.parsing import Parsed

_HEADING = re.compile(r"^[ \t]{0,20}(?:[a-z ,]{0,40}\n)?[ \t]{0,20}" + DAY + r"[ \t]{0,20}$", re.MULTILINE)
_LETTER_TOP, _SALUTATION_TOP = 900, 4000
_KIND = r"(?:letters?|notices?|memos?|memorandum|e-?mails?|messages?|directives?|orders?)"
#: "The letter dated Aug. 3", "a July 28 letter", "on Aug. 3 it told": a day on which it wrote.
_STATED = (
    re.compile(
        rf"(?<!your )(?<!our )(?<!my )\b{_KIND}\b(?:(?! by | until | before | if )[\w\s,.'-]){{0,40}}?"
        rf"\b(?:dated|of|sent\son|sent|received(?:\son)?|on|from)\s{{1,3}}(?:{WEEKDAY},\s)?{DAY}"
    ),
    re.compile(rf"\b{DAY}\s{_KIND}\b"),
    re.compile(rf"(?<!plan )(?<!plan, )\bdated\s{{1,3}}(?:{WEEKDAY},\s)?{DAY}"),
    re.compile(
        rf"\b(?:wrote|told|informed|notified|announced|ordered|sent|posted|issued)\b[\w\s,.'-]{{0,40}}?\son\s{DAY}"
    ),
    re.compile(
        rf"\bon\s{DAY}\s[\w\s,.'-]{{0,60}}?\b(?:wrote|told|gave|informed|notified|announced|ordered|sent|said)\b"
    ),
)
#: A weekday on which something came, and no limit: "on Friday gave the state 30 days".
_CAME = re.compile(
    rf"(?:(?<!by )(?<!until )(?<!before )(?<!next )(?<!till )(?<!from )(?<!due )(?<!this )"
    rf"|(?<=weeks from )|(?<=days from )|(?={WEEKDAY}'s\s{_KIND}))"
    rf"\b(?P<last>last\s)?(?P<weekday>{WEEKDAY}|yesterday|(?<!published )today)\b"
    rf"(?!\s(?:morning's\s)?(?:to\s{WEEKDAY}|is|at\snoon|deadline))"
)
_NEAR_DAYS = {"today": 0, "yesterday": 1}
#: "Last Thursday", said on a Friday, is not yesterday.
_THIS_WEEK = 3
_WROTE = re.compile(
    r"\b(?:letters?|notices?|memos?|e-?mail\w*|wr(?:o|i)te\w*|writing|told|tells|said|says|announc\w+|sent|issued|"
    r"gave|gives|given|inform\w*|notif\w+|order\w*|dated|post\w+|publish\w*|releas\w+|demand\w*|warn\w*|put|asked|directive|signed|came|"
    r"came out|list\w*|got|received|learned|arrived|reached|threat\w*|set|sets|made public)\b"
)
_THIS = re.compile(r"\s(?:of|from|after)\s(?:the\s)?(?:(?:date|receipt|day)\s(?:of|on)\s)?(?:this|today)\b")
_FROM_WRITER = frozenset({"agency", "federal", "instrument_word"})
#: Sentences before that may tell when the letter came, and how many make the lead.
_REACH, _LEAD = 4, 4
#: Days for which a letter that is told elsewhere in the text may be the one that sets the days.
_NEWS = 45


def heading_date(parsed: Parsed, published: date | None) -> date | None:
    """Return the date at the head of a letter with a salutation."""
    lower = parsed.folded.lower
    if "dear " not in lower[:_SALUTATION_TOP]:
        return None
    match = _HEADING.search(lower, 0, min(_LETTER_TOP, len(lower)))
    return month_day(match, published) if match else None


def counting_day(parsed: Parsed, index: int, published: date | None, heading: date | None) -> date | None:
    """Return the day from which the days of one sentence count."""
    own = _lower(parsed, index) if index >= 0 else ""
    if heading or _THIS.search(own):
        return heading or published
    index = max(index, 0)
    near = (index, index - 1, index + 1, *range(index - 2, index - _REACH - 1, -1), *range(_LEAD))
    for at in near:
        if 0 <= at < len(parsed.passages):
            lower = _lower(parsed, at)
            told = at in {index, index - 1} or parsed.passages[at].kinds & _FROM_WRITER or "dated" in lower
            if told and (day := _day_told(lower, published, surely=at in {0, index})):
                return day
    day = stated_date(parsed.folded.lower, published)
    # An older letter is another one.
    return day if day and (published is None or (published - day).days <= _NEWS) else published


def stated_date(lower: str, published: date | None) -> date | None:
    """Return the first day of which a text says that the letter is dated, or was sent."""
    for pattern in _STATED:
        match = pattern.search(lower)
        day = month_day(match, published) if match else None
        if day and (published is None or day <= published):
            return day
    return None


def _day_told(lower: str, published: date | None, *, surely: bool) -> date | None:
    """Return the day on which a sentence says that something came; not `surely` a letter, unless it speaks of one."""
    if day := stated_date(lower, published):
        return day
    came = _CAME.search(lower) if published else None
    if published is None or came is None or not (surely or _WROTE.search(lower)):
        return None
    if came["weekday"] in _NEAR_DAYS:
        return later(published, -_NEAR_DAYS[came["weekday"]])
    day = weekday_before(came["weekday"], published)
    return later(day, -7) if day and came["last"] and (published - day).days < _THIS_WEEK else day


def _lower(parsed: Parsed, index: int) -> str:
    sentence = parsed.passages[index].sentence
    return parsed.folded.lower[sentence.start : sentence.end]
