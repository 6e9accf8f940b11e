"""Kill the program while it encrypts and while it decrypts a history of 50,000 entries.

    python benchmarks/kill_converting.py [--kills 60] [--entries 50000] [--images 60] [--seed 1] [--folder FOLDER]

Half of the kills come at one of the calls that rename, delete or sync files, before or after it, spread over all of them; the
others at random moments from a seed. After each kill the history is opened as the next start does: every row and every image is
there, in one form or the other, and in the folder of an encrypted one there is nothing plain, searched byte for byte. Keys are
derived in an instant, so that the moments are spent on files. The history is that of benchmarks/history.py, with stored images.
"""

import argparse
import hashlib
import itertools
import multiprocessing
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.history import fill
from benchmarks.kill_history import expect, keep
from desktop.core.encryption import keys
from desktop.core.encryption.keys import MASTER_BYTES, Key
from desktop.core.encryption.overwriting import SecretBytes
from desktop.core.encryption.passphrase import Passphrase
from desktop.core.inference.classifier import Classifier
from desktop.core.paths import SHIPPED_MODEL
from desktop.core.records.connecting import connect
from desktop.core.records.converting import decrypt_history, encrypt_history
from desktop.core.records.converting_images import is_under_way
from desktop.core.records.history import History
from desktop.core.records.images import ImageStore
from desktop.core.records.key_file import Protection, protection, unlock_history
from desktop.core.records.schema import FILE_NAME

_CALLS = ("rename", "replace", "unlink", "mkdir", "fsync", "rmdir")
_KEY = Key(SecretBytes(range(MASTER_BYTES)))
_PASSPHRASE = Passphrase("four words in a row")


def convert(folder: Path, *, is_on: bool) -> None:
    """Encrypt a history, or decrypt it."""
    if is_on:
        encrypt_history(folder, _KEY, _PASSPHRASE)
    else:
        decrypt_history(folder, _KEY)


def convert_until(folder: Path, told: Connection, at: int, *, is_on: bool, is_done: bool) -> None:
    """Convert a history; kill this process at one of its calls, or with 0 report how many there are."""
    keys._COST = 2  # noqa: SLF001 - see above
    steps = itertools.count(1)
    taken = 0

    def dying(call: Callable[..., object]) -> Callable[..., object]:
        def step(*arguments: object, **options: object) -> object:
            nonlocal taken
            own = taken = next(steps)
            if own == at and not is_done:
                os.kill(os.getpid(), signal.SIGKILL)
            try:
                return call(*arguments, **options)
            finally:
                if own == at:
                    os.kill(os.getpid(), signal.SIGKILL)

        return step

    for name in _CALLS:
        setattr(os, name, dying(getattr(os, name)))
    told.send(0)
    convert(folder, is_on=is_on)
    told.send(taken)


def main(arguments: Sequence[str] | None = None) -> int:
    """Kill both conversions; end with a sentence at the first fault."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=60, help="of each of the two")
    parser.add_argument("--entries", type=int, default=50_000)
    parser.add_argument("--images", type=int, default=60, help="how many images are in the store")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--folder", type=Path, help="a folder with the history of benchmarks/history.py; it is not changed"
    )
    options = parser.parse_args(arguments)
    keys._COST = 2  # noqa: SLF001 - see above
    contract = Classifier(SHIPPED_MODEL).contract
    with tempfile.TemporaryDirectory() as temporary:
        source = Path(temporary) / "source"
        if options.folder is None:
            fill(source, options.entries)
        else:
            shutil.copytree(options.folder, source)
        with History.open(source) as history:
            for number in range(options.images):
                keep(history, source, f"P-SECRET-{number}".encode() * 5000, contract)
                history.people.add_patient(f"P-SECRET-{number}", "unknown", by="K")
        held = _held(source, None)
        for is_on in (True, False):
            _kill(source, held, options, is_on=is_on)
            if is_on:
                convert(source, is_on=True)
    return 0


def _kill(source: Path, held: object, options: argparse.Namespace, *, is_on: bool) -> None:
    chance = random.Random(options.seed)  # noqa: S311 - moments, not secrets
    work = source.parent / "work"
    steps, seconds = _converted(source, work, 0, None, is_on=is_on, is_done=False)
    shutil.rmtree(work)
    forms = dict.fromkeys(Protection, 0)
    resumed = 0
    for number in range(options.kills):
        at = 0 if number % 2 else 1 + number * steps // options.kills
        moment = chance.uniform(0, seconds) if number % 2 else None
        _converted(source, work, at, moment, is_on=is_on, is_done=number % 4 == 0)
        resumed += is_under_way(work) and protection(work) is Protection.ENCRYPTED
        forms[_look(work, held, number)] += 1
        shutil.rmtree(work)
        print(f"{number + 1} of {options.kills}", end="\r", flush=True)
    name = "encrypting" if is_on else "decrypting"
    print(
        f"{name}: {options.kills} kills at {steps} calls and at random moments of {seconds:.1f} s: "
        f"{forms[Protection.PLAIN]} times plain, {forms[Protection.ENCRYPTED]} times encrypted, of these {resumed} killed "
        "among the images, always whole"
    )


def _converted(
    source: Path, work: Path, at: int, moment: float | None, *, is_on: bool, is_done: bool
) -> tuple[int, float]:
    """Convert a copy, killed at a call or a moment; return the number of calls and the seconds."""
    shutil.copytree(source, work)
    read, told = multiprocessing.Pipe(duplex=False)
    options = {"is_on": is_on, "is_done": is_done}
    child = multiprocessing.Process(target=convert_until, args=(work, told, at), kwargs=options)
    child.start()
    told.close()
    read.recv()
    began = time.monotonic()
    if moment is not None:
        time.sleep(moment)
        child.kill()
    child.join()
    seconds = time.monotonic() - began
    with read:
        return (read.recv() if child.exitcode == 0 else 0), seconds


def _look(folder: Path, held: object, number: int) -> Protection:
    """Open a history as the next start does, and compare it; return its form."""
    form = protection(folder)
    expect(form is not Protection.KEY_FILE_LOST, "the key file is lost", number)
    key = unlock_history(folder, _PASSPHRASE) if form is Protection.ENCRYPTED else None
    with History.open(folder, key=key) as history:
        history.sweep()
        stored = "SELECT sha256 FROM image WHERE id IN (SELECT image FROM image_place WHERE stored)"
        rows = history._database.read(stored)  # noqa: SLF001 - faster than to read 50,000 entries
        store = ImageStore(folder, key)
        expect(bool(rows) and all(store.read(row["sha256"]) for row in rows), "an image is lost", number)
    expect(_held(folder, key) == held, "something is lost", number)
    remains = [path.name for path in folder.rglob("*") if key is not None and path.is_file() and _is_plain(path)]
    expect(not remains, f"there are plain remains: {remains}", number)
    return form


def _held(folder: Path, key: Key | None) -> dict[str, str]:
    """Return a hash of all rows of each table."""
    with closing(connect(folder / FILE_NAME, key)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        found = {}
        for name in names:
            digest = hashlib.sha256()
            for row in connection.execute(f"SELECT rowid, * FROM {name} ORDER BY rowid"):  # noqa: S608 - our tables
                digest.update(repr(row).encode())
            found[name] = digest.hexdigest()
        found.pop("sqlite_sequence")  # its row numbers mean nothing
        return found


def _is_plain(path: Path) -> bool:
    content = path.read_bytes()
    return any(text in content for text in (b"P-SECRET", b"P-00001", b"IMG_00123", b"melanoma", b"SQLite format 3"))


if __name__ == "__main__":
    sys.exit(main())
