"""The places of the body map as codes of SNOMED CT: DICOM's sites of dermatology (PS3.16, CID 4029), as far as it has them."""

from dataclasses import dataclass

SNOMED_CT = "http://snomed.info/sct"
"""The code system as FHIR names it; in DICOM it is SCT."""


@dataclass(frozen=True)
class Code:
    """A code of SNOMED CT with its meaning."""

    value: str
    meaning: str


@dataclass(frozen=True)
class AnatomicSite:
    """A place of the body with its side, None where it has none, or, if it `is_paired`, where nobody said which."""

    region: Code
    side: Code | None = None
    is_paired: bool = True


LEFT, RIGHT = Code("7771000", "Left"), Code("24028007", "Right")
_SIDES = {"left": LEFT, "right": RIGHT}

_REGIONS = {
    "scalp-front": Code("43067004", "Skin of scalp"),
    "scalp-top": Code("61719002", "Skin of vertex of scalp"),
    "scalp-side": Code("21672008", "Skin of parietal region"),
    "scalp-back": Code("79951008", "Skin of occipital region"),
    "face": Code("73897004", "Skin of face"),
    "forehead": Code("68698007", "Skin of forehead"),
    "temple": Code("16621002", "Skin of temporal region"),
    "eye": Code("362916000", "Skin of eye region"),
    "nose": Code("113179006", "Skin of nose"),
    "cheek": Code("36141000", "Skin of cheek"),
    "lips": Code("88089004", "Skin of lip"),
    "chin": Code("23747009", "Skin of chin"),
    "jaw": Code("244097004", "Skin of jawline"),
    "ear": Code("1902009", "Skin of ear"),
    "behind-ear": Code("24483006", "Skin of postauricular region"),
    "neck-front": Code("11584001", "Skin of anterior portion of neck"),
    "neck-side": Code("5272005", "Skin of lateral portion of neck"),
    "neck-back": Code("4658004", "Skin of nuchal region"),
    "shoulder": Code("16982005", "Shoulder"),
    "chest": Code("244106003", "Skin of anterior surface of thorax"),
    "sternum": Code("244107007", "Sternal skin"),
    "armpit": Code("76261009", "Skin of axilla"),
    "abdomen-upper": Code("699935000", "Skin of upper abdomen"),
    "abdomen-lower": Code("699914002", "Skin of lower abdomen"),
    "navel": Code("315003", "Skin of umbilicus"),
    "flank": Code("58602004", "Flank"),
    "groin": Code("39687006", "Skin of inguinal region"),
    "scapula": Code("699893008", "Skin of back of upper thoracic region"),
    "back-upper-middle": Code("699893008", "Skin of back of upper thoracic region"),
    "back-middle": Code("244111001", "Skin of posterior surface of thorax"),
    "back-lower": Code("113182001", "Skin of lower back"),
    "sacrum": Code("54735007", "Sacrum"),
    "buttock": Code("22180002", "Skin of buttock"),
    "arm-upper-front": Code("45981001", "Skin of anterior surface of upper arm"),
    "arm-upper-back": Code("72939005", "Skin of posterior surface of upper arm"),
    "elbow-crease": Code("17957002", "Skin of antecubital fossa"),
    "elbow": Code("181536004", "Skin of posterior surface of elbow"),
    "forearm-front": Code("70559009", "Skin of anterior surface of forearm"),
    "forearm-back": Code("41550009", "Skin of posterior surface of forearm"),
    "palm": Code("70887009", "Skin of palm of hand"),
    "fingers-front": Code("244169007", "Skin of digit of hand"),
    "hand-back": Code("281642007", "Skin of part of dorsal surface of hand"),
    "fingers-back": Code("244169007", "Skin of digit of hand"),
    "thigh-front": Code("61248009", "Skin of anterior surface of thigh"),
    "thigh-back": Code("4578000", "Skin of posterior surface of thigh"),
    "knee": Code("181553006", "Skin of anterior surface of knee"),
    "knee-back": Code("84507004", "Skin of popliteal fossa"),
    "shin": Code("25763004", "Skin of anterior surface of lower leg"),
    "calf": Code("47224004", "Skin of posterior surface of lower leg"),
    "ankle": Code("371304004", "Skin of lower extremity"),
    "foot-back": Code("60496002", "Skin of foot"),
    "heel": Code("84607009", "Skin of heel"),
    "sole": Code("60496002", "Skin of foot"),
    "sole-front": Code("60496002", "Skin of foot"),
    "toes-under": Code("52034004", "Skin of toe"),
    "nail-thumb": Code("770810008", "Nail unit of thumb"),
    "nail-index": Code("770815003", "Nail unit of index finger"),
    "nail-middle": Code("770816002", "Nail unit of middle finger"),
    "nail-ring": Code("770817006", "Nail unit of ring finger"),
    "nail-little": Code("770818001", "Nail unit of little finger"),
    "nail-toe-great": Code("770822006", "Nail unit of great toe"),
    "nail-toe-second": Code("770823001", "Nail unit of second toe"),
    "nail-toe-third": Code("770825008", "Nail unit of third toe"),
    "nail-toe-fourth": Code("770821004", "Nail unit of fourth toe"),
    "nail-toe-fifth": Code("770820003", "Nail unit of fifth toe"),
    "genital": Code("60944009", "Skin of external genitalia"),
    "vulva": Code("60944009", "Skin of external genitalia"),
    "penis": Code("35900000", "Skin of penis"),
    "scrotum": Code("81992007", "Skin of scrotum"),
    "anal": Code("59112000", "Skin of anus"),
    "mouth": Code("113277000", "Oral mucosa"),
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
