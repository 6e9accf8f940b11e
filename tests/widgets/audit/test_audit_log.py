"""The audit log on the screen: its words, filters, pages, its table, and what it says of erased patients."""

import csv
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, QModelIndex, Qt
from PySide6.QtWidgets import QFileDialog

from desktop.core.records.audit_acts import Act, Action, AuditFilter
from desktop.core.records.care_steps import CareStep, Step
from desktop.core.records.damage import NO_TIME
from desktop.core.records.history import History
from desktop.core.records.influences import InfluenceKind, Span
from desktop.core.records.people import EXCISION, FOLLOW_UP
from desktop.core.records.reexcision import plan_reexcision
from desktop.widgets.audit import audit_details, audit_words
from desktop.widgets.audit.audit_dialog import AuditDialog
from desktop.widgets.audit.audit_table import ACT, BY, DETAILS, PATIENT, SUBJECT, TIME
from desktop.widgets.common.wording import local_day
from tests.core.records.history_contents import an_image, keep
from tests.days import today
from tests.widgets.conftest import Desk

MakeDesk = Callable[..., Desk]


def write(desk: Desk, work: Callable[[History], object]) -> None:
    """Write to the history as another window would."""
    desk.settle()
    with History.open(desk.folder) as history:
        work(history)


def shown(desk: Desk) -> AuditDialog:
    """Open the log by the menu; return it once it is filled."""
    desk.parts.window.menus.actions["audit"].trigger()
    desk.settle()
    (dialog,) = desk.parts.window.findChildren(AuditDialog)
    return dialog


def column(dialog: AuditDialog, number: int) -> list[str]:
    table = dialog.table
    return [str(table.index(row, number).data()) for row in range(table.rowCount())]


def choose(desk: Desk, dialog: AuditDialog, box: str, text: str) -> None:
    found = getattr(dialog.filter, box)
    found.setCurrentIndex(found.findText(text))
    desk.settle()


def an_act(action: str, **detail: str | float | bool | None) -> Act:
    return Act(NO_TIME, "MK", action, None, None, None, None, detail)


def with_patient(history: History) -> None:
    """Add a patient with an image, whose answer was viewed, and a table that was saved."""
    patient = history.people.add_patient("P-0412", "female", by="MK")
    keep(history, "lesion.jpg")
    lesion = history.people.add_lesion(patient.id, "L1", "", by="MK")
    visit = history.people.begin_visit(patient.id, datetime.now(UTC).date(), "", by="MK")
    history.people.place(1, kind="dermoscopy", lesion_id=lesion.id, visit_id=visit.id, by="MK")
    history.audit.note(Action.ANSWER_VIEWED, sha256=an_image("lesion.jpg").sha256, by="AB")
    table = {"of": "history", "format": "excel", "rows": 12, "patient data": True}
    history.audit.note(Action.TABLE_EXPORTED, table, by="MK")


def test_acts_are_listed_newest_first_with_names_looked_up(desk: Desk) -> None:
    write(desk, with_patient)
    dialog = shown(desk)
    assert column(dialog, ACT)[:3] == ["Audit log viewed", "Table saved", "Model's answer viewed"]
    assert column(dialog, BY)[1:3] == ["MK", "AB"]
    assert column(dialog, PATIENT)[1:3] == ["", "P-0412"]
    assert column(dialog, SUBJECT)[1:3] == ["", "lesion.jpg"]
    assert column(dialog, DETAILS)[1] == "12 rows of the history, CSV, with patient data"
    assert all(column(dialog, TIME))
    widest = max(dialog.fontMetrics().horizontalAdvance(time) for time in column(dialog, TIME))
    assert dialog.rows.columnWidth(TIME) > widest, "the seconds are there too"
    width = dialog.fontMetrics().horizontalAdvance("with patient data")
    assert dialog.rows.columnWidth(DETAILS) > width, "on a small screen they were cut to a letter"
    assert "History opened" in column(dialog, ACT)
    assert dialog.count.text() == f"{dialog.table.rowCount()} acts"


def test_filters(desk: Desk) -> None:
    write(desk, with_patient)
    dialog = shown(desk)
    choose(desk, dialog, "initials", "AB")
    assert column(dialog, ACT) == ["Model's answer viewed"]
    choose(desk, dialog, "initials", "Anyone")
    choose(desk, dialog, "kind", "Saved, sent, printed or copied")
    assert column(dialog, ACT) == ["Table saved"]
    choose(desk, dialog, "kind", "Model's answer viewed")
    assert column(dialog, ACT) == ["Model's answer viewed"]
    choose(desk, dialog, "kind", "Any act")
    desk.qtbot.keyClicks(dialog.filter.patient, "p-04")
    desk.settle()
    desk.wait(lambda: column(dialog, ACT) == ["Model's answer viewed"])
    dialog.filter.patient.clear()
    choose(desk, dialog, "period", "From – to…")
    dialog.filter.days.last.setDate(QDate.currentDate().addDays(-1))
    desk.wait(lambda: dialog.table.rowCount() == 0)
    assert not dialog.export.isEnabled()


def test_an_erased_patient_is_a_number(desk: Desk) -> None:
    write(desk, with_patient)
    write(desk, lambda history: history.erasures.erase_patient(1, by="MK"))
    dialog = shown(desk)
    desk.qtbot.keyClicks(dialog.filter.patient, "#1")
    desk.wait(lambda: "Patient erased" in column(dialog, ACT) and dialog.table.rowCount() == 2)
    assert column(dialog, ACT) == ["Patient erased", "Model's answer viewed"]
    assert column(dialog, PATIENT) == ["erased #1"] * 2
    assert column(dialog, SUBJECT) == ["", "erased #1"]
    assert column(dialog, DETAILS) == ["1 image", ""]


def with_result(history: History) -> None:
    """Add a lesion whose biopsy showed a melanoma, of which the patient was told."""
    patient = history.people.add_patient("P-0412", "female", by="MK")
    lesion = history.people.add_lesion(patient.id, "L1", "scapula-left", by="MK")
    visit = history.people.begin_visit(patient.id, today(), "", by="MK")
    history.assessments.assess(
        lesion_id=lesion.id, visit_id=visit.id, before_model=True, diagnosis="nevus", plan=EXCISION, by="MK"
    )
    history.care_steps.record(CareStep(Step.TAKEN, 1, today(), "AB", "punch"), by="MK")
    history.assessments.add_outcome(
        lesion_id=lesion.id, kind="histopathology", diagnosis="melanoma", breslow_mm=0.6, date=today(), by="MK"
    )
    history.care_steps.record(CareStep(Step.TOLD, 1, today(), "CD", ""), by="MK")
    history.care_steps.take_back(CareStep(Step.TOLD, 1, today(), "CD", ""), by="MK")


def test_a_treatment_and_a_pregnancy_are_told_with_their_days(desk: Desk) -> None:
    def enter(history: History) -> None:
        patient = history.people.add_patient("P-0412", "female", by="MK")
        lesion = history.people.add_lesion(patient.id, "L1", "scapula-left", by="MK")
        history.influences.add(InfluenceKind.CRYOTHERAPY, lesion.id, Span(today(), today()), "10 s", by="MK")
        made = history.influences.add(InfluenceKind.PREGNANCY, lesion.id, Span(today()), by="MK")
        history.influences.correct(made.id, Span(today(), today()), "", by="AB")
        history.influences.correct(made.id, Span(today(), today()), "", withdrawn=True, by="AB")
        history.influences.correct(made.id, Span(today(), today()), "", by="CD")

    write(desk, enter)
    dialog = shown(desk)
    acts = list(
        zip(column(dialog, ACT), column(dialog, BY), column(dialog, SUBJECT), column(dialog, DETAILS), strict=True)
    )
    on = f"Pregnancy, on {local_day(today())}"
    assert acts[1:6] == [
        ("Treatment or pregnancy corrected", "CD", "", f"{on} (before: withdrawn)"),
        ("Treatment or pregnancy withdrawn", "AB", "", on),
        ("Treatment or pregnancy corrected", "AB", "", f"{on} (before: Pregnancy, since {local_day(today())})"),
        ("Treatment or pregnancy entered", "MK", "", f"Pregnancy, since {local_day(today())}"),
        ("Treatment or pregnancy entered", "MK", "L1 left scapula", f"Cryotherapy, on {local_day(today())}, “10 s”"),
    ]
    write(desk, lambda history: history.erasures.erase_patient(1, by="MK"))
    again = shown(desk)
    told = [text for act, text in zip(column(again, ACT), column(again, DETAILS), strict=True) if "regnancy" in act]
    assert told == [""] * 5


def test_acts_on_a_lesion_name_it_and_say_what_was_entered(desk: Desk) -> None:
    write(desk, with_result)
    dialog = shown(desk)
    choose(desk, dialog, "kind", "Recorded")
    day = local_day(today())
    assert list(zip(column(dialog, ACT), column(dialog, DETAILS), strict=True)) == [
        ("Step taken back", f"Patient told of the result (Melanoma 0.6 mm) on {day}, by CD"),
        ("Step recorded", f"Patient told of the result (Melanoma 0.6 mm) on {day}, by CD"),
        ("Outcome entered", f"Histopathology of {day}: Melanoma, Breslow 0.6 mm"),
        ("Step recorded", f"Biopsy or excision taken on {day}, by AB, “punch”"),
        ("Assessment entered", "Nevus, plan: biopsy or excision, before the model's answer"),
    ]
    assert set(column(dialog, SUBJECT)) == {"L1 left scapula"}
    write(desk, lambda history: history.erasures.erase_patient(1, by="MK"))
    desk.qtbot.keyClick(dialog, Qt.Key.Key_F5)
    desk.wait(lambda: set(column(dialog, SUBJECT)) == {"erased #1"})
    assert column(dialog, DETAILS)[1:3] == ["Patient told of the result, by CD", "Histopathology"]


def test_a_re_excision_is_named_where_it_was_planned_and_taken(desk: Desk) -> None:
    def enter(history: History) -> None:
        with_result(history)
        history.assessments.add_outcome(
            lesion_id=1,
            kind="histopathology",
            diagnosis="melanoma",
            margins="involved",
            date=today(),
            corrects=1,
            by="MK",
        )
        plan = plan_reexcision(history, lesion_id=1, image_id=None, note="1 cm", today=today(), by="AB")
        history.care_steps.record(CareStep(Step.TAKEN, plan.id, today(), "AB", ""), by="MK")
        history.assessments.assess(
            lesion_id=1, visit_id=1, before_model=False, diagnosis="melanoma", plan=EXCISION, by="MK"
        )
        history.assessments.assess(
            lesion_id=1, visit_id=1, before_model=False, diagnosis="nevus", plan=FOLLOW_UP, by="MK"
        )

    write(desk, enter)
    dialog = shown(desk)
    choose(desk, dialog, "kind", "Recorded")
    told = list(zip(column(dialog, ACT), column(dialog, DETAILS), strict=True))
    day = local_day(today())
    assert told[0][1] == "Nevus, plan: follow-up, after the model's answer, earlier: Melanoma, plan: re-excision"
    assert told[1][1].startswith("Melanoma, plan: re-excision, after the model's answer")
    assert told[2:4] == [("Step recorded", f"Re-excision taken on {day}, by AB"), ("Plan entered", "Re-excision")]
    assert ("Step recorded", f"Biopsy or excision taken on {day}, by AB, “punch”") in told, "that of the first excision"
    assert ("Assessment entered", "Nevus, plan: biopsy or excision, before the model's answer") in told


def test_an_assessment_says_whether_the_lesion_changed_and_what_is_planned(desk: Desk) -> None:
    def enter(history: History) -> None:
        with_result(history)
        for change, plan in (("changed", FOLLOW_UP), ("unchanged", "none"), ("", "")):
            history.assessments.assess(
                lesion_id=1, visit_id=1, before_model=False, diagnosis="nevus", plan=plan, change=change, by="MK"
            )

    write(desk, enter)
    dialog = shown(desk)
    choose(desk, dialog, "kind", "Recorded")
    changed = "Nevus, changed, plan: follow-up"
    assert column(dialog, DETAILS)[:3] == [
        "Nevus, no plan entered, after the model's answer, earlier: Nevus, unchanged, plan: none",
        f"Nevus, unchanged, plan: none, after the model's answer, earlier: {changed}",
        f"{changed}, after the model's answer, earlier: Nevus, plan: biopsy or excision",
    ]


def test_corrected_days_and_findings_say_from_what_to_what(desk: Desk) -> None:
    write(desk, with_result)
    late, early = today(), today() - timedelta(days=3)

    def correct(history: History) -> None:
        history.care_steps.record(CareStep(Step.TAKEN, 1, early, "CD", "punch"), by="MK")
        history.care_steps.record(CareStep(Step.TOLD, 1, late, "CD", ""), by="MK")
        history.assessments.add_outcome(
            lesion_id=1, kind="histopathology", diagnosis="melanoma", breslow_mm=0.6, date=early, corrects=1, by="MK"
        )
        history.assessments.assess(
            lesion_id=1, visit_id=1, before_model=False, diagnosis="melanoma", plan=EXCISION, by="MK"
        )

    write(desk, correct)
    dialog = shown(desk)
    choose(desk, dialog, "kind", "Recorded")
    was, now = local_day(late), local_day(early)
    assert column(dialog, DETAILS)[:4] == [
        "Melanoma, plan: re-excision, after the model's answer, earlier: Nevus, plan: biopsy or excision",
        f"Histopathology of {now}: Melanoma, Breslow 0.6 mm (before: Histopathology of {was}: Melanoma, Breslow 0.6 mm)",
        f"Patient told of the result (Melanoma 0.6 mm) on {was}, by CD",
        f"Biopsy or excision taken on {now}, by CD, “punch” (before: Biopsy or excision taken on {was}, by AB, “punch”)",
    ]
    acts = ["Assessment entered", "Outcome corrected", "Step recorded", "Step corrected"]
    assert column(dialog, ACT)[:4] == acts, "a day that was taken back before is entered anew"
    write(desk, lambda history: history.erasures.erase_patient(1, by="MK"))
    desk.qtbot.keyClick(dialog, Qt.Key.Key_F5)
    desk.wait(lambda: set(column(dialog, SUBJECT)) == {"erased #1"})
    assert column(dialog, DETAILS)[3] == "Biopsy or excision taken, by CD"


def test_the_chosen_act_is_read_in_full_in_the_smallest_window(desk: Desk) -> None:
    write(desk, with_result)
    dialog = shown(desk)
    choose(desk, dialog, "kind", "Recorded")
    dialog.resize(1024, 560)
    dialog.rows.setFocus()
    place = dialog.rows.visualRect(dialog.table.index(1, DETAILS)).center()
    desk.qtbot.mouseClick(dialog.rows.viewport(), Qt.MouseButton.LeftButton, pos=place)
    told = f"Patient told of the result (Melanoma 0.6 mm) on {local_day(today())}, by CD"
    assert dialog.whole.text() == f"Step recorded · P-0412 · L1 left scapula · {told}"
    desk.qtbot.keyClick(dialog.rows, Qt.Key.Key_Down)
    assert dialog.whole.text().endswith(f"Histopathology of {local_day(today())}: Melanoma, Breslow 0.6 mm")
    assert dialog.whole.height() >= dialog.whole.heightForWidth(dialog.whole.width())
    choose(desk, dialog, "kind", "Erased")
    assert dialog.whole.text() == ""


def test_a_long_log_is_read_in_pages(desk: Desk) -> None:
    def fill(history: History) -> None:
        with history.together():
            for number in range(450):
                start = datetime(2026, 1, 1, tzinfo=UTC)
                history.audit.note(Action.PATIENT_OPENED, by="MK", time=start + timedelta(minutes=number))

    write(desk, fill)
    dialog = shown(desk)
    choose(desk, dialog, "kind", "Patient opened")
    assert (dialog.table.rowCount(), dialog.count.text()) == (200, "450 acts")
    for expected in (400, 450):
        dialog.table.fetchMore(QModelIndex())
        desk.settle()
        assert dialog.table.rowCount() == expected
    assert not dialog.table.canFetchMore(QModelIndex())
    desk.qtbot.keyClick(dialog.rows, Qt.Key.Key_Down)
    assert dialog.rows.currentIndex().row() == 1


def test_another_window_s_acts_are_there_after_a_refresh(desk: Desk) -> None:
    dialog = shown(desk)
    write(desk, lambda history: history.audit.note(Action.BACKED_UP, {"encrypted": True}, by="CD"))
    assert "Backup made" not in column(dialog, ACT)
    dialog.refresh.click()
    desk.settle()
    assert (column(dialog, ACT)[0], column(dialog, DETAILS)[0]) == ("Backup made", "Encrypted")
    choose(desk, dialog, "initials", "CD")
    assert column(dialog, ACT) == ["Backup made"]


def test_the_table_has_numbers_in_place_of_names_and_is_logged(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(desk, with_patient)
    dialog = shown(desk)
    choose(desk, dialog, "kind", "Viewed")
    target = tmp_path / "log.csv"
    monkeypatch.setattr(QFileDialog, "exec", lambda _dialog: 1)
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda _dialog: [str(target)])
    dialog.export.click()
    desk.wait(lambda: "2 acts saved" in dialog.messages.text())
    content = target.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert b"P-0412" not in content
    assert b"lesion.jpg" not in content
    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines()))
    assert list(rows[0]) == ["time", "initials", "action", "patient", "image", "detail"]
    assert [(row["initials"], row["action"], row["patient"], row["image"]) for row in rows[:-1]] == [
        ("", "audit log viewed", "", ""),
        ("AB", "answer viewed", "1", "1"),
    ]
    with History.open(desk.folder) as history:
        newest = history.audit.page(AuditFilter(), limit=1).acts[0]
        head = str(history.seal_head())
    assert (rows[-1]["action"], rows[-1]["detail"]) == ("head of the seal", f'{{"head":"{head}"}}')
    assert (newest.action, dict(newest.detail)) == ("audit log exported", {"rows": 2})


@pytest.mark.parametrize(
    ("act", "text"),
    [
        (an_act("history opened", version="0.1.0", alone=True), "LesionLens 0.1.0"),
        (
            an_act("history opened", version="0.1.0", alone=False),
            "LesionLens 0.1.0, while another program used the data folder",
        ),
        (
            an_act("table exported", **{"of": "batch", "format": "jsonl", "rows": 1, "patient data": False}),
            "1 row of a folder, JSON Lines, without patient data",
        ),
        (an_act("copied to clipboard", what="rows", rows=3), "3 rows of a table"),
        (an_act("outcomes exported", lesions=1, images=2), "1 lesion, 2 images"),
        (
            an_act(
                "history exported",
                **{"format": "dicom", "patients": 1, "images": 2, "de-identified": True, "pseudonym table": True},
            ),
            "1 patient, 2 images, DICOM, de-identified, with a table of pseudonyms",
        ),
        (
            an_act("history imported", patients=3, images=0, findings=1, answers=0, conflicts=2),
            "3 patients, 0 images, 1 finding, 2 conflicts",
        ),
        (an_act("result sent", format="GDT", assessment=7), "By GDT"),
        (an_act("report printed", **{"patient data": True}), "With patient data"),
        (an_act("unlocking refused", of="backup"), "For a backup"),
        (an_act("prior changed", old=None, new="melanoma: 0.03"), "Melanoma 3 % (before: none)"),
        (an_act("blind-first changed", old=True, new=False), "Off: answers are shown before the user's diagnosis"),
        (
            an_act("alert limit changed", alert="melanoma", old=0.95, new=0.98, reason="high-risk clinic"),
            "Melanoma alert set from 95 to 98 %. high-risk clinic",
        ),
        (an_act("unlocking refused", of="lock"), "While LesionLens was locked"),
        (an_act("locked", **{"idle minutes": 0}), "By the user"),
        (an_act("locked", **{"idle minutes": 10}), "After 10 minutes without input"),
        (an_act("idle lock changed", old=0, new=10), "After 10 minutes without input (before: never)"),
        (an_act("assessment entered", **{"before model": 1, "corrects": 0}), "Before the model's answer"),
        (an_act("assessment entered", **{"before model": None, "corrects": 0}), "Imported, made elsewhere"),
        (
            an_act("assessment entered", **{"before model": 0, "corrects": 1}),
            "After the model's answer, there is an earlier one",
        ),
        (an_act("use for training set", allowed="yes", before=None), "yes (before: not asked)"),
        (an_act("outcome withdrawn", kind="histopathology", reason=None), "Histopathology, undone"),
        (
            an_act("outcome withdrawn", kind="follow-up", reason="wrong lesion"),
            "Follow-up, entered for the wrong lesion",
        ),
        (an_act("outcome put back", kind="follow-up", reason=None), "Follow-up"),
        (
            an_act("failed", act="report saved", row=3, stopped=False),
            "Report saved: the file, printer or network failed",
        ),
        (an_act("failed", act="backup written", row=3, stopped=True), "Backup made: stopped by the user"),
        (an_act("report saved", unknown=1), "unknown: 1"),
        (an_act("an act of the future", what="this"), "what: this"),
        (an_act("patient opened"), ""),
    ],
)
def test_details_in_words(act: Act, text: str) -> None:
    assert audit_details.detail_text(act) == text


def test_every_act_has_a_name_and_a_kind() -> None:
    kinds = [actions for _name, actions in audit_words.KINDS if actions is not None]
    assert set(audit_words.ACTIONS) == set(Action) == frozenset().union(*kinds)
    assert audit_words.action_name("an act of the future") == "an act of the future"
