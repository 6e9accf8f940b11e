"""The report of a visit as a DiagnosticReport of FHIR R4B, with its PDF. Without an assessment there is none."""

import base64
import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from desktop.core.exchange.fhir_parts import Json, concept, filled, reference, resource
from desktop.core.exchange.fhir_patients import FhirPatient
from desktop.core.exchange.findings import assessments


@dataclass(frozen=True)
class VisitPdf:
    """The report of a patient's visit as the window draws it, in which there is nothing of a model, and when it was drawn."""

    day: dt.date
    content: bytes
    made: dt.datetime


def visit_report(patient: FhirPatient, pdf: VisitPdf) -> Iterator[Json]:
    """Yield the report of a visit if a lesion was assessed then; it refers to these assessments."""
    day = pdf.day.isoformat()
    said = [
        patient.identifier("assessment", lesion.key, day)
        for lesion in patient.contents.lesions
        if any(finding.statement.day == day for finding in assessments(lesion.statements))
    ]
    if not said:
        return
    yield resource(
        "DiagnosticReport",
        patient.identifier("visit report", day),
        status="final",
        code=concept(text="Report of the visit"),
        subject=patient.subject,
        encounter=patient.encounter(day),
        effectiveDateTime=day,
        issued=pdf.made.astimezone(dt.UTC).isoformat(timespec="seconds"),
        result=[reference(one) for one in said],
        presentedForm=[
            filled(
                contentType="application/pdf",
                data=base64.b64encode(pdf.content).decode(),
                size=len(pdf.content),
                hash=base64.b64encode(hashlib.sha1(pdf.content, usedforsecurity=False).digest()).decode(),
                title="Report of the visit",
                creation=pdf.made.astimezone(dt.UTC).isoformat(timespec="seconds"),
            )
        ],
    )
