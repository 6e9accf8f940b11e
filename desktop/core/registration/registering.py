"""Registration of two images: a search on tiny copies, refinement from coarse to fine, then a check part by part."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

from desktop.core.errors import AppError
from desktop.core.marking import tr
from desktop.core.registration.agreement import Agreement, agreement
from desktop.core.registration.evening import Evened, even, shrink
from desktop.core.registration.refining import refine
from desktop.core.registration.search import Guess, search
from desktop.core.registration.similarity import Similarity

METHOD = 1
"""The version of the registration. It goes up when another one would find other transforms: kept ones are then found anew."""

_WORKING_SIDE = 512
"""Longer side, in pixels, of the copies from which all others are made."""

_SEARCHED = (48, 0.18)
"""Longer side, in pixels, of the copies that are searched, and the radius over which their light is evened out."""

_COPIES = ((64, 0.18, 24, 8), (128, 0.1, 10, 8))
"""Longer side and radius of the copies for refinement, how many guesses are refined on them, and in how many steps."""

_FINEST = 256
"""Pixels across what both images show, where the best guess is refined and checked: one is 0.4 % of the frame."""

_AROUND = 0.05
_STEPS = 6

_ALIKE = 0.02
"""Difference in rotation (radians) and scale below which two guesses are one."""

_SMALLEST = 320
"""Longer side, in pixels, below which an image is too small to be aligned. The parts that are checked have a fixed size: in a
small image each shows much of the lesion, and the outlines of different lesions agree."""

_NARROWEST = 48
"""Shorter side, in pixels, below which an image, or the part that both show, has too few parts to be checked."""

_LEAST_SHARE = 0.5
_LEAST_PARTS = 8
"""What share of the parts must agree, and how many. In images of different lesions chance reaches either, but not both:
`make bench-registration` prints how near it came."""


class RegistrationError(AppError):
    """Two images could not be aligned with certainty."""


@dataclass(frozen=True)
class Registration:
    """How a point of the first image is found in the second, both in pixels of the upright images, and how certain it is."""

    transform: Similarity
    agreement: Agreement


def register(first: Image.Image, second: Image.Image) -> Registration:
    """Align two RGB images of one lesion by rotation, scale (0.4 to 2.4) and shift. Slow: a third of a second.

    Raises:
        RegistrationError: no transform is certain; a doubtful one is never returned.
    """
    registration = best_registration(first, second)
    if not is_certain(registration.agreement):
        raise RegistrationError(
            tr(
                "The images could not be aligned: too little in them matches. To align them yourself, press By hand and click "
                "the same spot in both, twice."
            )
        )
    return registration


def is_certain(found: Agreement) -> bool:
    """Return whether enough parts agree for a transform to be shown."""
    return found.agreeing >= _LEAST_PARTS and found.share >= _LEAST_SHARE


def best_registration(first: Image.Image, second: Image.Image) -> Registration:
    """Return the best transform that was found, however doubtful. `register` refuses doubtful ones."""
    small = (shrink(first, _WORKING_SIDE), shrink(second, _WORKING_SIDE))
    if min(max(image.size) for image in small) < _SMALLEST or min(*small[0].size, *small[1].size) < _NARROWEST:
        return Registration(Similarity(), Agreement(0, 0))
    transform = _roughly(*small)
    if transform.scale < 1:
        # The finer image is drawn on the coarser one: the other way round, blur would pass for structure.
        closely, found = _closely(small[1], small[0], transform.inverse())
        closely = closely.inverse()
    else:
        closely, found = _closely(*small, transform)
    return Registration(closely.resized(first.width / small[0].width, second.width / small[1].width), found)


def _roughly(first: Image.Image, second: Image.Image) -> Similarity:
    side, around = _SEARCHED
    pair = _copies(first, second, side, around)
    guesses = search(*pair, _COPIES[0][2])
    for side, around, count, steps in _COPIES:
        before, pair = pair, _copies(first, second, side, around)
        grown = [after.shape[1] / old.shape[1] for old, after in zip(before, pair, strict=True)]
        resized = [guess.transform.resized(grown[0], grown[1]) for guess in guesses[:count]]
        guesses = _distinct([refine(*pair, transform, steps) for transform in resized])
    return guesses[0].transform.resized(first.width / pair[0].shape[1], second.width / pair[1].shape[1])


def _copies(first: Image.Image, second: Image.Image, side: int, around: float) -> tuple[Evened, Evened]:
    return even(shrink(first, side), around), even(shrink(second, side), around)


def _distinct(guesses: list[Guess]) -> list[Guess]:
    """Return the guesses, best first, without those that have become the same as a better one."""
    kept: list[Guess] = []
    for guess in sorted(guesses, key=lambda guess: -guess.match):
        if all(abs(guess.transform.factor - other.transform.factor) > _ALIKE for other in kept):
            kept.append(guess)
    return kept


def _closely(first: Image.Image, second: Image.Image, transform: Similarity) -> tuple[Similarity, Agreement]:
    """Refine and check a transform on the part of the first image that the second shows as well."""
    corners = [transform.inverse().map(x, y) for x in (0, second.width) for y in (0, second.height)]
    left, right = (int(min(max(end(x for x, _ in corners), 0), first.width)) for end in (min, max))
    top, bottom = (int(min(max(end(y for _, y in corners), 0), first.height)) for end in (min, max))
    if min(right - left, bottom - top) < _NARROWEST:
        return transform, Agreement(0, 0)
    part = first.crop((left, top, right, bottom))
    one, other = shrink(part, _FINEST), shrink(second, _FINEST)
    moved = Similarity(right=left, down=top)
    sizes = (one.width / part.width, other.width / second.width)
    pair = (even(one, _AROUND), even(other, _AROUND))
    guess = refine(*pair, transform.after(moved).resized(*sizes), _STEPS)
    found = agreement(*pair, guess.transform)
    return guess.transform.resized(1 / sizes[0], 1 / sizes[1]).after(moved.inverse()), found
