"""Scenes of the history under another model: its progress, what changes, the decision, and the list Look again."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

from PySide6.QtWidgets import QScrollArea

from desktop.core.inference.judgement import judge
from desktop.core.records.history import History
from desktop.core.records.people import EXCISION, FOLLOW_UP
from desktop.core.records.safety_net import Gap
from desktop.core.records.values import KeptImage, StoredAnswer
from desktop.widgets.answer.alert_context import patient_context
from desktop.widgets.practice.decision_sheet import DecisionSheet
from desktop.widgets.practice.flips_dialog import FlipsDialog
from screenshot_drawings import draw_labelled
from screenshot_steps import Setting
from studio import LARGE, NORMAL, SMALLEST, StateNotReachedError, Studio

FEW = {"melanoma": (16, 12), "nevus": (40, 24), "dermatofibroma": (8, 4)}
"""By label, how many lesions there are and how many of them have a histology."""
_MANY = {"melanoma": (24, 24), "nevus": (24, 24)}

_VERDICTS = {"worse": "candidate", "no-fault": "alike", "unknown": "of unknown training"}
"""The models that reach each verdict, by its name in the pictures."""

_SITES = ("scapula-left", "calf-right", "back-middle-left", "thigh-front-right", "abdomen-lower-left")


def trial(given: Setting) -> None:
    """Another model on the history, from its start to the adoption; then the other verdicts."""
    studio = given.studio("trial", model="answer")
    fill(studio, given.work / "trial", FEW)
    window, session = studio.window, studio.parts.trial
    window.show_workspace("model")
    stopped: list[bool] = []

    def stop() -> None:
        if session.state.is_running and session.state.done:
            stopped.append(True)

    session.changed.connect(stop)
    session.begin(given.models["candidate"], patient_context)
    studio.wait(lambda: stopped, "nothing is answered")
    studio.take(given.name("trial-running"))
    page = studio.dialog(FlipsDialog)
    studio.settle(0.8)
    studio.take(given.name("trial-flips"), over=page)
    (area,) = [one for one in page.findChildren(QScrollArea) if one.isVisible()]
    bar, part = area.verticalScrollBar(), 1
    while bar.value() < bar.maximum():
        part += 1
        bar.setValue(bar.value() + round(bar.pageStep() * 0.9))
        studio.settle()
        studio.take(given.name(f"trial-flips-{part}"), over=page)
    page.adopt.click()
    sheet = page.findChildren(DecisionSheet)[0]
    sheet.reason.setPlainText("Fewer alarms on naevi; both melanomas without an alert were looked at.")
    studio.settle()
    studio.take(given.name("trial-adopt"), over=page)
    sheet.save.click()
    studio.wait(lambda: not session.state.file, "nothing is decided")
    studio.settle(0.8)
    studio.take(given.name("trial-adopted"))
    window.show_workspace("today")
    studio.settle(0.8)
    gaps = window.workspaces.today.page.gaps
    gaps.setCurrentIndex(gaps.findData(Gap.LOOK_AGAIN))
    studio.settle()
    for size in (NORMAL, LARGE, SMALLEST):
        studio.take(given.name("trial-look-again"), size)
    studio.close()
    studio = given.studio("trial-verdicts", model="earlier")
    fill(studio, given.work / "trial-verdicts", _MANY)
    studio.window.show_workspace("model")
    for verdict, model in _VERDICTS.items():
        studio.parts.trial.begin(given.models[model], patient_context)
        page = studio.dialog(FlipsDialog)
        studio.settle(0.8)
        studio.take(given.name(f"trial-{verdict}"), over=page)
        page.close()
        studio.settle()
    studio.close()


def fill(studio: Studio, folder: Path, lesions: dict[str, tuple[int, int]]) -> None:
    """Save drawn lesions of as many patients, answered by the model in use and assessed, some of them with histology."""
    draw_labelled(folder, {label: count for label, (count, _proved) in lesions.items()})
    model = studio.parts.model.classifier
    if model is None:
        raise StateNotReachedError("there is no model")
    today = dt.datetime.now().astimezone().date()

    def work(history: History, by: str) -> None:
        people, number = history.people, 0
        for label, (_count, proved) in lesions.items():
            for place, path in enumerate(sorted((folder / label).iterdir())):
                number += 1
                data = path.read_bytes()
                (prediction,) = model.predict(model.prepare(data, path.name)[None], [480])
                judgement = judge(prediction, model.contract, model.working_points)
                answer = StoredAnswer.of(prediction, judgement, model.contract.label_ids, "0.1.0")
                sha256 = hashlib.sha256(data).hexdigest()
                image = KeptImage(sha256, path.name, "JPEG", 640, 480, len(data), path, stored=False)
                history.save(image, answer, model.contract, by=by)
                day = today - dt.timedelta(days=40 + 9 * number)
                patient = people.add_patient(f"P-{number:04}", "female", by=by).id
                visit = people.begin_visit(patient, day, "50-59", by=by).id
                lesion = people.add_lesion(patient, "L1", _SITES[number % len(_SITES)], by=by).id
                image_id = people.image_id_of(sha256)
                if image_id is not None:
                    people.place(image_id, kind="dermoscopy", lesion_id=lesion, visit_id=visit, by=by)
                history.assessments.assess(
                    lesion_id=lesion,
                    visit_id=visit,
                    before_model=True,
                    diagnosis="nevus",
                    plan=EXCISION if place < proved else FOLLOW_UP,
                    plan_date=None if place < proved else today + dt.timedelta(days=90),
                    by=by,
                )
                if place < proved:
                    history.assessments.add_outcome(
                        lesion_id=lesion,
                        kind="histopathology",
                        diagnosis=label,
                        label=label,
                        date=day + dt.timedelta(days=9),
                        by=by,
                    )

    studio.write(work)
