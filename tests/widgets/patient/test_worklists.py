"""Outcomes, which are entered, undone and corrected, and the worklists."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLabel, QPushButton, QTableWidget, QTabWidget
from pytestqt.qtbot import QtBot

from desktop.core.diagnoses import UNCERTAIN_POTENTIAL
from desktop.core.records.care_steps import CareStep, Step
from desktop.core.records.history import History
from desktop.core.records.patient_file import LesionState
from desktop.core.records.people import (
    EXCISION,
    FOLLOW_UP,
    Assessment,
    Lesion,
    OpenBiopsy,
    Outcome,
    OutcomeKind,
    Patient,
)
from desktop.core.records.safety_net import Gap
from desktop.widgets.common.content_scroll import ContentScroll
from desktop.widgets.common.theme import apply_theme
from desktop.widgets.common.wording import local_day
from desktop.widgets.patient.worklists_dialog import HISTOLOGY, PLANNED, WorklistsDialog
from desktop.widgets.visit.days_dialog import DaysDialog
from desktop.widgets.visit.outcome_dialog import OutcomeDialog
from desktop.widgets.visit.outcome_presenter import OutcomePresenter
from desktop.widgets.visit.outcome_subject import read_subject
from desktop.widgets.visit.reexcision_words import kept_note
from desktop.widgets.visit.withdraw_dialog import WithdrawDialog
from tests.core.records.history_contents import planned_biopsies
from tests.days import today
from tests.making import write_lesion
from tests.widgets.conftest import Desk
from tests.widgets.patient.test_patient import add_lesion, bring, choose_patient
from tests.widgets.whole_cells import assert_whole


def press(desk: Desk, text: str) -> None:
    def found() -> list[QPushButton]:
        return [b for b in desk.parts.window.findChildren(QPushButton) if text in b.text() and b.isVisible()]

    desk.wait(found)
    button = found()[0]
    desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def press_undo(desk: Desk, change: str) -> None:
    """Click *Undo* once it would reverse a change whose name begins so."""
    stack = desk.parts.window.frame.undo_stack
    desk.wait(lambda: stack.undo_text.startswith(change) and not stack.is_writing)
    press(desk, "Undo")


def dialog(desk: Desk) -> OutcomeDialog:
    desk.wait(lambda: [one for one in desk.parts.window.findChildren(OutcomeDialog) if one.isVisible()])
    form = next(one for one in desk.parts.window.findChildren(OutcomeDialog) if one.isVisible())
    desk.wait(lambda: form.missing.text() != "Reading the history…")
    return form


def save(desk: Desk, form: OutcomeDialog) -> None:
    buttons = form.findChild(QDialogButtonBox)
    assert buttons is not None
    desk.qtbot.mouseClick(buttons.button(QDialogButtonBox.StandardButton.Save), Qt.MouseButton.LeftButton)


def outcomes(desk: Desk) -> list[Outcome]:
    with History.open(desk.folder) as history:
        image_id = history.people.image_id_of(history.entries()[0].image.sha256)
        return history.assessments.outcomes(image_id=image_id)


def image_id(history: History, name: str) -> int:
    entry = next(entry for entry in history.entries() if entry.image.name == name)
    found = history.people.image_id_of(entry.image.sha256)
    assert found is not None
    return found


def test_outcome_is_entered_shown_undone_and_redone(desk: Desk, tmp_path: Path) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    press(desk, "Outcome…")
    form = dialog(desk)
    form.diagnosis.setEditText("Melanoma")
    form.breslow.setValue(0.45)
    form.note.setPlainText("superficial spreading, pT1a")
    save(desk, form)
    shown = desk.parts.window.visit_page.assessment_panel
    desk.wait(lambda: "Breslow 0.45 mm" in desk.texts(shown))
    assert "superficial spreading, pT1a" in desk.texts(shown)
    (outcome,) = outcomes(desk)
    assert (outcome.kind, outcome.diagnosis, outcome.label, outcome.breslow_mm, outcome.date) == (
        "histopathology",
        "melanoma",
        "melanoma",
        0.45,
        today(),
    )
    press_undo(desk, "outcome")
    desk.wait(lambda: outcomes(desk) == [])
    desk.wait(lambda: "Breslow" not in desk.texts(shown))
    desk.parts.window.frame.undo_stack.redo()
    desk.wait(lambda: len(outcomes(desk)) == 1)


def choose_specimen(desk: Desk, form: OutcomeDialog, words: str) -> None:
    """Say whether a histopathology corrects one that is recorded, by the first words of the answer."""
    desk.wait(lambda: form.specimen.buttons)
    assert form.missing.text() == "To save, choose whether it corrects a finding or is of another specimen."
    button = next(one for one in form.specimen.buttons if one.text().startswith(words))
    desk.qtbot.keyClick(button, Qt.Key.Key_Space)


def add(desk: Desk, diagnosis: str, kind: str = "histopathology", specimen: str = "") -> None:
    """Enter an outcome of the open image."""
    press(desk, "Outcome…")
    form = dialog(desk)
    form.kind.setCurrentIndex(form.kind.findData(kind))
    form.diagnosis.setEditText(diagnosis)
    if specimen:
        choose_specimen(desk, form, specimen)
    before = len(outcomes(desk))
    save(desk, form)
    desk.wait(lambda: len(outcomes(desk)) == before + 1 and not desk.parts.window.frame.undo_stack.is_writing)


def test_the_worst_finding_of_a_lesion_stands_first(desk: Desk, tmp_path: Path) -> None:
    """Else a melanoma reads as the scar that its re-excision found."""
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    add(desk, "Melanoma")
    add(desk, "Keloid or scar", specimen="Is of another specimen")
    panel = desk.parts.window.visit_page.assessment_panel
    desk.wait(lambda: "Keloid or scar" in desk.texts(panel))
    labels = [one.text() for one in panel._assessments.findChildren(QLabel) if not one.isHidden()]
    found = [one for one in labels if one.startswith("Histopathology")]
    assert [one.partition(": ")[2] for one in found] == ["Melanoma", "Keloid or scar"]
    press(desk, "Outcome…")
    form = dialog(desk)
    desk.wait(lambda: "Recorded: " in desk.texts(form))
    recorded = [one for line in desk.texts(form).splitlines() if (one := line.partition("Recorded: ")[2])]
    assert [one.partition(": ")[2] for one in recorded] == ["Melanoma", "Keloid or scar"]
    form.reject()


def test_no_residual_tumour_needs_the_finding_of_another_specimen(desk: Desk, tmp_path: Path) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    press(desk, "Outcome…")
    form = dialog(desk)
    form.kind.setCurrentIndex(form.kind.findData("histopathology"))
    form.diagnosis.setEditText("No residual tumour")
    refused = "To save, enter what the first specimen showed: no residual tumour is the finding of a later one."
    desk.wait(lambda: form.missing.text() == refused)
    form.reject()
    add(desk, "Nevus")
    press(desk, "Outcome…")
    form = dialog(desk)
    form.kind.setCurrentIndex(form.kind.findData("histopathology"))
    form.diagnosis.setEditText("No residual tumour")
    choose_specimen(desk, form, "Corrects")
    assert form.missing.text() == refused
    another = next(one for one in form.specimen.buttons if one.text().startswith("Is of another"))
    desk.qtbot.keyClick(another, Qt.Key.Key_Space)
    assert form.missing.text() == ""
    assert form.label.currentText() == "none chosen"
    save(desk, form)
    desk.wait(lambda: len(outcomes(desk)) == 2)
    assert [one.outcome for one in desk.entries()] == ["nevus"]


def test_a_corrected_outcome_is_struck_out_comes_last_and_does_not_count(desk: Desk, tmp_path: Path) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    add(desk, "Melanoma")
    add(desk, "unchanged", "follow-up")
    panel = desk.parts.window.visit_page.assessment_panel

    def lines() -> list[tuple[str, bool]]:
        found = [one for one in panel._assessments.findChildren(QLabel) if not one.property("muted")]
        return [(one.text().partition(": ")[2], one.font().strikeOut()) for one in found if not one.isHidden()]

    melanoma, followed = ("Melanoma", False), ("unchanged", False)
    desk.wait(lambda: lines() == [melanoma, followed])
    press(desk, "Outcome…")
    form = dialog(desk)
    day = QLocale().toString(today(), "d MMM yyyy")
    desk.wait(lambda: f"Recorded: Histopathology of {day}: Melanoma" in desk.texts(form))
    assert f"Recorded: Follow-up of {day}: unchanged" in desk.texts(form)
    form.kind.setCurrentIndex(form.kind.findData("follow-up"))
    assert f"Takes the place of: Follow-up of {day}: unchanged. Both stay in the record." in desk.texts(form)
    form.reject()
    add(desk, "Nevus", specimen=f"Corrects the finding of {day}: Melanoma")
    corrected = (f"Histopathology of {day}: Melanoma", True)
    desk.wait(lambda: lines() == [("Nevus", False), followed, corrected])
    assert f"Corrected: {corrected[0]}" in desk.texts(panel)
    assert "corrected " in desk.texts(panel).splitlines()[-1]  # when
    add(desk, "unchanged for a year", "follow-up")
    (entry,) = desk.entries()
    assert entry.outcome == "nevus"
    changes = desk.parts.window.frame.undo_stack
    press_undo(desk, "outcome")
    desk.wait(lambda: lines() == [("Nevus", False), followed, corrected] and not changes.is_writing)
    press_undo(desk, "correction of an outcome of ")
    desk.wait(lambda: lines() == [melanoma, followed] and not changes.is_writing)
    changes.redo()
    desk.wait(lambda: lines() == [("Nevus", False), followed, corrected])
    assert [one.outcome for one in desk.entries()] == ["nevus"]


def test_a_re_excision_without_tumour_leaves_the_melanoma_standing(desk: Desk, tmp_path: Path) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    add(desk, "Nodular melanoma")
    add(desk, "Nevus", specimen="Is of another specimen")
    panel = desk.parts.window.visit_page.assessment_panel

    def lines() -> list[tuple[str, bool]]:
        found = [one for one in panel._assessments.findChildren(QLabel) if not one.property("muted")]
        return [(one.text().partition(": ")[2].partition(" (")[0], one.font().strikeOut()) for one in found]

    desk.wait(lambda: lines() == [("Nodular melanoma", False), ("Nevus", False)])
    assert [one.outcome for one in desk.entries()] == ["nodular_melanoma"]
    press(desk, "Outcome…")
    form = dialog(desk)
    desk.wait(lambda: len(form.specimen.buttons) == 3)
    assert "patient" not in desk.texts(form.recorded)
    form.diagnosis.setEditText("Melanoma in situ")
    choose_specimen(
        desk, form, f"Corrects the finding of {QLocale().toString(today(), 'd MMM yyyy')}: Nodular melanoma"
    )
    assert "the corrected one is struck out" in desk.texts(form)
    save(desk, form)
    desk.wait(lambda: [one.outcome for one in desk.entries()] == ["melanoma_in_situ"])
    with History.open(desk.folder) as history:
        (image,) = {entry.image.sha256 for entry in history.entries()}
        kept = history.people.image_id_of(image)
        standing = [one for one in history.assessments.outcomes(image_id=kept) if one.corrected_by is None]
    assert [one.diagnosis for one in standing] == ["nevus", "melanoma_in_situ"]


def test_nothing_is_saved_before_what_is_recorded_was_read(desk: Desk, tmp_path: Path) -> None:
    """Saved at once, a second finding would not have been asked whether it corrects the first."""
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    add(desk, "Melanoma")
    press(desk, "Outcome…")
    form = dialog(desk)
    desk.wait(lambda: form.specimen.buttons)
    form.reject()
    with desk.slow_history():
        asking, image = desk.parts.window.findChild(OutcomePresenter), desk.parts.blinding.image_status
        assert isinstance(asking, OutcomePresenter)
        assert image is not None
        asked = asking.ask("lesion.png", image_id=image.image_id)
        asked.diagnosis.setEditText("Nevus")
        assert asked.missing.text() == "Reading the history…"
        assert not asked._save.isEnabled()
    desk.wait(lambda: asked.missing.text().startswith("To save, choose whether"))
    assert not asked._save.isEnabled()


def test_a_write_that_takes_a_moment_is_shown_until_it_is_saved(desk: Desk, tmp_path: Path) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    press(desk, "Outcome…")
    form = dialog(desk)
    form.diagnosis.setEditText("Nevus")
    desk.settle()
    may_go_on = Event()
    desk.parts.history_service.write(lambda _history, _by: may_go_on.wait(), lambda _done: None, pytest.fail)
    strip = desk.parts.window.frame.strip
    try:
        save(desk, form)
        desk.wait(lambda: "Saving…" in desk.texts(strip))
    finally:
        may_go_on.set()
    desk.wait(lambda: "Saved: outcome of" in desk.texts(strip) and "Saving…" not in desk.texts(strip))


def test_label_for_statistics_is_proposed_and_a_choice_is_kept(desk: Desk, tmp_path: Path) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    press(desk, "Outcome…")
    form = dialog(desk)
    for diagnosis, label in (
        ("Melanoma", "melanoma"),
        ("Melanoma in", None),
        ("Melanoma in situ", "melanoma"),
        ("MELTUMP", UNCERTAIN_POTENTIAL),
        ("Spitz nevus", None),
        ("Nevus", "nevus"),
        ("something else", None),
    ):
        form.diagnosis.setEditText(diagnosis)
        assert form.finding().label == label
    form.label.setCurrentIndex(form.label.findData("melanoma"))
    form.diagnosis.setEditText("something else, and longer")
    assert form.finding().label == "melanoma"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("melanoma in situ", "melanoma_in_situ"),
        ("melanoma in", "melanoma_in_situ"),
        ("merkel", "merkel_cell_carcinoma"),
    ],
)
def test_enter_takes_the_exact_diagnosis_or_the_only_match(desk: Desk, tmp_path: Path, typed: str, kept: str) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    press(desk, "Outcome…")
    form = dialog(desk)
    desk.qtbot.keyClicks(form.diagnosis.lineEdit(), typed)
    desk.qtbot.keyClick(form.diagnosis.lineEdit(), Qt.Key.Key_Return)
    assert form.finding().diagnosis == kept
    desk.wait(form.label.hasFocus)


@pytest.mark.parametrize(
    ("typed", "chosen"),
    [("lentigo", {"lentigo_maligna", "lentigo_simplex"}), ("dysplastic", {"high_grade_dysplasia"})],
)
def test_partial_word_is_not_a_diagnosis_and_enter_takes_none_of_several(
    desk: Desk, tmp_path: Path, typed: str, chosen: set[str]
) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    press(desk, "Outcome…")
    form = dialog(desk)
    desk.qtbot.keyClicks(form.diagnosis.lineEdit(), typed)
    assert not form._save.isEnabled()
    desk.qtbot.keyClick(form.diagnosis.lineEdit(), Qt.Key.Key_Return)
    assert (form.finding().diagnosis, form.diagnosis.currentText()) == ("", typed)
    assert "Several diagnoses have this in their name: choose one." in desk.texts(form)
    desk.qtbot.keyClick(form.diagnosis.completer().popup(), Qt.Key.Key_Down)
    desk.qtbot.keyClick(form.diagnosis.completer().popup(), Qt.Key.Key_Return)
    assert form.finding().diagnosis in chosen
    assert form._save.isEnabled()


def test_outcome_dialog_shows_site_and_picture_of_the_lesion(desk: Desk, tmp_path: Path) -> None:
    with History.open(desk.folder) as history:
        patient = history.people.add_patient("P-0412", "female", by="MK")
        lesion = history.people.add_lesion(patient.id, "L2", "scapula-left", by="MK")
    desk.parts.open_patient.open(patient)
    desk.wait(lambda: desk.parts.open_patient.lesions)
    desk.parts.open_patient.choose(lesion.id)
    desk.open(write_lesion(tmp_path / "lesion.png"))
    desk.wait(lambda: desk.parts.open_patient.images_of(lesion.id))
    press(desk, "Outcome…")
    form = dialog(desk)
    desk.wait(form._heading._picture.isVisible)
    assert not form._heading._picture.pixmap().isNull()
    fields = form.findChildren(ContentScroll)[0]
    assert (fields.verticalScrollBar().maximum(), fields.horizontalScrollBar().maximum()) == (0, 0), "all is in sight"
    assert "P-0412, L2 left scapula" in desk.texts(form)
    assert desk.texts(form).casefold().count("left scapula") == 1


@pytest.mark.parametrize("locale", ["C", "en_US", "de_DE"])
@pytest.mark.parametrize(("text", "value"), [("0,8", 0.8), ("0.8", 0.8), ("1,25", 1.25)])
@pytest.mark.parametrize("is_pasted", [False, True])
def test_breslow_takes_a_point_and_a_comma(
    qtbot: QtBot, qapp: QApplication, locale: str, text: str, value: float, *, is_pasted: bool
) -> None:
    form = OutcomeDialog("L1")
    qtbot.addWidget(form)
    form.breslow.setLocale(QLocale(locale))
    form.diagnosis.setEditText("Melanoma")
    form.show()
    form.breslow.setFocus()
    qtbot.waitUntil(form.breslow.hasFocus)
    if is_pasted:
        qapp.clipboard().setText(text)
        qtbot.keyClick(form.breslow, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    else:
        qtbot.keyClicks(form.breslow, text)
    qtbot.keyClick(form.breslow, Qt.Key.Key_Tab)
    assert form.finding().breslow_mm == value
    assert form.breslow.text() == QLocale(locale).toString(value, "f", 2) + " mm"


@pytest.mark.parametrize("text", ["150", "1.2.3", "1,234", "x"])
def test_refused_breslow_stays_and_cannot_be_saved(qtbot: QtBot, text: str) -> None:
    form = OutcomeDialog("L1")
    qtbot.addWidget(form)
    form.diagnosis.setEditText("Melanoma")
    form.breslow.setValue(0.5)
    form.show()
    form.breslow.setFocus()
    qtbot.waitUntil(form.breslow.hasFocus)
    form.breslow.selectAll()
    qtbot.keyClicks(form.breslow, text)
    qtbot.keyClick(form.breslow, Qt.Key.Key_Return)
    qtbot.keyClick(form.breslow, Qt.Key.Key_Tab)
    assert form.isVisible()
    assert form.breslow.text() == text + " mm"
    assert not form._save.isEnabled()
    assert "from 0 to 99" in form._refusal.text()
    form.hide()
    form.show()
    assert form.breslow.text() == text + " mm"
    assert form.breslow.property("refused") is True
    assert not form._save.isEnabled()
    form.breslow.selectAll()
    qtbot.keyClicks(form.breslow, "1,5")
    assert form._save.isEnabled()
    assert form.finding().breslow_mm == 1.5


def test_follow_up_clears_a_refused_breslow_and_leaves_an_accepted_one(qtbot: QtBot) -> None:
    form = OutcomeDialog("L1")
    qtbot.addWidget(form)
    form.diagnosis.setEditText("Melanoma")
    form.show()
    for text, value in (("1,5", 1.5), ("150", None)):
        form.breslow.selectAll()
        qtbot.keyClicks(form.breslow, text)
        form.kind.setCurrentIndex(form.kind.findData("follow-up"))
        assert form._save.isEnabled()
        form.kind.setCurrentIndex(form.kind.findData("histopathology"))
        assert form.finding().breslow_mm == value
        assert form.breslow.property("refused") is False
        assert form._save.isEnabled()
    assert form.breslow.text() == "not given"


def test_breslow_belongs_to_an_invasive_melanoma(qtbot: QtBot) -> None:
    form = OutcomeDialog("L1")
    qtbot.addWidget(form)
    form.diagnosis.setEditText("Melanoma")
    form.breslow.setValue(8)
    assert form.finding().breslow_mm == 8
    for other in ("Nevus", "Lentigo maligna", "Melanoma in situ"):
        form.diagnosis.setEditText(other)
        assert not form.breslow.isEnabled()
        assert form.finding().breslow_mm is None


def test_follow_up_has_no_breslow_and_an_outcome_needs_a_diagnosis(desk: Desk, tmp_path: Path) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    press(desk, "Outcome…")
    form = dialog(desk)
    assert not form._save.isEnabled()
    form.breslow.setValue(1.2)
    form.kind.setCurrentIndex(form.kind.findData("follow-up"))
    assert not form.breslow.isVisible()
    form.diagnosis.setEditText("unchanged after 12 months")
    save(desk, form)
    desk.wait(lambda: outcomes(desk))
    (outcome,) = outcomes(desk)
    assert (outcome.kind, outcome.diagnosis, outcome.breslow_mm) == ("follow-up", "unchanged after 12 months", None)


@pytest.fixture
def planned(desk: Desk, tmp_path: Path) -> tuple[Desk, Patient, Lesion]:
    """Make an image whose follow-up is due, a lesion that waits for its histology, and a follow-up in two weeks."""
    for number, name in enumerate(("due.png", "cut.png", "soon.png")):
        desk.open_and_keep(write_lesion(tmp_path / name, seed=number))
    with History.open(desk.folder) as history:
        patient = history.people.add_patient("P-0412", "female", by="MK")
        visit = history.people.begin_visit(patient.id, today(), "60-69", by="MK")
        lesion = history.people.add_lesion(patient.id, "L1", "", by="MK")
        placed = image_id(history, "cut.png")
        history.people.place(placed, kind="dermoscopy", lesion_id=lesion.id, visit_id=visit.id, by="MK")
        for name, day in (("due.png", today()), ("soon.png", today() + dt.timedelta(days=14))):
            history.assessments.assess(
                image_id=image_id(history, name),
                before_model=False,
                diagnosis="spitz_nevus",
                plan=FOLLOW_UP,
                plan_date=day,
                note="look at the rim",
                by="MK",
            )
        history.assessments.assess(
            lesion_id=lesion.id,
            visit_id=visit.id,
            before_model=False,
            diagnosis="melanoma",
            label="melanoma",
            plan=EXCISION,
            by="MK",
        )
    desk.parts.history_service.changed.emit()
    banner = desk.parts.window.patients.banner
    desk.wait(lambda: "Due 1" in [button.text() for button in banner.findChildren(QPushButton)])
    return desk, patient, lesion


def lists(desk: Desk) -> WorklistsDialog:
    desk.wait(lambda: [one for one in desk.parts.window.findChildren(WorklistsDialog) if one.isVisible()])
    return desk.parts.window.findChildren(WorklistsDialog)[0]


def rows(shown: WorklistsDialog) -> list[list[str]]:
    table = next(table for table in shown.findChildren(QTableWidget) if table.isVisible())
    cells = [[table.item(row, column) for column in range(table.columnCount())] for row in range(table.rowCount())]
    return [[cell.text() if cell is not None else "" for cell in row] for row in cells]


def test_due_follow_up_opens_its_image(planned: tuple[Desk, Patient, Lesion]) -> None:
    desk, _patient, _lesion = planned
    press(desk, "Due 1")
    shown = lists(desk)
    desk.wait(lambda: len(rows(shown)) == 1)
    assert rows(shown)[0][2:] == ["due.png", "Spitz nevus", "look at the rim", "MK"]
    desk.qtbot.keyClick(next(t for t in shown.findChildren(QTableWidget) if t.isVisible()), Qt.Key.Key_Return)
    desk.wait(lambda: (picture := desk.parts.open_image.picture) and picture.name == "due.png")
    assert not shown.isVisible()


def test_the_kind_of_an_outcome_from_due_must_be_chosen(planned: tuple[Desk, Patient, Lesion]) -> None:
    desk, _patient, _lesion = planned
    press(desk, "Due 1")
    shown = lists(desk)
    desk.wait(lambda: len(rows(shown)) == 1)
    button = next(one for one in shown.findChildren(QPushButton) if one.text() == "Outcome…" and one.isVisible())
    desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    form = dialog(desk)
    form.diagnosis.setEditText("SSM")
    assert form.missing.text() == "To save, choose the kind of outcome."
    assert not form._save.isEnabled()
    desk.wait(form.kind.hasFocus)
    desk.qtbot.keyClick(form.kind, Qt.Key.Key_End)
    assert form.finding().kind == "follow-up"
    assert form.missing.text() == "Not from histopathology: it stands in no list of results."
    assert form._save.isEnabled(), "a caution, no refusal"
    desk.qtbot.keyClick(form.kind, Qt.Key.Key_Home)
    assert form.finding().kind == "histopathology"
    assert form.missing.text() == ""
    save(desk, form)
    desk.settle()
    with History.open(desk.folder) as history:
        gaps = [(item.gap, item.diagnosis) for item in history.safety_net.items(today())]
    assert (Gap.NOT_TOLD, "superficial_spreading_melanoma") in gaps


def test_due_image_whose_entry_is_in_the_bin_says_where_to_look(planned: tuple[Desk, Patient, Lesion]) -> None:
    desk, _patient, _lesion = planned
    with History.open(desk.folder) as history:
        history.bin([entry.id for entry in desk.entries() if entry.image.name == "due.png"], by="MK")
    press(desk, "Due 1")
    shown = lists(desk)
    desk.wait(lambda: len(rows(shown)) == 1)
    desk.qtbot.keyClick(next(t for t in shown.findChildren(QTableWidget) if t.isVisible()), Qt.Key.Key_Return)
    desk.wait(lambda: "“due.png” has no entry outside the bin" in desk.parts.window.visit_page.messages.text())


def test_follow_ups_of_the_next_weeks_are_shown_on_request(planned: tuple[Desk, Patient, Lesion]) -> None:
    desk, _patient, _lesion = planned
    press(desk, "Due 1")
    shown = lists(desk)
    desk.wait(lambda: len(rows(shown)) == 1)
    shown._next_30_days.click()
    desk.wait(lambda: [row[2] for row in rows(shown)] == ["due.png", "soon.png"])
    (tabs,) = shown.findChildren(QTabWidget)
    assert tabs.tabText(0) == "Due and to come (2)", "the line above counts what is due alone"
    assert "Due 1" in [button.text() for button in desk.parts.window.patients.banner.findChildren(QPushButton)]


def test_the_list_has_the_keys_again_once_its_form_is_closed(planned: tuple[Desk, Patient, Lesion]) -> None:
    desk, _patient, _lesion = planned
    press(desk, "Biopsy or excision planned 1")
    shown = lists(desk)
    desk.wait(lambda: len(rows(shown)) == 1)
    ask = next(one for one in shown.findChildren(QPushButton) if one.text() == "Outcome…")
    desk.qtbot.mouseClick(ask, Qt.MouseButton.LeftButton)
    form = dialog(desk)
    desk.wait(lambda: QApplication.activeWindow() is form)
    form.reject()
    desk.wait(lambda: QApplication.activeWindow() is shown)


def test_open_histology_opens_its_lesion_and_is_done_once_entered(
    planned: tuple[Desk, Patient, Lesion],
) -> None:
    desk, patient, lesion = planned
    press(desk, "Biopsy or excision planned 1")
    shown = lists(desk)
    desk.wait(lambda: [row[2] for row in rows(shown)] == ["L1"])
    buttons = [one.text() for one in desk.parts.window.patients.banner.findChildren(QPushButton) if one.isVisible()]
    assert not [text for text in buttons if text.startswith("Histology open")], "nothing is at the laboratory"
    tabs = shown.findChild(QTabWidget)
    assert tabs is not None
    tabs.setCurrentIndex(HISTOLOGY)
    assert "No histology is open.\nBiopsies and excisions planned, not recorded as taken: 1" in desk.texts(shown)
    shown.hide()
    with History.open(desk.folder) as history:
        (plan,) = planned_biopsies(history, lesion.id)
        history.care_steps.record(CareStep(Step.TAKEN, plan, today(), "AB", ""), by="AB")
    desk.parts.history_service.changed.emit()
    desk.wait(lambda: "Histology open 1" in [one.text() for one in desk.parts.window.findChildren(QPushButton)])
    press(desk, "Histology open 1")
    desk.wait(lambda: [row[1:4] for row in rows(shown)] == [["P-0412", "L1", "Melanoma"]])
    button = next(button for button in shown.findChildren(QPushButton) if button.text() == "Open")
    desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    visit = desk.parts.window.patients.open_patient
    desk.wait(lambda: visit.lesion is not None and visit.lesion.id == lesion.id)
    assert visit.patient is not None
    assert visit.patient.id == patient.id
    desk.wait(lambda: (picture := desk.parts.open_image.picture) and picture.name == "cut.png")
    shown.hide()
    press(desk, "Outcome…")
    asking = dialog(desk)
    assert "P-0412, L1" in desk.texts(asking)
    asking.reject()
    press(desk, "Histology open 1")
    button = next(button for button in shown.findChildren(QPushButton) if button.text() == "Outcome…")
    desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    form = dialog(desk)
    form.diagnosis.setEditText("Nevus")
    save(desk, form)
    table = next(one for one in shown.findChildren(QTableWidget) if one.isVisible())
    desk.wait(lambda: table.item(0, 0).font().strikeOut())
    assert [button.isEnabled() for button in shown.findChildren(QPushButton)] == [False, False, True], (
        "nothing left to do"
    )
    shown.hide()
    desk.parts.window.menus.actions["histology"].trigger()
    desk.wait(lambda: "No histology is open." in desk.texts(shown))
    with History.open(desk.folder) as history:
        assert [one.diagnosis for one in history.assessments.outcomes(lesion_id=lesion.id)] == ["nevus"]


@pytest.fixture
def wrong(desk: Desk, tmp_path: Path) -> Desk:
    """A patient with L1, for which no biopsy is planned, in front, and L2, for which one is."""
    choose_patient(desk, "P-77")
    add_lesion(desk, "left scapula")
    bring(desk, write_lesion(tmp_path / "one.png", seed=1))
    add_lesion(desk, "right calf")
    bring(desk, write_lesion(tmp_path / "two.png", seed=2))
    first, second = desk.parts.open_patient.lesions
    visit = desk.parts.open_patient.visit
    assert visit is not None
    desk.parts.history_service.write(
        lambda history, by: history.assessments.assess(
            lesion_id=second.id, visit_id=visit.id, before_model=False, diagnosis="melanoma", plan=EXCISION, by=by
        ),
        lambda _written: None,
        pytest.fail,
    )
    desk.wait(lambda: desk.parts.open_patient.state_of(second) is LesionState.PLANNED)
    desk.parts.open_patient.choose(first.id)
    desk.wait(lambda: (picture := desk.parts.open_image.picture) is not None and picture.name == "one.png")
    desk.settle()
    return desk


def test_histology_of_a_lesion_without_a_biopsy_names_the_one_that_waits_and_goes_there(wrong: Desk) -> None:
    press(wrong, "Outcome…")
    form = dialog(wrong)
    since = f"(since {local_day(today())})"
    wrong.wait(
        lambda: f"No biopsy is planned for L1. A biopsy is planned for L2, right calf {since}." in wrong.texts(form),
    )
    wrong.qtbot.keyClicks(form.diagnosis, "melanoma")
    form.kind.setFocus()
    wrong.qtbot.keyClick(form.kind, Qt.Key.Key_Down)
    assert "No biopsy is planned" not in wrong.texts(form), "a follow-up needs none"
    wrong.qtbot.keyClick(form.kind, Qt.Key.Key_Up)
    press(wrong, "Go to L2")
    wrong.wait(lambda: not form.isVisible())
    right = dialog(wrong)
    wrong.wait(lambda: "P-77, L2 right calf" in wrong.texts(right))
    assert right.diagnosis.diagnosis() == "melanoma"
    assert "No biopsy" not in wrong.texts(right)
    save(wrong, right)
    wrong.wait(
        lambda: wrong.parts.open_patient.state_of(wrong.parts.open_patient.lesions[1]) is not LesionState.PLANNED
    )


def test_a_further_histology_of_a_lesion_is_not_doubted_while_the_biopsy_of_another_waits(wrong: Desk) -> None:
    """It most often corrects the first; a finding at follow-up, or one that was withdrawn, is none."""
    first, _second = wrong.parts.open_patient.lesions

    def elsewhere(history: History) -> list[str]:
        return [one.subject.name for one in read_subject(first.id, None, "", history).elsewhere]  # type: ignore[union-attr]

    def add(history: History, kind: OutcomeKind) -> int:
        return history.assessments.add_outcome(
            lesion_id=first.id, kind=kind, diagnosis="nevus", date=today(), by="MK"
        ).id

    with History.open(wrong.folder) as history:
        add(history, "follow-up")
        assert elsewhere(history) == ["L2"]
        found = add(history, "histopathology")
        assert elsewhere(history) == []
        history.assessments.set_outcome_binned(found, binned=True, by="MK", reason="wrong lesion")
        assert elsewhere(history) == ["L2"]
        add(history, "histopathology")
    press(wrong, "Outcome…")
    form = dialog(wrong)
    wrong.wait(lambda: "Recorded: " in wrong.texts(form))
    assert "is planned" not in wrong.texts(form)
    assert "Go to L2" not in wrong.texts(form)


def test_histology_of_a_lesion_without_a_biopsy_is_warned_of_and_can_be_saved(desk: Desk, tmp_path: Path) -> None:
    choose_patient(desk, "P-77")
    add_lesion(desk, "left scapula")
    bring(desk, write_lesion(tmp_path / "one.png", seed=1))
    press(desk, "Outcome…")
    form = dialog(desk)
    sentence = "No biopsy is recorded for this lesion."
    desk.wait(lambda: sentence in desk.texts(form))
    form.kind.setCurrentIndex(form.kind.findData("follow-up"))
    assert sentence not in desk.texts(form), "a follow-up needs none"
    form.kind.setCurrentIndex(form.kind.findData("histopathology"))
    assert sentence in desk.texts(form)
    form.diagnosis.setEditText("Nevus")
    save(desk, form)
    desk.wait(lambda: [one.outcome for one in desk.entries()] == ["nevus"])
    press(desk, "Outcome…")
    again = dialog(desk)
    desk.wait(lambda: "Recorded: " in desk.texts(again))
    assert sentence not in desk.texts(again), "its histology is known"
    assert again.recorded.days.toolTip() == "Enter or correct when and by whom the patient was told"
    again.recorded.days.click()
    desk.wait(lambda: [one for one in desk.parts.window.findChildren(DaysDialog) if one.isVisible()])
    days = next(one for one in desk.parts.window.findChildren(DaysDialog) if one.isVisible())
    assert "Patient told" in desk.texts(days)
    assert "Biopsy taken" not in desk.texts(days), "a biopsy that nobody planned has no day"
    days.reject()


def test_histology_of_a_planned_biopsy_brings_no_warning(wrong: Desk) -> None:
    wrong.parts.open_patient.choose(wrong.parts.open_patient.lesions[1].id)
    wrong.wait(lambda: (picture := wrong.parts.open_image.picture) is not None and picture.name == "two.png")
    wrong.settle()
    press(wrong, "Outcome…")
    form = dialog(wrong)
    wrong.wait(lambda: "Reading the history…" not in wrong.texts(form))
    assert "No biopsy" not in wrong.texts(form)


def test_histology_of_a_planned_biopsy_is_doubted_while_that_of_another_is_at_the_laboratory(wrong: Desk) -> None:
    first, second = wrong.parts.open_patient.lesions
    visit = wrong.parts.open_patient.visit
    assert visit is not None
    with History.open(wrong.folder) as history:
        history.assessments.assess(
            lesion_id=first.id, visit_id=visit.id, before_model=False, diagnosis="nevus", plan=EXCISION, by="MK"
        )
        (plan,) = planned_biopsies(history, second.id)
        history.care_steps.record(CareStep(Step.TAKEN, plan, today(), "AB", ""), by="AB")
    press(wrong, "Outcome…")
    form = dialog(wrong)
    waits = f"Histology is open for L2, right calf (biopsy of {local_day(today())})."
    text = f"The biopsy of L1 is planned, not recorded as taken. {waits}"
    wrong.wait(lambda: text in wrong.texts(form))
    press(wrong, "Go to L2")
    right = dialog(wrong)
    wrong.wait(lambda: "P-77, L2 right calf" in wrong.texts(right))
    wrong.rest()
    assert not [text for text in wrong.texts(right) if "is planned" in text]
    right.reject()


def test_histology_is_doubted_between_lesions_and_images_without_one(desk: Desk, tmp_path: Path) -> None:
    choose_patient(desk, "P-202")
    bring(desk, write_lesion(tmp_path / "c1.png", seed=1))
    bring(desk, write_lesion(tmp_path / "d1.png", seed=2))
    with History.open(desk.folder) as history:
        planned = image_id(history, "c1.png")
        history.assessments.assess(image_id=planned, before_model=False, diagnosis="melanoma", plan=EXCISION, by="MK")
    press(desk, "Outcome…")
    form = dialog(desk)
    waits = f"A biopsy is planned for c1.png (since {local_day(today())})."
    desk.wait(lambda: f"No biopsy is planned for d1.png. {waits}" in desk.texts(form))
    press(desk, "Go to c1.png")
    desk.wait(lambda: not form.isVisible())
    right = dialog(desk)
    desk.wait(lambda: "P-202, c1.png" in desk.texts(right))
    desk.rest()
    assert "No biopsy" not in desk.texts(right)
    right.reject()
    add_lesion(desk, "left scapula")
    bring(desk, write_lesion(tmp_path / "e1.png", seed=3))
    press(desk, "Outcome…")
    of_lesion = dialog(desk)
    desk.wait(lambda: f"No biopsy is planned for L1. {waits}" in desk.texts(of_lesion))
    of_lesion.reject()
    (lesion,) = desk.parts.open_patient.lesions
    visit = desk.parts.open_patient.visit
    assert visit is not None
    with History.open(desk.folder) as history:
        history.assessments.assess(
            lesion_id=lesion.id, visit_id=visit.id, before_model=False, diagnosis="nevus", plan=EXCISION, by="MK"
        )
        subject = read_subject(None, image_id(history, "d1.png"), "", history)
        found = [one.subject for one in subject.elsewhere]
        names = [one.name if isinstance(one, Lesion) else one.image.name for one in found]
        assert names == ["L1", "c1.png"]
        assert read_subject(None, planned, "", history).elsewhere == []
        assert read_subject(lesion.id, None, "", history).elsewhere == []


def an_open_biopsy(number: int, note: str, *, is_reexcision: bool) -> OpenBiopsy:
    made = Assessment(
        number,
        number,
        None,
        None,
        False,
        "" if is_reexcision else "meltump",
        None if is_reexcision else UNCERTAIN_POTENTIAL,
        "",
        EXCISION,
        None,
        note,
        "",
        "HS",
        dt.datetime.now(dt.UTC),
    )
    patient = Patient(number, "P-1301 of the ward", "male")
    lesion = Lesion(number, number, f"L{number}", "back-upper-middle")
    own = {"own_diagnosis": "meltump", "own_label": UNCERTAIN_POTENTIAL}
    return OpenBiopsy(lesion, patient, lesion.name, made, None, is_reexcision=is_reexcision, **own)


@pytest.mark.usefixtures("themed")
@pytest.mark.parametrize("width", [760, 900, 1100])
def test_every_word_of_a_list_can_be_read_whatever_its_width(qtbot: QtBot, width: int) -> None:
    shown = WorklistsDialog()
    qtbot.addWidget(shown)
    shown.resize(width, 460)
    shown.choose(PLANNED)
    shown.show()
    again = an_open_biopsy(2, "2 cm margin\nto the fascia", is_reexcision=True)
    shown.show_lists([], [an_open_biopsy(1, "", is_reexcision=False), again])
    table = next(one for one in shown.findChildren(QTableWidget) if one.rowCount())
    assert_whole(table)
    assert table.item(1, 4).text() == "Re-excision: 2 cm margin to the fascia"  # type: ignore[union-attr]
    assert table.item(1, 3).text() == table.item(0, 3).text() != ""  # type: ignore[union-attr]


def test_the_rows_of_a_list_name_a_re_excision_however_it_was_planned(qtbot: QtBot) -> None:
    shown = WorklistsDialog()
    qtbot.addWidget(shown)
    plans = (("2 cm", True), (kept_note("2 cm"), True), ("", True), ("2 cm", False))
    shown.show_lists([], [an_open_biopsy(n, note, is_reexcision=again) for n, (note, again) in enumerate(plans, 1)])
    table = next(one for one in shown.findChildren(QTableWidget) if one.rowCount())
    notes = [table.item(row, 4).text() for row in range(4)]  # type: ignore[union-attr]
    assert notes == ["Re-excision: 2 cm", "Re-excision: 2 cm", "Re-excision", "2 cm"]
    assert table.horizontalHeaderItem(0).text() == "Planned since", "the day of the plan is no appointment"


def test_histology_of_a_lesion_is_doubted_while_the_re_excision_of_another_waits(wrong: Desk) -> None:
    second = wrong.parts.open_patient.lesions[1]
    visit = wrong.parts.open_patient.visit
    assert visit is not None
    with History.open(wrong.folder) as history:
        history.assessments.add_outcome(
            lesion_id=second.id, kind="histopathology", diagnosis="melanoma", date=today(), by="MK"
        )
        history.assessments.assess(
            lesion_id=second.id, visit_id=visit.id, before_model=False, diagnosis="melanoma", plan=EXCISION, by="MK"
        )
    press(wrong, "Outcome…")
    form = dialog(wrong)
    day = local_day(today())
    wrong.wait(lambda: f"A re-excision is planned for L2, right calf (since {day})." in wrong.texts(form))
    assert "A biopsy is planned" not in wrong.texts(form)
    press(wrong, "Go to L2")
    right = dialog(wrong)
    wrong.wait(lambda: right.specimen.buttons)
    assert not right.fields.taken.isVisible(), "nobody said which specimen it is of"
    choose_specimen(wrong, right, "Is of another specimen")
    assert right.fields.taken.isVisible()
    assert "Re-excision taken" in wrong.texts(right)
    right.reject()
    with History.open(wrong.folder) as history:
        *_first, plan = planned_biopsies(history, second.id)
        history.care_steps.record(CareStep(Step.TAKEN, plan, today(), "AB", ""), by="AB")
    press(wrong, "Outcome…")
    again = dialog(wrong)
    wrong.wait(lambda: f"Histology is open for L2, right calf (re-excision of {day})." in wrong.texts(again))


def test_letters_act_on_the_image_after_a_dialog_that_a_click_opened(wrong: Desk) -> None:
    window = wrong.parts.window
    wrong.wait(lambda: window.focusWidget() is window.visit_page.view)
    press(wrong, "Outcome…")
    wrong.qtbot.keyClick(dialog(wrong), Qt.Key.Key_Escape)
    wrong.wait(lambda: QApplication.activeModalWidget() is None)
    window.activateWindow()  # a window system does so when a dialog closes
    wrong.wait(window.isActiveWindow)
    focused = QApplication.focusWidget()
    assert focused is window.visit_page.view
    wrong.qtbot.keyClick(focused, Qt.Key.Key_C)
    wrong.wait(window.workspaces.follow_up.page.isVisible)


def test_preset_day_of_a_finding_is_said_until_it_is_set(wrong: Desk) -> None:
    press(wrong, "Outcome…")
    form = dialog(wrong)
    assert "Preset to today" in wrong.texts(form)
    wrong.qtbot.keyClick(form.date, Qt.Key.Key_Down)
    assert "Preset to today" not in wrong.texts(form)


def test_histology_of_the_wrong_lesion_is_withdrawn_after_a_restart_and_put_back(
    wrong: Desk, make_desk: Callable[[Path], Desk], model_file: Path
) -> None:
    press(wrong, "Outcome…")
    form = dialog(wrong)
    assert not form.recorded.withdraw.isVisible(), "there is none to withdraw"
    wrong.qtbot.keyClicks(form.diagnosis, "melanoma")
    save(wrong, form)
    wrong.settle()
    desk = make_desk(model_file)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    choose_patient(desk, "P-77")
    desk.parts.open_patient.choose(desk.parts.open_patient.lesions[0].id)
    panel = desk.parts.window.visit_page.assessment_panel
    desk.wait(lambda: "Histopathology of" in desk.texts(panel))
    press(desk, "Outcome…")
    form = dialog(desk)
    desk.wait(form.recorded.withdraw.isVisible)
    desk.qtbot.mouseClick(form.recorded.withdraw, Qt.MouseButton.LeftButton)
    desk.wait(lambda: [one for one in desk.parts.window.findChildren(WithdrawDialog) if one.isVisible()])
    asking = desk.parts.window.findChildren(WithdrawDialog)[0]
    button = next(one for one in asking.findChildren(QPushButton) if one.text() == "Withdraw")
    assert not button.isEnabled(), "a reason is required"
    desk.qtbot.keyClick(asking.focusWidget(), Qt.Key.Key_Space)  # the first: entered for the wrong lesion
    desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    strip = desk.parts.window.frame.strip
    desk.wait(lambda: strip._line == "Saved: withdrawal of an outcome of P-77, L1 left scapula")
    desk.wait(lambda: "Withdrawn: Histopathology of" in desk.texts(panel))
    assert "entered for the wrong lesion; withdrawn" in desk.texts(panel)
    (struck,) = (one for one in panel.findChildren(QLabel) if one.text().startswith("Withdrawn: "))
    assert struck.font().strikeOut()
    with History.open(desk.folder) as history:
        lesion = desk.parts.open_patient.lesions[0]
        assert history.assessments.outcomes(lesion_id=lesion.id) == []
        assert [one.outcome for one in history.entries()] == ["", ""]
    press_undo(desk, "withdrawal")
    desk.wait(lambda: "Withdrawn" not in desk.texts(panel) and "Histopathology of" in desk.texts(panel))


def withdrawal(desk: Desk) -> WithdrawDialog:
    """Open the form of the outcome, and from there the one that withdraws."""
    press(desk, "Outcome…")
    form = dialog(desk)
    desk.wait(form.recorded.withdraw.isVisible)
    desk.qtbot.mouseClick(form.recorded.withdraw, Qt.MouseButton.LeftButton)
    desk.wait(lambda: [one for one in desk.parts.window.findChildren(WithdrawDialog) if one.isVisible()])
    return next(one for one in desk.parts.window.findChildren(WithdrawDialog) if one.isVisible())


def enter(desk: Desk, diagnosis: str, kind: OutcomeKind = "histopathology", specimen: str = "") -> None:
    press(desk, "Outcome…")
    form = dialog(desk)
    form.kind.setCurrentIndex(form.kind.findData(kind))
    form.diagnosis.setEditText(diagnosis)
    if specimen:
        choose_specimen(desk, form, specimen)
    save(desk, form)
    desk.wait(lambda: not form.isVisible())
    panel = desk.parts.window.visit_page.assessment_panel
    desk.wait(lambda: diagnosis.casefold() in desk.texts(panel).casefold())


def test_a_corrected_histology_of_the_wrong_lesion_is_withdrawn_with_what_it_corrects_and_put_back(wrong: Desk) -> None:
    lesion = wrong.parts.open_patient.lesions[0]

    def standing() -> list[str]:
        with History.open(wrong.folder) as history:
            return [one.diagnosis for one in history.assessments.outcomes(lesion_id=lesion.id)]

    enter(wrong, "Melanoma in situ")
    enter(wrong, "superficial spreading melanoma", specimen="Corrects")
    asking = withdrawal(wrong)
    shown = wrong.texts(asking)
    assert "superficial spreading melanoma" in shown.casefold()
    assert "in situ" not in shown, "it counts nowhere already"
    assert "What it corrects does not count again." in shown
    assert "biopsy" not in shown, "none was planned for this lesion"
    wrong.qtbot.keyClick(asking.reasons["wrong lesion"], Qt.Key.Key_Space)
    asking.accept()
    panel = wrong.parts.window.visit_page.assessment_panel
    wrong.wait(lambda: wrong.texts(panel).count("Withdrawn: Histopathology of") == 2)
    assert standing() == []
    press_undo(wrong, "withdrawal")
    wrong.wait(lambda: "Withdrawn" not in wrong.texts(panel))
    wrong.settle()
    assert standing() == ["melanoma_in_situ", "superficial_spreading_melanoma"]


def test_of_two_kinds_of_outcome_the_one_to_withdraw_is_chosen_and_a_planned_biopsy_is_told(wrong: Desk) -> None:
    second = wrong.parts.open_patient.lesions[1]
    wrong.parts.open_patient.choose(second.id)
    wrong.wait(lambda: (picture := wrong.parts.open_image.picture) is not None and picture.name == "two.png")
    wrong.settle()
    enter(wrong, "Nevus", "follow-up")
    enter(wrong, "Melanoma")
    asking = withdrawal(wrong)
    button = next(one for one in asking.findChildren(QPushButton) if one.text() == "Withdraw")
    wrong.qtbot.keyClick(asking.reasons["wrong finding"], Qt.Key.Key_Space)
    assert not button.isEnabled(), "which of them was not said"
    wrong.qtbot.keyClick(asking.choices[0], Qt.Key.Key_Space)
    assert "biopsy" not in wrong.texts(asking)
    wrong.qtbot.keyClick(asking.choices[1], Qt.Key.Key_Space)
    assert "The planned biopsy is open again." in wrong.texts(asking)
    wrong.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    wrong.wait(lambda: wrong.parts.open_patient.state_of(wrong.parts.open_patient.lesions[1]) is LesionState.PLANNED)
    with History.open(wrong.folder) as history:
        assert [one.kind for one in history.assessments.outcomes(lesion_id=second.id)] == ["follow-up"]


def test_the_day_of_the_biopsy_can_be_entered_with_a_correction(wrong: Desk) -> None:
    second = wrong.parts.open_patient.lesions[1]
    wrong.parts.open_patient.choose(second.id)
    wrong.wait(lambda: (picture := wrong.parts.open_image.picture) is not None and picture.name == "two.png")
    wrong.settle()
    enter(wrong, "Nevus")
    press(wrong, "Outcome…")
    form = dialog(wrong)
    wrong.wait(lambda: form.specimen.buttons)
    choose_specimen(wrong, form, "Is of another specimen")
    assert not form.fields.taken.isVisible(), "the biopsy that is planned has its finding"
    wrong.qtbot.keyClick(form.specimen.buttons[0], Qt.Key.Key_Space)
    assert form.fields.taken.isVisible()
    form.fields.taken.is_given.setChecked(True)
    form.diagnosis.setEditText("Melanoma")
    save(wrong, form)
    wrong.settle()
    with History.open(wrong.folder) as history:
        (planned,) = planned_biopsies(history, second.id)
        assert history.care_steps.of(Step.TAKEN, [planned])[planned].day == today()


@pytest.mark.usefixtures("themed")
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_breslow_is_legible_in_both_themes(qtbot: QtBot, theme: str) -> None:
    apply_theme(theme)
    form = OutcomeDialog("L1")
    qtbot.addWidget(form)
    form.diagnosis.setEditText("Melanoma")
    form.breslow.setValue(0.45)
    form.show()
    qtbot.waitExposed(form)
    shown = form.breslow.lineEdit()
    assert shown.width() > shown.fontMetrics().horizontalAdvance(shown.text())
