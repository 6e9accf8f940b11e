"""Sentences of the core in the user's language."""

from desktop.core.sentence import Sentence
from desktop.widgets.common.wording import translated


def in_words(sentence: Sentence) -> str:
    """Return a sentence in the user's language, with the sentences and nouns among its fields."""
    fields = {name: in_words(part) if isinstance(part, Sentence) else part for name, part in sentence.fields.items()}
    return translated(sentence.template).format(**fields)
