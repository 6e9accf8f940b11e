"""Adopting a model that was made of the one in use: what was found then is shown, and says whether a reason is needed."""

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QToolButton
from shiboken6 import isValid

from desktop.core.errors import RecordsError
from desktop.core.judging.better import Verdict
from desktop.core.judging.better_words import figure_sentences, verdict_sentence
from desktop.core.judging.improvement import improvement_from
from desktop.core.judging.training_pictures import SUFFIX, TrainingPictures
from desktop.core.records.audit_acts import Action, AuditFilter
from desktop.core.records.history import History
from desktop.core.records.model_decisions import ModelDecisions
from desktop.widgets.audit.audit_details import detail_text
from desktop.widgets.practice.decision_sheet import DecisionSheet
from desktop.widgets.practice.flips_dialog import FlipsDialog
from tests.improved import CLINICS, improvement, write_improvement
from tests.making import contract, write_model
from tests.widgets.conftest import Desk
from tests.widgets.practice.trial_history import DAY, decide, described, fill, page


def tried(desk: Desk) -> FlipsDialog:
    desk.parts.window.menus.actions["try history"].trigger()
    return page(desk)


def sheet_of(dialog: FlipsDialog) -> DecisionSheet:
    dialog.adopt.click()
    (sheet,) = dialog.findChildren(DecisionSheet)
    return sheet


def adopted(desk: Desk) -> str:
    """Wait until the new model is in use; return what the Model page says."""
    used = desk.parts.model
    desk.wait(lambda: used.classifier is not None and used.classifier.contract.name == "New model")
    desk.rest()
    desk.parts.window.show_workspace("model")
    return desk.texts(desk.parts.window.workspaces.model.page)


@pytest.mark.parametrize("verdict", CLINICS)
def test_each_verdict_is_shown_with_its_figures_and_kept(
    start: Callable[..., Desk], tmp_path: Path, old_file: Path, new_file: Path, verdict: Verdict
) -> None:
    fill(tmp_path / "data", tmp_path / "images")
    found = improvement(verdict, old_file, new_file, look=3)
    write_improvement(found, new_file)
    desk = start()
    dialog = tried(desk)
    said, shown = str(verdict_sentence(found)), desk.texts(dialog)
    for text in (said, *map(str, figure_sentences(found)), "Look 3 at your lesions"):
        assert text in shown
    failed = "Failed: Your lesions: alerts on no fewer melanomas; Your lesions: alerts on no fewer malignant lesions."
    assert (failed in shown) is (verdict is Verdict.WORSE)
    sheet = sheet_of(dialog)
    assert said in desk.texts(sheet)
    needs_reason = verdict is not Verdict.BETTER
    assert sheet.save.isEnabled() is not needs_reason
    assert ("It was not shown to be better: say why" in desk.texts(sheet)) is needs_reason
    if needs_reason:
        decide(dialog, "fewer alarms on naevi")
    else:
        sheet.save.click()
    card = adopted(desk)
    for text in (said, *map(str, figure_sentences(found))):
        assert text in card
    assert ("It was shown to be better than the model before." in card) is not needs_reason
    assert ("It was not shown to be better than the model before." in card) is needs_reason
    with History.open(desk.folder) as history:
        (decided,) = history.model_decisions.all()
        (act,) = history.audit.page(AuditFilter(actions=frozenset({Action.MODEL_DECIDED}))).acts
        assert history.training_exports.plan(contract().label_ids, found.new_model_sha256, "2026-11-29").look == 1
    assert decided.reason == ("fewer alarms on naevi" if needs_reason else "Shown to be better.")
    kept = decided.figures["improvement"]
    assert isinstance(kept, dict)
    assert improvement_from(kept) == found
    assert decided.figures["better"] is not needs_reason
    assert f"Compared when it was made: {verdict}." in detail_text(act)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda path: path.write_bytes(b"{"), "“new.verdict” cannot be read"),
        (
            lambda path: path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"look": 1}), "utf-8"),
            "“new.verdict” was changed, or is of another version",
        ),
        (
            lambda path: write_model(path.with_suffix(".onnx"), described("New model"), seed=22),
            "“new.verdict” is about another model file than “new.onnx”",
        ),
        (
            lambda path: write_model(path.with_name("old.onnx"), described("Old model"), seed=6),
            "“new.onnx” was compared with another model than the one in use",
        ),
    ],
    ids=["unreadable", "changed", "of another model", "of another base"],
)
def test_what_does_not_hold_is_said_and_a_reason_is_needed(
    start: Callable[..., Desk],
    tmp_path: Path,
    old_file: Path,
    new_file: Path,
    change: Callable[[Path], object],
    told: str,
) -> None:
    fill(tmp_path / "data", tmp_path / "images")
    change(write_improvement(improvement(Verdict.BETTER, old_file, new_file, look=2), new_file))
    desk = start()
    dialog = tried(desk)
    assert told in desk.texts(dialog)
    assert "it gains what it was made for" not in desk.texts(dialog)
    sheet = sheet_of(dialog)
    assert told in desk.texts(sheet)
    decide(dialog, "tried elsewhere")
    assert "It was not shown to be better than the model before" in adopted(desk)
    with History.open(desk.folder) as history:
        (decided,) = history.model_decisions.all()
    assert (decided.reason, decided.figures["better"], decided.figures["improvement"]) == (
        "tried elsewhere",
        False,
        None,
    )


def test_the_old_model_is_not_kept_without_a_reason(
    start: Callable[..., Desk], tmp_path: Path, old_file: Path, new_file: Path
) -> None:
    fill(tmp_path / "data", tmp_path / "images")
    write_improvement(improvement(Verdict.BETTER, old_file, new_file), new_file)
    desk = start()
    dialog = tried(desk)
    dialog.keep.click()
    decide(dialog, "too many alarms for us")
    desk.rest()
    with History.open(desk.folder) as history:
        (decided,) = history.model_decisions.all()
    assert (decided.decision, decided.reason) == ("kept", "too many alarms for us")


def test_a_melanoma_missed_in_the_comparison_is_a_picture_before_it_is_adopted(
    start: Callable[..., Desk], tmp_path: Path, old_file: Path, new_file: Path
) -> None:
    fill(tmp_path / "data", tmp_path / "images")
    with History.open(tmp_path / "data") as history:
        for patient in history.people.find_patients():
            history.people.correct_patient(patient.id, patient.pseudonym, patient.sex, by="MK", training_use="yes")
        exports = history.training_exports
        plan = exports.plan(contract().label_ids, "a" * 64, "2020-01-01")
        exports.note(plan, {one.lesion_id for one in plan.images}, by="MK")
    desk = start()
    lost = {pair.old.at.subject.lesion_id for pair in tried(desk).found.lost}
    kept = next(one for one in plan.images if one.label == "melanoma" and one.lesion_id not in lost)
    found = improvement(Verdict.WORSE, old_file, new_file, missed=(kept.lesion, "0" * 16))
    write_improvement(found, new_file)
    desk = start()
    desk.parts.window.show_workspace("model")
    desk.parts.window.workspaces.model.page.trial_bar.go_on.click()
    dialog = page(desk)
    assert {pair.old.at.subject.lesion_id for pair in dialog.found.lost} == {*lost, kept.lesion_id}
    text = desk.texts(dialog)
    assert "Melanomas that lose an alert" in text
    assert f"On {len(lost) + 1} melanomas the old model raises an alert that the new one does not raise." in text
    assert "1 melanoma that lost its alert in the comparison cannot be shown here" in text
    pair = next(one for one in dialog.found.lost if one.old.at.subject.lesion_id == kept.lesion_id)
    pictures = [
        one for one in dialog.findChildren(QToolButton) if f"{pair.old.at.owner.patient}," in one.accessibleName()
    ]
    assert len(pictures) == 1
    desk.wait(lambda: not pictures[0].icon().isNull())
    assert not dialog.findChildren(DecisionSheet)


def test_a_decision_that_fails_after_its_page_went_is_told_in_the_window(
    start: Callable[..., Desk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "data", tmp_path / "images")
    desk = start()
    dialog = tried(desk)

    def refuse(*_given: object, **_named: object) -> None:
        raise RecordsError("The disk is full.")

    monkeypatch.setattr(ModelDecisions, "record", refuse)
    with desk.slow_history():
        dialog.adopt.click()
        decide(dialog, "fewer alarms on naevi")
        desk.parts.trial.drop()  # as where the model in use becomes another
        desk.wait(lambda: not isValid(dialog))
    desk.wait(lambda: desk.parts.window.workspaces.messages.text() == "The disk is full.")


def test_better_is_not_said_where_the_history_says_worse(
    start: Callable[..., Desk], tmp_path: Path, old_file: Path, new_file: Path
) -> None:
    fill(tmp_path / "data", tmp_path / "images")
    for file, name, seed in ((old_file, "Old model", WORSE[0]), (new_file, "New model", WORSE[1])):
        write_model(file, dataclasses.replace(described(name), date=str(DAY)), seed=seed)
        nothing = TrainingPictures(described(name).training_data.fingerprint, np.ones((1, 4), np.uint64))
        file.with_suffix(SUFFIX).write_bytes(nothing.to_bytes())
    write_improvement(improvement(Verdict.BETTER, old_file, new_file), new_file)
    desk = start()
    dialog = tried(desk)
    assert "Worse here, do not use" in desk.texts(dialog)
    sheet = sheet_of(dialog)
    assert "This history says otherwise: say why" in desk.texts(sheet)
    decide(dialog, "the two melanomas were in situ")
    assert "It was not shown to be better than the model before." in adopted(desk)


WORSE = (5, 21)
"""Seeds of an old model and of a new one that alerts on fewer of the drawn melanomas."""
