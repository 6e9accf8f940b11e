"""Treatments and pregnancy in Follow-up: entered, corrected, withdrawn and undone, in the course and on the axis."""

import datetime as dt
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QToolButton

from desktop.core.records import database
from desktop.core.records.connecting import connect
from desktop.core.records.history import History
from desktop.core.records.influences import Influence, InfluenceKind, Span
from desktop.core.records.people import Lesion
from desktop.widgets.common.wording import local_day
from desktop.widgets.follow_up.follow_up_page import FollowUpPage
from desktop.widgets.follow_up.influence_dialog import InfluenceDialog
from tests.making import write_lesion
from tests.widgets.common.test_undo import refusing
from tests.widgets.conftest import Desk
from tests.widgets.follow_up.visits import keep_at_visits, open_lesion
from tests.widgets.mouse_and_keys import press

DAYS = (dt.date(2023, 5, 3), dt.date(2024, 6, 9), dt.date(2025, 3, 12))
TREATED = dt.date(2024, 9, 1)


def page_of(desk: Desk) -> FollowUpPage:
    return desk.parts.window.workspaces.follow_up.page


def lesion_of(desk: Desk) -> Lesion:
    lesion = desk.parts.open_patient.lesion
    assert lesion is not None
    return lesion


@pytest.fixture
def followed(desk: Desk, tmp_path: Path) -> Desk:
    """Show the film of a lesion with three images, and in the course what was said of it."""
    paths = [write_lesion(tmp_path / f"{day.year}.png", seed=number) for number, day in enumerate(DAYS, 1)]
    open_lesion(desk, *keep_at_visits(desk, list(zip(paths, DAYS, strict=True))))
    desk.settle()
    desk.parts.window.workspaces.show_lesion()
    desk.wait(lambda: len(page_of(desk).compare.pictures) == 2)
    return desk


def asked(desk: Desk) -> InfluenceDialog:
    """Open the dialog by its button."""
    desk.qtbot.mouseClick(page_of(desk).influence, Qt.MouseButton.LeftButton)
    desk.wait(lambda: any(one.isVisible() for one in page_of(desk).findChildren(InfluenceDialog)))
    return next(one for one in page_of(desk).findChildren(InfluenceDialog) if one.isVisible())


def enter(dialog: InfluenceDialog, kind: InfluenceKind, since: dt.date, until: dt.date | None, note: str = "") -> None:
    dialog.kind.setCurrentIndex(dialog.kind.findData(kind))
    dialog.since.setDate(QDate(since.year, since.month, since.day))
    dialog.until.is_given.setChecked(until is not None)
    if until is not None:
        dialog.until.date.setDate(QDate(until.year, until.month, until.day))
    dialog.note.setText(note)


def known(desk: Desk) -> list[Influence]:
    with History.open(desk.folder) as history:
        return history.influences.of(lesion_of(desk).id)


def write(desk: Desk, kind: InfluenceKind, span: Span) -> None:
    lesion = lesion_of(desk)
    desk.parts.history_service.write(
        lambda history, by: history.influences.add(kind, lesion.id, span, by=by), lambda _made: None, pytest.fail
    )


def outcome(desk: Desk, diagnosis: str, day: dt.date) -> None:
    lesion = lesion_of(desk)
    desk.parts.history_service.write(
        lambda history, by: history.assessments.add_outcome(
            lesion_id=lesion.id, kind="histopathology", diagnosis=diagnosis, label=diagnosis, date=day, by=by
        ),
        lambda _made: None,
        pytest.fail,
    )


def test_cryotherapy_is_entered_by_keys_and_undone(followed: Desk) -> None:
    dialog = asked(followed)
    enter(dialog, InfluenceKind.CRYOTHERAPY, TREATED, None, "twice 10 s")
    assert not dialog.until.isVisible(), "a cryotherapy is of one day"
    followed.qtbot.keyClick(dialog.note, Qt.Key.Key_Return)
    course = page_of(followed).course
    followed.wait(lambda: "twice 10 s" in followed.texts(course))
    (entered,) = known(followed)
    assert (entered.span, entered.note, entered.initials) == (
        Span(TREATED, TREATED),
        "twice 10 s",
        followed.parts.history_service.initials,
    )
    lines = followed.texts(course).splitlines()
    assert f"Cryotherapy, on {local_day(TREATED)}, “twice 10 s”" in lines
    assert any(line.startswith("Cryotherapy: faded pigment and scarring can hide a melanoma;") for line in lines)
    (mark,) = page_of(followed).axis._marks
    assert (mark.day, mark.until, mark.word) == (TREATED, None, "cryotherapy")
    followed.wait(lambda: "Cryotherapy in between" in page_of(followed)._caution.text())
    followed.parts.window.frame.undo_stack.undo()
    followed.wait(lambda: "twice 10 s" not in followed.texts(course))
    assert known(followed) == []
    followed.parts.window.frame.undo_stack.redo()
    followed.wait(lambda: "twice 10 s" in followed.texts(course))


def test_a_treatment_that_could_not_be_written_is_tried_again_with_its_note(
    followed: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "connect", lambda *place, timeout: connect(*place, timeout=min(timeout, 0.1)))
    messages = followed.parts.window.workspaces.messages
    with refusing(followed):
        dialog = asked(followed)
        enter(dialog, InfluenceKind.CRYOTHERAPY, TREATED, TREATED, "twice 10 s")
        followed.qtbot.keyClick(dialog.note, Qt.Key.Key_Return)
        followed.wait(messages.text)
    press(followed, "Try again", messages)
    followed.wait(lambda: known(followed))
    assert [one.note for one in known(followed)] == ["twice 10 s"]


def test_enter_alone_records_nothing_and_the_form_names_the_patient(followed: Desk) -> None:
    dialog = asked(followed)
    patient = followed.parts.open_patient.patient
    assert patient is not None
    assert f"{patient.pseudonym}, {lesion_of(followed).name}" in followed.texts(dialog)
    followed.qtbot.keyClick(dialog.note, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert not dialog.save.isEnabled()
    assert dialog.missing.text() == "To save, choose the kind."
    dialog.kind.setCurrentIndex(dialog.kind.findData(InfluenceKind.CRYOTHERAPY))
    followed.qtbot.keyClick(dialog.note, Qt.Key.Key_Return)
    followed.wait(lambda: len(known(followed)) == 1)
    strip = followed.parts.window.frame.strip
    followed.wait(lambda: f"cryotherapy of {patient.pseudonym}, {lesion_of(followed).name}" in followed.texts(strip))


def test_a_treatment_of_one_day_is_a_bar_and_a_cryotherapy_a_diamond(followed: Desk) -> None:
    days = {InfluenceKind.CRYOTHERAPY: TREATED, InfluenceKind.TOPICAL: TREATED + dt.timedelta(60)}
    for kind, day in days.items():
        write(followed, kind, Span(day, day))
    axis, course = page_of(followed).axis, page_of(followed).course
    followed.wait(lambda: "Cryotherapy" in followed.texts(course) and "Topical" in followed.texts(course))
    with_marks = axis.grab().toImage()
    marks = {mark.word: round(axis._layout.along(mark.day)) for mark in axis._marks}
    axis.show_marks(())
    bare, line = axis.grab().toImage(), axis.height() - 28

    def covers(word: str, right: int, down: int) -> bool:
        """Return whether a mark covers a point, in points from where its day is on the line."""
        at = marks[word] + right, line + down
        return with_marks.pixelColor(*at) != bare.pixelColor(*at)

    for word, is_bar in (("cryotherapy", False), ("topical treatment", True)):
        assert covers(word, 0, -4) is not is_bar
        assert covers(word, 7, -1) is is_bar


def test_a_treatment_that_ended_before_the_images_stands_before_them(followed: Desk) -> None:
    axis, course = page_of(followed).axis, page_of(followed).course
    first = axis._frames[0].day
    write(followed, InfluenceKind.TOPICAL, Span(first - dt.timedelta(60), first - dt.timedelta(30)))
    followed.wait(lambda: "Topical" in followed.texts(course))
    (bar,) = (mark for mark in axis._marks if mark.word == "topical treatment")
    assert bar.until is not None
    assert axis._layout.along(bar.until) < axis._layout.along(first)


def test_topical_treatment_is_corrected_and_withdrawn(followed: Desk) -> None:
    write(followed, InfluenceKind.TOPICAL, Span(TREATED))
    course = page_of(followed).course
    followed.wait(lambda: f"Topical treatment, since {local_day(TREATED)}" in followed.texts(course))
    dialog = asked(followed)
    correct, _withdraw = (button for button in dialog.findChildren(QToolButton) if button.text())
    followed.qtbot.mouseClick(correct, Qt.MouseButton.LeftButton)
    assert not dialog.kind.isEnabled()
    end = TREATED + dt.timedelta(42)
    enter(dialog, InfluenceKind.TOPICAL, TREATED, TREATED - dt.timedelta(1))
    assert not dialog.save.isEnabled()
    assert "cannot be before" in dialog.missing.text()
    enter(dialog, InfluenceKind.TOPICAL, TREATED, end, "imiquimod 5 %")
    dialog.accept()
    followed.wait(lambda: f"{local_day(TREATED)} to {local_day(end)}" in followed.texts(course))
    assert page_of(followed).axis._marks[0].until == end
    dialog = asked(followed)
    _correct, withdraw = (button for button in dialog.findChildren(QToolButton) if button.text())
    followed.qtbot.mouseClick(withdraw, Qt.MouseButton.LeftButton)
    followed.wait(lambda: "Topical" not in followed.texts(course))
    assert known(followed) == []
    followed.parts.window.frame.undo_stack.undo()
    followed.wait(lambda: "imiquimod 5 %" in followed.texts(course))
    followed.parts.window.frame.undo_stack.undo()
    followed.wait(lambda: f"since {local_day(TREATED)}" in followed.texts(course))


def test_pregnancy_is_on_the_axis_of_each_lesion_and_excuses_nothing(followed: Desk) -> None:
    lesion = lesion_of(followed)
    followed.parts.history_service.write(
        lambda history, by: history.people.add_lesion(lesion.patient_id, "L3", "", by=by), lambda _: None, pytest.fail
    )
    followed.wait(lambda: len(followed.parts.open_patient.lesions) == 2)
    dialog = asked(followed)
    enter(dialog, InfluenceKind.PREGNANCY, TREATED, None)
    dialog.accept()
    course = page_of(followed).course
    for other in followed.parts.open_patient.lesions[::-1]:
        followed.parts.open_patient.choose(other.id)
        followed.wait(lambda: f"Pregnancy, since {local_day(TREATED)}" in followed.texts(course))
    followed.wait(lambda: "Do not put a change down to it" in followed.texts(course))
    assert page_of(followed).axis._marks[0].until == followed.parts.open_patient.date


def test_pregnancy_is_not_offered_for_a_man(followed: Desk) -> None:
    patient = followed.parts.open_patient.patient
    assert patient is not None
    followed.parts.history_service.write(
        lambda history, by: history.people.correct_patient(patient.id, patient.pseudonym, "male", by=by),
        lambda _patient: None,
        pytest.fail,
    )
    followed.wait(lambda: followed.parts.open_patient.patient != patient)
    assert asked(followed).kind.findData(InfluenceKind.PREGNANCY) == -1


@pytest.mark.parametrize(
    ("diagnosis", "said"),
    [
        ("nevus", "pigment that returns can mimic one"),
        ("melanoma", "can hide a recurrence of the melanoma"),
        ("seborrheic_keratosis", "can hide a melanoma."),
    ],
)
def test_nothing_said_of_a_cryotherapy_reassures_after_a_melanoma(followed: Desk, diagnosis: str, said: str) -> None:
    outcome(followed, diagnosis, dt.date(2024, 7, 1))
    write(followed, InfluenceKind.CRYOTHERAPY, Span(TREATED, TREATED))
    course = page_of(followed).course
    followed.wait(lambda: "Cryotherapy: " in followed.texts(course) and "Histopathology" in followed.texts(course))
    line = next(one for one in followed.texts(course).splitlines() if one.startswith("Cryotherapy: "))
    assert line.endswith((said, f"{said}."))
    assert ("mimic" in line) == (diagnosis == "nevus")


def test_several_things_between_two_images_are_named_after_what_a_biopsy_means(followed: Desk) -> None:
    caution = page_of(followed)._caution
    write(followed, InfluenceKind.PREGNANCY, Span(DAYS[1] - dt.timedelta(300), TREATED))
    followed.wait(lambda: caution.text() == "Pregnancy in between: do not put a change down to it.")
    write(followed, InfluenceKind.TOPICAL, Span(TREATED))
    both = "Between these days: pregnancy, topical treatment. What that means stands in Course."
    followed.wait(lambda: caution.text() == both)
    outcome(followed, "melanoma", TREATED)
    followed.wait(lambda: caution.text().startswith("Biopsied before the newer image: melanoma. "))
    assert caution.text().endswith("Also: pregnancy, topical treatment.")


@pytest.mark.parametrize(
    ("treated", "said"),
    [
        (DAYS[2], "Cryotherapy on the day of the newer image, before or after it."),
        (DAYS[1], "Cryotherapy on the day of the older image: it can hide a melanoma, and mimic one."),
    ],
)
def test_of_an_image_of_the_day_of_a_cryotherapy_no_order_is_claimed(
    followed: Desk, treated: dt.date, said: str
) -> None:
    write(followed, InfluenceKind.CRYOTHERAPY, Span(treated, treated))
    followed.wait(lambda: page_of(followed)._caution.text() == said)
    course = page_of(followed).course
    followed.wait(lambda: "Cryotherapy, on" in followed.texts(course))
    assert ("Cryotherapy: " in followed.texts(course)) == (treated < DAYS[2])


def test_nothing_is_said_of_images_before_a_treatment(followed: Desk) -> None:
    write(followed, InfluenceKind.CRYOTHERAPY, Span(dt.date(2025, 6, 1), dt.date(2025, 6, 1)))
    course = page_of(followed).course
    followed.wait(lambda: "Cryotherapy, on" in followed.texts(course))
    assert "Cryotherapy: " not in followed.texts(course)
    assert page_of(followed)._caution.text() == ""
