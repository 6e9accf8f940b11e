"""The fields for what is known of a patient at a glance: sex, birth year, age, skin type."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from desktop.core.patient_context import AGE_BANDS, band_in_year
from desktop.widgets.common.calm_inputs import ChoiceBox
from desktop.widgets.common.patient_words import (
    SHORT_SEXES,
    SKIN_TYPES,
    age_conflict_text,
    age_name,
    skin_name,
)
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.wording import translated
from desktop.widgets.patient.birth_year_field import BirthYearField

if TYPE_CHECKING:
    from desktop.core.records.people import Sex, SkinType, Visit


class PatientFacts(QWidget):
    """Sex, birth year, age band and skin type; each may stay unknown. With a birth year the age follows from that."""

    def __init__(self, today: dt.date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._recorded = ""
        """The age band without a birth year: recorded, or chosen here."""
        self._visits: tuple[Visit, ...] = ()
        self._group = QButtonGroup(self)
        sexes = QHBoxLayout()
        sexes.setSpacing(4)
        self._sexes: list[Sex] = list(SHORT_SEXES)
        for number, sex in enumerate(self._sexes):
            button = QToolButton(self)
            button.setText(translated(SHORT_SEXES[sex]))
            button.setCheckable(True)
            button.setProperty("segment", True)
            self._group.addButton(button, number)
            sexes.addWidget(button)
        sexes.addStretch(1)
        self.birth_year = BirthYearField(today.year, self)
        self.birth_year.textChanged.connect(self._follow)
        born = PlainLabel(self.tr("Birth year"), self)
        born.setBuddy(self.birth_year)
        self.age = ChoiceBox(self)
        self.age.setAccessibleName(self.tr("Age band"))
        self.age.setMinimumWidth(130)
        for band in ("", *AGE_BANDS):
            self.age.addItem(age_name(band), band)
        self.age.activated.connect(self._take_age)
        self.skin_type = ChoiceBox(self)
        self.skin_type.setAccessibleName(self.tr("Skin type (Fitzpatrick)"))
        self.skin_type.setToolTip(self.tr("Fitzpatrick: I burns always and never tans, VI is deeply pigmented"))
        self.skin_type.setMinimumWidth(160)
        for skin_type in SKIN_TYPES:
            self.skin_type.addItem(skin_name(skin_type), skin_type)
        below = QHBoxLayout()
        below.setSpacing(8)
        for widget in (born, self.birth_year, self.age, self.skin_type):
            below.addWidget(widget)
        below.addStretch(1)
        self.conflict = PlainLabel(self)
        self.conflict.setWordWrap(True)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(6)
        rows.addLayout(sexes)
        rows.addLayout(below)
        rows.addWidget(self.conflict)
        self.show_values("unknown", "", "")

    @property
    def sex(self) -> Sex:
        """The chosen sex."""
        return self._sexes[self._group.checkedId()]

    @property
    def age_band(self) -> str:
        """The age band that was recorded, or chosen here; a birth year does not change it."""
        return self._recorded

    @property
    def chosen_skin_type(self) -> SkinType:
        """The chosen skin type."""
        return SKIN_TYPES[self.skin_type.currentIndex()]

    def show_values(
        self,
        sex: Sex,
        age_band: str,
        skin_type: SkinType,
        birth_year: int | None = None,
        visits: tuple[Visit, ...] = (),
    ) -> None:
        """Show these values: `age_band` as recorded at this visit, `visits` with what was recorded at each."""
        self._group.button(self._sexes.index(sex)).setChecked(True)
        if self.age.findData(age_band) < 0:
            self.age.addItem(age_name(age_band), age_band)
        self._recorded, self._visits = age_band, visits
        self.birth_year.setText("" if birth_year is None else str(birth_year))
        self.skin_type.setCurrentIndex(SKIN_TYPES.index(skin_type))
        self._follow()

    def _take_age(self) -> None:
        self._recorded = str(self.age.currentData())

    def _follow(self) -> None:
        """Show the age that follows from the birth year, and what was recorded otherwise."""
        year = self.birth_year.plausible
        today = next((one.age_band for one in self._visits if one.date == self._today), "")
        band = self._recorded if year is None else band_in_year(year, self._today.year, today)
        self.age.setEnabled(year is None)
        self.age.setCurrentIndex(self.age.findData(band))
        text = "" if year is None else age_conflict_text(self._visits, year)
        self.conflict.setText(text)
        self.conflict.setVisible(bool(text))
