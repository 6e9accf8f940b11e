"""A model's figures here in plain words, for the report and for the window, which translates them."""

from collections.abc import Iterator, Mapping

from desktop.core.inference.alerts import out_of_hundred
from desktop.core.judging.counted_nouns import IMAGES, LESIONS, MELANOMAS, NAEVI, OTHER_LESIONS, OTHERS, SUCH_LESIONS
from desktop.core.judging.figures import FEWEST, AlertCount, AlertFigures, Figures
from desktop.core.judging.judged_images import JudgedImages, LeftOut
from desktop.core.judging.verdicts import Verdict, verdict
from desktop.core.labelled_images.audit import FindingKind
from desktop.core.labels import MELANOMA
from desktop.core.marking import tr
from desktop.core.sentence import Counted, Sentence

_NEVUS = "nevus"


def alert_sentences(alert: AlertFigures, *, knows_training: bool) -> Iterator[Sentence]:
    """Yield what an alert does here, and what follows."""
    yield _counted(alert, alert.count)
    if alert.with_context is not None and alert.with_context != alert.count:
        more = alert.with_context
        yield Sentence(
            tr("With age, sex and site: {raised} of {positives}, and {others_raised} of {others}."),
            _fields(more),
        )
    if alert.proved is not None and alert.proved != alert.count:
        yield Sentence(
            tr("Of those proved by histology alone: {raised} of {positives}, and {others_raised} of {others}."),
            _fields(alert.proved),
        )
    yield follows(alert, knows_training=knows_training)


def _fields(count: AlertCount) -> dict[str, object]:
    return {
        "positives": count.positives,
        "raised": count.raised,
        "others": OTHERS.of(count.others),
        "others_raised": count.others_raised,
    }


def _counted(alert: AlertFigures, count: AlertCount) -> Sentence:
    nevi, nevi_raised = count.by_label.get(_NEVUS, (0, 0))
    fields = {
        **_fields(count),
        "nevi": NAEVI.of(nevi),
        "nevi_raised": nevi_raised,
        "rest": OTHER_LESIONS.of(count.others - nevi),
        "rest_raised": count.others_raised - nevi_raised,
        "name": alert.name,
    }
    if alert.labels == (MELANOMA,):
        fields["positives"] = MELANOMAS.of(count.positives)
        if not nevi:
            return Sentence(tr("Of {positives} it alerted on {raised}; of {rest} on {rest_raised}."), fields)
        if nevi == count.others:
            return Sentence(tr("Of {positives} it alerted on {raised}; of {nevi} on {nevi_raised}."), fields)
        return Sentence(
            tr("Of {positives} it alerted on {raised}; of {nevi} on {nevi_raised}, of {rest} on {rest_raised}."), fields
        )
    fields["positives"] = SUCH_LESIONS.of(count.positives)
    if (among := alert.melanomas_among) is not None:
        return Sentence(
            tr(
                "{name}: raised in {raised} of {positives} (melanomas among them: {melanomas_raised} of {melanomas}) and in "
                "{others_raised} of {others}."
            ),
            {**fields, "melanomas": among[0], "melanomas_raised": among[1]},
        )
    return Sentence(tr("{name}: raised in {raised} of {positives} and in {others_raised} of {others}."), fields)


def follows(alert: AlertFigures, *, knows_training: bool) -> Sentence:
    """Return what follows from an alert's figures."""
    found = verdict(alert, knows_training=knows_training)
    fields = {"fewest": FEWEST, "aim": round(100 * alert.aim)}
    if alert.tested is not None and alert.tested.positives and alert.tested.others:
        fields["tested"] = out_of_hundred(alert.tested.found, alert.tested.positives)
        fields["tested_others"] = out_of_hundred(alert.tested.raised, alert.tested.others)
    return Sentence(_FOLLOWS[found], fields)


_FOLLOWS = {
    Verdict.UNKNOWN_TRAINING: tr(
        "No verdict: which images this model learned from is not known. If some of these are among them, it looks better here "
        "than it is."
    ),
    Verdict.TOO_FEW: tr("Too few lesions here to tell: at least {fewest} of its own and {fewest} others are needed."),
    Verdict.TELLS_LESS_APART: tr(
        "Do not use the alert here as it is: it tells its own lesions from others less than in testing (there it was raised in "
        "{tested} and in {tested_others} of 100), if at all."
    ),
    Verdict.MISSES_MORE: tr(
        "Do not use the alert here as it is: it is set to find {aim} of 100, and the whole 95 % interval lies below."
    ),
    Verdict.NO_DIFFERENCE_SHOWN: tr(
        "No difference can be shown on these lesions between how often the alert is raised in its own and in others. Count "
        "more before you rely on it."
    ),
    Verdict.CANNOT_TELL: tr("Too few lesions here to tell whether it finds the {aim} of 100 that it is set to find."),
    Verdict.NO_FAULT_SHOWN: tr("No fault shown here: it finds about as many as it is set to find ({aim} of 100)."),
}


def counted_sentences(figures: Figures, images: JudgedImages) -> Iterator[Sentence]:
    """Yield what was counted, and with what caution."""
    yield Sentence(
        tr("Counted: {lesions} in {images}."), {"lesions": LESIONS.of(figures.lesions), "images": IMAGES.of(figures.n)}
    )
    if not any(image.lesion or image.group for image in images.data.images):
        yield Sentence(
            tr(
                "No lesions are named, so each picture is taken for a lesion: several of one lesion make the intervals too "
                "narrow."
            )
        )
    elif not images.has_patients:
        yield Sentence(tr("No patients are named beside the lesions: the intervals take the lesions as independent."))
    if not images.knows_training:
        yield Sentence(tr("Which images the model learned from is not known: nothing could be left out for that."))


def left_out_sentences(images: JudgedImages) -> Iterator[Sentence]:
    """Yield what was left out, and which words were understood as which label."""
    for word, meant in images.data.words.items():
        yield Sentence(tr("“{word}” is counted with {meant}."), {"word": word, "meant": meant})
    for label, count in images.data.unknown.items():
        yield Sentence(
            tr("“{label}” ({images}): no label of this model, left out."), {"label": label, "images": IMAGES.of(count)}
        )
    for reason, told in _LEFT_OUT.items():
        if count := images.count(reason):
            yield told.of(count)
    if mirrored := images.audit.count(FindingKind.NEAR_IDENTICAL)[0]:
        yield _NEAR_IDENTICAL.of(mirrored)
    if leaks := images.audit.count(FindingKind.TWO_SPLITS)[0] + images.audit.count(FindingKind.TORN)[0]:
        yield _LEAKS.of(leaks)
    yield from images.data.remarks


_NEAR_IDENTICAL = Counted(
    tr("{count} picture is there more than once in different files: saved anew, mirrored, turned, cropped."),
    tr("{count} pictures are there more than once in different files: saved anew, mirrored, turned, cropped."),
)
_LEAKS = Counted(
    tr("{count} picture or lesion is in more than one of the folders for training, validation and test."),
    tr("{count} pictures or lesions are in more than one of the folders for training, validation and test."),
)
_LEFT_OUT = {
    LeftOut.UNREADABLE: Counted(
        tr("{count} image cannot be read or is damaged, left out."),
        tr("{count} images cannot be read or are damaged, left out."),
    ),
    LeftOut.TWO_LABELS: Counted(
        tr("{count} image shows a picture or lesion that has two labels, left out: mend the labels."),
        tr("{count} images show a picture or lesion that has two labels, left out: mend the labels."),
    ),
    LeftOut.LEARNED: Counted(
        tr("{count} image is of a lesion that the model learned from or was set on, left out."),
        tr("{count} images are of lesions that the model learned from or was set on, left out."),
    ),
    LeftOut.COPY: Counted(
        tr("{count} image is a copy of another: each picture counts once."),
        tr("{count} images are copies of others: each picture counts once."),
    ),
}


def nothing_counted(images: JudgedImages) -> Iterator[Sentence]:
    """Yield why images are left out, with the names of the first ones: parts of the sentence that none of them counts."""
    for reason, told in _NOTHING_COUNTED.items():
        names = [image.name for image, why in zip(images.data.images, images.left_out, strict=True) if why is reason]
        named: Sentence | str = ", ".join(names[:_MOST_NAMES])
        if (more := len(names) - _MOST_NAMES) > 0:
            named = Sentence(tr("{names} and {more} more"), {"names": named, "more": more})
        if names:
            yield told.of(len(names), names=named)


_MOST_NAMES = 3
_NOTHING_COUNTED = {
    LeftOut.UNREADABLE: Counted(
        tr("{names} cannot be read or is damaged"),
        tr("{names} cannot be read or are damaged"),
    ),
    LeftOut.TWO_LABELS: Counted(
        tr("{names} shows a picture or lesion that has two labels"),
        tr("{names} show a picture or lesion that has two labels"),
    ),
    LeftOut.LEARNED: Counted(
        tr("{names} is of a lesion that the model learned from or was set on"),
        tr("{names} are of lesions that the model learned from or was set on"),
    ),
}
"""A copy is left out beside another image that counts."""


def withheld_sentence(withheld: Mapping[str, int], n: int) -> Sentence | None:
    """Return how many answers the program would not have given, by the reason; None if it would have given all."""
    count = sum(withheld.values())
    if not count:
        return None
    return _WITHHELD.of(count, images=IMAGES.of(n))


_WITHHELD = Counted(
    tr(
        "In use no answer would have been given to {count} of {images} (alerts are raised all the same). It is counted as if "
        "it had been."
    ),
    tr(
        "In use no answer would have been given to {count} of {images} (alerts are raised all the same). They are counted as "
        "if it had been."
    ),
)
