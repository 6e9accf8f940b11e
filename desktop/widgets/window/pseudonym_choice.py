"""The choice of what becomes the pseudonym of a new patient whom another system names."""

from PySide6.QtWidgets import QWidget

from desktop.core.exchange.asked_patient import PseudonymFrom
from desktop.widgets.common.calm_inputs import ChoiceBox


class PseudonymChoice(ChoiceBox):
    """One setting for all systems: they mean the same patients."""

    def __init__(self, now: PseudonymFrom, parent: QWidget) -> None:
        super().__init__(parent)
        for text, value in (
            (self.tr("Patient number"), PseudonymFrom.NUMBER),
            (self.tr("Name"), PseudonymFrom.NAME),
            (self.tr("Name and date of birth"), PseudonymFrom.NAME_AND_BIRTH_DATE),
        ):
            self.addItem(text, value)
        self.setCurrentIndex(self.findData(now))

    @property
    def chosen(self) -> PseudonymFrom:
        """What is chosen."""
        chosen: PseudonymFrom = self.currentData()
        return chosen
