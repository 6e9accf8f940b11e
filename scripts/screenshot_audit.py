"""The scene with the audit log after some days of work."""

from __future__ import annotations

import datetime as dt

from desktop.core.records.audit_acts import Action, Detail
from desktop.core.records.care_steps import CareStep, Step
from desktop.core.records.history import History
from desktop.core.records.people import EXCISION
from desktop.widgets.audit.audit_dialog import AuditDialog
from screenshot_drawings import draw_images
from screenshot_patients import open_patient
from screenshot_steps import Setting, add_lesion, bring
from studio import Studio


def audit(given: Setting) -> None:
    """The audit log: everything, a period with no act of a kind, and a patient who was erased."""
    studio = given.studio("audit")
    erased = _work_of_days(studio)
    open_patient(studio, "P-0412")
    add_lesion(studio, "scapula-left")
    bring(studio, *draw_images(given.work / "audit", 2, first=11))
    studio.parts.blinding.switch(True)
    studio.settle()
    studio.trigger("Audit log…")
    dialog = studio.dialog(AuditDialog)
    dialog.resize(1160, 640)  # the screen that there is not would be narrower
    studio.wait(dialog.table.rowCount, "the audit log is empty")
    studio.settle()
    studio.take(given.name("audit"), over=dialog)
    dialog.filter.kind.setCurrentText("Recorded")
    studio.wait(lambda: dialog.table.rowCount() == 4, "what was recorded is not listed")
    dialog.resize(1024, 560)
    studio.settle()
    studio.take(given.name("audit-small"), over=dialog)
    dialog.resize(1160, 640)
    dialog.filter.kind.setCurrentIndex(0)
    studio.settle()
    dialog.filter.patient.setText(f"#{erased}")
    studio.wait(lambda: dialog.count.text() == "3 acts", "the erased patient is not found")
    studio.take(given.name("audit-erased"), over=dialog)
    dialog.filter.patient.clear()
    dialog.filter.period.setCurrentIndex(dialog.filter.period.count() - 1)
    dialog.filter.kind.setCurrentText("Erased")
    studio.wait(lambda: dialog.count.text() == "1 act", "the filter does not hold")
    studio.take(given.name("audit-filtered"), over=dialog)
    studio.close()


def _result(history: History, patient_id: int, by: str) -> None:
    """Record a biopsy, its histopathology, and that the patient was told."""
    today = dt.datetime.now().astimezone().date()
    lesion = history.people.add_lesion(patient_id, "L1", "scapula-right", by=by).id
    visit = history.people.begin_visit(patient_id, today, "60-69", by=by).id
    plan = history.assessments.assess(
        lesion_id=lesion, visit_id=visit, before_model=True, diagnosis="melanoma", plan=EXCISION, by=by
    )
    history.care_steps.record(CareStep(Step.TAKEN, plan.id, today, "AB", "punch, 4 mm"), by=by)
    outcome = history.assessments.add_outcome(
        lesion_id=lesion, kind="histopathology", diagnosis="melanoma_in_situ", label="melanoma", date=today, by=by
    )
    history.care_steps.record(CareStep(Step.TOLD, outcome.id, today, "MK", ""), by=by)


def _work_of_days(studio: Studio) -> int:
    """Log acts of the last days, one of them an erasure; return the number of the erased patient."""
    now = dt.datetime.now(dt.UTC)

    def work(history: History, by: str) -> int:
        erased = history.people.add_patient("P-0398", "male", by=by)
        acts: tuple[tuple[int, Action, dict[str, Detail], int | None, str], ...] = (
            (4, Action.PATIENT_OPENED, {}, erased.id, "AB"),
            (4, Action.REPORT_PRINTED, {"patient data": True}, erased.id, "AB"),
            (3, Action.BACKED_UP, {"encrypted": True}, None, "MK"),
            (3, Action.UNLOCK_REFUSED, {"of": "backup"}, None, "AB"),
            (2, Action.PRIOR_CHANGED, {"old": None, "new": "melanoma: 0.03"}, None, "MK"),
            (2, Action.TABLE_EXPORTED, {"of": "history", "format": "excel", "rows": 212, "patient data": False}, None, "AB"),
            (1, Action.FAILED, {"act": Action.REPORT_SAVED, "row": 6, "stopped": False}, None, "AB"),
        )  # fmt: skip
        for days, action, detail, patient, author in acts:
            history.audit.note(action, detail, patient_id=patient, by=author, time=now - dt.timedelta(days=days))
        history.erasures.erase_patient(erased.id, by=by)
        _result(history, history.people.add_patient("P-0412", "female", by=by).id, by)
        return erased.id

    return studio.write(work)
