"""What clinicians said, as structured reports. Without an assessment there is none."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from desktop.core.diagnoses import confidence_name, diagnosis_name, plan_name
from desktop.core.exchange.dicom_codes import FINDING, IN_WORDS, MILLIMETRES, TYPED, line, ours
from desktop.core.exchange.dicom_documents import (
    Document,
    DocumentName,
    code,
    comment,
    date,
    image,
    number,
    report,
    text,
    yes_or_no,
)
from desktop.core.exchange.dicom_patients import PatientObjects, Series
from desktop.core.exchange.findings import Finding, assessments, outcomes, plans
from desktop.core.records.statements import Statement

ASSESSMENT, OUTCOME, PLAN = Series("Assessment", 101, "SR"), Series("Outcome", 102, "SR"), Series("Plan", 103, "SR")


def finding_documents(patient: PatientObjects) -> Iterator[Any]:
    """Yield the assessments, plans and outcomes of a patient's lesions, and of images that have no lesion."""
    for lesion in patient.contents.lesions:
        yield from _of(patient, lesion.statements, lesion.key, lesion_key=lesion.key)
    for one in patient.contents.images:
        yield from _of(patient, one.statements, one.file, file=one.file)


def _of(
    patient: PatientObjects, statements: Iterable[Statement], subject: str, *, lesion_key: str = "", file: str = ""
) -> Iterator[Any]:
    some = list(statements)

    def day_of(said: Statement) -> str:
        return said.day or (patient.images[file].seen_on if file else said.written.time[:10])

    def assessment_name(said: Statement) -> DocumentName:
        return DocumentName(("assessment", subject, said.day, said.key), ASSESSMENT, day_of(said))

    def plan_name_of(said: Statement) -> DocumentName:
        return DocumentName(("plan", subject, said.day, said.key), PLAN, day_of(said))

    def outcome_name(said: Statement) -> DocumentName:
        return DocumentName(("outcome", subject, said.key), OUTCOME, str(said.values["date"]))

    for finding in assessments(some):
        name = assessment_name(finding.statement)
        seen = [
            one.file
            for one in patient.images.values()
            if lesion_key and (one.lesion_key, one.day) == (lesion_key, name.day)
        ]
        document = _document(finding, assessment_name, lesion_key, [file] if file else seen)
        document.groups = [[*_assessment(finding), *(image(patient, one) for one in document.files)]]
        yield report(patient, document)
    for finding in plans(some):
        document = _document(finding, plan_name_of, lesion_key, [file] if file else [])
        document.groups = [[*_assessment(finding), *(image(patient, one) for one in document.files)]]
        yield report(patient, document)
    for finding in outcomes(some):
        document = _document(finding, outcome_name, lesion_key, [file] if file else [])
        document.groups = [[*_outcome(finding), *(image(patient, one) for one in document.files)]]
        yield report(patient, document)


def _document(
    finding: Finding, name_of: Callable[[Statement], DocumentName], lesion_key: str, files: list[str]
) -> Document:
    written = finding.statement.written
    return Document(
        name_of(finding.statement),
        written,
        written.initials,
        False,
        lesion_key,
        files,
        replaced=[name_of(one) for one in finding.replaced],
    )


def _assessment(finding: Finding) -> list[Any]:
    """Return the items of an assessment; a plan alone has no Finding."""
    return [
        *([] if finding.statement.is_plan else _diagnosis(finding)),
        *_choice(finding, "confidence", "Confidence", confidence_name),
        *_choice(finding, "plan", "Plan", plan_name),
        *date(ours("plan-date", "Day planned"), finding.text("plan_date")),
        *_choice(finding, "change", "Change since the visit before"),
        yes_or_no(
            ours("before-model", "Given before the model's answer was shown"),
            is_so=None if (value := finding.statement.values["before_model"]) is None else bool(value),
        ),
        *comment(finding.text("note")),
    ]


def _outcome(finding: Finding) -> list[Any]:
    breslow, laboratory_number = finding.statement.values["breslow_mm"], finding.text("laboratory_number")
    return [
        *_diagnosis(finding),
        *_choice(finding, "kind", "Found by"),
        *([] if breslow is None else [number(ours("breslow", "Breslow thickness"), float(breslow), MILLIMETRES)]),
        *_choice(finding, "ulceration", "Ulceration"),
        *_choice(finding, "margins", "Margins"),
        *([text(ours("laboratory-number", "Laboratory number"), laboratory_number)] if laboratory_number else []),
        *comment(finding.text("note")),
    ]


def _diagnosis(finding: Finding) -> list[Any]:
    """Return the diagnosis as a code; one in other words is the meaning of a code of its own, and whole as text."""
    diagnosis = finding.text("diagnosis")
    name = diagnosis_name(diagnosis)
    found = code(FINDING, ours(diagnosis, name) if name != diagnosis else ours(TYPED, diagnosis))
    return [found, *([text(IN_WORDS, diagnosis)] if name == diagnosis and line(diagnosis) != diagnosis else [])]


def _choice(finding: Finding, column: str, heading: str, name_of: Callable[[str], str] = str) -> list[Any]:
    """Return a value from a list as a code of LesionLens, none if it is empty."""
    value = finding.text(column)
    return [code(ours(column, heading), ours(value, name_of(value)))] if value else []
