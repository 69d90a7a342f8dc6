"""Pictures of layers: what is drawn is what the layers hold."""

import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from autograder.lab import figures, layers

RNG = np.random.default_rng(0)
TANH = [np.tanh(RNG.standard_normal((50, 20)) * s) for s in (1.0, 0.3, 1e-9)]
RELU = [np.maximum(4 * RNG.standard_normal((50, 20)), 0) for _ in range(3)]


def drawn():
    return layers.histograms(
        {"tanh": TANH, "ReLU": RELU}, which=(1, 3), title="A", positive=("ReLU",)
    )


def test_a_panel_for_each_network_and_layer():
    """Rows are named after networks, columns after layers."""
    panels = np.reshape(drawn().axes, (2, 2))

    assert [axes.get_ylabel() for axes in panels[:, 0]] == ["tanh", "ReLU"]
    assert [axes.get_title(loc="left") for axes in panels[0]] == ["layer 1", "layer 3"]
    assert panels[0, 0].get_xlim() == (-1, 1)
    assert panels[1, 0].get_xlim() == (0, 3)


def test_bars_are_shares_of_all_values():
    """What lies outside of the panel is in its outermost bins; zeros are told."""
    shown = [TANH[0], TANH[2], RELU[0], RELU[2]]
    for axes, values in zip(drawn().axes, shown, strict=True):
        heights = [bar.get_height() for bar in axes.patches]
        zero = np.mean(values == 0)
        assert sum(heights) == pytest.approx(1 - zero)
        assert (f"{100 * zero:.0f} % are 0" in axes.texts[0].get_text()) == (zero > 0)
    outermost = drawn().axes[2].patches[-1].get_height()
    assert outermost == pytest.approx(np.mean(RELU[0] >= 2.9), abs=0.01)


def test_a_panel_says_its_size():
    """The root mean square, with a power of ten where that reads better."""
    words = [axes.texts[0].get_text() for axes in drawn().axes]

    rms = np.sqrt(np.mean(TANH[0] ** 2))
    assert words[0] == f"RMS {rms:.2g}"
    assert words[1] == "RMS 1·10⁻⁹"


def test_the_figure_can_be_drawn():
    """Titles and labels find their places."""
    assert figures.picture(drawn()).startswith(b"\x89PNG")


def test_sizes_by_layer_carry_names_and_predictions():
    """One line each, one dashed prediction each, logarithmic."""
    sizes = {"a": np.array([1.0, 2.0, 4.0]), "b": np.array([1.0, 0.5, 0.25])}

    (axes,) = layers.by_layer(sizes, sizes, title="A", ylabel="size").axes

    assert axes.get_yscale() == "log"
    assert [text.get_text() for text in axes.texts] == ["a", "b"]
    assert len(axes.lines) == 4
    for line, values in zip(axes.lines[::2], sizes.values(), strict=True):
        np.testing.assert_array_equal(line.get_ydata(), values)
        np.testing.assert_array_equal(line.get_xdata(), [1, 2, 3])
    assert len({line.get_color() for line in axes.lines[::2]}) == 2


def test_the_interactive_picture_says_what_it_shows():
    """Well-formed SVG, the note in it, and every layer's numbers in words."""
    picture = layers.layer_sizes(TANH, which=(1, 2, 3), note="σ = 1 < 2")

    root = ElementTree.fromstring(picture.svg)
    assert root.attrib["aria-label"] == picture.words
    assert "σ = 1 < 2" in "".join(root.itertext())
    assert picture.words.startswith("σ = 1 < 2")
    assert "1·10⁻⁹ in layer 3" in picture.words
    far = np.mean(np.abs(TANH[0]) > 0.95)
    assert f"Layer 1: {100 * far:.0f} %" in picture.words


def test_layers_that_are_all_zero_or_no_numbers_are_drawn():
    """A slider may go to where everything dies."""
    for value in (0.0, 1e300):
        dead = [np.full((4, 5), value)] * 3
        picture = layers.layer_sizes(dead, which=(1, 2, 3), note="dead")
        assert re.search(r"<svg", picture.svg)
