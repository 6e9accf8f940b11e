"""Composes a report from what the window shows and what the history holds of one image."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QImage

from desktop import __version__
from desktop.core.patient_context import NOTHING_GIVEN, PatientContext, band_in_year
from desktop.core.records.care_steps import SUBJECTS, Step
from desktop.core.records.people import worst_first
from desktop.widgets.answer import adjusted_words
from desktop.widgets.answer.shown_answer import ModelPart
from desktop.widgets.common.patient_words import age_name, born_name, lesion_name, short_sex_name
from desktop.widgets.common.wording import DISCLAIMER, local_day, local_time, translated
from desktop.widgets.report.report_content import Report, ReportSection, ReportStatement
from desktop.widgets.visit import assessment_words, step_words

if TYPE_CHECKING:
    from desktop.core.records.care_steps import EnteredStep
    from desktop.core.records.history import History
    from desktop.core.records.people import Assessment, Lesion, Outcome, Patient, Visit
    from desktop.core.records.plans import Plans
    from desktop.core.records.result_days import Biopsy
    from desktop.session.answers import Answer
    from desktop.session.picture import Picture


def _tr(text: str) -> str:
    return QCoreApplication.translate("Report", text)


_ENOUGH = 1600
"""Pixels of the longer side that suffice on paper; larger levels of a picture only cost time."""


@dataclass(frozen=True)
class ReportOwner:
    """The patient of an image, with its visit and lesion."""

    patient: Patient
    visit: Visit | None
    lesion: Lesion | None


@dataclass(frozen=True)
class ReportSubject:
    """One image, and all there is to report about it.

    `plans` are those that hold. `shown` is the answer as the window shows it, None if there is none or it is concealed; `band`
    is that of a demonstration model. `head` is that of the history's seal. `overlay` is a picture of the overlay with its
    caption. `image_name` is what the alert's words call the image, empty if it is the only one of its lesion and visit.
    `known_of_patient` is what the words of the answer name of the patient.
    """

    picture: Picture
    owner: ReportOwner | None
    assessments: tuple[Assessment, ...]
    plans: Plans
    outcomes: tuple[Outcome, ...]
    answer: Answer | None
    shown: ModelPart | None
    is_concealed: bool
    band: str
    head: str
    biopsies: tuple[Biopsy, ...] = ()
    steps: tuple[EnteredStep, ...] = ()
    overlay: tuple[QImage, str] | None = None
    image_name: str = ""
    known_of_patient: PatientContext = NOTHING_GIVEN


@dataclass(frozen=True)
class VisitChoices:
    """The user's options for a visit: lesions, the others, the map, overview photographs, the images of before, and more.

    Overview photographs are left out without patient data: a face or a tattoo tells who it is.
    """

    lesion_ids: frozenset[int] = frozenset()
    with_others: bool = True
    with_map: bool = True
    with_overviews: bool = True
    with_earlier: bool = True
    with_model: bool = True
    conclusion: str = ""


@dataclass(frozen=True)
class ReportOptions:
    """The user's options: the clinic's lines (the first is its name), whether to name the patient, and the overlay.

    `visit` counts for the report of a visit alone.
    """

    clinic: tuple[str, ...] = ()
    with_patient: bool = True
    with_overlay: bool = False
    visit: VisitChoices = field(default_factory=VisitChoices)


def read_owner(history: History, sha256: str) -> ReportOwner | None:
    """Return the patient of an image, None if it is unassigned."""
    people = history.people
    image_id = people.image_id_of(sha256)
    patient_id = None if image_id is None else people.owner(image_id)
    if image_id is None or patient_id is None:
        return None
    place = people.placement(image_id)
    visit = next((visit for visit in people.visits(patient_id) if visit.id == place.visit_id), None)
    lesion = None if place.lesion_id is None else people.lesion(place.lesion_id)
    return ReportOwner(people.patient(patient_id), visit, lesion)


def compose(subject: ReportSubject, choices: ReportOptions, now: dt.datetime) -> Report:
    """Compose a report. Unless the patient is wanted, it contains nothing that could identify them.

    It contains nothing of a concealed answer, whatever the subject holds.
    """
    if subject.is_concealed:
        subject = dataclasses.replace(subject, answer=None, shown=None, overlay=None)
    picture, owner = subject.picture, subject.owner
    caption = _tr("{width} × {height} pixels, {format}").format(
        width=picture.width, height=picture.height, format=picture.header.format
    )
    caption = ", ".join(filter(None, (subject.image_name, caption)))
    if picture.is_sample:
        caption = _tr("Synthetic drawing, not a lesion. {size}").format(size=caption)
    elif choices.with_patient:  # a file name may contain the patient's name
        caption = f"{picture.name}, {caption}"
    answer = subject.shown
    if answer is not None and not choices.with_patient:
        answer = without_patient(answer, subject.known_of_patient)
    has_overlay = choices.with_overlay and subject.overlay is not None and subject.shown is not None
    return Report(
        title=_tr("Dermoscopy report"),
        clinic=choices.clinic,
        made=_tr("made {time}").format(time=local_time(now)),
        band=subject.band,
        patient=patient_facts(owner) if owner is not None and choices.with_patient else (),
        patient_absent=_tr("The image belongs to no patient.") if owner is None else _tr("Patient data are left out."),
        image=next(
            (level for level in reversed(picture.levels) if max(level.width(), level.height()) >= _ENOUGH),
            picture.levels[0],
        ),
        caption=caption,
        own=ReportSection(_tr("My assessment"), _tr("No assessment was entered.")),
        assessments=assessment_statements(subject.assessments, subject.plans, subject.steps),
        outcome_heading=_tr("Outcome"),
        outcomes=outcome_statements(
            subject.outcomes, subject.biopsies, subject.steps, subject.plans, with_number=choices.with_patient
        ),
        model=ReportSection(
            _tr("What the model says"),
            _tr("Not shown: today's diagnosis comes first.") if subject.is_concealed else _tr("There is no answer."),
        ),
        answer=answer,
        versions=_versions(subject),
        annex=ReportSection(_tr("Notes"), _tr("The note stands on the next page.")),
        disclaimer=translated(DISCLAIMER),
        overlay=subject.overlay[0] if has_overlay and subject.overlay else None,
        overlay_caption=subject.overlay[1] if has_overlay and subject.overlay else "",
    )


def without_patient(shown: ModelPart, known: PatientContext) -> ModelPart:
    """Return an answer in words that do not name what is known of the patient."""

    def hidden(text: str) -> str:
        return adjusted_words.without_patient(text, [known])

    return dataclasses.replace(
        shown,
        headline=hidden(shown.headline),
        plain=hidden(shown.plain),
        adjusted=hidden(shown.adjusted),
        whose=hidden(shown.whose),
        signs=hidden(shown.signs),
        basis=hidden(shown.basis),
    )


def file_name(subject: ReportSubject, now: dt.datetime) -> str:
    """Return a file name without patient data: the date, and the beginning of the image's hash."""
    return f"lesionlens-report-{now.astimezone():%Y-%m-%d}-{subject.picture.sha256[:8]}.pdf"


def patient_facts(owner: ReportOwner) -> tuple[tuple[str, str], ...]:
    """Return what identifies the patient, their visit and lesion, as pairs of name and value."""
    visit, lesion = owner.visit, owner.lesion
    facts = [(_tr("Patient"), owner.patient.pseudonym), (_tr("Sex"), short_sex_name(owner.patient.sex).casefold())]
    if owner.patient.skin_type:
        facts.append((_tr("Skin type (Fitzpatrick)"), owner.patient.skin_type))
    if visit is not None:
        age_band = band_in_year(owner.patient.birth_year, visit.date.year, visit.age_band)
        age = born_name(owner.patient.birth_year, age_band) if age_band else _tr("not known")
        if visit.age_band not in {"", age_band}:
            age = _tr("{age} (recorded: {recorded})").format(age=age, recorded=age_name(visit.age_band))
        facts += [(_tr("Age"), age), (_tr("Visit"), local_day(visit.date))]
        facts += [(_tr("by"), visit.initials)] if visit.initials else []
    return (*facts, (_tr("Lesion"), lesion_name(lesion))) if lesion is not None else tuple(facts)


def assessment_statements(
    assessments: Sequence[Assessment], plans: Plans, steps: Collection[EnteredStep] = ()
) -> tuple[ReportStatement, ...]:
    """Return the assessments, newest first, by the plans that hold, then which of their plans were closed, of the `steps`.

    That of a biopsy that was taken is closed beside the outcomes. Notes are kept separate because they may be long.
    """
    taken = {one.step.subject_id for one in steps if one.step.step is Step.TAKEN}
    ids = {one.id for one in assessments} - taken
    closed = [one for one in steps if one.step.step is Step.PLAN_CLOSED and one.step.subject_id in ids]
    return (
        *(
            ReportStatement(
                assessment_words.assessment_text(dataclasses.replace(one, note=""), plans),
                assessment_words.assessment_origin(one),
                one.note,
            )
            for one in reversed(assessments)
        ),
        *_step_statements(closed, ()),
    )


def _step_statements(steps: Iterable[EnteredStep], outcomes: Collection[Outcome]) -> Iterator[ReportStatement]:
    """Yield the steps that nothing else tells of, without those about an alert, which tell of an answer."""
    for one in step_words.steps_to_tell(steps, outcomes, lambda _sha256: True):
        yield ReportStatement(step_words.step_text(one, outcomes), step_words.step_origin(one))


def outcome_statements(
    outcomes: tuple[Outcome, ...],
    biopsies: Collection[Biopsy],
    steps: Iterable[EnteredStep],
    plans: Plans,
    *,
    with_number: bool,
) -> tuple[ReportStatement, ...]:
    """Return the outcomes, the worst finding first, then those that were corrected, after biopsies without a finding.

    Last stands what was done about them, of the `steps`, oldest first: also of a biopsy that its result is not waited for.

    The laboratory's number, by which the laboratory knows the patient, is left out unless it is wanted (`with_number`).
    """
    taken = assessment_words.biopsies_without_finding(biopsies, outcomes)
    days = {one.day for one in taken}
    plans_taken = {one.assessment_id for one in biopsies}
    done = [
        one
        for one in steps
        if SUBJECTS[one.step.step] == "outcome"
        or (one.step.step is Step.PLAN_CLOSED and one.step.subject_id in plans_taken)
    ]
    standing = worst_first(outcomes)
    corrected = [one for one in outcomes if one not in standing]
    return (
        *(
            ReportStatement(assessment_words.biopsy_text(one, plans), assessment_words.biopsy_origin(one))
            for one in taken
        ),
        *(_outcome_statement(one, outcomes, days, with_number=with_number) for one in (*standing, *corrected)),
        *_step_statements(done, outcomes),
    )


def _outcome_statement(
    outcome: Outcome, outcomes: tuple[Outcome, ...], taken: Collection[dt.date], *, with_number: bool
) -> ReportStatement:
    """Return an outcome; the days of biopsies that are `taken` stand in lines of their own, and not with it."""
    correction = outcome.correction(outcomes)
    is_corrected = correction is not None
    wanted = dataclasses.replace(
        outcome,
        laboratory_number=outcome.laboratory_number if with_number else "",
        taken=None if outcome.taken in taken else outcome.taken,
    )
    return ReportStatement(
        assessment_words.finding_text(wanted, is_corrected=is_corrected),
        assessment_words.outcome_origin(outcome, correction),
        outcome.note,
        is_corrected,
        assessment_words.finding_course(wanted),
    )


def _versions(subject: ReportSubject) -> str:
    """Return the line by which the image, the model, the answer and the state of the history can be identified."""
    parts = [_tr("Image {sha256}").format(sha256=subject.picture.sha256)]
    answer = subject.answer
    if answer is not None and subject.shown is not None:
        prediction = answer.prediction
        model = _tr("model {name} of {day}, {sha256}, images prepared by version {version}")
        parts.append(
            model.format(
                name=answer.contract.name,
                day=answer.contract.date,
                sha256=prediction.model_sha256,
                version=prediction.preprocessing_version,
            )
        )
        if answer.region is not None:
            box = answer.region
            region = _tr("classified: the square of {side} pixels at {left}, {top} of the image")
            parts.append(region.format(side=box.right - box.left, left=box.left, top=box.top))
        parts.append(_tr("answer of {time}").format(time=local_time(answer.time)))
    parts.append(_tr("seal {head}").format(head=subject.head))
    return " · ".join((*parts, f"LesionLens {__version__}"))
