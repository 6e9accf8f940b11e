"""Times of a history of 50,000 entries, plain and encrypted: to filter (with the count), to turn a page, to open.

    python benchmarks/history.py [--entries 50000] [--rounds 7] [--folder FOLDER]

The same history is measured in both forms in turn. A filter is what the window requests at each keystroke: the first 200
matching entries and their number. Sorted filters are also measured, but outside the limit. The history is random: a patient
for each ten entries, with three lesions and two visits; an assessment for four of five lesions and visits; an outcome for one
lesion in twenty; one entry in fifty in the bin; one image in ten without a patient.
"""

import argparse
import datetime as dt
import hashlib
import random
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.measuring import load, machine
from desktop.core.encryption.keys import MASTER_BYTES, Key
from desktop.core.encryption.overwriting import SecretBytes
from desktop.core.encryption.passphrase import Passphrase
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.judgement import Abstention
from desktop.core.paths import SHIPPED_MODEL
from desktop.core.practice.figures import own_figures
from desktop.core.records.converting import encrypt_history
from desktop.core.records.history import History
from desktop.core.records.people import EXCISION, FOLLOW_UP, NO_PLAN
from desktop.core.records.practice_reading import assembled
from desktop.core.records.schema import FILE_NAME
from desktop.core.records.values import EntryFilter, KeptImage, Order, StoredAnswer

_LIMIT_MS = 100
_PAGE = 200
TODAY = dt.date(2026, 11, 23)
KEY = Key(SecretBytes(range(MASTER_BYTES)))
"""Of an encrypted history that is made up."""

FILTERS = (
    ("everything", EntryFilter()),
    ("the bin", EntryFilter(binned=True)),
    ("text: one letter", EntryFilter(text="p")),
    ("text: a file", EntryFilter(text="img_04321")),
    ("text: a label", EntryFilter(text="melanoma")),
    ("text: a patient", EntryFilter(text="p-00123")),
    ("text: a lesion", EntryFilter(text="l2")),
    ("text: patient, label", EntryFilter(text="p-001 nevus")),
    ("text: nothing found", EntryFilter(text="scapula")),
    ("label", EntryFilter(label="nevus")),
    ("flag", EntryFilter(flag="melanoma")),
    ("any flag", EntryFilter(is_flagged=True)),
    ("date", EntryFilter(since=dt.datetime(2026, 3, 1, tzinfo=dt.UTC), until=dt.datetime(2026, 4, 1, tzinfo=dt.UTC))),
    ("patient", EntryFilter(patient_id=123)),
    ("lesion", EntryFilter(lesion_id=123)),
    ("with own view", EntryFilter(has_assessment=True)),
    ("without own view", EntryFilter(has_assessment=False)),
    ("own view", EntryFilter(assessment="melanoma")),
    ("with outcome", EntryFilter(has_outcome=True)),
    ("outcome", EntryFilter(outcome="melanoma")),
    ("blind: label", EntryFilter(label="nevus", is_blind=True)),
    ("blind: any flag", EntryFilter(is_flagged=True, is_blind=True)),
    ("blind: text, a label", EntryFilter(text="melanoma", is_blind=True)),
    ("sorted by file", EntryFilter(order=Order.NAME)),
    ("sorted by label", EntryFilter(order=Order.LABEL)),
    ("sorted by probability", EntryFilter(order=Order.PROBABILITY)),
    ("sorted by patient", EntryFilter(order=Order.PATIENT)),
    ("blind: sorted by label", EntryFilter(order=Order.LABEL, is_blind=True)),
)


@dataclass(frozen=True)
class Taken:
    """Medians over the rounds in milliseconds: processor time, which varies less with other load, and wall-clock time."""

    core: float
    clock: float

    def __str__(self) -> str:
        return f"{self.core:6.0f} ms of a core, {self.clock:6.0f} ms by the clock"


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill a history and measure it in both forms; return 0 if every filter stays under the limit."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--entries", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--folder", type=Path, help="a folder to keep the history for another run")
    options = parser.parse_args(arguments)
    print(machine(["msgspec", "sqlcipher3"]) + f", SQLite {sqlite3.sqlite_version}")
    with tempfile.TemporaryDirectory() as temporary:
        plain, encrypted = both_forms(options.folder or Path(temporary) / "long", options.entries)
        for name, work in {
            "open": lambda: History.open(plain).close(),
            "open, encrypted": lambda: History.open(encrypted, key=KEY).close(),
        }.items():
            print(f"{name:24} {_measured([work], options.rounds)[0]}")
        with History.open(plain) as history, History.open(encrypted, key=KEY) as other:
            return _measure([history, other], options.rounds)


def both_forms(folder: Path, entries: int) -> tuple[Path, Path]:
    """Return the folders of a history of this many entries, plain and encrypted by `KEY`; fill them if they are not there."""
    encrypted = folder.with_name(f"{folder.name}-encrypted")
    if not (folder / FILE_NAME).exists():
        filling = _measured([partial(fill, folder, entries)], 1)[0]
        print(f"{'filling':24} {filling}")
    if not encrypted.exists():
        shutil.copytree(folder, encrypted)
        encrypting = _measured([partial(encrypt_history, encrypted, KEY, Passphrase("four words in a row"))], 1)[0]
        print(f"{'encrypting':24} {encrypting}, and two derivations of a key")
    return folder, encrypted


def _own_figures(history: History) -> None:
    """Read and count own figures; the window counts on another thread than the history's."""
    rows = assembled(history.practice_rows())
    own_figures(rows, rows.models[0], TODAY)


def _measure(histories: Sequence[History], rounds: int) -> int:
    total = histories[0].count()
    slowest = [0.0 for _ in histories]
    for name, wanted in FILTERS:
        taken = _measured([partial(history.page, wanted, limit=_PAGE) for history in histories], rounds)
        if wanted.order is Order.TIME:
            slowest = [max(one, measured.core) for one, measured in zip(slowest, taken, strict=True)]
        _say_both(name, taken, f"{histories[0].count(wanted):6} of {total}")
    works: dict[str, Callable[[History], object]] = {
        "first page": lambda history: history.entries(limit=_PAGE),
        "a page in the middle": lambda history: history.entries(limit=_PAGE, offset=total // 2),
        "last page": lambda history: history.entries(limit=_PAGE, offset=total - _PAGE),
        "find a patient": lambda history: history.people.find_patients("p-00123"),
        "images of a patient": lambda history: history.people.images(123),
        "concealed images": lambda history: history.disclosures.concealed_hashes(),
        "due": lambda history: history.worklists.due(TODAY),
        "open biopsies": lambda history: history.worklists.open_biopsies(),
        "safety net": lambda history: history.safety_net.items(TODAY),
        "own figures, read": lambda history: history.practice_rows(),
        "own figures, counted": _own_figures,
    }
    for name, work in works.items():
        _say_both(name, _measured([partial(work, history) for history in histories], rounds))
    print(load("at the end").lstrip(", "))
    for form, milliseconds in zip(("plain", "encrypted"), slowest, strict=True):
        verdict = "met" if milliseconds < _LIMIT_MS else "MISSED"
        print(f"slowest filter, {form}: {milliseconds:.0f} ms of a core in the median, under {_LIMIT_MS}: {verdict}")
    return 0 if max(slowest) < _LIMIT_MS else 1


def _say_both(name: str, taken: Sequence[Taken], found: str = "") -> None:
    plain, encrypted = taken
    print(f"{name:24} plain {plain}; encrypted {encrypted}: {encrypted.core / plain.core:.2f} times {found}")


def _measured(works: Sequence[Callable[[], object]], rounds: int) -> list[Taken]:
    """Measure several works in turn."""
    core: list[list[float]] = [[] for _ in works]
    clock: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for number, work in enumerate(works):
            began = time.thread_time(), time.perf_counter()
            work()
            core[number].append(1000 * (time.thread_time() - began[0]))
            clock[number].append(1000 * (time.perf_counter() - began[1]))
    return [Taken(statistics.median(one), statistics.median(other)) for one, other in zip(core, clock, strict=True)]


def fill(folder: Path, entries: int) -> None:
    """Save a history of this many entries, like several years of a clinic."""
    chance = random.Random(1)  # noqa: S311 - a made-up clinic, no secrets
    contract = Classifier(SHIPPED_MODEL).contract
    labels = contract.label_ids
    moment = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)

    def now() -> dt.datetime:
        nonlocal moment
        moment += dt.timedelta(minutes=8)
        return moment

    with History.open(folder, now=now) as history:
        history._database.read("PRAGMA synchronous = OFF")  # noqa: SLF001 - made-up rows need not outlast a power cut
        for number in range(1, entries // 10 + 1):
            patient = history.people.add_patient(f"P-{number:05}", chance.choice(("female", "male")), by="MK").id
            lesions = [history.people.add_lesion(patient, f"L{count}", "back", by="MK").id for count in (1, 2, 3)]
            visits = [
                history.people.begin_visit(patient, TODAY - dt.timedelta(days=days), "60-69", by="MK").id
                for days in (400, 20)
            ]
            for image in range(10):
                index = 10 * number + image
                name = f"IMG_{index:05}.jpg"
                sha256 = hashlib.sha256(name.encode()).hexdigest()
                kept = KeptImage(sha256, name, "JPEG", 1920, 1440, 1_500_000, Path("/images") / name, stored=False)
                answer = _answer(chance, labels)
                entry = history.save(kept, answer, contract, by="MK").entry_id
                if chance.random() < 0.02:
                    history.bin([entry], by="MK")
                if image == 9:
                    continue  # opened without a patient
                history.people.place(
                    history.people.image_id_of(sha256) or 0,
                    kind="dermoscopy",
                    lesion_id=lesions[image % 3],
                    visit_id=visits[image % 2],
                    by="MK",
                )
            for lesion in lesions:
                _say(history, chance, labels, lesion, visits)


def _answer(chance: random.Random, labels: tuple[str, ...]) -> StoredAnswer:
    parts = [chance.random() ** 4 for _ in labels]
    probabilities = {label: part / sum(parts) for label, part in zip(labels, parts, strict=True)}
    top = max(probabilities, key=lambda label: probabilities[label])
    return StoredAnswer(
        probabilities=probabilities,
        top=top,
        top_probability=probabilities[top],
        malignant_probability=chance.random(),
        flags=("melanoma",) if chance.random() < 0.15 else (),
        abstention=chance.choice((None, None, None, None, *Abstention)),
        kind_uncertain=False,
        quality=None,
        novelty=chance.random(),
        model_sha256="a" * 64,
        preprocessing_version=1,
        app_version="0.2.0",
    )


def _say(history: History, chance: random.Random, labels: tuple[str, ...], lesion: int, visits: Sequence[int]) -> None:
    for visit in visits:
        if chance.random() < 0.8:
            history.assessments.assess(
                lesion_id=lesion,
                visit_id=visit,
                before_model=True,
                diagnosis=chance.choice(labels),
                plan=chance.choice((NO_PLAN, NO_PLAN, NO_PLAN, FOLLOW_UP, EXCISION)),
                plan_date=TODAY + dt.timedelta(days=chance.randrange(-30, 300)),
                by="MK",
            )
    if chance.random() < 0.05:
        history.assessments.add_outcome(
            lesion_id=lesion, kind="histopathology", diagnosis=chance.choice(labels), date=TODAY, by="MK"
        )


if __name__ == "__main__":
    sys.exit(main())
