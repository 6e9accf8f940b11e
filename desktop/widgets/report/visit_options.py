"""What is to stand in the report of a visit: lesions, map, photographs, what the model says, a conclusion."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QVBoxLayout, QWidget

from desktop.widgets.common.content_scroll import ContentScroll
from desktop.widgets.common.plain_text import PlainLabel, for_key
from desktop.widgets.report.report_words import VisitChoices

_PAUSE = 400
"""Milliseconds between the last letter of the conclusion and laying out the pages again."""

_LEAST = 60


class VisitOptions(QWidget):
    """Everything is chosen at first."""

    changed = Signal()

    def __init__(
        self,
        lesions: Sequence[tuple[int, str]],
        *,
        has_overviews: bool,
        has_others: bool,
        parent: QWidget | None = None,
    ) -> None:
        """`lesions` are ids and names; `has_others` is whether there is anything to say of other lesions.

        `has_overviews` is whether there are overview photographs.
        """
        super().__init__(parent)
        self.lesions = {lesion_id: QCheckBox(for_key(name), self) for lesion_id, name in lesions}
        self.map = QCheckBox(self.tr("&Body map"), self)
        self.overviews = QCheckBox(self.tr("O&verview photographs"), self)
        self.overviews.setToolTip(self.tr("Left out without patient data: a face or a tattoo tells who it is"))
        self.overviews.setVisible(has_overviews)
        self.earlier = QCheckBox(self.tr("&Earlier images"), self)
        self.model = QCheckBox(self.tr("What the &model says"), self)
        self.others = QCheckBox(self.tr("&Other lesions"), self)
        self.others.setToolTip(
            self.tr("Findings and open steps of lesions without an image or assessment at this visit")
        )
        self.others.setVisible(has_others)
        self.conclusion = QPlainTextEdit(self)
        self.conclusion.setTabChangesFocus(True)
        self.conclusion.setAccessibleName(self.tr("Conclusion"))
        self.conclusion.setFixedHeight(90)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self.changed)
        self.conclusion.textChanged.connect(self._pause.start)
        chosen = QWidget(self)
        column = QVBoxLayout(chosen)
        column.setContentsMargins(0, 0, 0, 0)
        for box in self.lesions.values():
            column.addWidget(box)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for box in (self.map, self.overviews, self.earlier, self.model, self.others):
            layout.addWidget(box)
        layout.addWidget(self._heading(self.tr("Lesions")))
        layout.addWidget(ContentScroll(chosen, _LEAST, self))
        layout.addWidget(self._heading(self.tr("Conclusion")))
        layout.addWidget(self.conclusion)
        for box in (self.map, self.overviews, self.earlier, self.model, self.others, *self.lesions.values()):
            box.setChecked(True)
            box.toggled.connect(self.changed)

    def choices(self) -> VisitChoices:
        """Return what was chosen and entered."""
        return VisitChoices(
            frozenset(lesion_id for lesion_id, box in self.lesions.items() if box.isChecked()),
            with_others=self.others.isChecked(),
            with_map=self.map.isChecked(),
            with_overviews=self.overviews.isChecked(),
            with_earlier=self.earlier.isChecked(),
            with_model=self.model.isChecked(),
            conclusion=self.conclusion.toPlainText().strip(),
        )

    def _heading(self, text: str) -> PlainLabel:
        label = PlainLabel(text, self)
        label.setProperty("strong", True)
        return label
