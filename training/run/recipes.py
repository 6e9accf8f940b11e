"""Sets of defaults for a run, chosen by `--recipe`; any other option overrides its value."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from training.run.config import Config

# The common parts of the winners of ISIC 2018 to 2020 (ImageNet weights, full rotation, colour augmentation, balanced labels,
# a falling learning rate), and measures against learning the copy or the device instead of the lesion: resolution, sharpness
# and compression vary at random, and few nevi known by follow-up are shown, because another device took them. The second half
# of the epochs is at 192 pixels, the first at 128, which takes less than half of the time. The network then answers images of
# 224, with fewer alerts on nevi for the same melanomas (`docs/experiments.md`, which also says what else was tried).
_DERMOSCOPY: Mapping[str, Any] = MappingProxyType(
    {
        "architecture": "efficientnet-lite0",
        "input_size": 224,
        "training_size": 192,
        "weights": "imagenet",
        "epochs": 16,
        "small_size": 128,
        "small_epochs": 8,
        "learning_rate": 4e-4,
        "schedule": "cosine",
        "warmup": 1.0,
        "follow_up": 0.15,
        "keratoses_apart": 0.1,
        "melanoma_or_nevus": 0.5,
        "watched": 800,
        "weight_decay": 0.01,
        "averaging": 0.999,
        "balance": 0.5,
        "adjustment": 1.0,
        "calibration": "root",
        "augmentation": "dermoscopy",
        "rotation": 180.0,
        "width_shift": 0.08,
        "height_shift": 0.08,
        "shear": 5.0,
        "zoom": 0.08,
        "vertical_flip": True,
        "scale": 0.3,
        "resolution": 0.5,
        "jpeg": 0.7,
        "jpeg_quality": 30,
        "blur": 1.2,
        "sharpen": 1.5,
        "brightness": 0.15,
        "contrast": 0.2,
        "saturation": 0.25,
        "hue": 6.0,
        "white_balance": 0.06,
        "colour_constancy": 0.2,
        "hair": 0.2,
        "marks": 0.15,
    }
)

# For a network that knows dermoscopy already: one of an earlier run, or the shipped one on a clinic's own images. Full size
# from the start, a lower learning rate, and weaker changes of copies, which the network has learned to ignore.
_REFINEMENT: Mapping[str, Any] = MappingProxyType(
    {
        **_DERMOSCOPY,
        "weights": "shipped",
        "epochs": 8,
        "small_epochs": 0,
        "learning_rate": 2e-4,
        "warmup": 0.5,
        "drop_connect": 0.1,
        "adjustment": 0.5,
        "scale": 0.25,
        "resolution": 0.7,
        "jpeg": 0.6,
        "jpeg_quality": 40,
        "blur": 1.0,
        "sharpen": 1.2,
        "hair": 0.1,
        "marks": 0.1,
    }
)

RECIPES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "paper": MappingProxyType({}),
        "dermoscopy": _DERMOSCOPY,
        "refinement": _REFINEMENT,
    }
)


def with_recipe(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the given knobs, and those of their recipe for the rest."""
    return {**RECIPES[given.get("recipe", Config.recipe)], **given}


def recipe_default(config: Config, name: str) -> Any:
    """Return the default of a setting in the recipe of `config`."""
    return RECIPES[config.recipe].get(name, getattr(Config, name))
