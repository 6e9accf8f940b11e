"""The mouse wheel changes nothing that the user did not mean."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QDateEdit, QDoubleSpinBox, QWidget
from pytestqt.qtbot import QtBot

from desktop.widgets.common.calm_inputs import ChoiceBox
from desktop.widgets.common.day_edit import DayEdit
from desktop.widgets.common.diagnosis_choice import OtherDiagnosis, StatisticsChoice
from desktop.widgets.common.number_field import NumberField

DESKTOP = Path(__file__).parents[3] / "desktop"


def turn_wheel(widget: QWidget) -> bool:
    """Turn the wheel over a widget; return whether it used it, so that its page does not scroll."""
    middle = QPointF(widget.rect().center())
    event = QWheelEvent(
        middle,
        QPointF(widget.mapToGlobal(middle.toPoint())),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


def value(widget: QWidget) -> object:
    if isinstance(widget, QComboBox):
        return widget.currentIndex(), widget.currentText()
    return widget.date() if isinstance(widget, QDateEdit) else widget.value()  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", [ChoiceBox, DayEdit, NumberField, OtherDiagnosis, StatisticsChoice])
def test_the_wheel_scrolls_the_page_and_changes_no_field(qtbot: QtBot, kind: type[QWidget]) -> None:
    field = kind()
    qtbot.addWidget(field)
    if isinstance(field, ChoiceBox):
        field.addItems(["one", "two", "three"])
    if isinstance(field, QComboBox):
        field.setCurrentIndex(1)
    if isinstance(field, QDoubleSpinBox):
        field.setValue(5)
    field.show()
    field.setFocus()
    before = value(field)
    assert not turn_wheel(field)
    assert value(field) == before


def test_no_field_is_made_that_the_wheel_changes() -> None:
    made = re.compile(
        r"\b(QComboBox|QDateEdit|QSpinBox|QDoubleSpinBox|QTimeEdit|QDateTimeEdit)\(|\((QComboBox|QDateEdit)\):"
    )
    found = [
        f"{file.name}: {match[0]}"
        for file in sorted(DESKTOP.rglob("*.py"))
        for match in made.finditer(file.read_text(encoding="utf-8"))
        if file.name not in {"calm_inputs.py", "day_edit.py"}
    ]
    assert found == []
