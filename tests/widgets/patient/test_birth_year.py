"""The birth year of a patient: entered, refused, shown with the age that follows, and beside what was recorded."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt

from desktop.core.records.history import History
from desktop.widgets.common.wording import local_day
from desktop.widgets.patient.patient_chooser import PatientChooser, PatientDetails
from desktop.widgets.patient.patient_facts import PatientFacts
from tests.alerts import NEVER, melanoma_alert
from tests.core.imaging.dicoms import photograph
from tests.making import contract, lesion, write_lesion, write_model
from tests.widgets.conftest import Desk
from tests.widgets.patient.test_patient import add_lesion, bring, choose_patient, dialog, press
from tests.widgets.visit.test_dicom import press as press_button

THIS_YEAR = dt.datetime.now().astimezone().year
CTRL = Qt.KeyboardModifier.ControlModifier


def known(desk: Desk, age_bands: dict[dt.date, str] | None = None, birth_year: int | None = None) -> None:
    """Add a patient with visits, and open them."""
    with History.open(desk.folder) as history:
        patient = history.people.add_patient("P-1", "female", by="MK", birth_year=birth_year)
        for day, band in (age_bands or {}).items():
            history.people.begin_visit(patient.id, day, band, by="MK")
    choose_patient(desk, "P-1")


def correct(desk: Desk) -> PatientDetails:
    """Press the facts in the banner."""
    desk.qtbot.mouseClick(desk.parts.window.patients.banner._facts, Qt.MouseButton.LeftButton)
    return dialog(desk, PatientDetails)


def write(desk: Desk, form: PatientDetails, year: str) -> None:
    """Write a year over what stands in the form."""
    field = form.details.birth_year
    desk.qtbot.mouseClick(field, Qt.MouseButton.LeftButton)
    field.selectAll()
    desk.qtbot.keyClick(field, Qt.Key.Key_Delete)
    desk.qtbot.keyClicks(field, year)


def keep(desk: Desk, form: PatientDetails) -> None:
    desk.qtbot.keyClick(form.details.birth_year, Qt.Key.Key_Return)


def banner(desk: Desk) -> str:
    return desk.parts.window.patients.banner.accessibleName()


def recorded(desk: Desk) -> list[tuple[dt.date, str]]:
    with History.open(desk.folder) as history:
        return [(visit.date, visit.age_band) for visit in history.people.visits(1)]


def test_birth_year_is_entered_in_the_form_shown_with_the_age_and_undone(desk: Desk) -> None:
    known(desk)
    form = correct(desk)
    write(desk, form, str(THIS_YEAR - 65))
    assert (form.details.age.currentText(), form.details.age.isEnabled()) == ("60–69", False)
    keep(desk, form)
    desk.wait(lambda: f"60–69, born {THIS_YEAR - 65}" in banner(desk))
    assert recorded(desk) == []  # nobody entered an age, and a look is no visit
    again = correct(desk)
    assert again.details.birth_year.text() == str(THIS_YEAR - 65)
    write(desk, again, "")
    assert (again.details.age.currentText(), again.details.age.isEnabled()) == ("Age not known", True)
    keep(desk, again)
    desk.wait(lambda: "Age not known" in banner(desk))
    desk.parts.window.frame.undo_stack.undo()
    desk.wait(lambda: f"60–69, born {THIS_YEAR - 65}" in banner(desk))


def test_a_new_patient_is_made_with_a_birth_year(desk: Desk) -> None:
    press(desk, Qt.Key.Key_L, CTRL)
    chooser = dialog(desk, PatientChooser)
    desk.qtbot.keyClicks(chooser.details.birth_year, "1899")
    desk.qtbot.keyClicks(chooser.search.field, "P-1")
    for _ in range(2):
        desk.qtbot.keyClick(chooser.search.field, Qt.Key.Key_Return)
        desk.wait(lambda: "once more" in chooser.search.note.text())
    desk.wait(lambda: "“1899” is not a birth year." in chooser.messages.text())
    assert chooser.isVisible()
    chooser.details.birth_year.selectAll()
    desk.qtbot.keyClicks(chooser.details.birth_year, str(THIS_YEAR - 44))
    desk.qtbot.keyClick(chooser.search.field, Qt.Key.Key_Return)
    desk.wait(lambda: f"40–49, born {THIS_YEAR - 44}" in banner(desk))


def test_what_is_no_birth_year_is_refused_and_nothing_is_lost(desk: Desk) -> None:
    known(desk)
    form = correct(desk)
    form.pseudonym.setText("P-2")
    for wrong in ("196", "abcd", str(THIS_YEAR + 1), "1850"):
        write(desk, form, wrong)
        assert form.details.age.isEnabled()
        keep(desk, form)
        desk.wait(lambda wrong=wrong: f"“{wrong}” is not a birth year." in form.messages.text())
        assert str(THIS_YEAR - 120) in form.messages.text()
    write(desk, form, str(THIS_YEAR))
    keep(desk, form)
    desk.wait(lambda: "P-2" in banner(desk) and f"0–9, born {THIS_YEAR}" in banner(desk))


def test_ages_that_were_recorded_otherwise_stay_and_are_named(desk: Desk) -> None:
    days = [dt.date(THIS_YEAR - 3, 3, 1), dt.date(THIS_YEAR - 4, 3, 1), dt.date(THIS_YEAR - 5, 3, 1)]
    bands = dict(zip(days, ("40-49", "40-49", "60-69"), strict=True))
    known(desk, bands)
    form = correct(desk)
    assert form.details.conflict.isHidden()
    write(desk, form, str(THIS_YEAR - 68))
    sentence = (
        f"Age 40–49 was recorded on {local_day(days[0])}; born in {THIS_YEAR - 68}, it was 60–69. The birth year counts. "
        "The same holds at an earlier visit."
    )
    conflict = form.details.conflict
    assert conflict.text() == sentence
    desk.wait(lambda: conflict.isVisible() and conflict.height() >= conflict.heightForWidth(conflict.width()))
    keep(desk, form)
    desk.wait(lambda: f"60–69, born {THIS_YEAR - 68}" in banner(desk))
    facts = desk.parts.window.patients.banner._facts
    assert sentence in facts.toolTip()
    assert sentence in facts.accessibleDescription()
    assert recorded(desk) == list(bands.items())


def test_an_age_before_the_birth_is_named_too(desk: Desk) -> None:
    day = dt.date(THIS_YEAR - 5, 3, 1)
    known(desk, {day: "60-69"}, THIS_YEAR - 2)
    form = correct(desk)
    assert form.details.conflict.text() == (
        f"Age 60–69 was recorded on {local_day(day)}, before the birth year {THIS_YEAR - 2}. It counts for that visit."
    )
    form.reject()


def test_age_that_was_chosen_comes_back_when_the_birth_year_is_cleared(desk: Desk) -> None:
    known(desk)
    form = correct(desk)
    desk.qtbot.keyClick(form.details.age, Qt.Key.Key_End)
    assert form.details.age.currentText() == "90+"
    write(desk, form, str(THIS_YEAR - 33))
    assert form.details.age.currentText() == "30–39"
    write(desk, form, "")
    assert form.details.age.currentText() == "90+"
    keep(desk, form)
    desk.wait(lambda: "90+" in banner(desk))


def test_a_patient_who_may_be_under_18_is_not_tested_for(make_desk: Callable[[Path], Desk], tmp_path: Path) -> None:
    """Born 18 years before this one they are 17 or 18."""
    desk = make_desk(write_model(tmp_path / "model.onnx", contract(alerts=(melanoma_alert(NEVER),))))
    desk.wait(lambda: desk.parts.model.classifier is not None)
    known(desk, birth_year=THIS_YEAR - 40)
    add_lesion(desk)
    bring(desk, write_lesion(tmp_path / "one.png", size=(640, 480)))
    panel = desk.parts.window.visit_page.result_panel
    desk.wait(lambda: "raised no melanoma alert" in desk.texts(panel))
    form = correct(desk)
    write(desk, form, str(THIS_YEAR - 18))
    keep(desk, form)
    desk.wait(lambda: "Not tested under 18 years." in desk.texts(panel))
    assert "raised no melanoma alert" not in desk.texts(panel)


def test_the_year_in_a_dicom_file_is_taken_with_its_patient(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "export.dcm"
    path.write_bytes(photograph(lesion(3), patient=("P-0412", "F", "021Y"), PatientBirthDate=f"{THIS_YEAR - 64}0603"))
    desk.open_and_keep(path)
    messages = desk.parts.window.visit_page.messages
    assert f"“P-0412”, female, 21 years, born {THIS_YEAR - 64}." in messages.text()
    press_button(desk, "Use patient P-0412 from the file")
    desk.wait(lambda: f"60–69, born {THIS_YEAR - 64}" in banner(desk))


def test_tab_leads_from_the_birth_year_to_the_skin_type(desk: Desk) -> None:
    """The age is locked once the year is there."""
    known(desk)
    form = correct(desk)
    write(desk, form, str(THIS_YEAR - 65))
    desk.qtbot.keyClick(form.details.birth_year, Qt.Key.Key_Tab)
    assert isinstance(form.details, PatientFacts)
    assert form.focusWidget() is form.details.skin_type
    form.details.show_values("female", "", "")
    form._entries.begin()
    form.reject()
