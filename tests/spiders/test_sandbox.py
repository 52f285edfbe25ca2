"""What a child process may do, and hostile documents read in one: feeds, PDFs, XML bombs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from facts.errors import Unreadable
from spiders.entries import read_feed
from spiders.handing_over import Limits
from spiders.parsing import Parsers
from tests.rig.site import Site
from tests.spiders import odd_parsers as odd
from tests.spiders.conftest import NOW

MIB = 1024 * 1024
URL = "https://ledger.example.org/feed"
XML = (("Content-Type", "application/xml"),)


@pytest.fixture
def parsers() -> Iterator[Parsers]:
    parsers = Parsers()
    yield parsers
    parsers.close()


async def state_of(reading: Awaitable[object]) -> str:
    """Return how a reading ended: "read", or what is said of it."""
    try:
        await reading
    except Unreadable as error:
        return str(error)
    return "read"


async def test_a_reader_holds_nothing_of_ours(parsers: Parsers, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file or connection but its own, no secret, and no heed of signals."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-secret")
    held, environment, deaf = await parsers.run(odd.surroundings)

    assert held == ("null", "null", "null", "socket")
    assert "PATH" in environment
    assert "SLACK_BOT_TOKEN" not in environment
    assert {"SIGINT", "SIGTERM", "SIGHUP"} <= set(deaf)


@pytest.mark.parametrize("task", [odd.dial, odd.run_program], ids=lambda task: task.__name__)
async def test_a_reader_reaches_nothing(parsers: Parsers, task: Callable[[], None]) -> None:
    """No connection, no program."""
    assert "tried to leave the sandbox" in await state_of(parsers.run(task))


async def test_a_reader_writes_nothing(parsers: Parsers, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """No file, and no word among the service's own."""
    with pytest.raises(RuntimeError, match="File too large"):
        await parsers.run(odd.write, str(tmp_path / "file"))
    await parsers.run(odd.speak)

    assert capfd.readouterr() == ("", "")


def in_item(text: str) -> str:
    return f"<rss version='2.0'><channel><title>x</title><item><title>{text}</title><link>https://x.example/1</link></item></channel></rss>"


def bombs(file: str, url: str) -> dict[str, bytes]:
    """Return twelve documents that grow when they are read, or that make their reader read something else."""
    laughs = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
    doctype = f"<!DOCTYPE rss [<!ENTITY l0 '{'ha' * 10}'>{laughs}]>"
    quadratic = f"<!DOCTYPE rss [<!ENTITY q '{'q' * 100_000}'>]>" + in_item("&q;" * 20_000)
    parameter = f"<!DOCTYPE rss [<!ENTITY % p SYSTEM '{url}/p'> %p;<!ENTITY % a \"<!ENTITY b SYSTEM '{file}'>\"> %a;]>"
    documents = {
        "billion laughs": doctype + in_item("&l9;"),
        "billion laughs in an attribute": doctype + in_item("<b t='&l9;'/>"),
        "quadratic": quadratic,
        "endless": "<!DOCTYPE rss [<!ENTITY a '&b;'><!ENTITY b '&a;'>]>" + in_item("&a;"),
        "external entity, file": f"<!DOCTYPE rss [<!ENTITY x SYSTEM '{file}'>]>" + in_item("&x;"),
        "external entity, address": f"<!DOCTYPE rss [<!ENTITY x SYSTEM '{url}/x'>]>" + in_item("&x;"),
        "public entity": f"<!DOCTYPE rss [<!ENTITY x PUBLIC '-//x' '{url}/public'>]>" + in_item("&x;"),
        "external subset": f"<!DOCTYPE rss SYSTEM '{url}/subset.dtd'>" + in_item("t"),
        "parameter entity": parameter + in_item("&b;"),
        "XInclude": in_item(f"<i:include xmlns:i='http://www.w3.org/2001/XInclude' href='{file}' parse='text'/>"),
        "stylesheet": f"<?xml-stylesheet type='text/xsl' href='{url}/style.xsl'?>" + in_item("t"),
    }
    coded = f"<?xml version='1.0' encoding='utf-16'?>{doctype}{in_item('&l9;')}".encode("utf-16")
    return {name: document.encode() for name, document in documents.items()} | {"billion laughs, UTF-16": coded}


async def test_S3_no_xml_bomb_grows_or_reads_anything(site: Site, tmp_path: Path) -> None:
    """Twelve bombs, each within 2 s of CPU and 128 MB; neither the canary file nor the canary address is read."""
    canary = tmp_path / "canary"
    canary.write_text("tweet tweet", encoding="utf-8")
    parsers = Parsers(limits=Limits(cpu=2, memory=128 * MIB))
    found = bombs(canary.as_uri(), site.url(""))
    ends = {name: await state_of(parsers.run(read_feed, body, XML, URL, NOW)) for name, body in found.items()}
    texts = [repr(await parsers.run(read_feed, found[n], XML, URL, NOW)) for n, end in ends.items() if end == "read"]
    parsers.close()

    assert len(ends) == 12
    assert {name: end for name, end in ends.items() if "reading it" in end or "reader" in end} == {}
    assert [text for text in texts if "tweet" in text or len(text) > 10_000] == []
    assert site.log == []


def attributes(count: int) -> bytes:
    return in_item("t").replace("<item>", "<item " + " ".join(f"a{n}='1'" for n in range(count)) + ">").encode()


def nested(count: int, tag: str = "b") -> bytes:
    return in_item(f"<{tag}>" * count + f"</{tag}>" * count).encode()


HEAVY: dict[str, Callable[[], bytes]] = {
    "8k attributes": lambda: attributes(8_000),
    "32k attributes": lambda: attributes(32_000),
    "100k attributes": lambda: attributes(100_000),
    "one attribute of 3 MB": lambda: attributes(1).replace(b"'1'", b"'" + b"x" * 3 * MIB + b"'"),
    "10k levels": lambda: nested(10_000),
    "200k levels": lambda: nested(200_000),
    "200k levels without an end": lambda: nested(200_000)[: len(nested(200_000)) // 2],
    "10k levels of items": lambda: nested(10_000, "item"),
    "100k levels of escaped markup": lambda: in_item("&lt;b&gt;" * 100_000).encode(),
    "100k levels in CDATA": lambda: in_item(f"<![CDATA[{'<div>' * 100_000}]]>").encode(),
    "1 MB of random bytes": lambda: Random(8).randbytes(MIB),
    "random bytes in an item": lambda: in_item("@").encode().replace(b"@", Random(9).randbytes(MIB)),
    "1e6 ampersands": lambda: b"&" * 1_000_000,
    "1e6 ampersands in an item": lambda: in_item("&" * 1_000_000).encode(),
    "1e6 open brackets": lambda: in_item("<" * 1_000_000).encode(),
    "100k items": lambda: in_item("t").replace("<item>", "<item><guid>1</guid></item>" * 100_000 + "<item>").encode(),
    "100k namespaces": lambda: attributes(100_000).replace(b" a", b" xmlns:a"),
    "4 MB of zeros": lambda: bytes(4 * MIB),
    "4 MB of one comment": lambda: in_item("<!--" + "-" * 4_000_000).encode(),
}


@pytest.mark.nightly
@pytest.mark.parametrize("name", HEAVY)
async def test_S8_heavy_feeds_cost_no_more_than_the_limit(parsers: Parsers, name: str) -> None:
    """Nineteen feeds that take a parser minutes: each is read, or given up after 10 s of CPU; the next one is read."""
    end = await state_of(parsers.run(read_feed, HEAVY[name](), XML, URL, NOW))

    assert end == "read" or end.startswith(
        ("reading it took longer", "the feed", "expected a feed", "reading it needed")
    )
    assert len((await parsers.run(read_feed, in_item("t").encode(), XML, URL, NOW)).entries) == 1
