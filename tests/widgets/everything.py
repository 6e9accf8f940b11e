"""Every text of the window: visible text, text for screen readers, and the content of every item model."""

import re
from collections.abc import Iterator

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, QObject, Qt
from PySide6.QtGui import QAccessible, QAction, QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QApplication, QComboBox, QWidget

from tests.widgets.conftest import Desk

_PROPERTIES = (
    *("text", "title", "windowTitle", "toolTip", "statusTip", "whatsThis", "plainText", "currentText", "iconText"),
    *("accessibleName", "accessibleDescription", "placeholderText", "prefix", "suffix", "specialValueText"),
)
_ROLES = (
    *(
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.EditRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.StatusTipRole,
    ),
    *(Qt.ItemDataRole.WhatsThisRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.AccessibleDescriptionRole),
    *(Qt.ItemDataRole.UserRole + offset for offset in range(8)),
)
_SPOKEN = (QAccessible.Text.Name, QAccessible.Text.Description, QAccessible.Text.Value, QAccessible.Text.Help)


def everything() -> list[str]:
    """Return every text of all windows: visible widgets, actions, and all item models, visible or not."""
    found: list[str] = []
    for top in QApplication.topLevelWidgets():
        for widget in (top, *top.findChildren(QWidget)):
            if isinstance(widget, QAbstractItemView | QComboBox) and widget.model() is not None:
                cells = list(_of_model(widget.model()))
                found += [*cells, " | ".join(cells)]  # joined, because the set and order of rows may reveal something
            if widget.isVisible():
                found += _of(widget)
                found += _spoken(widget)
        for action in top.findChildren(QAction):
            found += _of(action)
    found.append(QGuiApplication.clipboard().text())
    return sorted(text for text in found if text.strip())


def at_rest(desk: Desk) -> list[str]:
    """Process events until nothing in the window changes; return every text then."""
    before: list[str] = []
    while (now := everything()) != before:
        before = now
        desk.settle()
    return now


def told_apart(texts: list[str]) -> set[str]:
    """Return texts without what differs between runs: times, durations, hashes, temporary folders."""
    return {_plain(text) for text in texts}


def _plain(text: str) -> str:
    if "images a second" in text or re.search(r"[0-9a-f]{16}", text):
        return ""
    for differing in (r"\d\d:\d\d(:\d\d)?", r"/\S*/", r"\([0-9a-f]{12}\)"):
        text = re.sub(differing, "", text)
    return text


def _of(thing: QObject) -> Iterator[str]:
    for name in _PROPERTIES:
        value = thing.property(name)
        if isinstance(value, str):
            yield value


def _spoken(widget: QWidget) -> Iterator[str]:
    interface = QAccessible.queryAccessibleInterface(widget)
    if interface is not None:
        for kind in _SPOKEN:
            yield interface.text(kind)


def _of_model(model: QAbstractItemModel) -> Iterator[str]:
    for column in range(1 if isinstance(model, QAbstractListModel) else model.columnCount(QModelIndex())):
        header = model.headerData(column, Qt.Orientation.Horizontal)
        if isinstance(header, str):
            yield header
        for row in range(model.rowCount(QModelIndex())):
            for role in _ROLES:
                value = model.index(row, column).data(role)
                if isinstance(value, str):
                    yield value
