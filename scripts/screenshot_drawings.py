"""Images for the screenshots, made from the drawn samples: any number, all different, none identical to a sample."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps
from pydicom.uid import DermoscopicPhotographyImageStorage

from desktop.core.paths import SAMPLES
from drawn_dicom import write_dicom


def samples() -> list[Path]:
    """Return the project's drawn samples."""
    return sorted(SAMPLES.glob("synthetic-*.png"))


def draw_labelled(folder: Path, counts: Mapping[str, int]) -> None:
    """Write drawings into a folder for each label: blotches of a colour of their own, so that none is a copy of another."""
    for number, (label, count) in enumerate(counts.items()):
        (folder / label).mkdir(parents=True, exist_ok=True)
        for place in range(count):
            chance = random.Random(1000 * number + place)  # noqa: S311 - pictures, no secrets
            skin, spot = (205, 160, 140), (chance.randint(40, 150), chance.randint(30, 90), chance.randint(25, 80))
            small = Image.new("RGB", (16, 12), skin)
            for _ in range(chance.randint(6, 30)):
                small.putpixel((chance.randint(3, 12), chance.randint(2, 9)), spot)
            big = small.resize((640, 480), Image.Resampling.BICUBIC)
            big.save(folder / label / f"drawing-{place:03}.jpg", quality=90)


def draw_images(folder: Path, count: int, first: int = 1) -> list[Path]:
    """Write `count` drawings: the samples in turn, cropped, mirrored and slightly relit by a seeded generator."""
    folder.mkdir(parents=True, exist_ok=True)
    sources = [Image.open(path).convert("RGB") for path in samples()]
    written = []
    for number in range(first, first + count):
        chance = random.Random(number)  # noqa: S311 - pictures, no secrets
        image = sources[(number - 1) % len(sources)]
        width, height = image.size
        part = chance.uniform(0.72, 0.98)
        left, top = chance.uniform(0, (1 - part) * width), chance.uniform(0, (1 - part) * height)
        box = (round(left), round(top), round(left + part * width), round(top + part * height))
        cut = image.crop(box).resize((width, height), Image.Resampling.LANCZOS)
        if chance.random() < 0.5:
            cut = ImageOps.mirror(cut)
        if chance.random() < 0.5:
            cut = ImageOps.flip(cut)
        lit = ImageEnhance.Brightness(cut).enhance(chance.uniform(0.86, 1.08))
        path = folder / f"drawing-{number:03}.jpg"
        ImageEnhance.Color(lit).enhance(chance.uniform(0.8, 1.15)).save(path, quality=90)
        written.append(path)
    return written


def draw_again(drawing: Path, path: Path, degrees: float = 14, zoom: float = 1.5) -> Path:
    """Write a drawing as another camera sees it: turned, from nearer or farther, in other light."""
    with Image.open(drawing) as image:
        width, height = image.size
        edges = ((height // 2, height // 2), (width // 2, width // 2), (0, 0))
        around = Image.fromarray(np.pad(np.asarray(image.convert("RGB")), edges, mode="symmetric"))
    turned = around.rotate(degrees, Image.Resampling.BICUBIC)
    x, y, right, down = 0.99 * width, 1.03 * height, width / zoom / 2, height / zoom / 2
    cut = turned.crop((round(x - right), round(y - down), round(x + right), round(y + down)))
    relit = ImageEnhance.Color(ImageEnhance.Brightness(cut).enhance(0.93)).enhance(0.9)
    relit.resize((width, height), Image.Resampling.LANCZOS).save(path, quality=90)
    return path


def draw_overview(path: Path) -> Path:
    """Write a stand-in for a clinical photograph: a small drawn lesion on a large area of skin."""
    lesion = Image.open(samples()[0]).convert("RGB").resize((180, 135), Image.Resampling.LANCZOS)
    skin = lesion.resize((1, 1), Image.Resampling.BOX).resize((1200, 900))
    skin = Image.blend(skin, Image.new("RGB", skin.size, lesion.getpixel((3, 3))), 0.85)
    light = Image.radial_gradient("L").resize((1800, 1350)).crop((200, 100, 1400, 1000))
    overview = Image.composite(ImageEnhance.Brightness(skin).enhance(0.88), skin, light)
    edge = Image.new("L", lesion.size, 0)
    ImageDraw.Draw(edge).ellipse((22, 14, 158, 121), fill=255)
    overview.paste(lesion, (520, 380), edge.filter(ImageFilter.GaussianBlur(9)))
    overview.save(path, quality=90)
    return path


def draw_dicom(path: Path, drawing: Path) -> Path:
    """Write a drawing as a DICOM file of dermoscopy that names a made-up patient."""
    with Image.open(drawing) as image:
        size = image.size
    patient = {"PatientID": "P-0415", "PatientSex": "M", "PatientAge": "047Y"}
    return write_dicom(path, drawing.read_bytes(), size, DermoscopicPhotographyImageStorage, **patient)


def draw_back(path: Path, spots: Sequence[tuple[float, float]]) -> Path:
    """Write a stand-in for an overview photograph: a drawn back with spots at these shares of its width and height."""
    size = (1500, 1100)
    image = Image.new("RGB", size, (92, 104, 112))
    pen = ImageDraw.Draw(image)
    skin = (214, 172, 150)
    pen.polygon(
        [(250, 1100), (190, 360), (420, 240), (620, 190), (880, 190), (1080, 240), (1310, 360), (1250, 1100)], skin
    )
    pen.rectangle((620, 0, 880, 260), skin)
    pen.line((750, 250, 750, 1100), (190, 146, 126), 14)
    for left, right in ((330, 640), (860, 1170)):
        pen.arc((left, 330, right, 700), 20, 160, (192, 149, 129), 12)
    image = image.filter(ImageFilter.GaussianBlur(9))
    pen = ImageDraw.Draw(image)
    chance = random.Random(7)  # noqa: S311 - pictures, no secrets
    for x, y in spots:
        wide, high = chance.uniform(7, 15), chance.uniform(6, 12)
        at = x * size[0], y * size[1]
        tone = chance.randint(-18, 18)
        box = (at[0] - wide, at[1] - high, at[0] + wide, at[1] + high)
        pen.ellipse(box, (112 + tone, 68 + tone, 52 + tone))
    image.filter(ImageFilter.GaussianBlur(1.5)).save(path, quality=92)
    return path
