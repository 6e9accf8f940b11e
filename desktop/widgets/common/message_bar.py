"""A message bar above a workspace: what happened, and what can be done about it, without a dialog to dismiss."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from desktop.core.errors import AppError
from desktop.widgets.common.icons import icon
from desktop.widgets.common.plain_text import PlainLabel, for_key
from desktop.widgets.common.theme import restyle
from desktop.widgets.common.wording import sentence

Action = tuple[str, Callable[[], None]]
"""A button's text, and its action."""

_ASIDE, _ABOVE, _LEAST = 14, 8, 48
"""Pixels: margins and least height of a bar over a page, so that a bar covers the title's line whole, or not at all."""


class MessageBar(QFrame):
    """Hidden until it has a message; closed by its button.

    A note without a button is withdrawn when its page is left: seen later, it would seem to be about what is shown then. For
    the same reason none waits for a page that is not in front, see `pass_notes_to`.
    """

    asked = Signal()
    """An urgent error or question is shown, which the user should see now."""
    dismissed = Signal()
    """The user closed the bar without choosing an action."""

    def __init__(self, parent: QWidget | None = None, fallback: "MessageBar | None" = None) -> None:
        """`fallback` shows the messages once this bar is gone: a dialog may be closed before its work is done."""
        super().__init__(parent)
        self._fallback = fallback
        self._in_front: Callable[[], MessageBar] | None = None
        self._text = PlainLabel(self)
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._sign = PlainLabel(self)
        self._action = QPushButton(self)
        self._act: Callable[[], None] | None = None
        self._is_lasting = False
        self._is_passing = False
        self._page: QWidget | None = None
        """The page over which the bar is laid, None where a layout places it."""
        self.newest: object = None
        """A token for the latest message, see `is_showing`."""
        self._shown: object = None
        """The token of the message that this bar shows, or showed last."""
        self._action.clicked.connect(self._do)
        close = QToolButton(self)
        close.setIcon(icon("close"))
        close.setToolTip(self.tr("Close this message"))
        close.setAccessibleName(self.tr("Close this message"))
        close.clicked.connect(self.hide)
        close.clicked.connect(self.dismissed)
        layout = QHBoxLayout()
        layout.addWidget(self._sign)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._action)
        layout.addWidget(close)
        self._close = close
        self._below = QWidget(self)
        self._choice = QHBoxLayout(self._below)
        self._choice.setContentsMargins(26, 0, 0, 0)  # aligned with the text, past the sign
        self._choice.addStretch(1)
        self._choices: list[QPushButton] = []
        whole = QVBoxLayout(self)
        whole.setContentsMargins(12, 6, 6, 6)
        whole.addLayout(layout)
        whole.addWidget(self._below)
        self.hide()

    def lay_over(self, page: QWidget) -> None:
        """Stand over the top edge of its page, in no layout: no row moves under the pointer as a message comes or goes."""
        self._page = page
        page.installEventFilter(self)

    def pass_notes_to(self, in_front: Callable[[], "MessageBar"]) -> None:
        """Have a note without a button that comes while the page is not in front said by the bar of the page that is."""
        self._in_front = in_front

    def say(
        self,
        text: str,
        *,
        error: bool = True,
        action: Action | None = None,
        choice: Sequence[Action] = (),
        is_lasting: bool = False,
        is_urgent: bool = True,
    ) -> None:
        """Show a message, with one button beside it (`action`) or several below it (`choice`).

        A lasting one stays until it is closed or another takes its place: it tells what did not happen, whatever is shown
        meanwhile. An error or a question is urgent, unless the page in front tells it too.

        An error that is shown already and comes without a button keeps those that it has: several requests may fail of one
        cause.
        """
        if self._fallback is not None and not (isValid(self) and self.window().isVisible()):
            self._fallback.say(
                text, error=error, action=action, choice=choice, is_lasting=is_lasting, is_urgent=is_urgent
            )
            return
        if error and action is None and not choice and text == self.text():
            return
        self.newest = object()
        is_passing = not (error or action or choice or is_lasting)
        other = self._other_bar() if is_passing else None
        if other is not None:
            other.say(text, error=False)
            return
        self._shown = self.newest
        self._is_lasting = is_lasting
        self._is_passing = is_passing
        self.setObjectName("error" if error else "note")
        self._sign.setPixmap(icon("error" if error else "info", "#b3261e" if error else "#76808a").pixmap(20, 20))
        self._text.setText(text)
        self.setAccessibleName(text)
        self._action.setVisible(action is not None)
        if action is not None:
            self._action.setText(for_key(action[0]))
            self._act = action[1]
        self._show_choice(choice)
        restyle(self, self._text)
        self.show()
        if is_urgent and (error or action is not None or choice):
            self.asked.emit()

    def withdraw(self) -> None:
        """Hide the message, as what it was about is no longer shown, unless it is a lasting one."""
        if not self._is_lasting:
            self.hide()

    def withdraw_note(self) -> None:
        """Hide a note without a button, as the patient whom it may be about is no longer open."""
        if self._is_passing:
            self.hide()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._cover()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._cover()
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._page and event.type() == QEvent.Type.Resize:
            self._cover()
        return super().eventFilter(watched, event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._is_passing and not event.spontaneous():  # that is a window that is minimised
            self.hide()

    def is_showing(self, sentence: object) -> bool:
        """Return whether a message is still shown; `sentence` is the value of `newest` after it was said."""
        return sentence is self._shown and not self.isHidden()

    def tell(self, error: AppError, again: Callable[[], None] | None = None) -> None:
        """Report an error, with a button to try again if `again` is given."""
        self.say(sentence(error), action=None if again is None else (self.tr("Try again"), again))

    def _other_bar(self) -> "MessageBar | None":
        """Return the bar of the page that is in front in place of this one's, None if this one's is."""
        page = self.parentWidget()
        if self._in_front is None or page is None or page.isVisible():
            return None
        bar = self._in_front()
        return None if bar is self else bar

    def _show_choice(self, actions: Sequence[Action]) -> None:
        for button in self._choices:
            self._choice.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._choices = []
        before: QWidget = self._close
        for text, act in actions:
            button = QPushButton(for_key(text), self)
            button.clicked.connect(self.hide)
            button.clicked.connect(lambda _checked=False, act=act: act())
            self._choice.insertWidget(len(self._choices), button)
            button.show()  # the layout would show it only in the next turn of the event loop
            QWidget.setTabOrder(before, button)
            before = button
            self._choices.append(button)
        self._below.setVisible(bool(actions))

    def text(self) -> str:
        """Return the message, empty if the bar is hidden."""
        return "" if self.isHidden() else self._text.text()

    def _cover(self) -> None:
        """Cover as much of the page's top as the message needs."""
        if self._page is not None:
            width = self._page.width() - 2 * _ASIDE
            self.setGeometry(_ASIDE, _ABOVE, width, max(self.heightForWidth(width), _LEAST))
            self.raise_()

    def _do(self) -> None:
        self.hide()
        if self._act is not None:
            self._act()
