"""Scenes of the workspace Practice: empty, with a few outcomes, with many, and the lesions behind a figure."""

from __future__ import annotations

import datetime as dt
import hashlib
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtWidgets import QPushButton, QScrollArea, QWidget

from desktop.core.imaging.quality import Quality
from desktop.core.inference.judgement import Abstention
from desktop.core.records.history import History
from desktop.core.records.people import EXCISION, FOLLOW_UP
from desktop.core.records.values import KeptImage, StoredAnswer
from desktop.widgets.practice.cases_sheet import CasesSheet
from screenshot_steps import Setting, texts
from studio import LARGE, SMALLEST, StateNotReachedError, Studio

_DIAGNOSES = {
    "melanoma": ("melanoma", "melanoma_in_situ"),
    "basal_cell_carcinoma": ("basal_cell_carcinoma",),
    "nevus": ("nevus", "atypical_nevus", "dermal_nevus"),
    "seborrheic_keratosis": ("seborrheic_keratosis",),
}
_SHARES = (0.15, 0.15, 0.5, 0.2)
_SITES = ("scapula-left", "calf-right", "back-middle-left", "thigh-front-right", "abdomen-lower-left")
_DAY = dt.timedelta(days=1)


def own_figures(given: Setting) -> None:
    """The page without answers, with 12 outcomes and with 400."""
    studio = given.studio("own-figures-empty", model="shipped")
    _show(studio)
    studio.take(given.name("own-figures-empty"))
    studio.close()
    for count in (12, 400):
        studio = given.studio(f"own-figures-{count}", model="shipped")
        _Clinic(studio, given.work / f"own figures {count}").fill(count)
        _show(studio)
        page = studio.window.workspaces.own_figures.page
        studio.wait(partial(_is_counted, page, count), "the lesions are not counted")
        studio.take(given.name(f"own-figures-{count}"))
        for size in (LARGE, SMALLEST):
            studio.take(given.name(f"own-figures-{count}"), size)
        (area,) = [one for one in page.findChildren(QScrollArea) if one.isVisible()]
        bar, part = area.verticalScrollBar(), 1
        while bar.value() < bar.maximum():
            part += 1
            bar.setValue(bar.value() + round(bar.pageStep() * 0.9))
            studio.take(given.name(f"own-figures-{count}-{part}"))
        _press_figure(page)
        sheet = studio.dialog(CasesSheet)
        studio.take(given.name(f"own-figures-{count}-cases"), over=sheet)
        sheet.reject()
        studio.close()

    studio = given.studio("own-figures-drift", model="shipped")
    _Clinic(studio, given.work / "own figures drift").fill_months()
    _show(studio)
    page = studio.window.workspaces.own_figures.page
    studio.wait(lambda: "Moved in" in texts(page), "nothing moved")
    (area,) = [one for one in page.findChildren(QScrollArea) if one.isVisible()]
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    studio.settle()
    studio.take(given.name("own-figures-drift"))
    studio.close()


def _show(studio: Studio) -> None:
    studio.window.show_workspace("own_figures")
    studio.settle(0.8)


def _is_counted(page: QWidget, count: int) -> bool:
    """Tell whether all lesions with histology are counted, and compared with what the model learned from."""
    shown = texts(page)
    return f"{count} lesions with histology" in shown and "Still comparing" not in shown


def _press_figure(page: QWidget) -> None:
    """Press the first count of lesions out of others."""
    for button in page.findChildren(QPushButton):
        if button.property("figure") and " of " in button.text():
            button.click()
            return
    raise StateNotReachedError("no figure leads to its lesions")


class _Clinic:
    """Saves lesions with an assessment before the model, its answer, sometimes another assessment, and the histology."""

    def __init__(self, studio: Studio, folder: Path) -> None:
        self._studio = studio
        self._folder = folder
        self._random = np.random.default_rng(19)
        folder.mkdir(parents=True, exist_ok=True)

    def fill(self, count: int) -> None:
        """Save so many lesions with histology, and a third as many without, half of these followed up."""
        self._studio.wait(lambda: self._studio.parts.model.classifier is not None, "there is no model")

        def work(history: History, by: str) -> None:
            for number in range(count + count // 3):
                self._lesion(history, number, by, is_proved=number < count)

        self._studio.write(work)

    def fill_months(self, months: int = 8, images: int = 70) -> None:
        """Save images of the last complete months, of which the newest is less sharp than the others."""
        self._studio.wait(lambda: self._studio.parts.model.classifier is not None, "there is no model")
        last = dt.datetime.now().astimezone().date().replace(day=1) - _DAY

        def work(history: History, by: str) -> None:
            first = last.replace(day=1)
            for month in range(months):
                for number in range(images):
                    name = f"P-{month:02}{number // 2:02}"
                    known = history.people.patient_called(name)
                    patient = history.people.add_patient(name, "male", by=by) if known is None else known
                    visit = history.people.begin_visit(patient.id, first, "", by=by).id
                    lesion = history.people.add_lesion(patient.id, f"L{number}", "scapula-left", by=by).id
                    sharpness = 0.62 if month else 0.52
                    self._answer(
                        history,
                        month * 1000 + number,
                        lesion,
                        visit,
                        by,
                        truth="nevus",
                        is_cancer=False,
                        sharpness=sharpness,
                    )
                first = (first - _DAY).replace(day=1)

        self._studio.write(work)

    def _lesion(self, history: History, number: int, by: str, *, is_proved: bool) -> None:
        random, people, assessments = self._random, history.people, history.assessments
        day = dt.datetime.now().astimezone().date() - int(random.integers(40, 900)) * _DAY
        name = f"P-{number * 2 // 3:04}"
        known = people.patient_called(name)
        patient = people.add_patient(name, "female", by=by) if known is None else known
        visit = people.begin_visit(patient.id, day, "50-59", by=by).id
        lesion = people.add_lesion(patient.id, f"L{number + 1}", str(random.choice(_SITES)), by=by).id
        truth = str(random.choice(list(_DIAGNOSES), p=_SHARES))
        is_cancer = truth in {"melanoma", "basal_cell_carcinoma"}
        own = truth if random.random() < 0.75 else ("nevus" if is_cancer else "melanoma")
        assessments.assess(
            lesion_id=lesion,
            visit_id=visit,
            before_model=True,
            diagnosis=own,
            plan=EXCISION if own in {"melanoma", "basal_cell_carcinoma"} else FOLLOW_UP,
            by=by,
        )
        self._answer(history, number, lesion, visit, by, truth=truth, is_cancer=is_cancer)
        if not is_proved and not is_cancer and number % 2:
            self._follow_up(history, number, lesion, patient.id, day + 600 * _DAY, by)
        if own != truth and random.random() < 0.6:
            assessments.assess(
                lesion_id=lesion,
                visit_id=visit,
                before_model=False,
                diagnosis=truth,
                plan=EXCISION if is_cancer else FOLLOW_UP,
                by=by,
            )
        if is_proved:
            assessments.add_outcome(
                lesion_id=lesion,
                kind="histopathology",
                diagnosis=str(random.choice(_DIAGNOSES[truth])),
                label=truth,
                date=day + 9 * _DAY,
                by=by,
            )

    def _follow_up(self, history: History, number: int, lesion: int, patient: int, day: dt.date, by: str) -> None:
        """Save a second visit at which the lesion is unchanged, and mostly the outcome."""
        visit = history.people.begin_visit(patient, day, "50-59", by=by).id
        self._answer(history, 10_000 + number, lesion, visit, by, truth="nevus", is_cancer=False)
        history.assessments.assess(
            lesion_id=lesion, visit_id=visit, before_model=False, diagnosis="nevus", change="unchanged", by=by
        )
        if number % 3:
            history.assessments.add_outcome(lesion_id=lesion, kind="follow-up", diagnosis="nevus", date=day, by=by)

    def _answer(
        self,
        history: History,
        number: int,
        lesion: int,
        visit: int,
        by: str,
        *,
        truth: str,
        is_cancer: bool,
        sharpness: float = 0.62,
    ) -> None:
        random, model = self._random, self._studio.parts.model.classifier
        if model is None:
            raise StateNotReachedError("there is no model")
        path = self._folder / f"{number:04}.png"
        coarse = np.array((190, 140, 120)) + random.normal(0, 30, (9, 12, 1)) + random.normal(0, 8, (9, 12, 3))
        picture = Image.fromarray(coarse.clip(0, 255).astype(np.uint8)).resize((160, 120), Image.Resampling.BICUBIC)
        picture.save(path)
        reason = self._random.choice(["", "quality", "novelty", "uncertain"], p=[0.82, 0.04, 0.02, 0.12])
        data = path.read_bytes()
        sha256 = hashlib.sha256(data).hexdigest()
        malignant = float(random.beta(4, 2) if is_cancer else random.beta(2, 5))
        raised = [
            alert.id for alert in model.contract.alerts if random.random() < (0.9 if truth in alert.labels else 0.4)
        ]
        rest = (1 - malignant) / (len(model.contract.label_ids) - 1)
        answer = StoredAnswer(
            probabilities={label: malignant if label == "melanoma" else rest for label in model.contract.label_ids},
            top="melanoma" if malignant > 0.5 else "nevus",
            top_probability=max(malignant, 1 - malignant),
            malignant_probability=malignant,
            flags=tuple(raised),
            abstention=Abstention(reason) if reason else None,
            kind_uncertain=False,
            quality=Quality(sharpness + random.normal(0, 0.06), 0.02, 0.01, 0.0).to_json(),
            novelty=float(random.gamma(9, 0.1)),
            model_sha256=model.sha256,
            preprocessing_version=1,
            app_version="0.1.0",
            working_points=dict(model.working_points),
        )
        image = KeptImage(sha256, path.name, "PNG", 160, 120, len(data), path, stored=False)
        history.save(image, answer, model.contract, by=by)
        image_id = history.people.image_id_of(sha256)
        if image_id is not None:
            history.people.place(image_id, kind="dermoscopy", lesion_id=lesion, visit_id=visit, by=by)
