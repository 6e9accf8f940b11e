"""The window fits 1024 x 560 points, which is 1920 x 1080 at 175 %; in a smaller one everything can be scrolled to."""

from pathlib import Path

from desktop.widgets.common.content_scroll import PageScroll
from desktop.widgets.window.rail import WORKSPACES
from tests.making import write_lesion
from tests.widgets.conftest import Desk


def pages(desk: Desk) -> PageScroll:
    return next(
        one for one in desk.parts.window.findChildren(PageScroll) if one.widget() is desk.parts.window.workspaces
    )


def test_every_workspace_fits_the_smallest_window_and_scrolls_in_a_smaller_one(desk: Desk, tmp_path: Path) -> None:
    window = desk.parts.window
    desk.open_and_keep(write_lesion(tmp_path / "lesion.png"))
    for workspace in WORKSPACES:
        window.show_workspace(workspace.id)
        desk.rest()
    window.resize(1024, 560)
    scroll = pages(desk)
    for workspace in WORKSPACES:
        window.show_workspace(workspace.id)
        desk.rest()
        across, down = scroll.horizontalScrollBar(), scroll.verticalScrollBar()
        assert (across.maximum(), down.maximum()) == (0, 0), workspace.id
    window.resize(window.minimumSize())
    desk.wait(lambda: scroll.horizontalScrollBar().maximum() > 0)
    assert (window.width(), window.height()) <= (960, 540), "1920 x 1080 at 200 %"
    panel = window.visit.panel
    window.show_workspace("visit")
    scroll.horizontalScrollBar().setValue(scroll.horizontalScrollBar().maximum())
    right = panel.mapTo(scroll.viewport(), panel.rect().topRight()).x()
    assert right <= scroll.viewport().width(), "the figures are reached"
