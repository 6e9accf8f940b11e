"""The stores that hold remote files; the driver of each kind is the user's to install."""

from pathlib import Path

import fsspec

from desktop.core.errors import UsageError
from desktop.core.marking import tr
from desktop.core.urls import path_text


def store_of(path: Path) -> tuple[fsspec.AbstractFileSystem, str]:
    """Return the store of a remote file, with credentials as fsspec is configured, and what the file is called there.

    Raises:
        UsageError: its driver is not installed, or fsspec knows no such protocol.
    """
    try:
        store, inside = fsspec.url_to_fs(path_text(path))
    except (ImportError, ValueError) as error:
        raise UsageError(
            tr("“{url}” needs a driver of fsspec that is not here ({detail})."), url=path_text(path), detail=error
        ) from error
    return store, str(inside)
