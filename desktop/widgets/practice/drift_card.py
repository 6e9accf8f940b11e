"""What moved from month to month, as a card: plain words on the last month, then a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from desktop.core.practice.drift import FEWEST_IMAGES, FEWEST_MONTHS, YEARS, Measure, Month, MonthValue
from desktop.core.practice.figures import OwnFigures
from desktop.widgets.common.card import Card
from desktop.widgets.common.wording import count
from desktop.widgets.practice.card_parts import Show, add_text, link_later
from desktop.widgets.practice.figure_table import Cell, figure_table


def _tr(text: str) -> str:
    return QCoreApplication.translate("OwnFigures", text)


def drift_card(figures: OwnFigures, show: Show) -> Card:
    """Make the card; `show` is called with the lesions of a month."""
    card = Card(_tr("From month to month"))
    add_text(card, sentence(figures.months), is_strong=bool(_moved(_last_judged(figures.months))))
    rows: list[Sequence[Cell]] = []
    for month in figures.months:
        name = month_name(month.first)
        link = link_later(show, count(len(month.images)), name, partial(figures.cases_at, month.images))
        rows.append((name, link, count(month.patients), *(_value_text(month, measure) for measure in Measure)))
    if rows:
        head = (_tr("limits in brackets"), _tr("images"), _tr("patients"), *(_heading(measure) for measure in Measure))
        card.column.addLayout(figure_table(head, rows, card))
    text = _tr(
        "Complete months, by the day of the visit; each is compared with the months before it. It says what moved, never that "
        "the model got better or worse: other patients, another camera or another alert limit move these figures too. With "
        "nothing moved, a warning comes less than once in {years} years on average."
    )
    card.add_note(text.format(years=YEARS))
    return card


def sentence(months: Sequence[Month]) -> str:
    """Return what moved in the last month that can be judged."""
    last = _last_judged(months)
    if last is None:
        text = _tr(
            "No month can be judged yet: that takes {months} complete months with at least {images} images, and one more."
        )
        return text.format(months=FEWEST_MONTHS, images=FEWEST_IMAGES)
    moved = _moved(last)
    if not moved:
        return _tr("Nothing moved in {month}.").format(month=month_name(last.first))
    texts = {
        Measure.ALERTS: _tr("alerts, {value} in 100 images (limits {low} to {high})"),
        Measure.DISTANCE: _tr("distance to the training images, {value} (limits {low} to {high})"),
        Measure.SHARPNESS: _tr("sharpness, {value} (limits {low} to {high})"),
    }
    each = []
    for measure in moved:
        value, low, high = _texts(measure, last.values[measure])
        each.append(texts[measure].format(value=value, low=low, high=high))
    return _tr("Moved in {month}: {what}. Look for the reason.").format(
        month=month_name(last.first), what="; ".join(each)
    )


def month_name(first: dt.date) -> str:
    """Return a month with its year."""
    return QLocale().toString(QDate(first.year, first.month, 1), "MMMM yyyy")


def _last_judged(months: Sequence[Month]) -> Month | None:
    return next((one for one in months if any(value.low is not None for value in one.values.values())), None)


def _moved(month: Month | None) -> list[Measure]:
    return [] if month is None else [measure for measure, value in month.values.items() if value.has_moved]


def _heading(measure: Measure) -> str:
    return {
        Measure.ALERTS: _tr("alerts in 100"),
        Measure.DISTANCE: _tr("unlike training"),
        Measure.SHARPNESS: _tr("sharpness"),
    }[measure]


def _value_text(month: Month, measure: Measure) -> str:
    value = month.values.get(measure)
    if value is None:
        return _tr("few images") if len(month.images) < FEWEST_IMAGES else "–"
    text, low, high = _texts(measure, value)
    if not low:
        return text
    if value.has_moved:
        return _tr("moved: {value} ({low}–{high})").format(value=text, low=low, high=high)
    return _tr("{value} ({low}–{high})").format(value=text, low=low, high=high)


def _texts(measure: Measure, value: MonthValue) -> tuple[str, str, str]:
    """Return a value and its limits; empty where there are none."""

    def text(number: float | None) -> str:
        if number is None:
            return ""
        return f"{100 * number:.0f}" if measure is Measure.ALERTS else f"{number:.2f}"

    return text(value.value), text(value.low), text(value.high)
