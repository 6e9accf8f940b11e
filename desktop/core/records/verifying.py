"""Checks a history against its seal, and names what is not as it was written. Nothing is changed or migrated."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from desktop.core.encryption.keys import Key
from desktop.core.encryption.start_check import is_encrypted_with_key_file
from desktop.core.errors import RecordsError
from desktop.core.marking import tr
from desktop.core.records.chain_check import ChainCheck, CheckCount, Progress, is_damage
from desktop.core.records.check_results import Checked, Fault, FaultKind
from desktop.core.records.database_errors import ENCRYPTED, explained
from desktop.core.records.foreign_database import AlteredError, opened_to_read
from desktop.core.records.images import ImageStore
from desktop.core.records.newest_layout import LAYOUT
from desktop.core.records.schema import APPLICATION_ID, FILE_NAME, FIRST_SEALED
from desktop.core.records.seal import Head
from desktop.core.records.soundness import has_our_tables


def check_history(
    folder: Path,
    *,
    with_images: bool = False,
    kept: Head | None = None,
    key: Key | None = None,
    progress: Progress = lambda _done, _total: None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> Checked:
    """Check the history of a data folder, which may be in use.

    Args:
        folder: the data folder.
        with_images: whether the copies in the image store are read too.
        kept: a head of the chain that was kept elsewhere, which must be in it.
        key: the history's key, if it is encrypted.
        progress: called with the rows and images that are checked, and how many there are.
        is_stopped: polled regularly.

    Raises:
        RecordsError: there is no history, none that is sealed, or it cannot be read.
        Stopped: `is_stopped` said so.
    """
    path = folder / FILE_NAME
    if key is None and is_encrypted_with_key_file(folder):
        raise RecordsError(ENCRYPTED, file=path)
    if not path.exists():
        raise RecordsError(tr("There is no history in “{folder}”."), folder=folder)
    journal = path.with_name(f"{FILE_NAME}-journal")
    if journal.exists() and journal.stat().st_size:
        raise RecordsError(
            tr("The history “{file}” was being changed when LesionLens ended. Start LesionLens once to finish that."),
            file=path,
        )
    while True:
        log = path.with_name(f"{FILE_NAME}-wal")
        is_in_use = log.exists() and log.stat().st_size > 0
        before = path.stat()
        checked = _check(
            path, CheckCount(progress, is_stopped), kept, key, with_images=with_images, is_in_use=is_in_use
        )
        after = path.stat()
        if is_in_use or ((before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, after.st_size)):
            return checked


def _check(
    path: Path, count: CheckCount, kept: Head | None, key: Key | None, *, with_images: bool, is_in_use: bool
) -> Checked:
    checked = Checked()
    try:
        opened = opened_to_read(path, count.is_stopped, is_immutable=not is_in_use, key=key)
        with explained(path), opened as connection:
            connection.execute("BEGIN")  # all queries see one state, whatever is written meanwhile
            if _has_tables(connection, path):
                ChainCheck(connection, checked, count, kept).run()
                if with_images:
                    _check_images(connection, ImageStore(path.parent, key), checked, count)
            else:
                checked.faults.append(Fault(FaultKind.TABLES))
    except AlteredError:
        checked.faults.append(Fault(FaultKind.TABLES))
    except (RecordsError, sqlite3.DatabaseError) as error:
        cause = error.__cause__ if isinstance(error, RecordsError) else error
        if not isinstance(cause, sqlite3.DatabaseError) or not is_damage(cause):
            raise
        checked.faults.append(Fault(FaultKind.DAMAGED, detail=str(cause)))
    return checked


def _has_tables(connection: sqlite3.Connection, path: Path) -> bool:
    """Tell whether a file has the tables of a sealed history.

    Raises:
        RecordsError: it is no history, or one of an older or newer layout.
    """
    (layout,) = connection.execute("PRAGMA user_version").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION_ID:
        return False
    if layout > LAYOUT:
        raise RecordsError(
            tr("The history “{file}” was made by a newer LesionLens. Check it with that version."), file=path
        )
    if layout < 1 or not has_our_tables(connection, layout):
        return False
    if layout < FIRST_SEALED:
        raise RecordsError(
            tr("The history “{file}” has no seal yet: it gets one when this version of LesionLens opens it."), file=path
        )
    return True


def _check_images(connection: sqlite3.Connection, store: ImageStore, checked: Checked, count: CheckCount) -> None:
    """Read each copy in the image store."""
    query = "SELECT id, sha256 FROM image WHERE id IN (SELECT image FROM image_place WHERE stored = 1) ORDER BY id"
    images = connection.execute(query).fetchall()
    checked.images = 0
    count.total += len(images)
    for image, sha256 in images:
        count.go_on()
        try:
            store.read(sha256.decode(errors="replace"))
        except RecordsError as error:
            checked.faults.append(Fault(FaultKind.IMAGE, "image", image, image, str(error)))
        checked.images += 1
        count.step()
