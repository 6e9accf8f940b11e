"""The scales that the user has given: of single images, in the history, and of devices, in the settings."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.bookkeeping import Bookkeeping
from desktop.core.errors import AppError
from desktop.core.imaging.scale import Device, Scale
from desktop.settings import SCALE_DEVICES, Settings


class Scales(QObject):
    """Images are named by their SHA-256. A scale that is given before its image is kept waits for that, a sample's for ever."""

    changed = Signal(str)
    """The scale of an image is known now, or another one."""
    failed = Signal(object)  # AppError

    def __init__(self, bookkeeping: Bookkeeping, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bookkeeping = bookkeeping
        self._settings = settings
        self._known: dict[str, Scale | None] = {}
        self._waiting: dict[str, Scale | None] = {}
        bookkeeping.changed.connect(self._keep_waiting)

    def of(self, sha256: str) -> Scale | None:
        """Return the scale of an image, None where it was given none or was not looked up yet."""
        return self._waiting.get(sha256, self._known.get(sha256))

    def mm_per_pixel(self, sha256: str) -> float | None:
        """Return the millimetres for each pixel of an image, None where they are not known."""
        scale = self.of(sha256)
        return None if scale is None else scale.mm_per_pixel

    def look_up(self, sha256: str) -> None:
        """Look into the history for the scale of an image; `changed` tells it."""
        self._bookkeeping.ask(lambda history: history.scales.of(sha256), partial(self._take, sha256), self.failed.emit)

    def give(self, sha256: str, scale: Scale | None) -> None:
        """Give an image its scale, or (None) take it away."""
        self._waiting[sha256] = scale
        self.changed.emit(sha256)
        self._keep(sha256)

    def devices(self, width: int, height: int) -> list[Device]:
        """Return the devices whose images have this pixel size, by name."""
        return sorted((one for one in self._devices() if one.fits(width, height)), key=lambda device: device.name)

    def keep_device(self, device: Device) -> None:
        """Keep a device's scale instead of any other under its name and pixel size."""
        others = [
            one for one in self._devices() if one.name != device.name or not one.fits(device.width, device.height)
        ]
        self._settings.put(SCALE_DEVICES, [json.dumps(asdict(one)) for one in (*others, device)])

    def _take(self, sha256: str, scale: Scale | None) -> None:
        before = self.of(sha256)
        self._known[sha256] = scale
        if self.of(sha256) != before:
            self.changed.emit(sha256)

    def _keep_waiting(self) -> None:
        for sha256 in self._waiting:
            self._keep(sha256)

    def _keep(self, sha256: str) -> None:
        self._bookkeeping.ask(
            lambda history: history.people.image_id_of(sha256), partial(self._write, sha256), self.failed.emit
        )

    def _write(self, sha256: str, image_id: int | None) -> None:
        if image_id is None or sha256 not in self._waiting:
            return
        scale = self._known[sha256] = self._waiting.pop(sha256)
        self._bookkeeping.write(
            lambda history, by: history.scales.give(image_id, scale, by=by),
            lambda _nothing: None,
            partial(self._fail, sha256, scale),
        )

    def _fail(self, sha256: str, scale: Scale | None, error: AppError) -> None:
        self._waiting.setdefault(sha256, scale)
        self.failed.emit(error)

    def _devices(self) -> list[Device]:
        return [Device(**line) for line in _readable(self._settings.get(SCALE_DEVICES))]


def _readable(lines: list[str]) -> list[dict[str, Any]]:
    """Return the lines that are JSON objects with a scale: the settings are a text file that people edit."""
    found = []
    for line in lines:
        try:
            value = json.loads(line)
        except ValueError:
            continue
        if isinstance(value, dict) and isinstance(value.get("mm_per_pixel"), float):
            found.append(value)
    return found
