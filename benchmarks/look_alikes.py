"""Times of similar pictures in a history of 50,000 entries, plain and encrypted.

    python benchmarks/look_alikes.py [--entries 50000] [--images 40] [--folder FOLDER]

The history is that of `benchmarks/history.py`. Each image has a vector near one of 20 directions, so that thousands are within
the limit. Measured is what the history's thread does for one request, from the vector of the open image to the cases with
their assessments and outcomes, in processor time (of all threads), which varies less with other load, and by the clock. The
first request also reads all vectors into memory.
"""

import argparse
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.history import KEY, TODAY, both_forms, fill
from benchmarks.measuring import load, machine
from desktop.core.encryption.keys import Key
from desktop.core.inference.similarity import DIMENSIONS, VectorKind
from desktop.core.records.history import History
from desktop.core.records.schema import FILE_NAME

_LIMIT_MS = 100
_KIND = VectorKind("a" * 64, 1)
_NEAR = 0.0645
_DIRECTIONS, _SPREAD = 20, 0.2
_EVERY = 397
"""Between two images that are asked about, so that they are of many patients."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill a history and measure it in both forms; return 0 if the median request stays under the limit."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--entries", type=int, default=50_000)
    parser.add_argument("--images", type=int, default=40)
    parser.add_argument("--folder", type=Path, help="a folder to keep the history for another run")
    options = parser.parse_args(arguments)
    print(machine(["numpy", "sqlcipher3"]) + f", SQLite {sqlite3.sqlite_version}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary) / "alike"
        if not (folder / FILE_NAME).exists():
            fill(folder, options.entries)
            keep_vectors(folder)
        slowest = [
            _measure(name, one, key, options.images)
            for name, one, key in zip(("plain", "encrypted"), both_forms(folder, 0), (None, KEY), strict=True)
        ]
    print(load("at the end").lstrip(", "))
    print(
        f"slower median: {max(slowest):.0f} ms of a core, under {_LIMIT_MS}: {'met' if max(slowest) < _LIMIT_MS else 'MISSED'}"
    )
    return 0 if max(slowest) < _LIMIT_MS else 1


def keep_vectors(folder: Path) -> None:
    """Give every image of a history a vector."""
    random = np.random.default_rng(1)
    directions = random.normal(size=(_DIRECTIONS, DIMENSIONS))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    with History.open(folder) as history:
        hashes = sorted({entry.image.sha256 for entry in history.entries()})
        with history.together():
            for sha256 in hashes:
                noise = random.normal(size=DIMENSIONS) * _SPREAD / np.sqrt(DIMENSIONS)
                vector = directions[random.integers(_DIRECTIONS)] + noise
                unit = (vector / np.linalg.norm(vector)).astype(np.float32)
                history.embeddings.keep(sha256, _KIND, unit, by="MK")


def _measure(name: str, folder: Path, key: Key | None, images: int) -> float:
    """Print the times of one form; return the median of a request in milliseconds of a core."""
    with History.open(folder, key=key) as history:
        asked = [
            entry.image.sha256
            for number in range(images)
            for entry in history.entries(limit=1, offset=number * _EVERY % history.count())
        ]

        found: list[int] = []

        def request(sha256: str) -> None:
            cases = history.look_alikes.nearest(sha256, _KIND, _NEAR, today=TODAY, is_blind=True)
            found.append(len(cases))

        first = _taken(partial(request, asked[0]))
        times = [_taken(partial(request, sha256)) for sha256 in asked]
        missing = _taken(lambda: history.embeddings.missing(_KIND))
        vectors = history.embeddings.all_of(_KIND).vectors
        core, clock = (float(statistics.median(taken[part] for taken in times)) for part in (0, 1))
        print(f"{name}: {len(vectors)} vectors, {vectors.nbytes / 1e6:.0f} MB, {min(found)} to {max(found)} cases")
        print(f"  first request {_text(first)}; what is not compared yet {_text(missing)}")
        print(f"  a request {_text((core, clock))} in the median, {_text(max(times))} at most, of {len(times)}")
    return core


def _taken(work: Callable[[], object]) -> tuple[float, float]:
    """Return the milliseconds of a processor and by the clock."""
    began = time.process_time(), time.perf_counter()
    work()
    return 1000 * (time.process_time() - began[0]), 1000 * (time.perf_counter() - began[1])


def _text(taken: tuple[float, float]) -> str:
    return f"{taken[0]:.0f} ms of a core, {taken[1]:.0f} by the clock"


if __name__ == "__main__":
    sys.exit(main())
