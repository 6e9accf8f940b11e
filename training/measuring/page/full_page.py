"""The whole page: what is compared, and the order of its sections."""

from collections.abc import Sequence

from training.formatting import NOT_MEASURED, markdown_table
from training.judging.held_out import FOLDS
from training.measuring.card_figures import CardFigures
from training.measuring.page import (
    alerts,
    certainty,
    classes,
    novelty_and_quality,
    practice,
    public_tests,
    subgroups,
    thresholds,
    unseen,
    worth_reading,
)


def page(all_figures: Sequence[CardFigures], folder: str) -> str:
    """Return the page.

    Args:
        all_figures: what was measured of each recipe, the shipped one first.
        folder: where the diagram and the tables lie, as the page links to them.
    """
    sections = [
        "# What was measured",
        "`make evaluate` writes this page from the answers that are committed beside it; nothing here is typed in.",
        *_how(all_figures),
        "## What is compared",
        *_compared(all_figures),
        "## Alerts",
        *alerts.alerts(all_figures),
        "## Followed and biopsied nevi in the embedding",
        *alerts.nevus_proofs(all_figures),
        "## A source left out",
        *unseen.left_out(all_figures),
        "## Where the alerts are worth reading",
        *worth_reading.worth_reading(all_figures),
        "## Age, sex and site",
        *practice.context(all_figures),
        "## All images",
        *classes.whole(all_figures),
        "## Each label",
        *classes.labels(all_figures),
        "## Parts of the images",
        *subgroups.parts(all_figures),
        "## Changed copies",
        *subgroups.copies(all_figures),
        "## Calibration",
        *thresholds.calibration(all_figures, folder),
        *thresholds.flags(all_figures),
        "## Another share of melanomas",
        *practice.priors(all_figures),
        "## Answers withheld",
        *certainty.certainty(all_figures),
        "## Novelty",
        *novelty_and_quality.novelty(all_figures),
        "## Image quality",
        *novelty_and_quality.quality(all_figures),
        "## Test images, answered by one model file",
        *public_tests.tests(all_figures),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _how(all_figures: Sequence[CardFigures]) -> list[str]:
    one = all_figures[0]
    return [
        (
            f"{one.images:,} images in {one.groups:,} groups were held out of training. A group is a lesion with all its "
            "images, across sources, or, if the data name no lesion, a picture with its duplicates. The histology of "
            f"{one.biopsied:,} groups is known. Figures of alerts are by lesion, all others by image."
        ),
        (
            "Intervals are 95 %, by bootstrap over groups (1000 draws, 300 for subgroups). Counts of the agreement of copies, "
            "of novelty in subgroups and of right answers to test images have Wilson's, which treat images of one lesion as "
            "independent. Resampling adds noise to the bins of a calibration error (ECE), so that its interval is too high and "
            "too wide, and the value may be at its lower end. The Brier score is the sum over the classes; with two classes it "
            "is twice the squared error of one."
        ),
        (
            f"All figures that depend on a temperature, a score or a threshold are cross-fitted in {FOLDS} folds of the "
            "held-out images: fitted on nine and measured on the tenth. An exception are changed copies and degraded images: "
            "they were answered by the model file itself, which is calibrated on all held-out images, including these."
        ),
        *_others(all_figures),
    ]


def _others(all_figures: Sequence[CardFigures]) -> list[str]:
    """Say of every recipe but the first whether its figures compare with those of the first."""
    first, *others = all_figures
    same = [
        one.name if one.groups == first.groups else f"{one.name} (in {one.groups:,} groups)"
        for one in others
        if one.held_sha256 == first.held_sha256
    ]
    told = [f"{', '.join(same)}: the same images under the same labels."] if same else []
    if any(one.held_sha256 == first.held_sha256 and one.groups != first.groups for one in others):
        told[0] += (
            " The groups are those of each training's own audit, and one found copies that another did not. So a lesion of one "
            "network can be two of another, and where their numbers of lesions differ, each has a row of its own."
        )
    if not others:
        told = ["There is no other network to compare with: none has answered the same images yet."]
    return told + [
        f"**{one.name}: other images or labels** ({one.images:,} images). Its figures cannot be compared with those of "
        f"{first.name}."
        for one in others
        if one.held_sha256 != first.held_sha256
    ]


def _compared(all_figures: Sequence[CardFigures]) -> list[str]:
    rows: dict[str, list[str]] = {}
    for one in all_figures:
        trainings = [record.settings for record in (*one.earlier_recipes, one.recipe)]
        last, versions = trainings[-1], one.recipe.versions
        for name, value in {
            "architecture": last.architecture,
            "input, pixels": f"{last.input_size} × {last.input_size}",
            "recipe": ", then ".join(settings.recipe for settings in trainings),
            "first weights": trainings[0].weights,
            "epochs": " + ".join(str(settings.epochs) for settings in trainings),
            "steps computed in": last.precision,
            "calibration": last.calibration,
            "made with": ", ".join(
                f"{part} {versions[part]}" for part in ("keras", "tensorflow", "torch") if part in versions
            ),
        }.items():
            rows.setdefault(name, []).append(value or NOT_MEASURED)
    return [markdown_table(["", *(one.name for one in all_figures)], [[name, *cells] for name, cells in rows.items()])]
