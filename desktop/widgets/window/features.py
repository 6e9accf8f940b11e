"""The features of the window: what reacts to the session and to the user, created once the window is visible."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from desktop.core.late import Late

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow

    from desktop.session import audited_session, look_alikes
    from desktop.session.session import Session
    from desktop.widgets.answer import stability_presenter
    from desktop.widgets.model import outcome_export_presenter, practice_presenter, try_presenter
    from desktop.widgets.patient import patient_parts, worklists_presenter
    from desktop.widgets.practice import flips_presenter, training_export_presenter, training_run_presenter
    from desktop.widgets.visit import (
        assessment_presenter,
        image_sources,
        image_workbench,
        outcome_presenter,
        similar_presenter,
        view_options,
    )
    from desktop.widgets.window import (
        blind_switch,
        dialogs,
        dicom_network_presenter,
        initials_presenter,
        lock_presenter,
        patient_export_presenter,
        patient_requests,
        practice_system_presenter,
        reports,
        save_notices,
        visit_sending_presenter,
        watched_folder_presenter,
    )
    from desktop.widgets.window.frame import Frame
else:
    audited_session = Late("desktop.session.audited_session")
    look_alikes = Late("desktop.session.look_alikes")
    similar_presenter = Late("desktop.widgets.visit.similar_presenter")
    blind_switch = Late("desktop.widgets.window.blind_switch")
    dialogs = Late("desktop.widgets.window.dialogs")
    dicom_network_presenter = Late("desktop.widgets.window.dicom_network_presenter")
    visit_sending_presenter = Late("desktop.widgets.window.visit_sending_presenter")
    watched_folder_presenter = Late("desktop.widgets.window.watched_folder_presenter")
    initials_presenter = Late("desktop.widgets.window.initials_presenter")
    lock_presenter = Late("desktop.widgets.window.lock_presenter")
    patient_export_presenter = Late("desktop.widgets.window.patient_export_presenter")
    patient_requests = Late("desktop.widgets.window.patient_requests")
    practice_system_presenter = Late("desktop.widgets.window.practice_system_presenter")
    assessment_presenter = Late("desktop.widgets.visit.assessment_presenter")
    reports = Late("desktop.widgets.window.reports")
    save_notices = Late("desktop.widgets.window.save_notices")
    image_sources = Late("desktop.widgets.visit.image_sources")
    outcome_presenter = Late("desktop.widgets.visit.outcome_presenter")
    patient_parts = Late("desktop.widgets.patient.patient_parts")
    outcome_export_presenter = Late("desktop.widgets.model.outcome_export_presenter")
    try_presenter = Late("desktop.widgets.model.try_presenter")
    flips_presenter = Late("desktop.widgets.practice.flips_presenter")
    practice_presenter = Late("desktop.widgets.model.practice_presenter")
    training_export_presenter = Late("desktop.widgets.practice.training_export_presenter")
    training_run_presenter = Late("desktop.widgets.practice.training_run_presenter")
    image_workbench = Late("desktop.widgets.visit.image_workbench")
    stability_presenter = Late("desktop.widgets.answer.stability_presenter")
    view_options = Late("desktop.widgets.visit.view_options")
    worklists_presenter = Late("desktop.widgets.patient.worklists_presenter")


class Features:
    """Has the features that are connected with others or with the menus as attributes, once `create` has come to them."""

    def __init__(self, window: QMainWindow, session: Session, frame: Frame) -> None:
        self._window = window
        self._session = session
        self._frame = frame

    def create(self) -> Iterator[None]:
        """Create the features in pieces of less than 50 ms."""
        window, session, frame = self._window, self._session, self._frame
        settings, workspaces, visit_page = session.settings, frame.workspaces, frame.visit_page
        audited = audited_session.AuditedSession(
            session.audit,
            session.history_service,
            session.open_image,
            session.open_patient,
            session.blinding,
            frame.practice,
            session.model,
            lambda: workspaces.current == "visit",
            window,
        )
        workspaces.shown.connect(lambda workspace: audited.note_visit() if workspace == "visit" else None)
        self.workbench = image_workbench.ImageWorkbench(
            visit_page,
            session.open_image,
            session.history_service,
            session.tasks,
            settings,
            frame.undo_stack,
            frame.scales,
            session.audit,
            window,
        )
        yield
        self.sources = image_sources.ImageSources(
            visit_page,
            session.open_image,
            session.history_service,
            session.open_patient,
            session.watched_folder,
            settings,
            frame.files,
            window,
        )
        self.patients = patient_parts.PatientParts(
            session.tasks,
            session.open_patient,
            session.edits,
            session.import_queue,
            session.open_image,
            session.history_service,
            session.blinding,
            visit_page,
            self.sources,
            frame.files,
            frame.undo_stack,
            frame.banner,
            frame.practice,
            settings,
            workspaces.image_thumbnails,
            lambda: workspaces.messages,
            window,
        )
        yield
        self.reports = reports.Reports(
            window,
            session.tasks,
            settings,
            session.open_image,
            session.open_patient,
            session.blinding,
            session.history_service,
            frame.files,
            visit_page,
            self.workbench.overlay_as_picture,
            lambda: workspaces.messages,
            session.audit,
        )
        self.dialogs = dialogs.WindowDialogs(
            window,
            session.tasks,
            settings,
            session.open_image,
            session.batch,
            session.history_service,
            session.drafts,
            session.import_queue,
            session.training,
            workspaces,
            session.audit,
            session.lock,
        )
        self.lock = lock_presenter.LockPresenter(
            window, session.lock, settings, session.audit, self.dialogs.manage_encryption
        )
        self.practice = practice_presenter.PracticePresenter(
            frame.practice, session.model, session.history_service, lambda: workspaces.messages, window
        )
        self.outcome_export = outcome_export_presenter.OutcomeExportPresenter(
            session.tasks,
            session.model,
            session.history_service,
            settings,
            session.audit,
            lambda: workspaces.messages,
            window,
        )
        self.training = training_run_presenter.TrainingRunPresenter(
            session.training,
            lambda: workspaces.messages,
            lambda: workspaces.show_workspace("own_figures"),
            lambda: workspaces.current == "own_figures",
            workspaces.try_file_on_history,
            window,
        )
        workspaces.training_page_requested.connect(self.training.show_page)
        self.training_export = training_export_presenter.TrainingExportPresenter(
            session.tasks,
            session.model,
            session.history_service,
            settings,
            session.audit,
            lambda: workspaces.image_thumbnails,
            lambda: workspaces.messages,
            self.training,
            window,
        )
        self.trying = try_presenter.TryPresenter(
            session.tasks,
            session.model,
            session.history_service,
            settings,
            frame.files,
            session.audit,
            lambda: workspaces.messages,
            window,
        )
        flips = flips_presenter.FlipsPresenter(
            session.trial,
            session.history_service,
            session.audit,
            frame.undo_stack,
            lambda: workspaces.image_thumbnails,
            lambda: workspaces.messages,
            lambda: workspaces.current == "model",
            workspaces.adopt,
            window,
        )
        flips.lesion_requested.connect(workspaces.case_requested)
        flips.image_requested.connect(workspaces.image_requested)
        self.initials = initials_presenter.InitialsPresenter(settings, visit_page.first_steps, frame.banner, window)
        outcomes = outcome_presenter.OutcomePresenter(
            session.history_service, frame.undo_stack, lambda: workspaces.messages, window
        )
        self.worklists = worklists_presenter.WorklistsPresenter(
            session.history_service, outcomes, lambda: workspaces.messages, window
        )
        search = look_alikes.LookAlikeSearch(
            session.tasks, session.open_image, session.open_patient, session.blinding, session.history_service, window
        )
        self.similar = similar_presenter.SimilarPresenter(
            window,
            search,
            session.history_service,
            session.audit,
            lambda: workspaces.messages,
            workspaces.compare_entries,
        )
        assessments = assessment_presenter.AssessmentPresenter(
            visit_page,
            session.open_image,
            session.open_patient,
            session.blinding,
            session.drafts,
            outcomes,
            search,
            frame.undo_stack,
            window,
        )
        assessments.similar_requested.connect(self.similar.show)
        workspaces.serve_assessments(assessments.serve)
        workspaces.shown.connect(lambda _workspace: assessments.show())
        self.dialogs.ask_before_closing(assessments.unsaved)
        yield
        stability_presenter.StabilityPresenter(session.tasks, session.open_image, visit_page.result_panel, window)
        self.blind_switch = blind_switch.BlindSwitch(session.blinding, lambda: workspaces.messages, window)
        self.options = view_options.ViewOptions(window, visit_page, settings)
        self.watched_folder = watched_folder_presenter.WatchedFolderPresenter(
            session.watched_folder, frame.strip, settings, frame.files, window
        )
        requests = patient_requests.PatientRequests(
            settings,
            session.history_service,
            session.open_patient,
            self.patients,
            session.edits,
            visit_page,
            lambda: workspaces.messages,
            window,
        )
        self.practice_system = practice_system_presenter.PracticeSystemPresenter(
            session.tasks,
            settings,
            session.history_service,
            requests,
            session.blinding,
            session.audit,
            self.lock.when_open,
            lambda: workspaces.messages,
            window,
        )
        self.dialogs.ask_before_closing(self.practice_system.unsent)
        self.dicom_network = dicom_network_presenter.DicomNetworkPresenter(
            session.tasks, settings, requests, session.audit, lambda: workspaces.messages, window
        )
        self.patient_export = patient_export_presenter.PatientExportPresenter(
            session.tasks,
            settings,
            session.history_service,
            session.open_patient,
            lambda: workspaces.messages,
            window,
        )
        self.visit_sending = visit_sending_presenter.VisitSendingPresenter(
            session.tasks,
            settings,
            session.history_service,
            session.open_patient,
            session.audit,
            self.dicom_network,
            lambda: workspaces.messages,
            window,
        )
        notices = save_notices.SaveNotices(
            visit_page,
            workspaces,
            frame.strip,
            session.open_image,
            session.blinding,
            session.history_service,
            session.watched_folder,
            session.audit,
            frame.undo_stack,
            self.patients,
            window,
        )
        self.dialogs.ask_before_closing(notices.unsaved)
