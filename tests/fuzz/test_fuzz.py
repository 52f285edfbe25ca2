"""S8: no bytes from outside make a reader raise what it does not name, or take long, or end its process."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from importlib.util import find_spec

import pytest

from facts.errors import PursestringsError
from tests.fuzz.__main__ import fuzz
from tests.fuzz.material import chosen, joined, one_of, parts
from tests.fuzz.targets import TARGETS

NO_ATHERIS = "atheris is not installed: it has wheels for CPython 3.11 to 3.14 on Linux (x86-64) alone"
#: Of each target; an hour for a night of its own.
SECONDS = int(os.environ.get("PURSESTRINGS_FUZZ_SECONDS", "60"))
#: Seeds that are tried in the ordinary suite: the corpora have tests of their own.
MOST = 25


@pytest.mark.parametrize("name", TARGETS)
def test_S8_a_target_takes_its_own_seeds(name: str) -> None:
    """Else the fuzzer would begin with a finding."""
    target = TARGETS[name]
    seeds = list(target.seeds())

    assert seeds
    for seed in seeds[:: max(len(seeds) // MOST, 1)]:
        with suppress(PursestringsError):
            target.run(seed)


@pytest.mark.parametrize("data", [b"", b"\x00", b"\xff\xfe\x80" * 9])
@pytest.mark.parametrize("name", TARGETS)
def test_S8_a_target_takes_any_bytes(name: str, data: bytes) -> None:
    """None, too few for its choices, and such as are no text."""
    with suppress(PursestringsError):
        TARGETS[name].run(data)


@pytest.mark.nightly
@pytest.mark.skipif(find_spec("atheris") is None, reason=NO_ATHERIS)
@pytest.mark.parametrize("name", TARGETS)
def test_S8_a_target_holds_against_the_fuzzer(name: str) -> None:
    """No exception that is not named, no input of more than 10 s, no crash; PURSESTRINGS_FUZZ_SECONDS for each."""
    run = fuzz(name, SECONDS)

    assert run.broken == (), run.said[-4000:]
    assert run.code == 0, run.said[-4000:]


@pytest.mark.nightly
@pytest.mark.skipif(find_spec("atheris") is None, reason=NO_ATHERIS)
def test_S8_the_fuzzer_finds_what_is_wrong() -> None:
    """A target that breaks on one word of its vocabulary is found within seconds, and its input is kept."""
    run = fuzz("broken", 60)

    assert run.code != 0
    assert run.broken
    assert [path for path in run.broken if b"<item>" not in path.read_bytes()] == []
    shutil.rmtree(run.broken[0].parents[1])


def test_choices_stand_behind_what_they_are_for() -> None:
    """And a short input chooses the first."""
    assert chosen(b"body\x01\x05", 2) == (b"body", [1, 5])
    assert chosen(b"\x01", 2) == (b"", [1, 0])
    assert one_of("xyz", 5) == "z"
    assert parts(joined("a", "b\ud800"), 3) == ["a", "b\udced\udca0\udc80", ""]
