"""The delay of a cancel in a folder, while files of 24 megapixels are being decoded and the model runs.

python benchmarks/cancel.py [--cancels 40] [--model FILE]
"""

import argparse
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.material import copies, large_jpegs, sources
from benchmarks.measuring import machine
from desktop.core.inference.batch import classify_files
from desktop.core.inference.classifier import Classifier
from desktop.core.paths import SHIPPED_MODEL

_LIMIT_MS = 200
_LATEST = 2.0
"""Latest moment of a cancel, in seconds after the start of a run."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Cancel runs at random moments; return 0 if each ended in time."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cancels", type=int, default=40)
    parser.add_argument("--model", type=Path, default=SHIPPED_MODEL)
    options = parser.parse_args(arguments)
    classifier = Classifier(options.model)
    chance = random.Random(1)  # noqa: S311 - moments, not secrets
    print(machine(["onnxruntime", "pillow"]))
    with tempfile.TemporaryDirectory() as name:
        large = large_jpegs(Path(name) / "large", 2)
        usual = copies(Path(name) / "usual", 200, sources())
        milliseconds = []
        for number in range(options.cancels):
            paths = list(islice(cycle(large if number % 2 else usual), 2000))
            milliseconds.append(1000 * _cancel(paths, classifier, chance.uniform(0, _LATEST)))
    is_met = max(milliseconds) <= _LIMIT_MS
    print(
        f"{options.cancels} cancels, median {statistics.median(milliseconds):.0f} ms, "
        f"slowest {max(milliseconds):.0f} ms, at most {_LIMIT_MS}: {'met' if is_met else 'MISSED'}"
    )
    return 0 if is_met else 1


def _cancel(paths: list[Path], classifier: Classifier, after: float) -> float:
    """Cancel a run after some seconds; return the seconds from then to the end of its answers."""
    cancelled = threading.Event()
    ended = threading.Event()

    def run() -> None:
        for _ in classify_files(paths, classifier, cancelled=cancelled):
            pass
        ended.set()

    threading.Thread(target=run).start()
    time.sleep(after)
    begin = time.perf_counter()
    cancelled.set()
    ended.wait()
    return time.perf_counter() - begin


if __name__ == "__main__":
    sys.exit(main())
