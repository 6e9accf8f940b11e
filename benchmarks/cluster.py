"""A cluster of worker processes: its table, its rate beside threads, and what its start and its tasks cost.

    python benchmarks/cluster.py [--files 4000] [--rounds 2] [--model FILE]

First four workers classify all files; two are killed on the way and one is added, and the table must be that of one
process. Then, in each round, two workers and two threads take turns, each on one half of the files, counted from the first
task on. Last, tasks of 1,000 ready answers are given to the workers, one after the other: what one takes is the overhead of a
task.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.clusters import Cluster
from benchmarks.material import ROOT, copies, described, sources
from benchmarks.measuring import load, machine
from desktop import __version__
from desktop.cluster.classifying import classify_on_cluster
from desktop.cluster.connecting import connected, local_workers
from desktop.cluster.tasks import Tasks
from desktop.cluster.worker import PartAnswers
from desktop.core.inference.batch import FileAnswer, classify_files
from desktop.core.inference.classifier import Classifier
from desktop.core.paths import SHIPPED_MODEL
from desktop.core.records.table_files import open_table
from desktop.core.records.tables import TableRow

if TYPE_CHECKING:
    from distributed import Client

_BAR = 0.9
_CORES = 2
_ANSWERS_A_TASK = 1000
_TASKS = 20
_SECONDS_BETWEEN_LOOKS = 0.01


def kill_two_and_add_one(images: Path, model: Path, folder: Path) -> bool:
    """Classify with four workers of which two die, and one that is added; tell whether the table is that of one process."""
    undisturbed, disturbed = folder / "undisturbed.csv", folder / "disturbed.csv"
    _start(images, model, undisturbed).wait()
    rows = _rows(undisturbed)
    (folder / "cluster").mkdir()
    with Cluster(folder / "cluster") as cluster:
        workers = [cluster.add_worker() for _ in range(4)]
        running = _start(images, model, disturbed, "--cluster", cluster.address, *cluster.tls)
        at = []
        for share, act in ((0.25, workers[0].kill), (0.35, cluster.add_worker), (0.5, workers[1].kill)):
            while running.poll() is None and _rows(_unfinished(disturbed)) < share * rows:
                time.sleep(_SECONDS_BETWEEN_LOOKS)
            at.append(_rows(_unfinished(disturbed)))
            act()
        is_whole = running.wait() == 0
    is_equal = is_whole and disturbed.read_bytes() == undisturbed.read_bytes()
    print(f"of {rows} rows, {at[0]} were written when a worker was killed, {at[1]} when one was added, {at[2]} when")
    print(
        f"another was killed: the table {'equals that of one process' if is_equal else 'DIFFERS FROM THAT OF ONE PROCESS'}"
    )
    return is_equal and 0 < at[0] <= at[2] < rows


def rates(client: "Client", files: Sequence[Path], rounds: int, classifier: Classifier) -> tuple[float, float]:
    """Return the images a second of workers and of threads, which take turns on the halves of the files."""
    by_workers = by_threads = 0.0
    half = len(files) // 2
    ours, theirs = files[:half], files[half : 2 * half]
    for _ in range(rounds):
        begin = time.perf_counter()
        with closing(classify_on_cluster(ours, classifier, partial(connected, client), "local")) as parts:
            _write((answer for part in parts for answer in part), classifier)
        by_workers += time.perf_counter() - begin
        begin = time.perf_counter()
        with closing(classify_files(theirs, classifier, workers=_CORES)) as answers:
            _write(answers, classifier)
        by_threads += time.perf_counter() - begin
        ours, theirs = theirs, ours
    return rounds * half / by_workers, rounds * half / by_threads


def seconds_a_task(client: "Client", answer: FileAnswer) -> float:
    """Return the seconds that a task takes which has its answers ready: the median of some, one after the other."""
    images = [answer.path.with_name(f"{number:06}.jpg") for number in range(_ANSWERS_A_TASK)]
    taken = []
    for _ in range(_TASKS):
        begin = time.perf_counter()
        tasks = Tasks(client, partial(_ready, answer), iter([images]))
        for _answers in tasks.finished(FileAnswer):
            pass
        taken.append(time.perf_counter() - begin)
    return statistics.median(taken)


def _ready(answer: FileAnswer, images: Sequence[Path]) -> PartAnswers:
    answers = [replace(answer, path=image, sha256=f"{number:064x}") for number, image in enumerate(images)]
    return PartAnswers(answers, 0.0)


def _write(answers: Iterable[FileAnswer], classifier: Classifier) -> None:
    labels = classifier.contract.label_ids
    with tempfile.TemporaryDirectory() as folder, open_table(Path(folder) / "out.csv", labels) as table:
        for answer in answers:
            table.write(TableRow.of_file(answer, labels, classifier.sha256, __version__))


def _start(images: Path, model: Path, target: Path, *options: str) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "desktop.commands.classify",
        str(images),
        "--model",
        str(model),
        "--csv",
        str(target),
    ]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen([*command, *options], stderr=subprocess.DEVNULL, env=environment)


def _unfinished(target: Path) -> Path:
    return target.with_name(f"{target.name}.partial")


def _rows(table: Path) -> int:
    try:
        return max(0, table.read_bytes().count(b"\n") - 1)
    except FileNotFoundError:
        return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; return 0 if the table is the same and the bar is met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--files", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--model", type=Path, default=SHIPPED_MODEL)
    options = parser.parse_args(arguments)
    originals = sources()
    print(machine(["onnxruntime", "pillow", "distributed"]))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = copies(folder / "in", options.files, originals)
        print(f"{options.files} files made from {described(originals)}; model “{options.model.name}”\n", flush=True)
        is_equal = kill_two_and_add_one(folder / "in", options.model, folder)
        classifier = Classifier(options.model)
        begin = time.perf_counter()
        with local_workers(_CORES) as client:
            started = time.perf_counter() - begin
            workers, threads = rates(client, files, options.rounds, classifier)
            (answer,) = classify_files(files[:1], classifier)
            task = seconds_a_task(client, answer)
    ratio = workers / threads
    print(
        f"{_CORES} workers {workers:.1f} images/s, {_CORES} threads {threads:.1f} images/s: {ratio:.2f}, at least {_BAR:g}: ",
        end="",
    )
    print(f"{'met' if ratio >= _BAR else 'MISSED'}{load('at the end')}")
    print(
        f"start of {_CORES} local workers {started:.1f} s; overhead of a task of {_ANSWERS_A_TASK} files {1000 * task:.0f} ms"
    )
    return 0 if is_equal and ratio >= _BAR else 1


if __name__ == "__main__":
    sys.exit(main())
