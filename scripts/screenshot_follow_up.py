"""A lesion through the years: four photographs of one drawing, what was said of it, and today's assessment."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from desktop.core.imaging.capture import Capture, Light
from desktop.core.imaging.scale import Scale
from desktop.core.records.history import History
from desktop.core.records.influences import InfluenceKind, Span
from desktop.core.records.people import FOLLOW_UP, Patient
from desktop.widgets.follow_up.capture_dialog import CaptureDialog
from desktop.widgets.follow_up.follow_up_page import FollowUpPage
from desktop.widgets.follow_up.influence_dialog import InfluenceDialog
from desktop.widgets.image.compare_bar import DIFFERENCE, FADE
from desktop.widgets.visit.assessment_form import AssessmentForm
from screenshot_drawings import draw_again, draw_images
from screenshot_steps import Setting
from studio import LARGE, SMALLEST, Studio

_DAYS = (dt.date(2023, 5, 3), dt.date(2025, 3, 12), dt.date(2025, 9, 18))
_BIOPSY = dt.date(2024, 2, 6)
_TREATED = dt.date(2024, 9, 10)
_TURNS = (14, -9, 5)
_ZOOMS = (1.5, 0.85, 0.9)
_MM_PER_PIXEL = 0.021
"""The scale of today's image."""


def follow_up(given: Setting) -> None:
    """Before today's image, before and after today's assessment, each way of comparing, and a failure."""
    studio = given.studio("follow-up", blind=True)
    work = given.work / "follow-up"
    todays, other = draw_images(work, 2, first=11)
    earlier = [
        draw_again(todays, work / f"{day.year}-{turn}.jpg", turn, zoom)
        for day, turn, zoom in zip(_DAYS, _TURNS, _ZOOMS, strict=True)
    ]
    for path in (*earlier, other):
        _keep(studio, path)
    studio.parts.open_image.close()
    days = dict(zip((_sha256(path) for path in earlier), _DAYS, strict=True))
    patient = _file_under_visits(studio, days)
    studio.parts.open_patient.open(patient)
    studio.wait(lambda: studio.parts.open_patient.lesions, "the patient is not open")
    studio.parts.open_patient.choose(studio.parts.open_patient.lesions[0].id)
    studio.window.workspaces.show_lesion()
    page = studio.window.workspaces.follow_up.page
    _wait_for(studio, page, earlier[1:])
    studio.take(given.name("follow-up-due"))
    studio.window.open_files([todays])
    _wait_for(studio, page, [earlier[2], todays])
    studio.wait(page.assessment_panel.isVisible, "the assessment is not asked for")
    view = page.compare.views[0]
    studio.take(given.name("follow-up-blind"))
    for key in (Qt.Key.Key_5, Qt.Key.Key_V):
        QTest.keyClick(view, key)
    studio.take(given.name("follow-up-needs-plan"))
    for key in (Qt.Key.Key_Period, Qt.Key.Key_Period):
        QTest.keyClick(view, key)
    studio.take(given.name("follow-up-form"))
    studio.take(given.name("follow-up-form"), LARGE)
    studio.take(given.name("follow-up-form"), SMALLEST)
    form = page.assessment_panel.findChild(AssessmentForm)
    if form is not None:
        QTest.keyClicks(form.note, "darker at the upper rim")
    QTest.keyClick(view, Qt.Key.Key_Return)
    studio.wait(lambda: studio.parts.open_image.answer is not None, "the assessment is not saved")
    studio.take(given.name("follow-up"))
    page.sizes.scale.click()
    studio.take(given.name("follow-up-scale"))
    studio.take(given.name("follow-up-scale"), SMALLEST)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    QTest.keyClick(view, Qt.Key.Key_D)
    studio.take(given.name("follow-up-no-difference"))
    page.messages.hide()
    studio.take(given.name("follow-up"), LARGE)
    QTest.keyClick(view, Qt.Key.Key_Home)
    _wait_for(studio, page, [earlier[0], todays])
    studio.take(given.name("follow-up-first"))
    studio.write(_enter_influences)
    studio.take(given.name("follow-up-treatments"))
    studio.take(given.name("follow-up-treatments"), LARGE)
    page.influence.click()
    treatments = studio.dialog(InfluenceDialog)
    studio.take(given.name("follow-up-treatment-form"), over=treatments)
    treatments.reject()
    studio.write(lambda history, by: _enter_known(history, earlier, todays, by))
    QTest.keyClick(view, Qt.Key.Key_End)
    _wait_for(studio, page, [earlier[2], todays])
    studio.wait(page.sizes.area.isVisible, "nothing is measured")
    QTest.keyClick(view, Qt.Key.Key_O)
    studio.take(given.name("follow-up-measured"))
    studio.take(given.name("follow-up-measured"), LARGE)
    page.sizes.correct.click()
    _pull_outline(studio)
    studio.take(given.name("follow-up-corrected"))
    page.sizes.reset.click()
    page.sizes.correct.click()
    studio.settle()
    QTest.keyClick(view, Qt.Key.Key_O)
    QTest.keyClick(view, Qt.Key.Key_Home)
    _wait_for(studio, page, [earlier[0], todays])
    QTest.keyClick(view, Qt.Key.Key_Space)
    studio.wait(lambda: page.compare.is_aligned, "the images are not aligned")
    studio.wait(lambda: page.compare.newer.opacity() == 1, "nothing blinks")
    page.compare.bar.rate.setValue(page.compare.bar.rate.minimum())
    studio.take(given.name("follow-up-blink"))
    page.compare.bar.button(FADE).click()
    studio.take(given.name("follow-up-fade"))
    page.light.change.click()
    dialog = studio.dialog(CaptureDialog)
    studio.take(given.name("follow-up-light"), over=dialog)
    dialog.reject()
    QTest.keyClick(view, Qt.Key.Key_End)
    _wait_for(studio, page, [earlier[2], todays])
    studio.wait(page.compare.bar.button(DIFFERENCE).isEnabled, "the light is not known")
    page.compare.bar.button(DIFFERENCE).click()
    studio.take(given.name("follow-up-difference"))
    studio.write(lambda history, by: _file(history, {_sha256(other): dt.date(2026, 2, 2)}, by))
    QTest.keyClick(view, Qt.Key.Key_End)
    _wait_for(studio, page, [other, todays])
    studio.wait(lambda: bool(page.messages.text()), "no failure is told")
    studio.take(given.name("follow-up-failed"))
    page.compare.bar.points.click()
    for spot in ((0.3, 0.3), (0.6, 0.6)):
        for one in page.compare.views:
            size = one.viewport().size()
            place = QPoint(round(spot[0] * size.width()), round(spot[1] * size.height()))
            QTest.mouseClick(one.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    studio.take(given.name("follow-up-by-hand"))
    studio.close()


def _enter_influences(history: History, by: str) -> None:
    """Enter a cryotherapy, and a pregnancy."""
    (patient,) = history.people.find_patients()
    (lesion,) = history.people.lesions(patient.id)
    for kind, since, until, note in (
        (InfluenceKind.PREGNANCY, dt.date(2023, 8, 14), dt.date(2024, 5, 2), ""),
        (InfluenceKind.CRYOTHERAPY, _TREATED, _TREATED, "elsewhere, twice 10 s"),
    ):
        history.influences.add(kind, lesion.id, Span(since, until), note, by=by)


def _enter_known(history: History, earlier: list[Path], todays: Path, by: str) -> None:
    """Give all images a device and light, the first another light and no scale."""
    for path in (*earlier, todays):
        light: Light = "not polarised" if path == earlier[0] else "polarised"
        history.captures.give(_sha256(path), Capture("Scope 10x", "contact", light), by=by)
    for path, zoom in zip((*earlier[1:], todays), (*_ZOOMS[1:], 1), strict=True):
        image_id = history.people.image_id_of(_sha256(path))
        if image_id is not None:
            history.scales.give(image_id, Scale(_MM_PER_PIXEL / zoom, "Scope 10x"), by=by)


def _pull_outline(studio: Studio) -> None:
    """Pull the lowest point of the newer image's outline down."""
    view = studio.window.workspaces.follow_up.page.compare.views[1]
    item = studio.window.workspaces.follow_up.sizes.items[1]
    polygon = item.path.toFillPolygon()
    lowest = max((polygon.at(number) for number in range(polygon.size())), key=lambda point: point.y())
    press, release = (view.mapFromScene(lowest + QPointF(0, down)) for down in (0, 40))
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=press)
    QTest.mouseMove(view.viewport(), release)
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=release)
    studio.wait(studio.window.workspaces.follow_up.page.sizes.reset.isVisible, "the outline is not corrected")


def _keep(studio: Studio, path: Path) -> None:
    before = studio.count()
    studio.window.open_files([path])
    studio.wait(lambda: studio.count() > before, "the image is not saved")


def _wait_for(studio: Studio, page: FollowUpPage, images: list[Path]) -> None:
    hashes = [_sha256(path) for path in images]
    studio.wait(lambda: [one.sha256 for one in page.compare.pictures] == hashes, "the images are not beside each other")
    studio.settle()


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _file_under_visits(studio: Studio, days: dict[str, dt.date]) -> Patient:
    """File the images under their visits, with an assessment of each as it was written then, and a biopsy."""
    then = dt.datetime.combine(_DAYS[-1], dt.time(10, 42), dt.UTC)
    with History.open(studio.folder, now=lambda: then) as history:
        people, by = history.people, "MK"
        patient = people.add_patient("P-0412", "female", by=by)
        people.add_lesion(patient.id, "L2", "scapula-left", by=by)
        _file(history, days, by)
        (lesion,) = people.lesions(patient.id)
        for visit in people.visits(patient.id):
            is_first = visit.date == _DAYS[0]
            history.assessments.assess(
                lesion_id=lesion.id,
                visit_id=visit.id,
                before_model=True,
                diagnosis="atypical_nevus" if is_first else "nevus",
                label="nevus",
                plan=FOLLOW_UP,
                plan_date=dt.date(2026, 11, 20),
                note="" if is_first else "network regular",
                change="" if is_first else "unchanged",
                by=by,
            )
        history.assessments.add_outcome(
            lesion_id=lesion.id, kind="histopathology", diagnosis="nevus", label="nevus", date=_BIOPSY, by="AB"
        )
    return patient


def _file(history: History, days: dict[str, dt.date], by: str) -> None:
    """Place images with the only patient's lesion, at the visits of their days."""
    people = history.people
    (patient,) = people.find_patients()
    (lesion,) = people.lesions(patient.id)
    for sha256, day in days.items():
        visit = people.begin_visit(patient.id, day, "60-69", by=by)
        image_id = people.image_id_of(sha256)
        if image_id is not None:
            people.place(image_id, kind="dermoscopy", lesion_id=lesion.id, visit_id=visit.id, by=by)
