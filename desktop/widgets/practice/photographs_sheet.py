"""Asks which clinical photographs go out with an export for training: each is ticked by itself, and none is at first."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtWidgets import QDialogButtonBox, QListView, QVBoxLayout, QWidget

from desktop.core.records.training_plan import Photograph
from desktop.widgets.common.icons import untinted
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.sheet import Sheet
from desktop.widgets.common.thumbnails import LARGE, Thumbnails
from desktop.widgets.common.wording import local_day, numbered

_WIDTH, _HEIGHT, _BETWEEN = 620, 640, 4
_Index = QModelIndex | QPersistentModelIndex


class _Photographs(QAbstractListModel):
    """The photographs with their ticks; a picture is read when its row is drawn."""

    ticked = Signal()

    def __init__(self, photographs: Sequence[Photograph], thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self._photographs = photographs
        self._thumbnails = thumbnails
        self._chosen: set[str] = set()
        thumbnails.arrived.connect(self._redraw)

    @property
    def chosen(self) -> frozenset[str]:
        """The SHA-256 of those that are ticked."""
        return frozenset(self._chosen)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._photographs)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object | None:
        one = self._photographs[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return ", ".join(filter(None, (one.patient, one.lesion, "" if one.day is None else local_day(one.day))))
        if role == Qt.ItemDataRole.DecorationRole:
            picture = self._thumbnails.picture(one.image.sha256, one.image.path)
            return None if picture is None else untinted(picture)
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if one.image.sha256 in self._chosen else Qt.CheckState.Unchecked
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsUserCheckable

    def setData(self, index: _Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        sha256 = self._photographs[index.row()].image.sha256
        if Qt.CheckState(value) is Qt.CheckState.Checked:
            self._chosen.add(sha256)
        else:
            self._chosen.discard(sha256)
        self.dataChanged.emit(index, index, [role])
        self.ticked.emit()
        return True

    def _redraw(self) -> None:
        last = self.rowCount() - 1
        if last >= 0:  # the view redraws only what is visible
            self.dataChanged.emit(self.index(0, 0), self.index(last, 0), [Qt.ItemDataRole.DecorationRole])


class PhotographsSheet(Sheet):
    """Emits `chosen` with the SHA-256 of the photographs that go out, none of them if nothing was ticked."""

    chosen = Signal(object)  # frozenset[str]

    def __init__(self, photographs: Sequence[Photograph], thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 16)
        column.setSpacing(12)
        heading = PlainLabel(self.tr("Clinical photographs to export"), self)
        heading.setObjectName("heading")
        note = PlainLabel(
            self.tr(
                "Tick those that a model may learn from. Leave out any that shows a face, a tattoo or writing: the data of the "
                "file stay out, the picture goes as it is. A new model is judged on dermatoscope images alone."
            ),
            self,
        )
        note.setWordWrap(True)
        column.addWidget(heading)
        column.addWidget(note)
        self._model = _Photographs(photographs, thumbnails, self)
        self.list = QListView(self)
        self.list.setModel(self._model)
        self.list.setIconSize(QSize(LARGE, LARGE))
        self.list.setSpacing(_BETWEEN)
        self.list.setUniformItemSizes(True)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setAccessibleName(heading.text())
        column.addWidget(self.list, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self)
        self.go_on = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.go_on.setProperty("prominent", True)
        self.go_on.style().polish(self.go_on)
        buttons.accepted.connect(self._choose)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
        self._model.ticked.connect(self._say)
        self._say()
        self.setFocusProxy(self.list)
        self.resize(_WIDTH, _HEIGHT)

    def _say(self) -> None:
        number = len(self._model.chosen)
        text = numbered(number, self.tr("Continue with 1 photograph"), self.tr("Continue with {count} photographs"))
        self.go_on.setText(text if number else self.tr("Continue without photographs"))

    def _choose(self) -> None:
        chosen = self._model.chosen
        self.accept()
        self.chosen.emit(chosen)
