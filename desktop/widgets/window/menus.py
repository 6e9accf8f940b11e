"""The menus as a table: the name, menu and key of each entry."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from desktop.core.marking import tr
from desktop.widgets.common.wording import translated

Key = QKeySequence.StandardKey


@dataclass(frozen=True)
class Command:
    """One menu entry; `key` is empty if it has none, `id` is empty for a separator."""

    menu: str
    id: str = ""
    text: str = ""
    key: str | QKeySequence.StandardKey = ""
    checkable: bool = False


FILE, EDIT, VIEW, PATIENT, MODEL, HELP = (
    tr("&File"),
    tr("&Edit"),
    tr("&View"),
    tr("&Patient"),
    tr("&Model"),
    tr("&Help"),
)

COMMANDS = (
    Command(FILE, "open", tr("&Open image…"), Key.Open),
    Command(FILE, "folder", tr("Classify a &folder…"), "Ctrl+Shift+O"),
    Command(FILE, "recent", tr("Open &recent")),
    Command(FILE, "paste", tr("&Paste image"), Key.Paste),
    Command(FILE, "sample", tr("Try a drawn &sample (not saved)")),
    Command(FILE),
    Command(FILE, "watch", tr("&Watch a folder for new images…"), checkable=True),
    Command(FILE, "inbox", tr("Open the &new images"), "Ctrl+Shift+N"),
    Command(FILE),
    Command(FILE, "report", tr("&Report…"), Key.Print),
    Command(FILE),
    Command(FILE, "back up", tr("&Back up the history…")),
    Command(FILE, "restore", tr("Restore a bac&kup…")),
    Command(FILE),
    Command(FILE, "quit", tr("&Quit"), Key.Quit),
    Command(EDIT, "copy result", tr("&Copy the result as text"), "Ctrl+Shift+R"),
    Command(EDIT, "initials", tr("Your &initials…")),
    Command(EDIT, "blind", tr("Ask for my &view before the model's (blind-first)"), checkable=True),
    Command(VIEW, "visit", tr("&Visit"), "Ctrl+1"),
    Command(VIEW, "compare", tr("C&ompare"), "Ctrl+2"),
    Command(VIEW, "history", tr("&History"), "Ctrl+3"),
    Command(VIEW, "batch", tr("&Batch"), "Ctrl+4"),
    Command(VIEW, "model", tr("&Model"), "Ctrl+5"),
    Command(VIEW),
    Command(VIEW, "fit", tr("&Fit"), "Ctrl+0"),
    Command(VIEW, "actual", tr("One pixel on one pi&xel"), "Ctrl+Shift+0"),
    Command(VIEW, "in", tr("Zoom &in"), Key.ZoomIn),
    Command(VIEW, "out", tr("Zoom &out"), Key.ZoomOut),
    Command(VIEW, "turn right", tr("Turn &right (R)")),
    Command(VIEW, "turn left", tr("Turn &left (Shift+R)")),
    Command(VIEW, "mirror", tr("&Mirror (M)")),
    Command(VIEW, "outline", tr("Outline of what the model &saw"), checkable=True),
    Command(VIEW),
    Command(VIEW, "seen", tr("&What the model saw…")),
    Command(VIEW, "filters", tr("Teaching fi&lters…")),
    Command(VIEW, "save view", tr("Save vie&w as picture…"), "Ctrl+Shift+S"),
    Command(VIEW, "copy view", tr("&Copy view"), "Ctrl+Shift+C"),
    Command(VIEW),
    Command(VIEW, "by size", tr("Sort by &probability"), checkable=True),
    Command(VIEW, "theme", tr("&Theme")),
    Command(VIEW, "full", tr("F&ull screen"), Key.FullScreen, checkable=True),
    Command(PATIENT, "patient choose", tr("&Choose or make a patient…"), "Ctrl+L"),
    Command(PATIENT, "patient correct", tr("C&orrect the patient…")),
    Command(PATIENT, "patient visit", tr("Begin a &visit today")),
    Command(PATIENT, "patient end", tr("&End with this patient"), "Ctrl+Shift+L"),
    Command(PATIENT),
    Command(PATIENT, "patient lesion", tr("New &lesion"), "Ctrl+Shift+B"),
    Command(PATIENT, "patient place", tr("&Place the lesion on the body map…"), "Ctrl+B"),
    Command(PATIENT, "patient rename", tr("&Rename the lesion…")),
    Command(PATIENT),
    Command(PATIENT, "patient clinical", tr("&Add clinical photographs…")),
    Command(PATIENT, "patient move", tr("&Move image to another patient…")),
    Command(PATIENT),
    Command(PATIENT, "due", tr("Follow-ups that are &due…"), "Ctrl+D"),
    Command(PATIENT, "histology", tr("&Histology open…"), "Ctrl+Shift+D"),
    Command(PATIENT),
    Command(PATIENT, "patient erase", tr("Erase the patient for &good…")),
    Command(MODEL, "choose", tr("&Choose another model…")),
    Command(MODEL, "shipped", tr("Use the &shipped model")),
    Command(HELP, "handbook", tr("&Handbook"), "F1"),
    Command(HELP, "shortcuts", tr("&Keyboard shortcuts"), "Shift+F1"),
    Command(HELP, "moving", tr("&Moving to a new computer…")),
    Command(HELP, "data", tr("Open the &data folder")),
    Command(HELP, "log", tr("Open the &log folder")),
    Command(HELP),
    Command(HELP, "about", tr("&About LesionLens")),
)


@dataclass(frozen=True)
class Menus:
    """The menus by name, and their actions by id."""

    actions: dict[str, QAction]
    menus: dict[str, QMenu]


def name_menus(bar: QMenuBar) -> Menus:
    """Add the empty menus to a menu bar."""
    return Menus({}, {menu: bar.addMenu(translated(menu)) for menu in dict.fromkeys(one.menu for one in COMMANDS)})


def fill_menus(
    built: Menus, owner: QObject, act: dict[str, Callable[..., object]], submenus: dict[str, Callable[[str], QMenu]]
) -> None:
    """Fill the menus from the table. By entry id, `act` gives the action of an entry, `submenus` creates a submenu."""
    for command in COMMANDS:
        menu = built.menus[command.menu]
        if not command.id:
            menu.addSeparator()
        elif command.id in submenus:
            menu.addMenu(submenus[command.id](translated(command.text)))
        else:
            action = QAction(translated(command.text), owner)
            if isinstance(command.key, QKeySequence.StandardKey):
                action.setShortcuts(command.key)
            else:
                action.setShortcut(QKeySequence(command.key))
            action.setCheckable(command.checkable)
            action.triggered.connect(act[command.id])
            menu.addAction(action)
            built.actions[command.id] = action
