"""The rail of workspaces at the left edge."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QToolButton, QVBoxLayout, QWidget

from desktop.core.frozen import frozen
from desktop.widgets.common.icons import icon


@frozen
class Workspace:
    """One workspace: its id, icon and place in the rail, which translates its name."""

    id: str
    icon: str


WORKSPACES = (
    Workspace("today", "today"),
    Workspace("visit", "visit"),
    Workspace("follow_up", "compare"),
    Workspace("history", "history"),
    Workspace("batch", "batch"),
    Workspace("own_figures", "practice"),
    Workspace("model", "model"),
)


class Rail(QFrame):
    """One button per workspace; the current one stays pressed."""

    workspace_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self._buttons: dict[str, QToolButton] = {}
        names = {
            "today": self.tr("Today"),
            "visit": self.tr("Visit"),
            "follow_up": self.tr("Follow-up"),
            "history": self.tr("History"),
            "batch": self.tr("Batch"),
            "own_figures": self.tr("Practice"),
            "model": self.tr("Model"),
        }
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 10, 6, 10)
        layout.setSpacing(6)
        group = QButtonGroup(self)
        for number, workspace in enumerate(WORKSPACES, 1):
            button = QToolButton(self)
            button.setText(names[workspace.id])
            button.setIcon(icon(workspace.icon))
            button.setIconSize(QSize(24, 24))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            button.setCheckable(True)
            button.setFixedWidth(72)
            button.setToolTip(f"{names[workspace.id]} (Ctrl+{number})")
            button.clicked.connect(lambda _checked, chosen=workspace.id: self.workspace_chosen.emit(chosen))
            group.addButton(button)
            layout.addWidget(button)
            self._buttons[workspace.id] = button
        layout.addStretch(1)

    def select(self, workspace: str) -> None:
        """Mark a workspace as the current one."""
        self._buttons[workspace].setChecked(True)
