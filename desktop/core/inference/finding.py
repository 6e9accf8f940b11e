"""Which files of folders are images: found in any depth, in one order, none twice."""

import os
import threading
from collections import deque
from collections.abc import Iterable
from pathlib import Path

from desktop.core.imaging.frames import frames_of, is_dicom_file
from desktop.core.imaging.opening import EXTENSIONS
from desktop.core.paths import reachable


def find_images(paths: Iterable[Path], cancelled: threading.Event | None = None) -> list[Path]:
    """Return every image under `paths`, sorted by path, none twice: the files, and the frames of a multi-frame DICOM file.

    Once `cancelled` is set the search ends with what was found so far: on a slow share a folder takes its time.
    """
    files = find_files(paths, cancelled)
    return list(frames_of(path for path in files if cancelled is None or not cancelled.is_set()))


def find_files(paths: Iterable[Path], cancelled: threading.Event | None = None) -> list[Path]:
    """Return every image file under `paths`, sorted by path, none twice.

    A file named in `paths` is always taken. In a folder, and in the folders in it, files are taken by extension, DICOM files
    without one by their beginning; names that begin with a dot are not (wastebaskets, thumbnails, macOS' resource files). A
    link leads to its target, unless that is found anyway; links in circles end. A folder that cannot be listed is returned
    itself, so that the classification answers for it with a sentence. `cancelled` ends the search early.
    """
    found: dict[str, Path] = {}
    folders: deque[Path] = deque()
    for path in paths:
        if is_folder(path):
            folders.append(path)
        else:
            found.setdefault(os.path.realpath(path), path)
    visited: set[str] = set()
    links: list[Path] = []
    while (folders or links) and not (cancelled and cancelled.is_set()):
        if folders:
            links += _list_folder(folders.popleft(), visited, folders, found, cancelled)
            continue
        # Links come after all that is there in its own right, so that a file is listed under its own name.
        for link in sorted(links):
            if is_folder(link):
                folders.append(link)
            elif _is_image(link):
                found.setdefault(os.path.realpath(link), link)
        links = []
    return sorted(found.values(), key=str)


def _list_folder(
    folder: Path, visited: set[str], folders: deque[Path], found: dict[str, Path], cancelled: threading.Event | None
) -> list[Path]:
    """Put a folder's images into `found` and its folders into `folders`; return its links."""
    real = os.path.realpath(folder)
    if real in visited:
        return []
    visited.add(real)
    links = []
    try:
        with os.scandir(reachable(folder)) as entries:
            for entry in entries:
                if cancelled and cancelled.is_set():
                    break
                path = folder / entry.name
                if entry.name.startswith("."):
                    continue
                if entry.is_symlink():
                    links.append(path)
                elif entry.is_dir():
                    folders.append(path)
                elif entry.is_file() and _is_image(path):  # a named pipe would be waited for
                    found.setdefault(os.path.join(real, entry.name), path)  # noqa: PTH118 - 100,000 strings, not Paths
    except OSError:
        found.setdefault(real, folder)
    return links


def _is_image(path: Path) -> bool:
    return path.suffix.lower() in EXTENSIONS or (not path.suffix and is_dicom_file(reachable(path)))


def is_folder(path: Path) -> bool:
    """Tell whether a path is a folder, however long it is; False also where it cannot even be looked at."""
    try:
        return reachable(path).is_dir()
    except OSError:  # reading it as a file gives the sentence
        return False
