"""The paper's augmentation, with the meaning that Keras' ImageDataGenerator gave to its numbers.

That class has left Keras' public interface, so its arithmetic is kept here. It takes `shear` in degrees (the paper's 0.2 hardly
shears) and draws the zoom of the two sides independently. One fault is corrected: Keras 3 swaps the ranges of the horizontal
and the vertical shift, which makes no difference for the paper's equal ranges.
"""

from dataclasses import dataclass
from math import cos, radians, sin

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import affine_transform

from training.run.config import Config


@dataclass(frozen=True)
class Transform:
    """One random transform: `rotation` and `shear` in degrees, `down` and `right` in pixels, zooms as factors of the sides."""

    rotation: float
    down: float
    right: float
    shear: float
    zoom_down: float
    zoom_right: float
    mirrored: bool

    def matrix(self, size: int) -> NDArray[np.float64]:
        """Return the 3 x 3 matrix from positions (row, column) in the result to positions in the source, about the centre."""
        turn, lean = radians(self.rotation), radians(self.shear)
        rotation = np.array([[cos(turn), sin(turn), 0], [-sin(turn), cos(turn), 0], [0, 0, 1]])
        shift = np.array([[1, 0, self.down], [0, 1, self.right], [0, 0, 1]])
        shear = np.array([[cos(lean), 0, 0], [-sin(lean), 1, 0], [0, 0, 1]])
        zoom = np.diag([self.zoom_down, self.zoom_right, 1])
        centre = size / 2 - 0.5
        to_centre = np.array([[1, 0, centre], [0, 1, centre], [0, 0, 1]])
        back = np.array([[1, 0, -centre], [0, 1, -centre], [0, 0, 1]])
        matrix: NDArray[np.float64] = to_centre @ rotation @ shift @ shear @ zoom @ back
        return matrix

    def apply(self, image: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the transformed image [size, size, 3], with linear interpolation; outside, the nearest edge pixel repeats."""
        matrix = self.matrix(len(image))
        out = np.empty_like(image)
        for channel in range(image.shape[2]):
            affine_transform(
                image[..., channel],
                matrix[:2, :2],
                matrix[:2, 2],
                output=out[..., channel],
                order=1,
                mode="nearest",
            )
        return out[:, ::-1] if self.mirrored else out


def random_transform(random: np.random.Generator, config: Config) -> Transform:
    """Draw the transform of one image from the ranges of `config`."""
    size = config.input_size
    return Transform(
        rotation=random.uniform(-config.rotation, config.rotation),
        down=random.uniform(-config.height_shift, config.height_shift) * size,
        right=random.uniform(-config.width_shift, config.width_shift) * size,
        shear=random.uniform(-config.shear, config.shear),
        zoom_down=random.uniform(1 - config.zoom, 1 + config.zoom),
        zoom_right=random.uniform(1 - config.zoom, 1 + config.zoom),
        mirrored=config.horizontal_flip and random.random() < 0.5,
    )
