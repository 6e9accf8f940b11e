"""The filter of the audit log: date, initials, kind of act, patient."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from desktop.core.records.audit_acts import AuditFilter
from desktop.widgets.audit.audit_words import ACTIONS, KINDS
from desktop.widgets.common.calm_inputs import ChoiceBox
from desktop.widgets.common.period import PERIODS, CustomPeriod, since
from desktop.widgets.common.wording import translated

_PAUSE = 200
"""Milliseconds between the last key and the search."""

_FIELD = 190
"""Least width of the patient's field in points."""


class AuditFilterRow(QWidget):
    """Emits the filter as it is typed and chosen."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_PAUSE)
        self._typing.timeout.connect(self.changed)
        self.patient = QLineEdit(self)
        self.patient.setPlaceholderText(self.tr("Patient, or # and number"))
        self.patient.setAccessibleName(self.tr("Patient"))
        self.patient.setToolTip(self.tr("Part of the pseudonym. For an erased patient: # and the number, such as #12"))
        self.patient.setClearButtonEnabled(True)
        self.patient.textChanged.connect(self._typing.start)
        self.period = self._box(self.tr("Date"))
        for period in PERIODS:
            self.period.addItem(translated(period.name), period)
        self.period.addItem(self.tr("From – to…"), None)
        self.days = CustomPeriod(self)
        self.days.changed.connect(self._typing.start)
        self.days.hide()
        self.initials = self._box(self.tr("By"))
        self.initials.addItem(self.tr("Anyone"), None)
        self.kind = self._box(self.tr("Kind of act"))
        for name, actions in KINDS:
            self.kind.addItem(translated(name), actions)
        self.kind.insertSeparator(self.kind.count())
        for action, name in ACTIONS.items():
            self.kind.addItem(translated(name), frozenset({action}))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.patient.setMinimumWidth(_FIELD)
        row.addWidget(self.patient, 1)
        for widget in (self.kind, self.initials, self.period, self.days):
            row.addWidget(widget)
        for box in (self.kind, self.initials, self.period):
            box.currentIndexChanged.connect(self._take_chosen)

    def wanted(self) -> AuditFilter:
        """Return the filter."""
        period = self.period.currentData()
        first, last = self.days.bounds() if period is None else (since(period), None)
        return AuditFilter(
            since=first,
            until=last,
            initials=self.initials.currentData(),
            actions=self.kind.currentData(),
            patient=self.patient.text(),
        )

    def list_authors(self, authors: list[str]) -> None:
        """Offer the initials in the log; the choice stays."""
        chosen = self.initials.currentData()
        self.initials.blockSignals(True)
        while self.initials.count() > 1:
            self.initials.removeItem(1)
        for author in authors if chosen in {None, *authors} else [*authors, chosen]:
            self.initials.addItem(author or self.tr("Without initials"), author)
        self.initials.setCurrentIndex(max(self.initials.findData(chosen), 0))
        self.initials.blockSignals(False)

    def _take_chosen(self) -> None:
        self.days.setVisible(self.period.currentData() is None)
        self.changed.emit()

    def _box(self, name: str) -> QComboBox:
        box = ChoiceBox(self)
        box.setAccessibleName(name)
        box.setToolTip(name)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        return box
