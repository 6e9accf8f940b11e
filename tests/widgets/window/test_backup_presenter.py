"""Backup and restore by the menu: the backup is restored, and the replaced data are kept."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QMessageBox, QProgressDialog

from desktop.core.records.backup_file import read_manifest
from desktop.widgets.window.passphrase_dialogs import NewPassphraseDialog, PassphraseDialog
from tests.core.encryption.test_keys import TYPED
from tests.making import write_lesion
from tests.widgets.conftest import Desk

MakeDesk = Callable[[Path], Desk]


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Close each message box; return the texts."""
    texts: list[str] = []
    monkeypatch.setattr(QMessageBox, "information", lambda _parent, _title, text: texts.append(text))
    return texts


def choose(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """Choose a file in the next dialogs that ask for one."""

    def select(dialog: QFileDialog) -> int:
        dialog.selectFile(str(path))
        return 1

    monkeypatch.setattr(QFileDialog, "exec", select)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(path), ""))


def trigger(desk: Desk, action: str) -> None:
    desk.parts.window.menus.actions[action].trigger()


def message(desk: Desk) -> str:
    return desk.parts.window.visit_page.messages.text()


def back_up(desk: Desk, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    choose(monkeypatch, path)
    trigger(desk, "back up")
    desk.wait(lambda: "Backed up" in message(desk))


def test_backup_is_restored(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    questions: list[str], told: list[str],
) -> None:  # fmt: skip
    desk = make_desk(model_file)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.open_and_keep(write_lesion(tmp_path / "first.png", seed=1))
    backup = tmp_path / "carried" / "backup.zip"
    backup.parent.mkdir()
    back_up(desk, backup, monkeypatch)
    assert "1 entry and 0 patients" in message(desk)
    assert read_manifest(backup).entries == 1
    desk.open_and_keep(write_lesion(tmp_path / "second.png", seed=2))
    restarts: list[bool] = []
    desk.parts.window.restart_requested.connect(lambda: restarts.append(True))
    trigger(desk, "restore")
    desk.wait(lambda: not desk.parts.window.isVisible())
    assert "holds 1 entry and 0 patients" in questions[0]
    assert told[0].startswith("Restored. LesionLens will restart. Your previous data are kept in “")
    assert restarts == [True]
    again = make_desk(model_file)
    assert [entry.image.name for entry in again.entries()] == ["first.png"]
    (before,) = (tmp_path / "data").glob("before restore *")
    assert (before / "history.sqlite3").exists()


@pytest.fixture
def passphrases(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Type these texts into the fields of the next dialogs for a passphrase, until one is taken; else cancel."""
    typed: list[tuple[str, ...]] = []

    def answer(dialog: NewPassphraseDialog | PassphraseDialog) -> int:
        while not dialog.result() and typed:
            for field, text in zip(dialog.fields, typed.pop(0), strict=True):
                assert field.echoMode() is QLineEdit.EchoMode.Password
                field.setText(text)
            dialog.accept()
        return dialog.result()

    monkeypatch.setattr(NewPassphraseDialog, "exec", answer)
    monkeypatch.setattr(PassphraseDialog, "exec", answer)
    return typed


def test_encrypted_backup_is_restored_with_its_passphrase(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    questions: list[str], passphrases: list[tuple[str, ...]],
) -> None:  # fmt: skip
    desk = make_desk(model_file)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.open_and_keep(write_lesion(tmp_path / "first.png", seed=1))
    backup = tmp_path / "backup.llbackup"
    choose(monkeypatch, backup)
    passphrases += [("short", "short"), (TYPED, TYPED + "s"), (TYPED, TYPED)]
    trigger(desk, "back up encrypted")
    desk.wait(lambda: "Backed up" in message(desk))
    assert passphrases == []
    assert not zipfile.is_zipfile(backup)
    desk.open_and_keep(write_lesion(tmp_path / "second.png", seed=2))
    passphrases += [("wrong",), (TYPED,)]
    trigger(desk, "restore")
    desk.wait(lambda: not desk.parts.window.isVisible())
    assert passphrases == []
    assert "holds 1 entry and 0 patients" in questions[0]
    assert [entry.image.name for entry in make_desk(model_file).entries()] == ["first.png"]


def test_without_a_passphrase_nothing_is_written_or_restored(
    desk: Desk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    questions: list[str],
    passphrases: list[tuple[str, ...]],
) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "first.png", seed=1))
    backup = tmp_path / "backup.llbackup"
    choose(monkeypatch, backup)
    trigger(desk, "back up encrypted")
    assert not backup.exists()
    passphrases += [(TYPED, TYPED)]
    trigger(desk, "back up encrypted")
    desk.wait(lambda: "Backed up" in message(desk))
    trigger(desk, "restore")
    desk.settle()
    assert questions == []
    assert len(desk.entries()) == 1


def test_a_passphrase_is_refused_in_words_and_can_be_shown(desk: Desk) -> None:
    dialog = NewPassphraseDialog("", desk.parts.window)
    for texts, refusal in (
        (("short", "short"), "The passphrase is too short. Use at least 15 characters"),
        ((TYPED, TYPED.title()), "The two entries differ"),
    ):
        for field, text in zip(dialog.fields, texts, strict=True):
            field.setText(text)
        dialog.accept()
        assert dialog.refusal.text().startswith(refusal)
        assert not dialog.result()
    dialog.shown.click()
    assert all(field.echoMode() is QLineEdit.EchoMode.Normal for field in dialog.fields)


def test_a_passphrase_dialog_grows_for_a_refusal(desk: Desk) -> None:
    dialog = NewPassphraseDialog("Several words for a long text. " * 20, desk.parts.window)
    dialog.open()
    desk.settle()
    for field in dialog.fields:
        field.setText("short")
    dialog.accept()
    desk.settle()
    labels = dialog.findChildren(QLabel)
    assert dialog.refusal in labels
    assert [one.text() for one in labels if one.wordWrap() and one.height() < one.heightForWidth(one.width())] == []
    dialog.reject()


def test_progress_does_not_reappear_over_the_result_of_a_restore(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, questions: list[str]
) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "first.png", seed=1))
    back_up(desk, tmp_path / "backup.zip", monkeypatch)
    coming: list[bool] = []

    def told(_parent: object, _title: str, _text: str) -> None:
        shown = desk.parts.window.findChildren(QProgressDialog)
        coming.extend(one.isVisible() or any(timer.isActive() for timer in one.findChildren(QTimer)) for one in shown)

    monkeypatch.setattr(QMessageBox, "information", told)
    trigger(desk, "restore")
    desk.wait(lambda: not desk.parts.window.isVisible())
    assert coming
    assert not any(coming)
    assert len(questions) == 1


def test_a_file_that_is_not_a_backup_changes_nothing(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    choose(monkeypatch, tmp_path / "lesion.png")
    trigger(desk, "restore")
    desk.wait(lambda: "is no backup of LesionLens" in message(desk))
    assert len(desk.entries()) == 1


def test_a_backup_can_be_stopped(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    target = tmp_path / "backup.zip"
    choose(monkeypatch, target)
    trigger(desk, "back up")
    desk.parts.window.findChildren(QProgressDialog)[0].cancel()
    desk.wait(lambda: message(desk))
    assert target.exists() == ("Backed up" in message(desk)), (
        "it may have been done already; half a file there never is"
    )
    assert list(tmp_path.glob("*.partial")) == []


def test_nothing_is_restored_while_answers_are_unsaved(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, questions: list[str]
) -> None:
    for number in range(60):
        write_lesion(tmp_path / "folder" / f"{number}.png", seed=number)
    choose(monkeypatch, tmp_path / "backup.zip")
    desk.parts.window.open_files([tmp_path / "folder"])
    trigger(desk, "restore")
    assert "See to that first" in desk.parts.window.batch.messages.text()
    assert questions == []


def test_moving_to_a_new_computer_is_explained(desk: Desk, told: list[str]) -> None:
    trigger(desk, "moving")
    assert "Back up the history" in told[0]
