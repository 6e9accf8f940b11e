"""A file that is there whole or as it was before, however the writing ends: Qt's QSaveFile, with our sentence."""

from pathlib import Path

from PySide6.QtCore import QIODevice, QSaveFile

from desktop.core.errors import SaveError
from desktop.core.marking import tr


def save_file(target: Path, content: bytes) -> None:
    """Write a file, and wait until it is on the disk. Slow: to be run off the GUI thread.

    Raises:
        SaveError: it cannot be written; what was there before still is.
    """
    file = QSaveFile(str(target))
    is_open = file.open(QIODevice.OpenModeFlag.WriteOnly)
    if not (is_open and file.write(content) == len(content) and file.commit()):
        raise SaveError(
            tr("“{name}” cannot be written ({detail}). Choose another place."),
            name=target.name,
            detail=file.errorString(),
        )
