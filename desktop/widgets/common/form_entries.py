"""What was entered in a form since it was filled in: Esc must not lose it without a question."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from desktop.widgets.common.confirming import may_discard


class FormEntries(QObject):
    """Compares the fields of a form with what stood in them at first. A child of the form, so that the window finds it."""

    def __init__(self, form: QWidget) -> None:
        """Create this last, once all fields are filled in; a button that comes later is taken as not checked at first."""
        super().__init__(form)
        self._form = form
        self._before: dict[QObject, object] = {}
        self.begin()

    def begin(self) -> None:
        """Take what stands in the fields now as not entered by the user."""
        self._before = {field: _value(field) for field in self._fields()}

    def begin_field(self, field: QWidget) -> None:
        """Take what stands in one field now as not entered by the user."""
        for one in (field, *field.findChildren(QWidget)):  # the text of a list or a number is a field of its own
            self._before[one] = _value(one)

    def is_entered(self, field: QWidget) -> bool:
        """Return whether the user entered something in a field."""
        return _value(field) != self._before.get(field)

    @property
    def are_unsaved(self) -> bool:
        """Whether the form is open, and something was entered in it."""
        return not self._form.isHidden() and self._has_entries()

    def may_be_discarded(self) -> bool:
        """Return whether the form may be closed without saving: nothing was entered, or the user agrees to lose it."""
        return may_discard(self._form, has_entries=self._has_entries())

    def _has_entries(self) -> bool:
        return any(_value(one) != self._before.get(one, _value_at_first(one)) for one in self._fields())

    def _fields(self) -> list[QWidget]:
        return [one for one in self._form.findChildren(QWidget) if _value(one) is not None]


def _value(field: QWidget) -> object:
    """Return what is entered in a field, None if it is none."""
    if isinstance(field, QComboBox) and field.isEditable():
        return field.currentText()  # Qt finds its row only as the field is left
    if isinstance(field, QComboBox):
        return field.currentIndex(), field.currentText()
    if isinstance(field, QAbstractSpinBox | QLineEdit):
        return field.text()
    if isinstance(field, QPlainTextEdit):
        return field.toPlainText()
    if isinstance(field, QAbstractButton) and field.isCheckable():
        return field.isChecked()
    return None


def _value_at_first(field: QWidget) -> object:
    """Return what stood in a field that came later: a button was not checked; the parts of an opened calendar are no fields."""
    return False if isinstance(field, QAbstractButton) else _value(field)
