"""A patient with visits, lesions and images as resources of FHIR R4B.

An image is a Media, which may be of any format; one that is DICOM is named in an ImagingStudy too, which needs DICOM's UIDs.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePosixPath
from uuid import UUID

from desktop.core.exchange.anatomic_sites import SNOMED_CT, anatomic_site
from desktop.core.exchange.contents import NO_ID, ImageContents, LesionContents, PatientContents
from desktop.core.exchange.fhir_parts import URI, Json, body_site, coding, concept, filled, reference, resource
from desktop.core.exchange.identifiers import Identifiers
from desktop.core.imaging.dicom_identity import DicomIdentity

_DICOM = "http://dicom.nema.org/resources/ontology/DCM"
_BODY_STRUCTURE = "http://hl7.org/fhir/StructureDefinition/bodySite"

_MODALITIES = {
    "dermoscopy": coding(_DICOM, "DMS", "Dermoscopy"),
    "clinical": coding(_DICOM, "XC", "External-camera Photography"),
    "other": coding(_DICOM, "OT", "Other"),
}

_MEDIA_TYPES = {
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".tif": "image/tiff",
    ".bmp": "image/bmp",
    ".webp": "image/webp",
    ".dcm": "application/dicom",
    ".heic": "image/heic",
    ".avif": "image/avif",
    ".jp2": "image/jp2",
    ".jls": "image/jls",
}


@dataclass(frozen=True)
class ExportedFile:
    """An image file as it was written: its size in pixels and bytes, SHA-1 in base64, and what DICOM calls it."""

    width: int
    height: int
    byte_size: int
    sha1: str
    dicom: DicomIdentity | None = None


class FhirPatient:
    """The resources of one patient, and the identifiers by which others refer to them."""

    def __init__(self, one: PatientContents, files: Mapping[str, ExportedFile], identifiers: Identifiers) -> None:
        """Make them.

        Args:
            one: the patient.
            files: the image files that were written, by their path in the folder.
            identifiers: those of the export.
        """
        self.contents = one
        self.images = {image.file: image for image in one.images}
        self._files = files
        self._identifiers = identifiers
        self._lesions = {lesion.key: lesion for lesion in one.lesions}
        patient = one.patient
        self._name = patient.pseudonym if patient.id == NO_ID else str(patient.id)  # a pseudonym may be corrected

    @property
    def subject(self) -> Json:
        """The reference to the patient."""
        return reference(self.identifier("patient"))

    def identifier(self, kind: str, *what: str) -> UUID:
        """Return the identifier of something of this patient."""
        return self._identifiers.uuid(kind, self._name, *what)

    def media(self, file: str) -> Json:
        """Return the reference to an image."""
        return reference(self.identifier("image", file))

    def encounter(self, day: str) -> Json:
        """Return the reference to the visit of a day; empty if there is none."""
        return reference(self.identifier("visit", day)) if any(one.day == day for one in self.contents.visits) else {}

    def place(self, lesion_key: str) -> Json:
        """Return the members that say of which lesion a resource is."""
        lesion = self._lesions.get(lesion_key)
        if lesion is None:
            return {}
        structure = {"url": _BODY_STRUCTURE, "valueReference": reference(self._lesion_id(lesion))}
        site = body_site(lesion.lesion.site) or concept(text=lesion.lesion.name)
        return {"bodySite": {"extension": [structure], **site}}

    def resources(self) -> Iterator[Json]:
        """Yield the patient, the visits, the lesions and the images."""
        one = self.contents
        yield resource(
            "Patient",
            self.identifier("patient"),
            identifier=[
                filled(
                    type=concept(text="Pseudonym"),
                    system=f"urn:uuid:{self._identifiers.namespace}",
                    value=one.patient.pseudonym,
                )
            ],
            gender=one.patient.sex,
            birthDate="" if one.patient.birth_year is None else str(one.patient.birth_year),
        )
        for visit in one.visits:
            yield resource(
                "Encounter",
                self.identifier("visit", visit.day),
                status="finished",
                **{"class": coding("http://terminology.hl7.org/CodeSystem/v3-ActCode", "AMB", "ambulatory")},
                subject=self.subject,
                period={"start": visit.day, "end": visit.day},
            )
        for lesion in one.lesions:
            yield self._body_structure(lesion)
        for image in one.images:
            yield self._media(image)
        yield from self._studies()

    def _lesion_id(self, lesion: LesionContents) -> UUID:
        return self.identifier("lesion", lesion.key)

    def _body_structure(self, lesion: LesionContents) -> Json:
        found = anatomic_site(lesion.lesion.site)
        side = [] if found is None or found.side is None else [found.side]
        return resource(
            "BodyStructure",
            self._lesion_id(lesion),
            identifier=[{"type": concept(text="Lesion"), "value": lesion.lesion.name}],
            location=body_site(lesion.lesion.site),
            locationQualifier=[concept(coding(SNOMED_CT, one.value, one.meaning)) for one in side],
            patient=self.subject,
        )

    def _media(self, image: ImageContents) -> Json:
        file, scale, capture = self._files[image.file], image.measures.scale, image.measures.capture
        return resource(
            "Media",
            self.identifier("image", image.file),
            status="completed",
            type=concept(coding("http://terminology.hl7.org/CodeSystem/media-type", "image", "Image")),
            modality=concept(_MODALITIES[image.kind]),
            subject=self.subject,
            encounter=self.encounter(image.day),
            createdDateTime=image.seen_on,
            issued=image.written.time,
            **self.place(image.lesion_key),
            deviceName="" if capture is None else capture.device,
            height=file.height,
            width=file.width,
            content=filled(
                contentType=_MEDIA_TYPES.get(PurePosixPath(image.file).suffix, ""),
                url=f"../{image.file}",
                size=file.byte_size,
                hash=file.sha1,
                title=image.name,
            ),
            note=[] if scale is None else [{"text": f"Scale: {scale.mm_per_pixel} mm per pixel"}],
        )

    def _studies(self) -> Iterator[Json]:
        """Yield the studies of DICOM to which images belong that were opened from DICOM files."""
        named = [(file.dicom, image) for image in self.contents.images if (file := self._files[image.file]).dicom]
        found = sorted(((one, image) for one, image in named if one), key=lambda pair: pair[0])
        for study, of_study in groupby(found, key=lambda pair: pair[0].study):
            series = []
            for (number, modality), of_series in groupby(of_study, key=lambda pair: (pair[0].series, pair[0].modality)):
                instances = [
                    {
                        "uid": one.instance,
                        "sopClass": {"system": URI, "code": f"urn:oid:{one.sop_class}"},
                        "title": image.file,
                    }
                    for one, image in of_series
                ]
                series.append({"uid": number, "modality": {"system": _DICOM, "code": modality}, "instance": instances})
            yield resource(
                "ImagingStudy",
                self.identifier("study", study),
                identifier=[{"system": "urn:dicom:uid", "value": f"urn:oid:{study}"}],
                status="available",
                subject=self.subject,
                series=series,
            )
