"""Composes the report of a visit from what was read of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QImage

from desktop import __version__
from desktop.core.inference.lesion_size import ComparedSizes, SizeObstacle
from desktop.core.patient_context import PatientContext, band_in_year
from desktop.widgets.answer import adjusted_words, alert_context
from desktop.widgets.answer.alert_words import AlertContext
from desktop.widgets.common import size_words
from desktop.widgets.common.patient_words import lesion_name
from desktop.widgets.common.wording import DISCLAIMER, local_day, local_time, numbered, translated
from desktop.widgets.image import compare_words
from desktop.widgets.report import visit_marks
from desktop.widgets.report.report_words import (
    ReportOptions,
    ReportOwner,
    assessment_statements,
    outcome_statements,
    patient_facts,
)
from desktop.widgets.report.visit_answers import VisitAnswers
from desktop.widgets.report.visit_content import (
    LesionPart,
    OtherPart,
    VisitPicture,
    VisitReport,
)
from desktop.widgets.visit import between_images, lesion_words, step_words

if TYPE_CHECKING:
    from desktop.core.records.people import PlacedImage
    from desktop.core.records.plans import Plans
    from desktop.core.records.values import Entry
    from desktop.session.visit_sizes import VisitSizes
    from desktop.widgets.report.report_content import ReportStatement
    from desktop.widgets.report.visit_pictures import LoadedVisit
    from desktop.widgets.report.visit_subject import (
        LateAssessment,
        LesionAtVisit,
        OtherLesion,
        VisitSubject,
    )


_CONTRADICTED = SizeObstacle.SCALES_DIFFER

_OF_HASH = 12
"""Characters of a model's SHA-256, which tell the models of a practice apart."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("Report", text)


def compose_visit(
    subject: VisitSubject,
    loaded: LoadedVisit,
    answers: VisitAnswers | None,
    band: str,
    choices: ReportOptions,
    now: dt.datetime,
) -> VisitReport:
    """Compose the report of a visit. Unless the patient is wanted, it contains nothing that could identify them.

    Args:
        subject: the visit.
        loaded: its images and sizes.
        answers: the words of the saved answers, with nothing of one that blind-first conceals; None for a report without them.
        band: that of a demonstration model.
        choices: what the user wants.
        now: when it is made.
    """
    visit = choices.visit
    owner = ReportOwner(subject.patient, subject.visit, None)
    chosen = [one for one in subject.lesions if one.lesion.id in visit.lesion_ids]
    day = local_day(subject.visit.date)
    others = other_parts(subject.others, now, with_number=choices.with_patient) if visit.with_others else ()
    told = {part.lesion_id for part in others}
    seen, behind = [one.lesion for one in chosen], [one.lesion for one in subject.others if one.lesion.id in told]
    with_overviews = visit.with_overviews and choices.with_patient
    shown = []
    if answers is not None and visit.with_model:
        shown = [entry for one in chosen for entry in one.entries() if entry is not None]
    return VisitReport(
        title=_tr("Report of the visit"),
        clinic=choices.clinic,
        made=_tr("made {time}").format(time=local_time(now)),
        band=band if shown else "",
        patient=patient_facts(owner) if choices.with_patient else (),
        patient_absent=_tr("Patient data are left out."),
        map=visit_marks.map_of(seen, behind) if visit.with_map else None,
        overviews=visit_marks.overviews_of(subject, loaded.pictures, seen, behind) if with_overviews else (),
        lesions=tuple(_lesion_part(one, loaded, answers, subject, choices) for one in chosen),
        no_lesion=_tr("No lesion was chosen."),
        left_out=left_out_text(subject, with_names=choices.with_patient),
        later=later_text(subject),
        others_heading=_tr("Other lesions"),
        others=others,
        own_heading=_tr("My assessment and plan"),
        no_assessment=_tr("No assessment was entered."),
        outcome_heading=_tr("Outcome"),
        model_heading=_tr("What the model says"),
        earlier_heading=_tr("Earlier image"),
        conclusion_heading=_tr("Conclusion"),
        conclusion=visit.conclusion,
        signature=_tr("Date, name, signature"),
        versions=_versions(subject, [] if answers is None else [one for one in shown if not answers.conceals(one)]),
        disclaimer=translated(DISCLAIMER),
        page_name=f"{subject.patient.pseudonym}, {day}" if choices.with_patient else "",
    )


def led_by_answers(subject: VisitSubject, answers: VisitAnswers) -> VisitSubject:
    """Return the same with the image of each lesion to show that leads by its answers; as it was where none is shown."""

    def led(one: LesionAtVisit) -> LesionAtVisit:
        place = answers.leading_place(one.entries(), _context(subject, one), one.regions())
        return one if place is None else one.showing(place)

    return replace(subject, lesions=tuple(map(led, subject.lesions)))


def later_text(subject: VisitSubject) -> str:
    """Return that there was a later visit, of which the report tells nothing, empty if there was none."""
    if subject.later is None:
        return ""
    return _tr("A later visit, of {day}, is not in this report.").format(day=local_day(subject.later))


def left_out_text(subject: VisitSubject, *, with_names: bool) -> str:
    """Return which images a report of the visit leaves out, empty if there are none; a file's name may tell whose it is."""
    count = len(subject.left_out)
    if not count:
        return ""
    if not with_names:
        one = _tr("1 image without a lesion is not in this report.")
        return numbered(count, one, _tr("{count} images without a lesion are not in this report."))
    one = _tr("An image without a lesion is not in this report: {names}.")
    several = _tr("Images without a lesion are not in this report: {names}.")
    return numbered(count, one, several, names=_left_out_names(subject))


def nothing_to_report_text(subject: VisitSubject | None) -> str:
    """Return why there is no report of a visit, what to do about images without a lesion, and how to have another report."""
    nothing = _tr("This patient has no lesion that was photographed or assessed at a visit.")
    if subject is None:
        return nothing
    parts = [nothing]
    if subject.has_other_visits:
        parts = [
            _tr("No lesion was photographed or assessed at the visit of {day}.").format(
                day=local_day(subject.visit.date)
            )
        ]
    if subject.left_out:
        one = _tr("{names} has no lesion: choose one, then make the report.")
        several = _tr("{names} have no lesion: choose one for each, then make the report.")
        parts.append(numbered(len(subject.left_out), one, several, names=_left_out_names(subject)))
    if subject.has_other_visits:
        parts.append(_tr("For the report of another visit, open an image of it."))
    return " ".join(parts)


def _left_out_names(subject: VisitSubject) -> str:
    return ", ".join(
        _tr("“{name}”").format(name=image.image.name)
        if image.visit_id == subject.visit.id
        else _tr("“{name}” of {day}").format(name=image.image.name, day=local_day(day))
        for image, day in subject.left_out
    )


def other_parts(others: Iterable[OtherLesion], now: dt.datetime, *, with_number: bool) -> tuple[OtherPart, ...]:
    """Return the findings, biopsies, late assessments and open steps of each lesion that has any.

    `with_number` is as in `outcome_statements`. A closed alert is left out, and what was looked at again for another model's
    alert: they tell of an answer, which only the lesions of the visit show.
    """
    parts = []
    for one in others:
        found = outcome_statements(one.outcomes, one.biopsies, (), one.plans, with_number=with_number)
        steps = step_words.steps_to_tell(one.steps, one.outcomes, lambda _sha256: True)
        to_do = replace(one.facts, taken=())  # a biopsy without a finding is among what was found
        lines = (
            *("; ".join(filter(None, (said.text, said.course))) for said in found if not said.is_corrected),
            *(step_words.step_text(step, one.outcomes) for step in steps),
            *(_late_line(late, one.plans) for late in one.late),
            *(line.text for line in lesion_words.open_lines(to_do, now.astimezone().date())),
        )
        if lines:
            parts.append(OtherPart(one.lesion.id, lesion_name(one.lesion), lines))
    return tuple(parts)


def _late_statement(late: LateAssessment, plans: Plans) -> ReportStatement:
    (said,) = assessment_statements((late.assessment,), plans)
    if late.assessment.is_plan:
        return said
    text = _tr("For the visit of {day}: {text}").format(day=local_day(late.day), text=said.text)
    return replace(said, text=text)


def _late_line(late: LateAssessment, plans: Plans) -> str:
    said = _late_statement(late, plans)
    return "; ".join(filter(None, (said.text, f"“{said.note}”" if said.note else "", said.origin)))


def visit_file_name(now: dt.datetime) -> str:
    """Return a file name without patient data."""
    return f"lesionlens-visit-{now.astimezone():%Y-%m-%d-%H%M}.pdf"


def _versions(subject: VisitSubject, shown: Sequence[Entry]) -> str:
    """Return the line by which the models whose answers are shown, and the state of the history, can be identified."""
    models = {one.answer.model_sha256: one.model_name for one in shown}
    parts = [
        _tr("model {name}, {sha256}").format(name=name, sha256=sha256[:_OF_HASH]) for sha256, name in models.items()
    ]
    return " · ".join((_tr("seal {head}").format(head=subject.head), *parts, f"LesionLens {__version__}"))


def _lesion_part(
    one: LesionAtVisit,
    loaded: LoadedVisit,
    answers: VisitAnswers | None,
    subject: VisitSubject,
    choices: ReportOptions,
) -> LesionPart:
    shown = [] if one.earlier is None or not choices.visit.with_earlier else [one.earlier]
    shown += [] if one.shown is None else [(one.shown, subject.visit.date)]
    said = []
    if answers is not None and choices.visit.with_model:
        said = answers.lines(one.entries(), _context(subject, one), one.regions())
        if not choices.with_patient:
            said = [adjusted_words.without_patient(line, _known_of_patient(subject, one, answers)) for line in said]
    measured = loaded.sizes.get(one.lesion.id)
    sizes, remark = _sizes(measured, [_picture_name(one, image, day_of) for image, day_of in shown])
    obstacle = _scale_obstacle(measured) if len(shown) > 1 else None
    pictures = tuple(
        _picture(one, image, day_of, loaded.pictures, has_scale=obstacle is not _CONTRADICTED)
        for image, day_of in shown
    )
    is_pair = len(pictures) > 1 and all(picture.image is not None for picture in pictures)
    is_clinical = any(image.kind != "dermoscopy" for image, _day in shown)
    return LesionPart(
        one.lesion.id,
        lesion_name(one.lesion),
        pictures,
        (
            *assessment_statements(one.assessments, one.plans, one.steps),
            *(_late_statement(late, one.plans) for late in one.late),
        ),
        outcome_statements(one.outcomes, one.biopsies, one.steps, one.plans, with_number=choices.with_patient),
        tuple(said),
        sizes,
        remark,
        _cautions(one, loaded, subject.visit.date) if len(shown) > 1 else (),
        size_words.not_at_one_scale_text(obstacle, is_clinical=is_clinical) if is_pair and obstacle is not None else "",
    )


def _scale_obstacle(sizes: VisitSizes | None) -> SizeObstacle | None:
    """Return why two pictures cannot be shown at one scale, None where they can: outlines are not needed for that.

    An alignment alone gives no scale: it makes two images of one lesion fit, and would hide that the lesion grew.
    """
    if sizes is None or sizes.compared is None:
        return SizeObstacle.NO_SCALE
    return sizes.compared if sizes.compared in {SizeObstacle.NO_SCALE, _CONTRADICTED} else None


def _cautions(one: LesionAtVisit, loaded: LoadedVisit, day: dt.date) -> tuple[str, ...]:
    """Return what lies between the earlier image and that of `day`, and what must not be compared, as Follow-up does."""
    if one.earlier is None or one.shown is None:
        return ()
    earlier, day_of_earlier = one.earlier
    between = between_images.cautions_between(day_of_earlier, day, one.influences, one.biopsies, one.outcomes)
    older, newer = (loaded.captures.get(image.image.sha256) for image in (earlier, one.shown))
    light = "" if older is None or newer is None else compare_words.why_no_colours(older, newer)
    return tuple(filter(None, (*between, light)))


def _sizes(sizes: VisitSizes | None, names: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """Return the lines of the sizes in the pictures of these names, and how far they can be trusted, or why there are none.

    Of two pictures that are not at one scale there is nothing to say here.
    """
    is_pair = len(names) > 1
    if sizes is None or (is_pair and _scale_obstacle(sizes) is not None):
        return (), ""
    if is_pair and sizes.compared is not None:
        compared, at_one_scale = sizes.compared, _tr("Both pictures at one scale.")
        if isinstance(compared, ComparedSizes):
            lines = size_words.area_text(compared), size_words.largest_text(compared)
            return lines, f"{size_words.remark_on(compared, names)} {at_one_scale}"
        unconfirmed = "" if sizes.is_aligned else size_words.unconfirmed_text()
        return (), " ".join(filter(None, (size_words.reason_text(compared), unconfirmed, at_one_scale)))
    own = sizes.own
    if own is None or isinstance(own, SizeObstacle):
        return (), "" if own is None else size_words.own_reason_text(own)
    return (size_words.own_area_text(own), size_words.own_largest_text(own)), size_words.own_remark_on(own)


def _known_of_patient(subject: VisitSubject, one: LesionAtVisit, answers: VisitAnswers) -> list[PatientContext]:
    """Return what the words of the answers may name of the patient: as it was then, and for the model in use."""
    entries = [entry for entry in (*one.entries(), *chain(*one.regions())) if entry is not None]
    known = _context(subject, one).patient
    context = None if answers.classifier is None else answers.classifier.contract.context
    return [known, *(entry.adjusted.patient for entry in entries), *([] if context is None else [context.given(known)])]


def _context(subject: VisitSubject, one: LesionAtVisit) -> AlertContext:
    """Return what the window's alert box knows of the lesion at this visit, but for the answers."""
    patient, visit, site = subject.patient, subject.visit, one.lesion.site
    age_band = band_in_year(patient.birth_year, visit.date.year, visit.age_band)
    return AlertContext(
        not_tested=alert_context.not_tested_text(site, age_band, patient.skin_type),
        has_plan=alert_context.has_plan(one.assessments, one.outcomes),
        patient=alert_context.patient_context(patient.sex, age_band, site),
    )


def _picture(
    one: LesionAtVisit, image: PlacedImage, day: dt.date, pictures: Mapping[str, QImage], *, has_scale: bool
) -> VisitPicture:
    """Return an image of a lesion with its name; `has_scale`: its scale counts."""
    found = pictures.get(image.image.sha256)
    text = _picture_name(one, image, day)
    if found is None:
        return VisitPicture(None, _tr("{day}: the image cannot be shown.").format(day=text))
    mm_per_pixel = one.known[image.image.sha256].mm_per_pixel if has_scale else None
    return VisitPicture(found, text, None if mm_per_pixel is None else image.image.width * mm_per_pixel)


def _picture_name(one: LesionAtVisit, image: PlacedImage, day: dt.date) -> str:
    """Return the day of an image of a lesion, and which it is where that day has several."""
    text = local_day(day) if image.kind != "clinical" else _tr("{day}, clinical photograph").format(day=local_day(day))
    if image.image.sha256 not in one.numbers:
        return text
    number, count = one.numbers[image.image.sha256]
    return _tr("{day}, image {number} of {count}").format(day=text, number=number, count=count)
