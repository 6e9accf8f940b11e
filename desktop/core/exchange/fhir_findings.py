"""What clinicians said, as Observations of FHIR R4B. Without an assessment there is none."""

from collections.abc import Iterable, Iterator
from typing import Any

from desktop.core.diagnoses import confidence_name, diagnosis_name, plan_name
from desktop.core.exchange.fhir_parts import LABELS, Json, coding, concept, filled, quantity, resource
from desktop.core.exchange.fhir_patients import FhirPatient
from desktop.core.exchange.findings import HISTOPATHOLOGY, Finding, assessments, outcomes, plans, withdrawn_outcomes
from desktop.core.records.statements import Statement

_CATEGORIES = "http://terminology.hl7.org/CodeSystem/observation-category"
_EXAM = concept(coding(_CATEGORIES, "exam", "Exam"))
_LABORATORY = concept(coding(_CATEGORIES, "laboratory", "Laboratory"))


def findings(patient: FhirPatient) -> Iterator[Json]:
    """Yield the assessments, plans and outcomes of a patient's lesions, and of images that have no lesion."""
    for lesion in patient.contents.lesions:
        yield from _of(patient, lesion.statements, lesion.key, lesion_key=lesion.key)
    for image in patient.contents.images:
        yield from _of(patient, image.statements, image.file, file=image.file)


def _of(
    patient: FhirPatient, statements: Iterable[Statement], subject: str, *, lesion_key: str = "", file: str = ""
) -> Iterator[Json]:
    some = list(statements)
    for finding in assessments(some):
        day = finding.statement.day
        seen = (
            [file]
            if file
            else [one.file for one in patient.images.values() if (one.lesion_key, one.day) == (lesion_key, day)]
        )
        yield _assessment(patient, finding, subject, lesion_key, seen)
    for finding in plans(some):
        yield _plan(patient, finding, subject, lesion_key, [file] if file else [])
    for finding in outcomes(some):
        yield _outcome(patient, finding, subject, lesion_key, [file] if file else [])
    for finding in withdrawn_outcomes(some):  # whoever got it before takes it back
        yield _observed(patient, finding, subject, lesion_key, status="entered-in-error")


def _assessment(patient: FhirPatient, finding: Finding, subject: str, lesion_key: str, seen: list[str]) -> Json:
    said = finding.statement
    return resource(
        "Observation",
        patient.identifier("assessment", subject, said.day),
        status=_status(finding),
        category=[_EXAM],
        code=concept(text="Clinician's assessment of a skin lesion"),
        subject=patient.subject,
        encounter=patient.encounter(said.day),
        effectiveDateTime=said.day or said.written.time[:10],
        issued=said.written.time,
        performer=_performer(said),
        valueCodeableConcept=_diagnosis(finding.text("diagnosis")),
        **patient.place(lesion_key),
        note=_note(finding),
        component=[
            *_texts(
                ("Confidence", confidence_name(finding.text("confidence"))),
                _named_plan(finding),
                ("Change since the visit before", finding.text("change")),
            ),
            *_day_planned(finding),
            *_is_before_model(said),
        ],
        derivedFrom=[patient.media(one) for one in seen],
    )


def _plan(patient: FhirPatient, finding: Finding, subject: str, lesion_key: str, seen: list[str]) -> Json:
    """Return a plan that stands without an assessment: it has no value."""
    said = finding.statement
    return resource(
        "Observation",
        patient.identifier("plan", subject, said.day),
        status=_status(finding),
        category=[_EXAM],
        code=concept(text="Plan for a skin lesion"),
        subject=patient.subject,
        effectiveDateTime=said.written.time[:10],
        issued=said.written.time,
        performer=_performer(said),
        **patient.place(lesion_key),
        note=_note(finding),
        component=[*_texts(_named_plan(finding)), *_day_planned(finding)],
        derivedFrom=[patient.media(one) for one in seen],
    )


def _named_plan(finding: Finding) -> tuple[str, str]:
    return "Plan", plan_name(finding.text("plan"))


def _day_planned(finding: Finding) -> list[Json]:
    day = finding.text("plan_date")
    return [filled(code=concept(text="Day planned"), valueDateTime=day)] if day else []


def _is_before_model(said: Statement) -> list[Json]:
    value = said.values["before_model"]
    code = concept(text="Given before the model's answer was shown")
    return [] if value is None else [{"code": code, "valueBoolean": bool(value)}]


def _outcome(patient: FhirPatient, finding: Finding, subject: str, lesion_key: str, seen: list[str]) -> Json:
    said = finding.statement
    breslow = said.values["breslow_mm"]
    return _observed(
        patient,
        finding,
        subject,
        lesion_key,
        status=_status(finding),
        effectiveDateTime=finding.text("date"),
        issued=said.written.time,
        performer=_performer(said),
        valueCodeableConcept=_diagnosis(finding.text("diagnosis")),
        note=_note(finding),
        component=[
            *(
                []
                if breslow is None
                else [{"code": concept(text="Breslow thickness"), "valueQuantity": quantity(float(breslow), "mm")}]
            ),
            *_texts(
                ("Ulceration", finding.text("ulceration")),
                ("Margins", finding.text("margins")),
                ("Laboratory number", finding.text("laboratory_number")),
            ),
        ],
        derivedFrom=[patient.media(one) for one in seen],
    )


def _observed(patient: FhirPatient, finding: Finding, subject: str, lesion_key: str, **more: Any) -> Json:
    """Return the Observation of an outcome, of which each specimen has one, and each lesion or image one of a follow-up."""
    kind = finding.text("kind")
    is_histology = kind == HISTOPATHOLOGY
    specimen = [finding.first.key] if is_histology else []
    return resource(
        "Observation",
        patient.identifier("outcome", subject, kind, *specimen),
        category=[_LABORATORY if is_histology else _EXAM],
        code=concept(
            text="Histopathology of a skin lesion" if is_histology else "Result of the follow-up of a skin lesion"
        ),
        subject=patient.subject,
        **patient.place(lesion_key),
        **more,
    )


def _status(finding: Finding) -> str:
    return "amended" if finding.replaced else "final"


def _performer(said: Statement) -> list[Json]:
    """Return who entered it; the history knows initials and no names."""
    return [{"display": said.written.initials}] if said.written.initials else []


def _diagnosis(diagnosis: str) -> Json:
    name = diagnosis_name(diagnosis)
    return concept(text=name) if name == diagnosis else concept(coding(LABELS, diagnosis, name), text=name)


def _note(finding: Finding) -> list[Json]:
    note = finding.text("note")
    return [{"text": note}] if note else []


def _texts(*named: tuple[str, str]) -> list[Json]:
    return [{"code": concept(text=name), "valueString": value} for name, value in named if value]
