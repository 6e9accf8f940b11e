"""Sets how much the alerts find: what each choice finds, misses and raises for nothing, and why it is made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QDialogButtonBox,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from desktop.core.inference.alerts import Alert, WorkingPoints
from desktop.core.inference.contract import Contract
from desktop.core.records.reasons import MAX_REASON
from desktop.widgets.answer import alert_words
from desktop.widgets.common.content_scroll import ContentScroll
from desktop.widgets.common.form_entries import FormEntries
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.sheet import WritingSheet
from desktop.widgets.common.wording import local_time
from desktop.widgets.model.alert_costs import cost_text

if TYPE_CHECKING:
    from desktop.core.records.working_points import WorkingPointChange

_WIDTH = 720
_INDENT = 22
"""Points by which a choice's text stands behind its button."""

_MARGIN = 16
_SLACK = 8
"""Points around and below the choices, so that their scroll area is no taller than they are."""

_LEAST = 120
_TOLD = 3
"""How many earlier changes are shown; all are in the history."""


class AlertLimitsDialog(WritingSheet):
    """Emits `chosen` with the working points wanted, by alert id, and the reason."""

    chosen = Signal(object, str)

    def __init__(
        self,
        contract: Contract,
        in_use: WorkingPoints,
        changes: Sequence[WorkingPointChange],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._in_use = dict(in_use)
        self.choices: dict[str, dict[float, QRadioButton]] = {}
        """The button of each working point, by alert id."""
        self.setWindowTitle(self.tr("Alert limits"))
        self.setMinimumWidth(_WIDTH)
        title = PlainLabel(self.tr("Alert limits"), self)
        title.setObjectName("heading")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, 14)
        layout.setSpacing(10)
        layout.addWidget(title)
        layout.addWidget(self.messages)
        self._buttons = QDialogButtonBox(self)
        self._buttons.rejected.connect(self.reject)
        self.reason = QLineEdit(self)
        self._set = QPushButton(self.tr("Set the limits"), self)
        if contract.alerts:
            self._lay_out_choices(contract, changes, layout)
        else:
            self.reason.hide()
            self._set.hide()
            self._lay_out_nothing(contract, layout)
        layout.addWidget(self._buttons)
        self._entries = FormEntries(self)
        self.resize(_WIDTH, self.sizeHint().height())

    @property
    def wanted(self) -> dict[str, float]:
        """The chosen working points by alert id."""
        return {
            alert: next(aim for aim, button in buttons.items() if button.isChecked())
            for alert, buttons in self.choices.items()
        }

    def _lay_out_nothing(self, contract: Contract, layout: QVBoxLayout) -> None:
        text = PlainLabel(
            self.tr(
                "“{model}” carries no figures of what its alerts would find at other limits: they cannot be set. Choose a "
                "model that does."
            ).format(model=contract.name),
            self,
        )
        text.setWordWrap(True)
        layout.addWidget(text)
        close = self._buttons.addButton(QDialogButtonBox.StandardButton.Close)
        self.setFocusProxy(close)

    def _lay_out_choices(self, contract: Contract, changes: Sequence[WorkingPointChange], layout: QVBoxLayout) -> None:
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(4)
        for alert in contract.alerts:
            self._add_alert(alert, inside, column)
        column.addStretch(1)
        scroll = ContentScroll(inside, _LEAST, self)
        scroll.setMaximumHeight(column.heightForWidth(_WIDTH - 2 * _MARGIN) + _SLACK)
        layout.addWidget(scroll, 1)
        note = self._muted(
            self.tr(
                "Counted by lesion, on images that the model did not learn from. Earlier answers keep their limits."
            )
        )
        ask = PlainLabel(self.tr("&Reason for the change (required; kept with your initials and the time)"), self)
        ask.setBuddy(self.reason)
        self.reason.setMaxLength(MAX_REASON)
        self.reason.setAccessibleName(self.tr("Reason for the change"))
        self.reason.textChanged.connect(lambda _text: self._allow())
        for widget in (note, ask, self.reason):
            layout.addWidget(widget)
        if changes:
            layout.addWidget(self._muted("\n".join(map(self._change_text, changes[:_TOLD]))))
        self._buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        self._set.setProperty("prominent", True)
        self._set.setDefault(True)
        self._buttons.addButton(self._set, QDialogButtonBox.ButtonRole.AcceptRole)
        self._buttons.accepted.connect(self._choose)
        self.setFocusProxy(next(one for one in self.choices[contract.alerts[0].id].values() if one.isChecked()))
        self._allow()

    def _add_alert(self, alert: Alert, inside: QWidget, column: QVBoxLayout) -> None:
        name = PlainLabel(alert_words.title(alert), inside)
        name.setProperty("strong", True)
        column.addSpacing(4)
        column.addWidget(name)
        group = QButtonGroup(self)
        buttons = self.choices[alert.id] = {}
        now = alert.point(self._in_use[alert.id])
        for aim in sorted(alert.working_points):
            point = alert.point(aim)
            text = alert_words.limit_text(alert.id, aim, (point.found, point.positives))
            text = text[0].upper() + text[1:]
            button = QRadioButton(self.tr("{limit}, in use").format(limit=text) if point is now else text, inside)
            button.setChecked(point is now)
            group.addButton(button)
            buttons[aim] = button
            costs = PlainLabel(cost_text(alert.id, point, now), inside)
            costs.setWordWrap(True)
            costs.setIndent(_INDENT)
            costs.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            button.setAccessibleDescription(costs.text())
            column.addWidget(button)
            column.addWidget(costs)
        group.buttonToggled.connect(self._take_toggled)

    def _muted(self, text: str) -> PlainLabel:
        label = PlainLabel(text, self)
        label.setWordWrap(True)
        label.setProperty("muted", True)
        label.setProperty("small", True)
        return label

    def _change_text(self, change: WorkingPointChange) -> str:
        who = f", {change.initials}" if change.initials else ""
        return self.tr("{time}{who}: {alert} set from {old:g} to {new:g} %. {reason}").format(
            time=local_time(change.time),
            who=who,
            alert=alert_words.title_of(change.alert),
            old=100 * change.old,
            new=100 * change.new,
            reason=change.reason,
        )

    def _take_toggled(self, _button: QAbstractButton, checked: bool) -> None:
        if checked:  # the one before is not any more by then
            self._allow()

    def _allow(self) -> None:
        self._set.setEnabled(self.wanted != self._in_use and bool(self.reason.text().strip()))

    def _choose(self) -> None:
        if self._set.isEnabled() and self.begins():
            self.chosen.emit(self.wanted, self.reason.text())

    def may_leave(self) -> bool:
        return self._entries.may_be_discarded()
