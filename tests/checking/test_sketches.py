"""Pictures in a message: drawn where they say more, safe, small, and told in words."""

import base64
import json
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from autograder import CheckFailed, check
from autograder.checking.message import Message
from autograder.checking.sketch import Sketch, sketch
from autograder.exercises import EXERCISES, find

SVG = "{http://www.w3.org/2000/svg}"


def message_about(exercise, misconception):
    forms = {m.name: m.mutant for m in find(exercise).misconceptions}
    with pytest.raises(CheckFailed) as failed:
        check(forms[misconception], exercise)
    return failed.value.verdict.message


def drawn(message):
    """The message's pictures: their alt texts and parsed SVG."""
    found = re.findall(
        r'<img alt="([^"]*)"[^>]*src="data:image/svg\+xml;base64,([^"]*)"',
        message.html(),
    )
    return [
        (alt, ElementTree.fromstring(base64.b64decode(data))) for alt, data in found
    ]


def sketches(message):
    return [block for block in message.blocks if isinstance(block, Sketch)]


def test_pictures_stand_where_they_say_more():
    """Of all known mistakes: paths, random weights, and rates over many steps."""
    pictured = {}
    for exercise in EXERCISES:
        for mistake in exercise.misconceptions:
            for one in sketches(message_about(exercise.name, mistake.name)):
                pictured.setdefault(one.kind, set()).add(exercise.name)

    assert pictured == {
        "path": {"gradient_descent", "clipped_descent"},
        "curve": {"cosine_decay"},
        "histogram": {
            "xavier_normal",
            "xavier_uniform",
            "kaiming_normal",
            "kaiming_uniform",
        },
    }


def test_a_path_is_drawn_beside_the_right_one():
    path = np.array([[0.0, 0.0], [1, 1], [2, 3]])
    right = np.array([[0.0, 0.0], [2, 1], [4, 3]])
    one = sketch("path", path, right, {}, {})

    assert "off the right one from row 1 on" in one.words
    assert "ends at (2, 3); the right one ends at (4, 3)" in one.words
    ((alt, picture),) = drawn(Message("T", "f", (one,)))
    assert "path" in alt
    lines = list(picture.iter(f"{SVG}polyline"))
    assert len(lines) == 2
    assert lines[0].get("stroke-dasharray") != lines[1].get("stroke-dasharray")
    assert {t.text for t in picture.iter(f"{SVG}text")} >= {"returned", "right"}


def test_a_histogram_has_the_weights_and_the_density_asked_for():
    W = np.random.default_rng(0).uniform(-0.1, 0.1, (40, 50))
    one = sketch("distribution of the weights", W, "normal", {}, {"std": 0.1 / 3**0.5})

    assert one.words.startswith(
        "The largest of the 2000 weights returned is 1.72 times"
    )
    assert sum(one.data["counts"]) == 2000
    ((alt, picture),) = drawn(Message("T", "f", (one,)))
    assert "normal density" in alt
    assert {t.text for t in picture.iter(f"{SVG}text")} >= {"asked for: normal"}


def test_words_of_a_picture_stand_in_the_text_form_too():
    message = message_about(
        "xavier_normal", find("xavier_normal").misconceptions[1].name
    )
    (one,) = sketches(message)

    assert one.words in " ".join(message.text().split())
    assert one.words in message.html()


@pytest.mark.parametrize(
    "weights",
    [
        np.full((40, 50), np.nan),
        np.full((40, 50), np.inf),
        np.zeros((40, 50)),
        np.full((40, 50), 1e308),
        np.full((40, 50), -1e-320),
        np.zeros((0, 50)),
        np.zeros((40, 50), dtype=complex),
        np.array([["<script>"]]),
        None,
    ],
    ids=repr,
)
@pytest.mark.parametrize("part", ["mean of the weights", "distribution of the weights"])
@np.errstate(all="ignore")
def test_no_weights_break_the_picture(weights, part):
    """Weights come from a stranger."""
    for fixed in ({"std": 0.1}, {"std": 0.1, "bound": 0.1 * 3**0.5}):
        one = sketch(part, weights, "normal", {}, fixed)
        if one is not None:
            json.dumps(one.data, allow_nan=False)
            assert len(one.words) < 300
            ((_, picture),) = drawn(Message("T", "f", (one,)))
            assert "nan" not in ElementTree.tostring(picture, encoding="unicode")


@pytest.mark.parametrize("far", [np.nan, np.inf, -1e308, 1e308, 1e-320])
@np.errstate(all="ignore")
def test_no_path_breaks_the_picture(far):
    right = np.arange(6.0).reshape(3, 2)
    path = np.where(right == 3, far, right)
    for one in (
        sketch("path", path, right, {}, {}),
        sketch("path", path, 0 * right, {}, {}),
        sketch("lr_t", path.ravel(), right.ravel(), {"t": np.arange(6)}, {}),
    ):
        if one is not None:
            json.dumps(one.data, allow_nan=False)
            ((_, picture),) = drawn(Message("T", "f", (one,)))
            assert "nan" not in ElementTree.tostring(picture, encoding="unicode")


def test_pictures_are_small():
    """A page of feedback holds many; a stored result holds their numbers alone."""
    rng = np.random.default_rng(0)
    path = rng.normal(size=(100_000, 2))
    for one in (
        sketch("path", path, path + 1, {}, {}),
        sketch("mean of the weights", rng.normal(size=(900, 900)), 0, {}, {"std": 2.0}),
    ):
        assert len(json.dumps(one.data)) < 10_000
        assert len(Message("T", "f", (one,)).html()) < 40_000
