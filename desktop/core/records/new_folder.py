"""A folder of exported pictures: written whole under another name, or not at all."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.core.errors import AppError, RecordsError
from desktop.core.late import Late
from desktop.core.marking import tr
from desktop.core.private_files import make_folder, private
from desktop.core.records.values import KeptImage

if TYPE_CHECKING:
    from desktop.core.imaging import opening
else:
    opening = Late("desktop.core.imaging.opening")


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """Yield an empty folder beside `target`, to be renamed to it in the block; what was not renamed is deleted.

    Raises:
        RecordsError: the target is there already, the disk is full or cannot be written.
    """
    if target.exists():
        raise RecordsError(tr("“{folder}” is there already. Move it away, or choose another place."), folder=target)
    partial = target.with_name(f"{target.name}.partial")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        make_folder(partial)
        yield partial
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise RecordsError(
                tr("The disk is full: “{folder}” was not written. Free some space, then try again."), folder=target
            ) from error
        raise RecordsError(
            tr("“{folder}” cannot be written ({detail}). Choose another place."),
            folder=target,
            detail=error.strerror or error,
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def write_picture(image: KeptImage, path: Path, read: Callable[[KeptImage], bytes], at_least: int) -> bool:
    """Write an image as it is decoded, as PNG without metadata; return False if it cannot be read, or is damaged.

    Args:
        image: the image.
        path: the file.
        read: returns the bytes of a kept image, or raises `AppError`.
        at_least: the pixels that both sides of a JPEG keep, see `decode_checked`.
    """
    try:
        decoded = opening.decode_checked(read(image), image.name, at_least)
    except AppError:
        return False
    if decoded.is_damaged:
        return False
    with open(path, "wb", opener=private) as file:
        decoded.image.save(file, "PNG")
    return True
