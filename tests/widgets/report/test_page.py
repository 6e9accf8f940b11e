import dataclasses
import re

import pytest
from PySide6.QtGui import QColor, QImage

from desktop.widgets.answer.shown_answer import ModelPart, ProbabilityGroup, ProbabilityRow
from desktop.widgets.report.page import ReportPages, page_images, pdf
from desktop.widgets.report.report_content import Report, ReportSection, ReportStatement

NOTE = "Network regular, darker to the left. "


@pytest.fixture(autouse=True)
def _fonts(qapp: object) -> None:
    """Create the application, whose fonts the layout needs."""


def picture(width: int = 640, height: int = 480, colour: str = "#a06040") -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return image


def answer(rows: int = 9) -> ModelPart:
    names = [ProbabilityRow(f"Label number {row}", f"{row} %", row / 100, row == 8) for row in range(rows)]
    return ModelPart(
        age="",
        is_flag=True,
        headline="Melanoma alert",
        plain="Melanoma: in testing raised for 94 of 100, and for 40 of 100 other images.",
        withheld="",
        groups=(ProbabilityGroup("MALIGNANT", "26 %", tuple(names)),),
        signs="Image quality: within the model's limits.",
        basis="Calibrated on images of which 11 % were melanoma; yours differ.",
    )


def report(**changes: object) -> Report:
    whole = Report(
        title="Dermoscopy report",
        clinic=("Clinic <of> A & B", "1, High Street"),
        made="made 23 Nov 2026 10:42",
        band="Demonstration model. Not for patients.",
        patient=(("Patient", "P-0412"),),
        patient_absent="Patient data are left out.",
        image=picture(),
        caption="lesion.jpg",
        own=ReportSection("My assessment", "No assessment was entered."),
        assessments=(ReportStatement("Nevus, confidence high", "before the model, 10:42, by MK", NOTE),),
        outcome_heading="Outcome",
        outcomes=(),
        model=ReportSection("What the model says", "Not shown: today's diagnosis comes first."),
        answer=answer(),
        versions=f"Image {'ab' * 32}",
        annex=ReportSection("Notes", "The note stands on the next page."),
        disclaimer="Not a certified medical device.",
    )
    return dataclasses.replace(whole, **changes)  # type: ignore[arg-type]


def test_everything_is_on_one_page_own_assessment_first() -> None:
    pages = ReportPages(report(), 96)
    assert pages.count() == 1
    text = pages.text()
    order = [
        "Clinic <of> A & B", "P-0412", "Demonstration model", "Nevus, confidence high", NOTE.strip(),
        "Melanoma alert", "Label number 8", "Image quality: within the model's limits.",
        "Calibrated on", "ab" * 32, "Not a certified medical device.",
    ]  # fmt: skip
    assert [text.find(part) for part in order] == sorted(text.find(part) for part in order)
    assert all(part in text for part in order)


@pytest.mark.parametrize("size", [(640, 480), (480, 640), (6000, 400), (300, 4000), (1, 1)])
@pytest.mark.parametrize("overlay", [None, (640, 480), (100, 3000)])
def test_one_page_whatever_the_shape_of_the_image(size: tuple[int, int], overlay: tuple[int, int] | None) -> None:
    over = None if overlay is None else picture(*overlay)
    made = report(image=picture(*size), overlay=over, overlay_caption="A hint, not a proof.", answer=answer(14))
    assert ReportPages(made, 96).count() == 1


def test_one_page_with_a_paragraph_of_notes() -> None:
    pages = ReportPages(report(assessments=(ReportStatement("Nevus", "before the model", NOTE * 12),)), 96)
    assert pages.count() == 1
    assert NOTE * 11 in pages.text()


@pytest.mark.parametrize("times", [90, 600])
def test_a_note_that_does_not_fit_moves_to_the_annex_uncut(times: int) -> None:
    numbered = " ".join(f"word-{number}" for number in range(times * 5))
    statements = (
        ReportStatement("Nevus", "before the model", numbered),
        ReportStatement("Histopathology of 3 Dec 2026: Melanoma", "entered 4 Dec 2026", "short one"),
    )
    pages = ReportPages(report(assessments=statements[:1], outcomes=statements[1:]), 96)
    assert pages.count() > 1
    text = pages.text()
    assert "The note stands on the next page." in text
    assert re.findall(r"word-\d+", text) == numbered.split()
    assert "short one" in text


def test_outcomes_have_a_heading_of_their_own() -> None:
    outcome = ReportStatement("Histopathology of 3 Dec 2026: Melanoma", "entered 4 Dec 2026")
    text = ReportPages(report(outcomes=(outcome,)), 96).text()
    order = [text.find(part) for part in ("My assessment", "Nevus, confidence high", "Outcome", outcome.text)]
    assert order == sorted(order)
    assert -1 not in order
    assert "Outcome" not in ReportPages(report(), 96).text()


def test_concealed_and_omitted_parts_are_named() -> None:
    text = ReportPages(report(answer=None, patient=(), assessments=(), overlay=picture()), 96).text()
    assert "Not shown: today's diagnosis comes first." in text
    assert "Patient data are left out." in text
    assert "No assessment was entered." in text
    assert "Demonstration model" in text
    assert "Melanoma" not in text
    assert "P-0412" not in text


def test_reason_for_withholding_takes_the_place_of_the_figures() -> None:
    withheld = dataclasses.replace(answer(), groups=(), withheld="Novelty 30 is over the limit of 20.")
    text = ReportPages(report(answer=withheld), 96).text()
    assert "Novelty 30 is over the limit of 20." in text
    assert "MALIGNANT" not in text


def test_the_overlay_is_part_of_the_answer() -> None:
    with_answer = page_images(ReportPages(report(overlay=picture(colour="#00ff00")), 96), 800)[0]
    concealed = page_images(ReportPages(report(overlay=picture(colour="#00ff00"), answer=None), 96), 800)[0]

    def greens(image: QImage) -> int:
        return sum(
            image.pixelColor(x, y).name() == "#00ff00"
            for x in range(0, image.width(), 8)
            for y in range(0, image.height(), 8)
        )

    assert greens(with_answer) > 100
    assert greens(concealed) == 0


def test_the_pdf_is_a4_and_has_no_patient_data_in_its_metadata() -> None:
    made = report(assessments=(ReportStatement("Nevus", "before the model", NOTE * 300),))
    content = pdf(made)
    assert content.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b(?!s)", content)) == ReportPages(made, 96).count() > 1
    left, bottom, right, top = map(float, re.search(rb"/MediaBox \[([\d. ]+)\]", content)[1].split())  # type: ignore[index]
    assert (right - left, top - bottom) == pytest.approx((595.3, 841.9), abs=1)
    assert b"P-0412" not in content
    assert "P-0412".encode("utf-16-be") not in content
    assert b"Exif" not in content
