"""The dialogs for passphrases: one to choose a new one, one to enter one that exists, and what they have in common."""

from PySide6.QtWidgets import QCheckBox, QDialogButtonBox, QVBoxLayout, QWidget

from desktop.core.encryption.keys import check_passphrase
from desktop.core.encryption.passphrase import Passphrase
from desktop.core.errors import PassphraseError
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.text_dialog import TextDialog
from desktop.widgets.common.wording import sentence
from desktop.widgets.window.covers import CLOSED
from desktop.widgets.window.passphrase_field import PassphraseField

_WIDTH = 460


class PassphraseEntry(TextDialog):
    """A text, fields, a box that shows what is typed, and a line for what is wrong."""

    def __init__(self, title: str, text: str, labels: list[str], accept: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(_WIDTH)
        self.setProperty(CLOSED, True)
        told = PlainLabel(text, self)
        told.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.addWidget(told)
        self.fields = [PassphraseField(self) for _label in labels]
        for field, label in zip(self.fields, labels, strict=True):
            field.setAccessibleName(label)
            layout.addWidget(PlainLabel(label, self))
            layout.addWidget(field)
        self.shown = QCheckBox(self.tr("Show what is typed"), self)
        self.shown.toggled.connect(self._show)
        layout.addWidget(self.shown)
        self.refusal = PlainLabel(self)
        self.refusal.setWordWrap(True)
        layout.addWidget(self.refusal)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.buttons.addButton(accept, QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout.addWidget(self.buttons)

    def ask(self) -> Passphrase | None:
        """Show the dialog once; return the passphrase, which the dialog forgets, or None if the user cancels."""
        passphrase = self.fields[0].passphrase() if self.exec() else None
        for field in self.fields:
            field.forget()
        self.deleteLater()
        return passphrase

    def _show(self, is_shown: bool) -> None:
        for field in self.fields:
            field.show_characters(is_shown)


class NewPassphraseDialog(PassphraseEntry):
    """Asks for a new passphrase, twice; `text` says what is lost without it."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Choose a passphrase"),
            text,
            [self.tr("Passphrase:"), self.tr("Repeat the passphrase:")],
            self.tr("Continue"),
            parent,
        )

    def accept(self) -> None:
        """Close unless the passphrase is too short or was typed in two ways."""
        first, again = (field.passphrase() for field in self.fields)
        try:
            check_passphrase(first)
        except PassphraseError as error:
            self.refusal.setText(sentence(error))
            return
        if first == again:
            super().accept()
        else:
            self.refusal.setText(self.tr("The two entries differ. Type both again."))


class PassphraseDialog(PassphraseEntry):
    """Asks for a passphrase; `refusal` says why the one before was not taken."""

    def __init__(self, text: str, refusal: str, parent: QWidget) -> None:
        super().__init__(self.tr("Passphrase"), text, [self.tr("Passphrase:")], self.tr("Continue"), parent)
        self.refusal.setText(refusal)


class UnlockDialog(PassphraseEntry):
    """Asks for the passphrase of the history, or leads to the recovery key; `refusal` says what was wrong before."""

    def __init__(self, refusal: str = "") -> None:
        super().__init__(
            self.tr("LesionLens"),
            self.tr("The history is encrypted. Enter its passphrase."),
            [self.tr("Passphrase:")],
            self.tr("Open"),
            None,
        )
        self.wants_recovery = False
        self.refusal.setText(refusal)
        self.recovery = self.buttons.addButton(self.tr("Use the recovery key…"), QDialogButtonBox.ButtonRole.ActionRole)
        self.recovery.clicked.connect(self._recover)

    def _recover(self) -> None:
        self.wants_recovery = True
        self.reject()


class RecoveryDialog(PassphraseEntry):
    """Asks for the recovery key of the history."""

    def __init__(self, refusal: str = "") -> None:
        super().__init__(
            self.tr("Recovery key"),
            self.tr("Enter the recovery key that was printed or saved when the history was encrypted."),
            [self.tr("Recovery key (six groups of five characters):")],
            self.tr("Continue"),
            None,
        )
        self.shown.setChecked(True)  # it is long, and read from paper
        self.refusal.setText(refusal)
