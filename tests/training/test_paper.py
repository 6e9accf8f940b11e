"""Recognition of the paper's set of images."""

from collections.abc import Iterator
from dataclasses import replace

from training import paper
from training.paper import is_papers_set
from training.run.run_folder import PreparedImage

AN_IMAGE = PreparedImage("a.jpg", "nevus", "train", 0, "", 0, "", "0" * 64, "", "", "", "", "")


def images() -> Iterator[PreparedImage]:
    for label, (taught, tested) in paper.IMAGES.items():
        yield from [replace(AN_IMAGE, label=label)] * (taught - 7)
        yield from [replace(AN_IMAGE, label=label, split="validation")] * 5
        yield from [replace(AN_IMAGE, label=label, row=-1, dropped="two labels")] * 2
        yield from [replace(AN_IMAGE, label=label, split="test")] * tested


def test_the_papers_set_is_recognised_in_any_split_and_with_dropped_images() -> None:
    here = list(images())
    assert len(here) == 2241 + 118
    assert is_papers_set(here)


def test_other_images_are_not_taken_for_the_papers() -> None:
    here = list(images())
    assert not is_papers_set(here[1:])
    assert not is_papers_set([*here, replace(AN_IMAGE, label="lentigo")])
    assert not is_papers_set([replace(image, split="train") for image in here])
    assert not is_papers_set([])
