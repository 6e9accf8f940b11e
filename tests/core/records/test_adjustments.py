"""Figures for a patient and a practice are saved with an answer, read back, exported, and erased with their patient."""

import csv
import dataclasses
from pathlib import Path

from desktop.core.inference.adjusted import NOT_ADJUSTED, Adjusted
from desktop.core.patient_context import PatientContext
from desktop.core.records.history import History
from desktop.core.records.table_files import write_table
from desktop.core.records.tables import TableRow
from desktop.core.records.values import EntryFilter
from tests.core.records.history_contents import clock, keep
from tests.making import NINE

SHARES = {label.id: 1 / 9 for label in NINE}
WITH_CONTEXT = Adjusted(PatientContext("70-79", "male", "trunk"), SHARES, ("melanoma",))
FOR_PRIOR = Adjusted(prior=SHARES | {"melanoma": 0.03}, for_prior=SHARES)


def test_newest_figures_stand_with_their_entry(tmp_path: Path) -> None:
    with History.open(tmp_path, now=clock()) as history:
        entry_id = keep(history).entry_id
        assert history.entry(entry_id).adjusted == NOT_ADJUSTED
        assert history.adjustments.note(entry_id, WITH_CONTEXT, patient_id=None, by="MK")
        assert history.adjustments.note(entry_id, FOR_PRIOR, patient_id=None, by="MK")
        assert history.entry(entry_id).adjusted == FOR_PRIOR
        assert history.adjustments.note(entry_id, NOT_ADJUSTED, patient_id=None, by="MK"), (
            "what stood before is no longer shown"
        )
        assert history.entry(entry_id).adjusted == NOT_ADJUSTED
    with History.open(tmp_path) as history:
        assert len(history._database.read("SELECT id FROM adjustment")) == 3


def test_same_figures_are_written_once(tmp_path: Path) -> None:
    with History.open(tmp_path, now=clock()) as history:
        entry_id = keep(history).entry_id
        assert not history.adjustments.note(entry_id, NOT_ADJUSTED, patient_id=None, by="MK")
        assert history.adjustments.note(entry_id, WITH_CONTEXT, patient_id=None, by="MK")
        assert not history.adjustments.note(entry_id, WITH_CONTEXT, patient_id=None, by="AB")
        assert len(history._database.read("SELECT id FROM adjustment")) == 1


def test_figures_for_another_patient_are_not_saved(tmp_path: Path) -> None:
    with History.open(tmp_path, now=clock()) as history:
        entry_id = keep(history).entry_id
        own, other = (history.people.add_patient(name, "male", by="MK").id for name in ("P-1", "P-2"))
        visit = history.people.begin_visit(own, clock()().date(), "70-79", by="MK")
        image_id = history.people.image_id_of(history.entry(entry_id).image.sha256)
        assert image_id is not None
        history.people.place(image_id, kind="dermoscopy", lesion_id=None, visit_id=visit.id, by="MK")
        assert history.adjustments.note(entry_id, WITH_CONTEXT, patient_id=own, by="MK")
        assert not history.adjustments.note(entry_id, NOT_ADJUSTED, patient_id=None, by="MK"), "no patient is open"
        assert not history.adjustments.note(entry_id, FOR_PRIOR, patient_id=other, by="MK")
        assert history.entry(entry_id).adjusted == WITH_CONTEXT


def test_alert_that_only_context_raised_is_found(tmp_path: Path) -> None:
    with History.open(tmp_path, now=clock()) as history:
        raised, quiet = (keep(history, name, flags=()).entry_id for name in ("raised.jpg", "quiet.jpg"))
        history.adjustments.note(raised, WITH_CONTEXT, patient_id=None, by="MK")

        def found(**wanted: object) -> list[int]:
            return [entry.id for entry in history.entries(EntryFilter(**wanted))]  # type: ignore[arg-type]

        assert found(is_flagged=True) == found(flag="melanoma") == [raised]
        assert found(is_flagged=False) == [quiet]
        assert found(flag="carcinomas") == []
        assert history.entry(raised).flags == ("melanoma",)
        history.adjustments.note(raised, NOT_ADJUSTED, patient_id=None, by="MK")
        assert found(is_flagged=True) == []


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_tables_have_both_figures_the_adjusted_ones_last(tmp_path: Path) -> None:
    both = dataclasses.replace(WITH_CONTEXT, prior=FOR_PRIOR.prior, for_prior=FOR_PRIOR.for_prior)
    with History.open(tmp_path, now=clock()) as history:
        history.adjustments.note(keep(history).entry_id, both, patient_id=None, by="MK")
        keep(history, "other.jpg")
        rows = [TableRow.of_entry(entry) for entry in history.entries()]
    write_table(tmp_path / "told.csv", rows, include_patient=True)
    write_table(tmp_path / "untold.csv", rows)
    write_table(tmp_path / "plain.csv", [row for row in rows if not row.adjusted])
    adjusted, other = read(tmp_path / "told.csv")
    assert float(adjusted["p_nevus"]) == 0.6
    assert adjusted["context_p_nevus"] == adjusted["prior_p_nevus"] != adjusted["p_nevus"]
    assert (adjusted["context_age"], adjusted["context_site"], adjusted["context_flag"]) == (
        "70-79",
        "trunk",
        "melanoma",
    )
    assert float(adjusted["prior_melanoma"]) == 0.03
    assert {other[name] for name in other if name.startswith(("context_", "prior_"))} == {""}
    last = [name for name in adjusted if name.startswith(("context_", "prior_"))]
    assert list(adjusted)[-len(last) - 2 :] == [*last, "not_for_patients", "working_points"]
    assert "context_age" not in read(tmp_path / "untold.csv")[0], "an age is the patient's"
    assert "context_flag" in read(tmp_path / "untold.csv")[0]
    assert not any(name.startswith(("context_", "prior_")) for name in read(tmp_path / "plain.csv")[0])


def test_figures_are_erased_with_their_patient(tmp_path: Path) -> None:
    with History.open(tmp_path, now=clock()) as history:
        entry_id = keep(history).entry_id
        patient = history.people.add_patient("P-1", "male", by="MK")
        visit = history.people.begin_visit(patient.id, clock()().date(), "70-79", by="MK")
        image_id = history.people.image_id_of(history.entry(entry_id).image.sha256)
        assert image_id is not None
        history.people.place(image_id, kind="dermoscopy", lesion_id=None, visit_id=visit.id, by="MK")
        history.adjustments.note(entry_id, WITH_CONTEXT, patient_id=patient.id, by="MK")
        assert len(history._database.read("SELECT id FROM adjustment")) == 1
        history.erasures.erase_patient(patient.id, by="MK")
        assert history._database.read("SELECT id FROM adjustment") == []


def test_damaged_figures_leave_the_answer_as_it_is(tmp_path: Path) -> None:
    with History.open(tmp_path, now=clock()) as history:
        entry_id = keep(history).entry_id
        with history._database.writing() as connection:
            connection.execute(
                "INSERT INTO adjustment (prediction, age_band, sex, site, with_context, raised, initials, time)"
                " VALUES (?, '70-79', '', '', '{', '[]', 'MK', '2026-11-23T09:00:00.000000+00:00')",
                (entry_id,),
            )
        entry = history.entry(entry_id)
        assert entry.adjusted == NOT_ADJUSTED
        assert entry.answer.top == "nevus"
