"""The audit log: what is in it, in what order, by which filter, and what is left of it once a patient was erased."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from desktop.core.records.audit_acts import Action, AuditFilter, Detail, RecordedStep
from desktop.core.records.audit_reading import _of_all
from desktop.core.records.backup import write_backup
from desktop.core.records.care_steps import CareStep, Step
from desktop.core.records.history import History
from desktop.core.records.image_status import read_image_status
from desktop.core.records.people import EXCISION, Lesion
from desktop.core.records.restoring import restore_backup
from tests.core.records.history_contents import MODEL, START, an_image, clock, keep
from tests.core.records.old_histories import STORED, fill, restore
from tests.making import contract

ALL = AuditFilter()


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with History.open(tmp_path / "data", now=clock()) as history:
        yield history


def place(history: History, pseudonym: str, name: str) -> tuple[int, str]:
    """Keep an image of a new patient; return the patient's id and the image's SHA-256."""
    patient = history.people.add_patient(pseudonym, "female", by="MK")
    visit = history.people.begin_visit(patient.id, START.date(), "", by="MK")
    keep(history, name)
    sha256 = an_image(name).sha256
    image_id = history.people.image_id_of(sha256)
    assert image_id is not None
    lesion = history.people.add_lesion(patient.id, "L1", "", by="MK")
    history.people.place(image_id, kind="dermoscopy", lesion_id=lesion.id, visit_id=visit.id, by="MK")
    return patient.id, sha256


def actions(history: History, wanted: AuditFilter = ALL) -> list[str]:
    return [act.action for act in history.audit.page(wanted).acts]


def test_a_view_names_image_and_patient_by_id(history: History) -> None:
    place(history, "P-0001", "other.jpg")
    patient_id, sha256 = place(history, "P-0412", "lesion.jpg")
    history.audit.note(Action.ANSWER_VIEWED, sha256=sha256, by="AB")
    (act,) = history.audit.page(ALL).acts
    assert (act.action, act.initials, act.patient_id, act.patient) == ("answer viewed", "AB", patient_id, "P-0412")
    assert (act.image_id, act.image) == (2, "lesion.jpg")
    rows = history._database.read("SELECT * FROM audit")
    assert [tuple(row)[1:6] for row in rows] == [("answer viewed", patient_id, 2, "{}", "AB")]


def test_all_sources_are_one_log_newest_first(history: History) -> None:
    patient_id, sha256 = place(history, "P-0412", "lesion.jpg")
    entry = history.entries()[0]
    history.audit.note(Action.ANSWER_VIEWED, sha256=sha256, by="MK")
    history.disclosures.disclose(entry.id, "despite abstention", by="AB")
    history.disclosures.disclose_unseen(None, by="AB")
    history.working_points.choose(
        {"melanoma": 0.95}, {"melanoma": 0.98}, "high-risk clinic", contract(), model_sha256=MODEL, by="CD"
    )
    history.audit.note(Action.COPIED, {"what": "view"}, sha256=sha256, by="MK")
    page = history.audit.page(ALL)
    assert [(act.action, act.initials, act.patient_id) for act in page.acts] == [
        ("copied to clipboard", "MK", patient_id),
        ("alert limit changed", "CD", None),
        ("answer seen before own diagnosis", "AB", patient_id),
        ("withheld answer shown", "AB", patient_id),
        ("answer viewed", "MK", patient_id),
    ]
    assert page.total == 5
    assert page.acts[1].detail == {"alert": "melanoma", "old": 0.95, "new": 0.98, "reason": "high-risk clinic"}
    assert history.audit.authors() == ["AB", "CD", "MK"]


def test_filters(history: History) -> None:
    first, sha256 = place(history, "P-0412", "lesion.jpg")
    second, _ = place(history, "Q-7", "other.jpg")
    begin = history._now() + timedelta(minutes=1)
    for action, patient_id, by in (
        (Action.PATIENT_OPENED, first, "MK"),
        (Action.PATIENT_OPENED, second, "MK"),
        (Action.BACKED_UP, None, "AB"),
    ):
        history.audit.note(action, patient_id=patient_id, by=by)
    history.audit.note(Action.ANSWER_VIEWED, sha256=sha256, by="AB")
    opened = frozenset({Action.PATIENT_OPENED})
    assert actions(history, AuditFilter(initials="AB")) == ["answer viewed", "backup written"]
    assert actions(history, AuditFilter(actions=opened)) == ["patient opened"] * 2
    assert actions(history, AuditFilter(actions=opened, initials="AB")) == []
    assert actions(history, AuditFilter(patient="p-04")) == ["answer viewed", "patient opened"]
    assert actions(history, AuditFilter(patient="nobody")) == []
    assert actions(history, AuditFilter(since=begin, until=begin + timedelta(minutes=2))) == ["patient opened"] * 2
    page = history.audit.page(ALL, limit=2, offset=1)
    assert [act.action for act in page.acts] == ["backup written", "patient opened"]
    assert page.total == 4


def test_an_image_that_leaves_its_assessed_lesion_was_not_seen_before_the_diagnosis(history: History) -> None:
    patient_id, sha256 = place(history, "P-0412", "lesion.jpg")
    image_id = history.people.image_id_of(sha256)
    assert image_id is not None
    placed = history.people.placement(image_id)
    history.assessments.assess(
        lesion_id=placed.lesion_id, visit_id=placed.visit_id, before_model=True, diagnosis="nevus", by="MK"
    )
    undone = history.people.move([image_id], None, None, by="MK")
    assert not history.disclosures.is_concealed(image_id), "it was shown when it might be"
    assert read_image_status(history, sha256).was_seen_with_lesion
    history.people.put_back(undone, by="MK")
    other = history.people.add_lesion(patient_id, "L2", "", by="MK")
    history.people.move([image_id], other.id, placed.visit_id, by="MK")
    assert actions(history) == ["assessment entered"]
    history.people.move([image_id], None, None, by="MK")
    late = history.assessments.assess(image_id=image_id, before_model=True, diagnosis="nevus", by="MK")
    assert not late.before_model, "its answer was seen"


def test_a_skipped_diagnosis_is_logged_once_wherever_its_image_goes(history: History) -> None:
    patient_id, sha256 = place(history, "P-0412", "lesion.jpg")
    image_id = history.people.image_id_of(sha256)
    assert image_id is not None
    history.disclosures.disclose_unseen(None, by="MK")
    history.people.move([image_id], None, None, by="MK")
    other = history.people.add_lesion(patient_id, "L2", "", by="MK")
    history.people.move([image_id], other.id, history.people.visits(patient_id)[0].id, by="MK")
    assert actions(history) == ["answer seen before own diagnosis"]
    assert not history.disclosures.is_concealed(image_id)
    assert not read_image_status(history, sha256).was_seen_with_lesion


def test_an_answer_that_is_seen_at_the_tick_at_which_its_image_was_placed_is_logged(tmp_path: Path) -> None:
    with History.open(tmp_path / "data", now=lambda: START) as history:
        place(history, "P-0412", "lesion.jpg")
        history.disclosures.disclose_unseen(None, by="MK")
        assert actions(history) == ["answer seen before own diagnosis"]


def test_a_setting_is_logged_when_it_changes(history: History) -> None:
    def note(value: float | None) -> bool:
        return history.audit.note_change(Action.PRIOR_CHANGED, value, by="MK")

    assert [note(value) for value in (None, 0.035, 0.035, 0.02, None, None)] == [False, True, False, True, True, False]
    assert [dict(act.detail) for act in reversed(history.audit.page(ALL).acts)] == [
        {"old": None, "new": 0.035},
        {"old": 0.035, "new": 0.02},
        {"old": 0.02, "new": None},
    ]


def test_of_an_erased_patient_the_ids_stay_and_nothing_else(history: History) -> None:
    keep(history, "unplaced.jpg")
    unplaced = an_image("unplaced.jpg").sha256
    history.audit.note(Action.ANSWER_VIEWED, sha256=unplaced, by="MK")  # it becomes the patient's only after this
    patient_id, sha256 = place(history, "P-0412", "Anna-Mueller.jpg")
    place_of = history.people.owner(history.people.image_id_of(sha256) or 0)
    assert place_of == patient_id
    lesion = history.people.lesions(patient_id)[0]
    visit = history.people.visits(patient_id)[0]
    history.people.place(1, kind="dermoscopy", lesion_id=lesion.id, visit_id=visit.id, by="MK")
    history.audit.note(Action.PATIENT_OPENED, patient_id=patient_id, by="MK")
    history.disclosures.disclose_unseen(None, by="MK")
    history.erasures.erase_patient(patient_id, by="AB")
    acts = history.audit.page(AuditFilter(patient=f"#{patient_id}")).acts
    assert [(act.action, act.patient_id, act.image_id) for act in acts] == [
        ("patient erased", patient_id, None),
        ("answer seen before own diagnosis", patient_id, 2),
        ("answer seen before own diagnosis", patient_id, 1),
        ("patient opened", patient_id, None),
        ("answer viewed", patient_id, 1),
    ]
    assert all(act.patient is None and act.image is None for act in acts)
    assert acts[0].detail == {"images": 2}
    assert history.audit.page(AuditFilter(patient="P-0412")).acts == []


def test_backup_and_restore_carry_the_log_and_are_in_it(tmp_path: Path) -> None:
    folder, tick = tmp_path / "data", clock()
    with History.open(folder, now=tick) as history:
        patient_id, _ = place(history, "P-0412", "lesion.jpg")
        history.audit.note(Action.PATIENT_OPENED, patient_id=patient_id, by="MK")
    backup = write_backup(folder, tmp_path / "backup.zip", app_version="1", now=START).path
    with History.open(folder, now=tick) as history:
        history.erasures.erase_patient(patient_id, by="AB")
        history.erasures.finish()
    restore_backup(backup, folder, now=START + timedelta(days=1), by="CD")
    with History.open(folder) as history:
        acts = history.audit.page(ALL).acts
    assert [(act.action, act.initials, act.patient_id, act.patient) for act in acts] == [
        ("backup restored", "CD", None, None),
        ("patient erased", "AB", patient_id, None),
        ("patient opened", "MK", patient_id, None),
    ]
    assert acts[0].detail == {"backup of": "2026-11-23T09:00:00.000000+00:00"}


def test_two_programs_write_one_log(history: History, tmp_path: Path) -> None:
    with History.open(tmp_path / "data", now=clock()) as other:
        history.audit.note(Action.BACKED_UP, by="MK")
        other.audit.note(Action.TABLE_EXPORTED, by="AB")
        history.audit.note(Action.BACKED_UP, by="MK")
        assert sorted(actions(other)) == sorted(actions(history))
    assert len(actions(history)) == 3


def test_a_page_of_a_long_log_is_read_along_an_index(history: History) -> None:
    everything = _of_all("*", "1")
    plan = history._database.read(f"EXPLAIN QUERY PLAN {everything} ORDER BY time DESC, id DESC LIMIT 200")
    steps = [row["detail"] for row in plan]
    assert "SCAN audit USING INDEX audit_time" in steps
    assert "MERGE (UNION ALL)" in steps


def test_a_damaged_detail_is_shown_without_it(history: History) -> None:
    history._database._connection.execute(
        "INSERT INTO audit (action, detail, initials, time) VALUES ('an act of the future', '{\"a\":', 'MK', 'never')"
    )
    (act,) = history.audit.page(ALL).acts
    assert (act.action, dict(act.detail)) == ("an act of the future", {})


def test_an_older_history_has_in_its_log_what_other_tables_record(tmp_path: Path) -> None:
    restore(STORED / "history-9.sql", tmp_path / "old")
    fill(tmp_path / "new")
    with History.open(tmp_path / "old") as old, History.open(tmp_path / "new") as new:
        assert actions(old) == ["outcome entered", "alert limit changed", "assessment entered", "withheld answer shown"]
        assert actions(new) == [
            "outcome withdrawn",
            "outcome entered",
            "outcome entered",
            "model decided",
            "step recorded",
            "influence withdrawn",
            "influence entered",
            "influence entered",
            "patient opened",
            *actions(old)[1:2],
            "step recorded",
            actions(old)[2],
            "use for training set",
            *actions(old)[3:],
        ]


def test_assessments_and_outcomes_are_in_the_log_and_stay_as_numbers_when_a_patient_is_erased(history: History) -> None:
    patient_id, _ = place(history, "P-0412", "lesion.jpg")
    keep(history, "alone.jpg")
    alone = history.people.image_id_of(an_image("alone.jpg").sha256)
    lesion, visit = history.people.lesions(patient_id)[0].id, history.people.visits(patient_id)[0].id
    judge = partial(history.assessments.assess, before_model=True, diagnosis="naevus", note="a name", by="MK")
    find = partial(history.assessments.add_outcome, diagnosis="melanoma", date=START.date(), note="a name", by="AB")
    judge(lesion_id=lesion, visit_id=visit)
    judge(lesion_id=lesion, visit_id=visit)
    judge(image_id=alone)
    first = find(lesion_id=lesion, kind="histopathology")
    history.assessments.set_outcome_binned(first.id, binned=True, by="AB", reason="wrong lesion")
    second = find(lesion_id=lesion, kind="histopathology")
    find(lesion_id=lesion, kind="follow-up")
    find(lesion_id=lesion, kind="histopathology", corrects=second.id)  # which is no withdrawal beside it
    find(lesion_id=lesion, kind="histopathology")  # of another specimen
    history.assessments.set_outcome_binned(first.id, binned=False, by="CD")
    find(image_id=alone, kind="follow-up")
    expected = [
        ("assessment entered", "MK", patient_id, None, False),
        ("assessment entered", "MK", patient_id, None, True),
        ("assessment entered", "MK", None, alone, False),
        ("outcome entered", "AB", patient_id, None, None),
        ("outcome withdrawn", "AB", patient_id, None, None),
        ("outcome entered", "AB", patient_id, None, None),
        ("outcome entered", "AB", patient_id, None, None),
        ("outcome corrected", "AB", patient_id, None, None),
        ("outcome entered", "AB", patient_id, None, None),
        ("outcome put back", "CD", patient_id, None, None),
        ("outcome entered", "AB", None, alone, None),
    ]

    def read() -> list[tuple[str, str, int | None, int | None, Detail]]:
        corrects = [
            None if (it := act.detail.get("corrects")) is None else bool(it) for act in history.audit.page(ALL).acts
        ]
        return [
            (act.action, act.initials, act.patient_id, act.image_id, one)
            for act, one in zip(history.audit.page(ALL).acts, corrects, strict=True)
        ][::-1]

    assert read() == expected
    assert [act.action for act in history.audit.page(AuditFilter(patient="P-0412")).acts][-1] == "assessment entered"
    history.erasures.erase_patient(patient_id, by="MK")
    assert read() == [*expected, ("patient erased", "MK", patient_id, None, None)]
    assert all("a name" not in str(tuple(row)) for row in history._database.read("SELECT * FROM audit"))
    assert {act.patient for act in history.audit.page(ALL).acts} == {None}


def test_an_act_on_a_lesion_names_it_and_what_was_entered_until_it_is_erased(history: History) -> None:
    patient_id, _ = place(history, "P-0412", "lesion.jpg")
    keep(history, "alone.jpg")
    alone = history.people.image_id_of(an_image("alone.jpg").sha256)
    lesion, visit = history.people.lesions(patient_id)[0], history.people.visits(patient_id)[0].id
    own = history.assessments.assess(
        lesion_id=lesion.id, visit_id=visit, before_model=True, diagnosis="melanoma", plan=EXCISION, by="MK"
    )
    other = history.assessments.assess(image_id=alone, before_model=True, diagnosis="nevus", plan=EXCISION, by="MK")
    day = START.date()
    history.care_steps.record(CareStep(Step.TAKEN, own.id, day, "AB", "punch"), by="MK")
    history.care_steps.record(CareStep(Step.TAKEN, other.id, day, "AB", ""), by="MK")
    history.care_steps.take_back(CareStep(Step.TAKEN, other.id, day, "AB", ""), by="MK")
    outcome = history.assessments.add_outcome(
        lesion_id=lesion.id, kind="histopathology", diagnosis="nevus", date=day, by="AB"
    )

    def read() -> list[tuple[str, Lesion | None, int | None, object]]:
        acts = history.audit.page(ALL).acts
        return [(act.action, act.lesion, act.image_id, act.content) for act in acts][::-1]

    assert read() == [
        ("assessment entered", lesion, None, own),
        ("assessment entered", None, alone, other),
        ("step recorded", lesion, None, RecordedStep(day, "punch", "AB")),
        ("step recorded", None, alone, RecordedStep(day, "", "AB")),
        ("step taken back", None, alone, RecordedStep(None, "", "AB")),
        ("outcome entered", lesion, None, outcome),
    ]
    history.erasures.erase_patient(patient_id, by="MK")
    erased = [act for act in history.audit.page(ALL).acts if act.lesion_id == lesion.id]
    assert len(erased) == 3
    assert {(act.lesion, act.content) for act in erased} == {(None, None)}
