"""The line below the image that says what is to be known of the outline."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from desktop.widgets.common.plain_text import PlainLabel


class LesionOutlineBar(QFrame):
    """Hidden while the outline is off."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.finding = PlainLabel(self)
        self.finding.setProperty("strong", True)
        self.finding.setWordWrap(True)
        self.text = PlainLabel(self)
        self.text.setWordWrap(True)
        self.text.setProperty("muted", True)
        self.text.setProperty("small", True)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 2, 12, 6)
        row.setSpacing(8)
        row.addWidget(self.finding, 1)
        row.addWidget(self.text, 1)
        self.hide()

    def show_text(self, finding: str, text: str) -> None:
        """Show what was found, or what is awaited, and what else is to be known."""
        self.finding.setText(finding)
        self.finding.setVisible(bool(finding))
        self.text.setText(text)
        self.show()
