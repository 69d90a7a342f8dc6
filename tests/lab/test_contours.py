"""Contours are where the landscape has one height, wherever the panel looks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from autograder.lab import figures, landscapes
from autograder.lab.drawing.contours import Contours, points_over

RAVINE = landscapes.ravine


@pytest.fixture
def panel():
    axes = figures.single("A finding")[1]
    axes.add_collection(Contours(RAVINE), autolim=False)
    return axes


def drawn(panel):
    FigureCanvasAgg(panel.figure).draw()
    (contours,) = panel.collections
    return [line for line in contours.get_segments() if len(line) > 1]


def look_at(panel, x_low, x_high, y_low, y_high):
    panel.set(xlim=(x_low, x_high), ylim=(y_low, y_high))


def test_a_line_has_one_height(panel):
    look_at(panel, *RAVINE.region)

    heights = [RAVINE.f(line) for line in drawn(panel)]

    assert len(heights) > 5
    for height in heights:
        assert np.ptp(height) < 0.02 * height.mean()


@pytest.mark.parametrize("region", [(-30, 4, -3, 3), (-1, 1, -1, 1)])
def test_they_reach_as_far_as_the_panel_does_now(panel, region):
    look_at(panel, *RAVINE.region)
    drawn(panel)
    look_at(panel, *region)

    points = np.concatenate(drawn(panel))

    x_low, x_high, y_low, y_high = region
    assert x_low <= points[:, 0].min() < x_low + 0.2 * (x_high - x_low)
    assert x_high - 0.2 * (x_high - x_low) < points[:, 0].max() <= x_high
    assert y_low <= points[:, 1].min() <= points[:, 1].max() <= y_high


def test_heights_are_the_same_wherever_the_panel_looks(panel):
    found = []
    for region in (RAVINE.region, (-4, 4, -2, 2)):
        look_at(panel, *region)
        found.append({round(float(RAVINE.f(line[0])), 1) for line in drawn(panel)})

    assert found[1] < found[0]


def test_they_are_not_looked_for_before_they_are_drawn():
    """Grading with the experiments, but without pictures, draws none of its figures."""
    asked = []
    landscape = replace(RAVINE, f=lambda points: asked.append(1) or RAVINE.f(points))
    path = np.array([RAVINE.start, RAVINE.optimum])

    figure = figures.trajectories(landscape, {"Adam": path}, title="A finding")
    before = len(asked)
    figures.picture(figure)

    assert before == 0
    assert asked


def test_points_over_a_region_go_along_x_first():
    points = points_over((0, 2, 10, 11), 3, 2)

    assert points.shape == (2, 3, 2)
    np.testing.assert_array_equal(points[0], [[0, 10], [1, 10], [2, 10]])
    np.testing.assert_array_equal(points[:, 0], [[0, 10], [0, 11]])
