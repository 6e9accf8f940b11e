"""The field for a passphrase: every way of typing is followed, and Qt holds nothing of it but blanks."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from desktop.core.encryption.passphrase import Passphrase
from desktop.widgets.window.passphrase_field import PassphraseField

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(params=[False, True], ids=["dots", "shown"])
def field(qtbot: QtBot, request: pytest.FixtureRequest) -> PassphraseField:
    made = PassphraseField()
    qtbot.addWidget(made)
    made.show_characters(request.param)
    made.resize(400, 30)
    made.show()
    made.setFocus()
    return made


def typed(field: PassphraseField) -> str:
    """Return what the field keeps; Qt's text must be as long and say nothing."""
    text = "".join(field.passphrase())
    assert len(field.text()) == len(text)
    assert not field.text().strip()
    return text


def test_keys_are_followed(field: PassphraseField) -> None:
    QTest.keyClicks(field, "four wrds")
    for _step in range(3):
        QTest.keyClick(field, Qt.Key.Key_Left)
    QTest.keyClicks(field, "o")
    assert typed(field) == "four words"
    QTest.keyClick(field, Qt.Key.Key_Home)
    QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClicks(field, "F")
    QTest.keyClick(field, Qt.Key.Key_End)
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    assert typed(field) == "Four word"
    field.setSelection(1, 4)
    QTest.keyClicks(field, "ive ")
    assert typed(field) == "Five word"
    assert field.cursorPosition() == 5
    field.setSelection(0, 5)
    QTest.keyClick(field, Qt.Key.Key_Delete)
    assert typed(field) == "word"


def test_what_is_pasted_is_followed(field: PassphraseField) -> None:
    QTest.keyClicks(field, "[]")
    QTest.keyClick(field, Qt.Key.Key_Left)
    QApplication.clipboard().setText("\u00e4 \u0416\U0001f511")
    QTest.keyClick(field, Qt.Key.Key_V, CONTROL)
    assert typed(field) == "[\u00e4 \u0416\U0001f511]"
    QTest.keyClicks(field, ".")
    assert typed(field) == "[\u00e4 \u0416\U0001f511.]"
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_V, CONTROL)
    assert typed(field) == "\u00e4 \u0416\U0001f511"
    field.setText("set")
    assert typed(field) == "set"


def test_what_an_input_method_composes_is_followed(field: PassphraseField) -> None:
    QTest.keyClicks(field, "ab")
    event = QInputMethodEvent("", [])
    event.setCommitString("\u00ea")
    QApplication.sendEvent(field, event)
    assert typed(field) == "ab\u00ea"
    event = QInputMethodEvent("", [])
    event.setCommitString("X", -2, 2)
    QApplication.sendEvent(field, event)
    assert typed(field) == "aX"


def test_nothing_can_be_copied(field: PassphraseField) -> None:
    QApplication.clipboard().setText("before")
    QTest.keyClicks(field, "four words")
    field.selectAll()
    for key in (Qt.Key.Key_C, Qt.Key.Key_X):
        QTest.keyClick(field, key, CONTROL)
    assert "four" not in QApplication.clipboard().text()


def test_undoing_agrees_with_what_is_kept(field: PassphraseField) -> None:
    QTest.keyClicks(field, "four words")
    field.setSelection(4, 6)
    QTest.keyClick(field, Qt.Key.Key_Delete)
    for key in (Qt.Key.Key_Z, Qt.Key.Key_Z, Qt.Key.Key_Y, Qt.Key.Key_Y):
        QTest.keyClick(field, key, CONTROL)
        assert "four words".startswith(typed(field))
    field.forget()
    QTest.keyClick(field, Qt.Key.Key_Z, CONTROL)
    assert typed(field) == ""


def test_other_blanks_are_kept(field: PassphraseField) -> None:
    for blank in "\u2003\u00a0\u3000":
        QTest.keyClicks(field, "a")
        QApplication.clipboard().setText(f"{blank}b{blank}")
        QTest.keyClick(field, Qt.Key.Key_V, CONTROL)
        assert "".join(field.taken()) == f"a{blank}b{blank}"


def test_the_blank_that_stands_for_characters_is_left_out(field: PassphraseField) -> None:
    QTest.keyClicks(field, "a")
    QApplication.clipboard().setText("\u2001b\u2001")
    QTest.keyClick(field, Qt.Key.Key_V, CONTROL)
    assert typed(field) in {"a", "ab"}
    QTest.keyClicks(field, "c")
    assert typed(field) in {"ac", "abc"}


def test_keyboards_on_the_screen_learn_nothing(field: PassphraseField) -> None:
    hints = field.inputMethodHints()
    assert hints & Qt.InputMethodHint.ImhSensitiveData
    assert hints & Qt.InputMethodHint.ImhNoPredictiveText


def test_it_forgets(field: PassphraseField) -> None:
    QTest.keyClicks(field, "four words")
    assert field.taken() == Passphrase("four words")
    assert field.text() == ""
    assert bytes(field._codes) == bytes(field._codes.nbytes)


def test_characters_are_drawn_only_when_they_are_shown(qtbot: QtBot) -> None:
    field = PassphraseField()
    qtbot.addWidget(field)
    field.resize(400, 30)
    field.show()

    def drawn(text: str) -> object:
        field.forget()
        QTest.keyClicks(field, text)
        return field.grab().toImage()

    assert drawn("WWWW") == drawn("iiii")
    field.show_characters(True)
    assert field.echoMode() == QLineEdit.EchoMode.Normal
    assert drawn("WWWW") != drawn("iiii")
    assert drawn("WWWW") == drawn("WWWW")
