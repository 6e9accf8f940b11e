"""What the saved answers to a lesion's images at a visit say, for the paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.core.records.lesion_answers import compare_images
from desktop.widgets.answer import alert_words, answer_words

if TYPE_CHECKING:
    from desktop.core.inference.classifier import Classifier
    from desktop.core.inference.several_images import LesionAlert
    from desktop.core.records.values import Entry
    from desktop.widgets.answer.alert_words import AlertContext


def _tr(text: str) -> str:
    return QCoreApplication.translate("Report", text)


def _alert_text(alert: LesionAlert, images: int) -> str:
    """Return an alert with the images that raised it, if there are several."""
    name = alert_words.name_of(alert.raised.flag)
    return name if images == 1 else f"{name}, {alert_words.count_text(alert_words.numbered(alert.places), images)}"


@dataclass(frozen=True)
class VisitAnswers:
    """The words of saved answers. In the lists of entries None stands for an image without an answer.

    `answer_text` returns an answer in one line, and nothing of one that blind-first `conceals`. `lesion_text` returns what the
    answers to several images of a lesion say of it. `classifier` is the model in use, None if there is none.
    """

    answer_text: Callable[[Entry], str]
    lesion_text: Callable[[Sequence[Entry | None]], str]
    conceals: Callable[[Entry], bool]
    classifier: Classifier | None

    def lines(self, entries: Sequence[Entry | None], context: AlertContext) -> list[str]:
        """Return the lines of a lesion: the one answer to several images, each answer, and what no alert means.

        Nothing where no image is answered.
        """
        given = [entry for entry in entries if entry is not None]
        if not given:
            return []
        texts = [_tr("not answered") if entry is None else self.answer_text(entry) for entry in entries]
        if len(texts) > 1:
            texts = [
                _tr("Image {number} of {count}, {answer}").format(number=number, count=len(texts), answer=text)
                for number, text in enumerate(texts, 1)
            ]
            texts.insert(0, self.lesion_text(entries))
        without = "" if any(map(self.conceals, given)) else self._without_alert(entries, given, context)
        return list(filter(None, (*texts, without)))

    def _without_alert(self, entries: Sequence[Entry | None], given: Sequence[Entry], context: AlertContext) -> str:
        """Return what it means that no image raised an alert, as the window says it; empty where one did.

        The alert that only the patient's context raises is named: the line of an answer, which is of the image alone, lacks it.
        """
        if any(entry.flags for entry in given):
            return ""
        if any(entry.answer.abstention is not None or entry.answer.is_damaged for entry in given):
            return answer_words.not_benign_text()
        used = self.classifier
        if used is None or any(entry.answer.model_sha256 != used.sha256 for entry in given):
            return alert_words.nothing_excluded_text()
        contract = used.contract
        stored = [None if entry is None else entry.answer for entry in entries]
        lesion = compare_images(stored, contract, context.patient).lesion
        if lesion.alerts:
            return "; ".join(_alert_text(one, lesion.images) for one in lesion.alerts)
        if not lesion.is_answered:
            return alert_words.unfinished_text()
        if not contract.alerts:
            return answer_words.no_flag_text(contract)
        meaning = alert_words.none_meaning(contract, given[-1].answer.working_points, context)
        return f"{alert_words.none_title()}. {meaning}"
