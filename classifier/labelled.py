"""Labelled documents: rows of JSON lines that say what a document is and what stands in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from facts.errors import PursestringsError
from facts.event import LETTER, RELATED, RESPONSE, StanceKind

#: The key of a row for each label.
LABEL_KEYS: Mapping[str, str] = {"letter": LETTER, "response": RESPONSE, "related": RELATED}
#: A first line longer than this is no headline.
_LONGEST_TITLE = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One labelled document; None where the row says nothing."""

    id: str
    title: str
    text: str
    #: By label; a label that the row leaves out is not measured.
    labels: Mapping[str, bool]
    published: date | None = None
    #: Every place named, as "Stockton, CA", "Cook County, IL" or "CA".
    jurisdictions: tuple[str, ...] | None = None
    recipients: tuple[str, ...] | None = None
    respondents: tuple[str, ...] | None = None
    stances: Mapping[str, StanceKind] | None = None
    #: "" where it is known that there is none.
    deadline: date | str | None = None
    family: str = ""
    agency: str = ""
    #: The passages that a reader accepts as the reason, by label.
    evidence: Mapping[str, tuple[str, ...]]

    @property
    def alerts(self) -> bool:
        """Whether the document is to be told at once: it is a letter or an answer."""
        return bool(self.labels.get(LETTER) or self.labels.get(RESPONSE))


def read_rows(lines: Iterable[str], name: str) -> Iterator[Row]:
    """Return the rows of a file of JSON lines; blank lines are passed over.

    Raises:
        PursestringsError: a line is no row; it names file and line and what was expected.
    """
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield row_of(json.loads(line), str(number))
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                reason = f"no key {error}" if isinstance(error, KeyError) else str(error)
                msg = (
                    f"{name}, line {number}: {reason}; a row is an object with a text and true or false for each label"
                )
                raise PursestringsError(msg) from error


def row_of(value: Mapping[str, Any], number: str) -> Row:
    """Return one row; `number` stands in for an id that it does not have.

    Raises:
        KeyError, ValueError, TypeError, AttributeError: it is no row.
    """
    title, text = _titled(value.get("title") or "", _string(value["text"]))
    labels = {label: value[key] for key, label in LABEL_KEYS.items() if value.get(key) is not None}
    if not all(isinstance(known, bool) for known in labels.values()):
        msg = f"{' and '.join(LABEL_KEYS)} are true, false or null"
        raise ValueError(msg)
    stances = value.get("stances")
    return Row(
        id=str(value.get("id", number)),
        title=title,
        text=text,
        labels=labels,
        published=_date(value.get("published")),
        jurisdictions=_names(value.get("jurisdictions")),
        recipients=_names(value.get("recipients")),
        respondents=_names(value.get("respondents")),
        stances=None if stances is None else {name: StanceKind(kind) for name, kind in stances.items()},
        deadline="" if value.get("deadline") == "" else _date(value.get("deadline")),
        family=value.get("family") or "",
        agency=value.get("agency") or "",
        evidence=_evidence(value.get("evidence"), labels),
    )


def _titled(title: str, text: str) -> tuple[str, str]:
    """Return title and text; without a title, a first line that looks like one."""
    first, newline, rest = text.partition("\n")
    looks = newline and len(first) < _LONGEST_TITLE and not first.rstrip().endswith((".", "!", "?", ":", '"', ","))
    if title or not looks or not rest.strip():
        return title, text
    return first.strip(), rest.lstrip()


def _evidence(value: Any, labels: Mapping[str, bool]) -> dict[str, tuple[str, ...]]:  # noqa: ANN401 - what JSON gives
    if isinstance(value, Mapping):
        return {LABEL_KEYS[key]: _names(passages) or () for key, passages in value.items()}
    flagged = [label for label in (LETTER, RESPONSE) if labels.get(label)]
    # One passage for two labels does not say whose it is.
    return {flagged[0]: passages} if len(flagged) == 1 and (passages := _names(value)) else {}


def _names(value: Any) -> tuple[str, ...] | None:  # noqa: ANN401 - what JSON gives
    if value is None:
        return None
    return (value,) if isinstance(value, str) else tuple(_string(each) for each in value)


def _string(value: Any) -> str:  # noqa: ANN401 - what JSON gives
    if not isinstance(value, str):
        msg = f"expected a text, not {value!r:.40}"
        raise TypeError(msg)
    return value


def _date(value: Any) -> date | None:  # noqa: ANN401 - what JSON gives
    return date.fromisoformat(_string(value)[:10]) if value else None
