"""Look for keys and passphrases in the memory of a locked program, from outside.

    python benchmarks/locked_memory.py [--rounds 1] [--where]

Linux alone. The program runs with its window, offscreen, on an encrypted history with an image; passphrases are typed key by
key. All memory that it can write is then read through /proc and searched: for the history's key, the keys derived from it (of
the database as bytes and as text, of the images), what they are derived from, the recovery key, the passphrase in UTF-8, UTF-16
and UTF-32, and the key that scrypt makes of it. The first and the last eight characters of a text, and either half of a key of
32 bytes, count as the whole. A process that holds each of them must be found out before. Exit 1 if anything is found in a
locked program.
"""

import argparse
import base64
import hashlib
import hmac
import json
import os
import secrets
import string
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from desktop.core.encryption.keys import KEY_BYTES, MASTER_BYTES, Key
from desktop.core.encryption.passphrase import Passphrase
from desktop.core.encryption.recovery import recovery_text
from desktop.core.imaging.opening import decode
from desktop.core.paths import SAMPLES
from desktop.core.records.converting import encrypt_history
from desktop.core.records.data_folder import KEYS
from desktop.core.records.history import History

_PATIENCE = 120
"""Seconds until what is waited for has happened."""
_END = 8
"""Characters at the beginning and the end of a text that count as the whole."""
_PART = 1 << 16
"""Bytes; parts of a mapping that are all zeros are left out of the search."""

_HOLD = "import sys; held = bytes.fromhex(sys.stdin.readline()); print(flush=True); sys.stdin.readline(); len(held)"

Needles = dict[str, list[bytes]]


def of_key(key: Key) -> Needles:
    """Return what must not be found of a history's key."""
    master = bytes(key.secret)
    database = bytes(key.derived(b"LesionLens database 1").secret)
    text, recovery = database.hex(), recovery_text(key)
    words = [master[at : at + 4][::-1] for at in range(0, len(master), 4)]  # SHA-256 reads it so
    return {
        "history's key": [master, b"".join(words)],
        "derivation of the keys": _halves(hmac.digest(bytes(KEY_BYTES), master, "sha256")),  # HKDF's extract
        "database key": _halves(database),
        "database key as text": [*_ends(text), *_ends(text.upper())],
        "image key": _halves(bytes(key.derived(b"LesionLens files 1").secret)),
        "recovery key": [*_ends(recovery), *_ends(recovery.replace("-", "")), *_ends(recovery.lower())],
    }


def of_passphrase(passphrase: str, folder: Path) -> Needles:
    """Return what must not be found of a passphrase, and of the key by which it wraps the history's."""
    salt = json.loads((folder / KEYS).read_text(encoding="ascii"))["passphrase"]["salt"]
    wrapping = hashlib.scrypt(
        passphrase.encode(), salt=base64.b64decode(salt), n=2**17, r=8, p=1, maxmem=2**28, dklen=KEY_BYTES
    )
    return {"passphrase": _ends(passphrase), "key of the passphrase": _halves(wrapping)}


def _halves(key: bytes) -> list[bytes]:
    return [key[: len(key) // 2], key[len(key) // 2 :]]


def _ends(text: str) -> list[bytes]:
    return [part.encode(form) for part in (text[:_END], text[-_END:]) for form in ("utf-8", "utf-16-le", "utf-32-le")]


def found(process: int, needles: Needles, *, where: bool = False) -> dict[str, int]:
    """Return how often each needle is in the writable memory of a process; `where` prints the mappings."""
    counts = dict.fromkeys(needles, 0)
    with Path(f"/proc/{process}/maps").open() as maps, Path(f"/proc/{process}/mem").open("rb", buffering=0) as memory:
        for line in maps:
            extent, access, _, _, inode, *name = line.split()
            if ("w" not in access and inode != "0") or "".join(name).startswith("[v"):  # the kernel's pages for clocks
                continue
            start, end = (int(bound, 16) for bound in extent.split("-"))
            try:
                content = os.pread(memory.fileno(), end - start, start)
            except OSError:  # a guard page
                continue
            content = b"".join(
                part for at in range(0, len(content), _PART) if (part := content[at : at + _PART]) != bytes(len(part))
            )
            for what, forms in needles.items():
                here = sum(content.count(form) for form in forms)
                counts[what] += here
                if here and where:
                    print(f"    {what}: {line.strip()}")
    return counts


class Program:
    """The program under its driver."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def tell(self, command: str) -> Any:
        """Have a command carried out; return its answer."""
        if self.process.stdin is None or self.process.stdout is None:
            raise RuntimeError
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit(f"The program ended at “{command.partition(' ')[0]}”.")
        told = json.loads(answer)
        if isinstance(told, dict) and "error" in told:
            sys.exit(f"“{command.partition(' ')[0]}” failed: {told['error']}")
        return told

    def wait(self, is_so: Callable[[dict[str, Any]], bool]) -> None:
        """Wait until the program's state is so."""
        end = time.monotonic() + _PATIENCE
        while not is_so(state := self.tell("state")):
            if time.monotonic() > end:
                sys.exit(f"The program stays in {state}.")
            time.sleep(0.1)

    def type(self, text: str, field: int = 0) -> None:
        """Type a text into a field of the dialog."""
        self.tell(f"field {field}")
        for character in text:
            self.tell(f"type {ord(character)}")

    def enter(self, dialog: str, *texts: str) -> None:
        """Wait for a dialog, type a text into each of its fields, and accept it."""
        self.wait(lambda state: state["modal"] == dialog)
        for field, text in enumerate(texts):
            self.type(text, field)
        self.tell("accept")

    def rest(self) -> None:
        """Wait until the window is there and nothing is under way."""
        self.wait(lambda state: state["at rest"] and state["modal"] == "NoneType")

    def lock(self, command: str = "action lock") -> None:
        """Lock, and wait until the key is forgotten."""
        self.tell(command)
        self.wait(lambda state: state["locked"] and not state["key"])

    def unlock(self, passphrase: str) -> None:
        """Open the lock, after a passphrase that is wrong in its last character."""
        self.enter("LockDialog", passphrase[:-1] + "?")
        self.wait(lambda state: "wrong" in state["text"])
        self.enter("LockDialog", passphrase)
        self.wait(lambda state: not state["locked"])
        self.rest()


@contextmanager
def started(folder: Path) -> Iterator[Program]:
    """Run the program on a data folder."""
    script = Path(__file__).with_name("locked_program.py")
    environment = os.environ | {"XDG_RUNTIME_DIR": str(folder.parent), "XDG_STATE_HOME": str(folder.parent)}
    with subprocess.Popen(
        [sys.executable, script, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            yield Program(process)
        finally:
            process.kill()


class Report:
    """Prints what was found, and remembers whether a locked program held anything."""

    def __init__(self, *, where: bool) -> None:
        self._where = where
        self.is_clean = True

    def open(self, moment: str, program: Program, needles: Needles) -> None:
        """Print what a program holds that is not locked."""
        self._print(moment, found(program.process.pid, needles))

    def locked(self, moment: str, program: Program, needles: Needles) -> None:
        """Print what a locked program holds; it must be nothing."""
        counts = found(program.process.pid, needles, where=self._where)
        self._print(moment, counts)
        self.is_clean &= not any(counts.values())

    def check_search(self, needles: Needles) -> None:
        """Exit unless the search finds each needle in a process that holds it."""
        with subprocess.Popen([sys.executable, "-c", _HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            if process.stdin is None or process.stdout is None:
                raise RuntimeError
            process.stdin.write(b" ".join(form for forms in needles.values() for form in forms).hex().encode() + b"\n")
            process.stdin.flush()
            process.stdout.readline()
            single = {
                f"{what} {number}": [form] for what, forms in needles.items() for number, form in enumerate(forms)
            }
            counts = found(process.pid, single)
            process.stdin.close()
        if not all(counts.values()):
            sys.exit(f"The search does not find what a process holds: {counts}.")
        print(f"a process that holds all {len(single)} of them: all found", flush=True)

    @staticmethod
    def _print(moment: str, counts: dict[str, int]) -> None:
        there = ", ".join(f"{what} {count}" for what, count in counts.items() if count) or "nothing"
        print(f"{moment}: {there}", flush=True)


def check_passphrase(report: Report, folder: Path, key: Key, passphrase: str, new: str, image: Path) -> None:
    """Open by the passphrase; lock, unlock, lock when idle, change the passphrase, lock."""
    needles = of_key(key) | of_passphrase(passphrase, folder)
    report.check_search(needles)
    with started(folder) as program:
        program.wait(lambda state: state["modal"] == "UnlockDialog")
        program.type(passphrase)
        report.open("passphrase typed", program, needles)
        program.tell("accept")
        program.rest()
        program.tell(f"open {image}")
        program.wait(lambda state: state["saved"])
        program.rest()
        report.open("open", program, needles)
        program.lock()
        report.locked("locked", program, needles)
        program.unlock(passphrase)
        report.open("unlocked", program, needles)
        program.lock()
        report.locked("locked again", program, needles)
        program.unlock(passphrase)
        program.lock("idle")
        report.locked("locked when idle", program, needles)
        program.unlock(passphrase)
        program.tell("action encryption")
        program.wait(lambda state: state["modal"] == "QMessageBox")
        program.tell("press Change")
        program.enter("PassphraseDialog", passphrase)
        program.enter("NewPassphraseDialog", new, new)
        program.wait(lambda state: "new passphrase opens" in state["message"])
        needles |= {f"new {what}": forms for what, forms in of_passphrase(new, folder).items()}
        report.open("passphrase changed", program, needles)
        program.lock()
        report.locked("locked after that", program, needles)


def check_recovery(report: Report, folder: Path, key: Key, passphrase: str) -> None:
    """Open by the recovery key, and choose a new passphrase, both shown while they are typed; lock."""
    with started(folder) as program:
        program.wait(lambda state: state["modal"] == "UnlockDialog")
        program.tell("press Recovery")
        program.enter("RecoveryDialog", recovery_text(key))
        program.wait(lambda state: state["modal"] == "NewPassphraseDialog")
        program.tell("show")
        program.enter("NewPassphraseDialog", passphrase, passphrase)
        program.wait(lambda state: state["modal"] == "QMessageBox")
        program.tell("press OK")
        program.rest()
        needles = of_key(key) | of_passphrase(passphrase, folder)
        report.open("opened by the recovery key", program, needles)
        program.lock()
        report.locked("locked", program, needles)


def random_text(length: int) -> str:
    """Return letters that stand nowhere else."""
    return "".join(secrets.choice(string.ascii_letters) for _ in range(length))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run all scenes; return 1 if a locked program held a secret."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=1, help="how often (default: %(default)s)")
    parser.add_argument("--where", action="store_true", help="print the mappings that hold what was found")
    options = parser.parse_args(arguments)
    if sys.platform != "linux":
        sys.exit("The memory of another process is read through /proc, which Linux alone has.")
    report = Report(where=options.where)
    for _round in range(options.rounds):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "data"
            key, passphrase = Key.new(MASTER_BYTES), random_text(24)
            with History.open(folder):
                pass
            encrypt_history(folder, key, Passphrase(passphrase))
            image = Path(place) / "image.png"  # re-encoded: a sample is recognised by its bytes, and never saved
            sample = min(SAMPLES.glob("*.png"))
            decode(sample.read_bytes(), sample.name).save(image)
            new = "\u00e4\u0416" + random_text(20) + "\u0416\u00e4"
            check_passphrase(report, folder, key, passphrase, new, image)
            check_recovery(report, folder, key, random_text(24))
    print("Nothing was found in a locked program." if report.is_clean else "A LOCKED PROGRAM HOLDS WHAT IT SHOULD NOT.")
    return 0 if report.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
