"""The words of a training that the window started: how far it is, in plain words."""

from PySide6.QtCore import QCoreApplication

from desktop.core.labelled_images.improve_command import ImproveCommand
from desktop.core.progress import Step
from desktop.session.training_run import TrainingState
from desktop.widgets.common.wording import count

_HOUR, _MINUTE = 3600, 60


def _tr(text: str) -> str:
    return QCoreApplication.translate("TrainingRun", text)


def state_text(state: TrainingState, command: ImproveCommand) -> str:
    """Return what a training does, or what became of it."""
    fields = {"folder": command.data.name}
    if state.is_done:
        return _tr("A new model was made of “{folder}”, and compared with the old one.").format(**fields)
    if not state.is_running:
        return _tr("The new model of “{folder}” is not finished. What it has learned is kept.").format(**fields)
    if state.is_stopping:
        return _tr("A new model is made of “{folder}”: it is being stopped…").format(**fields)
    how_far = _tr("it begins…") if state.step is None else step_text(state.step)
    return _tr("A new model is made of “{folder}”: {how_far}").format(how_far=how_far, **fields)


def detail_text(state: TrainingState, command: ImproveCommand) -> str:
    """Return the last line of a training that runs, and how one that was stopped is carried on."""
    if state.is_running:
        return _tr("Last line: {line}").format(line=state.line) if state.line else ""
    if state.is_done:
        return ""
    return _tr("“Go on” carries it on, and so does in a terminal: {command}").format(
        command=command.text(is_resumed=True)
    )


def step_text(step: Step) -> str:
    """Return how far a step is, and how long it will take by what it has taken."""
    if step.epochs:
        text = _tr("epoch {epoch} of {epochs}").format(epoch=count(step.epoch), epochs=count(step.epochs))
    else:
        names = {
            "Opening images": _tr("images are opened"),
            "Comparing images": _tr("images are compared"),
            "Preparing images": _tr("images are prepared"),
            "Answering": _tr("images are answered"),
            "Measuring": _tr("the new model is measured"),
        }
        text = _tr("{what}, {done} of {total}").format(
            what=names.get(step.name, step.name), done=count(step.done), total=count(step.total)
        )
    left = "" if step.seconds_left is None else time_text(step.seconds_left)
    return f"{text}, {left}." if left and step.done < step.total else f"{text}."


def time_text(seconds: float) -> str:
    """Return the time left in hours and minutes."""
    minutes = max(round(seconds / _MINUTE), 0)
    if not minutes:
        return _tr("less than a minute left")
    if seconds < _HOUR:
        return _tr("about {minutes} min left").format(minutes=minutes)
    return _tr("about {hours} h {minutes} min left").format(hours=minutes // 60, minutes=minutes % 60)
