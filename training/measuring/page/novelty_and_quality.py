"""The sections on pictures that are not dermoscopy, and on degraded images."""

from collections.abc import Sequence

from training.formatting import NOT_MEASURED, format_number, format_rate, format_share, markdown_table
from training.judging.thresholds import FLAGGED_AS_NOVEL
from training.measuring.card_figures import CardFigures
from training.measuring.quality_limits import ACCURACY_LOST


def novelty(all_figures: Sequence[CardFigures]) -> list[str]:
    """Return the section on novelty, kind of picture by kind."""
    tests = [one.novelty for one in all_figures]
    if not any(tests):
        return ["Not measured: these networks have no novelty."]
    counts = {kind.name: kind.n for test in tests if test for kind in test.kinds}
    areas = [{kind.name: kind.auroc for kind in test.kinds} if test else {} for test in tests]
    rows = [[f"{kind} ({count})", *(format_number(own.get(kind)) for own in areas)] for kind, count in counts.items()]
    rows.append(["**mean of the kinds**", *(format_number(test.auroc if test else None) for test in tests)])
    rows.append(["threshold, in medians of the training images", *(_threshold(one) for one in all_figures)])
    flagged = [
        f"{test.flagged} / {test.n} = {format_rate(test.flagged, test.n)}" if test else NOT_MEASURED for test in tests
    ]
    rows.append(["dermoscopy held out, flagged", *flagged])
    parts = [{(part.by, part.value): part.novel for part in one.parts} for one in all_figures]
    for by, value in dict.fromkeys(key for own in parts for key in own if key[0] == "source"):
        shares = [own.get((by, value)) for own in parts]
        rows.append([f"of these, {by} {value}", *(format_share(novel) if novel else NOT_MEASURED for novel in shares)])
    drawn = [one.drawn_flagged for one in all_figures]
    rows.append(
        ["drawn samples of the project, flagged", *(format_share(one) if one else NOT_MEASURED for one in drawn)]
    )
    return [
        (
            "Area under the ROC curve of held-out dermoscopy against other pictures. The threshold flags "
            f"{100 * FLAGGED_AS_NOVEL:.0f} % of the images that set it. The threshold shown is set on all images; what is "
            "flagged is cross-fitted. The kind of distance and its shrinkage were chosen on these same pictures "
            "(`docs/experiments.md`), which may flatter the areas."
        ),
        markdown_table(["pictures (how many)", *(one.name for one in all_figures)], rows),
    ]


def _threshold(one: CardFigures) -> str:
    return NOT_MEASURED if one.thresholds.novelty is None else f"{one.thresholds.novelty:.3g}"


def quality(all_figures: Sequence[CardFigures]) -> list[str]:
    """Return the section on the limits of image quality."""
    if not any(one.probed for one in all_figures):
        return ["Not measured yet."]
    about: dict[str, list[str]] = {}
    for one in all_figures:
        for name, value in _limits(one).items():
            about.setdefault(name, []).append(value)
    found = [
        {(step.series, step.amount): step for step in one.probed.spoilt.steps} if one.probed else {}
        for one in all_figures
    ]
    rows = [
        [
            series,
            f"{amount:g}",
            *(
                cell
                for own in found
                for step in [own.get((series, amount))]
                for cell in (
                    (f"{step.measured:.3g}", f"{100 * step.balanced_accuracy:.1f} %")
                    if step
                    else (NOT_MEASURED, NOT_MEASURED)
                )
            ),
        ]
        for series, amount in dict.fromkeys(key for own in found for key in own)
    ]
    header = [f"{one.name}: {what}" for one in all_figures for what in ("measured", "balanced accuracy")]
    return [
        (
            "Held-out images, evenly spread, degraded step by step at model size. The limits are the values at which balanced "
            f"accuracy of seven classes has fallen by {100 * ACCURACY_LOST:.0f} points."
        ),
        markdown_table(["", *(one.name for one in all_figures)], [[name, *cells] for name, cells in about.items()]),
        markdown_table(["degraded by", "amount", *header], rows),
    ]


def _limits(one: CardFigures) -> dict[str, str]:
    spoilt = one.probed.spoilt if one.probed else None
    limits = spoilt.limits if spoilt else None
    values = {
        "sharpness at least": limits.sharpness_least if limits else None,
        "dark at most": limits.exposure_dark_most if limits else None,
        "bright at most": limits.exposure_bright_most if limits else None,
        "glare at most": limits.glare_most if limits else None,
        "pixels across at least": limits.side_least if limits else None,
    }
    return {
        "images": str(spoilt.images) if spoilt else NOT_MEASURED,
        "balanced accuracy as they are": f"{100 * spoilt.balanced_accuracy:.1f} %" if spoilt else NOT_MEASURED,
        **{name: NOT_MEASURED if value is None else f"{value:g}" for name, value in values.items()},
        "as they are beyond a limit, size not counted": f"{100 * spoilt.beyond:.1f} %" if spoilt else NOT_MEASURED,
    }
