"""Each act in the window is in the audit log once, with the right patient and image; what cannot be logged is not exported."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtPrintSupport import QPrinterInfo
from PySide6.QtWidgets import QFileDialog, QMessageBox

from desktop.core.encryption.passphrase import Passphrase
from desktop.core.records.audit_acts import Act, AuditFilter
from desktop.core.records.data_folder import IN_USE
from desktop.core.records.history import History
from desktop.core.records.lock_file import FolderUse
from desktop.core.records.people import Patient
from desktop.core.records.schema import FILE_NAME
from desktop.session.practice import PracticePrior
from desktop.widgets.audit import audit_details, audit_words
from desktop.widgets.report.report_dialog import ReportDialog
from desktop.widgets.window.passphrase_dialogs import NewPassphraseDialog, PassphraseDialog
from tests.core.encryption.test_keys import PASSPHRASE
from tests.making import write_lesion, write_model
from tests.widgets.conftest import Desk
from tests.widgets.mouse_and_keys import press, workbench_of
from tests.widgets.patient.test_patient import add_lesion, bring, choose_patient

MakeDesk = Callable[..., Desk]


BESIDE = frozenset({"history opened", "model changed", "blind-first changed", "answer seen before own diagnosis"})
"""Acts that stand beside those of most tests: without blind-first, each answer is seen before a diagnosis."""


def acts(desk: Desk, without: frozenset[str] = BESIDE) -> list[Act]:
    """Return the log, oldest first, read over a separate connection."""
    desk.settle()
    with History.open(desk.folder) as history:
        found = history.audit.page(AuditFilter()).acts
    return [act for act in reversed(found) if act.action not in without]


def told(desk: Desk, without: frozenset[str] = BESIDE) -> list[tuple[str, int | None, int | None]]:
    """Return action, patient and image of each act."""
    return [(act.action, act.patient_id, act.image_id) for act in acts(desk, without)]


def answer_dialogs(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """Choose this file in all dialogs."""
    monkeypatch.setattr(QFileDialog, "exec", lambda _dialog: 1)
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda _dialog: [str(path)])


def add_patient(desk: Desk, pseudonym: str) -> Patient:
    made: list[Patient] = []
    desk.parts.history_service.write(
        lambda history, by: history.people.add_patient(pseudonym, "female", by=by), made.append, pytest.fail
    )
    desk.wait(lambda: made)
    return made[0]


@contextmanager
def locked(desk: Desk) -> Iterator[None]:
    """Let another program hold the history, so that nothing can be written."""
    desk.settle()
    connection = sqlite3.connect(desk.folder / FILE_NAME, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


def test_opening_a_history_that_another_program_uses(make_desk: MakeDesk, model_file: Path, tmp_path: Path) -> None:
    desk = make_desk(model_file)
    desk.settle()
    with closing(FolderUse(desk.folder / IN_USE)):
        desk = make_desk(model_file)
        opened = [act for act in acts(desk, frozenset()) if act.action == "history opened"]
    assert [act.detail["alone"] for act in opened] == [True, False]


def test_an_answer_is_viewed_once_each_time_it_is_shown(desk: Desk, tmp_path: Path) -> None:
    first, second = (write_lesion(tmp_path / f"{seed}.png", seed) for seed in (1, 2))
    desk.open_and_keep(first)
    desk.open_and_keep(second)
    assert told(desk) == [("answer viewed", None, 1), ("answer viewed", None, 2)]
    desk.open_and_keep(first)
    assert told(desk)[2:] == [("answer viewed", None, 1)]


def test_an_answer_behind_blind_first_is_viewed_once_it_is_shown(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path
) -> None:
    desk = make_desk(model_file, blind=True)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    assert told(desk) == []
    desk.parts.blinding.skip()
    desk.wait(lambda: desk.parts.open_image.answer is not None)
    without = BESIDE - {"answer seen before own diagnosis"}
    assert sorted(told(desk, without)) == [("answer seen before own diagnosis", None, 1), ("answer viewed", None, 1)]


def test_an_entry_that_was_selected_while_its_answer_was_hidden_is_viewed_once_it_is_shown(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path
) -> None:
    desk = make_desk(model_file, blind=True)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    desk.parts.window.show_workspace("history")
    desk.settle()
    desk.parts.window.history.rows.selectRow(0)
    desk.settle()
    assert told(desk) == [("history viewed", None, None)]
    desk.parts.window.show_workspace("visit")
    desk.parts.blinding.skip()
    desk.wait(lambda: desk.parts.open_image.answer is not None)
    desk.settle()
    before = len(told(desk))
    desk.parts.window.show_workspace("history")
    desk.settle()
    assert told(desk)[before:] == [("history viewed", None, None), ("answer viewed", None, 1)]


def test_a_sample_is_not_logged(desk: Desk) -> None:
    desk.parts.window.menus.actions["sample"].trigger()
    desk.wait(lambda: desk.parts.open_image.answer is not None)
    assert told(desk) == []


def test_a_patient_is_logged_once_each_time_they_are_opened(desk: Desk, tmp_path: Path) -> None:
    patient = add_patient(desk, "P-0412")
    desk.parts.open_patient.open(patient)
    desk.wait(lambda: desk.parts.open_patient.patient is not None)
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    desk.wait(lambda: desk.parts.open_patient.images)
    assert told(desk) == [("patient opened", patient.id, None), ("answer viewed", patient.id, 1)]
    desk.parts.open_patient.close()
    desk.parts.open_patient.open(patient)
    desk.wait(lambda: desk.parts.open_patient.patient is not None)
    assert told(desk)[2:] == [("patient opened", patient.id, None)]


def test_settings_that_change_answers(make_desk: MakeDesk, model_file: Path, tmp_path: Path) -> None:
    desk = make_desk(model_file, blind=True)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.parts.window.frame.practice.set_prior(PracticePrior(0.03))
    desk.parts.blinding.switch(False)
    desk.settle()
    desk = make_desk(write_model(tmp_path / "other.onnx", cells=4))
    desk.wait(lambda: desk.parts.model.classifier is not None)
    found = acts(desk, frozenset({"history opened"}))
    assert [(act.action, act.detail["old"]) for act in found] == [
        ("model changed", None),
        ("prior changed", None),
        ("blind-first changed", True),
        ("model changed", found[0].detail["new"]),
    ]
    assert [act.detail["new"] for act in found[1:3]] == ["melanoma: 0.03", False]
    assert found[3].detail["new"] != found[0].detail["new"]


def test_pictures(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    answer_dialogs(monkeypatch, tmp_path / "view.png")
    workbench_of(desk).save_view()
    desk.wait(lambda: "The view is saved" in desk.parts.window.visit_page.messages.text())
    workbench_of(desk).copy_view()
    desk.parts.window.menus.actions["copy result"].trigger()
    found = acts(desk)[1:]
    assert [(act.action, act.image_id, dict(act.detail)) for act in found] == [
        ("picture exported", 1, {}),
        ("copied to clipboard", 1, {"what": "view"}),
        ("copied to clipboard", 1, {"what": "result"}),
    ]


def test_a_table(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    desk.parts.window.show_workspace("history")
    page = desk.parts.window.history
    desk.wait(lambda: page.table.rowCount() == 1)
    answer_dialogs(monkeypatch, tmp_path / "history.csv")
    page.head.export.click()
    desk.wait(lambda: "1 row saved" in page.messages.text())
    (act,) = [act for act in acts(desk) if act.action == "table exported"]
    assert dict(act.detail) == {"of": "history", "format": "excel", "rows": 1, "patient data": False}


def test_a_report_saved_and_printed(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Viewer(QObject):
        @Slot(QUrl)
        def show(self, url: QUrl) -> None: ...

    patient = add_patient(desk, "P-0412")
    desk.parts.open_patient.open(patient)
    desk.wait(lambda: desk.parts.open_patient.patient is not None)
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    desk.wait(lambda: desk.parts.open_patient.images)
    answer_dialogs(monkeypatch, tmp_path / "report.pdf")
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", list)
    viewer = Viewer()
    QDesktopServices.setUrlHandler("file", viewer, "show")
    try:
        desk.parts.window.menus.actions["report"].trigger()
        desk.wait(lambda: desk.parts.window.findChildren(ReportDialog))
        (dialog,) = desk.parts.window.findChildren(ReportDialog)
        press(desk, "Save as PDF", dialog)
        desk.wait(lambda: "Saved in" in dialog.messages.text())
        dialog.patient.setChecked(False)
        press(desk, "Print", dialog)
        desk.wait(lambda: "No printer was found" in dialog.messages.text())
        dialog.close()
    finally:
        QDesktopServices.unsetUrlHandler("file")
    found = acts(desk)[-2:]
    assert [(act.action, act.patient_id, act.image_id, act.detail["patient data"]) for act in found] == [
        ("report saved", patient.id, 1, True),
        ("report printed", patient.id, 1, False),
    ]


def test_a_report_of_a_visit_names_all_that_it_held(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose_patient(desk, "P-0412")
    for seed in (1, 2):
        add_lesion(desk)
        bring(desk, write_lesion(tmp_path / f"{seed}.png", seed=seed))
    desk.rest()
    answer_dialogs(monkeypatch, tmp_path / "report.pdf")
    desk.parts.window.menus.actions["visit report"].trigger()
    desk.wait(lambda: desk.parts.window.findChildren(ReportDialog))
    (dialog,) = desk.parts.window.findChildren(ReportDialog)
    press(desk, "Save as PDF", dialog)
    desk.wait(lambda: "Saved in" in dialog.messages.text())
    lesions = desk.parts.open_patient.lesions
    patient = desk.parts.open_patient.patient
    assert patient is not None
    act = acts(desk)[-1]
    assert (act.action, act.patient, act.image_id) == ("report saved", "P-0412", None)
    assert act.detail == {"patient data": True, "held lesions": f"{lesions[0].id} {lesions[1].id}", "images": 2}
    assert audit_words.subject_text(act) == "L1, L2"
    assert audit_details.detail_text(act) == "With patient data, 2 lesions, 2 pictures"
    with History.open(desk.folder) as history:
        history.erasures.erase_patient(patient.id, by="MK")
    assert audit_words.subject_text(next(one for one in acts(desk) if one.action == "report saved")) == (
        f"erased #{lesions[0].id}, erased #{lesions[1].id}"
    )


def test_the_history_s_list_and_the_entry_that_is_looked_at(desk: Desk, tmp_path: Path) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "first.png", 1))
    desk.open_and_keep(write_lesion(tmp_path / "second.png", 2))
    before = len(told(desk))
    desk.parts.window.show_workspace("history")
    page = desk.parts.window.history
    desk.settle()
    page.rows.selectRow(0)  # passed over by the arrow keys
    page.rows.selectRow(1)
    assert told(desk)[before:] == [("history viewed", None, None), ("answer viewed", None, 1)]
    desk.parts.history_service.changed.emit()  # the list is read again: the same entry is still looked at
    page.rows.copy_rows()
    assert told(desk)[before + 2 :] == [("copied to clipboard", None, None)]


def test_a_folder_s_answers(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for seed in (1, 2):
        write_lesion(folder / f"{seed}.png", seed)
    desk.classify(folder)
    page = desk.parts.window.batch
    desk.wait(lambda: page.table.total == 2)
    answer_dialogs(monkeypatch, tmp_path / "batch.csv")
    desk.wait(page._head.export.isEnabled)
    page._head.export.click()
    desk.wait(lambda: "2 rows saved" in page.messages.text())
    assert [(act.action, act.detail["rows"]) for act in acts(desk)] == [("batch viewed", 2), ("table exported", 2)]
    desk.parts.window.show_workspace("visit")
    desk.parts.window.show_workspace("batch")
    assert told(desk)[2:] == [("batch viewed", None, None)]


def test_an_erasure(desk: Desk) -> None:
    patient = add_patient(desk, "P-0412")
    done: list[None] = []
    desk.parts.history_service.erase_patient(patient.id, done.append, pytest.fail)
    desk.wait(lambda: done)
    assert told(desk) == [("patient erased", patient.id, None)]


def test_a_wrong_passphrase(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    backup = tmp_path / "backup.llbackup"
    answer_dialogs(monkeypatch, backup)
    typed = [Passphrase("a wrong passphrase"), None]
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(backup), ""))
    monkeypatch.setattr(NewPassphraseDialog, "ask", lambda _dialog: PASSPHRASE)
    monkeypatch.setattr(PassphraseDialog, "ask", lambda _dialog: typed.pop(0))
    desk.parts.window.menus.actions["back up encrypted"].trigger()
    desk.wait(lambda: "Backed up" in desk.parts.window.visit_page.messages.text())
    desk.parts.window.menus.actions["restore"].trigger()
    desk.wait(lambda: not typed)
    found = acts(desk)[1:]
    assert [(act.action, dict(act.detail)) for act in found] == [
        ("backup written", {"encrypted": True}),
        ("unlocking refused", {"of": "backup"}),
    ]


def test_an_export_that_cannot_be_logged_is_not_made(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    target = tmp_path / "view.png"
    answer_dialogs(monkeypatch, target)
    with locked(desk):
        workbench_of(desk).save_view()
        desk.wait(lambda: "could not be recorded in the audit log" in desk.parts.window.visit_page.messages.text())
    assert not target.exists()
    assert told(desk) == [("answer viewed", None, 1)]


def test_an_export_that_fails_is_logged_as_failed(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    answer_dialogs(monkeypatch, tmp_path / "not" / "there" / "view.png")
    workbench_of(desk).save_view()
    desk.wait(lambda: "cannot be written" in desk.parts.window.visit_page.messages.text())
    last = acts(desk)[-2:]
    assert [act.action for act in last] == ["picture exported", "failed"]
    assert last[1].detail["act"] == "picture exported"


def test_a_view_that_cannot_be_logged_is_shown_and_logged_later(desk: Desk, tmp_path: Path) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "first.png", 1))
    with locked(desk):
        desk.open(write_lesion(tmp_path / "second.png", 2))
        desk.wait(lambda: "in the audit log yet" in desk.parts.window.visit_page.messages.text())
        assert desk.parts.open_image.answer is not None
    desk.parts.open_image.save_again()
    desk.settle()
    desk.open_and_keep(write_lesion(tmp_path / "third.png", 3))
    assert told(desk) == [("answer viewed", None, image) for image in (1, 2, 3)]


def test_what_could_not_be_logged_is_logged_on_request(desk: Desk, tmp_path: Path) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    bar = desk.parts.window.visit_page.messages
    with locked(desk):
        workbench_of(desk).copy_view()
        desk.wait(lambda: "in the audit log yet" in bar.text())
        press(desk, "Try again", bar)
        assert bar.text() == ""
        desk.wait(lambda: "in the audit log yet" in bar.text())
    press(desk, "Try again", bar)
    assert told(desk) == [("answer viewed", None, 1), ("copied to clipboard", None, 1)]


def test_backup_and_restore(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QMessageBox, "information", lambda *_args: None)
    desk = make_desk(model_file)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    backup = tmp_path / "backup.zip"
    answer_dialogs(monkeypatch, backup)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(backup), ""))
    desk.parts.window.menus.actions["back up"].trigger()
    desk.wait(lambda: "Backed up" in desk.parts.window.visit_page.messages.text())
    desk.open_and_keep(write_lesion(tmp_path / "later.png", 2))
    with desk.qtbot.waitSignal(desk.parts.window.restart_requested):
        desk.parts.window.menus.actions["restore"].trigger()
    desk = make_desk(model_file)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    assert told(desk) == [
        ("answer viewed", None, 1),
        ("backup written", None, None),
        ("backup restored", None, None),
    ]
