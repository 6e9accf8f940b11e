"""How many images of each folder raised an alert: in a run over an archive, patients whom nobody would call otherwise."""

from collections import Counter, defaultdict
from collections.abc import Mapping

from desktop.core.imaging.frames import folder_of
from desktop.core.marking import tr

_FOLDERS = 10
"""Folders that a sentence names; the table has all of them."""


class AlertCounts:
    """Counts images with an alert by the alert's id and by folder."""

    def __init__(self) -> None:
        self._folders: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def count(self, file: str, flags: str) -> None:
        """Count an image by the texts of the columns `file` and `flag` of its row."""
        for alert in filter(None, flags.split(";")):
            self._folders[alert][folder_of(file)] += 1

    def sentences(self, names: Mapping[str, str]) -> list[str]:
        """Return a sentence for each alert that was raised, the folder with the most images first.

        `names` says by the id of an alert what it is for.
        """
        said = []
        for alert, folders in sorted(self._folders.items()):
            ranked = sorted(folders.items(), key=lambda item: (-item[1], item[0]))
            named = ", ".join(f"“{folder}” {images}" for folder, images in ranked[:_FOLDERS])
            more = len(ranked) - _FOLDERS
            rest = tr(", other folders: {more}").format(more=more) if more > 0 else ""
            said.append(
                tr("Alert for {what}, images: {images}, by folder: {folders}{rest}.").format(
                    what=names.get(alert, alert), images=folders.total(), folders=named, rest=rest
                )
            )
        return said
