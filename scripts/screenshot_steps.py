"""Steps shared by the scenes: opening, placing, assessing, and the data saved beforehand."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLabel, QLineEdit, QMessageBox, QToolButton, QWidget

from desktop.core.encryption.keys import Key
from desktop.core.errors import AppError
from desktop.core.records.history import History
from desktop.core.records.people import EXCISION, FOLLOW_UP, Sex
from desktop.widgets.patient.lesion_question import LesionQuestion
from screenshot_drawings import samples
from studio import StateNotReachedError, Studio

VEIL = 2
"""The index of the sample with a blue-white veil, the most expressive one."""

_MOMENT = 1500
"""Milliseconds after which a modal dialog can be photographed."""


@dataclass(frozen=True)
class Setting:
    """The output folder, the models, and `work`, a temporary folder."""

    out: Path
    work: Path
    models: dict[str, Path]
    prefix: str = ""

    def studio(self, name: str, *, model: str = "answer", blind: bool = False, initials: str = "MK") -> Studio:
        """Open a window over a new history."""
        folder = self.work / f"{self.prefix}{name}" / "LesionLens"
        shutil.rmtree(folder, ignore_errors=True)
        return Studio(folder, self.models[model], self.out, blind=blind, initials=initials)

    def studio_again(self, name: str, key: Key | None) -> Studio:
        """Open a window over the history of an earlier one, which has been encrypted."""
        return Studio(self.work / f"{self.prefix}{name}" / "LesionLens", self.models["answer"], self.out, key=key)

    def name(self, name: str) -> str:
        """Return a picture's name."""
        return f"{self.prefix}{name}"


def texts(widget: QWidget) -> str:
    """Return the text of a part of the window."""
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if one.isVisibleTo(widget))


def open_flagged(studio: Studio) -> None:
    """Open the samples until one has a flag, the most expressive first."""
    known = samples()
    for path in (known[VEIL], *known):
        studio.open(path)
        answer = studio.parts.open_image.answer
        if answer is not None and answer.judgement.flags:
            return
    raise StateNotReachedError("no sample raises a flag")


def choose_in(dialog: QWidget, text: str) -> None:
    """Choose an entry of a dialog's box by the beginning of its text."""
    for box in dialog.findChildren(QComboBox):
        for row in range(box.count()):
            if box.itemText(row).startswith(text):
                box.setCurrentIndex(row)
                box.activated.emit(row)
                return
    for button in dialog.findChildren(QToolButton):
        if button.text().startswith(text):
            button.click()
            return
    raise StateNotReachedError(f"“{text}” cannot be chosen")


def add_lesion(studio: Studio, site: str) -> None:
    """Make a lesion of the open patient."""
    visit = studio.parts.open_patient
    count = len(visit.lesions)
    if visit.patient is None:
        raise StateNotReachedError("no patient is open")
    errors: list[AppError] = []
    studio.parts.edits.add_lesion(visit.patient, site)(lambda _reverse: None, errors.append)
    studio.wait(lambda: len(visit.lesions) == count + 1, "there is no lesion")


def bring(studio: Studio, *paths: Path) -> None:
    """Open images of the chosen lesion, and wait until all of them are placed."""
    visit = studio.parts.open_patient
    before = len(visit.images)

    def are_placed() -> bool:
        return not studio.parts.import_queue.waiting and len(visit.images) == before + len(paths)

    def questions() -> list[LesionQuestion]:
        return [one for one in QApplication.allWidgets() if isinstance(one, LesionQuestion) and one.isVisible()]

    studio.window.open_files(list(paths))
    studio.wait(lambda: are_placed() or questions(), "images are not placed")
    for question in questions():  # the lesion is assessed already
        question.same.click()
    studio.wait(are_placed, "images are not placed")
    studio.settle()


def show_image(studio: Studio, *, is_clinical: bool) -> None:
    """Open the first image of the strip that is, or is not, a clinical photograph."""
    strip = studio.window.visit_page.strip
    for row in range(strip.count()):
        image = strip.item(row).data(Qt.ItemDataRole.UserRole)
        if image is not None and image.is_clinical == is_clinical:
            strip.setCurrentRow(row)
            studio.settle(0.8)
            return
    raise StateNotReachedError("the strip has no such image")


def judge(studio: Studio, lesion_id: int, diagnosis: str, plan: str) -> None:
    """Assess a lesion at this visit."""
    visit = studio.parts.open_patient.visit
    if visit is None:
        raise StateNotReachedError("no visit was begun")
    due = visit.date + dt.timedelta(days=90) if plan == FOLLOW_UP else None
    studio.write(
        lambda history, by: history.assessments.assess(
            lesion_id=lesion_id,
            visit_id=visit.id,
            image_id=None,
            before_model=False,
            diagnosis=diagnosis,
            label=diagnosis,
            confidence="high",
            plan=plan,
            plan_date=due,
            by=by,
        )
    )


def earlier_visits(studio: Studio) -> None:
    """Save patients of earlier visits: one with a follow-up due today, one with an open histology."""
    today = dt.datetime.now().astimezone().date()
    before = today - dt.timedelta(days=92)
    known: tuple[tuple[str, Sex, str, str, str], ...] = (
        ("P-0407", "female", "50-59", EXCISION, "basal_cell_carcinoma"),
        ("P-0411", "male", "70-79", FOLLOW_UP, "atypical_nevus"),
    )

    def work(history: History, by: str) -> None:
        history.people.add_patient("P-0398", "male", by=by)
        for pseudonym, sex, band, plan, diagnosis in known:
            one = history.people.add_patient(pseudonym, sex, by=by)
            visit = history.people.begin_visit(one.id, before, band, by=by)
            lesion = history.people.add_lesion(
                one.id, "L1", "forearm-back-left" if plan == EXCISION else "back-lower-left", by=by
            )
            history.assessments.assess(
                lesion_id=lesion.id,
                visit_id=visit.id,
                before_model=True,
                diagnosis=diagnosis,
                plan=plan,
                plan_date=today if plan == FOLLOW_UP else None,
                note="look at the rim" if plan == FOLLOW_UP else "",
                by=by,
            )
        new = history.people.add_patient("P-0412", "female", by=by)
        history.people.begin_visit(new.id, today, "60-69", by=by)

    studio.write(work)


def say_of_some(studio: Studio) -> None:
    """Give some entries a patient, an assessment and an outcome."""
    today = dt.datetime.now().astimezone().date()
    wanted: tuple[tuple[str, Sex, str, str, str], ...] = (
        ("P-0412", "female", "nevus", "", ""),
        ("P-0413", "male", "melanoma", EXCISION, "melanoma_in_situ"),
        ("P-0414", "female", "seborrheic_keratosis", "none", ""),
        ("P-0415", "male", "basal_cell_carcinoma", EXCISION, "basal_cell_carcinoma"),
    )

    def work(history: History, by: str) -> None:
        for entry, (pseudonym, sex, diagnosis, plan, outcome) in zip(history.entries(), wanted, strict=False):
            image = history.people.image_id_of(entry.image.sha256)
            if image is None:
                raise StateNotReachedError("an entry has no image")
            one = history.people.add_patient(pseudonym, sex, by=by)
            visit = history.people.begin_visit(one.id, today, "60-69", by=by)
            lesion = history.people.add_lesion(one.id, "L1", "", by=by)
            history.people.place(image, kind="dermoscopy", lesion_id=lesion.id, visit_id=visit.id, by=by)
            say = partial(history.assessments.assess, lesion_id=lesion.id, visit_id=visit.id, before_model=True, by=by)
            say(diagnosis=diagnosis, plan=plan)
            if outcome:
                history.assessments.add_outcome(
                    lesion_id=lesion.id, kind="histopathology", diagnosis=outcome, date=today, by=by
                )

    studio.write(work)


def in_its_loop(photograph: Callable[[], None]) -> None:
    """Do something while the modal dialog that is opened next blocks the script."""
    QTimer.singleShot(_MOMENT, photograph)


def choose_file(studio: Studio, path: Path) -> None:
    """Choose a file in the file dialog that is opened next."""

    def accept() -> None:
        asking = studio.dialog(QFileDialog)
        asking.setDirectory(str(path.resolve().parent))
        name = asking.findChild(QLineEdit)
        if name is None:
            raise StateNotReachedError("the dialog has no field for a name")
        name.setText(path.name)
        QTest.keyClick(name, Qt.Key.Key_Return)

    in_its_loop(accept)


def photograph_question(studio: Studio, name: str) -> None:
    """Photograph the open question, and answer no."""
    asked = QApplication.activeModalWidget()
    if not isinstance(asked, QMessageBox):
        raise StateNotReachedError("nothing is asked")
    studio.take(name, over=asked)
    asked.reject()
