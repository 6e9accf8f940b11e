"""The places of the body map as a table, which the window names and imports recognise by their words."""

from collections.abc import Callable
from functools import cache

from desktop.core.frozen import frozen
from desktop.core.marking import tr
from desktop.core.text_matching import identity

HEAD, TRUNK, ARM, LEG = tr("Head and neck"), tr("Trunk"), tr("Arm and hand"), tr("Leg and foot")
NAIL, MUCOSA = tr("Nails"), tr("Genital, anal, mouth")

LEFT, RIGHT = "left", "right"

_SIDED = {LEFT: tr("left {place}"), RIGHT: tr("right {place}")}
"""Left and right are the patient's."""


@frozen
class PlaceRow:
    """One row of the table; `sided` places exist on both sides.

    `also` are other search terms for the place. `part_of` is the place of the whole figure that contains a place shown only
    in a detail.
    """

    id: str
    name: str
    group: str
    sided: bool = False
    also: str = ""
    part_of: str = ""


@frozen
class BodyPlace:
    """A place of the body. `id` is stored in the history and never changes; `name` is as it is shown.

    `bare` is the name without the side, `side` the side in words, `also` the other search terms: all normalised for search.
    """

    id: str
    name: str
    group: str
    part_of: str
    bare: str
    side: str
    also: str


_FINGERS = (
    ("thumb", tr("thumb nail"), "thumbnail"),
    ("index", tr("index finger nail"), "forefinger second"),
    ("middle", tr("middle finger nail"), "third"),
    ("ring", tr("ring finger nail"), "fourth"),
    ("little", tr("little finger nail"), "fifth"),
)
_TOES = (
    ("great", tr("great toe nail"), "big first hallux"),
    ("second", tr("second toe nail"), ""),
    ("third", tr("third toe nail"), ""),
    ("fourth", tr("fourth toe nail"), ""),
    ("fifth", tr("little toe nail"), "fifth small"),
)

ROWS = (
    PlaceRow("scalp-front", tr("front of the scalp"), HEAD, also="frontal hairline", part_of="face"),
    PlaceRow("scalp-top", tr("crown of the scalp"), HEAD, also="vertex", part_of="scalp-back"),
    PlaceRow("scalp-side", tr("side of the scalp"), HEAD, sided=True, also="parietal temporal", part_of="scalp-back"),
    PlaceRow("scalp-back", tr("back of the scalp"), HEAD, also="occiput occipital"),
    PlaceRow("face", tr("face"), HEAD),
    PlaceRow("forehead", tr("forehead"), HEAD, part_of="face"),
    PlaceRow("temple", tr("temple"), HEAD, sided=True, part_of="face"),
    PlaceRow("eye", tr("eyelid or eye area"), HEAD, sided=True, also="periocular brow", part_of="face"),
    PlaceRow("nose", tr("nose"), HEAD, part_of="face"),
    PlaceRow("cheek", tr("cheek"), HEAD, sided=True, part_of="face"),
    PlaceRow("lips", tr("lips"), HEAD, also="mouth perioral", part_of="face"),
    PlaceRow("chin", tr("chin"), HEAD, part_of="face"),
    PlaceRow("jaw", tr("jaw"), HEAD, sided=True, also="mandible", part_of="face"),
    PlaceRow("ear", tr("ear"), HEAD, sided=True, also="helix auricle", part_of="face"),
    PlaceRow(
        "behind-ear", tr("skin behind the ear"), HEAD, sided=True, also="retroauricular mastoid", part_of="neck-back"
    ),
    PlaceRow("neck-front", tr("front of the neck"), HEAD, also="throat"),
    PlaceRow("neck-side", tr("side of the neck"), HEAD, sided=True, also="lateral", part_of="neck-front"),
    PlaceRow("neck-back", tr("back of the neck"), HEAD, also="nape"),
    PlaceRow("shoulder", tr("shoulder"), TRUNK, sided=True, also="deltoid"),
    PlaceRow("chest", tr("chest"), TRUNK, sided=True, also="breast pectoral"),
    PlaceRow("sternum", tr("breastbone"), TRUNK, also="sternum sternal presternal middle chest"),
    PlaceRow("armpit", tr("armpit"), TRUNK, sided=True, also="axilla"),
    PlaceRow("abdomen-upper", tr("upper abdomen"), TRUNK, sided=True, also="belly epigastric hypochondrium"),
    PlaceRow("abdomen-lower", tr("lower abdomen"), TRUNK, sided=True, also="belly"),
    PlaceRow("navel", tr("navel"), TRUNK, also="umbilicus belly button"),
    PlaceRow("flank", tr("flank"), TRUNK, sided=True, also="side lateral"),
    PlaceRow("groin", tr("groin"), TRUNK, sided=True, also="inguinal"),
    PlaceRow("scapula", tr("scapula"), TRUNK, sided=True, also="shoulder blade upper back"),
    PlaceRow("back-upper-middle", tr("between the shoulder blades"), TRUNK, also="upper back interscapular spine"),
    PlaceRow("back-middle", tr("middle of the back"), TRUNK, sided=True, also="thoracic"),
    PlaceRow("back-lower", tr("lower back"), TRUNK, sided=True, also="lumbar loin"),
    PlaceRow("sacrum", tr("sacral area"), TRUNK, also="sacrum tail bone"),
    PlaceRow("buttock", tr("buttock"), TRUNK, sided=True, also="gluteal"),
    PlaceRow("arm-upper-front", tr("anterior upper arm"), ARM, sided=True, also="front of the upper arm, biceps"),
    PlaceRow("arm-upper-back", tr("posterior upper arm"), ARM, sided=True, also="back of the upper arm, triceps"),
    PlaceRow("elbow-crease", tr("crook of the elbow"), ARM, sided=True, also="cubital fossa"),
    PlaceRow("elbow", tr("elbow"), ARM, sided=True),
    PlaceRow("forearm-front", tr("volar forearm"), ARM, sided=True, also="forearm palm side, inner wrist"),
    PlaceRow("forearm-back", tr("dorsal forearm"), ARM, sided=True, also="back of the forearm, extensor, outer wrist"),
    PlaceRow("palm", tr("palm"), ARM, sided=True, also="hand palmar acral"),
    PlaceRow("fingers-front", tr("palmar fingers"), ARM, True, "fingers palm side, hand, acral, thumb", "palm"),
    PlaceRow("hand-back", tr("back of the hand"), ARM, sided=True, also="dorsal dorsum"),
    PlaceRow("fingers-back", tr("dorsal fingers"), ARM, True, "back of the fingers, hand, thumb", "hand-back"),
    PlaceRow("thigh-front", tr("anterior thigh"), LEG, sided=True, also="front of the thigh"),
    PlaceRow("thigh-back", tr("posterior thigh"), LEG, sided=True, also="back of the thigh"),
    PlaceRow("knee", tr("knee"), LEG, sided=True),
    PlaceRow("knee-back", tr("hollow of the knee"), LEG, sided=True, also="popliteal"),
    PlaceRow("shin", tr("shin"), LEG, sided=True, also="anterior lower leg, front of the lower leg, tibia"),
    PlaceRow("calf", tr("calf"), LEG, sided=True, also="posterior lower leg, back of the lower leg"),
    PlaceRow("ankle", tr("ankle"), LEG, sided=True, also="malleolus"),
    PlaceRow("foot-back", tr("top of the foot"), LEG, sided=True, also="dorsum instep toes"),
    PlaceRow("heel", tr("heel"), LEG, sided=True, also="achilles sole"),
    PlaceRow("sole", tr("arch of the sole"), LEG, sided=True, also="foot plantar acral", part_of="heel"),
    PlaceRow(
        "sole-front", tr("ball of the foot"), LEG, sided=True, also="sole plantar acral forefoot", part_of="foot-back"
    ),
    PlaceRow(
        "toes-under", tr("underside of the toes"), LEG, sided=True, also="sole plantar acral", part_of="foot-back"
    ),
    *(PlaceRow(f"nail-{id_}", name, NAIL, True, f"finger {also}", "hand-back") for id_, name, also in _FINGERS),
    *(PlaceRow(f"nail-toe-{id_}", name, NAIL, True, f"toe {also}", "foot-back") for id_, name, also in _TOES),
    PlaceRow("genital", tr("genital area"), MUCOSA, also="pubic mons"),
    PlaceRow("vulva", tr("vulva"), MUCOSA, also="genital labia", part_of="genital"),
    PlaceRow("penis", tr("penis"), MUCOSA, also="genital glans", part_of="genital"),
    PlaceRow("scrotum", tr("scrotum"), MUCOSA, also="genital", part_of="genital"),
    PlaceRow("anal", tr("anal area"), MUCOSA, also="perianal perineum anus", part_of="sacrum"),
    PlaceRow("mouth", tr("inside of the mouth"), MUCOSA, also="oral mucosa tongue gum", part_of="face"),
)


def without_side(site: str) -> str:
    """Return the id of a place without its side.

    >>> without_side("sole-front-left")
    'sole-front'
    """
    return site.removesuffix(f"-{LEFT}").removesuffix(f"-{RIGHT}")


@cache
def places(translated: Callable[[str], str] = str) -> dict[str, BodyPlace]:
    """Return every place by id, in the order of the table, right before left, in the words of the table or as `translated`."""
    made = {}
    for row in ROWS:
        for side in (RIGHT, LEFT) if row.sided else ("",):
            bare, id_ = translated(row.name), f"{row.id}-{side}" if side else row.id
            name = translated(_SIDED[side]).format(place=bare) if side else bare
            side_words = translated(_SIDED[side]).format(place="") if side else ""
            part_of = f"{row.part_of}-{side}" if side and f"{row.part_of}-{side}" in made else row.part_of
            group = translated(row.group)
            also = f"{row.also.replace(',', ' ')} {group}"
            made[id_] = BodyPlace(id_, name, group, part_of, identity(bare), identity(side_words), identity(also))
    return made
