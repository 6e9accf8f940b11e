"""The course of a training, from the figures of its epochs."""

from collections.abc import Sequence

from training.run.run_folder import EpochFigures


def told(figures: EpochFigures, epochs: int, left: str) -> str:
    """Return the figures of an epoch in words, of `epochs`, with the time that is `left`."""
    words = f"epoch {figures.epoch}/{epochs}  loss {figures.loss:.3f}  accuracy {figures.accuracy:.1%}"
    if figures.val_loss is not None:
        words += f"  validation loss {figures.val_loss:.3f}  accuracy {figures.val_accuracy:.1%}"
    areas = {"melanoma": figures.val_auc_melanoma, "malignant": figures.val_auc_malignant}
    words += "".join(f"  AUC {name} {area:.3f}" for name, area in areas.items() if area is not None)
    return f"{words}  {left}".rstrip()


def best(history: Sequence[EpochFigures]) -> int:
    """Return the place of the epoch with the lowest validation loss."""
    return min(range(len(history)), key=lambda epoch: history[epoch].val_loss or 0.0)


def stops(history: Sequence[EpochFigures], patience: int) -> bool:
    """Tell whether the validation loss has not fallen for `patience` epochs; never with 0."""
    return bool(patience and history and len(history) - 1 - best(history) >= patience)
