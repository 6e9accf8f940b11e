"""The section on sources left out of training: networks of the same recipe, tested on a source that they never saw."""

from collections.abc import Sequence

from training.formatting import Rows, format_estimate, side_by_side
from training.judging.alerts import ALERT_KINDS
from training.measuring.alert_figures import AlertRow, LesionShare
from training.measuring.card_figures import CardFigures
from training.measuring.page.alerts import SIDES, area, share
from training.measuring.unseen import UnseenAlert


def left_out(all_figures: Sequence[CardFigures]) -> list[str]:
    """Return the section; one sentence if no training left a source out."""
    if not any(one.unseen for one in all_figures):
        return ["Not measured: no training of these recipes left a source out."]
    about: dict[str, Rows] = {
        one.name: {
            (f"{found.kind} {found.value}", str(found.images), str(found.lesions)): [
                str(found.epochs),
                f"{found.pixels} × {found.pixels}",
                str(found.held_out),
                format_estimate(found.novelty, is_share=False),
            ]
            for found in one.unseen
        }
        for one in all_figures
    }
    made = [
        (
            "Each source was left out of a training of its own: the same recipe, with the epochs and pixels of this table. No "
            "image of the source, and no image of its lesions in another source, was used to train or to set a threshold. "
            "Calibration, score and threshold are fitted on the images held out of the other sources; the rows on these images "
            "are cross-fitted, and show what the shorter schedule alone costs. The unit is the lesion. Novelty: its AUC for "
            "left-out against held-out images."
        ),
        side_by_side(
            ["left out", "images", "lesions"],
            ["epochs", "input, pixels", "images held out of the rest", "novelty, AUC"],
            about,
        ),
    ]
    for kind in ALERT_KINDS:
        positives, nevi, others = SIDES[kind.id]
        rows: dict[str, Rows] = {
            one.name: {
                key: cells
                for found in one.unseen
                for alert in found.alerts
                if alert.id == kind.id
                for key, cells in _rows(found.value, alert).items()
            }
            for one in all_figures
        }
        if any(rows.values()):
            told = [
                f"AUC against {nevi}",
                f"AUC against {others}",
                f"{positives} found",
                f"{nevi}: raised",
                f"{others}: raised",
                "followed nevi: raised",
            ]
            made += [
                f"### {kind.name}, set for {100 * kind.default:.0f} % on the rest",
                side_by_side(["left out", "asked about", "lesions", positives, nevi, others], told, rows),
            ]
    return made


def _rows(value: str, alert: UnseenAlert) -> Rows:
    return {
        (value, row.part, row.value, str(row.positives), str(row.nevi), str(row.others)): _cells(row, followed)
        for row, followed in ((alert.left_out, alert.followed), (alert.held_out, alert.held_out_followed))
    }


def _cells(row: AlertRow, followed: LesionShare | None) -> list[str]:
    shares = (row.found, row.nevi_raised, row.others_raised, followed)
    return [area(row.auc_nevi), area(row.auc_others), *(share(one) for one in shares)]
