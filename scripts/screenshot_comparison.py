"""The comparison: two photographs of one drawn lesion, a year and a half apart; and two that do not match."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.core.records.history import History
from desktop.widgets.follow_up.capture_dialog import CaptureDialog
from desktop.widgets.image.compare_bar import DIFFERENCE, FADE
from screenshot_drawings import draw_again, draw_images
from screenshot_steps import Setting
from studio import Studio

_DAYS = (dt.date(2026, 11, 23), dt.date(2025, 3, 12))


def comparison(given: Setting) -> None:
    """Side by side, aligned, blinking, fading, the difference, and a failure."""
    studio = given.studio("comparison")
    (newer, other) = draw_images(given.work / "comparison", 2, first=11)
    older = draw_again(newer, given.work / "comparison" / "older.jpg")
    page = studio.window.workspaces.follow_up.page.compare
    for image in (newer, older):
        _add(studio, image)
    page.bar.light.click()
    dialog = studio.dialog(CaptureDialog)
    for device, contact, light in dialog.rows:
        device.setCurrentText("Scope 10x")
        contact.setCurrentIndex(1)
        light.setCurrentIndex(1)
    dialog.accept()
    hashes = [hashlib.sha256(image.read_bytes()).hexdigest() for image in (newer, older)]
    studio.write(lambda history, by: _file_under_visits(history, hashes, by))
    studio.wait(lambda: page.pictures[0].sha256 == hashes[1], "the older image is not on the left")
    studio.take(given.name("compare"))
    page.bar.align.click()
    studio.wait(lambda: page.is_aligned, "the images are not aligned")
    studio.take(given.name("compare-aligned"))
    QTest.keyClick(page.views[0], Qt.Key.Key_Space)
    studio.wait(lambda: page.newer.opacity() == 1, "nothing blinks")
    page.bar.rate.setValue(page.bar.rate.minimum())  # the slowest: the picture is taken before the next change
    studio.take(given.name("compare-blink"))
    page.bar.button(FADE).click()
    studio.take(given.name("compare-fade"))
    page.bar.button(DIFFERENCE).click()
    studio.take(given.name("compare-difference"))
    _add(studio, other)
    QTest.keyClick(page.views[0], Qt.Key.Key_Space)
    studio.wait(lambda: bool(page.messages.text()), "no failure is told")
    studio.take(given.name("compare-failed"))
    studio.close()


def _add(studio: Studio, image: Path) -> None:
    """Open an image, wait until it is saved, and add it to the comparison."""
    before = studio.count()
    studio.window.show_workspace("visit")
    studio.open(image)
    studio.wait(lambda: studio.count() > before, "the image is not saved")
    studio.key(Qt.Key.Key_C)
    studio.settle()


def _file_under_visits(history: History, hashes: list[str], by: str) -> None:
    patient = history.people.add_patient("P-0412", "female", by=by)
    lesion = history.people.add_lesion(patient.id, "L2", "scapula-left", by=by)
    for sha256, day in zip(hashes, _DAYS, strict=True):
        visit = history.people.begin_visit(patient.id, day, "60-69", by=by)
        image_id = history.people.image_id_of(sha256)
        if image_id is not None:
            history.people.place(image_id, kind="dermoscopy", lesion_id=lesion.id, visit_id=visit.id, by=by)
