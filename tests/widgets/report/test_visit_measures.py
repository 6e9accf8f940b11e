"""What a visit's report says of places, sizes and outcomes: by the rules and in the words of the screen, once each."""

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from desktop.core.encryption.keys import MASTER_BYTES, Key
from desktop.core.imaging.scale import Scale
from desktop.core.records.care_steps import CareStep, Step
from desktop.core.records.converting import encrypt_history
from desktop.core.records.history import History
from desktop.core.records.key_file import unlock_history
from desktop.core.records.people import EXCISION, Lesion
from desktop.widgets.report.page import page_images
from desktop.widgets.report.report_dialog import ReportDialog
from desktop.widgets.report.visit_options import VisitOptions
from desktop.widgets.report.visit_pages import VisitPages
from tests.core.encryption.test_keys import PASSPHRASE
from tests.making import contract, write_model
from tests.widgets.conftest import Desk
from tests.widgets.follow_up.growing import MM_PER_PIXEL, area_of, photograph, write_exact_model
from tests.widgets.follow_up.visits import keep_at_visits, open_lesion
from tests.widgets.report.test_visit_report import made, open_report

MakeDesk = Callable[..., Desk]

DAYS = {"old.png": dt.date(2025, 3, 12), "new.png": dt.date(2026, 11, 23)}
TAKEN: dict[str, dict[str, float]] = {"old.png": {}, "new.png": {"growth": 0.12, "degrees": 20, "zoom": 1.25}}
SCALES = {"old.png": MM_PER_PIXEL, "new.png": MM_PER_PIXEL / 1.25}
NUMBER = "H 26-1234"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_exact_model(tmp_path / "exact.onnx")


def seen_twice(make_desk: MakeDesk, folder: Path, model: Path, scales: Mapping[str, float]) -> tuple[Desk, Lesion]:
    """Open a patient with a lesion that has grown by 12 % since the visit before; some images have a scale."""
    desk = make_desk(model)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    images = [(photograph(folder / name, **TAKEN[name]), day) for name, day in DAYS.items()]
    patient, lesion = keep_at_visits(desk, images)
    with History.open(desk.folder) as history:
        for image in history.people.images(patient.id):
            if image.image.name in scales:
                history.scales.give(image.image_id, Scale(scales[image.image.name]), by="MK")
    open_lesion(desk, patient, lesion)
    desk.settle()
    return desk, lesion


def options_of(shown: ReportDialog) -> VisitOptions:
    found = shown.findChild(VisitOptions)
    assert found is not None
    return found


def text_of(shown: ReportDialog) -> str:
    return VisitPages(made(shown), 96).text().replace("\N{NO-BREAK SPACE}", " ")


def test_sizes_stand_below_two_pictures_whose_scales_are_known(
    make_desk: MakeDesk, tmp_path: Path, model: Path
) -> None:
    desk, _lesion = seen_twice(make_desk, tmp_path, model, SCALES)
    shown = open_report(desk)
    (one,) = made(shown).lesions
    told = re.fullmatch(r"Area (\S+) → (\S+) mm² \(±30 %\)  \+(\d+) %", one.sizes[0])
    assert told is not None
    assert float(told[1]) == pytest.approx(area_of(0), rel=0.02)
    assert float(told[2]) == pytest.approx(area_of(0.12), rel=0.02)
    assert int(told[3]) == pytest.approx(12, abs=3)
    assert re.fullmatch(r"Largest \S+ → \S+ mm", one.sizes[1])
    assert one.size_remark == (
        "Two photographs of an unchanged lesion can differ as much. ± holds for nine of ten areas in testing. "
        "Both pictures at one scale."
    )
    older, newer = one.pictures
    assert (older.mm_wide, newer.mm_wide) == pytest.approx((480 * SCALES["old.png"], 480 * SCALES["new.png"]))
    text = text_of(shown)
    assert text.count("mm²") == 1
    assert text.index("23 Nov 2026") < text.index("Area") < text.index("My assessment and plan")
    options_of(shown).earlier.click()
    (alone,) = made(shown).lesions
    assert [len(alone.pictures), "→" in text_of(shown)] == [1, False]
    own = re.fullmatch(r"Area (\S+) mm² \(±30 %\)", alone.sizes[0])
    assert own is not None
    assert float(own[1]) == pytest.approx(area_of(0.12), rel=0.02)
    assert alone.size_remark == "± holds for nine of ten areas in testing."


def test_lesion_that_reaches_the_edge_has_lower_bounds_on_paper(
    make_desk: MakeDesk, tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TAKEN, "new.png", {"zoom": 2.5})
    desk, _lesion = seen_twice(make_desk, tmp_path, model, SCALES | {"new.png": MM_PER_PIXEL / 2.5})
    shown = open_report(desk)
    (one,) = made(shown).lesions
    assert re.fullmatch(r"Area \d+\.\d → at least \d+\.\d mm²", one.sizes[0])
    assert re.fullmatch(r"Largest \d+\.\d → at least \d+\.\d mm", one.sizes[1])
    assert one.size_remark.startswith("The lesion reaches the edge of the part that was measured: it may be larger. ")
    assert "can differ as much" not in one.size_remark
    options_of(shown).earlier.click()
    (alone,) = made(shown).lesions
    assert re.fullmatch(r"Area at least \d+\.\d mm²", alone.sizes[0])
    assert re.fullmatch(r"Largest at least \d+\.\d mm", alone.sizes[1])
    assert alone.size_remark == "The lesion reaches the edge of the part that was measured: it may be larger."


@pytest.mark.parametrize("known", [(), ("new.png",), ("old.png",)])
def test_without_a_scale_no_size_is_told_and_the_reason_is(
    make_desk: MakeDesk, tmp_path: Path, model: Path, known: tuple[str, ...]
) -> None:
    desk, _lesion = seen_twice(make_desk, tmp_path, model, {name: SCALES[name] for name in known})
    shown = open_report(desk)
    (pair,) = made(shown).lesions
    assert pair.apart == "Sizes in these two pictures cannot be compared: the scale of at least one is not known."
    assert (pair.sizes, pair.size_remark) == ((), "")
    assert [picture.mm_wide is not None for picture in pair.pictures] == ["old.png" in known, "new.png" in known]
    options_of(shown).earlier.click()
    (alone,) = made(shown).lesions
    assert alone.apart == ""
    if "new.png" in known:
        assert alone.sizes[0].startswith("Area ")
    else:
        assert (alone.sizes, alone.size_remark) == ((), "Size not measured: no scale.")


def test_scales_that_the_alignment_contradicts_give_no_sizes(make_desk: MakeDesk, tmp_path: Path, model: Path) -> None:
    scales = SCALES | {"new.png": 1.1 * SCALES["new.png"]}
    desk, _lesion = seen_twice(make_desk, tmp_path, model, scales)
    (one,) = made(open_report(desk)).lesions
    assert one.apart == "Sizes in these two pictures cannot be compared: zoom, pressure or scale differ."
    assert (one.sizes, one.size_remark) == ((), "")
    assert [picture.mm_wide for picture in one.pictures] == [None, None]


def test_two_pictures_whose_scales_are_known_are_at_one_scale_without_outlines_too(
    make_desk: MakeDesk, tmp_path: Path
) -> None:
    desk, _lesion = seen_twice(make_desk, tmp_path, write_model(tmp_path / "plain.onnx", contract()), SCALES)
    (one,) = made(open_report(desk)).lesions
    assert (one.sizes, one.apart) == ((), "")
    assert one.size_remark == "Sizes not measured: the model in use draws no outlines. Both pictures at one scale."
    assert [picture.mm_wide for picture in one.pictures] == pytest.approx([480 * one for one in SCALES.values()])


def test_a_clinical_photograph_beside_an_earlier_dermoscopy_is_no_comparison(
    make_desk: MakeDesk, tmp_path: Path, model: Path
) -> None:
    desk, _lesion = seen_twice(make_desk, tmp_path, model, SCALES)
    with History.open(desk.folder) as history:
        newest = history.people.images(history.people.find_patients()[0].id)[-1]
        history.people.place(
            newest.image_id, kind="clinical", lesion_id=newest.lesion_id, visit_id=newest.visit_id, by="MK"
        )
    desk.parts.history_service.changed.emit()
    desk.settle()
    (one,) = made(open_report(desk)).lesions
    assert one.apart == "Sizes in these two pictures cannot be compared: one is a clinical photograph."


def test_an_outline_by_hand_counts_before_the_models(make_desk: MakeDesk, tmp_path: Path, model: Path) -> None:
    desk, _lesion = seen_twice(make_desk, tmp_path, model, SCALES)
    sha256 = hashlib.sha256((tmp_path / "new.png").read_bytes()).hexdigest()
    with History.open(desk.folder) as history:
        history.outlines.give(sha256, [(100, 100), (200, 100), (200, 200), (100, 200)], by="MK")
    shown = open_report(desk)
    (pair,) = made(shown).lesions
    assert re.fullmatch(r"Area \S+ \(±30 %\) → 4\.0 mm²  −\d+ %", pair.sizes[0])
    assert pair.size_remark == (
        "Outline of 23 Nov 2026 corrected by hand: its error is not known. ± holds for nine of ten areas in testing. "
        "Both pictures at one scale."
    )
    options_of(shown).earlier.click()
    (one,) = made(shown).lesions
    assert one.sizes == ("Area 4.0 mm²", "Largest 2.8 mm")
    assert one.size_remark == "Outline corrected by hand: its error is not known."


def test_the_map_names_the_chosen_lesions_and_can_be_left_out(make_desk: MakeDesk, tmp_path: Path, model: Path) -> None:
    desk, lesion = seen_twice(make_desk, tmp_path, model, {})
    with History.open(desk.folder) as history:
        visit = history.people.visits(lesion.patient_id)[0]
        for name, site, pin in (("L3", "cheek-left", (0.8, 0.17)), ("L4", "", None)):
            other = history.people.add_lesion(lesion.patient_id, name, site, pin=pin, by="MK")
            history.assessments.assess(
                lesion_id=other.id, visit_id=visit.id, before_model=True, diagnosis="nevus", plan="none", by="MK"
            )
    shown = open_report(desk)
    drawn = made(shown).map
    assert drawn is not None
    assert [(mark.name, mark.pin) for mark in drawn.marks] == [("L2", None), ("L3", (0.8, 0.17))]
    assert drawn.lesions == (("L2", "left scapula"), ("L3", "left cheek"), ("L4", "no place entered"))
    assert "Dot: the exact point. Ring: only the place." in text_of(shown)
    options = options_of(shown)
    options.lesions[lesion.id].click()
    drawn = made(shown).map
    assert drawn is not None
    assert [mark.name for mark in drawn.marks] == ["L3"]
    assert "Ring" not in text_of(shown)
    desk.qtbot.keyClick(options.map, Qt.Key.Key_Space)
    assert made(shown).map is None
    assert "no place entered" not in text_of(shown)


def test_all_that_is_known_of_a_finding_stands_once_and_the_number_of_the_laboratory_only_with_the_patient(
    make_desk: MakeDesk, tmp_path: Path, model: Path
) -> None:
    desk, lesion = seen_twice(make_desk, tmp_path, model, {})
    with History.open(desk.folder) as history:
        history.assessments.add_outcome(
            lesion_id=lesion.id,
            kind="histopathology",
            diagnosis="melanoma",
            breslow_mm=0.8,
            date=dt.date(2026, 11, 27),
            ulceration="absent",
            margins="clear",
            laboratory_number=NUMBER,
            by="MK",
        )
    shown = open_report(desk)
    (statement,) = made(shown).lesions[0].outcomes
    assert statement.text.endswith(": Melanoma, Breslow 0.8 mm, not ulcerated, margins clear")
    assert statement.course == f"Laboratory\N{NO-BREAK SPACE}no.\N{NO-BREAK SPACE}{NUMBER}"
    text = text_of(shown)
    assert [text.count(part) for part in ("Breslow", "not ulcerated", "margins clear", NUMBER)] == [1, 1, 1, 1]
    shown.patient.click()
    assert "margins clear" in text_of(shown)
    assert NUMBER not in text_of(shown)
    assert "P-0412" not in text_of(shown)


def test_the_day_of_a_biopsy_stands_once_also_where_its_note_has_a_line_of_its_own(
    make_desk: MakeDesk, tmp_path: Path, model: Path
) -> None:
    desk, lesion = seen_twice(make_desk, tmp_path, model, {})
    taken = dt.date(2026, 11, 24)
    with History.open(desk.folder) as history:
        visit = history.people.visits(lesion.patient_id)[0]
        plan = history.assessments.assess(
            lesion_id=lesion.id, visit_id=visit.id, before_model=True, diagnosis="melanoma", plan=EXCISION, by="MK"
        )
        history.care_steps.record(CareStep(Step.TAKEN, plan.id, taken, "AB", "two specimens"), by="AB")
        history.assessments.add_outcome(
            lesion_id=lesion.id, kind="histopathology", diagnosis="nevus", date=dt.date(2026, 11, 27), by="MK"
        )
    text = text_of(open_report(desk))
    assert text.count("24 Nov 2026") == 1
    assert "Biopsy taken on 24 Nov 2026, by AB, “two specimens”" in text


def test_an_image_that_is_missing_is_told_on_the_paper_without_its_path_and_on_the_screen_with_it(
    make_desk: MakeDesk, tmp_path: Path, model: Path
) -> None:
    desk, lesion = seen_twice(make_desk, tmp_path, model, SCALES)
    with History.open(desk.folder) as history:
        (old,) = [one.image for one in history.people.images(lesion.patient_id) if one.image.name == "old.png"]
    old.path.unlink()
    shown = open_report(desk)
    (one,) = made(shown).lesions
    assert [picture.image is None for picture in one.pictures] == [True, False]
    assert one.pictures[0].caption == "12 Mar 2025: the image cannot be shown."
    assert (one.sizes, one.size_remark) == ((), "")
    assert str(desk.folder) not in text_of(shown)
    assert "is missing from" in shown.messages.text()
    options_of(shown).earlier.click()
    assert made(shown).lesions[0].sizes, "that of today is measured all the same"


def test_the_head_of_the_seal_stands_at_the_foot_of_each_page(make_desk: MakeDesk, tmp_path: Path, model: Path) -> None:
    desk, _lesion = seen_twice(make_desk, tmp_path, model, {})
    with History.open(desk.folder) as history:
        head = history.seal_head().short
    shown = open_report(desk)
    assert made(shown).versions.startswith(f"seal {head} · ")
    assert text_of(shown).count(head) == 1
    options_of(shown).conclusion.setPlainText("A line.\n" * 120)
    pages = page_images(VisitPages(made(shown), 96), 794)
    assert len(pages) > 2
    foot = [
        {QColor(page.pixel(x, y)).lightness() < 140 for x in range(60, 400) for y in range(1062, 1076)}
        for page in pages
    ]
    assert foot == [{True, False}] * len(pages)


def test_an_encrypted_history_gives_the_same_report(make_desk: MakeDesk, tmp_path: Path, model: Path) -> None:
    desk, lesion = seen_twice(make_desk, tmp_path, model, SCALES)
    (plain,) = made(open_report(desk)).lesions
    folder = desk.folder
    make_desk(model, data="meanwhile")  # closes the first
    encrypt_history(folder, Key.new(MASTER_BYTES), PASSPHRASE)
    desk = make_desk(model, key=unlock_history(folder, PASSPHRASE))
    desk.wait(lambda: desk.parts.model.classifier is not None)
    with History.open(desk.folder, key=desk.parts.history_service.key) as history:
        patient = history.people.patient(lesion.patient_id)
    open_lesion(desk, patient, lesion)
    desk.settle()
    (encrypted,) = made(open_report(desk)).lesions
    assert (encrypted.sizes, encrypted.size_remark, encrypted.answers) == (
        plain.sizes,
        plain.size_remark,
        plain.answers,
    )
    assert all(shown.image is not None for shown in encrypted.pictures)
