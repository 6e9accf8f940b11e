"""Logs what is viewed on the history page: the list whenever the page is shown, and the entry whose preview is looked at."""

from PySide6.QtCore import QObject, QTimer

from desktop.core.records.audit_acts import Action
from desktop.core.records.values import Entry
from desktop.session.audit_trail import AuditTrail
from desktop.session.blinding import Blinding
from desktop.widgets.history.history_page import HistoryPage

_LOOKED_AT = 1000
"""Milliseconds for which an entry must stay selected to count as viewed: the arrow keys pass over many."""


class ViewedEntries(QObject):
    """Counts an entry once until another is selected, however often the list is read again meanwhile.

    One whose answer is concealed counts once that is shown.
    """

    def __init__(self, page: HistoryPage, blinding: Blinding, audit: AuditTrail) -> None:
        super().__init__(page)
        self._page = page
        self._blinding = blinding
        self._audit = audit
        self._entry_id: int | None = None
        self._is_noted = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_LOOKED_AT)
        self._pause.timeout.connect(self._note_entry)
        page.shown.connect(lambda: audit.note(Action.HISTORY_VIEWED))
        page.shown.connect(self._look)
        blinding.changed.connect(self._look)
        page.rows.copied.connect(lambda rows: audit.note(Action.COPIED, {"what": "rows", "rows": rows}))
        page.chosen_changed.connect(self._wait)

    def _wait(self, entry: Entry | None) -> None:
        chosen = None if entry is None else entry.id
        if chosen != self._entry_id:
            self._entry_id, self._is_noted = chosen, False
            self._look()

    def _look(self) -> None:
        if not self._is_noted:
            self._pause.start()

    def _note_entry(self) -> None:
        entry = self._page.preview.entry
        if entry is not None and self._page.preview.isVisible() and not self._blinding.conceals_entry(entry):
            self._is_noted = True
            self._audit.note(Action.ANSWER_VIEWED, sha256=entry.image.sha256)
