"""What was found when a new model was made of another one, in the user's language."""

from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication

from desktop.core.judging.better import Comparison, State
from desktop.core.judging.better_words import RULES, figure_sentences, unknown_sentence, verdict_sentence
from desktop.widgets.common.sentences import in_words
from desktop.widgets.common.wording import translated


def _tr(text: str) -> str:
    return QCoreApplication.translate("ComparedWords", text)


def verdict_text(found: Comparison) -> str:
    """Return what follows, and which of the things that better needs failed."""
    failed = [translated(RULES[rule]) for rule, state in found.rules.items() if state is State.FAILED]
    texts = [in_words(verdict_sentence(found))]
    if failed:
        texts.append(_tr("Failed: {rules}.").format(rules="; ".join(failed)))
    if (unknown := unknown_sentence(found)) is not None:
        texts.append(in_words(unknown))
    return "\n".join(texts)


def figure_texts(found: Comparison) -> Iterator[str]:
    """Yield the counts of both models, those of the clinic first."""
    return map(in_words, figure_sentences(found))
