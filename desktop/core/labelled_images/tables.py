"""Tables in text files, separated by commas, semicolons or tabs, in UTF-8, UTF-16 or Excel's code page."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.core.errors import DataError
from desktop.core.marking import tr

_DELIMITERS = (",", ";", "\t")
_CODE_PAGE = "cp1252"
"""The code page of Excel's CSV files, unless saved as UTF-8, in western Europe and the Americas."""


@dataclass(frozen=True)
class TableRow:
    """A row that is not empty: its line number, and its cells by column name in lower case."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    """A table's columns as written, its rows, and whether its numbers may use a decimal comma."""

    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]
    has_decimal_commas: bool


def read_table(path: Path, needed: Sequence[str], known: Iterable[str]) -> Table:
    """Read a table whose first line names its columns, in any letter case.

    Args:
        path: the file.
        needed: required columns, in lower case.
        known: columns that must not appear twice.

    Raises:
        DataError: the file is not such a table; the sentence says why.
    """
    text = _text(path)
    delimiter = _delimiter(text, needed)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        header = [name.strip() for name in next(reader, [])]
        _check(path, header, needed, known)
        names = [name.casefold() for name in header]
        rows = []
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped[len(names) :]):
                raise DataError(
                    tr(
                        "“{path}”, line {line}: there are {count} cells and only {columns} columns. Put a cell that holds "
                        "“{delimiter}” into quotation marks."
                    ),
                    path=path,
                    line=reader.line_num,
                    count=len(cells),
                    columns=len(names),
                    delimiter=delimiter,
                )
            if any(stripped):
                padded = stripped + [""] * (len(names) - len(stripped))
                rows.append(TableRow(reader.line_num, dict(zip(names, padded, strict=False))))
    except csv.Error as error:
        raise DataError(tr("“{path}” is no CSV ({detail}). Save it as one."), path=path, detail=error) from error
    return Table(tuple(header), tuple(rows), delimiter != ",")


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DataError(tr("“{path}” cannot be read ({detail})."), path=path, detail=error.strerror or error) from error
    is_wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if is_wide else ("utf-8-sig", _CODE_PAGE):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise DataError(tr("“{path}” is no text. Save the table as CSV in UTF-8."), path=path)


def _delimiter(text: str, needed: Sequence[str]) -> str:
    """Return the first delimiter with which the first line has the needed columns, or a comma."""
    first = text.partition("\n")[0]
    for delimiter in _DELIMITERS:
        names = next(csv.reader([first], delimiter=delimiter), [])
        if set(needed) <= {name.strip().casefold() for name in names}:
            return delimiter
    return ","


def _check(path: Path, header: Sequence[str], needed: Sequence[str], known: Iterable[str]) -> None:
    names = Counter(name.casefold() for name in header)
    if missing := [name for name in needed if name not in names]:
        raise DataError(
            tr(
                "“{path}” has no column {missing}. Its first line must name the columns {needed}, parted by commas, semicolons "
                "or tabs."
            ),
            path=path,
            missing=", ".join(f"“{name}”" for name in missing),
            needed=", ".join(needed),
        )
    for name in known:
        if names[name] > 1:
            raise DataError(
                tr("“{path}” has more than one column “{name}”: {columns}. Keep one."),
                path=path,
                name=name,
                columns=", ".join(f"“{column}”" for column in header if column.casefold() == name),
            )
