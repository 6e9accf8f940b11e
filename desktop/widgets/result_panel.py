"""The result of one image: flags first, then all probabilities, then what they rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desktop.consultation import Answer
from desktop.core.errors import AppError
from desktop.core.labels import Malignancy
from desktop.core.late import Late
from desktop.widgets.headline import Headline
from desktop.widgets.probability_table import ProbabilityTable
from desktop.widgets.wording import local_time, percent, sentence, translated

if TYPE_CHECKING:
    from desktop.core.inference import judgement as judging
    from desktop.core.inference.contract import Contract
    from desktop.core.inference.judgement import RaisedFlag
else:
    judging = Late("desktop.core.inference.judgement")

_WIDTH = 384


class ResultPanel(QFrame):
    """Keeps its size in every state: empty, waiting, answered, abstained, failed."""

    shown_anyway = Signal()
    retry_requested = Signal()
    model_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setFixedWidth(_WIDTH)
        self._contract: Contract | None = None
        self._table: ProbabilityTable | None = None
        self._answer: Answer | None = None
        self._by_size = False
        self._band = QLabel(self)
        self._band.setObjectName("band")
        self._band.setWordWrap(True)
        self._band.hide()
        self._headline = Headline(self)
        self._older = QWidget(self)
        self._older_text = QLabel(self._older)
        self._older_text.setWordWrap(True)
        renew = QPushButton(self.tr("Classify with the present model"), self._older)
        renew.clicked.connect(self.retry_requested)
        older = QVBoxLayout(self._older)
        older.setContentsMargins(0, 0, 0, 0)
        older.addWidget(self._older_text)
        older.addWidget(renew)
        self._older.hide()
        self._place = QVBoxLayout()
        self._folded = QLabel(self)
        self._folded.setWordWrap(True)
        self._folded.setProperty("muted", True)
        self._folded.hide()
        self._basis = QLabel(self)
        self._basis.setWordWrap(True)
        self._basis.setProperty("muted", True)
        self._basis.setProperty("small", True)
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(12)
        column.addWidget(self._headline)
        column.addWidget(self._older)
        column.addLayout(self._place)
        column.addWidget(self._folded)
        column.addStretch(1)
        column.addWidget(self._basis)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        scroll.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._band)
        layout.addWidget(scroll, 1)
        self.show_empty()

    def use_contract(self, contract: Contract) -> None:
        """Lay out the labels of a model, empty until its first answer."""
        if contract == self._contract:
            return
        self._contract = contract
        if self._table is not None:
            self._place.removeWidget(self._table)
            self._table.deleteLater()
        self._table = ProbabilityTable(contract, self)
        self._table.order_by_size(self._by_size)
        self._place.addWidget(self._table)
        self._band.setText(self._demonstration(contract))
        self._band.setVisible(contract.intended_use == "demonstration")
        self._basis.setText(self._basis_of(contract))

    def order_by_size(self, wanted: bool) -> None:
        """Put the greatest probability of each kind first, or keep the order that is the same for every image."""
        self._by_size = wanted
        if self._table is not None:
            self._table.order_by_size(wanted)

    def show_empty(self) -> None:
        """Say that no image is open."""
        self._clear()
        self._headline.say("note", self.tr("No image open"), self.tr("The answer for an image stands here."))

    def show_waiting(self, contract: Contract | None) -> None:
        """Show grey bars: the answer of the model with this contract is on its way, or the model itself (None)."""
        if contract is not None:
            self.use_contract(contract)
        self._clear()
        text = self.tr("The model is being loaded.") if contract is None else self.tr("The model looks at the image.")
        self._headline.say("note", self.tr("One moment"), text)

    def show_error(self, error: AppError, *, of_model: bool) -> None:
        """Show why there is no answer, and what can be done; the image stays usable."""
        self._clear()
        choose = (self.tr("Choose model…"), self.model_requested.emit)
        actions = (choose,) if of_model else ((self.tr("Retry"), self.retry_requested.emit), choose)
        self._headline.say("error", self.tr("No answer"), sentence(error), *actions)

    def _clear(self) -> None:
        self._answer = None
        self._older.hide()
        self._fold(None)
        if self._table is not None:
            self._table.show_nothing()

    def show_answer(self, answer: Answer) -> None:
        """Show an answer as far as its judgement allows."""
        self.use_contract(answer.contract)
        self._answer = answer
        self._show_age(answer)
        if answer.judgement.abstention is judging.Abstention.NOVELTY:
            self._withhold(answer)
        else:
            self._unfold(answer)
        self._announce()

    def _announce(self) -> None:
        """Tell a screen reader that the answer is there."""
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self._headline.accessibleName()))

    def _show_age(self, answer: Answer) -> None:
        self._older.setVisible(answer.entry is not None)
        if answer.entry is not None:
            self._older_text.setText(
                self.tr("Answer of {time} by “{model}”").format(
                    time=local_time(answer.entry.time), model=answer.entry.model_name
                )
            )

    def _withhold(self, answer: Answer) -> None:
        """Fold the bars away on what the model has not learned; a raised flag survives in one line."""
        value, limit = answer.prediction.novelty, answer.contract.novelty_threshold
        flagged = " ".join(self._flag_line(raised) + "." for raised in answer.judgement.flags)
        self._headline.say(
            "flag",
            self.tr("No answer: not like the images that the model learned from"),
            flagged or self.tr("Novelty {value:.3g}, limit {limit:.3g}.").format(value=value, limit=limit),
            (self.tr("Show anyway"), self._show_anyway),
        )
        self._fold(
            self.tr(
                "Novelty {value:.3g} is over the limit of {limit:.3g}. Is it a dermatoscope image, sharp, of one lesion? "
                "Take it again if not. No answer is not reassurance."
            ).format(value=value, limit=limit)
        )

    def _show_anyway(self) -> None:
        if self._answer is not None and self._answer.judgement.abstention is not None:
            self._unfold(self._answer)
            self.shown_anyway.emit()

    def _unfold(self, answer: Answer) -> None:
        judgement = answer.judgement
        if self._table is not None:
            self._table.show_answer(answer.prediction.probabilities, judgement, name_top=judgement.abstention is None)
        self._fold(None)
        plain = "\n".join(filter(None, (self._size_of(answer), self._missed(answer.contract), self._doubt(answer))))
        if judgement.flags:
            self._headline.say("flag", "\n".join(map(self._flag_line, judgement.flags)), plain)
        elif not answer.contract.flags:
            self._headline.say("note", self.tr("This model has no measured thresholds: read every probability"), plain)
        elif _covers_malignant(answer.contract):
            self._headline.say("note", self.tr("No malignant label above its threshold"), plain)
        else:
            self._headline.say("note", self.tr("No flag above its threshold"), plain)

    def _fold(self, text: str | None) -> None:
        self._folded.setText(text or "")
        self._folded.setVisible(text is not None)
        if self._table is not None:
            self._table.setVisible(text is None)

    def _flag_line(self, raised: RaisedFlag) -> str:
        return self.tr("{name} not excluded ({probability}, threshold {threshold})").format(
            name=translated(raised.flag.name),
            probability=percent(raised.probability),
            threshold=percent(raised.flag.threshold),
        )

    def _missed(self, contract: Contract) -> str:
        """Say what the thresholds cost, on images that did not set them if the model has such figures."""
        lines: dict[str, list[str]] = {}
        for flag in contract.flags:
            missed, positives, where = flag.missed, flag.positives, flag.measured_on
            if flag.tested is not None:
                missed, positives, where = flag.tested.missed, flag.tested.positives, flag.tested.measured_on
            part = self.tr("{name}: {k} of {n}").format(name=translated(flag.name), k=missed, n=positives)
            lines.setdefault(where, []).append(part)
        return "\n".join(
            self.tr("At its thresholds the model missed {parts} ({where}).").format(parts="; ".join(parts), where=where)
            for where, parts in lines.items()
        )

    def _size_of(self, answer: Answer) -> str:
        """Warn of an image that has fewer pixels than the model looks at: there is little in it to see."""
        side = min(answer.seen.right - answer.seen.left, answer.seen.bottom - answer.seen.top)
        if side >= answer.contract.input_size:
            return ""
        return self.tr(
            "The image is small ({side} pixels, the model looks at {size}): do not rely on the answer."
        ).format(side=side, size=answer.contract.input_size)

    def _doubt(self, answer: Answer) -> str:
        judgement = answer.judgement
        reassurance = self.tr("No answer is not reassurance.")
        if judgement.abstention is judging.Abstention.UNCERTAIN:
            return self.tr("Uncertain: no label is probable enough to be named.") + " " + reassurance
        if judgement.abstention is judging.Abstention.NOVELTY:
            shown = self.tr("Shown although the image is not like those that the model learned from.")
            return f"{shown} {reassurance}"
        if judgement.kind_uncertain:
            return self.tr("Benign-type labels, kind uncertain.")
        return "" if judgement.flags else self.tr("That excludes nothing.")

    def _demonstration(self, contract: Contract) -> str:
        figure = next(
            (one for one in contract.figures if one.name == "accuracy" and one.measured_on == "test images"), None
        )
        if figure is None or figure.k is None:
            return self.tr("Demonstration model. Not for patients.")
        return self.tr("Demonstration model: right on {k} of {n} test images. Not for patients.").format(
            k=figure.k, n=figure.n
        )

    def _basis_of(self, contract: Contract) -> str:
        lines = [contract.name]
        counts = contract.training_data.label_counts
        learned = sum(counts.values())
        mix = contract.calibration_mix
        if mix is not None and "melanoma" in mix:
            text = self.tr("Calibrated on images of which {share:.0f} % were melanoma; yours differ.")
            lines.append(text.format(share=100 * mix["melanoma"]))
        elif "melanoma" in counts and learned:
            text = self.tr("Not calibrated. Learned on {n} images, {share:.0f} % of them melanoma; yours differ.")
            lines.append(text.format(n=learned, share=100 * counts["melanoma"] / learned))
        if contract.novelty_threshold is None:
            lines.append(self.tr("This model cannot tell whether an image is like those it learned from."))
        if any(label.malignancy is Malignancy.UNKNOWN for label in contract.labels):
            lines.append(self.tr("What its labels mean clinically is not known to the app."))
        return "\n".join(lines)


def _covers_malignant(contract: Contract) -> bool:
    """Whether every malignant label stands under some flag."""
    flagged = {label for flag in contract.flags for label in flag.labels}
    return flagged.issuperset(label.id for label in contract.labels if label.malignancy is Malignancy.MALIGNANT)
