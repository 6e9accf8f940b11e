"""The dialog that says what this program is, what it is not, and its licences."""

import PySide6
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from desktop import __version__
from desktop.core.paths import RESOURCES
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.wording import DISCLAIMER, translated


class AboutDialog(QDialog):
    """Version, purpose and licences, with the licence texts one click away."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("About LesionLens"))
        title = PlainLabel(f"LesionLens {__version__}", self)
        title.setObjectName("title")
        text = PlainLabel(self)
        text.setWordWrap(True)
        text.setMinimumWidth(460)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        text.setText(
            "\n\n".join(
                (
                    self.tr(
                        "A dermatoscope image beside the probabilities of its lesion classes, and a history of them."
                    ),
                    translated(DISCLAIMER),
                    self.tr("Everything stays on this computer, unless you send a visit to an archive. No telemetry."),
                    self.tr("The code is licensed under Apache-2.0."),
                    self.tr(
                        "The shipped model was trained on images of the ISIC Archive that are not for commercial use; "
                        "it is licensed under CC BY-NC 4.0."
                    ),
                    self.tr(
                        "Qt {qt} is used under the LGPL version 3; its libraries lie beside the program and may be replaced."
                    ).format(qt=PySide6.__version__),
                )
            )
        )
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        licences = buttons.addButton(self.tr("Licence texts"), QDialogButtonBox.ButtonRole.ActionRole)
        licences.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(RESOURCES / "licences"))))
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(14)
        layout.addWidget(title)
        layout.addWidget(text)
        layout.addWidget(buttons)
