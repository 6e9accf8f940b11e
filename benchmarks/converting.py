"""Times of encrypting and decrypting an image store, and the space that the disk needs meanwhile.

    python benchmarks/converting.py [--images 400] [--megabytes 2.5] [--folder FOLDER]

The images are random bytes, the history beside them is empty: the time for a long one's database is printed by
benchmarks/history.py. Keys are derived in an instant, which takes a second otherwise.
"""

import argparse
import itertools
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.history import KEY
from benchmarks.measuring import load, machine
from desktop.core.encryption import keys
from desktop.core.encryption.passphrase import Passphrase
from desktop.core.records.converting import decrypt_history, encrypt_history
from desktop.core.records.history import History
from desktop.core.records.images import ImageStore

_OFTEN = 50
"""Images between two looks at the size of the folder."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure both conversions."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--images", type=int, default=400)
    parser.add_argument("--megabytes", type=float, default=2.5, help="of each image")
    parser.add_argument(
        "--folder", type=Path, help="where to make the history; the system's folder for temporary files if not given"
    )
    options = parser.parse_args(arguments)
    print(machine(["cryptography", "sqlcipher3"]))
    keys._COST = 2  # noqa: SLF001 - see above
    size = int(1e6 * options.megabytes)
    with tempfile.TemporaryDirectory(dir=options.folder) as temporary:
        folder = Path(temporary) / "data"
        History.open(folder).close()
        store = ImageStore(folder)
        for _ in range(options.images):
            store.add(os.urandom(size), "JPEG")
        for name, convert in (
            ("encrypting", lambda told: encrypt_history(folder, KEY, Passphrase("four words in a row"), progress=told)),
            ("decrypting", lambda told: decrypt_history(folder, KEY, progress=told)),
        ):
            print(f"{name:12} {_measured(folder, convert, size * options.images)}{load('meanwhile')}")
    return 0


def _measured(folder: Path, convert: Callable[[Callable[[int, int], None]], None], size: int) -> str:
    before = most = _size(folder)

    calls = itertools.count()

    def look(_done: int, _total: int) -> None:
        nonlocal most
        if next(calls) % _OFTEN == 0:  # it takes time too
            most = max(most, _size(folder))

    began = time.process_time(), time.perf_counter()
    convert(look)
    core, clock = time.process_time() - began[0], time.perf_counter() - began[1]
    gigabytes = size / 1e9
    return (
        f"{core / gigabytes:5.1f} s of a core and {clock / gigabytes:5.1f} s by the clock a GB; between two images the folder "
        f"took {(most - before) / 1e6:.1f} MB more than before"
    )


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    sys.exit(main())
