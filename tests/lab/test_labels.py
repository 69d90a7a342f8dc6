"""Places for names: inside, near, and never on one another."""

import numpy as np
import pytest

from autograder.lab.drawing.labels import place, spread

SEEDS = range(30)


def overlaps(centres, sizes):
    """Pairs of boxes that share more than a border."""
    centres, sizes = np.atleast_2d(centres.T).T, np.atleast_2d(sizes.T).T
    return [
        (i, j)
        for i in range(len(centres))
        for j in range(i)
        if np.all(np.abs(centres[i] - centres[j]) < (sizes[i] + sizes[j]) / 2 - 1e-9)
    ]


def a_crowd(seed):
    """Intervals that want to be in the same few places."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 13))
    sizes = rng.uniform(5, 20, n)
    return rng.choice([10.0, 90.0, 91.0, 250.0], n) + rng.normal(0, 2, n), sizes


@pytest.mark.parametrize("seed", SEEDS)
def test_spread_intervals_never_overlap_and_stay_inside(seed):
    wanted, sizes = a_crowd(seed)

    centres = spread(wanted, sizes, 0.0, 260.0)

    assert overlaps(centres, sizes) == []
    assert np.all(centres - sizes / 2 >= -1e-9)
    assert np.all(centres + sizes / 2 <= 260 + 1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_spread_moves_as_little_as_possible(seed):
    """No other arrangement in the same order is nearer, in squares."""
    wanted, sizes = a_crowd(seed)
    least = np.sum((spread(wanted, sizes, 0.0, 260.0) - wanted) ** 2)
    rng = np.random.default_rng(100 + seed)
    order = np.argsort(wanted)
    room = (np.cumsum(sizes[order]) - sizes[order] / 2)[np.argsort(order)]
    for _ in range(300):
        gaps = np.sort(rng.uniform(0, 260 - sizes.sum(), len(wanted)))
        other = gaps[np.argsort(order)] + room
        assert np.sum((other - wanted) ** 2) >= least - 1e-9


def test_spread_leaves_alone_what_has_room():
    wanted = np.array([40.0, 10.0, 70.0])

    np.testing.assert_allclose(spread(wanted, [8, 8, 8], 0, 100), wanted)


def test_spread_of_nothing_is_nothing():
    assert spread([], [], 0, 10).shape == (0,)


def test_labels_that_cannot_fit_are_refused():
    with pytest.raises(ValueError, match="fewer lines"):
        spread([5, 5, 5], [4, 4, 4], 0, 10)
    with pytest.raises(ValueError, match="fewer lines"):
        place([[5, 5]] * 3, [[8, 6]] * 3, [], [0, 0], [10, 10])
    with pytest.raises(ValueError, match="fewer lines"):
        place([[5, 5]], [[30, 6]], [], [0, 0], [10, 10])


@pytest.mark.parametrize("seed", SEEDS)
def test_placed_boxes_never_overlap_and_stay_inside(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 7))
    low, high = np.array([20.0, 10.0]), np.array([400.0, 240.0])
    anchors = np.array([200.0, 120.0]) + rng.normal(0, 5, (n, 2))
    sizes = np.column_stack([rng.uniform(40, 130, n), rng.uniform(10, 16, n)])
    obstacles = rng.uniform(low, high, (60, 2))

    centres = place(anchors, sizes, obstacles, low, high)

    assert overlaps(centres, sizes) == []
    assert np.all(centres - sizes / 2 >= low - 1e-9)
    assert np.all(centres + sizes / 2 <= high + 1e-9)


def test_a_box_stays_off_obstacles_and_near_its_point():
    line = np.column_stack([np.linspace(0, 300, 100), np.full(100, 100.0)])

    (centre,) = place([[150, 100]], [[60, 14]], line, [0, 0], [300, 200], gap=5.0)

    assert np.all(np.abs(line[:, 1] - centre[1]) >= 7 + 5)
    assert abs(centre[0] - 150) <= 30
    assert abs(centre[1] - 100) < 20
