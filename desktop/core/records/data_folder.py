"""What lies in a data folder, by name."""

import re

from desktop.core.records.backup_file import BESIDE
from desktop.core.records.copying import AUTOMATIC
from desktop.core.records.images import IMAGES, THUMBNAILS
from desktop.core.records.restore_step import BEFORE, JOURNAL, UNPACKED
from desktop.core.records.schema import FILE_NAME

SETTINGS = "settings.ini"

_FILES = (FILE_NAME, JOURNAL, SETTINGS, *BESIDE)
_FOLDERS = (IMAGES, THUMBNAILS, AUTOMATIC)
OURS = re.compile(
    "|".join(
        (
            *(f"{re.escape(name)}.*" for name in _FILES),  # and what is written beside it on the way
            *map(re.escape, _FOLDERS),
            *(f"{re.escape(name)}.*" for name in (UNPACKED, BEFORE, ".backup-")),
        )
    )
)
"""The names that this program gives to files and folders in a data folder."""
