"""The history as a grid of pictures, each with file, patient and answer."""

from PySide6.QtCore import QEvent, QItemSelectionModel, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop.core.records.values import Entry
from desktop.widgets.common.icons import icon
from desktop.widgets.common.row_view import UnderPointer
from desktop.widgets.common.theme import SURROUND
from desktop.widgets.common.thumbnails import LARGE, Index, Thumbnails
from desktop.widgets.history.history_table import ENTRY_ROLE, IMAGE, HistoryTable
from desktop.widgets.history.history_words import EntryWords

_MARGIN = 8
_SIGN = 18


class HistoryGrid(UnderPointer, QListView):
    """Shows the rows of the table as cards, with the same selection."""

    def __init__(
        self, table: HistoryTable, thumbnails: Thumbnails, words: EntryWords, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setModel(table)
        self.setModelColumn(IMAGE)
        self.setAccessibleName(self.tr("Entries of the history, as pictures"))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSpacing(6)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setItemDelegate(_Cards(thumbnails, words, self))

    def selectionCommand(self, index: Index, event: QEvent | None = None) -> QItemSelectionModel.SelectionFlag:
        """Select whole rows, as the table does."""
        return super().selectionCommand(index, event) | QItemSelectionModel.SelectionFlag.Rows


class _Cards(QStyledItemDelegate):
    """Draws one card: the picture on neutral grey, two lines below it, and signs for state and region in its corners."""

    def __init__(self, thumbnails: Thumbnails, words: EntryWords, parent: QWidget) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._words = words

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(LARGE + 2 * _MARGIN, LARGE + 2 * _MARGIN + 2 * option.fontMetrics.lineSpacing() + 8)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry = index.data(ENTRY_ROLE)
        if not isinstance(entry, Entry):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_ground(painter, option)
        frame = QRect(option.rect.left() + _MARGIN, option.rect.top() + _MARGIN, LARGE, LARGE)
        painter.fillRect(frame, SURROUND)
        picture = self._thumbnails.picture(entry.image.sha256, entry.image.path)
        if picture is not None:
            place = QRect(frame.topLeft(), picture.deviceIndependentSize().toSize())
            place.moveCenter(frame.center())
            painter.drawPixmap(place, picture)
        sides = ((self._words.part_sign(entry), frame.left() + 4), (self._words.sign(entry), frame.right() - _SIGN - 7))
        for sign, left in sides:
            if sign is not None:
                corner = QRect(left, frame.top() + 5, _SIGN + 4, _SIGN + 4)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(option.palette.base())
                painter.drawRoundedRect(corner, 5, 5)
                icon(*sign).paint(painter, corner.adjusted(2, 2, -2, -2))
        self._draw_mark(painter, frame, self._words.not_for_patients(entry))
        self._draw_words(painter, option, frame, entry)
        painter.restore()

    @staticmethod
    def _draw_mark(painter: QPainter, frame: QRect, text: str) -> None:
        """Draw across the bottom of the picture that the answer is not for patients."""
        if text:
            height = painter.fontMetrics().lineSpacing() + 4
            strip = QRect(frame.left(), frame.bottom() + 1 - height, frame.width(), height)
            painter.fillRect(strip, QColor(0, 0, 0, 170))
            painter.setPen(QColor("white"))
            painter.drawText(strip, Qt.AlignmentFlag.AlignCenter, text)

    def _draw_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        has_focus = bool(option.state & QStyle.StateFlag.State_HasFocus)
        if is_chosen or has_focus:
            accent = option.palette.color(QPalette.ColorRole.Link)
            soft = option.palette.color(QPalette.ColorRole.Link)
            soft.setAlpha(50 if is_chosen else 0)
            painter.setBrush(soft)
            painter.setPen(accent if has_focus else Qt.PenStyle.NoPen)
            painter.drawRoundedRect(option.rect.adjusted(1, 1, -2, -2), 8, 8)

    def _draw_words(self, painter: QPainter, option: QStyleOptionViewItem, frame: QRect, entry: Entry) -> None:
        """Draw the patient or the file above the label, with its probability, image alone, at the right."""
        metrics, step = option.fontMetrics, option.fontMetrics.lineSpacing()
        painter.setFont(option.font)
        upper = QRect(frame.left(), frame.bottom() + 5, frame.width(), step)
        lower = upper.translated(0, step)
        name, figure = self._words.lead_parts(entry)
        room = lower.width() - (metrics.horizontalAdvance(f"{figure} ") if figure else 0)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(option.palette.color(QPalette.ColorRole.PlaceholderText))
        whose = self._words.place(entry) or entry.image.name
        painter.drawText(upper, left, metrics.elidedText(whose, Qt.TextElideMode.ElideMiddle, upper.width()))
        painter.setPen(option.palette.color(QPalette.ColorRole.Text))
        painter.drawText(lower, left, metrics.elidedText(name, Qt.TextElideMode.ElideRight, room))
        painter.drawText(lower, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, figure)
