"""The folder through which a practice system and LesionLens exchange GDT files.

A file is named by its receiver and its sender, four characters of each, with `.GDT` or, where several may wait, a number:
`LSNLPVS1.GDT`, `LSNLPVS1.001`.
"""

import errno
import os
import re
from dataclasses import dataclass
from pathlib import Path

from desktop.core.errors import AppError
from desktop.core.exchange.asked_patient import AskedPatient
from desktop.core.exchange.gdt_lines import MOST_BYTES, CharacterSet, GdtError
from desktop.core.exchange.gdt_records import (
    FindingsField,
    Request,
    RequestKind,
    Result,
    read_request,
    write_request,
    write_result,
)
from desktop.core.marking import tr

REJECTED = ".rejected"
"""Ends the name of a file that cannot be understood: it is put aside, and nothing of it is lost."""

_MOST_WAITING = 999
MOST_RESULTS = _MOST_WAITING + 1
"""How many results a folder can hold: one that ends in `.GDT`, and the counted ones."""

_ID = re.compile(r"[A-Za-z0-9_-]{4,8}")


@dataclass(frozen=True)
class Connection:
    """How LesionLens and one practice system reach each other; ids have 4 to 8 letters or digits."""

    folder: Path
    own_id: str = "LSNL"
    system_id: str = "PVS1"
    character_set: CharacterSet = CharacterSet.ISO_8859_1
    test: str = "DERM"
    findings_field: FindingsField = FindingsField.FINDING

    def check(self) -> None:
        """Check that files can be named so.

        Raises:
            GdtError: an id is too short or long, has other characters, or both begin alike; or the folder is not there.
        """
        for one in (self.own_id, self.system_id):
            if not _ID.fullmatch(one):
                raise GdtError(tr("“{id}” is no GDT id: use 4 to 8 letters and digits."), id=one)
        if self.own_id[:4].casefold() == self.system_id[:4].casefold():
            raise GdtError(tr("The two GDT ids must differ in their first four characters."))
        if not self.folder.is_absolute():  # as one that was not chosen is
            raise GdtError(tr("Choose the folder of the practice system."))
        if not self.folder.is_dir():
            raise GdtError(tr("The GDT folder “{folder}” is not there."), folder=self.folder)


def waiting_requests(connection: Connection) -> list[Path]:
    """Return the files for us, the oldest first.

    Raises:
        GdtError: the folder cannot be read.
    """
    begin = _stem(connection.own_id, connection.system_id)
    wanted = re.compile(rf"{re.escape(begin)}\.(gdt|\d{{3}})", re.IGNORECASE)
    try:
        found = [path for path in connection.folder.iterdir() if wanted.fullmatch(path.name) and path.is_file()]
        return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name))
    except OSError as error:
        raise _folder_error(connection.folder, error) from error


def take_request(path: Path, connection: Connection) -> Request:
    """Read a request and delete its file; a file that cannot be understood is put aside.

    Raises:
        GdtError: it cannot be understood, or its file cannot be read or deleted: then nothing may be done of it.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise GdtError(tr("“{name}” is too large for a GDT file."), name=path.name)  # noqa: TRY301 - as any other
        request = read_request(path.read_bytes(), path.name, receiver=connection.own_id)
        path.unlink()
    except GdtError:
        _put_aside(path)
        raise
    except OSError as error:
        raise GdtError(
            tr("The request “{name}” cannot be read or deleted ({detail}). Check the permissions of the folder."),
            name=path.name,
            detail=error.strerror or error,
        ) from error
    return request


def put_result(result: Result, connection: Connection) -> Path:
    """Write a result into the folder, under a name that no unread result has; return its path.

    Raises:
        GdtError: the folder cannot be written, or too many results wait.
    """
    data = write_result(
        result,
        receiver=connection.system_id,
        sender=connection.own_id,
        character_set=connection.character_set,
        findings_field=connection.findings_field,
    )
    return _put(data, connection.folder, _stem(connection.system_id, connection.own_id))


def try_out(connection: Connection) -> None:
    """Write a request to ourselves into the folder, read it and delete it.

    Raises:
        GdtError: something of that fails; the sentence says what.
    """
    connection.check()
    patient = AskedPatient("TEST-1", "Müßterfrau", "Änne", None, "female")
    request = Request(RequestKind.EXAMINATION, patient, connection.test, connection.own_id, connection.own_id)
    data = write_request(request, connection.character_set)
    path = _put(data, connection.folder, _stem(connection.own_id, connection.own_id))
    found = take_request(path, connection)
    if write_request(found, connection.character_set) != data:
        raise GdtError(tr("What was read from “{folder}” is not what was written."), folder=connection.folder)


def _put(data: bytes, folder: Path, stem: str) -> Path:
    written = folder / f"{stem}.tmp"
    try:
        with written.open("wb") as file:  # readable as the umask allows: the practice system may run as another user
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        for extension in ("GDT", *(f"{number:03}" for number in range(1, _MOST_WAITING + 1))):
            target = folder / f"{stem}.{extension}"
            if _rename_to_new(written, target):
                return target
    except OSError as error:
        raise _folder_error(folder, error) from error
    finally:
        written.unlink(missing_ok=True)
    raise GdtError(
        tr("{count} results wait unread in “{folder}”: is the practice system connected?"),
        count=_MOST_WAITING,
        folder=folder,
    )


def _rename_to_new(written: Path, target: Path) -> bool:
    """Give a file a name that no other has; return False if one has it."""
    if target.exists():
        return False
    try:
        os.link(written, target)  # fails if the name has come up meanwhile, which a rename would overwrite
    except FileExistsError:
        return False
    except OSError:  # a file system without links, as of many shares
        if target.exists():
            return False
        written.rename(target)
    return True


def _put_aside(path: Path) -> None:
    for number in range(1, _MOST_WAITING + 1):
        aside = path.with_name(f"{path.name}{REJECTED}{number if number > 1 else ''}")
        if not aside.exists():
            try:
                path.rename(aside)
            except OSError as error:
                raise _folder_error(path.parent, error) from error
            return


def _stem(receiver: str, sender: str) -> str:
    return f"{receiver[:4]}{sender[:4]}".upper()


def _folder_error(folder: Path, error: OSError) -> AppError:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return GdtError(tr("The disk is full: nothing was written into “{folder}”."), folder=folder)
    return GdtError(
        tr("The GDT folder “{folder}” cannot be used ({detail})."), folder=folder, detail=error.strerror or error
    )
