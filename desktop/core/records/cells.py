"""The text of a table: one value as a cell, one row as a line, and the lines of a CSV file read back."""

import csv
import io
import math
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO, TypeAlias

Cell: TypeAlias = str | float | bool | None

MARK = "\ufeff"
"""The byte order mark, by which Excel recognises a CSV file as UTF-8 and shows "Läsion" correctly."""

_FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A spreadsheet may run a cell that begins with one of these (OWASP, "CSV Injection"); a leading apostrophe makes it text."""


def figure_text(value: float) -> str:
    """Return a figure with at least 8 decimals and 9 significant digits, enough to restore any float32 exactly."""
    decimals = 8 if value == 0 else max(8, 8 - math.floor(math.log10(abs(value))))
    return f"{value:.{decimals}f}"


def csv_cell(cell: Cell) -> str:
    """Return a value as the text of a CSV cell that no spreadsheet takes for a formula."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case float():
            return figure_text(cell)
        case str():
            return f"'{_utf8(cell)}" if cell.startswith(_FORMULA_BEGINS) else _utf8(cell)


def json_cell(cell: Cell) -> Cell:
    """Return a value in a form that JSON can represent."""
    return _utf8(cell) if isinstance(cell, str) else cell


def text_of(cell: str) -> str:
    """Return the text from which `csv_cell` made a cell; tables are sorted by it."""
    text = cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA_BEGINS) else cell
    return re.sub(r"\\u(dc[89a-f][0-9a-f])", lambda found: chr(int(found[1], 16)), text)


def csv_line(cells: Iterable[str]) -> str:
    r"""Return cells as one line, which ends in \n; a cell with a line end inside is quoted."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)  # it quotes a cell with a character of its own line end
    return line.getvalue().removesuffix("\r\n") + "\n"


def csv_cells(line: bytes) -> list[str]:
    """Return the cells of a line that `csv_line` made."""
    (cells,) = csv.reader(io.StringIO(line.decode().removesuffix("\n"), newline=""))
    return cells


def whole_lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield the complete lines of a CSV file; a last line without its end is left out."""
    line = b""
    for piece in file:
        line += piece
        # A line end inside quotes belongs to a cell; a quote inside a cell is written as two.
        if line.endswith(b"\n") and line.count(b'"') % 2 == 0:
            yield line
            line = b""


def _utf8(text: str) -> str:
    r"""Return text that is sure to be UTF-8: bytes of a file name that are none are written as \udc80 to \udcff."""
    return text.encode("utf-8", "backslashreplace").decode()
