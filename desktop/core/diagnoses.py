"""What a clinician can enter for a lesion: the nine labels by key, a longer searchable list, confidence and plan.

A diagnosis is stored by its id, or as it was typed. Statistics count it under a label that the user chooses; the list proposes
one only where pathology leaves no choice.
"""

import re
from collections.abc import Sequence
from functools import cache

from desktop.core.frozen import frozen
from desktop.core.labels import BY_ID, KNOWN_LABELS, MELANOMA, Malignancy
from desktop.core.marking import tr
from desktop.core.text_matching import identity

UNCERTAIN_POTENTIAL = "uncertain_malignant_potential"
"""Stored in place of a label: statistics count such a lesion neither as malignant nor as benign."""

OTHER_MALIGNANT, OTHER_BENIGN = "other_malignant", "other_benign"
"""Stored in place of a label where the user says that a diagnosis is malignant, or benign, and none of the labels."""

COLLISION = "collision"

NO_RESIDUAL_TUMOUR = "no_residual_tumour"
"""Of a further specimen, such as a re-excision: it does not say what the lesion is, and stands behind every other finding."""


@frozen
class Term:
    """An item to choose: its id as stored, its name, and other words that find it.

    `counts_as` is the label, or `UNCERTAIN_POTENTIAL`, that is proposed for statistics; None if the user must choose.
    """

    id: str
    name: str
    also: str = ""
    counts_as: str | None = None


_ALSO = {
    MELANOMA: tr("malignant melanoma, MM"),
    "squamous_cell_carcinoma": tr("SCC, cSCC, spinalioma"),
    "basal_cell_carcinoma": tr("BCC, basalioma"),
    "actinic_keratosis": tr("AK, solar keratosis"),
    "nevus": tr("naevus, melanocytic nevus, melanocytic naevus"),
    "seborrheic_keratosis": tr("SK, seb K, seborrhoeic keratosis"),
    "dermatofibroma": tr("DF"),
}
"""Other words for the labels. An abbreviation that stands for two diagnoses, as PG does, is left out here and below."""

BY_KEY = tuple(Term(label.id, label.name, _ALSO.get(label.id, ""), label.id) for label in KNOWN_LABELS)
"""The diagnoses on the keys 1 to 9, in the order of the result, the most serious first."""

_CARCINOMA = "squamous_cell_carcinoma"

OTHERS = (
    Term("undecided", tr("Undecided"), tr("do not know, unclear, differential")),
    Term("melanoma_in_situ", tr("Melanoma in situ"), tr("MIS"), MELANOMA),
    Term("lentigo_maligna", tr("Lentigo maligna"), tr("LM, Hutchinson"), MELANOMA),
    Term("lentigo_maligna_melanoma", tr("Lentigo maligna melanoma"), tr("LMM"), MELANOMA),
    Term("superficial_spreading_melanoma", tr("Superficial spreading melanoma"), tr("SSM"), MELANOMA),
    Term("nodular_melanoma", tr("Nodular melanoma"), tr("NM"), MELANOMA),
    Term("amelanotic_melanoma", tr("Amelanotic melanoma"), tr("hypomelanotic melanoma"), MELANOMA),
    Term("acral_melanoma", tr("Acral lentiginous melanoma"), tr("ALM, acral melanoma, subungual melanoma"), MELANOMA),
    Term("melanoma_metastasis", tr("Melanoma metastasis"), tr("metastatic melanoma"), MELANOMA),
    Term(
        "atypical_spitz",
        tr("Atypical Spitz tumour"),
        tr("Spitz tumour, Spitz melanocytoma, STUMP"),
        UNCERTAIN_POTENTIAL,
    ),
    Term(
        "meltump",
        tr("Melanocytic tumour of uncertain malignant potential"),
        tr("MELTUMP"),
        UNCERTAIN_POTENTIAL,
    ),
    Term(
        "high_grade_dysplasia",
        tr("High-grade dysplastic nevus"),
        tr("high-grade dysplasia, severely dysplastic nevus, severe dysplasia"),
        UNCERTAIN_POTENTIAL,
    ),
    Term(
        "atypical_melanocytic_proliferation",
        tr("Atypical melanocytic proliferation"),
        tr("AMP, SAMPUS, IAMPUS"),
        UNCERTAIN_POTENTIAL,
    ),
    Term("solar_lentigo", tr("Solar lentigo"), tr("lentigo solaris, lentigo senilis")),
    Term("lentigo_simplex", tr("Lentigo simplex")),
    Term("ink_spot_lentigo", tr("Ink-spot lentigo"), tr("reticulated lentigo")),
    Term("spitz_nevus", tr("Spitz nevus"), tr("Spitz tumour")),
    Term("reed_nevus", tr("Reed nevus"), tr("pigmented spindle cell nevus")),
    Term(
        "atypical_nevus",
        tr("Atypical nevus"),
        tr("dysplastic nevus, low-grade dysplastic nevus, low-grade dysplasia, Clark"),
    ),
    Term("blue_nevus", tr("Blue nevus")),
    Term("congenital_nevus", tr("Congenital nevus")),
    Term("dermal_nevus", tr("Dermal nevus"), tr("Unna, Miescher")),
    Term("halo_nevus", tr("Halo nevus"), tr("Sutton")),
    Term("recurrent_nevus", tr("Recurrent nevus"), tr("persistent nevus")),
    Term("combined_nevus", tr("Combined nevus")),
    Term("acral_nevus", tr("Acral nevus"), tr("palm, sole")),
    Term("nevus_spilus", tr("Nevus spilus"), tr("speckled lentiginous nevus")),
    Term("melanonychia", tr("Melanonychia"), tr("nail matrix")),
    Term("mucosal_melanosis", tr("Mucosal melanosis"), tr("melanotic macule")),
    Term("bowen_disease", tr("Bowen's disease"), tr("SCC in situ, SCCIS, squamous cell carcinoma in situ"), _CARCINOMA),
    Term("keratoacanthoma", tr("Keratoacanthoma"), tr("KA"), _CARCINOMA),
    Term("actinic_cheilitis", tr("Actinic cheilitis")),
    Term("merkel_cell_carcinoma", tr("Merkel cell carcinoma"), tr("MCC")),
    Term("extramammary_paget", tr("Extramammary Paget's disease"), tr("EMPD")),
    Term("cutaneous_metastasis", tr("Cutaneous metastasis")),
    Term("cutaneous_lymphoma", tr("Cutaneous lymphoma"), tr("CTCL, mycosis fungoides")),
    Term("kaposi_sarcoma", tr("Kaposi's sarcoma")),
    Term("dermatofibrosarcoma", tr("Dermatofibrosarcoma protuberans"), tr("DFSP")),
    Term("lichen_planus_like_keratosis", tr("Lichen planus-like keratosis"), tr("benign lichenoid keratosis, LPLK")),
    Term("clear_cell_acanthoma", tr("Clear cell acanthoma"), tr("Degos")),
    Term("porokeratosis", tr("Porokeratosis")),
    Term("viral_wart", tr("Viral wart"), tr("verruca, HPV")),
    Term("molluscum", tr("Molluscum contagiosum")),
    Term("sebaceous_hyperplasia", tr("Sebaceous hyperplasia")),
    Term("cherry_angioma", tr("Cherry angioma"), tr("haemangioma, senile angioma")),
    Term("angiokeratoma", tr("Angiokeratoma")),
    Term("pyogenic_granuloma", tr("Pyogenic granuloma")),
    Term("haemorrhage", tr("Haemorrhage"), tr("haematoma, subungual, subcorneal, black heel")),
    Term("venous_lake", tr("Venous lake")),
    Term("lymphangioma", tr("Lymphangioma")),
    Term("fibrous_papule", tr("Fibrous papule"), tr("angiofibroma")),
    Term("neurofibroma", tr("Neurofibroma")),
    Term("fibroma_pendulum", tr("Soft fibroma"), tr("skin tag, acrochordon")),
    Term("keloid", tr("Keloid or scar"), tr("keloid, scar, hypertrophic scar")),
    Term(NO_RESIDUAL_TUMOUR, tr("No residual tumour"), tr("re-excision without tumour, no tumour, tumour-free")),
    Term("trichoepithelioma", tr("Trichoepithelioma"), tr("trichoblastoma")),
    Term("pilomatricoma", tr("Pilomatricoma")),
    Term("poroma", tr("Poroma"), tr("sweat gland tumour")),
    Term("nevus_sebaceus", tr("Nevus sebaceus"), tr("Jadassohn")),
    Term("epidermal_nevus", tr("Epidermal nevus")),
    Term("epidermoid_cyst", tr("Epidermoid cyst"), tr("atheroma")),
    Term(COLLISION, tr("Collision of two lesions"), tr("collision, collision tumour")),
    Term("psoriasis", tr("Psoriasis")),
    Term("eczema", tr("Eczema"), tr("dermatitis")),
    Term("lichen_planus", tr("Lichen planus")),
    Term("lupus", tr("Lupus erythematosus")),
    Term("tinea", tr("Tinea"), tr("mycosis, fungus")),
    Term("normal_skin", tr("Normal skin")),
)
"""The longer list, in the order shown before anything is typed. A search also looks in `also`."""

CONFIDENCES = (Term("low", tr("Low")), Term("medium", tr("Medium")), Term("high", tr("High")))

PLANS = (
    Term("none", tr("None")),
    Term("follow-up", tr("Follow-up")),
    Term("biopsy or excision", tr("Biopsy or excision")),
    Term("refer", tr("Refer")),
)
"""The plans that an assessment may have (`desktop.core.records.people`), in the order of the form.

An empty plan was not entered, which differs from a plan to do nothing.
"""

CHANGES = (
    Term("changed", tr("Changed")),
    Term("unchanged", tr("Unchanged")),
    Term("cannot tell", tr("Cannot tell")),
)
"""What a follow-up may find compared with the visits before; nothing is preset, and no answer of a model proposes any."""

NEEDS_PLAN = {"changed", "cannot tell"}
"""The findings that need a plan; a plan to do nothing is one."""

_WORST_FIRST = (
    *(label.id for label in KNOWN_LABELS if label.malignancy is Malignancy.MALIGNANT),
    UNCERTAIN_POTENTIAL,
    *(label.id for label in KNOWN_LABELS if label.malignancy is not Malignancy.MALIGNANT),
)

_MALIGNANT_LABELS = frozenset(label.id for label in KNOWN_LABELS if label.malignancy is Malignancy.MALIGNANT)
_MALIGNANT = frozenset(
    {
        "merkel_cell_carcinoma",
        "extramammary_paget",
        "cutaneous_metastasis",
        "cutaneous_lymphoma",
        "kaposi_sarcoma",
        "dermatofibrosarcoma",
    }
)
"""The malignant diagnoses that are counted under no label."""

_MALIGNANT_WORDS = re.compile(r"melanom|[ck]ar[cz]inom|sar[ck]om|lymphom|metasta|basaliom")

_NEVI = {
    "spitz_nevus",
    "reed_nevus",
    "atypical_nevus",
    "blue_nevus",
    "congenital_nevus",
    "dermal_nevus",
    "halo_nevus",
    "recurrent_nevus",
    "combined_nevus",
    "acral_nevus",
    "nevus_spilus",
}
"""The melanocytic nevi of the longer list; an epidermal nevus and a nevus sebaceus are none."""

_OPEN = {"undecided", COLLISION}
"""Terms that say neither malignant nor benign, which only the user can."""

_INVASIVE = {
    MELANOMA,
    "lentigo_maligna_melanoma",
    "superficial_spreading_melanoma",
    "nodular_melanoma",
    "amelanotic_melanoma",
    "acral_melanoma",
}

_NAMES = {term.id: term.name for term in (*BY_KEY, *OTHERS)}
_PLAN_NAMES = {term.id: term.name for term in PLANS}
_CONFIDENCE_NAMES = {term.id: term.name for term in CONFIDENCES}


def diagnosis_name(diagnosis: str) -> str:
    """Return the name of a stored diagnosis; one that was typed is its own name."""
    return _NAMES.get(diagnosis, diagnosis)


def plan_name(plan: str) -> str:
    """Return the name of a stored plan."""
    return _PLAN_NAMES.get(plan, plan)


def confidence_name(confidence: str) -> str:
    """Return the name of a stored confidence."""
    return _CONFIDENCE_NAMES.get(confidence, confidence)


@frozen
class TypedDiagnosis:
    """The meaning of a typed text.

    `diagnosis` is what is stored: the id of the term with that name, or the text itself if no term begins with it. It is
    empty while the text is only the beginning of some terms; `begun` then holds the ids of all terms with it in a name, which
    are those that a search offers.
    """

    diagnosis: str
    begun: tuple[str, ...] = ()


def read_diagnosis(text: str, terms: Sequence[Term] = (*BY_KEY, *OTHERS)) -> TypedDiagnosis:
    """Return the meaning of a text. Half a word is no diagnosis, nor is a word that several diagnoses share.

    Args:
        text: what was typed.
        terms: what is on the list, in the user's language.
    """
    wanted = identity(text)
    if not wanted:
        return TypedDiagnosis("")
    for called in (_is_named, _is_also):
        exact = [term.id for term in terms if called(term, wanted)]
        if len(exact) == 1:
            return TypedDiagnosis(exact[0])
    if not any(word.startswith(wanted) for term in terms for word in _words(term)):
        return TypedDiagnosis(" ".join(text.split()))
    return TypedDiagnosis("", tuple(term.id for term in terms if any(wanted in word for word in _words(term))))


def counts_as(diagnosis: str, terms: Sequence[Term] = (*BY_KEY, *OTHERS)) -> str | None:
    """Return the label that is proposed for a diagnosis in statistics, or None.

    A typed collision, such as "basal cell carcinoma + nevus", counts as its worst part.

    Args:
        diagnosis: as stored.
        terms: what is on the list, in the user's language.
    """
    proposed = {term.id: term.counts_as for term in terms}
    if diagnosis in proposed:
        return proposed[diagnosis]
    parts = [proposed.get(read_diagnosis(part, terms).diagnosis) for part in re.split(r"[+/]", diagnosis)]
    found = [part for part in parts if part is not None]
    return min(found, key=_WORST_FIRST.index) if len(found) == len(parts) else None


def needs_label(diagnosis: str) -> bool:
    """Return whether only the user can say what a diagnosis counts as: an open term, or a text that names nothing listed.

    Args:
        diagnosis: as stored.
    """
    diagnosis = _listed(diagnosis)
    return bool(diagnosis) and counts_as(diagnosis) is None and (diagnosis not in _NAMES or diagnosis in _OPEN)


def is_invasive_melanoma(diagnosis: str, label: str | None) -> bool:
    """Return whether a diagnosis is a primary invasive melanoma, which has a Breslow thickness.

    Args:
        diagnosis: as stored; a text that was typed is judged by its words.
        label: its label in statistics, which decides for a collision and for a typed text without the word melanoma.
    """
    diagnosis = _listed(diagnosis)
    if diagnosis in _NAMES and diagnosis != COLLISION:
        return diagnosis in _INVASIVE
    words = identity(diagnosis)
    if re.search(r"\bin[ -]situ\b|metasta", words):
        return False
    return "melanom" in words or (label == MELANOMA and "lentigo maligna" not in words)


def is_malignant(diagnosis: str, label: str | None) -> bool | None:
    """Return whether a diagnosis is malignant, in situ included; None if it does not say, or its potential is uncertain.

    Args:
        diagnosis: as stored. A text that was typed, without a label, is malignant if a word of it is; else it does not say.
        label: its label in statistics, which decides where there is one.
    """
    diagnosis = _listed(diagnosis)
    counted = label or counts_as(diagnosis)
    if counted in {OTHER_MALIGNANT, OTHER_BENIGN}:
        return counted == OTHER_MALIGNANT
    if counted == UNCERTAIN_POTENTIAL or (counted is None and diagnosis in {*_OPEN, NO_RESIDUAL_TUMOUR}):
        return None
    if counted is not None:
        known = BY_ID.get(counted)
        return None if known is None else counted in _MALIGNANT_LABELS
    if diagnosis in _NAMES:
        return diagnosis in _MALIGNANT
    return True if _MALIGNANT_WORDS.search(identity(diagnosis)) else None


LEAST_MALIGNANT = 2
"""The least `severity` of a malignant finding."""


@cache
def severity(diagnosis: str, label: str | None) -> int:
    """Return how bad a finding is: of several specimens of one lesion the worst, with the greatest number, says what it is.

    Malignant findings come before those that are not known to be benign, and these before benign ones; that there is no
    residual tumour comes last. Of malignant ones a melanoma is the worst, an invasive one before one in situ; the others
    follow in the order of the labels.
    """
    if _listed(diagnosis) == NO_RESIDUAL_TUMOUR:
        return -1
    verdict = is_malignant(diagnosis, label)
    if not verdict:
        return 1 if verdict is None else 0
    counted = label or counts_as(_listed(diagnosis))
    rank = _WORST_FIRST.index(counted) if counted in _MALIGNANT_LABELS else len(_MALIGNANT_LABELS)
    return 2 * (len(_MALIGNANT_LABELS) - rank) + LEAST_MALIGNANT + is_invasive_melanoma(diagnosis, label)


def is_melanoma(diagnosis: str, label: str | None) -> bool:
    """Return whether statistics count a diagnosis, as stored, with its label if it has one, as melanoma, in situ included."""
    return (label or counts_as(_listed(diagnosis))) == MELANOMA


def is_nevus(diagnosis: str, label: str | None) -> bool:
    """Return whether a diagnosis, as stored, is a melanocytic nevus; its label in statistics decides where there is one."""
    diagnosis = _listed(diagnosis)
    counted = label or counts_as(diagnosis)
    return counted == "nevus" or (counted in {None, OTHER_BENIGN} and diagnosis in _NEVI)


def _listed(diagnosis: str) -> str:
    """Return the id of a diagnosis that was kept as typed, perhaps before its word was on the list; else the diagnosis."""
    return diagnosis if diagnosis in _NAMES else read_diagnosis(diagnosis).diagnosis or diagnosis


def _is_named(term: Term, wanted: str) -> bool:
    return identity(term.name) == wanted


def _is_also(term: Term, wanted: str) -> bool:
    return wanted in _words(term)


def _words(term: Term) -> tuple[str, ...]:
    return tuple(identity(word) for word in (term.name, *term.also.split(",")) if word)
