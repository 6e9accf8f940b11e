"""Offers the command that makes a new model of an export, starts it here where that can be done, and shows its page."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from desktop.core.errors import AppError, DataError
from desktop.core.late import Late
from desktop.core.marking import tr
from desktop.session.training_run import TrainingRun
from desktop.system.programs import can_train, is_packaged
from desktop.widgets.common.confirming import is_confirmed
from desktop.widgets.common.message_bar import Action, MessageBar

if TYPE_CHECKING:
    from desktop.core.labelled_images.improve_command import ImproveCommand
    from desktop.widgets.practice import training_page_dialog
else:
    training_page_dialog = Late("desktop.widgets.practice.training_page_dialog")


class TrainingRunPresenter(QObject):
    """Opens the page when the training is done and the user looks at Practice, else tells that it is."""

    def __init__(
        self,
        run: TrainingRun,
        messages: Callable[[], MessageBar],
        show_practice: Callable[[], None],
        is_practice_shown: Callable[[], bool],
        try_on_history: Callable[[Path], None],
        window: QWidget,
    ) -> None:
        """`messages` and `is_practice_shown` are asked when they are needed; `try_on_history` takes a model file."""
        super().__init__(window)
        self._run = run
        self._messages = messages
        self._show_practice = show_practice
        self._is_practice_shown = is_practice_shown
        self._try_on_history = try_on_history
        self._window = window
        run.done.connect(self._take)
        run.failed.connect(self._tell)

    def offer(self, command: ImproveCommand, told: str) -> None:
        """Tell what was exported (`told`), and offer to copy the command, and to start it where training is installed."""
        if can_train():
            where = ""
        elif is_packaged():
            where = self.tr(
                "This LesionLens cannot train by itself: give the command where LesionLens is installed with Python and its "
                'training extra (pip install ".[training]").'
            )
        else:
            where = self.tr(
                'The training extra is not installed here: install it (pip install ".[training]"), or give the command on a '
                "computer that has it."
            )
        text = self.tr("This command makes a new model of them, and says whether it is better: {command}")
        parts = (told, text.format(command=command.text()), where)
        copy = (self.tr("Copy the command"), partial(self._copy, command))
        self._messages().say(" ".join(filter(None, parts)), error=False, choice=[copy, *self._start(command)])

    def show_page(self) -> None:
        """Show whether the new model is better."""
        command = self._run.state.command
        if command is None:
            return
        try:
            text = command.page.read_text(encoding="utf-8")
        except OSError as error:
            problem = tr("“{page}” cannot be read ({detail}). Give the command again: it writes the page anew.")
            self._tell(DataError(problem, page=command.page, detail=error.strerror or error))
            return
        dialog = training_page_dialog.TrainingPageDialog(text, command.out, self._window)
        dialog.trial_requested.connect(lambda: self._try_on_history(command.new_model))
        dialog.open()

    def _copy(self, command: ImproveCommand) -> None:
        QGuiApplication.clipboard().setText(command.text())
        self._messages().say(self.tr("The command is copied."), error=False, choice=self._start(command))

    def _start(self, command: ImproveCommand) -> list[Action]:
        """Return the button that starts the command, where there is what it needs."""
        return [(self.tr("Train here…"), partial(self._ask, command))] if can_train() else []

    def _ask(self, command: ImproveCommand) -> None:
        if self._run.state.is_running:
            self._messages().say(self.tr("A new model is being made already: see Practice."), error=False)
            return
        question = self.tr(
            "The training may take hours, and most of this computer. LesionLens can be used meanwhile. It can be stopped, and "
            "goes on where it was.\n\nWithout images that the old model was not trained on, what the new one forgets is not "
            "measured: it cannot be called better then. To give such images, copy the command, add --base-data, and give it in "
            "a terminal.\n\nThe new model comes into “{folder}”. Start now?"
        ).format(folder=command.out)
        if is_confirmed(self._window, question):
            self._run.begin(command)
            self._show_practice()

    def _take(self) -> None:
        if self._is_practice_shown():
            self.show_page()
        else:
            text = self.tr("The new model is there: the workspace Practice says whether it is better.")
            self._messages().say(text, error=False)

    def _tell(self, error: AppError) -> None:
        self._messages().tell(error)
