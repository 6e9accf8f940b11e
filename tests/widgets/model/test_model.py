"""The model's card, and candidates that are shown before they are used."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFileDialog, QPushButton, QTableWidget

from desktop.core.inference.context import Context, ContextFactor, ContextGain, ContextTest, ContextValue
from desktop.core.inference.contract import (
    CertaintyTest,
    Figure,
    FlagTest,
    Group,
    NoveltyKind,
    NoveltyTest,
    QualityLimits,
    Recalibration,
    Recall,
    ReliabilityCurve,
    ReliabilityPoint,
)
from desktop.system.settings import MODEL
from desktop.widgets.answer.headline import Headline
from desktop.widgets.model.reliability_diagram import ReliabilityDiagram
from tests.alerts import melanoma_alert
from tests.making import contract, write_lesion, write_model
from tests.widgets.conftest import Desk
from tests.widgets.visit.test_visit import flag


def press(desk: Desk, text: str) -> None:
    buttons = desk.parts.window.findChildren(QPushButton)
    button = next(button for button in buttons if button.text() == text and button.isVisible())
    desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_card_shows_figures_thresholds_and_layers(make_desk: Callable[[Path], Desk], tmp_path: Path) -> None:
    figure = Figure("accuracy", "test images", 36 / 118, 118, 36, 0.229, 0.393)
    desk = make_desk(write_model(tmp_path / "figures.onnx", contract(figures=(figure,), flags=(flag(0.07),))))
    desk.parts.window.show_workspace("model")
    desk.wait(lambda: desk.parts.model.classifier is not None)
    texts = desk.texts(desk.parts.window.model)
    assert "30.5 %, 36 / 118  (22.9 – 39.3 %)" in texts
    assert "set on validation split, 448 images: missed 4 of 88, specificity 40.0 %" in texts
    assert "demonstration; not for patients" in texts
    layers = desk.parts.window.model.findChildren(QTableWidget)[0]
    assert layers.item(0, 0).text() == "probabilities (Dense)"


def test_card_shows_sensitivity_and_false_alarms_of_alerts(make_desk: Callable[[Path], Desk], tmp_path: Path) -> None:
    desk = make_desk(
        write_model(tmp_path / "alerts.onnx", contract(alerts=(melanoma_alert(0.0),), flags=(flag(0.07),)))
    )
    desk.parts.window.show_workspace("model")
    desk.wait(lambda: desk.parts.model.classifier is not None)
    texts = desk.texts(desk.parts.window.model)
    assert "set for 95 %: found 190 of 200; raised for 100 of 200 naevi and 30 of 100 other lesions" in texts
    assert "2 of 400 naevi under follow-up" in texts
    assert "specificity 40.0 %" not in texts, "flags that are not raised are not told"


def test_card_opens_with_what_a_clinician_can_act_on(make_desk: Callable[[Path], Desk], tmp_path: Path) -> None:
    description = contract(alerts=(melanoma_alert(0.4),), limits=("It has never seen mucosa.",), recalls=())
    desk = make_desk(write_model(tmp_path / "model.onnx", description))
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.parts.window.show_workspace("model")
    texts = desk.texts(desk.parts.window.model)
    clinical, heading, technical = texts.partition("Technical details")
    assert heading
    assert "Demonstration model. Not for patients." in clinical
    assert "of 200 biopsied melanomas it misses 10 (5 of 100)" in clinical
    assert "of 200 biopsied naevi it raises its alert for 100 (50 of 100)" in clinical
    assert "It has never seen mucosa." in clinical
    for word in ("SHA-256", "Architecture", "Thresholds", "Layers"):
        assert word not in clinical
        assert word in technical


def test_another_model_is_shown_then_used_and_remembered(
    make_desk: Callable[[Path], Desk], model_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = write_model(tmp_path / "other.onnx", contract(name="Our clinic's model"), seed=7)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(other), ""))
    desk = make_desk(model_file)
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    first = desk.parts.model.classifier
    desk.parts.window.show_workspace("model")
    press(desk, "Choose another model…")
    desk.wait(lambda: "Our clinic's model" in desk.texts(desk.parts.window.model))
    assert desk.parts.model.classifier is first
    with desk.qtbot.waitSignal(desk.parts.open_image.saved):
        press(desk, "Use this model")
    assert desk.parts.model.classifier is not first
    assert len({entry.answer.model_sha256 for entry in desk.entries()}) == 2
    assert desk.parts.window._session.settings.get(MODEL) == str(other)


def test_card_shows_costs_of_thresholds_calibration_and_limits(
    make_desk: Callable[[Path], Desk], tmp_path: Path
) -> None:
    full = contract(
        flags=(flag(0.07),),
        certainty_threshold=0.5,
        certainty_test=CertaintyTest("test images", 90, 118, 0.4, 0.6, 5, 16, 0.6, 0.9),
        novelty_threshold=12.5,
        novelty_test=NoveltyTest("test images", 6, 118, 0.97, (NoveltyKind("clinical photographs", 50, 0.93),)),
        quality=QualityLimits("test images", 0.05, sharpness_least=0.02, glare_most=0.2),
        reliability=(
            ReliabilityCurve(
                "top", "test images", (ReliabilityPoint(0.2, 0.3, 40), ReliabilityPoint(0.8, 0.6, 78)), 0.09
            ),
            ReliabilityCurve("melanoma", "test images", (ReliabilityPoint(0.4, 0.5, 118),)),
        ),
        recalls=(Recall("melanoma", "test images", 9, 16, 0.33, 0.77),),
        limits=("It has never seen mucosa.",),
        calibration_mix={"melanoma": 0.18},
    )
    desk = make_desk(write_model(tmp_path / "full.onnx", full, novelty=1.0))
    desk.parts.window.show_workspace("model")
    desk.wait(lambda: desk.parts.model.classifier is not None)
    texts = desk.texts(desk.parts.window.model)
    assert "on test images: 90 of 118 got a label, wrong in 40.0 % of these, in 60.0 % of all" in texts
    assert "5 of 16 melanomas got none; an alert stays in sight for these too" in texts
    assert "6 of 118 dermoscopy images were called unlike the training images" in texts
    assert "clinical photographs: 0.93, n = 50" in texts
    assert "sharpness at least 0.02\nreflections at most 20 %" in texts
    assert "56 %, 9 / 16 (33 – 77 %)" in texts
    assert "It has never seen mucosa." in texts
    assert "assume 18 % melanomas among the images; not your patient's risk." in texts
    diagram = desk.parts.window.model.findChildren(ReliabilityDiagram)[0]
    assert diagram.accessibleDescription() == (
        "20.0 % said, 30.0 % came true, n = 40; 80.0 % said, 60.0 % came true, n = 78"
    )
    assert "On average it is off by 9.0 points." in texts
    which = next(box for box in desk.parts.window.model.findChildren(QComboBox) if box.accessibleName() == "Diagram")
    which.setCurrentIndex(1)
    assert diagram.accessibleDescription() == "40.0 % said, 50.0 % came true, n = 118"


def test_training_terms_are_shown_in_clinical_words(make_desk: Callable[[Path], Desk], tmp_path: Path) -> None:
    where = "18041 images out of fold"
    tested = FlagTest(f"{where}, by the other folds' thresholds", 110, 2174, 6575, 15867)
    melanoma = dataclasses.replace(flag(0.07), measured_on=where, tested=tested)
    own = contract(
        flags=(melanoma,),
        groups=(Group("benign_keratosis", "Benign keratosis", ("pigmented_benign_keratosis", "seborrheic_keratosis")),),
        recalls=(Recall("melanoma", where, 1058, 2174),),
        reliability=(ReliabilityCurve("top", where, (ReliabilityPoint(0.8, 0.6, 18041),)),),
        quality=QualityLimits("911 images out of fold, spoilt step by step", 0.05, sharpness_least=0.0),
    )
    desk = make_desk(write_model(tmp_path / "own.onnx", own))
    desk.parts.window.show_workspace("model")
    desk.wait(lambda: desk.parts.model.classifier is not None)
    texts = desk.texts(desk.parts.window.model)
    assert "of fold" not in texts
    assert (
        "on 18\u202f041 images that it did not learn from, at limits set without them: missed 110 of 2\u202f174"
        in texts
    )
    assert "1\u202f058 / 2\u202f174" in texts
    assert "labels under one line (Benign keratosis) count as one, by their sum" in texts
    desk.open(write_lesion(tmp_path / "lesion.png"))
    panel = desk.parts.window.visit_page.result_panel
    assert "Melanoma: in testing raised for 95 of 100, and for" in desk.texts(panel)
    assert "had not learned from it" in panel.findChildren(Headline)[0].toolTip()


def test_enter_uses_the_candidate(make_desk: Callable[[Path], Desk], model_file: Path, tmp_path: Path) -> None:
    other = write_model(tmp_path / "other.onnx", contract(name="Our clinic's model"), seed=7)
    desk = make_desk(model_file)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    first = desk.parts.model.classifier
    assert desk.parts.window.model is not None
    desk.parts.model.consider(other)
    desk.wait(lambda: "Our clinic's model" in desk.texts(desk.parts.window.model))
    desk.qtbot.keyClick(desk.parts.window.focusWidget(), Qt.Key.Key_Return)
    desk.wait(lambda: desk.parts.model.classifier is not first)


def test_unusable_model_leaves_the_present_one(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"no model")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(broken), ""))
    desk.parts.window.show_workspace("model")
    press(desk, "Choose another model…")
    assert "“broken.onnx” is tried out…" in desk.parts.window.model.messages.text()
    desk.wait(lambda: "“broken.onnx” is not an ONNX model" in desk.parts.window.model.messages.text())
    assert desk.parts.model.classifier is not None
    assert "Test model" in desk.texts(desk.parts.window.model)


def test_card_shows_what_age_sex_and_site_do_by_age(make_desk: Callable[[Path], Desk], tmp_path: Path) -> None:
    tests = (
        ContextTest("melanoma", 0.95, "all", 158, 148, 150, 318, 209, 211, 939, 197, 216),
        ContextTest("melanoma", 0.95, "under 40", 10, 9, 9, 117, 64, 64, 26, 4, 4),
        ContextTest("melanoma", 0.95, "60 and over", 0, 0, 0, 80, 57, 59, 680, 153, 172),
    )
    gain = ContextGain("melanoma", 0.852, 0.864, 0.012, 0.004, 0.020)
    factor = ContextFactor("age", (ContextValue("70-79", {"melanoma": 0.3}),))
    context = Context("x", "3460 images held out, by lesion, cross-fitted", (factor,), ("melanoma",), tests, (gain,))
    described = contract(alerts=(melanoma_alert(0.0),), context=context)
    desk = make_desk(write_model(tmp_path / "context.onnx", described))
    desk.parts.window.show_workspace("model")
    desk.wait(lambda: desk.parts.model.classifier is not None)
    texts = desk.texts(desk.parts.window.model)
    assert "148 / 158\n94 % (89 – 97)" in texts
    assert "150 / 158\n95 % (90 – 97)" in texts
    assert "9 / 10\n90 % (60 – 98)" in texts
    assert "under 40" in texts
    assert "never take away one that the image alone raises" in texts
    assert "Melanoma alert, set for 95 %" in texts
    assert "0.852 by the image alone, 0.864 with age, sex and site; difference +0.012 (+0.004 to +0.020)" in texts


def test_card_shows_what_recalibration_changed(make_desk: Callable[[Path], Desk], tmp_path: Path) -> None:
    before = (
        Figure("calibration error", "130 images", 0.0821, 130),
        Figure("log loss", "130 images", 0.9, 130),
        Figure("Melanoma alert, sensitivity", "l", 1, 30, 30),
    )
    after = (
        Figure("calibration error", "130 images", 0.0312, 130),
        Figure("log loss", "130 images", 0.8, 130),
        Figure("Melanoma alert, sensitivity", "l", 0.97, 30, 29),
    )
    made = Recalibration("2026-11-28", "0" * 64, 1.4, True, 130, 150, 30, "f" * 64, (), before, after)
    own = dataclasses.replace(melanoma_alert(0.0), measured_on="recalibration, 150 images, by lesion, cross-fitted")
    earlier = Figure("accuracy", "130 images held out, before", 0.5, 130, 65, 0.4, 0.6)
    described = contract(recalibration=made, alerts=(own,), figures=(earlier,))
    desk = make_desk(write_model(tmp_path / "recalibrated.onnx", described))
    desk.parts.window.show_workspace("model")
    desk.wait(lambda: desk.parts.model.classifier is not None)
    texts = desk.texts(desk.parts.window.model)
    assert "Recalibrated on your own lesions" in texts
    assert "130, 30 of them melanomas (150 images)" in texts
    assert "Percentages differ from how often they come true by" in texts
    assert "before 8.2 %, after 3.1 %" in texts
    assert "Melanoma alert: melanomas that raise it" in texts
    assert "before 30 of 30 (100 %), after 29 of 30 (97 %)" in texts
    assert "log loss" not in texts
    assert "130 images that it did not learn from, before the recalibration" in texts
    assert "lesions of 150 images of your own, at limits set without them" in texts
