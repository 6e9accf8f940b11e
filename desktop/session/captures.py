"""How images were taken: as the user entered it, else by their files and by what was entered for the same camera."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError
from desktop.core.frozen import frozen
from desktop.core.imaging.capture import Capture, Taken
from desktop.core.late import Late
from desktop.session.history_service import HistoryService
from desktop.session.undo import Step
from desktop.system.settings import CAPTURE_DEVICES, Settings

if TYPE_CHECKING:
    import msgspec

    from desktop.core.imaging import opening
    from desktop.core.records.values import KeptImage
    from desktop.session.picture import Picture
else:
    msgspec = Late("msgspec")
    opening = Late("desktop.core.imaging.opening")


@frozen
class KnownDevice:
    """What was entered for the images of a camera, as files name it; `camera` is empty if they name none."""

    camera: str
    capture: Capture


def known_devices(settings: Settings) -> list[KnownDevice]:
    """Return the devices in the settings, the newest first; invalid lines are left out, because users edit that file."""
    found = []
    for line in settings.get(CAPTURE_DEVICES):
        with suppress(msgspec.DecodeError):
            found.append(msgspec.json.decode(line, type=KnownDevice))
    return found


def capture_of(taken: Taken, devices: Iterable[KnownDevice]) -> Capture:
    """Return how an image was taken, by its file and by what was entered for the same camera."""
    told, camera = taken.capture, taken.optics.camera
    known = next((one.capture for one in devices if camera and one.camera == camera), Capture())
    return replace(
        told,
        device=known.device or told.device,
        contact=told.contact or known.contact,
        light=told.light or known.light,
    )


def capture_of_file(history_service: HistoryService, image: KeptImage, devices: Iterable[KnownDevice]) -> Capture:
    """Return how a kept image was taken, of which nothing was entered. Slow: to be run off the GUI thread.

    Nothing is known of one that is missing or damaged.
    """
    try:
        data = history_service.read_image(image)
        return capture_of(opening.read_header_and_taken(data, image.name)[1], devices)
    except AppError:
        return Capture()


class Captures(QObject):
    """A device is asked for once: what is entered is remembered for the images of its camera, and offered for others."""

    changed = Signal()
    failed = Signal(object)  # AppError

    def __init__(self, history_service: HistoryService, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history_service = history_service
        self._settings = settings
        self._entered: dict[str, Capture | None] = {}
        history_service.erased.connect(self._forget)

    def of(self, picture: Picture) -> Capture:
        """Return how a picture was taken, as far as it is known; what was entered for it counts alone."""
        entered = self._entered.get(picture.sha256)
        if entered is not None:
            return entered
        return capture_of(picture.taken, known_devices(self._settings))

    def look_up(self, sha256: str) -> None:
        """Read from the history what was entered for an image; `changed` reports it."""
        self._history_service.ask(
            lambda history: history.captures.of(sha256), partial(self._take, sha256), self.failed.emit
        )

    def give(self, picture: Picture, capture: Capture) -> Step:
        """Return the step that enters how a picture was taken."""
        sha256 = picture.sha256

        def carry_out(done: Callable[[Step | None], None], failed: Callable[[AppError], None]) -> None:
            before = self.of(picture)

            def take(_none: None) -> None:
                self._remember(KnownDevice(picture.taken.optics.camera, capture))
                self._take(sha256, capture)
                done(self.give(picture, before))

            self._history_service.write(
                lambda history, by: history.captures.give(sha256, capture, by=by), take, failed, is_shown=False
            )

        return carry_out

    def devices(self) -> list[Capture]:
        """Return one entered capture of each device, by name."""
        found = {
            one.capture.device: one.capture for one in reversed(known_devices(self._settings)) if one.capture.device
        }
        return [found[name] for name in sorted(found)]

    def _take(self, sha256: str, capture: Capture | None) -> None:
        if self._entered.get(sha256) != capture:
            self._entered[sha256] = capture
            self.changed.emit()

    def _forget(self, hashes: Iterable[str]) -> None:
        for sha256 in hashes:
            self._entered.pop(sha256, None)

    def _remember(self, device: KnownDevice) -> None:
        """Remember a device in front of the others, in place of what was entered for its camera or under its name."""
        others = [
            one
            for one in known_devices(self._settings)
            if (one.camera, one.capture.device) != (device.camera, device.capture.device)
            and (not device.camera or one.camera != device.camera)
        ]
        if device.capture.device:
            lines = [msgspec.json.encode(one).decode() for one in (device, *others)]
            self._settings.put(CAPTURE_DEVICES, lines)
