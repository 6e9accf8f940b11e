"""Exports for training, drawn: as the window writes them."""

import csv
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from desktop.core.labelled_images.training_export import MANIFEST, TABLE, TrainingExport
from tests.training.drawn import draw

HISTORY = "5" * 64


def name_of(number: int, kind: str = "lesion") -> str:
    """Return the name of a lesion or patient in an export, as good as random."""
    return hashlib.sha256(f"{kind} {number}".encode()).hexdigest()[:16]


def write_export(
    folder: Path,
    labels: Mapping[str, int],
    model_sha256: str,
    *,
    look: int = 1,
    first: int = 0,
    seed: int = 0,
    judged: Sequence[int] | None = None,
    tested: Sequence[int] | None = None,
) -> Path:
    """Write an export with one drawn picture of each lesion, each of a patient of its own.

    Args:
        folder: where.
        labels: how many lesions of each label.
        model_sha256: the model that it is for.
        look: of the export.
        first: the number of the first lesion.
        seed: of the first picture.
        judged: the numbers of the lesions that count for judging; None for all that are for testing.
        tested: the numbers of those for testing; None for every third one.
    """
    folder.mkdir(parents=True)
    rows, new = [], []
    numbers = enumerate([label for label, count in labels.items() for _ in range(count)], first)
    for number, label in numbers:
        path = draw(folder / f"{number:05}.png", label.replace("_", " "), seed + number)
        is_tested = number % 3 == 0 if tested is None else number in tested
        if is_tested and (judged is None or number in judged):
            new.append(name_of(number))
        rows.append(
            {
                "path": path.name,
                "label": label,
                "diagnosis": label,
                "confirmed_by": "histopathology",
                "group": name_of(number, "patient"),
                "lesion": name_of(number),
                "split": "test" if is_tested else "train",
                "source": "LesionLens",
                "age": 20 + number % 60,
                "sex": "female",
                "site": "",
                "original_sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            }
        )
    with (folder / TABLE).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    manifest = TrainingExport(
        version=1,
        history=HISTORY,
        model_sha256=model_sha256,
        look=look,
        lesions=len(rows),
        images=len(rows),
        judged=tuple(sorted(new)),
        left_out={},
    )
    (folder / MANIFEST).write_bytes(manifest.to_json())
    return folder
