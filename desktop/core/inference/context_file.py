"""Reads what is known of the patients of a folder's images: a CSV table with the columns file, age, sex and site."""

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path

from desktop.core.errors import UsageError
from desktop.core.inference.context import age_band_of, sex_of, site_of
from desktop.core.marking import tr
from desktop.core.patient_context import NOTHING_GIVEN, PatientContext
from desktop.core.urls import is_url, path_text

_FILE = "file"
_READERS: dict[str, Callable[[str], str]] = {"age": age_band_of, "sex": sex_of, "site": site_of}
_NAMES = ", ".join((_FILE, *_READERS))
_MOST_BYTES = 100_000_000


class ContextTable:
    """The rows of a table called `name`, by the path or the bare name of an image."""

    def __init__(self, name: str, folder: Path, rows: Mapping[str, PatientContext]) -> None:
        """`read_context` reads one from a file; relative paths begin in `folder`."""
        self.name = name
        self._rows = rows
        self._paths = {(folder / file).resolve(): context for file, context in rows.items()}

    def has(self, path: Path) -> bool:
        """Tell whether an image has a row."""
        return any(found is not None for found in self._found(path))

    def of(self, path: Path) -> PatientContext:
        """Return what is known of an image's patient: by its path as given, its path, or its bare name."""
        for found in self._found(path):
            if found is not None:
                return found
        return NOTHING_GIVEN

    def _found(self, path: Path) -> tuple[PatientContext | None, ...]:
        resolved = None if is_url(path) else self._paths.get(path.resolve())
        return self._rows.get(path_text(path)), resolved, self._rows.get(path.name)


def read_context(path: Path) -> ContextTable:
    """Read a table; its columns may be parted by commas or semicolons.

    Raises:
        UsageError: it cannot be read, lacks a column, holds a word that is not known, or names a file twice.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _unreadable(path, tr("too large"))
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from error
    head = text.partition("\n")[0]
    table = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in head and "," not in head else ",")
    rows: dict[str, PatientContext] = {}
    try:
        names = {name: name.strip().casefold() for name in table.fieldnames or () if name}
        if _FILE not in names.values() or not _READERS.keys() & set(names.values()):
            raise UsageError(
                tr("“{name}” lacks a column. It needs file, and one or more of age, sex and site."), name=path.name
            )
        for row in table:
            cells = {names[name]: (value or "").strip() for name, value in row.items() if name in names}
            if not cells[_FILE]:
                continue
            context = _context(cells, path, table.line_num)
            if rows.setdefault(cells[_FILE], context) != context:
                raise UsageError(
                    tr("“{name}” says two things of “{file}”. Leave one row of it."), name=path.name, file=cells[_FILE]
                )
    except csv.Error as error:
        raise _unreadable(path, error) from error
    return ContextTable(path.name, path.absolute().parent, rows)


def _context(cells: dict[str, str], path: Path, line: int) -> PatientContext:
    try:
        age_band, sex, site = (read(cells.get(name, "")) for name, read in _READERS.items())
    except UsageError as error:
        raise UsageError(tr("“{name}”, line {line}: {detail}"), name=path.name, line=line, detail=error) from error
    return PatientContext(age_band, sex, site)


def _unreadable(path: Path, detail: object) -> UsageError:
    return UsageError(
        tr("“{name}” cannot be read as a table of {names} ({detail})."), name=path.name, names=_NAMES, detail=detail
    )
