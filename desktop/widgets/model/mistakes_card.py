"""The worst mistakes of a model that was tried on own images, as pictures: what it is, and what the model said."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from desktop.core.judging.judged import Judged
from desktop.session.trying_out import TriedOut
from desktop.widgets.common.card import Card
from desktop.widgets.common.plain_text import PlainLabel, for_tip
from desktop.widgets.common.wording import percent
from desktop.widgets.model.judged_words import alert_name, truth_name

_COLUMNS = 4
_SIDE = 160
_SHARP = 2
"""Pixels per point, for screens at 200 %."""


class MistakesCard(Card):
    """Lesions without their alert or any first, then with another alert, then diagnoses that were named wrong."""

    def __init__(self, found: TriedOut, parent: QWidget) -> None:
        super().__init__(parent.tr("The worst mistakes"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(14)
        for place, (lesion, data) in enumerate(found.pictures.items()):
            grid.addWidget(self._mistake(found.judged, lesion, data), place // _COLUMNS, place % _COLUMNS)
        grid.setColumnStretch(_COLUMNS, 1)
        self.column.addLayout(grid)

    def _mistake(self, judged: Judged, lesion: int, data: bytes) -> QWidget:
        cell = QWidget(self)
        column = QVBoxLayout(cell)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        picture = PlainLabel(cell)
        picture.setPixmap(_picture(data))
        picture.setFixedSize(_SIDE, _SIDE)
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        name = judged.cases([lesion])[0]
        text = self._text(judged, lesion)
        picture.setAccessibleName(f"{name}: {text}")
        picture.setToolTip(for_tip(name))
        words = PlainLabel(text, cell)
        words.setProperty("small", True)
        words.setWordWrap(True)
        words.setFixedWidth(_SIDE)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(picture)
        column.addWidget(words, 1, Qt.AlignmentFlag.AlignTop)
        return cell

    def _text(self, judged: Judged, lesion: int) -> str:
        lesions = judged.lesions
        top = int(lesions.probabilities[lesion].argmax())
        parts = [
            self.tr("{truth}, named {label} ({percent})").format(
                truth=truth_name(judged.contract, lesions.truth[lesion]),
                label=truth_name(judged.contract, lesions.labels[top]),
                percent=percent(float(lesions.probabilities[lesion, top])),
            )
        ]
        missed = [alert for alert in lesions.alerts if alert.positive[lesion] and not alert.raised[lesion]]
        raised = [alert for alert in lesions.alerts if alert.raised[lesion]]
        if missed and not raised:
            parts.append(self.tr("no alert"))
        elif missed:
            parts += [self.tr("{alert} raised").format(alert=alert_name(alert.id, alert.name)) for alert in raised]
            parts += [self.tr("{alert} not raised").format(alert=alert_name(alert.id, alert.name)) for alert in missed]
        return "\n".join(parts)


def _picture(data: bytes) -> QPixmap:
    pixmap = QPixmap()
    pixmap.loadFromData(data)
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    small = pixmap.scaled(_SHARP * _SIDE, _SHARP * _SIDE, keep, smooth)
    small.setDevicePixelRatio(_SHARP)
    return small
