"""Codes of places: every place of the body map has one, and each is what SNOMED CT in DICOM means by it."""

from pydicom.sr.codedict import codes

from desktop.core.exchange.anatomic_sites import LEFT, RIGHT, AnatomicSite, SnomedCode, anatomic_site
from desktop.widgets.common.body_places import places


def test_every_place_of_the_body_map_has_a_code_with_its_side() -> None:
    for place in places():
        found = anatomic_site(place)
        assert found is not None, place
        side = {"left": LEFT, "right": RIGHT}.get(place.rpartition("-")[2])
        assert found.side == side, place
        assert found.is_paired == (side is not None), place


def test_each_code_means_in_dicom_what_it_means_here() -> None:
    meanings = {code.value: code.meaning for group in (4029, 4031, 4, 244) for code in _codes(group)}
    sites = [site for place in places() if (site := anatomic_site(place))]
    for code in {site.region for site in sites} | {LEFT, RIGHT}:
        assert meanings[code.value] == code.meaning


def test_a_site_in_other_words_has_no_code() -> None:
    assert [anatomic_site(site) for site in ("", "hand of Anna", "left", "-left", "scapula", "back")] == [
        *(None, None, None, None),
        AnatomicSite(SnomedCode("699893008", "Skin of back of upper thoracic region")),
        None,
    ]


def _codes(group: int) -> list[SnomedCode]:
    cid = getattr(codes, f"cid{group}")
    return [
        SnomedCode(code.value, code.meaning)
        for name in cid.dir()
        if (code := getattr(cid, name)).scheme_designator == "SCT"
    ]
