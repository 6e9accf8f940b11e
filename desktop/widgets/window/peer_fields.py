"""The fields for another DICOM program: its AE title, address and port, and a test."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from desktop.core.exchange.dicom_peer import Peer

_PORT_WIDTH = 70
_LONGEST_TITLE = 16


class PeerFields(QWidget):
    """One line of fields, and a button to try the program out."""

    test_requested = Signal()

    def __init__(self, now: Peer, name: str, parent: QWidget) -> None:
        """`name` says what the program is for."""
        super().__init__(parent)
        self.title = QLineEdit(now.title, self)
        self.title.setMaxLength(_LONGEST_TITLE)
        self.title.setPlaceholderText(self.tr("AE title"))
        self.title.setAccessibleName(self.tr("AE title: {program}").format(program=name))
        self.host = QLineEdit(now.host, self)
        self.host.setPlaceholderText(self.tr("Address"))
        self.host.setAccessibleName(self.tr("Address: {program}").format(program=name))
        self.port = QLineEdit(str(now.port), self)
        self.port.setFixedWidth(_PORT_WIDTH)
        self.port.setAccessibleName(self.tr("Port: {program}").format(program=name))
        self.test = QPushButton(self.tr("Test"), self)
        self.test.setAccessibleName(self.tr("Test: {program}").format(program=name))
        self.test.clicked.connect(self.test_requested)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.title, 2)
        layout.addWidget(self.host, 3)
        layout.addWidget(self.port)
        layout.addWidget(self.test)

    @property
    def is_used(self) -> bool:
        """Whether a program is entered."""
        return bool(self.title.text().strip() or self.host.text().strip())

    def program(self) -> tuple[str, str, int]:
        """Return the AE title, the address and the port; 0 for a port that is none."""
        port = self.port.text().strip()
        return (
            self.title.text().strip(),
            self.host.text().strip(),
            int(port) if port.isascii() and port.isdecimal() else 0,
        )
