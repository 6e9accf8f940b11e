"""Image files of every format, made from the project's drawn samples, for the checks of the built application."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image
from pydicom.uid import VLPhotographicImageStorage

from drawn_dicom import write_dicom
from setup_environment import ROOT

SAMPLES = ROOT / "resources" / "samples"


def draw_files(folder: Path, count: int) -> None:
    """Make images from the samples: turned, in eight formats, small and large, grey and with an alpha channel."""
    folder.mkdir()
    samples = sorted(SAMPLES.glob("*.png"))
    suffixes = (".jpg", ".png", ".tif", ".bmp", ".webp", ".avif", ".jp2", ".dcm")
    modes = ("RGB", "RGB", "RGB", "L", "RGB", "RGBA", "RGB")
    for number in range(count):
        suffix = suffixes[number % len(suffixes)]
        mode = modes[number % len(modes)]
        if mode == "RGBA" and suffix in {".jpg", ".bmp", ".dcm"}:
            mode = "RGB"
        with Image.open(samples[number % len(samples)]) as sample:
            turned = sample.convert("RGB").rotate(7 * number, Image.Resampling.BILINEAR, expand=True)
        width = 300 + 40 * number
        made = turned.resize((width, width * turned.height // turned.width)).convert(mode)
        path = folder / f"{number:02}{suffix}"
        if suffix == ".dcm":
            jpeg = io.BytesIO()
            made.convert("RGB").save(jpeg, "JPEG")
            write_dicom(path, jpeg.getvalue(), made.size, VLPhotographicImageStorage)
        else:
            made.save(path)
