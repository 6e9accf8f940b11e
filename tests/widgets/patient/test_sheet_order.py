"""The contact sheet in the order by appearance: behind a setting, after the own assessments, headed "Not tested"."""

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop.core.imaging.capture import Capture
from desktop.core.records.history import History
from desktop.core.records.people import NO_PLAN, Patient
from desktop.system.settings import ORDER_BY_APPEARANCE
from desktop.widgets.common.body_places import places
from desktop.widgets.patient.contact_sheet import ContactSheet
from tests.making import contract, model_proto, write_model
from tests.widgets.conftest import Desk
from tests.widgets.everything import at_rest, told_apart
from tests.widgets.patient.test_patient import dialog

MakeDesk = Callable[..., Desk]
Colour = tuple[int, int, int]
BROWN, BLUE, GREEN = (160, 100, 60), (30, 40, 200), (40, 200, 30)
DERMLITE, OTHER = Capture("DermLite", "contact", "polarised"), Capture("Handyscope", "contact", "polarised")
USUAL = [(BROWN, DERMLITE)] * 9
BODY = [f"L{number}" for number in range(1, 12)]


def make_visit(desk: Desk, tmp_path: Path, *lesions: tuple[Colour, Capture]) -> Patient:
    """Keep one image of each lesion, of a colour, all of today; the lesions are named from head to foot."""
    paths = []
    for number, (colour, _capture) in enumerate(lesions):
        path = tmp_path / f"{number}.png"
        Image.new("RGB", (640 + number, 480), colour).save(path)  # another size is another file
        desk.open_and_keep(path)
        paths.append(path)
    desk.parts.open_image.close()
    with History.open(desk.folder) as history:
        people = history.people
        patient = people.add_patient("P-0412", "female", by="MK")
        visit = people.begin_visit(patient.id, dt.datetime.now().astimezone().date(), "", by="MK")
        for number, (path, site, (_colour, capture)) in enumerate(zip(paths, places(), lesions, strict=False), 1):
            sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
            image_id = people.image_id_of(sha256)
            assert image_id is not None
            lesion = people.add_lesion(patient.id, f"L{number}", site, by="MK")
            people.place(image_id, kind="dermoscopy", lesion_id=lesion.id, visit_id=visit.id, by="MK")
            history.captures.give(sha256, capture, by="MK")
    desk.parts.open_patient.open(patient)
    desk.wait(lambda: len(desk.parts.open_patient.images) == len(lesions))
    desk.settle()
    return patient


def switch_on(desk: Desk) -> None:
    desk.parts.window.menus.actions["by appearance"].trigger()


def open_sheet(desk: Desk) -> ContactSheet:
    desk.parts.window.menus.actions["patient sheet"].trigger()
    sheet = dialog(desk, ContactSheet)
    desk.settle()
    return sheet


def click(desk: Desk, button: QWidget) -> None:
    desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    desk.settle()


def order_of(sheet: ContactSheet) -> list[str]:
    return [one.name.split()[0] for one in sheet.view.images]


def assess(desk: Desk, lesions: Sequence[int]) -> None:
    """Assess lesions of the visit, by their places in the list."""
    visit = desk.parts.open_patient.visit
    assert visit is not None
    with History.open(desk.folder) as history:
        for place in lesions:
            lesion = desk.parts.open_patient.lesions[place]
            history.assessments.assess(
                lesion_id=lesion.id, visit_id=visit.id, before_model=True, diagnosis="nevus", plan=NO_PLAN, by="MK"
            )
    desk.parts.history_service.changed.emit()
    desk.settle()


def test_the_order_is_off_until_it_was_read_that_nobody_has_tested_it(
    desk: Desk, tmp_path: Path, questions: list[str]
) -> None:
    make_visit(desk, tmp_path, *USUAL, (BLUE, DERMLITE))
    assert ORDER_BY_APPEARANCE.default is False
    sheet = open_sheet(desk)
    assert not sheet.orders.isVisible()
    assert "tested" not in desk.texts(sheet)
    sheet.reject()
    switch_on(desk)
    assert "nobody has tested whether this helps to find a melanoma" in questions[-1]
    assert desk.parts.window.menus.actions["by appearance"].isChecked()
    sheet = open_sheet(desk)
    assert sheet.orders.isVisible()
    assert order_of(sheet) == BODY[:10], "it begins in the order of the body"
    sheet.reject()
    switch_on(desk)
    assert len(questions) == 1, "nothing is asked when it is switched off"
    assert not open_sheet(desk).orders.isVisible()
    dialog(desk, ContactSheet).reject()


def test_lesions_unlike_the_others_come_first_under_a_heading_by_mouse(desk: Desk, tmp_path: Path) -> None:
    make_visit(desk, tmp_path, *USUAL, (BLUE, DERMLITE), (GREEN, OTHER))
    switch_on(desk)
    sheet = open_sheet(desk)
    assert sheet.orders.by_appearance.text() == "By &appearance (not tested)"
    click(desk, sheet.orders.by_appearance)
    assert order_of(sheet) == ["L10", *BODY[:9], "L11"]
    assert sheet.caution.isVisible()
    assert sheet.caution.text() == "Not tested"
    assert "nobody has tested whether this helps to find a melanoma" in sheet.note.text()
    assert [one.remark for one in sheet.view.images if one.remark] == ["other device or light"]
    assert "Those with a reason below the name were not compared and follow from head to foot." in sheet.note.text()
    assert not any(letter.isdigit() for letter in sheet.note.text()), "no rank, number or score"
    click(desk, sheet.orders.by_body)
    assert order_of(sheet) == BODY
    assert not sheet.caution.isVisible()
    assert sheet.note.text().startswith("From head to foot.")
    assert not [one.remark for one in sheet.view.images if one.remark]
    sheet.reject()


def test_the_order_is_chosen_and_a_lesion_opened_by_keys_alone(desk: Desk, tmp_path: Path) -> None:
    make_visit(desk, tmp_path, *USUAL, (BLUE, DERMLITE))
    switch_on(desk)
    sheet = open_sheet(desk)
    assert sheet.view.hasFocus()
    for _ in range(6):
        if sheet.focusWidget() is sheet.orders.by_appearance:
            break
        desk.qtbot.keyClick(sheet.focusWidget(), Qt.Key.Key_Tab)
    desk.qtbot.keyClick(sheet.focusWidget(), Qt.Key.Key_Space)
    desk.settle()
    assert order_of(sheet)[0] == "L10"
    desk.qtbot.keyClick(sheet.view, Qt.Key.Key_Return)
    desk.wait(lambda: desk.parts.open_patient.lesion is not None)
    assert desk.parts.open_patient.lesion.name == "L10"  # type: ignore[union-attr]


@pytest.mark.parametrize("others", [[(BLUE, OTHER), (GREEN, OTHER)], [(BLUE, Capture())]])
def test_fewer_than_ten_lesions_of_one_device_have_no_order(
    desk: Desk, tmp_path: Path, others: list[tuple[Colour, Capture]]
) -> None:
    make_visit(desk, tmp_path, *USUAL, *others)
    switch_on(desk)
    sheet = open_sheet(desk)
    assert not sheet.orders.by_appearance.isEnabled()
    assert sheet.orders.reason.text() == (
        "By appearance: needs 10 lesions photographed by one known device in the same light; here 9."
        " Device and light are entered in Follow-up."
    )
    sheet.reject()


def test_blind_first_gives_no_order_before_every_lesion_is_assessed(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path
) -> None:
    desk = make_desk(model_file, blind=True)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    make_visit(desk, tmp_path, *USUAL, (BLUE, DERMLITE), (GREEN, OTHER))
    switch_on(desk)
    assess(desk, range(9))
    sheet = open_sheet(desk)
    assert not sheet.orders.by_appearance.isEnabled()
    text = "By appearance: only after your assessments (blind-first); 1 lesion waits."
    assert sheet.orders.reason.text() == text, "that of another device is not in the order, and not waited for"
    sheet.reject()
    assess(desk, [9])
    sheet = open_sheet(desk)
    click(desk, sheet.orders.by_appearance)
    assert order_of(sheet) == ["L10", *BODY[:9], "L11"]
    sheet.reject()


def weighted_model(path: Path, *weights: float) -> Path:
    """Write a model to which the three colours count as much as these weights say."""
    model = model_proto(contract())
    place = next(place for place, node in enumerate(model.graph.node) if "embedding" in node.output)
    model.graph.node[place].output[0] = "mean"
    model.graph.node.insert(place + 1, helper.make_node("Mul", ["mean", "emphasis"], ["embedding"]))
    model.graph.initializer.append(numpy_helper.from_array(np.array(weights, np.float32), "emphasis"))
    onnx.checker.check_model(model, full_check=True)
    path.write_bytes(model.SerializeToString())
    return path


def texts_of_two_models(make_desk: MakeDesk, tmp_path: Path, *, blind: bool) -> list[tuple[list[str], set[str]]]:
    """Return the order and all texts while the sheet is open, by appearance if that can be chosen, with either model."""
    found = []
    for name, weights in (("blue", (1.0, 0.01, 1.0)), ("green", (1.0, 1.0, 0.01))):
        folder = tmp_path / name
        folder.mkdir()
        desk = make_desk(weighted_model(folder / "model.onnx", *weights), blind=blind, data=f"data-{name}")
        desk.wait(lambda desk=desk: desk.parts.model.classifier is not None)
        make_visit(desk, folder, *USUAL, (BLUE, DERMLITE), (GREEN, DERMLITE))
        switch_on(desk)
        sheet = open_sheet(desk)
        click(desk, sheet.orders.by_appearance)
        found.append((order_of(sheet), told_apart(at_rest(desk))))
        sheet.reject()
    return found


def test_nothing_on_the_sheet_depends_on_the_model_before_the_assessment(make_desk: MakeDesk, tmp_path: Path) -> None:
    (first, texts), (second, other_texts) = texts_of_two_models(make_desk, tmp_path, blind=True)
    assert first == second == BODY
    assert texts ^ other_texts == set()


def test_the_leak_test_finds_an_order_that_is_shown(make_desk: MakeDesk, tmp_path: Path) -> None:
    (first, _texts), (second, _other_texts) = texts_of_two_models(make_desk, tmp_path, blind=False)
    assert [first[0], second[0]] == ["L10", "L11"]


def test_an_image_that_cannot_be_read_leaves_too_few_and_the_sheet_as_it_was(desk: Desk, tmp_path: Path) -> None:
    make_visit(desk, tmp_path, *USUAL, (BLUE, DERMLITE))
    for stored in (desk.folder / "images").rglob("*.png"):
        if stored.read_bytes() == (tmp_path / "3.png").read_bytes():
            stored.unlink()
    later = write_model(tmp_path / "later.onnx", contract(name="Later"))  # has looked at none of the images
    desk.parts.model.load(later)
    desk.wait(lambda: (one := desk.parts.open_image.classifier) is not None and one.path == later)
    switch_on(desk)
    sheet = open_sheet(desk)
    click(desk, sheet.orders.by_appearance)
    assert sheet.orders.reason.text() == "By appearance: fewer than 10 lesions have an image that can be read."
    assert order_of(sheet) == BODY[:10]
    assert sheet.orders.by_body.isChecked()
    assert not sheet.caution.isVisible()
    sheet.reject()
