"""The figures of entries of the history, with whose they are, the same in the table, grid, preview, course and report."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject

from desktop.core.inference import adjusted as adjusting
from desktop.core.inference import judgement as judging
from desktop.core.inference.judgement import Abstention
from desktop.core.labels import BY_ID, Malignancy, badness, leading_alert
from desktop.core.records.values import Entry, ModelFacts
from desktop.widgets.answer import adjusted_words
from desktop.widgets.answer.answer_words import abstention_text, no_answer_word
from desktop.widgets.common.wording import alone_text, label_name_of, percent, translated


class EntryFigures(QObject):
    """Gives only what may be shown: nothing of a concealed answer, no label if the model abstained."""

    def __init__(self, conceals: Callable[[Entry], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.conceals = conceals
        """Whether blind-first conceals an entry's answer."""
        self.names: dict[str, str] = {}
        """The models' own names of labels, by id."""
        self._models: dict[str, ModelFacts] = {}

    def know_models(self, models: dict[str, ModelFacts]) -> None:
        """Set the facts about the models of the saved answers, by SHA-256."""
        self._models = models

    def facts(self, entry: Entry) -> ModelFacts | None:
        """Return the facts about the model that gave an answer, None if it is not known."""
        return self._models.get(entry.answer.model_sha256)

    def name_labels(self, names: dict[str, str]) -> None:
        """Set the models' own names of labels, by id, for labels that the app does not know."""
        self.names = names

    def label(self, entry: Entry) -> str:
        """Return the label or group that the answer names, as on the visit page, or why it names none."""
        if entry.answer.is_damaged:
            return self.tr("damaged")
        if self.conceals(entry):
            return self.tr("your diagnosis first")
        if _is_uncertain(entry):
            return no_answer_word(Abstention.UNCERTAIN)
        abstention = entry.answer.abstention
        return self._leading(entry)[0] if abstention is None else no_answer_word(abstention)

    def name(self, label: str) -> str:
        """Return the name of a label."""
        return label_name_of(label, self.names.get(label, label))

    def probability(self, entry: Entry) -> str:
        """Return the probability of the named label or group, empty if concealed, withheld or damaged."""
        if (
            self.conceals(entry)
            or entry.answer.abstention is not None
            or entry.answer.is_damaged
            or _is_uncertain(entry)
        ):
            return ""
        return percent(_sum(entry.answer.probabilities, self._leading(entry)[1]))

    def probability_alone(self, entry: Entry) -> str:
        """Return the same for a column of figures of the image alone: one of a region says that it is of that."""
        return self._alone_in_column(entry, self.probability(entry))

    def malignant_alone(self, entry: Entry) -> str:
        """Return the sum of the malignant labels likewise."""
        return self._alone_in_column(entry, self.malignant(entry))

    def lead_parts(self, entry: Entry) -> tuple[str, str]:
        """Return label and figure: those that an alert is about, else the highest; no figure where none may be shown."""
        lead = self._lead(entry)
        if lead is None:
            return self.label(entry), ""
        name, labels = lead
        return name, percent(_sum(entry.answer.probabilities, labels))

    def lead(self, entry: Entry) -> str:
        """Return both in one, and that they are of the image or region alone."""
        name, figure = self.lead_parts(entry)
        return self.of_alone(entry, f"{name} {figure}") if figure else name

    def answer(self, entry: Entry) -> str:
        """Return the same with the figure that stood beside it for patient and practice, if one did, or why there is none.

        None stands beside an alert that it would belittle.
        """
        told, lead, figures = self.lead(entry), self._lead(entry), entry.adjusted.figures
        abstention = Abstention.UNCERTAIN if _is_uncertain(entry) else entry.answer.abstention
        if lead is None and abstention is not None and not (entry.answer.is_damaged or self.conceals(entry)):
            text = abstention_text(abstention)  # a word alone, beside an alert, would be read as the alert's doubt
            return text[:1].lower() + text[1:]
        if lead is None or figures is None or not figures.keys() >= set(lead[1]):
            return told
        if entry.flags and adjusting.belittles_figures(entry.answer.probabilities, figures, lead[1]):
            return told
        figure = percent(_sum(figures, lead[1]))
        own_prior, groups = self._prior_of(entry)
        whose = adjusted_words.whose_text(entry.adjusted, own_prior, groups)
        return self.tr("{told}; {figure} {whose}").format(told=told, figure=figure, whose=whose)

    def of_alone(self, entry: Entry, told: str) -> str:
        """Return a figure with whose it is: of the image or region alone; empty without a figure."""
        return f"{told}, {alone_text(is_region=bool(entry.region))}" if told else ""

    def malignant(self, entry: Entry) -> str:
        """Return the sum of the malignant labels, empty if concealed or withheld with all figures."""
        answer = entry.answer
        is_withheld = answer.abstention is not None and answer.abstention.hides_figures
        if self.conceals(entry) or answer.malignant_probability is None or is_withheld:
            return ""
        return percent(answer.malignant_probability)

    def adjusted(self, entry: Entry) -> str:
        """Return the figures for patient and practice that stood beside the answer, empty if concealed or withheld."""
        answer = entry.answer
        is_withheld = answer.abstention is not None and answer.abstention.hides_figures
        if self.conceals(entry) or is_withheld or answer.is_damaged:
            return ""
        label = self._alerted(entry)
        alerted = None if label is None else (label, self.name(label))
        return adjusted_words.stored_text(
            answer.probabilities, entry.adjusted, *self._prior_of(entry), alerted, is_region=bool(entry.region)
        )

    def _alone_in_column(self, entry: Entry, figure: str) -> str:
        return self.of_alone(entry, figure) if entry.region else figure

    def _lead(self, entry: Entry) -> tuple[str, tuple[str, ...]] | None:
        """Return the name and the labels that an alert is about, else those that lead; None where no figure may be shown.

        Despite doubt among benign labels an alert is about its own.
        """
        answer, label = entry.answer, self._alerted(entry)
        if label is not None and answer.abstention is None and not (answer.is_damaged or self.conceals(entry)):
            return self.name(label), (label,)
        return self._leading(entry) if self.probability(entry) else None

    def _prior_of(self, entry: Entry) -> tuple[Mapping[str, float], adjusted_words.Groups]:
        """Return the shares that the figures of an entry's model assume, and its groups of labels, as far as it is known."""
        facts = self.facts(entry)
        return ({}, ()) if facts is None else (facts.prior, facts.groups)

    def _alerted(self, entry: Entry) -> str | None:
        """Return the label that an entry's alert is about, None without an alert, or if it is not known."""
        facts, figures = self.facts(entry), entry.answer.probabilities
        labels = () if facts is None or not entry.flags else facts.raisable.get(leading_alert(entry.flags), ())
        if facts is None or not labels or not figures.keys() >= {*labels}:
            return None
        return judging.alerted_among(labels, facts.raisable.values(), figures)

    def _leading(self, entry: Entry) -> tuple[str, tuple[str, ...]]:
        """Return the name and the labels of the top label or group; of equal ones the worse."""
        by_id, facts = entry.answer.probabilities, self.facts(entry)
        groups = [] if facts is None else [one for one in facts.groups if len(one[1]) > 1 and by_id.keys() >= {*one[1]}]
        grouped = {label for _name, ids in groups for label in ids}
        units = [(translated(name), ids) for name, ids in groups]
        units += [(self.name(label), (label,)) for label in by_id if label not in grouped]

        def weight(unit: tuple[str, tuple[str, ...]]) -> tuple[float, tuple[int, int]]:
            ids = unit[1]
            return sum(by_id[label] for label in ids), max(badness(label, _malignancy(label)) for label in ids)

        return max(units, key=weight)


def _is_uncertain(entry: Entry) -> bool:
    """Return whether an answer names no label for doubt."""
    answer = entry.answer
    if answer.is_damaged or answer.abstention is not None:
        return not answer.is_damaged and answer.abstention is Abstention.UNCERTAIN
    return answer.kind_uncertain


def _sum(figures: Mapping[str, float], labels: Sequence[str]) -> float:
    return min(sum(figures[label] for label in labels), 1.0)


def _malignancy(label: str) -> Malignancy:
    return BY_ID[label].malignancy if label in BY_ID else Malignancy.UNKNOWN
