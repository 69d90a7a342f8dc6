"""The page of results."""

import numpy as np

from autograder.lab import results


def test_confusions_count_the_right_digit_by_rows():
    """Each image is counted once, mistakes off the diagonal."""
    right, found = np.array([3, 3, 3, 8]), np.array([3, 5, 5, 8])

    counts = results.confusions(right, found)

    assert counts.sum() == 4
    assert (counts[3, 3], counts[3, 5], counts[5, 3], counts[8, 8]) == (1, 2, 0, 1)


def test_a_confusion_shows_every_count_once():
    """Also when nothing is wrong, and the colours have nothing to show."""
    figure = results.confusion(36 * np.eye(10, dtype=int), title="All right")

    (axes,) = figure.axes
    assert [text.get_text() for text in axes.texts] == ["36"] * 10


def test_a_gallery_shows_eight_images_at_most():
    """Each with its line; what is left of the row stays empty."""
    few = results.gallery(np.zeros((3, 64)), ["a", "b", "c"], title="Three")
    many = results.gallery(np.zeros((9, 64)), list("abcdefghi"), title="Nine")

    assert [len(axes.images) for axes in few.axes] == [1, 1, 1, 0, 0, 0, 0, 0]
    assert sum(len(axes.images) for axes in many.axes) == 8


def test_chances_say_their_numbers_in_words():
    """Who cannot see the picture reads the ends of the curves."""
    curves = {"cross-entropy": np.array([0.1, 0.9]), "squares": np.array([0.1, 0.2])}

    picture = results.chances(curves, note="After 1 step")

    assert picture.words == (
        "After 1 step cross-entropy: 0.9 after 1 steps. squares: 0.2 after 1 steps."
    )
    assert picture.svg.count("stroke-dasharray") >= 1
