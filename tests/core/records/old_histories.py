"""Histories as released versions wrote them, stored as SQL: `make layout` stores today's.

It is called for each new layout, before the release that introduces it; the files of older versions are never rewritten.
`history-1.sql` is from 0.1.0, which had no patients yet.
"""

import datetime as dt
import sqlite3
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from desktop.core.imaging.capture import Capture
from desktop.core.imaging.opening import ImageHeader
from desktop.core.imaging.scale import Scale
from desktop.core.inference.adjusted import Adjusted
from desktop.core.inference.batch import FileAnswer
from desktop.core.inference.classifier import Prediction
from desktop.core.inference.judgement import judge
from desktop.core.inference.similarity import VectorKind, reduced
from desktop.core.patient_context import PatientContext
from desktop.core.records.audit_acts import Action
from desktop.core.records.care_steps import CareStep, Step
from desktop.core.records.history import History
from desktop.core.records.influences import InfluenceKind, Span
from desktop.core.records.model_decisions import Decision
from desktop.core.records.newest_layout import LAYOUT
from desktop.core.records.people import EXCISION
from desktop.core.records.schema import FILE_NAME
from desktop.core.records.tried_answers import TriedAnswer
from desktop.core.registration.agreement import Agreement
from desktop.core.registration.registering import Registration
from desktop.core.registration.similarity import Similarity
from tests.core.records.history_contents import MODEL, START, an_answer, clock, keep
from tests.making import NINE, contract

STORED = Path(__file__).parent
PRAGMAS = ("application_id", "user_version")
KEPT = (("binned", "nevus"), ("disclosed", "melanoma"), ("plain", "dermatofibroma"))


def fill(folder: Path) -> None:
    """Keep three entries, one of them in the bin, one disclosed and one of a patient, and a batch run of one file."""
    with History.open(folder, now=clock()) as history:
        first, second, third = (keep(history, f"{name}.jpg", top) for name, top in KEPT)
        history.bin([first.entry_id], by="MK")
        history.disclosures.disclose(second.entry_id, "despite abstention", by="AB")
        run = history.runs.start(
            Path("/batch"), 1, contract(), model_sha256=MODEL, preprocessing_version=1, app_version="0.1.0", by="MK"
        )
        prediction = Prediction(tuple(1 / len(NINE) for _ in NINE), 0.5, MODEL, 1)
        good = FileAnswer(
            Path("/batch/good.png"),
            sha256="b" * 64,
            byte_size=1_000,
            header=ImageHeader("PNG", 640, 480),
            prediction=prediction,
            judgement=judge(prediction, contract()),
        )
        history.runs.add(run, [good], contract(), by="MK")
        history.runs.finish(run, "finished", by="MK")
        history.disclosures.note_shown(["b" * 64], by="MK")
        _consult(history, third.entry_id)


def _consult(history: History, entry_id: int) -> None:
    """Write what a consultation does, so that each table of people and views has a row."""
    patient = history.people.add_patient("P-0412", "female", by="MK", skin_type="II", birth_year=1960)
    visit = history.people.begin_visit(patient.id, START.date(), "60-69", by="MK")
    lesion = history.people.add_lesion(patient.id, "L1", "scapula-left", pin=(0.375, 0.25), by="MK")
    image_id = history.people.image_id_of(history.entry(entry_id).image.sha256)
    assert image_id is not None
    history.people.place(image_id, kind="dermoscopy", lesion_id=lesion.id, visit_id=visit.id, by="MK")
    history.people.correct_patient(patient.id, "P-0412", "female", by="MK", training_use="yes")
    plan = history.assessments.assess(
        lesion_id=lesion.id,
        visit_id=visit.id,
        before_model=True,
        diagnosis="nevus",
        plan=EXCISION,
        change="changed",
        by="MK",
    )
    history.care_steps.record(CareStep(Step.TAKEN, plan.id, START.date(), "MK", "punch, 4 mm"), by="MK")
    history.adjustments.note(
        entry_id, Adjusted(PatientContext("60-69", "female"), {"nevus": 0.9}), patient_id=patient.id, by="MK"
    )
    history.working_points.choose(
        {"melanoma": 0.95}, {"melanoma": 0.98}, "high-risk clinic", contract(), model_sha256=MODEL, by="MK"
    )
    history.audit.note(Action.PATIENT_OPENED, patient_id=patient.id, by="MK")
    pair = (history.entry(one).image.sha256 for one in (entry_id, 1))
    history.alignments.keep(*pair, Registration(Similarity(0.5, 0.25, 20, 10), Agreement(21, 30)), by="MK")
    history.captures.give(history.entry(entry_id).image.sha256, Capture("Scope", "contact", "polarised"), by="MK")
    history.outlines.give(history.entry(entry_id).image.sha256, [(10, 10), (90, 10), (50, 80.5)], by="MK")
    for kind, days in ((InfluenceKind.CRYOTHERAPY, 0), (InfluenceKind.PREGNANCY, 200)):
        span = Span(START.date() - dt.timedelta(days), START.date())
        entered = history.influences.add(kind, lesion.id, span, "10 s", by="MK")
    history.influences.correct(entered.id, entered.span, "", withdrawn=True, by="AB")
    history.photograph_pins.put(image_id, lesion.id, (0.25, 0.75), by="MK")
    history.embeddings.keep(
        history.entry(entry_id).image.sha256, VectorKind(MODEL, 1), reduced(np.ones((1, 3), np.float32))[0], by="MK"
    )
    _try(history, history.entry(entry_id).image.sha256, image_id)
    history.scales.give(image_id, Scale(0.02, "Dermatoscope, 10×"), by="MK")
    history.assessments.add_outcome(
        lesion_id=lesion.id,
        kind="histopathology",
        diagnosis="dermatofibroma",
        date=START.date(),
        ulceration="absent",
        margins="clear",
        laboratory_number="H 26-1234",
        label="dermatofibroma",
        by="MK",
    )
    drawn = history.training_exports.plan(contract().label_ids, MODEL, START.date().isoformat())
    exported = replace(drawn, salt="5" * 64, images=tuple(replace(one, split="test") for one in drawn.images))
    history.training_exports.note(exported, {one.lesion_id for one in exported.images}, by="MK")
    mistaken = history.assessments.add_outcome(
        lesion_id=lesion.id, kind="histopathology", diagnosis="melanoma", date=START.date(), by="MK"
    )
    history.assessments.set_outcome_binned(mistaken.id, binned=True, by="MK", reason="wrong lesion")


def _try(history: History, sha256: str, image_id: int) -> None:
    """Try another model, and decide about it."""
    other, described = "c" * 64, contract(name="Other model")
    tried = TriedAnswer(sha256, an_answer("melanoma", model=other), ("melanoma",))
    history.tried_answers.keep([tried], {other: described}, by="MK")
    history.tried_answers.list_again(other, {image_id: {"melanoma"}}, by="MK")
    history.care_steps.record(CareStep(Step.LOOKED_AGAIN, 1, START.date(), "AB", "unchanged"), by="MK")
    history.model_decisions.record(
        Decision.KEPT, (other, described), (MODEL, contract()), "no gain", {"lesions": 1}, by="MK"
    )


def store(version: int, database: Path) -> Path:
    """Write a history's file as SQL; return the file."""
    connection = sqlite3.connect(database)
    pragmas = [f"PRAGMA {name} = {connection.execute(f'PRAGMA {name}').fetchone()[0]};" for name in PRAGMAS]
    file = STORED / f"history-{version}.sql"
    file.write_text("\n".join([*pragmas, *connection.iterdump()]) + "\n", encoding="utf-8", newline="\n")
    connection.close()
    return file


def restore(stored: Path, folder: Path) -> None:
    """Make a history's file in a data folder out of its SQL."""
    folder.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(folder / FILE_NAME)
    connection.executescript(stored.read_text(encoding="utf-8"))
    connection.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        fill(Path(temporary))
        print(store(LAYOUT, Path(temporary) / FILE_NAME))
