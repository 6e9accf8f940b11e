"""The parts that resources of HL7 FHIR (R4B, 4.3.0) consist of: codes, references, quantities."""

from typing import Any
from uuid import UUID

from desktop.core.exchange.anatomic_sites import SNOMED_CT, anatomic_site, site_words
from desktop.core.exchange.identifiers import code_system

Json = dict[str, Any]

UCUM = "http://unitsofmeasure.org"
URI = "urn:ietf:rfc:3986"

LABELS = f"urn:uuid:{code_system('labels')}"
"""The code system of labels and diagnoses, by their ids."""


def filled(**values: Any) -> Json:
    """Return an object without the members that are None or empty, which FHIR forbids."""
    return {name: value for name, value in values.items() if value is not None and value not in ("", [], {})}


def coding(system: str, code: str, display: str) -> Json:
    """Return a code of a code system."""
    return {"system": system, "code": code, "display": display}


def concept(*codings: Json, text: str = "") -> Json:
    """Return a CodeableConcept."""
    return filled(coding=list(codings), text=text)


def reference(identifier: UUID) -> Json:
    """Return a reference to a resource of the same bundle."""
    return {"reference": f"urn:uuid:{identifier}"}


def quantity(value: float, unit: str = "1") -> Json:
    """Return a quantity in a unit of UCUM; "1" is a number without one."""
    return filled(value=value, unit="" if unit == "1" else unit, system=UCUM, code=unit)


def resource(kind: str, identifier: UUID, /, **values: Any) -> Json:
    """Return an entry of a bundle with its resource."""
    return {
        "fullUrl": f"urn:uuid:{identifier}",
        "resource": {"resourceType": kind, "id": str(identifier), **filled(**values)},
    }


def bundle(entries: list[Json]) -> Json:
    """Return resources as one bundle."""
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def body_site(site: str) -> Json:
    """Return a lesion's site as a CodeableConcept, empty if there is none; a site in other words is text."""
    found = anatomic_site(site)
    if found is None:
        return concept(text=site)
    return concept(coding(SNOMED_CT, found.region.value, found.region.meaning), text=site_words(site))
