"""The user's initials, which are saved with every entry: asks for them and shows them."""

from collections.abc import Callable

from PySide6 import QtWidgets
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.system.settings import INITIALS, Settings
from desktop.widgets.patient.patient_banner import PatientBanner
from desktop.widgets.visit.first_steps import FirstSteps

_LONGEST = 8


class InitialsPresenter(QObject):
    """Asks in the first steps, and in the banner on every workspace while there are none."""

    def __init__(
        self,
        settings: Settings,
        first_steps: FirstSteps,
        banner: PatientBanner,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._settings = settings
        self._first_steps = first_steps
        self._banner = banner
        self._window = window
        first_steps.initials_changed.connect(self._keep)
        banner.initials_requested.connect(self.ask)

    def acts(self) -> dict[str, Callable[..., object]]:
        """Return the action of the menu entry, by id."""
        return {"initials": self.ask}

    def ask(self) -> None:
        """Ask for the initials in a dialog."""
        text, accepted = QtWidgets.QInputDialog.getText(
            self._window,
            self.tr("Your initials"),
            self.tr("They are kept with every entry that you make:"),
            text=self._settings.get(INITIALS),
        )
        if accepted:
            self._keep(text)
            self._first_steps.show_initials(self._settings.get(INITIALS))

    def _keep(self, text: str) -> None:
        initials = text.strip()[:_LONGEST]
        self._settings.put(INITIALS, initials)
        self._banner.show_initials(initials)
