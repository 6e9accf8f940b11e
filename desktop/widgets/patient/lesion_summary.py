"""A summary of several dermatoscope images of one lesion and visit: each answer, mean and spread, the worst flag first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from desktop.core.late import Late
from desktop.session.blinding import Blinding
from desktop.session.open_image import OpenImage
from desktop.session.open_patient import OpenPatient
from desktop.widgets.answer.answer_words import flag_text
from desktop.widgets.answer.result_panel import RESULT_WIDTH
from desktop.widgets.common.plain_text import PlainLabel, for_tip
from desktop.widgets.common.theme import restyle
from desktop.widgets.common.wording import leading_name, percent

if TYPE_CHECKING:
    from desktop.core.inference.contract import Contract
    from desktop.core.inference.judgement import Judgement, RaisedFlag
    from desktop.core.records import lesion_answers
    from desktop.core.records.people import PlacedImage
    from desktop.core.records.values import Entry
else:
    lesion_answers = Late("desktop.core.records.lesion_answers")


class LesionSummary(QWidget):
    """Hidden unless the image on the screen has others beside it and none of their answers is concealed."""

    def __init__(
        self, open_patient: OpenPatient, open_image: OpenImage, blinding: Blinding, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._open_patient = open_patient
        self._open_image = open_image
        self._blinding = blinding
        self._card = QFrame(self)
        self._title = PlainLabel(self._card)
        self._title.setProperty("strong", True)
        self._mean = PlainLabel(self._card)
        for label in (self._title, self._mean):
            label.setWordWrap(True)
            label.setProperty("small", True)
        self._rows = QGridLayout()
        self._rows.setHorizontalSpacing(12)
        self._rows.setVerticalSpacing(1)
        self._rows.setColumnStretch(1, 1)
        inside = QVBoxLayout(self._card)
        inside.setContentsMargins(12, 6, 12, 6)
        inside.setSpacing(2)
        inside.addWidget(self._title)
        inside.addLayout(self._rows)
        inside.addWidget(self._mean)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 10)
        layout.addWidget(self._card)
        self.setFixedWidth(RESULT_WIDTH)
        for changed in (
            open_patient.lesion_changed,
            open_patient.images_changed,
            open_patient.patient_changed,
            blinding.changed,
        ):
            changed.connect(self._show)
        open_image.opened.connect(lambda _picture: self._show())
        open_image.answered.connect(lambda _answer: self._show())
        open_image.closed.connect(self._show)
        self.hide()

    def _show(self) -> None:
        classifier = self._open_image.classifier
        shown = entries_beside(self._open_patient, self._open_image, self._blinding)
        if classifier is None or len(shown) < 2:
            self.hide()
            return
        self._fill(shown, classifier.contract)
        self.show()

    def _fill(self, shown: list[tuple[int, Entry]], contract: Contract) -> None:
        found = lesion_answers.compare_images([entry for _number, entry in shown], contract)
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for row, ((number, entry), judgement) in enumerate(zip(shown, found.judgements, strict=True)):
            name = PlainLabel(self.tr("derm {n}").format(n=number), self._card)
            name.setProperty("muted", True)
            name.setToolTip(for_tip(entry.image.name))
            text = PlainLabel(self._line(judgement, contract), self._card)
            text.setWordWrap(True)
            for label in (name, text):
                label.setProperty("small", True)
            self._rows.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            self._rows.addWidget(text, row, 1)
        count = self.tr("{count} images of this lesion and visit, image alone").format(count=len(shown))
        flags = (
            () if contract.alerts else found.flags
        )  # alerts are in the box above the result, which covers the lesion
        self._title.setText("\n".join((*map(self._flag_line, flags), count)))
        self._title.setToolTip(for_tip("\n".join(flag_text(raised) for raised in flags)))
        self._mean.setText(self._mean_text(found, len(shown)))
        self._card.setObjectName("flag" if flags else "note")
        restyle(self._card, *self._card.findChildren(QLabel))

    def _flag_line(self, raised: RaisedFlag) -> str:
        return flag_text(raised)

    def _line(self, judgement: Judgement, contract: Contract) -> str:
        if judgement.abstention is not None and judgement.abstention.hides_figures:
            return self.tr("not answered")
        parts = []
        if judgement.malignant_probability is not None:
            parts.append(self.tr("malignant {p}").format(p=percent(judgement.malignant_probability)))
        if judgement.abstention is None:
            parts.append(f"{leading_name(contract, judgement.leading)} {percent(judgement.leading_probability)}")
        else:
            parts.append(self.tr("uncertain"))
        return " · ".join(parts)

    def _mean_text(self, found: lesion_answers.LesionAnswers, count: int) -> str:
        if found.malignant is None:
            return ""
        if found.counted == 1 < count:
            text = self.tr("Malignant: {probability}.").format(probability=percent(found.malignant.mean))
            return f"{text} {self._unanswered(found, count)}"
        text = self.tr("Malignant: mean {mean}, from {low} to {high}.").format(
            mean=percent(found.malignant.mean),
            low=percent(found.malignant.low),
            high=percent(found.malignant.high),
        )
        if found.counted < count:
            text += " " + self._unanswered(found, count)
        return text

    def _unanswered(self, found: lesion_answers.LesionAnswers, count: int) -> str:
        return self.tr("{unanswered} of {count} images not answered.").format(
            unanswered=count - found.counted, count=count
        )


def entries_beside(open_patient: OpenPatient, open_image: OpenImage, blinding: Blinding) -> list[tuple[int, Entry]]:
    """Return the present model's answers for the images of the open image's lesion and visit, numbered as in the strip.

    The list is empty if no answer is shown, if the image has no lesion, or while one of the answers is concealed.
    """
    picture, classifier = open_image.picture, open_image.classifier
    if picture is None or classifier is None or open_image.answer is None:
        return []
    own = open_patient.image_of(picture.sha256)
    if own is None or own.lesion_id is None or own.kind == "clinical":
        return []
    beside = [one for one in open_patient.images if _is_beside(one, own)]
    found = []
    for number, image in enumerate(beside, 1):
        of_model = [
            entry for entry in image.entries if entry.answer.model_sha256 == classifier.sha256 and not entry.region
        ]
        found += [(number, entry) for entry in of_model[-1:]]
    is_concealed = any(blinding.conceals(entry.image.sha256) or blinding.conceals_entry(entry) for _n, entry in found)
    return [] if is_concealed else found


def _is_beside(image: PlacedImage, own: PlacedImage) -> bool:
    return image.kind != "clinical" and (image.lesion_id, image.visit_id) == (own.lesion_id, own.visit_id)
