"""One CSV out of three public sets: HAM10000, ISIC 2017 (task 3) and the nine-class set that is called isic9 here.

What makes figures lie when the three are put together is settled here, once:

- no image of isic9's Test folder, no copy of it in another set, and no other image of its lesion is trained on;
- the validation images of ISIC 2017 are test images, never trained on;
- an image that two sets hold under one id is taken from the one with the official label, not from isic9;
- isic9's labels are put right where `conflicts.csv` knows the official one, and images whose labels still disagree are
  left out;
- groups hold what no split may tear: images of one lesion, and copies of one picture in any set;
- `aspect` says which copies were squashed, `picture` and `copy` which rows are copies of one picture.
"""

import csv
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.core.errors import DataError, UsageError
from desktop.core.image_copies.groups import joined
from desktop.core.imaging.opening import EXTENSIONS
from desktop.core.inference.contract import Label
from desktop.core.labels import KNOWN_LABELS, label_id
from training.images.audit import audit
from training.images.catalogue import Catalogue, LabelledImage, Split
from training.prepare import left_out

_FOUR_BY_THREE = 4 / 3
"""Of nearly every camera in these sets: the squashed copies show such a frame."""

_OFFICIAL = re.compile(r"official label: ([^;]+)")
_COPY_MARK = re.compile(r"\s*\(\d+\)$")
"""How a file manager marks an accidental second copy: `ISIC_0025509(1).jpg`."""

COLUMNS = ("path", "label", "group", "split", "source", "aspect", "age", "sex", "site", "picture", "copy")

LESION_OF_A_TEST_IMAGE = "lesion of a test image"


@dataclass(frozen=True)
class Folders:
    """Where the sets lie; a set that is None is left out. `ham10000_copies` holds other copies under the same ids."""

    ham10000: Path | None = None
    ham10000_copies: Path | None = None
    isic2017: Path | None = None
    isic9: Path | None = None


@dataclass(frozen=True)
class Row:
    """One image that goes into the CSV, and the name of the group that it belongs to."""

    image: LabelledImage
    group: str


@dataclass(frozen=True)
class Collected:
    """What three sets come to: the rows of the CSV, and how many images were left out for which reason."""

    rows: tuple[Row, ...]
    left_out: dict[str, int]


def collect(folders: Folders) -> Collected:
    """Read the sets, compare every image with all others, and return what can be trained on together.

    Raises:
        UsageError: no set was given, or copies without the set that they are copies of.
        DataError: a set does not lie as `docs/training.md` says.
    """
    if folders.ham10000_copies and not folders.ham10000:
        raise UsageError("--ham10000-copies holds copies of HAM10000: give --ham10000 too.")
    images: list[LabelledImage] = []
    if folders.ham10000:
        images += _ham10000(folders.ham10000, folders.ham10000_copies)
    if folders.isic2017:
        images += _isic2017(folders.isic2017)
    elsewhere: Counter[str] = Counter()
    if folders.isic9:
        known = {image.picture for image in images}
        nine = list(_isic9(folders.isic9))
        images += [image for image in nine if image.split == "test" or image.picture not in known]
        elsewhere["the same id in another set"] = sum(
            image.split != "test" and image.picture in known for image in nine
        )
    if not images:
        raise UsageError("There is nothing to collect. Give --ham10000, --isic2017 or --isic9.")
    labels = tuple(Label(label.id, label.name, label.malignancy) for label in KNOWN_LABELS)
    found = audit(Catalogue(labels, tuple(images)))
    dropped = left_out(found)
    groups = _groups(images, found.pictures)
    tested = {groups[index] for index, image in enumerate(images) if image.split == "test"}
    for index, image in enumerate(images):
        if image.split != "test" and groups[index] in tested:
            dropped.setdefault(index, LESION_OF_A_TEST_IMAGE)
    names = {group: images[group].group or images[group].picture for group in set(groups)}
    rows = tuple(Row(image, names[groups[index]]) for index, image in enumerate(images) if index not in dropped)
    return Collected(rows, dict(elsewhere + Counter(dropped.values())))


def write_csv(collected: Collected, path: Path) -> None:
    """Write the rows, with paths from the CSV's own folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in collected.rows:
            image = row.image
            writer.writerow(
                (
                    _relative(image.path, path.parent),
                    image.label,
                    row.group,
                    image.split or "",
                    image.source,
                    "" if image.aspect is None else f"{image.aspect:.6f}",
                    "" if image.age is None else image.age,
                    image.sex,
                    image.site,
                    image.picture,
                    image.copy,
                )
            )


def conflicts_of(isic9: Path, part: str) -> set[str]:
    """Return the ids of `part` ("Train" or "Test") that `conflicts.csv` knows to stand in another class's folder too."""
    table = isic9 / "conflicts.csv"
    rows = _table(table, ("image_id", "folder", "note")) if table.is_file() else ()
    return {row["image_id"] for row in rows if row["folder"].startswith(f"{part}/") and "also in" in row["note"]}


def counted(collected: Collected) -> str:
    """Return what was collected as a table for the screen: pictures of each label by source, then what was left out."""
    pictures = {(row.image.source, row.image.picture): row.image for row in collected.rows}
    sources = sorted({source for source, _ in pictures})
    counts = Counter((image.label, source) for (source, _), image in pictures.items())
    width = max(len(label.name) for label in KNOWN_LABELS) + 2
    lines = ["".join([f"{'pictures':<{width}}", *(f"{source:>23}" for source in sources)])]
    lines += [
        "".join([f"{label.name:<{width}}", *(f"{counts[label.id, source]:>23}" for source in sources)])
        for label in KNOWN_LABELS
    ]
    groups = len({row.group for row in collected.rows})
    lines.append(f"{len(collected.rows)} images of {len(pictures)} pictures in {groups} groups.")
    lines += [f"{count} images left out: {reason}." for reason, count in sorted(collected.left_out.items())]
    return "\n".join(lines)


def _groups(images: Sequence[LabelledImage], pictures: Sequence[int]) -> tuple[int, ...]:
    first: dict[str, int] = {}
    named = [(first.setdefault(image.group, index), index) for index, image in enumerate(images) if image.group]
    return joined(len(images), [*enumerate(pictures), *named])


def _ham10000(folder: Path, copies: Path | None) -> Iterator[LabelledImage]:
    """Yield `images/<image_id>.jpg`, whole 4:3 frames, with what `labels.csv` says, and their other copies."""
    for row in _table(folder / "labels.csv", ("image_id", "lesion_id", "label", "age", "sex", "site")):
        for place, copy in ((folder / "images", folder.name), *([(copies, copies.name)] if copies else [])):
            path = place / f"{row['image_id']}.jpg"
            if copy != folder.name and not path.is_file():
                continue
            yield _image(
                path,
                row,
                group=row["lesion_id"],
                source="HAM10000",
                age=float(row["age"]) if row["age"] else None,
                sex=row["sex"],
                site=row["site"],
                copy=copy,
            )


def _isic2017(folder: Path) -> Iterator[LabelledImage]:
    """Yield `train/` and `validation/`, frames squashed to squares, but for the images that a note says to drop."""
    parts: tuple[tuple[str, Split | None, str], ...] = (
        ("train", None, "ISIC 2017"),
        ("validation", "test", "ISIC 2017 validation"),
    )
    for part, split, source in parts:
        for row in _table(folder / f"{part}.csv", ("image_id", "label", "note")):
            if "drop" not in row["note"]:
                path = folder / part / f"{row['image_id']}.jpg"
                yield _image(path, row, split=split, source=source, aspect=_FOUR_BY_THREE, copy=folder.name)


def _isic9(folder: Path) -> Iterator[LabelledImage]:
    """Yield `Train/<class>/` and `Test/<class>/`, frames squashed to squares, under their official labels where known."""
    official: dict[tuple[str, str], str] = {}
    seen: set[tuple[str, str, str]] = set()
    conflicts = folder / "conflicts.csv"
    for row in _table(conflicts, ("image_id", "folder", "note")) if conflicts.is_file() else ():
        if told := _OFFICIAL.search(row["note"]):
            official["Train", row["image_id"]] = label_id(told[1])
    for part in ("Train", "Test"):
        classes = sorted(path for path in (folder / part).glob("*") if path.is_dir())
        if not classes:
            raise DataError("“{folder}” holds no {part}/<class> folders of images.", folder=folder, part=part)
        for path in (file for one in classes for file in sorted(one.iterdir()) if file.suffix.casefold() in EXTENSIONS):
            if _COPY_MARK.search(path.stem):
                continue
            label = official.get((part, path.stem), label_id(path.parent.name))
            if (part, label, path.stem) in seen:
                continue
            seen.add((part, label, path.stem))
            yield LabelledImage(
                path,
                path.name,
                label,
                split="test" if part == "Test" else None,
                source="isic9 Test" if part == "Test" else "isic9",
                aspect=_FOUR_BY_THREE,
                picture=path.stem,
                copy=folder.name,
            )


def _image(path: Path, row: Mapping[str, str], **known: object) -> LabelledImage:
    if not path.is_file():
        raise DataError("“{path}” is named by its set's table and is not there.", path=path)
    return LabelledImage(path, path.name, label_id(row["label"]), picture=row["image_id"], **known)  # type: ignore[arg-type]


def _table(path: Path, columns: Sequence[str]) -> Iterator[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if missing := set(columns) - set(reader.fieldnames or ()):
                raise DataError(
                    "“{path}” has no column {missing}.",
                    path=path,
                    missing=", ".join(f"“{name}”" for name in sorted(missing)),
                )
            yield from ({name: (row[name] or "").strip() for name in columns} for row in reader)
    except FileNotFoundError as error:
        raise DataError("“{path}” is not there; the set does not lie as docs/training.md says.", path=path) from error


def _relative(path: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:  # on another drive of Windows
        return path.resolve().as_posix()
