"""The reports: that of one image, and that of a visit with its pages."""

from __future__ import annotations

import hashlib
from pathlib import Path

from PySide6.QtWidgets import QLabel, QWidget

from desktop.core.imaging.scale import Scale
from desktop.core.records.history import History
from desktop.core.records.people import Lesion
from desktop.widgets.report.page import page_images, pages_of
from desktop.widgets.report.report_dialog import ReportDialog
from desktop.widgets.report.visit_options import VisitOptions
from screenshot_drawings import draw_again
from screenshot_steps import Setting, bring
from studio import StateNotReachedError, Studio

_MM_PER_PIXEL, _ZOOM = 0.02, 0.9

_SIZE = (1000, 744)
"""The dialog as a usual screen has room for it; that of the studio is smaller."""


def image_report(studio: Studio, given: Setting) -> None:
    """The report of the open image: its window, and the page alone."""
    studio.trigger("Report…")
    shown = studio.dialog(ReportDialog)
    shown.resize(*_SIZE)
    studio.settle(0.8)
    studio.take(given.name("report"), over=shown)
    paper = shown.findChild(QWidget, "papers")
    if paper is None or not paper.findChildren(QLabel)[0].pixmap().save(
        str(studio.out / f"{given.name('report-page')}.png")
    ):
        raise StateNotReachedError("the report has no page")
    shown.close()
    studio.settle()


def visit_report(studio: Studio, given: Setting, lesion: Lesion, todays: Path) -> None:
    """The report of a visit, after one of its lesions got an image of the visit before: its window, and each page."""
    _bring_earlier(studio, given, lesion, todays)
    studio.trigger("Report of the visit…")
    shown = studio.dialog(ReportDialog)
    options = shown.findChild(VisitOptions)
    if options is None:
        raise StateNotReachedError("the report of the visit has no options")
    options.conclusion.setPlainText("L5: excision within two weeks. Next visit in three months.")
    shown.resize(*_SIZE)
    studio.settle(1.2)
    studio.take(given.name("visit-report"), over=shown)
    for number, page in enumerate(page_images(pages_of(shown.report, 144), 1240), 1):
        page.save(str(studio.out / f"{given.name(f'visit-report-page-{number}')}.png"))
    options.conclusion.clear()  # the dialog asks before it would be lost
    shown.close()
    studio.settle()


def _bring_earlier(studio: Studio, given: Setting, lesion: Lesion, todays: Path) -> None:
    """Give a lesion an image of the visit before, and a scale to both."""
    earlier = draw_again(todays, given.work / "earlier.jpg", 20, _ZOOM)
    studio.parts.open_patient.choose(lesion.id)
    bring(studio, earlier)

    def place(history: History, by: str) -> None:
        before = history.people.visits(lesion.patient_id)[1]
        for path, mm_per_pixel in ((todays, _MM_PER_PIXEL), (earlier, _MM_PER_PIXEL / _ZOOM)):
            image_id = history.people.image_id_of(hashlib.sha256(path.read_bytes()).hexdigest())
            if image_id is None:
                raise StateNotReachedError(f"{path.name} is not in the history")
            history.scales.give(image_id, Scale(mm_per_pixel, "Scope 10x"), by=by)
            if path is earlier:
                history.people.place(image_id, kind="dermoscopy", lesion_id=lesion.id, visit_id=before.id, by=by)

    studio.write(place)
    for shown in (studio.parts.open_patient.lesions[0], lesion):  # today's image in front: the report is of its visit
        studio.parts.open_patient.choose(shown.id)
        studio.settle()
