"""Codes as DICOM writes them (PS3.3, 8.8), with those of LesionLens beside those of the standard."""

from typing import Any, NamedTuple

from desktop.core.exchange.anatomic_sites import LEFT, RIGHT, AnatomicSite, site_of
from desktop.core.exchange.identifiers import code_system, dicom_uid
from desktop.core.imaging.dicom_dataset import text_of, value_of
from desktop.core.imaging.pydicom import Dataset
from desktop.core.place_words import recognised

OURS = "99LESIONLENS"
"""The designator of the codes of LesionLens; those of private coding schemes begin with 99."""

TYPED = "typed"
"""The value of a diagnosis in somebody's own words; its meaning is these words."""

UNKNOWN = "Unknown"
"""Stands where the standard wants a value and nobody knows it."""

_SHORT = 16
"""Characters of a code that is no long one."""

_MEANING = 64

_LATERALITIES = {"L": LEFT.value, "R": RIGHT.value}
_SIDES = {LEFT.value: "left", RIGHT.value: "right"}


class Code(NamedTuple):
    """A code with its coding scheme and meaning."""

    value: str
    scheme: str
    meaning: str


REPORT = Code("126000", "DCM", "Imaging Measurement Report")
LANGUAGE = Code("121049", "DCM", "Language of Content Item and Descendants")
ENGLISH = Code("en", "RFC5646", "English")
OBSERVER_TYPE = Code("121005", "DCM", "Observer Type")
PERSON, DEVICE = Code("121006", "DCM", "Person"), Code("121007", "DCM", "Device")
PERSON_NAME = Code("121008", "DCM", "Person Observer Name")
DEVICE_UID = Code("121012", "DCM", "Device Observer UID")
DEVICE_NAME = Code("121013", "DCM", "Device Observer Name")
PROCEDURE = Code("121058", "DCM", "Procedure reported")
DERMOSCOPY = Code("446078004", "SCT", "Dermoscopic photography")
MEASUREMENTS = Code("126010", "DCM", "Imaging Measurements")
GROUP = Code("125007", "DCM", "Measurement Group")
TRACKING_ID = Code("112039", "DCM", "Tracking Identifier")
TRACKING_UID = Code("112040", "DCM", "Tracking Unique Identifier")
FINDING_SITE = Code("363698007", "SCT", "Finding Site")
LATERALITY = Code("272741003", "SCT", "Laterality")
FINDING = Code("121071", "DCM", "Finding")
ALGORITHM_NAME = Code("111001", "DCM", "Algorithm Name")
ALGORITHM_VERSION = Code("111003", "DCM", "Algorithm Version")
ALGORITHM_PARAMETERS = Code("111002", "DCM", "Algorithm Parameters")
SOURCE = Code("121112", "DCM", "Source of Measurement")
COMMENT = Code("121106", "DCM", "Comment")
ABOUT = Code("about", OURS, "About")
A_LESION, AN_IMAGE = Code("lesion", OURS, "A lesion"), Code("image", OURS, "What an image shows")
PLACE = Code("place", OURS, "Place of the body map")
IN_WORDS = Code("in-words", OURS, "Diagnosis in words")
"""Headings of LesionLens, by which it reads its own documents again."""

YES, NO = Code("373066001", "SCT", "Yes"), Code("373067005", "SCT", "No")
NOT_KNOWN = Code("261665006", "SCT", "Unknown")
NO_UNITS, MILLIMETRES = Code("1", "UCUM", "no units"), Code("mm", "UCUM", "mm")


def ours(value: str, meaning: str) -> Code:
    """Return a code of LesionLens."""
    return Code(value, OURS, meaning)


def code_item(code: Code) -> Any:
    """Return a code as an item of a sequence."""
    item = Dataset()
    if len(code.value) > _SHORT:
        item.LongCodeValue = code.value
    else:
        item.CodeValue = code.value
    item.CodingSchemeDesignator = code.scheme
    item.CodeMeaning = line(code.meaning)
    return item


def our_scheme() -> Any:
    """Return the item that says what the codes of LesionLens are (PS3.3, table 12-1)."""
    item = Dataset()
    item.CodingSchemeDesignator = OURS
    item.CodingSchemeUID = dicom_uid(code_system("labels"))
    item.CodingSchemeName = "Labels, diagnoses and headings of LesionLens"
    return item


def region_code(site: AnatomicSite) -> Code:
    """Return the code of a place, without its side."""
    return Code(site.region.value, "SCT", site.region.meaning)


def side_code(site: AnatomicSite) -> Code | None:
    """Return the code of a place's side."""
    return None if site.side is None else Code(site.side.value, "SCT", site.side.meaning)


def place_of(dataset: Any) -> str:
    """Return the place of the body map that an image's region and side stand for, by code or by its words, else these words.

    The side is a modifier of the region or, as most programs write it, the laterality of the image or its series. Empty
    where no region is given.
    """
    regions = value_of(dataset, "AnatomicRegionSequence") or []
    if not regions:
        return ""
    sides = value_of(regions[0], "AnatomicRegionModifierSequence") or []
    laterality = text_of(dataset, "ImageLaterality") or text_of(dataset, "Laterality")
    side = text_of(sides[0], "CodeValue") if sides else _LATERALITIES.get(laterality, "")
    found = site_of(text_of(regions[0], "CodeValue"), side)
    words = text_of(regions[0], "CodeMeaning") or text_of(regions[0], "CodeValue")
    named = ", ".join(filter(None, (words, _SIDES.get(side, ""))))
    return found or recognised(named) or named


def line(text: str, most: int = _MEANING) -> str:
    """Return text as a value of one line: without backslashes, which part values, and characters that control a printer."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text.replace("\\", "/"))
    return plain.strip()[:most]
