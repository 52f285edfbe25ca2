"""`pursestrings sources probe`: what stands at each address, and the stanza that would read it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from facts.address import refusal_of_url
from facts.errors import ConfigError
from pursestrings.commands.options import DEFAULT_CONFIG, AsJson, ConfigFile
from pursestrings.commands.printing import columns, counted, print_json, screen, shown
from pursestrings.logs import set_up
from pursestrings.opening import load_config
from pursestrings.probes import Probed, Target, probe_all, target_of
from pursestrings.service import utc_now
from pursestrings.stanzas import Config
from pursestrings.toml_text import name_of, stanza
from pursestrings.values import did_you_mean
from spiders.directory import Directory
from spiders.probing import Probe
from spiders.robots_files import Robots

Targets = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="NAME|URL", help="Names of sources, or addresses to find a stanza for; all sources if none."
    ),
]


def probe(targets: Targets = None, as_json: AsJson = False, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Look at each source once, politely, and say what is there; an unknown address gets a stanza to paste.

    Nothing is archived. Ends with 1 when one of them would not work.
    """
    settings = load_config(config, os.environ)
    set_up(settings)
    chosen = _chosen(settings, targets or ())
    if not chosen:
        msg = "there is no source to probe; name an address, or add a source as [sources.NAME]"
        raise ConfigError(msg, where=str(settings.path))
    with _progress(len(chosen), as_json=as_json) as done:
        probed = asyncio.run(probe_all(settings, chosen, now=utc_now, done=done))
    stanzas = _stanzas(probed, {source.name for source in settings.sources})
    failed = sum(not one.probe.ok for one in probed)
    if as_json:
        rows = [_json(one, stanzas.get(number)) for number, one in enumerate(probed)]
        print_json({"ok": not failed, "probes": rows})
    else:
        _print(probed, stanzas, failed)
    if failed:
        raise typer.Exit(1)


def _chosen(config: Config, wanted: Sequence[str]) -> list[Target]:
    """Return what was asked for, each once; everything when nothing was.

    Raises:
        typer.BadParameter: a name is not known, or an address cannot be fetched.
    """
    known = {source.name: target_of(source) for source in config.sources}
    if not wanted:
        return list(known.values())
    return [known.get(text) or _address(text, known, config.fetch.allow_ports) for text in dict.fromkeys(wanted)]


def _address(text: str, known: Collection[str], ports: Collection[int]) -> Target:
    if "://" not in text:
        names = sorted(known)
        looks = f"; an address begins with https://, as in https://{text}" if "." in text else ""
        msg = f"there is no source {text!r}{did_you_mean(text, names)}{looks}; choose from {', '.join(names) or 'none'}"
        raise typer.BadParameter(msg, param_hint="NAME|URL")
    refusal = refusal_of_url(text, ports)
    if refusal is not None:
        msg = f"{text!r} cannot be fetched: {refusal}; write an absolute address, such as https://example.org/news"
        raise typer.BadParameter(msg, param_hint="NAME|URL")
    return Target(name=urlsplit(text).hostname or text, url=text)


def _stanzas(probed: Sequence[Probed], taken: Collection[str]) -> dict[int, str]:
    """Return the proposed stanzas by the number of their probe, under names that are free."""
    names = set(taken)
    found = {}
    for number, one in enumerate(probed):
        proposal = one.probe.proposal
        if proposal is None:
            continue
        known = Directory.load().named(str(proposal.keys["url"]))
        source = one.target.source
        name = source.name if source else name_of(known.name if known else _site(one.target.name), names)
        names.add(name)
        places = {"places": known.places} if known and known.places else {}
        found[number] = stanza(name, {**proposal.keys, **places})
    return found


def _site(host: str) -> str:
    """Return the telling part of a host: "www.delta-ledger.com" is "delta-ledger"."""
    return host.removeprefix("www.").rpartition(".")[0] or host


def _json(one: Probed, proposal: str | None) -> dict[str, Any]:
    probe = one.probe
    return {
        "name": one.target.name,
        "url": probe.url,
        "ok": probe.ok,
        "found": str(probe.found),
        "final_url": probe.final_url or None,
        "items": probe.items,
        "newest": probe.newest.isoformat() if probe.newest else None,
        "validators": list(probe.validators),
        "robots": probe.robots.says,
        "crawl_delay": probe.robots.delay,
        "platform": str(probe.platform),
        "notes": list(probe.notes),
        "error": probe.error or None,
        "requests": probe.requests,
        "proposal": proposal,
    }


def _print(probed: Sequence[Probed], stanzas: dict[int, str], failed: int) -> None:
    console = screen()
    table = columns("source", "found", "items", "newest", "304 by", "robots.txt", "platform")
    for one in probed:
        table.add_row(*_cells(one.target, one.probe))
    console.print(table)
    for number, one in enumerate(probed):
        _print_notes(console, one, stanzas.get(number))
    console.print(f"\n{counted(len(probed), 'look')}, {failed} would not work", style="dim")


def _cells(target: Target, probe: Probe) -> Iterator[Text]:
    yield shown(target.name)
    yield shown(str(probe.found), "" if probe.ok else "bold red")
    yield shown("-" if probe.items is None else f"{probe.items:,}")
    yield shown(f"{probe.newest:%Y-%m-%d}" if probe.newest else "-")
    yield shown("both" if len(probe.validators) > 1 else "".join(probe.validators) or "-")
    yield shown(_robots(probe.robots))
    yield shown(str(probe.platform))


def _robots(robots: Robots) -> str:
    return robots.says if robots.delay is None else f"{robots.says}, {robots.delay:g} s"


def _print_notes(console: Console, one: Probed, proposal: str | None) -> None:
    notes = [*([one.probe.error] if one.probe.error else []), *one.probe.notes]
    if not notes and proposal is None:
        return
    console.print()
    console.print(shown(f"{one.target.name}: {one.probe.url}", "bold"))
    for note in notes:
        console.print(shown(f"- {note}"))
    if proposal is not None:
        console.print(shown('A stanza that reads it; give it a name, and places = ["City, ST"]:', "dim"))
        # Text, never markup: what was read on the page stands in it.
        console.print(Text(proposal.rstrip("\n")), soft_wrap=True)


@contextmanager
def _progress(total: int, *, as_json: bool) -> Iterator[Callable[[], None]]:
    """Show on a terminal how many are done; yield what is to be called after each."""
    console = Console(stderr=True)
    if as_json or not console.is_terminal:
        yield lambda: None
        return
    rows = (TextColumn("Probing"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*rows, console=console, transient=True, redirect_stdout=False) as progress:
        task = progress.add_task("", total=total)
        yield lambda: progress.advance(task)
