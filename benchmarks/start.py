"""The time of a start, as a ratio to the shortest possible one: `make bench-start`, after `make package`.

Four programs are started in turn in each round, warm: an empty window; one that also imports the third-party modules of
LesionLens; the minimal program that classifies an image; and LesionLens with an image, frozen and from source. The first three
share LesionLens' runtime folder, so that only the programs differ. A round gives paired ratios; the table has their medians and
quartiles.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from frozen import PATIENCE, WINDOW, Frozen, screen  # noqa: E402 - it lies in scripts/
from package import APPLICATION, PYTHON  # noqa: E402
from setup_environment import run  # noqa: E402

BUILD = ROOT / "build" / "start"
REFERENCES = "start_references"
MODEL = ROOT / "resources" / "classifier.onnx"
IMAGE = ROOT / "resources" / "samples" / "synthetic-1-pigment-network.png"
TAKES_INPUT, ANSWERED = "the window takes input", "an answer is on the screen"
MILESTONES = (TAKES_INPUT, "the window is whole", "the model is loaded", ANSWERED)
LINE = re.compile(r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) INFO [\w.]+: (.+)$", re.MULTILINE)
BARS = {"empty": 1.5, "imports": 1.2}


def build_references() -> None:
    """Build the reference programs and lay LesionLens' runtime beside them."""
    run(PYTHON, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR", "--distpath", BUILD, "--workpath", BUILD / "work",
        ROOT / "benchmarks" / "start.spec")  # fmt: skip
    shutil.copy(BUILD / "work" / "start" / REFERENCES, BUILD)
    contents = BUILD / "_internal"
    contents.unlink(missing_ok=True)
    contents.symlink_to(APPLICATION / "_internal")


def reference(frozen: Frozen, *arguments: str | Path, **more: str) -> float:
    """Start a reference program; return the seconds until it printed the time."""
    begun = time.time()
    command = [str(BUILD / REFERENCES), *map(str, arguments)]
    with subprocess.Popen(command, env=frozen.environment(**more), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None  # noqa: S101 - it was asked for
        said = float(process.stdout.readline())
        process.kill()
    return said - begun


def lesionlens(frozen: Frozen, command: list[str], **more: str) -> dict[str, float]:
    """Start LesionLens on an image; return the seconds until each milestone of its log."""
    frozen.log.unlink(missing_ok=True)
    data = frozen.work / "data"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir()
    (data / "settings.ini").write_text(
        "[user]\nblind_first=false\n", encoding="utf-8"
    )  # else an answer waits for a view
    environment = frozen.environment(**more)
    begun = time.time()
    process = subprocess.Popen([*command, str(IMAGE), "--data-dir", str(data)], env=environment)
    found: dict[str, float] = {}
    try:
        while not found.keys() >= set(MILESTONES):
            if time.time() > begun + PATIENCE:
                sys.exit(f"LesionLens got no farther than {found}")
            time.sleep(0.02)
            text = frozen.log.read_text(encoding="utf-8") if frozen.log.exists() else ""
            found = {
                words: datetime.strptime(when, "%Y-%m-%d %H:%M:%S,%f").astimezone().timestamp() - begun
                for when, words in LINE.findall(text)
            }
    finally:
        process.kill()
        process.wait()
    return found


def measure(rounds: int, before: Path | None) -> dict[str, list[float]]:
    """Return the seconds of each program, a list with one value for each round; the first round, a cold one, is dropped.

    Args:
        rounds: how often each program is started.
        before: the folder of an earlier build, or None.
    """
    seconds: dict[str, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as work, screen() as display:
        frozen = Frozen(APPLICATION, Path(work))
        windows = {
            "frozen": (frozen.command(WINDOW), display),
            "source": ([str(PYTHON), "-m", "desktop"], {**display, "PYTHONPATH": str(ROOT)}),
        }
        if before:
            windows["before"] = (Frozen(before, Path(work)).command(WINDOW), display)
        for number in range(rounds + 1):
            taken = {name: reference(frozen, name, **display) for name in ("empty", "imports")}
            taken["answer"] = reference(frozen, "answer", MODEL, IMAGE, **display)
            for kind, (command, more) in windows.items():
                found = lesionlens(frozen, command, **more)
                taken |= {f"{kind}: {words}": found[words] for words in MILESTONES}
            for name, value in taken.items():
                if number:
                    seconds[name].append(value)
    return seconds


def quartiles(values: list[float]) -> str:
    """Return the median with the quartiles around it."""
    low, middle, high = statistics.quantiles(values, n=4)
    return f"{middle:.2f} ({low:.2f} to {high:.2f})"


def main() -> None:
    """Measure and print two tables: seconds, and ratios with their limits."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=15, metavar="N", help="how often each program is started")
    parser.add_argument("--before", type=Path, metavar="DIR", help="an earlier build to compare with")
    arguments = parser.parse_args()
    rounds: int = arguments.rounds
    before: Path | None = arguments.before
    if not (APPLICATION / "_internal").is_dir():
        sys.exit("There is no dist/LesionLens: make package")
    build_references()
    seconds = measure(rounds, before.resolve() if before else None)
    print(f"{rounds} rounds, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors; medians (quartiles)\n")
    print("| seconds from the start of the process | |\n| --- | --- |")
    for name, values in seconds.items():
        print(f"| {name} | {quartiles(values)} |")
    print("\n| ratio | | at most |\n| --- | --- | --- |")
    for kind in ("frozen", "source"):
        for words, names in ((TAKES_INPUT, ("empty", "imports")), (ANSWERED, ("empty", "imports", "answer"))):
            for name in names:
                pairs = zip(seconds[f"{kind}: {words}"], seconds[name], strict=True)
                bar = f"{BARS[name]}" if kind == "frozen" and words == TAKES_INPUT else ""
                print(f"| {kind}: {words} / {name} | {quartiles([mine / other for mine, other in pairs])} | {bar} |")
    if before:
        for words in (TAKES_INPUT, ANSWERED):
            pairs = zip(seconds[f"frozen: {words}"], seconds[f"before: {words}"], strict=True)
            print(f"| frozen: {words} / before | {quartiles([mine / other for mine, other in pairs])} | |")


if __name__ == "__main__":
    main()
