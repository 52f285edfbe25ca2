from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from facts.errors import PursestringsError
from scheduler.lock import LOCK_NAME, only_one

HOLD = """
import sys
from pathlib import Path
from scheduler.lock import only_one
with only_one(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_process_is_kept_off_and_told_who_holds_the_folder(tmp_path: Path) -> None:
    """The error names the folder and the process; when that one is killed, the folder is free."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(PursestringsError, match=f"process {holder.pid}"), only_one(tmp_path):
            pytest.fail("two at once")
        holder.kill()
        holder.wait()
        with only_one(tmp_path):
            assert (tmp_path / LOCK_NAME).read_text() == f"{os.getpid()}\n"


def test_the_folder_is_made_and_free_again_afterwards(tmp_path: Path) -> None:
    """The lock can be taken again by the same process once the block has ended."""
    folder = tmp_path / "new" / "data"
    with only_one(folder):
        pass
    with only_one(folder):
        assert folder.is_dir()
