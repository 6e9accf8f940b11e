"""Runs of lesionlens-classify with a cluster that a test can watch."""

import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

from benchmarks.clusters import Cluster
from desktop.commands import classify

FILES = 120
"""Images in the folder, besides one that is damaged and some with odd names."""


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

    def wait_for_rows(self, count: int) -> None:
        while self.rows() < count:
            assert self._thread.is_alive()
            time.sleep(0.001)
