"""The correction of a histopathology: it begins as the finding that it corrects."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialogButtonBox

from desktop.core.diagnoses import OTHER_MALIGNANT
from desktop.core.records.history import History
from desktop.core.records.people import Outcome
from desktop.core.records.safety_net import Gap
from desktop.widgets.visit.histopathology_fields import NO_DETAILS
from desktop.widgets.visit.outcome_dialog import OutcomeDialog
from tests.days import today
from tests.widgets.conftest import Desk
from tests.widgets.patient.test_patient import bring_lesion
from tests.widgets.patient.test_worklists import choose_specimen, dialog, press, save

BRESLOW = 0.875
"""A thickness that came from elsewhere: the form shows two digits."""


@pytest.fixture
def found(desk: Desk, tmp_path: Path) -> Desk:
    """A patient's lesion in front, with the finding of a melanoma."""
    lesion_id, _visit_id = bring_lesion(desk, tmp_path)
    desk.parts.history_service.write(
        lambda history, by: history.assessments.add_outcome(
            lesion_id=lesion_id,
            kind="histopathology",
            diagnosis="superficial_spreading_melanoma",
            label="melanoma",
            breslow_mm=BRESLOW,
            date=today(),
            note="Naevus remnants.",
            ulceration="absent",
            margins="involved",
            laboratory_number="H-26-1",
            by=by,
        ),
        lambda _written: None,
        pytest.fail,
    )
    desk.settle()
    return desk


def outcomes(desk: Desk) -> list[Outcome]:
    (lesion,) = desk.parts.open_patient.lesions
    with History.open(desk.folder) as history:
        return history.assessments.outcomes(lesion_id=lesion.id)


def can_save(form: OutcomeDialog) -> bool:
    buttons = form.findChild(QDialogButtonBox)
    assert buttons is not None
    return buttons.button(QDialogButtonBox.StandardButton.Save).isEnabled()


def test_a_correction_of_the_thickness_keeps_all_else_and_its_row_on_today(found: Desk) -> None:
    press(found, "Outcome…")
    form = dialog(found)
    choose_specimen(found, form, "Corrects")
    assert (form.missing.text(), can_save(form)) == ("To save, change what was wrong.", False)
    form.breslow.setFocus()
    form.breslow.selectAll()
    found.qtbot.keyClicks(form.breslow, "1.2")
    save(found, form)
    found.wait(lambda: len(outcomes(found)) == 2)
    before, after = outcomes(found)
    changed = {"id": after.id, "time": after.time, "initials": after.initials, "breslow_mm": 1.2, "corrected_by": None}
    assert after == replace(before, **changed)  # type: ignore[arg-type]
    with History.open(found.folder) as history:
        gaps = [(one.gap, one.breslow_mm) for one in history.safety_net.items(today())]
    assert (Gap.MARGINS, 1.2) in gaps


def choose(box: QComboBox, value: object) -> None:
    box.setCurrentIndex(box.findData(value))


@pytest.mark.parametrize(
    ("edit", "changed"),
    [
        (lambda form: choose(form.fields.ulceration, "present"), {"ulceration": "present"}),
        (lambda form: choose(form.fields.margins, "clear"), {"margins": "clear"}),
        (lambda form: form.fields.number.setText("H-26-2"), {"laboratory_number": "H-26-2"}),
        (lambda form: form.note.setPlainText("None."), {"note": "None."}),
        (lambda form: choose(form.label, OTHER_MALIGNANT), {"label": OTHER_MALIGNANT}),
    ],
    ids=["ulceration", "margins", "number", "text", "label"],
)
def test_one_field_is_corrected_alone_and_a_change_that_is_taken_back_is_none(
    found: Desk, edit: Callable[[OutcomeDialog], None], changed: dict[str, object]
) -> None:
    press(found, "Outcome…")
    form = dialog(found)
    choose_specimen(found, form, "Corrects")
    for field in (form.diagnosis, form.breslow, form.note):  # the keys pass through
        field.setFocus()
        found.qtbot.keyClick(form.focusWidget(), Qt.Key.Key_Tab)
    assert not can_save(form)
    edit(form)
    assert can_save(form)
    before = outcomes(found)[0]
    for box, value in ((form.fields.ulceration, before.ulceration), (form.fields.margins, before.margins)):
        choose(box, value)
    choose(form.label, before.label)
    form.fields.number.setText(before.laboratory_number)
    form.note.setPlainText(before.note)
    assert not can_save(form)
    edit(form)
    save(found, form)
    found.wait(lambda: len(outcomes(found)) == 2)
    after = outcomes(found)[1]
    own = {"id": after.id, "time": after.time, "initials": after.initials, "corrected_by": None}
    assert after == replace(before, **own, **changed)  # type: ignore[arg-type]


def test_the_keys_that_pass_a_field_enter_nothing_and_another_diagnosis_drops_the_label(found: Desk) -> None:
    press(found, "Outcome…")
    form = dialog(found)
    choose_specimen(found, form, "Corrects")
    correction, another = form.specimen.buttons
    form.diagnosis.setFocus()
    found.qtbot.keyClick(form.diagnosis.field, Qt.Key.Key_Tab)
    found.qtbot.keyClick(another, Qt.Key.Key_Space)
    assert (form.finding().diagnosis, form.finding().label) == ("", None)
    found.qtbot.keyClick(correction, Qt.Key.Key_Space)
    form.diagnosis.setEditText("Malignant adnexal thing")
    assert form.missing.text() == "To save, choose under For statistics what this diagnosis is."


def test_a_refused_thickness_does_not_take_that_of_the_finding_with_it(found: Desk) -> None:
    press(found, "Outcome…")
    form = dialog(found)
    choose_specimen(found, form, "Corrects")
    form.breslow.setFocus()
    form.breslow.selectAll()
    found.qtbot.keyClicks(form.breslow, "1.2.3")
    for kind in ("follow-up", "histopathology"):
        choose(form.kind, kind)
    assert form.finding().breslow_mm == BRESLOW


def test_a_form_for_another_lesion_takes_over_what_was_entered_alone(found: Desk) -> None:
    press(found, "Outcome…")
    form = dialog(found)
    choose_specimen(found, form, "Corrects")
    form.note.setPlainText("Seen again.")
    other = OutcomeDialog("L2")
    found.qtbot.addWidget(other)
    other.take_over(form)
    taken = other.finding()
    assert (taken.diagnosis, taken.breslow_mm, taken.note) == ("", None, "Seen again.")
    assert taken.details == NO_DETAILS


def test_what_was_entered_before_the_choice_stays_and_all_else_follows_it(found: Desk) -> None:
    press(found, "Outcome…")
    form = dialog(found)
    found.wait(lambda: form.specimen.buttons)
    found.qtbot.keyClicks(form.diagnosis, "nevus")
    correction, another = form.specimen.buttons
    found.qtbot.keyClick(correction, Qt.Key.Key_Space)
    entered = form.finding()
    assert (entered.diagnosis, entered.label, entered.breslow_mm, entered.note) == (
        "nevus",
        "nevus",
        None,
        "Naevus remnants.",
    )
    assert (entered.details.margins, entered.details.laboratory_number) == ("involved", "H-26-1")
    found.qtbot.keyClick(another, Qt.Key.Key_Space)
    entered = form.finding()
    assert (entered.diagnosis, entered.label, entered.note) == ("nevus", "nevus", "")
    assert (entered.details.margins, entered.details.laboratory_number) == (None, "")
