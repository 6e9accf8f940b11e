"""The seal finds what was changed by hand, names it, and knows what was erased: in a plain history, and in an encrypted one."""

# ruff: noqa: S608 - constants of the test

import hashlib
import random
import shutil
import sqlite3
import struct
from contextlib import closing, suppress
from pathlib import Path

import pytest

from desktop.core.errors import RecordsError
from desktop.core.records.backup_file import Stopped
from desktop.core.records.check_results import Fault, FaultKind
from desktop.core.records.converting import encrypt_history
from desktop.core.records.data_folder import KEYS
from desktop.core.records.history import History
from desktop.core.records.schema import FILE_NAME, FIRST_SEALED
from desktop.core.records.seal import Head, RowForm, Text
from desktop.core.records.sealing import begin, forms
from desktop.core.records.verifying import check_history
from tests.core.encryption.test_keys import PASSPHRASE
from tests.core.records.history_contents import keep
from tests.core.records.old_histories import STORED, restore
from tests.core.records.tampering import KEY, by_hand, everything, key_of, opened, tables
from tests.core.records.test_backup import keep_real

FLIPS = 400


@pytest.fixture(scope="module", params=["plain", "encrypted"])
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose history has a row in each table; not to be changed."""
    folder = everything(tmp_path_factory.mktemp("written"))
    if request.param == "encrypted":
        encrypt_history(folder, KEY, PASSPHRASE)
    return folder


@pytest.fixture
def data(written: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(written, tmp_path / "data"))


def faults(data: Path, kept: Head | None = None) -> list[Fault]:
    return check_history(data, kept=kept, key=key_of(data)).faults


def sealed_tables(data: Path) -> list[str]:
    return sorted(tables(data).keys() - {"seal", "erasing", "sqlite_sequence"})


def another(value: object, kind: str) -> object:
    """Return a value of a column's type that differs."""
    if kind == "TEXT":
        return f"{value or ''}x"
    if kind == "BLOB":
        return bytes(value or b"") + b"x"  # type: ignore[arg-type]
    return float(value or 0) + 0.5 if kind == "REAL" else int(value or 0) + 7  # type: ignore[call-overload]


def test_what_was_not_changed_is_whole(written: Path) -> None:
    checked = check_history(written, key=key_of(written))
    assert checked.faults == []
    assert checked.rows == sum(len(tables(written)[table]) for table in sealed_tables(written))
    assert all(tables(written)[table] for table in sealed_tables(written))
    with History.open(written, key=key_of(written)) as history:
        assert checked.head == history.seal_head()


def test_check_changes_nothing(data: Path) -> None:
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    check_history(data, with_images=True, key=key_of(data))
    assert {path: path.read_bytes() for path in data.rglob("*") if path.is_file()} == before


def test_a_change_of_each_column_of_each_table_is_found(written: Path, tmp_path: Path) -> None:
    changed = 0
    for table in sealed_tables(written):
        with opened(written) as connection:
            columns = connection.execute(f"SELECT name, type FROM pragma_table_info('{table}')").fetchall()
            row_id, *values = connection.execute(f"SELECT rowid, * FROM {table} ORDER BY rowid DESC").fetchone()
        for (column, kind), value in zip(columns, values, strict=True):
            data = Path(shutil.copytree(written, tmp_path / f"{table}-{column}"))
            with by_hand(data) as connection:
                new = another(value, kind)
                connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (new, row_id))
            found = {(fault.kind, fault.subject, fault.first) for fault in faults(data)}
            if column == "id" and kind == "INTEGER":
                assert {(FaultKind.MISSING, table, row_id), (FaultKind.ADDED, table, new)} <= found
            else:
                assert (FaultKind.CHANGED, table, row_id) in found, (table, column)
            changed += 1
    assert changed > 150


def test_a_deleted_row_of_each_table_is_found(written: Path, tmp_path: Path) -> None:
    for table in sealed_tables(written):
        data = Path(shutil.copytree(written, tmp_path / table))
        with by_hand(data) as connection:
            (row_id,) = connection.execute(
                f"DELETE FROM {table} WHERE rowid = (SELECT max(rowid) FROM {table}) RETURNING rowid"
            ).fetchone()
        assert Fault(FaultKind.MISSING, table, row_id, row_id) in faults(data), table


def test_an_added_row_of_each_table_is_found(written: Path, tmp_path: Path) -> None:
    for table in sealed_tables(written):
        data = Path(shutil.copytree(written, tmp_path / table))
        with by_hand(data) as connection:
            names = [name for (name,) in connection.execute(f"SELECT name FROM pragma_table_info('{table}')")]
            unique = {
                "sha256": "'" + "e" * 64 + "'",
                "path": "x'00'",
                "region": "'0,0,1,1'",
                "method": "9",
                "export": "9",
                "preprocessing": "9",
                "id": "'f'",
            }
            with_id = table not in {"model", "origin"}
            columns = [name for name in names if name != "id" or not with_id]
            chosen = ", ".join(unique.get(name, name) for name in columns)
            connection.execute(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {chosen} FROM {table} LIMIT 1")
            (row_id,) = connection.execute(f"SELECT max(rowid) FROM {table}").fetchone()
        assert Fault(FaultKind.ADDED, table, row_id, row_id) in faults(data), table


def test_swapped_rows_are_found(data: Path) -> None:
    with by_hand(data) as connection:
        for old, new in ((1, -1), (2, 1), (-1, 2)):
            connection.execute("UPDATE image SET id = ? WHERE id = ?", (new, old))
    assert faults(data) == [Fault(FaultKind.CHANGED, "image", 1, 2)]


@pytest.mark.parametrize("column", ["what", "digests", "time", "hash", "salts"])
def test_an_altered_link_is_found(data: Path, column: str) -> None:
    with by_hand(data) as connection:
        value = connection.execute(f"SELECT {column} FROM seal WHERE id = 5").fetchone()[0]
        altered = value[:-1] + ("1" if isinstance(value, str) else bytes([value[-1] ^ 1]))
        connection.execute(f"UPDATE seal SET {column} = ? WHERE id = 5", (altered,))
    found = {fault.kind for fault in faults(data)}
    assert found & {FaultKind.CHANGED if column == "salts" else FaultKind.LINK}


def test_a_changed_row_that_was_sealed_again_is_found(data: Path) -> None:
    with by_hand(data) as connection:
        connection.execute("UPDATE patient_detail SET pseudonym = 'P-0413' WHERE id = 1")
        begin(connection, ["patient_detail"], is_first=False)
    assert faults(data) == [Fault(FaultKind.TWICE, "patient_detail", 1, 1)]


def test_a_link_that_was_taken_out_is_found(data: Path) -> None:
    with by_hand(data) as connection:
        connection.execute("DELETE FROM seal WHERE id = 7")
    assert Fault(FaultKind.MISSING, "seal", 7, 7) in faults(data)


def test_a_chain_that_was_cut_short_is_found_by_its_numbering(data: Path) -> None:
    links = check_history(data, key=key_of(data)).head.links
    with by_hand(data) as connection:
        connection.execute("DELETE FROM seal WHERE id = ?", (links,))
    assert Fault(FaultKind.MISSING, "seal", links, links) in faults(data)


def test_an_id_that_could_be_given_again_is_found(data: Path) -> None:
    with by_hand(data) as connection:
        connection.execute("UPDATE sqlite_sequence SET seq = 1 WHERE name = 'prediction'")
    assert faults(data) == [Fault(FaultKind.CHANGED, "sqlite_sequence", detail="prediction")]


def test_a_row_that_lost_its_salt_is_found(data: Path) -> None:
    with by_hand(data) as connection:
        connection.execute("UPDATE seal SET salts = zeroblob(length(salts)) WHERE what LIKE 'insert patient 1-1%'")
    assert faults(data) == [Fault(FaultKind.UNSEALED, table, 1, 1) for table in ("patient", "patient_detail")]


def test_another_table_or_trigger_is_found(data: Path) -> None:
    with opened(data) as connection:
        connection.execute("DROP TRIGGER image_is_never_changed")
    assert faults(data) == [Fault(FaultKind.TABLES)]


def test_an_index_that_leads_elsewhere_is_found(data: Path) -> None:
    with opened(data) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'prediction_time'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    content = bytearray((data / FILE_NAME).read_bytes())
    content[page * int(size) - 10] ^= 1  # in the newest key, or in what authenticates an encrypted page
    (data / FILE_NAME).write_bytes(content)
    assert {fault.kind for fault in faults(data)} == {FaultKind.DAMAGED}


def test_an_old_copy_of_the_history_is_found_with_a_head_that_was_kept(data: Path, tmp_path: Path) -> None:
    old = Path(shutil.copytree(data, tmp_path / "old"))
    with History.open(data, key=key_of(data)) as history:
        keep(history, "later.jpg")
        kept = history.seal_head()
    assert faults(old) == []  # an old history is a whole one: only a head that was kept elsewhere tells
    assert faults(old, kept) == [Fault(FaultKind.HEAD, "head", detail=str(kept))]
    assert faults(data, kept) == faults(data, Head.parse(kept.short)) == []


def test_an_old_page_of_a_table_is_found(data: Path, tmp_path: Path) -> None:
    """Each page of an encrypted database passes for itself, the one of yesterday too: the chain does not."""
    with History.open(data, key=key_of(data)) as history:
        history.people.add_patient("P-later", "male", by="MK")
    old = (data / FILE_NAME).read_bytes()
    with History.open(data, key=key_of(data)) as history:
        history.people.add_patient("P-latest", "male", by="MK")
    with opened(data) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'patient_detail'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    place = slice((page - 1) * int(size), page * int(size))
    content = bytearray((data / FILE_NAME).read_bytes())
    assert content[place] != old[place]
    content[place] = old[place]
    (data / FILE_NAME).write_bytes(content)
    found = {(fault.kind, fault.subject) for fault in faults(data)}
    assert (FaultKind.MISSING, "patient_detail") in found


def test_a_chain_that_was_made_anew_is_found_with_a_head_that_was_kept(data: Path) -> None:
    kept = check_history(data, key=key_of(data)).head
    with by_hand(data) as connection:
        connection.execute("UPDATE patient_detail SET pseudonym = 'P-0413'")
        connection.execute("DELETE FROM seal")
        connection.execute("DELETE FROM sqlite_sequence WHERE name = 'seal'")
        begin(connection, forms(connection), is_first=True)
    assert faults(data) == []  # there is no key in the chain: whoever has the file can make all of it anew
    assert faults(data, kept) == [Fault(FaultKind.HEAD, "head", detail=str(kept))]


def test_single_bit_flips_are_found_where_a_reader_sees_them(written: Path, tmp_path: Path) -> None:
    long = Path(shutil.copytree(written, tmp_path / "long"))
    with History.open(long, key=key_of(long)) as history, history.together():
        for number in range(200):
            keep(history, f"{number}.jpg")
    original, rows = (long / FILE_NAME).read_bytes(), tables(long)
    chance = random.Random(17)  # noqa: S311 - no secret
    found = 0
    for flip in range(FLIPS):
        data = tmp_path / str(flip)
        data.mkdir()
        content = bytearray(original)
        place = chance.randrange(len(content) * 8)
        content[place // 8] ^= 1 << place % 8
        (data / FILE_NAME).write_bytes(content)
        if key_of(written) is not None:
            shutil.copy(written / KEYS, data)
        try:
            is_found = bool(faults(data))
        except RecordsError:
            is_found = True
        found += is_found
        if not is_found:
            assert tables(data) == rows, place
    # The others are in free space, or in what SQLite writes for itself. Of an encrypted page every bit is authenticated.
    assert found > (FLIPS // 3 if key_of(written) is None else FLIPS * 0.98)


def test_the_canonical_form_is_what_is_documented(tmp_path: Path) -> None:
    def text(value: bytes) -> bytes:
        return len(value).to_bytes(4, "big") + value

    with closing(sqlite3.connect(":memory:")) as connection:
        connection.text_factory = Text
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT, a REAL, n TEXT, e TEXT, c BLOB) STRICT")
        connection.execute("INSERT INTO t VALUES (-3, 'é', 0.5, NULL, '', x'00ff')")
        form = RowForm("t", ("id", "b", "a", "n", "e", "c"))
        (row,) = connection.execute(form.query)
        expected = (
            *(text(b"t"), (-3).to_bytes(8, "big", signed=True)),
            *(text(b"a"), b"f", struct.pack(">d", 0.5)),
            *(text(b"b"), b"t", text("é".encode())),
            *(text(b"c"), b"b", text(b"\x00\xff")),
            *(text(b"e"), b"t", text(b"")),
            *(text(b"id"), b"i", (-3).to_bytes(8, "big", signed=True)),
        )
        assert form.canonical(row) == b"".join(expected)
        assert form.digest(b"salt", row) == hashlib.sha256(b"salt" + b"".join(expected)).digest()
        # A column that is added later is NULL in the rows that exist, and leaves their form as it was.
        assert RowForm("t", ("id", "b", "a", "n", "e", "c", "z")).canonical((*row, None)) == form.canonical(row)


def test_a_transaction_is_one_link_and_one_that_fails_is_none(tmp_path: Path) -> None:
    with History.open(tmp_path) as history:
        before = history.seal_head().links
        with history.together():
            history.people.add_patient("P-1", "female", by="MK")
            with pytest.raises(RecordsError):  # a part that is rolled back is not sealed
                history.people.add_patient("P-1", "female", by="MK")
            keep(history, "a.jpg")
        assert history.seal_head().links == before + 1
        with pytest.raises(sqlite3.IntegrityError):
            keep(history, "b.jpg", app_version=None)
        assert history.seal_head().links == before + 1
        keep(history, "c.jpg")
    assert faults(tmp_path) == []


def test_what_is_erased_in_a_part_that_fails_is_sealed_as_it_was(tmp_path: Path) -> None:
    with History.open(tmp_path) as history:
        patient = history.people.add_patient("P-1", "female", by="MK").id
        with history.together():
            with suppress(RecordsError), history.together():
                history.erasures.erase_patient(patient, by="MK")
                history.people.add_patient("P-2", "female", by="MK")
                history.people.add_patient("P-2", "female", by="MK")
            keep(history, "a.jpg")
    checked = check_history(tmp_path)
    assert (checked.faults, checked.erased) == ([], [])
    assert [row[0] for row in tables(tmp_path)["patient"]] == [patient]


def test_a_history_that_two_windows_write_is_whole(tmp_path: Path) -> None:
    with History.open(tmp_path) as one, History.open(tmp_path) as other:
        for number in range(5):
            keep(one, f"one-{number}.jpg")
            keep(other, f"other-{number}.jpg")
        assert faults(tmp_path) == []  # it may be in use
        keep(one, "later.jpg")
    assert faults(tmp_path) == []


@pytest.mark.parametrize("stored", sorted(STORED.glob("history-*.sql")), ids=lambda file: file.stem)
def test_an_old_history_is_sealed_as_it_is_when_it_is_opened(stored: Path, tmp_path: Path) -> None:
    restore(stored, tmp_path)
    if int(stored.stem.removeprefix("history-")) < FIRST_SEALED:
        with pytest.raises(RecordsError, match="has no seal yet"):
            check_history(tmp_path)
    with History.open(tmp_path) as history:
        keep(history, "new.jpg")
    checked = check_history(tmp_path)
    assert checked.faults == []
    assert checked.since


def test_what_an_older_version_writes_into_a_sealed_history_is_named(tmp_path: Path) -> None:
    restore(STORED / f"history-{FIRST_SEALED - 1}.sql", tmp_path)
    with closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as older:  # its window is left open
        assert older.execute("SELECT count(*) FROM patient").fetchone() == (1,)
        with History.open(tmp_path) as history:
            keep(history, "new.jpg")
            older.execute("INSERT INTO patient (initials, time) VALUES ('AB', '2026-11-28T09:00:00.000000+00:00')")
            (row_id,) = older.execute("SELECT max(id) FROM patient").fetchone()
            keep(history, "newer.jpg")
    found = [Fault(FaultKind.ADDED, "patient", row_id, row_id)]
    assert faults(tmp_path) == found
    assert "or by an older version of LesionLens" in found[0].kind.value
    with History.open(tmp_path) as history:  # it goes on, and the row stays named
        keep(history, "newest.jpg")
    assert faults(tmp_path) == found


def test_many_rows_of_one_transaction_are_several_links(tmp_path: Path) -> None:
    with History.open(tmp_path) as history:
        before = history.seal_head().links
        history.disclosures.note_shown([f"{number:064x}" for number in range(2500)], by="MK")
        assert history.seal_head().links == before + 3
    checked = check_history(tmp_path)
    assert (checked.faults, checked.rows) == ([], 2501)


@pytest.mark.parametrize(
    ("content", "kind"), [(b"", FaultKind.TABLES), (b"no database" * 100, FaultKind.DAMAGED)], ids=["empty", "another"]
)
def test_a_file_that_is_no_history_is_a_fault(tmp_path: Path, content: bytes, kind: FaultKind) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    assert [fault.kind for fault in faults(tmp_path)] == [kind]


def test_a_folder_without_a_history_and_a_newer_one(tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match="There is no history"):
        check_history(tmp_path)
    History.open(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        connection.execute("PRAGMA user_version = 1000")
    with pytest.raises(RecordsError, match="newer LesionLens"):
        check_history(tmp_path)


def test_images_that_were_changed_or_are_missing_are_named(tmp_path: Path) -> None:
    with History.open(tmp_path / "data") as history:
        for seed in (1, 2, 3):
            keep_real(tmp_path, history, seed)
    first, second, _third = sorted((tmp_path / "data" / "images").glob("*/*"))
    assert check_history(tmp_path / "data", with_images=True).images == 3
    first.write_bytes(first.read_bytes() + b"x")
    second.unlink()
    assert faults(tmp_path / "data") == []
    found = check_history(tmp_path / "data", with_images=True).faults
    assert [(fault.kind, fault.subject) for fault in found] == [(FaultKind.IMAGE, "image")] * 2


def test_a_check_can_be_stopped_and_tells_how_far_it_is(data: Path) -> None:
    seen: list[tuple[int, int]] = []
    check_history(data, key=key_of(data), progress=lambda done, total: seen.append((done, total)))
    assert seen
    assert seen[-1][0] == seen[-1][1]
    with pytest.raises(Stopped):
        check_history(data, key=key_of(data), is_stopped=lambda: True)


# What was erased


def test_erased_rows_are_named_and_their_salts_are_gone(data: Path) -> None:
    checked = check_history(data, key=key_of(data))
    erased = {(rows.subject, rows.first, rows.last) for rows in checked.erased}
    assert erased == {(table, 2, 2) for table in ("patient", "patient_detail", "lesion", "lesion_detail")}
    with opened(data) as connection:
        salts = connection.execute("SELECT salts FROM seal WHERE what LIKE 'insert patient 2-2%'").fetchall()
        assert salts == [(bytes(32),)]
    with History.open(data, key=key_of(data)) as history:
        (patient,) = history.people.find_patients()
        history.erasures.erase_patient(patient.id, by="AB")
        history.erasures.finish()
        keep(history, "later.jpg")
    checked = check_history(data, key=key_of(data))
    assert checked.faults == []
    assert {"patient", "image", "prediction", "outcome", "assessment"} <= {rows.subject for rows in checked.erased}
    with opened(data) as connection:
        for what, salts in connection.execute("SELECT what, salts FROM seal WHERE what LIKE 'insert patient %'"):
            assert not any(salts), what


def test_an_erased_row_that_is_there_again_is_found(data: Path) -> None:
    with by_hand(data) as connection:
        connection.execute("INSERT INTO patient VALUES (2, 'AB', '2026-11-23')")
    assert Fault(FaultKind.ADDED, "patient", 2, 2) in faults(data)
