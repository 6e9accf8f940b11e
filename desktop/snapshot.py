"""`--snapshot`: waits for the answer, saves the window as a picture, prints the probabilities and ends."""

import sys
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from desktop.core.errors import AppError
from desktop.session.answers import Answer
from desktop.session.model_choice import ModelChoice
from desktop.session.open_image import OpenImage
from desktop.widgets.window.main_window import MainWindow

SIZE = (1280, 800)
"""Width and height of the picture in pixels, whatever the window's saved size."""

_SETTLE = 300
"""Milliseconds between the answer and the picture, so that the status strip can say that it is saved."""


class Snapshot(QObject):
    """Ends the application with 0 once the picture is written, or with 1 and a sentence if there is no answer."""

    def __init__(self, file: Path, window: MainWindow, open_image: OpenImage, model: ModelChoice) -> None:
        super().__init__(window)
        self._file = file
        self._window = window
        window.resize(*SIZE)
        open_image.answered.connect(self._take_soon)
        open_image.open_failed.connect(lambda _name, error: self._give_up(error))
        open_image.answer_failed.connect(self._give_up)
        open_image.save_failed.connect(self._warn)
        model.load_failed.connect(self._give_up)

    def _take_soon(self, answer: Answer) -> None:
        QTimer.singleShot(_SETTLE, self, lambda: self._take(answer))

    def _take(self, answer: Answer) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        if not self._window.grab().save(str(self._file)):
            self._end(1, f"“{self._file}” cannot be written. Choose another place.")
            return
        lines = (
            f"{probability:.6f}  {label.name}"
            for label, probability in zip(answer.contract.labels, answer.prediction.probabilities, strict=True)
        )
        self._end(0, "\n".join((*lines, f"The window is in {self._file}.")))

    def _warn(self, error: AppError) -> None:
        print(f"Not saved: {error}", file=sys.stderr)

    def _give_up(self, error: AppError) -> None:
        self._end(1, str(error))

    def _end(self, code: int, text: str) -> None:
        print(text, file=sys.stderr if code else sys.stdout)
        QApplication.exit(code)
