"""Open every image and report what would falsify figures: unreadable files, copies, two labels for one image, leaks."""

import csv
import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop.core.ctrl_c import on_every_core
from desktop.core.errors import AppError
from desktop.core.image_copies.duplicates import VIEWS, pairs_of_copies
from desktop.core.image_copies.groups import alike, joined
from desktop.core.image_copies.hashes import THUMBNAIL, picture_hash
from desktop.core.imaging.opening import read_file
from desktop.core.imaging.preprocessing import checked_input
from desktop.core.labelled_images.labelled import LabelledImage
from desktop.core.progress import Progress


class FindingKind(StrEnum):
    """What the audit can find about an image."""

    UNREADABLE = "unreadable"
    IDENTICAL = "byte-identical"
    NEAR_IDENTICAL = "near-identical"
    TWO_LABELS = "two labels"
    TWO_SPLITS = "test in train"
    TORN = "torn group"


_OPENING = 0.5
"""Share of the work that opening the images is, about; the rest is comparing them."""

CONFLICTS = (FindingKind.UNREADABLE, FindingKind.TWO_LABELS, FindingKind.TWO_SPLITS, FindingKind.TORN)
"""Findings that training refuses by default. Copies with one label in one split are accepted and kept together."""

_MEANING = {
    FindingKind.UNREADABLE: "cannot be opened, or is damaged",
    FindingKind.IDENTICAL: "the same bytes more than once",
    FindingKind.NEAR_IDENTICAL: "the same picture in different files, mirrored, turned, cropped or brightened too",
    FindingKind.TWO_LABELS: "the same picture under more than one label",
    FindingKind.TWO_SPLITS: "the same picture in more than one of train, validation and test",
    FindingKind.TORN: "one lesion or group in more than one of train, validation and test",
}


@dataclass(frozen=True)
class Finding:
    """One finding, and the images that share it, as indices into all images."""

    kind: FindingKind
    images: tuple[int, ...]


@dataclass(frozen=True)
class Audit:
    """The result of the audit, for each image in the order in which they were given.

    If an image is damaged or cannot be opened, its `sha256` is empty and `problems` says why. `pictures` numbers the pictures;
    copies of one picture share a number. `groups` numbers what no split may separate: images of one picture, lesion or group.
    `thumbnails` [n, `THUMBNAIL`, `THUMBNAIL`, 3] are the whole frames, black for what is unreadable.
    """

    images: tuple[LabelledImage, ...]
    sha256: tuple[str, ...]
    problems: tuple[str, ...]
    pictures: tuple[int, ...]
    groups: tuple[int, ...]
    findings: tuple[Finding, ...]
    thumbnails: NDArray[np.uint8] = field(repr=False, compare=False)

    def kinds_of(self) -> tuple[tuple[FindingKind, ...], ...]:
        """Return for each image the kinds of its findings, in the order of `FindingKind`."""
        found: dict[int, set[FindingKind]] = defaultdict(set)
        for finding in self.findings:
            for index in finding.images:
                found[index].add(finding.kind)
        return tuple(tuple(kind for kind in FindingKind if kind in found[index]) for index in range(len(self.images)))

    def count(self, kind: FindingKind) -> tuple[int, int]:
        """Return how many groups of images have a finding of this kind, and how many images they are."""
        of_kind = [finding for finding in self.findings if finding.kind is kind]
        return len(of_kind), sum(len(finding.images) for finding in of_kind)


@dataclass(frozen=True)
class OpenedImage:
    """An image as the audit compares it; `problem` says why it cannot be opened or used, empty if it can."""

    sha256: str
    problem: str
    thumbnail: NDArray[np.uint8]
    hash: int


def audit(
    images: Sequence[LabelledImage],
    progress: Callable[[float], None] | None = None,
    read: Callable[[Path], bytes] = read_file,
) -> Audit:
    """Open every image and compare each with all others.

    Args:
        images: the images.
        progress: called with the share of the work that is done, from 0 to 1. What it raises ends the audit. None shows the
            progress on the standard error.
        read: returns the bytes of a file, from several threads at a time, or raises `AppError`.
    """
    if progress is None:
        opened = open_images(images, None, read)
        shown = Progress("Comparing images", VIEWS)
        pictures = _pictures(images, opened, shown.advance)
        shown.finish()
    else:
        opened = open_images(images, _counted(progress, 0.0, len(images)), read)
        pictures = _pictures(images, opened, _counted(progress, _OPENING, VIEWS))
    groups = _groups(images, pictures)
    return Audit(
        images=tuple(images),
        sha256=tuple(one.sha256 for one in opened),
        problems=tuple(one.problem for one in opened),
        pictures=pictures,
        groups=groups,
        findings=tuple(_findings(images, opened, pictures, groups)),
        thumbnails=np.array([one.thumbnail for one in opened], np.uint8).reshape(-1, THUMBNAIL, THUMBNAIL, 3),
    )


def _counted(progress: Callable[[float], None], begun: float, steps: int) -> Callable[[], None]:
    """Return what counts a step of one half of the work."""
    done = 0

    def advance() -> None:
        nonlocal done
        done += 1
        progress(begun + _OPENING * done / steps)

    return advance


def open_images(
    images: Sequence[LabelledImage],
    opened_one: Callable[[], None] | None = None,
    read: Callable[[Path], bytes] = read_file,
) -> list[OpenedImage]:
    """Open every image; `opened_one` is called after each. See `audit` for the rest."""
    if opened_one is None:
        progress = Progress("Opening images", len(images))
        opened = open_images(images, progress.advance, read)
        progress.finish()
        return opened
    opened = []
    with closing(on_every_core(partial(_open, read=read), images)) as results:
        for one in results:
            opened.append(one)
            opened_one()
    return opened


def _open(image: LabelledImage, read: Callable[[Path], bytes]) -> OpenedImage:
    try:
        data = read(image.path)
        thumbnail, is_damaged = checked_input(data, THUMBNAIL, "stretch", image.name)
    except AppError as error:
        return _unreadable(str(error))
    if is_damaged:
        return _unreadable(f"“{image.name}” is damaged: a part of its pixels is lost. Copy it again.")
    return OpenedImage(hashlib.sha256(data).hexdigest(), "", thumbnail, picture_hash(thumbnail))


def _unreadable(problem: str) -> OpenedImage:
    return OpenedImage("", problem, np.zeros((THUMBNAIL, THUMBNAIL, 3), np.uint8), 0)


def _pictures(
    images: Sequence[LabelledImage], opened: Sequence[OpenedImage], compared: Callable[[], None]
) -> tuple[int, ...]:
    """Number the pictures; copies are found by their pixels, or named by the data."""
    first: dict[str, int] = {}
    named = [(first.setdefault(image.picture, place), place) for place, image in enumerate(images) if image.picture]
    readable = [index for index, one in enumerate(opened) if not one.problem]
    hashes = np.array([opened[index].hash for index in readable], np.uint64)
    thumbnails = np.array([opened[index].thumbnail for index in readable], np.uint8)
    same = [(readable[one], readable[other]) for one, other in pairs_of_copies(hashes, thumbnails, compared)]
    return joined(len(opened), [*named, *same])


def _groups(images: Sequence[LabelledImage], pictures: Sequence[int]) -> tuple[int, ...]:
    """Return the groups that no split may separate: copies of one picture, and images of one group or lesion."""
    first: dict[tuple[str, str], int] = {}
    named = [
        (first.setdefault((column, name), place), place)
        for place, image in enumerate(images)
        for column, name in (("group", image.group), ("lesion", image.lesion))
        if name
    ]
    return joined(len(images), [*enumerate(pictures), *named])


def _findings(
    images: Sequence[LabelledImage], opened: Sequence[OpenedImage], pictures: Sequence[int], groups: Sequence[int]
) -> Iterator[Finding]:
    def splits(members: Iterable[int]) -> int:
        return len({images[index].split or "train" for index in members})

    for index, one in enumerate(opened):
        if one.problem:
            yield Finding(FindingKind.UNREADABLE, (index,))
    readable = [index for index, one in enumerate(opened) if not one.problem]
    for same in alike(readable, [opened[index].sha256 for index in readable]):
        yield Finding(FindingKind.IDENTICAL, same)
    for same in alike(readable, [pictures[index] for index in readable]):
        if len({opened[index].sha256 for index in same}) > 1:
            yield Finding(FindingKind.NEAR_IDENTICAL, same)
        if len({images[index].label for index in same}) > 1:
            yield Finding(FindingKind.TWO_LABELS, same)
        if splits(same) > 1:
            yield Finding(FindingKind.TWO_SPLITS, same)
    for group in alike(readable, [groups[index] for index in readable]):
        if splits(group) > 1 and len({pictures[index] for index in group}) > 1:
            yield Finding(FindingKind.TORN, group)


def summary(found: Audit, remarks: Sequence[str] = ()) -> str:
    """Return a table for the screen: counts of each kind of finding, the labels and splits that conflict, the remarks."""
    rows = [("finding", "groups", "images", "what it means")]
    for kind in FindingKind:
        groups, count = found.count(kind)
        rows.append((kind.value, str(groups) if kind is not FindingKind.UNREADABLE else "", str(count), _MEANING[kind]))
    lines = [f"{a:<16}{b:>8}{c:>8}  {d}" for a, b, c, d in rows]
    for kind, title in (
        (FindingKind.TWO_LABELS, "Labels of one picture"),
        (FindingKind.TWO_SPLITS, "Places of one picture"),
        (FindingKind.TORN, "Places of one group"),
    ):
        mixed = Counter(
            " + ".join(sorted({_place(found.images[index], kind) for index in finding.images}))
            for finding in found.findings
            if finding.kind is kind
        )
        if mixed:
            lines += ["", f"{title}:", *(f"{count:>6}  {what}" for what, count in mixed.most_common())]
    unreadable = [problem for problem in found.problems if problem]
    if unreadable:
        lines += ["", "Unreadable:", *(f"  {problem}" for problem in unreadable)]
    return "\n".join([*lines, *(["", *remarks] if remarks else [])])


def _place(image: LabelledImage, kind: FindingKind) -> str:
    return image.label if kind is FindingKind.TWO_LABELS else f"{image.split or 'train'}: {image.label}"


def write_audit(found: Audit, path: Path) -> None:
    """Write one row for each image of each finding: its label and split, and the images that share the finding."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("finding", "group", "path", "label", "split", "sha256", "also", "detail"))
        for number, finding in enumerate(found.findings, start=1):
            for index in finding.images:
                image = found.images[index]
                also = "; ".join(found.images[other].name for other in finding.images if other != index)
                row = (image.name, image.label, image.split or "", found.sha256[index], also, found.problems[index])
                writer.writerow((finding.kind.value, number, *row))
