"""Finds the images in folders, at any depth and in a fixed order, without duplicates; unsupported images are reported."""

import os
import threading
from collections import Counter, deque
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from desktop.core.errors import ImageError
from desktop.core.imaging import dicom
from desktop.core.imaging.dicom_dataset import is_dicom
from desktop.core.imaging.frames import frames_of, order_of
from desktop.core.imaging.kinds import (
    OTHER_FILES,
    UNOPENED,
    has_extension,
    is_text_like_bitmap,
    read_beginning,
    unopened_kind,
)
from desktop.core.imaging.opening import EXTENSIONS, READERS
from desktop.core.marking import tr
from desktop.core.paths import reachable
from desktop.core.urls import path_text

_DIRECTORY = "DICOMDIR"
"""The index file of a DICOM medium (PS3.10, 8.6): DICOM, but not an image."""


@dataclass(frozen=True)
class FoundFiles:
    """The result of a search: images, sorted by path, and images of unsupported kinds, each with its kind."""

    images: list[Path]
    passed_over: dict[Path, str]


@dataclass
class _FileSearch:
    """The state of a search. The keys are real paths, so that no file is listed twice."""

    cancelled: threading.Event | None
    known: Container[Path]
    images: dict[str, Path] = field(default_factory=dict)
    passed_over: dict[str, tuple[Path, str]] = field(default_factory=dict)
    folders: deque[Path] = field(default_factory=deque)
    links: list[Path] = field(default_factory=list)
    visited: set[str] = field(default_factory=set)

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled is not None and self.cancelled.is_set()

    def take(self, real: str, path: Path) -> None:
        """Sort a file into the images, the unsupported images, or neither."""
        kind = "" if path in self.known else _other_kind(path)
        if kind == "":
            self.images.setdefault(real, path)
        elif kind is not None:
            self.passed_over.setdefault(real, (path, kind))


def find_images(paths: Iterable[Path], cancelled: threading.Event | None = None) -> FoundFiles:
    """Return every image under `paths`, none twice: the files, and the frames of a multi-frame DICOM file.

    Once `cancelled` is set, the search ends with what was found so far: a folder on a slow share takes long.
    """
    found = find_files(paths, cancelled)
    return FoundFiles(with_frames(found.images, cancelled), found.passed_over)


def with_frames(paths: Iterable[Path], cancelled: threading.Event | None = None) -> list[Path]:
    """Return these files, but for a DICOM file of several frames its frames; fewer once `cancelled` is set."""
    images: list[Path] = []
    for path in paths:
        if cancelled is not None and cancelled.is_set():
            break
        images += [path] if _is_other_format(path) else frames_of([path])
    return sorted(images, key=lambda path: order_of(path_text(path)))


def find_files(
    paths: Iterable[Path], cancelled: threading.Event | None = None, *, known: Container[Path] = ()
) -> FoundFiles:
    """Return every image file under `paths`, none twice.

    A file named in `paths` is always taken. In a folder, and in the folders in it, files are taken by extension; what has no
    extension that says what it is, by how it begins, so that DICOM files are found whatever they are named. Names that begin
    with a dot are left out (wastebaskets, thumbnails, macOS' resource files). A link leads to its target, unless that is
    found anyway; links in circles end. A folder that cannot be listed is returned itself, so that the classification answers
    for it with a sentence. `cancelled` ends the search early. Files that are `known` are images, and are not looked into.
    """
    search = _FileSearch(cancelled, known)
    for path in paths:
        if is_folder(path):
            search.folders.append(path)
        else:
            search.images.setdefault(os.path.realpath(path), path)
    while (search.folders or search.links) and not search.is_cancelled:
        if search.folders:
            _list_folder(search.folders.popleft(), search)
            continue
        # Links come last, so that a file is listed under its own name.
        links, search.links = sorted(search.links), []
        for link in links:
            if is_folder(link):
                search.folders.append(link)
            else:
                search.take(os.path.realpath(link), link)
    passed_over = {path: kind for real, (path, kind) in search.passed_over.items() if real not in search.images}
    return FoundFiles(sorted(search.images.values(), key=str), passed_over)


def passed_over_remark(kinds: Iterable[str]) -> ImageError | None:
    """Return the sentence about images of unsupported kinds, the most frequent kind first; None if there are none."""
    counts = Counter(kinds)
    if not counts:
        return None
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    if counts.total() == 1:
        return ImageError(
            tr("1 file of a kind that LesionLens does not open: {kind}. Export it as JPEG or PNG."), kind=ranked[0][0]
        )
    return ImageError(
        tr("{count} files of kinds that LesionLens does not open: {kinds}. Export them as JPEG or PNG."),
        count=counts.total(),
        kinds=", ".join(f"{count} {kind}" for kind, count in ranked),
    )


def _list_folder(folder: Path, search: _FileSearch) -> None:
    """Take a folder's images, and queue its folders and links."""
    real = os.path.realpath(folder)
    if real in search.visited:
        return
    search.visited.add(real)
    try:
        with os.scandir(reachable(folder)) as entries:
            for entry in entries:
                if search.is_cancelled:
                    break
                path = folder / entry.name
                if entry.name.startswith("."):
                    continue
                if entry.is_symlink():
                    search.links.append(path)
                elif entry.is_dir():
                    search.folders.append(path)
                elif entry.is_file():  # opening a named pipe would block
                    search.take(os.path.join(real, entry.name), path)  # noqa: PTH118 - 100,000 strings, not Paths
    except OSError:
        search.images.setdefault(real, folder)


def _other_kind(path: Path) -> str | None:
    return other_kind(path, lambda: read_beginning(reachable(path)))


def other_kind(path: PurePath, read_first: Callable[[], bytes]) -> str | None:
    """Return the kind of an unsupported image file, empty for a supported one, None for any other file.

    `read_first` returns its first `BEGINNING` bytes; it is asked only where the name does not tell.
    """
    suffix = path.suffix.lower()
    if suffix in EXTENSIONS:
        return ""
    if suffix in UNOPENED:
        return suffix[1:].upper()
    if suffix in OTHER_FILES or path.name.upper() == _DIRECTORY:
        return None
    beginning = read_first()
    if is_dicom(beginning):
        return ""
    if has_extension(suffix):
        return None
    if any(reader.begins(beginning) for reader in READERS) and not is_text_like_bitmap(beginning):
        return ""
    return unopened_kind(beginning) or None


def _is_other_format(path: Path) -> bool:
    """Whether a file is, by its extension, an image other than DICOM, so that it has no frames."""
    suffix = path.suffix.lower()
    return suffix in EXTENSIONS and suffix not in dicom.EXTENSIONS


def is_folder(path: Path) -> bool:
    """Tell whether a path of any length is a folder; False if it cannot be accessed."""
    try:
        return reachable(path).is_dir()
    except OSError:  # reading it as a file gives the sentence
        return False
