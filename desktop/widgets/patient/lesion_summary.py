"""A summary of several dermatoscope images of one lesion and visit: each answer, mean and spread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from desktop import __version__
from desktop.core.frozen import frozen
from desktop.core.late import Late
from desktop.session.blinding import Blinding
from desktop.session.file_in_front import FileInFront
from desktop.session.open_image import OpenImage
from desktop.widgets.answer import alert_words
from desktop.widgets.answer.answer_words import no_answer_word
from desktop.widgets.answer.result_panel import RESULT_WIDTH
from desktop.widgets.common.plain_text import PlainLabel, for_tip
from desktop.widgets.common.theme import restyle
from desktop.widgets.common.wording import alone_text, leading_name, mean_text, percent
from desktop.widgets.patient.lesion_strip import name_in_strip

if TYPE_CHECKING:
    from desktop.core.inference import judgement as judging
    from desktop.core.inference.contract import Contract
    from desktop.core.inference.judgement import Judgement
    from desktop.core.records import lesion_answers, values
    from desktop.core.records.people import PlacedImage
    from desktop.core.records.values import StoredAnswer
else:
    judging = Late("desktop.core.inference.judgement")
    lesion_answers = Late("desktop.core.records.lesion_answers")
    values = Late("desktop.core.records.values")


class LesionSummary(QWidget):
    """Hidden unless the image on the screen has others beside it and none of their answers is concealed."""

    def __init__(
        self, in_front: FileInFront, open_image: OpenImage, blinding: Blinding, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._in_front = in_front
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
        in_front.changed.connect(self._show)
        blinding.changed.connect(self._show)
        open_image.opened.connect(lambda _picture: self._show())
        open_image.answered.connect(lambda _answer: self._show())
        open_image.closed.connect(self._show)
        self.hide()

    def _show(self) -> None:
        classifier = self._open_image.classifier
        shown = images_beside(self._in_front, self._open_image, self._blinding)
        if classifier is None or len(shown) < 2 or any(one.is_concealed for one in shown):
            self.hide()
            return
        self._fill(shown, classifier.contract)
        self.show()

    def _fill(self, shown: list[ImageBeside], contract: Contract) -> None:
        found = lesion_answers.compare_images([one.answer for one in shown], contract)
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for row, (one, judgement) in enumerate(zip(shown, found.judgements, strict=True)):
            name = PlainLabel(one.name, self._card)
            name.setProperty("muted", True)
            name.setToolTip(for_tip(one.image.image.name))
            text = PlainLabel(self._line(judgement, contract), self._card)
            text.setWordWrap(True)
            for label in (name, text):
                label.setProperty("small", True)
            self._rows.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            self._rows.addWidget(text, row, 1)
        # Alerts are in the box above, which covers the lesion.
        title = self.tr("{count} images of this lesion and visit, {alone}")
        self._title.setText(title.format(count=len(shown), alone=alone_text(is_region=False)))
        self._mean.setText(self._mean_text(found))
        restyle(self._card, *self._card.findChildren(QLabel))

    def _line(self, judgement: Judgement | None, contract: Contract) -> str:
        if judgement is None or (judgement.abstention is not None and judgement.abstention.hides_figures):
            return no_answer_word(None if judgement is None else judgement.abstention)
        parts = []
        if judgement.malignant_probability is not None:
            parts.append(self.tr("malignant {p}").format(p=percent(judgement.malignant_probability)))
        if judgement.abstention is None and not judgement.kind_uncertain:
            parts.append(f"{leading_name(contract, judgement.leading)} {percent(judgement.leading_probability)}")
        else:
            parts.append(no_answer_word(judgement.abstention or judging.Abstention.UNCERTAIN))
        return " · ".join(parts)

    def _mean_text(self, found: lesion_answers.LesionAnswers) -> str:
        if found.malignant is None:
            return ""
        of_lesion = found.lesion
        counted = of_lesion.images - of_lesion.unanswered
        if counted == 1:
            text = self.tr("Malignant {probability}, {alone}.").format(
                probability=percent(found.malignant.mean), alone=alone_text(is_region=False)
            )
        else:
            text = self.tr("Malignant {mean}, {whose}, from {low} to {high}.").format(
                mean=percent(found.malignant.mean),
                whose=mean_text(counted),
                low=percent(found.malignant.low),
                high=percent(found.malignant.high),
            )
        missing = f"{alert_words.unanswered_text(of_lesion)}." if of_lesion.unanswered else ""
        return " ".join(filter(None, (text, missing))).replace(" %", "\N{NO-BREAK SPACE}%")


@frozen
class ImageBeside:
    """An image of a lesion and visit, with the answer of the model in use to the whole of it, None if there is none.

    `name` is that in the strip, or its number where the strip shows the day of an earlier visit, or another patient's images.
    """

    image: PlacedImage
    name: str
    answer: StoredAnswer | None
    is_concealed: bool


def images_beside(in_front: FileInFront, open_image: OpenImage, blinding: Blinding) -> list[ImageBeside]:
    """Return the dermatoscope images of the open image's lesion and visit, itself among them, as in the strip.

    The list is empty if no answer is shown, or if the image has no lesion.
    """
    classifier, shown, file, own = open_image.classifier, open_image.answer, in_front.file, in_front.image
    if classifier is None or shown is None or file is None or own is None:
        return []
    if own.lesion_id is None or own.kind == "clinical":
        return []
    is_new = shown.entry is None and shown.region is None  # it may be on the screen before it is in the history
    found = []
    beside = [one for one in file.images if _is_beside(one, own)]
    numbered = alert_words.numbered(range(len(beside)))
    for number, image in enumerate(beside, 1):
        name = name_in_strip(number, is_clinical=False) if in_front.is_todays else numbered[number - 1]
        if image is own and is_new:
            answer = values.StoredAnswer.of(shown.prediction, shown.judgement, shown.contract.label_ids, __version__)
            found.append(ImageBeside(image, name, answer, is_concealed=False))
            continue
        of_model = [one for one in image.entries if one.answer.model_sha256 == classifier.sha256 and not one.region]
        is_concealed = blinding.conceals(image.image.sha256) or any(map(blinding.conceals_entry, of_model[-1:]))
        found.append(ImageBeside(image, name, of_model[-1].answer if of_model else None, is_concealed))
    return found


def _is_beside(image: PlacedImage, own: PlacedImage) -> bool:
    return image.kind != "clinical" and (image.lesion_id, image.visit_id) == (own.lesion_id, own.visit_id)
