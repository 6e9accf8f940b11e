"""Kill the program while it writes the history, while it restores a backup, and while its window opens images.

    python benchmarks/kill_history.py [--records 300] [--restores 60] [--windows 100] [--seed 1]

After each kill the history is opened and compared with what was acknowledged before: nothing may be lost or added, no history
may be empty, and after the clean-up of the next start there may be no remains. Records work is killed at random moments from a
seed. A restore is killed at each of its calls that rename files or sync the disk, once before and once after the call. The
window is killed alternately after its image has entered the store and during its start, at random moments from a seed.
"""

import argparse
import hashlib
import itertools
import json
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.material import ROOT, sources
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.contract import Contract
from desktop.core.inference.judgement import Abstention
from desktop.core.paths import SHIPPED_MODEL
from desktop.core.records.backup import write_backup
from desktop.core.records.history import History
from desktop.core.records.images import ImageStore
from desktop.core.records.restoring import restore_backup
from desktop.core.records.schema import FILE_NAME
from desktop.core.records.values import KeptImage, StoredAnswer

_CALLS = ("rename", "replace", "unlink", "mkdir", "fsync", "rmdir")
_LONGEST = 0.5
"""A kill comes within these seconds of records work, or after a window's image has entered the store."""
_PATIENCE = 600
"""Seconds that a window may take to save its image."""

Acts = list[tuple[str, str]]


def keep(history: History, folder: Path, data: bytes, contract: Contract) -> str:
    """Store an image and save an answer for it; return its SHA-256."""
    sha256 = hashlib.sha256(data).hexdigest()
    labels = contract.label_ids
    answer = StoredAnswer(
        probabilities={label: 1 / len(labels) for label in labels},
        top=labels[0],
        top_probability=1 / len(labels),
        malignant_probability=0.5,
        flags=(),
        abstention=Abstention.UNCERTAIN,
        kind_uncertain=False,
        quality=None,
        novelty=None,
        model_sha256="a" * 64,
        preprocessing_version=1,
        app_version="kill",
    )
    with history.together():
        path = ImageStore(folder).add(data, "PNG")
        image = KeptImage(sha256, f"{sha256[:8]}.png", "PNG", 1, 1, len(data), path, stored=True)
        history.save(image, answer, contract, by="K")
    return sha256


def work(folder: Path, number: int, contract: Contract, told: Connection) -> None:
    """Write into a history until killed, and report each act once it is done."""
    chance = random.Random(number)  # noqa: S311 - which act, not secrets
    with History.open(folder) as history:
        history.sweep()
        for count in itertools.count():
            name = f"P-{number}-{count}"
            act = chance.choice(("image", "image", "patient", "erase", "backup"))
            if act == "image":
                told.send(("image", keep(history, folder, name.encode() * 2000, contract)))
            elif act == "patient":
                history.people.add_patient(name, "unknown", by="K")
                told.send(("patient", name))
            elif act == "erase":
                patient = history.people.add_patient(name, "unknown", by="K")
                told.send(("patient", name))
                told.send(("erasing", name))
                history.erasures.erase_patient(patient.id, by="K")
                history.erasures.finish()
                told.send(("erased", name))
            else:
                write_backup(folder, folder.parent / "backup.zip", app_version="1", now=datetime.now(UTC))


def check_records(folder: Path, kills: int, seed: int, contract: Contract) -> Acts:
    """Kill records work repeatedly; return everything that was acknowledged."""
    chance = random.Random(seed)  # noqa: S311 - moments, not secrets
    acts: Acts = []
    for number in range(kills):
        read, told = multiprocessing.Pipe(duplex=False)
        child = multiprocessing.Process(target=work, args=(folder, number, contract, told), daemon=True)
        child.start()
        told.close()
        time.sleep(chance.uniform(0, _LONGEST))
        child.kill()
        child.join()
        with suppress(EOFError):
            while True:
                acts.append(read.recv())
        read.close()
        look(folder, acts, number)
    return acts


def look(folder: Path, acts: Acts, number: int) -> None:
    """Open the history as the next start does, and compare it with what was acknowledged."""
    with History.open(folder) as history:
        history.sweep()
        history.erasures.finish()
        said = {kind: {name for act, name in acts if act == kind} for kind in ("image", "patient", "erasing", "erased")}
        images = {entry.image.sha256 for entry in history.entries()}
        patients = {patient.pseudonym for patient in history.people.find_patients(limit=1_000_000)}
        expect(said["image"] <= images, "an acknowledged image is lost", number)
        # One act for each kill may have been written but not yet acknowledged.
        expect(len(images - said["image"]) <= number + 1, "there are images that nobody kept", number)
        expect(said["patient"] - said["erasing"] <= patients, "an acknowledged patient is lost", number)
        expect(len(patients - said["patient"]) <= number + 1, "there are patients that nobody made", number)
        expect(not said["erased"] & patients, "an erased patient is there again", number)
        expect(all(ImageStore(folder).read(sha256) for sha256 in images), "an image cannot be read", number)
    expect_no_remains(folder, images, number)


def expect_no_remains(folder: Path, images: set[str], number: int) -> None:
    """Check that no unfinished file and no image without a row remains."""
    remains = [*folder.glob(".backup-*"), *folder.glob(".restoring-*"), *folder.rglob("*.partial")]
    expect(not remains, f"there are remains: {remains}", number)
    expect({path.stem for path in folder.glob("images/*/*")} <= images, "there is an image without a row", number)


def expect(holds: bool, what: str, number: int) -> None:
    """End with a sentence if a condition does not hold."""
    if not holds:
        sys.exit(f"kill {number + 1}: {what}")


def restore_until(backup: Path, folder: Path, at: int, *, is_done: bool, told: Connection) -> None:
    """Restore a backup; kill this process at one of its steps, or with 0 report the number of steps."""
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
    restore_backup(backup, folder, now=datetime.now(UTC))
    told.send(taken)


def check_restores(folder: Path, kills: int, contract: Contract) -> tuple[int, int]:
    """Kill a restore at each of its steps; return the number of kills and of steps."""
    present, backup = folder / "present", folder / "restored.zip"
    with History.open(present) as history:
        old = {keep(history, present, b"both", contract)}
        write_backup(present, backup, app_version="1", now=datetime.now(UTC))
        new = old | {keep(history, present, b"later", contract)}
    (steps, _code) = _restore(backup, _copy(present, folder / "counted"), 0, is_done=False)
    moments = [(at, is_done) for at in range(1, steps + 1) for is_done in (False, True)]
    done = 0
    for number, (at, is_done) in enumerate(itertools.islice(itertools.cycle(moments), max(kills, len(moments)))):
        data = _copy(present, folder / f"restored-{number}")
        _steps, code = _restore(backup, data, at, is_done=is_done)
        expect(code == -signal.SIGKILL, f"the restore was not killed at step {at}", number)
        done += 1
        with History.open(data) as history:
            history.sweep()
            images = {entry.image.sha256 for entry in history.entries()}
            expect(images in (old, new), "the history is neither the old one nor the restored one", number)
            expect(all(ImageStore(data).read(sha256) for sha256 in images), "an image cannot be read", number)
        expect_no_remains(data, images, number)
        befores = [path for path in data.glob("before restore*") if (path / FILE_NAME).exists()]
        expect((images == old) == bool(befores), "the history before the restore was not kept", number)
        shutil.rmtree(data)
    return done, steps


def _restore(backup: Path, folder: Path, at: int, *, is_done: bool) -> tuple[int, int | None]:
    read, told = multiprocessing.Pipe(duplex=False)
    options = {"is_done": is_done, "told": told}
    child = multiprocessing.Process(target=restore_until, args=(backup, folder, at), kwargs=options)
    child.start()
    told.close()
    child.join()
    with read:
        return (read.recv() if child.exitcode == 0 else 0), child.exitcode


def _copy(source: Path, target: Path) -> Path:
    return Path(shutil.copytree(source, target))


def check_windows(folder: Path, kills: int, seed: int) -> int:
    """Kill a window that opens an image repeatedly; return how many images had been saved."""
    chance = random.Random(seed)  # noqa: S311 - moments, not secrets
    originals = sources()
    data, kept = folder / "window", 0
    environment = os.environ | {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(folder)}
    environment |= {"XDG_STATE_HOME": str(folder / "state")}
    usual = 0.0
    for number in range(kills):
        image = folder / f"{number:04}.jpg"
        image.write_bytes(originals[number % len(originals)].read_bytes() + number.to_bytes(4, "big"))
        command = [sys.executable, "-m", "desktop", "--data-dir", str(data), str(image)]
        with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as window:
            try:
                if number % 2 == 0:  # from the moment at which the image comes into the store
                    began = time.monotonic()
                    _wait_for(data / "images", hashlib.sha256(image.read_bytes()).hexdigest())
                    usual = time.monotonic() - began
                    time.sleep(chance.uniform(0, _LONGEST))
                else:
                    time.sleep(chance.uniform(0, usual))
            finally:
                window.kill()
        with History.open(data) as history:
            history.sweep()
            history.erasures.finish()
            images = {entry.image.sha256 for entry in history.entries()}
            expect(kept <= len(images) <= kept + 1, "an image is lost, or one came that nobody opened", number)
            expect(all(ImageStore(data).read(sha256) for sha256 in images), "an image cannot be read", number)
        expect_no_remains(data, images, number)
        kept = len(images)
    return kept


def _wait_for(store: Path, sha256: str) -> None:
    """Wait until an image is in the store, or is being written into it."""
    end = time.monotonic() + _PATIENCE
    while not any((store / sha256[:2]).glob(f"{sha256}*")):
        if time.monotonic() > end:
            sys.exit(f"a window has kept no image within {_PATIENCE} seconds")
        time.sleep(0.001)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the checks; end with a sentence at the first failure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    for name, default in (("records", 300), ("restores", 60), ("windows", 100), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args(arguments)
    if sys.platform != "win32":
        multiprocessing.set_start_method("fork")  # the children have everything imported
    contract = Classifier(SHIPPED_MODEL).contract
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"seed {options.seed}", flush=True)
        if options.records:
            acts = check_records(folder / "records", options.records, options.seed, contract)
            told = {kind: sum(act == kind for act, _name in acts) for kind in ("image", "patient", "erased")}
            print(f"records: {options.records} kills; acknowledged and there: {json.dumps(told)}", flush=True)
        if options.restores and sys.platform != "win32":  # a process of Windows cannot kill itself as the system does
            done, steps = check_restores(folder, options.restores, contract)
            print(f"restore: {done} kills, each of {steps} steps before and after it; whole every time", flush=True)
        if options.windows:
            kept = check_windows(folder, options.windows, options.seed)
            print(f"window: {options.windows} kills; {kept} images had been kept, all are there", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
