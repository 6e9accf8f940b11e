"""Reads images by URL, at most as many bytes at a time as of a local file."""

import logging
from pathlib import Path

from desktop.core.errors import AppError, ImageError
from desktop.core.imaging import dicom
from desktop.core.imaging.limits import MAX_BYTES
from desktop.core.imaging.opening import checked_bytes, explained_reading, too_large
from desktop.core.inference.batch import read_path
from desktop.core.marking import tr
from desktop.core.paths import reachable
from desktop.core.urls import is_url
from desktop.remote.stores import store_of

logger = logging.getLogger(__name__)


def read_any(path: Path) -> bytes:
    """Return the bytes of an image file, local or remote.

    Raises:
        AppError: it cannot be read, is empty or larger than `MAX_BYTES`, or is a remote DICOM file of several frames.
    """
    if not is_url(path):
        return read_path(path)
    try:
        with explained_reading(path.name):
            data = _read(path)
    except AppError:
        raise
    except Exception as error:  # a driver may raise anything
        logger.info("a remote file could not be read", exc_info=True)
        raise ImageError(
            tr("“{name}” cannot be read ({detail})."), name=path.name, detail=str(error) or type(error).__name__
        ) from error
    frames = dicom.frame_count(data, path.name)
    if frames > 1:
        raise ImageError(
            tr("“{name}” holds {frames} frames, which are not divided in a store. Copy the file into a folder."),
            name=path.name,
            frames=frames,
        )
    return data


def is_there(path: Path) -> bool:
    """Tell whether a file, local or remote, can be reached."""
    try:
        if not is_url(path):
            return reachable(path).exists()
        store, inside = store_of(path)
        return bool(store.exists(inside))
    except Exception:
        logger.info("a file could not be reached", exc_info=True)
        return False


def is_seen(path: Path) -> bool:
    """Tell whether the folder of a file can be reached, whether the file is still there or was removed meanwhile.

    A local folder must have something in it: where nothing is mounted, it may be there, and empty.
    """
    if is_there(path):
        return True
    if is_url(path):
        return is_there(path.parent)
    try:
        return any(reachable(path.parent).iterdir())
    except OSError:
        return False


def _read(path: Path) -> bytes:
    store, inside = store_of(path)
    with store.open(inside, "rb") as file:
        size = getattr(file, "size", None)
        if size is not None and size > MAX_BYTES:
            raise too_large(path.name, size)
        data = bytes(file.read(MAX_BYTES + 1))
    if len(data) > MAX_BYTES:
        raise too_large(path.name, len(data))
    return checked_bytes(data, path.name)
