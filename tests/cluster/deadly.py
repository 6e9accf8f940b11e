"""Work for a cluster that ends the process of a worker, as a broken decoder might."""

import os
from collections.abc import Sequence
from pathlib import Path

from desktop.cluster.worker import PartAnswers
from desktop.core.inference.batch import FileAnswer


def work(images: Sequence[Path]) -> PartAnswers:
    """Answer for files, and end the process at one named `deadly`."""
    if any(image.name == "deadly" for image in images):
        os._exit(1)
    return PartAnswers([FileAnswer(image) for image in images], 0.01)
