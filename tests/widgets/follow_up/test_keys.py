"""The keys of the follow-up page: they act where the focus is, and it is never on a page that is not shown."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget

from desktop.core.records.influences import InfluenceKind
from desktop.core.registration.similarity import Similarity
from desktop.widgets.follow_up.capture_dialog import CaptureDialog
from desktop.widgets.follow_up.influence_dialog import InfluenceDialog
from desktop.widgets.visit.assessment_form import AssessmentForm
from tests.making import write_lesion
from tests.widgets.conftest import Desk
from tests.widgets.follow_up.visits import keep_at_visits, open_lesion, open_todays
from tests.widgets.mouse_and_keys import key, workbench_of

YEARS = (2024, 2025)


@pytest.fixture
def film(make_desk: Callable[..., Desk], model_file: Path, tmp_path: Path) -> Desk:
    """Show the film of a lesion with two images of earlier years, blind-first, in the active window."""
    desk = make_desk(model_file, blind=True)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    paths = [write_lesion(tmp_path / f"{year}.png", seed=year) for year in YEARS]
    open_lesion(desk, *keep_at_visits(desk, [(path, dt.date(int(path.stem), 3, 12)) for path in paths]))
    desk.settle()
    desk.parts.window.activateWindow()
    desk.parts.window.workspaces.show_lesion()
    desk.wait(lambda: len(desk.parts.window.workspaces.follow_up.page.compare.pictures) == 2)
    return desk


def click(desk: Desk, widget: QWidget) -> None:
    """Click a widget as the mouse does: by way of its window, which gives the focus by the rules of a click."""
    window = widget.window()
    place = widget.mapTo(window, widget.rect().center())
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


def press(desk: Desk, *names: Qt.Key) -> None:
    """Press keys where the focus is."""
    for name in names:
        desk.qtbot.keyClick(QApplication.focusWidget(), name)


def test_keys_assess_todays_image_as_soon_as_it_is_there(film: Desk, tmp_path: Path) -> None:
    page = film.parts.window.workspaces.follow_up.page
    open_todays(film, write_lesion(tmp_path / "today.png", seed=9))
    film.wait(page.assessment_panel.isVisible)
    press(film, Qt.Key.Key_5, Qt.Key.Key_V)
    form = page.assessment_panel.findChild(AssessmentForm)
    assert form is not None
    assert (form.diagnosis.diagnosis(), form.change.value()) == ("nevus", "changed")
    press(film, Qt.Key.Key_N)
    film.settle()
    assert len(film.parts.open_patient.lesions) == 1, "the image in front has a lesion"
    assert film.parts.window.workspaces.current == "follow_up"


@pytest.mark.parametrize("dialog", [InfluenceDialog, CaptureDialog])
@pytest.mark.parametrize("is_by_key", [False, True])
def test_keys_act_on_the_pictures_after_a_dialog(film: Desk, dialog: type[QDialog], is_by_key: bool) -> None:
    page = film.parts.window.workspaces.follow_up.page
    button = page.influence if dialog is InfluenceDialog else page.light.change
    film.wait(lambda: button.isVisible() and any(view.hasFocus() for view in page.compare.views))
    if is_by_key:
        button.setFocus(Qt.FocusReason.TabFocusReason)
        press(film, Qt.Key.Key_Space)
    else:
        click(film, button)
    film.wait(lambda: page.findChildren(dialog))
    (asked,) = page.findChildren(dialog)
    if isinstance(asked, InfluenceDialog):
        asked.kind.setCurrentIndex(asked.kind.findData(InfluenceKind.CRYOTHERAPY))
    asked.accept()
    film.wait(lambda: not page.findChildren(dialog))
    film.parts.window.activateWindow()  # as a window manager does
    film.wait(film.parts.window.isActiveWindow)
    assert any(view.hasFocus() for view in page.compare.views)


def test_click_in_the_course_leaves_the_keys_with_a_picture(film: Desk) -> None:
    page = film.parts.window.workspaces.follow_up.page
    film.wait(lambda: any(view.hasFocus() for view in page.compare.views))
    click(film, page.course.viewport())
    assert any(view.hasFocus() for view in page.compare.views)


def test_click_on_undo_leaves_the_keys_with_a_picture(film: Desk) -> None:
    """The button is disabled while it undoes, and hidden when there is nothing more to undo."""
    page, window = film.parts.window.workspaces.follow_up.page, film.parts.window
    film.wait(lambda: any(view.hasFocus() for view in page.compare.views))
    undo = window.frame.undo_stack
    page.compare.hand_requested.emit(Similarity(1, 0, 0, 0))
    film.wait(lambda: undo.undo_text and not undo.is_writing)
    (button,) = (one for one in window.frame.strip.findChildren(QPushButton) if "Undo" in one.text())
    click(film, button)
    film.wait(lambda: not undo.undo_text and not undo.is_writing)
    film.settle()
    assert any(view.hasFocus() for view in page.compare.views)


def test_length_typed_for_one_image_is_gone_after_follow_up_opened_another(film: Desk, tmp_path: Path) -> None:
    bar = workbench_of(film)._ruler.bar
    film.parts.window.workspaces.show_workspace("visit")
    key(film, Qt.Key.Key_L)
    bar.millimetres.setText("8")
    film.parts.window.workspaces.show_lesion()
    open_todays(film, write_lesion(tmp_path / "today.png", seed=9))
    film.parts.window.workspaces.show_workspace("visit")
    key(film, Qt.Key.Key_L)
    assert bar.isVisible()
    assert bar.millimetres.text() == ""


def test_hidden_page_gives_back_the_focus(film: Desk) -> None:
    window = film.parts.window
    axis = window.workspaces.follow_up.page.axis
    axis.setFocus()
    film.wait(axis.hasFocus)
    window.visit_page.give_keys_to_image()
    assert axis.hasFocus()


def test_first_image_of_a_film_gets_the_focus(film: Desk) -> None:
    """A lesion without dermoscopy shows a button in place of pictures."""
    patient = film.parts.open_patient.patient
    assert patient is not None
    film.parts.history_service.write(
        lambda history, by: history.people.add_lesion(patient.id, "L3", "", by=by), lambda _made: None, pytest.fail
    )
    film.wait(lambda: len(film.parts.open_patient.lesions) == 2)
    followed, other = film.parts.open_patient.lesions
    compare = film.parts.window.workspaces.follow_up.page.compare
    film.parts.open_patient.choose(other.id)
    film.wait(lambda: not compare.pictures)
    film.parts.open_patient.choose(followed.id)
    film.wait(lambda: len(compare.pictures) == 2)
    film.settle()
    assert any(view.hasFocus() for view in compare.views)
