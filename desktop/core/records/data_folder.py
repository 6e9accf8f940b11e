"""The names of a data folder's contents."""

import re

from desktop.core.records.backup_file import BESIDE
from desktop.core.records.converting_images import UNDER_WAY
from desktop.core.records.copying import AUTOMATIC
from desktop.core.records.images import IMAGES, THUMBNAILS
from desktop.core.records.restore_step import BEFORE, CONVERTED, JOURNAL, UNPACKED
from desktop.core.records.schema import FILE_NAME

SETTINGS = "settings.ini"
IN_USE = "in-use.lock"
REFUSED = "refused.txt"
"""The file of wrong passphrases, see `refused_tries`."""
BACKING_UP = ".backup-"
"""Prefix of the folder into which a history is copied for a backup."""

_FILES = (FILE_NAME, JOURNAL, SETTINGS, IN_USE, REFUSED, UNDER_WAY, *BESIDE)
_FOLDERS = (IMAGES, THUMBNAILS, AUTOMATIC)
OURS = re.compile(
    "|".join(
        (
            *(f"{re.escape(name)}.*" for name in _FILES),  # and what is written beside it on the way
            *map(re.escape, _FOLDERS),
            *(f"{re.escape(name)}.*" for name in (UNPACKED, BEFORE, CONVERTED, BACKING_UP)),
        )
    )
)
"""The names that this program gives to files and folders in a data folder."""
