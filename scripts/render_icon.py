"""Render resources/icons/lesionlens.svg for systems that do not accept SVG: `python scripts/render_icon.py`.

Windows needs an .ico, macOS an .icns, Linux desktops and Qt's window a PNG.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ICONS = Path(__file__).resolve().parent.parent / "resources" / "icons"
ICO_SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256)
ICNS_SIZES = (16, 32, 64, 128, 256, 512, 1024)


def main() -> None:
    """Write lesionlens.ico, lesionlens.icns and lesionlens-256.png; each size is rendered separately."""
    application = QGuiApplication(["render_icon", "-platform", "offscreen"])
    renderer = QSvgRenderer(str(ICONS / "lesionlens.svg"))
    drawn = {size: _draw(renderer, size) for size in {*ICO_SIZES, *ICNS_SIZES}}
    drawn[256].save(ICONS / "lesionlens-256.png", optimize=True)
    for name, sizes in (("lesionlens.ico", ICO_SIZES), ("lesionlens.icns", ICNS_SIZES)):
        largest = drawn[max(sizes)]
        pictures = [drawn[size] for size in sizes]
        largest.save(ICONS / name, sizes=[(size, size) for size in sizes], append_images=pictures)
    application.quit()


def _draw(renderer: QSvgRenderer, size: int) -> Image.Image:
    image = QImage(size, size, QImage.Format.Format_RGBA8888)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return Image.frombytes("RGBA", (size, size), bytes(image.constBits()))


if __name__ == "__main__":
    main()
