"""The section on answers that are withheld because they are too uncertain."""

from collections.abc import Sequence

from training.formatting import format_estimate, markdown_table
from training.judging.intervals import ERROR_ALL, ERROR_ANSWERED, IF_MISSED, IF_REFERRED, SHARE_WITHHELD
from training.judging.thresholds import WITHHELD
from training.measuring.card_figures import CardFigures

_MELANOMAS = "melanomas withheld"


def certainty(all_figures: Sequence[CardFigures]) -> list[str]:
    """Return the section on what withholding uncertain answers costs and gains."""
    header = ["", "threshold", SHARE_WITHHELD, ERROR_ALL, ERROR_ANSWERED, _MELANOMAS, IF_MISSED, IF_REFERRED]
    coverages = [f"{100 * risk.coverage:.0f} %" for risk in all_figures[0].risks]
    return [
        (
            f"The certainty threshold withholds about {100 * WITHHELD:.0f} % of the answers. An error is a leading label other "
            "than the image's, with the two keratoses as one. Doubt among benign labels alone is not withheld."
        ),
        markdown_table(header, [_row(one) for one in all_figures]),
        "Error, and in parentheses the probability of the least sure answer, if only this share is answered, the surest first:",
        markdown_table(
            ["", *coverages],
            [
                [one.name, *(f"{100 * risk.error:.1f} % ({risk.threshold:.2f})" for risk in one.risks)]
                for one in all_figures
            ],
        ),
    ]


def _row(one: CardFigures) -> list[str]:
    test = one.certainty

    def told(name: str) -> str:
        return format_estimate(one.certainty_figures.get(name), True)

    return [
        one.name,
        f"{100 * one.thresholds.certainty:.0f} %",
        f"{test.n - test.answered} / {test.n} = {told(SHARE_WITHHELD)}",
        told(ERROR_ALL),
        told(ERROR_ANSWERED),
        f"{test.melanomas_abstained} of {test.melanomas}",
        told(IF_MISSED),
        told(IF_REFERRED),
    ]
