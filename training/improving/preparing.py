"""Prepares the run of an improvement: one table of all images, the base's labels, and what the base answers to them."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

from desktop.core.inference.classifier import Classifier
from training.improving.answers import write_teacher
from training.improving.data import ImprovementData, improvement_knobs, write_table
from training.improving.judge import refuse_few_calibrating, refuse_few_to_learn_from
from training.prepare import prepare
from training.run.config import Config, with_changes
from training.run.recipes import with_recipe
from training.run.run_folder import RunFolder, RunRecord


def prepared(
    data: ImprovementData,
    base: Classifier,
    run: RunFolder,
    table: Path,
    name: str,
    given: dict[str, Any],
    check: Callable[[Config], None],
) -> RunRecord:
    """Prepare the run, unless that is done; return its record.

    Args:
        data: the images.
        base: the model that is improved.
        run: the folder.
        table: the file for the table of all images.
        name: of the base, as the command gave it.
        given: the knobs that were given.
        check: called with the settings, before an image is opened.

    Raises:
        UsageError: a knob cannot be had, or was given another value in a run that is there.
        DataError: the data cannot be trained on, or have too few lesions to set the new model's alert.
    """
    if not run.is_prepared:
        refuse_few_to_learn_from((*data.own, *data.others))
        table.parent.mkdir(parents=True, exist_ok=True)
        write_table(data, table)
        knobs = improvement_knobs(given, name, has_others=bool(data.others))
        config = Config(**with_recipe({**knobs, "data": str(table.resolve())}))
        check(config)
        prepare(config, run, labels=base.contract.labels)
    refuse_few_calibrating(run.load_images())
    record = run.load_record()
    if record.settings.distillation and not run.teacher.exists():
        write_teacher(run, record, base, (*data.own, *data.others))
    return dataclasses.replace(record, settings=with_changes(record.settings, given, began=run.began))
