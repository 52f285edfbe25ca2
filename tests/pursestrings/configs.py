"""A whole configuration that is right, to be spoilt one line at a time, and places to find."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from facts.places import Place, PlaceKind
from pursestrings.config import Config, load
from pursestrings.plugins import Plugins

KINDS = Plugins(
    spiders="tests.pursestrings.kinds.spiders",
    labels="tests.pursestrings.kinds.labels",
    channels="tests.pursestrings.kinds.channels",
)
ALBUQUERQUE = Place(name="Albuquerque", state="NM", kind=PlaceKind.CITY, id="geonames:5454711")
NEW_MEXICO = Place(name="New Mexico", state="NM", kind=PlaceKind.STATE, id="state:NM")
PLACES = {"Albuquerque, NM": ALBUQUERQUE, "NM": NEW_MEXICO}
TOKEN = "canary-token-41f7"
ENVIRON = {"TEST_TOKEN": TOKEN}
WHOLE = """\
[bot]
name = "Test desk"
contact = "desk@news.example"
timezone = "America/Denver"
data = "data"
ops = "desk"

[storage]
url = "sqlite:///data/p.db"

[fetch]
allow_networks = ["127.0.0.0/8"]
allow_ports = [80, 443]
timeout = "30s"

[sources.paper]
spider = "paper"
url = "https://paper.example/feed"
every = "15m"
places = ["Albuquerque, NM"]
follow = true

[labels.city_response]
threshold = 0.6

[channels.desk]
kind = "pager"
token = { env = "TEST_TOKEN" }
from = "desk"

[routes.desk]
labels = ["city_response"]
places = ["NM"]
channel = "desk"

[digests.morning]
at = "07:00"
channel = "desk"
to = ["editor@news.example"]

[web]
bind = "127.0.0.1:8080"
replay_bind = "127.0.0.1:8081"
public_url = "https://archive.news.example/"
"""
LEAST = """\
[bot]
contact = "desk@news.example"
[channels.desk]
kind = "terminal"
"""


def load_text(folder: Path, text: str, environ: Mapping[str, str] = ENVIRON) -> Config:
    """Write a configuration and load it with the invented kinds and places."""
    path = folder / "config.toml"
    path.write_bytes(text.encode("utf-8"))
    return load(path, environ, PLACES.get, KINDS)
