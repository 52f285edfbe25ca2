"""The rules of the house that no linter holds: sizes, unfinished marks, and that everything is documented."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main

from pursestrings.cli import app
from pursestrings.plugins import kinds

ROOT = Path(__file__).parents[1]
ROOMS = ("spiders", "classifier", "scheduler", "alerts", "storage", "archive", "facts", "pursestrings")
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "versions" not in path.parts)
README = (ROOT / "README.md").read_text(encoding="utf-8")
MANUAL = README + "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md")))


def functions() -> Iterator[tuple[str, int]]:
    """Yield each function of the rooms with its lines."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{path.relative_to(ROOT)}:{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_function_is_long_and_most_are_short() -> None:
    """None over 60 lines, half of them under 10."""
    sizes = dict(functions())

    assert {name: size for name, size in sizes.items() if size > 60} == {}
    assert statistics.median(sizes.values()) < 10


def test_no_module_is_long() -> None:
    """None over 400 lines; a kind of source or channel and a label at most 150."""
    sizes = {path.relative_to(ROOT): path.read_text(encoding="utf-8").count("\n") for path in MODULES}
    plugins = {
        *(Path("spiders", f"{kind}.py") for kind in kinds("spiders")),
        *(Path("alerts", f"{kind}.py") for kind in kinds("alerts")),
        *(Path("classifier", "labels", f"{kind}.py") for kind in kinds("classifier.labels")),
    }

    assert {path: size for path, size in sizes.items() if size > (150 if path in plugins else 400)} == {}


@pytest.mark.parametrize(
    "mark",
    [
        r"\bTODO\b",
        r"\bFIXME\b",
        r"\bXXX\b",
        r"NotImplementedError",
        r"time\.sleep\(",
        r"utcnow\(\)",
        r"fromtimestamp\([^,()]*\)",
    ],
)
def test_nothing_is_left_unfinished(mark: str) -> None:
    """No mark of unfinished work, no sleep, no time without a zone in any room."""
    found = [path.relative_to(ROOT) for path in MODULES if re.search(mark, path.read_text(encoding="utf-8"))]

    assert found == []


def test_every_folder_of_tests_is_a_package() -> None:
    """Else `import storage` would find tests/storage."""
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}

    assert [folder for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_every_room_is_packaged_and_tests_are_not() -> None:
    """The packages of the wheel are named one by one."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    assert sorted(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == sorted(ROOMS)


def commands() -> list[str]:
    """Return every command as it is typed."""
    group = typer.main.get_command(app)
    found = []
    for name, command in getattr(group, "commands", {}).items():
        inner = getattr(command, "commands", None)
        found += [f"{name} {sub}" for sub in inner] if inner else [name]
    return found


@pytest.mark.parametrize("command", commands())
def test_every_command_is_documented(command: str) -> None:
    """The README or a page of the manual shows it as a person types it."""
    assert re.search(rf"pursestrings {command}\b|scripts/run {command}\b", MANUAL)


@pytest.mark.parametrize("kind", [*kinds("spiders"), *kinds("alerts"), *kinds("classifier.labels")])
def test_every_kind_is_documented(kind: str) -> None:
    """A source, channel or label that can be configured is named in the manual."""
    assert f"`{kind}`" in MANUAL


def config_keys() -> list[str]:
    """Return every key that a configuration may hold, from the models that read it."""
    from pursestrings import stanzas

    models: list[type[stanzas.Stanza]] = [
        stanzas.BotConfig,
        stanzas.FetchConfig,
        stanzas.WebConfig,
        stanzas.RouteConfig,
        stanzas.DigestConfig,
        stanzas.CanaryConfig,
    ]
    keys = {key for model in models for key in model.model_fields} - {"name"}
    return sorted(keys | {"spider", "every", "places", "follow", "kind", "otherwise", "threshold", "url"})


@pytest.mark.parametrize("key", config_keys())
def test_every_configuration_key_is_documented(key: str) -> None:
    """The shipped config.toml or the manual shows it."""
    assert re.search(rf"\b{key}\b", MANUAL + (ROOT / "config.toml").read_text(encoding="utf-8"))


def test_every_test_that_the_manual_names_exists() -> None:
    """A promise points at what holds it: a path, or a row of docs/reliability.md with tests of its name."""
    paths = set(re.findall(r"`(tests/[\w./]+)`", MANUAL))
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))

    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []
    assert [name for name in re.findall(r"`(test_[RS]\d+)`", MANUAL) if f"{name}_" not in tests] == []


def test_every_page_that_the_code_names_exists() -> None:
    """A rule's source is a page of this repository."""
    texts = [path.read_text(encoding="utf-8") for path in MODULES]
    named = {name for text in texts for name in re.findall(r"\b[\w/]+\.md\b", text)}

    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_no_path_of_a_machine_is_named() -> None:
    """What the project holds speaks of the project alone."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    # Not in the middle of an address, and not the path of a platform's pages.
    pattern = re.compile(r"(?<![\w.])/(work|root|home/(?!components)\w+)/")
    texts = {name: (ROOT / name).read_text(encoding="utf-8", errors="replace") for name in listed.split("\0") if name}
    named = [name for name, text in texts.items() if pattern.search(text)]

    assert named == []
