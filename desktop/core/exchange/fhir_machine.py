"""Model answers as resources of FHIR R4B, headed "Machine, unverified" and with the security label for what an AI asserted.

They never say more than `Collected.answers`, which has neither what blind-first conceals nor a demonstration model's figures.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from desktop.core.exchange.fhir_parts import LABELS, Json, coding, concept, filled, quantity, reference, resource
from desktop.core.exchange.fhir_patients import FhirPatient
from desktop.core.exchange.machine_table import HEADING, NOTE, MachineAnswer
from desktop.core.exchange.withheld import WITHHELD
from desktop.core.inference.contract import Contract
from desktop.core.inference.judgement import Abstention

_AI = {
    "security": [
        coding("http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "AIAST", "Artificial Intelligence asserted")
    ]
}
_NARRATIVE = {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{HEADING}</div>'}
_IMAGING = concept(coding("http://terminology.hl7.org/CodeSystem/observation-category", "imaging", "Imaging"))
_NO_FIGURES = concept(
    coding("http://terminology.hl7.org/CodeSystem/data-absent-reason", "not-applicable", "Not Applicable")
)


def machine_resources(
    patient: FhirPatient, answers: Iterable[MachineAnswer], contracts: Mapping[str, Contract]
) -> Iterator[Json]:
    """Yield the models, their answers to a patient's images, and a preliminary report for each lesion and visit.

    Args:
        patient: the patient.
        answers: the answers to images of that patient.
        contracts: those of the models, by SHA-256.
    """
    some = sorted(answers, key=lambda one: (_group(patient, one), one.written.time, one.file, one.region))
    for sha256 in sorted({one.answer.model_sha256 for one in some}):
        yield _device(patient, sha256, contracts[sha256])
    for one in some:
        yield _observation(patient, one, contracts[one.answer.model_sha256])
    for group, of_group in groupby(some, key=lambda one: _group(patient, one)):
        yield _report(patient, group, list(of_group))


def _group(patient: FhirPatient, one: MachineAnswer) -> tuple[str, str, str]:
    """Return what a report is about: a lesion at a visit, or one image."""
    image = patient.images[one.file]
    return (image.lesion_key, image.day, "") if image.lesion_key else ("", image.day, one.file)


def _device(patient: FhirPatient, sha256: str, contract: Contract) -> Json:
    return resource(
        "Device",
        patient.identifier("model", sha256),
        identifier=[{"type": concept(text="SHA-256 of the model file"), "value": sha256}],
        deviceName=[{"name": contract.name, "type": "model-name"}],
        modelNumber=contract.architecture.name,
        version=[{"type": concept(text="Date of the model"), "value": contract.date}],
        type=concept(text="Image classifier"),
        note=[{"text": f"Intended use: {contract.intended_use}. Not a medical device."}],
    )


def _observation(patient: FhirPatient, one: MachineAnswer, contract: Contract) -> Json:
    image, answer = patient.images[one.file], one.answer
    has_figures = answer.abstention is None or not answer.abstention.hides_figures
    return resource(
        "Observation",
        patient.identifier("answer", *_key(one)),
        meta=_AI,
        text=_NARRATIVE,
        status="preliminary",
        category=[_IMAGING],
        code=concept(text=f"{HEADING}: probability of each label for an image of a skin lesion, {one.whose}"),
        subject=patient.subject,
        encounter=patient.encounter(image.day),
        effectiveDateTime=image.seen_on,
        issued=one.written.time,
        dataAbsentReason={} if has_figures else _NO_FIGURES,
        **patient.place(image.lesion_key),
        device=reference(patient.identifier("model", answer.model_sha256)),
        note=[{"text": NOTE}],
        component=[
            *(_probabilities(one, contract) if has_figures else []),
            *_withheld(answer.abstention),
            *_alerts(one, contract, has_figures=has_figures),
            *(_prior(contract) if has_figures else []),
            *_text("Part of the image (left, top, right, bottom)", one.region),
            *_text("Model file (SHA-256)", answer.model_sha256),
            *_text("Preprocessing", str(answer.preprocessing_version)),
            *_text("LesionLens", answer.app_version),
        ],
        derivedFrom=[patient.media(one.file)],
    )


def _report(patient: FhirPatient, group: tuple[str, str, str], answers: list[MachineAnswer]) -> Json:
    files = list(dict.fromkeys(one.file for one in answers))
    image = patient.images[files[0]]
    return resource(
        "DiagnosticReport",
        patient.identifier("machine report", *group),
        meta=_AI,
        text=_NARRATIVE,
        status="preliminary",
        category=[concept(coding("http://terminology.hl7.org/CodeSystem/v2-0074", "IMG", "Diagnostic Imaging"))],
        code=concept(text=HEADING),
        subject=patient.subject,
        encounter=patient.encounter(image.day),
        effectiveDateTime=image.seen_on,
        issued=max(one.written.time for one in answers),
        result=[reference(patient.identifier("answer", *_key(one))) for one in answers],
        media=[{"link": patient.media(file)} for file in files],
    )


def _key(one: MachineAnswer) -> tuple[str, ...]:
    return one.file, one.region, one.answer.model_sha256, one.written.time


def _probabilities(one: MachineAnswer, contract: Contract) -> list[Json]:
    names = {label.id: label.name for label in contract.labels}
    return [
        {
            "code": concept(coding(LABELS, label, names[label]), text=names[label]),
            "valueQuantity": quantity(probability),
        }
        for label, probability in one.answer.probabilities.items()
    ]


def _alerts(one: MachineAnswer, contract: Contract, *, has_figures: bool) -> list[Json]:
    """Return whether each alert was raised, and the sensitivity for which its limit was set.

    Of an answer that was withheld only raised ones are told: "no" would read as an answer.
    """
    found: list[Json] = []
    for alert in contract.raisable:
        is_raised = alert.id in one.answer.flags
        if has_figures or is_raised:
            found.append({"code": concept(text=f"Alert: {alert.name}"), "valueBoolean": is_raised})
        aim = one.answer.working_points.get(alert.id)
        if aim is not None:
            code = concept(text=f"Working point: sensitivity for which the limit of the alert was set: {alert.name}")
            found.append({"code": code, "valueQuantity": quantity(aim)})
    return found


def _prior(contract: Contract) -> list[Json]:
    names = {label.id: label.name for label in contract.labels}
    return [
        {"code": concept(text=f"Prior that the probabilities assume: {names[label]}"), "valueQuantity": quantity(share)}
        for label, share in (contract.prior or {}).items()
    ]


def _withheld(reason: Abstention | None) -> list[Json]:
    return [] if reason is None else _text("Not answered", WITHHELD[reason])


def _text(name: str, value: str) -> list[Json]:
    return [filled(code=concept(text=name), valueString=value)] if value else []
