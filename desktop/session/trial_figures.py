"""Counts, off the GUI thread, what changes under another model once all images have its answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from desktop.core.errors import AppError, DataError
from desktop.core.frozen import frozen
from desktop.core.late import Late
from desktop.session.blinding import Blinding
from desktop.session.history_service import HistoryService
from desktop.session.learned_images import KnownImages, LearnedImages, exported_lesions
from desktop.session.trial_answers import answerer
from desktop.system.settings import FOLLOW_UP_MONTHS, Settings
from desktop.system.tasks import Lane, Tasks

if TYPE_CHECKING:
    from desktop.core.inference.classifier import Classifier
    from desktop.core.judging import better, improvement
    from desktop.core.judging.improvement import Improvement
    from desktop.core.practice import flip_verdict, flips, follow_up, learned
    from desktop.core.practice.flip_verdict import FlipVerdict
    from desktop.core.practice.flips import Flips, Pair
    from desktop.core.records import practice_reading
    from desktop.core.records.history import History
    from desktop.core.records.practice_reading import ModelRow, RawRows
    from desktop.core.records.values import KeptImage
else:
    better = Late("desktop.core.judging.better")
    improvement = Late("desktop.core.judging.improvement")
    flip_verdict = Late("desktop.core.practice.flip_verdict")
    flips = Late("desktop.core.practice.flips")
    follow_up = Late("desktop.core.practice.follow_up")
    learned = Late("desktop.core.practice.learned")
    practice_reading = Late("desktop.core.records.practice_reading")


@frozen
class TrialFigures:
    """What changes from the model `old`, in use, to `new`, and what may be said of that here.

    `unanswered` images of `images` are gone, damaged, or not answered by one of the models. `knows_old` and `knows_new` are
    whether it is known what these learned from; without outcomes that is not asked. `improvement` is what was found when the
    new model was made of the old one, None without that; `fault` is why what lies beside its file does not hold. `lost` are the
    melanomas that lose an alert, here or there, and `lost_elsewhere` counts those that this history cannot show. `pictures` are
    the images that show the lesions that change, by SHA-256.
    """

    old: Classifier
    new: Classifier
    flips: Flips
    verdict: FlipVerdict
    images: int
    unanswered: int
    knows_old: bool
    knows_new: bool
    improvement: Improvement | None
    fault: AppError | None
    lost: tuple[Pair, ...]
    lost_elsewhere: int
    pictures: Mapping[str, KeptImage]

    @property
    def is_better(self) -> bool:
        """Whether the new model may be called better: it was shown when it was made, and this history does not say worse."""
        return (
            self.improvement is not None
            and self.improvement.verdict is better.Verdict.BETTER
            and self.verdict.verdict is not better.Verdict.WORSE
        )

    def counts(self) -> dict[str, object]:
        """Return the figures as they are kept with a decision: they name no patient."""
        return {
            **self.flips.figures(),
            "verdict": self.verdict.verdict,
            "unanswered": self.unanswered,
            "training known": {"old": self.knows_old, "new": self.knows_new},
            "better": self.is_better,
            "improvement": None if self.improvement is None else self.improvement.figures(),
        }


@frozen
class _Compared:
    """What was found when the new model was made, or why that does not hold, and the ids of the melanomas that it misses."""

    improvement: Improvement | None
    fault: AppError | None
    missed: frozenset[int]


@frozen
class _Read:
    """The history, the images that blind-first conceals by SHA-256, and the lesions that a model learned from by an export."""

    raw: RawRows
    hidden: frozenset[str]
    exported: Sequence[int]
    compared: _Compared


@frozen
class _Counted:
    """What was counted, and of each model the SHA-256 of the images that must be compared before it holds."""

    flips: Flips
    verdict: FlipVerdict
    compared: _Compared
    again: Mapping[int, frozenset[str]]
    missing: Sequence[Sequence[str]]


class TrialCounter:
    """Compares images with what the models learned from, then counts; what is to be looked at again is listed."""

    def __init__(self, tasks: Tasks, history_service: HistoryService, blinding: Blinding, settings: Settings) -> None:
        self._tasks = tasks
        self._history_service = history_service
        self._blinding = blinding
        self._settings = settings
        self._learned = LearnedImages(tasks, history_service)

    def count(
        self,
        old: Classifier,
        new: Classifier,
        is_wanted: Callable[[], bool],
        done: Callable[[TrialFigures], None],
        failed: Callable[[AppError], None],
    ) -> None:
        """Count what changes from one model to the other.

        Args:
            old: the model in use.
            new: the model that is tried.
            is_wanted: asked between the steps; if it returns False nothing more is done.
            done: gets the figures.
            failed: gets why there are none.
        """
        concealed, known = self._blinding.concealed_reader(), self._learned.known()
        answerers = [answerer(one) for one in (old, new)]
        months = max(self._settings.get(FOLLOW_UP_MONTHS), follow_up.FEWEST_MONTHS)

        def work(history: History) -> _Read:
            exported = exported_lesions(history, (old.path, new.path))
            return _Read(history.practice_rows(answerers), concealed(history), exported, _compared(history, old, new))

        def count(read: _Read) -> None:
            if is_wanted():
                self._tasks.run(
                    Lane.TRIAL,
                    lambda _task: _count(read, old, new, known, months),
                    take,
                    failed,
                )

        def take(counted: _Counted) -> None:
            if not is_wanted():
                return
            for one, missing in zip((old, new), counted.missing, strict=True):
                if missing:
                    again = partial(self.count, old, new, is_wanted, done, failed)
                    self._learned.compare(one.sha256, one.contract, one.path, missing, is_wanted, again, failed)
                    return
            self._history_service.write(partial(_figures, old, new, counted, known), done, failed)

        self._history_service.ask(work, count, failed)


def _compared(history: History, old: Classifier, new: Classifier) -> _Compared:
    try:
        found = improvement.improvement_of(new, old)
    except DataError as error:
        return _Compared(None, error, frozenset())
    names = frozenset() if found is None else frozenset(found.missed_lesions)
    return _Compared(found, None, frozenset(history.training_exports.lesions_named(names) if names else ()))


def _row(classifier: Classifier) -> ModelRow:
    return practice_reading.model_row(classifier.sha256, classifier.contract.name, classifier.contract.to_json())


def _count(read: _Read, old: Classifier, new: Classifier, known: KnownImages, months: int) -> _Counted:
    rows = practice_reading.assembled(read.raw, read.hidden)
    both = (_row(old), _row(new))
    models = (old.sha256, new.sha256)
    images = {model: learned.images_with_outcome(rows, model) for model in models}
    exported = frozenset(map(practice_reading.Subject, read.exported))
    subjects = [learned.subjects_of(images[model], known.told(model)) for model in models]
    subjects += [learned.subjects_set_on(rows, one.contract) for one in (old, new)]
    found = flips.flips(rows, *both, learned=exported.union(*subjects), months=months)
    return _Counted(
        found,
        flip_verdict.verdict_on(found, old.contract.date, knows_training=all(map(known.knows_training, models))),
        read.compared,
        flips.to_look_at_again(rows, *both),
        [[sha256 for sha256 in images[model] if sha256 not in known.told(model)] for model in models],
    )


def _figures(
    old: Classifier, new: Classifier, counted: _Counted, known: KnownImages, history: History, by: str
) -> TrialFigures:
    """List what is to be looked at again, and return the figures with their pictures."""
    history.tried_answers.list_again(new.sha256, counted.again, by=by)
    images = history.tried_answers.images()
    compared = counted.compared
    missed = counted.flips.pairs_of(compared.missed)
    lost = tuple(dict.fromkeys((*counted.flips.lost_melanomas, *missed)))
    all_missed = 0 if compared.improvement is None else len(compared.improvement.missed)
    shown = {pair.shown.sha256 for pair in (*lost, *counted.flips.changed)}
    return TrialFigures(
        old,
        new,
        counted.flips,
        counted.verdict,
        images,
        images - counted.flips.images,
        known.knows_training(old.sha256),
        known.knows_training(new.sha256),
        compared.improvement,
        compared.fault,
        lost,
        all_missed - len(missed),
        {one.sha256: one for one in history.practice_images(shown)},
    )
