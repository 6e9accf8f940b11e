"""The last answer of a model to a whole picture, cached for whoever needs it next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.core.late import Late

if TYPE_CHECKING:
    from desktop.core.inference.alerts import WorkingPoints
    from desktop.core.inference.classifier import Classifier
    from desktop.session import answers
    from desktop.session.answers import Answer
    from desktop.session.picture import Picture
else:
    answers = Late("desktop.session.answers")


class LastAnswer:
    """Classifies whole pictures, and caches the last answer.

    An image that is added to a patient is classified twice: for the screen and for the history. Use this only on the model's
    lane, which runs one task at a time.
    """

    def __init__(self) -> None:
        self._asked: tuple[str, str, WorkingPoints] = ("", "", {})
        self._answer: Answer | None = None

    def answer(self, picture: Picture, classifier: Classifier) -> Answer:
        """Classify a picture, or return the cached answer. Slow: to be run off the GUI thread.

        Raises:
            AppError: the picture's bytes cannot be decoded, or the model fails on them.
        """
        asked = (picture.sha256, classifier.sha256, classifier.working_points)
        if self._answer is None or asked != self._asked:
            self._answer = answers.answer_picture(picture, classifier)
            self._asked = asked
        return self._answer
