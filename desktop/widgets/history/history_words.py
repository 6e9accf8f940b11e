"""Entries of the history in words, the same in the table, grid and preview."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from desktop.core.diagnoses import diagnosis_name
from desktop.core.inference import judgement as judging
from desktop.core.inference.judgement import Abstention
from desktop.core.labels import BY_ID, Malignancy, badness
from desktop.core.records import lesion_answers
from desktop.core.records.values import Entry, ModelFacts
from desktop.widgets.answer import adjusted_words, alert_words
from desktop.widgets.answer.answer_words import abstention_text, no_answer_word
from desktop.widgets.common.patient_words import named_with_site
from desktop.widgets.common.wording import flag_name, label_name_of, percent, translated
from desktop.widgets.visit.assessment_words import change_text

WARNING, QUESTION, HIDDEN = ("warning", "#c98a00"), ("question", "#76808a"), ("eye", "#76808a")
"""Icons with colours: flagged, abstained, concealed until the clinician's assessment."""

PART = ("part", "#76808a")
"""Icon and colour of an answer for a region."""


class EntryWords(QObject):
    """Gives only what may be shown: nothing of a concealed answer, no label if the model abstained."""

    def __init__(self, conceals: Callable[[Entry], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.conceals = conceals
        """Whether blind-first conceals an entry's answer."""
        self._names: dict[str, str] = {}
        self._models: dict[str, ModelFacts] = {}

    def know_models(self, models: dict[str, ModelFacts]) -> None:
        """Set the facts about the models of the saved answers, by SHA-256."""
        self._models = models

    def name_labels(self, names: dict[str, str]) -> None:
        """Set the models' own names of labels, by id, for labels that the app does not know."""
        self._names = names

    def label(self, entry: Entry) -> str:
        """Return the label or group that the answer names, as on the visit page, or why it names none."""
        if entry.answer.is_damaged:
            return self.tr("damaged")
        if self.conceals(entry):
            return self.tr("your diagnosis first")
        if entry.answer.abstention is not None:
            return no_answer_word(entry.answer.abstention)
        return no_answer_word(Abstention.UNCERTAIN) if _is_kind_uncertain(entry) else self._leading(entry)[0]

    def name(self, label: str) -> str:
        """Return the name of a label."""
        return label_name_of(label, self._names.get(label, label))

    def probability(self, entry: Entry) -> str:
        """Return the probability of the named label or group, empty if concealed, withheld or damaged."""
        if self.conceals(entry) or entry.answer.abstention is not None or entry.answer.is_damaged:
            return ""
        return "" if _is_kind_uncertain(entry) else percent(self._leading(entry)[1])

    def lead(self, entry: Entry) -> str:
        """Return label and figure in one: those that an alert is about, else the highest.

        The figure is that of the image alone, as in every list, and this is said of each.
        """
        name, figure = self.label(entry), self.probability(entry)
        if not figure:
            return name
        label = self._alerted(entry)
        if label is not None:
            name, figure = self.name(label), percent(entry.answer.probabilities[label])
        return self.tr("{label} {figure}, image alone").format(label=name, figure=figure)

    def malignant(self, entry: Entry) -> str:
        """Return the sum of the malignant labels, empty if concealed or withheld with all figures."""
        answer = entry.answer
        is_withheld = answer.abstention is not None and answer.abstention.hides_figures
        if self.conceals(entry) or answer.malignant_probability is None or is_withheld:
            return ""
        return percent(answer.malignant_probability)

    def flags(self, entry: Entry) -> str:
        """Return the alert, or the flags of a model without alerts; they are shown despite an abstention."""
        if self.conceals(entry) or not entry.flags:
            return ""
        facts = self._models.get(entry.answer.model_sha256)
        if facts is not None and facts.has_alerts:
            return alert_words.title_of(entry.flags[0])
        return ", ".join(self.tr("{name} alert").format(name=flag_name(flag)) for flag in entry.flags)

    def lesion(self, entries: Sequence[Entry | None], *, by_file: bool = False) -> str:
        """Return the alert with the images of a lesion and visit that raised it, and how many have no answer.

        Empty for a single image, where all are answered and none raised an alert, and while an answer is concealed.

        Args:
            entries: the newest answer to each image; None for one without any.
            by_file: whether images are named by their files, in place of numbers.
        """
        given = [one for one in entries if one is not None]
        if len(entries) < 2 or any(map(self.conceals, given)):
            return ""
        found = lesion_answers.tally(entries)
        alerts = {flag: self.flags(one) for one in given for flag in one.flags[:1] if flag in found.raised}
        names = [one.image.name if one is not None else "" for one in entries]
        parts = []
        for flag, name in alerts.items():
            places = found.raised[flag]
            alerted = [names[place] for place in places] if by_file else alert_words.numbered(places)
            parts.append(f"{name}, {alert_words.count_text(alerted, found.images)}")
        return "; ".join(filter(None, (*parts, alert_words.unanswered_text(found))))

    def adjusted(self, entry: Entry) -> str:
        """Return the figures for patient and practice that stood beside the answer, empty if concealed or withheld."""
        answer = entry.answer
        is_withheld = answer.abstention is not None and answer.abstention.hides_figures
        if self.conceals(entry) or is_withheld or answer.is_damaged:
            return ""
        facts = self._models.get(answer.model_sha256)
        own, groups = ({}, ()) if facts is None else (facts.prior, facts.groups)
        return adjusted_words.stored_text(answer.probabilities, entry.adjusted, own, groups)

    def abstention(self, entry: Entry) -> str:
        """Return why the model withheld its answer, empty if it did not."""
        if self.conceals(entry) or entry.answer.abstention is None or entry.answer.is_damaged:
            return ""
        return abstention_text(entry.answer.abstention)

    def remarks(self, entry: Entry) -> str:
        """Return all other remarks in one line."""
        words = [
            self.damage(entry),
            self.not_for_patients(entry),
            self.flags(entry),
            self.abstention(entry),
            self.part(entry),
        ]
        if not entry.image.stored:
            words.append(self.tr("image linked"))
        return "; ".join(filter(None, words))

    def damage(self, entry: Entry) -> str:
        """Return that a part of the entry cannot be read, empty if all can."""
        return self.tr("entry damaged") if entry.is_damaged else ""

    def not_for_patients(self, entry: Entry) -> str:
        """Return that the answer is of a demonstration model, empty for any other."""
        return self.tr("Not for patients") if self.is_for_patients(entry) is False else ""

    def is_for_patients(self, entry: Entry) -> bool | None:
        """Return whether the answer is of a model that is no demonstration, None if the model is not known."""
        facts = self._models.get(entry.answer.model_sha256)
        return None if facts is None else facts.is_for_patients

    def limits(self, entry: Entry) -> str:
        """Return the working points of the alerts under which the answer was given, empty for a model without alerts."""
        facts = self._models.get(entry.answer.model_sha256)
        found = {} if facts is None else facts.found
        points = entry.answer.working_points.items()
        return ", ".join(alert_words.limit_text(alert, aim, found.get((alert, aim))) for alert, aim in points)

    def part(self, entry: Entry) -> str:
        """Return that the answer is for a region, empty for the whole image."""
        return self.tr("part of the image") if entry.region else ""

    def place(self, entry: Entry) -> str:
        """Return patient and lesion, empty if the image has no patient."""
        return " · ".join(filter(None, (entry.patient, entry.lesion)))

    def full_place(self, entry: Entry) -> str:
        """Return patient and lesion with its site: "P-0412 · L2 left scapula"."""
        return " · ".join(filter(None, (entry.patient, named_with_site(entry.lesion, entry.lesion_site))))

    def assessment(self, entry: Entry) -> str:
        """Return the clinician's newest diagnosis and whether the lesion had changed, empty if there is none."""
        diagnosis = self._diagnosis(entry.assessment)
        return f"{diagnosis}, {change_text(entry.change)}" if entry.change else diagnosis

    def outcome(self, entry: Entry) -> str:
        """Return the newest outcome, empty if there is none."""
        return self._diagnosis(entry.outcome)

    def sign(self, entry: Entry) -> tuple[str, str] | None:
        """Return icon and colour of an entry's state."""
        if self.conceals(entry):
            return HIDDEN
        if entry.flags:
            return WARNING
        return QUESTION if entry.answer.abstention is not None else None

    def part_sign(self, entry: Entry) -> tuple[str, str] | None:
        """Return icon and colour of an answer for a region."""
        return PART if entry.region else None

    def summary(self, entry: Entry) -> str:
        """Return an entry in one sentence, for screen readers."""
        words = (
            entry.image.name,
            self.full_place(entry),
            self.label(entry),
            self.probability(entry),
            self.remarks(entry),
        )
        return ", ".join(filter(None, words))

    def _alerted(self, entry: Entry) -> str | None:
        """Return the label that an entry's alert is about, None without an alert, or if it is not known."""
        facts, figures = self._models.get(entry.answer.model_sha256), entry.answer.probabilities
        labels = () if facts is None or not entry.flags else facts.raisable.get(entry.flags[0], ())
        if facts is None or not labels or not figures.keys() >= {*labels}:
            return None
        return judging.alerted_among(labels, facts.raisable.values(), figures)

    def _leading(self, entry: Entry) -> tuple[str, float]:
        """Return the name and probability of the top label or group; of equal ones the worse."""
        by_id, facts = entry.answer.probabilities, self._models.get(entry.answer.model_sha256)
        groups = [] if facts is None else [one for one in facts.groups if len(one[1]) > 1 and by_id.keys() >= {*one[1]}]
        grouped = {label for _name, ids in groups for label in ids}
        units = [(translated(name), ids) for name, ids in groups]
        units += [(self.name(label), (label,)) for label in by_id if label not in grouped]

        def weight(unit: tuple[str, tuple[str, ...]]) -> tuple[float, tuple[int, int]]:
            ids = unit[1]
            return sum(by_id[label] for label in ids), max(badness(label, _malignancy(label)) for label in ids)

        lead = max(units, key=weight)
        return lead[0], min(weight(lead)[0], 1.0)

    def _diagnosis(self, diagnosis: str) -> str:
        return self.name(diagnosis) if diagnosis in self._names else translated(diagnosis_name(diagnosis))


def _is_kind_uncertain(entry: Entry) -> bool:
    """Return whether an answer names no label for doubt among benign ones; an alert is about a label all the same."""
    return entry.answer.kind_uncertain and not entry.flags


def _malignancy(label: str) -> Malignancy:
    return BY_ID[label].malignancy if label in BY_ID else Malignancy.UNKNOWN
