"""De-identified export: no name, day or text of anybody is left in a file, byte for byte, and the values that matter are."""

import csv
import datetime as dt
import io
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from desktop.core.exchange.collecting import Selection
from desktop.core.exchange.exporting import Exported, export_folder
from desktop.core.exchange.importing import import_folder
from desktop.core.imaging.capture import Capture
from desktop.core.imaging.opening import decode
from desktop.core.imaging.scale import Scale
from desktop.core.records.influences import InfluenceKind, Span
from desktop.core.records.people import EXCISION, RiskFactors
from desktop.core.records.values import KeptImage
from tests.core.exchange.histories import DAY, Practice, at
from tests.making import lesion

NAME = "Qzxwvu"
"""Stands in every place that takes a text, and must be in no file."""
SIZE = (96, 72)
LATER = DAY + dt.timedelta(400)
"""So long after the first day that no shift turns it, or a day after it, into the first."""
LAST = DAY + dt.timedelta(430)
"""The last day of all: no other one, moved back, becomes it."""


def photograph(extension: str, seed: int) -> bytes:
    """Return an image with the name in its EXIF, thumbnail, XMP, comments, profile and behind its end."""
    image = lesion(seed, SIZE)
    exif = Image.Exif()
    exif[0x010E] = exif[0x013B] = exif[0x8298] = NAME
    exif[0x0132] = f"{DAY:%Y:%m:%d} 08:00:00"
    file = io.BytesIO()
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{NAME}</x:xmpmeta>".encode()
    if extension == "jpg":
        image.save(file, "JPEG", quality=92, exif=exif, xmp=xmp, comment=NAME.encode())
    else:
        text = PngImagePlugin.PngInfo()
        text.add_text("Author", NAME)
        text.add_itxt("Description", NAME, zip=True)
        image.save(file, "PNG", exif=exif, pnginfo=text)
    return file.getvalue() + NAME.encode() + NAME.encode("utf-16")


@pytest.fixture
def practice(tmp_path: Path) -> Practice:
    practice = Practice(tmp_path / "data", at(8), f"{NAME[:3]}")
    history, by = practice.history, practice.by
    patient = practice.patient(f"{NAME}, Anna", "female")
    risk = RiskFactors(naevi="over 100")
    history.people.correct_patient(patient, f"{NAME}, Anna", "female", by=by, skin_type="III", risk=risk)
    visit = practice.visit(patient)
    later = practice.visit(patient, LATER)
    back = history.people.add_lesion(patient, f"{NAME} 1", "scapula-left", pin=(0.25, 0.5), by=by).id
    other = history.people.add_lesion(patient, "L2", f"{NAME} hand", by=by).id
    history.people.add_lesion(patient, "L3", "temple-palm", by=by)  # words of the map, and no place of it
    for seed, extension, lesion_id, visit_id in (
        (1, "jpg", back, visit),
        (2, "png", back, later),
        (3, "jpg", None, None),
    ):
        data = photograph(extension, seed)
        path = practice.store.add(data, {"jpg": "JPEG", "png": "PNG"}[extension])
        form = {"jpg": "JPEG", "png": "PNG"}[extension]
        image = KeptImage(path.stem, f"{NAME}.{extension}", form, *SIZE, len(data), path, stored=True)
        image_id = history.people.save_clinical(image, lesion_id=lesion_id, visit_id=visit_id, by=by)
        history.people.place(image_id, kind="dermoscopy", lesion_id=lesion_id, visit_id=visit_id, by=by)
        history.scales.give(image_id, Scale(0.02, f"{NAME}'s"), by=by)
        history.captures.give(image.sha256, Capture(f"{NAME}'s", "contact", "polarised"), by=by)
    practice.seen(back, visit, "nevus", "none", note=NAME)
    practice.seen(back, later, "melanoma", EXCISION, label="melanoma", plan_date=LAST)
    practice.seen(other, visit, f"{NAME}'s spot", NAME, label=NAME, confidence=NAME)
    history.assessments.add_outcome(
        lesion_id=back,
        kind="histopathology",
        diagnosis="melanoma",
        breslow_mm=0.8,
        date=DAY + dt.timedelta(410),
        note=NAME,
        laboratory_number=NAME,
        by=by,
    )
    for kind in InfluenceKind:
        history.influences.add(kind, back, Span(DAY + dt.timedelta(407), DAY + dt.timedelta(409)), NAME, by=by)
    wrong = history.influences.add(InfluenceKind.PREGNANCY, back, Span(DAY), NAME, by=by)
    history.influences.correct(wrong.id, Span(DAY), NAME, withdrawn=True, by=by)
    history.photograph_pins.put(1, back, (0.25, 0.5), by=by)
    return practice


def export(practice: Practice, target: Path) -> Exported:
    return export_folder(practice.history, practice.store, Selection(), target, is_deidentified=True, by="MK")


def rows(folder: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((folder / "records.csv").read_text("utf-8-sig"))))


def test_nothing_of_anybody_is_left(practice: Practice, tmp_path: Path) -> None:
    exported = export(practice, tmp_path / "out")
    assert (exported.patients, exported.images, exported.answers, exported.unreadable) == (1, 3, 0, [])
    days = (DAY.isoformat(), f"{DAY:%Y:%m:%d}", LAST.isoformat())
    files = sorted(path for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert [path.name for path in files] == ["00001.png", "00002.png", "00003.png", "records.csv"]
    for path in files:
        data = path.read_bytes().lower()
        for secret in (NAME, NAME[:3] + "|", "anna", *days):
            for codec in ("utf-8", "utf-16-le", "utf-16-be"):
                assert secret.lower().encode(codec) not in data, (path, secret, codec)
        for sha256 in practice.history.exchanged.images().values():
            assert not any(one.image.sha256.encode() in data for one in sha256)
    with Image.open(files[0]) as image:
        assert (image.info, image.getexif()) == ({}, {})


def test_a_birth_year_leaves_only_the_ages_that_follow_from_it(practice: Practice, tmp_path: Path) -> None:
    people = practice.history.people
    born = DAY.year - 94
    people.correct_patient(1, f"{NAME}, Anna", "female", by="MK", birth_year=born)
    export(practice, tmp_path / "out")
    found = rows(tmp_path / "out")
    assert {row["birth_year"] for row in found} == {""}
    assert [row["age_band"] for row in found if row["row"] == "visit"] == ["90+", "90+"]
    assert str(born) not in (tmp_path / "out" / "records.csv").read_text("utf-8-sig")


def test_pixels_values_and_distances_stay(practice: Practice, tmp_path: Path) -> None:
    export(practice, tmp_path / "out")
    found = rows(tmp_path / "out")
    pixels = {path.read_bytes() for path in (tmp_path / "out" / "images").iterdir()}
    wanted = {decode(photograph(form, seed), "x").tobytes() for seed, form in ((1, "jpg"), (2, "png"), (3, "jpg"))}
    assert {Image.open(io.BytesIO(data)).tobytes() for data in pixels} == wanted
    (patient,) = (row for row in found if row["row"] == "patient")
    assert (patient["patient"], patient["sex"], patient["skin_type"]) == ("Patient 1", "female", "III")
    said = [row for row in found if row["row"] == "assessment"]
    assert [(row["lesion"], row["assessment"], row["plan"]) for row in said] == [
        ("L1", "nevus", "none"),
        ("L1", "melanoma", EXCISION),
        ("L2", "other", ""),
    ]
    assert [row["site"] for row in found if row["row"] == "lesion"] == ["scapula-left", "", ""]
    pictures = [row for row in found if row["row"] == "image"]
    assert [(row["mm_per_pixel"], row["device"], row["taken_with"], row["light"]) for row in pictures] == [
        ("0.02", "", "", "polarised")
    ] * 3
    (outcome,) = (row for row in found if row["row"] == "outcome")
    assert (outcome["outcome"], outcome["breslow_mm"]) == ("melanoma", "0.8")
    day = dt.date.fromisoformat
    assert day(said[1]["date"]) - day(said[0]["date"]) == LATER - DAY
    assert day(said[1]["plan_date"]) - day(said[0]["date"]) == LAST - DAY
    assert day(outcome["date"]) - day(said[0]["date"]) == dt.timedelta(410)
    influences = [row for row in found if row["row"] == "influence"]
    assert [row["influence"] for row in influences] == ["cryotherapy", "topical treatment", "pregnancy"]
    for row in influences:
        assert day(row["date"]) - day(said[0]["date"]) == dt.timedelta(407)
        assert day(row["until"]) - day(row["date"]) == dt.timedelta(2)
    (pin,) = (row for row in found if row["row"] == "pin")
    assert (pin["lesion"], pin["pin_x"], pin["pin_y"]) == ("L1", "0.25", "0.5")
    assert dt.timedelta(1) <= DAY - day(said[0]["date"]) <= dt.timedelta(364)


def test_it_can_be_imported(practice: Practice, tmp_path: Path) -> None:
    export(practice, tmp_path / "out")
    other = Practice(tmp_path / "other", at(20), "XY")
    imported = import_folder(other.history, other.store, tmp_path / "out", by="XY")
    assert (imported.added.patients, imported.added.lesions, imported.added.images) == (1, 3, 3)
    lesion_id = other.history.people.lesions(1)[0].id
    assert [one.diagnosis for one in other.history.assessments.of([lesion_id])] == ["nevus", "melanoma"]
    other.history.close()


def test_every_export_draws_its_days_and_a_withdrawn_outcome_is_left_out(practice: Practice, tmp_path: Path) -> None:
    practice.history.assessments.set_outcome_binned(1, binned=True, by="MK", reason="wrong patient")
    days = set()
    for number in range(4):
        export(practice, tmp_path / str(number))
        found = rows(tmp_path / str(number))
        assert not [row for row in found if row["row"] in {"outcome", "withdrawal"}]
        days.add(next(row["date"] for row in found if row["row"] == "visit"))
    assert len(days) > 1  # all alike once in 48 million times
