"""Backup and restore: the history and its images in one file, checked after it was written and before it is used.

The file is a zip that any computer opens: `history.sqlite3` (made by SQLite's own backup), `images/` as in the data folder,
the other files of the history (`BESIDE`), and `backup.json`, which lists the contents. With a passphrase the whole zip is
encrypted (`encrypted_file`). Of an encrypted history the zip has the encrypted files with the key file: the backup opens with
the passphrase that the history had then. Moving to a new computer is a backup here and a restore there.
"""

import shutil
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

import msgspec

from desktop.core.encryption.encrypted_file import EncryptedWriter
from desktop.core.encryption.file_cipher import FileCipher
from desktop.core.encryption.keys import Key
from desktop.core.encryption.passphrase import Passphrase
from desktop.core.errors import RecordsError
from desktop.core.marking import tr
from desktop.core.records.backup_file import (
    IMAGE,
    MANIFEST,
    VERSION,
    ByteCopy,
    Manifest,
    Progress,
    chunks,
    damaged_backup,
    file_errors_explained,
    opened,
)
from desktop.core.records.connecting import connect
from desktop.core.records.converting_images import is_under_way
from desktop.core.records.copying import copy_database
from desktop.core.records.data_folder import BACKING_UP, BESIDE, IN_USE, KEYS
from desktop.core.records.foreign_database import AlteredError, DatabaseContents, look
from desktop.core.records.images import holds_image
from desktop.core.records.lock_file import FolderUse
from desktop.core.records.schema import FILE_NAME
from desktop.core.whole_files import whole_file


@dataclass(frozen=True)
class BackedUp:
    """A backup that was written and checked.

    `missing` are the images that are lost or damaged in the image store; `damaged` counts the rows of the history that
    cannot be read completely.
    """

    path: Path
    manifest: Manifest
    missing: tuple[str, ...]
    damaged: int = 0


def write_backup(
    folder: Path,
    target: Path,
    *,
    app_version: str,
    now: datetime,
    passphrase: Passphrase | None = None,
    key: Key | None = None,
    progress: Progress = lambda _done, _total: None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> BackedUp:
    """Write the history of a data folder with its images into one file, and read all of it back.

    The history may be in use, by this program too; what is kept after this has begun is not in it. Linked images (those
    of whole folders) are not copied: their files lie where they are.

    Args:
        folder: the data folder.
        target: the file, which is there whole when this returns, and as it was before if it raises.
        app_version: the version of this program.
        now: the time.
        passphrase: encrypts the backup; whoever restores it needs it, and nobody can without.
        key: the history's key, if it is encrypted.
        progress: called with the bytes that were written and read back.
        is_stopped: polled regularly.

    Raises:
        RecordsError: there is no history, too little space, or what was written cannot be read back.
        PassphraseError: the passphrase is too short.
        Stopped: `is_stopped` returned True.
    """
    source = folder / FILE_NAME
    if not source.exists():
        raise RecordsError(tr("There is no history in “{folder}” yet: nothing was backed up."), folder=folder)
    if key is not None and is_under_way(folder):  # its zip would have them plain
        raise RecordsError(
            tr("Some images in “{folder}” are not encrypted yet. Close all windows of LesionLens and start it again."),
            folder=folder,
        )
    with (
        file_errors_explained(target),
        closing(FolderUse(folder / IN_USE)),
        tempfile.TemporaryDirectory(dir=folder, prefix=BACKING_UP) as temporary,
    ):
        copy = Path(temporary) / FILE_NAME
        with closing(connect(source, key, timeout=60)) as connection:
            copy_database(connection, copy, key)
        try:
            found = look(copy, is_stopped, key)
        except AlteredError as error:
            raise RecordsError(
                tr("The history in “{folder}” was altered by another program: nothing was backed up."), folder=folder
            ) from error
        stored = [(name, folder / name) for name in found.images]
        beside = [name for name in BESIDE if (folder / name).exists() and (name != KEYS or key is not None)]
        files = [(FILE_NAME, copy), *((name, folder / name) for name in beside)]
        files += [(name, path) for name, path in stored if path.exists()]
        total = 2 * sum(path.stat().st_size for _name, path in files)
        if shutil.disk_usage(target.parent).free < total // 2:
            raise RecordsError(
                tr("“{folder}” has too little space: the backup takes {size} MB. Choose another place."),
                folder=target.parent,
                size=total // 2_000_000 + 1,
            )
        step = ByteCopy(total, progress, is_stopped)
        with whole_file(target) as written:
            with _stream(written, passphrase) as stream:
                manifest = _write(stream, files, found, step, app_version, now, key)
            _verify(written, stream.key if isinstance(stream, EncryptedWriter) else None, step, target.name)
    missing = tuple(name for name, _path in stored if name not in manifest.files)
    return BackedUp(target, manifest, missing, found.damaged)


def _stream(path: Path, passphrase: Passphrase | None) -> IO[bytes] | EncryptedWriter:
    return path.open("wb") if passphrase is None else EncryptedWriter(path, passphrase)


def _write(
    stream: IO[bytes] | EncryptedWriter,
    files: list[tuple[str, Path]],
    found: DatabaseContents,
    step: ByteCopy,
    app_version: str,
    now: datetime,
    key: Key | None,
) -> Manifest:
    hashes = {}
    cipher = None if key is None else FileCipher(key)
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:  # images do not compress further
        for name, source in files:
            with source.open("rb") as read, archive.open(name, "w", force_zip64=True) as written:
                sha256 = step.copy(chunks(read), written)
            # A damaged copy stays in the zip as a file that no restore reads.
            if _is_sound(name, sha256, source, cipher):
                hashes[name] = sha256
        manifest = Manifest(VERSION, found.layout, app_version, now, found.entries, found.patients, hashes, found.head)
        archive.writestr(MANIFEST, msgspec.json.encode(manifest))
    return manifest


def _verify(path: Path, key: Key | None, step: ByteCopy, name: str) -> None:
    """Read a backup that was just written back; `name` is what it is going to be called."""
    try:
        with opened(path, key) as backup:
            for kept, sha256 in backup.manifest().files.items():
                if step.copy(backup.chunks(kept), None) != sha256:
                    raise damaged_backup(path)
    except RecordsError as error:
        raise RecordsError(
            tr("“{name}” cannot be read back as it was written: the disk may be faulty. Choose another place."),
            name=name,
        ) from error


def _is_sound(name: str, sha256: str, source: Path, cipher: FileCipher | None) -> bool:
    """Tell whether an image has the content that its name says; other files have no such name."""
    image = IMAGE.fullmatch(name)
    if image is None:
        return True
    return image[2] == sha256 if cipher is None else holds_image(source, cipher)
