"""The choice between the two orders of the contact sheet, with the reason where there is one alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from desktop.core.inference.unlikeness import FEWEST
from desktop.core.records.appearance_order import LeftOut
from desktop.session.contact_sheet_order import OrderObstacle
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.wording import numbered

if TYPE_CHECKING:
    from desktop.session.contact_sheet_order import OrderOffer
    from desktop.session.image_vectors import FillProgress


def _tr(text: str) -> str:
    return QCoreApplication.translate("SheetOrderBar", text)


class SheetOrderBar(QWidget):
    """Begins with the order of the body; the other one can be chosen once it is offered."""

    chosen = Signal(bool)
    """Whether the order by appearance is wanted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.by_body = self._button(self.tr("From &head to foot"))
        self.by_appearance = self._button(self.tr("By &appearance (not tested)"))
        self._check(is_by_appearance=False)
        self.by_appearance.setEnabled(False)
        self.reason = PlainLabel(self)
        self.reason.setProperty("muted", True)
        self.reason.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(3)
        row.addWidget(self.by_body)
        row.addWidget(self.by_appearance)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self.reason)
        self.by_body.clicked.connect(lambda: self._choose(is_by_appearance=False))
        self.by_appearance.clicked.connect(lambda: self._choose(is_by_appearance=True))

    def show_looking(self) -> None:
        """Show that it is not known yet whether the order by appearance is offered."""
        self._say(self.tr("Looking how the images were taken…"))

    def show_offer(self, offer: OrderOffer) -> None:
        """Offer the order by appearance, or say why it is not; without it the order of the body is chosen."""
        self.by_appearance.setEnabled(offer.obstacle is None)
        if offer.obstacle is not None:
            self._check(is_by_appearance=False)
        self._say("" if offer.obstacle is None else obstacle_text(offer.obstacle, offer.lesions))

    def show_filling(self, progress: FillProgress) -> None:
        """Show how many images were looked at by now."""
        text = self.tr("{done} of {total} images compared.").format(done=progress.done, total=progress.total)
        self._say(text if progress.total else "")

    def show_done(self, *, is_by_appearance: bool) -> None:
        """Show which order the sheet has now."""
        self._check(is_by_appearance=is_by_appearance)
        self._say("")

    def _choose(self, *, is_by_appearance: bool) -> None:
        self._check(is_by_appearance=is_by_appearance)
        self.chosen.emit(is_by_appearance)

    def _check(self, *, is_by_appearance: bool) -> None:
        """Mark one of the two; a QButtonGroup would leave the other one to the arrow keys."""
        self.by_body.setChecked(not is_by_appearance)
        self.by_appearance.setChecked(is_by_appearance)

    def _say(self, text: str) -> None:
        self.reason.setText(text)
        self.reason.setVisible(bool(text))

    def _button(self, text: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName("choice")
        button.setText(text)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button


def obstacle_text(obstacle: OrderObstacle, lesions: int) -> str:
    """Return why the order by appearance is not offered; `lesions` is the count of the offer."""
    match obstacle:
        case OrderObstacle.NO_MODEL:
            return _tr("By appearance: not offered, because no model that can compare lesions is loaded.")
        case OrderObstacle.FEW_OF_ONE_DEVICE:
            text = _tr(
                "By appearance: needs {fewest} lesions photographed by one known device in the same light; here {count}."
                " Device and light are entered in Follow-up."
            )
        case OrderObstacle.NOT_ASSESSED:
            waiting = numbered(lesions, _tr("1 lesion waits"), _tr("{count} lesions wait"))
            text = _tr("By appearance: only after your assessments (blind-first); {waiting}.")
            return text.format(waiting=waiting)
        case OrderObstacle.FEW_ANSWERED:
            text = _tr("By appearance: needs {fewest} lesions with an image that the model answered; here {count}.")
        case OrderObstacle.FEW_READABLE:
            text = _tr("By appearance: fewer than {fewest} lesions have an image that can be read.")
    return text.format(fewest=FEWEST, count=lesions)


def left_out_text(reason: LeftOut) -> str:
    """Return why a lesion is not in the order, for below its name."""
    match reason:
        case LeftOut.OTHER_CAPTURE:
            return _tr("other device or light")
        case LeftOut.NOT_ANSWERED:
            return _tr("image not answered")
        case LeftOut.NOT_READABLE:
            return _tr("image not readable")
