"""The answers for the whole image and its regions side by side: a serious one is visible with each of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.core.frozen import frozen
from desktop.core.imaging.regions import read_region
from desktop.core.labels import badness
from desktop.core.late import Late
from desktop.widgets.answer import alert_words
from desktop.widgets.answer.alert_words import AlertContext
from desktop.widgets.answer.answer_words import abstention_text, own_alerts_of, own_flag_text, size_text
from desktop.widgets.common.wording import alone_text, leading_name, percent, region_name

if TYPE_CHECKING:
    from desktop.core.inference import judgement as judging
    from desktop.core.inference.contract import Contract
    from desktop.core.inference.judgement import RaisedFlag
    from desktop.session.answers import Answer
else:
    judging = Late("desktop.core.inference.judgement")


@frozen
class AnswerPart:
    """The answer for one part of the open image; `region` is its number from 1, None for the whole image."""

    answer: Answer
    region: int | None = None

    @property
    def name(self) -> str:
        """The name of the part, as on its button."""
        if self.region is None:
            return _tr("Whole image")
        return _tr("Region {number}").format(number=self.region)


def _tr(text: str) -> str:
    return QCoreApplication.translate("AnswerParts", text)


def most_serious(parts: Sequence[AnswerPart], context: AlertContext) -> AnswerPart:
    """Return the most serious part: first by its worst alert, then by malignant sum, then by the worse label."""
    return max(parts, key=partial(_seriousness, context))


def rank(raised: Sequence[RaisedFlag], contract: Contract) -> int:
    """Return how serious the worst of these alerts is: 0 for none, else the more the earlier the contract names it."""
    ids = {one.flag.id for one in raised}
    return max((place for place, one in enumerate(reversed(contract.raisable), 1) if one.id in ids), default=0)


def parts_text(parts: Sequence[AnswerPart], context: AlertContext, told: Answer | None = None) -> str:
    """Return a line for each part with the figures of it alone, the most serious first, empty if there are no regions.

    Each says if its part is small, but for that of the answer that is `told` above them with this.
    """
    if len(parts) < 2:
        return ""
    ordered = sorted(parts, key=partial(_seriousness, context), reverse=True)
    return "\n".join(_line(part, context, is_told=part.answer is told) for part in ordered)


def region_text(region: str) -> str:
    """Return the name of a saved region by its size, empty for the whole image; `region` is as in `Entry`."""
    if not region:
        return ""
    try:
        box = read_region(region)
    except ValueError:  # a damaged row
        return _tr("region")
    return region_name(box.right - box.left, box.bottom - box.top)


def _seriousness(context: AlertContext, part: AnswerPart) -> tuple[int, float, tuple[int, int]]:
    judgement, contract = part.answer.judgement, part.answer.contract
    malignancy = next(label.malignancy for label in contract.labels if label.id == judgement.top)
    alerted = rank(own_alerts_of(part.answer, context), contract)
    return alerted, judgement.malignant_probability or 0.0, badness(judgement.top, malignancy)


def _line(part: AnswerPart, context: AlertContext, *, is_told: bool) -> str:
    judgement = part.answer.judgement
    raised = alert_words.leading(own_alerts_of(part.answer, context), part.answer.contract)
    phrases = [own_flag_text(one, part.answer, context) for one in raised]
    figures = []
    abstention = judgement.abstention
    if abstention is None or not abstention.hides_figures:
        if judgement.malignant_probability is not None:
            figures.append(_tr("malignant {p}").format(p=_unbroken(judgement.malignant_probability)))
        if abstention is None and not judgement.kind_uncertain:
            name = leading_name(part.answer.contract, judgement.leading)
            text = _tr("highest figure {name} {p}")
            figures.append(text.format(name=name, p=_unbroken(judgement.leading_probability)))
    if figures:
        phrases.append(f"{', '.join(figures)} ({alone_text(is_region=part.region is not None)})")
    if judgement.kind_uncertain:
        abstention = abstention or judging.Abstention.UNCERTAIN
    if abstention is not None:
        phrases.append(abstention_text(abstention))
    text = _tr("{part}: {said}").format(part=part.name, said=" · ".join(phrases))
    size = "" if is_told or not figures else size_text(part.answer)
    return ". ".join(filter(None, (text, size)))


def _unbroken(probability: float) -> str:
    """Return a percentage that stays on one line."""
    return percent(probability).replace(" ", "\u00a0")
