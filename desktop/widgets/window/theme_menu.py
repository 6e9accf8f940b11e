"""The theme menu: light, dark, or as the system."""

from PySide6.QtGui import QActionGroup, QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from desktop.system.settings import THEME, Settings
from desktop.widgets.common.theme import apply_theme


class ThemeMenu(QMenu):
    """Applies a choice at once and saves it."""

    def __init__(self, title: str, settings: Settings, parent: QWidget) -> None:
        super().__init__(title, parent)
        self._settings = settings
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow)
        group = QActionGroup(self)
        names = {"system": self.tr("As the system"), "light": self.tr("Light"), "dark": self.tr("Dark")}
        for theme, name in names.items():
            action = group.addAction(name)
            action.setCheckable(True)
            action.setChecked(settings.get(THEME) == theme)
            action.triggered.connect(lambda _checked, chosen=theme: self._choose(chosen))
            self.addAction(action)

    def _follow(self) -> None:
        """Follow the system's theme, if that is the choice."""
        if self._settings.get(THEME) == "system":
            apply_theme("system")

    def _choose(self, theme: str) -> None:
        self._settings.put(THEME, theme)
        apply_theme(theme)
