"""Sources whose pages scripts make: from the configuration to the alert, and what is said where no browser is."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from facts.document import CaptureKind
from pursestrings.browsing import browser_advice, browser_lack, browser_sources, chromium_settings
from pursestrings.config import ConfigMistakes
from pursestrings.doctor import Finding, State, of_browser
from pursestrings.opening import load_config, reading
from pursestrings.summary import advice
from storage.protocols import Search
from tests.archive import samples
from tests.archive import site as web
from tests.archive.asgi import ask
from tests.pursestrings.commands.desk import run, write_config
from tests.rig.browser import data, needs_chromium, script
from tests.rig.site import Site, html, open_site

SOURCES = """\
browser_sandbox = false

[sources.desk-list]
spider = "listing"
url = "{base}/news"
browser = true
wait_for = "ul li a"
item = "ul li"
follow = true
places = ["Stockton, CA"]

[sources.desk-terms]
spider = "page"
url = "{base}/terms"
browser = true
"""
LIST = """fetch("/api").then(answer => answer.json()).then(rows => {
  for (const row of rows)
    document.querySelector("ul").insertAdjacentHTML("beforeend", `<li><a href="/story/${row}">${row}</a></li>`);
});"""


def story(title: str, text: str) -> str:
    """Return a page that holds its words in a script."""
    paragraphs = "".join(f"<p>{part}</p>" for part in text.split("\n\n"))
    words = json.dumps(f"<h1>{title}</h1>{paragraphs}").replace("</", "<\\/")
    return f"<title>{title}</title><main></main><script>document.querySelector('main').innerHTML = {words}</script>"


def serve(site: Site) -> None:
    """Serve a list and two stories, all made by scripts, of which one is listed by now."""
    site.serve("/news", html('<title>News</title><ul></ul><script src="/list.js"></script>'))
    site.serve("/list.js", script(LIST))
    site.serve("/api", data(["rain"]), data(["letter", "rain"]))
    site.serve("/story/rain", html(story("Rain on Saturday", "The picnic of the rowing club moves indoors.")))
    site.serve("/story/letter", html(story(samples.LETTER_TITLE, samples.LETTER_TEXT)))
    site.serve("/terms", html(story("Terms", "A grant is paid in four parts, each after a report of its spending.")))


@needs_chromium
async def test_pages_that_scripts_make_come_from_the_configuration_to_the_alert(tmp_path: Path) -> None:
    """What the first poll brings is archived; the second brings the new letter alone, and tells of it."""
    async with open_site() as site:
        serve(site)
        config = write_config(tmp_path, f"http://127.0.0.1:{site.port}", sources=SOURCES)
        # All sources at first, then the list by its name.
        polls = ((), ("desk-list",))
        first, second = [await asyncio.to_thread(run, "poll", *names, "--json", "--config", config) for names in polls]
    counts = [[json.loads(line)[key] for key in ("snapshots", "errors")] for line in (first.stdout, second.stdout)]

    assert counts == [[2, 0], [1, 0]], (first.output, second.output)
    assert ("New story" in first.stderr, "New story" in second.stderr) == (False, True)
    with reading(load_config(config, {})) as catalogue:
        found = {hit.snapshot.url.rpartition("/")[2]: hit.snapshot for hit in catalogue.search(Search(limit=10))[0]}
        letter = found["letter"]
        page = await ask(web.app(catalogue), f"/documents/{letter.id}")
        capture = await ask(web.replay(catalogue), f"/captures/{letter.id}", host="localhost:8081")

    assert set(found) == {"rain", "letter", "terms"}
    assert {one.capture_kind for one in found.values()} == {CaptureKind.CONVERSION}
    assert (page.status, capture.status) == (200, 200)
    assert "It is kept as a browser showed it after they had run" in page.text
    assert "SHA-256 of the page as shown" in page.text
    assert "received" not in page.text
    assert f"<h1>{samples.LETTER_TITLE}</h1>" in capture.text


@needs_chromium
async def test_a_source_in_the_browser_is_probed_in_it_and_a_shell_is_told_of(tmp_path: Path) -> None:
    """An address that nobody described gets a stanza with browser = true."""
    async with open_site() as site:
        serve(site)
        base = f"http://127.0.0.1:{site.port}"
        config = write_config(tmp_path, base, sources=SOURCES)
        asked = ("sources", "probe", "desk-list", f"{base}/terms", "--json", "--config", config)
        result = await asyncio.to_thread(run, *asked)
    known, unknown = json.loads(result.stdout)["probes"]

    assert (known["ok"], known["items"], known["error"]) == (True, 1, None)
    assert not [note for note in known["notes"] if "scripts" in note]
    assert "it shows hardly any text and has scripts: browser = true reads it as a browser shows it" in unknown["notes"]
    assert 'spider = "page"' in unknown["proposal"]
    assert "browser = true" in unknown["proposal"]


def config_of(folder: Path, sources: str = SOURCES) -> Any:
    """Return a configuration."""
    return load_config(write_config(folder, sources=sources), {})


def test_what_the_stanzas_say_is_what_the_browser_does(tmp_path: Path) -> None:
    """A program is found from the folder of the file."""
    config = config_of(tmp_path, f'chromium = "bin/chrome"\n{SOURCES}')

    assert browser_sources(config) == ("desk-list", "desk-terms")
    assert chromium_settings(config).program == str(tmp_path / "bin" / "chrome")
    assert chromium_settings(config).sandbox is False
    assert chromium_settings(config_of(tmp_path, SOURCES.removeprefix("browser_sandbox = false"))).sandbox is True


@pytest.mark.parametrize("wrong", ["", "browser = false\n"])
def test_waiting_without_a_browser_is_a_mistake(tmp_path: Path, wrong: str) -> None:
    """It is named with its line."""
    with pytest.raises(ConfigMistakes) as caught:
        config_of(tmp_path, SOURCES.replace("browser = true\n", wrong, 1))

    (mistake,) = caught.value.mistakes
    line = 17 if wrong else 16
    assert (mistake.line, mistake.key, mistake.problem) == (
        line,
        "sources.desk-list.wait_for",
        '"ul li a" is waited for in a browser alone; expected browser = true beside it, or no wait_for',
    )


def test_what_is_lacking_is_told_before_any_poll(tmp_path: Path) -> None:
    """By check, by the service's log and by doctor; nothing is said where no source needs it."""
    config, other = config_of(tmp_path), config_of(tmp_path, "")
    says = "no Chromium was found: install chromium"

    assert browser_lack(config, lambda _: says) == says
    assert browser_advice(config, lambda _: says) == (
        f"sources desk-list, desk-terms cannot be read in a browser: {says}",
    )
    assert (browser_lack(other, lambda _: says), browser_advice(other, lambda _: says)) == (None, ())
    assert list(of_browser(config, says)) == [
        Finding(subject="browser", state=State.WRONG, says="no Chromium was found", step="install chromium")
    ]
    (fine,) = of_browser(config, None)
    assert (fine.state, fine.says) == (State.FINE, "it can be started for desk-list, desk-terms")
    assert list(of_browser(other, None)) == []


def test_check_and_doctor_say_it(tmp_path: Path) -> None:
    """From the command line, with the program that the file names."""
    config = write_config(tmp_path, sources=f'chromium = "no-such"\n{SOURCES}')
    checked, looked = run("check", "--config", config), run("doctor", "--config", config)

    assert (
        "warning  sources desk-list, desk-terms cannot be read in a browser: chromium of [fetch] is" in checked.stdout
    )
    assert "wrong browser: chromium of [fetch] is no program that this user can start" in looked.stdout
    assert looked.exit_code == 1


def test_private_networks_and_strangers_scripts_are_told_of(tmp_path: Path) -> None:
    """Each by itself is fine."""
    (told,) = (one for one in advice(config_of(tmp_path)) if "allow_networks" in one)

    assert told.startswith(
        "pages of desk-list, desk-terms are read in a browser, and allow_networks of [fetch] is open"
    )
    assert not [one for one in advice(config_of(tmp_path, "")) if "allow_networks" in one]
