"""How an image was taken: what decides whether its colours and its scale can be compared with those of another image."""

from __future__ import annotations

from typing import Literal, get_args

from desktop.core.frozen import frozen

Contact = Literal["", "contact", "no contact"]
Light = Literal["", "polarised", "not polarised"]
CONTACTS: tuple[Contact, ...] = get_args(Contact)
LIGHTS: tuple[Light, ...] = get_args(Light)


@frozen
class Capture:
    """The device, whether its plate touched the skin, and the light; each is empty where it is not known."""

    device: str = ""
    contact: Contact = ""
    light: Light = ""

    @property
    def is_known(self) -> bool:
        """Whether nothing is unknown."""
        return bool(self.device and self.contact and self.light)

    def is_as(self, other: Capture) -> bool:
        """Return whether both are known and the same, so that colours can be compared."""
        return self.is_known and self == other

    def differs_from(self, other: Capture) -> bool:
        """Return whether a property that is known of both is not the same."""
        pairs = ((self.device, other.device), (self.contact, other.contact), (self.light, other.light))
        return any(one and another and one != another for one, another in pairs)


@frozen
class Optics:
    """The camera and its zoom as a file gives them; empty or None where it does not.

    `recorded` are the width and height in pixels at which the camera stored the image: they differ from those of an image that
    was cropped or resized since.
    """

    camera: str = ""
    lens: str = ""
    focal_length: float | None = None
    digital_zoom: float | None = None
    recorded: tuple[int, int] | None = None

    def is_cropped(self, width: int, height: int) -> bool:
        """Whether an upright image of this size was cropped or resized after the camera had stored it."""
        return self.recorded is not None and self.recorded not in {(width, height), (height, width)}


@frozen
class Taken:
    """What a file says of how its image was taken."""

    capture: Capture = Capture()
    optics: Optics = Optics()


def contact_of(text: str) -> Contact:
    """Return a stored text as a contact; empty if it is none of them."""
    return next((one for one in CONTACTS if one == text), "")


def light_of(text: str) -> Light:
    """Return a stored text as a light; empty if it is none of them."""
    return next((one for one in LIGHTS if one == text), "")
