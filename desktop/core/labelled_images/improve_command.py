"""The command that makes a new model of an export: for whoever copies it, and for the window, which starts it."""

from __future__ import annotations

import re
from pathlib import Path

from desktop.core.frozen import frozen

PAGE, RUN = "report.md", "run"
"""What `lesionlens-train improve` leaves in its folder: the page that the window shows, and the folder of the training."""

_PROGRAM = "lesionlens-train"
_PLAIN = re.compile(r"[\w-]+")


@frozen
class ImproveCommand:
    """Makes a new model of the exported folder `data`; `model` is the file that it is for, None for the shipped one."""

    data: Path
    model: Path | None

    @property
    def out(self) -> Path:
        """The folder for the new model and the page."""
        return self.data.with_name(f"{self.data.name} improved")

    @property
    def page(self) -> Path:
        """The page that says whether the new model is better."""
        return self.out / PAGE

    @property
    def new_model(self) -> Path:
        """The new model's file."""
        return self.out / RUN / "classifier.onnx"

    def arguments(self, *, is_resumed: bool = False) -> list[str]:
        """Return the arguments of the program."""
        base = "shipped" if self.model is None else str(self.model)
        words = ["improve", "--data", str(self.data), "--base", base, "--out", str(self.out)]
        return [*words, "--resume"] if is_resumed else words

    def text(self, *, is_resumed: bool = False) -> str:
        """Return the command as it is typed."""
        words = self.arguments(is_resumed=is_resumed)
        return " ".join([_PROGRAM, *(word if _PLAIN.fullmatch(word) else f'"{word}"' for word in words)])
