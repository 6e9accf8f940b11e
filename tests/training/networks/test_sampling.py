from collections import Counter

import numpy as np
import pytest

from training.networks.sampling import SampledImage, Sampler


def epochs(sampler: Sampler, count: int) -> list[np.ndarray]:
    return [sampler.epoch(number, seed=7, stream=0) for number in range(count)]


def test_without_copies_and_balance_an_epoch_is_one_permutation() -> None:
    sampler = Sampler([SampledImage(label) for label in (0, 1, 1, 2)], balance=0)
    assert np.array_equal(sampler.epoch(3, seed=7, stream=0), np.random.default_rng((7, 3, 0)).permutation(4))


def test_an_epoch_shows_one_copy_of_each_picture_and_the_next_another() -> None:
    shown = [
        SampledImage(label, "A", f"p{label}{number}", copy) for label in (0, 1) for number in range(5) for copy in "xy"
    ]
    sampler = Sampler(shown, balance=0)
    assert len(sampler) == 10
    seen = Counter()
    for order in epochs(sampler, 40):
        assert sorted(shown[row].picture for row in order) == sorted({one.picture for one in shown})
        seen.update(shown[row].copy for row in order)
    assert 150 < seen["x"] < 250


def test_the_kind_of_copy_is_no_clue_to_the_label() -> None:
    """Nearly all pictures of one label and half of the other have the larger copy, yet it is shown equally often."""
    shown = []
    for label, pictures, larger in ((0, 300, 290), (1, 200, 90)):
        for number in range(pictures):
            shown.append(SampledImage(label, "A", f"{label}/{number}", "small"))
            if number < larger:
                shown.append(SampledImage(label, "A", f"{label}/{number}", "large"))
    shown += [SampledImage(2, "B", f"2/{number}", "squashed") for number in range(50)]
    counts = Counter((shown[row].label, shown[row].copy) for order in epochs(Sampler(shown, 0), 60) for row in order)
    shares = {label: counts[label, "large"] / (counts[label, "large"] + counts[label, "small"]) for label in (0, 1)}
    assert shares[0] == pytest.approx(shares[1], abs=0.02)
    assert shares[0] == pytest.approx(0.45 / 2, abs=0.02)
    assert counts[2, "squashed"] == 50 * 60


def test_a_picture_without_the_usual_copy_is_shown_in_another() -> None:
    shown = [SampledImage(0, "A", f"p{number}", "small") for number in range(9)] + [SampledImage(0, "A", "p9", "large")]
    assert all(9 in order for order in epochs(Sampler(shown, 0), 5))


@pytest.mark.parametrize(("balance", "expected"), [(1.0, [40, 40, 40]), (0.5, [78, 30, 12])])
def test_balance_evens_out_the_shares_of_labels(balance: float, expected: list[int]) -> None:
    sampler = Sampler([SampledImage(label) for label, count in enumerate((100, 15, 5)) for _ in range(count)], balance)
    orders = epochs(sampler, 30)
    counts = [Counter(np.searchsorted([100, 115], order, "right")) for order in orders]
    assert all(len(order) == 120 for order in orders)
    if balance == 1:
        assert all([one[label] for label in range(3)] == expected for one in counts)
    else:
        assert all(one[0] > one[1] > one[2] > 5 for one in counts)
        assert counts[0][0] == pytest.approx(120 * 10 / (10 + 15**0.5 + 5**0.5), abs=1)
    shown = Counter(int(row) for order in orders for row in order)
    assert len(shown) == 120, "over some epochs every image is shown"
    assert not np.array_equal(orders[0], orders[1])


def test_a_label_with_one_picture_is_always_shown() -> None:
    sampler = Sampler([SampledImage(0)] * 500 + [SampledImage(1)], balance=0.01)
    assert all(500 in order and len(order) == 501 for order in epochs(sampler, 3))


@pytest.mark.parametrize("balance", [0.0, 0.5])
def test_pictures_with_a_share_are_shown_in_that_share_of_the_epochs(balance: float) -> None:
    sampler = Sampler([SampledImage(0)] * 20 + [SampledImage(1, share=0.25)] * 40 + [SampledImage(1)] * 10, balance)
    orders = epochs(sampler, 40)
    assert all(len(order) == len(sampler) == 40 for order in orders)
    assert {len(set(order[(order >= 20) & (order < 60)])) for order in orders} <= set(range(11))
    shown = Counter(int(row) for order in orders for row in order)
    assert set(shown) == set(range(70)), "over some epochs every image is shown"
    rare, usual = np.mean([shown[row] for row in range(20, 60)]), np.mean([shown[row] for row in range(60, 70)])
    assert rare / usual == pytest.approx(0.25, abs=0.03)


def test_the_stated_shares_of_labels_are_those_of_an_epoch() -> None:
    sampler = Sampler([SampledImage(0)] * 20 + [SampledImage(2, share=0.25)] * 40, balance=0)
    assert sampler.shares(4) == pytest.approx((2 / 3, 0, 1 / 3, 0))
    assert sum(row < 20 for row in sampler.epoch(0, seed=7, stream=0)) == 20
