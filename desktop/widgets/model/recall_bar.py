"""How many of the images of one label a model found, as a bar with its interval."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.core.inference.contract import Recall

_HEIGHT = 18
_BAR = 8
_CAP = 3.5


class RecallBar(QWidget):
    """The share as a bar, its 95 % interval as a line over it."""

    def __init__(self, recall: Recall, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recall = recall
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(90)

    def sizeHint(self) -> QSize:
        return QSize(180, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        recall = self._recall
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(0, (self.height() - _BAR) / 2, self.width(), _BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().alternateBase())
        painter.drawRoundedRect(track, 3, 3)
        if recall.n:
            painter.setBrush(self.palette().highlight())
            painter.drawRoundedRect(QRectF(0, track.top(), track.width() * recall.k / recall.n, _BAR), 3, 3)
        if recall.low is not None and recall.high is not None:
            ends = [QPointF(2 + share * (track.width() - 4), track.center().y()) for share in (recall.low, recall.high)]
            for colour, thickness in ((self.palette().base().color(), 3.5), (self.palette().text().color(), 1.5)):
                painter.setPen(QPen(colour, thickness))
                painter.drawLine(*ends)
                for end in ends:
                    painter.drawLine(end - QPointF(0, _CAP), end + QPointF(0, _CAP))
