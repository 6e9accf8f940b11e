"""What an export for training holds and leaves out, for the window and the command."""

from collections.abc import Iterator

from desktop.core.judging.better import FEWEST_CALIBRATING, FEWEST_TO_LEARN_FROM
from desktop.core.judging.counted_nouns import IMAGES, LESIONS, MELANOMAS, OTHER_LESIONS
from desktop.core.labels import MELANOMA
from desktop.core.marking import tr
from desktop.core.records.training_plan import LeftOut, TrainingPlan
from desktop.core.sentence import Counted, Sentence


def held_sentence(plan: TrainingPlan) -> Sentence:
    """Return how many lesions are in the training and in the test part."""
    return Sentence(
        tr(
            "{train} to learn from, melanomas among them: {train_melanomas}; {test} to judge the new model on, melanomas among "
            "them: {test_melanomas} ({images}). Which patients are for judging stays so in later exports."
        ),
        {
            "train": LESIONS.of(plan.lesions_of("train")),
            "train_melanomas": plan.lesions_of("train", MELANOMA),
            "test": plan.lesions_of("test"),
            "test_melanomas": plan.lesions_of("test", MELANOMA),
            "images": IMAGES.of(len(plan.images)),
        },
    )


def followed_sentence(plan: TrainingPlan) -> Sentence | None:
    """Return how many of the lesions only follow-up showed to be benign; None if there are none."""
    followed = sum(plan.lesions_of(split, confirmed_by="follow_up") for split in ("train", "test"))
    return _FOLLOWED.of(followed) if followed else None


_FOLLOWED = Counted(
    tr(
        "{count} of these lesions is benign by follow-up, without histology: a model may learn from it, but is not judged on "
        "it."
    ),
    tr(
        "{count} of these lesions are benign by follow-up, without histology: a model may learn from them, but is not judged "
        "on them."
    ),
)


def few_sentence(plan: TrainingPlan) -> Sentence | None:
    """Return that a training will refuse these lesions, with how many it needs; None if they are enough."""
    melanomas = plan.lesions_of("train", MELANOMA, "histopathology")
    others = plan.lesions_of("train", confirmed_by="histopathology") - melanomas
    if min(melanomas, others) >= FEWEST_TO_LEARN_FROM:
        return None
    return Sentence(
        tr(
            "Too few to make a model of: {melanomas} and {others} with histology to learn from. About {all} of each "
            "are needed: a fifth is put aside to set the new model's alert, and must hold {fewest} melanomas and {fewest} "
            "others. The command for a new model will refuse this folder, and this export counts all the same. Export again "
            "later, or use “Export outcomes for recalibration” (Model)."
        ),
        {
            "melanomas": MELANOMAS.of(melanomas),
            "others": OTHER_LESIONS.of(others),
            "all": FEWEST_TO_LEARN_FROM,
            "fewest": FEWEST_CALIBRATING,
        },
    )


def look_sentence(plan: TrainingPlan) -> Sentence:
    """Return that each further look at the same lesions is held to more."""
    return Sentence(
        tr(
            "This is export {look} for this model. With each one, a new model must show more to be called better: who looks "
            "often finds something by chance."
        ),
        {"look": plan.look},
    )


def left_out_sentences(plan: TrainingPlan) -> Iterator[Sentence]:
    """Yield what is left out and why, with counts."""
    for reason, template in _LEFT_OUT.items():
        if count := plan.left_out.get(reason):
            yield Sentence(template, {"count": count})


_LEFT_OUT = {
    LeftOut.NOT_ASKED: tr("Lesions left out because use for training was not asked: {count}."),
    LeftOut.REFUSED: tr("Lesions left out because the patient does not want it: {count}."),
    LeftOut.NOT_PROVED: tr(
        "Lesions left out because they have no histology, and follow-up did not show them to be benign: {count}."
    ),
    LeftOut.NO_LABEL: tr("Lesions left out because their outcome is none of the model's diagnoses: {count}."),
    LeftOut.NO_DERMOSCOPY: tr("Lesions left out because they have no dermatoscope image: {count}."),
    LeftOut.PHOTOGRAPH: tr("Clinical photographs of these lesions that stay out: {count}."),
    LeftOut.AFTER_BIOPSY: tr("Images of these lesions left out because they were taken after the biopsy: {count}."),
    LeftOut.NO_LESION: tr("Images with histology left out because they have no lesion: {count}."),
}
