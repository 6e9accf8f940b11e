"""Times of the seal: what it adds to a write, sealing a history of 50,000 entries at its migration, and checking it.

    python benchmarks/seal.py [--entries 50000] [--rounds 25] [--folder FOLDER]

The same writes go into four histories in turn: plain and encrypted, with the seal and without. The median of the rounds' ratios
of processor time counts, which varies less with other load than the clock does. The long history is that of
benchmarks/history.py, in both forms.
"""

import argparse
import itertools
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.history import KEY, both_forms
from benchmarks.measuring import load, machine
from desktop.core.encryption.keys import Key
from desktop.core.imaging.opening import ImageHeader
from desktop.core.inference.batch import FileAnswer
from desktop.core.inference.classifier import Classifier, Prediction
from desktop.core.inference.judgement import judge
from desktop.core.paths import SHIPPED_MODEL
from desktop.core.records.connecting import connect
from desktop.core.records.history import History
from desktop.core.records.people import NO_PLAN
from desktop.core.records.schema import FILE_NAME
from desktop.core.records.sealing import begin, forms
from desktop.core.records.values import KeptImage, StoredAnswer
from desktop.core.records.verifying import check_history

_MOST_TIMES = 1.5
"""What a write may cost, of what it costs without the seal."""
_MOST_SECONDS = 10
"""For checking the long history."""
_WRITES, _BATCH = 40, 64


class Kind(NamedTuple):
    """One of the four histories."""

    is_sealed: bool
    is_encrypted: bool


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; return 0 if the writes and the check stay under their limits."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--entries", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--folder", type=Path, help="a folder to keep the long history for another run")
    options = parser.parse_args(arguments)
    print(machine(["msgspec", "sqlcipher3"]) + f", SQLite {sqlite3.sqlite_version}")
    with tempfile.TemporaryDirectory() as temporary:
        are_cheap = _compare_writes(Path(temporary), options.rounds)
        plain, encrypted = both_forms(options.folder or Path(temporary) / "long", options.entries)
        are_fast = [_measure_long(folder, key) for folder, key in ((plain, None), (encrypted, KEY))]
    print(load("at the end").lstrip(", "))
    return 0 if are_cheap and all(are_fast) else 1


def _compare_writes(folder: Path, rounds: int) -> bool:
    """Write the same into two histories; return whether the seal's part stays under the limit."""
    classifier = Classifier(SHIPPED_MODEL)
    contract = classifier.contract
    prediction = Prediction(tuple(1 / len(contract.labels) for _ in contract.labels), 0.5, classifier.sha256, 1)
    judgement = judge(prediction, contract)
    answer = StoredAnswer.of(prediction, judgement, contract.label_ids, "benchmark")
    taken: dict[str, dict[Kind, list[float]]] = {}
    with ExitStack() as opened:
        kinds: dict[History, Kind] = {}
        for is_sealed, is_encrypted in itertools.product((True, False), repeat=2):
            place = folder / f"{is_sealed}-{is_encrypted}"
            history = opened.enter_context(History.open(place, key=KEY if is_encrypted else None))
            if not is_sealed:
                _unseal(history)
            kinds[history] = Kind(is_sealed=is_sealed, is_encrypted=is_encrypted)
        places = {history: _begin(history, classifier) for history in kinds}

        def save(history: History, turn: int) -> None:
            for number in range(_WRITES):
                sha256 = f"{turn * _WRITES + number:064x}"
                image = KeptImage(sha256, "a.jpg", "JPEG", 600, 450, 1, Path("/a.jpg"), stored=False)
                history.save(image, answer, contract, by="MK")

        def assess(history: History, _turn: int) -> None:
            _run, lesion, visit = places[history]
            for _ in range(_WRITES):
                history.assessments.assess(
                    lesion_id=lesion, visit_id=visit, before_model=True, diagnosis="nevus", plan=NO_PLAN, by="MK"
                )

        def add(history: History, turn: int) -> None:
            header = ImageHeader("JPEG", 600, 450)
            answers = [
                FileAnswer(
                    Path(f"/{turn}/{number}.jpg"),
                    sha256=f"{number:064x}",
                    byte_size=1,
                    header=header,
                    prediction=prediction,
                    judgement=judgement,
                )
                for number in range(_BATCH)
            ]
            history.runs.add(places[history][0], answers, contract, by="MK")

        works = {"an answer": save, "an assessment": assess, f"{_BATCH} rows of a batch": add}
        for turn in range(rounds):
            for name, work in works.items():
                for history in list(kinds)[:: 1 if turn % 2 else -1]:
                    seconds = _seconds(partial(work, history, turn))
                    taken.setdefault(name, {}).setdefault(kinds[history], []).append(seconds)
    return _say_writes(taken)


def _say_writes(taken: dict[str, dict[Kind, list[float]]]) -> bool:
    ratios: list[float] = []
    before = Kind(is_sealed=False, is_encrypted=False)
    for name, times in taken.items():
        each = 1000 / (1 if "rows" in name else _WRITES)
        for is_encrypted in (False, True):
            with_seal, without = (Kind(is_sealed, is_encrypted) for is_sealed in (True, False))
            ratio = _ratio(times[with_seal], times[without])
            ratios.append(ratio)
            print(
                f"{name:24} {each * statistics.median(times[with_seal]):6.2f} ms of a core, "
                f"{each * statistics.median(times[without]):6.2f} without the seal: {ratio:.2f} times"
                + (f"; {_ratio(times[with_seal], times[before]):.2f} times a plain write without it" * is_encrypted)
                + (", encrypted" * is_encrypted)
            )
    is_met = max(ratios) <= _MOST_TIMES
    print(f"the seal makes a write cost {max(ratios):.2f} times at most, {_MOST_TIMES} allowed: {_verdict(is_met)}")
    return is_met


def _ratio(times: Sequence[float], others: Sequence[float]) -> float:
    return statistics.median(time / other for time, other in zip(times, others, strict=True))


def _verdict(is_met: bool) -> str:
    return "met" if is_met else "MISSED"


def _measure_long(folder: Path, key: Key | None) -> bool:
    form = "plain" if key is None else "encrypted"
    size = (folder / FILE_NAME).stat().st_size / 1e6
    seconds = _seconds(lambda: _report(folder, key))
    print(f"{'check, ' + form:24} {seconds:6.2f} s of a core, {size:.0f} MB")
    with closing(connect(folder / FILE_NAME, key)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        sealing = _seconds(lambda: begin(connection, forms(connection), is_first=False))
        connection.execute("ROLLBACK")
    print(f"{'sealing at a migration':24} {sealing:6.2f} s of a core")
    is_met = seconds <= _MOST_SECONDS
    print(f"the check takes {seconds:.1f} s of a core, at most {_MOST_SECONDS} are wanted: {_verdict(is_met)}")
    return is_met


def _report(folder: Path, key: Key | None) -> None:
    checked = check_history(folder, key=key)
    print(f"{'links and rows':24} {checked.head.links:,} and {checked.rows:,}, whole: {checked.is_whole}")


def _begin(history: History, classifier: Classifier) -> tuple[int, int, int]:
    """Begin a run and a visit; return the ids of run, lesion and visit."""
    run = history.runs.start(
        Path("/"),
        1,
        classifier.contract,
        model_sha256=classifier.sha256,
        preprocessing_version=1,
        app_version="benchmark",
        by="MK",
    )
    patient = history.people.add_patient("P-1", "female", by="MK").id
    lesion = history.people.add_lesion(patient, "L1", "", by="MK").id
    visit = history.people.begin_visit(patient, history._now().date(), "", by="MK").id  # noqa: SLF001
    return run, lesion, visit


def _unseal(history: History) -> None:
    """Take the triggers away by which a connection knows what to seal."""
    connection = history._database._connection  # noqa: SLF001 - there is no way to turn the seal off
    for (name,) in connection.execute("SELECT name FROM sqlite_temp_schema WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")


def _seconds(work: Callable[[], object]) -> float:
    began = time.thread_time()
    work()
    return time.thread_time() - began


if __name__ == "__main__":
    sys.exit(main())
