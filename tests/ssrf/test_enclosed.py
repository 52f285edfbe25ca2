"""S1 and S2 in a network of their own, where what is private, local or public can all be listened on."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest

from tests.spiders.test_guard import spellings
from tests.ssrf.enclosed import NOT_POSSIBLE


def test_S1_and_S2_in_a_network_of_their_own() -> None:
    """By default ports and without any exception: 816 addresses and 500 tries of names reach none of 7 canaries.

    Twenty public hosts of twenty are reached, and so are names that lead outside at the first look-up.
    """
    if os.geteuid() != 0 or not (shutil.which("unshare") and shutil.which("ip")):
        pytest.skip("a network of its own needs root, unshare and ip")
    # Without the list it is skipped here, and not in the process below.
    assert spellings(80)
    command = ["unshare", "--net", "--mount", sys.executable, "-m", "tests.ssrf.enclosed"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    if done.returncode == NOT_POSSIBLE or done.stderr.startswith("unshare:"):
        pytest.skip(done.stderr.strip())
    assert (done.returncode, done.stderr) == (0, "")
    addresses, names = json.loads(done.stdout)

    assert (addresses["hits"], addresses["public"], names["hits"], names["tries"]) == ([], 20, [], 500)
    assert addresses["tries"] == 816
    assert set(names["seen"]) == {"flip", "mixed", "public"}
