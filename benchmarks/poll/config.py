"""Writes a config.toml that watches every feed of a farm.

python -m benchmarks.poll.config --farm PORT --folder FOLDER
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.poll.running import FarmHandle

_HEAD = """\
[bot]
name = "Benchmark desk"
contact = "desk@example.org"
data = "data"

[fetch]
allow_networks = ["127.0.0.0/8"]
allow_ports = [{port}]
timeout = "{timeout}"

[web]
enabled = false

[channels.desk]
kind = "console"

[routes.desk]
channel = "desk"
"""
_SOURCE = """
[sources.feed-{number}]
spider = "feed"
url = "{url}"
every = "{every}"
follow = false
"""


def write_config(farm: FarmHandle, folder: Path, *, every: str = "5s", timeout: str = "30s") -> Path:
    """Write the configuration of a farm; return the file."""
    urls = enumerate(farm.ask("urls"))
    sources = "".join(_SOURCE.format(number=number, url=url, every=every) for number, url in urls)
    path = folder / "config.toml"
    path.write_text(_HEAD.format(port=farm.port, timeout=timeout) + sources, "utf-8")
    return path


def main() -> None:
    """Write it where it is wanted."""
    options = argparse.ArgumentParser(description="Write a config.toml that watches every feed of a farm.")
    options.add_argument("--farm", type=int, required=True, metavar="PORT")
    options.add_argument("--folder", type=Path, default=Path())
    chosen = options.parse_args()
    print(write_config(FarmHandle(port=chosen.farm, pid=0), chosen.folder))


if __name__ == "__main__":
    main()
