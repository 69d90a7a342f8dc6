"""Interactive figures: they follow their controls, and can do without a mouse."""

import base64
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display
from IPython.utils.capture import capture_output

from autograder.lab import landscapes, widgets
from autograder.lab.drawing import svg

SVG = "{http://www.w3.org/2000/svg}"


def descent(lr, condition):
    """Plain gradient descent, which may run off to infinity."""
    valley = landscapes.valley(condition)
    path = [valley.start]
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(60):
            path.append(path[-1] - lr * valley.gradient(path[-1]))
    note = f"η = {lr:g} & κ = {condition:g}"
    paths = {"gradient descent": np.array(path), "momentum": np.array(path) / 2}
    return widgets.trajectory_and_loss(valley, paths, note=note)


@pytest.fixture
def figure():
    return widgets.explore(
        descent,
        lr=widgets.slider("learning rate η", 0.01, 3e5, 0.1),
        condition=widgets.slider("condition number κ", 1, 500, 20, step=1),
    )


def shown(figure):
    """The picture on the screen, parsed."""
    return ElementTree.fromstring(figure.children[-1].value)


def numbers(element):
    """All coordinates of lines and dots."""
    for line in element.iter(f"{SVG}polyline"):
        yield from map(float, re.findall(r"[^\s,]+", line.get("points")))
    for dot in element.iter(f"{SVG}circle"):
        yield from (float(dot.get("cx")), float(dot.get("cy")))


def test_every_control_changes_the_picture(figure):
    for name, value in (("lr", 0.3), ("condition", 77)):
        before = figure.children[-1].value
        figure.controls[name].handle.value = value

        assert figure.children[-1].value != before
        assert f"{value:g}" in shown(figure).get("aria-label")


def test_box_and_slider_are_one_number(figure):
    control = figure.controls["lr"]
    control.handle.value = 0.5
    assert (control.box.value, control.value) == (0.5, 0.5)
    control.box.value = 0.7
    assert (control.handle.value, control.value) == (0.7, 0.7)


def test_a_moved_slider_gives_a_round_number_and_a_typed_one_stays_as_it_is(figure):
    control = figure.controls["lr"]
    control.handle.value = 0.1 + 0.2
    assert control.box.value == 0.3
    control.box.value = 0.3333
    assert (control.handle.value, control.value) == (0.3333, 0.3333)


def test_a_name_is_text_whatever_it_holds():
    """A control's label reaches the page in an attribute."""
    control = widgets.slider("<b> \"η\" & 'κ'", 0, 1, 0.5)
    (element,) = ElementTree.fromstring(f"<x>{control.children[2].value}</x>")

    assert element.get("data-name") == "<b> \"η\" & 'κ'"
    assert "η" not in element.get("onload")


def test_every_control_has_a_label_of_its_own(figure):
    """A number box's description is its HTML label."""
    labels = [control.box.description for control in figure.controls.values()]

    assert labels == ["learning rate η", "condition number κ"]


def test_the_picture_says_in_words_what_it_shows(figure):
    picture = shown(figure)

    assert picture.get("role") == "img"
    assert picture.get("aria-label") == figure.picture.words
    assert "gradient descent: loss 0.73 after 60 steps." in figure.picture.words
    assert "momentum: loss 0.18 after 60 steps." in figure.picture.words


def test_lines_are_told_apart_by_more_than_colour(figure):
    lines = list(shown(figure).iter(f"{SVG}polyline"))
    dashes = {line.get("stroke"): line.get("stroke-dasharray") for line in lines[-2:]}

    assert len(set(dashes.values())) == 2
    texts = [text.text for text in shown(figure).iter(f"{SVG}text")]
    assert {"gradient descent", "momentum"} <= set(texts)


@pytest.mark.parametrize("lr", [0.5, 1.05, 3.0, 3e5])
def test_a_path_that_diverges_is_drawn_with_finite_numbers(figure, lr):
    """At 3e5 the loss overflows after some steps."""
    figure.controls["lr"].box.value = lr

    coordinates = list(numbers(shown(figure)))

    assert len(coordinates) > 100
    assert np.all(np.isfinite(coordinates))
    assert np.abs(coordinates).max() <= 5000


def test_dots_stand_at_the_points_of_the_path():
    panel = svg.Panel((0, 0, 200, 100), (-8, 2), (-3, 2), "x", "y")
    panel.dots([(-8, -3), (2, 2), (-3, -0.5)], "#000000")

    element = ElementTree.fromstring(svg.document(300, 200, [panel], "Three dots."))

    assert list(numbers(element)) == [0, 100, 200, 0, 100, 50]


def test_a_logarithmic_axis_is_logarithmic():
    panel = svg.Panel((0, 0, 200, 100), (0, 1), (1e-4, 1), "x", "y", log=True)
    panel.dots([(0, 1), (0, 1e-2), (0, 1e-4), (1, 0)], "#000000")

    element = ElementTree.fromstring(svg.document(300, 200, [panel], "Four dots."))
    heights = list(numbers(element))[1::2]

    assert heights[:3] == [0, 50, 100]
    assert heights[3] > 100, "a loss of exactly 0 is below the axis"
    assert "10⁻²" in [text.text for text in element.iter(f"{SVG}text")]


def test_an_error_while_drawing_is_shown_in_place_of_the_picture():
    def draw(lr):
        if lr > 1:
            raise ValueError("lr < 1 & no more")
        return widgets.Picture("<svg/>", "nothing")

    figure = widgets.explore(draw, lr=widgets.slider("η", 0, 2, 0.5))
    figure.controls["lr"].box.value = 1.5

    assert figure.children[-1].value == (
        '<pre role="alert">ValueError: lr &lt; 1 &amp; no more</pre>'
    )
    figure.controls["lr"].box.value = 0.7
    assert figure.children[-1].value == "<svg/>"


def test_the_first_error_is_the_cells_own():
    def draw(lr):
        raise NotImplementedError("not written yet")

    with pytest.raises(NotImplementedError, match="not written yet"):
        widgets.explore(draw, lr=widgets.slider("η", 0, 2, 0.5))


@pytest.mark.parametrize("there", ["7.7.1", None])
def test_a_picture_stands_still_where_no_slider_works(monkeypatch, there):
    """Colab pins an ipywidgets too old for them; others may have none."""

    def version(name):
        if there is None:
            raise widgets.metadata.PackageNotFoundError(name)
        return there

    widgets._live.cache_clear()
    monkeypatch.setattr(widgets.metadata, "version", version)
    try:
        figure = widgets.explore(
            descent,
            lr=widgets.slider("learning rate η", 0.01, 1, 0.1),
            condition=widgets.slider("condition number κ", 1, 500, 20, step=1),
        )
    finally:
        widgets._live.cache_clear()

    InteractiveShell.instance()
    with capture_output() as captured:
        display(figure)
    (still,) = (output.data for output in captured.outputs)
    assert still["text/plain"] == figure.picture.words
    assert "η = 0.1 & κ = 20" in figure.picture.words
    assert still["text/html"].startswith("<img ")
    assert "change the value of a slider" in captured.stdout


def test_without_a_kernel_the_picture_stands_still_and_has_words(figure):
    """It is an output of its own: JupyterLab shows the live one, or nothing of it."""
    InteractiveShell.instance()
    with capture_output() as captured:
        display(figure)
    still, live = (output.data for output in captured.outputs)

    assert "application/vnd.jupyter.widget-view+json" in live
    assert "text/html" not in live
    assert still["text/plain"] == figure.picture.words
    tag = re.match(r"<img [^>]*>", still["text/html"])[0]
    image = ElementTree.fromstring(tag.replace(">", "/>"))
    assert image.get("alt") == figure.picture.words
    kind, _, data = image.get("src").partition(",")
    assert kind == "data:image/svg+xml;base64"
    assert base64.b64decode(data).decode() == figure.picture.svg
