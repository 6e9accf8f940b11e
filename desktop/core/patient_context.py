"""What is known of a patient beside the image. Without other modules: the window needs it at its start."""

from desktop.core.frozen import frozen

AGE_BANDS = ("0-9", "10-19", "20-29", "30-39", "40-49", "50-59", "60-69", "70-79", "80-89", "90+")
SEXES = ("female", "male")
HEAD, TRUNK, ARM, LEG = "head and neck", "trunk", "arm", "leg"
SITES = (HEAD, TRUNK, ARM, LEG)

BIRTH_YEARS = range(1850, 2201)
"""What a history can store, whenever it was entered."""

OLDEST = 120


def age_band(age: int | None) -> str:
    """Return the age band of an age in years, empty if the age is unknown.

    >>> age_band(64), age_band(103)
    ('60-69', '90+')
    """
    return "" if age is None else AGE_BANDS[min(age // 10, len(AGE_BANDS) - 1)]


def plausible_birth_year(year: int | None, this_year: int) -> int | None:
    """Return a birth year from which an age of 0 to 120 follows in this year; None for any other."""
    return year if year is not None and this_year - OLDEST <= year <= this_year else None


def bands_of_year(birth_year: int, year: int) -> tuple[str, ...]:
    """Return the age bands of a patient within a year: two where the birthday leads into the next, none before the birth.

    >>> bands_of_year(1960, 2026), bands_of_year(1966, 2026)
    (('60-69',), ('50-59', '60-69'))
    """
    if year < birth_year:
        return ()
    ages = max(year - birth_year - 1, 0), year - birth_year
    return tuple(dict.fromkeys(map(age_band, ages)))


def band_in_year(birth_year: int | None, year: int, recorded: str = "") -> str:
    """Return the age band in a year; the `recorded` one where no birth year is known, or it is later.

    Where the birthday leads into the next band, the recorded band counts if it is one of the two. Else the older does: age
    may only raise alerts, and malignant lesions are more frequent with it. Whoever may be under 18 is in a band that counts as
    young with either.
    """
    bands = () if birth_year is None else bands_of_year(birth_year, year)
    return recorded if not bands or recorded in bands else bands[-1]


@frozen
class PatientContext:
    """What is known of the patient and the lesion at the image's visit; empty where it is not given.

    `age_band` is one of `AGE_BANDS`, `sex` of `SEXES`, `site` of `SITES`.
    """

    age_band: str = ""
    sex: str = ""
    site: str = ""

    def __bool__(self) -> bool:
        return bool(self.age_band or self.sex or self.site)


NOTHING_GIVEN = PatientContext()
