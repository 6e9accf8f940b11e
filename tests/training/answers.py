"""Answers of folds that the tests make up: as sure as they are right, or as many times too sure as is asked for."""

import numpy as np

from training.folds.out_of_fold import Held, OutOfFold

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


def made_up(count: int = 900, folds: int = 3, too_sure: float = 1.0, seed: int = 0) -> OutOfFold:
    """Draw labels from known probabilities; two images make a group, and every other picture has a second copy."""
    random = np.random.default_rng(seed)
    logits = random.normal(0, 2, (count, len(NINE)))
    logits[1::4] = logits[::4]
    true = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    truth = [int(random.choice(len(NINE), p=row)) for row in true]
    truth[1::4] = truth[::4]
    powers = np.exp(logits * too_sure)
    images = tuple(
        Held(
            image=f"ISIC_{place - (place % 4 == 1):07}",
            copy="large" if place % 4 == 1 else "small",
            source="HAM10000" if place % 3 else "ISIC 2017",
            group=place // 2,
            age=str(float(30 + place % 50)) if place % 5 else "",
            sex=("male", "female")[place % 2],
            site="trunk" if place % 3 else "",
            fold=1 + place // 2 % folds,
            label=NINE[label],
        )
        for place, label in enumerate(truth)
    )
    return OutOfFold(NINE, images, powers / powers.sum(axis=1, keepdims=True), random.gamma(20, 0.05, count))
