"""Runs of lesionlens-classify with a cluster that a test can watch, and workers that wait for the test."""

import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

from benchmarks.clusters import Cluster
from desktop.commands import classify

FILES = 120
"""Images in the folder, besides one that is damaged and some with odd names."""

LONGEST_OUTAGE = 300.0
"""Seconds for which a run waits for its scheduler: a test that fails while it is gone ends, too."""

_HOLDING = """
import pathlib, time
from desktop.core.inference import batch

answers, begun = batch.classify_files, []

def answer_or_hold(*given, **named):
    begun.append(given)
    while len(begun) > 1 and not pathlib.Path({go!r}).exists():
        time.sleep(0.01)
    return answers(*given, **named)

batch.classify_files = answer_or_hold
"""


def holding(folder: Path) -> str:
    """Return what a worker must import from to do one task, and then none until there is a file `go` in the folder.

    Without it the whole work may be done before the test has seen the first row.
    """
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(_HOLDING.format(go=str(folder / "go")))
    return str(folder)


@contextmanager
def program(command: Sequence[str], **options: object) -> Iterator["subprocess.Popen[str]"]:
    """Run a program while the block runs, and no longer: where a check fails, it may be waiting for a scheduler."""
    with subprocess.Popen(command, text=True, **options) as running:  # type: ignore[call-overload]
        try:
            yield running
        finally:
            running.kill()


class Run:
    """A run of lesionlens-classify with a cluster, on a thread of its own."""

    def __init__(self, cluster: Cluster, folder: Path, model: Path, target: Path) -> None:
        self.target = target
        options = [str(folder), "--model", str(model), "--csv", str(target)]
        self._options = [*options, "--cluster", cluster.address, *cluster.tls]
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join()

    def _run(self) -> None:
        self.status = classify.main(self._options)

    def rows(self) -> int:
        """How many rows are written so far; all of them once the run has ended."""
        for table in (self.target.with_name(f"{self.target.name}.partial"), self.target):
            with suppress(FileNotFoundError):
                return table.read_bytes().count(b"\n") - 1
        return 0

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._thread.is_alive()

    def wait_for_rows(self, count: int) -> None:
        while self.rows() < count:
            assert self.is_running
            time.sleep(0.001)
