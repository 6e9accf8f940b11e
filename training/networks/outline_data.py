"""Training data of the outline decoder: augmented views of outlined images, and a frozen network's feature maps of them."""

import math
from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from training.networks.appearance import recoloured
from training.networks.dermoscopy_augmentation import moved
from training.networks.paper_augmentation import random_transform
from training.run.config import Config

BATCH = 32

_STREAM = 6
"""The random stream of the views; see `batches` for the others."""

_ORDER, _VIEW = 0, 1


class FeatureMaps:
    """Feature maps of images and the target maps of the decoder, as files in a folder."""

    def __init__(self, folder: Path, maps: Sequence[keras.KerasTensor], images: int) -> None:
        """Make room for so many images.

        Args:
            folder: where the files are made.
            maps: the feature maps, the finest first, whose side is that of the answers.
            images: how many images there will be.
        """
        self._maps: list[NDArray[np.float16]] = [
            np.lib.format.open_memmap(folder / f"{number}.npy", "w+", np.float16, (images, *one.shape[1:]))
            for number, one in enumerate(maps)
        ]
        self._answers = np.zeros((images, *maps[0].shape[1:3]), np.uint8)
        self._images = 0

    def add(self, maps: Sequence[NDArray[np.float32]], outlines: Sequence[NDArray[np.uint8]]) -> None:
        """Add the feature maps of a batch of images, each [n, side, side, channels], and their outlines, 0 to 255."""
        height, width = self._answers.shape[1:]
        until = self._images + len(outlines)
        for kept, one in zip(self._maps, maps, strict=True):
            kept[self._images : until] = one
        self._answers[self._images : until] = [
            np.asarray(Image.fromarray(outline).resize((width, height), Image.Resampling.BOX)) for outline in outlines
        ]
        self._images = until

    def __len__(self) -> int:
        return self._images

    def rows(self, rows: NDArray[np.int64]) -> tuple[tuple[NDArray[np.float32], ...], NDArray[np.float32]]:
        """Return the feature maps of some images, and their target maps: the share of lesion at each position."""
        answers = self._answers[rows].astype(np.float32)
        answers /= 255
        return tuple(one[rows].astype(np.float32) for one in self._maps), answers


class OutlineBatches(keras.utils.PyDataset):  # type: ignore[misc] # keras ships no types
    """The batches of one epoch, in an order that depends on seed and epoch."""

    def __init__(self, data: FeatureMaps, seed: int, epoch: int) -> None:
        super().__init__()
        self._data = data
        self._order = np.random.default_rng((seed, _STREAM, _ORDER, epoch)).permutation(len(data))

    def __len__(self) -> int:
        return math.ceil(len(self._order) / BATCH)

    def __getitem__(self, number: int) -> tuple[tuple[NDArray[np.float32], ...], NDArray[np.float32]]:
        return self._data.rows(np.sort(self._order[number * BATCH : (number + 1) * BATCH]))


def view(
    pixels: NDArray[np.uint8], lesion: NDArray[np.bool_], row: int, config: Config
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return an augmented view of an image [size, size, 3] in row `row`, and of its outline with the same move, 0 to 255."""
    random = np.random.default_rng((config.seed, _STREAM, _VIEW, row))
    transform = random_transform(random, config)
    scale = (1 + config.scale) ** random.uniform(-1, 1)
    turned_over = config.vertical_flip and random.random() < 0.5
    image = moved(pixels, transform, scale, turned_over=turned_over)
    white = np.repeat(lesion[..., None] * np.uint8(255), 3, axis=2)
    outline = moved(white, transform, scale, turned_over=turned_over)
    return np.asarray(recoloured(image, random, config)), np.asarray(outline)[..., 0]
