"""A study: trials of settings on a part of the training images, kept in a folder so that it can be carried on.

The images that a training with these settings would hold out or test on take no part; of the rest, one fold judges the trials.
A trial that was interrupted is carried on from its checkpoint, and everything is seeded by the number of finished trials, so
that an interrupted study ends as one that was not.
"""

import csv
import io
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import keras
import msgspec
import optuna
from optuna.trial import FrozenTrial, TrialState

from desktop.core.errors import DataError, UsageError
from training.judging.held_out import BIOPSIED, HeldOutImage
from training.judging.yardstick import HistologyYardstick
from training.networks.batch_progress import DivergedError
from training.networks.weights import refuse_wrong_start
from training.prepare import prepare
from training.run.config import Config
from training.run.recipes import recipe_default, with_recipe
from training.run.run_folder import RunFolder, RunRecord
from training.run.settings_file import as_settings
from training.tuning.space import Range, searched, suggest
from training.tuning.trial import TrialFolder, run_trial, settings_of, tidy

BEST, TRIALS = "best.json", "trials.csv"

_PLAN = "tuning.json"

_NOT_IN_BEST = (
    "data",
    "input_size",
    "training_size",
    "small_size",
    "epochs",
    "small_epochs",
    "watched",
    "early_stopping",
)
"""Trials may be shorter and on smaller images than a training, which has its recipe's own length and size."""

_FOLDER, _VALUES, _SECONDS = "folder", "values", "seconds"
_OVER = (TrialState.COMPLETE, TrialState.PRUNED)

_TRIALS_BEFORE_PRUNING = 4
_SHARE_BEFORE_PRUNING = 0.25
"""The share of a trial's epochs before which nothing is pruned: the first epochs say little."""


@dataclass(frozen=True)
class Plan:
    """What a study was begun with: the settings that were `given`, which stay fixed, and whether all lesions are `biopsied`."""

    given: dict[str, Any]
    biopsied: bool


@dataclass(frozen=True)
class Budget:
    """The hours of training and the finished trials that a study may have, over all its calls; None where there is no limit."""

    hours: float | None = None
    trials: int | None = None


@dataclass(frozen=True)
class Tuned:
    """The state of a study: trials that are over, those of them that were pruned, and the figures of the best and the first.

    The first trial has the recipe's own settings. Figures are None as long as no trial is complete.
    """

    trials: int
    pruned: int
    best: float | None
    recipe: float | None


def tune(folder: Path, plan: Plan, budget: Budget) -> Tuned:
    """Begin a study, or carry it on, until its budget is spent; write `best.json` and `trials.csv` after each trial.

    Raises:
        UsageError: the folder holds a study with another plan.
        DataError: the data cannot be trained on, or too few lesions are known to be biopsied.
    """
    shared, begun = RunFolder(folder / "images"), _begun(folder)
    plan = _checked(folder, plan, begun)
    config = Config(**with_recipe(plan.given))
    if begun is None:
        refuse_wrong_start(config)
        prepare(config, shared, for_tuning=True)
    record = shared.load_record()
    judge = HistologyYardstick(_judges(shared, plan.biopsied), record.labels, config.calibration)
    RunFolder.write(folder / _PLAN, msgspec.json.format(msgspec.json.encode(plan), indent=2))
    with _study(folder, config) as study, _without_tracing_advice():
        return _Study(study, folder, plan, record, judge, budget).carried_on()


def _begun(folder: Path) -> Plan | None:
    """Return the plan of the study in a folder, None if there is none: it is written when the images are prepared."""
    path = folder / _PLAN
    if not path.exists():
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=Plan)
    except msgspec.DecodeError as error:
        raise DataError("“{path}” cannot be read ({detail}). Begin another tuning.", path=path, detail=error) from error


def _checked(folder: Path, plan: Plan, begun: Plan | None) -> Plan:
    """Return the plan that was begun, if there is one and nothing else is given."""
    if begun is None:
        if not plan.given.get("data"):
            raise UsageError("“{path}” holds no tuning yet. Give --data.", path=folder)
        return plan
    if (plan.given or plan.biopsied) and plan != begun:
        raise UsageError(
            "“{path}” holds a tuning with other options. Give the same, none but --hours or --trials, or another --out.",
            path=folder,
        )
    return begun


def _judges(shared: RunFolder, biopsied: bool) -> tuple[HeldOutImage, ...]:
    held = [image for image in shared.load_images() if image.split == "validation" and image.row >= 0]
    images = [HeldOutImage.of(image) for image in sorted(held, key=lambda image: image.row)]
    return tuple(replace(one, confirmed_by=BIOPSIED) if biopsied else one for one in images)


@contextmanager
def _study(folder: Path, config: Config) -> Iterator[optuna.Study]:
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    storage = optuna.storages.RDBStorage(f"sqlite:///{(folder / 'study.db').resolve().as_posix()}")
    pruner = optuna.pruners.MedianPruner(
        n_startup_trials=_TRIALS_BEFORE_PRUNING, n_warmup_steps=round(_SHARE_BEFORE_PRUNING * config.epochs)
    )
    try:
        yield optuna.create_study(
            storage=storage, pruner=pruner, study_name="tuning", direction="maximize", load_if_exists=True
        )
    finally:
        storage.remove_session()
        storage.engine.dispose()


@contextmanager
def _without_tracing_advice() -> Iterator[None]:
    """Hold back TensorFlow's advice on functions that are traced more than once, which a new network each trial sets off."""
    logger = logging.getLogger("tensorflow")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


class _Study:
    def __init__(
        self,
        study: optuna.Study,
        folder: Path,
        plan: Plan,
        record: RunRecord,
        judge: HistologyYardstick,
        budget: Budget,
    ) -> None:
        self._study = study
        self._folder = folder
        self._plan = plan
        self._record = record
        self._judge = judge
        self._budget = budget
        self._ranges: dict[str, Range] = searched(record.settings, plan.given.keys())
        self._seen = time.monotonic()

    def carried_on(self) -> Tuned:
        """Run trials until the budget is spent."""
        self._put_back()
        if not (self._over() or self._waiting()):
            own = {name: recipe_default(self._record.settings, name) for name in self._ranges}
            self._study.enqueue_trial(own)
        while (self._budget.trials is None or len(self._over()) < self._budget.trials) and self._has_time():
            if not self._next():
                break
            self._write()
        return self._told()

    def _over(self) -> list[FrozenTrial]:
        return [trial for trial in self._study.trials if trial.state in _OVER]

    def _waiting(self) -> list[FrozenTrial]:
        return [trial for trial in self._study.trials if trial.state == TrialState.WAITING]

    def _has_time(self) -> bool:
        """Add the time since the last look to that of the study; tell whether some of the budget is left."""
        now = time.monotonic()
        spent = self._study.user_attrs.get(_SECONDS, 0.0) + now - self._seen
        self._seen = now
        self._study.set_user_attr(_SECONDS, spent)
        return self._budget.hours is None or spent < self._budget.hours * 3600

    def _put_back(self) -> None:
        """Queue trials that were interrupted, with the figures and the folder that they have.

        One whose values were not all drawn yet is forgotten: the next has the same seed.
        """
        waiting = [trial.user_attrs.get(_FOLDER) for trial in self._waiting()]
        for trial in self._study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
            number = trial.user_attrs.get(_FOLDER, trial.number)
            if number not in waiting and trial.params.keys() == self._ranges.keys():
                values = {str(epoch): value for epoch, value in trial.intermediate_values.items()}
                earlier = trial.user_attrs.get(_VALUES, {}) | values
                self._study.enqueue_trial(trial.params, user_attrs={_FOLDER: number, _VALUES: earlier})
            self._study.tell(trial.number, state=TrialState.FAIL)

    def _next(self) -> bool:
        """Run the next trial; return whether it came to its end."""
        seed = self._record.settings.seed + len(self._over())
        self._study.sampler = optuna.samplers.TPESampler(seed=seed)
        trial = self._study.ask()
        record = settings_of(self._record, suggest(trial, self._ranges))
        number = trial.user_attrs.get(_FOLDER, trial.number)
        folder = TrialFolder(self._folder / "trials" / f"{number:04}", RunFolder(self._folder / "images"))
        earlier = {int(epoch): value for epoch, value in trial.user_attrs.get(_VALUES, {}).items()}
        keras.utils.clear_session()  # the network of the trial before
        try:
            value = run_trial(trial, folder, record, self._judge, earlier, self._has_time)
        except (optuna.TrialPruned, DivergedError) as reason:
            print(f"Trial {len(self._over()) + 1}: pruned. {reason}".rstrip())
            self._study.tell(trial, state=TrialState.PRUNED)
        else:
            if value is None:
                return False
            print(f"Trial {len(self._over()) + 1}: {value:.4f}")
            self._study.tell(trial, value)
        tidy(folder)
        return True

    def _write(self) -> None:
        """Write the best settings so far, and the table of all trials."""
        over = self._over()
        if any(trial.state == TrialState.COMPLETE for trial in over):
            best = self._study.best_trial
            values = suggest(optuna.trial.FixedTrial(best.params), self._ranges)
            given = {name: value for name, value in self._plan.given.items() if name not in _NOT_IN_BEST}
            settings = {"recipe": self._record.settings.recipe} | given | values
            RunFolder.write(self._folder / BEST, as_settings(settings))
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(("trial", "state", "figure", "epochs", *self._ranges))
        for number, trial in enumerate(over, 1):
            figure = "" if trial.value is None else f"{trial.value:.6f}"
            values = suggest(optuna.trial.FixedTrial(trial.params), self._ranges)
            row = (number, trial.state.name.lower(), figure, len(trial.intermediate_values))
            writer.writerow((*row, *(values[name] for name in self._ranges)))
        RunFolder.write(self._folder / TRIALS, text.getvalue().encode())

    def _told(self) -> Tuned:
        over = self._over()
        complete = [trial for trial in over if trial.state == TrialState.COMPLETE]
        first = over[0].value if over and over[0].state == TrialState.COMPLETE else None
        return Tuned(len(over), len(over) - len(complete), self._study.best_value if complete else None, first)
