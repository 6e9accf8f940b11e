from pathlib import Path

import numpy as np
import psutil
import pytest
from numpy.typing import NDArray

from training.networks.augmentation_workers import AugmentationWorkers
from training.networks.batches import TrainingBatches
from training.networks.block_shuffle import BLOCK, WINDOW, BlockReader, Windows, window_for
from training.networks.sampling import SampledImage, Sampler
from training.run.config import Config

COUNT, WINDOW_OF_TEST = 20 * BLOCK + 7, 4 * BLOCK
CONFIG = Config(input_size=8, batch_size=50, window=WINDOW_OF_TEST)


@pytest.fixture
def array(tmp_path: Path) -> Path:
    images = np.random.default_rng(0).integers(0, 256, (COUNT, 8, 8, 3), np.uint8)
    np.save(tmp_path / "train.npy", images)
    return tmp_path / "train.npy"


def shown(array: Path, epoch: int, config: Config = CONFIG, part: range | None = None) -> NDArray[np.int64]:
    """Return the rows of an epoch, or of its part, in the order in which the batches show them."""
    workers = AugmentationWorkers(array, config, COUNT)
    sampler = Sampler([SampledImage(0)] * COUNT, balance=0)
    batches = TrainingBatches(workers, np.arange(COUNT), config, epoch, sampler, part)
    rows = np.concatenate([batches[place][1] for place in range(len(batches))])
    workers.close()
    return rows


def test_an_epoch_shows_every_image_once_and_reads_every_block_for_one_window(array: Path) -> None:
    rows = shown(array, 0)
    assert np.array_equal(np.sort(rows), np.arange(COUNT))
    ends = [0]
    seen: set[int] = set()
    while ends[-1] < COUNT:  # a window ends where all images of its first four blocks were shown
        blocks = list(dict.fromkeys((rows[ends[-1] :] // BLOCK).tolist()))[: WINDOW_OF_TEST // BLOCK]
        assert not seen & set(blocks)
        seen |= set(blocks)
        ends.append(ends[-1] + int(np.isin(rows // BLOCK, blocks).sum()))
        assert set((rows[ends[-2] : ends[-1]] // BLOCK).tolist()) == set(blocks)
    assert len(ends) == 7
    inside = rows[: ends[1]]
    assert (np.diff(inside // BLOCK) != 0).mean() > 0.6, "the blocks of a window are mixed"
    assert (np.diff(inside) == 1).mean() < 0.05


def test_order_depends_on_seed_and_epoch_alone_so_that_a_resumed_epoch_goes_on_in_it(array: Path) -> None:
    whole = shown(array, 3)
    assert np.array_equal(shown(array, 3, part=range(7, 26)), whole[350:])
    assert not np.array_equal(shown(array, 4), whole)
    windows = [Windows(0, COUNT, WINDOW_OF_TEST, np.random.default_rng(seed)) for seed in (1, 1, 2)]
    ordered = [one.ordered(np.arange(COUNT)).tolist() for one in windows]
    assert ordered[0] == ordered[1] != ordered[2]


def test_a_window_as_large_as_the_data_changes_nothing(array: Path) -> None:
    all_at_once = Config(input_size=8, batch_size=50)
    large = Config(input_size=8, batch_size=50, window=COUNT + BLOCK)
    assert np.array_equal(shown(array, 1, large), shown(array, 1, all_at_once))


def test_windows_keep_what_balancing_and_copies_have_chosen() -> None:
    sampler = Sampler([SampledImage(label) for label, count in enumerate((900, 300, 80)) for _ in range(count)], 0.5)
    rows = sampler.epoch(0, 7, 0)
    windows = Windows(0, sampler.images, WINDOW_OF_TEST, np.random.default_rng(0))
    assert np.array_equal(np.sort(windows.ordered(rows)), np.sort(rows))


def test_windows_of_the_usual_size_mix_labels_that_lie_one_after_the_other() -> None:
    """In folders of classes the images lie label by label."""
    labels = np.repeat([0, 1], [84_000, 16_000])
    rows = np.random.default_rng(0).permutation(len(labels))
    ordered = Windows(0, len(labels), WINDOW, np.random.default_rng(1)).ordered(rows)
    shares = [labels[ordered[start : start + WINDOW]].mean() for start in range(0, 11 * WINDOW, WINDOW)]
    assert all(0.08 < share < 0.25 for share in shares)


def test_the_reader_reads_blocks_whole_and_the_last_as_far_as_it_goes(array: Path) -> None:
    image = 8 * 8 * 3
    reader = BlockReader(array)
    assert reader.read(np.array([0, 3])) == 2 * BLOCK * image
    assert reader.read(np.array([20])) == 7 * image
    array.unlink()
    with pytest.raises(FileNotFoundError):
        reader.bring(Windows(0, COUNT, WINDOW_OF_TEST, np.random.default_rng(0)), np.arange(COUNT))
    reader.close()


def test_images_that_exceed_the_memory_are_shuffled_by_block(array: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = psutil.virtual_memory()
    assert window_for(array) == 0
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory._replace(total=array.stat().st_size - 1))
    assert window_for(array) == WINDOW
