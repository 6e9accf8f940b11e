"""Teaching filters: an image beside the result of a standard kernel, and the kernel's numbers. Not for diagnosis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.core.imaging.kernels import KERNELS, Kernel, filtered
from desktop.core.late import Late
from desktop.session.picture import Picture, levels_of
from desktop.system.tasks import Lane, Task, Tasks
from desktop.widgets.common.calm_inputs import ChoiceBox
from desktop.widgets.common.content_scroll import on_screen
from desktop.widgets.common.icons import labelled
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.plain_text import PlainLabel, for_title
from desktop.widgets.common.wording import translated
from desktop.widgets.image.image_as_picture import picture_of
from desktop.widgets.image.image_export import ViewExport
from desktop.widgets.image.image_view import ImageView
from desktop.widgets.image.zoom_view import LinkedViews

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from desktop.core.imaging import pillow
else:
    np, pillow = Late("numpy"), Late("desktop.core.imaging.pillow")


class FiltersDialog(QDialog):
    """The original and the filtered image side by side, at the same zoom and position."""

    def __init__(self, picture: Picture, tasks: Tasks, export: ViewExport, later: MessageBar, parent: QWidget) -> None:
        """`later` reports the result of saving a picture if the dialog is closed by then."""
        super().__init__(parent)
        self.setWindowTitle(for_title(self.tr("Teaching filters: {name}").format(name=picture.name)))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(on_screen(self, QSize(1120, 720)))
        self._picture = picture
        self._tasks = tasks
        self._export = export
        self._task: Task | None = None
        self.original, self.filtered = ImageView(self), ImageView(self)
        self.original.setAccessibleName(self.tr("Original"))
        self.filtered.setAccessibleName(self.tr("Filtered"))
        for view in (self.original, self.filtered):
            view.show_scale_bar(False)
            view.setMinimumHeight(200)
        LinkedViews(self.original, self.filtered, self)
        self.choice = ChoiceBox(self)
        self.choice.setAccessibleName(self.tr("Filter"))
        for kernel in KERNELS:
            self.choice.addItem(translated(kernel.name), kernel)
        self.choice.currentIndexChanged.connect(self._apply)
        self.kernel = PlainLabel(self)
        self.kernel.setTextFormat(Qt.TextFormat.RichText)  # a table of numbers; it contains no names
        self.kernel.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.kernel.setMinimumHeight(76)
        self.kernel.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.note = PlainLabel(self)
        self.note.setWordWrap(True)
        self.note.setProperty("muted", True)
        self.messages = MessageBar(self, later)
        self._heading = PlainLabel(self)
        self._save = labelled("save-view", self.tr("Save as picture…"), self)
        self._save.clicked.connect(self._save_picture)
        self._lay_out()
        self.original.show_picture(picture.levels)
        self._apply()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(PlainLabel(self.tr("Filter"), self))
        top.addWidget(self.choice)
        top.addWidget(self.kernel)
        top.addWidget(self.note, 1)
        original = PlainLabel(self.tr("Original"), self)
        views = QGridLayout()
        views.setSpacing(6)
        for column, (heading, view) in enumerate(((original, self.original), (self._heading, self.filtered))):
            heading.setProperty("strong", True)
            views.addWidget(heading, 0, column)
            views.addWidget(view, 1, column)
            views.setColumnStretch(column, 1)
        views.setRowStretch(1, 1)
        warning = PlainLabel(
            self.tr("For teaching. The model never sees a filtered image, and nobody should judge a lesion by one."),
            self,
        )
        warning.setProperty("muted", True)
        close = QPushButton(self.tr("Close"), self)
        close.clicked.connect(self.close)
        bottom = QHBoxLayout()
        bottom.addWidget(warning, 1)
        bottom.addWidget(self._save)
        bottom.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addLayout(top)
        layout.addWidget(self.messages)
        layout.addLayout(views, 1)
        layout.addLayout(bottom)

    def _apply(self) -> None:
        kernel: Kernel = self.choice.currentData()
        self.kernel.setText(kernel_text(kernel))
        note = translated(kernel.note)
        if len(kernel.matrices) > 1:
            note += " " + self.tr("Shown is the length of the two.")
        self.note.setText(note + " " + self.tr("Values are cut off at 0 and 255."))
        self._heading.setText(self.tr("Being computed…"))
        self._save.setEnabled(False)
        if self._task is not None:
            self._task.abandon()
        picture = self._picture
        self._task = self._tasks.run(
            Lane.IMAGES,
            lambda _task: _levels(picture.pixels(), kernel),
            lambda levels: self._show(levels, kernel),
            self.messages.tell,
        )

    def _show(self, levels: tuple[QImage, ...], kernel: Kernel) -> None:
        self._task = None
        place = self.original.place
        self.filtered.show_picture(levels)
        if place is not None:
            self.filtered.go_to(place)
        self._heading.setText(self.tr("Filtered: {name}").format(name=translated(kernel.name)))
        self._save.setEnabled(True)

    def _save_picture(self) -> None:
        kernel: Kernel = self.choice.currentData()
        name = self.tr("Filtered: {name}. For teaching, not for diagnosis.").format(name=translated(kernel.name))
        views = [self.original, self.filtered]
        image = picture_of(list(views), [self.tr("Original"), name], stamp=self.tr("filtered"))
        self._export.save(image, self.tr("filtered.png"), self.messages, self)

    def done(self, result: int) -> None:
        if self._task is not None:
            self._task.abandon()
        super().done(result)


def kernel_text(kernel: Kernel) -> str:
    """Return a kernel as rich text: its matrices side by side, preceded by their divisor."""
    tables = []
    for matrix in kernel.matrices:
        rows = "".join(
            "<tr>"
            + "".join(f'<td align="right" width="26">{str(number).replace("-", "−")}</td>' for number in row)
            + "</tr>"
            for row in matrix
        )
        tables.append(f'<td style="padding-right: 18px"><table cellspacing="2">{rows}</table></td>')
    before = "" if kernel.divisor == 1 else f'<td valign="middle">1/{kernel.divisor}&nbsp;×&nbsp;</td>'
    return f"<table><tr>{before}{''.join(tables)}</tr></table>"


def _levels(pixels: NDArray[np.uint8], kernel: Kernel) -> tuple[QImage, ...]:
    return levels_of(pillow.Image.fromarray(filtered(np.ascontiguousarray(pixels), kernel)))
