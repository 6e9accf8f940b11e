"""The page of suspect labels: one HTML file with the pictures inside, which needs no network."""

import base64
import io
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from desktop.core.inference.contract import Label
from training.run.run_folder import PreparedImage

_SIDE = 160
"""Shortest side of a picture on the page, in CSS pixels."""

_STYLE = f"""
body {{ font: 15px/1.45 sans-serif; color: #22272e; background: #fff; max-width: 72em; margin: 2em auto; padding: 0 1em; }}
ol {{ list-style: none; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(22em, 1fr)); gap: 1em; }}
li {{ border: 1px solid #dfe4ea; border-radius: 6px; padding: .8em; overflow-wrap: anywhere; }}
img {{ min-width: {_SIDE}px; margin: 0 .4em .4em 0; vertical-align: top; }}
p {{ margin: .2em 0; }} .path {{ color: #57606a; font-size: .85em; }}
"""


@dataclass(frozen=True)
class Suspect:
    """Images of one lesion under one label, with their pixels [size, size, 3] as the model sees them.

    `suggested` is the label that the answers speak for, the given one if none reaches its threshold; `share` its probability.
    `self_confidence` is the probability of the given label.
    """

    images: tuple[PreparedImage, ...]
    pixels: tuple[NDArray[np.uint8], ...]
    label: Label
    suggested: Label
    share: float
    self_confidence: float


@dataclass(frozen=True)
class Suspects:
    """The most doubtful lesions, the worst first; `judged` of the data's `total` images were answered out of fold."""

    found: tuple[Suspect, ...]
    judged: int
    total: int


def as_page(suspects: Suspects) -> str:
    """Return the page."""
    items = "\n".join(_item(number, one) for number, one in enumerate(suspects.found, 1))
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Labels to look at again</title>
<style>{_STYLE}</style>
<h1>Labels to look at again</h1>
<p>The {len(suspects.found)} lesions whose labels the networks doubt most, the most doubtful first. {suspects.judged} of the
{suspects.total} images were judged: those that were held out. The networks may be wrong: rare and difficult lesions are listed
with a right label, too.</p>
<p>Enter the right label into the column “corrected” of the table, or - to leave an image out; leave it empty where the label
is right. The next training reads the table with --corrections.</p>
<ol>
{items}
</ol>
</html>
"""


def _item(number: int, one: Suspect) -> str:
    pictures = "".join(_picture(pixels) for pixels in one.pixels)
    doubt = (
        f"The answers say {escape(one.suggested.name)} ({one.share:.2f}), the label {one.self_confidence:.2f}."
        if one.suggested != one.label
        else f"No other label is suggested; the label has {one.self_confidence:.2f}."
    )
    proof = "".join(sorted({f"<p>{escape(image.confirmed_by)}</p>" for image in one.images if image.confirmed_by}))
    paths = "".join(f'<p class="path">{escape(image.path)}</p>' for image in one.images)
    return f"<li>{pictures}<p>{number}. <strong>{escape(one.label.name)}</strong></p><p>{doubt}</p>{proof}{paths}</li>"


def _picture(pixels: NDArray[np.uint8]) -> str:
    content = io.BytesIO()
    Image.fromarray(np.asarray(pixels)).save(content, "PNG")
    return f'<img alt="" src="data:image/png;base64,{base64.b64encode(content.getvalue()).decode()}">'
