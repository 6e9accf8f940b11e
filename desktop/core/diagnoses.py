"""What a clinician may say of a lesion: the nine labels by key, a longer list to search, confidence and plan.

A diagnosis is kept by the id it has here, or as it was typed. Which label a diagnosis counts as, only the user says: the
longer list names none, for an archive's labels hold what its curators put into them.
"""

from dataclasses import dataclass

from desktop.core.labels import KNOWN_LABELS
from desktop.core.marking import tr


@dataclass(frozen=True)
class Term:
    """Something that can be chosen: its id as it is kept, its name, and other words by which it is found."""

    id: str
    name: str
    also: str = ""


BY_KEY = tuple(Term(label.id, label.name) for label in KNOWN_LABELS)
"""The diagnoses on the keys 1 to 9, in the order of the result."""

OTHERS = (
    Term("undecided", tr("Undecided"), tr("do not know, unclear, differential")),
    Term("lentigo_maligna", tr("Lentigo maligna"), tr("melanoma in situ, Hutchinson")),
    Term("melanoma_in_situ", tr("Melanoma in situ")),
    Term("nodular_melanoma", tr("Nodular melanoma")),
    Term("amelanotic_melanoma", tr("Amelanotic melanoma"), tr("hypomelanotic")),
    Term("acral_melanoma", tr("Acral lentiginous melanoma"), tr("subungual")),
    Term("melanoma_metastasis", tr("Melanoma metastasis")),
    Term("solar_lentigo", tr("Solar lentigo"), tr("lentigo solaris, lentigo senilis")),
    Term("lentigo_simplex", tr("Lentigo simplex")),
    Term("ink_spot_lentigo", tr("Ink-spot lentigo"), tr("reticulated lentigo")),
    Term("spitz_nevus", tr("Spitz nevus"), tr("Spitz tumour")),
    Term("reed_nevus", tr("Reed nevus"), tr("pigmented spindle cell nevus")),
    Term("atypical_nevus", tr("Atypical nevus"), tr("dysplastic nevus, Clark")),
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
    Term("bowen_disease", tr("Bowen's disease"), tr("squamous cell carcinoma in situ")),
    Term("keratoacanthoma", tr("Keratoacanthoma")),
    Term("actinic_cheilitis", tr("Actinic cheilitis")),
    Term("merkel_cell_carcinoma", tr("Merkel cell carcinoma")),
    Term("extramammary_paget", tr("Extramammary Paget's disease")),
    Term("cutaneous_metastasis", tr("Cutaneous metastasis")),
    Term("cutaneous_lymphoma", tr("Cutaneous lymphoma"), tr("mycosis fungoides")),
    Term("kaposi_sarcoma", tr("Kaposi's sarcoma")),
    Term("dermatofibrosarcoma", tr("Dermatofibrosarcoma protuberans")),
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
    Term("keloid", tr("Keloid or scar"), tr("hypertrophic scar")),
    Term("trichoepithelioma", tr("Trichoepithelioma"), tr("trichoblastoma")),
    Term("pilomatricoma", tr("Pilomatricoma")),
    Term("poroma", tr("Poroma"), tr("sweat gland tumour")),
    Term("nevus_sebaceus", tr("Nevus sebaceus"), tr("Jadassohn")),
    Term("epidermal_nevus", tr("Epidermal nevus")),
    Term("epidermoid_cyst", tr("Epidermoid cyst"), tr("atheroma")),
    Term("collision", tr("Collision of two lesions")),
    Term("psoriasis", tr("Psoriasis")),
    Term("eczema", tr("Eczema"), tr("dermatitis")),
    Term("lichen_planus", tr("Lichen planus")),
    Term("lupus", tr("Lupus erythematosus")),
    Term("tinea", tr("Tinea"), tr("mycosis, fungus")),
    Term("normal_skin", tr("Normal skin")),
)
"""The longer list, in the order in which it is shown before anything is typed; it is searched by `also` as well."""

CONFIDENCES = (Term("low", tr("Low")), Term("medium", tr("Medium")), Term("high", tr("High")))

PLANS = (
    Term("none", tr("None")),
    Term("follow-up", tr("Follow-up")),
    Term("biopsy or excision", tr("Biopsy or excision")),
    Term("refer", tr("Refer")),
)
"""The plans that an assessment may have (`desktop.core.records.people`), in the order of the form.

An empty plan is one that was not said, which is not the same as none.
"""

_NAMES = {term.id: term.name for term in (*BY_KEY, *OTHERS)}
_PLAN_NAMES = {term.id: term.name for term in PLANS}
_CONFIDENCE_NAMES = {term.id: term.name for term in CONFIDENCES}


def diagnosis_name(diagnosis: str) -> str:
    """Return the name of a diagnosis as it is kept; one that was typed is its own name."""
    return _NAMES.get(diagnosis, diagnosis)


def plan_name(plan: str) -> str:
    """Return the name of a plan as it is kept."""
    return _PLAN_NAMES.get(plan, plan)


def confidence_name(confidence: str) -> str:
    """Return the name of a confidence as it is kept."""
    return _CONFIDENCE_NAMES.get(confidence, confidence)


def diagnosis_of(text: str, names: dict[str, str] | None = None) -> str:
    """Return what is kept of a diagnosis that was typed: the id of the term that is called so, else the text itself."""
    wanted = text.strip()
    names = names or {}
    for term in (*BY_KEY, *OTHERS):
        if names.get(term.id, term.name).casefold() == wanted.casefold():
            return term.id
    return wanted
