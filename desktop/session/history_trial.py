"""The history under another model: its answers are found in the background and kept apart, so that a restart loses none.

Nothing that was answered changes, but one thing: lesions without histology on which only the other model alerts are put on the
list *Look again*.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError, ModelError
from desktop.core.frozen import frozen
from desktop.core.late import Late
from desktop.core.marking import tr
from desktop.session.blinding import Blinding
from desktop.session.history_service import HistoryService
from desktop.session.model_choice import ModelChoice
from desktop.session.trial_answers import answer_images, answerer
from desktop.session.trial_figures import TrialCounter, TrialFigures
from desktop.system.settings import HISTORY_TRIAL, Settings
from desktop.system.tasks import Lane, Task, Tasks

if TYPE_CHECKING:
    from desktop.core.inference import loading
    from desktop.core.inference.classifier import Classifier
    from desktop.core.patient_context import PatientContext
    from desktop.core.records.history import History
    from desktop.core.records.model_decisions import Decision, ModelDecision
    from desktop.core.records.tried_answers import TriedAnswer, Unanswered
else:
    loading = Late("desktop.core.inference.loading")

ContextReader = Callable[[str, str, str], "PatientContext"]
"""Makes of sex, age band and site what a model may know of a patient."""

_AT_A_TIME = 16
"""Images that are answered in one piece of work: what is lost by a killed program, and what the lock waits for."""


@frozen
class TrialState:
    """How far a trial is: `file` is the model's, empty without one. While it runs, `done` of `total` answers are there.

    `is_answered` is whether all are, so that it can be shown what changes.
    """

    file: str = ""
    is_running: bool = False
    done: int = 0
    total: int = 0
    is_answered: bool = False


class HistoryTrial(QObject):
    """Tries one model at a time; a trial of before that is not decided about is there again after a restart."""

    changed = Signal()
    """`state` is another."""
    found = Signal(object)  # TrialFigures
    failed = Signal(object)  # AppError

    def __init__(
        self,
        tasks: Tasks,
        history_service: HistoryService,
        model: ModelChoice,
        blinding: Blinding,
        settings: Settings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._history_service = history_service
        self._model = model
        self._settings = settings
        self._counter = TrialCounter(tasks, history_service, blinding, settings)
        self._number = 0
        self._task: Task | None = None
        self._pair: tuple[Classifier, Classifier] | None = None
        self._context_of: ContextReader | None = None
        self._left: list[tuple[Classifier, Unanswered]] = []
        path = settings.get(HISTORY_TRIAL)
        self.state = TrialState(Path(path).name) if path else TrialState()
        model.loaded.connect(self._follow_model)
        history_service.opened.connect(self.stop)
        history_service.erased.connect(lambda _hashes: self.stop())

    @property
    def path(self) -> Path | None:
        """The file of the model that is tried and not decided about, None without a trial."""
        text = self._settings.get(HISTORY_TRIAL)
        return Path(text) if text else None

    def begin(self, path: Path, context_of: ContextReader) -> None:
        """Try a model file; images that it has answered are not asked again. One that is under way is stopped."""
        self.stop()
        self._settings.put(HISTORY_TRIAL, str(path))
        self._context_of = context_of
        number = self._number
        self._show(TrialState(path.name, is_running=True))
        self._task = self._tasks.run(
            Lane.MODEL,
            lambda task: loading.load_model(path, cancelled=task.cancelled),
            partial(self._compare, number, path),
            partial(self._fail, number),
        )

    def stop(self) -> None:
        """Answer no more images; what was answered is kept, and `begin` goes on with the others."""
        self._number += 1
        if self._task is not None:
            self._task.abandon()
            self._task = None
        self._pair, self._left = None, []
        self._show(TrialState("" if self.path is None else self.path.name))

    def drop(self) -> None:
        """End the trial."""
        self._settings.put(HISTORY_TRIAL, "")
        self.stop()

    def count(self) -> None:
        """Answer images that came since, then count what changes; `found` tells it. Before all is answered it does nothing."""
        if self.state.is_answered:
            self._show(TrialState(self.state.file, is_running=True))
            self._answer_missing(self._number)

    def read_adoption(self, model_sha256: str, done: Callable[[ModelDecision | None], None]) -> None:
        """Read the newest decision for a model, None if there is none."""
        self._history_service.ask(
            lambda history: history.model_decisions.adoption(model_sha256), done, self.failed.emit
        )

    def decide(
        self,
        decision: Decision,
        figures: TrialFigures,
        reason: str,
        initials: str,
        done: Callable[[], None],
        failed: Callable[[AppError], None],
    ) -> None:
        """Record a decision with its figures, and end the trial. The model in use is not changed by it.

        Args:
            decision: what was decided.
            figures: what was shown before.
            reason: why, in the user's words.
            initials: of whoever decides.
            done: called once it is recorded.
            failed: gets why it could not be.
        """
        new, old = ((one.sha256, one.contract) for one in (figures.new, figures.old))

        def work(history: History, _by: str) -> None:
            history.model_decisions.record(decision, new, old, reason, figures.counts(), by=initials)

        def take(_nothing: None) -> None:
            self.drop()
            done()

        self._history_service.write(work, take, failed)

    def _follow_model(self, present: Classifier) -> None:
        """Stop where the model in use is another than the one that is compared."""
        old = None if self._pair is None else self._pair[0]
        if old is not None and (old.sha256, old.working_points) != (present.sha256, present.working_points):
            self.stop()

    def _show(self, state: TrialState) -> None:
        if state != self.state:
            self.state = state
            self.changed.emit()

    def _fail(self, number: int, error: AppError) -> None:
        if number == self._number:
            self.stop()
            self.failed.emit(error)

    def _refuse(self, error: AppError) -> None:
        self.drop()
        self.failed.emit(error)

    def _compare(self, number: int, path: Path, loaded: Classifier) -> None:
        old = self._model.classifier
        if number != self._number:
            return
        self._task = None
        if old is None:
            self._fail(number, ModelError(tr("The model is not loaded yet.")))
            return
        if loaded.sha256 == old.sha256:
            self._refuse(ModelError(tr("“{name}” is the model in use. Choose another file."), name=path.name))
            return
        for one in (old, loaded):
            if not one.contract.raisable:
                text = tr("“{name}” raises no alerts, so nothing can be compared.")
                self._refuse(ModelError(text, name=one.path.name))
                return
        self._pair = old, loaded.at(old.working_points)
        self._answer_missing(number)

    def _answer_missing(self, number: int) -> None:
        """Look for the images that one of the two models has not answered, and begin with them."""
        if self._pair is None:
            return
        old, new = self._pair

        def work(history: History) -> list[tuple[Classifier, Unanswered]]:
            return [(one, image) for one in (new, old) for image in history.tried_answers.missing(answerer(one))]

        self._history_service.ask(work, partial(self._begin, number), partial(self._fail, number))

    def _begin(self, number: int, left: list[tuple[Classifier, Unanswered]]) -> None:
        if number == self._number:
            self._left = left
            self._show(TrialState(self.state.file, is_running=True, total=len(left)))
            self._go_on(number)

    def _go_on(self, number: int) -> None:
        if number != self._number or self._pair is None or self._context_of is None:
            return
        if not self._left:
            self._count(number)
            return
        classifier = self._left[0][0]
        here = [image for one, image in self._left[:_AT_A_TIME] if one is classifier]
        self._left = self._left[len(here) :]
        context_of = self._context_of
        contexts = {one.image.sha256: context_of(one.sex, one.age_band, one.site) for one in here}
        images = [one.image for one in here]
        self._task = self._tasks.run(
            Lane.TRIAL,
            lambda task: answer_images(
                images, contexts, classifier, self._history_service.read_image, task, self._tasks
            ),
            partial(self._keep, number, classifier, len(here)),
            partial(self._fail, number),
        )

    def _keep(self, number: int, classifier: Classifier, asked: int, answers: list[TriedAnswer]) -> None:
        if number != self._number:
            return
        self._task = None
        contracts = {classifier.sha256: classifier.contract}

        def go_on(_nothing: None) -> None:
            if number == self._number:
                now = self.state
                self._show(TrialState(now.file, is_running=True, done=now.done + asked, total=now.total))
                self._go_on(number)

        self._history_service.write(
            lambda history, by: history.tried_answers.keep(answers, contracts, by=by),
            go_on,
            partial(self._fail, number),
            is_shown=False,
        )

    def _count(self, number: int) -> None:
        if self._pair is not None:
            self._counter.count(
                *self._pair,
                lambda: number == self._number,
                partial(self._tell, number),
                partial(self._fail, number),
            )

    def _tell(self, number: int, figures: TrialFigures) -> None:
        if number == self._number:
            now = self.state
            self._show(TrialState(now.file, done=now.total, total=now.total, is_answered=True))
            self.found.emit(figures)
