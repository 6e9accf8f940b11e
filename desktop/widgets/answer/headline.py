"""The headline of a result: what must not be missed, or why there is no answer, and what can be done."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.widgets.common.icons import icon
from desktop.widgets.common.plain_text import PlainLabel, for_tip, with_links
from desktop.widgets.common.theme import restyle

_HEIGHT = 96
"""Points: a strong line with three plain ones, as an alert has; a longer text takes more."""
_ICON = 22
_COLOURS = {"flag": "#c98a00", "error": "#b3261e", "note": "#76808a"}
_MOUSE_AND_KEYS = Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
_ICONS = {"flag": "warning", "error": "error", "note": "info"}


class Headline(QFrame):
    """A box of constant height with a sign, a strong line, a plain text and up to two buttons."""

    link_activated = Signal(str)
    """The target of a link in the plain text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumHeight(_HEIGHT)
        self._keeps_height = True
        self.content = ("note", "", "")
        """What is shown: kind, strong line, plain text."""
        self._sign = PlainLabel(self)
        self._sign.setFixedWidth(_ICON + 4)
        self._sign.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._strong = PlainLabel(self)
        self._strong.setWordWrap(True)
        self._strong.setProperty("strong", True)
        self._plain = PlainLabel(self)
        self._plain.setWordWrap(True)
        self._plain.linkActivated.connect(self.link_activated)
        self._actions: list[QPushButton] = []
        self._buttons = QHBoxLayout()
        self._buttons.addStretch(1)
        texts = QVBoxLayout()
        texts.setSpacing(4)
        texts.addWidget(self._strong)
        texts.addWidget(self._plain)
        texts.addStretch(1)
        texts.addLayout(self._buttons)
        self._row = layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.addWidget(self._sign)
        layout.addLayout(texts, 1)

    def keep_height(self, wanted: bool) -> None:
        """Keep the same height in every state; otherwise fit the text, above a minimum."""
        self._keeps_height = wanted
        self._fit()

    def say(self, kind: str, strong: str, plain: str, *actions: tuple[str, Callable[[], None]]) -> None:
        """Show a message; `kind` is `flag`, `note` or `error`, `actions` are button texts with their actions."""
        is_other = kind != self.objectName()
        self.setObjectName(kind)
        self._sign.setPixmap(icon(_ICONS[kind], _COLOURS[kind]).pixmap(_ICON, _ICON))
        self.content = (kind, strong, plain)
        self._strong.setText(strong)
        self._plain.setTextFormat(Qt.TextFormat.PlainText)
        self._plain.setText(plain)
        self._plain.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse)
        self.setAccessibleName(f"{strong} {plain}")
        self.explain("")
        for old in self._actions:
            self._buttons.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._actions = []
        for text, act in actions:
            button = QPushButton(text, self)
            button.clicked.connect(act)
            self._buttons.addWidget(button)
            button.show()  # at once: the layout would show it only with the next events
            self._actions.append(button)
        if is_other:
            restyle(self, *self.findChildren(QLabel))
        self._fit()

    def link(self, targets: Mapping[str, str]) -> None:
        """Make links of these words in the first line of the plain text, with their targets, until the next message."""
        marked = with_links(self.content[2], targets)
        if marked is not None:
            self._plain.setTextFormat(Qt.TextFormat.RichText)
            self._plain.setText(marked)
            self._plain.setTextInteractionFlags(_MOUSE_AND_KEYS)
            self._fit()

    def explain(self, text: str) -> None:
        """Set a tool tip that explains the text, until the next message."""
        self.setToolTip(for_tip(text))
        self.setAccessibleDescription(text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def _fit(self) -> None:
        """Reserve the height of the texts, which are laid out at once: a layout remembers the height of those before."""
        self._row.activate()
        needed = max(self.heightForWidth(self.width()), 1)
        self.setMinimumHeight(max(_HEIGHT, needed) if self._keeps_height else needed)
