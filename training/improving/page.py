"""The page of an improvement: what may be said of the new model, why, and what it misses."""

from collections.abc import Iterator
from pathlib import Path

from desktop.core.inference.classifier import Classifier
from desktop.core.judging.better import GAIN, Comparison
from desktop.core.judging.better_words import RULES, figure_sentences, unknown_sentence, verdict_sentence
from desktop.core.judging.counted_nouns import LESIONS
from desktop.core.judging.improvement import SUFFIX, Improvement
from desktop.core.judging.paired_lesions import Shares
from desktop.core.labelled_images.improve_command import PAGE
from training.formatting import markdown_table

_JSON = "report.json"


def write_page(folder: Path, export: Path, found: Improvement, old: Classifier, new: Classifier) -> Path:
    """Write the page and its figures, and these beside the new model file, where the window finds them; return the page."""
    page = folder / PAGE
    page.write_text("\n\n".join(_parts(export, found, old, new)) + "\n", encoding="utf-8")
    for path in (folder / _JSON, new.path.with_suffix(SUFFIX)):
        path.write_bytes(found.to_json())
    return page


def _parts(export: Path, found: Improvement, old: Classifier, new: Classifier) -> Iterator[str]:
    yield "# Is the new model better?"
    yield f"**{verdict_sentence(found)}**"
    if (unknown := unknown_sentence(found)) is not None:
        yield str(unknown)
    yield "\n".join(f"- {sentence}" for sentence in figure_sentences(found))
    yield "## What better needs"
    yield markdown_table(["", ""], [[RULES[rule], state.value] for rule, state in found.rules.items()])
    if not found.held_out_lesions:
        yield (
            "Forgetting was not measured: there are no held-out images of the old model. Give --base-data, a table whose "
            "column split says which of its images it was not trained on (test)."
        )
    yield "## Differences, new less old"
    yield _differences(found)
    if found.bars:
        yield markdown_table(
            ["", "old", "new", "bar"],
            [[RULES[one.rule], _figure(one.old), _figure(one.new), _figure(one.bar)] for one in found.bars],
        )
    yield "## Melanomas on which the old model alerts and the new one does not"
    # In angle brackets: the name of an exported folder has spaces.
    yield "\n".join(f"![{name}](<{(export / name).as_posix()}>)" for name in found.missed_images) or "None."
    yield "## How it was counted"
    yield "\n".join(f"- {line}" for line in _how(found, old, new))


def _differences(found: Comparison) -> str:
    rows = [
        [f"{where}: {_NAMES.get(name, name)}", str(one.n), str(one.patients), str(one.old), str(one.new), _points(one)]
        for where, figures in (("yours", found.clinic), ("held out", found.held_out))
        for name, one in figures.items()
    ]
    return markdown_table(["", "lesions", "patients", "old", "new", "difference in points"], rows)


_NAMES = {GAIN: "the gain named before"}


def _points(one: Shares) -> str:
    if not one.n:
        return "–"
    return f"{100 * one.difference:+.1f} ({100 * one.low:+.1f} to {100 * one.high:+.1f})"


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _how(found: Improvement, old: Classifier, new: Classifier) -> Iterator[str]:
    yield f"Old model: {old.contract.name}, SHA-256 {old.sha256}. New model: {new.path.name}, SHA-256 {new.sha256}."
    yield (
        f"Of the clinic {LESIONS.of(found.lesions)} for judging, confirmed after the old model was made; "
        f"{LESIONS.of(found.held_out_lesions)} held out from the old model. One vote a lesion: the mean of its images."
    )
    yield (
        f"Look {found.look} at the clinic's lesions: its intervals leave {100 * found.error:.2g} % beyond either end. Those of "
        "the held-out lesions leave 5 %."
    )
    yield (
        "Intervals are by bootstrap over patients, in pairs. Those of the clinic's lesions reach at least as far as the exact "
        "ones (McNemar's exact test, by patient): with few lesions or patients the bootstrap is too narrow. Both models alert "
        "at the working points of their files."
    )
    if found.learned:
        yield f"Not counted: {LESIONS.of(found.learned)} for judging that the old model learned from in an earlier export."
    for reason, count in found.left_out.items():
        yield f"Images for judging that were left out ({reason}): {count}."
