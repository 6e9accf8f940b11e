"""The lock: nothing can be read, the key is forgotten, work goes on or waits, and nothing typed is lost."""

import gc
import threading
import time
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QMessageBox, QWidget

from desktop.core.encryption.file_cipher import FileCipher
from desktop.core.encryption.keys import MASTER_BYTES, Key
from desktop.core.encryption.overwriting import SecretBytes
from desktop.core.encryption.passphrase import Passphrase
from desktop.core.records.audit_acts import Action, AuditFilter
from desktop.core.records.converting import encrypt_history
from desktop.core.records.history import History
from desktop.core.records.key_file import unlock_history, write_key_file
from desktop.core.records.schema import FILE_NAME
from desktop.system.settings import IDLE_LOCK
from desktop.widgets.visit.outcome_dialog import OutcomeDialog
from desktop.widgets.window.lock_dialog import LockDialog
from desktop.widgets.window.passphrase_dialogs import NewPassphraseDialog, PassphraseDialog
from tests.core.encryption.test_keys import PASSPHRASE, TYPED
from tests.making import write_lesion
from tests.platforms import linux
from tests.widgets.audit.test_audited_acts import add_patient
from tests.widgets.conftest import Desk
from tests.widgets.everything import _of, _spoken
from tests.widgets.window.test_backup_presenter import choose, message, trigger
from tests.widgets.window.test_encryption_presenter import Answer, cancelling
from tests.widgets.window.test_encryption_presenter import press as press_in_box

MakeDesk = Callable[..., Desk]


@pytest.fixture
def encrypted(make_desk: MakeDesk, model_file: Path, tmp_path: Path) -> Desk:
    """A window with an encrypted history of one image, whose key nothing else holds."""
    desk = make_desk(model_file)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.open_and_keep(write_lesion(tmp_path / "Muster Erika.png", seed=1))
    desk.settle()
    folder = desk.folder
    make_desk(model_file, data="meanwhile")  # closes the first
    encrypt_history(folder, Key.new(MASTER_BYTES), PASSPHRASE)
    desk = make_desk(model_file, key=unlock_history(folder, PASSPHRASE))
    desk.wait(lambda: desk.parts.model.classifier is not None)
    return desk


def lock_dialog(desk: Desk) -> LockDialog:
    (dialog,) = desk.parts.window.findChildren(LockDialog)
    return dialog


def lock(desk: Desk) -> LockDialog:
    trigger(desk, "lock")
    desk.wait(lambda: not desk.parts.lock.has_key)
    return lock_dialog(desk)


def enter(dialog: LockDialog, passphrase: str) -> None:
    dialog.fields[0].setText(passphrase)
    dialog.unlock.click()


def unlock(desk: Desk) -> None:
    enter(lock_dialog(desk), TYPED)
    desk.wait(lambda: not desk.parts.lock.is_locked)
    desk.settle()


def readable_texts() -> str:
    """Return every text of visible widgets, shown or spoken."""
    found: list[str] = []
    for top in QApplication.topLevelWidgets():
        for widget in (top, *top.findChildren(QWidget)):
            if widget.isVisible():
                found += [*_of(widget), *_spoken(widget)]
    return "\n".join(text for text in found if text.strip())


def logged(desk: Desk) -> list[tuple[str, dict[str, object]]]:
    """Return action and detail of each act of the lock, oldest first."""
    desk.settle()
    with History.open(desk.folder, key=desk.parts.history_service.key) as history:
        acts = history.audit.page(AuditFilter()).acts
    return [(act.action, dict(act.detail)) for act in reversed(acts) if "lock" in act.action]


def test_nothing_can_be_read_and_nothing_typed_is_lost(encrypted: Desk, tmp_path: Path) -> None:
    desk = encrypted
    window = desk.parts.window
    desk.parts.open_patient.open(add_patient(desk, "P-0412"))
    desk.wait(lambda: desk.parts.open_patient.patient is not None)
    desk.parts.blinding.switch(True)
    desk.open_and_keep(write_lesion(tmp_path / "Muster Emil.png", seed=2))
    desk.settle()
    form = window.visit_page.assessment_panel._form
    assert form is not None
    QTest.keyClicks(form.note, "half a thought")
    outcomes = window.features.worklists._outcomes
    dialog = outcomes.ask("P-0412, L1", image_id=1)
    assert isinstance(dialog, OutcomeDialog)
    dialog.note.setFocus()
    dialog.note.setPlainText("half a report")
    trigger(desk, "handbook")
    desk.settle()
    size = dialog.size()
    shown = readable_texts()
    assert "P-0412" in shown
    assert "half a report" in shown

    locked = lock(desk)
    hidden = readable_texts()
    for secret in ("P-0412", "Muster", "half a", "Outcome", "Handbook", "Melanom", "Placed"):
        assert secret not in hidden
    assert "LesionLens is locked." in hidden
    assert {top.windowTitle() for top in QApplication.topLevelWidgets() if top.isVisible()} == {"LesionLens"}
    assert QApplication.activeModalWidget() is locked
    locked.reject()
    assert locked.isVisible()

    unlock(desk)
    assert dialog.isVisible()
    assert dialog.note.toPlainText() == "half a report"
    assert dialog.size() == size
    assert dialog.windowTitle() == "Outcome"
    assert dialog.focusWidget() is dialog.note
    assert form.note.text() == "half a thought"
    assert desk.parts.drafts.of(desk.parts.open_image.picture.sha256).note == "half a thought"
    assert readable_texts().split("\n") == shown.split("\n")
    dialog.close()


def test_the_key_is_forgotten(encrypted: Desk) -> None:
    desk = encrypted
    service = desk.parts.history_service
    ciphers = (service.image_store._cipher, desk.parts.drafts._cipher)
    held = [weakref.ref(one) for one in (service.key, *ciphers)]
    assert all(isinstance(one, FileCipher) for one in ciphers)
    del ciphers
    lock(desk)
    gc.collect()
    assert [one() for one in held] == [None, None, None]
    assert desk.parts.history_service._history is None
    unlock(desk)
    assert [one.image.name for one in desk.entries()] == ["Muster Erika.png"]


@linux
def test_no_file_of_the_history_stays_open(encrypted: Desk) -> None:
    def are_open() -> bool:
        links = Path("/proc/self/fd").iterdir()
        return any(FILE_NAME in link.readlink().name for link in links if link.is_symlink())

    encrypted.settle()
    assert are_open()
    lock(encrypted)
    assert not are_open()


def test_a_wrong_passphrase_opens_nothing_and_is_logged(encrypted: Desk) -> None:
    desk = encrypted
    dialog = lock(desk)
    for wrong in ("wrong", TYPED + " "):
        enter(dialog, wrong)
        desk.wait(lambda: dialog.refusal.text().startswith("The passphrase is wrong."))
        assert desk.parts.lock.is_locked
        assert dialog.fields[0].text() == ""
    unlock(desk)
    assert logged(desk) == [
        ("locked", {"idle minutes": 0}),
        ("unlocking refused", {"of": "lock"}),
        ("unlocking refused", {"of": "lock"}),
        ("unlocked", {}),
    ]


def test_an_exchanged_key_file_does_not_open_the_lock(encrypted: Desk) -> None:
    desk = encrypted
    dialog = lock(desk)
    own = (desk.folder / "keys.json").read_bytes()
    write_key_file(desk.folder, Key.new(MASTER_BYTES), PASSPHRASE)
    enter(dialog, TYPED)
    desk.wait(lambda: "another history" in dialog.refusal.text())
    assert desk.parts.lock.is_locked
    assert not desk.parts.lock.has_key
    (desk.folder / "keys.json").write_bytes(own)
    unlock(desk)


def test_the_lock_waits_for_a_write_and_later_ones_wait_for_it(encrypted: Desk) -> None:
    desk = encrypted
    service, may_end = desk.parts.history_service, threading.Event()
    made: list[str] = []

    def add(pseudonym: str) -> None:
        def work(history: History, by: str) -> None:
            may_end.wait()
            history.people.add_patient(pseudonym, "female", by=by)

        service.write(work, lambda _nothing: made.append(pseudonym), pytest.fail)

    add("P-1")
    trigger(desk, "lock")
    assert "is being finished" in lock_dialog(desk).refusal.text()
    add("P-2")
    assert desk.parts.lock.has_key
    may_end.set()
    desk.wait(lambda: not desk.parts.lock.has_key)
    assert made == ["P-1"]
    assert lock_dialog(desk).refusal.text() == ""
    unlock(desk)
    assert made == ["P-1", "P-2"]


def test_the_passphrase_opens_a_lock_that_still_waits(encrypted: Desk) -> None:
    desk = encrypted
    may_end = threading.Event()
    desk.parts.history_service.ask(lambda _history: may_end.wait(), lambda _done: None, pytest.fail)
    trigger(desk, "lock")
    enter(lock_dialog(desk), TYPED)
    desk.wait(lambda: not desk.parts.lock.is_locked)
    may_end.set()
    desk.settle()
    assert desk.parts.lock.has_key
    assert [one.image.name for one in desk.entries()] == ["Muster Erika.png"]


def test_a_folder_is_classified_behind_the_lock(encrypted: Desk, tmp_path: Path) -> None:
    desk = encrypted
    folder = tmp_path / "folder"
    folder.mkdir()
    for seed in range(4):
        write_lesion(folder / f"{seed}.png", seed)
    with desk.qtbot.waitSignal(desk.parts.batch.ended):
        desk.parts.window.open_files([folder])
        desk.wait(lambda: desk.parts.batch.is_running)
        lock(desk)
    assert desk.parts.lock.is_locked
    assert desk.parts.batch.is_saving
    unlock(desk)
    desk.wait(lambda: not desk.parts.batch.is_saving)
    with History.open(desk.folder, key=desk.parts.history_service.key) as history:
        assert len(history.runs.rows(desk.parts.batch.run_id)) == 4


def test_files_handed_over_are_opened_once_it_is_open(encrypted: Desk, tmp_path: Path) -> None:
    desk = encrypted
    lock(desk)
    desk.parts.window.open_files([write_lesion(tmp_path / "handed over.png", seed=3)])
    assert desk.parts.open_image.picture is None
    unlock(desk)
    desk.wait(lambda: desk.parts.open_image.picture is not None)
    assert desk.parts.open_image.picture.name == "handed over.png"


def test_a_message_behind_the_lock_is_covered_and_blocks_nothing(encrypted: Desk) -> None:
    desk = encrypted
    dialog = lock(desk)
    box = QMessageBox(QMessageBox.Icon.Critical, "LesionLens", "Something with P-0412", parent=desk.parts.window)
    box.open()
    assert "P-0412" not in readable_texts()
    desk.wait(lambda: QApplication.activeModalWidget() is dialog)
    box.setWindowTitle("Something with P-0413")
    assert "P-041" not in readable_texts()
    unlock(desk)
    assert "P-0412" in readable_texts()
    assert box.windowTitle() == "Something with P-0413"
    box.close()


def test_menus_and_dialogs_for_files_are_closed(encrypted: Desk) -> None:
    desk = encrypted
    menu = QMenu("Patient P-0412", desk.parts.window)
    menu.addAction("P-0412")
    menu.popup(desk.parts.window.pos())
    files = QFileDialog(desk.parts.window, "Where is “Muster Erika.png” now?")
    files.open()
    menu.popup(desk.parts.window.pos())
    lock(desk)
    assert not menu.isVisible()
    assert not files.isVisible()
    unlock(desk)


def test_the_menus_of_the_desktop_are_empty(encrypted: Desk) -> None:
    bar = encrypted.parts.window.menuBar()
    before = [action.text() for action in bar.actions() if action.isVisible()]
    lock(encrypted)
    assert not [action for action in bar.actions() if action.isVisible()]
    unlock(encrypted)
    assert [action.text() for action in bar.actions() if action.isVisible()] == before


def passphrases_in_memory() -> list[Passphrase]:
    gc.collect()
    return [one for one in gc.get_objects() if isinstance(one, Passphrase) and one is not PASSPHRASE]


def test_dialogs_for_passphrases_are_closed(encrypted: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = encrypted
    press_in_box(monkeypatch, "Change")

    def give_old() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, PassphraseDialog)
        QTest.keyClicks(dialog.fields[0], TYPED)
        QTimer.singleShot(0, begin_new)
        dialog.accept()

    def begin_new() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, NewPassphraseDialog)
        QTest.keyClicks(dialog.fields[0], "half a passphrase")
        assert len(passphrases_in_memory()) == 1, "that of the first dialog"
        trigger(desk, "lock")

    QTimer.singleShot(0, give_old)
    trigger(desk, "encryption")
    desk.wait(lambda: not desk.parts.lock.has_key)
    assert passphrases_in_memory() == []
    assert QApplication.activeModalWidget() is lock_dialog(desk)
    unlock(desk)
    assert QApplication.activeModalWidget() is None


def test_the_keys_of_a_backup_are_forgotten(encrypted: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = encrypted
    choose(monkeypatch, tmp_path / "backup.zip")
    trigger(desk, "back up")
    desk.wait(lambda: "Backed up" in message(desk))
    key = desk.parts.history_service.key
    assert key is not None
    master = bytes(key.secret)
    del key
    given: list[Passphrase] = [Passphrase(TYPED), Passphrase(TYPED)]
    monkeypatch.setattr(PassphraseDialog, "ask", lambda _dialog: given.pop() if given else None)
    asked: list[str] = []

    def lock_meanwhile(_parent: object, _title: str, text: str, *_buttons: object) -> QMessageBox.StandardButton:
        asked.append(text)
        lock(desk)
        assert not [one for one in gc.get_objects() if isinstance(one, SecretBytes) and one == master]
        unlock(desk)
        return QMessageBox.StandardButton.Yes

    monkeypatch.setattr(QMessageBox, "question", lock_meanwhile)
    trigger(desk, "restore")
    desk.wait(lambda: not given)
    desk.wait(lambda: len(asked) == 2)
    desk.settle()


def test_quitting_while_locked(encrypted: Desk, questions: list[str]) -> None:
    desk = encrypted
    box = QMessageBox(QMessageBox.Icon.Critical, "LesionLens", "Something", parent=desk.parts.window)
    box.open()
    dialog = lock(desk)
    dialog.close()
    assert not desk.parts.window.isVisible()
    assert not [top for top in QApplication.topLevelWidgets() if top.isVisible()]
    assert questions == []


def test_quitting_while_something_waits_is_asked(encrypted: Desk, questions: list[str]) -> None:
    desk = encrypted
    dialog = lock(desk)
    desk.parts.history_service.ask(lambda _history: None, lambda _done: None, pytest.fail)
    assert not desk.parts.lock.has_waiting_writes, "nothing is lost by a reading"
    desk.parts.audit.note(Action.LOG_VIEWED)
    dialog.quit.click()
    assert "is not saved yet" in questions[0]
    assert not desk.parts.window.isVisible()


def test_an_idle_window_is_locked(encrypted: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = encrypted
    (menu,) = (one for one in desk.parts.window.findChildren(QMenu) if one.title() == "Lock when &idle")
    assert [action.text() for action in menu.actions() if action.isChecked()] == ["Off"]
    menu.actions()[1].trigger()
    assert desk.parts.window._session.settings.get(IDLE_LOCK) == 5
    desk.settle()
    desk.parts.window.features.lock._input.idle.emit()
    desk.wait(lambda: not desk.parts.lock.has_key)
    clock = time.time()
    with monkeypatch.context() as asleep:
        asleep.setattr(time, "time", lambda: clock + 3600)
        QTest.keyClick(lock_dialog(desk).windowHandle(), Qt.Key.Key_F)
    assert lock_dialog(desk).fields[0].passphrase() == Passphrase("f")
    unlock(desk)
    assert logged(desk) == [
        ("idle lock changed", {"old": 0, "new": 5}),
        ("locked", {"idle minutes": 5}),
        ("unlocked", {}),
    ]


def test_the_key_locks_in_other_windows(encrypted: Desk) -> None:
    desk = encrypted
    trigger(desk, "handbook")
    handbook = desk.parts.window.features.dialogs._handbook
    desk.qtbot.waitActive(handbook)
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(handbook.windowHandle(), Qt.Key.Key_K, keys)
    desk.wait(lambda: not desk.parts.lock.has_key)
    unlock(desk)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[Answer]:
    given: list[Answer] = []

    def answer(dialog: NewPassphraseDialog) -> int:
        return given.pop(0)(dialog)

    monkeypatch.setattr(NewPassphraseDialog, "exec", answer)
    return given


def test_a_plain_history_is_not_locked_but_can_be_encrypted(
    desk: Desk, answers: list[Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    texts: list[str] = []
    press_in_box(monkeypatch, "Encrypt")
    run = QMessageBox.exec
    monkeypatch.setattr(QMessageBox, "exec", lambda box: (texts.append(box.text()), run(box)))
    answers += [cancelling, cancelling]
    trigger(desk, "lock")
    assert "Only an encrypted history can be locked." in texts[0]
    (menu,) = (one for one in desk.parts.window.findChildren(QMenu) if one.title() == "Lock when &idle")
    menu.actions()[2].trigger()
    assert answers == []
    assert desk.parts.window._session.settings.get(IDLE_LOCK) == 0
    assert [action.text() for action in menu.actions() if action.isChecked()] == ["Off"]
    assert not desk.parts.lock.is_locked
    assert message(desk) == ""
