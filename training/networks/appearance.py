"""Colour changes as by lamps, cameras and skin, in one pass over the pixels."""

from math import cos, radians, sin

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from training.run.config import Config

_TO_YIQ = np.array([[0.299, 0.587, 0.114], [0.5959, -0.2746, -0.3213], [0.2115, -0.5227, 0.3112]])
"""Luma and two colour axes (NTSC, FCC 1953): hue is an angle in their plane, saturation a length."""

_FROM_YIQ = np.linalg.inv(_TO_YIQ)

_NORM = 6
"""The Minkowski norm of shades of grey: the best in Finlayson and Trezzi 2004; used for dermoscopy in Barata et al. 2015."""

_POWERS = (np.arange(256) / 255) ** _NORM
_MIDDLE = 128


def recoloured(image: Image.Image, random: np.random.Generator, config: Config) -> Image.Image:
    """Return the picture as under another light and through another camera."""
    gains = 1 + random.uniform(-config.white_balance, config.white_balance, 3)
    brightness = 1 + random.uniform(-config.brightness, config.brightness)
    contrast = 1 + random.uniform(-config.contrast, config.contrast)
    saturation = 1 + random.uniform(-config.saturation, config.saturation)
    turn = radians(random.uniform(-config.hue, config.hue))
    if random.random() < config.colour_constancy:
        gains = gains * grey_gains(np.asarray(image))
    plane = saturation * np.array([[cos(turn), -sin(turn)], [sin(turn), cos(turn)]])
    yiq = np.eye(3)
    yiq[1:, 1:] = plane
    matrix = contrast * brightness * (_FROM_YIQ @ yiq @ _TO_YIQ) @ np.diag(gains)
    offset = np.full((3, 1), _MIDDLE * (1 - contrast))
    return image.convert("RGB", tuple(np.hstack([matrix, offset]).ravel().tolist()))


def grey_gains(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return the channel factors that make the lamp's colour grey, by shades of grey; their mean is 1."""
    light = np.array([_POWERS[pixels[..., channel]].mean() for channel in range(3)]) ** (1 / _NORM)
    factors = 1 / np.maximum(light, 1 / 255)
    gains: NDArray[np.float64] = factors / factors.mean()
    return gains
