"""The names of a data folder's contents."""

import re

from desktop.core.records.images import IMAGES, THUMBNAILS
from desktop.core.records.schema import FILE_NAME

SETTINGS = "settings.ini"
IN_USE = "in-use.lock"
REFUSED = "refused.txt"
"""The file of wrong passphrases, see `refused_tries`."""
KEYS = "keys.json"
"""The key file of an encrypted history."""
DRAFTS = "drafts.json"
BESIDE = (DRAFTS, KEYS)
"""The files that belong to the history besides the database, if they exist."""
UNDER_WAY = "converting"
"""The file that marks that images are being encrypted or decrypted; it is empty."""
JOURNAL = "restore.json"
"""The file that marks a restore, see `restore_step`."""

AUTOMATIC = "backups"
"""The folder of the copies made before a newer version changes the layout."""
BACKING_UP = ".backup-"
"""Prefix of the folder into which a history is copied for a backup."""
UNPACKED = ".restoring-"
"""Prefix of the folder into which a backup is unpacked."""
BEFORE = "before restore "
"""Prefix of the folder that holds a history replaced by a backup."""
CONVERTED = ".converted-"
"""Prefix of the folder that holds a history until its encrypted, or decrypted, copy has taken its place."""

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
