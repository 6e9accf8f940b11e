"""What a working point of an alert finds, misses and raises for nothing, as counts of lesions beside those of another."""

from PySide6.QtCore import QCoreApplication

from desktop.core.inference.alerts import AlertPoint
from desktop.widgets.common.wording import count

_MELANOMA = "melanoma"


def _tr(text: str) -> str:
    return QCoreApplication.translate("AlertCosts", text)


def cost_text(alert_id: str, point: AlertPoint, now: AlertPoint) -> str:
    """Return the counts of a working point; those that differ are told beside the ones of the working point in use."""
    found = (
        _tr("Finds {part} of {whole} melanomas{instead}")
        if alert_id == _MELANOMA
        else _tr("Finds {part} of {whole} skin cancers{instead}")
    )
    parts = [
        _counted(found, point.found, point.positives, now.found),
        _tr("misses {missed}{instead}").format(
            missed=count(point.positives - point.found),
            instead=_instead(point.positives - point.found, now.positives - now.found),
        ),
    ]
    for_nothing = [
        _counted(text, raised, lesions, before)
        for text, raised, lesions, before in (
            (_tr("{part} of {whole} biopsied naevi{instead}"), point.nevi_raised, point.nevi, now.nevi_raised),
            (
                _tr("{part} of {whole} other biopsied lesions{instead}"),
                point.others_raised,
                point.others,
                now.others_raised,
            ),
            (
                _tr("{part} of {whole} naevi under follow-up{instead}"),
                point.followed_raised,
                point.followed,
                now.followed_raised,
            ),
        )
        if lesions
    ]
    raised = _tr("Raised for nothing for {lesions}.").format(lesions=", ".join(for_nothing))
    return f"{', '.join(parts)}. {raised}"


def _counted(text: str, part: int, whole: int, before: int) -> str:
    return text.format(part=count(part), whole=count(whole), instead=_instead(part, before))


def _instead(now: int, before: int) -> str:
    return "" if now == before else _tr(" instead of {before}").format(before=count(before))
