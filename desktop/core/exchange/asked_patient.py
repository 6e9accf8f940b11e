"""A patient whom another system names: a practice system by GDT, or a DICOM worklist."""

import datetime as dt
from dataclasses import dataclass
from enum import Enum

from desktop.core.patient_context import plausible_birth_year
from desktop.core.records.people import Sex


class PseudonymFrom(Enum):
    """What of a request becomes the pseudonym of a new patient."""

    NUMBER = "number"
    NAME = "name"
    NAME_AND_BIRTH_DATE = "name and birth date"


@dataclass(frozen=True)
class AskedPatient:
    """A patient as another system knows them; all but the number may be empty."""

    number: str
    last_name: str = ""
    first_name: str = ""
    birth_date: dt.date | None = None
    sex: Sex = "unknown"

    def pseudonym(self, of: PseudonymFrom) -> str:
        """Return the pseudonym for a history; the number where there is no name."""
        name = ", ".join(filter(None, (self.last_name, self.first_name)))
        if of is PseudonymFrom.NUMBER or not name:
            return self.number
        if of is PseudonymFrom.NAME_AND_BIRTH_DATE and self.birth_date is not None:
            return f"{name}, {self.birth_date.isoformat()}"
        return name

    def birth_year(self, this_year: int) -> int | None:
        """Return the year of the birth date; None if that is not known, or nobody of today is born in it."""
        return None if self.birth_date is None else plausible_birth_year(self.birth_date.year, this_year)

    def age_on(self, day: dt.date) -> int | None:
        """Return the age in whole years; None if the birth date is unknown or later."""
        born = self.birth_date
        if born is None or born > day:
            return None
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
