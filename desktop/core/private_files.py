"""Files and folders for their owner alone, from the first moment: what stands in them is of patients.

On POSIX the permissions say so, whatever the user's umask is. On Windows a file takes the access list of its folder; that of
the user's profile, where the data lie, admits the user, the system and its administrators.
"""

import logging
import os
import re
import stat
from contextlib import suppress
from pathlib import Path

logger = logging.getLogger(__name__)

_OTHERS = 0o077


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing; one that is there stays as it is.

    Raises:
        OSError: it cannot be made, or a file is in its place.
    """
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def make_file(file: Path) -> None:
    """Make an empty file; one that is there stays as it is.

    Raises:
        OSError: it cannot be made.
    """
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def private(name: str, flags: int) -> int:
    """Open a file, which is made if it is missing; for `open(..., opener=private)`."""
    return os.open(name, flags, 0o600)


def take_from_others(folder: Path, ours: re.Pattern[str]) -> None:
    """Take away what others may do with files and folders that an earlier version made.

    What has another name in the folder is left as it is, and then so is the folder itself: somebody has chosen it who keeps
    other things there, too.

    Args:
        folder: a folder of ours.
        ours: the names that we give to what is in it.
    """
    if os.name != "posix":
        return
    try:
        found = list(folder.iterdir())
        own = [path for path in found if ours.fullmatch(path.name)]
        for path in own:
            _take(path)
        if len(own) == len(found):
            _take(folder)
    except OSError as error:  # they are another user's, who has to do it
        logger.warning("some files stay open to others: %s", error.strerror)


def _take(path: Path) -> None:
    """The folder after what is in it: one that nobody else may enter was done before, with all in it."""
    mode = path.lstat().st_mode
    if not mode & _OTHERS or not (stat.S_ISDIR(mode) or stat.S_ISREG(mode)):
        return
    if stat.S_ISDIR(mode):
        for child in path.iterdir():
            _take(child)
    path.chmod(stat.S_IMODE(mode) & ~_OTHERS)
