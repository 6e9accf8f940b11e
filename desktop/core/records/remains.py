"""Deletes what a killed program left in a data folder: unfinished files and folders, and images without a row.

They may name or show patients. Images that it left plain in an encrypted history are encrypted. Only a program that has the
folder to itself sweeps: apparent remains may be files that another program is writing.
"""

import logging
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from desktop.core.encryption.file_cipher import MAGIC
from desktop.core.records.converting_images import finish_conversion
from desktop.core.records.data_folder import AUTOMATIC, BACKING_UP, CONVERTED, UNPACKED
from desktop.core.records.database import Database
from desktop.core.records.images import IMAGES, THUMBNAILS

logger = logging.getLogger(__name__)


def sweep(database: Database) -> bool:
    """Delete what was left in the folder of an open history, unless another program uses it as well; return whether none does.

    Call it when nothing is being saved: an image is in the store before its row is written. Files that cannot be deleted
    stay until the next sweep.
    """
    folder = database.path.parent
    with database.alone() as is_alone:
        if not is_alone:
            return False
        known = {row["sha256"] for row in database.read("SELECT sha256 FROM image")}
        remove((*unfinished(folder), *_without_row(folder, known)))
        finish_conversion(folder, database.key)
        if database.key is not None:
            remove(_plain_thumbnails(folder))
        return True


def remove(paths: Iterable[Path]) -> None:
    """Delete files and folders; those that cannot be deleted stay until the next sweep."""
    for path in paths:
        try:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
        except OSError as error:
            logger.warning("something unfinished cannot be deleted yet: %s", error.strerror)


def unfinished(folder: Path) -> Iterator[Path]:
    """Return what a killed program left in a data folder that nobody else uses."""
    for prefix in (BACKING_UP, UNPACKED, CONVERTED):
        yield from folder.glob(f"{prefix}*")
    for place in (".", AUTOMATIC, f"{IMAGES}/*", f"{THUMBNAILS}/*"):
        yield from folder.glob(f"{place}/*.partial")


def _plain_thumbnails(folder: Path) -> Iterator[Path]:
    """Return thumbnails of an encrypted history that were made while it was being encrypted."""
    for path in (folder / THUMBNAILS).glob("*/*.jpg"):
        with path.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                yield path


def _without_row(folder: Path, known: set[str]) -> list[Path]:
    """Return the images of the store that no row names: one where a program was killed while it kept the first.

    Where most of several have no row, none is returned: an old copy of the history was put in place, and its images are of
    the one before.
    """
    found = [path for path in (folder / IMAGES).glob("*/*") if path.suffix != ".partial"]
    lost = [path for path in found if path.name[:64] not in known]
    return lost if len(lost) <= max(1, len(found) // 2) else []
