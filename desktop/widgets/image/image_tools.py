"""The tool bar below the image."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from desktop.core.frozen import frozen
from desktop.core.marking import tr
from desktop.widgets.common.content_scroll import LineScroll
from desktop.widgets.common.icons import icon, with_room
from desktop.widgets.common.wording import translated
from desktop.widgets.image.image_view import ImageView


@frozen
class ToolButton:
    """One button: its id, icon, text and tool tip, its key while the image has the focus, and whether it stays pressed."""

    id: str
    icon: str
    text: str
    tip: str
    key: str = ""
    checkable: bool = False
    is_wide: bool = False


LESION_OUTLINE = ToolButton(
    "lesion outline",
    "lesion-outline",
    tr("Outline"),
    tr("The outline of the lesion, drawn by the model"),
    "O",
    True,
    True,
)

TOOLS = (
    ToolButton(
        "overlay", "overlay", tr("Overlay"), tr("Where the model found what speaks for a label"), "A", True, True
    ),
    LESION_OUTLINE,
    ToolButton("ruler", "ruler", tr("Ruler"), tr("Measure, and set the scale of the image"), "L", True, True),
    ToolButton("rotate", "turn", tr("Turn"), tr("Turn the view, never the file (R, Shift+R)"), "", False),
    ToolButton("region", "region", tr("Region"), tr("Classify a part of the image by itself"), "G", True, True),
    ToolButton("seen", "eye", tr("What the model saw"), tr("The very pixels that the model was given")),
    ToolButton(
        "compare", "compare", tr("Follow-up"), tr("The images of the lesion; without one, beside another image"), "C"
    ),
    ToolButton("save", "save-view", tr("Save view as picture"), tr("Save what is seen here as a PNG picture")),
)


class ImageTools(QFrame):
    """Buttons whose actions are in `actions` by tool id, and below them a line for each tool that needs one.

    A line takes the place of what `lines_shown` makes room, and any more from the view above, whose picture stays where it is.
    """

    lines_shown = Signal(bool)
    """A line is shown for which what stands below may be put away, or the last one is hidden."""

    def __init__(self, view: ImageView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("imageTools")
        self.actions_by_id: dict[str, QAction] = {}
        self._is_enabled = False
        self._missing: set[str] = set()
        """The ids of tools for which something is missing."""
        buttons = QWidget(self)
        row = QHBoxLayout(buttons)
        row.setContentsMargins(8, 3, 8, 3)
        row.setSpacing(2)
        for tool in TOOLS:
            row.addWidget(self._button(tool, view))
            if tool.id == "region":
                row.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._view = view
        self._buttons = LineScroll(buttons, self)
        self._lines: list[LineScroll] = []
        """Those for which what stands below may be put away."""
        self._filled = 0
        self._column.addWidget(self._buttons)
        self.enable(False)

    def add_line(self, line: QWidget, *, stays: bool = False) -> None:
        """Add a tool's own line below the buttons; one that `stays` after its tool was used puts nothing away."""
        scroll = LineScroll(line, self)
        self._column.addWidget(scroll)
        if not stays:
            self._lines.append(scroll)
            scroll.installEventFilter(self)

    def fill(self, height: int) -> None:
        """Have the lines fill a height in points, that of what was put away for them; 0 if nothing was."""
        self._filled = height
        self.setMinimumHeight(self._buttons.sizeHint().height() + height if height else 0)
        self._take_room()

    def enable(self, enabled: bool) -> None:
        """Enable the tools, or disable them while there is no image."""
        self._is_enabled = enabled
        for tool, action in self.actions_by_id.items():
            action.setEnabled(enabled and tool not in self._missing)

    def offer(self, tool: ToolButton, missing: str = "") -> None:
        """Offer a tool, or disable it while something is missing, which its tool tip then says."""
        (self._missing.add if missing else self._missing.discard)(tool.id)
        action = self.actions_by_id[tool.id]
        action.setToolTip(missing or _tip(tool))
        action.setEnabled(self._is_enabled and not missing)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._take_room()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.ShowToParent, QEvent.Type.HideToParent}:
            self.lines_shown.emit(any(not line.isHidden() for line in self._lines))
        return super().eventFilter(watched, event)

    def _take_room(self) -> None:
        self._view.take_room(max(self.height() - self._buttons.sizeHint().height() - self._filled, 0))

    def _button(self, tool: ToolButton, view: ImageView) -> QToolButton:
        text = translated(tool.text)
        action = QAction(icon(tool.icon), text, self)
        action.setIconText(with_room(text))  # Qt otherwise derives it from the text, without the space
        action.setCheckable(tool.checkable)
        action.setToolTip(_tip(tool))
        if tool.key:
            action.setShortcut(QKeySequence(tool.key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)  # letters only while the image has the focus
            view.addAction(action)
        button = QToolButton(self)
        button.setDefaultAction(action)
        button.setIconSize(QSize(18, 18))
        button.setAccessibleName(text)
        style = Qt.ToolButtonStyle
        button.setToolButtonStyle(style.ToolButtonTextBesideIcon if tool.is_wide else style.ToolButtonIconOnly)
        self.actions_by_id[tool.id] = action
        return button


def _tip(tool: ToolButton) -> str:
    tip = translated(tool.tip)
    return f"{tip} ({tool.key})" if tool.key else tip
