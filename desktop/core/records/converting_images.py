"""Encrypts the images of a store, or decrypts them, one after the other and each in its place.

Each image is whole at every moment: its other form is written beside it, read back, and then replaces it. An encrypted history
reads images in both forms (`ImageStore`). A file marks that a conversion is under way; if the program is killed, the next start
encrypts what is still plain in an encrypted history (`remains.sweep`).
"""

import logging
from collections.abc import Callable
from pathlib import Path

from desktop.core.encryption.encrypted_file import DamagedFileError
from desktop.core.encryption.file_cipher import MAGIC, FileCipher
from desktop.core.encryption.keys import Key
from desktop.core.errors import RecordsError
from desktop.core.marking import tr
from desktop.core.records.data_folder import UNDER_WAY
from desktop.core.records.images import IMAGES
from desktop.core.whole_files import sync_folder, whole_file

logger = logging.getLogger(__name__)


def stored_images(folder: Path) -> list[Path]:
    """Return the images in a data folder's store."""
    return [path for path in sorted((folder / IMAGES).glob("*/*")) if path.suffix != ".partial"]


def begin_conversion(folder: Path) -> None:
    """Mark that the images of a data folder may be in both forms from now on.

    Raises:
        OSError: the mark cannot be written.
    """
    with whole_file(folder / UNDER_WAY):
        pass


def is_under_way(folder: Path) -> bool:
    """Tell whether some images of an encrypted history may still be plain."""
    return (folder / UNDER_WAY).exists()


def end_conversion(folder: Path) -> None:
    """Remove the mark: all images have the form of the history. If it cannot be removed, the next start tries again."""
    try:
        (folder / UNDER_WAY).unlink(missing_ok=True)
        sync_folder(folder)
    except OSError as error:
        logger.warning("the mark of a conversion cannot be removed yet: %s", error.strerror)


def convert_images(folder: Path, key: Key, step: Callable[[Path], None], *, is_encrypted: bool) -> None:
    """Give every image of a data folder the same form.

    Args:
        folder: the data folder, which nobody else uses.
        key: the history's key.
        step: called before each image is converted.
        is_encrypted: the form.

    Raises:
        OSError: an image cannot be read or written; it is as it was, and so are those after it.
        RecordsError: an image cannot be read back as it was written.
    """
    cipher = FileCipher(key)
    for path in stored_images(folder):
        step(path)
        _convert(path, cipher, is_encrypted=is_encrypted)


def finish_conversion(folder: Path, key: Key | None) -> None:
    """Encrypt what a conversion that was interrupted left plain in an encrypted history.

    An image that cannot be converted stays as it is until the next call.

    Args:
        folder: the data folder, which nobody else uses.
        key: the history's key; None if it is plain, when no image was left encrypted.
    """
    if not is_under_way(folder):
        return
    left = 0
    if key is not None:
        cipher = FileCipher(key)
        for path in stored_images(folder):
            try:
                _convert(path, cipher, is_encrypted=True)
            except (OSError, RecordsError) as error:
                left += 1
                logger.warning("an image cannot be encrypted yet: %s", error)
    if not left:
        end_conversion(folder)


def _convert(path: Path, cipher: FileCipher, *, is_encrypted: bool) -> None:
    """Give an image a form, unless it has it; one that is encrypted and damaged stays as it is."""
    data = path.read_bytes()
    if data.startswith(MAGIC) == is_encrypted:
        return
    name = path.name[:64]
    try:
        converted = cipher.encrypt(data, name) if is_encrypted else cipher.decrypt(data, name)
    except DamagedFileError:
        return
    with whole_file(path) as written:
        written.write_bytes(converted)
        found = written.read_bytes()
        if found != converted or (is_encrypted and cipher.decrypt(found, name) != data):
            raise RecordsError(
                tr("The image “{file}” cannot be read back as it was written. The disk may be faulty."), file=path
            )
