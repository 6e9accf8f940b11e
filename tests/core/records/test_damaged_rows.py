"""A damaged row is shown as damaged, the rest of the history works, and a backup reports the row."""

# ruff: noqa: S608 - statements are put together from constants of the test

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from desktop.core.inference.batch import FileAnswer
from desktop.core.inference.classifier import Prediction
from desktop.core.inference.judgement import judge
from desktop.core.records.backup import write_backup
from desktop.core.records.damage import NO_DAY, NO_TIME
from desktop.core.records.history import History
from desktop.core.records.restoring import restore_backup
from desktop.core.records.schema import FILE_NAME
from desktop.core.records.table_files import write_table
from desktop.core.records.tables import TableRow
from desktop.core.records.values import EntryFilter
from tests.core.records.history_contents import MODEL, START, keep
from tests.core.records.test_backup import NOW
from tests.making import NINE, contract

TODAY = START.date()
NO_TEXT = "CAST(x'502dff' AS TEXT)"  # "P-" and a byte that is no UTF-8


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a patient, two entries of theirs and one of nobody, and a batch run of one file."""
    with History.open(tmp_path / "data") as history:
        people, assessments = history.people, history.assessments
        patient = people.add_patient("P-0412", "female", by="MK").id
        people.add_patient("P-other", "male", by="MK")
        visit = people.begin_visit(patient, TODAY, "60-69", by="MK").id
        lesion = people.add_lesion(patient, "L1", "", by="MK").id
        for name in ("a.jpg", "b.jpg"):
            keep(history, name)
            image = people.image_id_of(history.entries()[0].image.sha256)
            assert image is not None
            people.place(image, kind="dermoscopy", lesion_id=lesion, visit_id=visit, by="MK")
        keep(history, "c.jpg", "melanoma")
        assessments.assess(
            lesion_id=lesion,
            visit_id=visit,
            before_model=True,
            diagnosis="nevus",
            plan="follow-up",
            plan_date=TODAY,
            by="MK",
        )
        assessments.add_outcome(lesion_id=lesion, kind="histopathology", diagnosis="nevus", date=TODAY, by="MK")
        run = history.runs.start(
            Path("/batch"), 1, contract(), model_sha256=MODEL, preprocessing_version=1, app_version="1", by="MK"
        )
        prediction = Prediction(tuple(1 / len(NINE) for _ in NINE), 0.5, MODEL, 1)
        judgement = judge(prediction, contract())
        answer = FileAnswer(
            Path("/batch/d.png"), sha256="d" * 64, byte_size=1, prediction=prediction, judgement=judgement
        )
        history.runs.add(run, [answer], contract(), by="MK")
        history.runs.finish(run, "finished", by="MK")
    return tmp_path / "data"


def damage(data: Path, table: str, column: str, value: str, row: int = 1) -> None:
    """Damage one value as a faulty disk would, bypassing the trigger that forbids changes."""
    with closing(sqlite3.connect(data / FILE_NAME, isolation_level=None)) as connection:
        trigger = f"{table}_is_never_changed"
        (made,) = connection.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (trigger,)).fetchone()
        connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute(f"UPDATE {table} SET {column} = {value} WHERE rowid = {row}")
        connection.execute(made)


def read_everything(history: History) -> None:
    """Read everything that a window reads."""
    for text in ("", "p", "a.jpg", "melanoma"):
        history.page(EntryFilter(text=text), limit=10)
    history.labels()
    for patient in history.people.find_patients():
        history.people.visits(patient.id)
        history.people.lesions(patient.id)
        history.people.images(patient.id)
        history.people.moved(patient.id)
    history.people.last_visits([patient.id for patient in history.people.find_patients()])
    history.assessments.of([1])
    history.assessments.outcomes(lesion_id=1)
    history.worklists.due(TODAY)
    history.worklists.open_biopsies()
    for run in history.runs.all():
        history.runs.rows(run.id)
    for entry in history.entries():
        history.entry(entry.id)


DAMAGES = (
    ("prediction", "time", "'yesterday'"),
    ("prediction", "time", "'2026-13-45T99:00:00.000000+00:00'"),
    ("prediction", "probabilities", "'{\"nevus\": 0.'"),
    ("prediction", "probabilities", NO_TEXT),
    ("prediction", "flags", "'melanoma'"),
    ("prediction", "abstention", "'perhaps'"),
    ("image", "name", NO_TEXT),
    ("image", "searched_name", NO_TEXT),
    ("image", "time", "''"),
    ("image_detail", "time", "'x'"),
    ("model", "name", NO_TEXT),
    ("model", "contract", "'{\"labels\": ['"),
    ("patient_detail", "pseudonym", NO_TEXT),
    ("lesion_detail", "name", NO_TEXT),
    ("visit_detail", "date", "'some day'"),
    ("visit_detail", "age_band", NO_TEXT),
    ("assessment", "time", "'x'"),
    ("assessment", "plan_date", "'x'"),
    ("assessment", "note", NO_TEXT),
    ("outcome", "date", "'2026-02-30'"),
    ("outcome", "time", "'x'"),
    ("batch_run", "time", "'x'"),
    ("batch_end", "time", "'x'"),
    ("batch_row", "probabilities", "'[1, 2]'"),
    ("batch_row", "top", NO_TEXT),
)


@pytest.mark.parametrize(("table", "column", "value"), DAMAGES)
def test_the_rest_of_a_damaged_history_works(table: str, column: str, value: str, data: Path, tmp_path: Path) -> None:
    damage(data, table, column, value)
    with History.open(data) as history:
        read_everything(history)
        assert history.count() == 3
        assert {"b.jpg", "c.jpg"} <= {entry.image.name for entry in history.entries()}
        keep(history, "new.jpg")
        write_table(tmp_path / "table.csv", [TableRow.of_entry(entry) for entry in history.entries()])
        backup = write_backup(data, tmp_path / "backup.zip", app_version="1", now=NOW)
    assert backup.damaged == (0 if (table, column) == ("model", "contract") else 1)
    restore_backup(tmp_path / "backup.zip", tmp_path / "new", now=NOW)
    with History.open(tmp_path / "new") as history:
        read_everything(history)
        assert history.count() == 4


def test_intact_history_has_no_damaged_rows(data: Path, tmp_path: Path) -> None:
    assert write_backup(data, tmp_path / "backup.zip", app_version="1", now=NOW).damaged == 0
    with History.open(data) as history:
        assert not any(entry.is_damaged for entry in history.entries())


def test_entry_says_that_it_is_damaged(data: Path) -> None:
    damage(data, "prediction", "time", "'yesterday'", 1)
    damage(data, "prediction", "probabilities", "'{'", 2)
    with History.open(data) as history:
        by_name = {entry.image.name: entry for entry in history.entries()}
        assert (by_name["a.jpg"].time, by_name["a.jpg"].is_damaged) == (NO_TIME, True)
        assert not by_name["a.jpg"].answer.is_damaged
        assert by_name["b.jpg"].answer.is_damaged
        assert not by_name["c.jpg"].is_damaged
        placed = {one.image.name: one.entries for one in history.people.images(1)}
        assert [len(placed[name]) for name in ("a.jpg", "b.jpg")] == [
            1,
            0,
        ]  # an answer that cannot be read is asked anew


def test_text_that_is_not_utf_8_is_read_with_replacements(data: Path) -> None:
    damage(data, "patient_detail", "pseudonym", NO_TEXT)
    with History.open(data) as history:
        assert {patient.pseudonym for patient in history.people.find_patients()} == {"P-\\xff\ufdd0", "P-other"}
        history.people.correct_patient(1, "P-0412", "female", by="MK")
        assert {patient.pseudonym for patient in history.people.find_patients()} == {"P-0412", "P-other"}


def test_invalid_day(data: Path) -> None:
    damage(data, "visit_detail", "date", "'some day'")
    with History.open(data) as history:
        (visit,) = history.people.visits(1)
        assert visit.date == NO_DAY


def test_damaged_row_of_a_batch_is_not_sent_to_the_history(data: Path) -> None:
    damage(data, "batch_row", "probabilities", "'{'")
    with History.open(data) as history:
        (row,) = history.runs.rows(1)
        assert row.answer is None
        assert "Damaged" in row.message
        assert history.runs.send_to_history(1, [row.id], by="MK") == []
