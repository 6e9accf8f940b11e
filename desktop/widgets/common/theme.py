"""The themes: two sets of colours, one style sheet. Custom-painted widgets take their colours from the palette."""

from dataclasses import asdict
from string import Template

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from desktop.core.frozen import frozen
from desktop.core.paths import RESOURCES

SURROUND = QColor("#6b6b6b")
"""Neutral grey around an image in both themes: a coloured or bright surround changes how the image's colours appear."""


@frozen
class Colours:
    """The colours of a theme. Every text has a contrast of at least 4.5 to 1 with its background (WCAG 2.2, AA).

    `off` is for what cannot be used now, of which less is asked: it must differ from what can.
    """

    window: str
    surface: str
    line: str
    text: str
    muted: str
    off: str
    accent: str
    on_accent: str
    accent_soft: str
    track: str
    amber_ground: str
    amber_line: str
    amber_text: str
    error_ground: str
    error_line: str
    error_text: str


LIGHT = Colours(
    window="#f3f4f5",
    surface="#ffffff",
    line="#d5d9dc",
    text="#1b2024",
    muted="#586168",
    off="#868e94",
    accent="#2a6f8c",
    on_accent="#ffffff",
    accent_soft="#dceaf0",
    track="#e6e9eb",
    amber_ground="#fff3d6",
    amber_line="#c98a00",
    amber_text="#553c00",
    error_ground="#fdecea",
    error_line="#b3261e",
    error_text="#7a1610",
)

DARK = Colours(
    window="#1a1c1e",
    surface="#232629",
    line="#3c4145",
    text="#e7eaec",
    muted="#a4adb4",
    off="#767e84",
    accent="#63a9c7",
    on_accent="#0c1b22",
    accent_soft="#263d48",
    track="#34393d",
    amber_ground="#382d12",
    amber_line="#d39b2a",
    amber_text="#f6dda0",
    error_ground="#3b1d1b",
    error_line="#e0857e",
    error_text="#f8cbc7",
)

_PICTURES = {"arrow": "chevron-down", "arrow_up": "chevron-up", "check": "check"}
"""The images of the style sheet, which need their own colour."""

_SHEET = Template("""
QWidget { font-size: 10pt; }
QToolTip { color: $text; background: $surface; border: 1px solid $line; padding: 4px; }
QMenuBar { background: $window; border-bottom: 1px solid $line; }
QMenuBar::item { padding: 5px 10px; background: transparent; }
QMenuBar::item:selected { background: $accent_soft; border-radius: 4px; }
QMenu { background: $surface; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 6px 26px 6px 12px; border-radius: 4px; }
QMenu::item:selected { background: $accent_soft; color: $text; }
QMenu::item:disabled { color: $off; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }

QPushButton { background: $surface; border: 1px solid $line; border-radius: 6px; padding: 6px 14px; min-height: 18px; }
QPushButton:hover { border-color: $accent; }
QPushButton:pressed { background: $accent_soft; }
QPushButton:disabled { color: $off; background: $window; }
QPushButton:focus { border: 2px solid $accent; padding: 5px 13px; }
QPushButton[prominent="true"] { background: $accent; color: $on_accent; border-color: $accent; font-weight: 600; }
QPushButton[prominent="true"]:focus { border: 2px solid $text; }
QPushButton[prominent="true"]:disabled { background: $track; color: $off; border-color: $line; }
QToolButton { border: 1px solid transparent; border-radius: 6px; padding: 5px 8px; }
QToolButton:hover { background: $accent_soft; }
QToolButton:checked { background: $accent_soft; }
QToolButton:focus { border: 2px solid $accent; padding: 4px 7px; }
QToolButton::menu-indicator { image: none; }

QLineEdit, QComboBox, QDateEdit { background: $surface; border: 1px solid $line; border-radius: 6px; padding: 5px 8px;
  min-height: 18px; selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit:focus, QComboBox:focus, QDateEdit:focus { border: 2px solid $accent; padding: 4px 7px; }
QLineEdit:disabled, QComboBox:disabled, QDateEdit:disabled, QDoubleSpinBox:disabled { color: $off; background: $window; }
QComboBox { combobox-popup: 0; }
QComboBox::drop-down, QDateEdit::drop-down { border: none; width: 24px; }
QComboBox::down-arrow, QDateEdit::down-arrow { image: url("$arrow"); width: 14px; height: 14px; }
QComboBox QAbstractItemView { background: $surface; border: 1px solid $line; selection-background-color: $accent_soft;
  selection-color: $text; }

QDoubleSpinBox, QPlainTextEdit { background: $surface; border: 1px solid $line; border-radius: 6px; padding: 5px 8px;
  selection-background-color: $accent; selection-color: $on_accent; }
QDoubleSpinBox { min-height: 18px; }
QDoubleSpinBox::up-button, QDoubleSpinBox::down-button { width: 0; border: none; }
QDoubleSpinBox QLineEdit { background: transparent; border: none; min-height: 0; }
QDoubleSpinBox:focus, QPlainTextEdit:focus { border: 2px solid $accent; padding: 4px 7px; }
QDoubleSpinBox[refused="true"], QDateEdit[refused="true"],
QLineEdit[refused="true"] { border: 2px solid $error_line; padding: 4px 7px; }
QRadioButton, QCheckBox { border: 1px solid transparent; border-radius: 4px; padding: 0 3px; spacing: 6px; }
QRadioButton:focus, QCheckBox:focus { border-color: $accent; }
QRadioButton:disabled, QCheckBox:disabled { color: $off; }
QRadioButton::indicator, QCheckBox::indicator, QListView::indicator { width: 12px; height: 12px; border: 1px solid $muted;
    background: $surface; }
QRadioButton::indicator { border-radius: 7px; }
QRadioButton::indicator:checked { width: 6px; height: 6px; border: 4px solid $accent; }
QCheckBox::indicator, QListView::indicator { border-radius: 3px; }
QCheckBox::indicator:checked, QListView::indicator:checked { image: url("$check"); }
QRadioButton::indicator:disabled, QCheckBox::indicator:disabled { border-color: $line; background: $window; }
QTabWidget::pane { border: none; border-top: 1px solid $line; }
QTabBar::tab { background: transparent; border: none; border-bottom: 2px solid transparent; padding: 6px 14px; color: $muted; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:focus { border: 1px solid $accent; border-bottom: 2px solid $accent; }

QDialog#sheet { background: $window; border: 1px solid $line; border-radius: 8px; }
QTableView, QListView { background: $surface; alternate-background-color: $window; border: 1px solid $line;
  border-radius: 6px; gridline-color: transparent; selection-background-color: $accent_soft; selection-color: $text; }
QListWidget { outline: 0; show-decoration-selected: 1; }
QListWidget::item { padding: 4px; }
QListWidget::item:selected { background: $accent_soft; color: $text; }
QTableView:focus, QListView:focus { border: 2px solid $accent; }
QTableView::item { padding: 2px 8px; }
QHeaderView { background: $surface; border: none; border-bottom: 1px solid $line; }
QHeaderView::section { background: $surface; color: $muted; border: none; border-bottom: 1px solid $line;
  padding: 7px 11px; font-weight: 600; }
/* Fusion points up where the greatest is first; other tables, and their users, the other way. */
QHeaderView::up-arrow { image: url("$arrow_up"); width: 12px; height: 12px; }
QHeaderView::down-arrow { image: url("$arrow"); width: 12px; height: 12px; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QTableCornerButton::section { background: $surface; border: none; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 2px; }
QScrollBar::handle:vertical { background: $line; border-radius: 4px; min-height: 30px; }
QScrollBar::handle:vertical:hover { background: $muted; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 2px; }
QScrollBar::handle:horizontal { background: $line; border-radius: 4px; min-width: 30px; }
QScrollBar::handle:horizontal:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QProgressBar { background: $track; border: none; border-radius: 4px; max-height: 8px; }
QProgressBar::chunk { background: $accent; border-radius: 4px; }
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }

#rail { background: $surface; border-right: 1px solid $line; }
#rail QToolButton { padding: 8px 2px; border-radius: 8px; }
#panel { background: $surface; border-left: 1px solid $line; }
#banner { background: $surface; border-bottom: 1px solid $line; }
#banner[open="false"] { background: $window; }
#lesions { background: $window; border-right: 1px solid $line; }
#lesions QListView { border: none; background: transparent; }
#lesions QListView:focus { border: 2px solid $accent; }
QListView#lesionCards, QListView#lesionCards:focus { border: none; background: transparent; }
QListView#contactSheet, QListView#contactSheet:focus { border: none; background: transparent; }
QPushButton[slim="true"] { padding: 2px 10px; min-height: 16px; }
QPushButton[slim="true"]:focus { padding: 1px 9px; }
QPushButton[plain="true"] { background: transparent; border: 1px solid transparent; padding: 2px 6px; min-height: 16px; }
QPushButton[plain="true"]:hover { border-color: $line; }
QPushButton[plain="true"]:focus { border: 2px solid $accent; padding: 1px 5px; }
QPushButton[figure="true"] { color: $accent; }
QToolButton[slim="true"] { padding: 2px; }
QToolButton[segment="true"] { border: 1px solid $line; background: $surface; }
QToolButton[segment="true"]:checked { background: $accent_soft; border-color: $accent; }
QToolButton#choice { border: 1px solid $line; background: $surface; padding: 2px; font-size: 9pt; }
QToolButton#choice:checked { background: $accent_soft; border-color: $accent; }
QToolButton#choice:focus { border: 2px solid $accent; padding: 1px; }
#modelName { text-align: right; }
#myView { background: $surface; border-left: 1px solid $line; border-top: 1px solid $line; }
#statusStrip { background: $surface; border-top: 1px solid $line; }
#toolStrip { background: $window; border-bottom: 1px solid $line; }
#toolStrip QToolButton { padding: 5px; }
#toolStrip QToolButton:focus { padding: 4px; }
#card { background: $surface; border: 1px solid $line; border-radius: 10px; }
QLabel#title { font-size: 15pt; font-weight: 600; }
QLabel#heading { font-size: 11pt; font-weight: 600; }
QLabel#kind { color: $muted; font-size: 9pt; font-weight: 600; letter-spacing: 1px; }
QLabel[muted="true"] { color: $muted; }
QLabel[small="true"] { font-size: 9pt; }
QLabel[strong="true"] { font-weight: 700; }
QLabel#band { background: $amber_ground; color: $amber_text; border-bottom: 1px solid $amber_line; padding: 7px 14px;
  font-weight: 600; }
QFrame#flag { background: $amber_ground; border: 1px solid $amber_line; border-radius: 8px; }
QFrame#flag QLabel { color: $amber_text; }
QPushButton#alert { background: $amber_ground; color: $amber_text; border-color: $amber_line; font-weight: 600; }
QFrame#note { background: $window; border: 1px solid $line; border-radius: 8px; }
QFrame#error { background: $error_ground; border: 1px solid $error_line; border-radius: 8px; }
QFrame#error QLabel { color: $error_text; }
""")


def apply_theme(choice: str) -> None:
    """Apply a theme to the running application; `choice` is `system`, `light` or `dark`."""
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        return
    schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
    hints = application.styleHints()
    if choice in schemes:
        hints.setColorScheme(schemes[choice])
    else:
        hints.unsetColorScheme()
    is_dark = choice == "dark" or (choice != "light" and hints.colorScheme() is Qt.ColorScheme.Dark)
    colours = DARK if is_dark else LIGHT
    icons = {name: (RESOURCES / "icons" / f"{file}.svg").as_posix() for name, file in _PICTURES.items()}
    application.setPalette(_palette(colours))
    application.setStyleSheet(_SHEET.substitute(asdict(colours), **icons))


def restyle(*widgets: QWidget) -> None:
    """Apply the style sheet again, after a change of a property or object name that it refers to.

    A widget that was not styled yet is left to its first show, which styles it: the first call of `style` takes 6 ms.
    """
    for widget in widgets:
        if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
            style = widget.style()
            style.unpolish(widget)
            style.polish(widget)


def _palette(colours: Colours) -> QPalette:
    roles = {
        QPalette.ColorRole.Window: colours.window,
        QPalette.ColorRole.Base: colours.surface,
        QPalette.ColorRole.AlternateBase: colours.track,
        QPalette.ColorRole.Button: colours.surface,
        QPalette.ColorRole.WindowText: colours.text,
        QPalette.ColorRole.Text: colours.text,
        QPalette.ColorRole.ButtonText: colours.text,
        QPalette.ColorRole.ToolTipBase: colours.surface,
        QPalette.ColorRole.ToolTipText: colours.text,
        QPalette.ColorRole.PlaceholderText: colours.muted,
        QPalette.ColorRole.Highlight: colours.accent,
        QPalette.ColorRole.HighlightedText: colours.on_accent,
        QPalette.ColorRole.Link: colours.accent,
        QPalette.ColorRole.LinkVisited: colours.accent,
        QPalette.ColorRole.Mid: colours.line,
        QPalette.ColorRole.Midlight: colours.track,
        QPalette.ColorRole.BrightText: colours.amber_line,
    }
    palette = QPalette()
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText, QColor(colours.off))
    return palette
