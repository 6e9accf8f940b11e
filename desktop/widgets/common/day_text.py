"""What day a typed text means, in the order of the locale; a text that can mean two days means none."""

from __future__ import annotations

import re

from PySide6.QtCore import QDate, QLocale

_TOKEN = re.compile(r"[0-9]+|[^\W\d_]+")
_BETWEEN = re.compile(r"[\s./,-]*")
_POINTED = re.compile(r"\s*[0-9]+\s*\.")
_DAY, _YEAR = 0, 2
_MONTHS = range(1, 13)


def parts_of(text: str) -> list[str] | None:
    """Return the numbers and words of a text; None if others than spaces and the usual separators are between them."""
    return _TOKEN.findall(text) if _BETWEEN.fullmatch(_TOKEN.sub("", text)) else None


def read_day(text: str, locale: QLocale) -> QDate | None:
    """Return the whole day that a text means, None if it means none.

    A month may be a word, of the locale or English, or its beginning if no other month begins so. A number of four digits that
    comes first is a year, and the month follows. Other numbers are in the locale's order; where that begins with the year, in
    none. With points the day comes first everywhere.
    """
    parts = parts_of(text)
    if parts is None or len(parts) != 3:
        return None
    if len(parts[0]) == 4:
        year, month, day = parts
    else:
        first, second, year = parts
        is_day_first = second.isalpha() or (not first.isalpha() and (_POINTED.match(text) or _begins(locale) == "d"))
        if not (is_day_first or first.isalpha() or _begins(locale) == "M"):
            return None
        day, month = (first, second) if is_day_first else (second, first)
    return _made(day, month, year, locale)


def replace_parts(text: str, shown: QDate, first: int, locale: QLocale) -> QDate | None:
    """Return a day of which a text says one or two parts, `first` and the one after it (0 day, 1 month, 2 year), or None."""
    parts = parts_of(text)
    if not parts or len(parts) > 2 or first + len(parts) > 3:
        return None
    whole = [str(shown.day()), str(shown.month()), str(shown.year())]
    whole[first : first + len(parts)] = parts
    if first == _DAY and len(parts) == 2:  # the order of two numbers is that of a whole day
        return read_day(f"{text} {whole[_YEAR]}", locale)
    day, month, year = whole
    return _made(day, month, year, locale)


def _begins(locale: QLocale) -> str:
    return next(letter for letter in locale.dateFormat(QLocale.FormatType.ShortFormat) if letter in "dMy")


def _made(day: str, month: str, year: str, locale: QLocale) -> QDate | None:
    if not (day.isdecimal() and len(day) <= 2 and year.isdecimal() and len(year) == 4):
        return None
    number = int(month) if month.isdecimal() else _month(month, locale)
    date = QDate(int(year), number, int(day))
    return date if date.isValid() else None


def _month(word: str, locale: QLocale) -> int:
    """Return the number of the month that a word names or begins, 0 if there is none or more than one."""
    typed = word.casefold()
    names = {month: _names(month, locale) for month in _MONTHS}
    whole = [month for month in _MONTHS if typed in names[month]]
    found = whole or [month for month in _MONTHS if any(name.startswith(typed) for name in names[month])]
    return found[0] if len(found) == 1 else 0


def _names(month: int, locale: QLocale) -> set[str]:
    written = [
        name(month, form)
        for one in (locale, QLocale.c())
        for form in (QLocale.FormatType.LongFormat, QLocale.FormatType.ShortFormat)
        for name in (one.monthName, one.standaloneMonthName)
    ]
    return {name.casefold().rstrip(".") for name in written}
