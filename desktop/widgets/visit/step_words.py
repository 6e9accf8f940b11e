"""Steps on a lesion's way in words: what was done, when and by whom, and the reason or finding that was entered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from PySide6.QtCore import QCoreApplication

from desktop.core.diagnoses import diagnosis_name
from desktop.core.marking import tr
from desktop.core.records import people
from desktop.core.records.care_steps import SUBJECTS, EnteredStep, Step
from desktop.core.records.people import Outcome
from desktop.widgets.common.wording import local_day, local_time, translated
from desktop.widgets.visit.assessment_words import short_finding_text

STEPS = {
    Step.TAKEN: tr("Biopsy or excision taken"),
    Step.TOLD: tr("Patient told of the result"),
    Step.PLAN_CLOSED: tr("Plan closed"),
    Step.ALERT_CLOSED: tr("Alert closed without a plan"),
    Step.TELLING_CLOSED: tr("Result closed, patient not told"),
    Step.FITS: tr("Histology looked at again"),
    Step.ASSESSMENT_CLOSED: tr("Image closed without an assessment"),
    Step.REEXCISION_CLOSED: tr("Involved margins closed without re-excision"),
    Step.LOOKED_AGAIN: tr("Looked at again, for another model's alert"),
}
"""What was done."""


_OF_ALERTS = frozenset({Step.ALERT_CLOSED, Step.LOOKED_AGAIN})


def _tr(text: str) -> str:
    return QCoreApplication.translate("Steps", text)


def steps_to_tell(
    steps: Iterable[EnteredStep],
    outcomes: Iterable[Outcome],
    conceals: Callable[[str], bool],
    withdrawn: Iterable[Outcome] = (),
) -> list[EnteredStep]:
    """Return the steps that nothing else tells of: a biopsy has a line of its own, and the outcome says who told the patient.

    A finding that was corrected since, or is one of the `withdrawn` ones, is struck out with all that its line says: what was
    done about it was done all the same, and is told. A closed alert tells that there was one, and so does what was looked at
    again for another model's alert: `conceals` returns whether the answer to the image with this SHA-256 must not be shown now.
    """
    found = list(outcomes)
    known, standing = {one.id for one in (*found, *withdrawn)}, {one.id for one in people.counting(found)}

    def is_told(one: EnteredStep) -> bool:
        step = one.step
        if step.step is Step.TAKEN or (step.step is Step.TOLD and not step.note and step.subject_id in standing):
            return False
        if SUBJECTS[step.step] == "outcome" and step.subject_id not in known:
            return False
        return step.step not in _OF_ALERTS or not conceals(one.sha256)

    told: dict[tuple[object, ...], EnteredStep] = {}
    for one in filter(is_told, steps):
        step = one.step
        # Images of a lesion and visit are closed together, with a step each.
        subject = None if step.step is Step.ASSESSMENT_CLOSED else step.subject_id
        told.setdefault((step.step, subject, step.day, step.person, step.note), one)
    return list(told.values())


def step_text(entered: EnteredStep, outcomes: Collection[Outcome], withdrawn: Iterable[Outcome] = ()) -> str:
    """Return a step in one line, with the finding that it is about, and whether that was corrected or withdrawn since."""
    step = entered.step
    is_plan_done = step.step is Step.PLAN_CLOSED and entered.is_of_taken
    text = _tr("Biopsy closed") if is_plan_done else translated(STEPS[step.step])
    for one in (*outcomes, *withdrawn) if SUBJECTS[step.step] == "outcome" else ():
        if one.id == step.subject_id:
            diagnosis = short_finding_text(translated(diagnosis_name(one.diagnosis)), one.breslow_mm, None)
            text = _about(step.step, one, outcomes).format(step=text, diagnosis=diagnosis)
    text = _tr("{step} on {day}").format(step=text, day=local_day(step.day))
    text = _tr("{step}, by {initials}").format(step=text, initials=step.person) if step.person else text
    return f"{text}, “{step.note}”" if step.note else text


def _about(step: Step, finding: Outcome, outcomes: Collection[Outcome]) -> str:
    """Return how a step is told with the finding that it is about, which was withdrawn if it is not one of the `outcomes`."""
    if finding not in outcomes:
        return _tr("{step} ({diagnosis}, withdrawn since)")
    newest = finding
    while (correction := newest.correction(outcomes)) is not None:
        newest = correction
    if newest is finding:
        return _tr("{step} ({diagnosis})")
    if step is Step.TOLD and newest.told is None:
        return _tr("{step} ({diagnosis}, corrected since, correction not told)")
    return _tr("{step} ({diagnosis}, corrected since)")


def step_origin(entered: EnteredStep) -> str:
    """Return when a step was entered, and by whom."""
    text = _tr("entered {time}").format(time=local_time(entered.time))
    return _tr("{text}, by {initials}").format(text=text, initials=entered.initials) if entered.initials else text
