"""Replaces the present history by a restored one: completely or not at all, however the program ends.

Several files and folders are renamed, and the program may be killed between any two of these. So a journal of the renames is
written first, once the new files are complete and on the disk. Opening a history that has a journal resumes it
(`finish_restore`); at no moment would a missing history lead to a new, empty one.
"""

import logging
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import msgspec

from desktop.core.errors import RecordsError
from desktop.core.frozen import frozen
from desktop.core.marking import tr
from desktop.core.private_files import make_folder
from desktop.core.records.data_folder import BEFORE, BESIDE, CONVERTED, JOURNAL, UNPACKED
from desktop.core.records.images import IMAGES
from desktop.core.records.schema import FILE_NAME
from desktop.core.whole_files import sync_folder, whole_file

logger = logging.getLogger(__name__)

_UNPACKED = re.compile(rf"{re.escape(UNPACKED)}\w+")
_BEFORE = re.compile(rf"{BEFORE}[0-9. -]+(\([0-9]+\))?|{re.escape(CONVERTED)}[0-9a-f]+")
_NAMES = (*BESIDE, IMAGES, f"{FILE_NAME}-wal", f"{FILE_NAME}-shm", FILE_NAME)
"""What is replaced, the database last."""


@frozen
class _Journal:
    """The folders, by their names in the data folder, and what of `_NAMES` the present and the new history have."""

    unpacked: str
    before: str
    present: tuple[str, ...]
    new: tuple[str, ...]
    is_undone: bool = False


@contextmanager
def place_to_unpack(folder: Path) -> Iterator[Path]:
    """Yield a new folder in a data folder, for a history that is to take the place of the present one."""
    unpacked = Path(tempfile.mkdtemp(dir=folder, prefix=UNPACKED))
    try:
        yield unpacked
    finally:
        if not (folder / JOURNAL).exists():  # else the journal still needs it
            shutil.rmtree(unpacked, ignore_errors=True)


def put_in_place(folder: Path, unpacked: Path, before: Path, *, with_images: bool = True) -> None:
    """Move the present history of a data folder into `before`, and the one in `unpacked` into its place.

    Args:
        folder: the data folder.
        unpacked: a folder in it, with the new history, all of which is safe on the disk.
        before: a folder in it, which need not exist; it is not created if there is no history yet.
        with_images: whether the image store is replaced too.

    Raises:
        OSError: it failed and was undone. If undoing failed too, the next opening resumes it.
    """
    names = tuple(name for name in _NAMES if with_images or name != IMAGES)
    journal = _Journal(unpacked.name, before.name, present=_found(folder, names), new=_found(unpacked, names))
    try:
        _write(folder, journal)
        _go_on(folder, journal)
    except OSError:
        with suppress(OSError):  # so that an opening takes back what is not taken back here
            _write(folder, replace(journal, is_undone=True))
        _go_back(folder, journal)
        _end(folder, journal)
        raise
    try:
        _end(folder, journal)
    except OSError as error:  # it is done; the next opening ends it
        logger.warning("the journal of a restore cannot be removed yet: %s", error.strerror)


def finish_restore(folder: Path) -> None:
    """Finish or undo a restore that was interrupted in a data folder, if there is one.

    Raises:
        RecordsError: that failed. No history may be opened or created until it succeeds.
    """
    file = folder / JOURNAL
    if not file.exists():
        return
    try:
        journal = msgspec.json.decode(file.read_bytes(), type=_Journal)
        if not (_UNPACKED.fullmatch(journal.unpacked) and _BEFORE.fullmatch(journal.before)):
            raise msgspec.ValidationError(journal.unpacked)
        if not journal.is_undone:
            _go_on(folder, journal)
        if journal.is_undone or not (folder / FILE_NAME).exists():  # somebody has deleted what was unpacked
            _go_back(folder, journal)
        _end(folder, journal)
    except (OSError, ValueError) as error:
        raise RecordsError(
            tr(
                "LesionLens ended while a backup was being restored, or the history encrypted or decrypted. This cannot be "
                "finished ({detail}). Nothing is lost. Close other programs that use “{folder}”, then start LesionLens again."
            ),
            folder=folder,
            detail=getattr(error, "strerror", None) or error,
        ) from error


def _found(folder: Path, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if (folder / name).exists())


def _go_on(folder: Path, journal: _Journal) -> None:
    """Do the remaining renames."""
    unpacked, before = folder / journal.unpacked, folder / journal.before
    for name in _NAMES:
        if name in journal.present and not (before / name).exists():
            make_folder(before)
            (folder / name).rename(before / name)
        if name in journal.new and (unpacked / name).exists():
            (unpacked / name).rename(folder / name)
    _sync(folder, unpacked, before)


def _go_back(folder: Path, journal: _Journal) -> None:
    """Undo the renames made so far, the last first."""
    unpacked, before = folder / journal.unpacked, folder / journal.before
    for name in reversed(_NAMES):
        is_moved = (before / name).exists() if name in journal.present else name in journal.new
        if is_moved and (folder / name).exists() and not (unpacked / name).exists():
            make_folder(unpacked)
            (folder / name).rename(unpacked / name)
        if name in journal.present and (before / name).exists():
            (before / name).rename(folder / name)
    _sync(folder, unpacked, before)
    if before.exists() and not any(before.iterdir()):
        before.rmdir()


def _write(folder: Path, journal: _Journal) -> None:
    with whole_file(folder / JOURNAL) as written:
        written.write_bytes(msgspec.json.encode(journal))


def _end(folder: Path, journal: _Journal) -> None:
    (folder / JOURNAL).unlink(missing_ok=True)
    sync_folder(folder)
    shutil.rmtree(folder / journal.unpacked, ignore_errors=True)  # empty, or what was unpacked in vain


def _sync(*folders: Path) -> None:
    for folder in folders:
        if folder.exists():
            sync_folder(folder)
