"""An answer as the window shows it, as plain values in final words."""

from desktop.core.frozen import frozen
from desktop.widgets.common.wording import DISCLAIMER, translated


@frozen
class ProbabilityRow:
    """One line of the probabilities; `fraction` is the length of its bar (0 to 1), `is_member` marks a label of a group."""

    name: str
    value: str
    fraction: float
    is_top: bool = False
    is_member: bool = False
    remark: str = ""


@frozen
class ProbabilityGroup:
    """Rows under one heading, with their sum."""

    heading: str
    total: str
    rows: tuple[ProbabilityRow, ...]


@frozen
class ModelPart:
    """An answer as the window shows it; withheld parts are not in here.

    `age` names its region, and its date if it is an earlier answer. `withheld` takes the place of folded `groups`. `signs` are
    quality and novelty, `basis` is what the figures rest on. `whose` heads the figures, `adjusted` says for whom they are, with
    those of the image alone.
    """

    age: str
    is_flag: bool
    headline: str
    plain: str
    withheld: str
    groups: tuple[ProbabilityGroup, ...]
    signs: str
    basis: str
    adjusted: str = ""
    whose: str = ""


def result_text(shown: ModelPart, band: str) -> str:
    """Return the answer as shown, as plain text; `band` is that of a demonstration model."""
    lines = [band, shown.age, shown.headline, shown.plain, shown.withheld]
    lines += [shown.whose] if shown.groups else []
    for group in shown.groups:
        lines.append(f"{group.heading}\t{group.total}")
        lines += [f"{'    ' if row.is_member else '  '}{row.name}\t{row.value}" for row in group.rows]
    return "\n".join(filter(None, (*lines, shown.adjusted, shown.signs, shown.basis, translated(DISCLAIMER))))
