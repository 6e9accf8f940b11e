"""A history of drawn lesions, and two models to compare on it in the window."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from desktop.core.inference.classifier import Classifier
from desktop.core.inference.contract import Contract
from desktop.core.inference.model_file import ModelFile
from desktop.core.records.history import History
from desktop.core.records.values import KeptImage
from desktop.widgets.practice.decision_sheet import DecisionSheet
from desktop.widgets.practice.flips_dialog import FlipsDialog
from tests.alerts import melanoma_alert
from tests.core.records.history_contents import an_answer
from tests.judged import draw_blotches
from tests.making import contract
from tests.widgets.conftest import Desk

DAY = dt.date(2026, 3, 2)
LESIONS = 36
TRUTHS = ("melanoma", "nevus", "")
PER_TRUTH = LESIONS // len(TRUTHS)


@dataclass(frozen=True)
class Drawn:
    """A lesion of a patient of its own, and what it turned out to be; empty for no histology."""

    path: Path
    patient: str
    truth: str


def described(name: str) -> Contract:
    return contract(name=name, alerts=(melanoma_alert(-1.0),), intended_use="research")


def add_lesion(history: History, path: Path, pseudonym: str) -> tuple[int, int]:
    """Add a patient with a lesion and its image, which an earlier model answered; return the ids of lesion and visit."""
    people, data = history.people, path.read_bytes()
    kept = KeptImage(hashlib.sha256(data).hexdigest(), path.name, "PNG", 160, 120, len(data), path, stored=False)
    history.save(kept, an_answer(), contract(), by="MK")
    patient = people.add_patient(pseudonym, "female", by="MK").id
    visit = people.begin_visit(patient, DAY, "60-69", by="MK").id
    lesion = people.add_lesion(patient, "L1", "scapula-left", by="MK").id
    image = people.image_id_of(kept.sha256)
    assert image is not None
    people.place(image, kind="dermoscopy", lesion_id=lesion, visit_id=visit, by="MK")
    return lesion, visit


def fill(folder: Path, images: Path, unassessed: int = 0) -> list[Drawn]:
    """Write a history of lesions that an earlier model answered, all but the first so many assessed, a third of each kind."""
    drawn = []
    with History.open(folder) as history, history.together():
        random = np.random.default_rng(5)
        for number in range(LESIONS):
            path = draw_blotches(images / f"{number:02}.png", number, random.integers(20, 235, 3).tolist())
            lesion, visit = add_lesion(history, path, f"P-{number:02}")
            if number >= unassessed:
                history.assessments.assess(
                    lesion_id=lesion, visit_id=visit, before_model=True, diagnosis="nevus", by="MK"
                )
            truth = TRUTHS[number % len(TRUTHS)]
            if truth:
                history.assessments.add_outcome(
                    lesion_id=lesion,
                    kind="histopathology",
                    diagnosis=truth,
                    label=truth,
                    date=DAY + dt.timedelta(9),
                    by="MK",
                )
            drawn.append(Drawn(path, f"P-{number:02}", truth))
    return drawn


def raised(model: Path, drawn: list[Drawn]) -> list[bool]:
    """Tell on which lesions a model alerts: by its probabilities alone, one image at a time."""
    classifier = Classifier(ModelFile.read(model))
    found = []
    for one in drawn:
        inputs = classifier.prepare(one.path.read_bytes(), one.path.name)
        (prediction,) = classifier.predict(inputs[None], [120])
        share = dict(zip(classifier.contract.label_ids, prediction.probabilities, strict=True))
        others = share["pigmented_benign_keratosis"] + share["seborrheic_keratosis"]
        logs = [np.log(max(value, 1e-4)) for value in (share["melanoma"], others)]
        found.append(bool(0.5 + logs[0] - 0.5 * logs[1] >= -1.0))
    return found


def page(desk: Desk) -> FlipsDialog:
    window = desk.parts.window
    desk.wait(lambda: [one for one in window.findChildren(FlipsDialog) if one.isVisible()])
    return next(one for one in window.findChildren(FlipsDialog) if one.isVisible())


def decide(dialog: FlipsDialog, reason: str, initials: str = "") -> None:
    """Fill in the form of a decision and save it."""
    (sheet,) = dialog.findChildren(DecisionSheet)
    assert not sheet.save.isEnabled()
    sheet.reason.setPlainText(reason)
    if initials:
        sheet.initials.setText(initials)
    sheet.save.click()
