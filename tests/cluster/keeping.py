"""Asks a worker for answers that it keeps, until Ctrl-C: `python -m tests.cluster.keeping FILE`."""

import sys
from pathlib import Path

from desktop.cluster import tasks
from desktop.cluster.connecting import local_workers
from desktop.core.inference.batch import FileAnswer
from tests.cluster import deadly

if __name__ == "__main__":
    tasks._PATIENCE = 10_000.0
    with local_workers(1) as client:
        begun = tasks.Tasks(client, deadly.keep, iter([[Path(sys.argv[1])]]))
        try:
            for _ in begun.finished(FileAnswer):
                pass
        except KeyboardInterrupt:
            begun.cancel()
            print("interrupted")
