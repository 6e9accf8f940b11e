"""The film strip while a patient is open: the chosen lesion's images of this visit and of earlier ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from desktop.session.import_item import ImportItem
from desktop.session.open_patient import OpenPatient
from desktop.session.opening_request import of_file
from desktop.widgets.common.wording import local_day
from desktop.widgets.visit.film_strip import FilmStrip, StripGroup, StripImage

if TYPE_CHECKING:
    from desktop.core.records.people import PlacedImage


def _tr(text: str) -> str:
    return QCoreApplication.translate("LesionStrip", text)


def name_in_strip(number: int, *, is_clinical: bool) -> str:
    """Return the caption of a visit's image: "derm 2" for its second dermatoscope image."""
    caption = _tr("clin {n}") if is_clinical else _tr("derm {n}")
    return caption.format(n=number)


class LesionStrip(QObject):
    """The key of an image is its SHA-256 if it is in the history, or its path while it is being imported."""

    def __init__(self, open_patient: OpenPatient, strip: FilmStrip, parent: QObject) -> None:
        super().__init__(parent)
        self._open_patient = open_patient
        self._strip = strip
        self._shown: tuple[StripGroup, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the chosen lesion has no images."""
        return not any(group.images for group in self._shown)

    def show(self, waiting: Sequence[ImportItem], current: str) -> None:
        """Show the images of the chosen lesion, and those being imported for it; an unchanged strip is left alone."""
        groups = self._groups(waiting, current)
        if groups != self._shown or len(self._strip.images()) != sum(len(one.images) for one in groups):
            self._shown = groups
            self._strip.show_groups(groups, current)
        else:
            self._strip.select(current)

    def renew(self, waiting: Sequence[ImportItem]) -> None:
        """Show the present images if the strip shows a lesion's, and make none the current one."""
        shown = [image.key for group in self._shown for image in group.images]
        if shown and shown == [image.key for image in self._strip.images()]:
            self.show(waiting, "")

    def select(self, current: str) -> None:
        """Make an image the current one, if the strip shows a lesion's."""
        if self._shown:
            self._strip.select(current)

    def forget(self) -> None:
        """Clear the strip: another patient is open now."""
        self._shown = ()

    def _groups(self, waiting: Sequence[ImportItem], current: str) -> tuple[StripGroup, ...]:
        """Return the groups; overview photographs, which have no lesion, are among them only while one is open."""
        patient, lesion = self._open_patient.patient, self._open_patient.lesion
        lesion_id = None if lesion is None else lesion.id
        has_overviews = current in {image.image.sha256 for image in self._open_patient.overviews}
        if lesion is None and not has_overviews:
            images = self._open_patient.waiting
            waiting = [item for item in waiting if item.kind != "clinical"]
        else:
            images = self._open_patient.images_of(lesion_id)
        today = [image for image in images if self._open_patient.date_of(image) == self._open_patient.date]
        earlier = [image for image in images if image not in today]
        present: list[StripImage] = []
        for is_clinical in (True, False):
            own = [image for image in today if (image.kind == "clinical") == is_clinical]
            present += [
                self._placed(image, name_in_strip(number, is_clinical=is_clinical))
                for number, image in enumerate(own, 1)
            ]
        known = {image.key for image in present}
        for item in waiting:
            is_here = item.is_of(patient) and item.lesion_id == lesion_id
            if is_here and item.path is not None and str(item.path) not in known:
                is_clinical = item.kind == "clinical"
                present.append(
                    StripImage(
                        str(item.path),
                        item.name,
                        of_file(item.path, patient, lesion_id),
                        self.tr("new"),
                        is_clinical,
                    )
                )
        past = tuple(self._placed(image, local_day(self._open_patient.date_of(image))) for image in earlier)
        return (StripGroup(self.tr("This visit"), tuple(present)), StripGroup(self.tr("Earlier"), past))

    def _placed(self, image: PlacedImage, caption: str) -> StripImage:
        kept, request = image.image, self._open_patient.request_for(image)
        return StripImage(kept.sha256, kept.name, request, caption, request.is_clinical)
