"""Reads a visit from the history, and composes its report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QImage

from desktop import __version__
from desktop.widgets.answer import alert_context
from desktop.widgets.answer.alert_words import AlertContext
from desktop.widgets.common.patient_words import lesion_name
from desktop.widgets.common.size_words import no_scale_text
from desktop.widgets.common.wording import DISCLAIMER, local_day, local_time, translated
from desktop.widgets.report.report_words import (
    ReportOptions,
    ReportOwner,
    assessment_statements,
    outcome_statements,
    patient_facts,
)
from desktop.widgets.report.visit_answers import VisitAnswers
from desktop.widgets.report.visit_content import LesionPart, VisitPicture, VisitReport

if TYPE_CHECKING:
    from desktop.core.records.history import History
    from desktop.core.records.people import Assessment, Lesion, Outcome, Patient, PlacedImage, Visit
    from desktop.core.records.result_days import Biopsy
    from desktop.core.records.values import Entry, ModelFacts


def _tr(text: str) -> str:
    return QCoreApplication.translate("Report", text)


@dataclass(frozen=True)
class LesionAtVisit:
    """A lesion at a visit: its images then, one of an earlier day to compare with it, with its day, and what was said.

    `images` begins with dermoscopy, the first one first, as *Follow-up* numbers them. `shown` is the one to show, and
    `has_scales` whether the scales of both that are compared are known.
    """

    lesion: Lesion
    images: tuple[PlacedImage, ...]
    earlier: tuple[PlacedImage, dt.date] | None
    assessments: tuple[Assessment, ...]
    outcomes: tuple[Outcome, ...]
    biopsies: tuple[Biopsy, ...] = ()
    shown: PlacedImage | None = None
    has_scales: bool = False


@dataclass(frozen=True)
class VisitSubject:
    """A visit, and all there is to report about it. `head` is that of the history's seal."""

    patient: Patient
    visit: Visit
    lesions: tuple[LesionAtVisit, ...]
    models: dict[str, ModelFacts]
    head: str

    def images(self) -> Iterable[PlacedImage]:
        """Return the images that the report may show."""
        for one in self.lesions:
            yield from () if one.shown is None else (one.shown,)
            yield from () if one.earlier is None else (one.earlier[0],)


def read_visit(history: History, patient_id: int) -> VisitSubject | None:
    """Read the newest visit of a patient, with the lesions that were photographed or assessed then; None if there is none."""
    people = history.people
    visits = people.visits(patient_id)
    if not visits:
        return None
    visit, days = visits[0], {one.id: one.date for one in visits}
    images = people.images(patient_id)
    lesions = []
    for lesion in people.lesions(patient_id):
        own = [one for one in images if one.lesion_id == lesion.id]
        here = [one for one in own if one.visit_id == visit.id]
        assessments = [one for one in history.assessments.of(lesion_id=lesion.id) if one.visit_id == visit.id]
        if not here and not assessments:
            continue
        before = [(one, day) for one in own if one.kind == "dermoscopy" and (day := _day(one, days)) < visit.date]
        here.sort(key=lambda one: (one.kind != "dermoscopy", one.image_id))
        shown, earlier = _pair(history, here, before)
        compared = () if shown is None or earlier is None else (shown, earlier[0])
        lesions.append(
            LesionAtVisit(
                lesion,
                tuple(here),
                earlier,
                tuple(assessments),
                tuple(history.assessments.outcomes(lesion_id=lesion.id)),
                tuple(history.assessments.biopsies((lesion.id,), ())),
                shown,
                bool(compared) and all(history.scales.of(one.image.sha256) is not None for one in compared),
            )
        )
    return VisitSubject(people.patient(patient_id), visit, tuple(lesions), history.models(), history.seal_head().short)


def _pair(
    history: History, here: Sequence[PlacedImage], before: Sequence[tuple[PlacedImage, dt.date]]
) -> tuple[PlacedImage | None, tuple[PlacedImage, dt.date] | None]:
    """Return the image of the visit to show, and the earlier one with its day: of those that were aligned the newest.

    Without such a pair they are the first image here, and the first of the newest day before: later images of a day are often
    overviews.
    """
    earlier = sorted(before, key=lambda pair: (-pair[1].toordinal(), pair[0].image_id))
    for pair in earlier:
        for one in here:
            if one.kind == "dermoscopy" and history.alignments.of(pair[0].image.sha256, one.image.sha256) is not None:
                return one, pair
    return next(iter(here), None), next(iter(earlier), None)


def compose_visit(
    subject: VisitSubject,
    pictures: Mapping[str, QImage | str],
    answers: VisitAnswers | None,
    band: str,
    choices: ReportOptions,
    now: dt.datetime,
) -> VisitReport:
    """Compose the report of a visit. Unless the patient is wanted, it contains nothing that could identify them.

    Args:
        subject: the visit.
        pictures: the images by SHA-256, or why one cannot be shown.
        answers: the words of the saved answers, with nothing of one that blind-first conceals; None for a report without them.
        band: that of a demonstration model.
        choices: what the user wants.
        now: when it is made.
    """
    visit = choices.visit
    owner = ReportOwner(subject.patient, subject.visit, None)
    chosen = [one for one in subject.lesions if one.lesion.id in visit.lesion_ids]
    day = local_day(subject.visit.date)
    shown = [entry for one in chosen for entry in _entries(one) if entry is not None] if visit.with_model else []
    return VisitReport(
        title=_tr("Report of the visit"),
        clinic=choices.clinic,
        made=_tr("made {time}").format(time=local_time(now)),
        band=band if shown else "",
        patient=patient_facts(owner) if choices.with_patient else (),
        patient_absent=_tr("Patient data are left out."),
        lesions=tuple(_lesion_part(one, pictures, answers, subject, choices) for one in chosen),
        no_lesion=_tr("No lesion was chosen."),
        own_heading=_tr("Own assessment and plan"),
        no_assessment=_tr("No assessment was entered."),
        outcome_heading=_tr("Outcome"),
        model_heading=_tr("What the model says"),
        conclusion_heading=_tr("Conclusion"),
        conclusion=visit.conclusion,
        signature=_tr("Date, name, signature"),
        versions=" · ".join((_tr("seal {head}").format(head=subject.head), f"LesionLens {__version__}")),
        disclaimer=translated(DISCLAIMER),
        page_name=f"{subject.patient.pseudonym}, {day}" if choices.with_patient else "",
    )


def visit_file_name(now: dt.datetime) -> str:
    """Return a file name without patient data."""
    return f"lesionlens-visit-{now.astimezone():%Y-%m-%d-%H%M}.pdf"


def _lesion_part(
    one: LesionAtVisit,
    pictures: Mapping[str, QImage | str],
    answers: VisitAnswers | None,
    subject: VisitSubject,
    choices: ReportOptions,
) -> LesionPart:
    shown = [] if one.earlier is None or not choices.visit.with_earlier else [one.earlier]
    shown += [] if one.shown is None else [(one.shown, subject.visit.date)]
    said = []
    if answers is not None and choices.visit.with_model:
        said = answers.lines(_entries(one), _context(subject, one))
    return LesionPart(
        one.lesion.id,
        lesion_name(one.lesion),
        tuple(_picture(image, day_of, pictures) for image, day_of in shown),
        assessment_statements(one.assessments),
        outcome_statements(one.outcomes, one.biopsies),
        tuple(said),
        no_scale_text() if len(shown) > 1 and not one.has_scales else "",
    )


def _context(subject: VisitSubject, one: LesionAtVisit) -> AlertContext:
    """Return what the window's alert box knows of the lesion at this visit, but for the answers."""
    patient, age_band, site = subject.patient, subject.visit.age_band, one.lesion.site
    return AlertContext(
        not_tested=alert_context.not_tested_text(site, age_band, patient.skin_type),
        has_plan=alert_context.has_plan(one.assessments),
        patient=alert_context.patient_context(patient.sex, age_band, site),
    )


def _picture(image: PlacedImage, day: dt.date, pictures: Mapping[str, QImage | str]) -> VisitPicture:
    found = pictures.get(image.image.sha256)
    text = (
        local_day(day) if image.kind == "dermoscopy" else _tr("{day}, clinical photograph").format(day=local_day(day))
    )
    if isinstance(found, QImage):
        return VisitPicture(found, text)
    return VisitPicture(None, f"{text}: {found}" if found else text)


def _entries(one: LesionAtVisit) -> list[Entry | None]:
    """Return the newest answer to each image of the lesion at the visit as a whole; None for one without an answer."""
    newest = [
        [entry for entry in image.entries if not entry.region] for image in one.images if image.kind != "clinical"
    ]
    return [entries[-1] if entries else None for entries in newest]


def _day(image: PlacedImage, days: Mapping[int, dt.date]) -> dt.date:
    found = None if image.visit_id is None else days.get(image.visit_id)
    return found or image.saved_at.astimezone().date()
