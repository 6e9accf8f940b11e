"""A window that was just shown loses no input, although parts of it are still missing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.__main__ import Parts, compose
from desktop.system.settings import INITIALS, Settings
from tests.making import write_lesion


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def bare(tmp_path: Path, settings: Settings, qtbot: QtBot) -> Iterator[Parts]:
    """Create a window in its state at the first paint."""
    parts = compose(tmp_path, settings, at_once=False)
    parts.window.show()
    qtbot.waitExposed(parts.window)
    yield parts
    parts.window.close()
    parts.close()
    qtbot.wait(0)


def click(widget: QWidget) -> None:
    """Click through the native window, as a person does."""
    window = widget.window()
    place = widget.mapTo(window, widget.rect().center())
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


def test_the_picture_and_its_tools_are_created_while_the_user_is_idle(bare: Parts, qtbot: QtBot):
    assert not {"view", "tools", "assessment_panel", "strip"} & vars(bare.window.visit_page).keys()
    with qtbot.waitSignal(bare.window.staged_start.done):
        bare.window.staged_start.begin()
    assert {"view", "tools", "assessment_panel", "strip"} <= vars(bare.window.visit_page).keys()


def test_the_first_paint_looks_like_the_complete_window(bare: Parts):
    first = bare.window.grab().toImage()
    bare.window.staged_start.finish()
    assert bare.window.grab().toImage() == first


def test_the_status_strip_is_visible_on_a_screen_that_the_window_would_just_fill(bare: Parts):
    title_bar = 30
    assert bare.window.height() + title_bar <= bare.window.screen().availableSize().height()


def test_a_shortcut_works_before_the_menus_are_filled(bare: Parts, qtbot: QtBot):
    QTest.keyClick(bare.window.windowHandle(), Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bare.window.workspaces.current == "batch")


def test_a_click_on_a_button_works_before_anything_listens_to_it(bare: Parts, qtbot: QtBot):
    sample = next(one for one in bare.window.visit_page.first_steps.findChildren(QPushButton) if "sample" in one.text())
    with qtbot.waitSignal(bare.open_image.opening):
        click(sample)


def test_initials_are_asked_for_at_once(bare: Parts, settings: Settings, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot):
    monkeypatch.setattr(QInputDialog, "getText", lambda *_args, **_more: ("MK", True))
    ask = next(one for one in bare.window.frame.banner.findChildren(QPushButton) if "initials" in one.text())
    click(ask)
    qtbot.waitUntil(lambda: settings.get(INITIALS) == "MK")


def test_initials_typed_at_once_are_saved(bare: Parts, settings: Settings, qtbot: QtBot):
    field = bare.window.visit_page.first_steps.findChild(QLineEdit)
    assert field is not None
    field.setFocus()
    QTest.keyClick(bare.window.windowHandle(), "m")
    qtbot.waitUntil(lambda: settings.get(INITIALS) == "m")


def test_an_image_given_at_once_is_opened(bare: Parts, tmp_path: Path, qtbot: QtBot):
    with qtbot.waitSignal(bare.open_image.opened):
        bare.window.open_files([write_lesion(tmp_path / "a.png", 1)])
    assert bare.window.staged_start.is_done


def test_closing_at_once_saves_the_window_geometry(bare: Parts):
    bare.window.close()
    assert bare.window.staged_start.is_done
    assert not bare.window.isVisible()


def test_tab_follows_the_reading_order_of_parts_created_later(bare: Parts):
    bare.window.staged_start.finish()
    visit = bare.window.visit_page
    parts: list[QWidget] = [
        visit.first_steps,
        visit.view,
        visit.tools,
        visit.result_panel,
        visit.assessment_panel,
        visit.strip,
    ]
    met, widget = [], visit.first_steps.nextInFocusChain()
    while widget is not visit.first_steps:
        stops = [part for part in parts if part is widget or part.isAncestorOf(widget)]
        if stops and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and stops[0] not in met:
            met.append(stops[0])
        widget = widget.nextInFocusChain()
    assert met == [part for part in parts if part in met]
    assert visit.view in met
    assert visit.assessment_panel in met
    assert QApplication.focusWidget() is None or QApplication.focusWidget().window() is bare.window


def test_a_part_accessed_early_is_created_once(bare: Parts):
    early = bare.window.visit_page.view
    bare.window.staged_start.finish()
    assert bare.window.visit_page.view is early
    assert early.mapTo(bare.window, QPoint(0, 0)).x() >= 0
