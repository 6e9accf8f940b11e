"""A region with a more serious alert leads on the report of a visit, and small images are not to be relied on."""

from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.core.imaging.preprocessing import Box
from desktop.core.inference.alerts import Alert
from desktop.core.inference.classifier import Classifier
from desktop.widgets.answer.headline import Headline
from tests.alerts import ALWAYS, NEVER, cancer_alert, melanoma_alert
from tests.making import SIZE, contract, write_lesion, write_model
from tests.widgets.answer.test_adjusted import SPREAD
from tests.widgets.answer.test_whose_figures import halves
from tests.widgets.conftest import Desk
from tests.widgets.mouse_and_keys import workbench_of
from tests.widgets.patient.test_patient import add_lesion, bring, choose_patient
from tests.widgets.report.test_visit_report import made, open_report

MakeDesk = Callable[..., Desk]
BOXES = Box(60, 100, 260, 300), Box(400, 100, 600, 300)
FIGURES = "In testing raised for 95 of 100 melanomas and 50 of 100 naevi, all biopsied."


def of_region(folder: Path) -> tuple[Box, float]:
    """Return the half of an image that scores higher than all of it, and a limit between these scores."""
    classifier = Classifier(write_model(folder / "plain.onnx", contract(), seed=SPREAD))
    data = halves(folder / "halves.png").read_bytes()
    scores = {}
    for box in (None, *BOXES):
        (prediction,) = classifier.predict(classifier.prepare(data, "halves.png", box)[None])
        by_id = dict(zip(classifier.contract.label_ids, prediction.probabilities, strict=True))
        scores[box] = melanoma_alert(0.0).score(by_id)
    best = max(BOXES, key=lambda box: scores[box])
    assert scores[best] > scores[None]
    return best, (scores[best] + scores[None]) / 2


def visit(make_desk: MakeDesk, folder: Path, *alerts: Alert, image: Path, box: Box) -> Desk:
    """Open a lesion with an image in which a region is marked."""
    desk = make_desk(write_model(folder / "model.onnx", contract(alerts=alerts), seed=SPREAD))
    desk.wait(lambda: desk.parts.model.classifier is not None)
    choose_patient(desk, "P-1")
    add_lesion(desk, "great toe nail left")
    bring(desk, image)
    desk.rest()
    mark(desk, box)
    return desk


def mark(desk: Desk, box: Box) -> None:
    regions = workbench_of(desk).regions
    before = len(regions.items)
    regions.classify(box)
    desk.wait(lambda: len(regions.items) > before and regions.items[-1].kept.entry_id is not None)
    regions.choose(None)
    desk.settle()


def box_of(desk: Desk) -> tuple[str, str]:
    (found,) = desk.parts.window.visit_page.result_panel.findChildren(Headline)
    return found.content[1:]


@pytest.mark.parametrize("is_alone", [True, False])
def test_a_more_serious_alert_of_a_region_leads_with_its_counts(
    make_desk: MakeDesk, tmp_path: Path, is_alone: bool
) -> None:
    box, limit = of_region(tmp_path)
    others = (cancer_alert(NEVER if is_alone else ALWAYS),)
    desk = visit(make_desk, tmp_path, melanoma_alert(limit), *others, image=tmp_path / "halves.png", box=box)
    title, plain = box_of(desk)
    assert (title, plain) == ("Region 1: Melanoma alert", f"{FIGURES} Not tested on nails."), "as the window says it"
    (lesion,) = made(open_report(desk)).lesions
    leading, *rest = lesion.answers
    assert leading == f"Region of 200 × 200 pixels: Melanoma alert. {FIGURES} Not tested on nails."
    assert any(line.startswith("Skin cancer alert (BCC, SCC). In testing") for line in rest) != is_alone
    assert "No alert raised" not in " ".join(lesion.answers)


def test_of_several_images_the_report_says_in_which_the_region_is(make_desk: MakeDesk, tmp_path: Path) -> None:
    box, limit = of_region(tmp_path)
    desk = visit(make_desk, tmp_path, melanoma_alert(limit), image=tmp_path / "halves.png", box=box)
    bring(desk, write_lesion(tmp_path / "bright.png", seed=3, size=(640, 480)))
    desk.rest()
    (lesion,) = made(open_report(desk)).lesions
    assert lesion.answers[0].startswith("Image 1 of 2, region of 200 × 200 pixels: Melanoma alert. In testing")


def test_the_alert_of_the_whole_image_leads_before_that_of_a_region(make_desk: MakeDesk, tmp_path: Path) -> None:
    box, _limit = of_region(tmp_path)
    desk = visit(make_desk, tmp_path, melanoma_alert(ALWAYS), image=tmp_path / "halves.png", box=box)
    (lesion,) = made(open_report(desk)).lesions
    assert lesion.answers[0] == f"Melanoma alert. {FIGURES} Not tested on nails."


def test_an_answer_for_few_pixels_is_not_to_be_relied_on(make_desk: MakeDesk, tmp_path: Path) -> None:
    small = write_lesion(tmp_path / "small.png", size=(SIZE - 2, SIZE - 2))
    desk = visit(make_desk, tmp_path, melanoma_alert(ALWAYS), image=small, box=Box(4, 4, 24, 24))
    (lesion,) = made(open_report(desk)).lesions
    said = "The {} is small ({} pixels, the model looks at {}): do not rely on the answer."
    _alert, image, region, *_meaning = lesion.answers
    assert said.format("image", SIZE - 2, SIZE) in box_of(desk)[1]
    assert image.endswith(said.format("image", SIZE - 2, SIZE))
    assert region.endswith(said.format("region", 20, SIZE))
    shown = desk.parts.window.visit_page.result_panel.shown()
    assert shown is not None
    lines = {line.split(":")[0]: line for line in shown.plain.splitlines()}
    assert lines["Region 1"].endswith(said.format("region", 20, SIZE))
    assert shown.plain.count("The image is small") == 1, "in the box, and not again in the line of the whole image"
