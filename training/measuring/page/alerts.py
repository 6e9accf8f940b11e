"""The section on alerts: what they do to lesions that were biopsied, and to all others."""

from collections.abc import Callable, Mapping, Sequence

from desktop.core.statistics.bootstrap import Estimate
from training.formatting import NOT_MEASURED, Rows, format_estimate, side_by_side
from training.judging.alerts import ALERT_KINDS
from training.measuring.alert_figures import FEWEST, AlertFigures, AlertRow, LesionShare
from training.measuring.card_figures import CardFigures

SIDES = {"melanoma": ("melanomas", "nevi", "other"), "malignant": ("malignant", "nevi", "other benign")}
"""The column headings of an alert's own labels, of nevi and of all other lesions, by alert id."""


def alerts(all_figures: Sequence[CardFigures]) -> list[str]:
    """Return the section; one sentence where nothing was biopsied."""
    known = {figures.id: figures.name for one in all_figures for figures in one.alerts}
    if not known:
        return ["Not measured: too few of the lesions held out are known to be biopsied."]
    made = [
        (
            "The unit is the lesion: its images count once, by their mean score. Intervals are 95 %, by bootstrap over "
            "lesions, or Clopper and Pearson's for none or all. Calibration, score and threshold are cross-fitted: those "
            "applied to a lesion were fitted on the other nine tenths of the held-out lesions; the shipped model has them "
            "fitted in the same way on all. The weights of the fit were chosen by one person on these same lesions. Metastases "
            f"of melanoma are left out. There are no rates for fewer than {FEWEST} lesions. Patients are not known: lesions of "
            "one patient count as independent."
        )
    ]
    for alert, name in known.items():
        own = {one.name: next((found for found in one.alerts if found.id == alert), None) for one in all_figures}
        positives, nevi, others = SIDES[alert]
        counts = [positives, nevi, others]
        told = [
            f"AUC against {nevi}",
            f"AUC against {others}",
            f"{positives} found",
            f"{nevi}: raised",
            f"{others}: raised",
        ]
        default = f"{100 * next(kind.default for kind in ALERT_KINDS if kind.id == alert):.0f} %"
        made += [
            f"### {name}, biopsied lesions",
            side_by_side(["", *counts], told[:2], _told(own, _areas)),
            (
                "Working points, by the sensitivity that their thresholds were set for; nevi proved benign by follow-up have a "
                "column of their own:"
            ),
            side_by_side(["set for"], [*told[2:], "followed nevi: raised"], _told(own, _points)),
            f"### {name}, parts of the biopsied lesions, set for {default}",
            side_by_side(["by", "", *counts], told, _told(own, lambda found: _rows(found.parts))),
            f"### {name}, all images, set for {default}",
            side_by_side(["", "", *counts], told, _told(own, lambda found: _rows(found.wider))),
        ]
    return made


def nevus_proofs(all_figures: Sequence[CardFigures]) -> list[str]:
    """Return the section on how well embeddings separate followed-up from biopsied nevi."""
    rows: dict[str, Rows] = {
        one.name: {
            (found.source, str(found.followed), str(found.biopsied)): [area(found.auc)]
            for found in (one.probed.nevus_proofs if one.probed else ())
        }
        for one in all_figures
    }
    if not any(rows.values()):
        return ["Not measured: no network was asked for the embeddings of such nevi."]
    return [
        (
            "Followed-up nevi may come from another device than biopsied ones; a network can then learn the device and not the "
            "lesion. This is how much of that its embedding holds: the AUC of a logistic regression on the embeddings of "
            "held-out nevi, cross-validated by lesion in ten parts. 0.5 is chance. Intervals are by bootstrap over lesions."
        ),
        side_by_side(["source", "followed nevi", "biopsied nevi"], ["AUC, followed against biopsied"], rows),
    ]


def _told(own: Mapping[str, AlertFigures | None], rows: Callable[[AlertFigures], Rows]) -> dict[str, Rows]:
    """Return the rows of each network by its name; a network without the alert has none."""
    return {name: {} if found is None else rows(found) for name, found in own.items()}


def _areas(figures: AlertFigures) -> Rows:
    row = figures.biopsied
    about = row.value, str(row.positives), str(row.nevi), str(row.others)
    return {about: [area(row.auc_nevi), area(row.auc_others)]}


def _points(figures: AlertFigures) -> Rows:
    return {
        (f"{100 * point.aim:.0f} %",): [
            share(one) for one in (point.found, point.nevi_raised, point.others_raised, point.followed_raised)
        ]
        for point in figures.points
    }


def _rows(rows: Sequence[AlertRow]) -> Rows:
    return {
        (row.part, row.value, str(row.positives), str(row.nevi), str(row.others)): [
            area(row.auc_nevi),
            area(row.auc_others),
            *(share(one) for one in (row.found, row.nevi_raised, row.others_raised)),
        ]
        for row in rows
    }


def area(one: Estimate | None) -> str:
    """Return an area with its interval, or a dash."""
    return format_estimate(one, is_share=False)


def share(one: LesionShare | None) -> str:
    """Return k of n with its interval, or a dash."""
    if one is None:
        return NOT_MEASURED
    return f"{one.k} / {one.n} = {100 * one.k / one.n:.1f} % ({100 * one.low:.1f} – {100 * one.high:.1f})"
