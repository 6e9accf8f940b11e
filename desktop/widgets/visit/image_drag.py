"""What is dragged within the window and into it: images of the film strip by their keys, files of the computer."""

import json
from pathlib import Path

from PySide6.QtCore import QMimeData

_TYPE = "application/x-lesionlens-images"


def drag_data(keys: list[str]) -> QMimeData:
    """Return what is dragged when images of the strip are."""
    mime = QMimeData()
    mime.setData(_TYPE, json.dumps(keys).encode())
    return mime


def dragged_keys(mime: QMimeData) -> list[str]:
    """Return the keys of the strip's images that are dragged; none where something else is."""
    if not mime.hasFormat(_TYPE):
        return []
    return [str(key) for key in json.loads(bytes(mime.data(_TYPE).data()))]


def dropped_files(mime: QMimeData) -> list[Path]:
    """Return the files that are dragged from outside; folders are not among them."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    return [path for path in paths if not path.is_dir()]
