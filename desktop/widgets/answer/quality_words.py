"""Image quality in words: what was measured against which limit, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.core.late import Late

if TYPE_CHECKING:
    from desktop.core.imaging import quality
    from desktop.core.imaging.quality import Shortfall
    from desktop.session.answers import Answer
else:
    quality = Late("desktop.core.imaging.quality")


def _tr(text: str) -> str:
    return QCoreApplication.translate("Fitness", text)


def quality_text(answer: Answer) -> str:
    """Return the line about image quality.

    Empty if it is the reason for withholding the answer, or the image is damaged or so small that another line warns of it.
    """
    if answer.judgement.shortfalls or _is_damaged(answer):
        return ""
    if answer.advice:
        return "\n".join(_advised(one, answer) for one in answer.advice)
    if answer.prediction.quality is None:
        return _tr("Image quality: not measured when this answer was given.")
    if answer.contract.quality is None:
        return _tr("Image quality: this model has no limits for it.")
    return "" if answer.is_small else _tr("Image quality: within the model's limits.")


def quality_figures(answer: Answer) -> str:
    """Return the measurements of the image beside the model's limits, empty if it has none; its side is that of the file."""
    found, limits = answer.prediction.quality, answer.contract.quality
    if found is None or limits is None:
        return ""
    aspect = quality.Aspect
    lines = (
        (_tr("Sharpness {value}, at least {limit}"), aspect.SHARPNESS, found.sharpness, limits.sharpness_least),
        (_tr("Too dark {value}, at most {limit}"), aspect.DARK, found.dark, limits.exposure_dark_most),
        (_tr("Too bright {value}, at most {limit}"), aspect.BRIGHT, found.bright, limits.exposure_bright_most),
        (_tr("Reflections {value}, at most {limit}"), aspect.GLARE, found.glare, limits.glare_most),
    )
    side = _beside_limit(_tr("{value} pixels across, at least {limit}"), aspect.SIDE, found.side, limits.side_least)
    told = [_beside_limit(*line) for line in lines]
    heading = _tr("Measured in what the model saw, not at full size:") if any(told) else ""
    return "\n".join(filter(None, (side, heading, *told)))


def _beside_limit(text: str, aspect: quality.Aspect, value: float | None, limit: float | None) -> str:
    """Return a measurement beside its limit, empty if either is missing."""
    if value is None or limit is None:
        return ""
    return text.format(**_figures(quality.Shortfall(aspect, value, limit)))


def novelty_text(answer: Answer) -> str:
    """Return the line about novelty, empty if it is the reason for withholding the answer, or unknown."""
    return _tr("Image type: similar to the training images.") if _is_known(answer) else ""


def novelty_figures(answer: Answer) -> str:
    """Return the novelty of the image and its limit, empty if `novelty_text` is."""
    value, limit = answer.prediction.novelty, answer.contract.novelty_threshold
    if not _is_known(answer):
        return ""
    return _tr("Distance from the training images: {value:.3g}, limit {limit:.3g}").format(value=value, limit=limit)


def measured(shortfall: Shortfall, answer: Answer) -> str:
    """Return the measurement of an aspect of the image, or of the region of it, that is beyond its limit."""
    aspect = quality.Aspect
    text = {
        aspect.SHARPNESS: _tr("Sharpness {value}, at least {limit} is needed."),
        aspect.DARK: _tr("Too dark to show structure: {value} of the middle of the {part}, limit {limit}."),
        aspect.BRIGHT: _tr("Too bright to show structure: {value} of the middle of the {part}, limit {limit}."),
        aspect.GLARE: _tr("Reflections on {value} of the middle of the {part}, limit {limit}."),
        aspect.SIDE: _tr("{value} pixels across, at least {limit} are needed."),
    }[shortfall.aspect]
    return text.format(**_figures(shortfall), part=_part(answer))


def remedy(shortfall: Shortfall) -> str:
    """Return how to remedy it."""
    aspect = quality.Aspect
    return {
        aspect.SHARPNESS: _tr("Refocus, hold still, clean the lens; take it again."),
        aspect.DARK: _tr("More light, or a longer exposure."),
        aspect.BRIGHT: _tr("Less light, or a shorter exposure."),
        aspect.GLARE: _tr("Remove gel bubbles, press evenly, or use polarised light."),
        aspect.SIDE: _tr("Open the original file, or go nearer."),
    }[shortfall.aspect]


def _is_damaged(answer: Answer) -> bool:
    return answer.prediction.quality is not None and answer.prediction.quality.is_damaged


def _is_known(answer: Answer) -> bool:
    """Return whether the model measures novelty, and the image is complete and not novel."""
    value, limit = answer.prediction.novelty, answer.contract.novelty_threshold
    return not _is_damaged(answer) and value is not None and limit is not None and value <= limit


def _advised(shortfall: Shortfall, answer: Answer) -> str:
    aspect = quality.Aspect
    text = {
        aspect.SHARPNESS: _tr("Image quality: soft at full size (sharpness {value}, usually over {limit})."),
        aspect.DARK: _tr("Image quality: {value} of the middle of the {part} is too dark (usually under {limit})."),
        aspect.BRIGHT: _tr("Image quality: {value} of the middle of the {part} is too bright (usually under {limit})."),
        aspect.GLARE: _tr("Image quality: reflections on {value} of the middle of the {part} (usually under {limit})."),
    }[shortfall.aspect]
    return f"{text.format(**_figures(shortfall), part=_part(answer))} {remedy(shortfall)}"


def _part(answer: Answer) -> str:
    return _tr("image") if answer.region is None else _tr("region")


def _figures(shortfall: Shortfall) -> dict[str, str]:
    aspect = quality.Aspect
    value, limit = shortfall.value, shortfall.limit
    if shortfall.aspect is aspect.SIDE:
        return {"value": f"{value:.0f}", "limit": f"{limit:.0f}"}
    if shortfall.aspect is aspect.SHARPNESS:
        return {"value": f"{value:.2f}", "limit": f"{limit:.2f}"}
    return {"value": f"{100 * value:.1f} %", "limit": f"{100 * limit:.1f} %"}
