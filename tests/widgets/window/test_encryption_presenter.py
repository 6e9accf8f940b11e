"""The history is encrypted, opened, recovered and decrypted by the window, and nothing stays readable meanwhile."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QMessageBox, QPushButton

from desktop.core.draft import Draft
from desktop.core.encryption.keys import MASTER_BYTES, Key
from desktop.core.encryption.passphrase import Passphrase
from desktop.core.encryption.recovery import recovery_text
from desktop.core.records.audit_acts import Action, AuditFilter
from desktop.core.records.data_folder import UNDER_WAY
from desktop.core.records.history import History
from desktop.core.records.key_file import Protection, protection, unlock_history
from desktop.session.opening_request import of_entry
from desktop.widgets.window.passphrase_dialogs import (
    NewPassphraseDialog,
    PassphraseDialog,
    RecoveryDialog,
    UnlockDialog,
)
from desktop.widgets.window.recovery_key_dialog import RecoveryKeyDialog
from desktop.widgets.window.unlocking import CancelledError, ask_for_key
from tests.core.encryption.test_keys import PASSPHRASE, TYPED
from tests.core.records.test_converting import readable
from tests.making import write_lesion
from tests.widgets.conftest import Desk
from tests.widgets.window.test_backup_presenter import choose, message, trigger

MakeDesk = Callable[..., Desk]
Answer = Callable[[QDialog], int]


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Close each message box; return the texts."""
    texts: list[str] = []
    monkeypatch.setattr(QMessageBox, "information", lambda _parent, _title, text: texts.append(text))
    return texts


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[Answer]:
    """Answer the next dialogs by these functions, in order."""
    given: list[Answer] = []

    def answer(dialog: QDialog) -> int:
        given.pop(0)(dialog)
        return dialog.result()

    for kind in (NewPassphraseDialog, PassphraseDialog, UnlockDialog, RecoveryDialog, RecoveryKeyDialog):
        monkeypatch.setattr(kind, "exec", answer)
    return given


def typing(*texts: str, refusal: str = "") -> Answer:
    """Return the answer that types texts into the fields of a dialog, which shows what was refused before."""

    def answer(dialog: QDialog) -> int:
        assert dialog.refusal.text().startswith(refusal)
        assert bool(refusal) == bool(dialog.refusal.text())
        for field, text in zip(dialog.fields, texts, strict=True):
            field.setText(text)
        dialog.accept()
        return dialog.result()

    return answer


def cancelling(dialog: QDialog) -> int:
    dialog.reject()
    return 0


def typing_back(keys: list[str], dialog: RecoveryKeyDialog) -> int:
    keys.append(dialog.text.text())
    dialog.typed.setText(dialog.text.text()[:-1] + "0" if dialog.text.text()[-1] != "0" else "")
    dialog.accept()
    assert dialog.refusal.text().startswith("This is not the key above.")
    assert not dialog.result()
    dialog.typed.setText(dialog.text.text().lower())
    dialog.show()
    QTest.keyClick(dialog.typed, Qt.Key.Key_Return)
    return dialog.result()


def press(monkeypatch: pytest.MonkeyPatch, text: str, shown: str = "") -> None:
    """Press a button of the next message box that is created and run; its text must begin with what is given."""

    def run(box: QMessageBox) -> int:
        assert box.text().startswith(shown)
        next(button for button in box.findChildren(QPushButton) if button.text().startswith(text)).click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", run)


def close(desk: Desk) -> None:
    desk.wait(lambda: not desk.parts.window.isVisible())
    desk.settle()


def test_encrypting_unlocking_changing_and_decrypting(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    questions: list[str], answers: list[Answer], told: list[str],
) -> None:  # fmt: skip
    desk = make_desk(model_file)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    image = write_lesion(tmp_path / "Muster Erika.png", seed=1)
    desk.open_and_keep(image)
    (entry,) = desk.entries()
    desk.parts.drafts.put(entry.image.sha256, Draft(note="a note not yet committed"))
    texts = [b"Muster Erika", b"a note not yet committed", b"SQLite format 3", image.read_bytes()[:64]]
    restarts: list[bool] = []
    desk.parts.window.restart_requested.connect(lambda: restarts.append(True))
    assert ask_for_key(desk.folder) is None
    keys: list[str] = []
    answers += [typing(TYPED, TYPED), partial(typing_back, keys)]
    trigger(desk, "encryption")
    close(desk)
    assert restarts == [True]
    assert told[0].startswith("The history is encrypted.")
    files = [name for name, _text in readable(desk.folder, texts)]
    assert set(files) <= {"settings.ini"}, "the list of recent files is named as not encrypted"

    answers += [typing("wrong"), typing(TYPED, refusal="The passphrase is wrong.")]
    key = ask_for_key(desk.folder)
    assert key is not None
    assert recovery_text(key) == keys[0]
    desk = make_desk(model_file, key=key)
    assert [one.image.name for one in desk.entries()] == ["Muster Erika.png"]
    desk.settle()
    with History.open(desk.folder, key=key) as history:
        refused = history.audit.page(AuditFilter(actions=frozenset({Action.UNLOCK_REFUSED}))).acts
    assert [act.detail["of"] for act in refused] == ["history"]
    assert desk.parts.drafts.of(entry.image.sha256).note == "a note not yet committed"
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.parts.open_image.open(of_entry(entry))
    desk.wait(lambda: desk.parts.open_image.picture is not None)
    assert desk.parts.open_image.picture.data == image.read_bytes()
    small: list[bytes | None] = []
    desk.parts.history_service.thumbnail(entry.image.sha256, entry.image.path, small.append)
    desk.wait(lambda: small)
    assert (small[0] or b"").startswith(b"\xff\xd8\xff")
    assert readable(desk.folder / "thumbnails", [(small[0] or b"")[:64]]) == []
    desk.open_and_keep(write_lesion(tmp_path / "another.png", seed=2))
    assert "another.png" not in [name for name, _text in readable(desk.folder, [b"another.png"])]

    press(monkeypatch, "Change the passphrase")
    answers += [typing("wrong"), typing(*[TYPED + " new"] * 2)]
    answers += [typing(TYPED, refusal="The passphrase is wrong."), typing(*[TYPED + " new"] * 2)]
    trigger(desk, "encryption")
    desk.wait(lambda: "The new passphrase opens the history" in message(desk))
    assert unlock_history(desk.folder, Passphrase(TYPED + " new")) == key

    (desk.folder / UNDER_WAY).touch()
    press(monkeypatch, "Close", "Some images are not encrypted yet. Close all windows of LesionLens")
    trigger(desk, "encryption")
    press(monkeypatch, "Decrypt")
    trigger(desk, "encryption")
    close(desk)
    assert "Decrypt it?" in questions[0]
    assert protection(desk.folder) is Protection.PLAIN
    assert ask_for_key(desk.folder) is None
    assert len(make_desk(model_file).entries()) == 2


def test_the_recovery_key_opens_a_history_and_sets_a_new_passphrase(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path, answers: list[Answer], told: list[str]
) -> None:
    desk = make_desk(model_file)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.open_and_keep(write_lesion(tmp_path / "first.png", seed=1))
    keys: list[str] = []
    answers += [typing(TYPED, TYPED), partial(typing_back, keys)]
    trigger(desk, "encryption")
    close(desk)
    other = recovery_text(Key.new(MASTER_BYTES))

    def ask_for_recovery(dialog: QDialog) -> int:
        dialog.recovery.click()
        return 0

    answers += [ask_for_recovery, typing("nonsense")]
    answers += [ask_for_recovery, typing(other)]
    answers += [ask_for_recovery, typing(keys[0].lower()), typing(*[TYPED + " new"] * 2)]
    key = ask_for_key(desk.folder)
    assert key is not None
    assert recovery_text(key) == keys[0]
    assert unlock_history(desk.folder, Passphrase(TYPED + " new")) == key
    (desk.folder / "keys.json").unlink()
    answers += [typing(other), typing(keys[0], refusal="This recovery key belongs to another history.")]
    answers += [typing(TYPED, TYPED)]
    assert ask_for_key(desk.folder) == key
    assert unlock_history(desk.folder, PASSPHRASE) == key


@pytest.mark.parametrize("given", [[cancelling], [typing(TYPED, TYPED), cancelling]])
def test_nothing_is_encrypted_without_a_passphrase_or_before_the_recovery_key_is_typed(
    desk: Desk, answers: list[Answer], given: list[Answer]
) -> None:
    answers += given
    trigger(desk, "encryption")
    desk.settle()
    assert answers == []
    assert protection(desk.folder) is Protection.PLAIN


def test_an_encrypted_history_is_backed_up_and_restored(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    questions: list[str], answers: list[Answer], told: list[str],
) -> None:  # fmt: skip
    desk = make_desk(model_file)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.open_and_keep(write_lesion(tmp_path / "first.png", seed=1))
    choose(monkeypatch, tmp_path / "plain.zip")
    trigger(desk, "back up")
    desk.wait(lambda: "Backed up" in message(desk))
    answers += [typing(TYPED, TYPED), partial(typing_back, [])]
    trigger(desk, "encryption")
    close(desk)
    answers += [typing(TYPED)]
    key = ask_for_key(desk.folder)
    desk = make_desk(model_file, key=key)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    choose(monkeypatch, tmp_path / "encrypted.zip")
    trigger(desk, "back up encrypted")
    desk.wait(lambda: "Backed up" in message(desk))
    assert "1 entry and 0 patients" in message(desk)
    assert b"first.png" not in (tmp_path / "encrypted.zip").read_bytes()

    choose(monkeypatch, tmp_path / "plain.zip")
    trigger(desk, "restore")
    close(desk)
    assert "The restored one will be too, with the same passphrase" in questions[-1]
    assert unlock_history(desk.folder, PASSPHRASE) == key
    desk = make_desk(model_file, key=key)
    assert [one.image.name for one in desk.entries()] == ["first.png"]

    desk = make_desk(model_file, data="another computer")
    choose(monkeypatch, tmp_path / "encrypted.zip")
    answers += [typing("wrong"), typing(TYPED, refusal="The passphrase is wrong.")]
    trigger(desk, "restore")
    close(desk)
    assert "The backup is of an encrypted history" in questions[-1]
    answers += [typing(TYPED)]
    assert ask_for_key(desk.folder) == key
    assert [one.image.name for one in make_desk(model_file, data="another computer", key=key).entries()] == [
        "first.png"
    ]


def test_cancelling_at_the_start_opens_nothing(desk: Desk, answers: list[Answer]) -> None:
    answers += [typing(TYPED, TYPED), partial(typing_back, [])]
    trigger(desk, "encryption")
    close(desk)
    answers += [cancelling]
    with pytest.raises(CancelledError):
        ask_for_key(desk.folder)
