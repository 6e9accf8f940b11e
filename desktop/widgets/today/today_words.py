"""What was left undone, in words: its list, the line of an item, and what is recorded about it."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QCoreApplication

from desktop.core.diagnoses import diagnosis_name, is_malignant
from desktop.core.labels import leading_alert
from desktop.core.marking import tr
from desktop.core.records.care_steps import Step
from desktop.core.records.safety_net import Gap, OpenItem
from desktop.widgets.answer import alert_words
from desktop.widgets.common.patient_words import lesion_name
from desktop.widgets.common.wording import local_day, translated
from desktop.widgets.visit.assessment_words import short_finding_text
from desktop.widgets.visit.reexcision_words import with_note

GAPS = {
    Gap.OVERDUE: tr("Follow-up overdue"),
    Gap.NOT_ASSESSED: tr("Image not assessed"),
    Gap.NO_PLAN: tr("Alert shown, no plan entered"),
    Gap.NOT_TAKEN: tr("Biopsy or excision planned, not recorded as taken"),
    Gap.NO_RESULT: tr("Biopsy or excision taken, no result"),
    Gap.NOT_TOLD: tr("Malignant or unclear result, patient not recorded as told"),
    Gap.MARGINS: tr("Margins involved, no re-excision planned"),
    Gap.NO_FIT: tr("Histology does not fit: look again"),
    Gap.LOOK_AGAIN: tr("Look again: another model alerts"),
}
"""The name of each list, in the order in which they are offered."""

KEYS = {Gap.NOT_ASSESSED: "Ctrl+Shift+A"}
"""The keys of the lists that have one (`window.menus`); the worklists have keys of their own."""

COUNTED = {
    Gap.NOT_ASSESSED: tr(
        "Dermatoscope images of visits of the last 12 months, answered by a model, one row for each lesion and visit."
    ),
    Gap.MARGINS: tr("Malignant and unclear findings. Planning a re-excision takes them off the list."),
    Gap.LOOK_AGAIN: tr(
        "Lesions without histology on which a model that was tried on the history alerts, and the one in use did not. A new "
        "assessment or a histology takes them off the list."
    ),
}
"""What a list counts, where its name does not say so."""

_QUESTIONS = {Step.TAKEN: tr("Biopsy taken"), Step.TOLD: tr("Patient told of the result")}
"""The title of the form that records what was done; of re-excisions alone see `question_text`."""

_CLOSINGS = {
    Gap.OVERDUE: tr("No follow-up takes place"),
    Gap.NOT_ASSESSED: tr("No assessment is made"),
    Gap.NO_PLAN: tr("No plan after the alert"),
    Gap.NOT_TAKEN: tr("No biopsy or excision is taken"),
    Gap.NO_RESULT: tr("No result is expected"),
    Gap.NOT_TOLD: tr("The patient is not told"),
    Gap.MARGINS: tr("No re-excision is planned"),
    Gap.NO_FIT: tr("Looked at again"),
    Gap.LOOK_AGAIN: tr("Looked at again"),
}
"""The title of the form that closes items of a list, be it one or several; of re-excisions and corrections see `_closing`."""

_CHANGES = {
    Step.TAKEN: tr("biopsy taken from {subject}"),
    Step.TOLD: tr("patient told of the result of {subject}"),
    Step.PLAN_CLOSED: tr("closing of the plan of {subject}"),
    Step.ALERT_CLOSED: tr("closing of the alert of {subject}"),
    Step.TELLING_CLOSED: tr("closing of the result of {subject}, patient not told"),
    Step.FITS: tr("second look at {subject}"),
    Step.ASSESSMENT_CLOSED: tr("closing of {subject}, not assessed"),
    Step.REEXCISION_CLOSED: tr("closing of the involved margins of {subject}"),
    Step.LOOKED_AGAIN: tr("second look at {subject}"),
}
"""The name of the change that records a step; of re-excisions and missing results see `step_text`."""

LOOKED = frozenset({Step.FITS, Step.LOOKED_AGAIN})
"""Steps that say that somebody looked again, and what they found."""

_NAMES = ("Bowen", "Kaposi", "Merkel", "Spitz")
"""Of the people after whom diagnoses are named."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("Today", text)


def subject_text(item: OpenItem) -> str:
    """Return the name of an item's lesion with its place, or of its image."""
    return item.name if item.lesion is None else lesion_name(item.lesion)


def full_subject(item: OpenItem) -> str:
    """Return the patient and the lesion of an item."""
    return subject_text(item) if item.patient is None else f"{item.patient.pseudonym}, {subject_text(item)}"


def gap_text(item: OpenItem) -> str:
    """Return what was left undone, in one line that begins with what is missing; the day beside it is `OpenItem.since`."""
    if item.gap is Gap.OVERDUE:
        return _tr("Follow-up due")  # on that day it was not overdue yet
    if item.gap is Gap.NOT_ASSESSED and item.others:
        return _tr("{count} images not assessed").format(count=len(item.subject_ids))
    if item.gap is Gap.NO_PLAN:
        return _tr("No plan entered: {alert}").format(alert=_alert(item))
    if item.gap is Gap.NOT_TOLD:
        finding = short_finding_text(_result(item), item.breslow_mm, item.margins)
        if item.told_before is not None:
            text = _tr("Patient not told of the correction: result {finding}; told of the earlier one on {day}")
            return text.format(finding=finding, day=local_day(item.told_before))
        return _tr("Patient not told: result {finding}").format(finding=finding)
    if item.gap is Gap.MARGINS:
        finding = short_finding_text(_result(item), item.breslow_mm, None)
        return _tr("No re-excision planned: {finding}, margins involved").format(finding=finding)
    if item.gap is Gap.NO_FIT:
        own = item.own_diagnosis
        mine = _tr("after the model: {diagnosis}") if item.is_after_model else _tr("mine was {diagnosis}")
        if item.is_made_elsewhere:
            mine = _tr("made elsewhere: {diagnosis}")
        parts = [mine.format(diagnosis=_diagnosis(own))] if own else []
        parts += [_alert(item)] if item.alerts else []
        return _tr("Does not fit: histology {diagnosis}, {others}").format(
            diagnosis=_diagnosis(item.diagnosis), others=", ".join(parts)
        )
    if item.reexcision is not None and item.gap is Gap.NOT_TAKEN:
        return with_note(_tr("Re-excision planned, not recorded as taken"), item.reexcision)
    if item.reexcision is not None and item.gap is Gap.NO_RESULT:
        return _tr("Re-excision taken, no result")
    if item.gap is Gap.LOOK_AGAIN:
        text = _tr("Look again: {alert} by “{model}” alone").format(alert=_alert(item), model=item.model)
        if item.last_visit is None:
            return text
        return _tr("{text}; last visit {day}").format(text=text, day=local_day(item.last_visit))
    return translated(GAPS[item.gap])


def since_text(item: OpenItem) -> str:
    """Return what was left undone, and since when."""
    text = _tr("{what} since {day}") if item.gap is Gap.OVERDUE else _tr("Since {day}: {what}")
    return text.format(what=gap_text(item), day=local_day(item.since))


def question_text(step: Step | None, items: Collection[OpenItem]) -> str:
    """Return the title of the form that records a step about items; None closes items that need different ones."""
    if step is Step.TAKEN and all(item.reexcision is not None for item in items):
        return _tr("Re-excision taken")
    if step in _QUESTIONS:
        return translated(_QUESTIONS[step])
    closings = {_closing(item) for item in items}
    return closings.pop() if step is not None and len(closings) == 1 else _tr("Close with a reason")


def _closing(item: OpenItem) -> str:
    if item.gap is Gap.NOT_TAKEN and item.reexcision is not None:
        return _tr("No re-excision is taken")
    if item.gap is Gap.NOT_TOLD and item.told_before is not None:
        return _tr("The patient is not told of the correction")
    return translated(_CLOSINGS[item.gap])


def step_text(item: OpenItem, step: Step) -> str:
    """Return the name of a step about an item, for undo."""
    text = translated(_CHANGES[step])
    if step is Step.TAKEN and item.reexcision is not None:
        text = _tr("re-excision taken from {subject}")
    elif item.gap is Gap.NO_RESULT:
        text = _tr("closing of {subject}, no result")
    return text.format(subject=full_subject(item))


def _alert(item: OpenItem) -> str:
    """Return the alert with which the image's box leads: that for melanoma, if it is one of several."""
    if not item.alerts:
        return _tr("alert")
    return _lower(alert_words.title_of(leading_alert(item.alerts)))


def _result(item: OpenItem) -> str:
    """Return the diagnosis of a result, in quotation marks if it was typed and nobody classified it."""
    if is_malignant(item.diagnosis, item.label) is None:
        return f"“{translated(diagnosis_name(item.diagnosis))}”"
    return _diagnosis(item.diagnosis)


def _diagnosis(diagnosis: str) -> str:
    return _lower(translated(diagnosis_name(diagnosis)))


def _lower(text: str) -> str:
    """Return a text for use within a sentence; a person's name and an abbreviation keep their capital."""
    return text if text.startswith(_NAMES) or text[1:2].isupper() else text[:1].lower() + text[1:]
