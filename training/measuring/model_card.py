"""The model card: prose written by people, and blocks between marks that every `measure` fills in anew."""

import re
from collections.abc import Mapping, Sequence

from desktop.core.inference.contract import Contract
from desktop.core.inference.outline import OutlineTest
from training.formatting import markdown_table
from training.run.config import Config, knobs
from training.run.knobs import Stage
from training.run.run_folder import RunRecord

MODEL, RECIPE, FIGURES, WORTH = "model", "recipe", "figures", "worth reading"


def filled(card: str, blocks: Mapping[str, str]) -> str:
    """Return the card with the text between `<!-- name -->` and `<!-- /name -->` replaced by the block of that name.

    A block whose marks the card lacks is left out.
    """
    for name, block in blocks.items():
        marks = re.compile(rf"(<!-- {re.escape(name)} -->\n).*?(<!-- /{re.escape(name)} -->)", re.DOTALL)
        card = marks.sub(lambda found, block=block: f"{found[1]}\n{block.strip()}\n\n{found[2]}", card)  # type: ignore[misc]
    return card


def blocks_of(
    contract: Contract, sha256: str, recipe: RunRecord, earlier: Sequence[RunRecord], page: str, worth: str
) -> dict[str, str]:
    """Return the blocks to fill into the card of a model.

    Args:
        contract: of the model file.
        sha256: of the model file.
        recipe: the record of the measured network.
        earlier: the records of the networks that it started from, the first training first.
        page: the page of figures, as `page.full_page.page` returns it.
        worth: where its alerts are worth reading, as `page.worth_reading.in_words` returns it.
    """
    made = _recipe(recipe)
    if earlier:
        told = [f"### Training {number}\n\n{_recipe(one)}" for number, one in enumerate((*earlier, recipe), start=1)]
        how = (
            f"It was trained {len(told)} times: every training went on from the weights that the one before had left, each "
            "fold from the fold that saw the same images."
        )
        made = "\n\n".join((how, *told))
    return {MODEL: _model(contract, sha256), RECIPE: made, FIGURES: _figures(page), WORTH: worth}


def _model(contract: Contract, sha256: str) -> str:
    counts = contract.training_data.label_counts
    rows = [[label.name, f"{counts.get(label.id, 0):,}"] for label in contract.labels]
    return "\n\n".join(
        (
            (
                f"{contract.name}, {contract.date}: {contract.architecture.name}, {contract.architecture.parameters:,} "
                f"parameters, input {contract.input_size} × {contract.input_size} pixels ({contract.fit}). Intended use: "
                f"{contract.intended_use}. Licence: {contract.licence}. SHA-256 of `classifier.onnx`: `{sha256}`."
            ),
            f"Learned from {sum(counts.values()):,} images (fingerprint `{contract.training_data.fingerprint}`): "
            + "; ".join(contract.training_data.sources)
            + ".",
            markdown_table(["label", "training images, copies included"], rows),
            *([_outline(contract.outline)] if contract.outline else []),
        )
    )


def _outline(test: OutlineTest) -> str:
    return (
        f"Outlines, by {test.sources}: Dice {test.dice:.3f} ({test.dice_low:.3f} – {test.dice_high:.3f}) of "
        f"{test.images:,} images of {test.lesions:,} lesions that were held out, by lesion; the area is off by "
        f"{100 * test.area_error:.1f} % in the median, by {100 * test.area_error_most:.0f} % at most for nine of ten. "
        "Other sources were not tested."
    )


def _recipe(recipe: RunRecord) -> str:
    told = {"architecture", "input_size", "seed", "folds"}
    rows = [
        [f"`--{name.replace('_', '-')}`", str(getattr(recipe.settings, name)), knob.unit]
        for name, (_, knob) in knobs().items()
        if name in told
        or (
            knob.stage in {Stage.RECIPE, Stage.AUGMENTATION} and getattr(recipe.settings, name) != getattr(Config, name)
        )
    ]
    made_with = ", ".join(f"{name} {version}" for name, version in recipe.versions.items() if name in _MADE_WITH)
    return (
        f"{markdown_table(['setting, where it is not the paper’s', 'value', 'unit'], rows)}\n\nMade with {made_with}."
    )


_MADE_WITH = ("lesionlens", "keras", "tensorflow", "torch", "jax", "numpy", "pillow", "python")


def _figures(page: str) -> str:
    """Return the page without title and pictures, its headings one level lower."""
    body = page.partition("\n")[2]
    lines = [line for line in body.splitlines() if not line.startswith("![")]
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"(?m)^##", "###", "\n".join(lines)))
