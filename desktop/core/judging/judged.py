"""A judged model: its answers to a clinic's labelled images, and all that was counted from them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from desktop.core.inference.contract import Contract
from desktop.core.judging.figures import Figures
from desktop.core.judging.first_words import first_sentences
from desktop.core.judging.judged_images import JudgedImages
from desktop.core.judging.lesion_answers import ImageAnswers, LesionAnswers
from desktop.core.judging.words import alert_sentences, counted_sentences, withheld_sentence
from desktop.core.sentence import Sentence

MOST_CASES = 20
"""The worst mistakes that are shown."""


@dataclass(frozen=True)
class Judged:
    """A model's answers to a clinic's labelled images, with all that was counted from them."""

    data: str
    model: str
    model_sha256: str
    contract: Contract
    images: JudgedImages
    answers: ImageAnswers
    lesions: LesionAnswers
    figures: Figures

    @property
    def withheld(self) -> dict[str, int]:
        """The number of answers that the program would not have given, by reason."""
        return dict(Counter(reason for reason in self.answers.withheld if reason).most_common())

    def plain_words(self) -> Iterator[Sentence]:
        """Yield what a clinician should read first."""
        yield from self.first_words()
        for alert in self.figures.alerts:
            yield from alert_sentences(alert, knows_training=self.images.knows_training)
        yield from self.remarks()

    def first_words(self) -> Iterator[Sentence]:
        """Yield what comes before all figures: what they do not cover."""
        yield from first_sentences(self.images, self.answers, self.contract)

    def remarks(self) -> Iterator[Sentence]:
        """Yield what was counted, and with what caution."""
        yield from counted_sentences(self.figures, self.images)
        if (sentence := withheld_sentence(self.withheld, self.figures.n)) is not None:
            yield sentence

    def cases(self, lesions: Sequence[int]) -> list[str]:
        """Return the names of the images of some lesions."""
        return [self.answers.names[place] for lesion in lesions for place in self.lesions.images[lesion]]
