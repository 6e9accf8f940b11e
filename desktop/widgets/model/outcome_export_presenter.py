"""Export of outcomes for recalibration: says what will be written, asks where, shows progress, and reports the result."""

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
from desktop.core.labels import MELANOMA
from desktop.core.records.audit_acts import Action
from desktop.session.audit_trail import AuditTrail
from desktop.session.history_service import HistoryService
from desktop.session.model_choice import ModelChoice
from desktop.session.outcome_export import export_outcomes
from desktop.system.settings import EXPORT_FOLDER, Settings
from desktop.system.tasks import Tasks
from desktop.widgets.common.confirming import is_confirmed
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.progress_dialog import ProgressDialog
from desktop.widgets.common.wording import count, numbered

if TYPE_CHECKING:
    from desktop.core.inference.classifier import Classifier
    from desktop.core.records.audit_acts import Detail
    from desktop.core.records.outcome_export import Exported, ProvedImages


class OutcomeExportPresenter(QObject):
    """The action of the menu entry; results are shown in `messages`."""

    def __init__(
        self,
        tasks: Tasks,
        model: ModelChoice,
        history_service: HistoryService,
        settings: Settings,
        audit: AuditTrail,
        messages: Callable[[], MessageBar],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._tasks = tasks
        self._model = model
        self._history_service = history_service
        self._settings = settings
        self._audit = audit
        self._messages = messages
        self._window = window

    def acts(self) -> dict[str, Callable[..., object]]:
        """Return the actions of the menu entries, by id."""
        return {"export outcomes": self.export}

    def export(self) -> None:
        """Look for lesions that histology proved, and ask whether and where to write them."""
        classifier = self._model.classifier
        if classifier is None:
            self._messages().say(self.tr("The model is not loaded yet."), error=False)
            return
        labels = classifier.contract.label_ids
        self._history_service.ask(
            lambda history: history.proved_images(labels),
            lambda found: self._ask(found, classifier),
            self._messages().tell,
        )

    def _ask(self, found: ProvedImages, classifier: Classifier) -> None:
        left_out = self._left_out_text(found)
        if not found.images:
            text = self.tr(
                "The history has no dermatoscope image of a lesion with a histology that the model can name."
            )
            self._messages().say(f"{text} {left_out}".rstrip(), error=False)
            return
        melanomas = found.lesions_of(MELANOMA)
        parts = [
            self.tr("{lesions} with histology, melanomas among them: {melanomas} ({images}).").format(
                lesions=numbered(found.lesions, self.tr("1 lesion"), self.tr("{count} lesions")),
                images=numbered(len(found.images), self.tr("1 image"), self.tr("{count} images")),
                melanomas=count(melanomas),
            ),
            left_out,
            self._known_text(found, classifier),
            self.tr(
                "A recalibration needs at least 100 lesions for the percentages, and 30 melanomas and 100 other lesions for "
                "the alerts."
            ),
            self.tr(
                "The folder will hold the pictures, the diagnoses, and running numbers for patients and lesions. It will hold "
                "no names, dates or other data of the files. Writing inside a picture stays: look before you pass the folder "
                "on."
            ),
            self.tr("Choose where to write it?"),
        ]
        text = "\n\n".join(filter(None, parts))
        if not is_confirmed(self._window, text):
            return
        chosen = QtWidgets.QFileDialog.getExistingDirectory(
            self._window, self.tr("Where to write the outcomes"), self._settings.get(EXPORT_FOLDER)
        )
        if chosen:
            self._settings.put(EXPORT_FOLDER, chosen)
            name = self.tr("LesionLens outcomes {date}").format(date=f"{dt.datetime.now().astimezone():%Y-%m-%d}")
            self._write(found, classifier, Path(chosen) / name)

    def _left_out_text(self, found: ProvedImages) -> str:
        """Return which lesions and images are left out, empty if none are."""
        unlabelled = numbered(
            found.unlabelled,
            self.tr("1 lesion is left out: its histology is none of the model's diagnoses."),
            self.tr("{count} lesions are left out: their histology is none of the model's diagnoses."),
        )
        late = numbered(
            found.late,
            self.tr("1 image is left out: it was taken after the biopsy."),
            self.tr("{count} images are left out: they were taken after the biopsy."),
        )
        return " ".join(text for number, text in ((found.unlabelled, unlabelled), (found.late, late)) if number)

    def _known_text(self, found: ProvedImages, classifier: Classifier) -> str:
        """Return that some of the images set the limits of the model in use already, empty if none did."""
        made = classifier.contract.recalibration
        known = sum(made.rests_on(one.image.sha256) for one in found.images) if made is not None else 0
        if not known:
            return ""
        return self.tr(
            "The model in use was recalibrated on {known} of these images. It cannot be recalibrated on them again. To use "
            "them together with newer ones, choose the model that it was made from, then export."
        ).format(known=count(known))

    def _write(self, found: ProvedImages, classifier: Classifier, target: Path) -> None:
        progress = ProgressDialog(self.tr("The images are being written…"), self._messages(), self._window)

        def begin(fail: Callable[[AppError | None], None]) -> None:
            end = progress.end(partial(self._say, classifier), lambda: fail(None))
            progress.follow(
                lambda tell: export_outcomes(
                    self._tasks, self._history_service, found, classifier.contract, target, end, fail, tell
                )
            )

        detail: dict[str, Detail] = {"lesions": found.lesions, "images": len(found.images)}
        self._audit.attempt(Action.OUTCOMES_EXPORTED, detail, begin, progress.fail)

    def _say(self, classifier: Classifier, exported: Exported) -> None:
        text = self.tr(
            "Lesions written: {lesions}; images: {images}. This command makes a model file of them: {command}"
        ).format(
            images=count(exported.images),
            lesions=count(exported.lesions),
            command=f'lesionlens-train recalibrate --model "{classifier.path}" --data "{exported.table}" -o recalibrated.onnx',
        )
        if exported.unreadable:
            text += " " + numbered(
                exported.unreadable,
                self.tr("1 image is missing or damaged, and was left out."),
                self.tr("{count} images are missing or damaged, and were left out."),
            )
        self._messages().say(text, error=False)
