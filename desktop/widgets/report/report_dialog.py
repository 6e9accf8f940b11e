"""The report dialog: a preview, options for its content, and buttons to print and save."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.widgets.common.confirming import may_discard
from desktop.widgets.common.content_scroll import on_screen
from desktop.widgets.common.icons import labelled
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.wording import numbered
from desktop.widgets.report.page import AnyReport, page_images, pages_of, resolution_of
from desktop.widgets.report.report_words import ReportOptions, VisitChoices
from desktop.widgets.report.visit_options import VisitOptions

_PAGE_WIDTH = 640
_SIDE_WIDTH = 290
_CLINIC_LINES = 5


class ReportDialog(QDialog):
    """Shows the pages as they will be printed, updated with every option."""

    save_requested = Signal(object)  # AnyReport
    print_requested = Signal(object)  # AnyReport
    clinic_changed = Signal(object)  # tuple[str, ...]

    def __init__(
        self,
        make: Callable[[ReportOptions], AnyReport],
        clinic: tuple[str, ...],
        *,
        has_patient: bool,
        has_overlay: bool,
        later: MessageBar,
        visit: VisitOptions | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`later` shows the result of saving or printing once the dialog is closed; `visit` are the options for a visit."""
        super().__init__(parent)
        self._make = make
        self._visit = visit
        self._put_out = ""
        """The conclusion that was saved or printed last: it is kept nowhere else."""
        self.setWindowTitle(self.tr("Report"))
        self.resize(on_screen(self, QSize(1000, 760)))
        self.messages = MessageBar(self, later)
        self._pages = QVBoxLayout()
        self._pages.setSpacing(16)
        self._pages.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._labels: list[QLabel] = []
        paper = QWidget(self)
        paper.setObjectName("papers")
        paper.setLayout(self._pages)
        self._scroll = QScrollArea(self)
        self._scroll.setWidget(paper)
        self._scroll.setWidgetResizable(True)
        self._scroll.setAccessibleName(self.tr("The report as it will be printed"))
        self.patient = QCheckBox(self.tr("&Patient data"), self)
        facts = self.tr(
            "Pseudonym, sex, skin type, age, lesion, laboratory's number, and the name of the image's file. Days always appear."
        )
        if visit is not None:
            facts = self.tr(
                "Pseudonym, sex, skin type, age, laboratory numbers, overview photographs, names of images. Days always appear."
            )
        self.patient.setToolTip(facts)
        self.patient.setChecked(True)
        self.patient.setEnabled(has_patient)
        self.overlay = QCheckBox(self.tr("&Overlay"), self)
        self.overlay.setEnabled(has_overlay)
        if not has_overlay:
            self.overlay.setText(self.tr("&Overlay (none is shown on the image)"))
        self.clinic = QPlainTextEdit("\n".join(clinic), self)
        self.clinic.setPlaceholderText(self.tr("Name of the clinic\nAddress\nTelephone"))
        self.clinic.setTabChangesFocus(True)
        self.clinic.setAccessibleName(self.tr("Head of the report: the clinic's name, then its address"))
        self.clinic.setFixedHeight(self.fontMetrics().lineSpacing() * _CLINIC_LINES + 14)
        layout = QHBoxLayout(self)
        left = QVBoxLayout()
        left.addWidget(self.messages)
        left.addWidget(self._scroll, 1)
        layout.addLayout(left, 1)
        side = QWidget(self)
        side.setFixedWidth(_SIDE_WIDTH)
        side.setLayout(self._make_side())
        layout.addWidget(side)
        self.patient.toggled.connect(self._show)
        self.overlay.toggled.connect(self._show)
        if visit is not None:
            visit.changed.connect(self._show)
        self.clinic.textChanged.connect(self._take_clinic)
        self._show()

    @property
    def report(self) -> AnyReport:
        """The report with the current options."""
        visit = VisitChoices() if self._visit is None else self._visit.choices()
        return self._make(ReportOptions(self._clinic(), self.patient.isChecked(), self.overlay.isChecked(), visit))

    def _make_side(self) -> QVBoxLayout:
        self.print = labelled("print", self.tr("P&rint…"), self)
        self.save = labelled("export", self.tr("&Save as PDF…"), self)
        close = QPushButton(self.tr("Close"), self)
        self.save.setDefault(True)
        self.print.clicked.connect(lambda: self._put(self.print_requested))
        self.save.clicked.connect(lambda: self._put(self.save_requested))
        close.clicked.connect(self.reject)
        side = QVBoxLayout()
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(8)
        heading, head = PlainLabel(self.tr("On the page"), self), PlainLabel(self.tr("&Head"), self)
        head.setBuddy(self.clinic)
        for label in (heading, head):
            label.setProperty("strong", True)
        self.overlay.setVisible(self._visit is None)
        for widget in (heading, self.patient, self.overlay, self._visit):
            if widget is not None:
                side.addWidget(widget)
        side.addSpacing(12)
        side.addWidget(head)
        side.addWidget(self.clinic)
        self._note = PlainLabel(self)
        self._note.setWordWrap(True)
        self._note.setProperty("muted", True)
        side.addWidget(self._note)
        side.addStretch(1)
        for button in (self.save, self.print, close):
            side.addWidget(button)
        return side

    def _put(self, requested: SignalInstance) -> None:
        self._put_out = self._conclusion()
        requested.emit(self.report)

    def _conclusion(self) -> str:
        return "" if self._visit is None else self._visit.conclusion.toPlainText().strip()

    def _clinic(self) -> tuple[str, ...]:
        return tuple(line.strip() for line in self.clinic.toPlainText().splitlines()[:_CLINIC_LINES] if line.strip())

    def _take_clinic(self) -> None:
        self.clinic_changed.emit(self._clinic())
        self._show()

    def _show(self) -> None:
        ratio = self.devicePixelRatioF()
        width = round(_PAGE_WIDTH * ratio)
        pages = pages_of(self.report, resolution_of(width))
        for label in self._labels:
            self._pages.removeWidget(label)
            label.deleteLater()
        self._labels = []
        for image in page_images(pages, width):
            image.setDevicePixelRatio(ratio)
            label = PlainLabel(self)
            label.setPixmap(QPixmap.fromImage(image))
            label.setAccessibleName(pages.text())
            self._pages.addWidget(label)
            self._labels.append(label)
        if self._visit is not None:
            text = numbered(pages.count(), self.tr("1 page"), self.tr("{count} pages"))
        elif pages.count() == 1:
            text = ""
        else:
            text = self.tr("The notes are too long for the first page: they stand behind it, on {count} more.").format(
                count=pages.count() - 1
            )
        self._note.setText(text)

    def reject(self) -> None:
        if may_discard(self, has_entries=self._conclusion() not in {"", self._put_out}):
            super().reject()
