"""Text documents for paper, created here alone, and on the GUI thread alone."""

from collections.abc import Mapping

from PySide6.QtCore import QThread, QUrl
from PySide6.QtGui import QFont, QImage, QTextDocument


def text_document(font: QFont, images: Mapping[str, QImage]) -> QTextDocument:
    """Return an empty document without margins, whose HTML may show `images` by their names.

    On a worker thread a document connects signals while it holds Python's lock. The GUI thread may hold Qt's lock of signals at
    that moment and wait for Python's: both would stand still for ever.

    Raises:
        RuntimeError: this is not the GUI thread.
    """
    if not QThread.isMainThread():
        raise RuntimeError("Text documents are laid out on the GUI thread alone.")
    document = QTextDocument()
    document.setUndoRedoEnabled(False)
    document.setUseDesignMetrics(True)
    document.setDocumentMargin(0)
    document.setDefaultFont(font)
    for name, image in images.items():
        document.addResource(QTextDocument.ResourceType.ImageResource, QUrl(name), image)
    return document
