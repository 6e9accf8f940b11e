"""Entries of the history in words, the same in the table, grid and preview."""

from collections.abc import Collection, Sequence

from desktop.core.diagnoses import diagnosis_name
from desktop.core.imaging import regions
from desktop.core.labels import leading_alert
from desktop.core.records import lesion_answers
from desktop.core.records.values import Entry
from desktop.widgets.answer import adjusted_words, alert_words
from desktop.widgets.answer.answer_parts import region_text
from desktop.widgets.answer.answer_words import abstention_text, small_text
from desktop.widgets.common.patient_words import named_with_site
from desktop.widgets.common.wording import flag_name, translated
from desktop.widgets.history.entry_figures import EntryFigures
from desktop.widgets.visit.assessment_words import change_text

WARNING, QUESTION, HIDDEN = ("warning", "#c98a00"), ("question", "#76808a"), ("eye", "#76808a")
"""Icons with colours: flagged, abstained, concealed until the clinician's assessment."""

PART = ("part", "#76808a")
"""Icon and colour of an answer for a region."""


class EntryWords(EntryFigures):
    """Gives all else that may be shown of an entry in words."""

    def flags(self, entry: Entry) -> str:
        """Return the alert, or the flags of a model without alerts; they are shown despite an abstention."""
        if self.conceals(entry) or not entry.flags:
            return ""
        return ", ".join(name for _flag, name in self._named(entry, entry.flags))

    def _named(self, entry: Entry, raised: Collection[str]) -> list[tuple[str, str]]:
        """Return the alert that leads with its name, or all flags of a model without alerts; an entry tells the model."""
        facts = self.facts(entry)
        if facts is not None and facts.has_alerts:
            flag = leading_alert(raised)
            return [(flag, alert_words.title_of(flag))]
        return [(flag, self.tr("{name} alert").format(name=flag_name(flag))) for flag in raised]

    def alert(self, entry: Entry) -> str:
        """Return the same, and that the image alone did not raise it if only what is known of the patient did."""
        flags = self.flags(entry)
        if not flags or not self.is_raised_by_context(entry):
            return flags
        return f"{flags}, {adjusted_words.raised_only_text(entry.adjusted.patient)}"

    def is_raised_by_context(self, entry: Entry) -> bool:
        """Return whether only what is known of the patient raised the alert that leads."""
        return bool(entry.flags) and leading_alert(entry.flags) not in entry.answer.flags

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
        names = [one.image.name if one is not None else "" for one in entries]
        told = []
        if found.raised:
            newest = max((one for one in given if not one.answer.is_damaged), key=lambda one: one.id)
            for flag, name in self._named(newest, found.raised):
                places = found.raised[flag]
                alerted = [names[place] for place in places] if by_file else alert_words.numbered(places)
                told.append(f"{name}, {alert_words.count_text(alerted, found.images)}")
        return "; ".join(filter(None, (*told, alert_words.unanswered_text(found))))

    def abstention(self, entry: Entry) -> str:
        """Return why the model withheld its answer, empty if it did not."""
        if self.conceals(entry) or entry.answer.abstention is None or entry.answer.is_damaged:
            return ""
        return abstention_text(entry.answer.abstention)

    def remarks(self, entry: Entry) -> str:
        """Return all other remarks in one line."""
        size = self.size(entry)
        words = [
            self.damage(entry),
            self.not_for_patients(entry),
            self.alert(entry),
            self.abstention(entry),
            self.part(entry),
            f"{size[:1].lower()}{size[1:]}".removesuffix("."),
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
        facts = self.facts(entry)
        return None if facts is None else facts.is_for_patients

    def limits(self, entry: Entry) -> str:
        """Return the working points of the alerts under which the answer was given, empty for a model without alerts."""
        facts = self.facts(entry)
        found = {} if facts is None else facts.found
        points = entry.answer.working_points.items()
        return ", ".join(alert_words.limit_text(alert, aim, found.get((alert, aim))) for alert, aim in points)

    def part(self, entry: Entry) -> str:
        """Return the region for which the answer is, empty for the whole image."""
        return region_text(entry.region)

    def size(self, entry: Entry) -> str:
        """Return the warning that image or region has too few pixels for its model, empty where no figure is shown."""
        facts, image = self.facts(entry), entry.image
        if facts is None or not (self.probability(entry) or self.malignant(entry)):
            return ""
        try:
            region = regions.parse_region(entry.region)
        except ValueError:  # a damaged row
            return ""
        side = min(image.width, image.height) if region is None else region.side
        return small_text(side, facts.side_needed, is_region=region is not None)

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
            self.lead(entry),
            self.remarks(entry),
        )
        return ", ".join(filter(None, words))

    def _diagnosis(self, diagnosis: str) -> str:
        return self.name(diagnosis) if diagnosis in self.names else translated(diagnosis_name(diagnosis))
