"""The rows of a command's table: each file's answer, with figures for patient and practice where they were given."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from desktop import __version__
from desktop.core.errors import UsageError
from desktop.core.inference.adjusted import NOT_ADJUSTED, adjust
from desktop.core.inference.alerts import working_points
from desktop.core.inference.batch import FileAnswer
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.context_file import ContextTable
from desktop.core.inference.prior import check_shares, prior_for
from desktop.core.marking import tr
from desktop.core.patient_context import NOTHING_GIVEN
from desktop.core.records.resuming import UnfinishedTable, read_begun
from desktop.core.records.tables import GIVEN, Column, TableRow, column_names, of_context, of_prior


class AnswerRows:
    """Makes the rows for one model; `more` are the columns behind those of every table."""

    def __init__(
        self,
        classifier: Classifier,
        context: ContextTable | None,
        shares: Mapping[str, float] | None,
        *,
        is_strict: bool = False,
    ) -> None:
        """Take the table of patients, if there is one; `shares` are those of labels in the practice, by id, if it has any.

        With `is_strict`, the row of a withheld answer names no label.

        Raises:
            UsageError: the model has no layer of age, sex and site, or no prior of its own, or the shares are of other labels
                than it has, or do not fit together.
        """
        self._classifier = classifier
        self._is_strict = is_strict
        self._labels = classifier.contract.label_ids
        self._context = context
        if context is not None and classifier.contract.context is None:
            raise UsageError(
                tr("“{name}” has no layer of age, sex and site. Leave out --context, or name another model."),
                name=classifier.path.name,
            )
        self._shares = shares
        self._prior = None if shares is None else _prior(classifier, shares)
        self.more = (
            *(() if context is None else (*GIVEN, *of_context(self._labels))),
            *(() if self._prior is None else of_prior(self._labels)),
        )

    def refuse_strangers(self, images: Sequence[Path]) -> None:
        """Refuse a table of patients that names none of these images.

        Raises:
            UsageError: it names none.
        """
        if self._context is not None and not any(map(self._context.has, images)):
            raise UsageError(
                tr("“{name}” names none of these images. Write paths, or bare names, into its column file."),
                name=self._context.name,
            )

    def begun(self, table: Path, more: Sequence[Column]) -> UnfinishedTable | None:
        """Return an unfinished table with the columns `more`, to be carried on; None where there is none.

        Raises:
            RecordsError: it cannot be carried on with these rows, see `read_begun`.
        """
        contract = self._classifier.contract
        return read_begun(
            table,
            column_names(self._labels, more),
            self._classifier.sha256,
            self._classifier.working_points,
            working_points(contract.alerts),
            is_for_patients=contract.is_for_patients,
            prior=self._prior,
            is_strict=self._is_strict,
        )

    def row(self, answer: FileAnswer) -> TableRow:
        """Return the row of a file that was just classified."""
        adjusted = NOT_ADJUSTED
        if self.more and answer.prediction is not None and answer.judgement is not None:
            patient = NOTHING_GIVEN if self._context is None else self._context.of(answer.path)
            adjusted = adjust(answer.prediction, answer.judgement, self._classifier.contract, patient, self._shares)
        return TableRow.of_file(
            answer,
            self._labels,
            self._classifier.sha256,
            __version__,
            is_for_patients=self._classifier.contract.is_for_patients,
            adjusted=adjusted,
            is_strict=self._is_strict,
        )


def _prior(classifier: Classifier, shares: Mapping[str, float]) -> dict[str, float]:
    """Return the share of each label in a practice with these shares; the others stay in proportion."""
    own = classifier.contract.prior
    if own is None:
        raise UsageError(
            tr("“{name}” does not say what its percentages assume. Leave out --melanoma-share, or name another model."),
            name=classifier.path.name,
        )
    for label in shares:
        if label not in own:
            raise UsageError(
                tr("“{name}” has no label {label}. It has {labels}."),
                name=classifier.path.name,
                label=label,
                labels=", ".join(own),
            )
    check_shares(shares, tuple(own))
    return prior_for(own, shares)
