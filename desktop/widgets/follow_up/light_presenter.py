"""Shows whether the two compared images were taken alike, and asks how they were."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog

from desktop.core.imaging.capture import Capture
from desktop.session.captures import Captures
from desktop.session.image_owner import ImageOwner
from desktop.session.picture import Picture
from desktop.session.undo import UndoStack
from desktop.widgets.common.change_subjects import images_name
from desktop.widgets.follow_up.light_panel import LightPanel
from desktop.widgets.image.compare_page import ComparePage


class LightPresenter(QObject):
    """Reads how the images were taken when a pair is shown; the dialog is created on first use."""

    def __init__(
        self,
        panel: LightPanel,
        page: ComparePage,
        captures: Captures,
        undo_stack: UndoStack,
        owner_of: Callable[[Sequence[Picture]], ImageOwner],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._panel = panel
        self._page = page
        self._captures = captures
        self._undo_stack = undo_stack
        self._owner_of = owner_of
        panel.change_requested.connect(self.ask)
        page.bar.light_requested.connect(self.ask)
        captures.changed.connect(self._show)
        captures.failed.connect(page.messages.tell)

    def look_up(self, pictures: Sequence[Picture]) -> None:
        """Look up how pictures were taken, and show it once two are beside each other."""
        for picture in pictures:
            self._captures.look_up(picture.sha256)
        self._show()

    def ask(self) -> None:
        """Ask how the shown pictures were taken."""
        from desktop.widgets.follow_up.capture_dialog import CaptureDialog  # noqa: PLC0415 - not needed at the start

        pictures = self._page.pictures
        known = [(title, self._captures.of(one)) for title, one in zip(self._page.titles, pictures, strict=True)]
        dialog = CaptureDialog(known, self._captures.devices(), self._page)

        def take(result: int) -> None:
            if result == QDialog.DialogCode.Accepted:
                for picture, capture in zip(pictures, dialog.captures(), strict=True):
                    self._give(picture, capture)

        dialog.finished.connect(take)
        dialog.finished.connect(lambda _result: self._page.give_keys_to_pictures())
        dialog.open()

    def _give(self, picture: Picture, capture: Capture) -> None:
        if capture != self._captures.of(picture):
            owner = self._owner_of([picture])
            self._undo_stack.carry_out(
                lambda: self.tr("device and light of {subject}").format(subject=images_name(owner)),
                self._captures.give(picture, capture),
                patient_ids=owner.patient_ids,
            )

    def _show(self) -> None:
        pictures = self._page.pictures
        if len(pictures) == 2:
            self._panel.show_captures(*(self._captures.of(one) for one in pictures))
        else:
            self._panel.hide()
