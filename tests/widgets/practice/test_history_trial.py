"""Model > Try on the history: another model's answers, what changes, the list Look again, and the decision."""

import dataclasses
import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QFileDialog, QPushButton, QToolButton

from desktop.core.image_copies.hashes import THUMBNAIL
from desktop.core.imaging.preprocessing import checked_input
from desktop.core.inference.contract import HASH_DIGITS, Recalibration
from desktop.core.judging import learned_lesions
from desktop.core.judging.better import Verdict
from desktop.core.judging.learned_lesions import LearnedLesions
from desktop.core.judging.training_pictures import SUFFIX, TrainingPictures
from desktop.core.records.audit_acts import Action, AuditFilter, RecordedStep
from desktop.core.records.history import History
from desktop.core.records.model_decisions import Decision
from desktop.core.records.safety_net import Gap
from desktop.session.undo import Failed, Step
from desktop.system.settings import HISTORY_TRIAL, MODEL
from desktop.widgets.audit.audit_details import detail_text
from desktop.widgets.audit.audit_words import action_text
from desktop.widgets.common.wording import shown_after
from desktop.widgets.practice.decision_sheet import DecisionSheet
from desktop.widgets.practice.flips_dialog import FlipsDialog
from desktop.widgets.today.net_table import NetTable
from desktop.widgets.today.step_dialog import StepDialog
from tests.judged import draw_blotches
from tests.making import contract, write_model
from tests.widgets.conftest import Desk
from tests.widgets.practice.trial_history import (
    DAY,
    LESIONS,
    PER_TRUTH,
    TRUTHS,
    add_lesion,
    decide,
    described,
    fill,
    page,
    raised,
)


def test_what_changes_is_what_the_two_files_say(
    start: Callable[..., Desk], tmp_path: Path, old_file: Path, new_file: Path
) -> None:
    drawn = fill(tmp_path / "data", tmp_path / "images")
    desk = start()
    with History.open(desk.folder) as history:
        before = history.entries()
    desk.parts.window.menus.actions["try history"].trigger()
    dialog = page(desk)
    old, new = raised(old_file, drawn), raised(new_file, drawn)
    truths = [one.truth for one in drawn]
    by_old = Counter(truth for truth, is_raised in zip(truths, old, strict=True) if is_raised)
    by_new = Counter(truth for truth, is_raised in zip(truths, new, strict=True) if is_raised)
    only = Counter(zip(truths, old, new, strict=True))
    text = desk.texts(dialog)
    assert f"Of {PER_TRUTH} melanomas with histology: old {by_old['melanoma']}, new {by_new['melanoma']}." in text
    benign = f"Of {PER_TRUTH} lesions that histology showed not to be malignant"
    assert f"{benign}: old {by_old['nevus']}, new {by_new['nevus']}." in text
    assert f"Of {PER_TRUTH} lesions without histology: old {by_old['']}, new {by_new['']}." in text
    lost, again = only["melanoma", True, False], only["", False, True]
    assert len(only) == len(TRUTHS) * 4, "or the drawings leave something untried"
    assert f"On {lost} melanoma" in text
    assert f"{again} lesions without histology on which only the new model alerts" in text
    assert "No verdict: which images the old and the new model learned from is not known." in text
    assert "%" not in text.replace("intervals are 95 %", "").replace("no per cent", "")
    figures = dialog.found.flips.figures()
    assert figures["lesions"] == figures["images"] == LESIONS
    desk.rest()
    with History.open(desk.folder) as history:
        assert history.entries() == before, "no answer that was given is another"
        listed = [item for item in history.safety_net.items(DAY) if item.gap is Gap.LOOK_AGAIN]
        (viewed,) = history.audit.page(AuditFilter(actions=frozenset({Action.FLIPS_VIEWED}))).acts
    wanted = [
        one.patient for one, *said in zip(drawn, old, new, strict=True) if not one.truth and said == [False, True]
    ]
    assert sorted(item.patient.pseudonym for item in listed if item.patient is not None) == wanted
    assert {item.last_visit for item in listed} == {DAY}
    changed = sum(a != b for a, b in zip(old, new, strict=True))
    assert detail_text(viewed) == f"{LESIONS} lesions, {changed} of them change"


def test_the_list_look_again_is_worked_off_with_initials(start: Callable[..., Desk], tmp_path: Path) -> None:
    fill(tmp_path / "data", tmp_path / "images")
    desk = start()
    desk.parts.window.menus.actions["try history"].trigger()
    page(desk).close()
    desk.parts.window.show_workspace("today")
    today = desk.parts.window.workspaces.today.page
    desk.wait(lambda: today.findChild(NetTable) is not None)
    table = today.findChild(NetTable)
    assert table is not None
    today.gaps.setCurrentIndex(today.gaps.findData(Gap.LOOK_AGAIN))
    listed = table.open_items
    assert len(listed) > 0
    assert {item.gap for item in listed} == {Gap.LOOK_AGAIN}
    table.close_requested.emit(listed[:1])
    (form,) = desk.parts.window.findChildren(StepDialog)
    assert form.windowTitle() == "Looked at again"
    form.initials.setText("AB")
    form.note.setPlainText("regular, called back in 3 months")
    form.save.click()
    desk.wait(lambda: len(table.open_items) == len(listed) - 1)
    desk.rest()
    with History.open(desk.folder) as history:
        left = [item for item in history.safety_net.items(DAY) if item.gap is Gap.LOOK_AGAIN]
        (act,) = history.audit.page(AuditFilter(actions=frozenset({Action.STEP_RECORDED}))).acts
    assert left == listed[1:]
    assert (act.patient, act.content) == (
        listed[0].patient.pseudonym if listed[0].patient else "",
        RecordedStep(dt.datetime.now().astimezone().date(), "regular, called back in 3 months", "AB"),
    )


def test_a_lesion_to_look_at_again_says_why_and_can_be_done_there(start: Callable[..., Desk], tmp_path: Path) -> None:
    fill(tmp_path / "data", tmp_path / "images")
    desk = start()
    desk.parts.window.menus.actions["try history"].trigger()
    page(desk).close()
    desk.parts.window.show_workspace("today")
    today = desk.parts.window.workspaces.today.page
    desk.wait(lambda: today.findChild(NetTable) is not None)
    today.gaps.setCurrentIndex(today.gaps.findData(Gap.LOOK_AGAIN))
    table = today.findChild(NetTable)
    assert table is not None
    item, other = table.open_items[:2]
    table.opened.emit(item)
    follow_up = desk.parts.window.workspaces.follow_up
    desk.wait(follow_up.page.messages.isVisible)
    assert item.lesion is not None
    assert follow_up.lesion is not None
    assert follow_up.lesion.id == item.lesion.id
    assert "by “New model” alone" in follow_up.page.messages.text()
    (button,) = (one for one in follow_up.page.messages.findChildren(QPushButton) if one.text() == "Looked again…")
    button.click()
    (form,) = desk.parts.window.findChildren(StepDialog)
    form.initials.setText("AB")
    form.note.setPlainText("regular")
    form.save.click()
    desk.rest()
    with History.open(desk.folder) as history:
        left = [one.subject_id for one in history.safety_net.items(DAY) if one.gap is Gap.LOOK_AGAIN]
    assert item.subject_id not in left
    assert other.subject_id in left


def test_nothing_is_told_of_lesions_that_wait_for_an_own_diagnosis(start: Callable[..., Desk], tmp_path: Path) -> None:
    waiting = 15
    fill(tmp_path / "data", tmp_path / "images", unassessed=waiting)
    desk = start(blind=True)
    desk.parts.window.menus.actions["try history"].trigger()
    dialog = page(desk)
    flips = dialog.found.flips
    assert (flips.lesions, flips.concealed) == (LESIONS - waiting, waiting)
    left_out = f"{waiting} lesions are left out while blind-first hides their answers."
    assert f"{left_out} {shown_after()}" in desk.texts(dialog)
    concealed = {f"P-{number:02}" for number in range(waiting)}
    assert not concealed & {pair.old.at.owner.patient for pair in flips.changed}
    desk.rest()
    with History.open(desk.folder) as history:
        items = history.safety_net.items(DAY)
        listed = history._database.read_ids("SELECT image FROM look_again")
    again = [one.patient.pseudonym for one in items if one.gap is Gap.LOOK_AGAIN and one.patient is not None]
    assert not concealed & set(again)
    assert len(listed) > len(again), "it is listed, and shown once it is assessed"


def test_elsewhere_the_end_of_a_trial_is_told_and_opens_nothing(start: Callable[..., Desk], tmp_path: Path) -> None:
    fill(tmp_path / "data", tmp_path / "images")
    desk = start()
    desk.parts.window.menus.actions["try history"].trigger()
    desk.parts.window.show_workspace("batch")
    messages = desk.parts.window.workspaces.batch.page.messages
    desk.wait(lambda: "“new.onnx” was tried on the history" in messages.text())
    assert not desk.parts.window.findChildren(FlipsDialog)


def test_another_model_in_use_closes_the_page(start: Callable[..., Desk], tmp_path: Path, new_file: Path) -> None:
    fill(tmp_path / "data", tmp_path / "images")
    desk = start()
    desk.parts.window.menus.actions["try history"].trigger()
    dialog = page(desk)
    desk.parts.model.load(new_file)
    desk.wait(lambda: not any(one.isVisible() for one in desk.parts.window.findChildren(FlipsDialog)))
    assert dialog.found.new.path == new_file
    assert not desk.parts.trial.state.is_answered


def test_a_picture_opens_the_lesion(start: Callable[..., Desk], tmp_path: Path) -> None:
    fill(tmp_path / "data", tmp_path / "images")
    desk = start()
    desk.parts.window.menus.actions["try history"].trigger()
    dialog = page(desk)
    first = dialog.found.flips.changed[0]
    picture = dialog.findChildren(QToolButton)[0]
    desk.wait(lambda: not picture.icon().isNull())
    picture.click()
    desk.wait(lambda: desk.parts.window.workspaces.current == "follow_up")
    desk.wait(lambda: desk.parts.open_patient.patient is not None)
    assert desk.parts.open_patient.patient is not None
    assert desk.parts.open_patient.patient.pseudonym == first.old.at.owner.patient
    desk.parts.window.show_workspace("model")
    desk.parts.window.workspaces.model.page.trial_bar.show_changes.click()
    assert page(desk).found.flips.changed[0].old.at.subject == first.old.at.subject


def test_the_page_comes_once_and_has_what_came_since(start: Callable[..., Desk], tmp_path: Path) -> None:
    fill(tmp_path / "data", tmp_path / "images")
    desk = start()
    desk.parts.window.menus.actions["try history"].trigger()
    page(desk).close()
    with History.open(desk.folder) as history:
        add_lesion(history, draw_blotches(tmp_path / "new.png", 99, [120, 60, 40]), "P-99")
    bar = desk.parts.window.workspaces.model.page.trial_bar
    bar.show_changes.click()
    assert not bar.show_changes.isVisible(), "or a second click opens a second page"
    dialog = page(desk)
    assert (dialog.found.images, dialog.found.unanswered) == (LESIONS + 1, 0)
    desk.rest()
    assert [one for one in desk.parts.window.findChildren(FlipsDialog) if one.isVisible()] == [dialog]


def test_a_model_is_adopted_with_a_reason_and_the_figures(
    start: Callable[..., Desk], tmp_path: Path, old_file: Path, new_file: Path
) -> None:
    drawn = fill(tmp_path / "data", tmp_path / "images")
    desk = start()
    desk.parts.window.menus.actions["try history"].trigger()
    dialog = page(desk)
    figures = dialog.found.flips.figures()
    dialog.adopt.click()
    assert "that the new one does not raise" in desk.texts(dialog.findChildren(DecisionSheet)[0])
    decide(dialog, "fewer alarms on naevi", "AB")
    used = desk.parts.model
    desk.wait(lambda: used.classifier is not None and used.classifier.contract.name == "New model")
    desk.rest()
    assert desk.parts.window.frame.strip._line == "Saved: adoption of model “New model”"
    assert desk.parts.settings.get(MODEL) == str(new_file)
    assert desk.parts.settings.get(HISTORY_TRIAL) == ""
    assert not desk.parts.window.workspaces.model.page.trial_bar.isVisible()
    desk.parts.window.show_workspace("model")
    card = desk.texts(desk.parts.window.workspaces.model.page)
    assert "fewer alarms on naevi" in card
    assert "It was not shown to be better than the model before" in card
    with History.open(desk.folder) as history:
        (decided,) = history.model_decisions.all()
        (act,) = history.audit.page(AuditFilter(actions=frozenset({Action.MODEL_DECIDED}))).acts
        assert {entry.model_name for entry in history.entries()} == {"Test model"}, "old answers keep their model"
    assert (decided.decision, decided.name, decided.present_name) == (Decision.ADOPTED, "New model", "Old model")
    assert (decided.reason, decided.initials) == ("fewer alarms on naevi", "AB")
    unknown = {"unanswered": 0, "training known": {"old": False, "new": False}, "verdict": Verdict.UNKNOWN_TRAINING}
    unknown |= {"better": False, "improvement": None}
    assert decided.figures == figures | unknown
    old, new = raised(old_file, drawn), raised(new_file, drawn)
    melanomas = [pair for one, *pair in zip(drawn, old, new, strict=True) if one.truth == "melanoma"]
    counts = tuple(sum(column) for column in zip(*melanomas, strict=True))
    alerted = "Of {} melanomas with histology: old {}, new {}.".format(len(melanomas), *counts)
    assert action_text(act) == "Model adopted"
    assert detail_text(act) == f"“New model” in place of “Old model”. fewer alarms on naevi {alerted}"


def unchanged(done: Callable[[Step | None], None], _failed: Failed) -> None:
    """Undo nothing: a change that the stack only has to name."""
    done(None)


def test_the_old_model_is_kept(start: Callable[..., Desk], tmp_path: Path) -> None:
    fill(tmp_path / "data", tmp_path / "images")
    desk = start()
    desk.parts.window.menus.actions["try history"].trigger()
    dialog = page(desk)
    strip, stack = desk.parts.window.frame.strip, desk.parts.window.frame.undo_stack
    stack.add("outcome of P-09, L2", unchanged)
    strip.say_saved("outcome of P-09, L2")
    dialog.keep.click()
    decide(dialog, "no gain")
    desk.wait(lambda: desk.parts.settings.get(HISTORY_TRIAL) == "")
    desk.rest()
    assert strip._line == "Saved: keeping of model “Old model”"
    assert stack.has_ended, "undo beside it would withdraw a histology"
    assert desk.parts.model.classifier is not None
    assert desk.parts.model.classifier.contract.name == "Old model"
    with History.open(desk.folder) as history:
        (decided,) = history.model_decisions.all()
        (act,) = history.audit.page(AuditFilter(actions=frozenset({Action.MODEL_DECIDED}))).acts
    assert (decided.decision, decided.initials) == (Decision.KEPT, "MK")
    assert action_text(act) == "Model kept"
    assert detail_text(act).startswith("“Old model”, not “New model”. no gain")


def test_a_trial_goes_on_after_a_restart_and_gone_images_are_counted(
    start: Callable[..., Desk], tmp_path: Path
) -> None:
    drawn = fill(tmp_path / "data", tmp_path / "images")
    drawn[0].path.unlink()
    drawn[1].path.write_bytes(b"no image")
    desk = start()
    trial = desk.parts.trial
    answered: list[int] = []

    def stop_early() -> None:
        if trial.state.is_running and 0 < trial.state.done < trial.state.total:
            answered.append(trial.state.done)
            trial.stop()

    trial.changed.connect(stop_early)
    desk.parts.window.menus.actions["try history"].trigger()
    desk.wait(lambda: answered)
    desk.rest()
    bar = desk.parts.window.workspaces.model.page.trial_bar
    assert "“new.onnx” is to be tried on the history." in bar.text.text()
    desk = start()
    desk.parts.window.show_workspace("model")
    bar = desk.parts.window.workspaces.model.page.trial_bar
    bar.go_on.click()
    dialog = page(desk)
    unreadable = 2
    assert desk.parts.trial.state.total == 2 * LESIONS - answered[0], "what was answered is not asked"
    assert f"{unreadable} images are gone or damaged, and not compared." in desk.texts(dialog)
    assert dialog.found.flips.lesions == LESIONS - unreadable
    dialog.close()
    bar.drop.click()
    assert not bar.isVisible()
    assert desk.parts.settings.get(HISTORY_TRIAL) == ""


def test_the_model_in_use_and_one_without_alerts_are_refused(
    start: Callable[..., Desk], tmp_path: Path, old_file: Path, new_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "data", tmp_path / "images")
    desk = start()
    messages = desk.parts.window.workspaces.model.page.messages
    for file, told in (
        (old_file, "“old.onnx” is the model in use."),
        (write_model(tmp_path / "silent.onnx", contract(name="Silent")), "“silent.onnx” raises no alerts"),
    ):
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args, file=file: (str(file), ""))
        desk.parts.window.menus.actions["try history"].trigger()
        desk.wait(lambda told=told: told in messages.text())
        assert not desk.parts.window.workspaces.model.page.trial_bar.isVisible()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(new_file), ""))
    desk.parts.window.menus.actions["try history"].trigger()
    page(desk)
    assert messages.isHidden(), "the error of an earlier file is not that of this one"


def test_a_lesion_that_was_exported_for_the_model_stands_apart(
    start: Callable[..., Desk], tmp_path: Path, new_file: Path
) -> None:
    fill(tmp_path / "data", tmp_path / "images")
    with History.open(tmp_path / "data") as history:
        for patient in history.people.find_patients():
            history.people.correct_patient(patient.id, patient.pseudonym, patient.sex, by="MK", training_use="yes")
        exports = history.training_exports
        plan = exports.plan(contract().label_ids, "a" * 64, "2020-01-01")
        exports.note(plan, {one.lesion_id for one in plan.images}, by="MK")
    taught = [one for one in plan.images if one.split == "train"][:3]
    note = LearnedLesions({"this history": tuple(one.lesion for one in taught), "another": ("0" * 16,)})
    new_file.with_suffix(learned_lesions.SUFFIX).write_bytes(msgspec.json.encode(note))
    desk = start()
    desk.parts.window.menus.actions["try history"].trigger()
    dialog = page(desk)
    found = {pair.old.at.subject.lesion_id for pair in dialog.found.flips.learned}
    assert found == {one.lesion_id for one in taught}
    assert "3 lesions are not counted: one of the models learned from them." in desk.texts(dialog)


def test_a_lesion_that_a_model_was_set_on_is_not_counted_without_histology_either(
    start: Callable[..., Desk], tmp_path: Path, new_file: Path
) -> None:
    drawn = fill(tmp_path / "data", tmp_path / "images")
    set_on = next(one for one in drawn if not one.truth)
    sha256 = hashlib.sha256(set_on.path.read_bytes()).hexdigest()
    made = Recalibration("2026-11-28", "0" * 64, 1.4, False, 1, 1, 0, "f" * 64, (sha256[:HASH_DIGITS],), (), ())
    write_model(new_file, dataclasses.replace(described("New model"), recalibration=made), seed=21)
    desk = start()
    desk.parts.window.menus.actions["try history"].trigger()
    dialog = page(desk)
    assert [pair.old.at.owner.patient for pair in dialog.found.flips.learned] == [set_on.patient]
    assert f"Of {PER_TRUTH - 1} lesions without histology" in desk.texts(dialog)
    assert "1 lesion is not counted: one of the models learned from it." in desk.texts(dialog)


def test_lesions_that_a_model_learned_from_stand_apart(
    make_desk: Callable[..., Desk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = fill(tmp_path / "data", tmp_path / "images")
    files = []
    for name, seed, learned in (("old", 5, drawn[0]), ("new", 21, drawn[1])):
        training = contract().training_data
        fingerprint = f"{seed:064}"
        file = write_model(
            tmp_path / f"{name}.onnx",
            dataclasses.replace(described(name), training_data=dataclasses.replace(training, fingerprint=fingerprint)),
            seed=seed,
        )
        thumbnail, _ = checked_input(learned.path.read_bytes(), THUMBNAIL, "stretch", learned.path.name)
        pictures = TrainingPictures.of(fingerprint, thumbnail[None])
        file.with_suffix(SUFFIX).write_bytes(pictures.to_bytes())
        files.append(file)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(files[1]), ""))
    desk = make_desk(files[0])
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.parts.window.staged_start.finish()
    desk.parts.window.menus.actions["try history"].trigger()
    dialog = page(desk)
    text = desk.texts(dialog)
    assert "2 lesions are not counted: one of the models learned from them." in text
    assert (
        "Too few melanomas here to tell: 0 were proved by histology since the old model was made (2026-11-23)" in text
    )
    assert {pair.old.at.owner.patient for pair in dialog.found.flips.learned} == {"P-00", "P-01"}
    assert f"Of {PER_TRUTH - 1} melanomas with histology" in text
    assert dialog.found.flips.lesions == LESIONS - 2
