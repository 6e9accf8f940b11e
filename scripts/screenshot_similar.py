"""The scene of similar pictures: cases of other patients, and what is shown of them after the own assessment."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

from PySide6.QtWidgets import QListWidget

from desktop.core.records.history import History
from desktop.widgets.visit.similar_dialog import SimilarDialog
from screenshot_drawings import draw_images, samples
from screenshot_steps import Setting, add_lesion, bring, judge
from studio import SMALLEST, Studio

_CASES = (
    ("P-0288", "scapula-left", "nevus", ""),
    ("P-0301", "calf-right", "melanoma", "superficial spreading melanoma"),
    ("P-0317", "back-lower-left", "nevus", "nevus"),
    ("P-0324", "forearm-back-left", "atypical_nevus", ""),
    ("P-0346", "scapula-left", "melanoma", "nevus"),
    ("P-0355", "calf-right", "seborrheic_keratosis", "seborrheic_keratosis"),
    ("P-0361", "back-lower-left", "nevus", "melanoma in situ"),
    ("P-0370", "scapula-left", "nevus", ""),
)
"""Patients with the site of their lesion, its assessment, and its histology if there is one."""


def similar(given: Setting) -> None:
    """Similar pictures: looked for, being compared, and found."""
    studio = given.studio("similar")  # another model than that which is asked later has looked at them
    window, visit = studio.window, studio.parts.open_patient
    kinds = len(samples())  # every so many drawings are of one sample
    numbers = [31, *(31 + kinds * place if place % 4 else 31 + place for place in range(1, len(_CASES) + 1))]
    drawings = [draw_images(given.work / "similar", 1, first=number)[0] for number in numbers]
    window.show_workspace("visit")
    for path in drawings[1:]:
        studio.open(path)
    studio.parts.open_image.close()
    hashes = [hashlib.sha256(path.read_bytes()).hexdigest() for path in drawings[1:]]
    studio.write(lambda history, by: _write_cases(history, hashes, by))
    studio.parts.model.load(given.models["shipped"])
    studio.wait(lambda: _uses(studio, given.models["shipped"]), "the model was not changed")
    with History.open(studio.folder) as history:
        (own,) = history.people.find_patients("P-0412")
    visit.open(own)
    studio.wait(lambda: visit.patient is not None, "no patient is open")
    add_lesion(studio, "scapula-left")
    bring(studio, drawings[0])
    judge(studio, visit.lesions[0].id, "nevus", "none")
    studio.settle()
    studio.press("Similar pictures…", window.visit_page.assessment_panel)
    shown = studio.dialog(SimilarDialog)
    studio.wait(lambda: "compared yet" in shown.state.text(), "nothing was looked for")
    studio.take(given.name("similar-not-compared"), over=shown)
    studio.press("Compare them", shown)
    (cases,) = shown.findChildren(QListWidget)
    studio.wait(lambda: cases.count() > 0, "nothing similar was found")
    studio.settle(0.8)
    studio.take(given.name("similar"), over=shown)
    studio.take(given.name("similar"), SMALLEST, over=shown)
    shown.reject()
    studio.close()


def _uses(studio: Studio, model: Path) -> bool:
    used = studio.parts.open_image.classifier
    return used is not None and used.path == model


def _write_cases(history: History, hashes: list[str], by: str) -> None:
    people, day = history.people, dt.datetime.now().astimezone().date() - dt.timedelta(days=400)
    people.add_patient("P-0412", "female", by=by)
    for sha256, (pseudonym, site, assessed, proved) in zip(hashes, _CASES, strict=True):
        patient = people.add_patient(pseudonym, "unknown", by=by)
        lesion = people.add_lesion(patient.id, "L1", site, by=by)
        seen = people.begin_visit(patient.id, day, "", by=by)
        image_id = people.image_id_of(sha256) or 0
        people.place(image_id, kind="dermoscopy", lesion_id=lesion.id, visit_id=seen.id, by=by)
        history.assessments.assess(lesion_id=lesion.id, visit_id=seen.id, before_model=True, diagnosis=assessed, by=by)
        if proved:
            history.assessments.add_outcome(
                lesion_id=lesion.id, kind="histopathology", diagnosis=proved, date=day + dt.timedelta(days=9), by=by
            )
