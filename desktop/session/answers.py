"""What a model says of a picture, and how it comes to be said."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desktop.core.late import Late
from desktop.session.picture import Picture

if TYPE_CHECKING:
    from desktop.core.imaging import faults, preprocessing, quality, regions
    from desktop.core.imaging.preprocessing import Box
    from desktop.core.imaging.quality import Shortfall
    from desktop.core.inference import judgement as judging
    from desktop.core.inference.classifier import Classifier, Prediction
    from desktop.core.inference.contract import Contract
    from desktop.core.inference.judgement import Judgement
    from desktop.core.records.values import Entry
else:
    faults = Late("desktop.core.imaging.faults")
    preprocessing = Late("desktop.core.imaging.preprocessing")
    quality = Late("desktop.core.imaging.quality")
    regions = Late("desktop.core.imaging.regions")
    judging = Late("desktop.core.inference.judgement")


@dataclass(frozen=True)
class Answer:
    """What one model says of the picture, and the part of the picture that it saw.

    `entry` is set where the answer is not new but is shown as the history kept it. `region` is set where the answer is for
    a square that was drawn, and not for the whole image. `advice` is what could be better about the picture at full size, None
    where that was not measured: of an answer that is shown as it was kept. `is_sample` is set where the picture is a drawing
    that came with the program. `time` is when the model gave it, whenever it was looked at.
    """

    prediction: Prediction
    judgement: Judgement
    contract: Contract
    seen: Box
    entry: Entry | None = None
    region: Box | None = None
    advice: tuple[Shortfall, ...] | None = None
    is_sample: bool = False
    time: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC), compare=False)


@dataclass(eq=False)
class Given:
    """An answer as it was given: to which picture, whether it is kept, and whether it was shown despite an abstention."""

    picture: Picture
    answer: Answer
    entry_id: int | None = None
    is_disclosed: bool = False


def answer_of(entry: Entry, contract: Contract) -> Answer:
    """Return the answer of an entry as it was given; `contract` is that of its model."""
    prediction, image = entry.answer.prediction, entry.image
    region = regions.parse_region(entry.region)
    seen = region or preprocessing.seen_box(image.width, image.height, contract.fit)
    judgement = judging.judge(prediction, contract)
    return Answer(prediction, judgement, contract, seen, entry, region, time=entry.time)


class LastAnswer:
    """Has whole pictures answered, and knows the last answer.

    An image that is brought for a patient is asked about twice: once for the screen and once to be kept. To be used on the
    model's lane alone, where one is answered at a time.
    """

    def __init__(self) -> None:
        self._asked = ("", "")
        self._answer: Answer | None = None

    def answer(self, picture: Picture, classifier: Classifier) -> Answer:
        """Have a model answer a picture, or return what it has just said of it. Slow: to be run off the GUI thread.

        Raises:
            AppError: the picture's bytes cannot be decoded, or the model fails on them.
        """
        asked = (picture.sha256, classifier.sha256)
        if self._answer is None or asked != self._asked:
            self._answer = answer_picture(picture, classifier)
            self._asked = asked
        return self._answer


def answer_picture(picture: Picture, classifier: Classifier, region: Box | None = None) -> Answer:
    """Have a model answer a picture, or a square of it. Slow: to be run off the GUI thread.

    Raises:
        AppError: the picture's bytes cannot be decoded, or the model fails on them, for whatever reason.
    """
    with faults.as_image_error(picture.name):
        image, is_damaged = classifier.prepare_checked(picture.data, picture.name, region)
        contract = classifier.contract
        seen = region or preprocessing.seen_box(picture.width, picture.height, contract.fit)
        (prediction,) = classifier.predict(image[None], [seen.side], [is_damaged])
        full = quality.measure_full(picture.pixels()[seen.top : seen.bottom, seen.left : seen.right])
        judgement = judging.judge(prediction, contract)
        advice = quality.advice(full)
    return Answer(prediction, judgement, contract, seen, region=region, advice=advice, is_sample=picture.is_sample)
