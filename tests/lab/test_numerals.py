"""Numbers on axes are plain text, for which no formula is parsed."""

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.mathtext import MathTextParser
from matplotlib.ticker import FuncFormatter

from autograder.lab import figures, landscapes
from autograder.lab.drawing.numerals import plain, write_plainly


@pytest.mark.parametrize(
    ("label", "text"),
    [
        (r"$\mathdefault{0.25}$", "0.25"),
        (r"$\mathdefault{−0.5}$", "−0.5"),
        (r"$\mathdefault{10^{-12}}$", "10⁻¹²"),
        (r"$\mathdefault{-10^{3}}$", "−10³"),
        (r"$\mathdefault{2\times10^{-1}}$", "2×10⁻¹"),
        (r"$\times\mathdefault{10^{−5}}\mathdefault{}$", "×10⁻⁵"),
        (r"$\mathdefault{}$", ""),
        ("", ""),
        ("a-b", "a-b"),
        (r"$\frac{1}{2}$", r"$\frac{1}{2}$"),
        ("$x_1$", "$x_1$"),
        ("$5 and 7$ more $", "$5 and 7$ more $"),
    ],
)
def test_numbers_become_text_and_formulas_stay(label, text):
    assert plain(label) == text


def written(axis):
    """What an axis writes beside its ticks, and at its end."""
    low, high = sorted(axis.get_view_interval())
    labels = {
        tick.label1.get_text()
        for tick in axis.get_major_ticks() + axis.get_minor_ticks()
        if low <= tick.get_loc() <= high
    }
    return labels | {axis.get_offset_text().get_text()}


@pytest.mark.parametrize("scale", ["linear", "log", "symlog"])
def test_every_scale_is_written_without_a_formula(scale, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("a formula was parsed")

    curve = ([1, 2, 4], [1e-9, 2e-3, 5e5])
    labels = {"title": "A finding", "xlabel": "step", "ylabel": "loss"}
    figure = figures.lines({"Adam": curve}, yscale=scale, xscale="log", **labels)
    monkeypatch.setattr(MathTextParser, "parse", refuse)
    figures.picture(figure)

    axes = figure.axes[0]
    assert {"1", "2", "3"} <= written(axes.xaxis)
    expected = {"linear": "×10⁵", "log": "10⁻²", "symlog": "10⁵"}[scale]
    assert expected in written(axes.yaxis)


@pytest.mark.parametrize(
    ("values", "numbers"),
    [
        ([0.9, 8.0], {"1", "2", "3", "4", "6"}),
        ([0.02, 3.0], {"0.1", "1"}),
        ([20, 800], {"20", "30", "40", "60", "100", "200", "300", "400", "600"}),
        ([0.001, 0.8], {"0.001", "0.01", "0.1"}),
        ([1e-9, 1e2], {"10⁻⁸", "10⁰", "10²"}),
    ],
)
def test_logarithmic_axes_have_digits_unless_numbers_are_tiny_or_huge(values, numbers):
    labels = {"title": "A finding", "xlabel": "step", "ylabel": "loss"}
    figure = figures.lines({"Adam": np.array(values)}, yscale="log", **labels)
    figures.picture(figure)

    assert numbers <= written(figure.axes[0].yaxis)


def test_colour_bars_and_surfaces_are_written_plainly(monkeypatch):
    monkeypatch.setattr(MathTextParser, "parse", lambda *_, **__: pytest.fail("parsed"))
    z = np.linspace(0, 1e-7, 12).reshape(3, 4)
    words = {"title": "A finding", "xlabel": "x", "ylabel": "y", "zlabel": "z"}

    figures.picture(figures.field(np.arange(4), np.arange(3), z, **words))
    figures.picture(figures.portrait(landscapes.ravine, title="A ravine"))


def test_a_panels_own_words_stay():
    figure = Figure()
    axes = figure.subplots()
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"run {x:g}"))
    axes.set_yticks([0, 1], ["no", "yes"])
    write_plainly(figure)
    figure.draw_without_rendering()

    assert "run 0.2" in written(axes.xaxis)
    assert {"no", "yes"} <= written(axes.yaxis)
