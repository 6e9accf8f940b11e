"""Text documents for paper."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from desktop.widgets.common.text_document import text_document


def test_a_document_is_made_on_the_gui_thread_alone(qapp: QApplication) -> None:
    assert text_document(QFont(), {}).isEmpty()
    with ThreadPoolExecutor(1) as worker, pytest.raises(RuntimeError, match="GUI thread alone"):
        worker.submit(text_document, QFont(), {}).result()
