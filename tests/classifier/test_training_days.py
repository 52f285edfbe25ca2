"""Training of deadlines: the days of one document stand against each other."""

from __future__ import annotations

from classifier.examples import Asked
from classifier.model import DUE
from classifier.training_days import days_table


def day(*features: str, due: bool) -> Asked:
    return frozenset(features), (int(due),)


def test_the_table_tells_the_day_due_from_the_others() -> None:
    """What both have in common tells nothing; what is rare is not weighed."""
    document = [day("day", "by", due=True), day("day", "hearing", due=False)]
    table = days_table([*[document] * 8, [day("day", "hearing", "once", due=False)], []])
    odds = {name: table.log_odds(["day", name])[DUE] for name in ("by", "hearing")}

    assert odds["by"] > odds["hearing"] + 1
    assert "once" not in table.index


def test_where_no_day_is_due_none_is_likely() -> None:
    """No day at all is an answer too."""
    table = days_table([[day("on", due=False)]] * 9)

    assert table.log_odds(["on"])[DUE] < -1


def test_every_second_document_is_learned_without_the_reason() -> None:
    """So its weight is less than that of what holds in every document."""
    document = [day("apart:0", "by", due=True), day("apart:5", "hearing", due=False)]
    table = days_table([document] * 12)

    assert table.log_odds(["by"])[DUE] > table.log_odds(["apart:0"])[DUE] > table.log_odds(["apart:5"])[DUE]
