"""Figures made ahead: the same pictures, and only as long as the style is the same."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest

from autograder.lab import figures, landscapes
from autograder.lab.drawing import frames
from autograder.lab.drawing.frames import make_frames

LABELS = {"title": "A finding", "xlabel": "step", "ylabel": "loss"}
CURVES = {"momentum": np.geomspace(1e3, 1e-3, 40), "Adam": np.geomspace(2, 1e-4, 40)}
PATH = np.linspace([-6.0, 1.0], [0.0, 0.0], 12)


def one_path():
    return figures.trajectories(landscapes.ravine, {"Adam": PATH}, title="A finding")


def curves_on_a_log_scale():
    return figures.lines(CURVES, **LABELS, yscale="log")


def a_field():
    x = np.linspace(-1, 1, 20)
    return figures.field(x, x, np.outer(x, x), **LABELS, zlabel="f", signed=True)


def a_pair(sharey=False):
    figure, (left, right) = figures.pair("A finding", sharey=sharey)
    figures.lines(CURVES, **LABELS, axes=left)
    figures.lines({"momentum": np.arange(30.0)}, **LABELS, axes=right)
    return figure


def a_pair_with_one_scale():
    return a_pair(sharey=True)


@pytest.fixture(autouse=True)
def none_ready(monkeypatch):
    monkeypatch.setattr(frames, "_ready", {1: [], 2: []})
    monkeypatch.setattr(frames, "_made_in", {})


def left():
    return [len(ready) for ready in frames._ready.values()]


@pytest.mark.parametrize(
    "draw",
    [one_path, curves_on_a_log_scale, a_field, a_pair, a_pair_with_one_scale],
    ids=lambda draw: draw.__name__,
)
def test_what_is_drawn_into_one_made_ahead_looks_the_same(draw):
    fresh = figures.picture(draw())
    make_frames(1, 1)

    assert figures.picture(draw()) == fresh
    assert sum(left()) == 1
    assert figures.picture(draw()) == fresh  # there is one more, or none is left


def test_each_is_given_away_once():
    make_frames(2, 0)

    made = [figures.single("A finding")[0] for _ in range(3)]

    assert len(set(map(id, made))) == 3
    assert left() == [0, 0]


def test_a_pair_of_one_scale_has_its_numbers_once():
    make_frames(0, 1)
    figure = a_pair_with_one_scale()
    figure.draw_without_rendering()
    first, second = figure.axes

    assert first.get_ylim() == second.get_ylim()
    assert any(label.get_visible() for label in first.get_yticklabels())
    assert not any(label.get_visible() for label in second.get_yticklabels())


def test_none_is_used_in_a_style_that_was_changed():
    make_frames(1, 0)

    with mpl.rc_context({"axes.facecolor": "black"}):
        _, axes = figures.single("A finding")
    assert axes.get_facecolor() == (0.0, 0.0, 0.0, 1.0)
    assert left() == [1, 0]

    _, axes = figures.single("A finding")
    assert axes.get_facecolor() == (1.0, 1.0, 1.0, 1.0)
    assert left() == [0, 0]


def test_the_backend_draws_none_of_them():
    make_frames(1, 0)

    with mpl.rc_context({"backend": "svg"}):
        figures.single("A finding")

    assert left() == [0, 0]


def test_a_panel_is_measured_anew_after_its_layout():
    """What a learner adds to a figure that was shown has its place when it is saved."""
    figure, axes = figures.single("A finding")
    figures.picture(figure)
    before = axes.get_tightbbox().width

    axes.set_ylabel("what is measured")

    assert axes.get_tightbbox().width > before


def test_a_panel_that_is_hidden_takes_no_room():
    figure, (_, right) = figures.pair("A finding")
    right.set_visible(False)

    assert figures.picture(figure)
    assert right.get_tightbbox() is None
