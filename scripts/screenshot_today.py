"""Scenes of the start page: with nothing to do, with the safety net, and the form that settles an item."""

from __future__ import annotations

import datetime as dt

from desktop.core.records.history import History
from desktop.core.records.people import EXCISION, FOLLOW_UP, Lesion
from desktop.core.records.safety_net import Gap
from desktop.widgets.today.net_table import NetTable
from desktop.widgets.today.step_dialog import StepDialog
from desktop.widgets.visit.reexcision_dialog import ReexcisionDialog
from screenshot_drawings import draw_images
from screenshot_patients import open_patient
from screenshot_steps import Setting, add_lesion, bring, earlier_visits, judge
from studio import LARGE, SMALLEST, Studio


def today(given: Setting) -> None:
    """The start page before and after work was left undone."""
    studio = given.studio("today")
    window = studio.window
    window.show_workspace("today")
    studio.settle(0.8)
    studio.take(given.name("today-empty"))
    earlier_visits(studio)
    _leave_undone(studio)
    open_patient(studio, "P-0412")
    add_lesion(studio, "scapula-left")
    bring(studio, *draw_images(given.work / "today", 1, first=11))
    judge(studio, studio.parts.open_patient.lesions[-1].id, "melanoma", EXCISION)
    add_lesion(studio, "calf-right")
    bring(studio, *draw_images(given.work / "today", 1, first=12))
    studio.parts.open_patient.close()
    window.show_workspace("today")
    studio.wait(lambda: window.workspaces.today.page.findChildren(NetTable), "there is no safety net")
    studio.settle(0.8)
    studio.take(given.name("today"))
    for size in (LARGE, SMALLEST):
        studio.take(given.name("today"), size)
    page = window.workspaces.today.page
    page.gaps.setCurrentIndex(page.gaps.findData(Gap.NOT_ASSESSED))
    studio.take(given.name("today-not-assessed"))
    page.gaps.setCurrentIndex(0)
    table = page.findChildren(NetTable)[0]
    table.opened.emit(next(item for item in table.items if item.gap is Gap.MARGINS))
    studio.take(given.name("today-re-excision"), over=studio.dialog(ReexcisionDialog))
    studio.dialog(ReexcisionDialog).reject()
    table.opened.emit(next(item for item in table.items if item.gap is Gap.NOT_TOLD))
    studio.take(given.name("today-told"), over=studio.dialog(StepDialog))
    studio.dialog(StepDialog).save.click()
    studio.wait(lambda: len(table.open_items) < len(table.items), "nothing is done")
    studio.take(given.name("today-done"))
    table.close_requested.emit(table.open_items)
    studio.take(given.name("today-close"), over=studio.dialog(StepDialog))
    studio.dialog(StepDialog).reject()
    studio.close()


def _leave_undone(studio: Studio) -> None:
    """Save lesions of earlier visits, each with another thing left undone."""
    day = dt.datetime.now().astimezone().date()

    def work(history: History, by: str) -> None:
        people, assessments = history.people, history.assessments
        patient = people.add_patient("P-0388", "female", by=by).id
        before = day - dt.timedelta(days=61)
        visit = people.begin_visit(patient, before, "40-49", by=by).id

        def lesion(name: str, site: str, diagnosis: str, plan: str, on: dt.date | None = None) -> Lesion:
            made = people.add_lesion(patient, name, site, by=by)
            assessments.assess(
                lesion_id=made.id,
                visit_id=visit,
                before_model=True,
                diagnosis=diagnosis,
                plan=plan,
                plan_date=on,
                by=by,
            )
            return made

        lesion("L1", "scapula-left", "atypical_nevus", FOLLOW_UP, day - dt.timedelta(days=12))
        told, other = (
            lesion("L2", "calf-right", "melanoma", EXCISION),
            lesion("L3", "abdomen", "nevus", EXCISION),
        )
        for one, diagnosis in ((told, "melanoma_in_situ"), (other, "superficial_spreading_melanoma")):
            assessments.add_outcome(
                lesion_id=one.id,
                kind="histopathology",
                diagnosis=diagnosis,
                label="melanoma",
                margins="involved" if one is other else None,
                date=day - dt.timedelta(days=4),
                by=by,
            )

    studio.write(work)
