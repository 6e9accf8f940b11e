"""What one machine bears of a run that is shared out: finding files, the table's rows, resuming, sorting, joining, tasks.

    python benchmarks/scale.py [--rows 100000] [--tasks 1000]

The rows are of one answered image under other names. Seconds are of a core, but those of tasks, which do nothing on one
worker, are by the clock. docs/scale.md counts from these figures how far a table and a scheduler reach.
"""

import argparse
import contextlib
import io
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.material import described, sources
from benchmarks.measuring import load, machine, peak_mb
from desktop import __version__
from desktop.cluster.connecting import local_workers
from desktop.core.inference.batch import FileAnswer, classify_files
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.image_files import find_files
from desktop.core.inference.shards import Shard
from desktop.core.paths import SHIPPED_MODEL
from desktop.core.records.joining import join_tables
from desktop.core.records.resuming import put_in_order, read_begun
from desktop.core.records.table_files import open_table
from desktop.core.records.tables import TableFormat, TableRow, column_names, of_shard

_FILES_IN_A_FOLDER = 1000
_RESET, _PEAK = Path("/proc/self/clear_refs"), "5"
"""Linux forgets the peak of a process's memory when this is written there (man 5 proc)."""


class _Bearing:
    """Measures steps over the same rows, and prints each."""

    def __init__(self, rows: int, folder: Path) -> None:
        self._rows = rows
        self._folder = folder
        self._classifier = Classifier(SHIPPED_MODEL)
        self._labels = self._classifier.contract.label_ids
        (self._answer,) = classify_files(sources()[:1], self._classifier, workers=1)

    def all(self) -> None:
        """Measure every step."""
        files = self._make_files()
        self._told("found in folders", lambda: find_files([self._folder / "in"]))
        answers = [replace(self._answer, path=path) for path in files]
        table = self._folder / "table.csv"
        self._told("rows written", lambda: self._write(table, answers))
        print(f"| bytes of a row | {table.stat().st_size / self._rows:.0f} | |")
        columns = column_names(self._labels)
        self._told(
            "rows read to resume",
            lambda: read_begun(table, columns, self._classifier.sha256, self._classifier.working_points),
        )
        self._write(table, answers[::-1])
        self._told("rows sorted", lambda: put_in_order(table))
        shards = self._write_shards(answers)
        with contextlib.redirect_stderr(io.StringIO()):
            self._told(
                "rows joined of 8 shards", lambda: join_tables(shards, self._folder / "all.csv", TableFormat.CSV)
            )

    def _make_files(self) -> list[Path]:
        files = []
        for number in range(self._rows):
            folder = self._folder / "in" / f"{number // _FILES_IN_A_FOLDER:06}"
            if number % _FILES_IN_A_FOLDER == 0:
                folder.mkdir(parents=True)
            files.append(folder / f"{number:09}.jpg")
            files[-1].touch()
        return files

    def _write(self, target: Path, answers: Sequence[FileAnswer], shard: Shard | None = None) -> None:
        more = () if shard is None else of_shard(shard, len(answers))
        with open_table(target, self._labels, more=more) as table:
            for answer in answers:
                table.write(TableRow.of_file(answer, self._labels, self._classifier.sha256, __version__))

    def _write_shards(self, answers: Sequence[FileAnswer]) -> list[Path]:
        tables = []
        for number in range(8):
            shard = Shard(number, 8)
            tables.append(self._folder / f"{number}.csv")
            self._write(tables[-1], [one for one in answers if shard.takes(one.path, [self._folder / "in"])], shard)
        return tables

    def _told(self, what: str, work: Callable[[], object]) -> None:
        if _RESET.exists():
            _RESET.write_text(_PEAK, encoding="ascii")
        memory, begin = psutil.Process().memory_info().rss, time.process_time()
        work()
        seconds = time.process_time() - begin
        grown = f"{max(0.0, 1e6 * peak_mb() - memory) / self._rows:.0f}" if _RESET.exists() else ""
        print(f"| {what}, a second of a core | {self._rows / seconds:.0f} | {grown} |", flush=True)


def _nothing() -> None:
    pass


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; return 0."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--tasks", type=int, default=1000)
    options = parser.parse_args(arguments)
    print(machine(["distributed"]))
    print(f"images: {described(sources())}; model {SHIPPED_MODEL.stat().st_size / 1e6:.1f} MB\n")
    print(f"| of {options.rows} | | bytes of memory for each, at most |\n| --- | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        _Bearing(options.rows, Path(folder)).all()
    with local_workers(1) as client:
        begin = time.perf_counter()
        client.gather([client.submit(_nothing, pure=False) for _ in range(options.tasks)])
        print(f"| tasks of one scheduler, a second | {options.tasks / (time.perf_counter() - begin):.0f} | |")
    print(load("at the end").lstrip(", "))
    return 0


if __name__ == "__main__":
    sys.exit(main())
