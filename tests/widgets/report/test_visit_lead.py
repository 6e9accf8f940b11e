"""The picture of a lesion with several images on a visit's report is that of the image that leads, and says which it is."""

import datetime as dt
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from desktop.core.imaging.scale import Scale
from desktop.core.records.history import History
from desktop.core.registration.similarity import Similarity
from desktop.widgets.common.wording import local_day
from desktop.widgets.report.visit_content import LesionPart
from desktop.widgets.report.visit_pages import VisitPages
from desktop.widgets.report.visit_subject import read_visit
from tests.alerts import NEVER, melanoma_alert
from tests.core.records.history_contents import an_image, keep
from tests.making import contract, write_lesion, write_model
from tests.widgets.answer.test_adjusted import SPREAD
from tests.widgets.conftest import Desk
from tests.widgets.patient.test_lesion_alert import scores, two
from tests.widgets.patient.test_patient import add_lesion, bring, choose_patient
from tests.widgets.report.test_visit_regions import mark, of_region
from tests.widgets.report.test_visit_report import made, open_report

MakeDesk = Callable[..., Desk]
SIDES = 100, 200
"""Pixels of the squares that are outlined by hand in the first and the second image."""


def with_images(make_desk: MakeDesk, model: Path, *paths: Path, blind: bool = False) -> Desk:
    """Open a lesion with images of today, in this order."""
    desk = make_desk(model, blind=blind)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    choose_patient(desk, "P-1")
    add_lesion(desk)
    for path in paths:
        bring(desk, path)
        desk.rest()
    return desk


def reported(desk: Desk) -> tuple[LesionPart, str]:
    """Return the lesion of the report, and the caption of its only picture as it stands on paper."""
    shown = made(open_report(desk))
    (lesion,) = shown.lesions
    (picture,) = lesion.pictures
    caption = picture.caption
    assert caption in VisitPages(shown, 96).text()
    return lesion, caption


def is_of(lesion: LesionPart, path: Path) -> bool:
    """Return whether a lesion's picture is that of a file."""
    (picture,) = lesion.pictures
    assert picture.image is not None
    kind = QImage.Format.Format_RGB32
    return picture.image.convertToFormat(kind) == QImage(str(path)).convertToFormat(kind)


@pytest.mark.parametrize("order", [1, -1])
def test_picture_and_size_are_those_of_the_image_that_raised_the_alert(
    make_desk: MakeDesk, tmp_path: Path, order: int
) -> None:
    high, low = scores(tmp_path)
    paths = two(tmp_path)[::order]
    model = write_model(tmp_path / "model.onnx", contract(alerts=(melanoma_alert((high + low) / 2),)))
    desk = with_images(make_desk, model, *paths)
    with History.open(desk.folder) as history:
        for path, side in zip(paths, SIDES, strict=True):
            sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
            image_id = history.people.image_id_of(sha256)
            assert image_id is not None
            corners = [(100, 100), (100 + side, 100), (100 + side, 100 + side), (100, 100 + side)]
            history.outlines.give(sha256, corners, by="MK")
            history.scales.give(image_id, Scale(0.02), by="MK")
    (place,) = [place for place, one in enumerate(desk.parts.open_patient.images) if one.entries[-1].flags]
    lesion, caption = reported(desk)
    assert lesion.answers[0] == f"Melanoma alert, 1 of 2 images: image\N{NO-BREAK SPACE}{place + 1}"
    assert caption.endswith(f", image {place + 1} of 2")
    assert is_of(lesion, paths[place])
    assert lesion.sizes[0] == f"Area {(0.02 * SIDES[place]) ** 2:.1f} mm²"


@pytest.mark.parametrize("order", [1, -1])
def test_without_an_alert_it_is_the_image_with_the_highest_malignant_sum(
    make_desk: MakeDesk, tmp_path: Path, order: int
) -> None:
    paths = two(tmp_path)[::order]
    model = write_model(tmp_path / "model.onnx", contract(alerts=(melanoma_alert(NEVER),)))
    desk = with_images(make_desk, model, *paths)
    sums = [one.entries[-1].answer.malignant_probability or 0.0 for one in desk.parts.open_patient.images]
    place = sums.index(max(sums))
    lesion, caption = reported(desk)
    assert caption.endswith(f", image {place + 1} of 2")
    assert is_of(lesion, paths[place])


@pytest.mark.parametrize("order", [1, -1])
def test_where_blind_first_conceals_the_answers_the_picture_tells_nothing_of_them(
    make_desk: MakeDesk, tmp_path: Path, order: int
) -> None:
    high, low = scores(tmp_path)
    paths = two(tmp_path)[::order]
    model = write_model(tmp_path / "model.onnx", contract(alerts=(melanoma_alert((high + low) / 2),)))
    desk = with_images(make_desk, model, *paths, blind=True)
    lesion, caption = reported(desk)
    assert caption.endswith(", image 1 of 2")
    assert is_of(lesion, paths[0])


def test_a_region_that_leads_brings_its_image(make_desk: MakeDesk, tmp_path: Path) -> None:
    box, limit = of_region(tmp_path)
    model = write_model(tmp_path / "model.onnx", contract(alerts=(melanoma_alert(limit),)), seed=SPREAD)
    bright = write_lesion(tmp_path / "bright.png", seed=3, size=(640, 480))
    desk = with_images(make_desk, model, bright, tmp_path / "halves.png")
    mark(desk, box)
    lesion, caption = reported(desk)
    assert lesion.answers[0].startswith("Image 2 of 2, region of 200 × 200 pixels: Melanoma alert.")
    assert caption.endswith(", image 2 of 2")
    assert is_of(lesion, tmp_path / "halves.png")


def test_an_only_image_has_no_number(make_desk: MakeDesk, model_file: Path, tmp_path: Path) -> None:
    desk = with_images(make_desk, model_file, two(tmp_path)[0])
    _lesion, caption = reported(desk)
    assert caption == local_day(desk.parts.open_patient.date)


def test_each_image_stands_beside_the_earlier_one_that_it_was_aligned_with(tmp_path: Path) -> None:
    days = {
        "old 1": dt.date(2026, 3, 1),
        "old 2": dt.date(2026, 3, 1),
        "1": dt.date(2026, 9, 1),
        "2": dt.date(2026, 9, 1),
    }
    shas = {name: an_image(f"{name}.jpg").sha256 for name in days}
    with History.open(tmp_path / "data") as history:
        people = history.people
        patient = people.add_patient("P-77", "female", by="MK").id
        lesion = people.add_lesion(patient, "L1", "", by="MK").id
        visits = {day: people.begin_visit(patient, day, "", by="MK").id for day in dict.fromkeys(days.values())}
        for name, day in days.items():
            keep(history, f"{name}.jpg")
            image = people.image_id_of(shas[name])
            assert image is not None
            people.place(image, kind="dermoscopy", lesion_id=lesion, visit_id=visits[day], by="MK")
        history.alignments.keep_by_hand(shas["old 2"], shas["2"], Similarity(1.0, 0.0, 0.0, 0.0), by="MK")
        read = read_visit(history, patient)
    assert read is not None
    (one,) = read.lesions
    found = []
    for subject in (one, one.showing(0), one.showing(1)):
        assert subject.shown is not None
        assert subject.earlier is not None
        names = subject.earlier[0].image.name, subject.shown.image.name
        found.append((*names, subject.alignment is not None))
    assert found == [
        ("old 2.jpg", "2.jpg", True),
        ("old 1.jpg", "1.jpg", False),
        ("old 2.jpg", "2.jpg", True),
    ]
    assert one.numbers == {shas["old 1"]: (1, 2), shas["old 2"]: (2, 2), shas["1"]: (1, 2), shas["2"]: (2, 2)}


def test_an_image_stands_beside_that_of_the_visit_before_though_an_older_one_was_aligned_with_it(
    tmp_path: Path,
) -> None:
    days = {name: dt.date(year, 3, 12) for name, year in (("first", 2024), ("second", 2025), ("third", 2026))}
    with History.open(tmp_path / "data") as history:
        people = history.people
        patient = people.add_patient("P-77", "female", by="MK").id
        lesion = people.add_lesion(patient, "L1", "", by="MK").id
        for name, day in days.items():
            keep(history, f"{name}.jpg")
            image = people.image_id_of(an_image(f"{name}.jpg").sha256)
            assert image is not None
            visit = people.begin_visit(patient, day, "", by="MK").id
            people.place(image, kind="dermoscopy", lesion_id=lesion, visit_id=visit, by="MK")
        pair = (an_image(f"{name}.jpg").sha256 for name in ("first", "third"))
        history.alignments.keep_by_hand(*pair, Similarity(1.0, 0.0, 0.0, 0.0), by="MK")
        read = read_visit(history, patient)
    assert read is not None
    (one,) = read.lesions
    assert one.shown is not None
    assert one.earlier is not None
    assert (one.shown.image.name, one.earlier[0].image.name) == ("third.jpg", "second.jpg")
    assert one.earlier[1] == days["second"]
    assert one.alignment is None
