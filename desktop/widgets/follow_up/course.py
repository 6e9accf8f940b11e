"""The course of a lesion in words: what was said of it and what the model answered, each on its day, the newest first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from desktop.core.labels import leading_alert
from desktop.core.records.care_steps import EnteredStep
from desktop.core.records.people import Assessment, Outcome, counting
from desktop.core.records.plans import Plans
from desktop.core.records.result_days import Biopsy
from desktop.core.records.values import Entry
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.wording import local_day
from desktop.widgets.follow_up.film import Frame
from desktop.widgets.follow_up.time_axis import AxisMark
from desktop.widgets.history.history_words import EntryWords
from desktop.widgets.visit import assessment_words, step_words

_LAST = dt.datetime.max.replace(tzinfo=dt.UTC)
"""The time of a line of a whole day."""

_LEAST = 72
"""Least height of the list in points, below which it would show no line whole."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("Course", text)


@dataclass(frozen=True)
class SeenAnswer:
    """There are answers that may be seen; `alert` is empty if they raised none, `sha256` is that of the image with it."""

    alert: str
    sha256: str = ""


@dataclass(frozen=True)
class CourseLine:
    """One line of the course; `origin` is who wrote it and when, empty for what a model answered on that day.

    What was corrected is struck out. `time` (UTC) is when it was entered or answered; None where the line is of the whole day,
    which it heads.
    """

    day: dt.date
    text: str
    origin: str = ""
    is_strong: bool = False
    is_corrected: bool = False
    time: dt.datetime | None = None

    @property
    def place(self) -> tuple[dt.date, dt.datetime]:
        """What lines are sorted by: the day, then the time. A finding has that of the biopsy that was entered with it."""
        return self.day, _LAST if self.time is None else self.time


def lines_of_assessments(
    assessments: Sequence[Assessment], plans: Plans, days: Mapping[int, dt.date]
) -> list[CourseLine]:
    """Return a line for each assessment, the newest first, under the day of its visit.

    One that was made on another day begins with that day. A plan alone stands under the day on which it was made: at its visit
    nobody knew what it is for. `plans` are those that hold, `days` those of the visits, by id.
    """
    return [_line_of_assessment(one, plans, _day_of(one, days)) for one in reversed(assessments)]


def _line_of_assessment(assessment: Assessment, plans: Plans, day: dt.date) -> CourseLine:
    made = assessment.time.astimezone().date()
    content = assessment_words.assessment_text(assessment, plans)
    origin = assessment_words.assessment_origin(assessment)
    if assessment.is_plan:
        return CourseLine(made, content, origin, time=assessment.time)
    text = _tr("Assessed: {text}") if made == day else _tr("Assessed on {day}: {text}")
    return CourseLine(day, text.format(day=local_day(made), text=content), origin, time=assessment.time)


def lines_of_outcomes(outcomes: Sequence[Outcome]) -> list[CourseLine]:
    """Return a line for each outcome, the newest first; the biopsy has a line of its own, on its day."""
    lines = []
    for one in reversed(outcomes):
        correction = one.correction(outcomes)
        is_corrected = correction is not None
        text = assessment_words.outcome_text(replace(one, taken=None), is_corrected=is_corrected)
        origin = assessment_words.outcome_origin(one, correction)
        lines.append(CourseLine(one.date, text, origin, is_corrected=is_corrected, time=one.time))
    return lines


def lines_of_taken(taken: Iterable[Biopsy]) -> list[CourseLine]:
    """Return a line for each biopsy that was taken."""
    return [
        CourseLine(one.day, assessment_words.biopsy_text(one), assessment_words.biopsy_origin(one), time=one.time)
        for one in taken
    ]


def lines_of_steps(
    steps: Iterable[EnteredStep], outcomes: Sequence[Outcome], conceals: Callable[[str], bool]
) -> list[CourseLine]:
    """Return a line for each step that nothing else tells of, with the words that were entered; see `steps_to_tell`."""
    return [
        CourseLine(one.step.day, step_words.step_text(one, outcomes), step_words.step_origin(one), time=one.time)
        for one in step_words.steps_to_tell(steps, outcomes, conceals)
    ]


def lines_of_answers(frames: Sequence[Frame], words: EntryWords) -> list[CourseLine]:
    """Return a line for each model that answered an image, with its newest answer to the whole image and to each region.

    Several images of one day are preceded by what they say of the lesion together. Answers of one minute are in the order of
    their images: a visit's are answered within seconds, and their lines show no time.
    """
    lines: list[CourseLine] = []
    for day, found in groupby(frames, lambda frame: frame.day):
        of_day = list(found)
        answers = [_newest_answer(frame) for frame in of_day]
        if together := words.lesion(answers):
            newest = max((entry.time for entry in answers if entry is not None), default=_LAST)
            lines.append(
                CourseLine(day, _tr("Lesion: {said}").format(said=together), is_strong=True, time=_minute(newest))
            )
        lines += [
            CourseLine(
                day,
                _of_frame(frame, answer_text(entry, words)),
                _later(frame, entry),
                is_strong=bool(words.flags(entry)),
                time=_minute(entry.time),
            )
            for frame in of_day
            for entry in (*_answers_to(frame), *_answers_to_regions(frame, words))
        ]
    return lines


def seen_answer(frames: Sequence[Frame], words: EntryWords) -> SeenAnswer | None:
    """Return what may be seen of the answers to images of one visit, None if nothing: the leading alert, if there is any.

    The alert may be one of a region that was marked in an image.
    """
    entries = [one for frame in frames for one in (*_answers_to(frame), *_answers_to_regions(frame, words))]
    seen = [entry for entry in entries if not words.conceals(entry)]
    alerts = {flag for entry in seen for flag in entry.flags}
    if alerts:
        alerted = next(entry for entry in seen if leading_alert(alerts) in entry.flags)
        return SeenAnswer(words.flags(alerted), alerted.image.sha256)
    return SeenAnswer("") if seen else None


def answer_text(entry: Entry, words: EntryWords) -> str:
    """Return a saved answer in one line; nothing of it where it is concealed."""
    if words.conceals(entry):
        at_visit = _tr("Model's answer: shown once you have assessed the lesion at this visit")
        return at_visit if entry.is_concealed else _tr("Model's answer: shown once you have assessed the lesion today")
    figures = ", ".join(filter(None, (words.answer(entry), words.not_for_patients(entry))))
    answered = ", ".join(filter(None, (entry.model_name, words.part(entry))))
    # What raised the alert is told before whose the figure is.
    between = "; " if words.is_raised_by_context(entry) or not entry.flags else ", "
    text = _tr("{model}: {answer}").format(
        model=answered, answer=between.join(filter(None, (words.alert(entry), figures)))
    )
    text = ". ".join(filter(None, (text, words.size(entry))))
    return text.replace(" %", "\N{NO-BREAK SPACE}%")


def marks_of(lines: Iterable[CourseLine], outcomes: Sequence[Outcome], taken: Iterable[Biopsy]) -> list[AxisMark]:
    """Return the marks of the axis: those of the lines of assessments, of biopsies that were taken, and of outcomes."""
    marks = [AxisMark(line.day, f"{local_day(line.day)}: {line.text}") for line in lines]
    marks += [
        AxisMark(one.day, assessment_words.biopsy_text(one), _tr("re-excision") if one.is_reexcision else _tr("biopsy"))
        for one in taken
    ]
    return marks + [
        AxisMark(
            one.date,
            assessment_words.outcome_text(one),
            _tr("histology") if one.kind == "histopathology" else _tr("outcome"),
        )
        for one in counting(outcomes)
    ]


def unanswered(frames: Iterable[Frame], model_sha256: str, conceals: Callable[[str], bool]) -> list[Frame]:
    """Return the images that a model has not answered as a whole, without those whose answers must not be shown now."""
    return [
        frame
        for frame in frames
        if not conceals(frame.sha256) and all(entry.answer.model_sha256 != model_sha256 for entry in _answers_to(frame))
    ]


def _later(frame: Frame, entry: Entry) -> str:
    """Return when an answer was given, empty if that was on the day of its image."""
    day = entry.time.astimezone().date()
    return "" if day == frame.day else _tr("answered {day}").format(day=local_day(day))


def _of_frame(frame: Frame, answer: str) -> str:
    """Return an answer with the image to which it was given, where its day has several."""
    return _tr("Image {place}, {answer}").format(place=frame.place, answer=answer) if frame.place else answer


def _answers_to(frame: Frame) -> Iterable[Entry]:
    """Return the newest answer of each model to the whole image."""
    return {entry.answer.model_sha256: entry for entry in frame.image.entries if not entry.region}.values()


def _answers_to_regions(frame: Frame, words: EntryWords) -> Iterable[Entry]:
    """Return the same for each region that was marked in the image; none where they are concealed: the image's line says so."""
    some = [entry for entry in frame.image.entries if entry.region and not words.conceals(entry)]
    return {(entry.answer.model_sha256, entry.region): entry for entry in some}.values()


def _minute(time: dt.datetime) -> dt.datetime:
    return time.replace(second=0, microsecond=0)


def _newest_answer(frame: Frame) -> Entry | None:
    return max(_answers_to(frame), key=lambda entry: entry.id, default=None)


def _day_of(assessment: Assessment, days: Mapping[int, dt.date]) -> dt.date:
    found = None if assessment.visit_id is None else days.get(assessment.visit_id)
    return found or assessment.time.astimezone().date()


class CourseList(QScrollArea):
    """Shows the lines under their days, the newest first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: list[CourseLine] | None = None
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(_LEAST)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click on a button inside leaves the keys with a picture
        self.setAccessibleName(self.tr("Course of the lesion"))
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(0, 0, 6, 0)
        self._rows.setSpacing(2)
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._column.addLayout(self._rows, 1)
        inside = QWidget(self)
        inside.setLayout(self._column)
        self.setWidget(inside)

    def put_above(self, *widgets: QWidget) -> None:
        """Put widgets above the lines, with which they scroll where there is little room."""
        for place, widget in enumerate(widgets):
            self._column.insertWidget(place, widget)

    def show_lines(self, lines: Sequence[CourseLine]) -> None:
        """Show these lines, the newest first; those of one time stay in their order."""
        found = sorted(lines, key=lambda line: line.place, reverse=True)
        if found == self._lines:
            return
        self._lines = found
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        before = None
        for line in found:
            if line.day != before:
                self._add(local_day(line.day), strong=True, above=0 if before is None else 8)
                before = line.day
            self._add(line.text, struck=line.is_corrected, strong=line.is_strong, muted=line.is_corrected)
            if line.origin:
                self._add(line.origin, muted=True, small=True)
        self._rows.addStretch(1)

    def _add(self, text: str, *, above: int = 0, struck: bool = False, **properties: bool) -> None:
        label = PlainLabel(text, self)
        label.setWordWrap(True)
        if struck:
            font = label.font()
            font.setStrikeOut(True)
            label.setFont(font)
        label.setContentsMargins(0, above, 0, 0)
        for name, value in properties.items():
            label.setProperty(name, value)
        self._rows.addWidget(label)
