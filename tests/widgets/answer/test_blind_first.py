"""Blind-first: nothing of an answer is shown before the clinician's assessment, or before a recorded skip."""

import csv
import datetime as dt
import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QCheckBox, QFileDialog, QLabel, QPushButton, QRadioButton, QToolButton

from desktop.core.imaging.opening import read_header
from desktop.core.inference.contract import Flag
from desktop.core.labels import KNOWN_LABELS
from desktop.core.records.history import History
from desktop.core.records.images import ImageStore
from desktop.core.records.people import NO_PLAN, Assessment, PlacedImage
from desktop.core.records.values import KeptImage
from desktop.session.blinding import Blinding
from desktop.session.opening_request import of_placed
from desktop.system.settings import BLIND_FIRST
from desktop.widgets.answer.headline import Headline
from desktop.widgets.audit.audit_dialog import AuditDialog
from desktop.widgets.batch.batch_rows import STATE
from desktop.widgets.history.history_table import LABEL, MALIGNANT, PROBABILITY
from desktop.widgets.patient.contact_sheet import ContactSheet
from desktop.widgets.patient.worklists_dialog import WorklistsDialog
from desktop.widgets.report.report_dialog import ReportDialog
from tests.making import contract, write_lesion, write_model
from tests.widgets.conftest import Desk
from tests.widgets.everything import at_rest, everything, told_apart
from tests.widgets.mouse_and_keys import press

MakeDesk = Callable[..., Desk]
NAMES = "|".join(label.name for label in KNOWN_LABELS)
TELLING = re.compile(
    rf"({NAMES}).*\d+ %|Melanoma alert|No answer: |^(?!All states \|).*\| (withheld|not answered|uncertain|alerted|no alert)\b|"
    r"No alert raised|No flag above|Melanoma alert|Skin cancer alert|No alert raised|In testing",
    re.DOTALL,
)
"""What only an answer says: a label with a figure, a flag, an abstention. The words for a row's state are among those that
a batch can be narrowed to whatever its answers are: they tell something in a table alone, between other cells."""


@pytest.fixture(autouse=True)
def _empty_clipboard(qapp: object) -> None:
    QGuiApplication.clipboard().clear()


@pytest.fixture
def blind(make_desk: MakeDesk, model_file: Path) -> Desk:
    """Create a window that asks for the clinician's assessment first."""
    desk = make_desk(model_file, blind=True)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    return desk


def type_on_image(desk: Desk, *keys: Qt.Key) -> None:
    view = desk.parts.window.visit_page.view
    for key in keys:
        desk.qtbot.keyClick(view, key)


def wait_until_asked(desk: Desk) -> None:
    desk.wait(lambda: "Your diagnosis first" in desk.texts(desk.parts.window.visit_page.result_panel))
    desk.wait(desk.parts.window.visit_page.assessment_panel.isVisible)


def open_blind(desk: Desk, path: Path) -> None:
    """Open an image whose answer is concealed, and wait until it is saved."""
    desk.open_and_keep(path)
    wait_until_asked(desk)


def shown_in_a_batch(desk: Desk, image: Path) -> bool:
    with History.open(desk.folder) as history:
        return history.disclosures.was_shown(hashlib.sha256(image.read_bytes()).hexdigest())


def views(desk: Desk, sha256: str | None = None) -> list[Assessment]:
    with History.open(desk.folder) as history:
        sha256 = sha256 or history.entries()[0].image.sha256
        image_id = history.people.image_id_of(sha256)
        place = history.people.placement(image_id or 0)
        return history.assessments.of(image_ids=[image_id]) + history.assessments.of([place.lesion_id])


def disclosed(desk: Desk) -> bool:
    """Return whether it is recorded that the only image's answer was seen without an assessment."""
    with History.open(desk.folder) as history:
        entries = history.entries()
        image_id = (history.people.image_id_of(entries[0].image.sha256) if entries else None) or 0
        is_seen = bool(entries) and not history.disclosures.is_concealed(image_id)
        return is_seen and not history.assessments.of(image_ids=[image_id])


def walk(desk: Desk, image: Path, other: Path) -> list[tuple[str, str]]:
    """Open two images, classify the folder of the first, visit every page; return all texts at each step."""
    window = desk.parts.window
    read: list[tuple[str, str]] = []

    def look(step: str) -> None:
        read.extend((step, text) for text in told_apart(at_rest(desk)))

    desk.open_and_keep(image)  # by itself: of two that come together either may be kept first
    with desk.qtbot.waitSignal(desk.parts.open_image.saved):
        window.open_files([image, other])
    desk.wait(lambda: len(desk.entries()) == 2)
    look("opened")
    window.menus.actions["copy result"].trigger()
    type_on_image(desk, Qt.Key.Key_A, Qt.Key.Key_C)
    look("copied, overlay")
    type_on_image(desk, Qt.Key.Key_Right)
    desk.wait(lambda: desk.parts.open_image.picture is not None and desk.parts.open_image.picture.name == other.name)
    type_on_image(desk, Qt.Key.Key_C)
    desk.wait(lambda: window.workspaces.current == "follow_up")
    compare = window.workspaces.follow_up.page.compare
    desk.qtbot.keyClick(compare.views[0], Qt.Key.Key_Space)
    desk.wait(lambda: "could not be aligned" in compare.messages.text())
    look("compared")
    window.show_workspace("visit")
    desk.classify(image.parent)
    look("batch")
    window.batch.show_summary()
    look("summary")
    for page in ("visit", "follow_up", "model", "history"):
        window.show_workspace(page)
        look(page)
    window.history.rows.selectRow(0)
    look("chosen in the history")
    for column in (LABEL, PROBABILITY, MALIGNANT):
        window.history.rows.sortByColumn(column, Qt.SortOrder.DescendingOrder)
        look(f"sorted by {column}")
    for word in ("melanoma", "nevus"):
        window.history.filter.search.setText(word)
        look(f"searched {word}")
    file_under_a_patient(desk, other, image)
    window.show_workspace("visit")
    desk.wait(window.patients.page.isVisible)
    look("the patient's page")
    window.menus.actions["patient sheet"].trigger()
    desk.wait(lambda: any(isinstance(one, ContactSheet) and one.isVisible() for one in QApplication.topLevelWidgets()))
    look("the contact sheet")
    next(one for one in window.findChildren(ContactSheet)).reject()
    window.menus.actions["visit report"].trigger()
    desk.wait(lambda: any(one.isVisible() for one in window.findChildren(ReportDialog)))
    look("the report of the visit")
    next(one for one in window.findChildren(ReportDialog)).reject()
    window.menus.actions["due"].trigger()
    desk.wait(lambda: any(one.isVisible() for one in window.findChildren(WorklistsDialog)))
    look("due")
    next(one for one in window.findChildren(WorklistsDialog)).reject()
    window.menus.actions["audit"].trigger()
    desk.wait(lambda: any(one.isVisible() for one in window.findChildren(AuditDialog)))
    look("the audit log")
    next(one for one in window.findChildren(AuditDialog)).reject()
    window.show_workspace("own_figures")
    look("practice")
    window.show_workspace("today")
    desk.wait(window.workspaces.today.page.isVisible)
    look("today")
    window.show_workspace("visit")
    desk.parts.open_patient.choose(desk.parts.open_patient.lesions[0].id)
    desk.wait(lambda: desk.parts.open_image.picture is not None)
    look("the patient's lesion")
    type_on_image(desk, Qt.Key.Key_C)
    desk.wait(lambda: len(compare.pictures) == 2)
    look("the lesion's film")
    desk.qtbot.keyClick(compare.views[0], Qt.Key.Key_5)
    look("an assessment begun beside the film")
    return read


def file_under_a_patient(desk: Desk, earlier: Path, image: Path) -> None:
    """Place two images of the history with a lesion of a new patient, last year's and today's, and open the patient."""
    then = dt.datetime(2025, 3, 12, 9, 0, tzinfo=dt.UTC)
    today = dt.datetime.now().astimezone()
    with History.open(desk.folder) as history:
        patient = history.people.add_patient("P-1", "female", by="MK")
        one = history.people.add_lesion(patient.id, "L1", "scapula-left", by="MK")
        for path, moment in ((earlier, then), (image, today)):
            visit = history.people.begin_visit(patient.id, moment.date(), "", by="MK")
            image_id = history.people.image_id_of(hashlib.sha256(path.read_bytes()).hexdigest())
            assert image_id is not None
            history.people.move([image_id], one.id, visit.id, by="MK")
    with History.open(desk.folder, now=lambda: then) as history:
        visit = history.people.visits(patient.id)[-1]
        history.assessments.assess(
            lesion_id=one.id, visit_id=visit.id, before_model=True, diagnosis="nevus", plan=NO_PLAN, by="MK"
        )
    desk.parts.open_image.close()
    desk.parts.open_patient.open(patient)


def walk_with_two_models(make_desk: MakeDesk, tmp_path: Path, *, blind: bool) -> list[set[tuple[str, str]]]:
    """Do the same with two models that differ only in their answers; return the texts of each."""
    image = write_lesion(tmp_path / "folder" / "lesion.png", seed=3)
    other = write_lesion(tmp_path / "other.png", seed=4)
    flag = Flag("nevus", "Nevus", ("nevus",), 0.5, 0.95, 0.4, 4, 88, "validation images")
    read: list[set[tuple[str, str]]] = []
    tops: set[str] = set()
    flags: set[bool] = set()
    for seed in (5, 6):
        (tmp_path / f"{seed}").mkdir()
        desk = make_desk(
            write_model(tmp_path / f"{seed}" / "model.onnx", contract(flags=(flag,)), seed=seed),
            blind=blind,
            data=f"data-{seed}",
        )
        desk.wait(lambda desk=desk: desk.parts.model.classifier is not None)
        QGuiApplication.clipboard().clear()
        read.append(set(walk(desk, image, other)))
        tops |= {entry.answer.top for entry in desk.entries()}
        flags |= {bool(entry.answer.flags) for entry in desk.entries()}
    assert len(tops) > 1, "the two models must not name the same label"
    assert flags == {True, False}, "one of them must raise the flag"
    return read


def test_no_visible_text_depends_on_a_concealed_answer(make_desk: MakeDesk, tmp_path: Path) -> None:
    first, second = walk_with_two_models(make_desk, tmp_path, blind=True)
    assert first ^ second == set()
    assert not [text for _step, text in first if TELLING.search(text)]


def test_leak_search_finds_answers_that_are_not_concealed(
    make_desk: MakeDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Blinding, "conceals", lambda _self, _sha256: False)
    monkeypatch.setattr(Blinding, "conceals_entry", lambda _self, _entry: False)
    first, second = walk_with_two_models(make_desk, tmp_path, blind=True)
    assert first ^ second
    assert [text for _step, text in first if TELLING.search(text)]


def test_key_and_enter_commit_an_assessment_before_the_answer_is_shown(blind: Desk, tmp_path: Path) -> None:
    open_blind(blind, write_lesion(tmp_path / "lesion.png"))
    assert blind.parts.open_image.answer is None
    type_on_image(blind, Qt.Key.Key_5, Qt.Key.Key_Return)
    blind.wait(lambda: blind.parts.open_image.answer is not None)
    blind.wait(lambda: "locked" in blind.texts(blind.parts.window.visit_page.assessment_panel))
    blind.wait(lambda: "Assessment of " in blind.texts(blind.parts.window))
    blind.wait(lambda: "Nevus, no plan entered" in blind.texts(blind.parts.window.visit_page.assessment_panel))
    (view,) = views(blind)
    assert (view.diagnosis, view.label, view.before_model, view.plan) == ("nevus", "nevus", True, "")
    assert not disclosed(blind)


def test_keys_before_the_form_count_and_enter_commits_nothing(blind: Desk, tmp_path: Path) -> None:
    assessment_panel = blind.parts.window.visit_page.assessment_panel

    def type_at_once() -> None:
        assert not assessment_panel.isVisible()
        type_on_image(blind, Qt.Key.Key_5, Qt.Key.Key_Period, Qt.Key.Key_Return)

    blind.parts.open_image.opened.connect(lambda _picture: type_at_once())
    open_blind(blind, write_lesion(tmp_path / "lesion.png"))
    assert assessment_panel._made_form().draft().diagnosis == "nevus"
    assert assessment_panel._made_form().draft().plan == "none"
    assert views(blind) == []


def test_plan_and_confidence_by_keys(blind: Desk, tmp_path: Path) -> None:
    open_blind(blind, write_lesion(tmp_path / "lesion.png"))
    keys = (Qt.Key.Key_1, Qt.Key.Key_Period, Qt.Key.Key_Period, Qt.Key.Key_Comma, Qt.Key.Key_Return)
    type_on_image(blind, *keys)
    blind.wait(lambda: blind.parts.open_image.answer is not None)
    (view,) = views(blind)
    assert (view.diagnosis, view.plan, view.confidence) == ("melanoma", "follow-up", "low")
    assert view.plan_date is not None
    assert dt.timedelta(days=85) < view.plan_date - dt.datetime.now().astimezone().date() < dt.timedelta(days=95)


def test_a_follow_up_in_four_weeks_is_one_button(blind: Desk, tmp_path: Path) -> None:
    open_blind(blind, write_lesion(tmp_path / "lesion.png"))
    type_on_image(blind, Qt.Key.Key_5, Qt.Key.Key_Period, Qt.Key.Key_Period)
    buttons = blind.parts.window.visit_page.assessment_panel.findChildren(QToolButton)
    blind.qtbot.mouseClick(next(one for one in buttons if one.text() == "4 wk"), Qt.MouseButton.LeftButton)
    type_on_image(blind, Qt.Key.Key_Return)
    blind.wait(lambda: views(blind))
    (view,) = views(blind)
    assert view.plan_date == dt.datetime.now().astimezone().date() + dt.timedelta(weeks=4)


def test_skipping_is_recorded_and_a_later_assessment_is_after_the_model(blind: Desk, tmp_path: Path) -> None:
    open_blind(blind, write_lesion(tmp_path / "lesion.png"))
    press(blind, "Skip my diagnosis (will be recorded)")
    blind.wait(lambda: blind.parts.open_image.answer is not None)
    blind.wait(lambda: disclosed(blind))
    assert views(blind) == []
    type_on_image(blind, Qt.Key.Key_1, Qt.Key.Key_Return)
    blind.wait(lambda: views(blind))
    (view,) = views(blind)
    assert view.before_model is False


def test_assessment_after_the_model_is_added_and_the_first_one_stays(blind: Desk, tmp_path: Path) -> None:
    open_blind(blind, write_lesion(tmp_path / "lesion.png"))
    type_on_image(blind, Qt.Key.Key_5, Qt.Key.Key_Return)
    blind.wait(lambda: "locked" in blind.texts(blind.parts.window.visit_page.assessment_panel))
    press(blind, "Add after-model assessment")
    type_on_image(blind, Qt.Key.Key_1, Qt.Key.Key_Return)
    blind.wait(lambda: "after the model, " in blind.texts(blind.parts.window.visit_page.assessment_panel))
    assert [(view.diagnosis, view.before_model) for view in views(blind)] == [("nevus", True), ("melanoma", False)]
    texts = blind.texts(blind.parts.window.visit_page.assessment_panel)
    assert texts.index("after the model") < texts.index("before the model, ")


def test_no_value_of_one_image_is_preset_for_another(blind: Desk, tmp_path: Path) -> None:
    open_blind(blind, write_lesion(tmp_path / "one.png", seed=1))
    type_on_image(blind, Qt.Key.Key_5, Qt.Key.Key_Period, Qt.Key.Key_Comma)
    form = blind.parts.window.visit_page.assessment_panel._made_form()
    blind.qtbot.keyClicks(form.note, "of the first")
    type_on_image(blind, Qt.Key.Key_Return)
    blind.wait(lambda: blind.parts.open_image.answer is not None)
    blind.parts.blinding.switch(False)
    second = write_lesion(tmp_path / "two.png", seed=2)
    blind.open_and_keep(second)
    blind.wait(
        lambda: (
            "No diagnosis was given before the model's" in blind.texts(blind.parts.window.visit_page.assessment_panel)
        )
    )
    type_on_image(blind, Qt.Key.Key_1, Qt.Key.Key_Return)
    sha256 = hashlib.sha256(second.read_bytes()).hexdigest()
    blind.wait(lambda: views(blind, sha256))
    (view,) = views(blind, sha256)
    assert (view.diagnosis, view.plan, view.confidence, view.note) == ("melanoma", "", "", "")


def test_another_diagnosis_is_searched_and_the_user_sets_its_label_for_statistics(blind: Desk, tmp_path: Path) -> None:
    open_blind(blind, write_lesion(tmp_path / "lesion.png"))
    type_on_image(blind, Qt.Key.Key_0)
    form = blind.parts.window.visit_page.assessment_panel._form
    assert form is not None
    other = form.diagnosis.other
    blind.wait(other.hasFocus)
    blind.qtbot.keyClicks(other.lineEdit(), "keratoac")
    assert form.draft().diagnosis == ""
    blind.qtbot.keyClick(other.lineEdit(), Qt.Key.Key_Return)
    blind.wait(blind.parts.window.visit_page.view.hasFocus)
    type_on_image(blind, Qt.Key.Key_Return)
    blind.wait(lambda: "before the model, " in blind.texts(blind.parts.window.visit_page.assessment_panel))
    assert [(view.diagnosis, view.label) for view in views(blind)] == [("keratoacanthoma", "squamous_cell_carcinoma")]
    type_on_image(blind, Qt.Key.Key_0)
    other.setEditText("Spitz nevus")
    form.label.setCurrentIndex(form.label.findData("nevus"))
    press(blind, "Commit")
    blind.wait(lambda: len(views(blind)) == 2)
    assert (views(blind)[1].diagnosis, views(blind)[1].label) == ("spitz_nevus", "nevus")
    blind.wait(
        lambda: "Spitz nevus (for statistics: nevus)" in blind.texts(blind.parts.window.visit_page.assessment_panel)
    )


def test_shortcuts_of_the_form_work_inside_it(blind: Desk, tmp_path: Path) -> None:
    open_blind(blind, write_lesion(tmp_path / "lesion.png"))
    form = blind.parts.window.visit_page.assessment_panel._form
    assert form is not None
    choice = next(one for one in form.findChildren(QRadioButton) if one.text() == "Melanoma")
    choice.setFocus()
    blind.qtbot.keyClick(choice, Qt.Key.Key_5)
    assert form.draft().diagnosis == "nevus"
    blind.qtbot.keyClick(choice, Qt.Key.Key_Return)
    blind.wait(lambda: [view.diagnosis for view in views(blind)] == ["nevus"])


def test_digits_in_the_note_are_text(blind: Desk, tmp_path: Path) -> None:
    open_blind(blind, write_lesion(tmp_path / "lesion.png"))
    type_on_image(blind, Qt.Key.Key_5)
    form = blind.parts.window.visit_page.assessment_panel._form
    assert form is not None
    form.note.setFocus()
    blind.qtbot.keyClicks(form.note, "since 2021")
    assert form.draft().diagnosis == "nevus"
    assert form.draft().note == "since 2021"


def test_enter_without_a_diagnosis_commits_nothing(blind: Desk, tmp_path: Path) -> None:
    open_blind(blind, write_lesion(tmp_path / "lesion.png"))
    type_on_image(blind, Qt.Key.Key_Return)
    blind.rest()
    assert views(blind) == []
    assert blind.parts.open_image.answer is None


def test_draft_survives_other_images_and_a_restart(make_desk: MakeDesk, model_file: Path, tmp_path: Path) -> None:
    first, second = (write_lesion(tmp_path / f"{seed}.png", seed=seed) for seed in (1, 2))
    desk = make_desk(model_file, blind=True)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    open_blind(desk, first)
    type_on_image(desk, Qt.Key.Key_1, Qt.Key.Key_Comma)
    open_blind(desk, second)
    form = desk.parts.window.visit_page.assessment_panel._form
    assert form is not None
    assert form.draft().diagnosis == ""
    open_blind(desk, first)
    assert (form.draft().diagnosis, form.draft().confidence) == ("melanoma", "low")
    desk = make_desk(model_file, blind=True)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    open_blind(desk, first)
    form = desk.parts.window.visit_page.assessment_panel._form
    assert form is not None
    assert (form.draft().diagnosis, form.draft().confidence) == ("melanoma", "low")
    assert views(desk) == []


def test_concealment_survives_a_restart(make_desk: MakeDesk, model_file: Path, tmp_path: Path) -> None:
    desk = make_desk(model_file, blind=True)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    open_blind(desk, write_lesion(tmp_path / "lesion.png"))
    desk = make_desk(model_file, blind=True)
    desk.parts.window.show_workspace("history")
    table = desk.parts.window.history.table
    desk.wait(lambda: table.rowCount() == 1)
    assert not [text for text in everything() if TELLING.search(text)]
    desk.parts.window.history.rows.selectRow(0)
    press(desk, "Open")
    wait_until_asked(desk)
    type_on_image(desk, Qt.Key.Key_5, Qt.Key.Key_Return)
    desk.wait(lambda: desk.parts.open_image.answer is not None)
    assert [view.before_model for view in views(desk)] == [True]


def test_without_blind_first_it_is_recorded_that_the_answer_was_shown(desk: Desk, tmp_path: Path) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    desk.wait(lambda: disclosed(desk))
    desk.wait(
        lambda: "No diagnosis was given before the model's" in desk.texts(desk.parts.window.visit_page.assessment_panel)
    )
    desk.parts.blinding.switch(True)
    desk.open_and_keep(tmp_path / "lesion.png")
    desk.wait(lambda: desk.parts.open_image.answer is not None)


def test_assessment_reveals_all_images_of_the_lesion_and_visit(blind: Desk, tmp_path: Path) -> None:
    first, second, third = (write_lesion(tmp_path / f"{seed}.png", seed=seed) for seed in (1, 2, 3))
    for path in (first, second, third):
        open_blind(blind, path)
    with History.open(blind.folder) as history:
        patient = history.people.add_patient("P-1", "female", by="MK")
        visit = history.people.begin_visit(patient.id, dt.date(2026, 11, 23), "", by="MK")
        lesion = history.people.add_lesion(patient.id, "L1", "", by="MK")
        for entry in history.entries():
            if entry.image.name != "3.png":
                image_id = history.people.image_id_of(entry.image.sha256)
                assert image_id is not None
                history.people.place(image_id, kind="dermoscopy", lesion_id=lesion.id, visit_id=visit.id, by="MK")
    open_blind(blind, first)
    type_on_image(blind, Qt.Key.Key_5, Qt.Key.Key_Return)
    blind.wait(lambda: blind.parts.open_image.answer is not None)
    blind.open(second)
    open_blind(blind, third)
    assert blind.parts.open_image.answer is None


def open_earlier(desk: Desk, path: Path) -> None:
    """Open an image that was assessed at a visit last year, with its patient and lesion."""
    desk.open_and_keep(path)
    desk.parts.open_image.close()
    day = dt.datetime(2025, 3, 12, 9, 0, tzinfo=dt.UTC)
    with History.open(desk.folder, now=lambda: day) as history:
        patient = history.people.add_patient("P-1", "female", by="MK")
        visit = history.people.begin_visit(patient.id, day.date(), "", by="MK")
        lesion = history.people.add_lesion(patient.id, "L1", "", by="MK")
        image_id = history.people.image_id_of(hashlib.sha256(path.read_bytes()).hexdigest())
        assert image_id is not None
        history.people.place(image_id, kind="dermoscopy", lesion_id=lesion.id, visit_id=visit.id, by="MK")
        history.assessments.assess(
            lesion_id=lesion.id, visit_id=visit.id, before_model=True, diagnosis="nevus", by="MK"
        )
    desk.parts.open_patient.open(patient)
    desk.wait(lambda: desk.parts.open_patient.lesions)
    desk.parts.open_patient.choose(lesion.id)
    desk.wait(lambda: "Earlier image" in desk.texts(desk.parts.window.visit_page.result_panel))


def test_earlier_answer_is_shown_only_after_todays_assessment(blind: Desk, tmp_path: Path) -> None:
    earlier, today = (write_lesion(tmp_path / f"{seed}.png", seed=seed) for seed in (1, 2))
    open_earlier(blind, earlier)
    panel = blind.parts.window.visit_page.result_panel
    assert blind.parts.open_image.answer is None
    assert not TELLING.search(blind.texts(panel))
    assert "Nevus" in blind.texts(blind.parts.window.visit_page.assessment_panel), "what was said then may be read"
    blind.parts.window.open_files([today])
    wait_until_asked(blind)
    blind.wait(lambda: len(blind.parts.open_patient.images) == 2)
    type_on_image(blind, Qt.Key.Key_5, Qt.Key.Key_Return)
    blind.wait(lambda: blind.parts.open_image.answer is not None)
    type_on_image(blind, Qt.Key.Key_Right)
    picture = blind.parts.open_image
    blind.wait(lambda: picture.picture is not None and picture.picture.name == "1.png" and picture.answer is not None)
    assert "Earlier image" not in blind.texts(panel)


def history_row(desk: Desk, name: str) -> str:
    """Return the cells of an image's row in the history."""
    table = desk.parts.window.history.table
    cells = [
        [str(table.index(row, column).data() or "") for column in range(table.columnCount())]
        for row in range(table.rowCount())
    ]
    return next((" | ".join(row) for row in cells if name in row), "")


def test_an_earlier_answer_is_hidden_by_one_rule_whoever_is_open(blind: Desk, tmp_path: Path) -> None:
    earlier, today = (write_lesion(tmp_path / f"{seed}.png", seed=seed) for seed in (1, 2))
    open_earlier(blind, earlier)
    window, (lesion,) = blind.parts.window, blind.parts.open_patient.lesions
    window.open_files([today])
    wait_until_asked(blind)
    blind.wait(lambda: len(blind.parts.open_patient.images) == 2)
    blind.settle()
    window.show_workspace("history")
    blind.wait(lambda: "your diagnosis first" in history_row(blind, "1.png"))
    blind.parts.open_patient.close()
    blind.settle()
    assert "your diagnosis first" in history_row(blind, "1.png"), "the visit goes on"
    with History.open(blind.folder) as history:
        day = blind.parts.open_patient.date
        history.assessments.add_outcome(
            lesion_id=lesion.id, kind="histopathology", diagnosis="nevus", date=day, by="MK"
        )
    blind.parts.history_service.changed.emit()
    blind.wait(lambda: "%" in history_row(blind, "1.png"))
    with History.open(blind.folder) as history:
        (patient,) = history.people.find_patients()
    blind.parts.open_patient.open(patient)
    blind.settle()
    assert "%" in history_row(blind, "1.png"), "solved by histopathology"
    assert "your diagnosis first" in history_row(blind, "2.png"), "today's own is not assessed"

    blind.parts.open_patient.choose(lesion.id)
    window.open_files([write_lesion(tmp_path / "3.png", seed=3)])  # it grows again
    blind.wait(lambda: len(blind.parts.open_patient.images) == 3)
    blind.wait(lambda: "your diagnosis first" in history_row(blind, "1.png"))


def test_an_earlier_image_offers_todays_in_place_of_an_assessment(
    blind: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier, today = (write_lesion(tmp_path / f"{seed}.png", seed=seed) for seed in (1, 2))
    open_earlier(blind, earlier)
    panel = blind.parts.window.visit_page.assessment_panel
    blind.wait(lambda: "Open today's image first…" in [one.text() for one in panel.findChildren(QPushButton)])
    type_on_image(blind, Qt.Key.Key_5, Qt.Key.Key_Return)
    blind.settle()
    assert len(views(blind, hashlib.sha256(earlier.read_bytes()).hexdigest())) == 1, "that of its own visit"
    assert not panel._is_asking, "no key begins an assessment of it"
    monkeypatch.setattr(blind.parts.window.patients.new_images._files, "choose_images", lambda: [today])
    press(blind, "Open today's image first")
    wait_until_asked(blind)
    blind.wait(lambda: len(blind.parts.open_patient.images) == 2)
    assert blind.parts.open_patient.images[-1].lesion_id == blind.parts.open_patient.lesions[0].id
    patient = blind.parts.open_patient
    blind.parts.open_image.open(of_placed(patient.images[0], patient.patient))
    blind.wait(lambda: "Go to today's image" in [one.text() for one in panel.findChildren(QPushButton)])
    press(blind, "Go to today's image")
    wait_until_asked(blind)
    assert blind.parts.open_image.picture.sha256 == patient.images[-1].image.sha256


def test_showing_an_earlier_answer_before_todays_assessment_is_recorded(blind: Desk, tmp_path: Path) -> None:
    open_earlier(blind, write_lesion(tmp_path / "1.png"))
    press(blind, "Show it now")
    blind.wait(lambda: blind.parts.open_image.answer is not None)
    blind.wait(lambda: disclosed(blind))


def test_answer_shown_in_a_batch_is_not_concealed_afterwards(blind: Desk, tmp_path: Path) -> None:
    image = write_lesion(tmp_path / "folder" / "lesion.png")
    blind.classify(image.parent)
    blind.wait(lambda: shown_in_a_batch(blind, image))
    blind.open(image)
    blind.wait(lambda: disclosed(blind))
    type_on_image(blind, Qt.Key.Key_1, Qt.Key.Key_Return)
    blind.wait(lambda: views(blind))
    assert [view.before_model for view in views(blind)] == [False]


def test_answer_shown_in_a_batch_stays_seen_after_a_restart(
    blind: Desk, make_desk: MakeDesk, model_file: Path, tmp_path: Path
) -> None:
    image = write_lesion(tmp_path / "folder" / "lesion.png")
    blind.classify(image.parent)
    blind.wait(lambda: shown_in_a_batch(blind, image))
    again = make_desk(model_file, blind=True)
    again.wait(lambda: again.parts.model.classifier is not None)
    again.open_and_keep(image)
    again.wait(lambda: again.parts.open_image.answer is not None)
    type_on_image(again, Qt.Key.Key_1, Qt.Key.Key_Return)
    again.wait(lambda: views(again))
    assert [view.before_model for view in views(again)] == [False]


def test_concealed_row_counts_as_unseen(blind: Desk, tmp_path: Path) -> None:
    image = write_lesion(tmp_path / "folder" / "lesion.png")
    second = write_lesion(tmp_path / "folder" / "second.png", seed=2)
    open_blind(blind, image)
    blind.classify(image.parent)
    blind.wait(lambda: shown_in_a_batch(blind, second))
    assert not shown_in_a_batch(blind, image)


def test_rows_added_to_the_history_stay_visible_in_the_batch(blind: Desk, tmp_path: Path) -> None:
    image = write_lesion(tmp_path / "folder" / "lesion.png")
    blind.classify(image.parent)
    blind.parts.window.batch.rows.selectAll()
    press(blind, "To the history")
    blind.wait(lambda: blind.entries() and not blind.entries()[0].is_concealed)
    for page in ("batch", "history"):
        blind.parts.window.show_workspace(page)
        blind.settle()
        assert "your diagnosis first" not in blind.texts(blind.parts.window)
    table = blind.parts.window.batch.table
    assert table.index(0, STATE).data() != "your diagnosis first"


def test_table_of_a_batch_leaves_out_concealed_rows_and_says_so(
    blind: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = write_lesion(tmp_path / "folder" / "lesion.png")
    write_lesion(tmp_path / "folder" / "second.png", seed=2)
    open_blind(blind, image)
    blind.classify(image.parent)
    target = tmp_path / "batch.csv"
    monkeypatch.setattr(QFileDialog, "exec", lambda _dialog: 1)
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda _dialog: [str(target)])
    press(blind, "Save table")
    blind.wait(target.exists)
    blind.wait(lambda: "1 concealed answer is left out" in blind.parts.window.batch.messages.text())
    with target.open(encoding="utf-8-sig") as file:
        assert [Path(row["file"]).name for row in csv.DictReader(file)] == ["second.png"]


def test_switching_off_asks_first_and_records_what_it_reveals(blind: Desk, tmp_path: Path) -> None:
    open_blind(blind, write_lesion(tmp_path / "lesion.png"))
    window = blind.parts.window
    switch = window.findChild(QCheckBox, "blindFirst")
    assert switch is not None
    blind.wait(lambda: blind.parts.blinding.waiting == 1)
    switch.click()
    assert blind.parts.blinding.is_on
    assert switch.isChecked()
    assert "1 answer waits for your diagnosis" in window.visit_page.messages.text()
    press(blind, "Switch off")
    blind.wait(lambda: blind.parts.open_image.answer is not None)
    assert not switch.isChecked()
    assert not window.visit_page.first_steps.blind_first.isChecked()
    blind.wait(lambda: disclosed(blind))


def test_blind_first_is_the_default_and_can_be_changed_in_the_first_steps(
    make_desk: MakeDesk, model_file: Path
) -> None:
    assert BLIND_FIRST.default is True
    desk = make_desk(model_file, blind=True)
    box = desk.parts.window.visit_page.first_steps.blind_first
    assert box.isVisible()
    assert box.isChecked()
    box.click()
    assert not desk.parts.blinding.is_on


def test_sample_asks_for_an_assessment_and_saves_nothing(blind: Desk) -> None:
    blind.parts.window.menus.actions["sample"].trigger()
    wait_until_asked(blind)
    type_on_image(blind, Qt.Key.Key_5, Qt.Key.Key_Return)
    blind.wait(lambda: blind.parts.open_image.answer is not None)
    blind.wait(lambda: "before the model" in blind.texts(blind.parts.window.visit_page.assessment_panel))
    assert blind.entries() == []
    assert blind.parts.drafts.save()
    assert not (blind.folder / "drafts.json").exists() or (blind.folder / "drafts.json").read_bytes() == b"{}"


def test_assessment_committed_before_the_image_is_saved_waits_for_it(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path
) -> None:
    desk = make_desk(tmp_path / "gone.onnx", blind=True)
    path = write_lesion(tmp_path / "lesion.png")
    desk.parts.window.open_files([path])
    desk.wait(desk.parts.window.visit_page.assessment_panel.isVisible)
    desk.wait(lambda: "cannot be read" in desk.texts(desk.parts.window.visit_page.result_panel))
    type_on_image(desk, Qt.Key.Key_1, Qt.Key.Key_Return)
    desk.wait(lambda: "waits for the image to be kept" in desk.texts(desk.parts.window.visit_page.assessment_panel))
    desk.parts.model.load(model_file)
    desk.wait(lambda: desk.parts.open_image.answer is not None)
    assert [(view.diagnosis, view.before_model) for view in views(desk)] == [("melanoma", True)]


def test_assessments_of_a_clinical_photograph_are_never_concealed(blind: Desk, tmp_path: Path) -> None:
    open_blind(blind, write_lesion(tmp_path / "lesion.png"))
    path = write_lesion(tmp_path / "hand.png", seed=7)
    data = path.read_bytes()
    stored = ImageStore(blind.folder).add(data, "PNG")
    header = read_header(data, path.name)
    image = KeptImage.of(hashlib.sha256(data).hexdigest(), len(data), header, stored, name=path.name, stored=True)
    placed = PlacedImage(1, image, "clinical", None, None, (), dt.datetime.now(dt.UTC))
    blind.parts.open_image.open(of_placed(placed, None))
    blind.wait(lambda: "Clinical photograph" in blind.texts(blind.parts.window.visit_page.result_panel))
    blind.rest()
    assert "Your diagnosis first" not in blind.texts(blind.parts.window.visit_page.result_panel)


def test_flags_are_fully_visible_beside_the_form_in_the_smallest_window(make_desk: MakeDesk, tmp_path: Path) -> None:
    flags = tuple(
        Flag(name, name.capitalize(), (name,), 0.0, 0.9, 0.4, 4, 88, "validation split")
        for name in ("melanoma", "nevus")
    )
    desk = make_desk(write_model(tmp_path / "model.onnx", contract(flags=flags)))
    desk.open_and_keep(write_lesion(tmp_path / "one.png", seed=1))
    desk.parts.window.resize(1024, 560)
    type_on_image(desk, Qt.Key.Key_5, Qt.Key.Key_Period, Qt.Key.Key_Period)
    panel = desk.parts.window.visit_page.result_panel
    headline = panel.findChild(Headline)
    desk.wait(lambda: desk.parts.window.visit_page.assessment_panel.height() > 300)
    desk.settle()
    texts = [label for label in headline.findChildren(QLabel) if label.text() and label.isVisible()]
    assert "alert" in texts[0].text()
    for label in texts:
        assert label.height() >= label.heightForWidth(label.width())
    assert headline.height() >= headline.heightForWidth(headline.width())
