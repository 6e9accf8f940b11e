"""The scenes of a visit in which something could go to the wrong lesion: an image, and an outcome."""

from __future__ import annotations

from desktop.core.records.people import EXCISION
from desktop.widgets.patient.lesion_question import LesionQuestion
from desktop.widgets.visit.days_dialog import DaysDialog
from desktop.widgets.visit.outcome_dialog import OutcomeDialog
from desktop.widgets.visit.withdraw_dialog import WithdrawDialog
from screenshot_drawings import draw_images
from screenshot_patients import open_patient
from screenshot_steps import Setting, add_lesion, bring, judge, texts
from studio import Studio


def placing(given: Setting) -> None:
    """Where the next image belongs, what was placed, a histology of the wrong lesion, and its withdrawal."""
    studio = given.studio("placing")
    studio.write(lambda history, by: history.people.add_patient("P-0412", "female", by=by).id)
    open_patient(studio, "P-0412")
    window, visit = studio.window, studio.parts.open_patient
    first, second, third = draw_images(given.work / "placing", 3, first=31)
    for site, image in (("scapula-left", first), ("calf-right", second)):
        add_lesion(studio, site)
        bring(studio, image)
    studio.wait(lambda: "Placed with P-0412, L2" in texts(window), "it is not said where the image was placed")
    studio.take(given.name("placed"))
    judge(studio, visit.lesions[1].id, "melanoma", EXCISION)
    studio.settle()
    window.open_files([third])
    question = studio.dialog(LesionQuestion)
    studio.take(given.name("which-lesion"), over=question)
    question.reject()
    _left_out(studio, given)
    visit.choose(visit.lesions[0].id)
    studio.settle(0.8)
    _outcome(studio, given)
    studio.close()


def _left_out(studio: Studio, given: Setting) -> None:
    """An image of the patient without a lesion: its card, and the offer when a lesion is chosen while it is in front."""
    window, visit = studio.window, studio.parts.open_patient
    first = visit.lesions[0]
    (image,) = visit.images_of(first.id)
    window.patients.moves.assign([image.image.sha256], None)
    studio.wait(lambda: bool(visit.images_of(None)), "the image still has its lesion")
    window.patients.images.show_patient_page()
    studio.wait(window.patients.page.isVisible, "the page of the patient is not shown")
    studio.settle(0.8)
    studio.take(given.name("unplaced"))
    window.patients.steps.open_unplaced()
    studio.settle(0.8)
    visit.choose(visit.lesions[1].id)
    studio.wait(lambda: "has no lesion" in texts(window), "the image is not offered")
    studio.settle(0.8)
    studio.take(given.name("unplaced-offer"))
    window.patients.moves.assign([image.image.sha256], first.id)
    studio.wait(lambda: not visit.images_of(None), "the image has no lesion")


def _outcome(studio: Studio, given: Setting) -> None:
    panel = studio.window.visit_page.assessment_panel
    studio.press("Outcome…")
    form = studio.dialog(OutcomeDialog)
    studio.wait(lambda: "No biopsy is planned for L1" in texts(form), "the form does not warn")
    form.diagnosis.setEditText("Melanoma in situ")
    form.fields.told.day.is_given.click()
    form.fields.told.by.setText("MK")
    studio.settle()
    studio.take(given.name("outcome-elsewhere"), over=form)
    form.accept()
    studio.wait(lambda: "Histopathology of" in texts(panel), "the outcome is not saved")
    studio.press("Outcome…")
    form = studio.dialog(OutcomeDialog)
    studio.wait(form.recorded.days.isVisible, "no day can be corrected")
    studio.take(given.name("outcome-again"), over=form)
    form.recorded.days.click()
    days = studio.dialog(DaysDialog)
    days.fields[0].day.date.setDate(days.fields[0].day.date.date().addDays(-1))
    studio.settle()
    studio.take(given.name("days"), over=days)
    days.done(DaysDialog.DialogCode.Rejected)
    studio.press("Outcome…")
    form = studio.dialog(OutcomeDialog)
    studio.wait(form.recorded.withdraw.isVisible, "nothing can be withdrawn")
    form.recorded.withdraw.click()
    asking = studio.dialog(WithdrawDialog)
    studio.settle()
    studio.take(given.name("withdraw"), over=asking)
    asking.reasons["wrong lesion"].click()
    asking.accept()
    studio.wait(lambda: "Withdrawn: " in texts(panel), "the outcome is not withdrawn")
    studio.settle()
    studio.take(given.name("withdrawn"))
