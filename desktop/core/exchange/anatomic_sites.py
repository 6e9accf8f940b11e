"""The places of the body map as codes of SNOMED CT: DICOM's sites of dermatology (PS3.16, CID 4029), as far as it has them."""

from dataclasses import dataclass

SNOMED_CT = "http://snomed.info/sct"
"""The code system as FHIR names it; in DICOM it is SCT."""


@dataclass(frozen=True)
class SnomedCode:
    """A code with its meaning."""

    value: str
    meaning: str


@dataclass(frozen=True)
class AnatomicSite:
    """A place of the body with its side, None where it has none, or, if it `is_paired`, where nobody said which."""

    region: SnomedCode
    side: SnomedCode | None = None
    is_paired: bool = True


LEFT, RIGHT = SnomedCode("7771000", "Left"), SnomedCode("24028007", "Right")
_SIDES = {"left": LEFT, "right": RIGHT}

_REGIONS = {
    "scalp-front": SnomedCode("43067004", "Skin of scalp"),
    "scalp-top": SnomedCode("61719002", "Skin of vertex of scalp"),
    "scalp-side": SnomedCode("21672008", "Skin of parietal region"),
    "scalp-back": SnomedCode("79951008", "Skin of occipital region"),
    "face": SnomedCode("73897004", "Skin of face"),
    "forehead": SnomedCode("68698007", "Skin of forehead"),
    "temple": SnomedCode("16621002", "Skin of temporal region"),
    "eye": SnomedCode("362916000", "Skin of eye region"),
    "nose": SnomedCode("113179006", "Skin of nose"),
    "cheek": SnomedCode("36141000", "Skin of cheek"),
    "lips": SnomedCode("88089004", "Skin of lip"),
    "chin": SnomedCode("23747009", "Skin of chin"),
    "jaw": SnomedCode("244097004", "Skin of jawline"),
    "ear": SnomedCode("1902009", "Skin of ear"),
    "behind-ear": SnomedCode("24483006", "Skin of postauricular region"),
    "neck-front": SnomedCode("11584001", "Skin of anterior portion of neck"),
    "neck-side": SnomedCode("5272005", "Skin of lateral portion of neck"),
    "neck-back": SnomedCode("4658004", "Skin of nuchal region"),
    "shoulder": SnomedCode("16982005", "Shoulder"),
    "chest": SnomedCode("244106003", "Skin of anterior surface of thorax"),
    "sternum": SnomedCode("244107007", "Sternal skin"),
    "armpit": SnomedCode("76261009", "Skin of axilla"),
    "abdomen-upper": SnomedCode("699935000", "Skin of upper abdomen"),
    "abdomen-lower": SnomedCode("699914002", "Skin of lower abdomen"),
    "navel": SnomedCode("315003", "Skin of umbilicus"),
    "flank": SnomedCode("58602004", "Flank"),
    "groin": SnomedCode("39687006", "Skin of inguinal region"),
    "scapula": SnomedCode("699893008", "Skin of back of upper thoracic region"),
    "back-upper-middle": SnomedCode("699893008", "Skin of back of upper thoracic region"),
    "back-middle": SnomedCode("244111001", "Skin of posterior surface of thorax"),
    "back-lower": SnomedCode("113182001", "Skin of lower back"),
    "sacrum": SnomedCode("54735007", "Sacrum"),
    "buttock": SnomedCode("22180002", "Skin of buttock"),
    "arm-upper-front": SnomedCode("45981001", "Skin of anterior surface of upper arm"),
    "arm-upper-back": SnomedCode("72939005", "Skin of posterior surface of upper arm"),
    "elbow-crease": SnomedCode("17957002", "Skin of antecubital fossa"),
    "elbow": SnomedCode("181536004", "Skin of posterior surface of elbow"),
    "forearm-front": SnomedCode("70559009", "Skin of anterior surface of forearm"),
    "forearm-back": SnomedCode("41550009", "Skin of posterior surface of forearm"),
    "palm": SnomedCode("70887009", "Skin of palm of hand"),
    "fingers-front": SnomedCode("244169007", "Skin of digit of hand"),
    "hand-back": SnomedCode("281642007", "Skin of part of dorsal surface of hand"),
    "fingers-back": SnomedCode("244169007", "Skin of digit of hand"),
    "thigh-front": SnomedCode("61248009", "Skin of anterior surface of thigh"),
    "thigh-back": SnomedCode("4578000", "Skin of posterior surface of thigh"),
    "knee": SnomedCode("181553006", "Skin of anterior surface of knee"),
    "knee-back": SnomedCode("84507004", "Skin of popliteal fossa"),
    "shin": SnomedCode("25763004", "Skin of anterior surface of lower leg"),
    "calf": SnomedCode("47224004", "Skin of posterior surface of lower leg"),
    "ankle": SnomedCode("371304004", "Skin of lower extremity"),
    "foot-back": SnomedCode("60496002", "Skin of foot"),
    "heel": SnomedCode("84607009", "Skin of heel"),
    "sole": SnomedCode("60496002", "Skin of foot"),
    "sole-front": SnomedCode("60496002", "Skin of foot"),
    "toes-under": SnomedCode("52034004", "Skin of toe"),
    "nail-thumb": SnomedCode("770810008", "Nail unit of thumb"),
    "nail-index": SnomedCode("770815003", "Nail unit of index finger"),
    "nail-middle": SnomedCode("770816002", "Nail unit of middle finger"),
    "nail-ring": SnomedCode("770817006", "Nail unit of ring finger"),
    "nail-little": SnomedCode("770818001", "Nail unit of little finger"),
    "nail-toe-great": SnomedCode("770822006", "Nail unit of great toe"),
    "nail-toe-second": SnomedCode("770823001", "Nail unit of second toe"),
    "nail-toe-third": SnomedCode("770825008", "Nail unit of third toe"),
    "nail-toe-fourth": SnomedCode("770821004", "Nail unit of fourth toe"),
    "nail-toe-fifth": SnomedCode("770820003", "Nail unit of fifth toe"),
    "genital": SnomedCode("60944009", "Skin of external genitalia"),
    "vulva": SnomedCode("60944009", "Skin of external genitalia"),
    "penis": SnomedCode("35900000", "Skin of penis"),
    "scrotum": SnomedCode("81992007", "Skin of scrotum"),
    "anal": SnomedCode("59112000", "Skin of anus"),
    "mouth": SnomedCode("113277000", "Oral mucosa"),
}
"""By the id of a place, without its side. Where no code is as fine as the place, the code of what contains it stands."""

_UNPAIRED = frozenset(
    {
        *(
            "scalp-front",
            "scalp-top",
            "scalp-back",
            "face",
            "forehead",
            "nose",
            "lips",
            "chin",
            "neck-front",
            "neck-back",
        ),
        *("sternum", "navel", "back-upper-middle", "sacrum", "genital", "vulva", "penis", "scrotum", "anal", "mouth"),
    }
)
"""The places that are on neither side; all others are on both."""


def site_of(region: str, side: str) -> str:
    """Return the id of a place by its codes; empty if none has them, or several, or if the side is missing.

    >>> site_of("22180002", "7771000")
    'buttock-left'
    """
    found = [bare for bare, code in _REGIONS.items() if code.value == region]
    if len(found) != 1:
        return ""
    if found[0] in _UNPAIRED:
        return found[0]
    return next((f"{found[0]}-{name}" for name, code in _SIDES.items() if code.value == side), "")


def site_words(site: str) -> str:
    """Return a lesion's site in words, with its side; one in other words is returned as it is.

    >>> site_words("scapula-left")
    'Skin of back of upper thoracic region, left'
    """
    found = anatomic_site(site)
    if found is None:
        return site
    return found.region.meaning if found.side is None else f"{found.region.meaning}, {found.side.meaning.casefold()}"


def anatomic_site(site: str) -> AnatomicSite | None:
    """Return the code of a lesion's site; None if there is none, or it was written in other words.

    >>> anatomic_site("scapula-left").side.meaning
    'Left'
    """
    bare, _, side = site.rpartition("-")
    if side in _SIDES and bare in _REGIONS:
        return AnatomicSite(_REGIONS[bare], _SIDES[side])
    return AnatomicSite(_REGIONS[site], is_paired=site not in _UNPAIRED) if site in _REGIONS else None
