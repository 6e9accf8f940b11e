"""Kill lesionlens-classify again and again, resume it, and compare its table with that of an undisturbed run.

    python benchmarks/kill.py [--files 1000] [--kills 20] [--seed 1] [--model FILE]

The moments are random, from a seed: each kill comes shortly after a given number of rows, which may be while the next rows are
prepared, classified or written, or while an interrupted table is read.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.material import ROOT, copies, described, sources
from desktop.core.paths import SHIPPED_MODEL

_SECONDS_BETWEEN_LOOKS = 0.001
_LONGEST_PAUSE = 0.05
"""Most seconds between the awaited row and the kill: longer than some batches take."""


@dataclass(frozen=True)
class Outcome:
    """The number of rows at each kill, and whether the final table equals that of an undisturbed run."""

    rows_at_kills: list[int]
    is_equal: bool


def check(images: Path, model: Path, folder: Path, *, kills: int, seed: int) -> Outcome:
    """Classify a folder undisturbed and again with kills; write both tables into `folder`."""
    undisturbed, resumed = folder / "undisturbed.csv", folder / "resumed.csv"
    _start(images, model, undisturbed).wait()
    rows = undisturbed.read_bytes().count(b"\n") - 1
    chance = random.Random(seed)  # noqa: S311 - moments, not secrets
    unfinished = folder / "resumed.csv.partial"
    rows_at_kills = []
    for moment in sorted(chance.randrange(rows - rows // 10) for _ in range(kills)):
        pause = chance.uniform(0, _LONGEST_PAUSE)
        running = _start(images, model, resumed)
        while running.poll() is None and _rows(unfinished) <= moment:
            time.sleep(_SECONDS_BETWEEN_LOOKS)
        time.sleep(pause)
        running.kill()
        if running.wait() == 0:
            break  # it finished before the kill
        rows_at_kills.append(_rows(unfinished))
    _start(images, model, resumed).wait()
    return Outcome(rows_at_kills, undisturbed.read_bytes() == resumed.read_bytes())


def _start(images: Path, model: Path, target: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "desktop.commands.classify", str(images), "--resume"]
    command += ["--model", str(model), "--csv", str(target)]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL, env=os.environ | {"PYTHONPATH": str(ROOT)})


def _rows(table: Path) -> int:
    try:
        return max(0, table.read_bytes().count(b"\n") - 1)
    except FileNotFoundError:
        return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the check; return 0 if the tables are equal."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--model", type=Path, default=SHIPPED_MODEL)
    options = parser.parse_args(arguments)
    originals = sources()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copies(folder / "in", options.files, originals)
        print(f"{options.files} files made from {described(originals)}; {options.kills} kills, seed {options.seed}")
        outcome = check(folder / "in", options.model, folder, kills=options.kills, seed=options.seed)
    print(f"killed {len(outcome.rows_at_kills)} times, after these rows: {outcome.rows_at_kills}")
    is_good = outcome.is_equal and len(outcome.rows_at_kills) == options.kills
    print("the table equals that of the undisturbed run" if outcome.is_equal else "THE TABLES DIFFER")
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
