"""Random answers to held-out images: calibrated, or overconfident by a given factor."""

import numpy as np

from training.judging.held_out import BIOPSIED, FOLLOWED, HeldOutAnswers, HeldOutImage

NINE = (
    "actinic_keratosis",
    "basal_cell_carcinoma",
    "dermatofibroma",
    "melanoma",
    "nevus",
    "pigmented_benign_keratosis",
    "seborrheic_keratosis",
    "squamous_cell_carcinoma",
    "vascular_lesion",
)


def made_up(count: int = 900, too_sure: float = 1.0, seed: int = 0, *, is_proved: bool = False) -> HeldOutAnswers:
    """Draw labels from known probabilities; two images make a group.

    With `is_proved`, every fourth group of nevi was followed up and all others were biopsied.
    """
    random = np.random.default_rng(seed)
    logits = random.normal(0, 2, (count, len(NINE)))
    logits[1::2] = logits[::2] + random.normal(0, 0.3, logits[::2].shape)
    true = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    truth = [int(random.choice(len(NINE), p=row)) for row in true]
    truth[1::2] = truth[::2]
    powers = np.exp(logits * too_sure)
    images = tuple(
        HeldOutImage(
            image=f"ISIC_{place:07}",
            lesion=f"IL_{place // 2:05}",
            group=place // 2,
            source="HAM10000" if place // 2 % 3 else "MILK10k",
            diagnosis=("Melanoma in situ", "Melanoma Invasive")[place // 2 % 2] if NINE[label] == "melanoma" else "",
            confirmed_by=_proof(NINE[label], place // 2) if is_proved else "",
            label=NINE[label],
            age=str(float(30 + place // 2 % 50)) if place // 2 % 5 else "",
            sex=("male", "female")[place // 2 % 2],
            site="trunk" if place // 2 % 3 else "",
            skin_tone=str(place // 2 % 6) if place // 2 % 3 == 0 else "",
        )
        for place, label in enumerate(truth)
    )
    return HeldOutAnswers(NINE, images, powers / powers.sum(axis=1, keepdims=True), random.gamma(20, 0.05, count))


def _proof(label: str, group: int) -> str:
    return FOLLOWED if label == "nevus" and group % 4 == 0 else BIOPSIED
