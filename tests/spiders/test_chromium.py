"""Where the browser is found, what is said when it is not, and what it is told of us."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from facts.errors import Unreachable
from spiders.chromium import ChromiumSettings, environment, find_program, lacking, open_chromium, require
from tests.rig.browser import SETTINGS, needs_chromium, started_by

FINE = ChromiumSettings(program="/bin/sh")


def test_the_named_program_alone_is_taken() -> None:
    """Else the first of its usual names."""
    installed = {"google-chrome": "/opt/chrome", "/srv/chromium": "/srv/chromium"}

    assert find_program("", installed.get) == "/opt/chrome"
    assert find_program("/srv/chromium", installed.get) == "/srv/chromium"
    assert find_program("/srv/other", installed.get) is None


@pytest.mark.parametrize(
    ("settings", "user", "package", "says"),
    [
        (FINE, 1000, True, None),
        (FINE, 1000, False, "not installed: sh scripts/install --no-dev --extra browser"),
        (ChromiumSettings(program="/no/such"), 1000, True, "is no program that this user can start: set its path"),
        (FINE, 0, True, "Chromium does not run as root with its sandbox: run the service as a user of its own"),
        (ChromiumSettings(program="/bin/sh", sandbox=False), 0, True, None),
    ],
)
def test_what_is_lacking_is_said_with_the_next_step(
    settings: ChromiumSettings, user: int, package: object, says: str | None
) -> None:
    """Before any page is asked for."""
    found = lacking(settings, user=user, package=bool(package))

    assert found == says if says is None else says in str(found)


def test_a_machine_without_any_browser_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One that Playwright fetched for itself is one."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    none = lacking(ChromiumSettings(sandbox=False), package=True)
    (tmp_path / "chromium-1200").mkdir()

    assert none == "no Chromium was found: install chromium, or set chromium in [fetch] to its path"
    assert lacking(ChromiumSettings(sandbox=False), package=True) is None


def test_a_page_without_a_browser_could_not_be_read() -> None:
    """The words are those of the check."""
    with pytest.raises(Unreachable, match=r"it was not read in a browser: .* is no program"):
        require(ChromiumSettings(program="/no/such"))


def environment_of(process: int) -> str:
    """Return what a process was started with."""
    return Path(f"/proc/{process}/environ").read_text()


@needs_chromium
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="no /proc to look into")
async def test_no_process_of_chromium_knows_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tokens are kept from whoever breaks into it; nothing of it is left behind. The driver's is ours: see there."""
    monkeypatch.setenv("TEST_TOKEN", "xoxb-canary-41f7")
    before = started_by(os.getpid())
    async with open_chromium(SETTINGS.chromium):
        running = {n: line for n, line in started_by(os.getpid()).items() if n not in before and "chromium/" in line}
        known = {environment_of(number) for number in running}
    after = started_by(os.getpid())

    assert len(running) > 1
    assert [text for text in known if "canary" in text or "TEST_TOKEN" in text] == []
    assert set(environment("/x")) == {
        "PATH", "HOME", "TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "LANG", "DBUS_SESSION_BUS_ADDRESS",
    }  # fmt: skip
    assert not set(running) & set(after)


def program(folder: Path, does: str) -> str:
    """Write a program that does this in place of a browser."""
    path = folder / "chromium"
    path.write_text(f"#!/bin/sh\n{does}\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ("No usable sandbox! Update your kernel.", "found no usable sandbox: let the service make user namespaces"),
        ("Bus error.", "did not start: "),
    ],
)
async def test_what_does_not_start_is_told(tmp_path: Path, says: str, told: str) -> None:
    """Also why, when it is the sandbox."""
    failing = program(tmp_path, f"echo '{says}' >&2; exit 1")
    with pytest.raises(Unreachable, match=f"Chromium {told}"):
        async with open_chromium(ChromiumSettings(program=failing, sandbox=False)):
            pass
