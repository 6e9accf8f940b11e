"""Scenes of a model of one's own lesions: the command, its progress and its page, and the adoption in all four verdicts."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLabel, QScrollArea, QWidget

from desktop.core.inference.classifier import Classifier
from desktop.core.judging.better import Bar, Rule, Verdict, compare
from desktop.core.judging.improvement import SUFFIX, Improvement
from desktop.core.judging.paired_lesions import PairedLesions
from desktop.core.labelled_images.improve_command import ImproveCommand
from desktop.core.progress import Step
from desktop.session.training_run import TrainingState
from desktop.widgets.answer.alert_context import patient_context
from desktop.widgets.practice.decision_sheet import DecisionSheet
from desktop.widgets.practice.flips_dialog import FlipsDialog
from desktop.widgets.practice.training_page_dialog import TrainingPageDialog
from screenshot_drawings import draw_images
from screenshot_steps import Setting
from screenshot_trial import FEW, fill
from studio import SMALLEST, Studio
from training.improving.page import write_page

_VERDICTS = {
    "better": (Verdict.BETTER, (40, 36, 36), (160, 120, 60)),
    "no-difference": (Verdict.NO_DIFFERENCE, (40, 36, 36), (160, 120, 118)),
    "worse": (Verdict.WORSE, (40, 36, 35), (160, 120, 60)),
    "too-few": (Verdict.TOO_FEW, (12, 11, 11), (160, 120, 60)),
}
"""By its name in the pictures, each verdict, and the clinic's melanomas and benign lesions that reach it: how many there are,
and on how many the old and the new model alert."""

_HELD_OUT = (200, 190, 190), (300, 150, 150)
_BARS = (
    Bar(Rule.CALIBRATION, 0.03, most=True, old=0.021, new=0.024),
    Bar(Rule.NOVELTY, 0.04, most=True, old=0.02, new=0.02),
    Bar(Rule.COPIES, 0.95, most=False, old=0.97, new=0.965),
)
_REASON = "Fewer alarms on naevi; the melanomas without an alert were looked at."


def adoption(given: Setting) -> None:
    """What was found when the new model was made, and the form of its adoption, in each verdict; then the card."""
    for name, (verdict, melanomas, benign) in _VERDICTS.items():
        studio = given.studio(f"adoption-{name}", model="answer")
        fill(studio, given.work / f"adoption-{name}", FEW)
        new = given.models["candidate"]
        _beside(new, _found(studio, new, verdict, melanomas, benign))
        studio.window.show_workspace("model")
        studio.parts.trial.begin(new, patient_context)
        page = studio.dialog(FlipsDialog)
        studio.settle(0.8)
        studio.take(given.name(f"adoption-{name}"), over=page)
        page.adopt.click()
        (sheet,) = page.findChildren(DecisionSheet)
        studio.settle()
        studio.take(given.name(f"adoption-{name}-asked"), over=page)
        if not sheet.save.isEnabled():
            sheet.reason.setPlainText(_REASON)
        sheet.save.click()
        studio.wait(partial(_is_decided, studio), "nothing is decided")
        studio.wait(partial(_headings, studio.window.model), "the card is not shown")
        studio.settle()
        _scroll_to(studio.window.model)
        studio.take(given.name(f"adoption-{name}-card"))
        new.with_suffix(SUFFIX).unlink()
        studio.close()


def training(given: Setting) -> None:
    """The command after an export, a training while it runs, stopped and done, and its page."""
    studio = given.studio("training", model="answer")
    data = given.work / f"{given.prefix}LesionLens training 2026-11-29"
    draw_images(data, 2)
    command = ImproveCommand(data, None)
    studio.window.show_workspace("own_figures")
    studio.window.features.training.offer(command, "Lesions written: 342; images: 611.")
    studio.take(given.name("training-offered"))
    page = studio.window.workspaces.own_figures.page
    page.messages.hide()
    line = "epoch 6/30  loss 0.412  accuracy 84.0%  validation loss 0.520  accuracy 80.1%  AUC melanoma 0.874  3:12:40 left"
    for name, state in {
        "running": TrainingState(
            command, is_running=True, step=Step("Training", 2300, 10_000, 11_500.0, 7, 30), line=line
        ),
        "stopped": TrainingState(command),
        "done": TrainingState(command, is_done=True),
    }.items():
        page.training_bar.show_state(state)
        studio.settle()
        studio.take(given.name(f"training-{name}"))
        studio.take(given.name(f"training-{name}"), SMALLEST)
    new = given.models["candidate"]
    found = _found(studio, new, *_VERDICTS["worse"], missed=(min(data.iterdir()).name,))
    command.out.mkdir()
    write_page(command.out, data.resolve(), found, Classifier(given.models["answer"]), Classifier(new))
    new.with_suffix(SUFFIX).unlink()
    dialog = TrainingPageDialog(command.page.read_text(encoding="utf-8"), command.out, studio.window)
    dialog.open()
    studio.settle()
    studio.take(given.name("training-page"), over=dialog)
    bar = dialog.page.verticalScrollBar()
    bar.setValue(bar.maximum())
    studio.settle()
    studio.take(given.name("training-page-2"), over=dialog)
    dialog.reject()
    studio.close()


def _headings(page: QWidget) -> list[QLabel]:
    """Return the heading of the card of an adoption, none before it is shown."""
    return [one for one in page.findChildren(QLabel) if one.text() == "Adopted after a trial on the history"]


def _scroll_to(page: QWidget) -> None:
    (heading,) = _headings(page)
    (area,) = [one for one in page.findChildren(QScrollArea) if one.isVisible()]
    bar = area.verticalScrollBar()
    bar.setValue(bar.value() + heading.mapTo(area, QPoint()).y())


def _is_decided(studio: Studio) -> bool:
    return not studio.parts.trial.state.file


def _beside(new: Path, found: Improvement) -> None:
    new.with_suffix(SUFFIX).write_bytes(found.to_json())


def _found(
    studio: Studio,
    new: Path,
    verdict: Verdict,
    melanomas: tuple[int, int, int],
    benign: tuple[int, int, int],
    missed: tuple[str, ...] = (),
) -> Improvement:
    """Return what a comparison would have found on lesions that are made up."""
    old = studio.parts.model.classifier
    if old is None:
        raise RuntimeError("there is no model")
    found = compare(_lesions(*_HELD_OUT), _lesions(melanomas, benign), _BARS, look=2, knows_training=True, draws=2000)
    if found.verdict is not verdict:
        raise RuntimeError(f"these lesions reach {found.verdict}, not {verdict}")
    return Improvement(
        **(vars(found) | {"missed": ()}),
        lesions=melanomas[0] + benign[0],
        held_out_lesions=500,
        left_out={},
        learned=0,
        missed_images=missed,
        missed_lesions=(),
        old_model_sha256=old.sha256,
        new_model_sha256=Classifier(new).sha256,
    )


def _lesions(melanomas: tuple[int, int, int], benign: tuple[int, int, int]) -> PairedLesions:
    """Return lesions of as many patients: how many, and on how many of them the old and the new model alert."""
    (m, m_old, m_new), (b, b_old, b_new) = melanomas, benign
    is_melanoma = np.arange(m + b) < m
    old, new = (
        np.concatenate([np.arange(m) < of_m, np.arange(b) < of_b]) for of_m, of_b in ((m_old, b_old), (m_new, b_new))
    )
    return PairedLesions(
        melanoma=is_melanoma,
        malignant=is_melanoma,
        benign=~is_melanoma,
        proved=np.ones(m + b, bool),
        patients=np.arange(m + b),
        ages=np.full(m + b, 50.0),
        old_melanoma=old,
        new_melanoma=new,
        old_malignant=old,
        new_malignant=new,
    )
