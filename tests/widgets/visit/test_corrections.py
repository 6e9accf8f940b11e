"""The correction of a histopathology: it begins as the finding that it corrects."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox

from desktop.core.records.history import History
from desktop.core.records.people import Outcome
from desktop.core.records.safety_net import Gap
from desktop.widgets.visit.outcome_dialog import OutcomeDialog
from tests.days import today
from tests.widgets.conftest import Desk
from tests.widgets.patient.test_patient import bring_lesion
from tests.widgets.patient.test_worklists import choose_specimen, dialog, press, save


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
            breslow_mm=0.9,
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
