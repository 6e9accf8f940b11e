"""Reads the assessments and outcomes in structured reports that LesionLens wrote; any other document says nothing here."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from desktop.core.exchange.columns import RowKind
from desktop.core.exchange.dicom_codes import (
    A_LESION,
    ABOUT,
    COMMENT,
    FINDING,
    GROUP,
    IN_WORDS,
    MEASUREMENTS,
    NO,
    PERSON_NAME,
    PLACE,
    TRACKING_ID,
    TRACKING_UID,
    TYPED,
    UNKNOWN,
    YES,
    our_scheme,
)
from desktop.core.imaging.dicom_dataset import text_of, value_of

Item = Any


@dataclass(frozen=True)
class FindingRead:
    """A finding: the `cells` of its row in a table, without those that say whose it is.

    `lesion` are the Tracking ID and UID and `site` the place of the lesion that it is about; where it is about what an image
    shows, `lesion` is None, and `image` the UID of that image.
    """

    cells: dict[str, str]
    lesion: tuple[str, str] | None
    site: str
    image: str


def is_ours(dataset: Item) -> bool:
    """Whether a document uses the codes of LesionLens."""
    schemes = value_of(dataset, "CodingSchemeIdentificationSequence") or []
    return our_scheme().CodingSchemeUID in {text_of(one, "CodingSchemeUID") for one in schemes}


def dicom_date(text: str) -> str:
    """Return a day of DICOM in ISO form; one that is none fails the check of its column."""
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}" if text else ""


def read_findings(dataset: Item) -> Iterator[FindingRead]:
    """Yield the findings of a document of ours; of a model's answers none."""
    day, time = (text_of(dataset, keyword) for keyword in ("ContentDate", "ContentTime"))
    when = f"{dicom_date(day)}T{time[:2]}:{time[2:4]}:{time[4:]}+00:00"
    who = ""
    groups: list[Item] = []
    for item in value_of(dataset, "ContentSequence") or []:
        if _concept(item) == PERSON_NAME.value:
            who = str(item.PersonName).partition("^")[0]
        elif _concept(item) == MEASUREMENTS.value:
            groups += [one for one in value_of(item, "ContentSequence") or [] if _concept(one) == GROUP.value]
    written = {"who": "" if who == UNKNOWN else who, "when": when}
    for group in groups:
        found = _read_group(group, dicom_date(text_of(dataset, "StudyDate")))
        if found is not None:
            found.cells.update(written)
            yield found


def replaced_by(dataset: Item) -> Iterator[str]:
    """Yield the UIDs of the documents whose place a document takes."""
    for study in value_of(dataset, "PredecessorDocumentsSequence") or []:
        for series in value_of(study, "ReferencedSeriesSequence") or []:
            for one in value_of(series, "ReferencedSOPSequence") or []:
                yield text_of(one, "ReferencedSOPInstanceUID")


def _read_group(group: Item, day: str) -> FindingRead | None:
    items = {_concept(item): item for item in value_of(group, "ContentSequence") or []}
    if "kind" in items:
        cells = _outcome(items) | {"date": day}
    elif "before-model" in items:
        cells = _assessment(items)
    else:
        return None
    if _code(items, ABOUT.value) == A_LESION.value:
        lesion = _text(items, TRACKING_ID.value), text_of(items[TRACKING_UID.value], "UID")
        return FindingRead(cells | {"date": day}, lesion, _code(items, PLACE.value), "")
    sources = [item for item in items.values() if text_of(item, "ValueType") == "IMAGE"]
    image = text_of(sources[0].ReferencedSOPSequence[0], "ReferencedSOPInstanceUID") if sources else ""
    return FindingRead(cells, None, "", image)


def _assessment(items: dict[str, Item]) -> dict[str, str]:
    plan_date = text_of(items["plan-date"], "Date") if "plan-date" in items else ""
    return {
        "row": RowKind.ASSESSMENT,
        "assessment": _diagnosis(items),
        "plan_date": dicom_date(plan_date),
        "before_model": {YES.value: "yes", NO.value: "no"}.get(_code(items, "before-model"), ""),
        "note": _text(items, COMMENT.value),
        **{name: _code(items, name) for name in ("confidence", "plan", "change")},
    }


def _outcome(items: dict[str, Item]) -> dict[str, str]:
    breslow = text_of(items["breslow"].MeasuredValueSequence[0], "NumericValue") if "breslow" in items else ""
    return {
        "row": RowKind.OUTCOME,
        "outcome": _diagnosis(items),
        "outcome_kind": _code(items, "kind"),
        "breslow_mm": breslow,
        "laboratory_number": _text(items, "laboratory-number"),
        "note": _text(items, COMMENT.value),
        **{name: _code(items, name) for name in ("ulceration", "margins")},
    }


def _diagnosis(items: dict[str, Item]) -> str:
    diagnosis = _code(items, FINDING.value)
    if diagnosis != TYPED:
        return diagnosis
    return _text(items, IN_WORDS.value) or text_of(items[FINDING.value].ConceptCodeSequence[0], "CodeMeaning")


def _concept(item: Item) -> str:
    names = value_of(item, "ConceptNameCodeSequence")
    return _value(names[0]) if names else ""


def _code(items: dict[str, Item], concept: str) -> str:
    codes = value_of(items[concept], "ConceptCodeSequence") if concept in items else None
    return _value(codes[0]) if codes else ""


def _value(code: Item) -> str:
    return text_of(code, "CodeValue") or text_of(code, "LongCodeValue")


def _text(items: dict[str, Item], concept: str) -> str:
    return str(value_of(items[concept], "TextValue") or "") if concept in items else ""
