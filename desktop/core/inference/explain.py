"""Maps of which parts of the input speak for a label: a hint where to look, not a proof.

Two ways. A model that has the output `activation` tells of each cell what it added to a label's logit (Zhou et al. 2016,
"Learning deep features for discriminative localization"). Any other is asked again and again with one cell hidden (Zeiler
and Fergus 2014, "Visualizing and understanding convolutional networks").
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from desktop.core.inference.classifier import Classifier
from desktop.core.late import Late

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    np = Late("numpy")

OCCLUSION_CELLS = 8
"""Cells a side of an occlusion map: 64 further answers, and a cell that is smaller than most lesions. Of twelve, hiding one
moved the shipped network by a third less (median of the greatest fall over twelve archive images)."""

Kind = Literal["activation", "occlusion"]


@dataclass(frozen=True, eq=False)
class ExplanationMaps:
    """One value for each cell and label, float32 [h, w, labels]; the cells divide the model's input evenly.

    In an `activation` map a value is what the cell adds to the label's logit before temperature scaling. Of an `occlusion`
    map it is by how much the label's probability falls when the cell is hidden. Either way more speaks for the label,
    and below zero speaks against it.
    """

    kind: Kind
    values: NDArray[np.float32]

    def shades(self, label: int) -> NDArray[np.float32]:
        """Return the tint of each cell for a label, from 0 to 1, float32 [h, w].

        The cell that speaks for it most has 1; what speaks against it has 0, and so has all of a map without any for it.
        """
        found: NDArray[np.float32] = np.maximum(self.values[..., label], np.float32(0))
        greatest = float(found.max())
        return found / greatest if greatest > 0 else found

    def greatest(self, label: int) -> float:
        """Return the value of the cell that speaks most for a label, in the unit of the map's kind; may be negative."""
        return float(self.values[..., label].max())


def explain(
    classifier: Classifier,
    image: NDArray[np.uint8],
    report: Callable[[tuple[int, int]], None],
    is_cancelled: Callable[[], bool],
) -> ExplanationMaps | None:
    """Return the class activation maps of one model input, or its occlusion maps where the model has none.

    Args:
        classifier: the model.
        image: what it sees, uint8 RGB [size, size, 3].
        report: is called with the number of cells done and of all cells.
        is_cancelled: is called between cells; once it returns True, None is returned.
    """
    outputs = classifier.run(image[None])
    if outputs.activation is not None:
        return ExplanationMaps("activation", outputs.activation[0])
    return _occlusion(classifier, image, outputs.probabilities[0], report, is_cancelled)


def _occlusion(
    classifier: Classifier,
    image: NDArray[np.uint8],
    whole: NDArray[np.float32],
    report: Callable[[tuple[int, int]], None],
    is_cancelled: Callable[[], bool],
) -> ExplanationMaps | None:
    """Hide one cell after the other under the mean colour of the input, the most neutral colour for skin."""
    edges = np.linspace(0, len(image), OCCLUSION_CELLS + 1).round().astype(int)
    mean = image.reshape(-1, 3).mean(axis=0).round().astype(np.uint8)
    values = np.zeros((OCCLUSION_CELLS, OCCLUSION_CELLS, len(whole)), np.float32)
    total = OCCLUSION_CELLS**2
    for row in range(OCCLUSION_CELLS):
        if is_cancelled():
            return None
        hidden = np.repeat(image[None], OCCLUSION_CELLS, axis=0)
        for column in range(OCCLUSION_CELLS):
            hidden[column, edges[row] : edges[row + 1], edges[column] : edges[column + 1]] = mean
        values[row] = whole - classifier.run(hidden).probabilities
        report(((row + 1) * OCCLUSION_CELLS, total))
    return ExplanationMaps("occlusion", values)
