"""The model workspace: the card of the model, and the choice of another one."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desktop.core.inference.classifier import Classifier
from desktop.core.records.model_decisions import ModelDecision
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.model.model_card import model_card
from desktop.widgets.model.trial_bar import TrialBar


class ModelPage(QWidget):
    """Shows the card of the model in use, or of one that the user considers."""

    choose_requested = Signal()
    limits_requested = Signal()
    accepted = Signal(object)  # Classifier
    declined = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.messages = MessageBar(self)
        self.trial_bar = TrialBar(self)
        self._candidate: Classifier | None = None
        self._body = QScrollArea(self)
        self._body.setWidgetResizable(True)
        title = PlainLabel(self.tr("Model"), self)
        title.setObjectName("title")
        self._choose = QPushButton(self.tr("Choose another model…"), self)
        self._choose.clicked.connect(self.choose_requested)
        self._limits = QPushButton(self.tr("Alert limits…"), self)
        self._limits.clicked.connect(self.limits_requested)
        self._use = QPushButton(self.tr("Use this model"), self)
        self._use.setProperty("prominent", True)
        self._use.clicked.connect(self._accept)
        self._keep = QPushButton(self.tr("Keep the present one"), self)
        self._keep.clicked.connect(self._decline)
        head = QHBoxLayout()
        head.addWidget(title)
        head.addStretch(1)
        for button in (self._keep, self._use, self._limits, self._choose):
            head.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 18, 24, 18)
        layout.setSpacing(12)
        layout.addLayout(head)
        layout.addWidget(self.messages)
        layout.addWidget(self.trial_bar)
        layout.addWidget(self._body, 1)
        self._offer(None)
        self.setFocusProxy(self._choose)

    def show_model(self, classifier: Classifier) -> None:
        """Show the card of the model in use."""
        self._offer(None)
        self._body.setWidget(model_card(classifier))

    def show_adoption(self, classifier: Classifier, adopted: ModelDecision) -> None:
        """Show on the card of the model in use how it was adopted; not while the user considers another."""
        if self._candidate is None:
            self._body.setWidget(model_card(classifier, adopted))

    def show_candidate(self, classifier: Classifier) -> None:
        """Show the card of a candidate, and ask whether to use it."""
        self._offer(classifier)
        self._body.setWidget(model_card(classifier))
        self.messages.say(
            self.tr("This is the card of “{name}”. It is not in use yet.").format(name=classifier.path.name),
            error=False,
        )
        self._use.setFocus(Qt.FocusReason.OtherFocusReason)

    def _offer(self, candidate: Classifier | None) -> None:
        if candidate is None and (self._use.hasFocus() or self._keep.hasFocus()):
            self._choose.setFocus(Qt.FocusReason.OtherFocusReason)
        self._candidate = candidate
        self._use.setVisible(candidate is not None)
        self._keep.setVisible(candidate is not None)
        self._choose.setVisible(candidate is None)
        self._limits.setVisible(candidate is None)
        self.messages.hide()

    def _accept(self) -> None:
        if self._candidate is not None:
            self.accepted.emit(self._candidate)

    def _decline(self) -> None:
        self._offer(None)
        self.declined.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focused = self.focusWidget()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and isinstance(focused, QPushButton):
            focused.click()  # outside dialogs, Qt presses a button only with the space bar
        else:
            super().keyPressEvent(event)
