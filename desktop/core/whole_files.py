"""Files written whole or not at all: a new file is written beside the target, then replaces it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from desktop.core.errors import SaveError
from desktop.core.marking import tr

_PRIVATE, _SHARED = 0o600, 0o666
"""Permissions of a new file on POSIX: for its owner alone, or those that the umask leaves."""


@contextmanager
def whole_file(path: Path, *, durable: bool = True) -> Iterator[Path]:
    """Yield an empty file that replaces `path` when the block ends, and is deleted if it raises.

    Its name begins with that of `path`, so that deleting an image also finds what a killed program left. Only its owner can
    read it.

    Args:
        path: the file, in an existing folder.
        durable: wait until it is on the disk.

    Raises:
        OSError: it cannot be written.
    """
    with _taking_the_place_of(path, _PRIVATE, durable=durable) as written:
        yield written


def save_file(target: Path, content: bytes) -> None:
    """Write a file that the user chose, and wait until it is on the disk. Slow: run it off the GUI thread.

    A new file has the permissions that the umask leaves. An existing one keeps its own, and is not replaced if they forbid
    writing. A symbolic link is followed, not replaced.

    Raises:
        SaveError: it cannot be written; an existing file is unchanged.
    """
    real = Path(os.path.realpath(target))
    try:
        if real.exists():
            real.open("rb+").close()  # raises if its permissions forbid writing, which a replacement would ignore
        with _taking_the_place_of(real, _SHARED, durable=True) as written:
            written.write_bytes(content)
            with suppress(FileNotFoundError):
                written.chmod(real.stat().st_mode)
    except OSError as error:
        raise SaveError(
            tr("“{name}” cannot be written ({detail}). Choose another place."),
            name=target.name,
            detail=error.strerror or error,
        ) from error


@contextmanager
def _taking_the_place_of(path: Path, mode: int, *, durable: bool) -> Iterator[Path]:
    written = path.with_name(f"{path.name}.{os.urandom(4).hex()}.partial")
    os.close(os.open(written, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode))
    try:
        yield written
        if durable:
            with written.open("rb+") as file:
                os.fsync(file.fileno())
        written.replace(path)
    finally:
        written.unlink(missing_ok=True)
    if durable:
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make new names in a folder survive a power cut; Windows has no such call and needs none."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
