"""The scene of the contact sheet in both orders: why the second is not offered, and how it looks."""

from __future__ import annotations

import datetime as dt
import hashlib

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from desktop.core.imaging.capture import Capture
from desktop.core.imaging.scale import Scale
from desktop.core.records.history import History
from desktop.widgets.patient.contact_sheet import ContactSheet
from screenshot_drawings import draw_images
from screenshot_steps import Setting, in_its_loop, photograph_question
from studio import SMALLEST, StateNotReachedError, Studio

_DEVICE, _OTHER = Capture("DermLite DL5", "contact", "polarised"), Capture("Handyscope", "contact", "polarised")
_SITES = (
    *("cheek-left", "neck-front", "shoulder-right", "scapula-left", "scapula-right", "abdomen-upper-right"),
    *("back-lower-left", "forearm-back-left", "thigh-front-left", "calf-right", "calf-left", "sole-right"),
)
_LAST_BUT_ONE = len(_SITES) - 2
"""From this lesion on they were photographed by another device."""


def contact_sheet(given: Setting) -> None:
    """Twelve lesions, ten of them of one device, in both orders."""
    studio = given.studio("contact sheet")
    drawings = draw_images(given.work / "contact sheet", len(_SITES), first=41)
    studio.window.show_workspace("visit")
    for path in drawings:
        studio.open(path)
    studio.parts.open_image.close()
    hashes = [hashlib.sha256(path.read_bytes()).hexdigest() for path in drawings]
    studio.write(lambda history, by: _write_lesions(history, hashes, by))
    with History.open(studio.folder) as history:
        (patient,) = history.people.find_patients("P-0412")
    studio.parts.open_patient.open(patient)
    studio.wait(lambda: len(studio.parts.open_patient.images) == len(_SITES), "the lesions have no images")
    offer = studio.window.menus.actions["by appearance"]
    in_its_loop(lambda: photograph_question(studio, given.name("contact-sheet-question")))
    offer.trigger()
    in_its_loop(_say_yes)
    offer.trigger()
    studio.wait(offer.isChecked, "the second order is not offered")
    sheet = _open(studio)
    QTest.mouseClick(sheet.orders.by_appearance, Qt.MouseButton.LeftButton)
    studio.wait(sheet.caution.isVisible, "the lesions are not put in order")
    studio.settle(0.8)
    studio.take(given.name("contact-sheet-order"), over=sheet)
    studio.take(given.name("contact-sheet-order"), SMALLEST, over=sheet)
    sheet.view.scrollToBottom()
    studio.take(given.name("contact-sheet-left-out"), over=sheet)
    sheet.reject()
    studio.write(lambda history, by: history.captures.give(hashes[0], _OTHER, by=by))
    sheet = _open(studio)
    studio.wait(lambda: "here 9" in sheet.orders.reason.text(), "it is not said why there is no order")
    studio.take(given.name("contact-sheet-no-order"), over=sheet)
    sheet.reject()
    studio.close()


def _say_yes() -> None:
    asked = QApplication.activeModalWidget()
    if not isinstance(asked, QMessageBox):
        raise StateNotReachedError("nothing is asked")
    QTest.mouseClick(asked.button(QMessageBox.StandardButton.Yes), Qt.MouseButton.LeftButton)


def _open(studio: Studio) -> ContactSheet:
    studio.trigger("Contact sheet of this visit…")
    sheet = studio.dialog(ContactSheet)
    studio.wait(lambda: "Looking" not in sheet.orders.reason.text(), "the lesions are not looked at")
    return sheet


def _write_lesions(history: History, hashes: list[str], by: str) -> None:
    people = history.people
    patient = people.add_patient("P-0412", "female", by=by)
    visit = people.begin_visit(patient.id, dt.datetime.now().astimezone().date(), "60-69", by=by)
    for number, (sha256, site) in enumerate(zip(hashes, _SITES, strict=True)):
        lesion = people.add_lesion(patient.id, f"L{number + 1}", site, by=by)
        image_id = people.image_id_of(sha256) or 0
        people.place(image_id, kind="dermoscopy", lesion_id=lesion.id, visit_id=visit.id, by=by)
        is_other = number >= _LAST_BUT_ONE
        history.captures.give(sha256, _OTHER if is_other else _DEVICE, by=by)
        if not is_other:
            history.scales.give(image_id, Scale(0.015, _DEVICE.device), by=by)
