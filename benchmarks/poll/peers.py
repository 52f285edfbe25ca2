"""What a newsroom would use instead: urlwatch and reader, each in an environment of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.poll.running import ROOT, Worker, open_worker

URLWATCH = "urlwatch==2.29"
#: It needs sgmllib3k without saying so.
READER = ("reader==3.26", "sgmllib3k==1.0.0")

_URLWATCH_SETTINGS = """\
display: {error: true, new: false, unchanged: false}
report:
  stdout: {enabled: true, color: false}
  text: {details: true, footer: true, line_length: 75}
"""
_CHANGED = re.compile(r"^CHANGED: .*?(http\S+)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerPass:
    """What one pass of a peer took and found."""

    #: CPU seconds, user and system.
    cpu: float
    #: New entries, or changed feeds, as the peer counts.
    found: int


def environment(*packages: str) -> Path:
    """Return the folder of the programs of these packages, made on first use (cached in XDG_CACHE_HOME)."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pursestrings-benchmarks"
    folder = cache / packages[0].replace("==", "-")
    if not (folder / "made").exists():
        print(f"making an environment for {packages[0]} in {folder}", file=sys.stderr)
        venv.create(folder, with_pip=True, clear=True)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", *packages]
        subprocess.run(pip, check=True)
        (folder / "made").touch()
    return folder / "bin"


class UrlwatchPasses:
    """Passes of urlwatch, which is a command: each is a process of its own, and its start is part of it."""

    def __init__(self, program: Path, folder: Path, urls: Sequence[str]) -> None:
        self._folder = folder
        self._command = [str(program / "urlwatch"), *self._files(urls)]

    def _files(self, urls: Sequence[str]) -> Iterator[str]:
        texts = {
            "urls.yaml": "\n---\n".join(f"url: {url}" for url in urls) + "\n",
            "config.yaml": _URLWATCH_SETTINGS,
            "hooks.py": "",
        }
        for name, text in texts.items():
            (self._folder / name).write_text(text, "utf-8")
        yield from ("--urls", str(self._folder / "urls.yaml"), "--config", str(self._folder / "config.yaml"))
        yield from ("--hooks", str(self._folder / "hooks.py"), "--cache", str(self._folder / "cache.db"))

    def run(self) -> PeerPass:
        """Run one pass."""
        process = subprocess.Popen(self._command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            msg = f"urlwatch failed: {said[-2000:]}"
            raise SystemExit(msg)
        return PeerPass(cpu=used.ru_utime + used.ru_stime, found=len(set(_CHANGED.findall(said))))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderPasses:
    """Passes of reader, which is a library: one process runs them all, and its start is no part of any."""

    worker: Worker

    def run(self) -> PeerPass:
        """Run one pass."""
        said = self.worker.tell("pass")
        if said["errors"]:
            msg = f"reader could not read {said['errors']} feeds"
            raise SystemExit(msg)
        return PeerPass(cpu=said["cpu"], found=said["new"])


@contextmanager
def open_urlwatch(folder: Path, urls: Sequence[str]) -> Iterator[UrlwatchPasses]:
    """Make urlwatch ready for the block."""
    yield UrlwatchPasses(environment(URLWATCH), folder, urls)


@contextmanager
def open_reader(folder: Path, urls: Sequence[str]) -> Iterator[ReaderPasses]:
    """Run reader for the block."""
    python = environment(*READER) / "python"
    (folder / "urls.txt").write_text("\n".join(urls), "utf-8")
    with open_worker([str(python), str(ROOT / "benchmarks" / "poll" / "reader_worker.py"), str(folder)]) as worker:
        worker.tell(str(folder / "urls.txt"))
        yield ReaderPasses(worker=worker)
