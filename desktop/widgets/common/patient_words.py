"""Patients and lesions in words, the same everywhere in the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.core.late import Late
from desktop.core.marking import tr
from desktop.core.patient_context import bands_of_year
from desktop.widgets.common.wording import local_day, local_time, translated

if TYPE_CHECKING:
    from desktop.core.records import patient_file as patient_files
    from desktop.core.records.patient_file import LesionState
    from desktop.core.records.people import Lesion, MovedImage, NaevusCount, RiskFactors, Sex, SkinType, Visit, YesNo
    from desktop.widgets.common import body_places
else:
    body_places = Late("desktop.widgets.common.body_places")
    patient_files = Late("desktop.core.records.patient_file")

SEXES: dict[Sex, str] = {
    "female": tr("Female"),
    "male": tr("Male"),
    "other": tr("Other sex"),
    "unknown": tr("Sex not known"),
}
SHORT_SEXES: dict[Sex, str] = {
    "female": tr("Female"),
    "male": tr("Male"),
    "other": tr("Other"),
    "unknown": tr("Not known"),
}
SKIN_TYPES: tuple[SkinType, ...] = ("", "I", "II", "III", "IV", "V", "VI")
YES_NO: tuple[YesNo, ...] = ("", "no", "yes")
NAEVUS_COUNTS: tuple[NaevusCount, ...] = ("", "under 50", "50 to 100", "over 100")
_YES_NO = {"": tr("not asked"), "no": tr("no"), "yes": tr("yes")}
_NAEVI = {"": tr("not asked"), "under 50": tr("under 50"), "50 to 100": tr("50 to 100"), "over 100": tr("over 100")}
_STATES = {
    "open": tr("not assessed"),
    "done": tr("assessed today"),
    "planned": tr("biopsy planned"),
    "waiting": tr("histology open"),
    "earlier": tr("not seen today"),
}


def sex_name(sex: Sex) -> str:
    """Return the name of a sex."""
    return translated(SEXES[sex])


def short_sex_name(sex: Sex) -> str:
    """Return the name of a sex for use beside the word “sex”."""
    return translated(SHORT_SEXES[sex])


def age_name(age_band: str) -> str:
    """Return an age band for use on its own: "60–69"."""
    return age_band.replace("-", "–") if age_band else translated(tr("Age not known"))


def born_name(birth_year: int | None, age_band: str) -> str:
    """Return an age band with the birth year, where that is known: "60–69, born 1960"."""
    if birth_year is None:
        return age_name(age_band)
    return translated(tr("{age}, born {year}")).format(age=age_name(age_band), year=birth_year)


def age_conflict_text(visits: tuple[Visit, ...], birth_year: int) -> str:
    """Return the sentence on ages that were recorded at visits, newest first, and that the birth year rules out; else empty."""
    conflicts = patient_files.ages_that_contradict(visits, birth_year)
    if not conflicts:
        return ""
    newest = conflicts[0]
    bands = bands_of_year(birth_year, newest.date.year)
    text = (
        translated(
            tr("Age {recorded} was recorded on {day}; born in {year}, it was {followed}. The birth year counts.")
        )
        if bands
        else translated(
            tr("Age {recorded} was recorded on {day}, before the birth year {year}. It counts for that visit.")
        )
    ).format(
        recorded=age_name(newest.age_band),
        day=local_day(newest.date),
        year=birth_year,
        followed=translated(tr(" or ")).join(map(age_name, bands)),
    )
    more = len(conflicts) - 1
    if more:
        also = (
            tr("The same holds at an earlier visit.") if more == 1 else tr("The same holds at {count} earlier visits.")
        )
        text = f"{text} {translated(also).format(count=more)}"
    return text


def skin_name(skin_type: SkinType) -> str:
    """Return a skin type of Fitzpatrick for use on its own: "Skin type II"."""
    if not skin_type:
        return translated(tr("Skin type not known"))
    return translated(tr("Skin type {skin_type}")).format(skin_type=skin_type)


def short_skin_name(skin_type: SkinType) -> str:
    """Return a skin type for the banner: "skin II"; empty where none was recorded."""
    return translated(tr("skin {skin_type}")).format(skin_type=skin_type) if skin_type else ""


def yes_no_name(answer: YesNo) -> str:
    """Return an answer to a question about the patient."""
    return translated(_YES_NO[answer])


def naevi_name(count: NaevusCount) -> str:
    """Return a number of naevi for use beside the word “naevi”."""
    return translated(_NAEVI[count])


def risk_names(risk: RiskFactors) -> list[str]:
    """Return what raises a patient's risk of melanoma, each in a word, the weightiest first."""
    factors = (
        (risk.own_melanoma == "yes", tr("melanoma before")),
        (risk.family_melanoma == "yes", tr("melanoma in family")),
        (risk.immunosuppressed == "yes", tr("immunosuppressed")),
        (risk.naevi == "over 100", tr("over 100 naevi")),
        (risk.naevi == "50 to 100", tr("50 to 100 naevi")),
    )
    return [translated(name) for is_there, name in factors if is_there]


def opening_text(pseudonym: str) -> str:
    """Return the words of a button that opens a patient."""
    return translated(tr("Open {patient}")).format(patient=pseudonym)


def lesion_name(lesion: Lesion) -> str:
    """Return the name of a lesion with its site: "L2 left scapula"."""
    return named_with_site(lesion.name, lesion.site)


def named_with_site(name: str, site: str) -> str:
    """Return the name of a lesion with the name of its site, which may be empty."""
    return " ".join(filter(None, (name, body_places.place_name(site))))


def state_name(state: LesionState) -> str:
    """Return the state of a lesion at this visit in words."""
    return translated(_STATES[state.value])


def move_text(move: MovedImage) -> str:
    """Return the line for an image that was moved between patients."""
    source = " ".join(filter(None, (move.from_patient.pseudonym, move.from_lesion)))
    pseudonym = move.to_patient.pseudonym if move.to_patient is not None else translated(tr("nobody"))
    target = " ".join(filter(None, (pseudonym, move.to_lesion)))
    text = translated(tr("{image}: from {source} to {target}, {time}"))
    text = text.format(image=move.name, source=source, target=target, time=local_time(move.time))
    return f"{text}, {move.initials}" if move.initials else text
