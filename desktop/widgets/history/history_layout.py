"""Saves the layout and the filter of the history as they change, and restores them at the next start."""

from desktop.system.settings import (
    HISTORY_COLUMNS,
    HISTORY_FILTER,
    HISTORY_LOOK,
    HISTORY_PREVIEW,
    HISTORY_SPLIT,
    Settings,
)
from desktop.widgets.history.history_page import HistoryPage

_PREVIEW = 274
"""Width of the preview at the first start, in points."""


def follow_layout(page: HistoryPage, settings: Settings) -> None:
    """Apply the settings to the page, and keep them up to date."""
    page.filter.restore(settings.get(HISTORY_FILTER))
    page.rows.restore(settings.get(HISTORY_COLUMNS))
    page.show_as(settings.get(HISTORY_LOOK))
    page.show_preview(settings.get(HISTORY_PREVIEW))
    if not page.splitter.restoreState(settings.get(HISTORY_SPLIT)):
        page.splitter.setSizes([3 * _PREVIEW, _PREVIEW])
    header = page.rows.horizontalHeader()
    for changed in (header.sectionResized, header.sectionMoved, header.sortIndicatorChanged):
        changed.connect(lambda: settings.put(HISTORY_COLUMNS, page.rows.arrangement()))
    page.filter.changed.connect(lambda _wanted: settings.put(HISTORY_FILTER, page.filter.state()))
    page.look_changed.connect(lambda look: settings.put(HISTORY_LOOK, look))
    page.head.preview.toggled.connect(lambda shown: settings.put(HISTORY_PREVIEW, shown))
    page.splitter.splitterMoved.connect(lambda: settings.put(HISTORY_SPLIT, page.splitter.saveState()))
