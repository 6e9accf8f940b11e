"""The scales that the user has given: of single images, and of devices."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from desktop.core.imaging.scale import Device, Scale
from desktop.settings import SCALE_DEVICES, SCALES, Setting, Settings

T = TypeVar("T")


class _ImageScale(msgspec.Struct, frozen=True):
    sha256: str
    scale: Scale


class Scales:
    """Scales in the settings, by image (its SHA-256) and by device."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def of(self, sha256: str) -> Scale | None:
        """Return the scale that an image was given, None where it was given none."""
        return next((one.scale for one in self._read(SCALES, _ImageScale) if one.sha256 == sha256), None)

    def give(self, sha256: str, scale: Scale | None) -> None:
        """Give an image its scale, or (None) take it away."""
        others = [one for one in self._read(SCALES, _ImageScale) if one.sha256 != sha256]
        self._write(SCALES, [*others, _ImageScale(sha256, scale)] if scale is not None else others)

    def devices(self, width: int, height: int) -> list[Device]:
        """Return the devices whose images have this pixel size, by name."""
        known = self._read(SCALE_DEVICES, Device)
        return sorted((device for device in known if device.fits(width, height)), key=lambda device: device.name)

    def keep_device(self, device: Device) -> None:
        """Keep a device's scale instead of any other under its name and pixel size."""
        others = [
            one
            for one in self._read(SCALE_DEVICES, Device)
            if one.name != device.name or not one.fits(device.width, device.height)
        ]
        self._write(SCALE_DEVICES, [*others, device])

    def forget_device(self, device: Device) -> None:
        """Forget a device; images that took its scale keep it."""
        self._write(SCALE_DEVICES, [one for one in self._read(SCALE_DEVICES, Device) if one != device])

    def _read(self, setting: Setting[list[str]], kind: type[T]) -> list[T]:
        found = []
        for text in self._settings.get(setting):
            try:
                found.append(msgspec.json.decode(text, type=kind))
            except msgspec.DecodeError:  # a line that was edited by hand
                continue
        return found

    def _write(self, setting: Setting[list[str]], values: list[T]) -> None:
        self._settings.put(setting, [msgspec.json.encode(value).decode() for value in values])
