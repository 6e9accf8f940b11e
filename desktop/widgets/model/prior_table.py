"""What another share of melanomas does to the leading diagnosis, before and after, as far as the model file knows."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from desktop.core.inference.contract import Contract
from desktop.core.inference.prior import LeadingFigures, before_and_after, nearest
from desktop.core.statistics.proportions import proportion
from desktop.widgets.answer.adjusted_words import share_text
from desktop.widgets.answer.measured_on import measured_on
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.wording import alone_text


class PriorTable(QWidget):
    """Accuracy, balanced accuracy and the sensitivity for melanoma of the diagnosis with the highest figure."""

    def __init__(self, contract: Contract, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._test = contract.prior_test
        self._own = contract.prior or {}
        self._heading = PlainLabel(self.tr("How often the highest figure names the right diagnosis"), self)
        self._heading.setProperty("strong", True)
        self._heading.setWordWrap(True)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        self._cells = [[self._cell(row, column) for column in range(3)] for row in range(4)]
        self._note = PlainLabel(self)
        self._note.setWordWrap(True)
        self._note.setProperty("muted", True)
        self._note.setProperty("small", True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.addWidget(self._heading)
        column.addLayout(self._grid)
        column.addWidget(self._note)

    @property
    def rows(self) -> list[list[str]]:
        """The table as it is shown, its heading first; empty if nothing is known."""
        return [] if self._test is None else [[cell.text() for cell in row] for row in self._cells]

    @property
    def note(self) -> str:
        """The text below the table."""
        return self._note.text()

    def show_prior(self, melanomas: float, *, has_others: bool = False) -> None:
        """Show what this share of melanomas does; `has_others` is whether shares of other labels are set too."""
        test = self._test
        if test is None:
            self._note.setText(
                self.tr("Not known for this model: its file does not say how often the right diagnosis leads then.")
            )
            return
        before, after = before_and_after(test, self._own, melanomas)
        measured = nearest(test, self._own, melanomas).melanomas
        name = self.tr("accuracy where {share} are melanomas").format(share=share_text(measured))
        rows = (
            ("", alone_text(is_region=False), self.tr("for {share}").format(share=share_text(measured))),
            (name, _share(before.accuracy), _share(after.accuracy)),
            (
                self.tr("balanced accuracy, each diagnosis alike"),
                _share(before.balanced_accuracy),
                _share(after.balanced_accuracy),
            ),
            (
                self.tr("melanoma leads, of {n} images of melanomas").format(n=after.melanomas),
                _leads(before),
                _leads(after),
            ),
        )
        for cells, texts in zip(self._cells, rows, strict=True):
            for cell, text in zip(cells, texts, strict=True):
                cell.setText(text)
        note = (
            self.tr("Shares of other diagnoses are left out here: their effect was not measured.") + " "
            if has_others
            else ""
        )
        self._note.setText(
            note
            + self.tr(
                "Measured on {where}, the other diagnoses in the model's own proportions. Here each image counts, also in "
                "the 95 % intervals: where several show one lesion they are too narrow. The marked diagnosis stays that of "
                "the alert or, without one, of the figures of the image alone; no alert depends on any of this."
            ).format(where=measured_on(test.measured_on))
        )

    def _cell(self, row: int, column: int) -> QLabel:
        cell = PlainLabel(self)
        cell.setVisible(self._test is not None)
        cell.setWordWrap(column == 0)
        if column:
            cell.setAlignment(Qt.AlignmentFlag.AlignRight)
        if not row:
            cell.setProperty("muted", True)
        self._grid.addWidget(cell, row, column)
        return cell


def _share(value: float) -> str:
    return f"{100 * value:.0f} %"


def _leads(figures: LeadingFigures) -> str:
    if not figures.melanomas:
        return "–"
    found = proportion(figures.found, figures.melanomas)
    return f"{100 * found.value:.0f} % ({100 * found.low:.0f} – {100 * found.high:.0f})"
