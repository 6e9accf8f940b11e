"""The writes of a visit fit into the tables, and no row can be changed."""

# ruff: noqa: S608 - constants of the test

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.core.records.history import History
from tests.core.records.history_contents import MODEL, keep

BY = "'MK', '2026-11-23T09:00:00.000000+00:00'"

# In the order in which a consultation writes them; `save` has written image 1, its place, model and prediction 1.
VISIT = (
    f"INSERT INTO patient VALUES (1, {BY})",
    f"INSERT INTO patient_detail VALUES (1, 1, 'P-0412', 'female', {BY}, 'II', 'no', 'yes', NULL, 'over 100', 1960)",
    f"INSERT INTO visit VALUES (1, {BY})",
    f"INSERT INTO visit_detail VALUES (1, 1, 1, '2026-11-23', '60-69', {BY})",
    f"INSERT INTO lesion VALUES (1, {BY})",
    f"INSERT INTO lesion_detail VALUES (1, 1, 1, 'L2', 'left scapula', {BY}, 0.4, 0.3)",
    f"INSERT INTO image_detail VALUES (1, 1, 'dermoscopy', 1, 1, {BY})",
    f"INSERT INTO image_scale VALUES (1, 1, 0.02, '', {BY})",
    f"INSERT INTO assessment VALUES (1, 1, 1, NULL, 1, 'Spitz', NULL, '', 'follow-up', '2027-02-23', '', {BY}, 0, 'changed')",
    f"INSERT INTO assessment VALUES (2, NULL, NULL, 1, 0, 'nevus', NULL, '', 'none', NULL, 'no patient', {BY}, 0, NULL)",
    f"INSERT INTO disclosure VALUES (1, 1, 1, 1, 'without own view', {BY})",
    f"""INSERT INTO outcome VALUES (
        1, 1, NULL, 'histopathology', 'melanoma in situ', 'melanoma', 0.4, '2026-12-01', '', {BY}, 'absent', 'clear', 'H 1')""",
    f"INSERT INTO image_capture VALUES (1, 1, 'Scope', 'contact', 'polarised', {BY})",
    f"INSERT INTO image_outline VALUES (1, 1, '[[1,2],[3,4],[5,7]]', {BY})",
    f"INSERT INTO alignment VALUES (1, 1, 1, 0.5, 0.25, 20, 10, 1, 21, 30, {BY})",
    f"INSERT INTO embedding VALUES (1, 1, '{'a' * 64}', 1, 1, x'00', {BY})",
    f"INSERT INTO care_step VALUES (1, 'biopsy taken', 1, NULL, NULL, '2026-12-01', 'MK', '', {BY})",
    f"INSERT INTO influence VALUES (1, 'cryotherapy', 1, NULL, {BY})",
    f"INSERT INTO influence VALUES (2, 'pregnancy', NULL, 1, {BY})",
    f"INSERT INTO influence_detail VALUES (1, 1, '2026-11-01', NULL, '', 0, {BY})",
    f"INSERT INTO influence_detail VALUES (2, 1, '2026-11-01', '2026-11-01', '', 1, {BY})",
    f"INSERT INTO photograph_pin VALUES (1, 1, 1, 0.5, 0.25, {BY})",
    f"INSERT INTO photograph_pin VALUES (2, 1, 1, NULL, NULL, {BY})",
    f"INSERT INTO training_use VALUES (1, 1, 'yes', {BY})",
    f"INSERT INTO training_use VALUES (2, 1, NULL, {BY})",
    f"INSERT INTO training_export VALUES (1, '{MODEL}', '{64 * 'a'}', {BY})",
    f"INSERT INTO training_split VALUES (1, 1, 1, 'test', {BY})",
    f"""INSERT INTO tried_answer VALUES (
        1, 1, '{MODEL}', 1, '{{}}', 'nevus', 0.5, NULL, '[]', NULL, 0, NULL, NULL, '[]', '0.1.0', '{{}}', {BY})""",
    f"INSERT INTO look_again VALUES (1, 1, '{MODEL}', '[]', {BY})",
    f"INSERT INTO looked_again VALUES (1, 'looked again', 1, NULL, 'MK', '', {BY})",
    f"INSERT INTO model_decision VALUES (1, 'kept', '{MODEL}', '{MODEL}', 'no gain', '{{}}', {BY})",
    f"INSERT INTO binning VALUES (1, 'lesion', 1, 1, {BY}, NULL)",
    f"INSERT INTO adjustment VALUES (1, 1, '70-79', '', '', NULL, '[]', NULL, NULL, {BY})",
    f"INSERT INTO erasure VALUES (1, 'patient', 3, {BY})",
    f"INSERT INTO erased VALUES (1, 1, 'patient', 3, '0f', {BY})",
    f"INSERT INTO batch_run VALUES (1, x'2f', 1, '{MODEL}', 1, '0.1.0', {BY}, '{{}}')",
    f"INSERT INTO working_point VALUES (1, '{MODEL}', 'melanoma', 0.95, 0.98, 'high risk', {BY})",
    f"INSERT INTO batch_row (run, path, message, initials, time) VALUES (1, x'2f61', 'is empty', {BY})",
    f"INSERT INTO batch_end VALUES (1, 1, 'finished', {BY})",
    f"INSERT INTO audit VALUES (1, 'answer viewed', NULL, 1, '{{}}', {BY})",
    f"INSERT INTO batch_shown VALUES (1, '{'f' * 64}', {BY})",
)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with History.open(tmp_path) as history:
        keep(history)
        connection = history._database._connection
        for statement in VISIT:
            connection.execute(statement)
        yield connection


def kept_tables(connection: sqlite3.Connection) -> list[str]:
    """Return the tables with saved data; two others are about erasures, and one is the seal."""
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    return sorted({row["name"] for row in tables} - {"erasing", "erasure_left", "seal", "sqlite_sequence"})


def test_no_row_of_any_table_can_be_changed_or_deleted(connection: sqlite3.Connection) -> None:
    tables = kept_tables(connection)
    assert len(tables) == 41
    for table in tables:
        assert connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] > 0, table
        with pytest.raises(sqlite3.IntegrityError, match=f"a row of {table} is never changed"):
            connection.execute(f"UPDATE {table} SET initials = 'XX'")
        with pytest.raises(sqlite3.IntegrityError, match=f"a row of {table} is never deleted"):
            connection.execute(f"DELETE FROM {table}")


def test_every_row_has_author_and_time(connection: sqlite3.Connection) -> None:
    for table in kept_tables(connection):
        columns = {row["name"]: row for row in connection.execute(f"PRAGMA table_info({table})")}
        assert columns["initials"]["notnull"] == columns["time"]["notnull"] == 1, table


def test_no_link_of_the_seal_can_be_changed_or_deleted(connection: sqlite3.Connection) -> None:
    for statement in ("UPDATE seal SET time = ''", "UPDATE seal SET salts = x''", "DELETE FROM seal"):
        with pytest.raises(sqlite3.IntegrityError, match="a row of seal is never"):
            connection.execute(statement)


def test_rows_that_can_be_deleted_have_an_id_that_stays(connection: sqlite3.Connection) -> None:
    for table in kept_tables(connection):
        columns = connection.execute(f"PRAGMA table_info({table})")
        is_numbered = any(column["pk"] and column["type"] == "INTEGER" for column in columns)
        assert is_numbered or table in {"model", "origin"}, table


def test_while_a_patient_is_erased_rows_can_be_deleted(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN")
    connection.execute("INSERT INTO erasing VALUES ('patient', 1)")
    connection.execute("DELETE FROM patient_detail WHERE patient = 1")
    connection.execute("DELETE FROM erasing")
    connection.execute("COMMIT")
    assert connection.execute("SELECT count(*) FROM patient_detail").fetchone()[0] == 0
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute("DELETE FROM lesion_detail")


@pytest.mark.parametrize(
    "statement",
    [
        f"INSERT INTO patient_detail VALUES (9, 99, 'P-1', 'female', {BY}, '', NULL, NULL, NULL, NULL, NULL)",
        f"INSERT INTO patient_detail VALUES (9, 1, 'P-1', 'F', {BY}, '', NULL, NULL, NULL, NULL, NULL)",
        f"INSERT INTO patient_detail VALUES (9, 1, 'P-1', 'female', {BY}, 'VII', NULL, NULL, NULL, NULL, NULL)",
        f"INSERT INTO patient_detail VALUES (9, 1, 'P-1', 'female', {BY}, '', '', NULL, NULL, NULL, NULL)",
        f"INSERT INTO patient_detail VALUES (9, 1, 'P-1', 'female', {BY}, '', NULL, NULL, NULL, 'many', NULL)",
        f"INSERT INTO patient_detail VALUES (9, 1, 'P-1', 'female', {BY}, '', NULL, NULL, NULL, NULL, 60)",
        f"INSERT INTO lesion_detail VALUES (9, 1, 1, 'L2', '', {BY}, 0.5, NULL)",
        f"INSERT INTO lesion_detail VALUES (9, 1, 1, 'L2', '', {BY}, NULL, 0.5)",
        f"INSERT INTO lesion_detail VALUES (9, 1, 1, 'L2', '', {BY}, 0.5, 1.5)",
        f"INSERT INTO working_point VALUES (9, '{MODEL}', 'melanoma', 0.95, 0.98, '', {BY})",
        f"INSERT INTO image_detail VALUES (9, 1, 'x-ray', 1, 1, {BY})",
        f"INSERT INTO image_capture VALUES (9, 1, 'Scope', 'near', '', {BY})",
        f"INSERT INTO image_capture VALUES (9, 1, 'Scope', '', 'bright', {BY})",
        # A transform turns nothing into a point, and has a quality if it was not set by hand.
        f"INSERT INTO alignment VALUES (9, 1, 1, 0, 0, 20, 10, 1, 21, 30, {BY})",
        f"INSERT INTO alignment VALUES (9, 1, 1, 1, 0, 20, 10, 1, NULL, NULL, {BY})",
        # An assessment belongs either to a lesion at a visit or to an image alone.
        f"INSERT INTO assessment VALUES (9, 1, NULL, NULL, 1, 'nevus', NULL, '', 'none', NULL, '', {BY}, 0, NULL)",
        f"INSERT INTO assessment VALUES (9, 1, 1, 1, 1, 'nevus', NULL, '', 'none', NULL, '', {BY}, 0, NULL)",
        f"INSERT INTO assessment VALUES (9, NULL, NULL, NULL, 1, 'nevus', NULL, '', 'none', NULL, '', {BY}, 0, NULL)",
        f"INSERT INTO assessment VALUES (9, 1, 1, NULL, 1, 'nevus', NULL, '', 'none', NULL, '', {BY}, 0, 'perhaps')",
        f"INSERT INTO outcome VALUES (9, 1, 1, 'follow-up', 'nevus', NULL, NULL, '2026-12-01', '', {BY}, NULL, NULL, NULL)",
        f"INSERT INTO outcome VALUES (9, 1, NULL, 'guess', 'nevus', NULL, NULL, '2026-12-01', '', {BY}, NULL, NULL, NULL)",
        f"INSERT INTO outcome VALUES (9, 1, NULL, 'follow-up', 'nevus', NULL, NULL, '', '', {BY}, 'some', NULL, NULL)",
        f"INSERT INTO outcome VALUES (9, 1, NULL, 'follow-up', 'nevus', NULL, NULL, '', '', {BY}, NULL, 'wide', NULL)",
        # A step is of one row of one table.
        f"INSERT INTO care_step VALUES (9, 'biopsy taken', 1, NULL, 1, '2026-12-01', 'MK', '', {BY})",
        f"INSERT INTO care_step VALUES (9, 'biopsy taken', NULL, NULL, NULL, '2026-12-01', 'MK', '', {BY})",
        f"INSERT INTO care_step VALUES (9, 'forgotten', 1, NULL, NULL, '2026-12-01', 'MK', '', {BY})",
        # A treatment is of a lesion, a pregnancy of a patient.
        f"INSERT INTO influence VALUES (9, 'cryotherapy', NULL, 1, {BY})",
        f"INSERT INTO influence VALUES (9, 'pregnancy', 1, NULL, {BY})",
        f"INSERT INTO influence VALUES (9, 'pregnancy', 1, 1, {BY})",
        f"INSERT INTO influence VALUES (9, 'sunburn', 1, NULL, {BY})",
        f"INSERT INTO influence_detail VALUES (9, 1, '2026-11-02', '2026-11-01', '', 0, {BY})",
        f"INSERT INTO influence_detail VALUES (9, 1, '2026-11-02', NULL, '', 2, {BY})",
        f"INSERT INTO photograph_pin VALUES (9, 1, 1, 0.5, NULL, {BY})",
        f"INSERT INTO photograph_pin VALUES (9, 1, 1, NULL, 0.5, {BY})",
        f"INSERT INTO photograph_pin VALUES (9, 1, 1, 0.5, 1.5, {BY})",
        f"INSERT INTO training_use VALUES (9, 1, 'perhaps', {BY})",
        f"INSERT INTO training_export VALUES (9, '{MODEL}', 'salt', {BY})",
        f"INSERT INTO training_split VALUES (9, 1, 1, 'train', {BY})",
        f"INSERT INTO looked_again VALUES (9, 'fits', 1, NULL, 'MK', '', {BY})",
        f"INSERT INTO model_decision VALUES (9, 'better', '{MODEL}', '{MODEL}', '', '{{}}', {BY})",
        f"INSERT INTO binning VALUES (9, 'sample', 1, 1, {BY}, NULL)",
        f"INSERT INTO binning VALUES (9, 'outcome', 1, 1, {BY}, 'a whim')",
    ],
)
def test_invalid_values_are_refused_by_the_tables(connection: sqlite3.Connection, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)
