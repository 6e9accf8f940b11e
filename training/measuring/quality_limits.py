"""Limits of image quality, found by degrading model inputs step by step until a network fails.

Everything happens at model size, so that a step means the same for every original file.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from desktop.core.imaging.quality import measure
from desktop.core.inference.contract import QualityLimits
from training.judging.probe_results import DegradationStep

ACCURACY_LOST = 0.05
"""The loss of balanced accuracy that sets a limit."""

_SEED = 20_261_123
_SPOTS = 6
_WHITE = 255
_IN_SHADOW = 0.1
"""Remaining share of the light: skin at a luminance of 200 keeps 20, where nothing can be seen."""

Degrade = Callable[[NDArray[np.uint8], float, np.random.Generator], NDArray[np.uint8]]


@dataclass(frozen=True)
class DegradationSeries:
    """One way to degrade an image: the function, its amounts, and the field of `Quality` that measures the effect."""

    degrade: Degrade
    steps: tuple[float, ...]
    measured: str


def _blurred(pixels: NDArray[np.uint8], radius: float, random: np.random.Generator) -> NDArray[np.uint8]:  # noqa: ARG001
    return np.asarray(Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(radius)))


def _lit(pixels: NDArray[np.uint8], gain: float, random: np.random.Generator) -> NDArray[np.uint8]:  # noqa: ARG001
    """Multiply the light as a sensor does: values above white are clipped."""
    lit: NDArray[np.uint8] = np.clip(pixels.astype(np.float32) * gain, 0, _WHITE).round().astype(np.uint8)
    return lit


def _shaded(pixels: NDArray[np.uint8], share: float, random: np.random.Generator) -> NDArray[np.uint8]:
    """Darken this share of the picture from one side, as a tilted dermatoscope does."""
    side = len(pixels)
    down, across = np.mgrid[:side, :side]
    angle = random.uniform(0, 2 * np.pi)
    depth = down * np.sin(angle) + across * np.cos(angle)
    is_dark = depth <= np.quantile(depth, share)
    return np.where(is_dark[..., None], pixels * _IN_SHADOW, pixels).astype(np.uint8)


def _with_glare(pixels: NDArray[np.uint8], share: float, random: np.random.Generator) -> NDArray[np.uint8]:
    """Cover this share of the picture with white discs near its centre, like reflections in gel bubbles."""
    side = len(pixels)
    radius = side * (share / (_SPOTS * np.pi)) ** 0.5
    down, across = np.mgrid[:side, :side]
    out = pixels.copy()
    for y, x in random.normal(side / 2, side / 6, (_SPOTS, 2)):
        out[(down - y) ** 2 + (across - x) ** 2 <= radius**2] = _WHITE
    return out


def _reduced(pixels: NDArray[np.uint8], side: float, random: np.random.Generator) -> NDArray[np.uint8]:  # noqa: ARG001
    image = Image.fromarray(pixels)
    small = image.resize((round(side), round(side)), Image.Resampling.BILINEAR)
    return np.asarray(small.resize(image.size, Image.Resampling.BILINEAR))


SERIES: Mapping[str, DegradationSeries] = {
    "blur": DegradationSeries(_blurred, (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0), "sharpness"),
    "dim": DegradationSeries(_lit, (0.8, 0.6, 0.45, 0.3, 0.2, 0.12), "dark"),
    "shadow": DegradationSeries(_shaded, (0.05, 0.1, 0.2, 0.3, 0.4, 0.5), "dark"),
    "bright": DegradationSeries(_lit, (1.2, 1.4, 1.6, 1.9, 2.3, 3.0), "bright"),
    "glare": DegradationSeries(_with_glare, (0.02, 0.05, 0.1, 0.15, 0.2, 0.3), "glare"),
    "size": DegradationSeries(_reduced, (96, 64, 48, 36, 24, 16), "side"),
}
"""Amounts: radius in pixels, light factor, share in shadow, light factor, share of the area, pixels across that remain.

A picture that is dim all over has hardly any pixel that counts as dark until it is black; so dimming is reported but sets no
limit.
"""


def degraded(pixels: Iterable[NDArray[np.uint8]], series: str, amount: float) -> NDArray[np.uint8]:
    """Return model inputs [n, size, size, 3], each degraded by one step of a series."""
    random = np.random.default_rng(_SEED)
    return np.stack([SERIES[series].degrade(one, amount, random) for one in pixels])


def mean_quality(pixels: Iterable[NDArray[np.uint8]], series: str, amount: float) -> float:
    """Return the mean quality of degraded model inputs in the series' own measure; for `size` the amount itself."""
    field = SERIES[series].measured
    return amount if field == "side" else float(np.mean([getattr(measure(one), field) for one in pixels]))


def limits_of(whole: float, steps: Sequence[DegradationStep], start: Mapping[str, float], images: str) -> QualityLimits:
    """Return for each series the measured value at which balanced accuracy has fallen by `ACCURACY_LOST`.

    Values between two steps are interpolated linearly; a series whose steps never cost so much sets no limit.

    Args:
        whole: balanced accuracy on the original images.
        steps: of all series, in order.
        start: the measured value of the original images, by series.
        images: a description of the images.
    """
    found: dict[str, float] = {}
    for series in SERIES:
        before, at = whole, start[series]
        for step in (one for one in steps if one.series == series):
            if whole - step.balanced_accuracy >= ACCURACY_LOST:
                share = (before - (whole - ACCURACY_LOST)) / (before - step.balanced_accuracy)
                found[series] = at + share * (step.measured - at)
                break
            before, at = step.balanced_accuracy, step.measured
    rounded = {series: float(f"{value:.3g}") for series, value in found.items()}
    return QualityLimits(
        measured_on=images,
        accuracy_lost=ACCURACY_LOST,
        sharpness_least=rounded.get("blur"),
        exposure_dark_most=rounded.get("shadow"),
        exposure_bright_most=rounded.get("bright"),
        glare_most=rounded.get("glare"),
        side_least=round(rounded["size"]) if "size" in rounded else None,
    )
