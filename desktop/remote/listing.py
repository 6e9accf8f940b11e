"""Finds the images below URLs, by the rules for folders."""

import logging
from collections.abc import Iterable
from functools import partial
from pathlib import Path, PurePosixPath

import fsspec

from desktop.core.errors import AppError, UsageError
from desktop.core.imaging.kinds import BEGINNING
from desktop.core.inference.image_files import FoundFiles, other_kind
from desktop.core.marking import tr
from desktop.core.urls import path_text
from desktop.remote.stores import store_of

logger = logging.getLogger(__name__)


def find_remote_files(paths: Iterable[Path]) -> FoundFiles:
    """Return every image file below the paths of URLs, as `find_files` does for local ones; a store has no links.

    Raises:
        UsageError: a store cannot be listed.
    """
    images: dict[Path, None] = {}
    passed_over: dict[Path, str] = {}
    for path in paths:
        try:
            found = _below(path)
        except AppError:
            raise
        except Exception as error:  # a driver may raise anything
            logger.info("a store could not be listed", exc_info=True)
            raise UsageError(
                tr("“{url}” cannot be listed ({detail})."),
                url=path_text(path),
                detail=str(error) or type(error).__name__,
            ) from error
        images |= dict.fromkeys(found.images)
        passed_over |= found.passed_over
    return FoundFiles(
        sorted(images, key=path_text), {path: kind for path, kind in passed_over.items() if path not in images}
    )


def _below(path: Path) -> FoundFiles:
    store, root = store_of(path)
    try:
        is_file = store.info(root)["type"] == "file"
    except FileNotFoundError:  # reading it gives the sentence
        is_file = True
    if is_file:
        return FoundFiles([path], {})
    images: list[Path] = []
    passed_over: dict[Path, str] = {}
    for inside in store.find(root):
        below = PurePosixPath(inside[len(root) :].lstrip("/"))
        if any(part.startswith(".") for part in below.parts):
            continue
        kind = other_kind(below, partial(_beginning, store, inside))
        if kind == "":
            images.append(path / below)
        elif kind is not None:
            passed_over[path / below] = kind
    return FoundFiles(images, passed_over)


def _beginning(store: fsspec.AbstractFileSystem, inside: str) -> bytes:
    try:
        return bytes(store.cat_file(inside, 0, BEGINNING))
    except OSError:  # a file whose name does not tell, and that may not be read, is no image, as in a folder
        return b""
