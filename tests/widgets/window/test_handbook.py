"""Help opens the handbook with its pictures, from any working directory."""

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QTextDocument

from desktop.core.paths import HANDBOOK
from desktop.widgets.window.handbook import HandbookDialog
from tests.widgets.conftest import Desk


def shown(desk: Desk) -> HandbookDialog:
    desk.wait(lambda: [one for one in desk.parts.window.findChildren(HandbookDialog) if one.isVisible()])
    return next(one for one in desk.parts.window.findChildren(HandbookDialog) if one.isVisible())


def test_help_opens_the_handbook_and_finds_a_word(desk: Desk) -> None:
    desk.parts.window.menus.actions["handbook"].trigger()
    page = shown(desk)
    assert "## " not in page.page.toPlainText(), "it is shown, not printed"
    desk.qtbot.keyClicks(page.search, "Breslow")
    desk.qtbot.keyClick(page.search, Qt.Key.Key_Return)
    assert page.page.textCursor().selectedText().casefold() == "breslow"
    page.page.anchorClicked.emit(QUrl("#your-diagnosis-first"))
    assert page.page.textCursor().block().text() == "Your diagnosis first"
    page.close()


def test_every_picture_of_the_handbook_is_there(desk: Desk) -> None:
    desk.parts.window.menus.actions["handbook"].trigger()
    page = shown(desk).page
    names = [
        line.split("](")[1].rstrip(")")
        for line in HANDBOOK.read_text(encoding="utf-8").splitlines()
        if "](pict" in line
    ]
    assert names
    for name in names:
        image = page.loadResource(QTextDocument.ResourceType.ImageResource.value, QUrl(name))
        assert not image.isNull(), name  # type: ignore[attr-defined]
    shown(desk).close()
