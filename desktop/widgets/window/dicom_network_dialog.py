"""Settings of the DICOM network: the archive to which visits go, and the worklist from which patients come."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6 import QtWidgets
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.core.errors import AppError
from desktop.core.exchange.asked_patient import PseudonymFrom
from desktop.core.exchange.dicom_peer import NetworkError, Peer, Role
from desktop.core.frozen import frozen
from desktop.core.marking import tr
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.sheet import Sheet
from desktop.widgets.common.wording import sentence
from desktop.widgets.window.peer_fields import PeerFields
from desktop.widgets.window.pseudonym_choice import PseudonymChoice

_WIDTH = 680


@frozen
class DicomNetworkChoice:
    """What the user chose: both programs have the same AE title of ours, and the same protection."""

    is_on: bool
    archive: Peer
    worklist: Peer
    pseudonym: PseudonymFrom
    with_answers: bool


class DicomNetworkDialog(Sheet):
    """Asks for the programs; `chosen` is emitted once it is accepted."""

    chosen = Signal(object)
    """The DicomNetworkChoice."""
    test_requested = Signal(object, object)
    """The Peer to try out, and what is called with the AppError, or None if all went well."""

    def __init__(self, now: DicomNetworkChoice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("DICOM network"))
        self.is_on = QCheckBox(self.tr("Reach an archive and a worklist over the network (DICOM)"), self)
        self.is_on.setChecked(now.is_on)
        self.own_title = QLineEdit(now.archive.own_title, self)
        self.own_title.setMaxLength(16)
        self.archive = PeerFields(now.archive, self.tr("Archive (PACS)"), self)
        self.worklist = PeerFields(now.worklist, self.tr("Worklist"), self)
        for fields in (self.archive, self.worklist):
            fields.test_requested.connect(partial(self._try_out, fields))
        self.uses_tls = QCheckBox(self.tr("Encrypted (TLS)"), self)
        self.uses_tls.setChecked(now.archive.uses_tls)
        self.authority = QLineEdit("" if now.archive.authority is None else str(now.archive.authority), self)
        self.authority.setPlaceholderText(self.tr("Those that the system trusts"))
        self._browse = QPushButton(self.tr("Choose…"), self)
        self._browse.clicked.connect(self._choose_authority)
        self.pseudonym = PseudonymChoice(now.pseudonym, self)
        self.with_answers = QCheckBox(
            self.tr("Send the model's answers too, in documents of their own headed “Machine, unverified”"), self
        )
        self.with_answers.setChecked(now.with_answers)
        self.outcome = PlainLabel("", self)
        self.outcome.setWordWrap(True)
        self.use = QPushButton(self.tr("Use"), self)
        self.use.setProperty("prominent", True)
        self.use.setDefault(True)
        self.use.clicked.connect(self._accept)
        self._lay_out()
        self.resize(_WIDTH, self.sizeHint().height())
        self.setFocusProxy(self.is_on)

    def _lay_out(self) -> None:
        title = PlainLabel(self.tr("DICOM network"), self)
        title.setObjectName("title")
        where = QHBoxLayout()
        where.addWidget(self.authority, 1)
        where.addWidget(self._browse)
        form = QFormLayout()
        form.addRow(self.tr("AE title of LesionLens"), self.own_title)
        form.addRow(self.tr("Archive (PACS)"), self.archive)
        form.addRow(self.tr("Worklist"), self.worklist)
        form.addRow("", self.uses_tls)
        form.addRow(self.tr("Certificates to trust"), where)
        form.addRow(self.tr("Pseudonym of a new patient"), self.pseudonym)
        form.addRow("", self.with_answers)
        says = PlainLabel(
            self.tr(
                "LesionLens connects to these two addresses alone, and only when you send a visit, open the worklist or "
                "test. What is sent names the patient by the pseudonym."
            ),
            self,
        )
        says.setWordWrap(True)
        cancel = QPushButton(self.tr("Cancel"), self)
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addWidget(self.outcome, 1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.use)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 18, 18, 18)
        layout.setSpacing(12)
        layout.addWidget(title)
        layout.addWidget(self.is_on)
        layout.addLayout(form)
        layout.addWidget(says)
        layout.addLayout(buttons)

    def _choose_authority(self) -> None:
        name, _kind = QtWidgets.QFileDialog.getOpenFileName(
            self, self.tr("Certificates to trust (PEM)"), self.authority.text()
        )
        if name:
            self.authority.setText(name)

    def _peer(self, fields: PeerFields) -> Peer:
        title, host, port = fields.program()
        authority = self.authority.text().strip()
        return Peer(
            title,
            host,
            port,
            self.own_title.text().strip(),
            self.uses_tls.isChecked(),
            Path(authority) if authority else None,
            Role.ARCHIVE if fields is self.archive else Role.WORKLIST,
        )

    def _try_out(self, fields: PeerFields) -> None:
        peer = self._peer(fields)
        try:
            peer.check()
        except AppError as error:
            self._show(error)
        else:
            self._set_testable(is_testable=False)
            self.outcome.setText(self.tr("Testing…"))
            self.test_requested.emit(peer, partial(self._end_test, peer))

    def _end_test(self, peer: Peer, error: AppError | None) -> None:
        self._set_testable(is_testable=True)
        if error is None:
            self.outcome.setText(self.tr("{program} answers.").format(program=peer.name))
        else:
            self._show(error)

    def _set_testable(self, *, is_testable: bool) -> None:
        for fields in (self.archive, self.worklist):
            fields.test.setEnabled(is_testable)

    def _show(self, error: AppError) -> None:
        self.outcome.setText(sentence(error))

    def _accept(self) -> None:
        if self.is_on.isChecked() and not self._is_complete():
            return
        self.chosen.emit(
            DicomNetworkChoice(
                self.is_on.isChecked(),
                self._peer(self.archive),
                self._peer(self.worklist),
                self.pseudonym.chosen,
                self.with_answers.isChecked(),
            )
        )
        self.accept()

    def _is_complete(self) -> bool:
        """Return whether at least one program is entered, and each that is can be reached so; say so otherwise."""
        used = [fields for fields in (self.archive, self.worklist) if fields.is_used]
        if not used:
            self._show(NetworkError(tr("Enter an archive or a worklist.")))
            return False
        for fields in used:
            try:
                self._peer(fields).check()
            except AppError as error:
                self._show(error)
                return False
        return True
