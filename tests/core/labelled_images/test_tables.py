from pathlib import Path

import pytest

from desktop.core.errors import DataError
from desktop.core.labelled_images.tables import read_table

NEEDED = ("path", "label")
TEXT = "Path,Label,Ort\na.png,nevus,Rücken\n\nb.png,melanoma,\n"


def cells(path: Path) -> list[tuple[int, dict[str, str]]]:
    return [(row.line, row.cells) for row in read_table(path, NEEDED, NEEDED).rows]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_tables_are_read_in_the_encodings_and_delimiters_of_common_programs(
    tmp_path: Path, delimiter: str, encoding: str, line_end: str
) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(TEXT.replace(",", delimiter).replace("\n", line_end).encode(encoding))
    assert cells(path) == [
        (2, {"path": "a.png", "label": "nevus", "ort": "Rücken"}),
        (4, {"path": "b.png", "label": "melanoma", "ort": ""}),
    ]


def test_a_table_that_the_system_does_not_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read_table(tmp_path, NEEDED, NEEDED)


def test_empty_rows_are_skipped_and_short_ones_filled(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("path;label;age\n;;\na.png;nevus\n", encoding="utf-8")
    assert cells(path) == [(3, {"path": "a.png", "label": "nevus", "age": ""})]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (
            b"path,label\na,b.png,nevus\n",
            "line 2: there are 3 cells and only 2 columns. Put a cell that holds “,” into",
        ),
        (b"path,label,Label \n", "has more than one column “label”: “label”, “Label”. Keep one."),
        (
            b"path|label\n",
            "has no column “path”, “label”. Its first line must name the columns path, label",
        ),
        (b"\x89PNG\0\0", "is no text. Save the table as CSV in UTF-8."),
        (b"\xff\xfe\0path", "is no text. Save the table as CSV in UTF-8."),
        (b'path,label\n"a.png,nevus\n' + b"x" * 200_000, "is no CSV (field larger than field limit"),
    ],
)
def test_a_file_that_is_not_such_a_table_is_refused_with_a_sentence(tmp_path: Path, data: bytes, sentence: str) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(data)
    with pytest.raises(DataError) as caught:
        read_table(path, NEEDED, NEEDED)
    assert sentence in str(caught.value)
