"""What of a patient, a lesion and a plan matters to an alert: the same for the window and the paper."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from desktop.core import body_places, place_words
from desktop.core.labels import BY_ID, Malignancy
from desktop.core.late import Late
from desktop.core.marking import tr
from desktop.core.patient_context import ARM, HEAD, LEG, SEXES, TRUNK, PatientContext
from desktop.core.text_matching import folded
from desktop.widgets.common.wording import translated

if TYPE_CHECKING:
    from desktop.core.records import people
    from desktop.core.records.people import Assessment, Outcome
else:
    people = Late("desktop.core.records.people")

_PALMS, _SOLES = tr("Not tested on palms."), tr("Not tested on soles.")
_NAILS, _MUCOSA = tr("Not tested on nails."), tr("Not tested on mucosa.")
_YOUNG, _DARK = tr("Not tested under 18 years."), tr("Not tested on dark skin.")

_NOT_TESTED = {
    **dict.fromkeys(("palm", "fingers-front"), _PALMS),
    **dict.fromkeys(("heel", "sole", "sole-front", "toes-under"), _SOLES),
    **dict.fromkeys(("genital", "vulva", "penis", "scrotum", "anal", "mouth", "lips"), _MUCOSA),
}
"""By the id of a place of the body map, without its side. Nails are recognised by the start of their ids."""

_OF_MUCOSA = (
    r"mucos|genital|vulv|vagin|penis|penile|scrot|skrot|hoden|glans|eichel|foreskin|vorhaut|clitor|klitor"
    r"|\blabi(a|al|um)\b|\banal(?!og)|\banus|perian|\bmouth|\boral|\blips?\b|lippe|tongue|zunge|\bgums?\b|gingiv"
    r"|palate|gaumen|buccal|bukkal|conjunctiv|schleimh|\bmund"
)
_IN_WORDS = (
    (r"palm|thenar|\bacral|handfl|handinnenfl|handteller|hohlhand", _PALMS),
    (r"\bsoles?\b|plantar|\bplanta\b|\bheel|\bacral|sohle|\bferse", _SOLES),
    (r"nail|ungual|\bacral|nagel", _NAILS),
    (_OF_MUCOSA, _MUCOSA),
)
"""For places in somebody's own words, English, German or Latin: which of them, case-folded, have which sentence."""

_SITES = {body_places.HEAD: HEAD, body_places.TRUNK: TRUNK, body_places.ARM: ARM, body_places.LEG: LEG}
"""The sites of a model's layer, by the groups of the body map; of nails and mucosa it knows nothing."""

_YOUNG_BANDS = ("0-9", "10-19")
"""Age bands that hold ages under 18."""


def patient_context(sex: str, age_band: str, site: str) -> PatientContext:
    """Return what a model's layer may know of a patient and the place of a lesion on the body map."""
    place = body_places.places().get(place_words.recognised(site))
    return PatientContext(
        age_band=age_band,
        sex=sex if sex in SEXES else "",
        site="" if place is None else _SITES.get(place.group, ""),
    )


def not_tested_text(site: str, age_band: str, skin_type: str) -> str:
    """Return on what of this the alerts were not tested, empty if on nothing that is known."""
    said = (
        not_tested_site(site),
        translated(_YOUNG) if age_band in _YOUNG_BANDS else "",
        translated(_DARK) if skin_type in people.DARK_SKIN else "",
    )
    return " ".join(filter(None, said))


def not_tested_site(site: str) -> str:
    """Return the sentence for a site on which the alerts were not tested, or may not have been; empty for any other.

    A place in somebody's own words counts by each of them: none that names such a site goes without its sentence.
    """
    named = place_words.recognised(site)
    if not named:
        return " ".join(translated(sentence) for words, sentence in _IN_WORDS if re.search(words, folded(site)))
    place = named.removesuffix("-left").removesuffix("-right")
    return translated(_NAILS if place.startswith("nail-") else _NOT_TESTED.get(place, ""))


def has_plan(assessments: Sequence[Assessment], outcomes: Iterable[Outcome]) -> bool:
    """Return whether the newest diagnosis of a visit is malignant or comes with a planned biopsy.

    Not once histopathology came after it: what is planned then, such as a re-excision, rests on that.
    """
    newest = next((one for one in reversed(assessments) if not one.is_plan), None)
    if newest is None or any(one.kind == "histopathology" and one.time > newest.time for one in outcomes):
        return False
    is_malignant = newest.label in BY_ID and BY_ID[newest.label].malignancy is Malignancy.MALIGNANT
    return newest.plan == people.EXCISION or is_malignant
