"""The menus as a table: the name, menu and key of each entry."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from desktop.core.frozen import frozen
from desktop.core.marking import tr
from desktop.widgets.common.wording import translated

Key = QKeySequence.StandardKey


@frozen
class MenuCommand:
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
    MenuCommand(FILE, "open", tr("&Open image…"), Key.Open),
    MenuCommand(FILE, "folder", tr("Classify a &folder…"), "Ctrl+Shift+O"),
    MenuCommand(FILE, "recent", tr("Open &recent")),
    MenuCommand(FILE, "paste", tr("&Paste image"), Key.Paste),
    MenuCommand(FILE, "sample", tr("Try a drawn &sample (not saved)")),
    MenuCommand(FILE),
    MenuCommand(FILE, "watch", tr("&Watch a folder for new images…"), checkable=True),
    MenuCommand(FILE, "inbox", tr("Open the &new images"), "Ctrl+Shift+N"),
    MenuCommand(FILE, "practice system", tr("Prac&tice system (GDT)…")),
    MenuCommand(FILE, "dicom network", tr("&DICOM network…")),
    MenuCommand(FILE),
    MenuCommand(FILE, "report", tr("&Report…"), Key.Print),
    MenuCommand(FILE, "visit report", tr("Report of the &visit…"), "Ctrl+Shift+P"),
    MenuCommand(FILE, "send visit", tr("Send the visit to the arc&hive…")),
    MenuCommand(FILE),
    MenuCommand(FILE, "back up", tr("&Back up the history…")),
    MenuCommand(FILE, "back up encrypted", tr("Back up, &encrypted…")),
    MenuCommand(FILE, "restore", tr("Restore a bac&kup…")),
    MenuCommand(FILE, "encryption", tr("Encr&yption of the history…")),
    MenuCommand(FILE, "lock", tr("&Lock"), "Ctrl+Shift+K"),
    MenuCommand(FILE, "lock when idle", tr("Lock when &idle")),
    MenuCommand(FILE),
    MenuCommand(FILE, "quit", tr("&Quit"), Key.Quit),
    MenuCommand(EDIT, "copy result", tr("&Copy the result as text"), "Ctrl+Shift+R"),
    MenuCommand(EDIT, "initials", tr("Your &initials…")),
    MenuCommand(EDIT, "blind", tr("Ask for my &diagnosis before the model's (blind-first)"), checkable=True),
    MenuCommand(VIEW, "today", tr("Toda&y"), "Ctrl+1"),
    MenuCommand(VIEW, "visit", tr("&Visit"), "Ctrl+2"),
    MenuCommand(VIEW, "follow_up", tr("F&ollow-up"), "Ctrl+3"),
    MenuCommand(VIEW, "history", tr("&History"), "Ctrl+4"),
    MenuCommand(VIEW, "batch", tr("&Batch"), "Ctrl+5"),
    MenuCommand(VIEW, "own_figures", tr("Practic&e"), "Ctrl+6"),
    MenuCommand(VIEW, "model", tr("&Model"), "Ctrl+7"),
    MenuCommand(VIEW),
    MenuCommand(VIEW, "fit", tr("&Fit"), "Ctrl+0"),
    MenuCommand(VIEW, "actual", tr("One pixel on one pi&xel"), "Ctrl+Shift+0"),
    MenuCommand(VIEW, "in", tr("Zoom &in"), Key.ZoomIn),
    MenuCommand(VIEW, "out", tr("Zoom &out"), Key.ZoomOut),
    MenuCommand(VIEW, "turn right", tr("Turn &right (R)")),
    MenuCommand(VIEW, "turn left", tr("Turn &left (Shift+R)")),
    MenuCommand(VIEW, "mirror", tr("&Mirror (M)")),
    MenuCommand(VIEW, "seen frame", tr("Frame around what the model &saw"), checkable=True),
    MenuCommand(VIEW),
    MenuCommand(VIEW, "seen", tr("&What the model saw…")),
    MenuCommand(VIEW, "similar", tr("Similar pictures in the histor&y…"), "Ctrl+Shift+M"),
    MenuCommand(VIEW, "filters", tr("Teaching fi&lters…")),
    MenuCommand(VIEW, "save view", tr("Save vie&w as picture…"), "Ctrl+Shift+S"),
    MenuCommand(VIEW, "copy view", tr("&Copy view"), "Ctrl+Shift+C"),
    MenuCommand(VIEW),
    MenuCommand(VIEW, "by size", tr("Sort by &probability"), checkable=True),
    MenuCommand(VIEW, "by appearance", tr("Cont&act sheet also by appearance (not tested)…"), checkable=True),
    MenuCommand(VIEW, "theme", tr("&Theme")),
    MenuCommand(VIEW, "full", tr("F&ull screen"), Key.FullScreen, checkable=True),
    MenuCommand(PATIENT, "patient choose", tr("&Choose or make a patient…"), "Ctrl+L"),
    MenuCommand(PATIENT, "dicom worklist", tr("Choose from the &worklist…")),
    MenuCommand(PATIENT, "patient correct", tr("C&orrect the patient…")),
    MenuCommand(PATIENT, "patient visit", tr("Begin a visi&t today")),
    MenuCommand(PATIENT, "patient end", tr("&End with this patient"), "Ctrl+Shift+L"),
    MenuCommand(PATIENT),
    MenuCommand(PATIENT, "patient page", tr("&All lesions of the patient"), "Ctrl+Home"),
    MenuCommand(PATIENT, "patient sheet", tr("Contact &sheet of this visit…")),
    MenuCommand(PATIENT, "patient next", tr("Ne&xt lesion"), "Ctrl+PgDown"),
    MenuCommand(PATIENT, "patient previous", tr("Pre&vious lesion"), "Ctrl+PgUp"),
    MenuCommand(PATIENT, "patient lesion", tr("New &lesion"), "Ctrl+Shift+B"),
    MenuCommand(PATIENT, "patient place", tr("&Place the lesion on the body map…"), "Ctrl+B"),
    MenuCommand(PATIENT, "patient rename", tr("&Rename the lesion…")),
    MenuCommand(PATIENT),
    MenuCommand(PATIENT, "patient clinical", tr("Add cl&inical photographs…")),
    MenuCommand(PATIENT, "patient move", tr("&Move image to another patient…")),
    MenuCommand(PATIENT),
    MenuCommand(PATIENT, "due", tr("Follow-ups that are &due…"), "Ctrl+D"),
    MenuCommand(PATIENT, "planned", tr("&Biopsy or excision planned…")),
    MenuCommand(PATIENT, "histology", tr("&Histology open…"), "Ctrl+Shift+D"),
    MenuCommand(PATIENT, "not assessed", tr("Images &not assessed"), "Ctrl+Shift+A"),
    MenuCommand(PATIENT),
    MenuCommand(PATIENT, "export patient", tr("Export the patient (&FHIR)…")),
    MenuCommand(PATIENT, "patient erase", tr("Erase the patient for &good…")),
    MenuCommand(MODEL, "choose", tr("&Choose another model…")),
    MenuCommand(MODEL, "shipped", tr("Use the &shipped model")),
    MenuCommand(MODEL),
    MenuCommand(MODEL, "alert limits", tr("&Alert limits…")),
    MenuCommand(MODEL, "practice", tr("My &practice…")),
    MenuCommand(MODEL),
    MenuCommand(MODEL, "try own", tr("&Try on own images…")),
    MenuCommand(MODEL, "try history", tr("Try on the &history…")),
    MenuCommand(MODEL, "export outcomes", tr("&Export outcomes for recalibration…")),
    MenuCommand(MODEL, "export training", tr("E&xport for training…")),
    MenuCommand(HELP, "handbook", tr("&Handbook"), "F1"),
    MenuCommand(HELP, "shortcuts", tr("&Keyboard shortcuts"), "Shift+F1"),
    MenuCommand(HELP, "audit", tr("A&udit log…")),
    MenuCommand(HELP, "moving", tr("&Moving to a new computer…")),
    MenuCommand(HELP, "check history", tr("&Check the history…")),
    MenuCommand(HELP, "data", tr("Open the &data folder")),
    MenuCommand(HELP, "log", tr("Open the &log folder")),
    MenuCommand(HELP),
    MenuCommand(HELP, "about", tr("&About LesionLens")),
)


@frozen
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
