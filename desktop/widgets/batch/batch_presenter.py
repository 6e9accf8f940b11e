"""Connects the batch page to running and saved runs, and adds selected rows to the history."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop import __version__
from desktop.core.errors import AppError, ImageError
from desktop.core.inference.adjusted import NOT_ADJUSTED, Adjusted, adjust
from desktop.core.inference.batch import FileAnswer
from desktop.core.inference.contract import Contract
from desktop.core.inference.image_files import passed_over_remark
from desktop.core.inference.judgement import judge
from desktop.core.patient_context import NOTHING_GIVEN
from desktop.core.records.audit_acts import Action
from desktop.core.records.tables import TableRow
from desktop.core.records.values import BatchRow, SavedEntry, StoredRun
from desktop.session.audit_trail import AuditTrail
from desktop.session.batch_history import OldRun
from desktop.session.batch_run import BatchRun, RunProgress
from desktop.session.blinding import Blinding
from desktop.session.entry_bin import take_back_entries
from desktop.session.history_service import HistoryService
from desktop.session.model_choice import ModelChoice
from desktop.session.practice import Practice
from desktop.session.undo import UndoStack
from desktop.widgets.batch.batch_page import BatchPage
from desktop.widgets.batch.batch_rows import Urgency
from desktop.widgets.common.file_dialogs import FileDialogs
from desktop.widgets.common.thumbnails import Thumbnails
from desktop.widgets.common.wording import local_time, numbered, sentence


class BatchPresenter(QObject):
    """Tracks which run the page shows: the one under way, or one of the history."""

    progressed = Signal(str)
    """The line for the status strip, empty when no batch is under way."""

    def __init__(
        self,
        batch: BatchRun,
        model: ModelChoice,
        blinding: Blinding,
        files: FileDialogs,
        history_service: HistoryService,
        undo_stack: UndoStack,
        thumbnails: Thumbnails,
        practice: Practice,
        audit: AuditTrail,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._blinding = blinding
        self.page = page = BatchPage(thumbnails, blinding, parent)
        self._batch = batch
        self._model = model
        self._files = files
        self._history_service = history_service
        self._audit = audit
        self._undo_stack = undo_stack
        self._practice = practice
        self._shown_run_id: int | None = None
        self._to_send: list[FileAnswer] = []
        self._waiting: tuple[Path, bool] | None = None
        """A folder that was opened before the model was loaded, and whether other paths were given with it."""
        self._contract: Contract | None = None
        self._model_sha256 = ""
        self._app_version = __version__
        model.loaded.connect(self._classify_waiting)
        practice.changed.connect(self._use_practice)
        batch.advanced.connect(self._advance)
        batch.ended.connect(self._end)
        batch.failed.connect(self._fail)
        batch.save_failed.connect(self._tell_not_saved)
        batch.saved.connect(self._send_waiting)
        page.cancel_requested.connect(batch.cancel)
        page.run_requested.connect(lambda run: batch.saved_runs.read(run, self._show_run))
        page.send_requested.connect(self._send)
        page.export_requested.connect(self._export)
        page.shown.connect(self._note_viewed)
        page.rows.copied.connect(lambda rows: audit.note(Action.COPIED, {"what": "rows", "rows": rows}))
        batch.saved_runs.changed.connect(self._find_runs)
        self._find_runs()
        self._use_practice()

    def classify(self, folder: Path, *, has_others: bool = False) -> None:
        """Classify a folder, unless one is being classified; say if other paths were given, which are ignored."""
        classifier = self._model.classifier
        if classifier is None:
            self._waiting = (folder, has_others)
            text = self.tr("“{folder}” is classified as soon as a model is loaded.").format(
                folder=folder.name or folder
            )
            self.page.messages.say(text, error=False)
            return
        if self._batch.is_running:
            self.page.messages.say(self.tr("A folder is being classified. Cancel it first, or wait."), error=False)
            return
        if self._batch.is_saving:
            self.page.messages.say(self.tr("The run before is still being saved. Wait a moment, then try again."))
            return
        self._shown_run_id = None
        self._contract = classifier.contract
        self._model_sha256 = classifier.sha256
        self._app_version = __version__
        self.page.start(str(folder), classifier.contract)
        self._batch.start(folder, classifier)
        if has_others:
            text = self.tr("Only “{folder}” is being classified: one folder at a time, and no files beside it.")
            self.page.messages.say(text.format(folder=folder.name), error=False)

    def _classify_waiting(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            folder, has_others = waiting
            self.classify(folder, has_others=has_others)

    def _export(self) -> None:
        contract = self._contract
        labels = () if contract is None else contract.label_ids
        for_patients = None if contract is None else contract.is_for_patients
        shares = self._practice.shares
        rows = [
            TableRow.of_file(
                answer,
                labels,
                self._model_sha256,
                self._app_version,
                is_for_patients=for_patients,
                adjusted=_for_practice(answer, contract, shares),
            )
            for answer in self.page.table.open_answers()
        ]
        concealed = self.page.table.counts[Urgency.CONCEALED]
        one, several = self.tr("1 concealed answer is left out."), self.tr("{count} concealed answers are left out.")
        left_out = numbered(concealed, one, several) if concealed else ""
        self._files.save_table(rows, labels, self.tr("batch.csv"), self.page.messages, left_out, of="batch")

    def _use_practice(self) -> None:
        self.page.table.use_shares(self._practice.shares)

    def _advance(self, progress: RunProgress) -> None:
        remark = passed_over_remark(progress.passed_over)
        passed_over = "" if remark is None else sentence(remark)
        self.page.advance(progress.answers, progress.total, progress.elapsed, passed_over)
        counts = self.page.table.counts
        self.progressed.emit(
            self.tr("Batch {done} of {total}, {failed} failed").format(
                done=self.page.table.total, total=progress.total, failed=counts[Urgency.FAILED]
            )
        )

    def _end(self, completed: bool) -> None:
        self.page.end(completed=completed)
        self.progressed.emit("")
        self._note_viewed()

    def _note_viewed(self) -> None:
        """Log that the answers of a run are on the screen, once for all its rows."""
        if self.page.isVisible() and self.page.table.total and not self._batch.is_running:
            self._audit.note(Action.BATCH_VIEWED, {"rows": self.page.table.total})

    def _fail(self, error: AppError) -> None:
        self.page.end(completed=False)
        self.page.messages.tell(error)
        self.progressed.emit("")

    def _find_runs(self) -> None:
        self._batch.saved_runs.all(self._list_runs)

    def _list_runs(self, runs: list[StoredRun]) -> None:
        self.page.list_runs([(run.id, self._title(run)) for run in runs])

    def _show_run(self, old: OldRun) -> None:
        if self._batch.is_running:
            return
        self._shown_run_id = old.run.id
        self._contract = old.contract
        self._model_sha256 = old.run.model_sha256
        self._app_version = old.run.app_version
        answers = [_file_answer(row, old.contract) for row in old.rows]
        state = {
            "finished": self.tr("{done} of {total} done"),
            "cancelled": self.tr("cancelled after {done} of {total}"),
        }.get(old.run.state, self.tr("ended early after {done} of {total}"))
        self.page.show_run(
            self._title(old.run), old.contract, answers, state.format(done=len(answers), total=old.run.files)
        )
        self._note_viewed()

    def _title(self, run: StoredRun) -> str:
        return self.tr("{folder}, {time}").format(folder=run.folder.name or run.folder, time=local_time(run.time))

    def _send(self, answers: list[FileAnswer]) -> None:
        """Add rows to the history; those of a run that is still being saved follow afterwards."""
        if self._shown_run_id is not None:
            self._send_of(self._shown_run_id, answers)
        elif self._batch.is_saving:
            self._to_send += answers
        elif self._batch.run_id is not None:
            self._send_of(self._batch.run_id, answers)

    def _send_of(self, run: int, answers: list[FileAnswer]) -> None:
        paths = {answer.path for answer in answers if answer.prediction is not None}
        for answer in answers:  # they are visible here, and must not be concealed because they are in the history now
            if answer.prediction is not None and not self._blinding.conceals(answer.sha256 or ""):
                self._blinding.note_shown(answer.sha256 or "")
        self._batch.saved_runs.send(run, paths, partial(self._sent, len(paths)), self.page.messages.tell)

    def _send_waiting(self) -> None:
        """Add the rows that waited for their run to be saved, whichever run is shown by now."""
        waiting, self._to_send = self._to_send, []
        if waiting and self._batch.run_id is not None:
            self._send_of(self._batch.run_id, waiting)

    def _sent(self, asked: int, kept: list[SavedEntry]) -> None:
        new = [one.entry_id for one in kept if not one.was_known or one.was_binned]
        known = len(kept) - len(new)
        text = self.tr("{new} added.").format(new=len(new))
        if known:
            one, several = (
                self.tr("{new} added; 1 was already there."),
                self.tr("{new} added; {known} were already there."),
            )
            text = (one if known == 1 else several).format(new=len(new), known=known)
        if len(kept) < asked:
            one, several = self.tr("1 sample drawing was left out."), self.tr("{count} sample drawings were left out.")
            text += " " + numbered(asked - len(kept), one, several)
        self._blinding.disclose(one.entry_id for one in kept)
        self.page.messages.say(text, error=False)
        if new:
            one, several = self.tr("1 row of a batch to the history"), self.tr("{count} rows of a batch to the history")
            self._undo_stack.add(numbered(len(new), one, several), take_back_entries(self._history_service, new))

    def _tell_not_saved(self, error: AppError) -> None:
        self.page.messages.say(
            f"{numbered(self._batch.unsaved, self.tr('1 row is not saved.'), self.tr('{count} rows are not saved.'))} "
            + sentence(error),
            action=(self.tr("Try again"), self._batch.save),
        )


def _for_practice(answer: FileAnswer, contract: Contract | None, shares: Mapping[str, float] | None) -> Adjusted:
    if contract is None or answer.prediction is None or answer.judgement is None:
        return NOT_ADJUSTED
    return adjust(answer.prediction, answer.judgement, contract, NOTHING_GIVEN, shares)


def _file_answer(row: BatchRow, contract: Contract) -> FileAnswer:
    """Return a saved row as the answer that it was."""
    if row.answer is None:
        return FileAnswer(row.path, ImageError("{message}", message=row.message), row.sha256)
    prediction = row.answer.prediction
    judgement = judge(prediction, contract, row.answer.working_points)
    return FileAnswer(row.path, sha256=row.sha256, prediction=prediction, judgement=judgement)
