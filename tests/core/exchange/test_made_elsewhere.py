"""Assessments of a table that does not say whether they came before a model's answer: no word of it, and no vote."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop.core.exchange.collecting import Selection
from desktop.core.exchange.conflicts import OnConflict
from desktop.core.exchange.exporting import export_folder
from desktop.core.exchange.folder_formats import ExportFormat
from desktop.core.exchange.importing import import_folder
from desktop.core.practice.cases import visit_cases
from desktop.core.records.audit_acts import Action, AuditFilter
from desktop.core.records.patient_file import read_patient_file
from desktop.core.records.people import Assessment, OutcomeKind
from desktop.core.records.practice_reading import assembled, read_raw
from desktop.core.records.safety_net import Gap
from desktop.core.records.verifying import check_history
from tests.core.exchange.histories import DAY, Practice, at, png
from tests.core.records.history_contents import MODEL

_TABLE = """patient;lesion;date;image;assessment;before_model;plan;who
P-1;L1;2.3.2026;1.png;nevus;;follow-up;AB
P-1;L2;2.3.2026;2.png;nevus;yes;;AB
P-1;L3;2.3.2026;3.png;nevus;no;;AB
"""
_HEAD = "patient;lesion;date;when;image;assessment;who\n"


@pytest.fixture
def open_practice(tmp_path: Path) -> Iterator[Callable[[str], Practice]]:
    practices: list[Practice] = []

    def opened(name: str) -> Practice:
        practices.append(Practice(tmp_path / name, at(8), "MK"))
        return practices[-1]

    yield opened
    for practice in practices:
        practice.history.close()


def _table(folder: Path, text: str) -> Path:
    folder.mkdir()
    (folder / "records.csv").write_text(text)
    for number in (1, 2, 3):
        (folder / f"{number}.png").write_bytes(png(number))
    return folder


def _merge(practice: Practice, folder: Path) -> None:
    import_folder(practice.history, practice.store, folder, on_conflict=OnConflict.BOTH, by="IM")


def _said(practice: Practice) -> dict[str, list[Assessment]]:
    (patient,) = practice.history.people.find_patients()
    return {
        lesion.name: practice.history.assessments.of([lesion.id])
        for lesion in practice.history.people.lesions(patient.id)
    }


def _stages(practice: Practice) -> dict[str, list[bool | None]]:
    return {name: [one.before_model for one in said] for name, said in _said(practice).items()}


@pytest.mark.parametrize("form", [ExportFormat.CSV, ExportFormat.DICOM])
def test_what_the_file_does_not_say_stays_unsaid(
    open_practice: Callable[[str], Practice], tmp_path: Path, form: ExportFormat
) -> None:
    one = open_practice("one")
    _merge(one, _table(tmp_path / "table", _TABLE))
    assert _stages(one) == {"L1": [None], "L2": [True], "L3": [False]}
    details = [
        act.detail["before model"]
        for act in one.history.audit.page(AuditFilter(actions=frozenset({Action.ASSESSED}))).acts
    ]
    assert sorted(details, key=str) == [0, 1, None]
    export_folder(one.history, one.store, Selection(), tmp_path / "folder", by="EX", form=form)
    two = open_practice("two")
    _merge(two, tmp_path / "folder")
    assert _stages(two) == {"L1": [None], "L2": [True], "L3": [False]}
    assert check_history(tmp_path / "two", with_images=True).is_whole


def test_it_stays_unsaid_where_an_import_writes_it_again(
    open_practice: Callable[[str], Practice], tmp_path: Path
) -> None:
    one = open_practice("one")
    _merge(one, _table(tmp_path / "table", _TABLE))
    (patient,) = one.history.people.find_patients()
    lesion = next(it for it in one.history.people.lesions(patient.id) if it.name == "L1")
    own = one.seen(lesion.id, one.visit(patient.id), "melanoma")  # at 8, and the table's at noon
    assert [it.id for it in _said(one)["L1"]][-1] == own
    earlier = _HEAD + "P-1;L1;2.3.2026;2026-03-02T07:00;1.png;bcc;CD\n"
    _merge(one, _table(tmp_path / "earlier", earlier))
    assert [(it.diagnosis, it.before_model) for it in _said(one)["L1"]] == [
        ("bcc", None),
        ("melanoma", True),  # the table's came on the day of the visit
        ("nevus", None),
    ]


def test_own_figures_count_an_assessment_once_and_none_made_elsewhere(
    open_practice: Callable[[str], Practice], tmp_path: Path
) -> None:
    one = open_practice("one")
    patient = one.patient("P-1")
    lesions = {name: one.history.people.add_lesion(patient, name, "back", by="MK").id for name in ("L1", "L2")}
    visit = one.visit(patient)
    for lesion in lesions.values():
        one.image(lesion=lesion, visit=visit)
    one.seen(lesions["L1"], visit, "nevus")
    folder = _table(  # with the very images, so that the lesions are the same
        tmp_path / "table",
        _HEAD + "P-1;L1;2.3.2026;2026-03-02T07:00;1.png;melanoma;AB\n"
        "P-1;L2;2.3.2026;2026-03-02T19:00;2.png;melanoma;AB\n",
    )
    _merge(one, folder)
    assert [(it.diagnosis, it.before_model) for it in _said(one)["L1"]] == [("melanoma", None), ("nevus", True)]
    rows = assembled(read_raw(one.history.exchanged._database))
    by_lesion = {subject.lesion_id: at_visit for subject, at_visit in rows.assessments.items()}
    assert [it.diagnosis for it in by_lesion[lesions["L1"]][visit]] == ["melanoma", "nevus"]
    cases = {subject.lesion_id: found for subject, (found,) in visit_cases(rows, MODEL).items()}
    own = cases[lesions["L1"]]
    assert own.before is not None
    assert own.after == own.before
    assert own.before.diagnosis == "nevus"
    assert (cases[lesions["L2"]].before, cases[lesions["L2"]].after) == (None, None)


def test_the_audit_log_has_an_outcome_once_where_an_import_writes_it_again(
    open_practice: Callable[[str], Practice], tmp_path: Path
) -> None:
    one = open_practice("one")
    patient = one.patient("P-1")
    lesion = one.history.people.add_lesion(patient, "L1", "back", by="MK").id
    one.image(lesion=lesion, visit=one.visit(patient))

    def find(kind: OutcomeKind, diagnosis: str) -> int:
        return one.history.assessments.add_outcome(
            lesion_id=lesion,
            kind=kind,
            diagnosis=diagnosis,
            date=DAY,
            by="MK",
        ).id

    find("follow-up", "nevus")
    find("follow-up", "bcc")  # corrects it
    wrong = find("histopathology", "melanoma")
    for binned in (True, False, True):
        one.history.assessments.set_outcome_binned(wrong, binned=binned, by="MK", reason="wrong lesion")
    undone = find("histopathology", "scc")
    one.history.assessments.set_outcome_binned(undone, binned=True, by="MK")

    def acts() -> list[tuple[str, dt.datetime, object, object]]:
        wanted = frozenset(
            {Action.OUTCOME_ENTERED, Action.OUTCOME_CORRECTED, Action.OUTCOME_WITHDRAWN, Action.OUTCOME_PUT_BACK}
        )
        found = one.history.audit.page(AuditFilter(actions=wanted)).acts
        return [(act.action, act.time, act.detail["kind"], act.detail.get("reason")) for act in found]

    before = acts()
    assert [action for action, *_ in reversed(before)] == [
        Action.OUTCOME_ENTERED,
        Action.OUTCOME_CORRECTED,
        Action.OUTCOME_ENTERED,
        *(Action.OUTCOME_WITHDRAWN, Action.OUTCOME_PUT_BACK, Action.OUTCOME_WITHDRAWN),
        Action.OUTCOME_ENTERED,
        Action.OUTCOME_WITHDRAWN,
    ]
    folder = _table(
        tmp_path / "table",
        "patient;lesion;date;when;image;outcome;outcome_kind;who\n"
        "P-1;L1;1.3.2026;2026-03-01T07:00;1.png;seborrheic_keratosis;histopathology;AB\n",
    )
    _merge(one, folder)
    after = acts()
    assert [act for act in after if act[1].day != 1] == before
    assert len(after) == len(before) + 1


def _image_of(practice: Practice, name: str) -> int:
    (patient,) = practice.history.people.find_patients()
    ids = {one.id: one.name for one in practice.history.people.lesions(patient.id)}
    (image,) = [one for one in practice.history.people.images(patient.id) if ids.get(one.lesion_id or 0) == name]
    return image.image_id


def _concealed(practice: Practice) -> list[str]:
    return [name for name in ("L1", "L2", "L3") if practice.history.disclosures.is_concealed(_image_of(practice, name))]


def test_what_came_on_the_day_of_its_visit_leaves_the_answer_concealed_until_somebody_here_has_assessed(
    open_practice: Callable[[str], Practice], tmp_path: Path
) -> None:
    one = open_practice("one")
    _merge(one, _table(tmp_path / "table", _TABLE))  # of the very day
    assert _concealed(one) == ["L1"]
    (patient,) = one.history.people.find_patients()
    (visit,) = one.history.people.visits(patient.id)
    lesion = next(it for it in one.history.people.lesions(patient.id) if it.name == "L1")
    one.seen(lesion.id, visit.id, "melanoma")
    assert _concealed(one) == []
    assert [it.before_model for it in _said(one)["L1"]] == [None, True]


def test_what_came_on_a_later_day_conceals_nothing(tmp_path: Path) -> None:
    one = Practice(tmp_path / "one", at(8, DAY + dt.timedelta(days=2)), "MK")
    _merge(one, _table(tmp_path / "table", _TABLE))
    assert _concealed(one) == []
    one.history.close()


def test_the_answers_of_earlier_visits_wait_for_an_assessment_that_is_made_here(
    open_practice: Callable[[str], Practice], tmp_path: Path
) -> None:
    one = open_practice("one")
    patient = one.patient("P-1")
    lesion = one.history.people.add_lesion(patient, "L1", "back", by="MK").id
    earlier = one.visit(patient, DAY - dt.timedelta(days=90))
    image = one.image(lesion=lesion, visit=earlier)
    one.seen(lesion, earlier, "nevus")
    today = one.visit(patient)
    waiting = one.history.disclosures.awaiting(DAY, patient)
    assert len(waiting) == 1
    _merge(one, _table(tmp_path / "table", f"patient;lesion;date;image;assessment\nP-1;L1;{DAY};1.png;nevus\n"))
    assert len(_said(one)["L1"]) == 2
    assert one.history.disclosures.awaiting(DAY, patient) == waiting
    assert not one.history.disclosures.is_concealed(image)
    one.seen(lesion, today, "nevus")
    assert one.history.disclosures.awaiting(DAY, patient) == frozenset()


def test_its_lesion_stays_on_the_list_of_what_nobody_here_has_assessed(
    open_practice: Callable[[str], Practice], tmp_path: Path
) -> None:
    one = open_practice("one")
    patient = one.patient("P-1")
    lesion = one.history.people.add_lesion(patient, "L1", "back", by="MK").id
    visit = one.visit(patient)
    one.image(lesion=lesion, visit=visit)
    _merge(one, _table(tmp_path / "table", f"patient;lesion;date;image;assessment\nP-1;L1;{DAY};1.png;nevus\n"))
    assert len(_said(one)["L1"]) == 1
    assert [item.gap for item in one.history.safety_net.items(DAY)] == [Gap.NOT_ASSESSED]
    file = read_patient_file(one.history, patient, DAY)
    assert file is not None
    assert file.assessed == frozenset()
    one.seen(lesion, visit, "nevus")
    assert [item.gap for item in one.history.safety_net.items(DAY)] == [Gap.NO_PLAN]
