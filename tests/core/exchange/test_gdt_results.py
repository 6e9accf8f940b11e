"""Committed assessments as GDT results: without an assessment none, and nothing of a model."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.core.exchange.collecting import Selection
from desktop.core.exchange.exporting import Exported, export_folder
from desktop.core.exchange.folder_formats import ExportFormat
from desktop.core.exchange.gdt_folder import MOST_RESULTS, Connection
from desktop.core.exchange.gdt_lines import GdtError, read_lines
from desktop.core.records.audit_acts import Action, AuditFilter
from desktop.core.records.people import FOLLOW_UP
from tests.core.exchange.histories import DAY, Practice, at


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    practice = Practice(tmp_path / "data", at(8), "MK")
    yield practice
    practice.history.close()


def export(practice: Practice, target: Path, connection: Connection | None = None) -> Exported:
    return export_folder(
        practice.history,
        practice.store,
        Selection(),
        target,
        form=ExportFormat.GDT,
        connection=connection or Connection(Path()),
        by="EX",
    )


def fields(path: Path) -> dict[str, str]:
    """Return the fields of a file, the lines of one field joined."""
    found: dict[str, str] = {}
    for number, content in read_lines(path.read_bytes(), path.name):
        found[number] = f"{found[number]} {content}" if number in found else content
    return found


def test_a_result_for_the_last_assessment_of_each_visit(practice: Practice, tmp_path: Path) -> None:
    patient = practice.patient("P-1", "female")
    visit, later = practice.visit(patient), practice.visit(patient, DAY + dt.timedelta(90))
    lesion = practice.history.people.add_lesion(patient, "L1", "scapula-left", by="MK").id
    practice.image(lesion=lesion, visit=visit)
    practice.seen(lesion, visit, "nevus")
    practice.seen(lesion, visit, "blue_nevus", FOLLOW_UP, plan_date=DAY + dt.timedelta(90), note="größer")
    practice.seen(lesion, later, "melanoma", confidence="high", change="changed")
    exported = export(practice, tmp_path / "out")
    assert (exported.patients, exported.images, exported.answers) == (1, 0, 0)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["PVS1LSNL.001", "PVS1LSNL.GDT"]
    first, second = (fields(tmp_path / "out" / f"PVS1LSNL.{end}") for end in ("GDT", "001"))
    assert (first["8000"], first["3000"], first["3110"], first["8402"]) == ("6310", "P-1", "2", "DERM")
    assert (first["8315"], first["8316"]) == ("PVS1", "LSNL")
    assert first["6220"] == (
        "L1, Skin of back of upper thoracic region, left: Blue nevus; plan: Follow-up on 2026-05-31; größer"
    )
    assert second["6220"].endswith(
        "Melanoma; changed; confidence high; visit of 2026-05-31"
    )  # 6200 is when it was entered
    assert second["6227"] == "Assessed by MK"
    for path in (tmp_path / "out").iterdir():
        assert b"Machine" not in path.read_bytes()
        assert b"0.6" not in path.read_bytes()
    (act,) = practice.history.audit.page(AuditFilter(actions=frozenset({Action.HISTORY_EXPORTED}))).acts
    assert (act.detail["format"], act.detail["images"]) == ("gdt", 0)


def test_without_an_assessment_there_is_no_result(practice: Practice, tmp_path: Path) -> None:
    visit = practice.visit(practice.patient("P-1"))
    practice.image(visit=visit)
    practice.history.disclosures.disclose(1, "without own view", by="MK")
    export(practice, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []
    image_id = practice.image(visit=visit)
    practice.history.assessments.assess(image_id=image_id, before_model=False, diagnosis="nevus", by="")
    export(practice, tmp_path / "again")
    (path,) = (tmp_path / "again").iterdir()
    assert fields(path)["6220"] == "Nevus"
    assert "6227" not in fields(path)


def test_ids_that_are_none_and_more_results_than_a_folder_holds(practice: Practice, tmp_path: Path) -> None:
    with pytest.raises(GdtError, match="“AB” is no GDT id"):
        export(practice, tmp_path / "out", Connection(Path(), "AB"))
    patient = practice.patient("P-1")
    visit = practice.visit(patient)
    with practice.history.together():
        for number in range(MOST_RESULTS + 1):
            practice.seen(practice.history.people.add_lesion(patient, f"L{number}", "back", by="MK").id, visit, "nevus")
    with pytest.raises(GdtError, match="these are 1001"):
        export(practice, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "out.partial").exists()
