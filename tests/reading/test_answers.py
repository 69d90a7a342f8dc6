"""Answers: alike ones together, and what differs between those that nearly are."""

from __future__ import annotations

import random
import time

from autograder.exercises.rubric import RubricPoint, model_and_rubric
from autograder.reading.answers import Answer, differences, grouped
from autograder.reading.given import Given, from_gradebook

RUBRIC = (RubricPoint(0.5, "Row 3."), RubricPoint(1.5, "The push, $v = 1$."))


def test_equal_answers_are_read_once():
    """But for blanks and capitals; not where one has another picture."""
    texts = ["Row 3.", "other words", "row  3.\n", "Row 3."]
    answers = [Answer(f"s{at}", text) for at, text in enumerate(texts)]
    answers.append(Answer("s4", "Row 3.", {"a.png": {"image/png": "AAAA"}}))
    groups = grouped(answers)

    assert [[one.student for one in group.answers] for group in groups] == [
        ["s0", "s2", "s3"],
        ["s1"],
        ["s4"],
    ] or [[one.student for one in group.answers] for group in groups] == [
        ["s0", "s2", "s3"],
        ["s4"],
        ["s1"],
    ]


def test_nearly_equal_answers_stand_next_to_each_other():
    words = "the ball keeps its velocity and so it passes the minimum at full speed"
    texts = [words, "something else entirely was written here", f"{words} today"]
    groups = grouped([Answer(str(at), text) for at, text in enumerate(texts)])

    assert [group.text for group in groups] == [texts[0], texts[2], texts[1]]
    assert [group.before for group in groups] == [None, texts[0], None]


def test_every_answer_is_in_one_group():
    rng = random.Random(4)
    words = "ball rolls down the slope with a velocity that friction makes less".split()
    answers = [
        Answer(str(n), " ".join(rng.choices(words, k=rng.randint(1, 9))))
        for n in range(200)
    ]
    groups = grouped(answers)

    found = sorted(one.student for group in groups for one in group.answers)
    assert found == sorted(one.student for one in answers)


def test_a_class_of_the_same_words_takes_no_time():
    """What everybody wrote says nothing of who is like whom."""
    same = "one two three four five six " * 20
    begun = time.process_time()
    grouped([Answer(str(n), f"{same} {n}") for n in range(600)])

    assert time.process_time() - begun < 5


def test_what_differs_is_named():
    before = "it is row 3 of the table that I mean there and it is wrong"
    found = differences(before, before.replace("3", "4"))

    assert found == [
        ("same", "it is row"),
        ("gone", "3"),
        ("new", "4"),
        ("same", "of the table that … and it is wrong"),
    ]


def test_a_model_answer_and_its_rubric():
    source = "1. So.\n- [x] no point\n\n- [0.5] Row 3.\n- [1.5] The push, $v = 1$.\n"

    assert model_and_rubric(source) == ("1. So.\n- [x] no point", RUBRIC)
    assert model_and_rubric("All of it.") == ("All of it.", ())


def test_what_is_given_comes_back_from_the_gradebook():
    """With the points that a person chose, and the words of their own."""
    for given in (
        Given((1,), None, "Nearly.\n\nSee (3.1)."),
        Given((0, 1)),
        Given((), 0.25, "x"),
    ):
        score, words = given.score(RUBRIC), given.words(RUBRIC)
        assert from_gradebook(score, words, RUBRIC) == given
    assert Given((1,)).score(RUBRIC) == 1.5
    assert Given().score(()) is None


def test_what_was_given_elsewhere_is_understood():
    """In the formgrader: points, and words that are no point of the rubric."""
    assert from_gradebook(1.0, "Well.", RUBRIC) == Given((), 1.0, "Well.")
    assert from_gradebook(None, "", RUBRIC) == Given()
