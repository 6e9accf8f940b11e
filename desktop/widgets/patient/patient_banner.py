"""The open patient, above every workspace: pseudonym, sex, age and birth year, date, initials, and what is due."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from desktop.session.open_patient import OpenPatient
from desktop.widgets.common.icons import icon
from desktop.widgets.common.patient_words import (
    age_conflict_text,
    age_name,
    born_name,
    risk_names,
    sex_name,
    short_skin_name,
)
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.theme import restyle
from desktop.widgets.common.wording import local_day


class PatientBanner(QFrame):
    """Shows a single line while no patient is open. Never hidden, so that it is always clear whose image is shown."""

    change_requested = Signal()
    edit_requested = Signal()
    close_requested = Signal()
    due_requested = Signal()
    planned_requested = Signal()
    histology_requested = Signal()
    initials_requested = Signal()

    def __init__(self, open_patient: OpenPatient, initials: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._open_patient = open_patient
        self._by = initials
        self._whole = self._short = ""
        """The facts, and those that stand where there is less room."""
        self._planned_count = self._histology_count = 0
        self._sign = PlainLabel(self)
        self._sign.setPixmap(icon("person").pixmap(18, 18))
        self._pseudonym = PlainLabel(self)
        self._pseudonym.setProperty("strong", True)
        self._facts = QPushButton(self)
        self._facts.setProperty("plain", True)
        self._facts.clicked.connect(self.edit_requested)
        self._no_patient = PlainLabel(self)
        self._no_patient.setProperty("muted", True)
        self._day = PlainLabel(self)
        self._initials = PlainLabel(self)
        self._initials.setProperty("muted", True)
        self.change = QPushButton(self)
        self.change.setProperty("slim", True)
        self.change.clicked.connect(self.change_requested)
        self._close = QToolButton(self)
        self._close.setIcon(icon("close"))
        self._close.setProperty("slim", True)
        self._close.setToolTip(self.tr("End with this patient (Ctrl+Shift+L)"))
        self._close.setAccessibleName(self.tr("End with this patient"))
        self._close.clicked.connect(self.close_requested)
        self._ask_initials = QPushButton(self.tr("Your initials…"), self)
        self._ask_initials.setProperty("slim", True)
        self._ask_initials.setToolTip(self.tr("No initials yet: what you save names nobody"))
        self._ask_initials.clicked.connect(self.initials_requested)
        self._due = self._list_button(self.tr("Planned follow-ups that are due"))
        self._due.clicked.connect(self.due_requested)
        self._planned = self._list_button(self.tr("Biopsies and excisions planned, not recorded as taken"))
        self._planned.clicked.connect(self.planned_requested)
        self._histology = self._list_button(self.tr("Biopsies and excisions taken, without their histology"))
        self._histology.clicked.connect(self.histology_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 3, 10, 3)
        row.setSpacing(10)
        for widget in (self._sign, self._no_patient, self._pseudonym, self._facts, self._day, self._initials):
            row.addWidget(widget)
        row.addSpacing(6)
        row.addWidget(self.change)
        row.addWidget(self._close)
        row.addWidget(self._ask_initials)
        row.addStretch(1)
        row.addWidget(self._due)
        row.addWidget(self._planned)
        row.addWidget(self._histology)
        open_patient.patient_changed.connect(self._show)
        self.show_counts(0, 0, 0)
        self._show()

    def show_initials(self, initials: str) -> None:
        """Show the user's initials; while there are none, offer to enter them."""
        self._by = initials
        self._show()

    def show_counts(self, due: int, planned: int, histology: int) -> None:
        """Show how many follow-ups are due, biopsies planned and histologies open; counts of zero are hidden."""
        self._planned_count, self._histology_count = planned, histology
        self._due.setText(self.tr("Due {count}").format(count=due))
        for button, count in ((self._due, due), (self._planned, planned), (self._histology, histology)):
            button.setVisible(count > 0)
        self._fit()

    def _name_planned(self, *, is_short: bool) -> None:
        text = self.tr("Biopsy/excision {count}") if is_short else self.tr("Biopsy or excision planned {count}")
        self._planned.setText(text.format(count=self._planned_count))

    def _name_histology(self, *, is_short: bool) -> None:
        text = self.tr("Histology {count}") if is_short else self.tr("Histology open {count}")
        self._histology.setText(text.format(count=self._histology_count))

    def _list_button(self, tip: str) -> QPushButton:
        button = QPushButton(self)
        button.setProperty("slim", True)
        button.setToolTip(tip)
        return button

    def _show(self) -> None:
        patient = self._open_patient.patient
        has_one = patient is not None
        for widget in (self._pseudonym, self._facts, self._day, self._initials, self._close):
            widget.setVisible(has_one)
        self._no_patient.setVisible(not has_one)
        self._ask_initials.setVisible(not self._by)
        if self.property("open") != has_one:
            self.setProperty("open", has_one)
            restyle(self)
        if patient is None:
            self.change.setText(self.tr("Choose patient…"))
            self.change.setToolTip(self.tr("Choose or make a patient (Ctrl+L)"))
            self.setAccessibleName(self._no_patient_text(is_short=False))
            self._fit()
            return
        visit = self._open_patient.visit
        self._pseudonym.setText(patient.pseudonym)
        risks = risk_names(patient.risk)
        risk = "" if not risks else risks[0] if len(risks) == 1 else f"{risks[0]} +{len(risks) - 1}"
        facts = (sex_name(patient.sex), self._age(), short_skin_name(patient.skin_type), risk)
        self._whole, self._short = ("  ·  ".join(filter(None, one)) for one in (facts, (*facts[:2], risk)))
        self._facts.setText(self._whole)
        correct = self.tr("Correct pseudonym, sex, birth year, age band, skin type, risk or use for training")
        year = patient.birth_year
        conflict = "" if year is None else age_conflict_text(self._open_patient.visits, year)
        self._facts.setToolTip("\n".join((*risks, *filter(None, (*facts[2:3], conflict)), correct)))
        day = local_day(self._open_patient.date)
        self._day.setText(
            self.tr("Visit {date}").format(date=day)
            if visit is not None
            else self.tr("No visit yet today, {date}").format(date=day)
        )
        by = visit.initials if visit is not None else self._by
        self._initials.setText(self.tr("by {initials}").format(initials=by) if by else "")
        self._initials.setVisible(bool(by))
        self.change.setToolTip(self.tr("Choose or make another patient (Ctrl+L)"))
        self._facts.setAccessibleDescription(", ".join(filter(None, (*risks, conflict))))
        words = (patient.pseudonym, self._facts.text(), self._day.text(), self._initials.text())
        self.setAccessibleName(", ".join(filter(None, words)))
        self._fit()

    def _no_patient_text(self, *, is_short: bool) -> str:
        return self.tr("No patient") if is_short else self.tr("No patient chosen. Images are saved unassigned.")

    def _fit(self) -> None:
        """Show all that has room: without it the initials go first, then the skin type, parts of names, and the day.

        Without a patient a part of a name goes first, then what becomes of images.
        """
        row = self.layout()
        if row is None:
            return
        self._name_planned(is_short=False)
        self._name_histology(is_short=False)
        if self._open_patient.patient is None:
            self._no_patient.setText(self._no_patient_text(is_short=False))
            steps: tuple[Callable[[], None], ...] = (
                lambda: self._name_planned(is_short=True),
                lambda: self._no_patient.setText(self._no_patient_text(is_short=True)),
            )
        else:
            self._facts.setText(self._whole)
            self.change.setText(self.tr("Switch patient"))
            for part, has_text in ((self._day, True), (self._initials, bool(self._initials.text()))):
                part.setVisible(has_text)
            steps = (
                self._initials.hide,
                lambda: self._facts.setText(self._short),
                lambda: self._name_planned(is_short=True),
                self._day.hide,
                lambda: self._name_histology(is_short=True),
                lambda: self.change.setText(self.tr("Switch")),
            )
        for leave_out in steps:
            row.invalidate()
            if row.minimumSize().width() <= self.width():
                return
            leave_out()

    def _age(self) -> str:
        """Return the age at this visit; one that was entered longer ago stands with its year, and is not taken for today's."""
        patient = self._open_patient.patient
        if patient is not None and patient.birth_year is not None:
            return born_name(patient.birth_year, self._open_patient.age_band)
        last = self._open_patient.last_age
        if self._open_patient.age_band or last is None:
            return age_name(self._open_patient.age_band)
        return self.tr("{age} in {year}").format(age=age_name(last[0]), year=last[1].year)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())  # what has no room is left out

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
