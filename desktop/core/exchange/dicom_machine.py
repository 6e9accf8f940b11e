"""Model answers as structured reports in a series of their own, "Machine, unverified", preliminary, by a device.

They never say more than `Collected.answers`, which has neither what blind-first conceals nor a demonstration model's figures.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from desktop.core.exchange.dicom_codes import (
    ALGORITHM_NAME,
    ALGORITHM_PARAMETERS,
    ALGORITHM_VERSION,
    NO_UNITS,
    ours,
)
from desktop.core.exchange.dicom_documents import (
    Document,
    DocumentName,
    code,
    comment,
    image,
    modifier,
    number,
    report,
    yes_or_no,
)
from desktop.core.exchange.dicom_patients import PatientObjects, Series
from desktop.core.exchange.machine_table import HEADING, NOTE, MachineAnswer
from desktop.core.exchange.withheld import WITHHELD
from desktop.core.inference.contract import Contract

SERIES = Series(HEADING, 201, "SR")


def machine_documents(
    patient: PatientObjects, answers: Iterable[MachineAnswer], contracts: Mapping[str, Contract]
) -> Iterator[Any]:
    """Yield a document for each lesion and visit with answers, and for each image without a lesion.

    Args:
        patient: the patient.
        answers: the answers to images of that patient.
        contracts: those of the models, by SHA-256.
    """
    some = sorted(answers, key=lambda one: (_group(patient, one), one.written.time, one.file, one.region))
    for group, of_group in groupby(some, key=lambda one: _group(patient, one)):
        found = list(of_group)
        files = list(dict.fromkeys(one.file for one in found))
        document = Document(
            name=DocumentName(
                ("machine report", *group, *(one.written.time for one in found)),
                SERIES,
                patient.images[files[0]].seen_on,
            ),
            written=max((one.written for one in found), key=lambda written: written.time),
            observer="",
            is_machine=True,
            lesion_key=group[0],
            files=files,
            groups=[_items(patient, one, contracts[one.answer.model_sha256]) for one in found],
        )
        yield report(patient, document)


def _group(patient: PatientObjects, one: MachineAnswer) -> tuple[str, str, str]:
    """Return what a document is about: a lesion at a visit, or one image."""
    of_image = patient.images[one.file]
    return (of_image.lesion_key, of_image.day, "") if of_image.lesion_key else ("", of_image.day, one.file)


def _items(patient: PatientObjects, one: MachineAnswer, contract: Contract) -> list[Any]:
    answer = one.answer
    has_figures = answer.abstention is None or not answer.abstention.hides_figures
    return [
        modifier(ALGORITHM_NAME, contract.name),
        modifier(ALGORITHM_VERSION, contract.date),
        modifier(ALGORITHM_PARAMETERS, f"SHA-256 of the model file: {answer.model_sha256}"),
        modifier(
            ALGORITHM_PARAMETERS, f"Preprocessing: {answer.preprocessing_version}, LesionLens: {answer.app_version}"
        ),
        modifier(ALGORITHM_PARAMETERS, f"Intended use: {contract.intended_use}. Not a medical device."),
        *(
            [modifier(ALGORITHM_PARAMETERS, f"Part of the image (left, top, right, bottom): {one.region}")]
            if one.region
            else []
        ),
        *([modifier(ALGORITHM_PARAMETERS, f"Probabilities: {one.whose}")] if has_figures else []),
        *(_figures(one, contract) if has_figures else []),
        *_working_points(one, contract),
        *_alerts(one, contract, has_figures=has_figures),
        *_withheld(one),
        *comment(NOTE),
        image(patient, one.file),
    ]


def _figures(one: MachineAnswer, contract: Contract) -> Iterator[Any]:
    names = {label.id: label.name for label in contract.labels}
    for label, probability in one.answer.probabilities.items():
        yield number(ours(f"p:{label}", f"Probability: {names[label]}"), probability, NO_UNITS)
    for label, share in (contract.prior or {}).items():
        yield number(ours(f"prior:{label}", f"Prior that the probabilities assume: {names[label]}"), share, NO_UNITS)


def _working_points(one: MachineAnswer, contract: Contract) -> Iterator[Any]:
    for alert in contract.raisable:
        aim = one.answer.working_points.get(alert.id)
        if aim is not None:
            yield number(ours(f"point:{alert.id}", f"Sensitivity aimed at: {alert.name}"), aim, NO_UNITS)


def _alerts(one: MachineAnswer, contract: Contract, *, has_figures: bool) -> Iterator[Any]:
    """Yield whether each alert was raised; of an answer that was withheld, "no" would read as an answer."""
    for alert in contract.raisable:
        is_raised = alert.id in one.answer.flags
        if has_figures or is_raised:
            yield yes_or_no(ours(f"alert:{alert.id}", f"Alert: {alert.name}"), is_so=is_raised)


def _withheld(one: MachineAnswer) -> list[Any]:
    reason = one.answer.abstention
    if reason is None:
        return []
    return [code(ours("not-answered", "Not answered"), ours(reason.value, WITHHELD[reason]))]
