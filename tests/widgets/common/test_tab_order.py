"""Tab goes through every form in the order on the screen, also once all its fields are enabled."""

import datetime as dt
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QDateEdit, QDialog, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.imaging.capture import Capture
from desktop.core.records.people import FOLLOW_UP, Outcome
from desktop.widgets.follow_up.capture_dialog import CaptureDialog
from desktop.widgets.follow_up.influence_dialog import InfluenceDialog
from desktop.widgets.patient.patient_chooser import PatientFacts
from desktop.widgets.patient.risk_form import RiskForm
from desktop.widgets.visit.assessment_form import AssessmentForm
from desktop.widgets.visit.outcome_dialog import OutcomeDialog
from desktop.widgets.visit.outcome_subject import PlannedBiopsy
from desktop.widgets.visit.reexcision_dialog import ReexcisionDialog

TODAY = dt.date(2026, 11, 29)


def in_dialog(part: QWidget) -> QDialog:
    dialog = QDialog()
    QVBoxLayout(dialog).addWidget(part)
    return dialog


def outcome() -> QDialog:
    form = OutcomeDialog("P-1, L1", initials="MK")
    form.fields.show_biopsies([PlannedBiopsy(1, TODAY, None, None, is_reexcision=False, is_closed=False)], None)
    form.diagnosis.setEditText("Nodular melanoma")
    return form


def outcome_of_melanoma() -> QDialog:
    """Return a form whose last fields were enabled by what was entered."""
    form = outcome()
    assert isinstance(form, OutcomeDialog)
    form.fields.margins.setCurrentIndex(form.fields.margins.findData("involved"))
    form.fields.taken.is_given.setChecked(True)
    form.fields.told.day.is_given.setChecked(True)
    return form


def outcome_of_another_specimen() -> QDialog:
    """Return a form with the buttons that come with what is recorded."""
    form = OutcomeDialog("P-1, L1", initials="MK")
    now = dt.datetime(2026, 11, 29, 9, tzinfo=dt.UTC)
    known = Outcome(1, 1, None, "histopathology", "melanoma", "melanoma", None, TODAY, "", "MK", now)
    form.specimen.show_findings([known], form.kind)
    form.recorded.withdraw.show()
    form.diagnosis.setEditText("Nodular melanoma")
    return form


def assessment() -> QDialog:
    form = AssessmentForm()
    form.ask_change(True)
    form.diagnosis.show_diagnosis("Nodular melanoma")
    form.plan.show_value(FOLLOW_UP)
    form.show_draft(form.draft())
    return in_dialog(form)


FORMS: dict[str, Callable[[], QDialog]] = {
    "outcome": outcome,
    "outcome of a melanoma": outcome_of_melanoma,
    "outcome of another specimen": outcome_of_another_specimen,
    "follow-up": lambda: OutcomeDialog("P-1, L1", "follow-up"),
    "re-excision": lambda: ReexcisionDialog("P-1, L1", "Melanoma", "MK"),
    "patient": lambda: in_dialog(PatientFacts(TODAY)),
    "risk": lambda: in_dialog(RiskForm()),
    "assessment": assessment,
    "treatment": lambda: InfluenceDialog("P-1, L1", [], can_be_pregnant=True, today=TODAY),
    "light": lambda: CaptureDialog([("3 May 2023", Capture()), ("4 May 2024", Capture())], []),
}


def by_tab(form: QDialog, qtbot: QtBot) -> list[QWidget]:
    """Return the fields that have the focus in turn, in one round of Tab."""
    met: list[QWidget] = []
    for _ in range(200):
        field = QApplication.focusWidget()
        assert field is not None
        if met and field is met[0] and len(met) > 1:
            return met
        if not met or field is not met[-1]:  # Tab goes through the parts of a date first
            met.append(field)
        qtbot.keyClick(field, Qt.Key.Key_Tab)
    raise AssertionError(named(met[:25], form))


def by_position(form: QDialog, fields: list[QWidget]) -> list[QWidget]:
    """Return fields from top to bottom, and from left to right where they stand beside each other."""
    rows: list[list[QWidget]] = []
    for field in sorted(fields, key=lambda one: centre(form, one).y()):
        if rows and centre(form, field).y() - centre(form, rows[-1][0]).y() < field.height() / 2:
            rows[-1].append(field)
        else:
            rows.append([field])
    return [field for row in rows for field in sorted(row, key=lambda one: centre(form, one).x())]


def centre(form: QDialog, field: QWidget) -> QPoint:
    return field.mapTo(form, field.rect().center())


def named(fields: list[QWidget], form: QDialog) -> list[str]:
    return [f"{type(one).__name__} {centre(form, one).toTuple()} {one.accessibleName()}" for one in fields]


@pytest.mark.parametrize("name", FORMS)
def test_tab_goes_through_a_form_in_the_order_on_the_screen(name: str, qtbot: QtBot) -> None:
    form = FORMS[name]()
    qtbot.addWidget(form)
    form.resize(form.sizeHint().expandedTo(form.size()).width(), 1200)
    form.show()
    form.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is form)
    if QApplication.focusWidget() is None:
        qtbot.keyClick(form, Qt.Key.Key_Tab)
    met = by_tab(form, qtbot)

    wanted = by_position(form, met)
    start = wanted.index(met[0])
    assert named(met, form) == named(wanted[start:] + wanted[:start], form)
    shown = [one for one in form.findChildren(QDateEdit) if one.isVisible() and one.isEnabled()]
    assert all(one in met for one in shown)
