"""Writes the contents of a history as the table of an exported folder."""

from collections.abc import Iterable, Iterator, Mapping

from desktop.core.exchange.columns import FLAGS, NAMES, SAID, RowKind
from desktop.core.exchange.contents import Contents, ImageContents, PatientContents
from desktop.core.records.cells import MARK, csv_cell, csv_line
from desktop.core.records.entries import Authorship
from desktop.core.records.exchanged_values import InfluenceRow
from desktop.core.records.people import Pin
from desktop.core.records.statements import Statement, Value

Cells = Mapping[str, str]


def table_text(contents: Contents) -> str:
    """Return the table as text: UTF-8 with a byte order mark, so that a spreadsheet reads it."""
    rows = ([cells.get(name, "") for name in NAMES] for cells in _rows(contents))
    return MARK + "".join(csv_line(map(csv_cell, cells)) for cells in (NAMES, *rows))


def _rows(contents: Contents) -> Iterator[Cells]:
    for patient in contents.patients:
        yield from _patient_rows(patient)
    for image in contents.images:
        yield _image_row(image, {})
        yield from _said_rows(image.statements, {"image": image.file})


def _patient_rows(one: PatientContents) -> Iterator[Cells]:
    patient, risk = one.patient, one.patient.risk
    of = {"patient": patient.pseudonym}
    yield {
        **_row(RowKind.PATIENT, one.made),
        **of,
        **_changed(one.changed),
        "sex": patient.sex,
        "skin_type": patient.skin_type,
        "own_melanoma": risk.own_melanoma,
        "family_melanoma": risk.family_melanoma,
        "immunosuppressed": risk.immunosuppressed,
        "naevi": risk.naevi,
        "birth_year": "" if patient.birth_year is None else str(patient.birth_year),
    }
    for visit in one.visits:
        yield {**_row(RowKind.VISIT, visit.changed), **of, "date": visit.day, "age_band": visit.age_band}
    named = {lesion.key: {**of, "lesion": lesion.lesion.name, "lesion_key": lesion.key} for lesion in one.lesions}
    for lesion in one.lesions:
        yield {
            "row": RowKind.LESION,
            **named[lesion.key],
            **_changed(lesion.changed),
            "site": lesion.lesion.site,
            **_point(lesion.lesion.pin),
        }
    for image in one.images:
        yield _image_row(image, named.get(image.lesion_key, of))
        yield from _said_rows(image.statements, {**of, "image": image.file})
        for pin in image.pins:
            yield {**_row(RowKind.PIN, pin.written), **named[pin.lesion_key], "image": image.file, **_point(pin.point)}
    for lesion in one.lesions:
        yield from _said_rows(lesion.statements, named[lesion.key])
        yield from (_influence_row(influence, named[lesion.key]) for influence in lesion.influences)
    yield from (_influence_row(influence, of) for influence in one.influences)


def _image_row(image: ImageContents, of: Cells) -> Cells:
    scale, capture = image.measures.scale, image.measures.capture
    return {
        **_row(RowKind.IMAGE, image.written),
        **of,
        "image": image.file,
        "name": image.name,
        "kind": image.kind,
        "date": image.day,
        "mm_per_pixel": "" if scale is None else repr(scale.mm_per_pixel),
        "device": "" if scale is None else scale.device,
        "taken_with": "" if capture is None else capture.device,
        "contact": "" if capture is None else capture.contact,
        "light": "" if capture is None else capture.light,
        "outline": image.measures.outline or "",
    }


def _influence_row(influence: InfluenceRow, of: Cells) -> Cells:
    return {
        **_row(RowKind.INFLUENCE, influence.made),
        **of,
        **_changed(influence.changed),
        "influence": influence.kind,
        "date": influence.span.since.isoformat(),
        "until": "" if influence.span.until is None else influence.span.until.isoformat(),
        "note": influence.note,
        "withdrawn": _cell("withdrawn", influence.is_withdrawn),
    }


def _point(pin: Pin | None) -> dict[str, str]:
    return {} if pin is None else {"pin_x": repr(pin[0]), "pin_y": repr(pin[1])}


def _said_rows(statements: Iterable[Statement], of: Cells) -> Iterator[Cells]:
    for statement in statements:
        values = {name: _cell(name, statement.values[column]) for name, column in SAID[statement.kind]}
        row = {**_row(RowKind(statement.kind), statement.written), **of, "of": statement.of, **values}
        yield {**row, "date": statement.day} if statement.day else row


def _cell(name: str, value: Value) -> str:
    if value is None:
        return ""
    if name in FLAGS:
        return "yes" if value else "no"
    return repr(value) if isinstance(value, float) else str(value)


def _row(kind: RowKind, written: Authorship) -> dict[str, str]:
    return {"row": kind, "who": written.initials, "when": written.time}


def _changed(changed: Authorship) -> dict[str, str]:
    return {"changed_who": changed.initials, "changed_when": changed.time}
