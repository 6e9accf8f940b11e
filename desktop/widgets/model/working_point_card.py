"""Moves the limit of an alert over the lesions that a model was tried on, and shows both counts as it moves."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSlider, QWidget

from desktop.core.judging.lesion_answers import LesionAnswers
from desktop.widgets.common.calm_inputs import ChoiceBox
from desktop.widgets.common.card import Card
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.model import judged_words


class _CalmSlider(QSlider):
    """A slider that the wheel does not move: scrolling the page over it must not."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class WorkingPointCard(Card):
    """One step of the slider is one lesion that is raised or not; nothing is set by it."""

    def __init__(self, lesions: LesionAnswers, parent: QWidget) -> None:
        super().__init__(parent.tr("If the limit were another"))
        self._lesions = lesions
        self.which = ChoiceBox(self)
        self.which.setAccessibleName(self.tr("Alert"))
        for alert in lesions.alerts:
            self.which.addItem(judged_words.alert_name(alert.id, alert.name))
        self.which.setVisible(len(lesions.alerts) > 1)
        self.slider = _CalmSlider(Qt.Orientation.Horizontal, self)
        self.slider.setAccessibleName(self.tr("Limit of the alert"))
        self.counts = PlainLabel(self)
        self.counts.setProperty("strong", True)
        self.counts.setWordWrap(True)
        self.back = QPushButton(self.tr("Back to the limit in use"), self)
        ends = QHBoxLayout()
        for text in (self.tr("raised always"), self.tr("raised never")):
            end = PlainLabel(text, self)
            end.setProperty("muted", True)
            end.setProperty("small", True)
            ends.addWidget(end)
        ends.insertStretch(1, 1)
        row = QHBoxLayout()
        row.addWidget(self.which)
        row.addStretch(1)
        row.addWidget(self.back)
        self.column.addLayout(row)
        self.column.addWidget(self.slider)
        self.column.addLayout(ends)
        self.column.addWidget(self.counts)
        self.add_note(
            self.tr(
                "Only to look at: nothing is set. A limit chosen on these lesions looks better on them than on the next ones. "
                "The limits that the model offers are under Model > Alert limits."
            )
        )
        self._limits = np.zeros(0)
        self.which.currentIndexChanged.connect(lambda _place: self._begin())
        self.slider.valueChanged.connect(lambda _value: self._show())
        self.back.clicked.connect(self._go_back)
        self._begin()

    def _begin(self) -> None:
        alert = self._lesions.alerts[self.which.currentIndex()]
        self._limits = np.append(np.unique(alert.scores), np.inf)
        self.slider.setRange(0, len(self._limits) - 1)
        self._go_back()
        self._show()

    def _go_back(self) -> None:
        """Move to the limit in use: the first score that reaches it."""
        alert = self._lesions.alerts[self.which.currentIndex()]
        self.slider.setValue(int(np.searchsorted(self._limits, alert.threshold)))

    def _show(self) -> None:
        alert = self._lesions.alerts[self.which.currentIndex()]
        text = judged_words.counts_at(alert, self._lesions, float(self._limits[self.slider.value()]))
        self.counts.setText(text)
        self.slider.setAccessibleDescription(text)
        self.back.setEnabled(self.slider.value() != int(np.searchsorted(self._limits, alert.threshold)))
