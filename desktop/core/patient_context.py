"""What is known of a patient beside the image. Without other modules: the window needs it at its start."""

from desktop.core.frozen import frozen

AGE_BANDS = ("0-9", "10-19", "20-29", "30-39", "40-49", "50-59", "60-69", "70-79", "80-89", "90+")
SEXES = ("female", "male")
HEAD, TRUNK, ARM, LEG = "head and neck", "trunk", "arm", "leg"
SITES = (HEAD, TRUNK, ARM, LEG)


def age_band(age: int | None) -> str:
    """Return the age band of an age in years, empty if the age is unknown.

    >>> age_band(64), age_band(103)
    ('60-69', '90+')
    """
    return "" if age is None else AGE_BANDS[min(age // 10, len(AGE_BANDS) - 1)]


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
