"""Corrupt backups at random, and check that each is refused with a sentence or restored to a history that opens.

    python benchmarks/mutate_backups.py [--backups 1500] [--seed 1]

There are three kinds in turn: damage to the file itself; to its database, which is packed again with a correct hash; and to its
manifest. Unless the backup is restored, the present history must remain unchanged.
"""

import argparse
import faulthandler
import hashlib
import random
import shutil
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.kill_history import keep
from desktop.core.errors import AppError
from desktop.core.inference.classifier import Classifier
from desktop.core.paths import SHIPPED_MODEL
from desktop.core.records.backup import write_backup
from desktop.core.records.backup_file import MANIFEST
from desktop.core.records.history import History
from desktop.core.records.restoring import restore_backup
from desktop.core.records.schema import FILE_NAME

_MOST_CHANGES = 20


def spoiled(content: bytes, chance: random.Random) -> bytes:
    """Return the bytes with random changes, deletions, insertions and moves."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, _MOST_CHANGES)):
        at = chance.randrange(len(changed) + 1)
        length = chance.choice((1, 1, 1, 4, 16, 512, 4096))
        kind = chance.randrange(6)
        if kind == 0:
            changed[at : at + length] = chance.randbytes(min(length, len(changed) - at))
        elif kind == 1:
            changed[at : at + length] = bytes([chance.choice((0, 1, 0x7F, 0x80, 0xFF))]) * min(
                length, len(changed) - at
            )
        elif kind == 2:
            del changed[at : at + length]
        elif kind == 3:
            changed[at:at] = chance.randbytes(length)
        elif kind == 4:
            start = chance.randrange(len(changed) + 1)
            changed[at : at + length] = changed[start : start + length]
        elif at < len(changed):
            changed[at] ^= 1 << chance.randrange(8)
    return bytes(changed[: chance.randrange(len(changed) + 1)] if chance.random() < 0.1 else changed)


def spoil_file(backup: Path, target: Path, chance: random.Random) -> None:
    """Damage the file as a whole."""
    target.write_bytes(spoiled(backup.read_bytes(), chance))


def spoil_database(backup: Path, target: Path, chance: random.Random) -> None:
    """Damage the database and update its hash, as anyone who crafts a backup can."""
    _pack(backup, target, lambda name, content: spoiled(content, chance) if name == FILE_NAME else content)


def spoil_manifest(backup: Path, target: Path, chance: random.Random) -> None:
    """Damage the manifest."""
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, spoiled(old.read(name), chance) if name == MANIFEST else old.read(name))


def _pack(backup: Path, target: Path, change: Callable[[str, bytes], bytes]) -> None:
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(target, "w") as new:
        contents = {name: change(name, old.read(name)) for name in old.namelist()}
        said = msgspec.json.decode(contents.pop(MANIFEST))
        said["files"] = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
        for name, content in (*contents.items(), (MANIFEST, msgspec.json.encode(said))):
            new.writestr(name, content)


_KINDS = (spoil_file, spoil_database, spoil_manifest)


def outcome_of(backup: Path, folder: Path) -> str:
    """Restore a damaged backup; return the template of the sentence with which it was refused, or `restored`.

    Raises:
        Exception: the restore raised anything but a sentence, or the present history was touched.
    """
    before = _contents(folder)
    try:
        restore_backup(backup, folder, now=datetime.now(UTC))
    except AppError as error:
        if _contents(folder) != before:
            raise RuntimeError("the present history was touched") from error
        return error.template
    with History.open(folder) as history:
        history.sweep()
        for entry in history.entries():
            history.entry(entry.id)
    return "restored"


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Damage and restore backups; an exception that is not a sentence ends the run with its traceback."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--backups", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    faulthandler.enable()
    contract = Classifier(SHIPPED_MODEL).contract
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    with tempfile.TemporaryDirectory() as name:
        present, backup, crafted = Path(name) / "present", Path(name) / "backup.zip", Path(name) / "crafted.zip"
        with History.open(present) as history:
            for number in range(20):
                keep(history, present, f"image {number}".encode() * 50, contract)
                history.people.add_patient(f"P-{number}", "unknown", by="K")
        write_backup(present, backup, app_version="1", now=datetime.now(UTC))
        for number in range(options.backups):
            chance = random.Random(f"{options.seed} {number}")  # noqa: S311 - damage, not secrets
            _KINDS[number % len(_KINDS)](backup, crafted, chance)
            folder = Path(shutil.copytree(present, Path(name) / "data"))
            began = time.monotonic()
            try:
                outcomes[outcome_of(crafted, folder)] += 1
            except Exception:
                print(f"backup {number}, seed {options.seed}:", file=sys.stderr)
                raise
            slowest = max(slowest, time.monotonic() - began)
            shutil.rmtree(folder)
    print(f"{options.backups} damaged backups, seed {options.seed}; the slowest took {slowest:.1f} s")
    for outcome, count in outcomes.most_common():
        print(f"{count:6} {outcome}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
