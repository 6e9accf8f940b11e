"""Encrypts a history and its images, or decrypts them again.

The database and the drafts are copied beside the history, in the other form, and compared with it row by row; the copy then
takes their place by the journal of a restore (`restore_step`). The images are converted one after the other, each in its place
(`converting_images`), after the database when encrypting, before it when decrypting: so images are in both forms only while the
database is encrypted, and the disk needs room for the database and one image. However the program ends, there is one whole
history, plain or encrypted as its database is. The next opening deletes what is left of a copy, and encrypts the images that
are plain beside an encrypted database.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from desktop.core.encryption.keys import Key
from desktop.core.encryption.passphrase import Passphrase
from desktop.core.encryption.start_check import is_plain
from desktop.core.errors import RecordsError
from desktop.core.marking import tr
from desktop.core.records.backup_file import Progress, Stopped, file_errors_explained
from desktop.core.records.connecting import sqlite_errors
from desktop.core.records.converting_database import convert_database
from desktop.core.records.converting_images import (
    begin_conversion,
    convert_images,
    end_conversion,
    finish_conversion,
    stored_images,
)
from desktop.core.records.copying import remove_automatic
from desktop.core.records.data_folder import BEFORE, CONVERTED, IN_USE, JOURNAL
from desktop.core.records.images import THUMBNAILS
from desktop.core.records.key_file import unlock_history, write_key_file
from desktop.core.records.lock_file import FolderUse
from desktop.core.records.remains import remove, unfinished
from desktop.core.records.restore_step import finish_restore, place_to_unpack, put_in_place
from desktop.core.records.schema import FILE_NAME


def encrypt_history(
    folder: Path,
    key: Key,
    passphrase: Passphrase,
    *,
    progress: Progress = lambda _done, _total: None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> None:
    """Encrypt the history of a data folder with its images; nothing of it stays readable there without the key.

    The history must be closed. Automatic copies and thumbnails are deleted.

    Args:
        folder: the data folder.
        key: a new key of `MASTER_BYTES`, which the user has on paper as a recovery key.
        passphrase: it will open the history.
        progress: called with the bytes that were converted.
        is_stopped: polled regularly; what was encrypted by then is decrypted again.

    Raises:
        PassphraseError: the passphrase is too short.
        RecordsError: there is too little space, the history cannot be read or written, is in use, or an earlier one lies
            beside it; it is as it was, unless the sentence says otherwise.
        Stopped: `is_stopped` said so.
    """
    with _alone(folder):
        set_aside = sorted(path.name for name in (f"{BEFORE}*", "drafts.unreadable") for path in folder.glob(name))
        if set_aside:
            raise RecordsError(
                tr(
                    "Earlier data lie unencrypted in “{folder}”: {names}. Move them elsewhere or delete them, then encrypt "
                    "the history."
                ),
                folder=folder,
                names=", ".join(set_aside),
            )
        step = _Steps(folder, progress, is_stopped)
        with place_to_unpack(folder) as copy:
            write_key_file(copy, key, passphrase)
            convert_database(folder, copy, None, key, is_stopped)
            if unlock_history(copy, passphrase) != key:
                raise AssertionError
            begin_conversion(folder)
            _replace(folder, copy)
        try:
            convert_images(folder, key, step, is_encrypted=True)
        except (OSError, RecordsError, Stopped):
            _take_back(folder, key)
            raise
        end_conversion(folder)


def decrypt_history(
    folder: Path,
    key: Key,
    *,
    progress: Progress = lambda _done, _total: None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> None:
    """Decrypt the history of a data folder with its images.

    Args:
        folder: the data folder; its history must be closed.
        key: its key.
        progress: called with the bytes that were converted.
        is_stopped: polled regularly; images that were decrypted by then are encrypted again.

    Raises:
        RecordsError: there is too little space, or the history cannot be read or written, or is in use; it is as it was.
        Stopped: `is_stopped` said so.
    """
    with _alone(folder):
        _decrypt(folder, key, _Steps(folder, progress, is_stopped), is_stopped)


class _Steps:
    """Tells how far a conversion is, and stops it. At first the space on the disk is checked."""

    def __init__(self, folder: Path, progress: Progress, is_stopped: Callable[[], bool]) -> None:
        self._progress = progress
        self._is_stopped = is_stopped
        self._sizes = {path: path.stat().st_size for path in stored_images(folder)}
        self._done = (folder / FILE_NAME).stat().st_size
        self._total = self._done + sum(self._sizes.values())
        # SQLCipher takes 80 bytes of each page of 4,096 for itself.
        needed = int(1.05 * self._done) + max(self._sizes.values(), default=0)
        if shutil.disk_usage(folder).free < needed:
            raise RecordsError(
                tr("“{folder}” has too little space: the conversion takes {size} MB. Free some space, then try again."),
                folder=folder,
                size=needed // 1_000_000 + 1,
            )

    def __call__(self, path: Path) -> None:
        """Begin with an image."""
        if self._is_stopped():
            raise Stopped
        self._done += self._sizes.get(path, 0)
        self._progress(self._done, self._total)


def _decrypt(folder: Path, key: Key, step: Callable[[Path], None], is_stopped: Callable[[], bool]) -> None:
    with place_to_unpack(folder) as copy:
        convert_database(folder, copy, key, None, is_stopped)
        begin_conversion(folder)
        try:
            convert_images(folder, key, step, is_encrypted=False)
            _replace(folder, copy)
        except (OSError, RecordsError, Stopped):
            if not is_plain(folder / FILE_NAME):
                finish_conversion(folder, key)
            raise
    end_conversion(folder)


def _take_back(folder: Path, key: Key) -> None:
    """Decrypt a history whose images could not all be encrypted.

    Raises:
        RecordsError: that failed too. It is encrypted and whole.
    """
    try:
        _decrypt(folder, key, lambda _path: None, lambda: False)
    except sqlite_errors(OSError, RecordsError) as error:
        raise RecordsError(
            tr(
                "The history in “{folder}” is encrypted, but not yet all of its images ({detail}). Start LesionLens again: it "
                "asks for the passphrase and encrypts the rest."
            ),
            folder=folder,
            detail=getattr(error, "strerror", None) or error,
        ) from error


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Have the data folder to this program alone, without what an earlier one left in it."""
    with file_errors_explained(folder), closing(FolderUse(folder / IN_USE)) as use, use.alone() as is_alone:
        if not is_alone:
            raise RecordsError(
                tr("Another program is using “{folder}”. Close the other window of LesionLens, then try again."),
                folder=folder,
            )
        finish_restore(folder)
        remove(unfinished(folder))
        yield


def _replace(folder: Path, copy: Path) -> None:
    """Put a copy of the database in its place, and delete the database before with all that was derived from it."""
    remove_automatic(folder)
    if (folder / THUMBNAILS).exists():
        shutil.rmtree(folder / THUMBNAILS)
    before = folder / f"{CONVERTED}{os.urandom(4).hex()}"
    put_in_place(folder, copy, before, with_images=False)
    if not (folder / JOURNAL).exists():  # else it still needs the folder; the next opening ends both
        remove([before])
