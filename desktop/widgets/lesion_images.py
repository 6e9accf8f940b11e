"""The images of the open patient in the window: the strip shows them, a drop or a menu says which lesion they are of."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtWidgets import QMenu, QWidget

from desktop.bookkeeping import Bookkeeping
from desktop.consultation import Consultation
from desktop.core.errors import AppError
from desktop.intake import Arrival, Intake
from desktop.picture import Picture
from desktop.visit import VisitState, Whereabouts
from desktop.widgets.files import Files
from desktop.widgets.film_strip import StripGroup, StripImage
from desktop.widgets.lesion_list import LesionList
from desktop.widgets.patient_presenter import PatientPresenter
from desktop.widgets.patient_words import lesion_name, local_month
from desktop.widgets.placements import Placements
from desktop.widgets.visit_page import VisitPage
from desktop.widgets.wording import sentence

if TYPE_CHECKING:
    from desktop.core.records.people import ImageKind, Lesion, Patient, PlacedImage


class LesionImages(QObject):
    """While nobody is open it leaves the strip alone."""

    def __init__(
        self,
        visit: VisitState,
        intake: Intake,
        consultation: Consultation,
        bookkeeping: Bookkeeping,
        page: VisitPage,
        lesions: LesionList,
        patients: PatientPresenter,
        placements: Placements,
        files: Files,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._visit = visit
        self._intake = intake
        self._consultation = consultation
        self._bookkeeping = bookkeeping
        self._page = page
        self._patients = patients
        self._placements = placements
        self._files = files
        self._window = window
        self._patient_id: int | None = None
        self._lesion_id: int | None = None
        self._pending: list[Arrival] = []
        self._shown: tuple[StripGroup, ...] = ()
        self._is_own = False
        """Whether what is being opened was opened here, and not from the history or a batch."""
        self._is_elsewhere = False
        self._asked = ""
        self._paste: bool = False
        self._refresh_later = QTimer(self)
        self._refresh_later.setSingleShot(True)
        self._refresh_later.timeout.connect(self._refresh)
        visit.patient_changed.connect(self._take_patient)
        visit.lesion_changed.connect(self._take_lesion)
        visit.reloaded.connect(self._take_reading)
        intake.changed.connect(self._take_waiting)
        intake.failed.connect(self._say_not_taken)
        intake.belongs_elsewhere.connect(self._say_elsewhere)
        consultation.opening.connect(self._take_opening)
        consultation.opened.connect(self._take_picture)
        page.strip.image_chosen.connect(self._open_subject)
        page.strip.menu_requested.connect(self._show_menu)
        lesions.files_dropped.connect(self._take_dropped_files)
        lesions.images_dropped.connect(self._take_dropped_images)

    # What comes in

    def take_files(self, paths: list[Path]) -> None:
        """Take files that are about to be opened: with a patient open, they are placed with the chosen lesion."""
        if self._visit.patient is not None:
            self._is_own = True
            self._asked = str(paths[0])
            self._intake.take_files(paths, self._chosen_id())

    def take_pasted(self) -> None:
        """Take the image that is about to be opened."""
        if self._visit.patient is not None:
            self._is_own = self._paste = True

    def add_clinical(self) -> None:
        """Ask for clinical photographs of the chosen lesion; they are kept and never classified."""
        paths = self._files.choose_images()
        if paths:
            self._intake.take_files(paths, self._chosen_id(), "clinical")

    def move(self) -> None:
        """Ask to which patient the selected images belong."""
        from desktop.widgets.move_dialog import MoveDialog  # noqa: PLC0415 - not needed at the start

        images, present = self._selected(), self._visit.patient
        if not images or present is None:
            self._page.messages.say(self.tr("Choose images of the patient in the strip first."), error=False)
            return
        dialog = MoveDialog(len(images), present, self._bookkeeping, self._window)

        def carry_out() -> None:
            if dialog.patient is not None:
                self._move(images, present, dialog.patient, dialog.lesion_id)

        dialog.accepted.connect(carry_out)
        dialog.open()

    def _move(self, images: list[PlacedImage], source: Patient, patient: Patient, lesion_id: int | None) -> None:
        text = self.tr("move from {source} to {target}").format(source=source.pseudonym, target=patient.pseudonym)
        self._placements.change(text, lambda done: self._visit.move(images, patient, lesion_id, done))
        picture = self._consultation.picture
        if picture is not None and picture.sha256 in {image.image.sha256 for image in images}:
            self._consultation.close()

    def _take_dropped_files(self, lesion_id: int | None, paths: list[Path]) -> None:
        if lesion_id is None:
            self._patients.add_lesion_then(lambda lesion: self._open_dropped(lesion.id, paths))
        else:
            self._open_dropped(lesion_id, paths)

    def _open_dropped(self, lesion_id: int, paths: list[Path]) -> None:
        self._lesion_id = lesion_id  # its newest image is one of these: nothing else is opened for it
        self._visit.choose(lesion_id)
        self.take_files(paths)
        self._page.open_files(paths)

    def _take_dropped_images(self, lesion_id: int | None, keys: list[str]) -> None:
        images = [image for image in self._page.strip.images() if image.key in keys]
        if lesion_id is None:
            self._patients.add_lesion_then(lambda lesion: self._assign(images, lesion.id, lesion))
        else:
            self._assign(images, lesion_id)

    def _assign(self, images: list[StripImage], lesion_id: int | None, lesion: Lesion | None = None) -> None:
        """Give images to a lesion of the same patient; the window goes with the one that is shown."""
        lesion = lesion or next((one for one in self._visit.lesions if one.id == lesion_id), None)
        placed = [image.subject for image in images if not isinstance(image.subject, Arrival)]
        waiting = [image.subject.path for image in images if isinstance(image.subject, Arrival)]
        self._intake.reassign([path for path in waiting if path is not None], lesion_id)
        if placed:
            name = lesion.name if lesion is not None else self.tr("no lesion")
            text = self.tr("placing with {name}").format(name=name)
            self._placements.change(text, lambda done: self._visit.place(placed, lesion_id, done))  # type: ignore[arg-type]
        if self._current_key() in {image.key for image in images}:
            self._lesion_id = lesion_id
            self._visit.choose(lesion_id)

    # What is shown

    def _take_patient(self) -> None:
        patient_id = None if self._visit.patient is None else self._visit.patient.id
        if patient_id == self._patient_id:
            return
        self._patient_id, self._lesion_id, self._shown = patient_id, None, ()
        self._pending = []
        picture = self._consultation.picture
        if picture is not None:
            self._visit.find_where(picture.sha256, partial(self._weigh_open, picture))
        self._page.name_subject("")
        if patient_id is None:
            self._page.strip.show_images([])
            self._page.say_at_rest("", "")

    def _weigh_open(self, picture: Picture, where: Whereabouts) -> None:
        """Close an image of another patient than the one that is open now; offer to place one that is nobody's."""
        if picture is not self._consultation.picture:
            return
        present = self._visit.patient
        if where.patient is not None and (present is None or where.patient.id != present.id):
            self._consultation.close()
        else:
            self._is_elsewhere = True
            self._tell_where(picture, where)

    def _take_lesion(self) -> None:
        chosen = self._chosen_id()
        if chosen == self._lesion_id:
            return
        self._lesion_id = chosen
        images = self._visit.images_of(chosen)
        shown = self._shown_image()
        if shown is not None and shown.lesion_id == chosen:
            self._refresh()
            return
        self._is_elsewhere = False
        if images:
            today = [image for image in images if self._visit.date_of(image) == self._visit.date]
            self._open((today or images)[-1])
        elif shown is not None and shown.lesion_id is None and self._visit.lesion is not None:
            self._offer_to_assign(shown, self._visit.lesion)
        elif shown is not None:
            self._consultation.close()
        self._refresh()

    def _offer_to_assign(self, shown: PlacedImage, lesion: Lesion) -> None:
        image = StripImage(shown.image.sha256, shown.image.name, shown.image.path, shown)
        self._page.messages.say(
            self.tr("The image shown is not placed with a lesion."),
            error=False,
            action=(
                self.tr("Place it with {name}").format(name=lesion.name),
                partial(self._assign, [image], lesion.id),
            ),
        )

    def _take_waiting(self) -> None:
        if any(one not in self._pending for one in self._intake.waiting):
            self._pending = self._intake.waiting
            self._refresh_later.start(0)

    def _take_reading(self) -> None:
        self._pending = self._intake.waiting
        self._refresh()

    def _take_opening(self, _name: str) -> None:
        self._is_elsewhere = not self._is_own
        self._is_own = False
        self._name()
        if not self._is_elsewhere:
            self._refresh_later.start(0)

    def _take_picture(self, picture: Picture) -> None:
        if self._paste:
            self._paste = False
            self._intake.take_picture(picture, self._chosen_id())
        if picture.is_sample:
            return
        if self._is_elsewhere:
            self._visit.find_where(picture.sha256, partial(self._tell_where, picture))
        elif self._shown:
            self._page.strip.select(self._current_key())
        self._name()

    def _tell_where(self, picture: Picture, where: Whereabouts) -> None:
        """Say whose an image is that came from the history or a batch, before it is taken for the open patient's."""
        present = self._visit.patient
        if picture is not self._consultation.picture or picture.is_sample or self._page.messages.text():
            return
        if where.patient is not None and (present is None or present.id != where.patient.id):
            lesion = f", {lesion_name(where.lesion)}" if where.lesion is not None else ""
            self._page.messages.say(
                self.tr("This image is of {patient}{lesion}.").format(patient=where.patient.pseudonym, lesion=lesion),
                error=False,
                action=(
                    self.tr("Open {patient}").format(patient=where.patient.pseudonym),
                    partial(self._visit.open, where.patient),
                ),
            )
        elif where.patient is not None:
            self._is_elsewhere = False
            self._lesion_id = where.lesion.id if where.lesion is not None else None
            self._visit.choose(self._lesion_id)
            self._refresh()
        elif present is not None:
            lesion_now = self._visit.lesion
            name = lesion_now.name if lesion_now is not None else present.pseudonym
            self._page.messages.say(
                self.tr("This image is nobody's: it is not placed with {patient}.").format(patient=present.pseudonym),
                error=False,
                action=(self.tr("Place it with {name}").format(name=name), partial(self._adopt, picture.sha256)),
            )

    def _adopt(self, sha256: str) -> None:
        lesion_id = self._chosen_id()
        text = self.tr("placing with a patient")
        self._is_elsewhere = False
        self._placements.change(text, lambda done: self._visit.adopt(sha256, lesion_id, done))

    def _refresh(self) -> None:
        if self._visit.patient is None or self._is_elsewhere:
            return
        groups = self._groups()
        if groups != self._shown or len(self._page.strip.images()) != sum(len(one.images) for one in groups):
            self._shown = groups
            self._page.strip.show_groups(groups, self._current_key())
        else:
            self._page.strip.select(self._current_key())
        self._name()
        self._rest()

    def _name(self) -> None:
        """Say before the image's name of which lesion it is."""
        lesion = self._visit.lesion
        own = lesion is not None and not self._is_elsewhere and self._visit.patient is not None
        self._page.name_subject(lesion_name(lesion) if own and lesion is not None else "")

    def _rest(self) -> None:
        """Say what can be done where the chosen lesion has no image."""
        patient, lesion = self._visit.patient, self._visit.lesion
        if patient is None:
            return
        name = lesion_name(lesion) if lesion is not None else patient.pseudonym
        self._page.say_at_rest(
            self.tr("No image of {name} yet").format(name=name)
            if not any(group.images for group in self._shown)
            else self.tr("{name}: choose an image below").format(name=name),
            self.tr("Drop dermatoscope images here, paste, or open: they are placed with {name}.").format(name=name),
        )

    def _groups(self) -> tuple[StripGroup, ...]:
        chosen = self._chosen_id()
        images = self._visit.images_of(chosen)
        today = [image for image in images if self._visit.date_of(image) == self._visit.date]
        earlier = [image for image in images if image not in today]
        present: list[StripImage] = []
        for kind, caption in (("clinical", self.tr("clin {n}")), ("dermoscopy", self.tr("derm {n}"))):
            own = [image for image in today if (image.kind == "clinical") == (kind == "clinical")]
            present += [_placed(image, caption.format(n=number)) for number, image in enumerate(own, 1)]
        known = {image.key for image in present}
        for arrival in self._pending:
            is_here = arrival.patient.id == self._patient_id and arrival.lesion_id == chosen
            if is_here and arrival.path is not None and str(arrival.path) not in known:
                is_clinical = arrival.kind == "clinical"
                present.append(
                    StripImage(str(arrival.path), arrival.name, arrival.path, arrival, self.tr("new"), is_clinical)
                )
        past = tuple(_placed(image, local_month(self._visit.date_of(image))) for image in earlier)
        return (StripGroup(self.tr("This visit"), tuple(present)), StripGroup(self.tr("Earlier"), past))

    def _current_key(self) -> str:
        picture = self._consultation.picture
        if picture is None or self._is_elsewhere:
            return self._asked
        if any(image.image.sha256 == picture.sha256 for image in self._visit.images):
            return picture.sha256
        return str(picture.path) if picture.path is not None else self._asked

    def _shown_image(self) -> PlacedImage | None:
        """Return the image that is open, if it is the patient's."""
        picture = self._consultation.picture
        if picture is None:
            return None
        return next((image for image in self._visit.images if image.image.sha256 == picture.sha256), None)

    def _open_subject(self, subject: object) -> None:
        if isinstance(subject, Arrival):
            if subject.path is not None:
                self._is_own = True
                self._asked = str(subject.path)
                self._consultation.open_file(subject.path)
        elif not isinstance(subject, Path):
            self._open(subject)  # type: ignore[arg-type]

    def _open(self, image: PlacedImage) -> None:
        self._is_own = True
        self._asked = image.image.sha256
        if image.kind == "clinical":
            self._consultation.open_clinical(image.image)
            return
        whole = [entry for entry in image.entries if not entry.region]
        classifier = self._consultation.classifier
        of_model = [entry for entry in whole if classifier and entry.answer.model_sha256 == classifier.sha256]
        if whole:
            self._consultation.open_entry((of_model or whole)[-1])
        else:
            self._consultation.open_kept(image.image)

    # What can be done with the selected images

    def _show_menu(self, where: QPoint) -> None:
        if self._visit.patient is not None:
            self.make_menu().exec(where)

    def make_menu(self) -> QMenu:
        """Return the menu of what can be done with the selected images."""
        menu = QMenu(self._page)
        images = self._page.strip.selected_images()
        for lesion in self._visit.lesions:
            action = menu.addAction(self.tr("Place with {name}").format(name=lesion_name(lesion)))
            action.setEnabled(lesion.id != self._chosen_id())
            action.triggered.connect(partial(self._assign, images, lesion.id))
        menu.addAction(self.tr("Place with a new lesion"), partial(self._take_dropped_images, None, _keys(images)))
        menu.addSeparator()
        kinds: tuple[tuple[ImageKind, str], ...] = (
            ("clinical", self.tr("This is a clinical photograph")),
            ("dermoscopy", self.tr("This is a dermatoscope image")),
        )
        for kind, text in kinds:
            others = [image for image in self._selected() if image.kind != kind]
            if others:
                menu.addAction(text, partial(self._declare, others, kind, text))
        menu.addSeparator()
        menu.addAction(self.tr("Move to another patient…"), self.move)
        return menu

    def _declare(self, images: list[PlacedImage], kind: ImageKind, text: str) -> None:
        self._placements.change(text, lambda done: self._visit.declare(images, kind, done))

    def _selected(self) -> list[PlacedImage]:
        """Return the selected images that are in the history; the one that is shown, where none is selected."""
        chosen = [image.subject for image in self._page.strip.selected_images()]
        placed = [image for image in self._visit.images if image in chosen]
        shown = self._shown_image()
        return placed or ([shown] if shown is not None else [])

    def _chosen_id(self) -> int | None:
        return None if self._visit.lesion is None else self._visit.lesion.id

    def _say_not_taken(self, arrival: Arrival, error: AppError) -> None:
        self._page.messages.say(
            self.tr("“{name}” was not placed: {why}").format(name=arrival.name, why=sentence(error))
        )
        self._take_reading()

    def _say_elsewhere(self, arrival: Arrival, owner: Patient) -> None:
        self._page.messages.say(
            self.tr("“{name}” is an image of {owner} already and stays there.").format(
                name=arrival.name, owner=owner.pseudonym
            ),
            action=(self.tr("Open {patient}").format(patient=owner.pseudonym), partial(self._visit.open, owner)),
        )
        self._take_reading()


def _placed(image: PlacedImage, caption: str) -> StripImage:
    kept = image.image
    return StripImage(kept.sha256, kept.name, kept.path, image, caption, image.kind == "clinical")


def _keys(images: list[StripImage]) -> list[str]:
    return [image.key for image in images]
