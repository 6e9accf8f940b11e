"""The scenes with figures for a patient and for a practice, and with a model set anew on a clinic's own lesions."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLabel, QScrollArea

from desktop.core.records.history import History
from desktop.session.trying_out import Source
from desktop.widgets.model.judged_dialog import JudgedDialog
from desktop.widgets.model.practice_dialog import PracticeDialog
from desktop.widgets.model.try_sheet import TrySheet
from screenshot_drawings import draw_images, draw_labelled
from screenshot_steps import VEIL, Setting, add_lesion, bring, texts
from studio import Studio


def practice(given: Setting) -> None:
    """An answer with age and site, My practice, and the same answer for another share of melanomas."""
    studio = given.studio("practice", model="practice")
    _open_patient(studio)
    add_lesion(studio, "scalp-back")
    visit = studio.parts.open_patient
    visit.choose(visit.lesions[0].id)
    bring(studio, *draw_images(given.work / "practice", 1, first=VEIL + 1))
    panel = studio.window.visit_page.result_panel
    studio.wait(lambda: "age 70–79, male sex, site head and neck" in texts(panel), "age, sex and site do not count")
    studio.take(given.name("context"))
    studio.trigger("My practice…")
    asking = studio.dialog(PracticeDialog)
    asking.typed.setChecked(True)
    studio.settle()
    studio.take(given.name("my-practice"), over=asking)
    asking.use.click()
    studio.wait(lambda: "for 3 % melanomas" in texts(panel), "the figures are not for the practice")
    studio.take(given.name("prior"))
    place = given.work / "practice-batch"
    draw_images(place, 12)
    studio.classify(place)
    studio.window.show_workspace("batch")
    studio.take(given.name("prior-batch"))
    studio.trigger("My practice…")
    asking = studio.dialog(PracticeDialog)
    asking.others.wanted.setChecked(True)
    asking.others.field("nevus").setValue(60)
    asking.others.field("basal_cell_carcinoma").setValue(10)
    studio.settle()
    studio.take(given.name("other-shares"), over=asking)
    asking.use.click()
    studio.window.show_workspace("visit")
    studio.wait(lambda: "Nevus 60 %" in texts(panel), "the other shares are not named")
    studio.take(given.name("prior-others"))
    studio.close()


def trying(given: Setting) -> None:
    """The model tried on own images: the question, and the page from its top to its end."""
    studio = given.studio("trying", model="shipped")
    place = given.work / "own images"
    draw_labelled(place, {"melanoma": 40, "nevus": 60, "dermatofibroma": 12})
    studio.trigger("Try on own images…")
    studio.take(given.name("try-own-asked"))
    studio.dialog(TrySheet).reject()
    studio.window.features.trying.try_on(Source(place.name, path=place))
    page = studio.dialog(JudgedDialog)
    studio.take(given.name("try-own"), over=page)
    (area,) = [one for one in page.findChildren(QScrollArea) if one.isVisible()]
    for part in range(2, 5):
        area.verticalScrollBar().setValue((part - 1) * area.height())
        studio.settle()
        studio.take(given.name(f"try-own-{part}"), over=page)
    studio.close()


def recalibrated(given: Setting) -> None:
    """The card of a recalibrated file, as it stands before the file is used."""
    studio = given.studio("recalibrated")
    studio.parts.model.consider(given.models["recalibrated"])
    page = studio.window.model
    studio.wait(lambda: "Recalibrated on your own lesions" in texts(page), "the card is not shown")
    studio.take(given.name("recalibrated"))
    (card,) = [one for one in page.findChildren(QLabel) if one.text() == "Recalibrated on your own lesions"]
    (area,) = [one for one in page.findChildren(QScrollArea) if one.isVisible()]
    bar = area.verticalScrollBar()
    bar.setValue(bar.value() + card.mapTo(area, QPoint()).y())
    studio.take(given.name("recalibrated-2"))
    studio.close()


def _open_patient(studio: Studio) -> None:
    today = dt.datetime.now().astimezone().date()

    def work(history: History, by: str) -> int:
        patient = history.people.add_patient("P-0420", "male", by=by)
        history.people.begin_visit(patient.id, today, "70-79", by=by)
        return patient.id

    patient_id = studio.write(work)
    visit = studio.parts.open_patient
    studio.parts.history_service.ask(
        lambda history: history.people.patient(patient_id), visit.open, lambda _error: None
    )
    studio.wait(lambda: visit.patient is not None, "no patient is open")
