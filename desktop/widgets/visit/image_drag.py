"""The data of drags: images of the film strip by key, and files from outside."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData

from desktop.core.late import Late

if TYPE_CHECKING:
    import json
else:
    json = Late("json")

_TYPE = "application/x-lesionlens-images"


def drag_data(keys: list[str]) -> QMimeData:
    """Return the drag data for images of the strip."""
    mime = QMimeData()
    mime.setData(_TYPE, json.dumps(keys).encode())
    return mime


def dragged_keys(mime: QMimeData) -> list[str]:
    """Return the keys of dragged strip images, empty for any other drag."""
    if not mime.hasFormat(_TYPE):
        return []
    return [str(key) for key in json.loads(bytes(mime.data(_TYPE).data()))]


def dropped_files(mime: QMimeData) -> list[Path]:
    """Return the files that are dragged from outside, without folders."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    return [path for path in paths if not path.is_dir()]
