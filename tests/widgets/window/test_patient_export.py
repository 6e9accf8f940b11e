"""Export of the open patient as FHIR, with the report of the newest visit."""

import base64
import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from PySide6.QtWidgets import QFileDialog

from desktop.core.draft import Draft
from desktop.core.records.audit_acts import Action, AuditFilter
from desktop.core.records.history import History
from desktop.widgets.report.visit_pages import VisitPages
from desktop.widgets.report.visit_pictures import LoadedVisit
from desktop.widgets.report.visit_subject import read_visit
from tests.making import write_lesion
from tests.widgets.conftest import Desk
from tests.widgets.patient.test_patient import add_lesion, bring
from tests.widgets.window.test_practice_system import is_open, messages


@pytest.fixture
def desk(make_desk: Callable[..., Desk], model_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A window with an open patient who has an image of a lesion; exports go to `out`."""
    (tmp_path / "out").mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_arguments: str(tmp_path / "out"))
    desk = make_desk(model_file)
    desk.wait(lambda: desk.parts.model.classifier is not None)
    desk.parts.edits.add_patient("P-1", "female", "", patient_ids=set())(lambda _reverse: None, pytest.fail)
    desk.wait(lambda: is_open(desk, "P-1"))
    add_lesion(desk, "left scapula")
    bring(desk, write_lesion(tmp_path / "one.png"))
    desk.rest()
    return desk


def exported(desk: Desk, folder: Path) -> list[dict[str, Any]]:
    """Export by the menu; return the resources beside what clinicians said, validated."""
    desk.parts.window.menus.actions["export patient"].trigger()
    desk.wait(lambda: "Written to" in messages(desk))
    (path,) = folder.glob("out/*/patients/*.json")
    Bundle.model_validate_json(path.read_bytes())
    return [entry["resource"] for entry in json.loads(path.read_text("utf-8"))["entry"]]


def test_the_report_of_the_visit_is_in_the_bundle(desk: Desk, tmp_path: Path, questions: list[str]) -> None:
    desk.parts.blinding.commit(Draft(diagnosis="nevus", note="even"))
    desk.rest()
    (report,) = [one for one in exported(desk, tmp_path) if one["resourceType"] == "DiagnosticReport"]
    (form,) = report["presentedForm"]
    assert base64.b64decode(form["data"]).startswith(b"%PDF")
    assert "with the report of the newest visit" in messages(desk)
    assert "not encrypted" in questions[-1]
    with History.open(desk.folder) as history:
        subject = read_visit(history, 1)
        (act,) = history.audit.page(AuditFilter(actions=frozenset({Action.HISTORY_EXPORTED}))).acts
    assert (act.detail["format"], act.patient) == ("fhir", "P-1")
    assert subject is not None
    made = desk.parts.window.features.patient_export.report(subject, LoadedVisit(), dt.datetime.now(dt.UTC))
    text = VisitPages(made, 96).text()
    assert "Nevus" in text
    for of_the_model in ("model says", "%", "Demonstration", "alert"):
        assert of_the_model not in text


def test_without_an_assessment_there_is_no_report(desk: Desk, tmp_path: Path) -> None:
    kinds = {one["resourceType"] for one in exported(desk, tmp_path)}
    assert "Media" in kinds
    assert not kinds & {"DiagnosticReport", "Observation"}
    assert "without a report" in messages(desk)
