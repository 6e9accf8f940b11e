"""Which images of the history a model learned from: compared off the GUI thread, and kept until the program ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.core.errors import AppError
from desktop.core.frozen import frozen
from desktop.core.late import Late
from desktop.session.history_service import HistoryService
from desktop.system.tasks import Lane, Task, Tasks

if TYPE_CHECKING:
    from desktop.core.inference.contract import Contract
    from desktop.core.judging import learned_lesions
    from desktop.core.practice import learned
    from desktop.core.records.history import History
    from desktop.core.records.values import KeptImage
else:
    learned_lesions = Late("desktop.core.judging.learned_lesions")
    learned = Late("desktop.core.practice.learned")

_AT_A_TIME = 8
"""Images that are compared in one piece of work: what the lock and the end of the program wait for."""


@frozen
class KnownImages:
    """By the SHA-256 of models: what is known of images (`told`), and whether it is known what the model learned from."""

    _told: Mapping[str, Mapping[str, bool | None]]
    _knows_training: Mapping[str, bool]

    def told(self, model: str) -> Mapping[str, bool | None]:
        """Return by SHA-256 of images whether a model learned from them; None for one that cannot be told."""
        return self._told.get(model, {})

    def knows_training(self, model: str) -> bool:
        """Return whether it is known at all what a model learned from; False before anything was compared."""
        return self._knows_training.get(model, False)


def exported_lesions(history: History, models: Iterable[Path]) -> list[int]:
    """Return the lesions, by their ids, that one of these model files learned from by an export of this history.

    Raises:
        DataError: what is noted beside a file cannot be read.
    """
    names = frozenset().union(*(learned_lesions.read_learned_lesions(one).names for one in models))
    return history.training_exports.lesions_named(names) if names else []


class LearnedImages:
    """Compares, and keeps what came of it."""

    def __init__(self, tasks: Tasks, history_service: HistoryService) -> None:
        self._tasks = tasks
        self._history_service = history_service
        self._told: dict[str, dict[str, bool | None]] = {}
        self._knows_training: dict[str, bool] = {}

    def known(self) -> KnownImages:
        """Return what is known by now."""
        return KnownImages({model: dict(told) for model, told in self._told.items()}, dict(self._knows_training))

    def compare(
        self,
        model: str,
        contract: Contract | None,
        path: Path,
        images: Sequence[str],
        is_wanted: Callable[[], bool],
        done: Callable[[], None],
        failed: Callable[[AppError], None],
    ) -> None:
        """Compare images, a few at a time.

        Args:
            model: the SHA-256 of the model.
            contract: its contract; None if that cannot be read: then nobody knows what it learned from.
            path: its file, or that of a model with the same training data.
            images: SHA-256 of images of the history.
            is_wanted: asked after each few; if it returns False nothing more is done.
            done: called after the last.
            failed: gets why they cannot be compared.
        """
        known = self._told.setdefault(model, {})

        def compare(left: Sequence[KeptImage]) -> None:
            here, rest = left[:_AT_A_TIME], left[_AT_A_TIME:]

            def work(_task: Task) -> dict[str, bool | None] | None:
                training = learned.known_training(contract, path)
                if contract is None or training is None:
                    return None
                return learned.tell_learned(here, contract, training, self._history_service.read_image)

            def take(told: dict[str, bool | None] | None) -> None:
                self._knows_training[model] = told is not None
                known.update({image.sha256: None for image in left} if told is None else told)
                if not is_wanted():
                    return
                if rest and told is not None:
                    compare(rest)
                else:
                    done()

            self._tasks.run(Lane.IMAGES, work, take, failed)

        self._history_service.ask(lambda history: history.practice_images(images), compare, failed)
