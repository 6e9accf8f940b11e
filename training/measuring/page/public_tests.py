"""The section on test images, answered by one model file of each recipe."""

from collections.abc import Sequence

from desktop.core.labels import BY_ID
from training.formatting import NOT_MEASURED, format_estimate, format_share, markdown_table, side_by_side
from training.measuring.card_figures import CardFigures
from training.measuring.public_test_figures import PublicTestFigures

_HEADER = (
    "right",
    "right, keratoses as one",
    "right, seven classes",
    "melanoma AUC",
    "malignant AUC",
    "misses that carry a conflicting label",
    "flagged as novel",
)


def tests(all_figures: Sequence[CardFigures]) -> list[str]:
    """Return the section on what one model file did on test images."""
    if not any(one.tests for one in all_figures):
        return ["Not measured yet."]
    sources = dict.fromkeys(test.source for one in all_figures for test in one.tests)
    return [
        (
            "Answered from the image files. Neither these images nor others known to show their lesions were trained on (the "
            "sets name no lesions; only copies and HAM10000's lesions are known). The 118 images of isic9's Test folder cannot "
            "rank models: an interval spans almost 20 points. Conflicting images are also in its Train folder under "
            "another label."
        ),
        markdown_table(
            ["the file", "learned from so many images", "SHA-256"],
            [[one.name, *_file(one)] for one in all_figures],
        ),
        side_by_side(
            ["images"],
            _HEADER,
            {one.name: {(test.source,): _cells(test) for test in one.tests} for one in all_figures},
        ),
        *(
            part
            for source in sources
            for one in all_figures
            for test in one.tests
            if test.source == source
            for part in _confusion(one.name, test)
        ),
    ]


def _file(one: CardFigures) -> list[str]:
    taught = f"{one.tested_taught:,}" if one.tested_taught else NOT_MEASURED
    return [taught, f"`{one.model_sha256}`" if one.tests else NOT_MEASURED]


def _cells(test: PublicTestFigures) -> list[str]:
    misses = test.right.n - test.right.k
    return [
        format_share(test.right),
        format_share(test.right_grouped),
        format_share(test.right_of_seven),
        *(format_estimate(test.figures.get(name), False) for name in ("AUC: melanoma", "AUC: malignant")),
        f"{test.missed_as_the_other_label} of {misses}",
        format_share(test.novel) if test.novel else NOT_MEASURED,
    ]


def _confusion(name: str, test: PublicTestFigures) -> list[str]:
    names = [BY_ID[label].name if label in BY_ID else label for label in test.labels]
    rows = [[name, *map(str, row)] for name, row in zip(names, test.confusion, strict=True) if any(row)]
    return [
        f"### {test.source}, {name}: a row for each label, a column for each answer",
        markdown_table(["", *names], rows),
    ]
