"""The image store: a byte-identical copy of each image that was opened singly or pasted, found by its SHA-256."""

from __future__ import annotations

import errno
import hashlib
import io
import logging
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.core.encryption.encrypted_file import DamagedFileError
from desktop.core.encryption.file_cipher import MAGIC, FileCipher
from desktop.core.encryption.keys import Key
from desktop.core.errors import ImageError, RecordsError
from desktop.core.late import Late
from desktop.core.marking import tr
from desktop.core.private_files import make_folder
from desktop.core.whole_files import whole_file

if TYPE_CHECKING:
    from desktop.core.imaging import opening
    from desktop.core.records.values import KeptImage
else:
    opening = Late("desktop.core.imaging.opening")

logger = logging.getLogger(__name__)

IMAGES = "images"
"""Folder of the copies, within the data folder."""

THUMBNAILS = "thumbnails"

_SHA256 = re.compile(r"[0-9a-f]{64}")

THUMBNAIL_SIDE = 256
"""The longer side of a thumbnail in pixels: twice the 128 points at which it is shown, for screens at 200 %."""

_EXTENSIONS = {
    "JPEG": ".jpg",
    "MPO": ".jpg",
    "PNG": ".png",
    "TIFF": ".tif",
    "BMP": ".bmp",
    "WEBP": ".webp",
    "DICOM": ".dcm",
    "HEIC": ".heic",
    "AVIF": ".avif",
    "JPEG 2000": ".jp2",
    "JPEG-LS": ".jls",
}

EXTENSIONS = ("", *dict.fromkeys(_EXTENSIONS.values()))
"""The extensions of copies. Never remove one: histories name copies that have it."""


def extension_of(image_format: str) -> str:
    """Return the extension of a file of a format, as its header names it; empty if the format has none."""
    return _EXTENSIONS.get(image_format, "")


class ImageStore:
    """The copies under one data folder, and the cache of thumbnails beside them; may be used from any thread."""

    def __init__(self, folder: Path, key: Key | None = None) -> None:
        """Use the store of a data folder; it is made when the first image comes.

        Args:
            folder: the data folder, the same as the history's.
            key: the history's key, if it is encrypted.
        """
        self._cipher = None if key is None else FileCipher(key)
        self._images = folder.absolute() / IMAGES
        self._thumbnails = folder.absolute() / THUMBNAILS

    def add(self, data: bytes, image_format: str) -> Path:
        """Store a copy, unless it is there; return where it lies. It is safe on the disk when this returns.

        Args:
            data: the bytes of the file.
            image_format: the format as the header names it; it chooses the extension.

        Raises:
            RecordsError: the disk is full or cannot be written; nothing is left behind.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        path = self._images / sha256[:2] / (sha256 + extension_of(image_format))
        try:
            if not path.exists() or self._image(path, sha256) != data:  # a damaged copy is replaced
                make_folder(path.parent)
                with whole_file(path) as written:
                    written.write_bytes(data if self._cipher is None else self._cipher.encrypt(data, sha256))
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise RecordsError(
                    tr("The disk is full: the image was not saved in “{folder}”. Free some space, then try again."),
                    folder=self._images,
                ) from error
            raise RecordsError(
                tr("The image cannot be saved in “{folder}” ({detail}). Check the permissions of the folder."),
                folder=self._images,
                detail=error.strerror or error,
            ) from error
        return path

    def read(self, sha256: str) -> bytes:
        """Return the bytes of a stored image.

        Raises:
            RecordsError: the copy is missing, cannot be read, or is not what was stored, or that is no hash.
        """
        for path in sorted((self._images / _checked(sha256)[:2]).glob(f"{sha256}*")):
            if path.suffix == ".partial":  # of a program that was killed while it wrote
                continue
            try:
                data = self._image(path, sha256)
            except OSError as error:
                raise RecordsError(
                    tr("The stored image “{file}” cannot be read ({detail}). Check its permissions."),
                    file=path,
                    detail=error.strerror or error,
                ) from error
            if data is None or hashlib.sha256(data).hexdigest() != sha256:
                raise RecordsError(
                    tr("The stored image “{file}” is damaged or was altered. Restore it from a backup."), file=path
                )
            return data
        raise RecordsError(
            tr("The stored image {sha256} is missing from “{folder}”. Restore it from a backup."),
            sha256=sha256,
            folder=self._images,
        )

    def read_kept(self, image: KeptImage) -> bytes:
        """Return the bytes of an image of the history: of its copy, or of the file that is linked.

        Raises:
            AppError: the image is missing, or is not what was saved.
        """
        if image.stored:
            return self.read(image.sha256)
        data = opening.read_file(image.path)
        if hashlib.sha256(data).hexdigest() != image.sha256:
            raise RecordsError(
                tr("“{name}” is not the image that was classified: the file was changed since."), name=image.name
            )
        return data

    def remove(self, sha256s: Iterable[str]) -> None:
        """Delete the copies and the thumbnails of images for good.

        Raises:
            RecordsError: some could not be deleted; the sentence names them. All others are gone.
        """
        left, detail = [], ""
        for sha256 in sha256s:
            for folder in (self._images, self._thumbnails):
                for path in sorted((folder / _checked(sha256)[:2]).glob(f"{sha256}*")):
                    try:
                        path.unlink(missing_ok=True)
                    except OSError as error:
                        left.append(str(path))
                        detail = error.strerror or str(error)
        if left:
            raise RecordsError(
                tr(
                    "The history forgot these images, but their files cannot be deleted yet ({detail}). LesionLens tries "
                    "again at its next start; or delete them yourself: {files}"
                ),
                detail=detail,
                files=", ".join(left),
            )

    def thumbnail(self, sha256: str, original: Path) -> bytes | None:
        """Return a small JPEG of an image, made from its file at the first call and kept in a cache.

        None if the original is missing, cannot be decoded or has become another image.
        """
        cached = self._thumbnails / _checked(sha256)[:2] / f"{sha256}.jpg"
        try:
            kept = self._content(cached, f"thumbnail {sha256}")
            if kept is not None:
                return kept
        except OSError:
            logger.debug("no thumbnail of %s yet", sha256)
        try:
            is_encrypted = self._cipher is not None and original.is_relative_to(self._images)
            data = self.read(sha256) if is_encrypted else opening.read_file(original)
            if hashlib.sha256(data).hexdigest() != sha256:
                return None
            image = opening.decode(data, original.name, at_least=THUMBNAIL_SIDE)
        except (ImageError, RecordsError):
            return None
        image.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
        buffer = io.BytesIO()
        image.save(buffer, format="JPEG", quality=85)
        content = buffer.getvalue()
        try:
            make_folder(cached.parent)
            with whole_file(cached, durable=False) as written:
                written.write_bytes(
                    content if self._cipher is None else self._cipher.encrypt(content, f"thumbnail {sha256}")
                )
        except OSError as error:  # without a writable cache only time is lost
            logger.warning("a thumbnail cannot be kept: %s", error)
        return content

    def _image(self, path: Path, sha256: str) -> bytes | None:
        """Return an image's content, which may be damaged; None if it is encrypted and damaged.

        Images of an encrypted history are plain until their conversion has come to them, and the hash tells if they are whole.
        """
        data = path.read_bytes()
        return data if not data.startswith(MAGIC) else self._content(path, sha256)

    def _content(self, path: Path, name: str) -> bytes | None:
        """Return a file's content; None if it is encrypted and damaged."""
        data = path.read_bytes()
        if self._cipher is None:
            return data
        try:
            return self._cipher.decrypt(data, name)
        except DamagedFileError:
            return None


def holds_image(path: Path, cipher: FileCipher) -> bool:
    """Tell whether an encrypted file of the image store has the image that its name says.

    Raises:
        OSError: it cannot be read.
    """
    sha256 = path.name[:64]
    try:
        return hashlib.sha256(cipher.decrypt(path.read_bytes(), sha256)).hexdigest() == sha256
    except DamagedFileError:
        return False


def _checked(sha256: str) -> str:
    """Return a hash, which becomes a part of a path; a history that somebody made up could hold anything.

    Raises:
        RecordsError: it is none.
    """
    if not _SHA256.fullmatch(sha256):
        raise RecordsError(tr("The history names an image in a way that LesionLens does not: it was altered."))
    return sha256
