"""The answer of a model to a picture, and the functions that obtain it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desktop.core.frozen import frozen
from desktop.core.late import Late

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from desktop.core.imaging import faults, preprocessing, quality, regions
    from desktop.core.imaging.preprocessing import Box
    from desktop.core.imaging.quality import Shortfall
    from desktop.core.inference import judgement as judging
    from desktop.core.inference import similarity
    from desktop.core.inference.classifier import Classifier, Prediction
    from desktop.core.inference.contract import Contract
    from desktop.core.inference.judgement import Judgement
    from desktop.core.records.values import Entry
    from desktop.session.picture import Picture
else:
    faults = Late("desktop.core.imaging.faults")
    preprocessing = Late("desktop.core.imaging.preprocessing")
    quality = Late("desktop.core.imaging.quality")
    regions = Late("desktop.core.imaging.regions")
    judging = Late("desktop.core.inference.judgement")
    similarity = Late("desktop.core.inference.similarity")


@frozen
class Answer:
    """The answer of one model to a picture, and the part of the picture that the model saw.

    `entry` is set if the answer comes from the history. `region` is set if the answer is for a square that the user drew, not
    for the whole image. `advice` lists what could be better about the picture at full size; it is None for an answer from the
    history, for which this is not measured. `is_sample` is set if the picture is a drawing that is shipped with the program.
    `vector` [d] is how the whole image looks to the model (`similarity.reduced`); it is None for an answer from the history,
    that of a region, or one of a model without an embedding. `time` is when the model gave the answer: that of its entry, once
    it has one, and not of a later opening of the image.
    """

    prediction: Prediction
    judgement: Judgement
    contract: Contract
    seen: Box
    entry: Entry | None = None
    region: Box | None = None
    advice: tuple[Shortfall, ...] | None = None
    is_sample: bool = False
    vector: NDArray[np.float32] | None = field(default=None, compare=False)
    time: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC), compare=False)

    @property
    def side_needed(self) -> int:
        """Pixels across the seen part of the picture, that the model looks at."""
        size = self.contract.input_size
        return min(size, self.contract.effective_resolution or size)

    @property
    def is_small(self) -> bool:
        """Whether the seen part of the picture has fewer pixels across than the model looks at."""
        return self.seen.side < self.side_needed


@dataclass(eq=False)
class KeptAs:
    """The id of an answer's entry in the history, None until it is saved; what stays of an answer once its picture has gone."""

    entry_id: int | None = None


@dataclass(eq=False)
class GivenAnswer:
    """An answer with its picture, its entry in the history, and whether it was shown despite an abstention."""

    picture: Picture
    answer: Answer
    kept: KeptAs = field(default_factory=KeptAs)
    is_disclosed: bool = False


def answer_of(entry: Entry, contract: Contract) -> Answer:
    """Return the answer of an entry as it was given; `contract` belongs to the model that gave it."""
    prediction, image = entry.answer.prediction, entry.image
    region = regions.parse_region(entry.region)
    seen = region or preprocessing.seen_box(image.width, image.height, contract.fit)
    judgement = judging.judge(prediction, contract, entry.answer.working_points)
    return Answer(prediction, judgement, contract, seen, entry, region, time=entry.time)


def answer_picture(picture: Picture, classifier: Classifier, region: Box | None = None) -> Answer:
    """Classify a picture, or a square of it. Slow: to be run off the GUI thread.

    Raises:
        AppError: the picture's bytes cannot be decoded, or the model fails on them, for any reason.
    """
    with faults.as_image_error(picture.name):
        image, is_damaged = classifier.prepare_checked(picture.data, picture.name, region)
        contract = classifier.contract
        seen = region or preprocessing.seen_box(picture.width, picture.height, contract.fit)
        outputs = classifier.run(image[None])
        (prediction,) = classifier.predictions(outputs, image[None], [seen.side], [is_damaged])
        full = quality.measure_full(picture.pixels()[seen.top : seen.bottom, seen.left : seen.right])
        judgement = judging.judge(prediction, contract, classifier.working_points)
        advice = quality.advice(full)
        vector = similarity.reduced(outputs.embedding)[0] if outputs.embedding is not None and region is None else None
    return Answer(
        prediction,
        judgement,
        contract,
        seen,
        region=region,
        advice=advice,
        is_sample=picture.is_sample,
        vector=vector,
    )
