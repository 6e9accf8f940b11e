"""The scales that the user has given: of single images, and of devices."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from desktop.core.imaging.scale import Device, Scale
from desktop.settings import SCALE_DEVICES, SCALES, Settings


class Scales:
    """Scales in the settings, by image (its SHA-256) and by device."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def of(self, sha256: str) -> Scale | None:
        """Return the scale that an image was given, None where it was given none."""
        return self._scales().get(sha256)

    def give(self, sha256: str, scale: Scale | None) -> None:
        """Give an image its scale, or (None) take it away."""
        scales = self._scales()
        scales.pop(sha256, None)
        if scale is not None:
            scales[sha256] = scale
        self._settings.put(SCALES, [json.dumps({"sha256": image, **asdict(one)}) for image, one in scales.items()])

    def devices(self, width: int, height: int) -> list[Device]:
        """Return the devices whose images have this pixel size, by name."""
        return sorted((one for one in self._devices() if one.fits(width, height)), key=lambda device: device.name)

    def keep_device(self, device: Device) -> None:
        """Keep a device's scale instead of any other under its name and pixel size."""
        others = [
            one for one in self._devices() if one.name != device.name or not one.fits(device.width, device.height)
        ]
        self._settings.put(SCALE_DEVICES, [json.dumps(asdict(one)) for one in (*others, device)])

    def _scales(self) -> dict[str, Scale]:
        lines = _readable(self._settings.get(SCALES))
        return {str(line["sha256"]): Scale(line["mm_per_pixel"], line["device"]) for line in lines}

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
