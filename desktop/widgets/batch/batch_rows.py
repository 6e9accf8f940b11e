"""The text, state and sort keys of batch rows; what is concealed must not affect the order either.

The figures for a practice's own prior are made when they are drawn: they can change while a run is shown, and nothing is sorted
or found by them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from desktop.core.inference.adjusted import adjust
from desktop.core.inference.batch import FileAnswer
from desktop.core.inference.contract import Contract
from desktop.core.inference.judgement import Judgement
from desktop.core.labels import Malignancy
from desktop.core.marking import tr
from desktop.core.patient_context import NOTHING_GIVEN
from desktop.widgets.answer import alert_words
from desktop.widgets.answer.answer_words import abstention_text, flag_text, no_answer_word
from desktop.widgets.common.wording import MALIGNANT_ALONE, PROBABILITY_ALONE, leading_name, percent, translated


class Urgency(IntEnum):
    """The default order of a batch, most urgent first."""

    FAILED = 0
    FLAGGED = 1
    ABSTAINED = 2
    UNCERTAIN = 3
    REST = 4
    CONCEALED = 5


URGENCY_WORDS = {
    Urgency.FAILED: tr("failed"),
    Urgency.FLAGGED: tr("alerted"),
    Urgency.ABSTAINED: tr("not answered"),
    Urgency.UNCERTAIN: tr("uncertain"),
    Urgency.REST: tr("no alert"),
    Urgency.CONCEALED: tr("your diagnosis first"),
}
"""One word for each state, used in counts, cells, search and summary."""

_NO_ANSWER = {True: Urgency.ABSTAINED, False: Urgency.UNCERTAIN}
"""The state of an answer that names no label, by whether its figures are hidden too."""

_MALIGNANT = tr("malignant {percent}")

NOT_FOR_PATIENTS = tr("Not for patients")
"""The mark on every row of a demonstration model."""

COLUMNS = (
    tr("Image"), tr("State"), tr("File"), tr("Highest probability"), PROBABILITY_ALONE, MALIGNANT_ALONE, tr("Remarks"), "",
)  # fmt: skip
IMAGE, STATE, FILE, LABEL, PROBABILITY, MALIGNANT, REMARKS, FOR_PRACTICE = range(len(COLUMNS))
"""The last column is named by the shares of the practice, and hidden where it has no prior of its own."""


def urgency(answer: FileAnswer) -> Urgency:
    """Return the state of a row; a raised flag counts despite an abstention."""
    judgement = answer.judgement
    if judgement is None:
        return Urgency.FAILED
    if judgement.flags:
        return Urgency.FLAGGED
    return Urgency.REST if judgement.abstention is None else _NO_ANSWER[judgement.abstention.hides_figures]


@dataclass(frozen=True)
class BatchTableRow:
    """A file's answer with all that is shown, sorted and searched, computed once: a batch may have 100,000 rows."""

    answer: FileAnswer
    urgency: Urgency
    path: str
    texts: tuple[str, ...]
    searched: str

    @property
    def is_concealed(self) -> bool:
        """Whether blind-first conceals the answer."""
        return self.urgency is Urgency.CONCEALED

    @property
    def judgement(self) -> Judgement | None:
        """The judgement to sort by, None if there is none or it is concealed."""
        return None if self.is_concealed else self.answer.judgement


def _malignant(row: BatchTableRow) -> float:
    judgement = row.judgement
    if judgement is None or (judgement.abstention is not None and judgement.abstention.hides_figures):
        return -1.0
    return judgement.malignant_probability or 0.0


def _probability(row: BatchTableRow) -> float:
    judgement = row.judgement
    return -1.0 if judgement is None or judgement.abstention is not None else judgement.leading_probability


KEYS: dict[int, Callable[[BatchTableRow], tuple[float | str, ...]]] = {
    STATE: lambda row: (int(row.urgency), -_malignant(row), row.path),
    PROBABILITY: lambda row: (_probability(row), row.path),
    MALIGNANT: lambda row: (_malignant(row), row.path),
    FILE: lambda row: (row.path, ""),
    LABEL: lambda row: (row.texts[LABEL], row.path),
    REMARKS: lambda row: (row.texts[REMARKS], row.path),
}


def row_of(answer: FileAnswer, contract: Contract | None, *, is_concealed: bool) -> BatchTableRow:
    """Return the row of an answer of the model with this contract; `is_concealed` is whether blind-first conceals it."""
    state = Urgency.CONCEALED if is_concealed else urgency(answer)
    texts = tuple(_text(answer, contract, state, column) for column in range(len(COLUMNS)))
    path = str(answer.path)
    searched = " ".join((path, texts[STATE], texts[LABEL], texts[REMARKS])).casefold()
    return BatchTableRow(answer, state, path, texts, searched)


def practice_text(row: BatchTableRow, contract: Contract, shares: Mapping[str, float]) -> str:
    """Return the figures of a row for a practice with these shares: of the named label, and the sum of the malignant ones.

    A figure stands only where the model's own stands, and none stands beside an alert that it would belittle.
    """
    judgement, prediction = row.judgement, row.answer.prediction
    if judgement is None or prediction is None:
        return ""
    adjusted = adjust(prediction, judgement, contract, NOTHING_GIVEN, shares)
    figures = adjusted.for_prior
    is_hidden = judgement.abstention is not None and judgement.abstention.hides_figures
    own = dict(zip(contract.label_ids, prediction.probabilities, strict=True))
    if figures is None or is_hidden or adjusted.belittles(judgement.flags, own):
        return ""
    named = [] if judgement.abstention is not None else [percent(sum(figures[label] for label in judgement.leading))]
    malignant = [label.id for label in contract.labels if label.malignancy is Malignancy.MALIGNANT]
    if malignant:
        told = translated(_MALIGNANT).format(percent=percent(sum(figures[label] for label in malignant)))
        named.append(told)
    return ", ".join(named)


def _text(answer: FileAnswer, contract: Contract | None, state: Urgency, column: int) -> str:
    """Return a cell; withheld and concealed answers are in none of the window's tables."""
    judgement = answer.judgement
    if column == STATE:
        return translated(URGENCY_WORDS[state])
    if column == FILE:
        return answer.path.name
    if column in {IMAGE, FOR_PRACTICE} or state is Urgency.CONCEALED:
        return ""
    if judgement is None or contract is None:
        return answer.message if column == REMARKS else ""
    abstention = judgement.abstention
    if column == LABEL:
        return leading_name(contract, judgement.leading) if abstention is None else no_answer_word(abstention)
    if column == PROBABILITY:
        return percent(judgement.leading_probability) if abstention is None else ""
    if column == MALIGNANT:
        if judgement.malignant_probability is None or (abstention and abstention.hides_figures):
            return ""
        return percent(judgement.malignant_probability)
    words = [] if contract.is_for_patients else [translated(NOT_FOR_PATIENTS)]
    words += [_raised(judgement, contract)] if judgement.flags else []
    if abstention is not None:
        words.append(abstention_text(abstention))
    return "; ".join(words)


def _raised(judgement: Judgement, contract: Contract) -> str:
    return ", ".join(map(flag_text, alert_words.leading(judgement.flags, contract)))
