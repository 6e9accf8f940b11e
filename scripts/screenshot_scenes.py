"""The states of the window to photograph, in the order of a day; each function is one scene."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea

from desktop.widgets.image.filters_dialog import FiltersDialog
from desktop.widgets.image.ruler_bar import RulerBar
from desktop.widgets.image.seen_dialog import SeenDialog
from desktop.widgets.model.alert_limits_dialog import AlertLimitsDialog
from desktop.widgets.visit.outcome_dialog import OutcomeDialog
from desktop.widgets.window.shortcuts import ShortcutsDialog
from screenshot_adoption import adoption, training
from screenshot_audit import audit
from screenshot_comparison import comparison
from screenshot_contact_sheet import contact_sheet
from screenshot_dicom_network import dicom_network_scene
from screenshot_drawings import draw_images, samples
from screenshot_encryption import encryption
from screenshot_folders import folder
from screenshot_follow_up import follow_up
from screenshot_own_figures import own_figures
from screenshot_patients import keeping, page, patient
from screenshot_placing import placing
from screenshot_practice import practice, recalibrated, trying
from screenshot_practice_system import practice_system
from screenshot_seal import seal
from screenshot_similar import similar
from screenshot_steps import VEIL, Setting, choose_in, in_its_loop, open_flagged, texts
from screenshot_today import today
from screenshot_trial import trial
from studio import LARGE, SMALLEST, StateNotReachedError, Studio


def first_run(given: Setting) -> None:
    """The first start, and the empty workspaces."""
    studio = given.studio("first", blind=True, initials="")
    studio.take(given.name("first-run"))
    for workspace in ("follow_up", "history", "batch"):
        studio.window.show_workspace(workspace)
        studio.take(given.name(f"empty-{workspace}"))
    studio.close()


def sample(given: Setting) -> None:
    """The first sample, as the shipped model answers it."""
    studio = given.studio("sample", model="shipped")
    studio.open(samples()[0])
    studio.take(given.name("sample"))
    studio.close()


def answers(given: Setting) -> None:
    """An answer with a flag, its details, and the tools for the image."""
    studio = given.studio("answers")
    open_flagged(studio)
    studio.take(given.name("answer"))
    studio.take(given.name("answer"), LARGE)
    studio.press("Stability", studio.window.visit_page.result_panel)
    studio.wait(lambda: "raised in" in texts(studio.window.visit_page.result_panel), "stability is not measured")
    studio.take(given.name("stability"))
    studio.key(Qt.Key.Key_A)
    studio.wait(studio.window.features.workbench.overlay.item.isVisible, "there is no overlay")
    studio.take(given.name("overlay"))
    studio.key(Qt.Key.Key_A)
    studio.key(Qt.Key.Key_G)
    studio.take(given.name("region-drawing"))
    studio.drag((0.22, 0.2), (0.55, 0.65))
    studio.wait(lambda: "For a region of" in texts(studio.window.visit_page.result_panel), "the region has no answer")
    studio.take(given.name("region"))
    studio.key(Qt.Key.Key_Escape)
    studio.close()
    if studio.count():
        raise StateNotReachedError("a sample was kept")


def tools(given: Setting) -> None:
    """Ruler, teaching filters, what the model saw."""
    studio = given.studio("tools")
    drawings = draw_images(given.work / "tools", 3, first=3)
    studio.open(*drawings)
    studio.key(Qt.Key.Key_L)
    studio.drag((0.3, 0.72), (0.7, 0.72))
    studio.take(given.name("ruler-pixels"))
    studio.take(given.name("ruler-pixels"), SMALLEST)
    (bar,) = studio.window.findChildren(RulerBar)
    bar.millimetres.setText("5.0")
    studio.press("Set scale")
    studio.wait(lambda: bar.length.text() == "5.0 mm", "the image has no scale")
    studio.take(given.name("ruler"))
    studio.key(Qt.Key.Key_L)
    studio.window.visit_page.view.actual_size()
    studio.window.visit_page.view.zoom_in()
    studio.take(given.name("zoomed"))
    studio.window.visit_page.view.fit()
    studio.trigger("Teaching filters…")
    filters = studio.dialog(FiltersDialog)
    choose_in(filters, "Sobel, both ways")
    studio.settle(0.8)
    studio.take(given.name("filters"), over=filters)
    filters.close()
    studio.trigger("What the model saw…")
    seen = studio.dialog(SeenDialog)
    studio.settle()
    studio.take(given.name("seen"), over=seen)
    seen.close()
    studio.close()


def abstentions(given: Setting) -> None:
    """The three kinds of withheld answers, each with a model made for it; and failures of each kind."""
    (drawing, *_) = draw_images(given.work / "abstentions", 1, first=VEIL + 1)
    for reason in ("quality", "novelty", "uncertain"):
        studio = given.studio(reason, model=reason)
        studio.open(drawing)
        answer = studio.parts.open_image.answer
        if answer is None or answer.judgement.abstention is None or answer.judgement.abstention.value != reason:
            raise StateNotReachedError(f"the answer is not withheld for {reason}")
        studio.take(given.name(f"abstained-{reason}"))
        if reason == "novelty":
            studio.press("Show anyway")
            studio.take(given.name("abstained-shown-anyway"))
        studio.close()
    studio = given.studio("failures")
    broken = given.work / "not-an-image.jpg"
    broken.write_text("no image")
    studio.window.open_files([broken])
    studio.wait(studio.window.visit_page.messages.isVisible, "the failure is not told")
    studio.take(given.name("not-opened"))
    unreadable = given.work / "not-a-model.onnx"
    unreadable.write_text("no model")
    studio.parts.model.consider(unreadable)
    studio.wait(lambda: "not an ONNX model" in studio.window.model.messages.text(), "a broken model is not told of")
    studio.take(given.name("model-refused"))
    studio.close()
    studio = dataclasses.replace(given, models={"gone bad": unreadable}).studio("no-model", model="gone bad")
    studio.window.open_files([drawing])
    studio.wait(lambda: studio.parts.open_image.picture is not None, "the image is not opened without a model")
    studio.wait(
        lambda: "not an ONNX model" in texts(studio.window.visit_page.result_panel),
        "nobody says that there is no model",
    )
    studio.take(given.name("model-missing"))
    studio.close()


def assessment(given: Setting) -> None:
    """Blind-first: the assessment is requested, being entered, locked, and supplemented."""
    studio = given.studio("view", blind=True)
    (drawing, *_) = draw_images(given.work / "view", 1, first=VEIL + 1)
    studio.open_blind(drawing)
    studio.take(given.name("blind"))
    studio.key(Qt.Key.Key_5)
    for _ in range(2):
        studio.key(Qt.Key.Key_Period)
    studio.key(Qt.Key.Key_Comma)
    studio.take(given.name("blind-said"))
    studio.key(Qt.Key.Key_Return)
    studio.wait(lambda: studio.parts.open_image.answer is not None, "the answer is not shown after the view")
    studio.wait(lambda: "locked" in texts(studio.window.visit_page.assessment_panel), "the view is not locked")
    studio.take(given.name("my-view"))
    studio.press("Outcome…")
    form = studio.dialog(OutcomeDialog)
    studio.take(given.name("outcome"), over=form)
    form.close()
    studio.press("Add after-model assessment")
    studio.take(given.name("after-model"))
    studio.close()


def model(given: Setting) -> None:
    """The model's card from top to bottom, and the list of keys."""
    studio = given.studio("model", model="shipped")
    studio.window.show_workspace("model")
    studio.take(given.name("model"))
    areas = [one for one in studio.window.model.findChildren(QScrollArea) if one.isVisible()]
    bar = areas[0].verticalScrollBar()
    step = 0
    while bar.value() < bar.maximum():
        step += 1
        bar.setValue(bar.value() + round(bar.pageStep() * 0.9))
        studio.take(given.name(f"model-{step + 1}"))
    picture = studio.out / f"{given.name('keys')}.png"
    picture.unlink(missing_ok=True)
    QTimer.singleShot(0, lambda: studio.trigger("Keyboard shortcuts"))
    in_its_loop(lambda: photograph_keys(studio, given))
    studio.wait(picture.exists, "the keys are not shown")
    studio.close()


def limits(given: Setting) -> None:
    """The choice of the alert limits, with a change made before; and a model that has none to choose."""
    studio = given.studio("limits", model="shipped")
    studio.trigger("Alert limits…")
    dialog = studio.dialog(AlertLimitsDialog)
    default, other = dialog.choices["melanoma"].values()
    QTest.keyClick(default, Qt.Key.Key_Down)
    studio.wait(other.isChecked, "the other limit is not chosen")
    QTest.keyClicks(dialog.reason, "High-risk clinic, decided by the team")
    studio.take(given.name("alert-limits"))
    studio.press("Set the limits", dialog)
    studio.wait(
        lambda: (now := studio.parts.model.classifier) and now.working_points["melanoma"] == 0.98, "no limit is set"
    )
    studio.trigger("Alert limits…")
    studio.dialog(AlertLimitsDialog)
    studio.take(given.name("alert-limits-set"))
    studio.close()


def photograph_keys(studio: Studio, given: Setting) -> None:
    """Take the list of keys and close it."""
    shown = studio.dialog(ShortcutsDialog)
    studio.take(given.name("keys"), over=shown)
    shown.close()


SITTINGS: dict[str, Callable[[Setting], None]] = {
    "first": first_run,
    "sample": sample,
    "answers": answers,
    "tools": tools,
    "comparison": comparison,
    "follow up": follow_up,
    "abstentions": abstentions,
    "view": assessment,
    "today": today,
    "patient": patient,
    "similar": similar,
    "page": page,
    "contact sheet": contact_sheet,
    "placing": placing,
    "keeping": keeping,
    "folder": folder,
    "model": model,
    "practice": practice,
    "practice system": practice_system,
    "dicom network": dicom_network_scene,
    "trying": trying,
    "own figures": own_figures,
    "trial": trial,
    "adoption": adoption,
    "training": training,
    "recalibrated": recalibrated,
    "limits": limits,
    "audit": audit,
    "seal": seal,
    "encryption": encryption,
}
