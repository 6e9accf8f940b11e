"""A patient's identity in DICOM: the attributes that all objects of a patient share, with studies, series and numbers."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from desktop import __version__
from desktop.core.exchange.anatomic_sites import AnatomicSite, anatomic_site
from desktop.core.exchange.contents import NO_ID, ImageContents, LesionContents, PatientContents
from desktop.core.exchange.dicom_codes import Code, code_item, line, our_scheme
from desktop.core.exchange.identifiers import Identifiers
from desktop.core.imaging.pydicom import Dataset
from desktop.core.records.entries import Authorship

DERMOSCOPIC = "1.2.840.10008.5.1.4.1.1.77.1.7"
PHOTOGRAPHIC = "1.2.840.10008.5.1.4.1.1.77.1.4"
"""The SOP classes of images (PS3.4, table B.5-1)."""

MAKER = "LesionLens"

_LONGEST_ID, _MARK = 64, 8
_NAME = 63
"""Characters of a family name beside the mark of its end (PS3.5, table 6.2-1)."""

_SEXES = {"female": "F", "male": "M", "other": "O"}

_PROFILE = (
    Code("113100", "DCM", "Basic Application Confidentiality Profile"),
    Code("113107", "DCM", "Retain Longitudinal Temporal Information Modified Dates Option"),
    Code("113108", "DCM", "Retain Patient Characteristics Option"),
)
"""What de-identification keeps to (PS3.15, E.2 and E.3; codes of PS3.16, CID 7050)."""


class Series(NamedTuple):
    """A series: the same kind of object of one study."""

    name: str
    number: int
    modality: str


_SERIES = {
    (True, True): Series("Dermoscopy", 1, "DMS"),
    (True, False): Series("Dermoscopy, site not coded", 2, "DMS"),
    (False, True): Series("Photographs", 3, "XC"),
    (False, False): Series("Photographs, site not coded", 4, "XC"),
}
"""By whether an image is a dermoscopy, and whether its site is known."""


class PatientObjects:
    """The objects of one patient share it; it counts the instances of each series."""

    def __init__(self, one: PatientContents, identifiers: Identifiers, *, is_deidentified: bool) -> None:
        """Prepare the objects of a patient."""
        self.contents = one
        self.images = {image.file: image for image in one.images}
        self._identifiers = identifiers
        self._is_deidentified = is_deidentified
        self._lesions = {lesion.key: lesion for lesion in one.lesions}
        self._counts: Counter[str] = Counter()
        patient = one.patient
        self._name = patient.pseudonym if patient.id == NO_ID else str(patient.id)  # a pseudonym may be corrected

    def _patient_id(self) -> str:
        """Return the pseudonym; one that is no value of DICOM is cut, and made unlike any other."""
        pseudonym = self.contents.patient.pseudonym
        if line(pseudonym) == pseudonym:
            return pseudonym
        mark = self._identifiers.uuid("patient", self._name).hex[:_MARK]
        return f"{line(pseudonym, _LONGEST_ID - _MARK - 1)}~{mark}"

    def pass_over(self, file: str) -> None:
        """Count an image of which no object is made now: those behind it in its series keep their numbers."""
        image = self.images[file]
        self._counts[self.uid("series", image.seen_on, self.series_of(image).name)] += 1

    def leave_out_unwritten(self) -> None:
        """Forget the images that were taken out of the contents because they cannot be read: nothing refers to them."""
        self.images = {image.file: image for image in self.contents.images}

    def uid(self, kind: str, *what: str) -> str:
        """Return the UID of something of this patient."""
        return self._identifiers.uid(kind, self._name, *what)

    def lesion_of(self, lesion_key: str) -> LesionContents | None:
        """Return a lesion by its key."""
        return self._lesions.get(lesion_key)

    def site_of(self, lesion_key: str) -> AnatomicSite | None:
        """Return the site of a lesion; None if it or its side is not known, or it is no place of the body map."""
        lesion = self._lesions.get(lesion_key)
        site = None if lesion is None else anatomic_site(lesion.lesion.site)
        return None if site is None or (site.is_paired and site.side is None) else site

    def series_of(self, image: ImageContents) -> Series:
        """Return the series to which an image belongs.

        Images of which the site is not known are apart: for them the series says that the side is not known.
        """
        return _SERIES[image.kind == "dermoscopy", self.site_of(image.lesion_key) is not None]

    def tracking(self, lesion_key: str, file: str = "") -> tuple[str, str]:
        """Return the Tracking ID and UID of a lesion, or of what an image without one shows."""
        lesion = self._lesions.get(lesion_key)
        if lesion is None:
            return self.images[file].name, self.uid("what an image shows", file)
        return f"{self.contents.patient.pseudonym} {lesion.lesion.name}", self.uid("lesion", lesion.key)

    def image_reference(self, file: str) -> Any:
        """Return the item that refers to an image."""
        return reference(class_of(self.images[file]), self.uid("image", file))

    def evidence(self, files: list[str]) -> list[Any]:
        """Return the studies and series of images, as a document lists what it rests on (PS3.3, table C.17-3)."""
        return self.references(
            (self.images[file].seen_on, self.series_of(self.images[file]), self.image_reference(file)) for file in files
        )

    def references(self, objects: Iterable[tuple[str, Series, Any]]) -> list[Any]:
        """Return the studies and series of objects, of each of which the day, the series and the reference are given."""
        studies: dict[str, dict[str, list[Any]]] = {}
        for day, series, item in objects:
            of_study = studies.setdefault(self.uid("study", day), {})
            of_study.setdefault(self.uid("series", day, series.name), []).append(item)
        found = []
        for study_uid, of_study in studies.items():
            study = Dataset()
            study.StudyInstanceUID = study_uid
            study.ReferencedSeriesSequence = []
            for series_uid, references in of_study.items():
                one = Dataset()
                one.SeriesInstanceUID = series_uid
                one.ReferencedSOPSequence = references
                study.ReferencedSeriesSequence.append(one)
            found.append(study)
        return found

    def new_object(self, sop_class: str, sop_uid: str, day: str, series: Series) -> Any:
        """Return an object with the modules of patient, study, series and SOP common, as part of a day's study."""
        one = Dataset()
        one.SpecificCharacterSet = "ISO_IR 192"  # UTF-8
        one.SOPClassUID = sop_class
        one.SOPInstanceUID = sop_uid
        one.CodingSchemeIdentificationSequence = [our_scheme()]
        one.TimezoneOffsetFromUTC = "+0000"
        patient = self.contents.patient
        one.PatientName = person_name(patient.pseudonym)
        one.PatientID = self._patient_id()
        one.IssuerOfPatientID = str(self._identifiers.namespace)
        one.PatientBirthDate = ""
        one.PatientSex = _SEXES.get(patient.sex, "")
        if self._is_deidentified:
            one.PatientIdentityRemoved = "YES"
            one.DeidentificationMethod = f"{MAKER} {__version__}: written anew without what names anybody"
            one.DeidentificationMethodCodeSequence = [code_item(code) for code in _PROFILE]
            one.LongitudinalTemporalInformationModified = "MODIFIED"
        one.StudyInstanceUID = self.uid("study", day)
        one.StudyDate = dicom_day(day)
        one.StudyTime = ""
        one.AccessionNumber = ""
        one.ReferringPhysicianName = ""
        one.StudyID = dicom_day(day)
        one.Modality = series.modality
        one.SeriesInstanceUID = self.uid("series", day, series.name)
        one.SeriesNumber = series.number
        one.SeriesDescription = series.name
        self._counts[one.SeriesInstanceUID] += 1
        one.InstanceNumber = self._counts[one.SeriesInstanceUID]
        return one


def reference(sop_class: str, sop_uid: str) -> Any:
    """Return the item that refers to an object (PS3.3, table 10-11)."""
    item = Dataset()
    item.ReferencedSOPClassUID = sop_class
    item.ReferencedSOPInstanceUID = sop_uid
    return item


def class_of(image: ImageContents) -> str:
    """Return the SOP class of an image."""
    return DERMOSCOPIC if image.kind == "dermoscopy" else PHOTOGRAPHIC


def person_name(text: str) -> str:
    """Return a pseudonym or initials as a name: the family name alone (PS3.5, 6.2.1)."""
    return f"{line(text, _NAME).replace('^', ' ').replace('=', ' ')}^"


def dicom_day(day: str) -> str:
    """Return a day as DICOM writes it."""
    return day.replace("-", "")


def dicom_time(written: Authorship) -> tuple[str, str]:
    """Return day and time of an entry (UTC) as DICOM writes them."""
    return dicom_day(written.time[:10]), written.time[11:26].replace(":", "")
