"""The shares of diagnoses other than melanoma in a practice, typed one by one; those without one stay in proportion."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QVBoxLayout, QWidget

from desktop.core.inference.contract import Contract
from desktop.core.inference.prior import MOST_OTHER
from desktop.core.labels import MELANOMA
from desktop.widgets.answer.adjusted_words import share_text
from desktop.widgets.common.number_field import NumberField
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.wording import in_order, leading_name


class OtherShares(QWidget):
    """A field for each label or group, shown on request; an empty one leaves the label in the model's own proportion."""

    changed = Signal()

    def __init__(self, contract: Contract, now: dict[str, float], parent: QWidget | None = None) -> None:
        """Ask for shares in place of `now`, by label id; the contract must have a prior of its own."""
        super().__init__(parent)
        self._own = contract.prior or {}
        self.wanted = QCheckBox(self.tr("Shares of other diagnoses as well"), self)
        self._grid = QWidget(self)
        self._fields = {labels: self._field(labels, leading_name(contract, labels), now) for labels in _units(contract)}
        grid = QGridLayout(self._grid)
        grid.setContentsMargins(26, 0, 0, 0)
        grid.setColumnStretch(2, 1)
        for row, (labels, field) in enumerate(self._fields.items()):
            own = self.tr("model's own {share}").format(share=share_text(self._own_share(labels)))
            muted = PlainLabel(own, self._grid)
            muted.setProperty("muted", True)
            grid.addWidget(PlainLabel(field.accessibleName(), self._grid), row, 0)
            grid.addWidget(field, row, 1)
            grid.addWidget(muted, row, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.wanted)
        column.addWidget(self._grid)
        self.wanted.setChecked(any(field.value() for field in self._fields.values()))
        self._grid.setVisible(self.wanted.isChecked())
        self.wanted.toggled.connect(self._open)

    @property
    def fields(self) -> tuple[NumberField, ...]:
        """The fields that count."""
        return tuple(self._fields.values()) if self.wanted.isChecked() else ()

    @property
    def shares(self) -> dict[str, float]:
        """The shares that are set, by label id; the labels of a group have theirs in the model's own proportions."""
        shares: dict[str, float] = {}
        for labels, field in self._fields.items() if self.wanted.isChecked() else ():
            share = round(field.value() / 100, 4)
            if share:
                shares.update({label: share * self._own[label] / self._own_share(labels) for label in labels})
        return shares

    def field(self, label: str) -> NumberField:
        """Return the field of a label, or of the group that it belongs to."""
        return next(field for labels, field in self._fields.items() if label in labels)

    def _field(self, labels: tuple[str, ...], name: str, now: dict[str, float]) -> NumberField:
        field = NumberField(self._grid)
        field.setRange(0, 100 * MOST_OTHER)
        field.setDecimals(1)
        field.setSuffix(" %")
        field.setSpecialValueText(self.tr("in proportion"))
        field.setAccessibleName(name)
        field.setValue(100 * sum(now.get(label, 0.0) for label in labels))
        field.input_changed.connect(self.changed)
        return field

    def _own_share(self, labels: tuple[str, ...]) -> float:
        return sum(self._own[label] for label in labels)

    def _open(self, wanted: bool) -> None:
        self._grid.setVisible(wanted)
        self.changed.emit()


def _units(contract: Contract) -> list[tuple[str, ...]]:
    """Return the labels without melanoma in display order, those of a group as one where its first stands."""
    group_of = {
        label: group.labels for group in contract.groups if MELANOMA not in group.labels for label in group.labels
    }
    units = [group_of.get(label.id, (label.id,)) for label in in_order(contract.labels) if label.id != MELANOMA]
    return list(dict.fromkeys(units))
