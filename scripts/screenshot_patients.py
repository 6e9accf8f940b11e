"""Scenes with patients: a visit, a report, and what can be done with saved images."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from shiboken6 import isValid

from desktop.core.records.history import History
from desktop.core.records.people import EXCISION, FOLLOW_UP, RiskFactors
from desktop.session.opening_request import of_file
from desktop.widgets.patient.contact_sheet import ContactSheet
from desktop.widgets.patient.erase_dialog import EraseDialog
from desktop.widgets.patient.move_dialog import MoveDialog
from desktop.widgets.patient.patient_chooser import PatientChooser, PatientDetails
from desktop.widgets.patient.photograph_dialog import PhotographDialog
from desktop.widgets.patient.place_dialog import PlaceDialog
from desktop.widgets.patient.worklists_dialog import WorklistsDialog
from desktop.widgets.visit.outcome_dialog import OutcomeDialog
from screenshot_drawings import draw_back, draw_dicom, draw_images, draw_overview
from screenshot_reports import image_report, visit_report
from screenshot_steps import (
    Setting,
    add_lesion,
    bring,
    choose_file,
    earlier_visits,
    in_its_loop,
    judge,
    photograph_question,
    show_image,
    texts,
)
from studio import LARGE, NORMAL, SMALLEST, StateNotReachedError, Studio


def patient(given: Setting) -> None:
    """A visit: patient, lesions on the body map, their images, the worklists, a report."""
    studio = given.studio("patient")
    window, visit = studio.window, studio.parts.open_patient
    drawings = draw_images(given.work / "patient", 6, first=11)
    (again,) = draw_images(given.work / "patient", 1, first=19)  # the same drawn lesion, held otherwise
    earlier_visits(studio)
    window.show_workspace("visit")
    window.patients.banner.change.click()
    chooser = studio.dialog(PatientChooser)
    QTest.keyClicks(chooser.search.field, "P-04")
    studio.settle()
    studio.take(given.name("patient-chooser"))  # it stands inside the window
    chooser.search.field.setText("P-0142")
    studio.settle()
    QTest.keyClick(chooser.search.field, Qt.Key.Key_Return)
    studio.wait(lambda: "once more" in chooser.search.note.text(), "a new patient is made without a question")
    studio.take(given.name("patient-chooser-new"))
    chooser.search.field.setText("P-0412")
    studio.settle()
    QTest.keyClick(chooser.search.field, Qt.Key.Key_Return)
    studio.wait(lambda: visit.patient is not None, "no patient is open")
    for site in ("scapula-left", "calf-right", ""):
        add_lesion(studio, site)
    lesions = list(visit.lesions)
    for lesion, images in zip(lesions, ((drawings[0], again), drawings[2:3], drawings[3:4]), strict=True):
        visit.choose(lesion.id)
        bring(studio, *images)
    visit.choose(lesions[0].id)
    overview = draw_overview(given.work / "patient" / "overview.jpg")
    studio.parts.import_queue.take([of_file(overview, visit.patient, lesions[0].id)], "clinical")
    studio.wait(lambda: not studio.parts.import_queue.waiting, "the clinical photograph is not kept")
    judge(studio, lesions[1].id, "melanoma", EXCISION)
    judge(studio, lesions[2].id, "nevus", "none")
    visit.choose(lesions[1].id)
    studio.settle()
    visit.choose(lesions[0].id)
    studio.settle()
    show_image(studio, is_clinical=False)
    studio.wait(window.patients.summary.isVisible, "several images of a lesion have no summary")
    studio.settle(0.8)
    studio.take(given.name("visit"))
    studio.take(given.name("visit"), LARGE)
    show_image(studio, is_clinical=True)
    studio.take(given.name("clinical"))
    show_image(studio, is_clinical=False)
    studio.trigger("Place the lesion on the body map…")
    asking = studio.dialog(PlaceDialog)
    point = asking.map.centre_of("scapula-left") + QPointF(-7, 5)
    QTest.mouseClick(asking.map, Qt.MouseButton.LeftButton, pos=point.toPoint())
    studio.take(given.name("body-map"), over=asking)
    asking.done(QDialog.DialogCode.Rejected)
    studio.trigger("Follow-ups that are due…")
    lists = studio.dialog(WorklistsDialog)
    studio.settle()
    studio.take(given.name("due"), over=lists)
    lists.close()
    studio.trigger("Histology open…")
    studio.settle()
    studio.take(given.name("histology-open"), over=lists)
    lists.close()
    outcome(studio, given, lesions[1].id)
    judge(studio, lesions[0].id, "nevus", FOLLOW_UP)
    visit.choose(lesions[0].id)
    studio.settle()
    show_image(studio, is_clinical=False)
    image_report(studio, given)
    visit.close()
    studio.settle()
    window.open_files([draw_dicom(given.work / "patient" / "drawing.dcm", drawings[5])])
    studio.wait(lambda: "names a patient" in texts(window.visit_page.messages), "the file's patient is not offered")
    studio.take(given.name("dicom"))
    studio.close()


def outcome(studio: Studio, given: Setting, lesion_id: int) -> None:
    """The outcome of a lesion for which a biopsy was planned, filled in."""
    studio.parts.open_patient.choose(lesion_id)
    studio.settle()
    show_image(studio, is_clinical=False)
    studio.press("Outcome…", studio.window.visit_page.assessment_panel)
    form = studio.dialog(OutcomeDialog)
    QTest.keyClicks(form.diagnosis.field, "melanoma in situ")
    QTest.keyClick(form.diagnosis.field, Qt.Key.Key_Return)
    margins = form.fields.margins
    margins.setCurrentIndex(margins.findData("involved"))
    studio.settle(0.8)
    studio.take(given.name("outcome-of-lesion"), over=form)
    form.done(QDialog.DialogCode.Rejected)
    studio.parts.open_patient.choose(studio.parts.open_patient.lesions[0].id)
    studio.settle(0.8)


def keeping(given: Setting) -> None:
    """Saved images are moved to another patient, backed up, restored and erased."""
    studio = given.studio("keeping")
    visit = studio.parts.open_patient
    earlier_visits(studio)
    open_patient(studio, "P-0412")
    add_lesion(studio, "scapula-left")
    bring(studio, *draw_images(given.work / "keeping", 1, first=11))
    studio.trigger("Move image to another patient…")
    moving = studio.dialog(MoveDialog)
    QTest.keyClicks(moving.search.field, "P-0407")
    studio.settle()
    studio.take(given.name("move"), over=moving)
    moving.reject()
    studio.trigger("Erase the patient for good…")
    erasing = studio.dialog(EraseDialog)
    studio.settle()
    studio.take(given.name("erase"), over=erasing)
    erasing.reject()
    backup = given.work / "keeping" / "LesionLens backup.zip"
    backup.unlink(missing_ok=True)
    choose_file(studio, backup)
    studio.trigger("Back up the history…")
    studio.wait(lambda: "Backed up" in texts(studio.window.visit_page.messages), "the history is not backed up")
    studio.take(given.name("backed-up"))
    choose_file(studio, backup)
    done: list[bool] = []

    def photograph() -> None:
        photograph_question(studio, given.name("restore"))
        done.append(True)

    studio.trigger("Restore a backup…")
    in_its_loop(photograph)
    studio.wait(lambda: done, "nobody asks before a backup is restored")
    if visit.patient is None:
        raise StateNotReachedError("the patient is gone, though nothing was erased")
    studio.close()


def page(given: Setting) -> None:
    """The page of a patient with eight lesions, of this visit and earlier ones."""
    studio = given.studio("page")
    visit = studio.parts.open_patient
    drawings = draw_images(given.work / "page", 9, first=11)
    open_patient_with_lesions(studio, drawings)
    studio.settle(0.8)
    for size, name in ((NORMAL, "patient-page"), (LARGE, "patient-page"), (SMALLEST, "patient-page")):
        studio.take(given.name(name), size)
    studio.trigger("Contact sheet of this visit…")
    sheet = studio.dialog(ContactSheet)
    studio.settle(0.8)
    studio.take(given.name("contact-sheet"), over=sheet)
    sheet.reject()
    _pin_on_photograph(studio, given)
    visit.choose(visit.lesions[1].id)
    studio.settle(0.8)
    studio.take(given.name("lesion-list"), LARGE)
    studio.trigger("Place the lesion on the body map…")
    asking = studio.dialog(PlaceDialog)
    asking.map.zoom_to("scapula-left")
    asking.map.zoom(-3)
    studio.take(given.name("body-map-pin"), over=asking)
    asking.reject()
    studio.trigger("Correct the patient…")
    details = studio.dialog(PatientDetails)
    details.details.birth_year.setText(str(dt.datetime.now().astimezone().year - 45))
    studio.take(given.name("patient-details"), over=details)
    details.details.birth_year.clear()
    details.reject()
    visit_report(studio, given, visit.lesions[1], drawings[1])
    studio.close()


_PINS = {"L1": (0.38, 0.42), "L2": (0.31, 0.53), "L7": (0.78, 0.34)}
"""Of the lesions on the back; three more spots have none."""


def _pin_on_photograph(studio: Studio, given: Setting) -> None:
    """Show an overview photograph with pins, a spot that is clicked, and the page with the photograph."""
    visit, page = studio.parts.open_patient, studio.window.patients.page
    drawn = draw_back(given.work / "page" / "back.jpg", (*_PINS.values(), (0.55, 0.8), (0.43, 0.68), (0.58, 0.47)))
    studio.parts.import_queue.take([of_file(drawn, visit.patient)], "clinical")
    studio.wait(lambda: visit.overviews, "the photograph is not kept")

    def pin(history: History, by: str) -> None:
        for lesion in visit.lesions:
            if lesion.name in _PINS:
                history.photograph_pins.put(visit.overviews[0].image_id, lesion.id, _PINS[lesion.name], by=by)

    studio.write(pin)
    page.photograph_requested.emit(visit.overviews[0].image.sha256)
    shown = studio.dialog(PhotographDialog)
    studio.wait(lambda: shown.view.pin_at(shown.view.rect().center().toPointF()) is not None, "there is no photograph")
    shown.view.highlight(visit.lesions[6].id)
    studio.take(given.name("overview"), over=shown)
    studio.take(given.name("overview"), LARGE, over=shown)
    shown.reject()
    studio.settle(0.8)
    for size in (NORMAL, LARGE, SMALLEST):
        studio.take(given.name("patient-page-overview"), size)
    page.map.zoom_to("scapula-left")
    studio.take(given.name("patient-page-enlarged"))
    page.map.fit()


def open_patient_with_lesions(studio: Studio, drawings: list[Path]) -> None:
    """Open a patient with eight lesions, seven with an image of today, some assessed then or at an earlier visit."""
    visit, today = studio.parts.open_patient, dt.datetime.now().astimezone().date()

    def add(history: History, by: str) -> None:
        patient = history.people.add_patient("P-0412", "female", by=by, skin_type="II")
        history.people.begin_visit(patient.id, today - dt.timedelta(days=261), "60-69", by=by)
        history.people.begin_visit(patient.id, today, "60-69", by=by)
        risk = RiskFactors(own_melanoma="yes", family_melanoma="no", naevi="50 to 100")
        history.people.correct_patient(patient.id, patient.pseudonym, patient.sex, risk=risk, by=by)
        for number, (site, pin, *_said) in enumerate(_LESIONS, 1):
            history.people.add_lesion(patient.id, f"L{number}", site, pin=pin, by=by)

    def judge_all(history: History, by: str) -> None:
        lesions = history.people.lesions(visit.lesions[0].patient_id)
        now, before = history.people.visits(lesions[0].patient_id)
        for lesion, (_site, _pin, diagnosis, plan, is_earlier) in zip(lesions, _LESIONS, strict=True):
            if diagnosis:
                history.assessments.assess(
                    lesion_id=lesion.id,
                    visit_id=before.id if is_earlier else now.id,
                    before_model=True,
                    diagnosis=diagnosis,
                    plan=plan,
                    plan_date=today + dt.timedelta(days=-12 if is_earlier else 90) if plan == FOLLOW_UP else None,
                    by=by,
                )
        history.assessments.add_outcome(
            lesion_id=lesions[0].id,
            kind="histopathology",
            diagnosis="melanoma_in_situ",
            date=today - dt.timedelta(days=250),
            by=by,
        )

    studio.write(add)
    open_patient(studio, "P-0412")
    for lesion, image in zip(visit.lesions[:-1], drawings, strict=False):
        visit.choose(lesion.id)
        bring(studio, image)
    studio.write(judge_all)
    studio.trigger("All lesions of the patient")


_LESIONS = (
    ("scapula-left", (0.392, 0.262), "melanoma", EXCISION, True),
    ("scapula-left", (0.378, 0.285), "nevus", FOLLOW_UP, True),
    ("calf-right", (0.447, 0.7), "atypical_nevus", FOLLOW_UP, False),
    ("forearm-back-left", None, "pigmented_benign_keratosis", "none", False),
    ("abdomen-upper-right", (0.125, 0.352), "melanoma", EXCISION, False),
    ("cheek-left", None, "", "", False),
    ("shoulder-right", None, "nevus", "none", True),
    ("sole-right", None, "", "", False),
)
"""Site and pin, diagnosis and plan, and whether that was at the earlier visit."""


def open_patient(studio: Studio, pseudonym: str) -> None:
    """Open a patient as a user does: type and press Enter, once more for a new one."""
    studio.window.patients.banner.change.click()
    chooser = studio.dialog(PatientChooser)
    chooser.search.field.setText(pseudonym)
    studio.settle()
    _press_enter(studio, chooser)
    studio.wait(lambda: studio.parts.open_patient.patient is not None, "no patient is open")


def _press_enter(studio: Studio, chooser: PatientChooser) -> None:
    """Take what was typed; a new patient needs Enter twice."""
    QTest.keyClick(chooser.search.field, Qt.Key.Key_Return)
    studio.settle()
    if isValid(chooser) and chooser.isVisible():
        QTest.keyClick(chooser.search.field, Qt.Key.Key_Return)
