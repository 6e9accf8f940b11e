"""The images whose labels the answers of runs doubt most: a table to correct, and a page to look at them."""

import csv
import io
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop.core.errors import DataError, UsageError
from desktop.core.inference.contract import Label
from training.images.corrections import CORRECTED, LABEL, PATH
from training.images.label_groups import group_owners, group_sums, groups_of
from training.judging.held_out import FILE, read
from training.judging.label_doubt import doubt_labels
from training.run.run_folder import PreparedImage, RunFolder, RunRecord
from training.suspects_page import Suspect, Suspects, as_page

TABLE, PAGE = "suspects.csv", "suspects.html"

_COLUMNS = (
    PATH,
    LABEL,
    CORRECTED,
    "suggested",
    "suggested_probability",
    "label_probability",
    "lesion",
    "source",
    "diagnosis",
    "confirmed_by",
)


@dataclass(frozen=True)
class _Answered:
    image: PreparedImage
    pixels: NDArray[np.uint8]
    probabilities: NDArray[np.float64]


def find_suspects(folders: Sequence[Path], count: int) -> Suspects:
    """Return the `count` lesions whose labels are doubted most by the answers of runs to what each held out.

    A lesion has one answer, the mean over its images. The labels of a group (the two keratoses) are not doubted among
    themselves, since the networks are hardly taught to part them.

    Raises:
        UsageError: two of the runs held out the same images.
        DataError: a folder holds no finished run, or runs are of different data or labels.
    """
    answered: dict[str, _Answered] = {}
    runs = [RunFolder(folder) for folder in folders]
    records = [run.load_record() for run in runs]
    total = 0
    for run, record in zip(runs, records, strict=True):
        _refuse_other_data(run, record, runs[0], records[0])
        images = run.load_images()
        total = max(total, sum(image.row >= 0 and image.split != "test" for image in images))
        own = _answers(run, record, images)
        if twice := [path for path in own if path in answered]:
            raise UsageError(
                "“{run}” and another of these runs both held out {count} of the same images. Give runs of one --folds, each "
                "of another --fold.",
                run=run.path,
                count=len(twice),
            )
        answered |= own
    return Suspects(_ranked(list(answered.values()), records[0].labels)[:count], len(answered), total)


def _refuse_other_data(run: RunFolder, record: RunRecord, first: RunFolder, expected: RunRecord) -> None:
    if (record.settings.data, record.labels) != (expected.settings.data, expected.labels):
        raise DataError(
            "“{run}” was trained on other data or labels than “{first}”. Give runs of the same --data.",
            run=run.path,
            first=first.path,
        )


def _answers(run: RunFolder, record: RunRecord, images: Sequence[PreparedImage]) -> dict[str, _Answered]:
    """Return the answers to the images that a run held out, by path."""
    held = sorted(
        (image for image in images if image.split == "validation" and image.row >= 0), key=lambda one: one.row
    )
    found = read(run.path / FILE)
    expected = tuple(label.id for label in record.labels)
    if found.labels != expected or [one.label for one in found.images] != [image.label for image in held]:
        raise DataError("The answers in “{run}” are not to the images that it held out.", run=run.path)
    pixels = run.load_array("validation")
    return {
        image.path: _Answered(image, pixels[image.row], shares)
        for image, shares in zip(held, found.probabilities, strict=True)
    }


def _ranked(answered: Sequence[_Answered], labels: Sequence[Label]) -> tuple[Suspect, ...]:
    """Return every lesion, or image without one, the most doubtful first."""
    ids = [label.id for label in labels]
    lesions: dict[tuple[str, str], list[_Answered]] = defaultdict(list)
    for one in answered:
        image = one.image
        lesions[f"lesion {image.lesion}" if image.lesion else image.picture or image.path, image.label].append(one)
    units = list(lesions.values())
    probabilities = np.stack([np.mean([one.probabilities for one in unit], axis=0) for unit in units])
    owner = group_owners(ids, [group.labels for group in groups_of(ids)])
    given = np.array([owner[ids.index(unit[0].image.label)] for unit in units])
    doubts = doubt_labels(group_sums(probabilities, owner), given)
    suspects = []
    for place in doubts.order.tolist():
        unit, shares = units[place], probabilities[place]
        own = ids.index(unit[0].image.label)
        members = np.flatnonzero(owner == doubts.suggested[place])
        is_doubted = doubts.suggested[place] != doubts.given[place]
        suggested = int(members[shares[members].argmax()]) if is_doubted else own
        suspects.append(
            Suspect(
                tuple(one.image for one in unit),
                tuple(one.pixels for one in unit),
                labels[own],
                labels[suggested],
                float(shares[members].sum()),
                float(doubts.self_confidence[place]),
            )
        )
    return tuple(suspects)


def write_suspects(found: Suspects, folder: Path) -> None:
    """Write the table to correct, with a row for each image, and the page of pictures.

    Raises:
        UsageError: the folder has a table already, which may have been corrected.
    """
    table = folder / TABLE
    if table.exists():
        raise UsageError("“{path}” exists and may be corrected. Move it, or give another folder for --out.", path=table)
    folder.mkdir(parents=True, exist_ok=True)
    RunFolder.write(folder / PAGE, as_page(found).encode())
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for one in found.found:
        suggested = one.suggested.name if one.suggested != one.label else ""
        for image in one.images:
            figures = (f"{one.share:.4f}" if suggested else "", f"{one.self_confidence:.4f}")
            known = (image.lesion, image.source, image.diagnosis, image.confirmed_by)
            writer.writerow((image.path, one.label.name, "", suggested, *figures, *known))
    RunFolder.write(table, text.getvalue().encode("utf-8-sig"))  # so that Excel reads it as UTF-8
