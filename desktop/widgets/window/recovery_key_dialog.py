"""Shows the recovery key of a history that is about to be encrypted, and has it typed back."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialogButtonBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.core.encryption.keys import Key
from desktop.core.encryption.passphrase import Passphrase
from desktop.core.encryption.recovery import read_recovery_text, recovery_text
from desktop.core.errors import AppError, PassphraseError
from desktop.core.whole_files import save_file
from desktop.widgets.common.file_dialogs import ask_target
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.text_dialog import TextDialog
from desktop.widgets.common.text_document import text_document
from desktop.widgets.common.wording import sentence

_WIDTH = 520


class RecoveryKeyDialog(TextDialog):
    """Accepted once the key was typed back; it does not say whether it was printed, saved or written down."""

    def __init__(self, key: Key, parent: QWidget) -> None:
        super().__init__(parent)
        self._key = key
        self.setWindowTitle(self.tr("Recovery key"))
        self.setMinimumWidth(_WIDTH)
        told = PlainLabel(
            self.tr(
                "If you forget the passphrase, this recovery key alone opens the history. Print it or write it down. Keep it "
                "away from this computer: whoever has it can read everything. If you lose both the passphrase and the recovery "
                "key, the data are lost for good: nobody can restore them."
            ),
            self,
        )
        told.setWordWrap(True)
        self.text = PlainLabel(recovery_text(key), self)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.text.setAccessibleName(self.tr("Recovery key"))
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByKeyboard)
        self.print_button = QPushButton(self.tr("Print…"), self)
        self.print_button.clicked.connect(self._print)
        self.print_button.setAutoDefault(False)  # Enter after the last group is for the key that was typed
        self.save_button = QPushButton(self.tr("Save to a file…"), self)
        self.save_button.setAutoDefault(False)
        self.save_button.clicked.connect(self._save)
        self.typed = QLineEdit(self)
        self.typed.setAccessibleName(self.tr("The recovery key, typed from your copy"))
        self.refusal = PlainLabel(self)
        self.refusal.setWordWrap(True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.buttons.addButton(self.tr("Encrypt"), QDialogButtonBox.ButtonRole.AcceptRole).setDefault(True)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        copies = QHBoxLayout()
        copies.addStretch(1)
        copies.addWidget(self.print_button)
        copies.addWidget(self.save_button)
        copies.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addWidget(told)
        layout.addWidget(self.text)
        layout.addLayout(copies)
        layout.addWidget(PlainLabel(self.tr("Now type it from your copy:"), self))
        layout.addWidget(self.typed)
        layout.addWidget(self.refusal)
        layout.addWidget(self.buttons)
        self.typed.setFocus()

    def accept(self) -> None:
        """Close if the key was typed back."""
        try:
            is_right = read_recovery_text(Passphrase(self.typed.text())) == self._key
        except PassphraseError:
            is_right = False
        if is_right:
            super().accept()
        else:
            self.refusal.setText(self.tr("This is not the key above. Compare it group by group."))

    def _page(self) -> str:
        return self.tr("Recovery key of a LesionLens history") + f"\n\n{recovery_text(self._key)}\n"

    def _print(self) -> None:
        if not QPrinterInfo.availablePrinterNames():
            self.refusal.setText(
                self.tr("There is no printer. Write the key down, or save it to a file on a USB stick.")
            )
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        if QPrintDialog(printer, self).exec():
            document = text_document(QFont(), {})
            document.setPlainText(self._page())
            document.print_(printer)

    def _save(self) -> None:
        target = ask_target(
            self,
            self.tr("Save the recovery key"),
            Path.home() / self.tr("LesionLens recovery key.txt"),
            self.tr("Text (*.txt)"),
        )
        if target is None:
            return
        try:
            save_file(target, self._page().encode())
        except AppError as error:
            self.refusal.setText(sentence(error))
        else:
            self.refusal.setText(self.tr("Saved. Move the file away from this computer."))
