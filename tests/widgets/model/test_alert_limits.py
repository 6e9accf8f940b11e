"""The alert limits: what each costs, chosen with a reason by mouse or keys; earlier answers keep theirs."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QPushButton, QRadioButton

from desktop.core.inference.alerts import Alert
from desktop.core.records.history import History
from desktop.core.records.schema import FILE_NAME
from desktop.core.records.working_points import WorkingPointChange
from desktop.session.opening_request import of_entry
from desktop.system.settings import INITIALS
from desktop.widgets.answer.headline import Headline
from desktop.widgets.model.alert_limits_dialog import AlertLimitsDialog
from tests.alerts import ALWAYS, MELANOMA, NEVER, POINT, at_two_points, cancer_alert
from tests.making import contract, write_lesion, write_model
from tests.platforms import posix
from tests.widgets.conftest import Desk
from tests.widgets.history.test_history import choose as choose_entry
from tests.widgets.report.test_report import close as close_report
from tests.widgets.report.test_report import dialog as report
from tests.widgets.report.test_report import text as report_text

MakeDesk = Callable[..., Desk]
TWO_POINTS = at_two_points(MELANOMA, NEVER, ALWAYS)
DEFAULT, OTHER = {"melanoma": 0.95, "malignant": 0.95}, {"melanoma": 0.98, "malignant": 0.95}


@pytest.fixture
def with_alerts(make_desk: MakeDesk, tmp_path: Path) -> Callable[..., Desk]:
    """Open a window whose model has these alerts, by default one for melanoma with two limits and one for skin cancer."""

    def _with_alerts(*alerts: Alert) -> Desk:
        alerts = alerts or (TWO_POINTS, cancer_alert(NEVER))
        desk = make_desk(write_model(tmp_path / "model.onnx", contract(alerts=alerts)))
        desk.wait(lambda: desk.parts.model.classifier is not None)
        return desk

    return _with_alerts


def ask(desk: Desk) -> AlertLimitsDialog:
    """Open the dialog by its menu entry."""
    (entry,) = [one for one in desk.parts.window.findChildren(QAction) if one.text() == "&Alert limits…"]
    entry.trigger()
    desk.wait(lambda: dialogs(desk))
    return dialogs(desk)[0]


def dialogs(desk: Desk) -> list[AlertLimitsDialog]:
    return [one for one in desk.parts.window.findChildren(AlertLimitsDialog) if one.isVisible()]


def button(dialog: AlertLimitsDialog, text: str) -> QPushButton:
    (found,) = [one for one in dialog.findChildren(QPushButton) if one.text().replace("&", "") == text]
    return found


def press(desk: Desk, choice: QRadioButton) -> None:
    """Press a choice at its beginning: it is as wide as the dialog, its text is not."""
    desk.qtbot.mouseClick(choice, Qt.MouseButton.LeftButton, pos=QPoint(10, choice.height() // 2))


def choose_98(desk: Desk) -> None:
    """Set the melanoma alert to 98 % by mouse."""
    dialog = ask(desk)
    left = Qt.MouseButton.LeftButton
    press(desk, dialog.choices["melanoma"][0.98])
    desk.qtbot.keyClicks(dialog.reason, "high-risk clinic")
    desk.qtbot.mouseClick(button(dialog, "Set the limits"), left)
    desk.wait(lambda: points(desk) == OTHER)
    desk.wait(lambda: not dialogs(desk))


def points(desk: Desk) -> dict[str, float]:
    classifier = desk.parts.model.classifier
    return {} if classifier is None else dict(classifier.working_points)


def changes(desk: Desk) -> list[WorkingPointChange]:
    with History.open(desk.folder) as history:
        return history.working_points.changes()


def panel(desk: Desk) -> str:
    return desk.texts(desk.parts.window.visit_page.result_panel)


def test_each_limit_is_told_as_counts_beside_those_of_the_one_in_use(with_alerts: Callable[..., Desk]) -> None:
    desk = with_alerts()
    dialog = ask(desk)
    names = {alert: [one.text() for one in buttons.values()] for alert, buttons in dialog.choices.items()}
    assert names == {
        "melanoma": [
            "Found 95.0 % of melanomas in testing (set for 95 %), in use",
            "Found 97.0 % of melanomas in testing (set for 98 %)",
        ],
        "malignant": ["Found 95.0 % of skin cancers in testing (set for 95 %), in use"],
    }
    texts = desk.texts(dialog).splitlines()
    assert (
        "Finds 190 of 200 melanomas, misses 10. Raised for nothing for 100 of 200 biopsied naevi, 30 of 100 other biopsied "
        "lesions, 2 of 400 naevi under follow-up."
    ) in texts
    assert (
        "Finds 194 of 200 melanomas instead of 190, misses 6 instead of 10. Raised for nothing for 140 of 200 biopsied naevi "
        "instead of 100, 45 of 100 other biopsied lesions instead of 30, 5 of 400 naevi under follow-up instead of 2."
    ) in texts


def test_limit_is_named_by_what_it_found(with_alerts: Callable[..., Desk], tmp_path: Path) -> None:
    fewer = dataclasses.replace(MELANOMA, curve=(dataclasses.replace(POINT, found=187),))
    desk = with_alerts(fewer)
    assert ask(desk).choices["melanoma"][0.95].text() == "Found 93.5 % of melanomas in testing (set for 95 %), in use"
    dialogs(desk)[0].reject()
    desk.open(write_lesion(tmp_path / "lesion.png"))
    assert "Alert limits: found 93.5 % of melanomas in testing (set for 95 %)." in panel(desk)


def test_limit_is_set_with_the_mouse_and_a_reason(with_alerts: Callable[..., Desk]) -> None:
    desk = with_alerts()
    desk.parts.window._session.settings.put(INITIALS, "MK")
    dialog = ask(desk)
    accept, left = button(dialog, "Set the limits"), Qt.MouseButton.LeftButton
    assert not accept.isEnabled()
    desk.qtbot.keyClicks(dialog.reason, "nothing is changed")
    assert not accept.isEnabled()
    dialog.reason.clear()
    choice = dialog.choices["melanoma"][0.98]
    press(desk, choice)
    assert choice.isChecked()
    assert not accept.isEnabled(), "a reason is required"
    desk.qtbot.keyClicks(dialog.reason, "  ")
    assert not accept.isEnabled()
    desk.qtbot.keyClicks(dialog.reason, "high-risk clinic")
    desk.qtbot.mouseClick(accept, left)
    desk.wait(lambda: points(desk) == OTHER)
    desk.wait(lambda: not dialogs(desk))
    (change,) = changes(desk)
    assert (change.alert, change.old, change.new, change.reason) == ("melanoma", 0.95, 0.98, "high-risk clinic")
    assert change.initials == "MK"
    again = ask(desk)
    assert again.choices["melanoma"][0.98].text().endswith(", in use")
    assert "MK: Melanoma alert set from 95 to 98 %. high-risk clinic" in desk.texts(again)


def test_limit_is_set_with_the_keys_alone(with_alerts: Callable[..., Desk]) -> None:
    desk = with_alerts()
    dialog = ask(desk)
    desk.wait(lambda: QApplication.focusWidget() is dialog.choices["melanoma"][0.95])
    desk.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    assert dialog.choices["melanoma"][0.98].isChecked()
    for _ in range(6):
        if QApplication.focusWidget() is not dialog.reason:
            desk.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is dialog.reason
    desk.qtbot.keyClicks(dialog.reason, "5 %")
    desk.qtbot.keyClick(dialog.reason, Qt.Key.Key_Return)
    desk.wait(lambda: points(desk) == OTHER)
    assert [change.reason for change in changes(desk)] == ["5 %"]


def test_esc_leaves_the_limits_as_they_are(with_alerts: Callable[..., Desk]) -> None:
    desk = with_alerts()
    dialog = ask(desk)
    dialog.choices["melanoma"][0.98].setChecked(True)
    desk.qtbot.keyClicks(dialog.reason, "no")
    desk.qtbot.keyClick(dialog.reason, Qt.Key.Key_Escape)
    assert not dialogs(desk)
    desk.rest()
    assert points(desk) == DEFAULT
    assert changes(desk) == []


def test_earlier_answers_keep_the_limit_under_which_they_were_given(
    with_alerts: Callable[..., Desk], tmp_path: Path
) -> None:
    desk = with_alerts()
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    (before,) = desk.entries()
    choose_98(desk)
    desk.wait(lambda: len(desk.entries()) == 2)
    (box,) = desk.parts.window.visit_page.result_panel.findChildren(Headline)
    assert box.content[:2] == ("flag", "Melanoma alert")
    assert "raised for 97 of 100 melanomas and 70 of 100 naevi" in box.content[2]
    assert "Alert limits: found 97.0 % of melanomas in testing (set for 98 %)" in panel(desk)
    new, old = desk.entries()
    assert (old.id, old.time, old.answer) == (before.id, before.time, before.answer)
    assert (old.answer.working_points, old.answer.flags) == (DEFAULT, ())
    assert (new.answer.working_points, new.answer.flags) == (OTHER, ("melanoma",))
    desk.parts.open_image.open(of_entry(old))
    desk.wait(lambda: box.content[1] == "Earlier answer")
    assert "Alert limits: found 95.0 % of melanomas in testing (set for 95 %)" in panel(desk)
    assert "No alert raised" not in panel(desk)
    assert "raised no melanoma alert" not in panel(desk)
    desk.rest()
    assert len(desk.entries()) == 2, "an answer that is looked at is not given again"


def test_figures_without_an_alert_are_those_of_the_limit_in_use(
    with_alerts: Callable[..., Desk], tmp_path: Path
) -> None:
    desk = with_alerts(at_two_points(MELANOMA, NEVER, NEVER), cancer_alert(NEVER))
    desk.open(write_lesion(tmp_path / "lesion.png"))
    assert "In testing 5 of 100 biopsied melanomas raised no melanoma alert" in panel(desk)
    choose_98(desk)
    desk.wait(lambda: "In testing 3 of 100 biopsied melanomas raised no melanoma alert" in panel(desk))


def test_limit_outlives_the_program(with_alerts: Callable[..., Desk]) -> None:
    choose_98(with_alerts())
    assert points(with_alerts()) == OTHER


def test_history_that_takes_the_place_of_another_brings_its_limits(with_alerts: Callable[..., Desk]) -> None:
    desk = with_alerts()
    with History.open(desk.folder) as other:
        alerts = contract(alerts=(TWO_POINTS,))
        other.working_points.choose(DEFAULT, OTHER, "restored", alerts, model_sha256="a" * 64, by="MK")
    desk.parts.history_service.open()
    desk.wait(lambda: points(desk) == OTHER)


def test_model_without_that_limit_takes_its_default(
    with_alerts: Callable[..., Desk], make_desk: MakeDesk, tmp_path: Path
) -> None:
    choose_98(with_alerts())
    desk = make_desk(write_model(tmp_path / "one.onnx", contract(alerts=(cancer_alert(NEVER),)), seed=5))
    desk.wait(lambda: desk.parts.model.classifier is not None)
    assert points(desk) == {"malignant": 0.95}


def test_model_without_a_curve_cannot_be_set(make_desk: MakeDesk, model_file: Path) -> None:
    desk = make_desk(model_file)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    dialog = ask(desk)
    assert "“Test model” carries no figures of what its alerts would find at other limits" in desk.texts(dialog)
    assert dialog.choices == {}
    assert not dialog.reason.isVisible()
    assert [one.text().replace("&", "") for one in dialog.findChildren(QPushButton) if one.isVisible()] == ["Close"]
    desk.qtbot.mouseClick(button(dialog, "Close"), Qt.MouseButton.LeftButton)
    assert not dialogs(desk)


@posix
def test_change_that_cannot_be_saved_changes_nothing(with_alerts: Callable[..., Desk]) -> None:
    desk = with_alerts()
    dialog = ask(desk)
    (desk.folder / FILE_NAME).rename(desk.folder / "elsewhere.sqlite3")
    dialog.choices["melanoma"][0.98].setChecked(True)
    desk.qtbot.keyClicks(dialog.reason, "high-risk clinic")
    desk.qtbot.keyClick(dialog.reason, Qt.Key.Key_Return)
    desk.wait(lambda: "nothing was saved" in dialog.messages.text())
    assert points(desk) == DEFAULT
    (desk.folder / "elsewhere.sqlite3").rename(desk.folder / FILE_NAME)
    desk.qtbot.keyClick(dialog.reason, Qt.Key.Key_Return)
    desk.wait(lambda: points(desk) == OTHER)


def test_page_offers_the_limits_and_marks_those_in_use(with_alerts: Callable[..., Desk]) -> None:
    desk = with_alerts()
    desk.parts.window.show_workspace("model")
    page = desk.parts.window.model
    assert "in use, set for 95 %: found 190 of 200" in desk.texts(page)
    (offer,) = [one for one in page.findChildren(QPushButton) if one.text() == "Alert limits…"]
    desk.qtbot.mouseClick(offer, Qt.MouseButton.LeftButton)
    desk.wait(lambda: dialogs(desk))
    dialogs(desk)[0].reject()
    choose_98(desk)
    assert "in use, set for 98 %: found 194 of 200" in desk.texts(page)


def test_history_and_report_name_the_limits(with_alerts: Callable[..., Desk], tmp_path: Path) -> None:
    desk = with_alerts()
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    shown = desk.parts.window.visit_page.result_panel.shown()
    assert shown is not None
    told = "found 95.0 % of melanomas in testing (set for 95 %), found 95.0 % of skin cancers in testing (set for 95 %)"
    assert f"Alert limits: {told}." in shown.basis
    page = report(desk)
    assert told in report_text(page)
    close_report(desk, page)
    desk.parts.window.show_workspace("history")
    history = desk.parts.window.history
    desk.wait(lambda: history.table.rowCount() == 1)
    choose_entry(desk, 0)
    desk.wait(lambda: told in desk.texts(history.preview))
