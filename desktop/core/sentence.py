"""A sentence for the user that is no failure."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Sentence:
    """A sentence as a template and its fields, so that the window can translate the template before filling it in.

    A field may be a sentence itself, or a part of one such as “3 lesions”.
    """

    template: str
    fields: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format(**self.fields)


@dataclass(frozen=True)
class Counted:
    """A sentence, or a noun in one, with its number `{count}`: as it is written of one thing, and of several or none."""

    one: str
    several: str

    def of(self, count: int, **fields: object) -> Sentence:
        """Return it of so many, with its other fields."""
        return Sentence(self.one if count == 1 else self.several, {"count": count, **fields})
