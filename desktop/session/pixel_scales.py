"""The scales that the user has set: those of images, in the history, and those of devices, in the settings."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.session.history_service import HistoryService
from desktop.session.undo import Step
from desktop.system.settings import SCALE_DEVICES, Settings

if TYPE_CHECKING:
    import msgspec

    from desktop.core.imaging import scale as scales
    from desktop.core.imaging.capture import Optics
    from desktop.core.imaging.scale import Device, Scale
    from desktop.core.records.history import History
else:
    msgspec = Late("msgspec")
    scales = Late("desktop.core.imaging.scale")


class PixelScales(QObject):
    """Scales by the image's SHA-256. A scale set before its image is saved waits until then; for a sample, until the end."""

    changed = Signal(str)
    """The scale of an image became known, or has changed."""
    failed = Signal(object)  # AppError

    def __init__(self, history_service: HistoryService, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history_service = history_service
        self._settings = settings
        self._known: dict[str, Scale | None] = {}
        self._waiting: dict[str, Scale | None] = {}
        self._writing: set[str] = set()
        history_service.changed.connect(self._keep_waiting)

    def of(self, sha256: str) -> Scale | None:
        """Return the scale of an image, None if it has none or was not looked up yet."""
        return self._waiting.get(sha256, self._known.get(sha256))

    def mm_per_pixel(self, sha256: str) -> float | None:
        """Return the millimetres per pixel of an image, None if unknown."""
        scale = self.of(sha256)
        return None if scale is None else scale.mm_per_pixel

    def look_up(self, sha256: str) -> None:
        """Read the scale of an image from the history; `changed` reports it."""
        self._history_service.ask(
            lambda history: history.scales.of(sha256), partial(self._take, sha256), self.failed.emit
        )

    def give(self, sha256: str, scale: Scale | None) -> Step:
        """Return the step that sets the scale of an image or (None) removes it; an unsaved image gets it later."""

        def carry_out(done: Callable[[Step | None], None], failed: Callable[[AppError], None]) -> None:
            before = self.of(sha256)

            def take(is_saved: bool) -> None:
                self._waiting[sha256] = scale
                if is_saved:
                    self._take_saved(sha256, scale)
                self.changed.emit(sha256)
                done(self.give(sha256, before))

            self._write(sha256, scale, take, failed)

        return carry_out

    def devices(self, width: int, height: int, optics: Optics) -> list[Device]:
        """Return the devices whose images have this pixel size and these optics, by name."""
        found = (one for one in self._devices() if one.fits(width, height, optics))
        return sorted(found, key=lambda device: device.name)

    def keep_device(self, device: Device) -> None:
        """Save a device's scale, in place of any other under its name and pixel size."""
        sizes = {(device.width, device.height), (device.height, device.width)}
        others = [one for one in self._devices() if one.name != device.name or (one.width, one.height) not in sizes]
        self._settings.put(SCALE_DEVICES, [msgspec.json.encode(one).decode() for one in (*others, device)])

    def _take(self, sha256: str, scale: Scale | None) -> None:
        before = self.of(sha256)
        self._known[sha256] = scale
        if self.of(sha256) != before:
            self.changed.emit(sha256)

    def _keep_waiting(self) -> None:
        for sha256, scale in self._waiting.items():
            if sha256 not in self._writing:
                self._writing.add(sha256)
                self._write(sha256, scale, partial(self._take_written, sha256, scale), partial(self._fail, sha256))

    def _write(
        self,
        sha256: str,
        scale: Scale | None,
        done: Callable[[bool], None],
        failed: Callable[[AppError], None],
    ) -> None:
        """Write the scale of an image if the image is in the history; `done` gets whether it is."""

        def work(history: History, by: str) -> bool:
            # Find and write in one task: the image may be erased in between.
            image_id = history.people.image_id_of(sha256)
            if image_id is not None:
                history.scales.give(image_id, scale, by=by)
            return image_id is not None

        # At most one write, and none for a sample: no transaction, which would lock the file to find that out.
        self._history_service.write(work, done, failed, is_shown=False, is_whole=False)

    def _take_written(self, sha256: str, scale: Scale | None, is_saved: bool) -> None:
        self._writing.discard(sha256)
        if is_saved:
            self._take_saved(sha256, scale)

    def _take_saved(self, sha256: str, scale: Scale | None) -> None:
        self._known[sha256] = scale
        if sha256 in self._waiting and self._waiting[sha256] == scale:
            del self._waiting[sha256]

    def _fail(self, sha256: str, error: AppError) -> None:
        self._writing.discard(sha256)
        self.failed.emit(error)

    def _devices(self) -> list[Device]:
        """Return the devices in the settings; invalid lines are left out, because users edit that file."""
        found = []
        for line in self._settings.get(SCALE_DEVICES):
            with suppress(msgspec.DecodeError):
                found.append(msgspec.json.decode(line, type=scales.Device))
        return found
