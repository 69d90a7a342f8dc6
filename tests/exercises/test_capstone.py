"""The capstone: bands, cheats, and what a learner's process is told."""

from dataclasses import replace

import numpy as np
import pytest

from autograder.calling.calls import call
from autograder.calling.inputs import Dataset, Later, Seed
from autograder.calling.packing import pack
from autograder.checking.cases import draw_question, public_question
from autograder.checking.judging import verdict as judged
from autograder.exercises import chapter_of, find
from autograder.exercises.classification import train_classifier as forms
from autograder.exercises.recognition import recognised, right_labels
from autograder.lab import datasets, deep_network

EXERCISE = replace(find("train_classifier"), misconceptions=())
HELD_OUT = draw_question(EXERCISE, chapter_of("train_classifier"), (3,))
VALIDATION = draw_question(
    replace(EXERCISE, draw=forms.draw_validation),
    chapter_of("train_classifier"),
    (3,),
)


def verdict(function, question=HELD_OUT):
    return judged(function, question, public=False)


def known_labels(images):
    """Those of the held-out or of the validation images, in the order of `images`."""
    for case in (*HELD_OUT.cases, *VALIDATION.cases):
        drawn = case.arguments["images"].value
        if drawn.shape == images.shape and np.array_equal(drawn, images):
            return case.fixed["right"].copy()
    raise LookupError("images that nobody drew")


def answer_right_in(n_right, drawing=True):
    """An answer that knows the held-out labels, and is right in `n_right` of 360."""

    def train_classifier(X, labels, X_val, labels_val, rng):
        if drawing:
            rng.random()

        def predict(images):
            found = known_labels(images)
            found[n_right:] = (found[n_right:] + 3) % 10
            return found

        return predict

    return train_classifier


@pytest.mark.parametrize(
    ("n_right", "points"),
    [(360, 6), (353, 6), (352, 4), (350, 4), (349, 2), (342, 2), (341, 0), (0, 0)],
)
def test_points_go_by_accuracy(n_right, points):
    """95, 97 and 98 % of 360 images are 342, 350 and 353 of them."""
    found = verdict(answer_right_in(n_right))

    assert found.score == points
    assert found.passed == (points == 6)


def test_the_message_says_how_far_it_is():
    """Accuracy is rounded, but never up to what the next band asks for."""
    text = " ".join(verdict(answer_right_in(352)).message.text().split())

    assert "gives 97.8 % right labels. Of 6 points, 95 % earn 2, 97 % earn 4, " in text
    assert "difference" not in text


def test_a_check_is_green_from_the_first_band_on():
    """It says what the answer would earn, and what more would."""
    found = {n: judged(answer_right_in(n), HELD_OUT) for n in (341, 352, 360)}
    text = " ".join(found[352].message.text().split())

    assert [found[n].passed for n in found] == [False, True, True]
    assert [found[n].score for n in found] == [0, 4, 6]
    assert "gives 97.8 % right labels: 4 of 6 points; 98 % earns all." in text


def test_the_courses_own_loop_is_no_answer():
    """It trains networks in experiments, and stops where an answer is judged."""

    def lazy(X, labels, X_val, labels_val, rng):
        layers = deep_network.initial(rng)
        deep_network.train_layers(layers, datasets.digits(), rng, lr=0.1, n_steps=9)

    found = verdict(lazy)

    assert found.code == "raised"
    assert "is for experiments" in found.message.text()


def test_a_classifier_without_the_generator_earns_half():
    """Who draws nothing from `rng` draws from elsewhere, or has nothing to draw."""
    found = verdict(answer_right_in(360, drawing=False))

    assert (found.code, found.score) == ("generator-unused", 3.0)


def naive(X, labels, X_val, labels_val, rng):
    """Plain gradient descent on the softmax of a linear map."""
    W, b = np.zeros((64, 10)), np.zeros(10)
    for _ in range(20):
        order = rng.permutation(len(X))
        for batch in np.array_split(order, len(X) // 16):
            z = X[batch] @ W + b
            p = np.exp(z - z.max(axis=1, keepdims=True))
            p /= p.sum(axis=1, keepdims=True)
            p[np.arange(len(batch)), labels[batch]] -= 1
            W -= 0.5 * X[batch].T @ p / len(batch)
            b -= 0.5 * p.mean(axis=0)
    return lambda images: (images @ W + b).argmax(axis=1)


def test_the_reference_reaches_the_last_band_with_room():
    """Two images to spare, since rounding differs from processor to processor."""
    for question in (HELD_OUT, VALIDATION):
        (case,) = question.cases
        outcome = call(EXERCISE.reference, case.arguments, question.parameters)

        assert np.sum(outcome.returned == case.fixed["right"]) >= 353 + 2


def test_the_stand_in_is_of_the_references_kind_and_no_right_answer():
    """It serves to compare kinds, and draws from the generator as it should."""
    found = verdict(forms.nearest_mean)

    assert found.code == "wrong-values"
    assert found.score == 0
    assert HELD_OUT.cases[0].expected.drew == ("rng",)


def test_a_naive_answer_earns_part_of_the_points():
    """A linear classifier reaches the first band and not the last."""
    assert verdict(naive).score == 2


def memoriser(X, labels, X_val, labels_val, rng):
    """Looks up every image that it has ever been given."""
    rng.random()
    known = {
        x.tobytes(): label
        for images, its in ((X, labels), (X_val, labels_val))
        for x, label in zip(images, its, strict=True)
    }
    return lambda images: np.array([known.get(x.tobytes(), 7) for x in images])


def in_the_order_of_the_file(X, labels, X_val, labels_val, rng):
    """Knows the held-out labels by their places in the file."""
    rng.random()
    _, right = datasets.held_out_digits()
    return lambda images: right[: len(images)]


def constant(X, labels, X_val, labels_val, rng):
    rng.random()
    return lambda images: np.full(len(images), 3)


@pytest.mark.parametrize("cheat", [memoriser, in_the_order_of_the_file, constant])
def test_cheats_earn_nothing(cheat):
    """What has learned nothing is no better than guessing on images it never saw."""
    found = verdict(cheat)

    assert found.score == 0
    assert not found.passed


def test_memorising_passes_only_ones_own_check():
    """The validation images are the learner's own, so this is found in grading."""
    assert verdict(memoriser, VALIDATION).passed


def test_a_call_is_told_no_held_out_label():
    """What is sent to the learner's process: names, a seed, and images."""
    (case,) = HELD_OUT.cases
    kinds = {name: type(value) for name, value in case.arguments.items()}

    assert kinds == {
        "X": Dataset,
        "labels": Dataset,
        "X_val": Dataset,
        "labels_val": Dataset,
        "rng": Seed,
        "images": Later,
    }
    images, right = datasets.held_out_digits()
    sent = case.arguments["images"].value
    assert sent.shape == images.shape
    assert not set(map(bytes, sent)) & set(map(bytes, images))  # each changed a little
    assert not np.array_equal(case.fixed["right"], right)
    assert len(pack(dict(case.arguments))) < 200_000


def test_learners_cases_are_validation_images():
    """No held-out image is in what a learner's installation is given."""
    (case,) = public_question("train_classifier").cases
    sent = {x.tobytes() for x in case.arguments["images"].value}

    assert sent == {x.tobytes() for x in datasets.digits().X_val}
    assert sent.isdisjoint({x.tobytes() for x in datasets.held_out_digits()[0]})


def test_cases_can_be_drawn_without_the_held_out_images(monkeypatch):
    """A learner's installation has none, and can still check."""

    def missing():
        raise datasets.DataMissing("not here")

    monkeypatch.setattr(datasets, "held_out_digits", missing)
    ((_, arguments),) = forms.draw_validation(np.random.default_rng(0))

    found = forms.right_answers(arguments)["right"]

    assert found.shape == (360,)


def test_no_two_students_get_the_same_images():
    """A table of the held-out images, or of another student's, knows none of them."""
    (one,) = HELD_OUT.cases
    (other,) = draw_question(EXERCISE, chapter_of(EXERCISE.name), (4,)).cases
    sets = [
        {x.tobytes() for x in images}
        for images in (
            datasets.held_out_digits()[0],
            one.arguments["images"].value,
            other.arguments["images"].value,
        )
    ]

    assert len(set.union(*sets)) == sum(map(len, sets)) == 3 * 360
    assert "right" not in one.arguments


def test_a_nearest_neighbour_among_the_known_images_still_finds_most_labels():
    """What SECURITY.md says of it, with the way out: images of one's own."""
    images, labels = datasets.held_out_digits()
    (case,) = HELD_OUT.cases
    changed = case.arguments["images"].value
    nearest = ((changed[:, None] - images) ** 2).sum(axis=2).argmin(axis=1)

    assert np.mean(labels[nearest] == case.fixed["right"]) > 0.98


@pytest.mark.parametrize(
    "spoil",
    [
        lambda t: t[:99],
        lambda t: t[:, :64],
        lambda t: np.where(t == 16, 17, t),
        lambda t: t[t[:, 0] != 3],
        lambda t: -t,
    ],
    ids=["few", "narrow", "too bright", "no three", "negative"],
)
def test_images_of_ones_own_that_cannot_be_used_are_refused(tmp_path, spoil):
    """Rather than that students are marked by them."""
    images, labels = datasets.held_out_digits()
    table = np.column_stack([labels, np.rint(16 * images).astype(int)])
    path = tmp_path / forms.OWN_IMAGES
    lines = spoil(table)
    np.savetxt(path, lines, fmt="%d", delimiter=",", header="label", comments="")

    with pytest.raises(ValueError, match=forms.OWN_IMAGES):
        list(forms.draw_from(path)(np.random.default_rng(0)))


RIGHT = {"right": np.arange(40) % 10, "validation": (np.arange(40) // 3) % 10}


@pytest.mark.parametrize(
    ("labels", "kind"),
    [
        (RIGHT["right"], "labels of the images"),
        (RIGHT["right"].astype(float), "labels of the images"),
        (RIGHT["right"] + 1, "labels from 1 on"),
        (RIGHT["validation"], "labels of other images"),
        (np.zeros(40), "one label for all"),
        (RIGHT["right"] + 0.5, "numbers that are no labels"),
        (RIGHT["right"] * 2, "numbers that are no labels"),
        ((RIGHT["right"] + 5) % 10, "never the right label"),
        (np.where(np.arange(40) < 4, RIGHT["right"], 9 - RIGHT["right"]), "labels"),
        (np.eye(10)[RIGHT["right"]], "rows of 0 and 1"),
        (np.full((40, 10), 0.1), "chances"),
        (np.full((40, 10), 0.2), "scores"),
        (np.full((40, 10), np.nan), "an array of shape (40, 10)"),
        (np.zeros(10), "an array of shape (10,)"),
        (3, "an array of shape ()"),
    ],
)
def test_kinds_of_answers_are_told_apart(labels, kind):
    """By what is seen in the labels alone, without another answer beside them."""
    assert recognised(labels, RIGHT) == {"kind": kind}


def test_only_a_row_of_labels_is_measured():
    """Ten scores an image may agree with anything when broadcast; they do not count."""
    assert right_labels(RIGHT["right"], RIGHT) == 1
    assert right_labels(RIGHT["right"][:, None], RIGHT) == 0


def test_a_place_that_is_not_finite_has_none_beside_it():
    """A decision has no one right value: zeros stood there as what should come back."""

    def descend(grad_fn, theta0, n_steps):
        return theta0 * np.nan

    found = judged(descend, public_question("descend"), public=True)
    message = found.message.text()

    assert message.startswith("-- NOT FINITE")
    assert "it should return" not in message
