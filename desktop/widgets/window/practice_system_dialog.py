"""Settings of the practice system that is connected by GDT, with a test that writes and reads a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6 import QtWidgets
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.core.errors import AppError
from desktop.core.exchange.asked_patient import PseudonymFrom
from desktop.core.exchange.gdt_folder import Connection
from desktop.core.exchange.gdt_lines import CharacterSet
from desktop.core.exchange.gdt_records import FindingsField
from desktop.widgets.common.calm_inputs import ChoiceBox
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.sheet import Sheet
from desktop.widgets.common.wording import sentence
from desktop.widgets.window.pseudonym_choice import PseudonymChoice

_WIDTH = 620


class PracticeSystemDialog(Sheet):
    """Asks for the connection; `chosen` is emitted once it is accepted."""

    chosen = Signal(object, object, bool, bool)
    """The Connection, the PseudonymFrom, whether a report is sent too, and whether it is on."""
    test_requested = Signal(object)
    """The Connection to try out; the outcome goes to `show_test`."""

    def __init__(
        self,
        now: Connection,
        pseudonym: PseudonymFrom,
        *,
        with_report: bool,
        is_on: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Practice system"))
        self.resize(_WIDTH, self.sizeHint().height())
        self.is_on = QCheckBox(self.tr("Exchange files with the practice system (GDT 2.1)"), self)
        self.is_on.setChecked(is_on)
        self.folder = QLineEdit(str(now.folder) if now.folder != Path() else "", self)
        self._browse = QPushButton(self.tr("Choose…"), self)
        self._browse.clicked.connect(self._choose_folder)
        self.own_id, self.system_id = QLineEdit(now.own_id, self), QLineEdit(now.system_id, self)
        for field in (self.own_id, self.system_id):
            field.setMaxLength(8)
        self.character_set = self._choice(
            [
                (self.tr("ISO 8859-1 (Windows)"), CharacterSet.ISO_8859_1),
                (self.tr("ISO 8859-15 (GDT 3)"), CharacterSet.ISO_8859_15),
                (self.tr("CP437 (DOS)"), CharacterSet.CP437),
                (self.tr("ASCII, without umlauts"), CharacterSet.ASCII),
            ],
            now.character_set,
        )
        self.test_kind = QLineEdit(now.test, self)
        self.findings = self._choice(
            [(self.tr("6220, findings"), FindingsField.FINDING), (self.tr("6228, text"), FindingsField.TEXT)],
            now.findings_field,
        )
        self.pseudonym = PseudonymChoice(pseudonym, self)
        self.with_report = QCheckBox(self.tr("Attach a report as PDF, with the image"), self)
        self.with_report.setChecked(with_report)
        self.test = QPushButton(self.tr("Test"), self)
        self.test.clicked.connect(lambda: self._with_connection(self._ask_test))
        self.outcome = PlainLabel("", self)
        self.outcome.setWordWrap(True)
        self.use = QPushButton(self.tr("Use"), self)
        self.use.setProperty("prominent", True)
        self.use.setDefault(True)
        self.use.clicked.connect(self._accept)
        self._lay_out()
        self.setFocusProxy(self.is_on)

    def show_test(self, error: AppError | None) -> None:
        """Show the outcome of a test: None if all went well."""
        self.test.setEnabled(True)
        self.outcome.setText(self.tr("A file was written, read and deleted.") if error is None else sentence(error))

    def _lay_out(self) -> None:
        title = PlainLabel(self.tr("Practice system"), self)
        title.setObjectName("title")
        where = QHBoxLayout()
        where.addWidget(self.folder, 1)
        where.addWidget(self._browse)
        form = QFormLayout()
        form.addRow(self.tr("Folder"), where)
        form.addRow(self.tr("GDT id of LesionLens"), self.own_id)
        form.addRow(self.tr("GDT id of the practice system"), self.system_id)
        form.addRow(self.tr("Character set"), self.character_set)
        form.addRow(self.tr("Kind of examination (8402)"), self.test_kind)
        form.addRow(self.tr("Assessments go to field"), self.findings)
        form.addRow(self.tr("Pseudonym of a new patient"), self.pseudonym)
        form.addRow("", self.with_report)
        sends = PlainLabel(
            self.tr(
                "Your assessment of a lesion is sent once it is saved, for patients whom the practice system asked for. "
                "Nothing of the model's answer is sent."
            ),
            self,
        )
        sends.setWordWrap(True)
        cancel = QPushButton(self.tr("Cancel"), self)
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addWidget(self.test)
        buttons.addWidget(self.outcome, 1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.use)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 18, 18, 18)
        layout.setSpacing(12)
        layout.addWidget(title)
        layout.addWidget(self.is_on)
        layout.addLayout(form)
        layout.addWidget(sends)
        layout.addLayout(buttons)

    def _choice(self, choices: list[tuple[str, object]], now: object) -> ChoiceBox:
        made = ChoiceBox(self)
        for text, value in choices:
            made.addItem(text, value)
        made.setCurrentIndex([value for _text, value in choices].index(now))
        return made

    def _choose_folder(self) -> None:
        name = QtWidgets.QFileDialog.getExistingDirectory(
            self, self.tr("Folder of the practice system"), self.folder.text()
        )
        if name:
            self.folder.setText(name)

    def _connection(self) -> Connection:
        return Connection(
            Path(self.folder.text().strip()),
            self.own_id.text().strip(),
            self.system_id.text().strip(),
            self.character_set.currentData(),
            self.test_kind.text().strip(),
            self.findings.currentData(),
        )

    def _with_connection(self, act: Callable[[Connection], None]) -> None:
        """Do something with the connection, or say why it cannot work."""
        connection = self._connection()
        try:
            connection.check()
        except AppError as error:
            self.show_test(error)
        else:
            act(connection)

    def _ask_test(self, connection: Connection) -> None:
        self.test.setEnabled(False)
        self.outcome.setText(self.tr("Testing…"))
        self.test_requested.emit(connection)

    def _accept(self) -> None:
        if self.is_on.isChecked():
            self._with_connection(self._take)
        else:
            self._take(self._connection())

    def _take(self, connection: Connection) -> None:
        self.chosen.emit(connection, self.pseudonym.chosen, self.with_report.isChecked(), self.is_on.isChecked())
        self.accept()
