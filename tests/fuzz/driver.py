"""One target under libFuzzer, in a process that holds nothing else; `tests.fuzz.__main__` starts it."""

from __future__ import annotations

import sys
from pathlib import Path

import atheris


def main(name: str, folder: Path, *options: str) -> None:
    """Fuzz one target with these options of libFuzzer, its seeds and what it finds in a folder; ends the process."""
    ours = ["spiders", "classifier", "alerts", "storage", "archive", "facts", "pursestrings"]
    # Before they are imported, or the fuzzer would be blind.
    with atheris.instrument_imports(include=ours):
        from tests.fuzz.targets import BROKEN, TARGETS
    from facts.errors import PursestringsError

    target = {**TARGETS, "broken": BROKEN}.get(name)
    if target is None:
        sys.exit(f"there is no target {name!r}; there are {', '.join(TARGETS)}")
    for kind in ("corpus", "seeds", "found"):
        (folder / kind).mkdir()
    for number, seed in enumerate(target.seeds()):
        (folder / "seeds" / str(number)).write_bytes(seed)
    lines = ("".join(f"\\x{byte:02x}" for byte in word.encode()) for word in target.words)
    (folder / "words").write_text("".join(f'"{line}"\n' for line in lines), encoding="ascii")

    def once(data: bytes) -> None:
        try:
            target.run(data)
        except PursestringsError:
            return
        except BaseException:
            # The fuzzer writes it too, unless an alarm of its own ends the process first.
            (folder / "found" / "input").write_bytes(data)
            raise

    own = (f"-artifact_prefix={folder}/found/", f"-dict={folder}/words", f"-max_len={target.longest}")
    atheris.Setup([name, *options, *own, f"{folder}/corpus", f"{folder}/seeds"], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])
