"""Export for training: says what will be written and what is left out, asks where, shows progress, and how to go on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6 import QtWidgets
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.core.records.audit_acts import Action
from desktop.session.audit_trail import AuditTrail
from desktop.session.history_service import HistoryService
from desktop.session.model_choice import ModelChoice
from desktop.session.training_export import (
    FoundLesions,
    ModelToImprove,
    export_for_training,
    find_lesions,
    plan_with,
)
from desktop.system.settings import EXPORT_FOLDER, FOLLOW_UP_MONTHS, Settings
from desktop.system.tasks import Tasks
from desktop.widgets.common.confirming import is_confirmed
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.progress_dialog import ProgressDialog
from desktop.widgets.common.wording import count, numbered
from desktop.widgets.practice.training_run_presenter import TrainingRunPresenter

if TYPE_CHECKING:
    from desktop.core.exchange import training_words
    from desktop.core.exchange.training_folder import WrittenExport
    from desktop.core.inference import shipped
    from desktop.core.inference.classifier import Classifier
    from desktop.core.labelled_images import improve_command
    from desktop.core.practice import follow_up
    from desktop.core.records.audit_acts import Detail
    from desktop.core.records.training_plan import TrainingPlan
    from desktop.widgets.common import sentences
    from desktop.widgets.common.thumbnails import Thumbnails
    from desktop.widgets.practice import photographs_sheet
else:
    follow_up = Late("desktop.core.practice.follow_up")
    photographs_sheet = Late("desktop.widgets.practice.photographs_sheet")
    shipped = Late("desktop.core.inference.shipped")
    training_words = Late("desktop.core.exchange.training_words")
    sentences = Late("desktop.widgets.common.sentences")
    improve_command = Late("desktop.core.labelled_images.improve_command")


class TrainingExportPresenter(QObject):
    """The action of the menu entry and of the button in Practice; results are shown in `messages`."""

    def __init__(
        self,
        tasks: Tasks,
        model: ModelChoice,
        history_service: HistoryService,
        settings: Settings,
        audit: AuditTrail,
        thumbnails: Callable[[], Thumbnails],
        messages: Callable[[], MessageBar],
        training: TrainingRunPresenter,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._tasks = tasks
        self._model = model
        self._history_service = history_service
        self._settings = settings
        self._audit = audit
        self._thumbnails = thumbnails
        self._messages = messages
        self._training = training
        self._window = window

    def acts(self) -> dict[str, Callable[..., object]]:
        """Return the actions of the menu entries, by id."""
        return {"export training": self.export}

    def export(self) -> None:
        """Look for lesions that may be trained with, and ask whether and where to write them."""
        classifier = self._model.classifier
        if classifier is None:
            self._messages().say(self.tr("The model is not loaded yet."), error=False)
            return
        contract = classifier.contract
        model = ModelToImprove(contract.label_ids, classifier.sha256, contract.date)
        find_lesions(
            self._tasks,
            self._history_service,
            model,
            max(self._settings.get(FOLLOW_UP_MONTHS), follow_up.FEWEST_MONTHS),
            lambda found: self._ask(found, model, classifier),
            self._messages().tell,
        )

    def _ask(self, found: FoundLesions, model: ModelToImprove, classifier: Classifier) -> None:
        plan = found.plan
        left_out = " ".join(map(sentences.in_words, training_words.left_out_sentences(plan)))
        if not plan.images and not plan.photographs:
            text = self.tr("Nothing may be exported for training.")
            self._messages().say(f"{text} {left_out}".rstrip(), error=False)
            return
        told = (
            training_words.held_sentence(plan),
            training_words.followed_sentence(plan),
            training_words.few_sentence(plan),
        )
        parts = [
            *(sentences.in_words(one) for one in told if one is not None),
            left_out,
            sentences.in_words(training_words.look_sentence(plan)),
            self.tr(
                "The folder will hold the pictures, the diagnoses, age in steps of ten years, sex and site, and names of "
                "patients and lesions that mean nothing elsewhere. It will hold no pseudonyms, dates or other data of the "
                "files. Writing inside a picture stays: look before you pass the folder on."
            ),
            self.tr("Choose photographs, then where to write it?")
            if plan.photographs
            else self.tr("Choose where to write it?"),
        ]
        if not is_confirmed(self._window, "\n\n".join(filter(None, parts))):
            return
        if not plan.photographs:
            self._ask_where(plan, classifier)
            return
        sheet = photographs_sheet.PhotographsSheet(plan.photographs, self._thumbnails(), self._window)
        sheet.chosen.connect(lambda chosen: self._with_photographs(found, chosen, model, classifier))
        sheet.open()

    def _with_photographs(
        self, found: FoundLesions, chosen: frozenset[str], model: ModelToImprove, classifier: Classifier
    ) -> None:
        """Plan the export anew with the photographs that were chosen."""
        if not chosen:
            self._ask_where(found.plan, classifier)
            return
        plan_with(
            self._history_service,
            model,
            found.followed,
            chosen,
            lambda plan: self._ask_where(plan, classifier),
            self._messages().tell,
        )

    def _ask_where(self, plan: TrainingPlan, classifier: Classifier) -> None:
        if not plan.images:
            self._messages().say(self.tr("Nothing was chosen: there is nothing to export for training."), error=False)
            return
        chosen = QtWidgets.QFileDialog.getExistingDirectory(
            self._window, self.tr("Where to write the lesions"), self._settings.get(EXPORT_FOLDER)
        )
        if chosen:
            self._settings.put(EXPORT_FOLDER, chosen)
            name = self.tr("LesionLens training {date}").format(date=f"{dt.datetime.now().astimezone():%Y-%m-%d}")
            self._write(plan, classifier, Path(chosen) / name)

    def _write(self, plan: TrainingPlan, classifier: Classifier, target: Path) -> None:
        progress = ProgressDialog(self.tr("The images are being written…"), self._messages(), self._window)

        def begin(fail: Callable[[AppError | None], None]) -> None:
            end = progress.end(partial(self._say, classifier), lambda: fail(None))
            progress.follow(
                lambda tell: export_for_training(self._tasks, self._history_service, plan, target, end, fail, tell)
            )

        lesions = plan.lesions_of("train") + plan.lesions_of("test")
        detail: dict[str, Detail] = {"lesions": lesions, "images": len(plan.images)}
        self._audit.attempt(Action.TRAINING_EXPORTED, detail, begin, progress.fail)

    def _say(self, classifier: Classifier, written: WrittenExport) -> None:
        text = self.tr("Lesions written: {lesions}; images: {images}.").format(
            lesions=count(len(written.lesions)), images=count(written.images)
        )
        if written.unreadable:
            text += " " + numbered(
                written.unreadable,
                self.tr("1 image is missing or damaged, and was left out."),
                self.tr("{count} images are missing or damaged, and were left out."),
            )
        base = None if classifier.sha256 == shipped.shipped_sha256() else classifier.path
        self._training.offer(improve_command.ImproveCommand(written.folder, base), text)
