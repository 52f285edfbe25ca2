"""The store keeps to its contract, from several threads and through kills."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from storage.catalogue import SqlCatalogue
from storage.opening import open_store
from storage.protocols import Catalogue, Search, Store
from storage.store import SqlStore
from tests.storage.conftest import Rig
from tests.storage.samples import HORIZON, LEASE, NOW, capture, document

Read = Callable[[Path], list[bytes]]

ROOT = Path(__file__).parents[2]

# Keeps documents until it is killed, and says the number of each once it is committed.
WRITER = """
import sys
from pathlib import Path
from storage.opening import open_store
from tests.storage.samples import NOW, document

folder = Path(sys.argv[1])
store = open_store(f"sqlite:///{folder}/archive.db", folder).store
number = int(sys.argv[2])
while True:
    text = f"letter{number} " + "the jail " * 2000 + str(hash(number) * 0x9E3779B97F4A7C15)
    store.keep([document(text, url=f"https://doj.example/{number}")], backlog=False, now=NOW)
    print(number, flush=True)
    number += 1
"""


def test_the_protocols_are_kept(rig: Rig) -> None:
    """What the stages ask for is what there is (the type checker reads these lines)."""
    database, folder = rig.store.database, rig.store.folder  # type: ignore[attr-defined]
    store: Store = SqlStore(database=database, folder=folder)
    catalogue: Catalogue = SqlCatalogue(database=database, folder=folder)

    assert store.unjudged(1) == []
    assert catalogue.sources() == []


def test_many_threads_keep_at_once(rig: Rig, kept_bytes: Read) -> None:
    """Every document is kept once, and every record lies whole in the file."""
    bodies = [f"letter{number} ".encode() * 50 for number in range(40)]

    def keep(number: int) -> bool:
        body = bodies[number % 40]
        url = f"https://doj.example/{number % 40}"
        kept = document(f"text {number % 40}", url=url, capture=capture(body, url=url))
        return rig.store.keep([kept], backlog=False, now=NOW) != [None]

    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(keep, range(80)))

    assert sum(kept) == 40
    (path,) = rig.warc.iterdir()
    assert sorted(bodies) == sorted(kept_bytes(path))
    assert sorted(bodies) == sorted(rig.catalogue.capture(each).body for each in rig.store.unjudged(99))


def test_many_threads_claim_at_once(rig: Rig) -> None:
    """No source is claimed twice."""
    rig.store.register([f"s{number}" for number in range(40)], NOW)

    with ThreadPoolExecutor(8) as pool:
        claims = pool.map(lambda _: rig.store.claim_due(NOW, lease=LEASE, horizon=HORIZON, limit=5), range(12))

    names = [row.name for rows in claims for row in rows]
    assert len(names) == len(set(names)) == 40


def killed(folder: Path, first: int, after: int) -> int:
    """Start a writer, kill it `after` documents and a little later, and return the last number it had committed."""
    command = [sys.executable, "-c", WRITER, str(folder), str(first)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as child:
        assert child.stdout is not None
        for _ in range(after):
            child.stdout.readline()
        child.send_signal(signal.SIGKILL)
        rest = child.stdout.read().split()
    # A last line may be cut short; what was said whole was committed.
    return int(rest[-1]) if rest else first + after - 1


def test_kills_lose_nothing(tmp_path: Path, kept_bytes: Read) -> None:
    """After each of ten kills all that was said to be kept is there, and every file is whole."""
    folder = tmp_path / "data"
    following = 0
    for round_ in range(10):
        last = killed(folder, following, 1 + round_ % 3)
        stores = open_store(f"sqlite:///{folder}/archive.db", folder)
        snapshots = stores.store.unjudged(9999)
        urls = {snapshot.url for snapshot in snapshots}
        assert {f"https://doj.example/{number}" for number in range(last + 1)} <= urls
        assert all(snapshot.text.encode() == stores.catalogue.capture(snapshot).body for snapshot in snapshots)
        files = [path for path in (folder / "warc").iterdir() if path.is_file()]
        assert len(snapshots) == sum(len(kept_bytes(path)) for path in files)
        assert stores.catalogue.search(Search(words=f"letter{last}"))[1] == 1
        stores.close()
        following = len(snapshots)


def test_a_claim_is_lost_with_its_process(rig: Rig) -> None:
    """Nothing holds a source past its lease, a restart included."""
    rig.store.register(["doj"], NOW)
    rig.store.claim_due(NOW, lease=LEASE, horizon=HORIZON, limit=9)

    rig.reopen()

    assert rig.store.claim_due(NOW, lease=LEASE, horizon=HORIZON, limit=9) == []
    assert len(rig.store.claim_due(NOW + LEASE, lease=LEASE, horizon=HORIZON, limit=9)) == 1
