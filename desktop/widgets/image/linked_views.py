"""Two views that show the same part of their pictures."""

from PySide6.QtCore import QObject

from desktop.widgets.image.zoom_view import ZoomView


class LinkedViews(QObject):
    """Where one is zoomed or moved, the other follows, as a part of its own picture."""

    def __init__(self, first: ZoomView, second: ZoomView, parent: QObject) -> None:
        super().__init__(parent)
        self._is_following = False
        self.is_linked = True
        first.place_changed.connect(lambda: self._follow(first, second))
        second.place_changed.connect(lambda: self._follow(second, first))

    def _follow(self, leader: ZoomView, follower: ZoomView) -> None:
        place = leader.place
        if self._is_following or not self.is_linked or place is None:
            return
        self._is_following = True
        follower.go_to(place)
        self._is_following = False
