"""Overview photographs in the report of a visit: large, with the lesions that are pinned on them."""

import datetime as dt
import re
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage

from desktop.core.records.history import History
from desktop.widgets.common.body.body_marks import BodyMark
from desktop.widgets.report import visit_overview
from desktop.widgets.report.page import pdf
from desktop.widgets.report.visit_content import OverviewPart
from desktop.widgets.report.visit_options import VisitOptions
from desktop.widgets.report.visit_pages import VisitPages
from tests.widgets.conftest import Desk
from tests.widgets.patient.test_overview import add_overview
from tests.widgets.patient.test_patient_page import make_lesions
from tests.widgets.report.test_visit_report import made, open_report, report

pytestmark = pytest.mark.usefixtures("qapp")

HEADING = "Overview photograph of "


def mark(lesion_id: int, x: float, y: float) -> BodyMark:
    return BodyMark(lesion_id, f"L{lesion_id}", "back", (x, y), f"L{lesion_id} back")


def photograph(size: QSize, *marks: BodyMark) -> OverviewPart:
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(QColor("#c09070"))
    return OverviewPart(f"{HEADING}23 Nov 2026", image, marks, "")


@pytest.mark.parametrize("size", [QSize(1600, 1200), QSize(1200, 1600)])
def test_photograph_is_large_and_has_a_ring_at_each_pin(size: QSize) -> None:
    part = photograph(size, mark(1, 0.25, 0.75), mark(2, 0.6, 0.2))
    on_paper = visit_overview.size_of(part)
    assert abs(on_paper.width() * size.height() - on_paper.height() * size.width()) < 2 * max(
        size.width(), size.height()
    )
    assert on_paper.width() >= 480
    drawn, bare = visit_overview.draw(part, 192), visit_overview.draw(photograph(size), 192)
    assert drawn is not None
    assert bare is not None
    assert drawn.size() == 2 * on_paper
    for x, y in ((0.25, 0.75), (0.6, 0.2)):
        at = (round(x * drawn.width()), round(y * drawn.height()))
        assert drawn.pixel(*at) == bare.pixel(*at), "the lesion is seen through the ring"
        around = [(at[0] + step, at[1]) for step in range(-40, 40)]
        assert any(drawn.pixel(*point) != bare.pixel(*point) for point in around)


def test_photographs_stand_before_the_lesions_and_are_counted() -> None:
    with_one = report(overviews=(photograph(QSize(1600, 1200), mark(1, 0.5, 0.5)),))
    text = VisitPages(with_one, 96).text()
    assert text.index(HEADING) < text.index("Other lesions")
    assert with_one.held["images"] == 1
    missing = OverviewPart(f"{HEADING}today", None, (), "The photograph cannot be shown.")
    assert "The photograph cannot be shown." in VisitPages(report(overviews=(missing,)), 96).text()
    assert report(overviews=(missing,)).held["images"] == 0


def test_photographs_of_the_visit_are_in_its_report_with_the_lesions_it_names(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = make_lesions(desk, tmp_path, "left scapula", "right calf")
    images = [add_overview(desk, tmp_path, monkeypatch, seed) for seed in (90, 91)]
    with History.open(desk.folder) as history:
        history.photograph_pins.put(images[0].image_id, first.id, (0.25, 0.75), by="MK")
        history.photograph_pins.put(images[0].image_id, second.id, (0.5, 0.25), by="MK")
    shown = open_report(desk)
    one, two = made(shown).overviews
    assert [(it.name, it.pin) for it in one.marks] == [("L1", (0.25, 0.75)), ("L2", (0.5, 0.25))]
    assert two.marks == ()
    assert one.image is not None
    assert (one.heading.partition(",")[2], two.heading.partition(",")[2]) == (" 1 of 2", " 2 of 2")
    content = pdf(made(shown))
    options = shown.findChild(VisitOptions)
    assert options is not None
    assert options.overviews.isVisible()
    options.lesions[second.id].click()
    assert [it.name for it in made(shown).overviews[0].marks] == ["L1"]
    desk.qtbot.keyClick(options.overviews, Qt.Key.Key_Space)
    assert made(shown).overviews == ()
    assert len(re.findall(rb"/Type /Page\b", content)) > len(re.findall(rb"/Type /Page\b", pdf(made(shown))))
    desk.qtbot.keyClick(options.overviews, Qt.Key.Key_Space)
    assert len(made(shown).overviews) == 2
    shown.patient.click()
    assert made(shown).overviews == (), "a face or a tattoo tells who it is"


def test_pins_of_lesions_under_other_lesions_are_grey_and_of_no_others(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (seen,) = make_lesions(desk, tmp_path, "left scapula")
    image = add_overview(desk, tmp_path, monkeypatch, 90)
    with History.open(desk.folder) as history:
        cut, unsaid = (history.people.add_lesion(seen.patient_id, name, "calf-right", by="MK") for name in ("L2", "L3"))
        history.assessments.add_outcome(
            lesion_id=cut.id, kind="histopathology", diagnosis="melanoma", date=dt.date(2026, 1, 2), by="MK"
        )
        for lesion, x in ((seen, 0.25), (cut, 0.5), (unsaid, 0.75)):
            history.photograph_pins.put(image.image_id, lesion.id, (x, 0.5), by="MK")
    shown = open_report(desk)
    (one,) = made(shown).overviews
    assert [(it.name, it.is_secondary) for it in one.marks] == [("L1", False), ("L2", True)]
    assert one.note == "Grey and small: under Other lesions."
    options = shown.findChild(VisitOptions)
    assert options is not None
    options.others.click()
    (alone,) = made(shown).overviews
    assert ([it.name for it in alone.marks], alone.note) == (["L1"], "")


def test_a_visit_without_photographs_offers_none(desk: Desk, tmp_path: Path) -> None:
    make_lesions(desk, tmp_path, "left scapula")
    options = open_report(desk).findChild(VisitOptions)
    assert options is not None
    assert not options.overviews.isVisible()
