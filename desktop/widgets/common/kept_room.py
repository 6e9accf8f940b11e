"""Room kept for a hidden widget, so that nothing moves when it appears."""

from PySide6.QtWidgets import QWidget


def keep_room(widget: QWidget, wanted: bool) -> None:
    """Let a widget have its room in a layout also while it is hidden, or not."""
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(wanted)
    widget.setSizePolicy(policy)
