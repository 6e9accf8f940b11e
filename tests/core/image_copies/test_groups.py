from desktop.core.image_copies.groups import alike, joined, leaked


def test_pairs_join_to_groups_named_by_their_smallest_item() -> None:
    assert joined(6, [(4, 2), (2, 1), (5, 5)]) == (0, 1, 1, 3, 1, 5)


def test_a_group_has_more_than_one_item() -> None:
    assert list(alike([3, 5, 8, 9], ["a", "b", "a", "c"])) == [(3, 8)]


def test_every_leaked_test_image_is_counted() -> None:
    assert leaked([1, 1, 2, 3], [3, 1, 7]) == 3
    assert leaked([1, 2], []) == 0
