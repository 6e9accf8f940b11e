"""All keyboard shortcuts on one page, in two columns: a single one would not fit many screens."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QVBoxLayout, QWidget

from desktop.widgets.common.content_scroll import ContentScroll, on_screen
from desktop.widgets.common.plain_text import PlainLabel

_SIZE = QSize(1000, 660)


class ShortcutsDialog(QDialog):
    """Lists the shortcuts of the given actions, and the keys of the image."""

    def __init__(self, actions: list[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        native = QKeySequence.SequenceFormat.NativeText
        rows = [
            (action.shortcut().toString(native), action.text().replace("&", "").strip().rstrip("…"))
            for action in actions
            if not action.shortcut().isEmpty()
        ]
        rows += [
            ("Z", self.tr("Image: fit, or one pixel on one pixel")),
            ("+  −", self.tr("Image: zoom in, zoom out (also the wheel)")),
            (self.tr("Shift + ← → ↑ ↓"), self.tr("Image: move the part in view")),
            ("R, Shift+R, M", self.tr("Image: turn right, turn left, mirror; the file stays as it is")),
            ("←  →", self.tr("Image: the previous, the next of those opened together")),
            ("↑  ↓", self.tr("Image: the previous, the next lesion")),
            ("N", self.tr("Image: new lesion with this image")),
            (self.tr("← → ↑ ↓, Enter"), self.tr("All lesions: go to a lesion, open its newest image")),
            (self.tr("Z, Esc"), self.tr("All lesions: enlarge the place of the lesion, show the whole map")),
            (self.tr("← →, Enter, Del"), self.tr("Overview photograph: go to a pin, open its lesion, remove the pin")),
            (self.tr("Shift + ← → ↑ ↓, Enter"), self.tr("Overview photograph: move a cross, set the pin there")),
            (self.tr("← → ↑ ↓, Enter"), self.tr("Place of a lesion, on the map: move a cross, set the pin there")),
            (self.tr("Space held"), self.tr("Image: bare, without frame, overlay, outline, regions and scale")),
            (self.tr("Space, F, D, Esc"), self.tr("Compare: blink, fade, difference, side by side")),
            ("O, L", self.tr("Follow-up: the outlines by which sizes are measured; the ruler")),
            (self.tr("← → ↑ ↓, + −, Enter, Esc"), self.tr("Region: move the square, size it, classify it, end")),
            (self.tr("← → ↑ ↓, Ctrl + arrows, Esc"), self.tr("Ruler: move the end of the line, its beginning, end")),
            ("1 … 9, 0", self.tr("Image: my diagnosis; 0 for one of the longer list")),
            (self.tr("."), self.tr("Image: my plan, the next one")),
            (self.tr(","), self.tr("Image: my confidence, the next one")),
            ("V", self.tr("Image: changed, unchanged or cannot tell, of a lesion seen before")),
            ("W", self.tr("Image: follow up again after the same interval")),
            (self.tr("Enter"), self.tr("Image: commit my assessment")),
            ("O", self.tr("Due, biopsy or excision planned, histology open: outcome of the chosen row")),
            (self.tr("Ctrl+Enter"), self.tr("Outcome: save")),
            (QKeySequence(QKeySequence.StandardKey.Find).toString(native), self.tr("History: search")),
            (self.tr("Enter"), self.tr("History and batch: open the chosen row")),
            (self.tr("Del"), self.tr("History: move the chosen entries to the bin")),
        ]
        inside = QWidget(self)
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(6)
        half = -(-len(rows) // 2)
        grid.setColumnMinimumWidth(2, 16)
        for place, (keys, meaning) in enumerate(rows):
            block, row = divmod(place, half)
            key = PlainLabel(keys, self)
            key.setProperty("strong", True)
            key.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(key, row, 3 * block)
            text = PlainLabel(meaning, self)
            text.setWordWrap(True)
            text.setAlignment(Qt.AlignmentFlag.AlignTop)  # beside its key, where the other column wraps
            grid.addWidget(text, row, 3 * block + 1)
            grid.setColumnStretch(3 * block + 1, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(16)
        layout.addWidget(ContentScroll(inside, 200, self))
        layout.addWidget(buttons)
        self.resize(on_screen(self, _SIZE))
