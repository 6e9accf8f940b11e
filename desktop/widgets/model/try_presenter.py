"""Model > Try on own images: asks for images and model, shows progress, and shows and saves what was counted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6 import QtWidgets
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.core.records.audit_acts import Action
from desktop.core.whole_files import save_file
from desktop.session.audit_trail import AuditTrail
from desktop.session.history_service import HistoryService
from desktop.session.model_choice import ModelChoice
from desktop.system.settings import EXPORT_FOLDER, IMAGE_FOLDER, Settings
from desktop.system.tasks import Lane, Tasks
from desktop.widgets.common.file_dialogs import FileDialogs, ask_target
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.progress_dialog import ProgressDialog

if TYPE_CHECKING:
    from desktop.core.judging import report_json
    from desktop.core.records.audit_acts import Detail
    from desktop.session import trying_out
    from desktop.session.trying_out import Source, TriedOut
    from desktop.widgets.model import judged_dialog, judged_pages, try_sheet
    from desktop.widgets.model.judged_dialog import JudgedDialog
    from desktop.widgets.model.try_sheet import Material
else:
    report_json = Late("desktop.core.judging.report_json")
    trying_out = Late("desktop.session.trying_out")
    judged_dialog = Late("desktop.widgets.model.judged_dialog")
    judged_pages = Late("desktop.widgets.model.judged_pages")
    try_sheet = Late("desktop.widgets.model.try_sheet")


class TryPresenter(QObject):
    """The action of the menu entry; what cannot be done is told in `messages`."""

    def __init__(
        self,
        tasks: Tasks,
        model: ModelChoice,
        history_service: HistoryService,
        settings: Settings,
        files: FileDialogs,
        audit: AuditTrail,
        messages: Callable[[], MessageBar],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._tasks = tasks
        self._model = model
        self._history_service = history_service
        self._settings = settings
        self._files = files
        self._audit = audit
        self._messages = messages
        self._window = window

    def acts(self) -> dict[str, Callable[..., object]]:
        """Return the actions of the menu entries, by id."""
        return {"try own": self.ask}

    def ask(self) -> None:
        """Ask what a model is to be tried on."""
        if self._model.classifier is None:
            self._messages().say(self.tr("The model is not loaded yet."), error=False)
            return
        sheet = try_sheet.TrySheet(self._window)
        sheet.chosen.connect(self._choose)
        sheet.open()

    def _choose(self, material: Material, is_other_model: bool) -> None:
        other = self._files.choose_model() if is_other_model else None
        if is_other_model and other is None:
            return
        if material is try_sheet.Material.HISTORY:
            self._of_history(other)
            return
        path = self._choose_folder() if material is try_sheet.Material.FOLDER else self._choose_table()
        if path is not None:
            self._settings.put(IMAGE_FOLDER, str(path if material is try_sheet.Material.FOLDER else path.parent))
            self.try_on(trying_out.Source(path.name, path=path), other)

    def _choose_folder(self) -> Path | None:
        name = QtWidgets.QFileDialog.getExistingDirectory(
            self._window, self.tr("A folder with a folder for each diagnosis"), self._settings.get(IMAGE_FOLDER)
        )
        return Path(name) if name else None

    def _choose_table(self) -> Path | None:
        name, _ = QtWidgets.QFileDialog.getOpenFileName(
            self._window,
            self.tr("A table with the columns path and label"),
            self._settings.get(IMAGE_FOLDER),
            self.tr("CSV table (*.csv)"),
        )
        return Path(name) if name else None

    def _of_history(self, other: Path | None) -> None:
        """Take every lesion with a histology; which of their labels the model has is found out when it is loaded."""
        classifier = self._model.classifier
        if classifier is None:
            return
        labels, model, name = (
            classifier.contract.label_ids,
            other or classifier.path,
            self.tr("Outcomes of the history"),
        )

        def take(found: Source) -> None:
            if found.proved is not None and found.proved.images:
                self.try_on(found, other)
            else:
                text = self.tr(
                    "The history has no dermatoscope image of a lesion with a histology that the model can name."
                )
                self._messages().say(text, error=False)

        self._history_service.ask(
            lambda history: trying_out.outcomes_of(history, name, labels, model), take, self._messages().tell
        )

    def try_on(self, source: Source, other: Path | None = None) -> None:
        """Try the model in use, or another file, and show the page."""
        classifier = self._model.classifier
        if classifier is None:
            return
        progress = ProgressDialog(self.tr("The images are compared and answered…"), self._messages(), self._window)
        progress.follow(
            lambda tell: trying_out.try_out(
                self._tasks,
                self._history_service,
                classifier,
                other,
                source,
                progress.end(self._show),
                progress.fail,
                tell,
            )
        )

    def _show(self, found: TriedOut) -> None:
        dialog = judged_dialog.JudgedDialog(found, self._messages(), self._window)
        dialog.pdf_requested.connect(
            lambda: self._save(
                found, dialog, ".pdf", self.tr("PDF document (*.pdf)"), lambda: judged_pages.pdf_of(found)
            )
        )
        dialog.json_requested.connect(
            lambda: self._save(
                found, dialog, ".json", self.tr("JSON file (*.json)"), lambda: report_json.json_bytes(found.judged)
            )
        )
        dialog.open()

    def _save(
        self, found: TriedOut, dialog: JudgedDialog, suffix: str, form: str, content: Callable[[], bytes]
    ) -> None:
        folder = Path(self._settings.get(EXPORT_FOLDER) or Path.home())
        name = self.tr("LesionLens on own images")
        target = ask_target(dialog, self.tr("Save the page"), folder / f"{name}{suffix}", form)
        if target is None:
            return
        self._settings.put(EXPORT_FOLDER, str(target.parent))

        def write(fail: Callable[[AppError | None], None]) -> None:
            made = content()
            self._tasks.run(
                Lane.IMAGES,
                lambda _task: save_file(target, made),
                lambda _nothing: dialog.messages.say(self.tr("Saved in “{file}”.").format(file=target), error=False),
                fail,
            )

        figures = found.judged.figures
        detail: dict[str, Detail] = {"lesions": figures.lesions, "images": figures.n}
        self._audit.attempt(Action.JUDGEMENT_SAVED, detail, write, dialog.messages.tell)
