"""The controls of the comparison: how two images are shown, and whether they are aligned."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QSizePolicy, QSlider, QToolButton, QVBoxLayout, QWidget

from desktop.widgets.common.plain_text import PlainLabel

SIDE, BLINK, FADE, DIFFERENCE = "side", "blink", "fade", "difference"

_RATES = (1, 6)
"""Changes of the picture in two seconds that can be set: slower shows nothing, faster flickers."""


_WIDE = 720
"""Width of the bar in points from which the note has room beside the controls."""


class CompareBar(QFrame):
    """Emits what the user wants; the page sets what is shown."""

    align_requested = Signal(bool)
    """Align the images, or show them as they are."""
    points_requested = Signal(bool)
    """Align the images by points set by hand, or end that."""
    automatic_requested = Signal()
    """Align the images automatically again, in place of the points."""
    way_chosen = Signal(str)
    fade_changed = Signal(int)
    """How much of the newer image is seen, in per cent."""
    light_requested = Signal()
    """How the images were taken is to be entered."""
    rate_changed = Signal(float)
    """Changes of the picture per second."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("toolStrip")
        self.align = self._make_button(self.tr("Align"), self.tr("Turn, zoom and move one image onto the other"))
        self.align.clicked.connect(self.align_requested)
        self.points = self._make_button(self.tr("By hand"), self.tr("Click the same two or three spots in both images"))
        self.points.clicked.connect(self.points_requested)
        self.automatic = self._make_button(
            self.tr("Automatic"), self.tr("Align automatically again, in place of the spots set by hand")
        )
        self.automatic.setCheckable(False)
        self.automatic.clicked.connect(self.automatic_requested)
        self.light = self._make_button(
            self.tr("Light…"), self.tr("Enter or correct device, plate and light of both images")
        )
        self.light.setCheckable(False)
        self.light.clicked.connect(self.light_requested)
        self._group = QButtonGroup(self)
        self._ways: dict[str, QToolButton] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 4, 8, 4)
        self._column.setSpacing(2)
        row = self._row = QHBoxLayout()
        row.setSpacing(6)
        self._column.addLayout(row)
        row.addWidget(self.align)
        row.addSpacing(8)
        for way, name, tip in (
            (SIDE, self.tr("Side by side"), self.tr("Both images, the older one left (Esc)")),
            (BLINK, self.tr("Blink"), self.tr("Both images in turn at one place (Space)")),
            (FADE, self.tr("Fade"), self.tr("One image shines through the other (F)")),
            (DIFFERENCE, self.tr("Difference"), self.tr("Black where both are the same (D)")),
        ):
            row.addWidget(self._make_way(way, name, tip))
        self.fade = self._make_slider(self.tr("Older to newer image"), 0, 100, 50)
        self.fade.valueChanged.connect(self.fade_changed)
        self._rate_name = PlainLabel(self.tr("Rate"), self)
        self.rate = self._make_slider(self.tr("Rate of blinking"), *_RATES, 2)
        self.rate.valueChanged.connect(lambda value: self.rate_changed.emit(value / 2))
        self.note = PlainLabel(self)
        self.note.setWordWrap(True)
        self.note.setProperty("muted", True)
        row.addSpacing(8)
        for widget in (self.light, self.points, self.automatic, self.fade, self._rate_name, self.rate):
            row.addWidget(widget)
        row.addStretch(1)
        self._is_wide: bool | None = None
        self._place_note()
        self._is_by_hand = False
        self.show_way(SIDE)

    def show_way(self, way: str) -> None:
        """Show which way is used."""
        self._ways[way].setChecked(True)
        self.points.setVisible(way == SIDE)  # there is no room beside the sliders
        self.automatic.setVisible(way == SIDE and self._is_by_hand)
        self.fade.setVisible(way == FADE)
        self._rate_name.setVisible(way == BLINK)
        self.rate.setVisible(way == BLINK)

    def show_state(
        self, *, can_align: bool, is_aligned: bool, is_by_hand: bool, takes_points: bool, no_difference: str
    ) -> None:
        """Show whether there are two images to align, whether they are and how, and why there is no difference, if so."""
        self._is_by_hand = is_by_hand and not takes_points  # the note needs the room
        self.automatic.setVisible(self._is_by_hand and self._ways[SIDE].isChecked())
        self.align.setEnabled(can_align)
        self.align.setChecked(is_aligned)
        self.points.setEnabled(can_align)
        self.light.setEnabled(can_align)
        self.points.setChecked(takes_points)
        for way, button in self._ways.items():
            button.setEnabled(way == SIDE or can_align)
        self._ways[DIFFERENCE].setEnabled(can_align and not no_difference)
        self._ways[DIFFERENCE].setToolTip(no_difference or self.tr("Black where both are the same (D)"))

    def hasHeightForWidth(self) -> bool:
        """Return False: the note finds room, and the pictures below would grow to their full size."""
        return False

    def say(self, text: str) -> None:
        """Say something beside the controls, or below them where there is no room."""
        self.note.setText(text)
        self._show_note()

    def can_show(self, way: str) -> bool:
        """Return whether a way can be chosen."""
        return self._ways[way].isEnabled()

    def button(self, way: str) -> QToolButton:
        """Return the button of a way."""
        return self._ways[way]

    def _place_note(self) -> None:
        is_wide = self.width() >= _WIDE
        if is_wide != self._is_wide:
            self._is_wide = is_wide
            self.note.ensurePolished()
            # Two lines beside the controls move nothing; they can be taller than twice the rounded spacing of lines.
            self.note.setMinimumHeight(self.note.fontMetrics().size(0, "X\nX").height() if is_wide else 0)
            (self._row if is_wide else self._column).addWidget(self.note, 100 if is_wide else 0)
            self._show_note()

    def _show_note(self) -> None:
        policy = QSizePolicy.Policy
        # Anew for each text, which would let the height depend on the width again.
        self.note.setSizePolicy(policy.Preferred, policy.Ignored if self._is_wide else policy.Preferred)
        self.note.setVisible(bool(self._is_wide) or bool(self.note.text()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_note()

    def _make_way(self, way: str, name: str, tip: str) -> QToolButton:
        button = self._make_button(name, tip)
        button.clicked.connect(lambda: self.way_chosen.emit(way))
        self._group.addButton(button)
        self._ways[way] = button
        return button

    def _make_button(self, name: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName("choice")
        button.setText(name)
        button.setToolTip(tip)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _make_slider(self, name: str, least: int, most: int, value: int) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal, self)
        slider.setRange(least, most)
        slider.setValue(value)
        slider.setFixedWidth(90)
        slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a picture keeps its keys while the mouse moves the slider
        slider.setAccessibleName(name)
        slider.setToolTip(name)
        return slider
