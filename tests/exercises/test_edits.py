"""A mistake as an edit: what can be replaced, and what comes of it."""

import inspect
import traceback

import pytest

from autograder.exercises.edited import Edit, NotAnEdit, both, source_of
from autograder.sample.sources import as_answer

STUB = "def slope(x, n):\n    raise NotImplementedError\n"


def slope(x, n=2):
    """Not part of what is edited: total = 0."""
    total = 0
    for i in range(n):
        total = total + x * i
    return total / n


def made(changes, name="wrong"):
    return Edit(slope, changes).made(name)


def test_edited_function_differs_in_the_replacements_alone():
    """Under its own name; the right function stays as it is."""
    wrong = made({"x * i": "x + i", "total / n": "total"})

    assert (wrong.__name__, wrong(1, 3), slope(1, 3)) == ("wrong", 6, 1.0)
    assert inspect.getsource(wrong) == (
        "def wrong(x, n=2):\n"
        "    total = 0\n"
        "    for i in range(n):\n"
        "        total = total + x + i\n"
        "    return total\n"
    )
    assert wrong.__module__ == slope.__module__


def test_docstring_is_no_part_of_the_source():
    """What stands in it as well is replaced in the code alone."""
    assert "Not part" not in source_of(slope)
    assert made({"total = 0": "total = 3"})(0, 1) == 3


def test_order_of_the_replacements_does_not_matter():
    """All are found in the right source, not in what others have left of it."""
    one = made({"total / n": "n / total", "range(n)": "range(1, n)"})
    other = made({"range(n)": "range(1, n)", "total / n": "n / total"})

    assert inspect.getsource(one) == inspect.getsource(other)


@pytest.mark.parametrize(
    ("key", "times"), [("total", 4), ("nothing", 0), ("", 0), ("Not part", 0)]
)
def test_what_does_not_stand_exactly_once_is_refused(key, times):
    """With the number of times that it stands there, and the source."""
    with pytest.raises(NotAnEdit, match=rf"stands {times} times.*\n.*def slope"):
        made({key: "x"})


def test_replacements_that_overlap_are_refused():
    """Both are named."""
    with pytest.raises(NotAnEdit, match=r"'total \+ x' and 'x \* i' overlap"):
        made({"x * i": "x", "total + x": "x"})


def test_what_is_no_python_is_refused():
    """Not when the function is called, but when it is made."""
    with pytest.raises(NotAnEdit, match="no Python"):
        made({"x * i": "x *"})


def test_further_lines_are_indented_as_the_first():
    """So that a file of mistakes shows a statement as it would stand alone."""
    wrong = made({"total = total + x * i": "if i:\n    total = x"})

    assert "        if i:\n            total = x\n" in inspect.getsource(wrong)
    assert wrong(4, 2) == 2


def test_statement_that_goes_leaves_no_line():
    """A learner's answer has no line of blanks either."""
    wrong = made({"total = 0": "", "total + x * i": "x"})

    assert "\n    \n" not in inspect.getsource(wrong)
    with pytest.raises(UnboundLocalError):
        wrong(1, 0)


def test_traceback_shows_the_edited_line():
    """As that of any function in a file."""
    wrong = made({"total / n": "total / 0"})

    with pytest.raises(ZeroDivisionError) as raised:
        wrong(1)

    assert "return total / 0" in "".join(traceback.format_exception(raised.value))


def test_edited_function_can_stand_in_a_notebook():
    """The sample class hands in such answers."""
    answer = as_answer(STUB, made({"total / n": "total"}))

    assert answer.startswith("def slope(x, n=2):\n")
    assert answer.endswith("    return total\n")


def test_two_edits_of_one_name_keep_their_own_source():
    """Whichever is asked for first, and whichever was made last."""
    one, other = made({"x * i": "x + i"}), made({"total / n": "total"})

    assert "x + i" in inspect.getsource(one)
    assert "return total\n" in inspect.getsource(other)


def test_two_mistakes_are_made_at_once():
    """In either order, and each of them where it was."""
    one, other = Edit(slope, {"x * i": "x"}), Edit(slope, {"total / n": "total"})

    assert both(one, other).made("wrong")(5, 3) == 15
    assert both(one, other).spans == both(other, one).spans


@pytest.mark.parametrize(
    "changes",
    [
        {"x * i": "i"},  # the same place
        {"total + x * i": "x"},  # around it
        {"* i": "/ i"},  # a part of it
        {"total + ": "total - "},  # touches it
    ],
)
def test_mistakes_that_touch_are_not_made_at_once(changes):
    """The one would not change what the other was written for."""
    with pytest.raises(NotAnEdit, match="touch or overlap"):
        both(Edit(slope, {"x * i": "x"}), Edit(slope, changes))


def test_mistakes_of_two_functions_are_not_made_at_once():
    """There is no function that has both."""
    with pytest.raises(NotAnEdit, match="two functions"):
        both(Edit(slope, {"x * i": "x"}), Edit(source_of, {"source": "x"}))
