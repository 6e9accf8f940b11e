"""Wrong passphrases for an encrypted history, noted in a file beside it.

Without the key they cannot go into the audit log: whoever opens the history next moves them there. Whoever deletes the file
hides them, but opens nothing by that.
"""

import logging
import re
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Literal

from desktop.core.private_files import private
from desktop.core.records.audit_acts import Action
from desktop.core.records.data_folder import REFUSED
from desktop.core.records.entries import time_text
from desktop.core.records.history import History, utc_now

logger = logging.getLogger(__name__)

Where = Literal["history", "lock"]

_MOST = 1 << 20
"""Bytes of the file, 20,000 tries, each of which takes a second."""

_LINE = re.compile(r"(\S+) (history|lock)")


def note_refused(folder: Path, where: Where) -> None:
    """Note a wrong passphrase or recovery key, entered at the start (`history`) or at the lock."""
    file = folder / REFUSED
    try:
        with open(file, "a", encoding="ascii", opener=private) as written:
            if written.tell() < _MOST:
                written.write(f"{time_text(utc_now())} {where}\n")
    except OSError as error:
        logger.warning("a wrong passphrase cannot be noted: %s", error)


def log_refused(history: History, folder: Path) -> None:
    """Move what was noted into the audit log. If the program ends on the way, the next call logs it once more.

    Raises:
        RecordsError: it cannot be written; the notes stay.
    """
    file = folder / REFUSED
    try:
        with file.open("rb") as noted:
            text = noted.read(_MOST).decode("ascii", "replace")
    except OSError:  # there are none
        return
    with history.together():
        for line in text.splitlines():
            if (found := _LINE.fullmatch(line)) is not None:
                with suppress(ValueError):  # no time: another program wrote it
                    time = datetime.fromisoformat(found[1])
                    history.audit.note(Action.UNLOCK_REFUSED, {"of": found[2]}, by="", time=time)
    try:
        file.unlink()
    except OSError as error:
        logger.warning("notes of wrong passphrases cannot be deleted: %s", error)
