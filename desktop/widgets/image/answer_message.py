"""A message that is true of the answer that is shown, or of none: another answer withdraws it."""

from PySide6.QtCore import QObject

from desktop.session.open_image import OpenImage
from desktop.widgets.common.message_bar import MessageBar


class AnswerMessage(QObject):
    """Says why something cannot be done with the open image now."""

    def __init__(self, messages: MessageBar, open_image: OpenImage, parent: QObject) -> None:
        super().__init__(parent)
        self._messages = messages
        self._said: object = None
        open_image.answered.connect(lambda _answer: self._withdraw())

    def say(self, text: str) -> None:
        """Show it."""
        self._messages.say(text, error=False)
        self._said = self._messages.newest

    def _withdraw(self) -> None:
        if self._said is not None and self._messages.is_showing(self._said):
            self._messages.withdraw()
