"""The states of the window that are drawn, in the order of a day: each function is one sitting at the program."""

from __future__ import annotations

import dataclasses
import datetime as dt
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QScrollArea, QToolButton, QWidget

from desktop.core.records.history import History
from desktop.core.records.people import EXCISION, FOLLOW_UP, Sex
from desktop.drafts import OwnView
from desktop.widgets.filters_dialog import FiltersDialog
from desktop.widgets.outcome_dialog import OutcomeDialog
from desktop.widgets.patient_chooser import PatientChooser
from desktop.widgets.place_dialog import PlaceDialog
from desktop.widgets.report_dialog import ReportDialog
from desktop.widgets.seen_dialog import SeenDialog
from desktop.widgets.shortcuts import Shortcuts
from desktop.widgets.worklists import Worklists
from screenshot_drawings import draw_dicom, draw_images, draw_overview, samples
from studio import LARGE, StateNotReachedError, Studio

MANY = 200
"""Entries of the long history."""
VEIL = 2
"""Of the samples, the drawing of a blue-white veil: the most telling one."""


@dataclass(frozen=True)
class Setting:
    """Where pictures go, and what they are made with; `work` is a folder that goes away afterwards."""

    out: Path
    work: Path
    models: dict[str, Path]
    prefix: str = ""

    def studio(self, name: str, *, model: str = "answer", blind: bool = False, initials: str = "MK") -> Studio:
        """Open a window over a new history."""
        folder = self.work / f"{self.prefix}{name}" / "LesionLens"
        shutil.rmtree(folder, ignore_errors=True)
        return Studio(folder, self.models[model], self.out, blind=blind, initials=initials)

    def name(self, name: str) -> str:
        """Return a picture's name."""
        return f"{self.prefix}{name}"


def first_run(given: Setting) -> None:
    """Nothing was ever opened, and what the other workspaces say then."""
    studio = given.studio("first", blind=True, initials="")
    studio.take(given.name("first-run"))
    for workspace in ("compare", "history", "batch"):
        studio.window.show_workspace(workspace)
        studio.take(given.name(f"empty-{workspace}"))
    studio.close()


def answers(given: Setting) -> None:
    """An answer with a flag, what can be asked of it, and what is done with the image."""
    studio = given.studio("answers")
    open_flagged(studio)
    studio.take(given.name("answer"))
    studio.take(given.name("answer"), LARGE)
    studio.press("Stability", studio.window.visit.panel)
    studio.wait(lambda: "raised in" in texts(studio.window.visit.panel), "stability is not measured")
    studio.take(given.name("stability"))
    studio.key(Qt.Key.Key_A)
    studio.wait(studio.window.seeing.overlay.item.isVisible, "there is no overlay")
    studio.take(given.name("overlay"))
    studio.key(Qt.Key.Key_A)
    studio.key(Qt.Key.Key_G)
    studio.take(given.name("region-drawing"))
    studio.drag((0.22, 0.2), (0.55, 0.65))
    studio.wait(lambda: "For a region of" in texts(studio.window.visit.panel), "the region has no answer")
    studio.take(given.name("region"))
    studio.key(Qt.Key.Key_Escape)
    studio.close()
    if studio.count():
        raise StateNotReachedError("a sample was kept")


def tools(given: Setting) -> None:
    """Ruler, teaching filters, what the model saw, two images compared."""
    studio = given.studio("tools")
    drawings = draw_images(given.work / "tools", 3, first=3)
    studio.open(*drawings)
    studio.key(Qt.Key.Key_L)
    studio.drag((0.3, 0.72), (0.7, 0.72))
    studio.take(given.name("ruler-pixels"))
    studio.press("Set scale")
    studio.take(given.name("ruler"))
    studio.key(Qt.Key.Key_L)
    studio.window.visit.view.actual_size()
    studio.window.visit.view.zoom_in()
    studio.take(given.name("zoomed"))
    studio.window.visit.view.fit()
    studio.trigger("Teaching filters…")
    filters = studio.dialog(FiltersDialog)
    choose_in(filters, "Sobel")
    studio.settle(0.8)
    studio.take(given.name("filters"), over=filters)
    filters.close()
    studio.trigger("What the model saw…")
    seen = studio.dialog(SeenDialog)
    studio.settle()
    studio.take(given.name("seen"), over=seen)
    seen.close()
    studio.key(Qt.Key.Key_C)
    studio.key(Qt.Key.Key_Right)
    studio.wait(lambda: studio.parts.consultation.answer is not None)
    studio.settle()
    studio.key(Qt.Key.Key_C)
    studio.wait(lambda: studio.window.workspaces.current == "compare", "nothing is compared")
    studio.take(given.name("compare"))
    studio.close()


def abstentions(given: Setting) -> None:
    """The three ways of having no answer, each by a model with limits made for it; and a failure of each kind."""
    (drawing, *_) = draw_images(given.work / "abstentions", 1, first=VEIL + 1)
    for reason in ("quality", "novelty", "uncertain"):
        studio = given.studio(reason, model=reason)
        studio.open(drawing)
        answer = studio.parts.consultation.answer
        if answer is None or answer.judgement.abstention is None or answer.judgement.abstention.value != reason:
            raise StateNotReachedError(f"the answer is not withheld for {reason}")
        studio.take(given.name(f"abstained-{reason}"))
        if reason == "novelty":
            studio.press("Show anyway")
            studio.take(given.name("abstained-shown-anyway"))
        studio.close()
    studio = given.studio("failures")
    broken = given.work / "not-an-image.jpg"
    broken.write_text("no image")
    studio.window.open_files([broken])
    studio.wait(studio.window.visit.messages.isVisible, "the failure is not told")
    studio.take(given.name("not-opened"))
    studio.close()


def own_view(given: Setting) -> None:
    """Blind-first: asked, being said, locked, added to."""
    studio = given.studio("view", blind=True)
    (drawing, *_) = draw_images(given.work / "view", 1, first=VEIL + 1)
    studio.open_blind(drawing)
    studio.take(given.name("blind"))
    studio.key(Qt.Key.Key_5)
    for _ in range(2):
        studio.key(Qt.Key.Key_Period)
    studio.key(Qt.Key.Key_Comma)
    studio.take(given.name("blind-said"))
    studio.key(Qt.Key.Key_Return)
    studio.wait(lambda: studio.parts.consultation.answer is not None, "the answer is not shown after the view")
    studio.wait(lambda: "locked" in texts(studio.window.visit.my_view), "the view is not locked")
    studio.take(given.name("my-view"))
    studio.press("Outcome…")
    form = studio.dialog(OutcomeDialog)
    studio.take(given.name("outcome"), over=form)
    form.close()
    studio.press("Add after-model view")
    studio.take(given.name("after-model"))
    studio.close()


def patient(given: Setting) -> None:
    """A visit: patient, lesions on the body map, their images, the lists of what is to do, a report."""
    studio = given.studio("patient")
    window, visit = studio.window, studio.parts.visit
    drawings = draw_images(given.work / "patient", 6, first=11)
    (again,) = draw_images(given.work / "patient", 1, first=19)  # the same drawn lesion, held otherwise
    earlier_visits(studio)
    window.show_workspace("visit")
    window.patients.banner.change.click()
    chooser = studio.dialog(PatientChooser)
    QTest.keyClicks(chooser.search.field, "P-04")
    studio.settle()
    studio.take(given.name("patient-chooser"), over=chooser)
    chooser.search.field.setText("P-0412")
    studio.settle()
    QTest.keyClick(chooser.search.field, Qt.Key.Key_Return)
    studio.wait(lambda: visit.patient is not None, "no patient is open")
    for site in ("scapula-left", "calf-right", ""):
        add_lesion(studio, site)
    lesions = list(visit.lesions)
    for lesion, images in zip(lesions, ((drawings[0], again), drawings[2:3], drawings[3:4]), strict=True):
        visit.choose(lesion.id)
        bring(studio, *images)
    visit.choose(lesions[0].id)
    overview = draw_overview(given.work / "patient" / "overview.jpg")
    studio.parts.intake.take_files([overview], lesions[0].id, "clinical")
    studio.wait(lambda: not studio.parts.intake.waiting, "the clinical photograph is not kept")
    judge(studio, lesions[1].id, "nevus", "none")
    judge(studio, lesions[2].id, "melanoma", EXCISION)
    visit.choose(lesions[1].id)
    studio.settle()
    visit.choose(lesions[0].id)
    studio.settle()
    show_image(studio, is_clinical=False)
    studio.wait(window.patients.summary.isVisible, "several images of a lesion have no summary")
    studio.settle(0.8)
    studio.take(given.name("visit"))
    studio.take(given.name("visit"), LARGE)
    show_image(studio, is_clinical=True)
    studio.take(given.name("clinical"))
    show_image(studio, is_clinical=False)
    studio.trigger("Place the lesion on the body map…")
    asking = studio.dialog(PlaceDialog)
    studio.take(given.name("body-map"), over=asking)
    asking.reject()
    studio.trigger("Follow-ups that are due…")
    lists = studio.dialog(Worklists)
    studio.settle()
    studio.take(given.name("due"), over=lists)
    lists.close()
    studio.trigger("Histology open…")
    studio.settle()
    studio.take(given.name("histology-open"), over=lists)
    lists.close()
    judge(studio, lesions[0].id, "nevus", FOLLOW_UP)
    report(studio, given)
    visit.close()
    studio.settle()
    window.open_files([draw_dicom(given.work / "patient" / "drawing.dcm", drawings[5])])
    studio.wait(lambda: "names a patient" in texts(window.visit.messages), "the file's patient is not offered")
    studio.take(given.name("dicom"))
    studio.close()


def report(studio: Studio, given: Setting) -> None:
    """The report of the open image: its window, and the page alone."""
    studio.trigger("Report…")
    shown = studio.dialog(ReportDialog)
    studio.settle(0.8)
    studio.take(given.name("report"), over=shown)
    shown.close()
    studio.settle()


def folder(given: Setting) -> None:
    """A batch that has ended, its summary, a history of 200, new images that wait."""
    studio = given.studio("folder")
    place = given.work / "clinic-export"
    draw_images(place, MANY)
    for number in (1, 2):
        (place / f"broken-{number}.jpg").write_text("no image")
    studio.classify(place)
    studio.take(given.name("batch"))
    studio.take(given.name("batch"), LARGE)
    studio.window.batch.show_summary()
    studio.take(given.name("batch-summary"))
    studio.window.batch.keep_requested.emit(studio.window.batch.table.answers())
    studio.wait(lambda: studio.count() == MANY, f"the history has not {MANY} entries")
    say_of_some(studio)
    studio.window.show_workspace("history")
    page = studio.window.history
    studio.wait(lambda: page.table.rowCount() > 0, "the history shows nothing")
    page.rows.selectRow(3)
    studio.settle(1.5)
    studio.take(given.name("history"))
    studio.take(given.name("history"), LARGE)
    page.show_as("grid")
    studio.settle(1.5)
    studio.take(given.name("history-pictures"))
    page.show_as("table")
    inbox = given.work / "camera"
    inbox.mkdir(exist_ok=True)
    studio.parts.inbox.watch(inbox)
    studio.wait(lambda: studio.parts.inbox.is_watching, "the folder is not watched")
    draw_images(inbox, 3, first=301)
    studio.wait(lambda: studio.parts.inbox.count == 3, "new images are not counted")
    studio.window.show_workspace("visit")
    studio.take(given.name("inbox"))
    studio.close()


def model(given: Setting) -> None:
    """The model's card, from its top to its end, and the list of keys."""
    studio = given.studio("model", model="shipped")
    studio.window.show_workspace("model")
    studio.take(given.name("model"))
    areas = [one for one in studio.window.model.findChildren(QScrollArea) if one.isVisible()]
    bar = areas[0].verticalScrollBar()
    step = 0
    while bar.value() < bar.maximum():
        step += 1
        bar.setValue(bar.value() + round(bar.pageStep() * 0.9))
        studio.take(given.name(f"model-{step + 1}"))
    picture = studio.out / f"{given.name('keys')}.png"
    picture.unlink(missing_ok=True)
    QTimer.singleShot(0, lambda: studio.trigger("Keyboard shortcuts"))
    QTimer.singleShot(1500, lambda: photograph_keys(studio, given))  # its own loop runs while it is open
    studio.wait(picture.exists, "the keys are not shown")
    studio.close()


SITTINGS: dict[str, Callable[[Setting], None]] = {
    "first": first_run,
    "answers": answers,
    "tools": tools,
    "abstentions": abstentions,
    "view": own_view,
    "patient": patient,
    "folder": folder,
    "model": model,
}


# What several of them need


def photograph_keys(studio: Studio, given: Setting) -> None:
    """Take the list of keys and close it."""
    shown = studio.dialog(Shortcuts)
    studio.take(given.name("keys"), over=shown)
    shown.close()


def texts(widget: QWidget) -> str:
    """Return what a part of the window says."""
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if one.isVisibleTo(widget))


def open_flagged(studio: Studio) -> None:
    """Open the samples until one has a flag, the most telling first."""
    known = samples()
    for path in (known[VEIL], *known):
        studio.open(path)
        answer = studio.parts.consultation.answer
        if answer is not None and answer.judgement.flags:
            return
    raise StateNotReachedError("no sample raises a flag")


def choose_in(dialog: QWidget, text: str) -> None:
    """Choose an entry of a dialog's box by the beginning of its text."""
    for box in dialog.findChildren(QComboBox):
        for row in range(box.count()):
            if box.itemText(row).startswith(text):
                box.setCurrentIndex(row)
                box.activated.emit(row)
                return
    for button in dialog.findChildren(QToolButton):
        if button.text().startswith(text):
            button.click()
            return
    raise StateNotReachedError(f"“{text}” cannot be chosen")


def add_lesion(studio: Studio, site: str) -> None:
    """Make a lesion of the open patient."""
    visit = studio.parts.visit
    count = len(visit.lesions)
    studio.parts.changes.add_lesion(site)
    studio.wait(lambda: len(visit.lesions) == count + 1, "there is no lesion")


def bring(studio: Studio, *paths: Path) -> None:
    """Open images of the chosen lesion, and wait until all of them are placed."""
    visit = studio.parts.visit
    before = len(visit.images)
    studio.window.open_files(list(paths))
    studio.wait(
        lambda: not studio.parts.intake.waiting and len(visit.images) == before + len(paths), "images are not placed"
    )
    studio.settle()


def show_image(studio: Studio, *, is_clinical: bool) -> None:
    """Open the first image of the strip that is, or is not, a clinical photograph."""
    strip = studio.window.visit.strip
    for row in range(strip.count()):
        image = strip.item(row).data(Qt.ItemDataRole.UserRole)
        if image is not None and image.is_clinical == is_clinical:
            strip.setCurrentRow(row)
            studio.settle(0.8)
            return
    raise StateNotReachedError("the strip has no such image")


def judge(studio: Studio, lesion_id: int, diagnosis: str, plan: str) -> None:
    """Say something of a lesion at this visit."""
    visit = studio.parts.visit.visit
    if visit is None:
        raise StateNotReachedError("no visit was begun")
    said = dataclasses.asdict(OwnView(diagnosis=diagnosis, label=diagnosis, confidence="high", plan=plan))
    if plan == FOLLOW_UP:
        said["plan_date"] = visit.date + dt.timedelta(days=90)
    studio.write(
        lambda history, by: history.views.assess(
            lesion_id=lesion_id, visit_id=visit.id, image_id=None, before_model=False, by=by, **said
        )
    )


def earlier_visits(studio: Studio) -> None:
    """Keep patients who were here before: one to be looked at again today, one who waits for a histology."""
    today = dt.datetime.now().astimezone().date()
    before = today - dt.timedelta(days=92)
    known: tuple[tuple[str, Sex, str, str, str], ...] = (
        ("P-0407", "female", "50-59", EXCISION, "basal_cell_carcinoma"),
        ("P-0411", "male", "70-79", FOLLOW_UP, "atypical_nevus"),
    )

    def work(history: History, by: str) -> None:
        history.people.add_patient("P-0398", "male", by=by)
        for pseudonym, sex, band, plan, diagnosis in known:
            one = history.people.add_patient(pseudonym, sex, by=by)
            visit = history.people.begin_visit(one.id, before, band, by=by)
            lesion = history.people.add_lesion(one.id, "L1", "forearm-left" if plan == EXCISION else "", by=by)
            history.views.assess(
                lesion_id=lesion.id,
                visit_id=visit.id,
                before_model=True,
                diagnosis=diagnosis,
                plan=plan,
                plan_date=today if plan == FOLLOW_UP else None,
                note="look at the rim" if plan == FOLLOW_UP else "",
                by=by,
            )
        new = history.people.add_patient("P-0412", "female", by=by)
        history.people.begin_visit(new.id, today, "60-69", by=by)

    studio.write(work)


def say_of_some(studio: Studio) -> None:
    """Give some entries a patient, a view and an outcome."""
    today = dt.datetime.now().astimezone().date()
    wanted: tuple[tuple[str, Sex, str, str, str], ...] = (
        ("P-0412", "female", "nevus", "", ""),
        ("P-0413", "male", "melanoma", EXCISION, "melanoma_in_situ"),
        ("P-0414", "female", "seborrheic_keratosis", "none", ""),
        ("P-0415", "male", "basal_cell_carcinoma", EXCISION, "basal_cell_carcinoma"),
    )

    def work(history: History, by: str) -> None:
        for entry, (pseudonym, sex, diagnosis, plan, outcome) in zip(history.entries(), wanted, strict=False):
            image = history.people.image_id_of(entry.image.sha256)
            if image is None:
                raise StateNotReachedError("an entry has no image")
            one = history.people.add_patient(pseudonym, sex, by=by)
            visit = history.people.begin_visit(one.id, today, "60-69", by=by)
            lesion = history.people.add_lesion(one.id, "L1", "", by=by)
            history.people.place(image, kind="dermoscopy", lesion_id=lesion.id, visit_id=visit.id, by=by)
            say = partial(history.views.assess, lesion_id=lesion.id, visit_id=visit.id, before_model=True, by=by)
            say(diagnosis=diagnosis, plan=plan)
            if outcome:
                history.views.add_outcome(
                    lesion_id=lesion.id, kind="histopathology", diagnosis=outcome, date=today, by=by
                )

    studio.write(work)
