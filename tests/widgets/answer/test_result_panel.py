"""The result panel: image quality, reasons for withholding an answer, stability."""

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageFilter
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QWidget

from desktop.core.inference.contract import Contract, Flag, Group, Label, QualityLimits
from desktop.core.labels import Malignancy
from desktop.core.paths import SAMPLES
from desktop.core.records.database import Database
from desktop.session.opening_request import of_entry
from desktop.widgets.answer.headline import Headline
from desktop.widgets.answer.probability_table import ProbabilityTable
from desktop.widgets.answer.result_panel import ResultPanel
from tests.making import SIZE, contract, lesion, torn, write_lesion, write_model
from tests.widgets.conftest import Desk
from tests.widgets.mouse_and_keys import workbench_of

MakeDesk = Callable[..., Desk]
ALWAYS = Flag("melanoma", "Melanoma", ("melanoma",), 0.0, 0.95, 0.4, 4, 88, "validation split, 448 images")
STRICT = QualityLimits("degraded test images", 0.05, sharpness_least=1.1)
EASY = QualityLimits("degraded test images", 0.05, sharpness_least=0.0)


def button(panel: QWidget, text: str) -> QPushButton:
    return next(one for one in panel.findChildren(QPushButton) if text in one.text() and one.isVisible())


def show_anyway(desk: Desk, panel: QWidget) -> None:
    desk.wait(lambda: any("Show anyway" in one.text() and one.isVisible() for one in panel.findChildren(QPushButton)))
    desk.qtbot.mouseClick(button(panel, "Show anyway"), Qt.MouseButton.LeftButton)


def disclosures(desk: Desk) -> list[str]:
    database = Database.open(desk.folder)
    reasons = [row["reason"] for row in database.read("SELECT reason FROM disclosure")]
    database.close()
    return reasons


@pytest.fixture
def open_with(make_desk: MakeDesk, tmp_path: Path) -> Callable[..., tuple[Desk, ResultPanel]]:
    """Open an image with a model of this contract, and wait for the answer."""

    def opened(
        description: Contract, *, novelty: float | None = None, image: Path | None = None
    ) -> tuple[Desk, ResultPanel]:
        desk = make_desk(write_model(tmp_path / "judge.onnx", description, novelty=novelty))
        desk.open(image or write_lesion(tmp_path / "lesion.png", seed=3, size=(640, 480)))
        return desk, desk.parts.window.visit_page.result_panel

    return opened


OpenWith = Callable[..., tuple[Desk, ResultPanel]]


def test_poor_image_shows_measurements_and_advice_in_place_of_an_answer(open_with: OpenWith) -> None:
    desk, panel = open_with(contract(quality=STRICT, flags=(ALWAYS,)))
    texts = desk.texts(panel)
    assert "No answer: the image is not good enough for the model" in texts
    assert "at least 1.10 is needed. Refocus, hold still, clean the lens" in texts
    assert "was clearly less often right (degraded test images)" in texts
    assert "This does not mean benign." in texts
    assert texts.count("Melanoma alert") == 1, "a flag survives in one line"
    assert "Vascular lesion" not in texts
    assert not button(panel, "Stability").isEnabled(), "figures that are withheld come by no other way"


def test_reason_for_no_answer_is_given_once(open_with: OpenWith) -> None:
    """Over the figures' place where nothing else must be, in it where a flag stands over it."""
    desk, panel = open_with(contract(quality=STRICT))
    texts = desk.texts(panel)
    assert texts.count("at least 1.10 is needed.") == 1
    assert texts.index("at least 1.10 is needed.") < texts.index("Refocus, hold still, clean the lens")
    _, flagged = open_with(contract(novelty_threshold=1.0, flags=(ALWAYS,)), novelty=2.5)
    assert desk.texts(flagged).count("the images that the model learned from") == 1


def test_withheld_sample_is_called_a_drawing(open_with: OpenWith) -> None:
    desk, panel = open_with(contract(novelty_threshold=1.0), novelty=2.5, image=min(SAMPLES.glob("*.png")))
    texts = desk.texts(panel)
    assert "This sample is a drawing, no dermatoscope image" in texts
    assert "rightly gives no answer." in texts
    assert texts.count("the images that the model learned from") == 1
    assert "Take it again" not in texts
    assert "This does not mean benign." in texts
    show_anyway(desk, panel)
    assert "A drawing: what a model says of it means nothing." in desk.texts(panel)
    assert "Vascular lesion" in desk.texts(panel)
    assert desk.entries() == []


def test_answer_to_a_poor_image_is_shown_on_request_and_that_is_recorded(open_with: OpenWith) -> None:
    desk, panel = open_with(contract(quality=STRICT))
    desk.wait(desk.entries)
    show_anyway(desk, panel)
    texts = desk.texts(panel)
    assert "Vascular lesion" in texts
    assert "Shown although the image is beyond the model's limits of quality. This does not mean benign." in texts
    assert "▸" not in texts
    assert not any("Show anyway" in one.text() and one.isVisible() for one in panel.findChildren(QPushButton))
    desk.wait(lambda: "despite abstention" in disclosures(desk))


def test_answer_to_a_damaged_file_is_shown_only_on_request(open_with: OpenWith, tmp_path: Path) -> None:
    path = write_lesion(tmp_path / "lesion.jpg", seed=3, size=(640, 480))
    path.write_bytes(torn(path.read_bytes()))
    desk, panel = open_with(contract(flags=(ALWAYS,), quality=EASY, novelty_threshold=9.0), novelty=2.5, image=path)
    texts = desk.texts(panel)
    assert "No answer: the image file is damaged" in texts
    assert "within the model's limits" not in texts
    assert "Image type: similar" not in texts
    assert "Part of the picture was lost" in texts
    assert "Copy or export the image again" in texts
    assert "Melanoma alert" in texts, "an alert survives"
    assert "Vascular lesion" not in texts
    desk.wait(desk.entries)
    (entry,) = desk.entries()
    assert entry.answer.abstention == "damaged"
    assert entry.answer.prediction.quality is not None
    assert entry.answer.prediction.quality.is_damaged
    show_anyway(desk, panel)
    assert "Vascular lesion" in desk.texts(panel)
    desk.wait(lambda: "despite abstention" in disclosures(desk))


def test_quality_precedes_novelty_and_is_saved_with_the_answer(open_with: OpenWith) -> None:
    desk, panel = open_with(contract(quality=STRICT, novelty_threshold=1.0), novelty=2.5)
    assert "not good enough" in desk.texts(panel)
    assert "not like the images" not in desk.texts(panel)
    desk.wait(desk.entries)
    (entry,) = desk.entries()
    assert entry.answer.abstention == "quality"
    quality = entry.answer.prediction.quality
    assert quality is not None
    assert quality.side == 480
    assert 0 < quality.sharpness < 1.1


def test_withheld_answer_has_no_overlay(open_with: OpenWith) -> None:
    desk, panel = open_with(contract(quality=STRICT))
    view = desk.parts.window.visit_page.view
    desk.qtbot.keyClick(view, Qt.Key.Key_A)
    assert "No overlay while the answer is not shown" in desk.texts(desk.parts.window)
    show_anyway(desk, panel)
    assert desk.parts.window.focusWidget() is view, "the button has gone: the keys are the image's"
    desk.qtbot.keyClick(view, Qt.Key.Key_A)
    desk.wait(workbench_of(desk).overlay.item.isVisible)


def test_good_image_similar_to_the_training_images_says_so(open_with: OpenWith) -> None:
    desk, panel = open_with(contract(quality=EASY, novelty_threshold=3.0), novelty=2.5)
    texts = desk.texts(panel)
    assert "Image quality: within the model's limits." in texts
    assert "Image type: similar to the training images." in texts
    (signs,) = (one for one in panel.findChildren(QLabel) if "within the model's limits" in one.text())
    assert "at least 0.00" in signs.toolTip()
    assert "2.5, limit 3" in signs.toolTip()


def test_small_image_is_warned_of_and_not_also_called_within_limits(open_with: OpenWith, tmp_path: Path) -> None:
    small = tmp_path / "small.png"
    lesion(3, (SIZE - 8, SIZE - 8)).save(small)
    desk, panel = open_with(contract(quality=EASY), image=small)
    texts = desk.texts(panel)
    assert "The image is small" in texts
    assert "within the model's limits" not in texts


def test_soft_image_gets_advice_and_an_answer(open_with: OpenWith, tmp_path: Path) -> None:
    soft = tmp_path / "soft.png"
    lesion(3, (160, 120)).resize((800, 600), Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(4)).save(soft)
    desk, panel = open_with(contract(quality=EASY), image=soft)
    texts = desk.texts(panel)
    assert "Image quality: soft at full size" in texts
    assert "Refocus" in texts
    assert "within the model's limits" not in texts
    assert "Vascular lesion" in texts


def test_share_of_bright_pixels_is_said_to_be_of_the_middle(open_with: OpenWith, tmp_path: Path) -> None:
    bright = lesion(3, (800, 600))
    bright.paste((255, 255, 255), (300, 200, 500, 400))
    bright.save(tmp_path / "bright.png")
    desk, panel = open_with(contract(quality=EASY), image=tmp_path / "bright.png")
    assert re.search(r"Image quality: [\d.]+ % of the middle of the image is too bright", desk.texts(panel))
    tips = [label.toolTip() for label in panel.findChildren(QLabel)]
    assert any(tip.startswith("Measured in what the model saw, not at full size:") for tip in tips)


def test_uncertain_answer_keeps_its_figures_and_names_the_limit(open_with: OpenWith) -> None:
    desk, panel = open_with(contract(certainty_threshold=1.0))
    texts = desk.texts(panel)
    assert "Too uncertain to name one diagnosis" in texts
    assert "Too uncertain to name one diagnosis" in texts
    assert "This does not mean benign." in texts
    assert "Vascular lesion" in texts
    assert "▸" not in texts


def test_uncertainty_between_benign_labels_shows_the_bars_and_marks_none(open_with: OpenWith) -> None:
    labels = tuple(Label(name, name.capitalize(), Malignancy.BENIGN) for name in ("mole", "wart", "freckle"))
    desk, panel = open_with(contract(labels=labels, certainty_threshold=0.9999))
    texts = desk.texts(panel)
    assert "Too uncertain to name one diagnosis." in texts
    assert "No answer" not in texts
    assert "▸" not in texts, "what is too uncertain to be named is not marked"


def test_nothing_of_figures_is_shown_before_an_answer(make_desk: MakeDesk, tmp_path: Path) -> None:
    description = contract(calibration_mix={"melanoma": 0.11, "nevus": 0.89})
    desk = make_desk(write_model(tmp_path / "judge.onnx", description))
    panel = desk.parts.window.visit_page.result_panel

    def figures() -> list[str]:
        return [one for one in ("Percentages", "–", "%") if one in desk.texts(panel)]

    desk.wait(lambda: "Melanoma" in desk.texts(panel))
    assert "No image open" in desk.texts(panel)
    assert figures() == []
    desk.open(write_lesion(tmp_path / "lesion.png", seed=3))
    assert figures() == ["Percentages", "%"]
    panel.show_waiting(description)
    assert "One moment" in desk.texts(panel)
    assert figures() == []


def test_assumption_of_the_calibration_is_shown_with_the_probabilities(open_with: OpenWith) -> None:
    mix = {"melanoma": 0.11, "nevus": 0.89}
    desk, panel = open_with(contract(calibration_mix=mix))
    assert "Percentages assume 11 % melanomas among the images; not your patient's risk." in desk.texts(panel)
    desk, panel = open_with(contract(calibration_mix=mix, quality=STRICT))
    assert "No answer" in desk.texts(panel)
    assert "Percentages" not in desk.texts(panel), "none is shown"
    show_anyway(desk, panel)
    desk.wait(lambda: "Percentages assume 11 %" in desk.texts(panel))


def test_models_remark_about_a_label_is_shown_literally(open_with: OpenWith) -> None:
    _, panel = open_with(contract(intended_use="research"))
    rows = panel.findChild(ProbabilityTable)._all_rows()
    assert [row.remark for row in rows] == [None] * len(rows), "the app itself says nothing of what a model learned"
    labels = tuple(
        dataclasses.replace(label, remark="learned from <b>few</b> images") if label.id == "nevus" else label
        for label in contract().labels
    )
    _, panel = open_with(contract(labels=labels))
    (remark,) = [row.remark for row in panel.findChild(ProbabilityTable)._all_rows() if row.remark is not None]
    assert (remark.text(), remark.textFormat()) == ("(learned from <b>few</b> images)", Qt.TextFormat.PlainText)


def test_layout_is_the_same_for_shown_and_folded_answers(open_with: OpenWith) -> None:
    desk, panel = open_with(contract(quality=STRICT, intended_use="research"))

    def places() -> list[tuple[int, int]]:
        parts = [panel.findChild(Headline), button(panel, "Stability")]
        return [(part.mapTo(panel, QPoint()).y(), part.width()) for part in parts if part is not None]

    folded = places()
    show_anyway(desk, panel)
    desk.wait(lambda: panel.findChild(ProbabilityTable).isVisible())
    assert places() == folded


def test_answer_saved_before_quality_was_measured_is_shown(
    make_desk: MakeDesk, model_file: Path, tmp_path: Path
) -> None:
    desk = make_desk(model_file)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    (entry,) = desk.entries()
    old = dataclasses.replace(entry, answer=dataclasses.replace(entry.answer, quality=None))
    desk = make_desk(write_model(tmp_path / "newer.onnx", seed=9))
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.parts.open_image.open(of_entry(old))
    desk.wait(lambda: desk.parts.open_image.answer is not None)
    panel = desk.parts.window.visit_page.result_panel
    assert "Image quality: not measured when this answer was given." in desk.texts(panel)
    assert not button(panel, "Stability").isEnabled(), "another model would answer the views"


def test_stability_shows_mean_and_range_of_the_labels_and_whether_flags_hold(open_with: OpenWith) -> None:
    keratoses = Group("k", "Benign keratosis", ("pigmented_benign_keratosis", "seborrheic_keratosis"))
    never = dataclasses.replace(ALWAYS, id="never", name="Malignancy", threshold=1.0)
    desk, panel = open_with(contract(flags=(ALWAYS, never), groups=(keratoses,)))
    button(panel, "Stability").setFocus()
    desk.qtbot.keyClick(button(panel, "Stability"), Qt.Key.Key_Space)
    desk.wait(lambda: "raised in" in desk.texts(panel))
    texts = desk.texts(panel)
    assert "Melanoma alert\nraised in 16 of 16" in texts
    assert "Malignancy alert\nraised in 0 of 16" in texts
    assert "Highest: " in texts
    assert "image alone: mean and range over 16 views" in texts
    assert " in every view" in texts, "the mean colour is the same in every view that is not moved"
    bar = panel.findChild(ProbabilityTable)._all_rows()[0].bar
    assert bar._spread is not None
    assert 0 <= bar._spread.low <= bar._spread.mean <= bar._spread.high <= 1
    panel.use_parts(())
    assert bar._spread is not None, "the answer is shown again when its regions have been read"


def test_stability_belongs_to_one_image(open_with: OpenWith, tmp_path: Path) -> None:
    desk, panel = open_with(contract(flags=(ALWAYS,)))
    desk.qtbot.mouseClick(button(panel, "Stability"), Qt.MouseButton.LeftButton)
    desk.wait(lambda: "raised in" in desk.texts(panel))
    desk.open_and_keep(write_lesion(tmp_path / "other.png", seed=5))
    assert "raised in" not in desk.texts(panel)
    desk.wait(lambda: button(panel, "Stability").isEnabled())


def test_small_image_is_compared_with_the_detail_of_the_training_images(open_with: OpenWith, tmp_path: Path) -> None:
    small = tmp_path / "small.png"
    lesion(1, (SIZE - 8, SIZE - 8)).save(small)
    desk, panel = open_with(contract(effective_resolution=SIZE - 8), image=small)
    assert "The image is small" not in desk.texts(panel)


def test_stability_of_a_region_is_called_so(open_with: OpenWith) -> None:
    desk, panel = open_with(contract(flags=(ALWAYS,)))
    view = desk.parts.window.visit_page.view
    desk.qtbot.keyClick(view, Qt.Key.Key_G)
    desk.qtbot.keyClick(view, Qt.Key.Key_Return)
    desk.wait(lambda: "For a region of" in desk.texts(panel))
    desk.qtbot.mouseClick(button(panel, "Stability"), Qt.MouseButton.LeftButton)
    desk.wait(lambda: "region alone: mean and range over 16 views" in desk.texts(panel))


def test_answer_for_a_region_begins_at_its_top(open_with: OpenWith) -> None:
    desk, panel = open_with(contract(flags=(ALWAYS,)))
    desk.parts.window.resize(1024, 560)
    bar = panel.findChild(QScrollArea).verticalScrollBar()
    desk.wait(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    view = desk.parts.window.visit_page.view
    desk.qtbot.keyClick(view, Qt.Key.Key_G)
    desk.qtbot.keyClick(view, Qt.Key.Key_Return)
    desk.wait(lambda: "For a region of" in desk.texts(panel))
    assert bar.value() == 0, "what must not be missed stands first"
