"""The worker that polls with reader; run by the Python of reader's own environment, so it imports nothing of ours.

    python reader_worker.py FOLDER

The first line names a file with the addresses, one a line; each further line is a pass. It answers each pass with a
line of JSON: CPU seconds of the process, and the entries that were new.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from reader import make_reader

#: What reader's own command line uses, and what its documentation suggests for many feeds.
_WORKERS = 10


def main() -> None:
    """Serve the lines of stdin until it ends."""
    reader = make_reader(str(Path(sys.argv[1]) / "reader.sqlite"))
    for url in Path(sys.stdin.readline().strip()).read_text("utf-8").split():
        reader.add_feed(url)
    print("{}", flush=True)
    for _ in sys.stdin:
        cpu, new, errors = time.process_time(), 0, 0
        for result in reader.update_feeds_iter(scheduled=False, workers=_WORKERS):
            if isinstance(result.value, Exception):
                errors += 1
            elif result.value is not None:
                new += result.value.new
        print(json.dumps({"cpu": time.process_time() - cpu, "new": new, "errors": errors}), flush=True)


if __name__ == "__main__":
    main()
