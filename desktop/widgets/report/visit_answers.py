"""What the saved answers to a lesion's images at a visit say, for the paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.core.inference.adjusted import Adjusted
from desktop.core.labels import MELANOMA, leading_alert
from desktop.core.records.lesion_answers import compare_images
from desktop.widgets.answer import adjusted_words, alert_words, answer_parts, answer_words

if TYPE_CHECKING:
    from desktop.core.inference.classifier import Classifier
    from desktop.core.inference.contract import Contract
    from desktop.core.inference.judgement import RaisedFlag
    from desktop.core.inference.several_images import LesionAlert, LesionAnswer
    from desktop.core.records.values import Entry
    from desktop.widgets.answer.alert_words import AlertContext


def _tr(text: str) -> str:
    return QCoreApplication.translate("Report", text)


def _alert_text(alert: LesionAlert, images: int) -> str:
    """Return an alert with the images that raised it, if there are several."""
    name = alert_words.name_of(alert.raised.flag)
    return name if images == 1 else f"{name}, {alert_words.count_text(alert_words.numbered(alert.places), images)}"


def _of_image(number: int, count: int, answer: str) -> str:
    """Return an answer with the number of its image, if there are several."""
    if count == 1:
        return answer
    return _tr("Image {number} of {count}, {answer}").format(number=number, count=count, answer=answer)


@dataclass(frozen=True)
class VisitAnswers:
    """The words of saved answers. In the lists of entries None stands for an image without an answer.

    `answer_text` returns an answer in one line; of one that blind-first `conceals` nothing is told. `lesion_text` returns what
    the answers to several images of a lesion say of it. `classifier` is the model in use, None if there is none.
    """

    answer_text: Callable[[Entry], str]
    lesion_text: Callable[[Sequence[Entry | None]], str]
    conceals: Callable[[Entry], bool]
    classifier: Classifier | None

    def lines(
        self, entries: Sequence[Entry | None], context: AlertContext, regions: Sequence[Sequence[Entry]] = ()
    ) -> list[str]:
        """Return the lines of a lesion: its alert or that there is none, each answer, and what the percentages are not.

        The one answer to several images stands above that, and above all the alert of a region that is more serious than any
        of whole images. Nothing where no image is answered.

        Args:
            entries: the answer to each image as a whole.
            context: what the window's alert box knows of the lesion.
            regions: for each image the answers to what was marked in it; empty if nothing was in any.
        """
        given = [entry for entry in entries if entry is not None]
        if not given:
            return []
        texts = []
        for number, entry in enumerate(entries, 1):
            shown = [one for one in (regions[number - 1] if regions else ()) if not self.conceals(one)]
            answers = [_tr("not answered") if entry is None else self._line(entry), *map(self._line, shown)]
            texts += [_of_image(number, len(entries), answer) for answer in answers]
        together = self.lesion_text(entries) if len(entries) > 1 else ""
        of_regions = [one for others in regions for one in others]
        is_concealed = any(map(self.conceals, given))
        alert, *meaning = [""] if is_concealed else self._meaning(entries, given, context, of_regions)
        leading = "" if is_concealed else self._leading_region(entries, regions, context)
        return list(filter(None, (leading, together, alert, *texts, *meaning)))

    def leading_place(
        self, entries: Sequence[Entry | None], context: AlertContext, regions: Sequence[Sequence[Entry]]
    ) -> int | None:
        """Return the place of the image that leads, None where no answer is shown; for the arguments see `lines`.

        It is the one with the most serious alert, or with a region whose alert is more serious than any of whole images; else
        the one with the highest sum of malignant labels, as among the parts of an image in the window.
        """
        given = [entry for entry in entries if entry is not None]
        if not given or any(map(self.conceals, given)):
            return None
        ranked = [
            (self._seriousness(entry, context), place)
            for place, (whole, marked) in enumerate(zip(entries, regions, strict=True))
            for entry in (whole, *marked)
            if entry is not None and not self.conceals(entry)
        ]
        (rank, _is_whole, figure), place = max(ranked, key=lambda one: one[0])
        return place if rank or figure else None

    def _seriousness(self, entry: Entry, context: AlertContext) -> tuple[int, bool, float]:
        """Return how serious the alert of an answer is, whether it is of a whole image, and its malignant sum if shown."""
        answer, used = entry.answer, self.classifier
        alerts = set(entry.flags)
        if used is not None and answer.model_sha256 == used.sha256:
            found = compare_images([answer], used.contract, context.patient).lesion.alerts
            alerts |= {alert.raised.flag.id for alert in found}
        rank = (2 if leading_alert(alerts) == MELANOMA else 1) if alerts else 0
        is_hidden = answer.is_damaged or (answer.abstention is not None and answer.abstention.hides_figures)
        return rank, not entry.region, 0.0 if is_hidden else answer.malignant_probability or 0.0

    def _line(self, entry: Entry) -> str:
        """Return an answer in one line."""
        if self.conceals(entry):
            return _tr("Model's answer: hidden until the lesion is next assessed")
        return self.answer_text(entry)

    def _leading_region(
        self, entries: Sequence[Entry | None], regions: Sequence[Sequence[Entry]], context: AlertContext
    ) -> str:
        """Return the alert of the most serious region, and what that was in testing.

        Empty unless it is more serious than any alert of whole images.
        """
        used = self.classifier
        if used is None or any(one is not None and one.answer.model_sha256 != used.sha256 for one in entries):
            return ""
        contract = used.contract

        def alone(*entries: Entry | None) -> LesionAnswer:
            stored = [None if entry is None else entry.answer for entry in entries]
            return compare_images(stored, contract, context.patient).lesion

        shown = [
            (number, entry)
            for number, marked in enumerate(regions, 1)
            for entry in marked
            if entry.answer.model_sha256 == used.sha256 and not self.conceals(entry)
        ]

        def seriousness(region: tuple[int, Entry]) -> tuple[int, float]:
            _number, entry = region
            return _rank(alone(entry), contract), entry.answer.malignant_probability or 0.0

        leading = max(shown, key=seriousness, default=None)
        if leading is None or seriousness(leading)[0] <= _rank(alone(*entries), contract):
            return ""
        number, entry = leading
        lesion = alone(entry)
        part = _of_image(number, len(entries), answer_parts.region_text(entry.region))
        said = (_alert_text(lesion.alerts[0], 1), _tested(lesion, contract, context, [entry]))
        text = _tr("{part}: {said}").format(part=part, said=". ".join(filter(None, said)))
        return f"{text[:1].upper()}{text[1:]}"

    def _meaning(
        self,
        entries: Sequence[Entry | None],
        given: Sequence[Entry],
        context: AlertContext,
        regions: Sequence[Entry],
    ) -> list[str]:
        """Return what an alert or its absence means, as the window says it; then what the percentages are not.

        The alert of a single image is named with it, and so is one that only the patient's context raises: the line of an
        answer has only those of the image alone. Beside the alert of a region it is not said that there is none.
        """
        has_alert, has_figures = any(entry.flags for entry in (*given, *regions)), any(map(_has_figures, given))
        is_withheld = any(entry.answer.abstention is not None or entry.answer.is_damaged for entry in given)
        used = self.classifier
        if used is None or any(entry.answer.model_sha256 != used.sha256 for entry in given):
            risk = _tr("Percentages are not your patient's risk.") if has_figures else ""
            if has_alert:
                return ["", risk]
            return ["", risk, answer_words.not_benign_text()] if is_withheld else [answer_words.low_figure_text(), risk]
        contract = used.contract
        risk = answer_words.calibration_text(contract) if has_figures else ""
        stored = [None if entry is None else entry.answer for entry in entries]
        lesion = compare_images(stored, contract, context.patient).lesion
        if lesion.alerts:
            named = {leading_alert(entry.flags) for entry in given if entry.flags}
            leading = lesion.alerts[0]
            is_told = lesion.images > 1 and leading.raised.flag.id in named
            told = "" if is_told else _alert_text(leading, lesion.images)
            return [". ".join(filter(None, (told, _tested(lesion, contract, context, given)))), risk]
        if has_alert:
            return ["", risk]
        if is_withheld:
            return ["", risk, answer_words.not_benign_text()]
        if not lesion.is_answered:
            return [alert_words.unfinished_text(), risk]
        if not contract.raisable:
            return [answer_words.low_figure_text(), risk]
        meaning = alert_words.none_meaning(contract, given[-1].answer.working_points, context)
        return [f"{alert_words.none_title()}. {meaning}", risk]


def _rank(lesion: LesionAnswer, contract: Contract) -> int:
    return answer_parts.rank([one.raised for one in lesion.alerts], contract)


def _has_figures(entry: Entry) -> bool:
    """Return whether the line of an answer has a percentage."""
    answer = entry.answer
    return answer.abstention is None and not answer.is_damaged and (not answer.kind_uncertain or bool(entry.flags))


def _tested(lesion: LesionAnswer, contract: Contract, context: AlertContext, given: Sequence[Entry]) -> str:
    """Return the figures in testing of the first alert of a lesion or region, and for whom they do not hold.

    Last stands what the patient's context has to do with it, by what stands beside the answers that were `given`.
    """
    if not contract.alerts:
        return answer_words.missed_text(contract)
    alert = lesion.alerts[0]  # in the order of the contract
    known = contract.context.given(context.patient) if contract.context is not None else context.patient
    explained = ""
    if not alert.is_tested:
        tested = alert_words.untested_text()
        explained = adjusted_words.raised_with_context_text(known) if alert.raised.by_context else ""
    elif alert.raised.by_context:
        tested = adjusted_words.raised_text(alert.raised, Adjusted(known), contract)
    else:
        tested = alert_words.figures_text(alert.raised)
        explained = max((_lowered(alert.raised, entry) for entry in given), key=len, default="")
    return " ".join(filter(None, (tested, context.not_tested, explained)))


def _lowered(raised: RaisedFlag, entry: Entry) -> str:
    """Return that an alert was raised without the context, which lowers its figure if the line of the answer shows that."""
    own, adjusted = entry.answer.probabilities, entry.adjusted
    if entry.is_damaged or entry.answer.is_damaged:
        return ""
    shows_adjusted = _has_figures(entry) and not adjusted.belittles([raised], own)
    return adjusted_words.lowered_text(raised, adjusted, own, adjusted.figures if shows_adjusted else own)
