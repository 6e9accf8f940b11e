from contextlib import suppress
from pathlib import Path

import pytest

from desktop.core.errors import RecordsError
from desktop.core.records.resuming import UnfinishedTable, read_begun
from desktop.core.records.table_files import open_log, open_table, unfinished, write_table
from desktop.core.records.tables import TableFormat, TableRow, column_names
from tests.core.records.history_contents import MODEL, an_answer
from tests.making import NINE
from tests.platforms import NO_UNICODE, posix

LABELS = [label.id for label in NINE]
NAMES = ["-1.jpg", 'a,"b".jpg', "line\nbreak.jpg", "皮膚.jpg", NO_UNICODE]


class Killed(BaseException):
    """Stands in for the end of a process; our code must not catch it."""


def row(file: str, model: str = MODEL, **changes: object) -> TableRow:
    return TableRow(file, "", "f" * 64, an_answer(model=model, **changes), model, "0.1.0")


def error_row(file: str) -> TableRow:
    return TableRow(file, f"“{file}” is empty.", None, None, MODEL, "0.1.0")


def begin(target: Path, rows: list[TableRow]) -> Path:
    """Write the table of a run that is interrupted after these rows; return the remaining file."""
    with suppress(Killed), open_table(target, LABELS, can_resume=True) as table:
        for one in rows:
            table.write(one)
        raise Killed
    return unfinished(target)


def resume(target: Path) -> UnfinishedTable:
    begun = read_begun(unfinished(target), column_names(LABELS), MODEL)
    assert begun is not None
    return begun


def finish(target: Path, names: list[str]) -> None:
    """Resume a run with all files that have no row yet."""
    begun = resume(target)
    with open_table(target, LABELS, begun=begun) as table:
        for path in begun.remaining(map(Path, names)):
            table.write(row(str(path)))


def expected(folder: Path, names: list[str]) -> bytes:
    write_table(folder / "expected.csv", [row(name) for name in names], LABELS)
    return (folder / "expected.csv").read_bytes()


def test_a_table_truncated_at_any_byte_is_completed_to_the_undisturbed_one(tmp_path: Path) -> None:
    names = sorted(NAMES)
    whole = expected(tmp_path, names)
    target = tmp_path / "out.csv"
    for size in range(len(whole) + 1):
        unfinished(target).write_bytes(whole[:size])
        begun = read_begun(unfinished(target), column_names(LABELS), MODEL)
        with open_table(target, LABELS, begun=begun) as table:
            paths = list(map(Path, names))
            for path in paths if begun is None else begun.remaining(paths):
                table.write(row(str(path)))
        assert target.read_bytes() == whole, size


def test_existing_rows_are_not_repeated(tmp_path: Path) -> None:
    names = sorted(NAMES)
    left = begin(tmp_path / "out.csv", [row(name) for name in names[:3]])
    with left.open("ab") as file:
        file.write(b"torn,ok,")
    begun = resume(tmp_path / "out.csv")
    assert list(map(str, begun.remaining(map(Path, names)))) == names[3:]
    assert (begun.files.total(), begun.failed) == (3, 0)
    assert begun.has(Path(names[0]))
    assert not begun.has(Path(names[3]))


def test_failed_files_keep_their_row_and_are_counted(tmp_path: Path) -> None:
    begin(tmp_path / "out.csv", [row("a.jpg"), error_row("b.jpg")])
    begun = resume(tmp_path / "out.csv")
    assert (begun.files.total(), begun.failed) == (2, 1)
    assert begun.remaining([Path("b.jpg")]) == []


def test_files_added_or_removed_meanwhile_are_in_order(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    begin(target, [row("-b.jpg"), row("c.jpg"), row("gone.jpg")])
    finish(target, ["-a.jpg", "-b.jpg", "c.jpg", "cc.jpg", "z.jpg"])
    assert target.read_bytes() == expected(tmp_path, ["-a.jpg", "-b.jpg", "c.jpg", "cc.jpg", "gone.jpg", "z.jpg"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["expected.csv", "out.csv"]


def test_two_names_with_the_same_cell_text_have_two_rows(tmp_path: Path) -> None:
    begin(tmp_path / "out.csv", [row("'=a.jpg")])
    assert resume(tmp_path / "out.csv").remaining([Path("'=a.jpg"), Path("=a.jpg")]) == [Path("=a.jpg")]


def test_rows_after_a_lost_one_are_repeated(tmp_path: Path) -> None:
    left = begin(tmp_path / "out.csv", [row("a.jpg"), row("b.jpg"), row("c.jpg")])
    lines = left.read_bytes().splitlines(keepends=True)
    left.write_bytes(b"".join([*lines[:2], b"\0" * 100, b"\n", *lines[3:]]))
    assert resume(tmp_path / "out.csv").remaining([Path("a.jpg"), Path("b.jpg"), Path("c.jpg")]) == [
        Path("b.jpg"),
        Path("c.jpg"),
    ]


@pytest.mark.parametrize("left", [None, b"", b"file,status"])
def test_without_a_complete_header_there_is_nothing_to_resume(tmp_path: Path, left: bytes | None) -> None:
    if left is not None:
        unfinished(tmp_path / "out.csv").write_bytes(left)
    assert read_begun(unfinished(tmp_path / "out.csv"), column_names(LABELS), MODEL) is None


def test_a_table_of_another_model_is_refused(tmp_path: Path) -> None:
    sentence = r"“out\.csv\.partial” was begun with another model\. Give that one with --model, or begin anew"
    left = begin(tmp_path / "out.csv", [row("a.jpg")])
    with pytest.raises(RecordsError, match=sentence):
        read_begun(left, column_names(LABELS), "b" * 64)
    with pytest.raises(RecordsError, match=sentence):
        read_begun(left, column_names(LABELS[:3]), MODEL)


def test_a_table_begun_by_an_earlier_version_keeps_its_columns(tmp_path: Path) -> None:
    """New columns are added at the end; here one of today's is missing, as if it had been added later."""
    target = tmp_path / "out.csv"
    left = begin(target, [row("b.jpg")])
    lines = left.read_bytes().splitlines()
    left.write_bytes(b"".join(line.rpartition(b",")[0] + b"\n" for line in lines))
    finish(target, ["a.jpg", "b.jpg"])
    table = [line.split(",") for line in target.read_text(encoding="utf-8").splitlines()]
    assert [line[0] for line in table] == ["file", "a.jpg", "b.jpg"]
    assert table[0] == column_names(LABELS)[:-1]
    assert table[1][1:] == table[2][1:]


def test_a_table_without_the_mark_is_not_continued_with_a_demonstration_model(tmp_path: Path) -> None:
    left = begin(tmp_path / "out.csv", [row("b.jpg")])
    columns = column_names(LABELS)
    assert read_begun(left, columns, MODEL, is_for_patients=False) is not None
    left.write_bytes(b"".join(line.rsplit(b",", 2)[0] + b"\n" for line in left.read_bytes().splitlines()))
    assert read_begun(left, columns, MODEL, is_for_patients=True) is not None
    with pytest.raises(RecordsError, match=r"“out\.csv\.partial” was begun by another version"):
        read_begun(left, columns, MODEL, is_for_patients=False)


@pytest.mark.parametrize("name", [b"newest", b'"'])
def test_a_table_with_unknown_columns_is_refused(tmp_path: Path, name: bytes) -> None:
    left = begin(tmp_path / "out.csv", [row("a.jpg")])
    lines = left.read_bytes().splitlines()
    left.write_bytes(b"".join(line + b"," + name + b"\n" for line in lines) + b'"\n')
    with pytest.raises(RecordsError, match=r"“out\.csv\.partial” was begun (by another version|with another model)"):
        resume(tmp_path / "out.csv")


def test_a_table_for_excel_is_resumed_for_excel(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    with suppress(Killed), open_table(target, LABELS, TableFormat.EXCEL, can_resume=True) as table:
        table.write(row("Läsion.jpg"))
        raise Killed
    finish(target, ["-a.jpg", "Läsion.jpg"])
    assert target.read_bytes() == b"\xef\xbb\xbf" + expected(tmp_path, ["-a.jpg", "Läsion.jpg"])


def test_a_table_of_other_files_is_refused(tmp_path: Path) -> None:
    begin(tmp_path / "out.csv", [row("in/a.jpg")])
    with pytest.raises(RecordsError, match="The interrupted run is of other files"):
        resume(tmp_path / "out.csv").remaining([Path("elsewhere/a.jpg")])


@posix
def test_an_unreadable_table_is_refused_with_a_sentence(tmp_path: Path) -> None:
    unfinished(tmp_path / "out.csv").mkdir()
    with pytest.raises(RecordsError, match=r"“out\.csv\.partial” cannot be read \(Is a directory\)"):
        read_begun(unfinished(tmp_path / "out.csv"), column_names(LABELS), MODEL)


# A table that never ends


def test_a_log_has_each_row_immediately(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    with suppress(Killed), open_log(log, LABELS) as table:
        for file in ("b.jpg", "a.jpg"):
            table.write(row(file))
            assert file in log.read_text(encoding="utf-8")
        raise Killed
    begun = read_begun(log, column_names(LABELS), MODEL)
    with open_log(log, LABELS, begun=begun) as table:
        table.write(row("0.jpg"))
    assert [line.split(",")[0] for line in log.read_text(encoding="utf-8").splitlines()] == [
        "file",
        "b.jpg",
        "a.jpg",
        "0.jpg",
    ]


def test_a_log_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("from yesterday")
    with pytest.raises(RecordsError, match=r"“log\.csv” is there already"), open_log(tmp_path / "log.csv", LABELS):
        pass
    assert (tmp_path / "log.csv").read_text() == "from yesterday"


def test_rows_at_other_working_points_are_not_mixed(tmp_path: Path) -> None:
    columns, default, other = column_names(LABELS), {"melanoma": 0.95}, {"melanoma": 0.98}
    left = begin(tmp_path / "out.csv", [error_row("a.jpg"), row("b.jpg", working_points=default)])
    assert read_begun(left, columns, MODEL, default, default) is not None
    with pytest.raises(RecordsError, match="begun with other alert limits"):
        read_begun(left, columns, MODEL, other, default)


def test_table_from_before_there_was_a_choice_goes_on_at_the_defaults_alone(tmp_path: Path) -> None:
    columns, default, other = column_names(LABELS), {"melanoma": 0.95}, {"melanoma": 0.98}
    left = begin(tmp_path / "out.csv", [row("b.jpg")])
    lines = left.read_text(encoding="utf-8").splitlines()
    left.write_text("".join(f"{line.rpartition(',')[0]}\n" for line in lines), encoding="utf-8")
    assert b"working_points" not in left.read_bytes()
    assert read_begun(left, columns, MODEL, default, default) is not None
    with pytest.raises(RecordsError, match="begun with other alert limits"):
        read_begun(left, columns, MODEL, other, default)
