"""The practice's own prior, as the user has set it."""

from __future__ import annotations

from dataclasses import asdict, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.frozen import frozen
from desktop.core.labels import MELANOMA
from desktop.core.late import Late
from desktop.system.settings import PRACTICE_PRIOR, Settings

if TYPE_CHECKING:
    import json

    from desktop.core.inference import prior
else:
    json = Late("json")
    prior = Late("desktop.core.inference.prior")


@frozen
class PracticePrior:
    """The share of melanomas among the images that a practice classifies; if it was counted, `found` of `lesions`.

    `others` are the shares of other labels, by id, where the practice has set them.
    """

    melanomas: float
    found: int | None = None
    lesions: int | None = None
    others: dict[str, float] = field(default_factory=dict)

    @property
    def shares(self) -> dict[str, float]:
        """All shares, by label id."""
        return {MELANOMA: self.melanomas, **self.others}


class Practice(QObject):
    """Keeps the prior in the settings. Figures alone follow it."""

    changed = Signal()

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings

    @property
    def prior(self) -> PracticePrior | None:
        """The practice's own prior; None while the model's own stands, or if the setting cannot be read."""
        text = self._settings.get(PRACTICE_PRIOR)
        if not text:
            return None
        try:
            read = PracticePrior(**json.loads(text))
            is_possible = (
                prior.LEAST <= read.melanomas <= prior.MOST
                and all(0 < share <= prior.MOST_OTHER for share in read.others.values())
                and sum(read.shares.values()) < 1 + prior.LEAST_OTHER
            )
        except (ValueError, TypeError, AttributeError):
            return None
        return read if is_possible else None

    @property
    def shares(self) -> dict[str, float] | None:
        """Its shares, by label id."""
        own = self.prior
        return None if own is None else own.shares

    def set_prior(self, chosen: PracticePrior | None) -> None:
        """Use a prior from now on; None uses the model's own again."""
        if chosen != self.prior:
            self._settings.put(PRACTICE_PRIOR, "" if chosen is None else json.dumps(asdict(chosen)))
            self.changed.emit()
