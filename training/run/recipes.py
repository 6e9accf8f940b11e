"""Sets of values that a run can start from: `--recipe`; an option that is given beside it wins."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from training.run.config import Config

# What the winners of ISIC 2018 to 2020 have in common (a network that knows ImageNet, full rotation, colour,
# balanced labels, a falling rate), and what keeps a network from learning the copy instead of the lesion: the
# training copies carry about 150 pixels across the crop, so the input is 128, and resolution, sharpness and
# compression are drawn anew for every image. It is made for processors: `docs/experiments.md` says what was tried.
_DERMOSCOPY: Mapping[str, Any] = MappingProxyType(
    {
        "architecture": "efficientnet-lite0",
        "input_size": 128,
        "weights": "imagenet",
        "epochs": 8,
        "learning_rate": 7e-4,
        "schedule": "cosine",
        "warmup": 1.0,
        "frozen_epochs": 1,
        "frozen_learning_rate": 2e-3,
        "frozen_share": 0.2,
        "frozen_normalisation": True,
        "watched": 500,
        "weight_decay": 0.01,
        "drop_connect": 0.2,
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

# For a network that knows dermoscopy already, from the folds before, or ours on a clinic's own images: every layer learns,
# and the copies are changed less, as they have been told apart from the lesion before.
_REFINEMENT: Mapping[str, Any] = MappingProxyType(
    {
        **_DERMOSCOPY,
        "weights": "shipped",
        "warmup": 0.5,
        "frozen_epochs": 0,
        "frozen_share": 0.0,
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
    """Return what was given, and for the rest what its recipe says."""
    return {**RECIPES[given.get("recipe", Config.recipe)], **given}


def default(config: Config, name: str) -> Any:
    """Return the value that a setting has where it is not given: its recipe's, or the table's."""
    return RECIPES[config.recipe].get(name, getattr(Config, name))
