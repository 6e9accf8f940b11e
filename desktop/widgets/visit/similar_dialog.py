"""The dialog of similar pictures: what people said of them, malignant ones first, and nothing that a model answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.widgets.common.content_scroll import on_screen
from desktop.widgets.common.icons import untinted
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.patient_words import named_with_site
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.thumbnails import LARGE, Thumbnails
from desktop.widgets.common.wording import local_day
from desktop.widgets.visit.assessment_words import diagnosis_text

if TYPE_CHECKING:
    from desktop.core.records.look_alikes import LookAlike
    from desktop.session.image_vectors import FillProgress
    from desktop.session.look_alikes import FoundLookAlikes

_SIZE = QSize(620, 520)
_CASE = Qt.ItemDataRole.UserRole


def _tr(text: str) -> str:
    return QCoreApplication.translate("SimilarDialog", text)


class SimilarDialog(QDialog):
    """Shows what was found; Enter or a double click puts a picture beside the open one."""

    compare_requested = Signal(object)
    """The LookAlike that is wanted beside the open image."""
    fill_requested = Signal()
    """The images that were not compared yet are to be compared."""
    stop_requested = Signal()

    def __init__(self, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Similar pictures"))
        self._thumbnails = thumbnails
        thumbnails.arrived.connect(self._draw)
        self.messages = MessageBar(self)
        heading = PlainLabel(self.tr("Similar pictures of this history"), self)
        heading.setObjectName("heading")
        caution = PlainLabel(self.tr("Similar does not mean same diagnosis."), self)
        caution.setProperty("strong", True)
        self._state = PlainLabel(self.tr("Looking for similar pictures…"), self)
        self._state.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._state.setProperty("muted", True)
        self._list = self._make_list()
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 16)
        column.setSpacing(10)
        for widget in (heading, caution):
            column.addWidget(widget)
        column.addWidget(self._state, 1)
        column.addWidget(self._list, 1)
        column.addWidget(self.messages)  # takes its room from the end of the list: no row moves
        column.addLayout(self._make_missing())
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self._compare = buttons.addButton(self.tr("Side by side"), QDialogButtonBox.ButtonRole.ActionRole)
        self._compare.clicked.connect(self._compare_chosen)
        self._compare.setEnabled(False)
        buttons.rejected.connect(self.reject)
        for button in buttons.buttons():  # Enter in the list would press one of them as well
            if isinstance(button, QPushButton):
                button.setAutoDefault(False)
        column.addWidget(buttons)
        self.resize(on_screen(self, _SIZE))

    def _make_list(self) -> QListWidget:
        made = QListWidget(self)
        made.setAccessibleName(self.tr("Similar pictures, malignant ones first"))
        made.setIconSize(QSize(LARGE, LARGE))
        made.setWordWrap(True)
        made.setSpacing(3)
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.itemActivated.connect(self._compare_chosen)
        made.hide()
        return made

    def _make_missing(self) -> QHBoxLayout:
        self._missing = PlainLabel(self)
        self._missing.setWordWrap(True)
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._fill = QPushButton(self.tr("Compare them"), self)
        self._fill.setAutoDefault(False)
        self._fill.clicked.connect(self.fill_requested)
        self._stop = QPushButton(self.tr("Stop"), self)
        self._stop.setAutoDefault(False)
        self._stop.clicked.connect(self.stop_requested)
        for widget in (self._missing, self._bar, self._fill, self._stop):
            widget.hide()
        row = QHBoxLayout()
        row.addWidget(self._missing, 2)
        row.addWidget(self._bar, 1)
        row.addWidget(self._fill)
        row.addWidget(self._stop)
        return row

    def show_found(self, found: FoundLookAlikes) -> None:
        """Show what was found, and how many images were not compared yet."""
        self._list.clear()
        for case in found.cases:
            item = QListWidgetItem(case_text(case), self._list)
            item.setData(_CASE, case)
            if not case.is_proved:
                item.setForeground(self.palette().color(QPalette.ColorRole.PlaceholderText))
        nothing = self.tr("Not all images are compared yet") if found.missing else self.tr("No similar case")
        self._state.setText(nothing)
        self._state.setVisible(not found.cases)
        self._list.setVisible(bool(found.cases))
        self._compare.setEnabled(bool(found.cases))
        self._draw()
        if found.cases:
            self._list.setCurrentRow(0)
            self._list.setFocus()
        missing = len(found.missing)
        one = self.tr("1 image of this history was not compared yet.")
        more = self.tr("{count} images of this history were not compared yet.").format(count=missing)
        self._missing.setText(one if missing == 1 else more)
        self._missing.setVisible(bool(missing))
        self._fill.setVisible(bool(missing))

    def show_filling(self, progress: FillProgress) -> None:
        """Show how many images were compared by now."""
        text = self.tr("{done} of {total} images compared.").format(done=progress.done, total=progress.total)
        if progress.unreadable:
            text += " " + self.tr("{count} could not be read.").format(count=progress.unreadable)
        self._missing.setText(text)
        self._bar.setRange(0, progress.total)
        self._bar.setValue(progress.done)
        for widget in (self._missing, self._bar, self._stop):
            widget.show()
        self._fill.hide()

    def show_filled(self) -> None:
        """Show that no more images are being compared."""
        self._bar.hide()
        self._stop.hide()

    def show_nothing(self) -> None:
        """Show that the search failed: `messages` says why."""
        self._state.clear()

    def _draw(self, _sha256: str = "") -> None:
        for row in range(self._list.count()):
            item = self._list.item(row)
            case: LookAlike = item.data(_CASE)
            picture = self._thumbnails.picture(case.entry.image.sha256, case.entry.image.path)
            item.setIcon(QIcon() if picture is None else untinted(picture))

    def _compare_chosen(self) -> None:
        item = self._list.currentItem()
        if item is not None:
            self.compare_requested.emit(item.data(_CASE))
            self.accept()

    @property
    def texts(self) -> list[str]:
        """The text of each case, in the order shown."""
        return [self._list.item(row).text() for row in range(self._list.count())]

    @property
    def state(self) -> QLabel:
        """What stands in place of the cases."""
        return self._state


def case_text(case: LookAlike) -> str:
    """Return what people said of a case, and whose it is: the outcome first."""
    lines = []
    if case.outcome is not None:
        text = _tr("{diagnosis}, histology {day}") if case.is_proved else _tr("{diagnosis}, follow-up {day}")
        said = diagnosis_text(case.outcome.diagnosis, case.outcome.label)
        lines.append(text.format(diagnosis=said[:1].upper() + said[1:], day=local_day(case.outcome.date)))
    if case.assessment is not None:
        said = diagnosis_text(case.assessment.diagnosis, case.assessment.label)
        lines.append(_tr("Assessed: {diagnosis}").format(diagnosis=said))
    if not case.is_proved:
        lines.append(_tr("No histology"))
    if not case.is_near:
        lines.append(_tr("Not similar: the nearest proven melanoma of this history"))
    entry = case.entry
    owner = " · ".join(filter(None, (entry.patient, named_with_site(entry.lesion, entry.lesion_site))))
    return "\n".join((*lines, owner or entry.image.name))
