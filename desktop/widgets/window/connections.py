"""Connects the features of the window with its menus, its frame and each other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMainWindow, QMenu

from desktop.widgets.common.undo import UndoQuestions, add_undo
from desktop.widgets.window.menus import EDIT, Menus, fill_menus
from desktop.widgets.window.theme_menu import ThemeMenu

if TYPE_CHECKING:
    from desktop.core.errors import AppError
    from desktop.core.inference.classifier import Classifier
    from desktop.core.records.safety_net import OpenItem
    from desktop.session.session import Session
    from desktop.widgets.window.features import Features
    from desktop.widgets.window.frame import Frame
    from desktop.widgets.window.menu_corner import MenuCorner


class Connections(QObject):
    """Makes them in two steps, which the staged start takes one by one."""

    def __init__(
        self,
        window: QMainWindow,
        session: Session,
        frame: Frame,
        corner: MenuCorner,
        menus: Menus,
        features: Features,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._frame = frame
        self._corner = corner
        self._menus = menus
        self._features = features

    def fill_menus(self) -> None:
        """Give each menu entry its action."""
        window, features, frame = self._window, self._features, self._frame
        act: dict[str, Callable[..., object]] = {"quit": window.close, "blind": features.blind_switch.switch}
        for part in (
            features.options,
            features.sources,
            features.watched_folder,
            features.reports,
            features.initials,
            features.dialogs,
            features.lock,
            features.workbench,
            features.worklists,
            frame.workspaces,
            features.patients,
            features.practice,
            features.outcome_export,
            features.training_export,
            features.practice_system,
            features.dicom_network,
            features.visit_sending,
            features.patient_export,
            features.trying,
            features.similar,
        ):
            act |= part.acts()
        submenus: dict[str, Callable[[str], QMenu]] = {
            "recent": lambda title: features.sources.recent_menu(title, window),
            "lock when idle": lambda title: features.lock.idle_menu(title, window),
            "theme": lambda title: ThemeMenu(title, self._session.settings, window),
        }
        fill_menus(self._menus, window, act, submenus)
        features.patients.begin(self._menus.actions)
        features.worklists.show_on(features.patients, features.sources)
        features.blind_switch.show_on(
            self._menus.actions["blind"], self._corner.blind_first, frame.visit_page.first_steps.blind_first
        )
        add_undo(self._menus.menus[EDIT], frame.undo_stack, window)

    def connect_features(self) -> None:
        """Connect the signals; the features then take up what is there already."""
        features, frame, actions = self._features, self._frame, self._menus.actions
        self._connect_frame()
        self._connect_sources()
        self._connect_today()
        self._connect_undo()
        features.practice_system.begin()
        features.watched_folder.begin(actions["watch"], actions["inbox"])
        features.options.begin(actions)
        frame.visit_page.order_keys(frame.banner, features.patients.lesions, features.patients.summary, self._corner)

    def _connect_frame(self) -> None:
        features, workspaces, page = self._features, self._frame.workspaces, self._frame.visit_page
        self._frame.rail.workspace_chosen.connect(workspaces.show_workspace)
        self._corner.model_requested.connect(lambda: workspaces.show_workspace("model"))
        workspaces.batch_progressed.connect(self._frame.strip.show_batch)
        features.patients.lesion_requested.connect(lambda: self._show_brought(for_lesion=True))
        features.patients.page_requested.connect(lambda: workspaces.show_workspace("visit"))
        page.asked.connect(self._show_asked)
        self._session.open_image.open_failed.connect(self._tell_unread)
        page.result_panel.model_requested.connect(workspaces.choose_model)
        page.result_panel.shown_anyway.connect(self._session.open_image.disclose)
        self._session.model.loaded.connect(self._use_model)
        self._session.model.load_failed.connect(page.show_model_error)
        features.workbench.compare_requested.connect(workspaces.follow)
        workspaces.training_export_requested.connect(features.training_export.export)
        workspaces.lesion_step_requested.connect(features.patients.steps.step_lesion)
        for part in (features.worklists, features.patients.lesions):
            part.follow_up_requested.connect(workspaces.show_lesion)

    def _connect_sources(self) -> None:
        sources, workspaces = self._features.sources, self._frame.workspaces
        workspaces.images_requested.connect(sources.choose_images)
        workspaces.folder_requested.connect(sources.choose_folder)
        workspaces.files_requested.connect(lambda paths: sources.open_files(paths, are_new=False))
        workspaces.entry_requested.connect(sources.open_entry)
        sources.visit_needed.connect(self._show_brought)
        sources.folder_chosen.connect(self._classify_folder)
        self._features.watched_folder.images_requested.connect(sources.open_files)
        for lesions in (self._features.patients.lesions, self._features.patients.page):
            lesions.files_dropped_beside.connect(sources.open_files)  # as on the rest of the window

    def _connect_today(self) -> None:
        features, workspaces, worklists = self._features, self._frame.workspaces, self._features.worklists
        workspaces.patient_requested.connect(features.patients.open)
        workspaces.lesion_requested.connect(
            lambda item, is_due: worklists.open_lesion(item.patient, item.lesion.id, is_due=is_due)
        )
        workspaces.look_requested.connect(self._look_again)
        workspaces.image_requested.connect(worklists.open_image)
        workspaces.case_requested.connect(lambda patient, lesion: worklists.open_lesion(patient, lesion, is_due=True))
        workspaces.result_requested.connect(
            lambda item: worklists.ask_outcome(item, item.image_id, plan_id=item.subject_id)
        )
        workspaces.due_requested.connect(worklists.show_due)
        workspaces.planned_requested.connect(worklists.show_planned)
        workspaces.histology_requested.connect(worklists.show_histology)
        workspaces.inbox_requested.connect(features.watched_folder.open_images)
        worklists.counted.connect(workspaces.show_open_work)
        features.watched_folder.counted.connect(workspaces.show_waiting)

    def _look_again(self, item: OpenItem, why: str, ask: Callable[[], None]) -> None:
        """Show the film of a lesion, with why it is to be looked at again and what records that it was."""
        if item.lesion is None or item.patient is None:
            return
        text = self.tr("Looked again…")

        def say() -> None:
            self._frame.workspaces.messages.say(why, error=False, action=(text, ask))

        self._features.worklists.open_lesion(item.patient, item.lesion.id, is_due=True, shown=say)

    def _connect_undo(self) -> None:
        stack, strip, workspaces = self._frame.undo_stack, self._frame.strip, self._frame.workspaces
        strip.undo_requested.connect(stack.undo)
        stack.changed.connect(lambda: strip.offer_undo(stack.undo_text, is_enabled=not stack.is_writing))
        stack.failed.connect(workspaces.tell)
        stack.undone.connect(strip.say_undone)
        history_service = self._session.history_service
        UndoQuestions(stack, history_service, lambda: workspaces.messages, self._window)
        # The history may be another one than that which was changed.
        history_service.opened.connect(stack.clear)

    def _show_brought(self, for_lesion: bool) -> None:
        """Show an image that is brought or gone to: in the film of its lesion if that is in front, else at the visit."""
        if not (for_lesion and self._frame.workspaces.shows_a_lesion):
            self._frame.workspaces.show_workspace("visit")

    def _show_asked(self) -> None:
        """Show an error or a question about an image that was brought into the film of its lesion."""
        if self._frame.workspaces.shows_a_lesion:
            self._frame.workspaces.show_workspace("visit")

    def _tell_unread(self, _name: str, error: AppError) -> None:
        """Tell in the film that an image which was opened with its lesion cannot be read: whoever went there stays there."""
        request = self._session.open_image.request
        if self._frame.workspaces.shows_a_lesion and request is not None and request.placed is not None:
            self._frame.workspaces.messages.tell(error)

    def _classify_folder(self, folder: Path, has_others: bool) -> None:
        self._frame.workspaces.show_workspace("batch")
        self._frame.workspaces.batch.classify(folder, has_others=has_others)

    def _use_model(self, classifier: Classifier) -> None:
        self._frame.visit_page.use_contract(classifier.contract)
        self._session.open_image.use(classifier)
