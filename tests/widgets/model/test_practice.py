"""My practice: typed, preset, counted; what it does to the leading diagnosis; and that it is kept."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from shiboken6 import isValid

from desktop.core.inference.contract import Group
from desktop.core.inference.prior import PriorPoint, PriorTest
from desktop.core.paths import SHIPPED_MODEL
from desktop.core.records.history import History
from desktop.session.practice import Practice, PracticePrior
from desktop.system.settings import PRACTICE_PRIOR, Settings
from desktop.widgets.model.practice_dialog import PracticeDialog
from tests.core.records.history_contents import START, clock, keep
from tests.making import NINE, contract, write_model
from tests.widgets.conftest import Desk

LABELS = tuple(label.id for label in NINE)
PRIOR = {label: 0.2 if label == "melanoma" else 0.1 for label in LABELS}
KERATOSES = Group("keratosis", "Benign keratosis", ("pigmented_benign_keratosis", "seborrheic_keratosis"))
IMAGES = dict.fromkeys(LABELS, 100)
TEST = PriorTest(
    "900 images held out, cross-fitted",
    IMAGES,
    dict.fromkeys(LABELS, 70),
    (PriorPoint(0.03, dict.fromkeys(LABELS, 80) | {"melanoma": 30}), PriorPoint(0.2, dict.fromkeys(LABELS, 70))),
)


@pytest.fixture
def ask(make_desk: Callable[..., Desk], tmp_path: Path) -> Callable[..., tuple[Desk, PracticeDialog]]:
    """Open My practice from the menu, for a model of this contract."""

    def asked(**changes: object) -> tuple[Desk, PracticeDialog]:
        desk = make_desk(write_model(tmp_path / "model.onnx", contract(calibration_mix=PRIOR, **changes)))
        desk.wait(lambda: desk.parts.model.classifier is not None)
        desk.parts.window.menus.actions["practice"].trigger()
        (dialog,) = desk.parts.window.findChildren(PracticeDialog)
        return desk, dialog

    return asked


def press(dialog: PracticeDialog, text: str) -> None:
    next(button for button in dialog.findChildren(QPushButton) if button.text() == text).click()


def test_typed_share_is_used_and_kept(ask: Callable[..., tuple[Desk, PracticeDialog]]) -> None:
    desk, dialog = ask()
    assert dialog.own.isChecked()
    assert "20 %" in dialog.own.text()
    dialog.share.setValue(3.5)
    assert dialog.typed.isChecked()
    dialog.use.click()
    assert desk.parts.window.frame.practice.prior == PracticePrior(0.035)
    settings = Settings.open(desk.folder)
    desk.parts.window._session.settings.sync()
    assert Practice(settings).shares == {"melanoma": 0.035}


def test_share_takes_a_comma_and_a_refused_share_is_not_used(ask: Callable[..., tuple[Desk, PracticeDialog]]) -> None:
    desk, dialog = ask()
    dialog.share.selectAll()
    desk.qtbot.keyClicks(dialog.share, "2,5")
    assert dialog.prior == PracticePrior(0.025)
    dialog.share.selectAll()
    desk.qtbot.keyClicks(dialog.share, "150")
    assert not dialog.use.isEnabled()
    assert "in steps of 0.1" in desk.texts(dialog)


def test_preset_fills_in_the_share_and_the_own_prior_comes_back(
    ask: Callable[..., tuple[Desk, PracticeDialog]],
) -> None:
    desk, dialog = ask()
    press(dialog, "5 %")
    dialog.use.click()
    assert desk.parts.window.frame.practice.shares == {"melanoma": 0.05}
    desk.parts.window.menus.actions["practice"].trigger()
    (again,) = (one for one in desk.parts.window.findChildren(PracticeDialog) if one is not dialog and one.isVisible())
    assert again.typed.isChecked()
    assert again.share.value() == 5
    again.own.setChecked(True)
    again.use.click()
    assert desk.parts.window.frame.practice.prior is None


def test_count_has_its_interval_and_needs_twenty_melanomas(ask: Callable[..., tuple[Desk, PracticeDialog]]) -> None:
    desk, dialog = ask()
    dialog.found.setValue(19)
    dialog.lesions.setValue(640)
    assert not dialog.use.isEnabled()
    assert "19 melanomas are too few" in desk.texts(dialog)
    dialog.found.setValue(25)
    assert dialog.use.isEnabled()
    assert "3.9 % of the lesions (95 % interval 2.7 to 5.7 %)" in desk.texts(dialog)
    dialog.use.click()
    assert desk.parts.window.frame.practice.prior == PracticePrior(25 / 640, 25, 640)


def test_period_is_counted_in_the_history(ask: Callable[..., tuple[Desk, PracticeDialog]]) -> None:
    desk, dialog = ask()
    with History.open(desk.folder) as history:
        for number in range(30):
            entry_id = keep(history, f"{number}.jpg").entry_id
            image_id = history.people.image_id_of(history.entry(entry_id).image.sha256)
            history.assessments.add_outcome(
                image_id=image_id,
                kind="histopathology",
                diagnosis="melanoma in situ" if number < 10 else "nevus",
                label="melanoma" if number < 10 else None,
                date=dt.date(2026, 11, 23),
                by="MK",
            )
    dialog.count.click()
    desk.wait(lambda: dialog.lesions.value() == 30)
    assert dialog.found.value() == 10
    assert not dialog.use.isEnabled(), "fewer than twenty"


def test_a_count_that_comes_after_the_dialog_was_closed_is_not_wanted(
    ask: Callable[..., tuple[Desk, PracticeDialog]],
) -> None:
    desk, dialog = ask()
    with desk.slow_history():
        dialog.count.click()
        dialog.reject()
        desk.wait(lambda: not isValid(dialog))


def test_lesion_counts_once_by_its_newest_histology_and_only_in_its_period(tmp_path: Path) -> None:
    with History.open(tmp_path, now=clock()) as history:
        patient = history.people.add_patient("P-1", "male", by="MK")
        visit = history.people.begin_visit(patient.id, START.date(), "", by="MK")
        lesion = history.people.add_lesion(patient.id, "L1", "", by="MK")
        for name in ("a.jpg", "b.jpg"):
            entry = history.entry(keep(history, name).entry_id)
            image_id = history.people.image_id_of(entry.image.sha256)
            assert image_id is not None
            history.people.place(image_id, kind="dermoscopy", lesion_id=lesion.id, visit_id=visit.id, by="MK")
        for diagnosis in ("nevus", "melanoma"):
            history.assessments.add_outcome(
                lesion_id=lesion.id, kind="histopathology", diagnosis=diagnosis, date=START.date(), by="MK"
            )
        binned = keep(history, "binned.jpg").entry_id
        history.bin([binned], by="MK")
        day = dt.timedelta(days=1)
        found = history.count_practice(START - day, START + day)
        assert (found.melanomas, found.lesions) == (1, 1)
        before = history.count_practice(START - 2 * day, START - day)
        assert (before.melanomas, before.lesions) == (0, 0)


def test_shares_of_other_diagnoses_are_used_and_kept(ask: Callable[..., tuple[Desk, PracticeDialog]]) -> None:
    desk, dialog = ask(groups=(KERATOSES,), prior_test=TEST)
    press(dialog, "3 %")
    dialog.others.wanted.setChecked(True)
    dialog.others.field("nevus").setValue(60)
    dialog.others.field("seborrheic_keratosis").setValue(10)
    assert dialog.others.field("seborrheic_keratosis") is dialog.others.field("pigmented_benign_keratosis")
    assert dialog.others.field("basal_cell_carcinoma").text() == "in proportion"
    assert "Shares of other diagnoses are left out here" in dialog.table.note
    dialog.use.click()
    desk.parts.window._session.settings.sync()
    others = {"nevus": 0.6, "pigmented_benign_keratosis": 0.05, "seborrheic_keratosis": 0.05}
    assert Practice(Settings.open(desk.folder)).shares == pytest.approx({"melanoma": 0.03, **others})
    desk.parts.window.menus.actions["practice"].trigger()
    (again,) = (one for one in desk.parts.window.findChildren(PracticeDialog) if one is not dialog and one.isVisible())
    assert again.others.shares == pytest.approx(others)
    again.others.wanted.setChecked(False)
    again.use.click()
    assert desk.parts.window.frame.practice.prior == PracticePrior(0.03)


def test_shares_that_do_not_fit_together_are_refused_in_a_sentence(
    ask: Callable[..., tuple[Desk, PracticeDialog]],
) -> None:
    desk, dialog = ask()
    press(dialog, "3 %")
    dialog.others.wanted.setChecked(True)
    dialog.others.field("nevus").setValue(97)
    assert not dialog.use.isEnabled()
    assert "The shares add up to 100.0 %. They must leave something for the other diagnoses." in desk.texts(dialog)
    dialog.others.field("nevus").setValue(96)
    assert dialog.use.isEnabled()
    for label in LABELS:
        if label != "melanoma":
            dialog.others.field(label).setValue(12)
    assert not dialog.use.isEnabled()
    assert "The shares add up to 99.0 %. Where every diagnosis has one" in desk.texts(dialog)
    dialog.others.field("nevus").setValue(13)
    assert dialog.use.isEnabled()
    dialog.use.click()
    assert desk.parts.window.frame.practice.shares is not None


def test_leading_diagnosis_is_told_before_and_after(ask: Callable[..., tuple[Desk, PracticeDialog]]) -> None:
    _desk, dialog = ask(prior_test=TEST)
    press(dialog, "3 %")
    heading, accuracy, balanced, melanoma = dialog.table.rows
    assert heading == ["", "image alone", "for 3 %"]
    assert accuracy[1:] == ["70 %", f"{100 * (0.03 * 0.3 + 0.97 * 0.8):.0f} %"]
    assert balanced[1:] == ["70 %", f"{100 * (0.3 + 8 * 0.8) / 9:.0f} %"]
    assert [cell.split(" (")[0] for cell in melanoma[1:]] == ["70 %", "30 %"]


def test_the_models_own_share_has_the_figures_of_the_image_alone(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(SHIPPED_MODEL)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.parts.window.menus.actions["practice"].trigger()
    (dialog,) = desk.parts.window.findChildren(PracticeDialog)
    assert dialog.own.isChecked()
    heading, *rows = dialog.table.rows
    share = heading[2].removeprefix("for ")
    assert dialog.own.text() == f"The model's own: {share}"
    assert all(alone == own for _name, alone, own in rows)


def test_file_without_that_test_says_that_it_is_not_known(ask: Callable[..., tuple[Desk, PracticeDialog]]) -> None:
    _desk, dialog = ask()
    press(dialog, "3 %")
    assert dialog.table.rows == []
    assert "Not known for this model" in dialog.table.note


def test_model_without_a_prior_of_its_own_is_said_to_have_none(desk: Desk) -> None:
    desk.parts.window.menus.actions["practice"].trigger()
    assert desk.parts.window.findChildren(PracticeDialog) == []
    assert "does not say what its percentages assume" in desk.texts(desk.parts.window.visit_page)


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"melanomas": 3}',
        '{"melanomas": "0.1"}',
        '{"share": 0.1}',
        '{"melanomas": 0.1, "others": [0.2]}',
        '{"melanomas": 0.1, "others": {"nevus": 0.95}}',
        '{"melanomas": 0.1, "others": {"nevus": 0}}',
    ],
)
def test_setting_that_was_altered_is_no_prior(tmp_path: Path, text: str) -> None:
    settings = Settings.open(tmp_path)
    settings.put(PRACTICE_PRIOR, text)
    assert Practice(settings).prior is None
