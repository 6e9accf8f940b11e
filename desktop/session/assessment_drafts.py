"""Drafts of assessments: what a clinician has entered for an image but not committed, stored beside the history."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.core.late import Late
from desktop.core.private_files import make_folder
from desktop.core.whole_files import whole_file

if TYPE_CHECKING:
    import msgspec

    from desktop.core import draft as drafts
    from desktop.core.draft import Draft
    from desktop.core.encryption import file_cipher
    from desktop.core.encryption.keys import Key
else:
    drafts = Late("desktop.core.draft")
    msgspec = Late("msgspec")
    file_cipher = Late("desktop.core.encryption.file_cipher")

logger = logging.getLogger(__name__)

_FILE = "drafts.json"


class AssessmentDrafts:
    """One draft for each image, by its SHA-256, in a file of the data folder, where a crash does not lose them."""

    def __init__(self, folder: Path, key: Key | None = None) -> None:
        """Use the drafts of a data folder; `key` is the history's, if it is encrypted."""
        self._path = folder / _FILE
        self.use_key(key)
        self._has_changed = False

    def use_key(self, key: Key | None) -> None:
        """Write with another key from now on: the history was encrypted or decrypted."""
        self._cipher = None if key is None else file_cipher.FileCipher(key)
        self._is_locked = False

    def lock(self) -> None:
        """Forget the key until the next `use_key`; `save` writes nothing meanwhile."""
        self.of("")  # reads the file, if nobody has yet
        self._cipher = None
        self._is_locked = True

    def of(self, sha256: str) -> Draft:
        """Return the draft for an image, or the empty draft if there is none."""
        return self._drafts.get(sha256, drafts.EMPTY_DRAFT)

    def put(self, sha256: str, draft: Draft) -> None:
        """Hold a draft until `save`; an empty draft is removed."""
        if draft == self.of(sha256):
            return
        if draft == drafts.EMPTY_DRAFT:
            del self._drafts[sha256]
        else:
            self._drafts[sha256] = draft
        self._has_changed = True

    def commit(self, sha256s: Iterable[str], draft: Draft) -> None:
        """Hold a draft that is being written into the history as that of these images, and save the file.

        It is kept until the history has it. If the program ends before that is known, the draft tells by its time whether
        an assessment of the history is this one (`ImageStatus.has_written`).
        """
        committed = replace(draft, committed=dt.datetime.now(dt.UTC))
        self._drafts.update(dict.fromkeys(sha256s, committed))
        self._has_changed = True
        self.save()

    def forget(self, sha256: str) -> None:
        """Remove the draft for an image that was committed, or whose patient was erased."""
        self.put(sha256, drafts.EMPTY_DRAFT)

    def forget_all(self, sha256s: Iterable[str]) -> None:
        """Remove the drafts for erased images, and save the file."""
        for sha256 in sha256s:
            self.forget(sha256)
        self.save()

    def save(self) -> bool:
        """Write the drafts if any has changed; return False if that failed, or they are locked. They then stay in memory."""
        if not self._has_changed:
            return True
        if self._is_locked:
            return False
        try:
            make_folder(self._path.parent)
            content = msgspec.json.encode(self._drafts)
            with whole_file(self._path) as written:
                written.write_bytes(content if self._cipher is None else self._cipher.encrypt(content, _FILE))
        except OSError as error:
            logger.warning("the drafts cannot be written: %s", error)
            return False
        self._has_changed = False
        return True

    @cached_property
    def _drafts(self) -> dict[str, Draft]:
        return self._read()

    def _read(self) -> dict[str, Draft]:
        try:
            data = self._path.read_bytes()
            content = data if self._cipher is None else self._cipher.decrypt(data, _FILE)
            return msgspec.json.decode(content, type=dict[str, drafts.Draft])
        except FileNotFoundError:
            return {}
        except (OSError, RecursionError, ValueError) as error:
            logger.warning("the drafts cannot be read, they are set aside: %s", error)
            with suppress(OSError):
                self._path.replace(self._path.with_suffix(".unreadable"))
            return {}
