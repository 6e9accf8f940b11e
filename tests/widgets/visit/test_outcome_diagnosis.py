"""The diagnosis of an outcome: its label for statistics, what is missing before it can be saved, and the arrow keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QPushButton
from pytestqt.qtbot import QtBot

from desktop.core.diagnoses import OTHER_BENIGN, OTHER_MALIGNANT, UNCERTAIN_POTENTIAL
from desktop.widgets.common.diagnosis_choice import OtherDiagnosis
from desktop.widgets.visit.assessment_words import diagnosis_text
from desktop.widgets.visit.outcome_dialog import OutcomeDialog

CHOOSE = "To save, choose under For statistics what this diagnosis is."
WHOLE = "To save, enter the whole diagnosis."


@pytest.fixture
def form(qtbot: QtBot) -> OutcomeDialog:
    made = OutcomeDialog("L1", initials="")
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def save(form: OutcomeDialog) -> QPushButton:
    buttons = form.findChild(QDialogButtonBox)
    assert isinstance(buttons, QDialogButtonBox)
    return buttons.button(QDialogButtonBox.StandardButton.Save)


@pytest.mark.parametrize(
    ("typed", "kept", "label"),
    [
        ("SSM", "superficial_spreading_melanoma", "melanoma"),
        ("bcc", "basal_cell_carcinoma", "basal_cell_carcinoma"),
    ],
)
def test_an_abbreviation_gets_its_label(form: OutcomeDialog, qtbot: QtBot, typed: str, kept: str, label: str) -> None:
    qtbot.keyClicks(form.diagnosis.field, typed)
    assert (form.finding().diagnosis, form.finding().label) == (kept, label)
    assert save(form).isEnabled()
    assert form.missing.text() == ""


@pytest.mark.parametrize("label", ["nevus", OTHER_MALIGNANT, UNCERTAIN_POTENTIAL, OTHER_BENIGN])
def test_a_histopathology_in_own_words_needs_a_label(form: OutcomeDialog, label: str) -> None:
    form.diagnosis.setEditText("odd lump")
    assert not save(form).isEnabled()
    assert form.missing.text() == CHOOSE
    form.label.setCurrentIndex(form.label.findData(label))
    assert save(form).isEnabled()
    assert form.missing.text() == ""
    assert form.finding().label == label


@pytest.mark.parametrize("diagnosis", ["Undecided", "Collision of two lesions", "melanoma arising in a nevus"])
def test_a_name_that_leaves_the_label_open_needs_one(form: OutcomeDialog, diagnosis: str) -> None:
    form.diagnosis.setEditText(diagnosis)
    assert form.missing.text() == CHOOSE


def test_a_follow_up_in_own_words_needs_no_label(form: OutcomeDialog) -> None:
    form.diagnosis.setEditText("unchanged for a year")
    form.kind.setCurrentIndex(form.kind.findData("follow-up"))
    assert save(form).isEnabled()
    form.kind.setCurrentIndex(form.kind.findData("histopathology"))
    assert not save(form).isEnabled()


def test_the_form_says_what_is_missing(form: OutcomeDialog, qtbot: QtBot) -> None:
    assert form.missing.text() == WHOLE
    qtbot.keyClicks(form.diagnosis.field, "superficial")
    assert form.finding().diagnosis == ""
    assert not save(form).isEnabled()
    assert form.missing.text() == WHOLE
    form.diagnosis.setEditText("Nevus")
    form.fields.told.day.is_given.setChecked(True)
    assert form.missing.text() == "To save, enter the initials of whoever told the patient."
    form.fields.told.by.setText("MK")
    assert form.missing.text() == ""


@pytest.mark.parametrize("with_all", [True, False])
def test_down_goes_only_through_what_matches(qtbot: QtBot, *, with_all: bool) -> None:
    box = OtherDiagnosis(with_all=with_all)
    qtbot.addWidget(box)
    box.show()
    box.setFocus()
    qtbot.waitUntil(box.field.hasFocus)
    qtbot.keyClicks(box.field, "superficial")
    popup = box.completer().popup()
    popup.hide()
    qtbot.keyClick(box.field, Qt.Key.Key_Down)
    qtbot.waitUntil(popup.isVisible)
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    assert box.diagnosis() == "superficial_spreading_melanoma"


@pytest.mark.parametrize("with_all", [True, False])
def test_no_residual_tumour_is_found_for_outcomes_alone(qtbot: QtBot, *, with_all: bool) -> None:
    box = OtherDiagnosis(with_all=with_all)
    qtbot.addWidget(box)
    search = box.completer()
    for word in ("residual", "re-excision", "no tumour"):
        search.setCompletionPrefix(word)
        model = search.completionModel()
        found = {model.index(row, 0).data() for row in range(model.rowCount())}
        assert ("No residual tumour" in found) == with_all
    box.setEditText("residual tumour")
    assert box.diagnosis() != "no_residual_tumour"


@pytest.mark.parametrize("key", [Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp])
def test_keys_of_the_list_do_not_replace_own_words(form: OutcomeDialog, qtbot: QtBot, key: Qt.Key) -> None:
    qtbot.keyClicks(form.diagnosis.field, "odd lump")
    qtbot.keyClick(form.diagnosis.field, key)
    assert form.diagnosis.currentText() == "odd lump"
    assert not form.diagnosis.completer().popup().isVisible()


@pytest.mark.parametrize(
    ("label", "text"),
    [
        (OTHER_MALIGNANT, "odd lump (for statistics: another malignant diagnosis)"),
        (OTHER_BENIGN, "odd lump (for statistics: another benign diagnosis)"),
        (None, "odd lump"),
    ],
)
def test_the_record_says_what_was_chosen(label: str | None, text: str) -> None:
    assert diagnosis_text("odd lump", label) == text
