"""Structured reports: Enhanced SR documents by the template of measurement reports (PS3.16, TID 1500 and 1501).

All are unverified in the sense of DICOM: LesionLens knows initials, and nobody signs.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from desktop import __version__
from desktop.core.exchange.anatomic_sites import site_words
from desktop.core.exchange.dicom_codes import (
    A_LESION,
    ABOUT,
    AN_IMAGE,
    COMMENT,
    DERMOSCOPY,
    DEVICE,
    DEVICE_NAME,
    DEVICE_UID,
    ENGLISH,
    FINDING_SITE,
    GROUP,
    LANGUAGE,
    LATERALITY,
    MEASUREMENTS,
    NO,
    NOT_KNOWN,
    OBSERVER_TYPE,
    PERSON,
    PERSON_NAME,
    PLACE,
    PROCEDURE,
    REPORT,
    SOURCE,
    TRACKING_ID,
    TRACKING_UID,
    UNKNOWN,
    YES,
    Code,
    code_item,
    ours,
    region_code,
    side_code,
)
from desktop.core.exchange.dicom_patients import (
    MAKER,
    PatientObjects,
    Series,
    dicom_day,
    dicom_time,
    person_name,
    reference,
)
from desktop.core.exchange.identifiers import code_system, dicom_uid
from desktop.core.imaging.pydicom import Dataset
from desktop.core.records.entries import Authorship

ENHANCED_SR = "1.2.840.10008.5.1.4.1.1.88.22"

_HAS_CONTEXT, _HAS_MODIFIER, _CONTAINS = "HAS OBS CONTEXT", "HAS CONCEPT MOD", "CONTAINS"


class DocumentName(NamedTuple):
    """What tells a document from every other, and where it is: its UID is derived from `key`, its study from `day`.

    A document that says something else has another key: an archive keeps what it has under a UID.
    """

    key: tuple[str, ...]
    series: Series
    day: str


@dataclass
class Document:
    """What a document says: of a lesion, or of what the image of the first of `files` shows, with the images it rests on.

    `observer` are the initials of a person, empty for a device. `groups` are the items that were found, in one group of
    measurements each. `replaced` are the documents whose place it takes, if they were exported.
    """

    name: DocumentName
    written: Authorship
    observer: str
    is_machine: bool
    lesion_key: str
    files: list[str]
    groups: list[list[Any]] = field(default_factory=list)
    replaced: list[DocumentName] = field(default_factory=list)


def report(patient: PatientObjects, document: Document) -> Any:
    """Return a document as an object of DICOM."""
    name = document.name
    one = patient.new_object(ENHANCED_SR, patient.uid(*name.key), name.day, name.series)
    one.Manufacturer = one.ManufacturerModelName = MAKER
    one.SoftwareVersions = __version__
    one.ContentDate, one.ContentTime = dicom_time(document.written)
    one.ReferencedPerformedProcedureStepSequence = []
    one.PerformedProcedureCodeSequence = []
    one.CompletionFlag = "COMPLETE"
    one.CompletionFlagDescription = name.series.name
    one.VerificationFlag = "UNVERIFIED"
    one.PreliminaryFlag = "PRELIMINARY" if document.is_machine else "FINAL"
    if document.files:
        one.CurrentRequestedProcedureEvidenceSequence = patient.evidence(document.files)
    if document.replaced:
        one.PredecessorDocumentsSequence = patient.references(
            (old.day, old.series, reference(ENHANCED_SR, patient.uid(*old.key))) for old in document.replaced
        )
    one.ValueType = "CONTAINER"
    one.ConceptNameCodeSequence = [code_item(REPORT)]
    one.ContinuityOfContent = "SEPARATE"
    one.ContentTemplateSequence = [_template("1500")]
    groups = [_group(patient, document, found) for found in document.groups]
    one.ContentSequence = [
        code(LANGUAGE, ENGLISH, _HAS_MODIFIER),
        *_observer(document),
        code(PROCEDURE, DERMOSCOPY, _HAS_MODIFIER),
        _container(MEASUREMENTS, groups),
    ]
    return one


def code(name: Code, value: Code, relationship: str = _CONTAINS) -> Any:
    """Return an item whose value is a code."""
    item = _item(relationship, "CODE", name)
    item.ConceptCodeSequence = [code_item(value)]
    return item


def yes_or_no(name: Code, *, is_so: bool | None) -> Any:
    """Return an item that says yes or no, or that it is not known."""
    return code(name, NOT_KNOWN if is_so is None else YES if is_so else NO)


def text(name: Code, value: str, relationship: str = _CONTAINS) -> Any:
    """Return an item of text."""
    item = _item(relationship, "TEXT", name)
    item.TextValue = value
    return item


def modifier(name: Code, value: str) -> Any:
    """Return an item of text that says how the group came about."""
    return text(name, value, _HAS_MODIFIER)


def comment(value: str) -> list[Any]:
    """Return an item with a comment, none if it is empty."""
    return [text(COMMENT, value)] if value else []


def date(name: Code, day: str) -> list[Any]:
    """Return an item with a day, none if it is empty."""
    if not day:
        return []
    item = _item(_CONTAINS, "DATE", name)
    item.Date = dicom_day(day)
    return [item]


def number(name: Code, value: float, unit: Code) -> Any:
    """Return a measurement: in words of at most 16 characters, and exactly."""
    item = _item(_CONTAINS, "NUM", name)
    measured = Dataset()
    measured.NumericValue = f"{value:.10g}"
    measured.FloatingPointValue = value
    measured.MeasurementUnitsCodeSequence = [code_item(unit)]
    item.MeasuredValueSequence = [measured]
    return item


def _group(patient: PatientObjects, document: Document, found: Iterable[Any]) -> Any:
    tracking_id, tracking_uid = patient.tracking(document.lesion_key, document.files[0] if document.files else "")
    uid = _item(_HAS_CONTEXT, "UIDREF", TRACKING_UID)
    uid.UID = tracking_uid
    some = list(found)
    context = [item for item in some if item.RelationshipType != _CONTAINS]
    group = _container(
        GROUP,
        [
            text(TRACKING_ID, tracking_id, _HAS_CONTEXT),
            uid,
            *_site(patient, document.lesion_key),
            *context,
            *_subject(patient, document.lesion_key),
            *(item for item in some if item.RelationshipType == _CONTAINS),
        ],
    )
    group.ContentTemplateSequence = [_template("1501")]
    return group


def image(patient: PatientObjects, file: str) -> Any:
    """Return the item that names an image from which something was found."""
    item = _item(_CONTAINS, "IMAGE", SOURCE)
    item.ReferencedSOPSequence = [patient.image_reference(file)]
    return item


def _site(patient: PatientObjects, lesion_key: str) -> list[Any]:
    site = patient.site_of(lesion_key)
    if site is None:
        return []
    item = code(FINDING_SITE, region_code(site), _HAS_MODIFIER)
    side = side_code(site)
    if side is not None:
        item.ContentSequence = [code(LATERALITY, side, _HAS_MODIFIER)]
    return [item]


def _subject(patient: PatientObjects, lesion_key: str) -> list[Any]:
    """Return what the group is about, with the place of a lesion as the body map has it."""
    lesion = patient.lesion_of(lesion_key)
    if lesion is None:
        return [code(ABOUT, AN_IMAGE)]
    site = lesion.lesion.site
    return [code(ABOUT, A_LESION), *([code(PLACE, ours(site, site_words(site)))] if site else [])]


def _observer(document: Document) -> list[Any]:
    if not document.is_machine:
        name = _item(_HAS_CONTEXT, "PNAME", PERSON_NAME)
        name.PersonName = person_name(document.observer or UNKNOWN)
        return [code(OBSERVER_TYPE, PERSON, _HAS_CONTEXT), name]
    uid = _item(_HAS_CONTEXT, "UIDREF", DEVICE_UID)
    uid.UID = dicom_uid(code_system("device"))
    return [code(OBSERVER_TYPE, DEVICE, _HAS_CONTEXT), uid, text(DEVICE_NAME, MAKER, _HAS_CONTEXT)]


def _container(name: Code, items: list[Any]) -> Any:
    container = _item(_CONTAINS, "CONTAINER", name)
    container.ContinuityOfContent = "SEPARATE"
    container.ContentSequence = items
    return container


def _template(number: str) -> Any:
    template = Dataset()
    template.MappingResource = "DCMR"
    template.TemplateIdentifier = number
    return template


def _item(relationship: str, value_type: str, name: Code) -> Any:
    item = Dataset()
    item.RelationshipType = relationship
    item.ValueType = value_type
    item.ConceptNameCodeSequence = [code_item(name)]
    return item
