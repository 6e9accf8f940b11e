"""Alerts for models that tests write."""

import dataclasses

from desktop.core.inference.alerts import Alert, AlertPoint, AlertTerm

ALWAYS, NEVER = -1e6, 1e6
"""Thresholds that every answer reaches, and none."""

POINT = AlertPoint(0.95, ALWAYS, 190, 200, 100, 200, 30, 100, 2, 400)
MELANOMA = Alert(
    "melanoma",
    "Melanoma alert",
    ("melanoma",),
    0.5,
    (AlertTerm(("melanoma",), 1.0), AlertTerm(("pigmented_benign_keratosis", "seborrheic_keratosis"), -0.5)),
    "held-out images",
    (POINT,),
    (0.95,),
    0.95,
)


def at_two_points(alert: Alert, default: float, other: float) -> Alert:
    """Return an alert whose thresholds for 95 % (its default) and 98 % are these; at 98 % it finds 4 more and costs more."""
    points = (
        dataclasses.replace(POINT, threshold=default),
        AlertPoint(0.98, other, 194, 200, 140, 200, 45, 100, 5, 400),
    )
    return dataclasses.replace(alert, curve=points, working_points=(0.95, 0.98))


def melanoma_alert(threshold: float) -> Alert:
    """Return an alert for melanoma that is raised from this score on: of 200 melanomas 190 raised it, of 200 nevi 100."""
    return dataclasses.replace(MELANOMA, curve=(dataclasses.replace(POINT, threshold=threshold),))


def cancer_alert(threshold: float) -> Alert:
    """Return an alert for skin cancer: of 200 it found 190, and of 300 other lesions 130 raised it."""
    labels = ("melanoma", "basal_cell_carcinoma", "squamous_cell_carcinoma")
    return dataclasses.replace(melanoma_alert(threshold), id="malignant", name="Skin cancer alert", labels=labels)
